//! One loader a kind of fact: those that one table answers for itself. Copies, keys and places have files of
//! their own.

use std::collections::BTreeSet;

use crate::domain::{
    FactKind, FactValue, FailureKind, Gap, Permission, Policy, ResourcePolicy, TableFacts, TableRef,
};
use crate::source::Source;
use crate::source::live::answer_cache::Called;
use crate::source::live::errors::{failed, nonsense};
use crate::source::live::{Live, analyzers, backup_plans, convert, copies, iam, keys, place, streams, usage};

/// Maximum number of pages of a list about one table: a longer one is not believed. Backups, exports and grants of a
/// table can fill hundreds.
const MAX_PAGES: usize = 1000;

/// One fact: what one answer says of every table is asked once, and a silent service is left alone (`kept`).
pub(super) async fn load(
    live: &Live,
    table: &TableRef,
    kind: FactKind,
    known: &TableFacts,
) -> Result<FactValue, Gap> {
    let kept = live.kept();
    let asked = kept.unless_silent(&live.clock, Called::for_fact(kind), ask(live, table, kind, known));
    match kept.once(&live.clock, kind, asked).await? {
        // The answer is about all tables of the Region, and the fact about this one.
        FactValue::AccessFindings(all) => {
            Ok(FactValue::AccessFindings(analyzers::of_table(all, &table_arn(live, table, known)?)))
        }
        value => Ok(value),
    }
}

async fn ask(live: &Live, table: &TableRef, kind: FactKind, known: &TableFacts) -> Result<FactValue, Gap> {
    match kind {
        FactKind::Description => description(live, table).await,
        FactKind::Backups => backups(live, table).await,
        FactKind::TimeToLive => time_to_live(live, table).await,
        FactKind::Policy => {
            let clients = live.clients();
            policy(live, clients.dynamodb(), table_arn(live, table, known)?, kind.permission())
                .await
                .map(FactValue::Policy)
        }
        FactKind::Key => keys::key(live, &known.description.read()?.encryption).await.map(FactValue::Key),
        FactKind::Rotation => keys::rotation(live, known.key.read()?).await.map(FactValue::Rotation),
        FactKind::StreamPolicy => match &known.description.read()?.stream {
            None => Ok(FactValue::StreamPolicy(None)),
            Some(stream) => {
                let clients = live.clients();
                policy(live, clients.dynamodb(), stream.arn.clone(), kind.permission())
                    .await
                    .map(FactValue::StreamPolicy)
            }
        },
        FactKind::Tags => tags(live, table_arn(live, table, known)?).await,
        FactKind::Insights => copies::insights(live, table).await.map(FactValue::Insights),
        FactKind::InsightsDetails => copies::insights_details(live, table, known.insights.read()?)
            .await
            .map(FactValue::InsightsDetails),
        FactKind::Kinesis => copies::kinesis(live, table).await.map(FactValue::Kinesis),
        FactKind::KinesisRetention => {
            copies::kinesis_retention(live, known.kinesis.read()?).await.map(FactValue::KinesisRetention)
        }
        FactKind::KinesisPolicies => {
            copies::kinesis_policies(live, known.kinesis.read()?).await.map(FactValue::KinesisPolicies)
        }
        FactKind::KinesisConsumers => {
            copies::kinesis_consumers(live, known.kinesis.read()?).await.map(FactValue::KinesisConsumers)
        }
        FactKind::OnDemandBackups => copies::backups(live, table).await.map(FactValue::OnDemandBackups),
        FactKind::Exports => {
            copies::exports(live, table_arn(live, table, known)?).await.map(FactValue::Exports)
        }
        FactKind::ExportDetails => {
            copies::export_details(live, known.exports.read()?).await.map(FactValue::ExportDetails)
        }
        FactKind::KeyPolicy => keys::policy(live, known.key.read()?).await.map(FactValue::KeyPolicy),
        FactKind::KeyGrants => keys::grants(live, known.key.read()?).await.map(FactValue::KeyGrants),
        FactKind::StreamConsumers => {
            let arns = stream_arn(known)?;
            copies::functions(live, &arns).await.map(FactValue::StreamConsumers)
        }
        FactKind::Pipes => copies::pipes(live, &stream_arn(known)?).await.map(FactValue::Pipes),
        FactKind::Streams => streams::streams(live, table).await.map(FactValue::Streams),
        FactKind::LeftStreams => {
            let (all, today) = (known.streams.read()?, known.description.known());
            streams::left(live, all, today).await.map(FactValue::LeftStreams)
        }
        FactKind::KinesisFunctions => {
            copies::functions(live, &kinesis_arns(known)?).await.map(FactValue::KinesisFunctions)
        }
        FactKind::KinesisPipes => {
            copies::pipes(live, &kinesis_arns(known)?).await.map(FactValue::KinesisPipes)
        }
        FactKind::FunctionRoles => {
            copies::function_roles(live, known.stream_consumers.read()?).await.map(FactValue::FunctionRoles)
        }
        FactKind::RecoveryPoints => {
            let arn = table_arn(live, table, known)?;
            copies::recovery_points(live, arn).await.map(FactValue::RecoveryPoints)
        }
        FactKind::Vaults => copies::vaults(live, known.recovery_points.read()?).await.map(FactValue::Vaults),
        FactKind::VaultSettings => {
            copies::vault_settings(live, known.recovery_points.read()?).await.map(FactValue::VaultSettings)
        }
        FactKind::RecoveryKeys => {
            keys::recovery_keys(live, known.recovery_points.read()?).await.map(FactValue::RecoveryKeys)
        }
        FactKind::BackupPlans => backup_plans::plans(live).await.map(FactValue::BackupPlans),
        FactKind::BackupSelections => {
            backup_plans::selections(live, known.backup_plans.read()?).await.map(FactValue::BackupSelections)
        }
        FactKind::BackupChoices => {
            backup_plans::choices(live, known.backup_selections.read()?).await.map(FactValue::BackupChoices)
        }
        FactKind::Scaling => copies::scaling(live, table).await.map(FactValue::Scaling),
        FactKind::Replicas => {
            keys::replicas(live, table, known.description.read()?).await.map(FactValue::Replicas)
        }
        FactKind::ReplicaKeys => {
            keys::replica_keys(live, known.replicas.read()?).await.map(FactValue::ReplicaKeys)
        }
        FactKind::ReplicaBackups => {
            keys::replica_backups(live, table, known.replicas.read()?).await.map(FactValue::ReplicaBackups)
        }
        FactKind::ReplicaPolicies => {
            keys::replica_policies(live, known.replicas.read()?).await.map(FactValue::ReplicaPolicies)
        }
        FactKind::Trails => place::trails(live).await.map(FactValue::Trails),
        FactKind::TrailStatus => place::status(live, known.trails.read()?).await.map(FactValue::TrailStatus),
        FactKind::TrailSelectors => {
            place::selectors(live, known.trails.read()?).await.map(FactValue::TrailSelectors)
        }
        FactKind::Caches => place::caches(live).await.map(FactValue::Caches),
        FactKind::KeyAliases => keys::aliases(live, known.key.read()?).await.map(FactValue::KeyAliases),
        FactKind::Limits => place::limits(live).await.map(FactValue::Limits),
        FactKind::Analyzers => analyzers::analyzers(live).await.map(FactValue::Analyzers),
        FactKind::AccessFindings => {
            analyzers::findings(live, known.analyzers.read()?).await.map(FactValue::AccessFindings)
        }
        FactKind::Account => iam::account(live).await.map(FactValue::Account),
        FactKind::Usage => usage::usage(live, table).await.map(FactValue::Usage),
    }
}

/// The table's stream, if it has one.
fn stream_arn(known: &TableFacts) -> Result<Vec<&str>, Gap> {
    Ok(known.description.read()?.stream.iter().map(|stream| stream.arn.as_str()).collect())
}

/// The data streams that get every change.
fn kinesis_arns(known: &TableFacts) -> Result<Vec<&str>, Gap> {
    Ok(known.kinesis.read()?.iter().map(|destination| destination.arn.as_str()).collect())
}

/// Reads page after page, until there is no next one.
///
/// # Errors
/// Whatever a page's error is; a list that does not end, or goes on where it was before.
pub(super) async fn pages<T, F>(
    permission: &'static Permission,
    mut ask: impl FnMut(Option<String>) -> F,
) -> Result<Vec<T>, Gap>
where
    F: Future<Output = Result<(Vec<T>, Option<String>), Gap>> + Send,
{
    let mut all = Vec::new();
    let mut next = None;
    let mut before = BTreeSet::new();
    for _ in 0..MAX_PAGES {
        let (page, token) = ask(next).await?;
        all.extend(page);
        next = token.filter(|token| !token.is_empty());
        let Some(token) = &next else { return Ok(all) };
        if !before.insert(token.clone()) {
            break;
        }
    }
    Err(nonsense(permission, "end"))
}

/// What was answered, of several questions of one kind: one that failed takes nothing from the others. A service that slows
/// us down is not asked for the rest.
pub(super) async fn of_each<T, U, F>(
    all: impl IntoIterator<Item = T>,
    mut ask: impl FnMut(T) -> F,
) -> Result<Vec<U>, Gap>
where
    F: Future<Output = Result<U, Gap>> + Send,
{
    let (mut told, mut failed) = (Vec::new(), None);
    for one in all {
        match ask(one).await {
            Ok(answer) => told.push(answer),
            Err(Gap::Failed(failure)) if failure.kind == FailureKind::Throttled => {
                return Err(Gap::Failed(failure));
            }
            Err(gap) => failed = failed.or(Some(gap)),
        }
    }
    match failed {
        Some(gap) if told.is_empty() => Err(gap),
        _ => Ok(told),
    }
}

async fn description(live: &Live, table: &TableRef) -> Result<FactValue, Gap> {
    let sent = live.clients().dynamodb().describe_table().table_name(&table.name).send().await;
    let answer = sent.map_err(|e| live.errors.gap(&e, FactKind::Description.permission()))?;
    convert::description(answer.table).map(FactValue::Description)
}

async fn backups(live: &Live, table: &TableRef) -> Result<FactValue, Gap> {
    let sent = live.clients().dynamodb().describe_continuous_backups().table_name(&table.name).send().await;
    let answer = sent.map_err(|e| live.errors.gap(&e, FactKind::Backups.permission()))?;
    convert::backups(answer.continuous_backups_description).map(FactValue::Backups)
}

async fn time_to_live(live: &Live, table: &TableRef) -> Result<FactValue, Gap> {
    let sent = live.clients().dynamodb().describe_time_to_live().table_name(&table.name).send().await;
    let answer = sent.map_err(|e| live.errors.gap(&e, FactKind::TimeToLive.permission()))?;
    convert::time_to_live(answer.time_to_live_description).map(FactValue::TimeToLive)
}

/// `None` only where the service says that there is no policy.
pub(super) async fn policy(
    live: &Live,
    dynamodb: &aws_sdk_dynamodb::Client,
    arn: String,
    permission: &'static Permission,
) -> Result<Option<ResourcePolicy>, Gap> {
    match dynamodb.get_resource_policy().resource_arn(arn).send().await {
        Ok(answer) => {
            let document = answer.policy.ok_or_else(|| nonsense(permission, "Policy"))?;
            let policy = Policy::parse(&document);
            Ok(Some(ResourcePolicy { policy, document, revision: answer.revision_id }))
        }
        Err(e) if e.as_service_error().is_some_and(|e| e.is_policy_not_found_exception()) => Ok(None),
        Err(e) => Err(live.errors.gap(&e, permission)),
    }
}

async fn tags(live: &Live, arn: String) -> Result<FactValue, Gap> {
    let permission = FactKind::Tags.permission();
    pages(permission, |next| async {
        let ask = live.clients().dynamodb().list_tags_of_resource().resource_arn(&arn).set_next_token(next);
        let answer = ask.send().await.map_err(|e| live.errors.gap(&e, permission))?;
        let page = answer.tags.ok_or_else(|| nonsense(permission, "Tags"))?;
        if page.iter().any(|tag| tag.key.is_empty()) {
            return Err(nonsense(permission, "Key"));
        }
        Ok((page.into_iter().map(|t| (t.key, t.value)).collect(), answer.next_token))
    })
    .await
    .map(FactValue::Tags)
}

/// The ARN as the service gives it, or as it must be when the account is known.
fn table_arn(live: &Live, table: &TableRef, known: &TableFacts) -> Result<String, Gap> {
    if let Some(description) = known.description.known() {
        return Ok(description.arn.clone());
    }
    // The account may have become known after the table was listed.
    let table = if table.scope.account.is_empty() {
        TableRef::new(&live.scope(), &table.name)
    } else {
        table.clone()
    };
    if table.scope.account.is_empty() {
        return Err(failed(
            FailureKind::Invalid,
            "The table's ARN is not known: neither its description nor the account could be read",
            "grant dynamodb:DescribeTable, then ask again",
        ));
    }
    Ok(table.arn())
}
