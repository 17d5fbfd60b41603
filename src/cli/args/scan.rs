//! The options of `scan` and `merge`, and of what comes of them.

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};

use super::{AccessReaders, Accounts, FixArgs, Threshold, budget, threshold};
use crate::audit::GroupBy;
use crate::cli::{duration, key_schema, shard};
use crate::domain::{Confidence, FactKind, Severity};
use crate::report::{self, FORMATS};
use crate::scan::{Depth, Share};

/// Options of `scan`.
#[derive(Debug, Clone, Args)]
pub struct ScanArgs {
    /// The embedded account instead of a live one
    #[arg(long, conflicts_with_all = ["profile", "region", "endpoint_url", "allow_http", "accounts", "assume_role"])]
    pub demo: bool,
    /// What goes wrong in it: KIND[=RATE][@OPERATION], for instance throttle=0.2, slow=2s or deny@Scan; repeatable
    #[arg(long, value_name = "FAULT", requires = "demo")]
    pub fault: Vec<String>,
    /// Which accounts and Regions.
    #[command(flatten)]
    pub places: Accounts,
    /// Audit the accounts of this file (- for stdin), one a line: twelve digits, then a name if it has one; # begins
    /// a comment. `aws organizations list-accounts --query 'Accounts[].[Id,Name]' --output text` prints one
    #[arg(long, value_name = "FILE", requires = "assume_role")]
    pub accounts: Option<PathBuf>,
    /// The role to assume in each of them, by its name; the profile's credentials, or the environment's, assume it
    #[arg(long, value_name = "NAME", requires = "accounts")]
    pub assume_role: Option<String>,
    /// Tables to audit: a name, or a pattern with * and ?; repeatable [default: all]
    #[arg(long, value_name = "GLOB")]
    pub table: Vec<String>,
    /// Read capacity units that reading items may cost in total; never exceeded [default: 1000; with --full no limit]
    #[arg(long, value_name = "RCU", value_parser = budget, conflicts_with = "no_items")]
    pub budget: Option<u64>,
    /// Maximum number of items to read of each table, or a percentage of its items (200 at least); from several places of a
    /// large one
    #[arg(long, value_name = "ITEMS|PERCENT%", default_value = SAMPLE, value_parser = sample, conflicts_with_all = ["full", "no_items"])]
    pub sample: Depth,
    /// Read every item of every table (1 GB is about 131,000 RCU); --budget still limits what it costs
    #[arg(long)]
    pub full: bool,
    /// Go on with a run whose log --save wrote, at the same --profile, --region or --endpoint-url: what it read to its end is
    /// not read again, and the rest is added to the log
    #[arg(
        long,
        value_name = "LOG",
        conflicts_with_all = ["full", "sample", "no_items", "export", "shard", "save"]
    )]
    pub resume: Option<PathBuf>,
    /// Settings only, no items: what the meta-only policy allows
    #[arg(long, conflicts_with = "full")]
    pub no_items: bool,
    /// Read items from files instead, without touching a table: the folder of an export to S3 that was copied here (full
    /// or incremental), what `aws dynamodb scan` printed, JSON lines; gzip of these. Settings are not read then
    #[arg(
        long,
        value_name = "PATH",
        conflicts_with_all = ["demo", "accounts", "budget", "sample", "full", "no_items", "usage", "ask"]
    )]
    pub export: Option<PathBuf>,
    /// The key of the tables in --export: partition[:TYPE][,sort[:TYPE]], types S, N or B; with --profile it is asked for
    #[arg(long, value_name = "K", requires = "export", value_parser = key_schema::parse)]
    pub key_schema: Option<crate::domain::KeySchema>,
    /// Read the I-th of N shares of --export or --full, from 1, with a fingerprint key that all share; in array jobs of AWS Batch, and in
    /// indexed jobs of Kubernetes with DYNAUDIT_SHARDS, the job's own. `dynaudit merge` puts the logs of --save together
    #[arg(long, value_name = "I/N", value_parser = shard::parse)]
    pub shard: Option<Share>,
    /// Also ask CloudWatch how each table is read: 6 metrics a table, which AWS bills (0.01 USD for 1,000)
    #[arg(long)]
    pub usage: bool,
    /// Do not ask IAM for the users, roles and policies of the account: who can read is told from the tables' own policies
    #[arg(long)]
    pub no_iam: bool,
    /// Also ask for what the interface asks on request only; repeatable
    #[arg(long, value_name = "FACT", value_enum)]
    pub ask: Vec<Requested>,
    /// Percent of a provisioned table's read capacity that may be used
    #[arg(long, value_name = "PERCENT", default_value_t = 10, value_parser = clap::value_parser!(u8).range(1..=100))]
    pub read_share: u8,
    /// Stop after this time, for instance 90s, 10m or 1h30m, and report what was found so far [default: no limit]
    #[arg(long, value_name = "DURATION", value_parser = duration::parse)]
    pub max_time: Option<Duration>,
    /// What is printed, kept and compared.
    #[command(flatten)]
    pub report: ReportArgs,
    /// Whether the key of fingerprints was given, rather than made here.
    #[arg(skip)]
    pub key_is_given: bool,
}

/// Options of what comes of an audit.
#[derive(Debug, Clone, Args)]
pub struct ReportArgs {
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = FORMATS[0].name, value_parser = report_format())]
    pub format: &'static report::Format,
    /// Write the report to this file, readable by you alone; - is stdout. FORMAT=FILE writes another form of it besides; repeatable
    #[arg(long, value_name = "[FORMAT=]FILE", value_parser = output)]
    pub output: Vec<Output>,
    /// Put the fix of each finding into the report: in JSON and HTML in every language, in text in one; SARIF, CSV and Markdown name it
    #[arg(long)]
    pub with_fixes: bool,
    /// Count findings below this severity, and do not list them: info, low, medium, high or critical
    #[arg(long, value_name = "SEVERITY", default_value = "info")]
    pub min_severity: Severity,
    /// low: also what only deserves a look, such as random values whose names say nothing
    #[arg(long, value_name = "CONFIDENCE", default_value = "medium", value_parser = lowest_confidence())]
    pub min_confidence: Confidence,
    /// Group findings by their cause, by table, or by the value of the secret
    #[arg(long, value_name = "WHAT", default_value = GroupBy::Cause.word(), value_parser = grouping())]
    pub group_by: GroupBy,
    /// Also save the audit itself to this new file, readable by you alone: its events, without any value of an item
    #[arg(long, value_name = "LOG")]
    pub save: Option<PathBuf>,
    /// Say what is new, worse, better or gone since this log of `scan --save`, made with the same fingerprint key
    #[arg(long, value_name = "LOG")]
    pub baseline: Option<PathBuf>,
    /// List, and exit with 1 for, only what is new or worse since the baseline
    #[arg(long, value_name = "WHAT", value_enum, requires = "baseline")]
    pub only: Option<Only>,
    /// Exit with 1 from this severity on: low, medium, high, critical, or never
    #[arg(long, value_name = "SEVERITY", default_value = "high", value_parser = threshold)]
    pub fail_on: Threshold,
}

/// Options of `merge`.
#[derive(Debug, Clone, Args)]
pub struct MergeArgs {
    /// Logs of `scan --save`, one of each share, or of runs that read different tables
    #[arg(value_name = "LOG", required = true)]
    pub logs: Vec<PathBuf>,
    /// What is printed, kept and compared.
    #[command(flatten)]
    pub report: ReportArgs,
}

/// Which findings of a comparison are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Only {
    /// What is new or worse
    New,
}

impl ScanArgs {
    /// The scan that tells who can read: settings only, and the people of each account.
    pub fn for_access(args: &AccessReaders) -> Self {
        Self {
            demo: args.demo,
            places: args.places.clone(),
            table: args.table.clone(),
            no_items: true,
            ..Self::plain()
        }
    }

    /// Nothing but what is usual.
    fn plain() -> Self {
        Self {
            demo: false,
            fault: Vec::new(),
            places: Accounts::default(),
            accounts: None,
            assume_role: None,
            table: Vec::new(),
            budget: None,
            sample: Depth::Sample(200),
            full: false,
            resume: None,
            no_items: false,
            export: None,
            key_schema: None,
            shard: None,
            usage: false,
            no_iam: false,
            ask: Vec::new(),
            read_share: 10,
            max_time: None,
            report: ReportArgs {
                format: FORMATS[0],
                output: Vec::new(),
                with_fixes: false,
                min_severity: Severity::Info,
                min_confidence: Confidence::Medium,
                save: None,
                baseline: None,
                only: None,
                group_by: GroupBy::default(),
                fail_on: Threshold(None),
            },
            key_is_given: false,
        }
    }

    /// The scan that finds again what is to be fixed.
    pub fn for_fix(args: &FixArgs) -> Self {
        // `arn:...:table/NAME#rule#path` names its table.
        let of_id = |id: &String| Some(id.split('#').next()?.split_once(":table/")?.1.to_owned());
        let named: Option<Vec<String>> = args.id.iter().map(of_id).collect();
        let named = named.filter(|all| all.iter().all(|name| !name.contains('*'))).unwrap_or_default();
        Self {
            demo: args.demo,
            places: args.places.clone(),
            table: if args.table.is_empty() { named } else { args.table.clone() },
            budget: Some(args.budget),
            ..Self::plain()
        }
    }
}

/// A fact that is asked for on request only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Requested {
    /// How each table is read, from CloudWatch, which AWS bills; the same as --usage
    Usage,
    /// The roles of the functions that read a table's stream; needs lambda:GetFunctionConfiguration, which is in no
    /// published policy
    FunctionRoles,
}

impl Requested {
    /// What is asked.
    pub const fn kind(self) -> FactKind {
        match self {
            Self::Usage => FactKind::Usage,
            Self::FunctionRoles => FactKind::FunctionRoles,
        }
    }
}

/// Items that are read of each table unless told otherwise.
const SAMPLE: &str = "200";

/// By what findings are grouped.
fn grouping() -> impl TypedValueParser<Value = GroupBy> {
    let names = GroupBy::ALL.iter().map(|by| PossibleValue::new(by.word()));
    PossibleValuesParser::new(names).try_map(|name| {
        GroupBy::ALL.iter().copied().find(|by| by.word() == name).ok_or("there is no such group")
    })
}

/// From which confidence on a scan tells of sightings.
fn lowest_confidence() -> impl TypedValueParser<Value = Confidence> {
    let names = [Confidence::Low, Confidence::Medium].map(|lowest| PossibleValue::new(lowest.word()));
    PossibleValuesParser::new(names).try_map(|name| name.parse::<Confidence>())
}

/// A file that a report goes to.
#[derive(Debug, Clone)]
pub struct Output {
    /// In which form; `None` for that of `--format`.
    pub format: Option<&'static report::Format>,
    /// The file.
    pub file: PathBuf,
}

/// Reads `FILE` or `FORMAT=FILE`. A word before the sign is a form; whatever else stands there is a part of the file's name.
fn output(text: &str) -> Result<Output, String> {
    let is_word = |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphabetic());
    let (name, file) = match text.split_once('=').filter(|(name, _)| is_word(name)) {
        Some((name, file)) => (Some(name), file),
        None => (None, text),
    };
    if file.is_empty() {
        return Err(String::from("it names no file"));
    }
    let format = match name {
        None => None,
        Some(name) => {
            let found = FORMATS.iter().copied().find(|format| format.name.eq_ignore_ascii_case(name));
            let all = || FORMATS.iter().map(|format| format.name).collect::<Vec<_>>().join(", ");
            Some(found.ok_or_else(|| {
                format!("no form is called so; there are {} (a file of such a name: ./NAME=...)", all())
            })?)
        }
    };
    Ok(Output { format, file: file.into() })
}

impl Output {
    /// The form that goes to it: the one it names; else, where nobody asked for another than the usual, the one that its name
    /// ends in.
    pub fn format(&self, asked: &'static report::Format) -> &'static report::Format {
        let ends = self.file.extension().and_then(|end| end.to_str()).unwrap_or_default();
        let of_name = FORMATS.iter().copied().find(|format| format.extension == ends);
        self.format.unwrap_or(if asked.name == FORMATS[0].name { of_name.unwrap_or(asked) } else { asked })
    }

    /// Whether it is printed rather than kept.
    pub fn is_stdout(&self) -> bool {
        self.file.as_os_str() == "-"
    }
}

/// The reports by their names.
fn report_format() -> impl TypedValueParser<Value = &'static report::Format> {
    let names = FORMATS.iter().map(|format| PossibleValue::new(format.name).help(format.what));
    PossibleValuesParser::new(names).try_map(|name| {
        FORMATS.iter().copied().find(|format| format.name == name).ok_or("there is no such format")
    })
}

/// A number of items, or a percentage of those of each table.
fn sample(word: &str) -> Result<Depth, String> {
    if let Some(percent) = word.strip_suffix('%') {
        return match percent.parse() {
            Ok(percent @ 1..=100) => Ok(Depth::Percent(percent)),
            _ => Err(String::from("not a whole percentage from 1 to 100")),
        };
    }
    match word.parse() {
        Ok(0) => Err(String::from("at least 1 is needed; --no-items reads none")),
        Ok(items) => Ok(Depth::Sample(items)),
        Err(_) => Err(String::from("not a whole number of items, or a percentage such as 1%")),
    }
}
