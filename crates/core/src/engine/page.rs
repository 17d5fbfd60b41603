//! A page of items, folded: counts and sightings, no item.

use std::sync::Arc;

use crate::audit::AuditEvent;
use crate::detect::{Scratch, Screening};
use crate::domain::{Cursor, Page, Rcu, Segment, Sighting, TableRef, TakingTraits, Traits, Uninspected};
use crate::dynamodb_json;
use crate::scan::worst_case;

/// What is left of a page of items once it was looked at.
pub struct Folded {
    /// Items looked at, as the service counted them.
    pub items: u64,
    /// Items that were given.
    pub given: u64,
    /// What of them was not inspected.
    pub uninspected: Uninspected,
    /// What they are like, without their values.
    pub traits: Traits,
    /// What was seen.
    pub sightings: Vec<Sighting>,
    /// What it cost, where the answer says.
    pub cost: Option<Rcu>,
    /// Where to go on.
    pub next: Option<Cursor>,
}

impl Folded {
    /// Of a page of a whole table, without a filter. The items stay with whoever has them.
    pub fn of(page: &Page) -> Self {
        Self {
            items: page.scanned,
            given: page.items.len() as u64,
            uninspected: page.uninspected_of_all(),
            traits: page.traits.clone(),
            sightings: page.items.iter().flat_map(|item| item.sightings().iter().cloned()).collect(),
            cost: page.cost,
            next: page.next.clone(),
        }
    }

    /// Of an answer to a Scan without a filter, its items where they lie.
    pub fn read(
        page: &dynamodb_json::Page,
        screening: &Arc<Screening>,
        mut taken: TakingTraits<'_>,
        scratch: &mut Scratch,
    ) -> Self {
        let (mut sightings, mut uninspected) = (Vec::new(), Uninspected::default());
        for view in page.items() {
            taken.see(|name| view.get(name));
            let (seen, left) = screening.sightings(&view, || view.item(), scratch);
            sightings.extend(seen);
            uninspected += left;
        }
        let given = page.len() as u64;
        Self { items: given, given, uninspected, traits: taken.traits, sightings, cost: None, next: None }
    }

    /// What it counts as having cost, given the most items that were asked for: an answer that does not say counts at its
    /// worst case, as a lost one does.
    pub fn charged(&self, limit: Option<u32>) -> Rcu {
        self.cost.unwrap_or_else(|| worst_case(limit))
    }

    /// What happened, for an audit.
    pub fn into_event(self, table: TableRef, segment: Option<Segment>, limit: Option<u32>) -> AuditEvent {
        let cost = self.charged(limit);
        let Self { items, traits, uninspected, sightings, .. } = self;
        AuditEvent::Items { table, segment, items, traits, uninspected, cost, sightings }
    }
}
