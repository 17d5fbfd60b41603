//! There is nothing to restore the table from.

use crate::domain::{Backup, FactKind, FactValue, Level, Message, RecoveryPoint, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Subject};
use crate::posture::examples::{backup, facts, points, recovery};
use crate::posture::messages::{count, fail, pass};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "no-backup",
    title: "There is no backup of any kind",
    why: "After a bad write, a malicious deletion or a lost key there is nothing to go back to.",
    severity: Severity::Medium,
    level: Level::Table,
    reads: &[FactKind::Backups, FactKind::OnDemandBackups, FactKind::RecoveryPoints],
    reads_items: false,
    judge,
    topic: Fixed::By("pitr"),
    messages: &[&NONE, &UNUSABLE],
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/BackupRestore.html",
    refs: &[],
    field: "PointInTimeRecoveryStatus, ListBackups BackupSummaries[], ListRecoveryPointsByResource RecoveryPoints[]",
    cases: &[
        Case::of(
            "recovery on; the rest not read",
            || facts([recovery(Some(35))]),
            "pass",
            "Point-in-time recovery is on",
        ),
        Case::of("a backup; the rest not read", || facts([backup(1)]), "pass", "1 on-demand backup"),
        Case::of("recovery points; the rest not read", || facts([points(2)]), "pass", "2 recovery points"),
        Case::of(
            "none of them",
            || facts([recovery(None), backup(0), points(0)]),
            "fail",
            "medium: There is no point-in-time recovery",
        ),
        Case::of(
            "a recovery point that has expired",
            || facts([recovery(None), backup(0), points_of("EXPIRED")]),
            "fail",
            "1 backup or recovery point is there that nothing can be restored from",
        ),
        Case::of(
            "a recovery point that is being made",
            || facts([recovery(None), backup(0), points_of("CREATING")]),
            "fail",
            "medium: ",
        ),
        Case::of(
            "none seen, recovery not read",
            || facts([backup(0), points(0)]),
            "unknown",
            "backups: not asked",
        ),
        Case::of(
            "none seen, AWS Backup not read",
            || facts([recovery(None), backup(0)]),
            "unknown",
            "recovery_points: not asked",
        ),
        Case::of(
            "none seen, backups not read",
            || facts([recovery(None), points(0)]),
            "unknown",
            "on_demand_backups: not asked",
        ),
    ],
};

static UNUSABLE: Message = Message::new(
    "no-usable-backup",
    "{backups:backup or recovery point is|backups or recovery points are} there that nothing can be restored from: being \
     made, stopped, expired or being deleted.",
);

static NONE: Message = Message::new(
    "no-backup",
    "There is no point-in-time recovery, no on-demand backup and no recovery point in AWS Backup.",
);

fn judge(subject: &Subject<'_>) -> Judged {
    let facts = subject.facts;
    if facts.backups.known().is_some_and(|b| b.point_in_time) {
        return Ok(pass("Point-in-time recovery is on."));
    }
    if let Some(n) =
        facts.on_demand_backups.known().map(|all| usable(all, Backup::is_usable)).filter(|n| *n > 0)
    {
        return Ok(pass(&format!("There is {}.", count(n, "on-demand backup"))));
    }
    if let Some(n) =
        facts.recovery_points.known().map(|all| usable(all, RecoveryPoint::is_usable)).filter(|n| *n > 0)
    {
        return Ok(pass(&format!("There is {} in AWS Backup.", count(n, "recovery point"))));
    }
    facts.backups.read()?;
    facts.on_demand_backups.read()?;
    facts.recovery_points.read()?;
    let unusable = facts.on_demand_backups.read()?.len() + facts.recovery_points.read()?.len();
    let also = (unusable > 0).then(|| UNUSABLE.with("backups", unusable));
    Ok(fail(Severity::Medium, std::iter::once(NONE.alone()).chain(also).collect::<Vec<_>>()))
}

fn usable<T>(all: &[T], is_usable: fn(&T) -> bool) -> usize {
    all.iter().filter(|one| is_usable(one)).count()
}

fn points_of(status: &'static str) -> FactValue {
    match points(1) {
        FactValue::RecoveryPoints(mut all) => {
            all.iter_mut().for_each(|point| point.status = status.into());
            FactValue::RecoveryPoints(all)
        }
        other => other,
    }
}
