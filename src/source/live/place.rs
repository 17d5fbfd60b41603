//! What is the same for every table of the place: asked once, and kept for a minute.
//!
//! Trails and caches are facts of every table, so that a check reads them like any other. A place with five
//! hundred tables must not ask five hundred times.

use std::future::Future;
use std::sync::{Arc, PoisonError};

use aws_sdk_cloudtrail::types as sdk;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Mutex;

use crate::domain::{
    AccessFinding, Account, Analyzer, Cache, FactKind, FieldSelector, Gap, Limits, Selector, Trail,
    TrailSelectors, TrailStatus,
};
use crate::source::live::errors::nonsense;
use crate::source::live::facts::pages;
use crate::source::live::{Live, analyzers, iam};

/// So long an answer, or a refusal, stands for all tables.
const KEPT: SignedDuration = SignedDuration::from_secs(60);

/// An answer and when it came. Whoever asks meanwhile waits for it.
type Kept<T> = Mutex<Option<(Timestamp, Result<T, Gap>)>>;

/// The answers so far.
#[derive(Default)]
pub(super) struct Known {
    trails: Kept<Vec<Trail>>,
    status: Kept<Vec<TrailStatus>>,
    selectors: Kept<Vec<TrailSelectors>>,
    caches: Kept<Vec<Cache>>,
    limits: Kept<Limits>,
    analyzers: Kept<Vec<Analyzer>>,
    access_findings: Kept<Vec<AccessFinding>>,
    account: Kept<Arc<Account>>,
    /// Services that did not answer, since when, and what was said of it.
    silent: std::sync::Mutex<Vec<(&'static str, Timestamp, Gap)>>,
}

async fn once<T: Clone>(
    live: &Live,
    kept: &Kept<T>,
    ask: impl Future<Output = Result<T, Gap>>,
) -> Result<T, Gap> {
    let mut kept = kept.lock().await;
    if let Some((at, answer)) = &*kept
        && (live.clock)().duration_since(*at) < KEPT
    {
        return answer.clone();
    }
    let answer = ask.await;
    // A failure may be over by the next question: credentials are renewed, a throttle relents.
    let lasts = !matches!(answer, Err(Gap::Failed(_)));
    *kept = lasts.then(|| ((live.clock)(), answer.clone()));
    answer
}

impl Known {
    /// Why a service is not asked now, if it did not answer a moment ago.
    pub(super) fn silence(&self, live: &Live, service: &str) -> Option<Gap> {
        let mut silent = self.silent.lock().unwrap_or_else(PoisonError::into_inner);
        silent.retain(|(_, since, _)| (live.clock)().duration_since(*since) < KEPT);
        silent.iter().find(|(of, ..)| *of == service).map(|(_, _, gap)| gap.clone())
    }

    /// A service did not answer.
    pub(super) fn is_silent(&self, live: &Live, service: &'static str, gap: Gap) {
        let mut silent = self.silent.lock().unwrap_or_else(PoisonError::into_inner);
        silent.push((service, (live.clock)(), gap));
    }

    /// The trails that record this Region.
    pub(super) async fn trails(&self, live: &Live) -> Result<Vec<Trail>, Gap> {
        once(live, &self.trails, trails(live)).await
    }

    /// Whether they record.
    pub(super) async fn status(&self, live: &Live, trails: &[Trail]) -> Result<Vec<TrailStatus>, Gap> {
        once(live, &self.status, status(live, trails)).await
    }

    /// What they record.
    pub(super) async fn selectors(&self, live: &Live, trails: &[Trail]) -> Result<Vec<TrailSelectors>, Gap> {
        once(live, &self.selectors, selectors(live, trails)).await
    }

    /// The caches of the Region.
    pub(super) async fn caches(&self, live: &Live) -> Result<Vec<Cache>, Gap> {
        once(live, &self.caches, caches(live)).await
    }

    /// How much capacity there may be.
    pub(super) async fn limits(&self, live: &Live) -> Result<Limits, Gap> {
        once(live, &self.limits, limits(live)).await
    }

    /// The analyzers that look for access from outside.
    pub(super) async fn analyzers(&self, live: &Live) -> Result<Vec<Analyzer>, Gap> {
        once(live, &self.analyzers, analyzers::analyzers(live)).await
    }

    /// The users and roles of the account.
    pub(super) async fn account(&self, live: &Live) -> Result<Arc<Account>, Gap> {
        once(live, &self.account, iam::account(live)).await
    }

    /// What they found of all tables and streams.
    pub(super) async fn access_findings(
        &self,
        live: &Live,
        by: &[Analyzer],
    ) -> Result<Vec<AccessFinding>, Gap> {
        once(live, &self.access_findings, analyzers::findings(live, by)).await
    }
}

async fn trails(live: &Live) -> Result<Vec<Trail>, Gap> {
    let permission = FactKind::Trails.permission();
    let sent = live.clients().cloudtrail().describe_trails().include_shadow_trails(true).send().await;
    let answer = sent.map_err(|e| live.errors.gap(&e, permission))?;
    let mut all = Vec::new();
    for trail in answer.trail_list.ok_or_else(|| nonsense(permission, "trailList"))? {
        let arn = trail.trail_arn.ok_or_else(|| nonsense(permission, "TrailARN"))?;
        let home = trail.home_region.ok_or_else(|| nonsense(permission, "HomeRegion"))?;
        let every_region = trail.is_multi_region_trail.unwrap_or(false);
        all.push(Trail { name: trail.name.unwrap_or_else(|| arn.clone()), arn, every_region, home });
    }
    all.retain(|t| t.every_region || t.home == live.errors.region);
    Ok(all)
}

async fn status(live: &Live, trails: &[Trail]) -> Result<Vec<TrailStatus>, Gap> {
    let permission = FactKind::TrailStatus.permission();
    let mut all = Vec::new();
    for Trail { arn, .. } in trails {
        let sent = live.clients().cloudtrail().get_trail_status().name(arn).send().await;
        let answer = sent.map_err(|e| live.errors.gap(&e, permission))?;
        all.push(TrailStatus {
            arn: arn.clone(),
            logging: answer.is_logging.ok_or_else(|| nonsense(permission, "IsLogging"))?,
            delivery_error: answer.latest_delivery_error.filter(|e| !e.is_empty()),
        });
    }
    Ok(all)
}

async fn selectors(live: &Live, trails: &[Trail]) -> Result<Vec<TrailSelectors>, Gap> {
    let permission = FactKind::TrailSelectors.permission();
    let mut all = Vec::new();
    for Trail { arn, .. } in trails {
        let sent = live.clients().cloudtrail().get_event_selectors().trail_name(arn).send().await;
        let answer = sent.map_err(|e| live.errors.gap(&e, permission))?;
        // An answer always names the trail; one that does not is none.
        if answer.trail_arn.is_none()
            && answer.event_selectors.is_none()
            && answer.advanced_event_selectors.is_none()
        {
            return Err(nonsense(permission, "TrailARN"));
        }
        let basic = answer.event_selectors.unwrap_or_default().into_iter().flat_map(basic);
        let advanced = answer.advanced_event_selectors.unwrap_or_default().into_iter().map(advanced);
        all.push(TrailSelectors { arn: arn.clone(), selectors: basic.chain(advanced).collect() });
    }
    Ok(all)
}

/// A basic selector of data events as the advanced ones that say the same (CloudTrail User Guide, "Logging data
/// events"). A value is the ARN of one table, or the beginning of all.
fn basic(from: sdk::EventSelector) -> Vec<Selector> {
    let read_only: Option<&[&str]> = match from.read_write_type {
        Some(sdk::ReadWriteType::ReadOnly) => Some(&["true"]),
        Some(sdk::ReadWriteType::WriteOnly) => Some(&["false"]),
        _ => None,
    };
    let mut all = Vec::new();
    for resource in from.data_resources.unwrap_or_default() {
        let kind = resource.r#type.unwrap_or_default();
        let (one, many): (Vec<String>, Vec<String>) =
            resource.values.unwrap_or_default().into_iter().partition(|v| v.split(':').count() >= 6);
        let mut fields = vec![
            FieldSelector::equal("eventCategory", &["Data"]),
            FieldSelector::equal("resources.type", &[&kind]),
            FieldSelector {
                field: "resources.ARN".into(),
                equals: one,
                starts_with: many,
                ..FieldSelector::default()
            },
        ];
        fields.extend(read_only.map(|values| FieldSelector::equal("readOnly", values)));
        all.push(Selector { fields });
    }
    all
}

fn advanced(from: sdk::AdvancedEventSelector) -> Selector {
    let field = |f: sdk::AdvancedFieldSelector| FieldSelector {
        field: f.field,
        equals: f.equals.unwrap_or_default(),
        starts_with: f.starts_with.unwrap_or_default(),
        ends_with: f.ends_with.unwrap_or_default(),
        not_equals: f.not_equals.unwrap_or_default(),
        not_starts_with: f.not_starts_with.unwrap_or_default(),
        not_ends_with: f.not_ends_with.unwrap_or_default(),
    };
    Selector { fields: from.field_selectors.into_iter().map(field).collect() }
}

/// The limits of the account in this Region.
async fn limits(live: &Live) -> Result<Limits, Gap> {
    let permission = FactKind::Limits.permission();
    let sent = live.clients().dynamodb().describe_limits().send().await;
    let answer = sent.map_err(|e| live.errors.gap(&e, permission))?;
    let limit = |given: Option<i64>, field| {
        given.and_then(|n| u64::try_from(n).ok()).ok_or_else(|| nonsense(permission, field))
    };
    Ok(Limits {
        account_read: limit(answer.account_max_read_capacity_units, "AccountMaxReadCapacityUnits")?,
        table_read: limit(answer.table_max_read_capacity_units, "TableMaxReadCapacityUnits")?,
    })
}

async fn caches(live: &Live) -> Result<Vec<Cache>, Gap> {
    let permission = FactKind::Caches.permission();
    pages(permission, |next| async {
        let sent = live.clients().dax().describe_clusters().set_next_token(next).send().await;
        let answer = sent.map_err(|e| live.errors.gap(&e, permission))?;
        let page = answer.clusters.ok_or_else(|| nonsense(permission, "Clusters"))?;
        let page = page
            .into_iter()
            .map(|c| {
                use aws_sdk_dax::types::{ClusterEndpointEncryptionType, SseStatus};
                let sse = c.sse_description.and_then(|s| s.status);
                Cache {
                    name: c.cluster_name.unwrap_or_default(),
                    encrypted: sse.map(|sse| matches!(sse, SseStatus::Enabled | SseStatus::Enabling)),
                    tls: c
                        .cluster_endpoint_encryption_type
                        .map(|kind| kind == ClusterEndpointEncryptionType::Tls),
                    role: c.iam_role_arn.unwrap_or_default(),
                }
            })
            .collect();
        Ok((page, answer.next_token))
    })
    .await
}
