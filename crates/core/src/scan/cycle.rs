//! Keys to go on after that go round in a circle.

use crate::domain::{Cursor, Item};

/// Watches the keys that pages end with, and notices when they repeat, whatever the length of the circle.
///
/// It holds one key and compares it with those that follow, for one, then two, then four ... of them before it takes a
/// newer one (Brent, "An improved Monte Carlo factorization algorithm", 1980). So it needs no more memory for a table of
/// a million pages, and a circle is noticed before it was gone round a third time.
#[derive(Default)]
pub struct Cycle {
    held: Option<Cursor>,
    steps: u64,
    limit: u64,
}

impl Cycle {
    /// Whether a page that ends with this key ends where one before it did.
    pub fn closes(&mut self, next: &Cursor) -> bool {
        if self.held.as_ref().is_some_and(|held| same_place(held, next)) {
            return true;
        }
        if self.steps == self.limit {
            self.held = Some(next.clone());
            (self.steps, self.limit) = (0, (self.limit * 2).max(1));
        }
        self.steps += 1;
        false
    }
}

/// Whether two cursors name the same key; the order of its attributes is the SDK's map's, and says nothing.
fn same_place(a: &Cursor, b: &Cursor) -> bool {
    let within = |a: &Item, b: &Item| a.attributes().iter().all(|(name, value)| b.get(name) == Some(value));
    within(a.key(), b.key()) && within(b.key(), a.key())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::AttributeValue;

    fn at(place: u64) -> Cursor {
        Cursor::new(Item::new(vec![("id".into(), AttributeValue::N(place.to_string()))]))
    }

    #[test]
    fn every_circle_is_noticed() {
        // This many keys before it, then round and round.
        for before in 0..40 {
            for period in 1..40 {
                let mut cycle = Cycle::default();
                let key = |n: u64| if n < before { n } else { before + (n - before) % period };
                let noticed = (0..10_000).find(|n| cycle.closes(&at(key(*n)))).expect("never");
                assert!(noticed <= 3 * (before + period) + 1, "{before} then {period}: {noticed}");
                assert!(noticed >= before + period, "{before} then {period}: too early, at {noticed}");
            }
        }
    }

    #[test]
    fn a_way_to_the_end_is_none() {
        let mut cycle = Cycle::default();
        assert!((0..10_000).all(|n| !cycle.closes(&at(n))));
    }

    #[test]
    fn the_order_of_a_key_says_nothing() {
        let key = |names: [&str; 2]| {
            Cursor::new(Item::new(names.map(|n| (n.to_owned(), AttributeValue::S(n.into()))).into()))
        };
        assert!(same_place(&key(["pk", "sk"]), &key(["sk", "pk"])));
        assert!(!same_place(&key(["pk", "sk"]), &key(["pk", "xk"])));
        // A key that has all of another's attributes and one more is another key.
        let less = Cursor::new(Item::new(vec![("pk".to_owned(), AttributeValue::S("pk".into()))]));
        assert!(!same_place(&key(["pk", "sk"]), &less) && !same_place(&less, &key(["pk", "sk"])));
    }
}
