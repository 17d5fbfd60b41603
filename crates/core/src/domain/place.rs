//! What is the same for every table of an account and Region: trails, caches, analyzers and limits.

use serde::{Deserialize, Serialize};

/// An analyzer of IAM Access Analyzer that looks for access from outside and is at work
/// (`access-analyzer:ListAnalyzers`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Analyzer {
    /// Its ARN.
    pub arn: String,
    /// Its name.
    pub name: String,
    /// Whether what it calls outside is outside the organization; otherwise outside the account.
    pub organization: bool,
}

/// Something from outside that a table's policy or its stream's lets in, as an analyzer found it
/// (`access-analyzer:ListFindingsV2`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessFinding {
    /// The finding's id.
    pub id: String,
    /// The analyzer's name.
    pub analyzer: String,
    /// The ARN of the table or stream.
    pub resource: String,
    /// Why the analyzer could not look at it, in its word; then nothing was found.
    pub error: Option<String>,
}

/// What `dynamodb:DescribeLimits` says of the account in a Region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Read capacity units that all provisioned tables together may have.
    pub account_read: u64,
    /// Read capacity units that one table may have, its indexes included.
    pub table_read: u64,
    /// Write capacity units that one table may have, its indexes included; `None` where it is not told.
    #[serde(default)]
    pub table_write: Option<u64>,
}

/// One trail of `cloudtrail:DescribeTrails`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trail {
    /// Its ARN.
    pub arn: String,
    /// Its name.
    pub name: String,
    /// Whether it records every Region; otherwise only the one it was made in.
    pub every_region: bool,
    /// The Region it was made in.
    pub home: String,
    /// The bucket it delivers to.
    #[serde(default)]
    pub bucket: Option<String>,
}

/// Whether a trail records (`cloudtrail:GetTrailStatus`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrailStatus {
    /// The trail's ARN.
    pub arn: String,
    /// Whether it records.
    pub logging: bool,
    /// What went wrong when it last delivered, in the service's words.
    pub delivery_error: Option<String>,
}

/// What a trail records (`cloudtrail:GetEventSelectors`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrailSelectors {
    /// The trail's ARN.
    pub arn: String,
    /// Any one of these that matches an event has it recorded. Basic selectors are written as advanced ones.
    pub selectors: Vec<Selector>,
}

/// One advanced event selector: an event must match every field (CloudTrail API Reference,
/// `AdvancedFieldSelector`).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Selector {
    /// Its fields.
    pub fields: Vec<FieldSelector>,
}

/// What one field of an event must be. Of the positive lists one value must match, of the negative none.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FieldSelector {
    /// `eventCategory`, `resources.type`, `resources.ARN`, `readOnly`, `eventName` ...
    pub field: String,
    /// Equal to one of these.
    pub equals: Vec<String>,
    /// Starts with one of these.
    pub starts_with: Vec<String>,
    /// Ends with one of these.
    pub ends_with: Vec<String>,
    /// Equal to none of these.
    pub not_equals: Vec<String>,
    /// Starts with none of these.
    pub not_starts_with: Vec<String>,
    /// Ends with none of these.
    pub not_ends_with: Vec<String>,
}

impl FieldSelector {
    /// That a field is one of these values.
    pub fn equal(field: &str, values: &[&str]) -> Self {
        let equals = values.iter().map(|v| (*v).to_owned()).collect();
        Self { field: field.to_owned(), equals, ..Self::default() }
    }

    /// Whether it demands or refuses some value: without one it would match all.
    pub fn asks_something(&self) -> bool {
        let all = [&self.equals, &self.starts_with, &self.ends_with];
        let not = [&self.not_equals, &self.not_starts_with, &self.not_ends_with];
        all.into_iter().chain(not).any(|list| !list.is_empty())
    }

    /// Whether a value of the field matches.
    pub fn matches(&self, value: &str) -> bool {
        let any = |list: &[String], test: fn(&str, &str) -> bool| list.iter().any(|x| test(value, x));
        let starts: fn(&str, &str) -> bool = |v, x| v.starts_with(x);
        let ends: fn(&str, &str) -> bool = |v, x| v.ends_with(x);
        let equal: fn(&str, &str) -> bool = |v, x| v == x;
        let positive = [(&self.equals, equal), (&self.starts_with, starts), (&self.ends_with, ends)];
        let negative =
            [(&self.not_equals, equal), (&self.not_starts_with, starts), (&self.not_ends_with, ends)];
        let asked = positive.iter().any(|(list, _)| !list.is_empty());
        (!asked || positive.iter().any(|(list, test)| any(list, *test)))
            && !negative.iter().any(|(list, test)| any(list, *test))
    }
}

/// One cluster of `dax:DescribeClusters`: a cache that may stand in front of tables of the Region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cache {
    /// Its name.
    pub name: String,
    /// Whether it encrypts what it holds: `SSEDescription.Status` is `ENABLED` (or being switched on); `None` where the
    /// answer does not say.
    pub encrypted: Option<bool>,
    /// Whether clients talk to it over TLS: `ClusterEndpointEncryptionType` is `TLS`; `None` where the answer does not
    /// say.
    pub tls: Option<bool>,
    /// The role by which it reads tables.
    pub role: String,
    /// What another cluster like it is made with; what the answer leaves out is empty.
    #[serde(default)]
    pub made: CacheMade,
}

/// How a DAX cluster is made.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CacheMade {
    /// `dax.r5.large` ...
    pub node_type: String,
    /// How many nodes.
    pub nodes: u32,
    /// The group of subnets that they are in.
    pub subnet_group: String,
    /// The ids of the security groups.
    pub security_groups: Vec<String>,
    /// The group of parameters.
    pub parameter_group: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_matches_as_cloudtrail_says() {
        let check = |change: fn(&mut FieldSelector), value: &str, expect: bool| {
            let mut field = FieldSelector::default();
            change(&mut field);
            assert_eq!(field.matches(value), expect, "{field:?} {value}");
        };
        check(|_| (), "GetItem", true);
        check(|f| f.equals = vec!["GetItem".into()], "GetItem", true);
        check(|f| f.equals = vec!["GetItem".into()], "Scan", false);
        check(|f| f.starts_with = vec!["Get".into(), "Sc".into()], "Scan", true);
        check(|f| f.ends_with = vec!["Item".into()], "Scan", false);
        check(|f| f.not_equals = vec!["Scan".into()], "Scan", false);
        check(|f| f.not_starts_with = vec!["Put".into()], "Scan", true);
        check(|f| f.not_ends_with = vec!["an".into()], "Scan", false);
    }
}
