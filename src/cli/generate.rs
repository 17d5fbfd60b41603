//! `dynaudit generate`: what is made from the program's own tables.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use serde_json::{Value, json};

use super::args::{self, ENVIRONMENT, EXIT_CODES, Generate, GenerateArgs, Global, PolicyProfile};
use super::fail::Fail;
use super::output::{complain, print};
use crate::domain::{PERMISSIONS, Resource, Tier};
use crate::posture::{CHECKS, COVERAGE, Settled};

/// A page under docs/ that is made from the code.
pub struct Page {
    /// Its file name.
    pub file: &'static str,
    /// Makes it.
    pub make: fn() -> String,
}

/// Every such page. To add one, add a line.
pub const PAGES: &[Page] = &[
    Page { file: "cli.md", make: cli_page },
    Page { file: "exit-codes.md", make: exit_codes_page },
    Page { file: "permissions.md", make: permissions_page },
    Page { file: "checks.md", make: checks_page },
    Page { file: "coverage.md", make: coverage_page },
    Page { file: "keys.md", make: keys_page },
    Page { file: "config.md", make: config_page },
    Page { file: "rules.md", make: super::rules::embedded_page },
];

/// The keys of the terminal interface, screen by screen.
fn keys_page() -> String {
    use crate::tui::{Binding, CONTEXTS, KEYMAP};
    let mut out =
        String::from("# Keys\n\nMade by `dynaudit generate docs` from the keymap that the program reads.\n");
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
    out
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

/// Runs it.
pub fn run(args: &GenerateArgs, global: &Global) -> Result<ExitCode, Fail> {
    match &args.what {
        Generate::IamPolicy { profile, partition } => print(&policy_text(*profile, partition))?,
        Generate::Completions { shell } => {
            let mut out = Vec::new();
            clap_complete::generate(*shell, &mut args::command(), "dynaudit", &mut out);
            print(&String::from_utf8_lossy(&out))?;
        }
        Generate::Config => print(&crate::tui::config::template())?,
        Generate::Man => {
            let mut out = Vec::new();
            clap_mangen::Man::new(args::command()).render(&mut out).map_err(|e| {
                Fail::usage(format!("the man page cannot be made: {}", e.kind()), "report this")
            })?;
            print(&String::from_utf8_lossy(&out))?;
        }
        Generate::Rules => print(&super::rules::listed(global)?)?,
        Generate::Docs { dir, check } => return docs(dir, *check),
    }
    Ok(ExitCode::SUCCESS)
}

fn docs(dir: &Path, check: bool) -> Result<ExitCode, Fail> {
    let mut differ = 0u8;
    for page in PAGES {
        let file = dir.join(page.file);
        let text = (page.make)();
        if fs::read_to_string(&file).is_ok_and(|old| old == text) {
            continue;
        }
        if check {
            differ = 1;
            complain(&format!("dynaudit: {} differs from the code", file.display()));
        } else {
            let written = fs::create_dir_all(dir).and_then(|()| fs::write(&file, text));
            written.map_err(|e| {
                Fail::usage(
                    format!("{} cannot be written: {}", file.display(), e.kind()),
                    "choose another --dir",
                )
            })?;
            print(&format!("{}\n", file.display()))?;
        }
    }
    if differ > 0 {
        complain("  next: dynaudit generate docs");
    }
    Ok(ExitCode::from(differ))
}

fn policy_text(profile: PolicyProfile, partition: &str) -> String {
    let mut text =
        serde_json::to_string_pretty(&policy(profile, partition)).expect("a JSON value always prints");
    text.push('\n');
    text
}

/// The policy of a profile: what [`PERMISSIONS`] lists, one statement a kind of resource.
pub fn policy(profile: PolicyProfile, partition: &str) -> Value {
    let listed = |tier: Tier, resource: Resource| -> Vec<&str> {
        let wanted = PERMISSIONS.iter().filter(|p| p.tier == tier && p.resource == resource);
        wanted.map(|p| p.action).collect()
    };
    let mut statements = Vec::new();
    for (tier, word) in [(Tier::Meta, "Settings"), (Tier::Content, "Items")] {
        if tier == Tier::Content && profile == PolicyProfile::MetaOnly {
            continue;
        }
        for (resource, name, arns) in RESOURCES {
            let actions = listed(tier, *resource);
            if !actions.is_empty() {
                let arns: Vec<String> =
                    arns.iter().map(|arn| arn.replace("{partition}", partition)).collect();
                statements.push(json!({
                    "Sid": format!("{word}Of{name}"),
                    "Effect": "Allow",
                    "Action": actions,
                    "Resource": if let [one] = arns.as_slice() { json!(one) } else { json!(arns) },
                }));
            }
        }
    }
    if profile == PolicyProfile::Content {
        // Items of a table under a customer managed key: DynamoDB decrypts on the caller's behalf
        // (Developer Guide, "DynamoDB encryption at rest usage notes").
        let domain = if partition == "aws-cn" { "amazonaws.com.cn" } else { "amazonaws.com" };
        statements.push(json!({
            "Sid": "DecryptThroughDynamoDBOnly",
            "Effect": "Allow",
            "Action": "kms:Decrypt",
            "Resource": format!("arn:{partition}:kms:*:*:key/*"),
            "Condition": { "StringLike": { "kms:ViaService": format!("dynamodb.*.{domain}") } },
        }));
    }
    json!({ "Version": "2012-10-17", "Statement": statements })
}

/// What each kind of resource is in a policy.
const RESOURCES: &[(Resource, &str, &[&str])] = &[
    (Resource::Any, "Account", &["*"]),
    (Resource::Table, "Tables", &["arn:{partition}:dynamodb:*:*:table/*"]),
    (
        Resource::TableAndIndexes,
        "TablesAndIndexes",
        &["arn:{partition}:dynamodb:*:*:table/*", "arn:{partition}:dynamodb:*:*:table/*/index/*"],
    ),
    (
        Resource::TableAndStreams,
        "TablesAndStreams",
        &["arn:{partition}:dynamodb:*:*:table/*", "arn:{partition}:dynamodb:*:*:table/*/stream/*"],
    ),
    (Resource::Export, "Exports", &["arn:{partition}:dynamodb:*:*:table/*/export/*"]),
    (Resource::Key, "Keys", &["arn:{partition}:kms:*:*:key/*"]),
];

const MADE: &str = "<!-- Made by `dynaudit generate docs`; change the code, not this page. -->\n";

/// A page, with its title and how it was made.
pub fn page(title: &str, body: &str) -> String {
    format!("# {title}\n\n{MADE}\n{}\n", body.trim_end())
}

/// A cell of a Markdown table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

fn table(heads: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
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
    let body = format!(
        "{}\nExamples (severity info) never count. A setting that may not be read is a gap in coverage and does \
         not make 3; items that may not be read do, unless `--no-items` leaves them out. A budget that is used \
         up is as planned: coverage says so.\n",
        table(&["code", "meaning"], rows)
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
    let rows = COVERAGE.iter().map(|e| {
        let settled = match e.settled {
            Settled::By(ids) => {
                ids.iter().map(|id| format!("[`{id}`](checks.md#{id})")).collect::<Vec<_>>().join(", ")
            }
            Settled::Not(why) => format!("not: {}", cell(why)),
        };
        vec![e.tool.to_owned(), format!("`{}`", e.id), settled]
    });
    let body = format!(
        "What other tools check of DynamoDB and its caches, and which check settles it here. Prowler, Security Hub, \
         AWS Config, Steampipe and CloudSploit read an account; Checkov and Trivy read templates.\n\n{}",
        table(&["tool", "its check", "settled by"], rows)
    );
    page("Coverage", &body)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn actions(profile: PolicyProfile) -> Vec<String> {
        let policy = policy(profile, "aws");
        let statements = policy["Statement"].as_array().expect("a list").clone();
        let texts = |v: &Value| match v {
            Value::Array(list) => list.iter().filter_map(|a| a.as_str().map(str::to_owned)).collect(),
            one => one.as_str().map(str::to_owned).into_iter().collect::<Vec<_>>(),
        };
        statements.iter().flat_map(|s| texts(&s["Action"])).collect()
    }

    #[test]
    fn the_policies_grant_the_table_and_nothing_else() {
        let meta: Vec<&str> = PERMISSIONS.iter().filter(|p| p.tier == Tier::Meta).map(|p| p.action).collect();
        let mut granted = actions(PolicyProfile::MetaOnly);
        granted.sort();
        let mut listed = meta.clone();
        listed.sort_unstable();
        assert_eq!(granted, listed);
        let mut granted = actions(PolicyProfile::Content);
        granted.sort();
        let published = PERMISSIONS.iter().filter(|p| p.tier != Tier::Beyond);
        let mut listed: Vec<&str> = published.map(|p| p.action).chain(["kms:Decrypt"]).collect();
        listed.sort_unstable();
        assert_eq!(granted, listed);
    }

    #[test]
    fn decryption_is_only_through_dynamodb() {
        let policy = policy(PolicyProfile::Content, "aws-cn");
        let statements = policy["Statement"].as_array().expect("a list");
        let decrypt = statements.iter().find(|s| s["Action"] == "kms:Decrypt").expect("there");
        assert_eq!(decrypt["Condition"]["StringLike"]["kms:ViaService"], "dynamodb.*.amazonaws.com.cn");
        assert_eq!(decrypt["Resource"], "arn:aws-cn:kms:*:*:key/*");
    }
}
