//! What is known so far.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;

use crate::domain::{
    Acceptances, AttributePath, Confidence, FactKind, FactValue, Finding, Flagged, Gap, Rcu, Scope,
    SecretClass, Segment, Severity, Sighting, TableFacts, TableRef, Traits, Uninspected, Verdict,
};
use crate::posture::{CHECKS, PostureCheck, Subject, judge, partly_known};
use crate::scan::Outcome;

/// Something that happened. Counts, facts, sightings and gaps; never item data.
#[derive(Debug, Clone, PartialEq)]
pub enum AuditEvent {
    /// A table exists.
    Table(TableRef),
    /// A fact was read.
    Fact(TableRef, FactValue, Timestamp),
    /// A fact could not be read, or is on its way.
    FactUnavailable(TableRef, FactKind, Gap),
    /// A fact of an account or a Region was read: it stands for every table there.
    Shared(Arc<Scope>, FactValue, Timestamp),
    /// A fact of an account or a Region could not be read, or is on its way.
    SharedFactUnavailable(Arc<Scope>, FactKind, Gap),
    /// The items are about to be read from the start: what was seen in them before is dropped, so that no
    /// item counts twice.
    Restarted(TableRef),
    /// Items were read.
    Items {
        /// Of this table.
        table: TableRef,
        /// And of this part of it; `None` where it is read as one.
        segment: Option<Segment>,
        /// How many.
        items: u64,
        /// What they are like, without their values.
        traits: Traits,
        /// What of them was not inspected.
        uninspected: Uninspected,
        /// At this cost.
        cost: Rcu,
        /// And this was seen in them.
        sightings: Vec<Sighting>,
    },
    /// Records of its stream came in: what items are like now, whether they were read before or not.
    Records {
        /// Of this table.
        table: TableRef,
        /// How many.
        records: u64,
        /// And this was seen in them.
        sightings: Vec<Sighting>,
    },
    /// A part of a table was read to its end.
    Part(TableRef, Segment),
    /// The reading of a table ended.
    Ended(TableRef, Outcome),
}

impl AuditEvent {
    /// The account and Region it is about.
    pub fn scope(&self) -> &Arc<Scope> {
        match self {
            Self::Shared(scope, ..) | Self::SharedFactUnavailable(scope, ..) => scope,
            of_table => &of_table.table().expect("the others are of one table").scope,
        }
    }

    /// The table it is about; `None` for what is of an account or a Region.
    pub fn table(&self) -> Option<&TableRef> {
        Some(match self {
            Self::Shared(..) | Self::SharedFactUnavailable(..) => return None,
            Self::Table(table)
            | Self::Restarted(table)
            | Self::Fact(table, ..)
            | Self::FactUnavailable(table, ..)
            | Self::Part(table, _)
            | Self::Ended(table, _)
            | Self::Items { table, .. }
            | Self::Records { table, .. } => table,
        })
    }
}

/// Maximum number of items named for each attribute and rule: the first by their keys, whatever the order they came in.
const MOST_ITEMS: usize = 3;

/// Maximum number of fingerprints kept of one attribute and rule, the smallest of them. Which ones depends on the
/// values alone, never on the order they were read in, and two tables that hold the same secrets keep the same.
pub(super) const MOST_PRINTS: usize = 256;

/// What is known of one table.
#[derive(Debug, Clone, PartialEq)]
pub struct TableAudit {
    /// The table.
    pub table: TableRef,
    /// Facts.
    pub facts: TableFacts,
    /// Items read so far. The same item read twice counts twice.
    pub items: u64,
    /// What they are like, without their values.
    pub traits: Traits,
    /// What of them was not inspected.
    pub uninspected: Uninspected,
    /// Records of its stream that were looked at.
    pub records: u64,
    /// Units spent on them.
    pub cost: Rcu,
    /// How reading ended, once it did.
    pub outcome: Option<Outcome>,
    /// What was seen and is reported, one entry an attribute and rule, in their order.
    pub flagged: Vec<Flagged>,
    /// The same of what a person accepted: nothing is concluded from it.
    pub accepted: Vec<Flagged>,
    /// What single items make sure.
    sure: Places,
    /// What only deserves a look, item by item.
    unsure: Places,
    /// What the whole of the sample makes surer than each item does, by rule and path.
    surer: BTreeSet<(Arc<str>, AttributePath)>,
    /// What only deserves a look makes findings, too.
    tells_low: bool,
}

impl TableAudit {
    fn new(table: TableRef) -> Self {
        Self {
            table,
            facts: TableFacts::default(),
            items: 0,
            traits: Traits::default(),
            uninspected: Uninspected::default(),
            records: 0,
            cost: Rcu::ZERO,
            outcome: None,
            flagged: Vec::new(),
            accepted: Vec::new(),
            sure: Places::default(),
            unsure: Places::default(),
            surer: BTreeSet::new(),
            tells_low: false,
        }
    }

    /// Its ARN, as the service gives it where that is known.
    pub fn arn(&self) -> String {
        self.facts.description.known().map_or_else(|| self.table.arn(), |d| d.arn.clone())
    }

    /// Fingerprints of what a rule saw in an attribute: all of them, or the 256 smallest.
    pub fn fingerprints(&self, flagged: &Flagged) -> impl Iterator<Item = &str> {
        let place = (Arc::clone(&flagged.rule), flagged.path.clone());
        let is_sure = flagged.confidence >= Confidence::Medium;
        let of_all = !is_sure || self.surer.contains(&place);
        let sure = self.sure.prints.get(&place).filter(|_| is_sure);
        let unsure = self.unsure.prints.get(&place).filter(|_| of_all);
        let all: BTreeSet<&str> = sure.into_iter().chain(unsure).flatten().map(String::as_str).collect();
        all.into_iter().take(MOST_PRINTS)
    }

    /// How many different secrets a rule saw in an attribute, and whether there may be more of them.
    pub fn distinct(&self, flagged: &Flagged) -> (usize, bool) {
        let count = self.fingerprints(flagged).count();
        (count, count >= MOST_PRINTS)
    }

    /// The environment it belongs to, as far as a tag or its name says.
    pub fn environment(&self) -> Option<&'static str> {
        super::join::environment(self)
    }

    /// What the checks may look at.
    pub fn subject(&self, now: Timestamp) -> Subject<'_> {
        // An item that could not be screened was not looked at: nothing follows from it.
        let items_read = self.items.saturating_sub(self.uninspected.failed);
        let flagged = (items_read > 0).then_some(self.flagged.as_slice());
        let traits = (items_read > 0).then_some(&self.traits);
        Subject { table: &self.table, facts: &self.facts, flagged, traits, items_read, now }
    }

    /// Every check with its verdict, in the order of the list.
    pub fn verdicts(&self, now: Timestamp) -> Vec<(&'static PostureCheck, Verdict)> {
        CHECKS.iter().map(|check| (*check, judge(check, &self.subject(now)))).collect()
    }

    /// What is not known of its settings, and what of the known is not understood or was looked at in part; in the order
    /// of the facts.
    pub fn gaps(
        &self,
        verdicts: &[(&'static PostureCheck, Verdict)],
        now: Timestamp,
    ) -> Vec<(FactKind, Gap)> {
        let missing = FactKind::ALL.iter().filter_map(|kind| Some((*kind, self.facts.gap(*kind)?.clone())));
        let mut all: Vec<(FactKind, Gap)> = missing.collect();
        all.extend(partly_known(&self.subject(now), verdicts));
        all.sort_by_key(|(kind, _)| *kind);
        all
    }

    /// The findings of this table alone, worst first. What joins tables is in [`Audit::findings`].
    pub fn findings(&self, now: Timestamp) -> Vec<Finding> {
        let mut all = super::severity::findings(self, now);
        super::severity::rank(&mut all);
        all
    }

    /// Whether this very value was seen there before, as far as its fingerprint is kept.
    fn knows(&self, sighting: &Sighting) -> bool {
        let place = (Arc::clone(&sighting.rule), sighting.path.general());
        [&self.sure, &self.unsure]
            .into_iter()
            .filter_map(|places| places.prints.get(&place))
            .any(|prints| prints.contains(&sighting.fingerprint))
    }

    /// Everything that was seen, accepted or not.
    pub fn seen(&self) -> impl Iterator<Item = &Flagged> {
        self.flagged.iter().chain(&self.accepted)
    }

    /// What is told besides: values that only deserve a look, where somebody asks for them.
    pub(super) fn looked_at(&self) -> impl Iterator<Item = &Flagged> {
        let told = self.tells_low;
        let is_surer = |f: &&Flagged| self.surer.contains(&(Arc::clone(&f.rule), f.path.clone()));
        self.unsure.list.iter().filter(move |f| told && !is_surer(f))
    }

    /// Decides anew what is reported: what single items make sure, and what the sample does; without what is accepted.
    fn decide(&mut self, accepted: &Acceptances) {
        let mut all = self.sure.list.clone();
        self.surer.clear();
        for one in &self.unsure.list {
            if !super::column::is_surer(one, self.unsure.different(one), self.items) {
                continue;
            }
            self.surer.insert((Arc::clone(&one.rule), one.path.clone()));
            match Places::at(&all, &one.rule, &one.path) {
                Ok(at) => all[at].count = all[at].count.saturating_add(one.count),
                Err(at) => all.insert(at, super::column::surer(one)),
            }
        }
        self.flagged = all;
        self.accepted.clear();
        if !accepted.is_empty() {
            let all = std::mem::take(&mut self.flagged);
            (self.accepted, self.flagged) =
                all.into_iter().partition(|flagged| super::accept::covers(accepted, self, flagged));
        }
    }

    fn flag(&mut self, sighting: Sighting) {
        if sighting.is_reported() {
            self.sure.add(sighting);
        } else if sighting.severity > Severity::Info {
            self.unsure.add_few(sighting);
        }
    }
}

/// Maximum number of places kept of what only deserves a look: an item may have a name for every value.
const MOST_UNSURE: usize = 1024;

/// Where something was seen: one entry an attribute and rule, in their order.
#[derive(Debug, Clone, PartialEq, Default)]
struct Places {
    list: Vec<Flagged>,
    /// Fingerprints of what was seen, by rule and path.
    prints: BTreeMap<(Arc<str>, AttributePath), BTreeSet<String>>,
}

impl Places {
    /// Where a place stands in a list, or would.
    fn at(list: &[Flagged], rule: &str, path: &AttributePath) -> Result<usize, usize> {
        list.binary_search_by(|f| (&*f.rule, &f.path).cmp(&(rule, path)))
    }

    /// How many different values were seen at a place, as far as they are counted.
    fn different(&self, flagged: &Flagged) -> u64 {
        let place = (Arc::clone(&flagged.rule), flagged.path.clone());
        self.prints.get(&place).map_or(0, |prints| prints.len() as u64)
    }

    /// The same as [`Places::add`], where there are not too many places.
    fn add_few(&mut self, sighting: Sighting) {
        let is_known = || Self::at(&self.list, &sighting.rule, &sighting.path.general()).is_ok();
        if self.list.len() < MOST_UNSURE || is_known() {
            self.add(sighting);
        }
    }

    fn add(&mut self, sighting: Sighting) {
        let path = sighting.path.general();
        let prints = self.prints.entry((Arc::clone(&sighting.rule), path.clone())).or_default();
        prints.insert(sighting.fingerprint.clone());
        if prints.len() > MOST_PRINTS {
            prints.pop_last();
        }
        let item = sighting.item.clone();
        match Self::at(&self.list, &sighting.rule, &path) {
            Ok(at) => {
                let known = &mut self.list[at];
                known.count = known.count.saturating_add(1);
                known.severity = known.severity.max(sighting.severity);
                // Of several kinds in one place none can be said of all.
                if known.class != sighting.class {
                    known.class = SecretClass::Unclassified;
                }
                known.part |= sighting.part;
                known.items.extend(item);
                if known.items.len() > MOST_ITEMS {
                    known.items.pop_last();
                }
                if is_better_example(&sighting, known) {
                    known.confidence = sighting.confidence;
                    known.title = sighting.title;
                    known.masked = sighting.masked;
                    known.fingerprint = sighting.fingerprint;
                    known.reasons = sighting.reasons;
                }
            }
            Err(at) => self.list.insert(
                at,
                Flagged {
                    path,
                    rule: sighting.rule,
                    title: sighting.title,
                    severity: sighting.severity,
                    confidence: sighting.confidence,
                    class: sighting.class,
                    part: sighting.part,
                    count: 1,
                    distinct: 0,
                    masked: sighting.masked,
                    fingerprint: sighting.fingerprint,
                    reasons: sighting.reasons,
                    items: item.into_iter().collect(),
                },
            ),
        }
    }
}

/// An audit so far. [`Audit::absorb`] is the only way it changes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Audit {
    tables: BTreeMap<TableRef, TableAudit>,
    /// What is known of accounts and Regions. Every table there knows it too.
    shared: BTreeMap<Arc<Scope>, TableFacts>,
    /// What a person accepted.
    accepted: Arc<Acceptances>,
    /// What only deserves a look is told, too.
    tells_low: bool,
}

impl Audit {
    /// Takes in what happened.
    pub fn absorb(&mut self, event: AuditEvent) {
        let scope = Arc::clone(event.scope());
        let Some(table) = event.table().cloned() else {
            let shared = self.shared.entry(Arc::clone(&scope)).or_default();
            let there = self.tables.values_mut().filter(|t| t.table.scope == scope).map(|t| &mut t.facts);
            return match event {
                AuditEvent::Shared(_, value, at) => {
                    there.for_each(|facts| facts.learn(value.clone(), at));
                    shared.learn(value, at);
                }
                AuditEvent::SharedFactUnavailable(_, kind, gap) => {
                    there.for_each(|facts| facts.miss(kind, gap.clone()));
                    shared.miss(kind, gap);
                }
                _ => {}
            };
        };
        let (shared, accepted) = (&self.shared, &self.accepted);
        let tells_low = self.tells_low;
        let entry = self.tables.entry(table).or_insert_with_key(|table| TableAudit {
            facts: shared.get(&scope).cloned().unwrap_or_default(),
            tells_low,
            ..TableAudit::new(table.clone())
        });
        match event {
            AuditEvent::Table(_)
            | AuditEvent::Part(..)
            | AuditEvent::Shared(..)
            | AuditEvent::SharedFactUnavailable(..) => {}
            AuditEvent::Restarted(_) => {
                let facts = std::mem::take(&mut entry.facts);
                *entry = TableAudit { facts, tells_low, ..TableAudit::new(entry.table.clone()) };
            }
            AuditEvent::Fact(_, value, at) => entry.facts.learn(value, at),
            AuditEvent::FactUnavailable(_, kind, gap) => entry.facts.miss(kind, gap),
            AuditEvent::Items { items, traits, uninspected, cost, sightings, .. } => {
                entry.traits.add(traits);
                entry.items = entry.items.saturating_add(items);
                entry.uninspected += uninspected;
                entry.cost += cost;
                sightings.into_iter().for_each(|sighting| entry.flag(sighting));
                entry.decide(accepted);
            }
            AuditEvent::Records { records, sightings, .. } => {
                entry.records = entry.records.saturating_add(records);
                // The same item may have been read, or have come in, before: what is known of it is not counted again.
                for sighting in sightings {
                    if !entry.knows(&sighting) {
                        entry.flag(sighting);
                    }
                }
                entry.decide(accepted);
            }
            AuditEvent::Ended(_, outcome) => entry.outcome = Some(outcome),
        }
    }

    /// From now on what only deserves a look makes findings, too.
    pub fn tell_low(&mut self) {
        self.tells_low = true;
        self.tables.values_mut().for_each(|table| table.tells_low = true);
    }

    /// What a person accepted: from now on that counts for nothing, and nothing else that did before.
    pub fn accept(&mut self, accepted: Arc<Acceptances>) {
        self.tables.values_mut().for_each(|table| table.decide(&accepted));
        self.accepted = accepted;
    }

    /// What a person accepted.
    pub fn acceptances(&self) -> &Acceptances {
        &self.accepted
    }

    /// Takes in many, in their order.
    pub fn absorb_all(&mut self, events: impl IntoIterator<Item = AuditEvent>) {
        events.into_iter().for_each(|event| self.absorb(event));
    }

    /// What is known of an account and Region as such: what one answer settles for all its tables.
    pub fn shared(&self, scope: &Arc<Scope>) -> Option<&TableFacts> {
        self.shared.get(scope)
    }

    /// What is known, table by table.
    pub fn tables(&self) -> impl Iterator<Item = &TableAudit> {
        self.tables.values()
    }

    /// What is known of one table.
    pub fn table(&self, table: &TableRef) -> Option<&TableAudit> {
        self.tables.get(table)
    }

    /// The tables that were restored from a table, as far as their descriptions tell; if none was, why another one
    /// may have been.
    ///
    /// # Errors
    /// The gap of the first description that is not known.
    pub fn restored(&self, table: &TableRef) -> Result<Vec<&TableRef>, Gap> {
        let arn = self.table(table).map_or_else(|| table.arn(), TableAudit::arn);
        let source = |t: &&TableAudit| {
            let description = t.facts.description.known();
            description.and_then(|d| d.restored_from.as_deref()) == Some(arn.as_str())
        };
        let found: Vec<&TableRef> = self.tables().filter(source).map(|t| &t.table).collect();
        let same_place = |t: &&TableAudit| t.table.scope == table.scope;
        match self.tables().filter(same_place).find_map(|t| t.facts.gap(FactKind::Description)) {
            Some(gap) if found.is_empty() => Err(gap.clone()),
            _ => Ok(found),
        }
    }

    /// All findings, worst first: each table's own, those of a Region once, and what shows only when tables are put
    /// side by side.
    pub fn findings(&self, now: Timestamp) -> Vec<Finding> {
        self.joined(self.tables.values().flat_map(|table| super::severity::findings(table, now)).collect())
    }

    /// All findings, made of those of each table.
    pub(super) fn joined(&self, each: Vec<Finding>) -> Vec<Finding> {
        let mut all = super::gather::by_subject(each);
        super::join::tables(self, &mut all);
        super::accept::apply(self, &mut all);
        super::severity::rank(&mut all);
        all
    }
}

/// The surest example is shown; of equally sure ones, the one that does not depend on the order of reading.
fn is_better_example(new: &Sighting, known: &Flagged) -> bool {
    let key = |confidence, fingerprint: &str, masked: &str, reasons: &[String]| {
        (std::cmp::Reverse(confidence), fingerprint.to_owned(), masked.to_owned(), reasons.to_vec())
    };
    key(new.confidence, &new.fingerprint, &new.masked, &new.reasons)
        < key(known.confidence, &known.fingerprint, &known.masked, &known.reasons)
}
