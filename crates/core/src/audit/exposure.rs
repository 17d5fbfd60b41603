//! Whether a policy lets others read what is in the items, and whom.

use jiff::Timestamp;

use super::TableAudit;
use crate::domain::{
    Confidence, Effect, Fact, FactKind, ResourcePolicy, Safe, Severity, Statement, TableFacts, Verdict,
};
use crate::posture::{Subject, check, judge};

/// A posture check that makes a secret of the table worse when it fails.
struct Exposure {
    /// The check's id.
    check: &'static str,
    /// The policy it judges.
    policy: FactKind,
    /// The actions that hand out what is in the items, in lower case.
    reads: &'static [&'static str],
}

/// The actions of a table and its indexes that give items (Service Authorization Reference, "Actions defined
/// by Amazon DynamoDB").
const ITEMS: &[&str] = &[
    "dynamodb:getitem",
    "dynamodb:batchgetitem",
    "dynamodb:query",
    "dynamodb:scan",
    "dynamodb:partiqlselect",
];
/// The action of a stream that gives the changes of items.
const CHANGES: &[&str] = &["dynamodb:getrecords"];

/// What opens a table to others. A customer managed key is not here on purpose, in the other direction: it
/// hides a stored secret from nobody who may read the item.
const EXPOSURES: &[Exposure] = &[
    Exposure { check: "policy-public", policy: FactKind::Policy, reads: ITEMS },
    Exposure { check: "policy-cross-account", policy: FactKind::Policy, reads: ITEMS },
    Exposure { check: "stream-policy-public", policy: FactKind::StreamPolicy, reads: CHANGES },
    Exposure { check: "stream-policy-cross-account", policy: FactKind::StreamPolicy, reads: CHANGES },
];

/// Who else can read the table's items: one sentence for each way.
///
/// The checks are asked again about only those statements that let somebody read: their evidence then names
/// who reads, not who may tag the table. What they find to be less than medium (a grant that cannot be used)
/// opens nothing.
pub(super) fn readers(audit: &TableAudit, now: Timestamp) -> Vec<Safe> {
    EXPOSURES
        .iter()
        .filter_map(|exposure| {
            let facts = reading_only(&audit.facts, exposure)?;
            let subject = Subject { facts: &facts, ..audit.subject(now) };
            match judge(check(exposure.check)?, &subject) {
                Verdict::Fail(evidence) if evidence.severity >= Severity::Medium => {
                    let text = evidence.text.split(". ").next().unwrap_or_default().trim_end_matches('.');
                    Some(Safe::neutral(&format!("Others can read it: {text}.")))
                }
                _ => None,
            }
        })
        .collect()
}

/// How bad a secret is that others can read. An example or a harmless value does not become harmful by being
/// readable, and what may be no secret at all is not called critical.
pub(super) fn raised(severity: Severity, confidence: Confidence, exposed: bool) -> Severity {
    let most = if confidence >= Confidence::High { Severity::Critical } else { Severity::High };
    if exposed && severity > Severity::Low { severity.max(most) } else { severity }
}

/// The facts with only those statements of the policy that allow a read; `None` if there is none.
fn reading_only(facts: &TableFacts, exposure: &Exposure) -> Option<TableFacts> {
    let fact = match exposure.policy {
        FactKind::StreamPolicy => &facts.stream_policy,
        _ => &facts.policy,
    };
    let Fact::Known { value: Some(whole), read_at } = fact else { return None };
    let reads = |s: &&Statement| s.effect == Effect::Deny || allows(s, exposure.reads);
    let statements: Vec<Statement> = whole.policy.statements.iter().filter(reads).cloned().collect();
    if statements.iter().all(|s| s.effect == Effect::Deny) {
        return None;
    }
    let policy = whole.policy.with_only(statements);
    let policy = Some(ResourcePolicy { policy, ..whole.clone() });
    let mut facts = facts.clone();
    let fact = Fact::Known { value: policy, read_at: *read_at };
    match exposure.policy {
        FactKind::StreamPolicy => facts.stream_policy = fact,
        _ => facts.policy = fact,
    }
    Some(facts)
}

/// Whether a statement's actions include one of these.
fn allows(statement: &Statement, reads: &[&str]) -> bool {
    reads.iter().any(|read| statement.covers(read))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_are_told_from_other_actions() {
        let check = |action: &str, expect: bool| {
            let statement = format!(r#"{{"Statement":{{"Effect":"Allow","Principal":"*",{action}}}}}"#);
            let policy = crate::domain::Policy::parse(&statement);
            assert_eq!(allows(&policy.statements[0], ITEMS), expect, "{action}");
        };
        check(r#""Action":"dynamodb:GetItem""#, true);
        check(r#""Action":["dynamodb:PutItem","DynamoDB:Batch*"]"#, true);
        check(r#""Action":"*""#, true);
        check(r#""Action":"dynamodb:?can""#, true);
        check(r#""Action":"dynamodb:PutItem""#, false);
        check(r#""Action":"dynamodb:DescribeTable""#, false);
        check(r#""Action":"dynamodb:GetRecords""#, false);
        check(r#""NotAction":"dynamodb:DeleteTable""#, true);
        check(r#""NotAction":"dynamodb:*""#, false);
    }

    #[test]
    fn what_may_be_no_secret_is_not_called_critical() {
        for (severity, confidence, exposed, expect) in [
            (Severity::High, Confidence::High, true, Severity::Critical),
            (Severity::Medium, Confidence::Confirmed, true, Severity::Critical),
            (Severity::Medium, Confidence::Medium, true, Severity::High),
            (Severity::Critical, Confidence::Medium, true, Severity::Critical),
            (Severity::Low, Confidence::Confirmed, true, Severity::Low),
            (Severity::Info, Confidence::Confirmed, true, Severity::Info),
            (Severity::High, Confidence::High, false, Severity::High),
        ] {
            assert_eq!(raised(severity, confidence, exposed), expect, "{severity} {confidence} {exposed}");
        }
    }
}
