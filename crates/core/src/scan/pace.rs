//! Reading slowly enough: a provisioned table shares its capacity with the application that lives on it.

use std::time::Duration;

use crate::domain::{Billing, Rcu, TableDescription};

/// Maximum cost of one page of a provisioned table, in seconds of the share we may use.
const PAGE_SECONDS: u64 = 10;

/// No single pause is longer than this: a page costs 128.5 units at the most, and a user waits for it.
const LONGEST: Duration = Duration::from_secs(300);

/// How fast one table may be read.
///
/// An on-demand table has no capacity of its own to spare, and is limited by the budget alone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace {
    /// Units a second; `None` for an on-demand table.
    per_second: Option<f64>,
    /// Bytes of an item on average, as DescribeTable counted them; `None` for a table it counts as empty.
    item: Option<u64>,
}

impl Pace {
    /// Of a table, given how many percent of its provisioned read capacity may be used.
    pub fn of(description: &TableDescription, share_percent: u8) -> Self {
        let per_second = match description.billing {
            Billing::OnDemand => None,
            Billing::Provisioned { read, .. } => {
                Some(read.max(1) as f64 * f64::from(share_percent.max(1)) / 100.0)
            }
        };
        let item = (description.items > 0).then(|| (description.bytes / description.items).max(1));
        Self { per_second, item }
    }

    /// Whether it is slowed down at all.
    pub fn is_limited(&self) -> bool {
        self.per_second.is_some()
    }

    /// The same, for one of several that read the table together.
    #[must_use]
    pub fn among(self, readers: u32) -> Self {
        Self { per_second: self.per_second.map(|rate| rate / f64::from(readers.max(1))), ..self }
    }

    /// Fewer items a page, so that a page does not take a minute's capacity at once; never more than asked for.
    pub fn limit(&self, asked: Option<u32>) -> Option<u32> {
        let (Some(per_second), Some(item)) = (self.per_second, self.item) else { return asked };
        // Half a unit reads 4 KB (Developer Guide, "DynamoDB read and write operations").
        let bytes = per_second * PAGE_SECONDS as f64 * 8192.0;
        let items = (bytes / item as f64).clamp(1.0, f64::from(u32::MAX)) as u32;
        Some(asked.map_or(items, |asked| asked.min(items)))
    }

    /// How long to wait after a page of this cost before the next of the same table. There is one at a time, so that this is
    /// the table's share, whatever the number of its parts.
    pub fn pause(&self, cost: Rcu) -> Duration {
        self.per_second.map_or(Duration::ZERO, |rate| {
            Duration::from_secs_f64((cost.as_f64() / rate).min(LONGEST.as_secs_f64()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Encryption, KeyAttribute, KeySchema, KeyType};

    fn table(billing: Billing, items: u64, bytes: u64) -> TableDescription {
        TableDescription {
            arn: String::new(),
            status: "ACTIVE".into(),
            key: KeySchema { partition: KeyAttribute { name: "id".into(), kind: KeyType::S }, sort: None },
            indexes: Vec::new(),
            items,
            bytes,
            billing,
            encryption: Encryption::AwsOwned,
            stream: None,
            deletion_protection: Some(true),
            restored_from: None,
            vectors: Vec::new(),
            replicas: Vec::new(),
            class: "STANDARD".into(),
            created: None,
        }
    }

    #[test]
    fn an_on_demand_table_is_not_slowed_down() {
        let pace = Pace::of(&table(Billing::OnDemand, 1000, 1_000_000), 10);
        assert_eq!(pace.limit(None), None);
        assert_eq!(pace.pause(Rcu::PAGE), Duration::ZERO);
    }

    #[test]
    fn a_small_provisioned_table_is_read_in_small_pages() {
        // 5 units, 10 %: half a unit a second, that is 4 KB a second.
        let pace = Pace::of(&table(Billing::Provisioned { read: 5, write: None }, 1000, 1_024_000), 10);
        assert_eq!(pace.limit(Some(200)), Some(40));
        assert_eq!(pace.limit(Some(7)), Some(7));
        assert_eq!(pace.pause(Rcu::units(5)), Duration::from_secs(10));
        assert_eq!(pace.pause(Rcu::units(1_000_000)), LONGEST);
    }

    #[test]
    fn the_smallest_share_of_the_smallest_table() {
        let of = |read, items, bytes, share| {
            Pace::of(&table(Billing::Provisioned { read, write: Some(read) }, items, bytes), share)
        };
        // 1 % of one unit a second: one unit takes 100 s.
        assert_eq!(of(1, 1, 1, 1).pause(Rcu::units(1)), Duration::from_secs(100));
        // Less than one unit, or one percent, is taken as that.
        assert_eq!(of(0, 1, 1, 0), of(1, 1, 1, 1));
        // Items of less than a byte on average: as if they had one.
        assert_eq!(of(1, 1000, 10, 100).limit(None), Some(81_920));
        // What an item of a table takes that counts none is not known.
        assert_eq!(of(1, 0, 0, 100).limit(Some(200)), Some(200));
        assert_eq!(of(1, 0, 0, 100).limit(None), None);
    }

    #[test]
    fn a_page_has_at_least_one_item() {
        let pace = Pace::of(&table(Billing::Provisioned { read: 0, write: None }, 1, 400 * 1024), 0);
        assert_eq!(pace.limit(None), Some(1));
    }
}
