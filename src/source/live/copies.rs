//! Where the data goes: backups, exports, streams' readers, destinations.

use aws_sdk_applicationautoscaling::types::{ScalableTarget, ServiceNamespace};
use aws_sdk_dynamodb::types as sdk;

use crate::domain::{
    Backup, ContributorInsights, Export, ExportRef, FactKind, FunctionRole, Gap, InsightsDetail,
    KinesisDestination, KinesisPolicy, Pipe, Policy, RecoveryPoint, Retention, StreamConsumer, TableRef,
    Vault, VaultSettings,
};
use crate::source::live::Live;
use crate::source::live::convert::time;
use crate::source::live::errors::nonsense;
use crate::source::live::facts::{of_each, pages};
use crate::source::live::required_fields::Has;

/// Maximum number of exports described, the newest first: one a night for as long as they are listed, and a few.
const EXPORTS: usize = 100;
/// Maximum number of indexes described; a table has at most 20 (Developer Guide, "Quotas").
const INSIGHTS: usize = 21;
/// Maximum number of vaults whose policy is read: all that a Region may have (AWS Backup Developer Guide, "Quotas").
const VAULTS: usize = 100;
/// Maximum number of functions whose role is read.
const FUNCTIONS: usize = 10;

/// The tables and indexes for which Contributor Insights is on.
pub(super) async fn insights(live: &Live, table: &TableRef) -> Result<ContributorInsights, Gap> {
    let permission = FactKind::Insights.permission();
    let all = pages(permission, |next| async {
        let ask = live
            .clients()
            .dynamodb()
            .list_contributor_insights()
            .table_name(&table.name)
            .set_next_token(next);
        let answer = ask.send().await.map_err(|e| live.errors.gap(&e, permission))?;
        let page = answer.contributor_insights_summaries;
        Ok((page.ok_or_else(|| nonsense(permission, "ContributorInsightsSummaries"))?, answer.next_token))
    })
    .await?;
    let mut on = ContributorInsights::default();
    for summary in all {
        use sdk::ContributorInsightsStatus as Status;
        match (summary.contributor_insights_status, summary.index_name) {
            (Some(Status::Disabled | Status::Failed), _) => {}
            (Some(_), Some(index)) if !index.is_empty() => on.indexes.push(index),
            (Some(_), _) => on.table = true,
            (None, _) => return Err(nonsense(permission, "ContributorInsightsStatus")),
        }
    }
    Ok(on)
}

/// What Contributor Insights shows of the table and the indexes for which it is on.
pub(super) async fn insights_details(
    live: &Live,
    table: &TableRef,
    on: &ContributorInsights,
) -> Result<Vec<InsightsDetail>, Gap> {
    let permission = FactKind::InsightsDetails.permission();
    let table_itself = on.table.then_some(None);
    let mut all = Vec::new();
    for index in table_itself.into_iter().chain(on.indexes.iter().map(Some)).take(INSIGHTS) {
        let ask = live.clients().dynamodb().describe_contributor_insights().table_name(&table.name);
        let sent = ask.set_index_name(index.cloned()).send().await;
        let answer = sent.map_err(|e| live.errors.gap(&e, permission))?;
        if answer.contributor_insights_status.is_none() {
            return Err(nonsense(permission, "ContributorInsightsStatus"));
        }
        let mode = answer.contributor_insights_mode;
        all.push(InsightsDetail {
            index: index.cloned(),
            throttled_only: mode == Some(sdk::ContributorInsightsMode::ThrottledKeys),
            since: answer.last_update_date_time.as_ref().and_then(time),
            rules: answer.contributor_insights_rule_list.unwrap_or_default().len(),
        });
    }
    Ok(all)
}

/// Kinesis data streams that get every change.
pub(super) async fn kinesis(live: &Live, table: &TableRef) -> Result<Vec<KinesisDestination>, Gap> {
    let permission = FactKind::Kinesis.permission();
    let ask = live.clients().dynamodb().describe_kinesis_streaming_destination().table_name(&table.name);
    let answer = ask.send().await.map_err(|e| live.errors.gap(&e, permission))?;
    let all = answer
        .kinesis_data_stream_destinations
        .ok_or_else(|| nonsense(permission, "KinesisDataStreamDestinations"))?;
    let mut on = Vec::new();
    for destination in all {
        use sdk::DestinationStatus as Status;
        let status =
            destination.destination_status.ok_or_else(|| nonsense(permission, "DestinationStatus"))?;
        if matches!(status, Status::Disabled | Status::EnableFailed) {
            continue;
        }
        let arn = destination.stream_arn.ok_or_else(|| nonsense(permission, "StreamArn"))?;
        on.push(KinesisDestination { arn, status: status.as_str().to_owned() });
    }
    Ok(on)
}

/// How long those data streams keep a record.
pub(super) async fn kinesis_retention(
    live: &Live,
    destinations: &[KinesisDestination],
) -> Result<Vec<Retention>, Gap> {
    of_each(destinations, |destination| retention(live, &destination.arn)).await
}

async fn retention(live: &Live, arn: &str) -> Result<Retention, Gap> {
    let permission = FactKind::KinesisRetention.permission();
    let sent = live.clients().kinesis().describe_stream_summary().stream_arn(arn).send().await;
    let answer = sent.map_err(|e| live.errors.gap(&e, permission))?;
    let summary = answer.stream_description_summary;
    let encryption = summary.as_ref().and_then(|summary| summary.encryption_type.as_ref());
    let encryption = encryption.map(|kind| kind.as_str().to_owned()).unwrap_or_default();
    let hours = summary.map_or(0, |summary| summary.retention_period_hours);
    // A member that is missing is made 0 by the SDK.
    let hours = u32::try_from(hours).ok().filter(|hours| *hours > 0);
    let hours = hours.ok_or_else(|| nonsense(permission, "RetentionPeriodHours"))?;
    Ok(Retention { arn: arn.to_owned(), hours, encryption })
}

/// The policies of those data streams; those that are not told are left out, unless none is.
pub(super) async fn kinesis_policies(
    live: &Live,
    destinations: &[KinesisDestination],
) -> Result<Vec<KinesisPolicy>, Gap> {
    of_each(destinations, |destination| kinesis_policy(live, &destination.arn)).await
}

async fn kinesis_policy(live: &Live, arn: &str) -> Result<KinesisPolicy, Gap> {
    let permission = FactKind::KinesisPolicies.permission();
    let ask = live.clients().kinesis().get_resource_policy().resource_arn(arn);
    let answer = ask.customize().interceptor(Has("Policy")).send().await;
    let text = answer.map_err(|e| live.errors.gap(&e, permission))?.policy;
    // What a stream without one answers is not documented; an empty document names nobody.
    let policy = Some(text.trim()).filter(|text| !text.is_empty() && *text != "{}");
    Ok(KinesisPolicy { arn: arn.to_owned(), policy: policy.map(Policy::parse) })
}

/// The registered consumers of those data streams; who reads them without registering cannot be seen.
pub(super) async fn kinesis_consumers(
    live: &Live,
    destinations: &[KinesisDestination],
) -> Result<Vec<String>, Gap> {
    let permission = FactKind::KinesisConsumers.permission();
    let (mut all, mut failed) = (Vec::new(), None);
    for KinesisDestination { arn, .. } in destinations {
        let consumers = pages(permission, |next| async {
            let ask = live.clients().kinesis().list_stream_consumers().stream_arn(arn).set_next_token(next);
            let answer = ask.send().await.map_err(|e| live.errors.gap(&e, permission))?;
            let page = answer.consumers.ok_or_else(|| nonsense(permission, "Consumers"))?;
            Ok((page.into_iter().map(|c| c.consumer_name).collect(), answer.next_token))
        });
        match consumers.await {
            Ok(names) => all.extend(names),
            Err(gap) => failed = Some(gap),
        }
    }
    // Who is known reads it, whoever else does.
    match failed {
        Some(gap) if all.is_empty() => Err(gap),
        _ => Ok(all),
    }
}

/// On-demand backups, those of AWS Backup among them.
pub(super) async fn backups(live: &Live, table: &TableRef) -> Result<Vec<Backup>, Gap> {
    let permission = FactKind::OnDemandBackups.permission();
    pages(permission, |next| async {
        let ask = live.clients().dynamodb().list_backups().table_name(&table.name);
        let ask = ask.backup_type(sdk::BackupTypeFilter::All).set_exclusive_start_backup_arn(next);
        let answer = ask.send().await.map_err(|e| live.errors.gap(&e, permission))?;
        let page = answer.backup_summaries.ok_or_else(|| nonsense(permission, "BackupSummaries"))?;
        if page.iter().any(|b| b.backup_status.is_none()) {
            return Err(nonsense(permission, "BackupStatus"));
        }
        let page = page
            .into_iter()
            .filter(|b| b.backup_status != Some(sdk::BackupStatus::Deleted))
            .map(|b| Backup {
                arn: b.backup_arn,
                name: b.backup_name.unwrap_or_default(),
                kind: b.backup_type.map(|t| t.as_str().to_owned()).unwrap_or_default(),
                created: b.backup_creation_date_time.as_ref().and_then(time),
                expires: b.backup_expiry_date_time.as_ref().and_then(time),
                status: b.backup_status.map(|status| status.as_str().to_owned()).unwrap_or_default(),
            })
            .collect();
        Ok((page, answer.last_evaluated_backup_arn))
    })
    .await
}

/// Exports to S3, the newest first: an export's ARN ends in the time at which it was asked for.
pub(super) async fn exports(live: &Live, table_arn: String) -> Result<Vec<ExportRef>, Gap> {
    let permission = FactKind::Exports.permission();
    let mut all = pages(permission, |next| async {
        let ask = live.clients().dynamodb().list_exports().table_arn(&table_arn).set_next_token(next);
        let answer = ask.send().await.map_err(|e| live.errors.gap(&e, permission))?;
        let page = answer.export_summaries.ok_or_else(|| nonsense(permission, "ExportSummaries"))?;
        let mut exports = Vec::new();
        for export in page {
            let arn = export.export_arn.ok_or_else(|| nonsense(permission, "ExportArn"))?;
            let status = export.export_status.map(|s| s.as_str().to_owned()).unwrap_or_default();
            exports.push(ExportRef { arn, status });
        }
        Ok((exports, answer.next_token))
    })
    .await?;
    all.sort_by(|a, b| b.arn.cmp(&a.arn));
    Ok(all)
}

/// The newest few of the exports that were written.
pub(super) async fn export_details(live: &Live, exports: &[ExportRef]) -> Result<Vec<Export>, Gap> {
    let written = exports.iter().filter(|e| e.status != "FAILED").take(EXPORTS);
    let arns: Vec<&str> = written.map(|of| of.arn.as_str()).collect();
    of_each(arns, |arn| export(live, arn)).await
}

async fn export(live: &Live, arn: &str) -> Result<Export, Gap> {
    let permission = FactKind::ExportDetails.permission();
    let sent = live.clients().dynamodb().describe_export().export_arn(arn).send().await;
    let answer = sent.map_err(|e| live.errors.gap(&e, permission))?;
    let from = answer.export_description.ok_or_else(|| nonsense(permission, "ExportDescription"))?;
    Ok(Export {
        arn: arn.to_owned(),
        bucket: from.s3_bucket.ok_or_else(|| nonsense(permission, "S3Bucket"))?,
        bucket_owner: from.s3_bucket_owner,
        of: from.export_time.as_ref().and_then(time),
        key: from.s3_sse_kms_key_id,
    })
}

/// Functions that read streams, of the table or of Kinesis, by their ARNs.
pub(super) async fn functions(live: &Live, streams: &[&str]) -> Result<Vec<StreamConsumer>, Gap> {
    let permission = FactKind::StreamConsumers.permission();
    let mut all = Vec::new();
    for arn in streams {
        let of_one = pages(permission, |next| async {
            let ask = live.clients().lambda().list_event_source_mappings().event_source_arn(*arn);
            let answer = ask.set_marker(next).send().await.map_err(|e| live.errors.gap(&e, permission))?;
            let page =
                answer.event_source_mappings.ok_or_else(|| nonsense(permission, "EventSourceMappings"))?;
            let mut consumers = Vec::new();
            for mapping in page {
                let function = mapping.function_arn.ok_or_else(|| nonsense(permission, "FunctionArn"))?;
                let state = mapping.state.ok_or_else(|| nonsense(permission, "State"))?;
                consumers.push(StreamConsumer { function, state });
            }
            Ok((consumers, answer.next_marker))
        });
        all.extend(of_one.await?);
    }
    Ok(all)
}

/// By which role each function reads. The rest of the answer, environment variables among it, goes no further than
/// this function.
pub(super) async fn function_roles(
    live: &Live,
    functions: &[StreamConsumer],
) -> Result<Vec<FunctionRole>, Gap> {
    let permission = FactKind::FunctionRoles.permission();
    let mut all = Vec::new();
    for StreamConsumer { function, .. } in functions.iter().take(FUNCTIONS) {
        let sent = live.clients().lambda().get_function_configuration().function_name(function).send().await;
        let role = sent.map_err(|e| live.errors.gap(&e, permission))?.role;
        let role = role.ok_or_else(|| nonsense(permission, "Role"))?;
        all.push(FunctionRole { function: function.clone(), role });
    }
    Ok(all)
}

/// Pipes that read streams, of the table or of Kinesis, by their ARNs.
pub(super) async fn pipes(live: &Live, streams: &[&str]) -> Result<Vec<Pipe>, Gap> {
    let permission = FactKind::Pipes.permission();
    let mut all = Vec::new();
    for arn in streams {
        let of_one = pages(permission, |next| async {
            let ask = live.clients().pipes().list_pipes().source_prefix(*arn).set_next_token(next);
            let answer = ask.send().await.map_err(|e| live.errors.gap(&e, permission))?;
            let page = answer.pipes.ok_or_else(|| nonsense(permission, "Pipes"))?;
            // The prefix of a name is that of a longer one, too.
            let page: Vec<_> =
                page.into_iter().filter(|p| p.source.as_deref().is_none_or(|of| of == *arn)).collect();
            if page.iter().any(|p| p.current_state.is_none()) {
                return Err(nonsense(permission, "CurrentState"));
            }
            let page = page
                .into_iter()
                .map(|p| Pipe {
                    name: p.name.unwrap_or_default(),
                    target: p.target.unwrap_or_default(),
                    state: p.current_state.map(|s| s.as_str().to_owned()).unwrap_or_default(),
                })
                .collect();
            Ok((page, answer.next_token))
        });
        all.extend(of_one.await?);
    }
    Ok(all)
}

/// Recovery points in AWS Backup.
pub(super) async fn recovery_points(live: &Live, table_arn: String) -> Result<Vec<RecoveryPoint>, Gap> {
    let permission = FactKind::RecoveryPoints.permission();
    pages(permission, |next| async {
        let ask = live.clients().backup().list_recovery_points_by_resource().resource_arn(&table_arn);
        let sent = ask.set_next_token(next).send().await;
        let answer = match sent {
            Ok(answer) => answer,
            // AWS Backup says so of a resource that it never backed up.
            Err(e) if e.as_service_error().is_some_and(|e| e.is_resource_not_found_exception()) => {
                return Ok((Vec::new(), None));
            }
            Err(e) => return Err(live.errors.gap(&e, permission)),
        };
        let page = answer.recovery_points.ok_or_else(|| nonsense(permission, "RecoveryPoints"))?;
        let mut points = Vec::new();
        for point in page {
            points.push(RecoveryPoint {
                arn: point.recovery_point_arn,
                vault: point.backup_vault_name.ok_or_else(|| nonsense(permission, "BackupVaultName"))?,
                created: point.creation_date.as_ref().and_then(time),
                key: point.encryption_key_arn,
                status: point.status.map(|status| status.as_str().to_owned()).unwrap_or_default(),
            });
        }
        Ok((points, answer.next_token))
    })
    .await
}

/// How the vaults in which the recovery points are keep them; those that are not told are left out, unless none is.
pub(super) async fn vault_settings(live: &Live, points: &[RecoveryPoint]) -> Result<Vec<VaultSettings>, Gap> {
    of_each(vault_names(points), |name| settings_of(live, name)).await
}

async fn settings_of(live: &Live, name: &str) -> Result<VaultSettings, Gap> {
    let permission = FactKind::VaultSettings.permission();
    let sent = live.clients().backup().describe_backup_vault().backup_vault_name(name).send().await;
    let answer = sent.map_err(|e| live.errors.gap(&e, permission))?;
    let days = answer.min_retention_days.and_then(|days| u32::try_from(days).ok());
    let locked = answer.locked.ok_or_else(|| nonsense(permission, "Locked"))?;
    Ok(VaultSettings { name: name.to_owned(), locked, min_days: days })
}

/// The policies of the vaults in which the recovery points are.
pub(super) async fn vaults(live: &Live, points: &[RecoveryPoint]) -> Result<Vec<Vault>, Gap> {
    of_each(vault_names(points), |name| vault(live, name)).await
}

fn vault_names(points: &[RecoveryPoint]) -> Vec<&str> {
    let mut names: Vec<&str> = points.iter().map(|p| p.vault.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    names.truncate(VAULTS);
    names
}

async fn vault(live: &Live, name: &str) -> Result<Vault, Gap> {
    let permission = FactKind::Vaults.permission();
    let sent = live.clients().backup().get_backup_vault_access_policy().backup_vault_name(name).send().await;
    let policy = match sent {
        // A vault without one answers with an error.
        Ok(answer) => Some(Policy::parse(&answer.policy.ok_or_else(|| nonsense(permission, "Policy"))?)),
        // No policy (Backup Developer Guide, GetBackupVaultAccessPolicy).
        Err(e) if e.as_service_error().is_some_and(|e| e.is_resource_not_found_exception()) => None,
        Err(e) => return Err(live.errors.gap(&e, permission)),
    };
    Ok(Vault { name: name.to_owned(), policy })
}

/// Which dimensions of the table's own capacity scale.
pub(super) async fn scaling(live: &Live, table: &TableRef) -> Result<Vec<String>, Gap> {
    let permission = FactKind::Scaling.permission();
    pages(permission, |next| async {
        let ask = live.clients().autoscaling().describe_scalable_targets();
        let ask =
            ask.service_namespace(ServiceNamespace::Dynamodb).resource_ids(format!("table/{}", table.name));
        let answer = ask.set_next_token(next).send().await.map_err(|e| live.errors.gap(&e, permission))?;
        let page = answer.scalable_targets.ok_or_else(|| nonsense(permission, "ScalableTargets"))?;
        // One that may not scale out stays where it is when it matters.
        let scales = |t: &ScalableTarget| {
            let suspended = t.suspended_state.as_ref().and_then(|s| s.dynamic_scaling_out_suspended);
            suspended != Some(true)
        };
        if page.iter().any(|t| t.scalable_dimension.as_str().is_empty()) {
            return Err(nonsense(permission, "ScalableDimension"));
        }
        let page = page.into_iter().filter(scales);
        Ok((page.map(|t| t.scalable_dimension.as_str().to_owned()).collect(), answer.next_token))
    })
    .await
}
