//! Screening: an item in, the only form out in which its data may leave the source. What was inspected can be opened
//! later, by the same inspector, to show what is inside its encodings.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use jiff::Timestamp;

use crate::detect::inspect::Inspector;
use crate::detect::{Detector, Inspection, Scratch, TableContext};
use crate::domain::{
    AttributePath, Holds, Inner, Item, KeySchema, Opened, Opener, Screened, Sighting, Uninspected,
};

use super::walk::ItemView;

/// How many bytes are decoded of one item to be shown.
pub(super) const SHOWN: usize = 1024 * 1024;
/// How many decoded values of one item are shown.
const VALUES: usize = 20_000;

/// How the items of one page are screened.
pub struct Screening {
    detector: Arc<Detector>,
    context: TableContext,
    now: Timestamp,
}

impl Screening {
    /// With this detector, what is known of the table, and the present.
    pub fn new(detector: &Arc<Detector>, context: TableContext, now: Timestamp) -> Arc<Self> {
        Arc::new(Self { detector: Arc::clone(detector), context, now })
    }

    /// The item with its sightings, ready to leave the source floor; masked whole where inspection failed.
    pub fn screen(self: &Arc<Self>, item: Item, scratch: &mut Scratch) -> Screened {
        let inspection = self.detector.examine(&self.context, &item, self.now, scratch);
        self.screened(item, inspection)
    }

    /// What is seen in an item, without keeping it: what [`Screening::screen`] would tell of the same. `build` is asked for the
    /// item only where something was seen.
    pub fn sightings(
        self: &Arc<Self>,
        view: &impl ItemView,
        build: impl FnOnce() -> Item,
        scratch: &mut Scratch,
    ) -> (Vec<Sighting>, Uninspected) {
        let inspection = self.detector.examine(&self.context, view, self.now, scratch);
        if inspection.sightings.is_empty() {
            return (Vec::new(), inspection.uninspected);
        }
        let screened = self.screened(build(), inspection);
        (screened.sightings().to_vec(), screened.uninspected())
    }

    fn screened(self: &Arc<Self>, item: Item, inspection: Inspection) -> Screened {
        let Self { context, .. } = &**self;
        let Inspection { sightings, uninspected } = inspection;
        let shown = context.key.iter().flat_map(KeySchema::names);
        if uninspected.failed > 0 {
            return Screened::blind(item, shown);
        }
        if uninspected.cut > 0 {
            return Screened::cut(item, sightings, shown);
        }
        let opener: Arc<dyn Opener> = Arc::<Self>::clone(self);
        let screened = Screened::new(item, sightings).not_opened(uninspected.not_opened > 0).opening(opener);
        match &context.key {
            Some(key) => screened.named(key),
            None => screened,
        }
    }

    /// Inspects the item again, and keeps what it decodes.
    fn noted(&self, item: &Item) -> Opened {
        let scratch = &mut Scratch::default();
        let keys = scratch.survey(&self.context, item);
        let mut known = None;
        loop {
            let inspector = Inspector::new(&self.detector, self.now, scratch, keys.clone(), known.as_ref());
            let mut inspector = inspector.noting(SHOWN);
            inspector.table = &self.context.table;
            if !item.walk(&mut inspector) || inspector.cut {
                return Opened::default();
            }
            let (values, sightings) = (inspector.notes.take(), std::mem::take(&mut inspector.seen));
            // A value that is recognised in one place may stand in a decoded one, too.
            match std::mem::take(&mut inspector.recognised).known().filter(|_| known.is_none()) {
                Some(recognised) => known = Some(recognised),
                None => {
                    let (values, mut sightings) = (values.unwrap_or_default().values, sightings);
                    self.detector.join(&self.context, item, &values, &mut sightings, self.now);
                    return Opened { values, sightings };
                }
            }
        }
    }
}

impl Opener for Screening {
    fn open(&self, item: &Item) -> Opened {
        catch_unwind(AssertUnwindSafe(|| self.noted(item))).unwrap_or_default()
    }
}

/// The decoded values of an item, as an inspector comes by them.
#[derive(Default)]
pub(super) struct Notes {
    pub(super) values: Vec<Inner>,
    paths: HashSet<AttributePath>,
}

impl Notes {
    pub(super) fn add(&mut self, path: AttributePath, holds: Holds) {
        if self.values.len() > VALUES {
            return;
        }
        let holds = match self.values.len() {
            VALUES => Holds::More,
            _ if self.paths.insert(path.clone()) => holds,
            _ => Holds::Again,
        };
        self.values.push(Inner { path, holds });
    }

    /// How much is noted now.
    pub(super) fn mark(&self) -> usize {
        self.values.len()
    }

    /// Forgets what was noted since.
    pub(super) fn rewind(&mut self, mark: usize) {
        for value in self.values.drain(mark.min(self.values.len())..) {
            if !matches!(value.holds, Holds::Again | Holds::More) {
                self.paths.remove(&value.path);
            }
        }
    }
}
