//! A table as CloudFormation has it: what a template has to say of it besides the one setting that a fix is about. What is
//! left out of a template is switched off, so all that is known stands there.

use super::Needs;
use super::flavour::yaml;
use super::slots::{Ask, description};
use crate::domain::{Billing, Encryption, Index, KeyAttribute, KeyManager, Projection};

/// The properties without which a template would make another table, six spaces deep.
pub(super) fn table(ask: &Ask<'_>) -> Result<String, Needs> {
    let table = description(ask)?;
    if !table.replicas.is_empty() {
        // It would be a GlobalTable, and one kind does not become the other without being made anew.
        return Err(Needs::NoTemplate);
    }
    let key: Vec<&KeyAttribute> = std::iter::once(&table.key.partition).chain(&table.key.sort).collect();
    let mut attributes: Vec<&KeyAttribute> = Vec::new();
    for attribute in key.iter().copied().chain(table.indexes.iter().flat_map(Index::keys)) {
        if !attributes.iter().any(|a| a.name == attribute.name) {
            attributes.push(attribute);
        }
    }
    let mut out =
        format!("      TableName: {}\n      AttributeDefinitions:\n", yaml(&ask.finding.table.name));
    for attribute in &attributes {
        out += &format!(
            "        - {{AttributeName: {}, AttributeType: {}}}\n",
            yaml(&attribute.name),
            attribute.kind.letter()
        );
    }
    out += "      KeySchema:\n";
    out += &schema(&table.key.partition, &[], table.key.sort.as_ref(), &[], 8);
    match table.billing {
        Billing::OnDemand => out += "      BillingMode: PAY_PER_REQUEST\n",
        Billing::Provisioned { read, write } => out += &throughput(read, write.unwrap_or(read), 6),
    }
    for (title, global) in [("GlobalSecondaryIndexes", true), ("LocalSecondaryIndexes", false)] {
        let all: Vec<&Index> = table.indexes.iter().filter(|i| i.global == global).collect();
        if all.is_empty() {
            continue;
        }
        out += &format!("      {title}:\n");
        for index in all {
            out += &format!("        - IndexName: {}\n          KeySchema:\n", yaml(&index.name));
            out += &schema(
                &index.key.partition,
                &index.more_partition,
                index.key.sort.as_ref(),
                &index.more_sort,
                12,
            );
            out += "          Projection:\n";
            match &index.projection {
                Projection::All => out += "            ProjectionType: ALL\n",
                Projection::KeysOnly => out += "            ProjectionType: KEYS_ONLY\n",
                Projection::Include(names) => {
                    let names: Vec<String> = names.iter().map(|n| yaml(n)).collect();
                    out += &format!(
                        "            ProjectionType: INCLUDE\n            NonKeyAttributes: [{}]\n",
                        names.join(", ")
                    );
                }
            }
            if let (true, Billing::Provisioned { read, write }) = (global, table.billing) {
                let (read, write) = index.capacity.unwrap_or((read, write.unwrap_or(read)));
                out += &throughput(read, write, 10);
            }
        }
    }
    out += &settings(ask);
    // The slot stands on a line of its own.
    Ok(out.trim_end_matches('\n').to_owned())
}

/// The settings that are known, but the one that the template itself has.
fn settings(ask: &Ask<'_>) -> String {
    let (topic, facts) = (ask.finding.topic.unwrap_or_default(), ask.facts);
    let mut out = String::new();
    let Some(table) = facts.description.known() else { return out };
    if table.class != "STANDARD" {
        out += &format!("      TableClass: {}\n", yaml(&table.class));
    }
    if let Some(stream) = &table.stream
        && super::policy::attached_to(ask) != super::policy::Of::Stream
    {
        out += &format!("      StreamSpecification:\n        StreamViewType: {}\n", yaml(&stream.view));
    }
    if let Encryption::Kms { key_arn, .. } = &table.encryption
        && topic != "customer-key"
    {
        out += "      SSESpecification:\n        SSEEnabled: true\n        SSEType: KMS\n";
        // The key that AWS manages is the one without an ARN.
        let of_aws = facts.key.known().and_then(Option::as_ref).is_some_and(|k| k.manager == KeyManager::Aws);
        if !of_aws {
            out += &format!("        KMSMasterKeyId: {}\n", yaml(key_arn));
        }
    }
    if table.deletion_protection == Some(true) && topic != "deletion-protection" {
        out += "      DeletionProtectionEnabled: true\n";
    }
    if let Some(backups) = facts.backups.known().filter(|b| b.point_in_time)
        && !topic.starts_with("pitr")
    {
        out += "      PointInTimeRecoverySpecification:\n        PointInTimeRecoveryEnabled: true\n";
        out += &backups
            .window_days
            .map(|days| format!("        RecoveryPeriodInDays: {days}\n"))
            .unwrap_or_default();
    }
    if let Some(attribute) = facts.time_to_live.known().and_then(|ttl| ttl.attribute.as_deref())
        && !topic.starts_with("ttl")
    {
        out += &format!(
            "      TimeToLiveSpecification:\n        AttributeName: {}\n        Enabled: true\n",
            yaml(attribute)
        );
    }
    out
}

fn throughput(read: u64, write: u64, indent: usize) -> String {
    format!(
        "{}ProvisionedThroughput: {{ReadCapacityUnits: {}, WriteCapacityUnits: {}}}\n",
        " ".repeat(indent),
        read.max(1),
        write.max(1)
    )
}

fn schema(
    partition: &KeyAttribute,
    more_partition: &[KeyAttribute],
    sort: Option<&KeyAttribute>,
    more_sort: &[KeyAttribute],
    indent: usize,
) -> String {
    let hash = std::iter::once(partition).chain(more_partition).map(|a| (a, "HASH"));
    let range = sort.into_iter().chain(more_sort).map(|a| (a, "RANGE"));
    hash.chain(range)
        .map(|(a, role)| {
            format!("{}- {{AttributeName: {}, KeyType: {role}}}\n", " ".repeat(indent), yaml(&a.name))
        })
        .collect()
}
