//! Contributor Insights shows keys that are secrets.

use crate::domain::{
    ContributorInsights, FactKind, FactValue, InsightsDetail, Level, Message, Projection, Severity,
};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{described, facts, index, plain, secret, session, session_key};
use crate::posture::messages::{fail, pass};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "insights-on-secret-key",
    title: "Contributor Insights shows secret keys",
    why: "It keeps the most used keys in clear in CloudWatch, for whoever may read metrics and reports there.",
    severity: Severity::High,
    level: Level::Table,
    reads: &[FactKind::Description, FactKind::Insights],
    reads_items: true,
    judge,
    topic: Fixed::By("insights-off"),
    messages: &[&SHOWN, &FEW],
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/contributorinsights_HowItWorks.html",
    refs: &[Reference::OwaspApi(3), Reference::Cwe(532)],
    field: "ListContributorInsights ContributorInsightsSummaries[].ContributorInsightsStatus and the items read",
    cases: &[
        Case::of("off", || facts([insights(false, &[])]), "pass", "is off"),
        Case::seen(
            "on, the key is a session",
            || facts([plain(), insights(true, &[])]),
            session_key,
            "fail",
            "high: Contributor Insights is on, and secrets were seen in the key id",
        ),
        Case::seen(
            "on for throttled keys, the key is a session",
            || facts([plain(), insights(true, &[]), throttled()]),
            session_key,
            "fail",
            "medium: Contributor Insights is on, and secrets were seen in the key id",
        ),
        Case::seen(
            "on, secrets elsewhere",
            || facts([plain(), insights(true, &[])]),
            secret,
            "pass",
            "no key",
        ),
        Case::seen(
            "on for an index whose key is a session",
            || {
                facts([
                    described(|d| d.indexes = vec![index("by-data", "data", Projection::KeysOnly)]),
                    insights(false, &["by-data"]),
                ])
            },
            session,
            "fail",
            "high: Contributor Insights is on, and secrets were seen in the key data",
        ),
        Case::of(
            "on, items not read",
            || facts([plain(), insights(true, &[])]),
            "unknown",
            "items: none was read",
        ),
        Case::seen(
            "on, description not read",
            || facts([insights(true, &[])]),
            session_key,
            "unknown",
            "description: not asked",
        ),
        Case::of("not read", || facts([plain()]), "unknown", "insights: not asked"),
    ],
};

static SHOWN: Message = Message::new(
    "insights-show-secret-keys",
    "Contributor Insights is on, and secrets were seen in the {attributes?key|keys} {attributes}.",
);

static FEW: Message = Message::new(
    "insights-of-throttled-keys",
    "It is on for throttled keys alone: keys that are not throttled do not show.",
);

fn judge(subject: &Subject<'_>) -> Judged {
    let on = subject.facts.insights.read()?;
    if !on.table && on.indexes.is_empty() {
        return Ok(pass("Contributor Insights is off."));
    }
    let description = subject.facts.description.read()?;
    let shown = |root: &str| {
        (on.table && description.key.contains(root))
            || description.indexes.iter().any(|i| on.indexes.contains(&i.name) && i.is_key(root))
    };
    let mut keys: Vec<&str> =
        subject.items()?.iter().filter_map(|f| f.path.root()).filter(|root| shown(root)).collect();
    keys.sort_unstable();
    keys.dedup();
    Ok(if keys.is_empty() {
        pass("Contributor Insights is on, and no key that it shows was seen to hold a secret.")
    } else {
        // Of throttled keys alone it shows few, and only for as long as they are throttled.
        let details = subject.facts.insights_details.known();
        let few =
            details.is_some_and(|all| !all.is_empty() && all.iter().all(|detail| detail.throttled_only));
        let severity = if few { Severity::Medium } else { Severity::High };
        let evidence = std::iter::once(SHOWN.with("attributes", keys)).chain(few.then(|| FEW.alone()));
        fail(severity, evidence.collect::<Vec<_>>())
    })
}

fn throttled() -> FactValue {
    FactValue::InsightsDetails(vec![InsightsDetail {
        index: None,
        throttled_only: true,
        since: None,
        rules: 2,
    }])
}

fn insights(table: bool, indexes: &[&str]) -> FactValue {
    let indexes = indexes.iter().map(|i| (*i).to_owned()).collect();
    FactValue::Insights(ContributorInsights { table, indexes })
}
