//! A replica is protected less than the table.

use crate::domain::{
    Encryption, Evidence, FactKind, FactValue, Level, Message, Replica, ReplicaBackups, Severity,
};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{described, facts, plain, recovery, replica as at};
use crate::posture::messages::{fail, not_applicable, pass, unreadable};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "replica-unprotected",
    title: "A replica is protected less than the table",
    why: "Point-in-time recovery and deletion protection are settings of each replica. A Region that has to take over is the \
          one in which they are missed.",
    severity: Severity::Low,
    level: Level::Table,
    reads: &[FactKind::Description, FactKind::Backups, FactKind::Replicas, FactKind::ReplicaBackups],
    reads_items: false,
    judge,
    topic: Fixed::Not(
        "the fixes of pitr-off and of deletion-protection-off, of the table in that Region, do it: audit that Region",
    ),
    messages: &[&LESS, &RECOVERY, &PROTECTION],
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html",
    refs: &[Reference::OwaspApi(8), Reference::Cwe(1188)],
    field: "DescribeTable Table.DeletionProtectionEnabled and DescribeContinuousBackups PointInTimeRecoveryStatus, in each \
            Region",
    cases: &[
        Case::of("no replica", || facts([plain()]), "not-applicable", "no replica"),
        Case::of(
            "as well as the table",
            || facts([global(true), recovery(Some(35)), other(Some(true)), restorable(true)]),
            "pass",
            "us-east-1",
        ),
        Case::of(
            "the table has neither; the replica not read",
            || facts([global(false), recovery(None)]),
            "pass",
            "has neither",
        ),
        Case::of(
            "no recovery",
            || facts([global(false), recovery(Some(35)), other(None), restorable(false)]),
            "fail",
            "low: Less protected than the table is the replica in us-east-1 (point-in-time recovery is off)",
        ),
        Case::of(
            "no protection",
            || facts([global(true), recovery(None), other(Some(false))]),
            "fail",
            "the replica in us-east-1 (deletion protection is off)",
        ),
        Case::of(
            "not told",
            || facts([global(true), recovery(None), other(None)]),
            "unknown",
            "whether the replica in us-east-1 is protected from deletion",
        ),
        Case::of(
            "recovery there not told",
            || {
                let none = FactValue::ReplicaBackups(Vec::new());
                facts([global(false), recovery(Some(35)), other(Some(true)), none])
            },
            "unknown",
            "whether the replica in us-east-1 can be restored",
        ),
        Case::of(
            "recovery there not read",
            || facts([global(false), recovery(Some(35)), other(Some(true))]),
            "unknown",
            "replica_backups: not asked",
        ),
        Case::of(
            "replicas not read",
            || facts([global(true), recovery(None)]),
            "unknown",
            "replicas: not asked",
        ),
        Case::of(
            "no protection; recovery not read",
            || facts([global(true), other(Some(false))]),
            "fail",
            "the replica in us-east-1 (deletion protection is off)",
        ),
        Case::of(
            "whether the table is protected is not told",
            || facts([protection_untold(), recovery(None), other(Some(false))]),
            "unknown",
            "whether the replica in us-east-1 is protected",
        ),
        Case::of("recovery not read", || facts([global(true)]), "unknown", "backups: not asked"),
        Case::of("nothing read", || facts([]), "unknown", "description: not asked"),
    ],
};

static LESS: Message =
    Message::new("replicas-protected-less", "Less protected than the table is {replicas}.");
static RECOVERY: Message =
    Message::new("replica-without-recovery", "the replica in {region} (point-in-time recovery is off)");
static PROTECTION: Message = Message::new(
    "replica-without-deletion-protection",
    "the replica in {region} (deletion protection is off)",
);

fn judge(subject: &Subject<'_>) -> Judged {
    let description = subject.facts.description.read()?;
    let here = &subject.table.scope.region;
    let regions: Vec<&str> =
        description.replicas.iter().map(|r| r.region.as_str()).filter(|region| region != here).collect();
    if regions.is_empty() {
        return Ok(not_applicable("The table has no replica in another Region."));
    }
    // What is off here cannot be less there; what is not known here may be on.
    let is_protected = description.deletion_protection != Some(false);
    let recovery = &subject.facts.backups;
    let is_restorable = recovery.known().is_none_or(|backups| backups.point_in_time);
    if !is_protected && !is_restorable {
        return Ok(pass("No replica can be protected less: the table has neither protection."));
    }
    let replicas = subject.facts.replicas.known().map(Vec::as_slice).unwrap_or_default();
    let there = subject.facts.replica_backups.known().map(Vec::as_slice).unwrap_or_default();
    let (mut less, mut untold): (Vec<Evidence>, Vec<String>) = (Vec::new(), Vec::new());
    for region in &regions {
        let protection = replicas.iter().find(|r| r.region == *region).and_then(|r| r.deletion_protection);
        match (is_protected, protection, description.deletion_protection) {
            (true, Some(false), Some(true)) => less.push(PROTECTION.with("region", *region)),
            (false, ..) | (_, Some(true), _) => {}
            _ => {
                untold.push(format!("whether the replica in {region} is protected from deletion is not told"))
            }
        }
        let restorable = there.iter().find(|r| r.region == *region).map(|r| r.point_in_time);
        match (is_restorable, restorable, recovery.known()) {
            (true, Some(false), Some(_)) => less.push(RECOVERY.with("region", *region)),
            (false, ..) | (_, Some(true), _) => {}
            _ => untold.push(format!("whether the replica in {region} can be restored is not told")),
        }
    }
    if !less.is_empty() {
        return Ok(fail(Severity::Low, LESS.with("replicas", less)));
    }
    if !untold.is_empty() {
        recovery.read()?;
        subject.facts.replicas.read()?;
        if is_restorable {
            subject.facts.replica_backups.read()?;
        }
    }
    Ok(match untold.first() {
        Some(untold) => unreadable(FactKind::Replicas, untold),
        None => pass(&format!("As well protected as the table: {}.", regions.join(", "))),
    })
}

fn global(protected: bool) -> FactValue {
    if protected {
        described(|d| {
            d.replicas = vec![at("us-east-1")];
            d.deletion_protection = Some(true);
        })
    } else {
        described(|d| d.replicas = vec![at("us-east-1")])
    }
}

fn protection_untold() -> FactValue {
    described(|d| {
        d.replicas = vec![at("us-east-1")];
        d.deletion_protection = None;
    })
}

fn other(deletion_protection: Option<bool>) -> FactValue {
    FactValue::Replicas(vec![Replica {
        region: "us-east-1".into(),
        arn: "arn:aws:dynamodb:us-east-1:111122223333:table/sessions".into(),
        status: "ACTIVE".into(),
        encryption: Encryption::AwsOwned,
        deletion_protection,
    }])
}

fn restorable(point_in_time: bool) -> FactValue {
    FactValue::ReplicaBackups(vec![ReplicaBackups { region: "us-east-1".into(), point_in_time }])
}
