//! Point-in-time recovery is off.

use crate::domain::{FactKind, Level, Message, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{facts, recovery};
use crate::posture::messages::{fail, pass};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "pitr-off",
    title: "Point-in-time recovery is off",
    why: "After a bad write or a malicious deletion there is nothing to go back to but the last backup, if \
          somebody made one.",
    severity: Severity::Medium,
    level: Level::Table,
    reads: &[FactKind::Backups],
    reads_items: false,
    judge,
    topic: Fixed::By("pitr"),
    messages: &[&OFF],
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Point-in-time-recovery.html",
    refs: &[Reference::Fsbp("DynamoDB.2")],
    field: "DescribeContinuousBackups PointInTimeRecoveryStatus",
    cases: &[
        Case::of("on", || facts([recovery(Some(35))]), "pass", "is on"),
        Case::of("off", || facts([recovery(None)]), "fail", "medium: Point-in-time recovery is off"),
        Case::of("not read", || facts([]), "unknown", "backups: not asked"),
    ],
};

static OFF: Message = Message::new(
    "point-in-time-recovery-off",
    "Point-in-time recovery is off. For other backups see no-backup.",
);

fn judge(subject: &Subject<'_>) -> Judged {
    Ok(if subject.facts.backups.read()?.point_in_time {
        pass("Point-in-time recovery is on.")
    } else {
        fail(Severity::Medium, OFF.alone())
    })
}
