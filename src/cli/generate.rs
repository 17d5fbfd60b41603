//! `dynaudit generate`: what is made from the program's own tables.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use serde_json::{Value, json};

use super::args::{self, Generate, GenerateArgs, Global, PolicyProfile};
use super::fail::Fail;
use super::output::{complain, print};
use super::pages::PAGES;
use crate::domain::{PERMISSIONS, Resource, Tier};

/// Runs it.
pub fn run(args: &GenerateArgs, global: &Global) -> Result<ExitCode, Fail> {
    match &args.what {
        Generate::IamPolicy { profile, partition } => print(&policy_text(*profile, partition))?,
        Generate::Completions { shell } => {
            let mut out = Vec::new();
            clap_complete::generate(*shell, &mut args::command(), "dynaudit", &mut out);
            print(&String::from_utf8_lossy(&out))?;
        }
        Generate::JsonSchema => {
            let schema = serde_json::to_string_pretty(&crate::report::json::scan_schema());
            print(&(schema.expect("a JSON value always prints") + "\n"))?;
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
        Generate::Page(page) => print(&page.text())?,
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

/// The same as text.
pub fn policy_text(profile: PolicyProfile, partition: &str) -> String {
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
