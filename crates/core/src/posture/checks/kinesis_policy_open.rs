//! The policy of the data stream that gets every change lets others read it.

use super::policy::LetIn;
use crate::domain::{FactKind, FactValue, KinesisDestination, KinesisPolicy, Level, Severity, Verdict};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{allow, facts, plain, policy};
use crate::posture::messages::{fail, name, not_applicable, pass};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "kinesis-policy-open",
    title: "Others may read the Kinesis data stream of the changes",
    why: "The data stream holds whole items, and has a policy of its own: who may read it need not be let in by the table.",
    severity: Severity::Medium,
    level: Level::Table,
    reads: &[FactKind::Description, FactKind::Kinesis, FactKind::KinesisPolicies],
    reads_items: false,
    judge,
    topic: Fixed::Not(
        "the data stream may be shared on purpose, and by others than the table's owner: whoever put its policy narrows it, \
         or the table's changes go elsewhere (see kinesis-destination)",
    ),
    messages: &[],
    source: "https://docs.aws.amazon.com/streams/latest/dev/resource-based-policy-examples.html",
    refs: &[Reference::OwaspApi(8), Reference::Cwe(732)],
    field: "GetResourcePolicy Policy.Statement[].Principal and Condition, of the data stream",
    cases: &[
        Case::of(
            "no data stream",
            || facts([FactValue::Kinesis(Vec::new())]),
            "not-applicable",
            "no Kinesis",
        ),
        Case::of("no policy", || facts([plain(), to(), with("")]), "pass", "nobody outside"),
        Case::of(
            "everyone",
            || facts([plain(), to(), with(&reads(r#""*""#))]),
            "fail",
            "critical: The data stream arn:aws:kinesis:eu-west-1:111122223333:stream/out may be read by anyone",
        ),
        Case::of(
            "another account",
            || facts([plain(), to(), with(&reads(r#"{"AWS":"444455556666"}"#))]),
            "fail",
            "medium: The data stream arn:aws:kinesis:eu-west-1:111122223333:stream/out may be read by account 444455556666",
        ),
        Case::of(
            "another account may write",
            || {
                facts([
                    plain(),
                    to(),
                    with(&reads(r#"{"AWS":"444455556666"}"#).replace("GetRecords", "PutRecord")),
                ])
            },
            "pass",
            "nobody outside",
        ),
        Case::of(
            "of one of two not read",
            || facts([plain(), to(), FactValue::KinesisPolicies(Vec::new())]),
            "unknown",
            "the policy of stream/out was not read",
        ),
        Case::of("partly unread", || facts([plain(), to(), with("7")]), "unknown", "statement 1"),
        Case::of("policy not read", || facts([plain(), to()]), "unknown", "kinesis_policies: not asked"),
        Case::of("description not read", || facts([to(), with("")]), "unknown", "description: not asked"),
        Case::of("nothing read", || facts([]), "unknown", "kinesis: not asked"),
    ],
};

fn judge(subject: &Subject<'_>) -> Judged {
    let destinations = subject.facts.kinesis.read()?;
    if destinations.is_empty() {
        return Ok(not_applicable("Changes go to no Kinesis data stream."));
    }
    let own = match super::own_account(subject)? {
        Ok(own) => own,
        Err(verdict) => return Ok(verdict),
    };
    let policies = subject.facts.kinesis_policies.read()?;
    let (mut open, mut unclear) = (Vec::new(), Vec::new());
    for KinesisDestination { arn, .. } in destinations {
        match policies.iter().find(|of| of.arn == *arn) {
            None => {
                let stream = arn.rsplit(':').next().unwrap_or(arn);
                unclear.push(format!("the policy of {} was not read", name(stream)));
            }
            Some(KinesisPolicy { policy: None, .. }) => {}
            Some(KinesisPolicy { policy: Some(policy), .. }) => {
                let severities = (Severity::Critical, Severity::Medium);
                match super::policy::let_in(policy, &own, LetIn::DataStream(arn), severities) {
                    Ok(Verdict::Fail(failed)) => open.push(failed),
                    Ok(_) => {}
                    Err(more) => unclear.extend(more),
                }
            }
        }
    }
    Ok(match open.iter().map(|failed| failed.severity).max() {
        Some(severity) => fail(severity, open.into_iter().flat_map(|f| f.evidence).collect::<Vec<_>>()),
        None if unclear.is_empty() => pass("Its policy lets nobody outside the account read it."),
        None => super::policy::unread(FactKind::KinesisPolicies, &unclear),
    })
}

const ARN: &str = "arn:aws:kinesis:eu-west-1:111122223333:stream/out";

fn reads(principal: &str) -> String {
    allow(principal, "").replace("dynamodb:GetItem", "kinesis:GetRecords")
}

fn to() -> FactValue {
    FactValue::Kinesis(vec![KinesisDestination { arn: ARN.into(), status: "ACTIVE".into() }])
}

fn with(statements: &str) -> FactValue {
    let policy = policy(statements).map(|p| p.policy).filter(|_| !statements.is_empty());
    FactValue::KinesisPolicies(vec![KinesisPolicy { arn: ARN.into(), policy }])
}
