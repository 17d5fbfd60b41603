//! Keys: who manages them, who may use them, and those of the table's other Regions.

use crate::domain::{
    Arn, Encryption, FactKind, Gap, KeyGrant, KeyManager, KeyRotation, KmsKey, Policy, RecoveryPoint,
    Replica, ReplicaBackups, ReplicaKey, ReplicaPolicy, TableDescription, TableRef,
};
use crate::source::live::errors::nonsense;
use crate::source::live::facts::{self, of_each, pages};
use crate::source::live::required_fields::Has;
use crate::source::live::{Live, convert};

/// The table's key; `None` where AWS owns it.
pub(super) async fn key(live: &Live, encryption: &Encryption) -> Result<Option<KmsKey>, Gap> {
    let Encryption::Kms { key_arn, .. } = encryption else { return Ok(None) };
    describe(live, live.clients().kms(), key_arn, FactKind::Key).await.map(Some)
}

async fn describe(
    live: &Live,
    client: &aws_sdk_kms::Client,
    key: &str,
    kind: FactKind,
) -> Result<KmsKey, Gap> {
    let sent = client.describe_key().key_id(key).send().await;
    let answer = sent.map_err(|e| live.errors.gap(&e, kind.permission()))?;
    convert::kms_key(answer.key_metadata)
}

/// Rotation, policy and grants are asked of customer managed keys only: AWS decides about the others.
fn customer(key: &Option<KmsKey>) -> Option<&KmsKey> {
    key.as_ref().filter(|k| k.manager == KeyManager::Customer)
}

/// Whether the key rotates; `None` where KMS does not rotate such keys by itself.
pub(super) async fn rotation(live: &Live, key: &Option<KmsKey>) -> Result<Option<KeyRotation>, Gap> {
    let Some(key) = customer(key).filter(|key| key.rotatable) else { return Ok(None) };
    let ask = live.clients().kms().get_key_rotation_status().key_id(&key.arn);
    match ask.customize().interceptor(Has("KeyRotationEnabled")).send().await {
        Ok(answer) => Ok(Some(KeyRotation {
            enabled: answer.key_rotation_enabled,
            period_days: answer.rotation_period_in_days.and_then(|d| u32::try_from(d).ok()),
        })),
        Err(e) => Err(live.errors.gap(&e, FactKind::Rotation.permission())),
    }
}

/// The key's policy; a key has exactly one, named `default`.
pub(super) async fn policy(live: &Live, key: &Option<KmsKey>) -> Result<Option<Policy>, Gap> {
    let Some(key) = customer(key) else { return Ok(None) };
    let permission = FactKind::KeyPolicy.permission();
    let sent = live.clients().kms().get_key_policy().key_id(&key.arn).policy_name("default").send().await;
    let answer = sent.map_err(|e| live.errors.gap(&e, permission))?;
    let document = answer.policy.ok_or_else(|| nonsense(permission, "Policy"))?;
    Ok(Some(Policy::parse(&document)))
}

/// The key's grants.
pub(super) async fn grants(live: &Live, key: &Option<KmsKey>) -> Result<Vec<KeyGrant>, Gap> {
    let Some(key) = customer(key) else { return Ok(Vec::new()) };
    let permission = FactKind::KeyGrants.permission();
    pages(permission, |next| async {
        let sent =
            live.clients().kms().list_grants().key_id(&key.arn).limit(1000).set_marker(next).send().await;
        let answer = sent.map_err(|e| live.errors.gap(&e, permission))?;
        let grants = answer.grants.ok_or_else(|| nonsense(permission, "Grants"))?;
        if grants.iter().any(|g| g.operations.is_none()) {
            return Err(nonsense(permission, "Operations"));
        }
        let grants = grants
            .into_iter()
            .map(|g| KeyGrant {
                id: g.grant_id,
                grantee: g.grantee_principal.or(g.grantee_service_principal).unwrap_or_default(),
                source: g.constraints.and_then(|c| c.source_arn),
                operations: g.operations.iter().flatten().map(|o| o.as_str().to_owned()).collect(),
            })
            .collect();
        Ok((grants, answer.next_marker))
    })
    .await
}

/// The names of the key in its own account; KMS does not tell those of another (API Reference, ListAliases).
pub(super) async fn aliases(live: &Live, key: &Option<KmsKey>) -> Result<Vec<String>, Gap> {
    let Some(key) = key else { return Ok(Vec::new()) };
    let permission = FactKind::KeyAliases.permission();
    pages(permission, |next| async {
        let sent = live.clients().kms().list_aliases().key_id(&key.arn).set_marker(next).send().await;
        let answer = sent.map_err(|e| live.errors.gap(&e, permission))?;
        let page = answer.aliases.ok_or_else(|| nonsense(permission, "Aliases"))?;
        let names = page.into_iter().filter_map(|alias| alias.alias_name).collect();
        Ok((names, answer.next_marker))
    })
    .await
}

/// The table in its other Regions. What is in another account is not asked for: here, that name is another table's.
pub(super) async fn replicas(
    live: &Live,
    table: &TableRef,
    description: &TableDescription,
) -> Result<Vec<Replica>, Gap> {
    let own = Arn::parse(&description.arn).map(|arn| arn.account).unwrap_or_default();
    // The list of replicas may name the Region that was asked as well.
    let others =
        description.replicas.iter().filter(|r| r.region != live.errors.region && !r.is_foreign(&own));
    let regions: Vec<&str> = others.map(|replica| replica.region.as_str()).collect();
    of_each(regions, |region| replica(live, table, region)).await
}

async fn replica(live: &Live, table: &TableRef, region: &str) -> Result<Replica, Gap> {
    let (dynamodb, _) = live.clients().in_region(region);
    let sent = dynamodb.describe_table().table_name(&table.name).send().await;
    let answer = sent.map_err(|e| live.errors.gap(&e, FactKind::Replicas.permission()))?;
    let described = convert::description(answer.table)?;
    Ok(Replica {
        region: region.to_owned(),
        arn: described.arn,
        status: described.status,
        encryption: described.encryption,
        deletion_protection: described.deletion_protection,
    })
}

/// The keys of the replicas, each asked for in the key's own Region; those that are not told are left out, unless none is.
pub(super) async fn replica_keys(live: &Live, replicas: &[Replica]) -> Result<Vec<ReplicaKey>, Gap> {
    of_each(replicas, |of| replica_key(live, of)).await
}

async fn replica_key(live: &Live, of: &Replica) -> Result<ReplicaKey, Gap> {
    let key = match &of.encryption {
        Encryption::AwsOwned => None,
        Encryption::Kms { key_arn, .. } => {
            let home = Arn::parse(key_arn).map_or_else(|| of.region.clone(), |arn| arn.region);
            let (_, kms) = live.clients().in_region(&home);
            Some(describe(live, &kms, key_arn, FactKind::ReplicaKeys).await?)
        }
    };
    Ok(ReplicaKey { region: of.region.clone(), key })
}

/// Whether the replicas can be restored; those that are not told are left out, unless none is.
pub(super) async fn replica_backups(
    live: &Live,
    table: &TableRef,
    replicas: &[Replica],
) -> Result<Vec<ReplicaBackups>, Gap> {
    of_each(replicas, |of| async {
        let (dynamodb, _) = live.clients().in_region(&of.region);
        let sent = dynamodb.describe_continuous_backups().table_name(&table.name).send().await;
        let answer = sent.map_err(|e| live.errors.gap(&e, FactKind::ReplicaBackups.permission()))?;
        let backups = convert::backups(answer.continuous_backups_description)?;
        Ok(ReplicaBackups { region: of.region.clone(), point_in_time: backups.point_in_time })
    })
    .await
}

/// The policies of the replicas; those that are not told are left out, unless none is.
pub(super) async fn replica_policies(live: &Live, replicas: &[Replica]) -> Result<Vec<ReplicaPolicy>, Gap> {
    of_each(replicas, |of| async {
        let (dynamodb, _) = live.clients().in_region(&of.region);
        let permission = FactKind::ReplicaPolicies.permission();
        let policy = facts::policy(live, &dynamodb, of.arn.clone(), permission).await?;
        Ok(ReplicaPolicy { region: of.region.clone(), arn: of.arn.clone(), policy })
    })
    .await
}

/// How many keys of recovery points are looked at: each vault has one.
const RECOVERY_KEYS: usize = 20;

/// The keys of the recovery points, each asked for in its own Region; those that are not told are left out, unless none is.
pub(super) async fn recovery_keys(live: &Live, points: &[RecoveryPoint]) -> Result<Vec<KmsKey>, Gap> {
    let mut arns: Vec<&str> = points.iter().filter_map(|point| point.key.as_deref()).collect();
    arns.sort_unstable();
    arns.dedup();
    of_each(arns.into_iter().take(RECOVERY_KEYS), |key_arn| async move {
        let home = Arn::parse(key_arn).map_or_else(|| live.errors.region.clone(), |arn| arn.region);
        let (_, kms) = live.clients().in_region(&home);
        describe(live, &kms, key_arn, FactKind::RecoveryKeys).await
    })
    .await
}
