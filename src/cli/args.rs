//! The command line, as data: help, man page, completions, docs/cli.md and the parser all read it.

mod scan;

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};

use super::pages::Printed;
use crate::domain::{Confidence, Rcu, Severity};
use crate::report::{self, FORMATS};
use crate::scan::{AUDIT_BUDGET, LEAST, SESSION_BUDGET};
pub use scan::{MergeArgs, Only, Output, ReportArgs, ScanArgs};

/// What the exit codes mean; also in docs/exit-codes.md.
pub const EXIT_CODES: &[(u8, &str)] = &[
    (0, "nothing at or above the threshold (--fail-on; high unless set)"),
    (1, "findings at or above the threshold; for `generate docs --check`, a page differs from the code"),
    (2, "wrong usage or configuration: nothing was read"),
    (
        3,
        "incomplete: planned work failed, was cut or ended early, or something could not be inspected or opened to its \
         end; what was found is still printed. 3 wins over 1",
    ),
];

/// Variables that are read; also in docs/cli.md.
pub const ENVIRONMENT: &[(&str, &str)] = &[
    ("DYNAUDIT_KEY", "key for fingerprints, 16 bytes or more; --key-file wins"),
    ("AWS_PROFILE, AWS_REGION, ...", "as in the AWS CLI"),
    ("XDG_CONFIG_HOME", "where the configuration is looked for (dynaudit/config.toml)"),
    (
        "XDG_STATE_HOME",
        "where the session is kept: place and open tables, never item data (dynaudit/session.json)",
    ),
    ("COLORFGBG", "whether the terminal's background is light, until the terminal answers"),
    ("NO_COLOR", "no colours in the terminal interface"),
    ("XDG_DATA_HOME", "where the fingerprint key is kept (dynaudit/fingerprint.key) when none is given"),
];

const ABOUT: &str = "Audit Amazon DynamoDB from the terminal, read-only: find live credentials, who can read \
                     them, and the fix";

const EXAMPLES: &str = "\
Examples:
  dynaudit demo                                  look around in the embedded account; needs no AWS
  dynaudit --profile production                  the terminal interface on a live account
  dynaudit --table orders --query 'order_id = \"A-17\"'
                                                 items at once; = in the interface asks the same way
  dynaudit demo --plain                          the same line by line, for screen readers and pipes
  dynaudit generate config > ~/.config/dynaudit/config.toml
                                                 keys, colours and columns to change; then --config or
                                                 nothing; --no-restore forgets where you left off
  dynaudit scan --demo                           an audit of the embedded account, printed
  dynaudit scan --table 'orders*' --format json  two tables' worth of JSON for a pipeline
  dynaudit scan --no-items                       settings only: no item is read
  dynaudit access --table orders                 who can read it, on which conditions, and what stops the others
  aws dynamodb scan --table-name T | dynaudit inspect
  dynaudit generate iam-policy --profile content the permissions that a full audit needs

What is read: settings of tables and their KMS keys, and pages of items within a budget of read
capacity units. Nothing is ever written: every AWS client refuses what is not a listed read
(docs/permissions.md).";

/// The whole command line.
#[derive(Debug, Parser)]
#[command(name = "dynaudit", version, about = ABOUT, after_help = EXAMPLES)]
#[command(after_long_help = after_long_help())]
pub struct Cli {
    /// What to do; without one, the terminal interface opens on a live account.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Options of the terminal interface.
    #[command(flatten)]
    pub interactive: Interactive,
    /// Options of every command.
    #[command(flatten)]
    pub global: Global,
}

fn after_long_help() -> String {
    let rows = |rows: Vec<(String, &str)>, width: usize| {
        rows.iter().map(|(a, b)| format!("  {a:<width$}  {b}\n")).collect::<String>()
    };
    format!(
        "{EXAMPLES}\n\nExit codes:\n{}\nEnvironment:\n{}",
        rows(EXIT_CODES.iter().map(|(n, what)| (n.to_string(), *what)).collect(), 1),
        rows(ENVIRONMENT.iter().map(|(n, what)| ((*n).to_owned(), *what)).collect(), 28),
    )
}

/// Options of every command.
#[derive(Debug, Clone, Default, Args)]
pub struct Global {
    /// Write a log to this file, readable by you alone; never holds item data
    #[arg(long, global = true, value_name = "FILE", help_heading = "Global options")]
    pub log: Option<PathBuf>,
    /// Log more (twice: everything of our own; AWS and HTTP stay at warnings)
    #[arg(short, long, global = true, action = clap::ArgAction::Count, help_heading = "Global options")]
    pub verbose: u8,
    /// File with the key under which fingerprints are made (16 bytes or more); see also DYNAUDIT_KEY
    #[arg(long, global = true, value_name = "FILE", help_heading = "Global options")]
    pub key_file: Option<PathBuf>,
    /// Also apply the rules of this file: our format, or that of gitleaks or betterleaks; repeatable
    #[arg(long, global = true, value_name = "FILE", help_heading = "Global options")]
    pub rules: Vec<PathBuf>,
    /// Allow-list of known sightings, each with its reason; repeatable
    #[arg(long, global = true, value_name = "FILE", help_heading = "Global options")]
    pub allow: Vec<PathBuf>,
}

/// One live account in one Region.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Account {
    /// Profile of ~/.aws/config.
    pub profile: Option<String>,
    /// AWS Region; otherwise the profile's or the environment's.
    pub region: Option<String>,
    /// Another endpoint for every service.
    pub endpoint_url: Option<String>,
    /// Whether requests go in clear to an http endpoint that is not on this machine.
    pub allow_http: bool,
}

/// Which live accounts and Regions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub struct Accounts {
    /// Profile of ~/.aws/config; repeatable, or with commas
    #[arg(long, value_name = "P", value_delimiter = ',')]
    pub profile: Vec<String>,
    /// AWS Region; repeatable, or with commas; otherwise the profile's or the environment's
    #[arg(long, value_name = "R", value_delimiter = ',')]
    pub region: Vec<String>,
    /// Endpoint URL for every service, shown prominently
    #[arg(long, value_name = "U")]
    pub endpoint_url: Option<String>,
    /// Send requests, and the session token with them, in clear to an http endpoint that is not on this machine
    #[arg(long)]
    pub allow_http: bool,
}

impl Accounts {
    /// Every profile in every Region.
    pub fn each(&self) -> Vec<Account> {
        let each = |given: &[String]| -> Vec<Option<String>> {
            if given.is_empty() { vec![None] } else { given.iter().cloned().map(Some).collect() }
        };
        let regions = each(&self.region);
        let in_regions = |profile: Option<String>| {
            let endpoint_url = &self.endpoint_url;
            regions.iter().map(move |region| Account {
                profile: profile.clone(),
                region: region.clone(),
                endpoint_url: endpoint_url.clone(),
                allow_http: self.allow_http,
            })
        };
        each(&self.profile).into_iter().flat_map(in_regions).collect()
    }
}

/// Options of the terminal interface on a live account.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub struct Interactive {
    /// Which accounts and Regions.
    #[command(flatten)]
    pub accounts: Accounts,
    /// Where to begin.
    #[command(flatten)]
    pub begin: Begin,
    /// How values are shown.
    #[command(flatten)]
    pub shown: Shown,
}

/// Where the terminal interface begins: a deep link.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub struct Begin {
    /// Open this table at once
    #[arg(long, value_name = "T")]
    pub table: Option<String>,
    /// Run this query on it, for instance 'tenant_id = "acme" and total > 100'; the access path is chosen for you
    #[arg(long, value_name = "Q", requires = "table")]
    pub query: Option<Argument>,
    /// Run the query in this file (- for stdin): unlike an argument, it is neither visible to other users nor kept by the shell
    #[arg(long, value_name = "FILE", requires = "table", conflicts_with = "query")]
    pub query_file: Option<PathBuf>,
}

/// Text whose Debug does not show it: it may hold a key value.
#[derive(Clone, PartialEq, Eq)]
pub struct Argument(pub zeroize::Zeroizing<String>);

impl std::fmt::Debug for Argument {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Argument(…)")
    }
}

impl std::str::FromStr for Argument {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(zeroize::Zeroizing::new(text.to_owned())))
    }
}

/// Options of `demo`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub struct DemoArgs {
    /// Where to begin.
    #[command(flatten)]
    pub begin: Begin,
    /// How values are shown.
    #[command(flatten)]
    pub shown: Shown,
    /// What goes wrong: KIND[=RATE][@OPERATION], for instance throttle=0.2, slow=2s or deny@Scan; repeatable
    #[arg(long, value_name = "FAULT")]
    pub fault: Vec<String>,
}

impl Interactive {
    /// Whether any of them was given. Before a command they would be lost in silence; the options of every
    /// command may stand there, so clap cannot refuse them all.
    pub fn is_given(&self) -> bool {
        *self != Self::default()
    }
}

/// How values are shown in the terminal interface, and how much it may read.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Shown {
    /// Read capacity units that reading items may cost in total; `+` allows 500 more
    #[arg(long, value_name = "RCU", default_value_t = SESSION_BUDGET, value_parser = budget)]
    pub budget: u64,
    /// Never reveal a value in this session
    #[arg(long)]
    pub no_reveal: bool,
    /// Mask every value, not only what looks like a secret
    #[arg(long)]
    pub mask_everything: bool,
    /// Mark findings that are new or worse since this log of `scan --save`, made with the same fingerprint key
    #[arg(long, value_name = "LOG")]
    pub baseline: Option<PathBuf>,
    /// Start afresh: neither restore the last session nor save this one
    #[arg(long)]
    pub no_restore: bool,
    /// Line by line, for screen readers and pipes: no full screen, no colours; reads rows, keys and commands from
    /// stdin; no value can be revealed, since what is printed stays
    #[arg(long)]
    pub plain: bool,
    /// Configuration file of the terminal interface; `generate config` prints one
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

impl Default for Shown {
    fn default() -> Self {
        Self {
            budget: SESSION_BUDGET,
            no_reveal: false,
            mask_everything: false,
            baseline: None,
            no_restore: false,
            plain: false,
            config: None,
        }
    }
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// The terminal interface on the embedded account: no AWS, no credentials, no network
    Demo(DemoArgs),
    /// Audit tables and print the findings
    Scan(ScanArgs),
    /// Put the logs of several runs together, and print what they come to
    ///
    /// For runs that each read a share (`scan --shard`): merged, they are the run that read everything. What is missing is
    /// reported.
    Merge(MergeArgs),
    /// Look for secrets in items from a file or stdin
    ///
    /// Reads JSON lines, lists, answers of `aws dynamodb scan`, query and get-item over any number of lines, files of an export to
    /// S3, and gzip of all of these: item by item as they come, in bounded memory, on every core.
    Inspect(InspectArgs),
    /// Print the fix of a finding, to be read and run by you
    Fix(FixArgs),
    /// What a rule or a check looks for, why it matters, and what is done about it; what a fix does
    Explain {
        /// The id of a rule, a check or the topic of a fix, for instance stripe-secret-key, pitr-off or table-role
        #[arg(value_name = "ID", required_unless_present = "list")]
        id: Option<String>,
        /// List the topics of fixes
        #[arg(long, conflicts_with = "id")]
        list: bool,
    },
    /// Who can read a table, by which way, on which conditions, and what stops the others
    Access(AccessArgs),
    /// Print what is made from the program's own tables
    Generate(GenerateArgs),
}

/// Options of `access`.
#[derive(Debug, Clone, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct AccessArgs {
    /// What to ask.
    #[command(subcommand)]
    pub what: Option<AccessQuestion>,
    /// Who can read a table.
    #[command(flatten)]
    pub readers: AccessReaders,
}

/// Who can read a table: live, in the embedded account, or from files.
#[derive(Debug, Clone, Args)]
pub struct AccessReaders {
    /// The tables: a name, or a pattern with * and ?; repeatable [default: all]
    #[arg(long, value_name = "GLOB")]
    pub table: Vec<String>,
    /// Only what this principal can do: its ARN, or the end of it, for instance role/checkout
    #[arg(long, value_name = "PRINCIPAL")]
    pub principal: Option<String>,
    /// Who can read this attribute, by its name at the top of the item
    #[arg(long, value_name = "NAME")]
    pub attribute: Option<String>,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// The embedded account instead of a live one
    #[arg(long, conflicts_with_all = ["profile", "region", "endpoint_url", "allow_http", "account_details"])]
    pub demo: bool,
    /// Which accounts and Regions.
    #[command(flatten)]
    pub places: Accounts,
    /// From files, without asking AWS: users, roles, groups and policies (`aws iam get-account-authorization-details`)
    #[arg(long, value_name = "FILE", requires = "describe_table")]
    pub account_details: Vec<PathBuf>,
    /// From files: the table (`aws dynamodb describe-table`)
    #[arg(long, value_name = "FILE", conflicts_with = "table")]
    pub describe_table: Option<PathBuf>,
    /// From files: the table's policy (`aws dynamodb get-resource-policy`); what is not given counts as not read
    #[arg(long, value_name = "FILE", requires = "describe_table")]
    pub resource_policy: Option<PathBuf>,
    /// From files: the policy of the table's stream
    #[arg(long, value_name = "FILE", requires = "describe_table")]
    pub stream_policy: Option<PathBuf>,
    /// From files: the policy of the table's key (`aws kms get-key-policy`)
    #[arg(long, value_name = "FILE", requires = "describe_table")]
    pub key_policy: Option<PathBuf>,
    /// From files: the grants of the table's key (`aws kms list-grants`)
    #[arg(long, value_name = "FILE", requires = "describe_table")]
    pub grants: Option<PathBuf>,
    /// The policies of the organization: organization.json, tree.json and policies/ID.json in this folder
    #[arg(long, value_name = "DIR")]
    pub org_policies: Option<PathBuf>,
}

/// What can be asked of access.
#[derive(Debug, Clone, Subcommand)]
pub enum AccessQuestion {
    /// One decision: may this principal do this to that; from files as the AWS CLI writes them
    Explain(ExplainAccess),
}

/// Options of `access explain`.
#[derive(Debug, Clone, Args)]
pub struct ExplainAccess {
    /// The action, for instance dynamodb:GetItem
    #[arg(long, value_name = "ACTION")]
    pub action: String,
    /// The ARN that it is done to; * for an action without resources
    #[arg(long, value_name = "ARN")]
    pub resource: String,
    /// Who does it: the ARN of a user, role, session or root user, a service principal or an identity provider
    #[arg(long, value_name = "PRINCIPAL")]
    pub principal: String,
    /// Users, roles, groups and policies: `aws iam get-account-authorization-details`; repeatable, one an account
    #[arg(long, value_name = "FILE")]
    pub account_details: Vec<PathBuf>,
    /// The table: `aws dynamodb describe-table`; it tells the key
    #[arg(long, value_name = "FILE")]
    pub describe_table: Option<PathBuf>,
    /// The policy of the table, or the trust policy if the resource is a role
    #[arg(long, value_name = "FILE")]
    pub resource_policy: Option<PathBuf>,
    /// The policy of the table's stream
    #[arg(long, value_name = "FILE")]
    pub stream_policy: Option<PathBuf>,
    /// The policy of the table's key: `aws kms get-key-policy`
    #[arg(long, value_name = "FILE")]
    pub key_policy: Option<PathBuf>,
    /// The grants of the table's key: `aws kms list-grants`
    #[arg(long, value_name = "FILE")]
    pub grants: Option<PathBuf>,
    /// The policy that a session was made with
    #[arg(long, value_name = "FILE")]
    pub session_policy: Option<PathBuf>,
    /// The policy of the VPC endpoint that requests go through
    #[arg(long, value_name = "FILE")]
    pub endpoint_policy: Option<PathBuf>,
    /// The organization: organization.json, tree.json and policies/ID.json in this folder
    #[arg(long, value_name = "DIR")]
    pub org_policies: Option<PathBuf>,
    /// What is known of the request: KEY=VALUE, repeatable also for one key; KEY= says that it is absent
    #[arg(long, value_name = "KEY=VALUE", value_parser = context)]
    pub context: Vec<(String, String)>,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// The first `=` separates.
fn context(word: &str) -> Result<(String, String), String> {
    match word.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err(String::from("not KEY=VALUE")),
    }
}

/// Options of `fix`.
#[derive(Debug, Clone, Args)]
pub struct FixArgs {
    /// Ids of findings, as reports and the interface show them; the beginning of one is enough
    #[arg(value_name = "ID", required = true)]
    pub id: Vec<String>,
    /// The language: aws-cli, terraform, boto3, cloudformation or policy [default: the first that there is]
    #[arg(long, value_name = "F", value_parser = super::fix::flavour)]
    pub flavour: Option<super::fix::Chosen>,
    /// What to do, where a finding has several steps; stderr names them, `dynaudit explain --list` lists all topics
    #[arg(long, value_name = "TOPIC")]
    pub topic: Option<String>,
    /// One hand-over for all of them instead, in Markdown: steps, whom to ask, copies to purge, verification, undo
    #[arg(long, conflicts_with = "topic")]
    pub runbook: bool,
    /// Leave the keys of items out
    #[arg(long)]
    pub mask_keys: bool,
    /// Take the findings from a log of `scan --save`; nothing is read then
    #[arg(long, value_name = "LOG", conflicts_with_all = ["demo", "profile", "region", "endpoint_url", "allow_http", "table"])]
    pub from: Option<PathBuf>,
    /// The embedded account instead of a live one
    #[arg(long, conflicts_with_all = ["profile", "region", "endpoint_url", "allow_http"])]
    pub demo: bool,
    /// Which accounts and Regions.
    #[command(flatten)]
    pub places: Accounts,
    /// Read these tables only: a name, or a pattern with * and ?; the table of a whole id is known without it
    #[arg(long, value_name = "GLOB")]
    pub table: Vec<String>,
    /// Read capacity units that finding it again may cost in all; never exceeded
    #[arg(long, value_name = "RCU", default_value_t = AUDIT_BUDGET, value_parser = budget)]
    pub budget: u64,
}

/// Options of `inspect`.
#[derive(Debug, Clone, Args)]
pub struct InspectArgs {
    /// File to read; stdin without one, or with -
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = FORMATS[0].name, value_parser = sighting_format())]
    pub format: &'static report::Format,
    /// The table the items are from, for context
    #[arg(long, value_name = "N")]
    pub table_name: Option<String>,
    /// Its key, for context: partition[:TYPE][,sort[:TYPE]], types S, N or B, for instance pk:S,sk:N
    #[arg(long, value_name = "K", value_parser = super::key_schema::parse)]
    pub key_schema: Option<crate::domain::KeySchema>,
    /// Print sightings from this confidence on: low, medium, high or confirmed
    #[arg(long, value_name = "C", default_value = "medium")]
    pub min_confidence: Confidence,
    /// Exit with 1 from this severity on: low, medium, high, critical, or never
    #[arg(long, value_name = "SEVERITY", default_value = "high", value_parser = threshold)]
    pub fail_on: Threshold,
}

/// Options of `generate`.
#[derive(Debug, Clone, Args)]
pub struct GenerateArgs {
    /// What to make.
    #[command(subcommand)]
    pub what: Generate,
}

/// What can be generated.
#[derive(Debug, Clone, Subcommand)]
pub enum Generate {
    /// The IAM policy that the program needs, as JSON
    IamPolicy {
        /// Permissions to include
        #[arg(long, value_enum, default_value_t = PolicyProfile::Content)]
        profile: PolicyProfile,
        /// Partition of the ARNs
        #[arg(long, value_name = "P", default_value = "aws", value_parser = ["aws", "aws-cn", "aws-us-gov"])]
        partition: String,
    },
    /// Completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// The JSON Schema of what `scan --format json` prints
    JsonSchema,
    /// The configuration file of the terminal interface, with every setting in a comment
    Config,
    /// The man page, in roff
    Man,
    /// The catalogue of rules, those of --rules included, as Markdown
    Rules,
    /// A page under docs/, by its name.
    #[command(flatten)]
    Page(Printed),
    /// The pages under docs/ that are made from the code
    Docs {
        /// Where they are
        #[arg(long, value_name = "DIR", default_value = "docs")]
        dir: PathBuf,
        /// Write nothing; say which pages differ, and exit with 1 if any does
        #[arg(long)]
        check: bool,
    },
}

/// How much a policy lets the program see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PolicyProfile {
    /// Settings only; no item is ever read
    MetaOnly,
    /// Settings and items
    Content,
}

/// How to print what is no report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Text,
    /// For programs; docs/json.md says what is in it
    Json,
}

/// The forms of single sightings by their names.
fn sighting_format() -> impl TypedValueParser<Value = &'static report::Format> {
    let single = || FORMATS.iter().copied().filter(|format| format.sighting.is_some());
    let names = single().map(|format| PossibleValue::new(format.name).help(format.what));
    PossibleValuesParser::new(names)
        .try_map(move |name| single().find(|format| format.name == name).ok_or("there is no such format"))
}

/// From which severity on the exit code is 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Threshold(Option<Severity>);

impl Threshold {
    /// Whether a finding of this severity counts. Examples (info) never do.
    pub fn is_met(self, severity: Severity) -> bool {
        self.0.is_some_and(|least| severity >= least)
    }
}

/// A budget with which at least one item can be read: less would be a scan that reads nothing.
fn budget(word: &str) -> Result<u64, String> {
    let units: u64 = word.parse().map_err(|_| String::from("not a whole number of read capacity units"))?;
    if Rcu::units(units) < LEAST {
        return Err(format!(
            "at least {LEAST} are needed, the cost of one item of 400 KB; or use --no-items"
        ));
    }
    Ok(units)
}

fn threshold(word: &str) -> Result<Threshold, String> {
    match word.parse() {
        Ok(Severity::Info) | Err(_) if word != "never" => {
            Err(String::from("not one of low, medium, high, critical, never"))
        }
        Ok(severity) => Ok(Threshold(Some(severity))),
        Err(_) => Ok(Threshold(None)),
    }
}

/// What the terminal interface is opened with.
#[derive(Debug, Clone, Default)]
pub struct InteractiveOptions {
    /// Which accounts and Regions, unless it is the embedded one.
    pub accounts: Vec<Account>,
    /// Where to begin.
    pub begin: Begin,
    /// How values are shown.
    pub shown: Shown,
    /// The embedded account.
    pub demo: bool,
    /// What goes wrong in it.
    pub faults: Vec<String>,
}

/// The command as clap sees it, wrapped at a fixed width so that pages made from it are the same everywhere.
pub fn command() -> clap::Command {
    Cli::command().term_width(100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        command().debug_assert();
    }

    #[test]
    fn thresholds() {
        for (word, info, high) in
            [("low", false, true), ("high", false, true), ("critical", false, false), ("never", false, false)]
        {
            let threshold = threshold(word).expect(word);
            assert_eq!(threshold.is_met(Severity::Info), info, "{word}");
            assert_eq!(threshold.is_met(Severity::High), high, "{word}");
        }
        assert!(threshold("info").is_err());
        assert!(threshold("urgent").is_err());
    }

    #[test]
    fn a_scan_that_could_read_nothing_is_refused() {
        let check = |args: &[&str], told: Option<&str>| {
            let said = Cli::try_parse_from([&["dynaudit", "scan"], args].concat()).err();
            let said = said.map(|e| (e.exit_code(), e.to_string()));
            assert_eq!(said.is_some(), told.is_some(), "{args:?}: {said:?}");
            if let (Some((code, said)), Some(told)) = (said, told) {
                assert!(code == 2 && said.contains(told), "{said}");
            }
        };
        check(&["--budget", "49"], Some("at least 50 are needed"));
        check(&["--budget", "lots"], Some("not a whole number"));
        check(&["--budget", "50"], None);
        check(&["--sample", "0"], Some("at least 1 is needed"));
        check(&["--sample", "x"], Some("not a whole number"));
        check(&["--sample", "0%"], Some("not a whole percentage"));
        check(&["--sample", "101%"], Some("not a whole percentage"));
        check(&["--sample", "1%"], None);
        check(&["--full", "--budget", "50"], None);
        check(&["--sample", "1"], None);
    }

    #[test]
    fn a_demo_has_no_profile() {
        assert!(Cli::try_parse_from(["dynaudit", "scan", "--demo", "--profile", "p"]).is_err());
        assert!(Cli::try_parse_from(["dynaudit", "scan", "--full", "--budget", "5"]).is_err());
        assert!(Cli::try_parse_from(["dynaudit", "scan", "--full"]).is_ok());
    }
}
