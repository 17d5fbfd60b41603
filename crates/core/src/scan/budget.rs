//! A read budget: reserved before a read is sent, settled when its answer tells the cost.

use crate::domain::Rcu;

/// What an audit may read unless told otherwise, in whole read capacity units: a sample of 200 items of some dozen
/// tables, for a fraction of a cent.
pub const AUDIT_BUDGET: u64 = 1000;

/// The same of an interactive session, which pays for browsing beside an audit.
pub const SESSION_BUDGET: u64 = 2 * AUDIT_BUDGET;

/// A limit on read capacity units, and what is left of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Budget {
    limit: Option<Rcu>,
    spent: Rcu,
    reserved: Rcu,
}

/// Units set aside for one read. Give it back through [`Budget::settle`]; it is not `Clone`, so it cannot be
/// given back twice.
#[derive(Debug, PartialEq, Eq)]
#[must_use]
pub struct Reservation(Rcu);

impl Budget {
    /// With a limit.
    pub fn limited(limit: Rcu) -> Self {
        Self { limit: Some(limit), spent: Rcu::ZERO, reserved: Rcu::ZERO }
    }

    /// Without one.
    pub fn unlimited() -> Self {
        Self { limit: None, spent: Rcu::ZERO, reserved: Rcu::ZERO }
    }

    /// Sets the worst case of a read aside; `None` if that could exceed the limit, and then the read must not
    /// be sent.
    pub fn reserve(&mut self, worst: Rcu) -> Option<Reservation> {
        let would_be = self.spent + self.reserved + worst;
        if self.limit.is_some_and(|limit| would_be > limit) {
            return None;
        }
        self.reserved += worst;
        Some(Reservation(worst))
    }

    /// Settles a read: with its cost, or `None` where no answer came, which counts as the worst case.
    pub fn settle(&mut self, reservation: Reservation, cost: Option<Rcu>) {
        self.reserved = self.reserved - reservation.0;
        self.spent += cost.unwrap_or(reservation.0);
    }

    /// Units spent so far.
    pub fn spent(&self) -> Rcu {
        self.spent
    }

    /// The limit, if there is one.
    pub fn limit(&self) -> Option<Rcu> {
        self.limit
    }

    /// Units that could still be reserved; `None` without a limit.
    pub fn left(&self) -> Option<Rcu> {
        self.limit.map(|limit| limit - self.spent - self.reserved)
    }

    /// Allows this much more.
    pub fn raise(&mut self, by: Rcu) {
        if let Some(limit) = &mut self.limit {
            *limit += by;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_lost_answer_counts_as_the_worst_case() {
        let mut budget = Budget::limited(Rcu::units(10));
        let read = budget.reserve(Rcu::units(4)).expect("fits");
        budget.settle(read, None);
        assert_eq!(budget.spent(), Rcu::units(4));
        assert!(budget.reserve(Rcu::units(7)).is_none());
    }

    #[test]
    fn a_limit_that_is_raised_keeps_what_was_spent() {
        let mut budget = Budget::limited(Rcu::units(10));
        let read = budget.reserve(Rcu::units(10)).expect("fits");
        assert!(budget.reserve(Rcu::units(1)).is_none());
        budget.settle(read, Some(Rcu::units(8)));
        budget.raise(Rcu::units(5));
        assert_eq!(budget.limit(), Some(Rcu::units(15)));
        assert_eq!((budget.spent(), budget.left()), (Rcu::units(8), Some(Rcu::units(7))));
        let mut budget = Budget::unlimited();
        budget.raise(Rcu::units(5));
        assert_eq!((budget.limit(), budget.left()), (None, None));
    }

    proptest! {
        /// Whatever is asked and answered in whatever order, the limit is never exceeded, as long as no
        /// answer costs more than its worst case.
        #[test]
        fn never_exceeded(limit in 0u64..500, reads in prop::collection::vec((0u64..60, 0u64..100, any::<bool>()), 0..60)) {
            let mut budget = Budget::limited(Rcu::units(limit));
            let mut open = Vec::new();
            for (worst, percent, keep) in reads {
                if let Some(r) = budget.reserve(Rcu::units(worst)) {
                    open.push((r, worst * percent / 100));
                }
                if !keep && !open.is_empty() {
                    let (r, cost) = open.remove(0);
                    budget.settle(r, Some(Rcu::units(cost)));
                }
                prop_assert!(budget.spent() <= Rcu::units(limit));
                prop_assert_eq!(budget.left().expect("limited") + budget.spent() + budget.reserved, Rcu::units(limit));
            }
        }
    }
}
