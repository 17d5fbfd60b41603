//! Point-in-time recovery does not reach far back.

use crate::domain::{ContinuousBackups, FactKind, FactValue, Level, Message, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Subject};
use crate::posture::examples::{facts, recovery};
use crate::posture::messages::{days, fail, not_applicable, pass, unreadable};

/// A week: less does not last over a long weekend. The window can be 1 to 35 days.
const ENOUGH_DAYS: u32 = 7;

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "pitr-window-short",
    title: "Point-in-time recovery reaches back less than a week",
    why: "Damage that is noticed after the window has passed cannot be undone.",
    severity: Severity::Low,
    level: Level::Table,
    reads: &[FactKind::Backups],
    reads_items: false,
    judge,
    topic: Fixed::By("pitr-window"),
    messages: &[&SHORT],
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Point-in-time-recovery.html",
    refs: &[],
    field: "DescribeContinuousBackups RecoveryPeriodInDays",
    cases: &[
        Case::of("35 days", || facts([recovery(Some(35))]), "pass", "35 days"),
        Case::of("7 days", || facts([recovery(Some(7))]), "pass", "7 days"),
        Case::of(
            "6 days",
            || facts([recovery(Some(6))]),
            "fail",
            "low: Point-in-time recovery reaches back 6 days",
        ),
        Case::of("1 day", || facts([recovery(Some(1))]), "fail", "1 day,"),
        Case::of("off", || facts([recovery(None)]), "not-applicable", "is off"),
        Case::of("on, window not told", || facts([untold()]), "unknown", "does not tell"),
        Case::of("not read", || facts([]), "unknown", "backups: not asked"),
    ],
};

static SHORT: Message = Message::new(
    "recovery-window-short",
    "Point-in-time recovery reaches back {days:day|days}, of 35 that are possible.",
);

fn judge(subject: &Subject<'_>) -> Judged {
    let backups = subject.facts.backups.read()?;
    if !backups.point_in_time {
        return Ok(not_applicable("Point-in-time recovery is off: see pitr-off."));
    }
    let Some(window) = backups.window_days else {
        let message = "the answer does not tell how far back recovery reaches";
        return Ok(unreadable(FactKind::Backups, message));
    };
    Ok(if window < ENOUGH_DAYS {
        fail(Severity::Low, SHORT.with("days", window))
    } else {
        pass(&format!("Point-in-time recovery reaches back {}.", days(i64::from(window))))
    })
}

fn untold() -> FactValue {
    FactValue::Backups(ContinuousBackups { point_in_time: true, window_days: None })
}
