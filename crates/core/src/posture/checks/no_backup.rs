//! There is nothing to restore the table from.

use crate::domain::{Backup, FactKind, FactValue, Level, Message, RecoveryPoint, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Subject};
use crate::posture::examples::{backup, facts, points, recovery};
use crate::posture::messages::{count, fail, pass, unreadable};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "no-backup",
    title: "There is no backup of any kind",
    why: "After a bad write or a malicious deletion there is nothing to go back to.",
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
            "1 backup or recovery point is there that is not to be counted on",
        ),
        Case::of(
            "a recovery point in a state that nobody knows",
            || facts([recovery(None), backup(0), points_of("NEW")]),
            "unknown",
            "is not told",
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
    "{backups:backup or recovery point is|backups or recovery points are} there that is not to be counted on: being made, \
     stopped, past its time or being deleted.",
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
    let backups: Vec<Option<bool>> =
        facts.on_demand_backups.known().into_iter().flatten().map(Backup::is_usable).collect();
    let points: Vec<Option<bool>> =
        facts.recovery_points.known().into_iter().flatten().map(RecoveryPoint::is_usable).collect();
    let usable = |all: &[Option<bool>]| all.iter().filter(|one| **one == Some(true)).count();
    if usable(&backups) > 0 {
        return Ok(pass(&format!("There is {}.", count(usable(&backups), "on-demand backup"))));
    }
    if usable(&points) > 0 {
        return Ok(pass(&format!("There is {} in AWS Backup.", count(usable(&points), "recovery point"))));
    }
    facts.backups.read()?;
    facts.on_demand_backups.read()?;
    facts.recovery_points.read()?;
    let untold = |all: &[Option<bool>]| all.contains(&None);
    if untold(&backups) || untold(&points) {
        let kind = if untold(&backups) { FactKind::OnDemandBackups } else { FactKind::RecoveryPoints };
        return Ok(unreadable(kind, "whether a backup is there to restore from is not told"));
    }
    let unusable = backups.len() + points.len();
    let also = (unusable > 0).then(|| UNUSABLE.with("backups", unusable));
    Ok(fail(Severity::Medium, std::iter::once(NONE.alone()).chain(also).collect::<Vec<_>>()))
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
