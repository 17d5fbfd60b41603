//! Whether a policy lets others read what is in the items, and whom.

use jiff::Timestamp;

use super::TableAudit;
use super::messages::{OTHERS_READ, READERS_UNKNOWN, not_known};
use crate::domain::{
    Confidence, Effect, Evidence, FactKind, FactValue, Missing, ResourcePolicy, Severity, Statement,
    TableFacts, Verdict,
};
use crate::posture::{self, PERHAPS_INERT, Subject, check, judge};

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
    "dynamodb:searchvectors",
    "dynamodb:readdataforreplication",
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

/// Who else can read the table's items.
#[derive(Debug, Default)]
pub(super) struct Readers {
    /// Those that are known: how each of them can.
    pub known: Vec<Evidence>,
    /// What is not known, and would tell of more.
    pub unknown: Vec<Missing>,
}

impl Readers {
    /// Who is known to read, said once.
    pub(super) fn known(&self) -> Option<Evidence> {
        (!self.known.is_empty()).then(|| OTHERS_READ.with("by", self.known.clone()))
    }

    /// What is not known of them, where that may make a secret of this severity so much worse.
    pub(super) fn unknown(&self, severity: Severity, worst: Severity) -> Option<Evidence> {
        let missing: Vec<Evidence> = self.unknown.iter().map(not_known).collect();
        let worse = worst > severity;
        (!missing.is_empty()).then(|| {
            READERS_UNKNOWN
                .with("missing", missing)
                .with("severity", worse.then_some(severity))
                .with("could_be", worse.then_some(worst))
        })
    }
}

/// Who else can read the table's items.
///
/// The checks are asked again about only those statements that let somebody read: their evidence then names
/// who reads, not who may tag the table. What they find to be less than medium (a grant that cannot be used)
/// opens nothing.
pub(super) fn readers(audit: &TableAudit, now: Timestamp) -> Readers {
    let mut readers = Readers::default();
    for exposure in EXPOSURES {
        let reading = reading_only(&audit.facts, exposure);
        let facts = reading.as_ref().unwrap_or(&audit.facts);
        let subject = Subject { facts, ..audit.subject(now) };
        match check(exposure.check).map(|check| judge(check, &subject)) {
            // Whether it can be used at all depends on the key.
            Some(Verdict::Fail(failed)) if failed.evidence.iter().any(|e| e.kind() == PERHAPS_INERT.kind) => {
                let missing = facts.gap(FactKind::Key).map(|gap| Missing::Fact(FactKind::Key, gap.clone()));
                readers.unknown.extend(missing.filter(|missing| !readers.unknown.contains(missing)));
            }
            Some(Verdict::Fail(failed)) if failed.severity >= Severity::Medium => {
                // The first says who reads; what may qualify it is the check's own finding.
                readers.known.extend(failed.evidence.into_iter().take(1));
            }
            Some(Verdict::Unknown(mut missing)) => {
                // Without the policy nothing else matters.
                let of_policy = |m: &Missing| matches!(m, Missing::Fact(kind, _) if *kind == exposure.policy);
                if missing.iter().any(of_policy) {
                    missing.retain(of_policy);
                }
                let new: Vec<Missing> =
                    missing.into_iter().filter(|missing| !readers.unknown.contains(missing)).collect();
                readers.unknown.extend(new);
            }
            _ => {}
        }
        // What is only partly understood may let in more than what is.
        let policy = reading.as_ref().and_then(|facts| policy(facts, exposure.policy));
        let part = policy.filter(|policy| !policy.policy.unread.is_empty());
        let part = part.map(|policy| posture::partly_understood(exposure.policy, &policy.policy));
        readers.unknown.extend(part.filter(|missing| !readers.unknown.contains(missing)));
    }
    readers
}

/// How bad a secret is that others can read. An example or a harmless value does not become harmful by being
/// readable, and what may be no secret at all is not called critical.
pub(super) fn raised(severity: Severity, confidence: Confidence, exposed: bool) -> Severity {
    let most = if confidence >= Confidence::High { Severity::Critical } else { Severity::High };
    if exposed && severity > Severity::Low { severity.max(most) } else { severity }
}

/// A policy of the table or its stream, if it is known that there is one.
fn policy(facts: &TableFacts, kind: FactKind) -> Option<&ResourcePolicy> {
    let fact = if kind == FactKind::StreamPolicy { &facts.stream_policy } else { &facts.policy };
    fact.known()?.as_ref()
}

/// The facts with only those statements of the policy that allow a read, and its Denies; `None` where no policy is known.
fn reading_only(facts: &TableFacts, exposure: &Exposure) -> Option<TableFacts> {
    let whole = policy(facts, exposure.policy)?;
    let read_at = facts.read_at(exposure.policy)?;
    let reads = |s: &&Statement| s.effect == Effect::Deny || allows(s, exposure.reads);
    let statements: Vec<Statement> = whole.policy.statements.iter().filter(reads).cloned().collect();
    let policy = whole.policy.with_only(statements);
    let policy = Some(ResourcePolicy { policy, ..whole.clone() });
    let mut facts = facts.clone();
    facts.learn(
        match exposure.policy {
            FactKind::StreamPolicy => FactValue::StreamPolicy(policy),
            _ => FactValue::Policy(policy),
        },
        read_at,
    );
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
