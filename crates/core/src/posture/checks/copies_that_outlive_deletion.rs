//! Deleting an item does not delete its copies.

use crate::domain::{ContinuousBackups, Evidence, FactKind, FactValue, Level, Message, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{backup, described, exports, facts, plain, points, recovery, replica, secret};
use crate::posture::messages::{fail, pass};
use std::collections::BTreeSet;

use jiff::SignedDuration;
use jiff::tz::TimeZone;

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
    topic: Fixed::Not("copies are there to stay; secrets are rotated instead"),
    messages: &[&COPIES, &WINDOW, &WINDOW_UNTOLD, &BACKUPS, &POINTS, &EXPORTS, &REPLICA],
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
            "info: After deletion, copies remain in the recovery window until 2026-01-08, 2 on-demand backups, 1 recovery point, 1 export to S3 and the replica in us-east-1 until it has caught up",
        ),
        Case::seen(
            "secrets seen",
            || facts([plain(), recovery(Some(7)), backup(0), points(0), exports(0)]),
            secret,
            "fail",
            "medium: After deletion",
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

static COPIES: Message =
    Message::new("copies-outlive-deletion", "After deletion, copies remain in {copies}.");

static WINDOW: Message =
    Message::new("copy-recovery-window", "the recovery window until {until}").carrying(&["days"]);

static WINDOW_UNTOLD: Message =
    Message::new("copy-recovery-window-unknown", "the recovery window for up to 35 days");

static BACKUPS: Message =
    Message::new("copy-on-demand-backups", "{backups:on-demand backup|on-demand backups}")
        .carrying(&["last_expiry", "never_expire"]);

static POINTS: Message =
    Message::new("copy-recovery-points", "{points:recovery point|recovery points}").carrying(&["vaults"]);

static EXPORTS: Message = Message::new("copy-exports", "{exports:export|exports} to S3");

static REPLICA: Message = Message::new("copy-replica", "the replica in {region} until it has caught up");

fn judge(subject: &Subject<'_>) -> Judged {
    let facts = subject.facts;
    let mut copies: Vec<Evidence> = Vec::new();
    if let Some(recovery) = facts.backups.known().filter(|recovery| recovery.point_in_time) {
        let until = |days: u32| {
            Some((days, subject.now.checked_add(SignedDuration::from_hours(i64::from(days) * 24)).ok()?))
        };
        copies.push(match recovery.window_days.and_then(until) {
            Some((days, until)) => {
                WINDOW.with("until", until.to_zoned(TimeZone::UTC).date()).with("days", days)
            }
            None => WINDOW_UNTOLD.alone(),
        });
    }
    let backups = facts.on_demand_backups.known().map(Vec::as_slice).unwrap_or_default();
    let points = facts.recovery_points.known().map(Vec::as_slice).unwrap_or_default();
    if !backups.is_empty() {
        let names: Vec<&str> = backups.iter().map(|b| b.name.as_str()).collect();
        let forever = backups.iter().filter(|b| b.expires.is_none()).count();
        let last = backups.iter().filter_map(|b| b.expires).max();
        copies.push(BACKUPS.with("backups", names).with("last_expiry", last).with("never_expire", forever));
    }
    if !points.is_empty() {
        let vaults: BTreeSet<&str> = points.iter().map(|p| p.vault.as_str()).collect();
        let vaults: Vec<&str> = vaults.into_iter().collect();
        copies.push(POINTS.with("points", points.len()).with("vaults", vaults));
    }
    let written = facts.exports.known().into_iter().flatten().filter(|e| e.status != "FAILED");
    let written: Vec<&str> = written.map(|e| e.arn.as_str()).collect();
    copies.extend((!written.is_empty()).then(|| EXPORTS.with("exports", written)));
    let here = &subject.table.scope.region;
    let replicas =
        facts.description.known().into_iter().flat_map(|d| &d.replicas).filter(|r| r.region != *here);
    copies.extend(replicas.map(|r| REPLICA.with("region", &r.region)));
    let secrets = subject.flagged.is_some_and(|f| !f.is_empty());
    Ok(if copies.is_empty() {
        // What is known to be there stays, whatever else does.
        facts.description.read()?;
        facts.backups.read()?;
        facts.on_demand_backups.read()?;
        facts.recovery_points.read()?;
        facts.exports.read()?;
        pass("There is no copy besides the table, its indexes and its stream of 24 hours.")
    } else {
        let severity = if secrets { Severity::Medium } else { Severity::Info };
        fail(severity, COPIES.with("copies", copies))
    })
}

fn window_not_told() -> FactValue {
    FactValue::Backups(ContinuousBackups { point_in_time: true, window_days: None })
}
