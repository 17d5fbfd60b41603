//! Yes, no, and not known.

/// Three-valued truth, after Kleene: what is not known stays so unless the rest decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Truth {
    /// It is not so.
    No,
    /// It may be so.
    Unknown,
    /// It is so.
    Yes,
}

impl Truth {
    /// Both: no wins, then not known.
    pub fn and(self, other: Self) -> Self {
        self.min(other)
    }

    /// Either: yes wins, then not known.
    pub fn or(self, other: Self) -> Self {
        self.max(other)
    }

    /// All of them; of none, yes.
    pub fn all(each: impl IntoIterator<Item = Self>) -> Self {
        each.into_iter().min().unwrap_or(Self::Yes)
    }

    /// One of them at least; of none, no.
    pub fn any(each: impl IntoIterator<Item = Self>) -> Self {
        each.into_iter().max().unwrap_or(Self::No)
    }

    /// What all possible cases agree on; of no case, not known.
    pub fn agreed(cases: impl IntoIterator<Item = Self>) -> Self {
        let mut cases = cases.into_iter();
        let first = cases.next().unwrap_or(Self::Unknown);
        if cases.all(|case| case == first) { first } else { Self::Unknown }
    }
}

/// What layers can be weighed in: one truth, or those of many resources at once.
pub(super) trait Logic: Clone {
    /// Both.
    fn and(&self, other: &Self) -> Self;
    /// Either.
    fn or(&self, other: &Self) -> Self;
    /// The opposite.
    fn not(&self) -> Self;
    /// One truth wherever this one is of.
    fn everywhere(&self, truth: Truth) -> Self;
}

impl Logic for Truth {
    fn and(&self, other: &Self) -> Self {
        *self.min(other)
    }

    fn or(&self, other: &Self) -> Self {
        *self.max(other)
    }

    fn not(&self) -> Self {
        !*self
    }

    fn everywhere(&self, truth: Truth) -> Self {
        truth
    }
}

impl std::ops::Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Unknown => Self::Unknown,
            Self::Yes => Self::No,
        }
    }
}

impl From<bool> for Truth {
    fn from(is: bool) -> Self {
        if is { Self::Yes } else { Self::No }
    }
}
