//! What is the same for every table of the Region: trails, caches, limits. `kept` asks each once.

use aws_sdk_cloudtrail::types as sdk;

use crate::domain::{
    Cache, CacheMade, FactKind, FieldSelector, Gap, Limits, Selector, Trail, TrailSelectors, TrailStatus,
};
use crate::source::live::Live;
use crate::source::live::errors::nonsense;
use crate::source::live::facts::{of_each, pages};

/// The trails that record this Region.
pub(super) async fn trails(live: &Live) -> Result<Vec<Trail>, Gap> {
    let permission = FactKind::Trails.permission();
    let sent = live.clients().cloudtrail().describe_trails().include_shadow_trails(true).send().await;
    let answer = sent.map_err(|e| live.errors.gap(&e, permission))?;
    let mut all = Vec::new();
    for trail in answer.trail_list.ok_or_else(|| nonsense(permission, "trailList"))? {
        let arn = trail.trail_arn.ok_or_else(|| nonsense(permission, "TrailARN"))?;
        let home = trail.home_region.ok_or_else(|| nonsense(permission, "HomeRegion"))?;
        let every_region =
            trail.is_multi_region_trail.ok_or_else(|| nonsense(permission, "IsMultiRegionTrail"))?;
        let name = trail.name.unwrap_or_else(|| arn.clone());
        all.push(Trail { name, arn, every_region, home, bucket: trail.s3_bucket_name });
    }
    all.retain(|t| t.every_region || t.home == live.errors.region);
    Ok(all)
}

/// Whether they record; those that do not tell are left out, unless none does.
pub(super) async fn status(live: &Live, trails: &[Trail]) -> Result<Vec<TrailStatus>, Gap> {
    of_each(trails, |trail| status_of(live, &trail.arn)).await
}

async fn status_of(live: &Live, arn: &str) -> Result<TrailStatus, Gap> {
    let permission = FactKind::TrailStatus.permission();
    let sent = live.clients().cloudtrail().get_trail_status().name(arn).send().await;
    let answer = sent.map_err(|e| live.errors.gap(&e, permission))?;
    Ok(TrailStatus {
        arn: arn.to_owned(),
        logging: answer.is_logging.ok_or_else(|| nonsense(permission, "IsLogging"))?,
        delivery_error: answer.latest_delivery_error.filter(|e| !e.is_empty()),
    })
}

/// What they record; those that do not tell are left out, unless none does.
pub(super) async fn selectors(live: &Live, trails: &[Trail]) -> Result<Vec<TrailSelectors>, Gap> {
    of_each(trails, |trail| selectors_of(live, &trail.arn)).await
}

async fn selectors_of(live: &Live, arn: &str) -> Result<TrailSelectors, Gap> {
    let permission = FactKind::TrailSelectors.permission();
    let sent = live.clients().cloudtrail().get_event_selectors().trail_name(arn).send().await;
    let answer = sent.map_err(|e| live.errors.gap(&e, permission))?;
    // A trail has selectors of one kind or the other.
    if answer.event_selectors.is_none() && answer.advanced_event_selectors.is_none() {
        return Err(nonsense(permission, "EventSelectors or AdvancedEventSelectors"));
    }
    let basic = answer.event_selectors.unwrap_or_default().into_iter().flat_map(basic);
    let mut selectors: Vec<Selector> = basic.collect();
    for from in answer.advanced_event_selectors.unwrap_or_default() {
        selectors.push(advanced(from).ok_or_else(|| nonsense(permission, "a value of FieldSelectors"))?);
    }
    Ok(TrailSelectors { arn: arn.to_owned(), selectors })
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
        // Every table is a value as well; no value is no table.
        if resource.values().is_empty() {
            continue;
        }
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

/// `None` where a field has no operator with a value: it would select everything, which AWS takes from nobody.
fn advanced(from: sdk::AdvancedEventSelector) -> Option<Selector> {
    let field = |f: sdk::AdvancedFieldSelector| {
        let field = FieldSelector {
            field: f.field,
            equals: f.equals.unwrap_or_default(),
            starts_with: f.starts_with.unwrap_or_default(),
            ends_with: f.ends_with.unwrap_or_default(),
            not_equals: f.not_equals.unwrap_or_default(),
            not_starts_with: f.not_starts_with.unwrap_or_default(),
            not_ends_with: f.not_ends_with.unwrap_or_default(),
        };
        (field.asks_something() && !field.field.is_empty()).then_some(field)
    };
    if from.field_selectors.is_empty() {
        return None;
    }
    Some(Selector { fields: from.field_selectors.into_iter().map(field).collect::<Option<_>>()? })
}

/// The limits of the account in this Region.
pub(super) async fn limits(live: &Live) -> Result<Limits, Gap> {
    let permission = FactKind::Limits.permission();
    let sent = live.clients().dynamodb().describe_limits().send().await;
    let answer = sent.map_err(|e| live.errors.gap(&e, permission))?;
    let limit = |given: Option<i64>, field| {
        given.and_then(|n| u64::try_from(n).ok()).ok_or_else(|| nonsense(permission, field))
    };
    Ok(Limits {
        account_read: limit(answer.account_max_read_capacity_units, "AccountMaxReadCapacityUnits")?,
        table_read: limit(answer.table_max_read_capacity_units, "TableMaxReadCapacityUnits")?,
        table_write: answer.table_max_write_capacity_units.and_then(|n| u64::try_from(n).ok()),
    })
}

/// The DAX clusters of the Region.
pub(super) async fn caches(live: &Live) -> Result<Vec<Cache>, Gap> {
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
                    made: CacheMade {
                        node_type: c.node_type.unwrap_or_default(),
                        nodes: c.total_nodes.and_then(|n| u32::try_from(n).ok()).unwrap_or_default(),
                        subnet_group: c.subnet_group.unwrap_or_default(),
                        security_groups: c
                            .security_groups
                            .unwrap_or_default()
                            .into_iter()
                            .filter_map(|g| g.security_group_identifier)
                            .collect(),
                        parameter_group: c
                            .parameter_group
                            .and_then(|g| g.parameter_group_name)
                            .unwrap_or_default(),
                    },
                }
            })
            .collect();
        Ok((page, answer.next_token))
    })
    .await
}
