//! The pages under docs/ that are made from the program's own tables.

use std::fmt;

use super::args::{self, ENVIRONMENT, EXIT_CODES, PolicyProfile};
use super::generate::policy_text;
use crate::domain::{PERMISSIONS, Tier};
use crate::posture::{CHECKS, elsewhere};
use crate::report::unseen::{Cause, Effect};

/// A page under docs/ that is made from the code.
pub struct DocPage {
    /// Its file name.
    pub file: &'static str,
    /// What `dynaudit generate`, followed by the name without its ending, says of it; none where a command of
    /// that name does more than print the page.
    pub about: Option<&'static str>,
    /// Makes it.
    pub make: fn() -> String,
}

/// Every such page. To add one, add a line.
pub const PAGES: &[DocPage] = &[
    DocPage { file: "cli.md", about: Some("Every command and option, as Markdown"), make: cli_page },
    DocPage { file: "exit-codes.md", about: Some("The exit codes, as Markdown"), make: exit_codes_page },
    DocPage {
        file: "permissions.md",
        about: Some("What is asked of AWS and why, with the IAM policies, as Markdown"),
        make: permissions_page,
    },
    DocPage { file: "checks.md", about: Some("The posture checks, as Markdown"), make: checks_page },
    DocPage {
        file: "coverage.md",
        about: Some("Which check settles what other tools check, as Markdown"),
        make: coverage_page,
    },
    DocPage {
        file: "json.md",
        about: Some("Every field of the JSON reports, as Markdown"),
        make: super::json_page::json_page,
    },
    DocPage {
        file: "keys.md",
        about: Some("The keys of the terminal interface, as Markdown"),
        make: keys_page,
    },
    DocPage {
        file: "access.md",
        about: Some("Who can read a table: every way that is looked at, as Markdown"),
        make: crate::readers::page,
    },
    DocPage { file: "config.md", about: None, make: config_page },
    DocPage {
        file: "remedies.md",
        about: Some("The fixes: topics, languages, and what has none and why, as Markdown"),
        make: crate::remedy::page,
    },
    DocPage { file: "rules.md", about: None, make: super::rules::embedded_page },
];

/// A page that `dynaudit generate` prints by name: one subcommand for each row of [`PAGES`] that has an `about`.
#[derive(Clone, Copy)]
pub struct Printed(&'static DocPage);

impl Printed {
    fn all() -> impl Iterator<Item = (&'static str, &'static str, Self)> {
        PAGES.iter().filter_map(|page| Some((page.file.strip_suffix(".md")?, page.about?, Self(page))))
    }

    /// The page.
    pub fn text(self) -> String {
        (self.0.make)()
    }
}

impl fmt::Debug for Printed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Printed({})", self.0.file)
    }
}

impl clap::FromArgMatches for Printed {
    fn from_arg_matches(matches: &clap::ArgMatches) -> Result<Self, clap::Error> {
        let asked = matches.subcommand_name();
        let mut all = Self::all();
        all.find_map(|(name, _, page)| (asked == Some(name)).then_some(page))
            .ok_or_else(|| clap::Error::new(clap::error::ErrorKind::InvalidSubcommand))
    }

    fn update_from_arg_matches(&mut self, matches: &clap::ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl clap::Subcommand for Printed {
    fn augment_subcommands(command: clap::Command) -> clap::Command {
        command.subcommands(Self::all().map(|(name, about, _)| clap::Command::new(name).about(about)))
    }

    fn augment_subcommands_for_update(command: clap::Command) -> clap::Command {
        Self::augment_subcommands(command)
    }

    fn has_subcommand(asked: &str) -> bool {
        Self::all().any(|(name, ..)| name == asked)
    }
}

/// The keys of the terminal interface, screen by screen.
fn keys_page() -> String {
    use crate::tui::{Binding, CONTEXTS, KEYMAP};
    let mut out = String::from("From the keymap that the program reads.\n");
    let mut table = |title: &str, rows: &mut dyn Iterator<Item = &Binding>| {
        let rows: Vec<String> = rows
            .map(|b| {
                format!(
                    "| {} | {} |\n",
                    b.keys.iter().map(|k| format!("`{k}`")).collect::<Vec<_>>().join(" "),
                    b.what
                )
            })
            .collect();
        if !rows.is_empty() {
            out.push_str(&format!("\n## {title}\n\n| key | what it does |\n|---|---|\n{}", rows.concat()));
        }
    };
    table("Everywhere", &mut KEYMAP.iter().filter(|b| b.contexts.is_empty()));
    for (context, title) in CONTEXTS {
        table(title, &mut KEYMAP.iter().filter(|b| b.contexts.contains(context)));
    }
    out.push_str(
        "\nWhile text is typed, characters go into the text; enter, esc and the arrows keep their meaning.\n",
    );
    page("Keys", &out)
}

fn config_page() -> String {
    let body = format!(
        "`dynaudit generate config` prints this; `$XDG_CONFIG_HOME/dynaudit/config.toml` (usually \
         `~/.config/dynaudit/config.toml`) is where it is looked for, or where `--config` says. A setting that is \
         wrong is told with its line and column, at the start and in the log (`!`); the rest applies. A key that \
         would mean two things on one screen is told as well, and the later setting is left out.\n\n\
         ```toml\n{}```\n",
        crate::tui::config::template()
    );
    page("Configuration", &body)
}

const MADE: &str = "<!-- Made by `dynaudit generate docs`; change the code, not this page. -->\n";

/// A page, with its title and how it was made.
pub fn page(title: &str, body: &str) -> String {
    format!("# {title}\n\n{MADE}\n{}\n", body.trim_end())
}

/// A cell of a Markdown table.
pub fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

/// A Markdown table.
pub fn table(heads: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let row = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let mut out = row(&heads.iter().map(|h| (*h).to_owned()).collect::<Vec<_>>());
    out.push_str(&row(&vec![String::from("---"); heads.len()]));
    rows.into_iter().for_each(|cells| out.push_str(&row(&cells)));
    out
}

fn cli_page() -> String {
    let mut body = String::new();
    let mut command = args::command();
    command.build();
    help(&mut command, &mut body);
    body.push_str("## Environment\n\n");
    body.push_str(&table(
        &["variable", "what for"],
        ENVIRONMENT.iter().map(|(name, what)| vec![format!("`{name}`"), cell(what)]),
    ));
    page("Command line", &body)
}

fn help(command: &mut clap::Command, out: &mut String) {
    let name = command.get_bin_name().unwrap_or("dynaudit").to_owned();
    let text = command.render_long_help().to_string();
    let text: String = text.lines().map(|l| format!("{}\n", l.trim_end())).collect();
    out.push_str(&format!("## {name}\n\n```text\n{}\n```\n\n", text.trim_end()));
    for sub in command.get_subcommands_mut().filter(|c| c.get_name() != "help") {
        help(sub, out);
    }
}

fn exit_codes_page() -> String {
    let rows = EXIT_CODES.iter().map(|(code, what)| vec![code.to_string(), cell(what)]);
    let causes = |effect: Effect| {
        let listed = Cause::ALL.iter().filter(move |cause| cause.effect() == effect);
        table(
            &["cause", "what it means"],
            listed.map(|cause| vec![format!("`{}`", cause.word()), cell(cause.sentence())]),
        )
    };
    let body = format!(
        "{}\nExamples (severity info) never count.\n\n## What makes a run incomplete\n\nPlanned work that was not \
         done. `complete` is false in the JSON report, and the exit code is 3.\n\n{}\n\
         Not inspected to its end: an item that nests more than 64 levels \
         deep, holds more than 4,096 secrets or takes too much work; a value inside more than 8 encodings, or one that \
         decodes to more than 128 times what its item stores or to more than 64 MiB; a damaged or cut off gzip, zlib, \
         zstd, LZ4 or Snappy stream; JSON that nests more than 32 levels; and a zip, xz, bzip2, 7z or RAR archive, which are not opened here. Pictures, sound, \
         encrypted values and other binary data are no gap. An allow-list entry with `rule = \"not-opened\"` and the path \
         says that such a value is known: then it is none.\n\n\
         For `inspect`, an input without anything but blank lines is empty (what `false | dynaudit inspect` gives); an \
         answer with no items is not. A last page that says that more follow is named on stderr, and changes \
         nothing.\n\n## What is only named\n\nIt \
         stands in coverage and in the findings it weakens; the exit code stays 0 or 1.\n\n{}",
        table(&["code", "meaning"], rows),
        causes(Effect::Incomplete),
        causes(Effect::Named)
    );
    page("Exit codes", &body)
}

fn permissions_page() -> String {
    let rows = PERMISSIONS.iter().map(|p| {
        let tier = match p.tier {
            Tier::Meta => "settings",
            Tier::Content => "items",
            Tier::Beyond => "in no policy",
        };
        vec![format!("`{}`", p.action), tier.to_owned(), cell(p.why)]
    });
    let body = format!(
        "The program sends these operations and no others: every client it makes refuses what is not in this \
         table before it is sent. What is in no policy reveals more than the program keeps: it is asked only when a \
         person asks, and whoever wants it adds it by hand.\n\n{}\n\
         ## Settings only (`dynaudit generate iam-policy --profile meta-only`)\n\n\
         With this, use `dynaudit scan --no-items`.\n\n```json\n{}```\n\n\
         ## Settings and items (`dynaudit generate iam-policy --profile content`)\n\n\
         Narrow `Resource` to your account, Region, tables and keys where you can. `kms:Decrypt` works only \
         through DynamoDB.\n\n```json\n{}```\n",
        table(&["action", "tier", "what for"], rows),
        policy_text(PolicyProfile::MetaOnly, "aws"),
        policy_text(PolicyProfile::Content, "aws"),
    );
    page("Permissions", &body)
}

fn checks_page() -> String {
    let mut body = format!(
        "Each check ends in pass, fail, unknown (a setting could not be seen) or not applicable.\n\n{}\n",
        table(
            &["check", "severity", "what is wrong when it fails"],
            CHECKS.iter().map(|c| vec![
                format!("[`{0}`](#{0})", c.id),
                c.severity.to_string(),
                cell(c.title)
            ]),
        )
    );
    for check in CHECKS {
        let reads: Vec<String> =
            check.reads.iter().map(|k| format!("{} (`{}`)", k.word(), k.action())).collect();
        let refs: Vec<String> = check.refs.iter().map(ToString::to_string).collect();
        body.push_str(&format!(
            "## {}\n\n{}. {}\n\n- Severity: {}\n- Reads: {}\n- Decided by: {}\n{}- Source: <{}>\n\n",
            check.id,
            check.title,
            check.why,
            check.severity,
            if reads.is_empty() { "nothing of the table".to_owned() } else { reads.join(", ") },
            check.field,
            if refs.is_empty() { String::new() } else { format!("- See also: {}\n", refs.join(", ")) },
            check.source
        ));
        body.push_str(&table(
            &["given", "verdict"],
            check.cases.iter().map(|c| vec![cell(c.given), c.expect.to_owned()]),
        ));
        body.push('\n');
    }
    page("Checks", &body)
}

fn coverage_page() -> String {
    let rows = elsewhere().map(|e| {
        let link = |id: &&str| format!("[`{id}`](checks.md#{id})");
        let ours = e.ours.iter().map(link).collect::<Vec<_>>().join(", ");
        let settled = match (ours.is_empty(), e.remark.is_empty()) {
            (true, _) => format!("not: {}", cell(e.remark)),
            (false, true) => ours,
            (false, false) => format!("{ours}: {}", cell(e.remark)),
        };
        vec![e.tool.to_owned(), format!("`{}`", e.id), cell(e.tests), settled]
    });
    let body = format!(
        "What other tools check of DynamoDB and its caches, and of the key and the recovery points of a table, and which \
         check settles it here. Where a remark stands behind our check, that is what differs. Prowler, Security Hub, AWS \
         Config, Steampipe, CloudSploit and ScoutSuite read an account; Checkov, Trivy, tfsec, KICS and cfn-nag read \
         templates.\n\n{}",
        table(&["tool", "its check", "what it tests", "settled by"], rows)
    );
    page("Coverage", &body)
}
