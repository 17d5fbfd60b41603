//! What reading costs.

use std::fmt;
use std::ops::{Add, AddAssign, Sub};

use serde::{Deserialize, Serialize};

/// Read capacity units, exact in the half units that DynamoDB bills.
///
/// One unit reads 4 KB strongly consistently or 8 KB eventually consistently
/// (DynamoDB Developer Guide, "DynamoDB read and write operations").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Rcu {
    halves: u64,
}

impl Rcu {
    /// Nothing read.
    pub const ZERO: Self = Self { halves: 0 };
    /// The most one eventually consistent Scan or Query page can cost: 1 MB in 4 KB steps at half a unit, and
    /// one step for the item that crosses the limit.
    pub const PAGE: Self = Self { halves: 257 };
    /// The most one eventually consistent read of one item can cost: 400 KB.
    pub const ITEM: Self = Self { halves: 100 };

    /// Whole units.
    pub const fn units(units: u64) -> Self {
        Self { halves: units.saturating_mul(2) }
    }

    /// From the service's floating-point figure, rounded up to the next half; not-a-number counts as zero.
    pub fn from_f64(units: f64) -> Self {
        Self { halves: (units * 2.0).ceil().clamp(0.0, 1e15) as u64 }
    }

    /// As a number for JSON.
    pub fn as_f64(self) -> f64 {
        self.halves as f64 / 2.0
    }

    /// An eventually consistent read of this many bytes.
    pub const fn eventual(bytes: u64) -> Self {
        Self { halves: bytes.div_ceil(4096) }
    }

    /// This, or nothing where more would be taken than there is.
    pub const fn saturating_sub(self, other: Self) -> Self {
        Self { halves: self.halves.saturating_sub(other.halves) }
    }

    /// This, multiplied.
    pub const fn times(self, n: u64) -> Self {
        Self { halves: self.halves.saturating_mul(n) }
    }
}

impl Add for Rcu {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self { halves: self.halves.saturating_add(other.halves) }
    }
}

impl AddAssign for Rcu {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Rcu {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self.saturating_sub(other)
    }
}

impl fmt::Display for Rcu {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = self.halves / 2;
        f.pad(&if self.halves.is_multiple_of(2) { whole.to_string() } else { format!("{whole}.5") })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_exact() {
        let mut sum = Rcu::ZERO;
        for _ in 0..3 {
            sum += Rcu::from_f64(0.5);
        }
        assert_eq!(sum.to_string(), "1.5");
        assert_eq!(Rcu::from_f64(f64::NAN), Rcu::ZERO);
        assert_eq!(Rcu::eventual(1024 * 1024), Rcu::units(128));
        assert_eq!(Rcu::eventual(1), Rcu::from_f64(0.5));
    }
}
