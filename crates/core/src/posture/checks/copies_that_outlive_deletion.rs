//! Deleting an item does not delete its copies.

use crate::domain::{ContinuousBackups, FactKind, FactValue, Level, Severity};
use crate::posture::check::{Case, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{backup, described, exports, facts, plain, points, recovery, replica, secret};
use crate::posture::say::{count, fail, list, pass};
use jiff::SignedDuration;

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "copies-that-outlive-deletion",
    title: "Copies outlive a deletion",
    why: "A secret that is removed from an item stays in backups, exports, replicas on their way and the window of \
          point-in-time recovery: rotate it first.",
    severity: Severity::Info,
    level: Level::Table,
    reads: &[
        FactKind::Description,
        FactKind::Backups,
        FactKind::OnDemandBackups,
        FactKind::RecoveryPoints,
        FactKind::Exports,
    ],
    reads_items: false,
    judge,
    topic: None,
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/BackupRestore.html",
    refs: &[Reference::OwaspApi(9), Reference::Cwe(212)],
    field: "RecoveryPeriodInDays, BackupSummaries[], RecoveryPoints[], ExportSummaries[], Table.Replicas[]",
    cases: &[
        Case::of(
            "none at all",
            || facts([plain(), recovery(None), backup(0), points(0), exports(0)]),
            "pass",
            "no copy",
        ),
        Case::of(
            "all of them",
            || {
                facts([
                    described(|d| d.replicas = vec![replica("us-east-1")]),
                    recovery(Some(7)),
                    backup(2),
                    points(1),
                    exports(1),
                ])
            },
            "fail",
            "info: What is deleted today stays in the recovery window until 2026-01-08, 2 on-demand backups, 1 recovery point, 1 export to S3 and the replica in us-east-1 until it has caught up",
        ),
        Case::seen(
            "secrets seen",
            || facts([plain(), recovery(Some(7)), backup(0), points(0), exports(0)]),
            secret,
            "fail",
            "medium: What is deleted",
        ),
        Case::of(
            "window not known",
            || facts([plain(), window_not_told(), backup(0), points(0), exports(0)]),
            "fail",
            "for up to 35 days",
        ),
        Case::of(
            "exports not read",
            || facts([plain(), recovery(None), backup(0), points(0)]),
            "unknown",
            "exports: not asked",
        ),
        Case::of(
            "recovery not read",
            || facts([plain(), backup(0), points(0), exports(0)]),
            "unknown",
            "backups: not asked",
        ),
        Case::of("nothing read", || facts([]), "unknown", "description: not asked"),
    ],
};

fn judge(subject: &Subject<'_>) -> Judged {
    let facts = subject.facts;
    let mut copies = Vec::new();
    let recovery = facts.backups.read()?;
    if recovery.point_in_time {
        copies.push(match recovery.window_days {
            Some(days) => {
                let until = subject.now + SignedDuration::from_hours(i64::from(days) * 24);
                format!("the recovery window until {}", until.strftime("%Y-%m-%d"))
            }
            None => "the recovery window for up to 35 days".to_owned(),
        });
    }
    for (n, what) in [
        (facts.on_demand_backups.read()?.len(), "on-demand backup"),
        (facts.recovery_points.read()?.len(), "recovery point"),
    ] {
        copies.extend((n > 0).then(|| count(n, what)));
    }
    let written = facts.exports.read()?.iter().filter(|e| e.status != "FAILED").count();
    copies.extend((written > 0).then(|| format!("{} to S3", count(written, "export"))));
    let here = &subject.table.scope.region;
    let replicas = facts.description.read()?.replicas.iter().filter(|r| r.region != *here);
    copies.extend(replicas.map(|r| format!("the replica in {} until it has caught up", r.region)));
    let secrets = subject.flagged.is_some_and(|f| !f.is_empty());
    Ok(if copies.is_empty() {
        pass("There is no copy besides the table, its indexes and its stream of 24 hours.")
    } else {
        let text = format!("What is deleted today stays in {}.", list(&copies));
        fail(if secrets { Severity::Medium } else { Severity::Info }, &text)
    })
}

fn window_not_told() -> FactValue {
    FactValue::Backups(ContinuousBackups { point_in_time: true, window_days: None })
}
