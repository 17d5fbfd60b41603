//! Who from outside is named by the policies around a table, and has to be asked about.

use std::collections::BTreeSet;

use super::{Target, Who};
use crate::access::{Arn, Caller, Effect, PrincipalKind, Principals, Source, Statement};

/// An account that nobody has: what it may, everyone may.
const NOBODYS: &str = "000000000000";

/// Most that are asked about; policies of 20 KB name fewer.
const MOST: usize = 2_000;

/// Whoever is named, with the caller that stands for them.
pub(super) fn named(target: &Target) -> Vec<(Who, Caller)> {
    let around = &target.around;
    let sources = [&around.resource, &around.stream].into_iter().flatten().map(AsRef::as_ref);
    let mut found = BTreeSet::new();
    for statement in sources.filter_map(Source::policy).flat_map(|p| &p.statements) {
        if statement.effect == Effect::Allow {
            by_statement(statement, &mut found);
        }
    }
    let partition = &target.table.partition;
    found
        .into_iter()
        .take(MOST)
        .filter_map(|who| {
            let caller = match &who {
                Who::Anyone => Caller::parse(&format!("arn:{partition}:iam::{NOBODYS}:root")),
                Who::Account(id) if *id == target.table.account => return None,
                Who::Account(id) => Caller::parse(&format!("arn:{partition}:iam::{id}:root")),
                Who::Foreign(arn) => Caller::parse(arn),
                Who::Service(name) => Caller::parse(name),
                Who::User(_) | Who::Role(_) => return None,
            };
            let caller = caller.ok()?;
            (caller.account() != Some(&target.table.account)).then_some((who, caller))
        })
        .collect()
}

fn by_statement(statement: &Statement, found: &mut BTreeSet<Who>) {
    match &statement.principals {
        Principals::Anyone => {
            found.insert(Who::Anyone);
            narrowed(statement, found);
        }
        Principals::Named(all) => {
            for (kind, name) in all {
                match kind {
                    PrincipalKind::Aws => found.extend(aws(name)),
                    PrincipalKind::Service => {
                        found.insert(Who::Service(name.clone()));
                    }
                    // Neither can ask DynamoDB for anything.
                    PrincipalKind::Federated | PrincipalKind::CanonicalUser => {}
                }
            }
        }
        Principals::AllBut(_) => {
            found.insert(Who::Anyone);
        }
        Principals::None => {}
    }
}

fn aws(name: &str) -> Option<Who> {
    let digits = |id: &str| id.len() == 12 && id.bytes().all(|b| b.is_ascii_digit());
    match Arn::parse(name) {
        None => digits(name).then(|| Who::Account(name.to_owned())),
        Some(arn) if arn.resource == "root" && digits(&arn.account) => Some(Who::Account(arn.account)),
        Some(arn) if arn.resource == "root" => None,
        Some(_) => Some(Who::Foreign(name.to_owned())),
    }
}

/// "Everyone" that conditions narrow to accounts or principals: those are asked about by themselves.
fn narrowed(statement: &Statement, found: &mut BTreeSet<Who>) {
    for (operator, key, values) in &statement.conditions {
        let positive = !operator.to_ascii_lowercase().contains("not");
        if positive
            && matches!(key.to_ascii_lowercase().as_str(), "aws:principalaccount" | "aws:principalarn")
        {
            found.extend(values.iter().filter(|v| !v.contains('*')).filter_map(|v| aws(v)));
        }
    }
}
