//! One loader a kind of fact.

use crate::domain::{
    Encryption, FactKind, FactValue, FailureKind, Gap, KeyManager, KeyRotation, Policy, ResourcePolicy,
    TableFacts, TableRef,
};
use crate::source::Source;
use crate::source::live::Live;
use crate::source::live::convert;
use crate::source::live::errors::{failed, nonsense};

/// A table has at most 50 tags (DynamoDB Developer Guide, "Tagging restrictions"); beyond so many pages the
/// answer is not believed.
const MAX_TAG_PAGES: usize = 20;

/// Asks for one fact.
pub(super) async fn load(
    live: &Live,
    table: &TableRef,
    kind: FactKind,
    known: &TableFacts,
) -> Result<FactValue, Gap> {
    match kind {
        FactKind::Description => description(live, table).await,
        FactKind::Backups => backups(live, table).await,
        FactKind::TimeToLive => time_to_live(live, table).await,
        FactKind::Policy => {
            policy(live, table_arn(live, table, known)?, kind.permission()).await.map(FactValue::Policy)
        }
        FactKind::Key => key(live, known).await,
        FactKind::Rotation => rotation(live, known).await,
        FactKind::StreamPolicy => match &known.description.read()?.stream {
            None => Ok(FactValue::StreamPolicy(None)),
            Some(stream) => {
                policy(live, stream.arn.clone(), kind.permission()).await.map(FactValue::StreamPolicy)
            }
        },
        FactKind::Tags => tags(live, table_arn(live, table, known)?).await,
    }
}

async fn description(live: &Live, table: &TableRef) -> Result<FactValue, Gap> {
    let sent = live.clients.dynamodb.describe_table().table_name(&table.name).send().await;
    let answer = sent.map_err(|e| live.errors.gap(&e, FactKind::Description.permission()))?;
    convert::description(answer.table).map(FactValue::Description)
}

async fn backups(live: &Live, table: &TableRef) -> Result<FactValue, Gap> {
    let sent = live.clients.dynamodb.describe_continuous_backups().table_name(&table.name).send().await;
    let answer = sent.map_err(|e| live.errors.gap(&e, FactKind::Backups.permission()))?;
    convert::backups(answer.continuous_backups_description).map(FactValue::Backups)
}

async fn time_to_live(live: &Live, table: &TableRef) -> Result<FactValue, Gap> {
    let sent = live.clients.dynamodb.describe_time_to_live().table_name(&table.name).send().await;
    let answer = sent.map_err(|e| live.errors.gap(&e, FactKind::TimeToLive.permission()))?;
    convert::time_to_live(answer.time_to_live_description).map(FactValue::TimeToLive)
}

/// `None` only where the service says that there is no policy.
async fn policy(
    live: &Live,
    arn: String,
    permission: &'static crate::domain::Permission,
) -> Result<Option<ResourcePolicy>, Gap> {
    match live.clients.dynamodb.get_resource_policy().resource_arn(arn).send().await {
        Ok(answer) => {
            let document = answer.policy.ok_or_else(|| nonsense(permission, "Policy"))?;
            let policy = Policy::parse(&document);
            Ok(Some(ResourcePolicy { policy, document, revision: answer.revision_id }))
        }
        Err(e) if e.as_service_error().is_some_and(|e| e.is_policy_not_found_exception()) => Ok(None),
        Err(e) => Err(live.errors.gap(&e, permission)),
    }
}

async fn key(live: &Live, known: &TableFacts) -> Result<FactValue, Gap> {
    let Encryption::Kms { key_arn, .. } = &known.description.read()?.encryption else {
        return Ok(FactValue::Key(None));
    };
    let sent = live.clients.kms.describe_key().key_id(key_arn).send().await;
    let answer = sent.map_err(|e| live.errors.gap(&e, FactKind::Key.permission()))?;
    convert::kms_key(answer.key_metadata).map(|key| FactValue::Key(Some(key)))
}

async fn rotation(live: &Live, known: &TableFacts) -> Result<FactValue, Gap> {
    let Some(key) = known.key.read()?.as_ref().filter(|k| k.manager == KeyManager::Customer) else {
        return Ok(FactValue::Rotation(None));
    };
    match live.clients.kms.get_key_rotation_status().key_id(&key.arn).send().await {
        // The SDK fills a missing KeyRotationEnabled with false. Since 2024 the answer always names the key
        // as well (KMS API Reference, GetKeyRotationStatus); one that does not is no answer.
        Ok(answer) if !answer.key_rotation_enabled && answer.key_id.is_none() => {
            Err(nonsense(FactKind::Rotation.permission(), "KeyRotationEnabled or KeyId"))
        }
        Ok(answer) => Ok(FactValue::Rotation(Some(KeyRotation {
            enabled: answer.key_rotation_enabled,
            period_days: answer.rotation_period_in_days.and_then(|d| u32::try_from(d).ok()),
        }))),
        Err(e) => Err(live.errors.gap(&e, FactKind::Rotation.permission())),
    }
}

async fn tags(live: &Live, arn: String) -> Result<FactValue, Gap> {
    let permission = FactKind::Tags.permission();
    let mut tags = Vec::new();
    let mut next = None;
    for _ in 0..MAX_TAG_PAGES {
        let ask = live.clients.dynamodb.list_tags_of_resource().resource_arn(&arn).set_next_token(next);
        let answer = ask.send().await.map_err(|e| live.errors.gap(&e, permission))?;
        let page = answer.tags.ok_or_else(|| nonsense(permission, "Tags"))?;
        tags.extend(page.into_iter().map(|t| (t.key, t.value)));
        next = answer.next_token;
        if next.is_none() {
            return Ok(FactValue::Tags(tags));
        }
    }
    Err(nonsense(permission, "end"))
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
