//! The policy of a replica lets others in.

use super::policy::LetIn;
use crate::domain::{FactKind, FactValue, Level, ReplicaPolicy, Severity, Verdict};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{allow, described, facts, plain, policy, replica as at};
use crate::posture::messages::{fail, list, not_applicable, pass};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "replica-policy-open",
    title: "A replica's policy grants access to others",
    why: "The items are the same in every Region, and each replica has a policy of its own: whoever the table keeps out may \
          be let in there.",
    severity: Severity::Medium,
    level: Level::Table,
    reads: &[FactKind::Description, FactKind::ReplicaPolicies],
    reads_items: false,
    judge,
    topic: Fixed::Not(
        "the fixes of policy-public and policy-cross-account, of the table in that Region, do it: audit that Region",
    ),
    messages: &[],
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-considerations.html",
    refs: &[Reference::OwaspApi(8), Reference::Cwe(284)],
    field: "GetResourcePolicy Policy.Statement[].Principal and Condition, in each Region",
    cases: &[
        Case::of("no replica", || facts([plain()]), "not-applicable", "no replica"),
        Case::of("no policy there", || facts([global(), with("")]), "pass", "us-east-1"),
        Case::of(
            "everyone",
            || facts([global(), with(&allow(r#""*""#, ""))]),
            "fail",
            "critical: The policy of the replica arn:aws:dynamodb:us-east-1:111122223333:table/sessions grants access to anyone",
        ),
        Case::of(
            "another account",
            || facts([global(), with(&allow(r#"{"AWS":"444455556666"}"#, ""))]),
            "fail",
            "medium: The policy of the replica arn:aws:dynamodb:us-east-1:111122223333:table/sessions grants access to account \
             444455556666",
        ),
        Case::of("partly unread", || facts([global(), with("7")]), "unknown", "statement 1"),
        Case::of(
            "of one of two not read",
            || {
                let two = described(|d| d.replicas = vec![at("us-east-1"), at("us-west-2")]);
                facts([two, with("")])
            },
            "unknown",
            "the policy of the replica in us-west-2 was not read",
        ),
        Case::of("not read", || facts([global()]), "unknown", "replica_policies: not asked"),
        Case::of("nothing read", || facts([]), "unknown", "description: not asked"),
    ],
};

fn judge(subject: &Subject<'_>) -> Judged {
    let here = &subject.table.scope.region;
    if !subject.facts.description.read()?.replicas.iter().any(|replica| replica.region != *here) {
        return Ok(not_applicable("The table has no replica in another Region."));
    }
    let own = match super::own_account(subject)? {
        Ok(own) => own,
        Err(verdict) => return Ok(verdict),
    };
    let policies = subject.facts.replica_policies.read()?;
    let (mut open, mut unclear) = (Vec::new(), Vec::new());
    for ReplicaPolicy { arn, policy, .. } in policies {
        let Some(policy) = policy else { continue };
        let severities = (Severity::Critical, Severity::Medium);
        match super::policy::let_in(&policy.policy, &own, LetIn::Replica(arn), severities) {
            Ok(Verdict::Fail(failed)) => open.push(failed),
            Ok(_) => {}
            Err(more) => unclear.extend(more),
        }
    }
    let others = subject.facts.description.read()?.replicas.iter().filter(|replica| replica.region != *here);
    let regions: Vec<&str> = others.map(|replica| replica.region.as_str()).collect();
    let untold = regions.iter().filter(|region| !policies.iter().any(|policy| policy.region == **region));
    unclear.extend(untold.map(|region| format!("the policy of the replica in {region} was not read")));
    Ok(match open.iter().map(|failed| failed.severity).max() {
        Some(severity) => fail(severity, open.into_iter().flat_map(|f| f.evidence).collect::<Vec<_>>()),
        None if unclear.is_empty() => pass(&format!("Nobody outside is let in in {}.", list(&regions))),
        None => super::policy::unread(FactKind::ReplicaPolicies, &unclear),
    })
}

fn global() -> FactValue {
    described(|d| d.replicas = vec![at("us-east-1")])
}

fn with(statements: &str) -> FactValue {
    FactValue::ReplicaPolicies(vec![ReplicaPolicy {
        region: "us-east-1".into(),
        arn: "arn:aws:dynamodb:us-east-1:111122223333:table/sessions".into(),
        policy: policy(statements).filter(|_| !statements.is_empty()),
    }])
}
