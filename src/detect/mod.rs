//! What a secret is: an item in, sightings out. Pure; panics are contained and mask the whole item.

use jiff::Timestamp;

use crate::domain::{Item, KeySchema, Screened, Sighting};

/// What the detector knows of the table an item is from.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TableContext {
    /// The table's name; empty when not known.
    pub table: String,
    /// The table's key, when known.
    pub key: Option<KeySchema>,
}

/// The key under which fingerprints are made. Wiped when dropped.
pub struct FingerprintKey(zeroize::Zeroizing<Vec<u8>>);

impl FingerprintKey {
    /// From key material of any length; 32 random bytes are right.
    pub fn new(bytes: &[u8]) -> Self {
        Self(zeroize::Zeroizing::new(bytes.to_vec()))
    }
}

/// Buffers that are used again from item to item.
#[derive(Default)]
pub struct Scratch {}

/// The catalogue of rules, compiled, and the fingerprint key. Made once, shared by threads.
pub struct Detector {
    _key: FingerprintKey,
}

impl Detector {
    /// With the embedded rules.
    pub fn new(key: FingerprintKey) -> Self {
        Self { _key: key }
    }

    /// Every value (and name) of the item that looks like a secret, from low confidence on.
    pub fn inspect(
        &self,
        _context: &TableContext,
        _item: &Item,
        _now: Timestamp,
        _scratch: &mut Scratch,
    ) -> Vec<Sighting> {
        Vec::new()
    }

    /// The item with its sightings, ready to leave the source floor.
    pub fn screen(
        &self,
        context: &TableContext,
        item: Item,
        now: Timestamp,
        scratch: &mut Scratch,
    ) -> Screened {
        let sightings = self.inspect(context, &item, now, scratch);
        Screened::new(item, sightings)
    }
}
