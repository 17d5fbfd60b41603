//! The table is read by scans, as CloudWatch counts its requests.

use crate::domain::{FactKind, FactValue, Level, Message, Severity, USAGE_DAYS, Usage};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::facts;
use crate::posture::messages::{fail, not_applicable, pass};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "scan-heavy",
    title: "The table is read by scans",
    why: "Who may scan reads every item, whoever's it is: a policy by leading keys cannot narrow a scan. Each scan also \
          pays for all that it reads, whatever it returns.",
    severity: Severity::Low,
    level: Level::Table,
    reads: &[FactKind::Usage],
    reads_items: false,
    judge,
    topic: Fixed::Not("who scans has to ask by key instead; that is a change of the application"),
    messages: &[&HEAVY],
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-query-scan.html",
    refs: &[Reference::OwaspApi(1), Reference::OwaspApi(4), Reference::Cwe(770)],
    field: "GetMetricData MetricDataResults[].Values of SuccessfulRequestLatency and ReturnedItemCount",
    cases: &[
        Case::of(
            "nobody read it",
            || facts([read([0; 6], 0)]),
            "not-applicable",
            "No read of the table in 14 days",
        ),
        Case::of(
            "keys and queries",
            || facts([read([900, 50, 50, 0, 400, 0], 0)]),
            "pass",
            "0 of 1000 requests that read in 14 days were scans",
        ),
        Case::of("a look now and then", || facts([read([0, 0, 0, 9, 0, 900], 3)]), "pass", "9 of 9 requests"),
        Case::of(
            "a job that scans every day",
            || facts([read([900, 0, 100, 140, 400, 90_000], 14)]),
            "fail",
            "low: 140 of 1140 requests that read in 14 days were scans, on 14 days; scans returned 90000 items, queries 400",
        ),
        Case::of(
            "few scans beside many reads",
            || facts([read([90_000, 0, 0, 200, 0, 200], 14)]),
            "pass",
            "200 of 90200",
        ),
        Case::of("not asked", || facts([]), "unknown", "usage: not asked"),
    ],
};

static HEAVY: Message = Message::new(
    "reads-mostly-scans",
    "{scans} of {requests} requests that read in {days} days were scans, on {scan_days:day|days}; scans \
     returned {by_scan:item|items}, queries {by_query}. An audit by this program counts too.",
);

/// Fewer scans in all days are somebody who looked; this program scans as well.
const FEW: u64 = 100;

/// One scan in this many requests is a lot: each stands for a read of everything.
const SHARE: u64 = 20;

fn judge(subject: &Subject<'_>) -> Judged {
    let usage = subject.facts.usage.read()?;
    let (scans, all) = (usage.requests("Scan"), usage.all_requests());
    if all == 0 {
        return Ok(not_applicable(&format!(
            "No read of the table in {USAGE_DAYS} days, as far as CloudWatch counts."
        )));
    }
    let said = format!("{scans} of {all} requests that read in {USAGE_DAYS} days were scans");
    if scans < FEW || scans.saturating_mul(SHARE) < all {
        return Ok(pass(&format!("{said}.")));
    }
    let returned = |operation| usage.returned(operation).unwrap_or_default();
    let (by_scan, by_query) = (returned("Scan"), returned("Query"));
    let evidence = HEAVY
        .with("scans", scans)
        .with("requests", all)
        .with("days", u64::from(USAGE_DAYS))
        .with("scan_days", u64::from(usage.scan_days))
        .with("by_scan", by_scan)
        .with("by_query", by_query);
    Ok(fail(Severity::Low, evidence))
}

fn read(counts: [u64; 6], scan_days: u16) -> FactValue {
    FactValue::Usage(Usage::new(counts, scan_days))
}
