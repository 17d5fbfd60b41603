//! What a check is, and how it is asked.

use std::fmt;

use jiff::Timestamp;

use crate::domain::{
    Expiry, FactKind, Flagged, Gap, KeyShapes, Level, Message, Missing, Severity, TableFacts, TableRef,
    Traits, Verdict,
};
use crate::posture::checks::WEIGHED;
use crate::posture::examples;

/// What a check may look at.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// The table.
    pub table: &'a TableRef,
    /// What is known of it.
    pub facts: &'a TableFacts,
    /// What was seen in its items; `None` while no item was read.
    pub flagged: Option<&'a [Flagged]>,
    /// What they are like; `None` while no item was read.
    pub traits: Option<&'a Traits>,
    /// How many items were read.
    pub items_read: u64,
    /// Now.
    pub now: Timestamp,
}

impl<'a> Subject<'a> {
    /// Of a table of which no item was read.
    pub const fn unread(table: &'a TableRef, facts: &'a TableFacts, now: Timestamp) -> Self {
        Self { table, facts, flagged: None, traits: None, items_read: 0, now }
    }

    /// What is in the time to live attribute: `let expiry = subject.expiry()?`.
    ///
    /// # Errors
    /// [`Unseen`] while no item was read, or none since the attribute was known.
    pub(super) fn expiry(&self) -> Result<&'a Expiry, Unseen> {
        self.traits.and_then(|traits| traits.expiry.as_ref()).ok_or(Unseen)
    }

    /// What the partition keys look like: `let keys = subject.keys()?`.
    ///
    /// # Errors
    /// [`Unseen`] while no item was read, or none since the key was known.
    pub(super) fn keys(&self) -> Result<&'a KeyShapes, Unseen> {
        self.traits.map(|traits| &traits.keys).filter(|keys| keys.total() > 0).ok_or(Unseen)
    }

    /// What was seen in the items: `let flagged = subject.items()?` in a check that cannot do without.
    ///
    /// # Errors
    /// [`Unseen`] while no item was read.
    pub fn items(&self) -> Result<&'a [Flagged], Unseen> {
        self.flagged.ok_or(Unseen)
    }
}

/// Something a check needed was not seen. What it was is found by [`judge`], which names all that is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unseen;

impl From<Gap> for Unseen {
    fn from(_: Gap) -> Self {
        Self
    }
}

/// A verdict as a check's own function gives it: `?` on a missing fact or on unread items ends in `Err`.
pub type Judged = Result<Verdict, Unseen>;

/// An entry of a catalogue that a check settles, in whole or in part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reference {
    /// OWASP API Security Top 10, 2023, by its number.
    OwaspApi(u8),
    /// AWS Foundational Security Best Practices, by the control's id.
    Fsbp(&'static str),
    /// Common Weakness Enumeration, by its number.
    Cwe(u16),
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OwaspApi(n) => write!(f, "OWASP API{n}:2023"),
            Self::Fsbp(id) => write!(f, "FSBP {id}"),
            Self::Cwe(n) => write!(f, "CWE-{n}"),
        }
    }
}

/// What fixes what a check finds. There is no third: a check without a fix says why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fixed {
    /// The remedy topic of that id.
    By(&'static str),
    /// No snippet could: what has to be decided or done first, and by whom.
    Not(&'static str),
}

impl Fixed {
    /// The topic, if there is one.
    pub const fn topic(self) -> Option<&'static str> {
        match self {
            Self::By(topic) => Some(topic),
            Self::Not(_) => None,
        }
    }

    /// Why there is none.
    pub const fn reason(self) -> Option<&'static str> {
        match self {
            Self::By(_) => None,
            Self::Not(why) => Some(why),
        }
    }
}

/// One posture check.
pub struct PostureCheck {
    /// Its id, for instance `pitr-off`.
    pub id: &'static str,
    /// What is wrong when it fails, one line.
    pub title: &'static str,
    /// Why it matters, a sentence or two.
    pub why: &'static str,
    /// How bad a failure usually is.
    pub severity: Severity,
    /// What it is about. What is wrong with a Region is one finding, whatever the number of tables it affects.
    pub level: Level,
    /// The facts it cannot do without, in some state of the table.
    pub reads: &'static [FactKind],
    /// Whether it cannot do without items, in some state of the table.
    pub reads_items: bool,
    /// The judgement.
    pub judge: fn(&Subject<'_>) -> Judged,
    /// What fixes it.
    pub topic: Fixed,
    /// What it can say when it fails, and of what; several policy checks share theirs.
    pub messages: &'static [&'static Message],
    /// The AWS guide page behind it.
    pub source: &'static str,
    /// What catalogues say of the same weakness.
    pub refs: &'static [Reference],
    /// The field of an answer that decides, as the service names it.
    pub field: &'static str,
    /// Examples, run as tests and printed in the docs.
    pub cases: &'static [Case],
}

/// An example of a check: a state in words, how to make it, and what the check says of it.
pub struct Case {
    /// The state, in a few words.
    pub given: &'static str,
    /// Makes it.
    pub facts: fn() -> TableFacts,
    /// What was seen in the items.
    pub flagged: fn() -> Option<Vec<Flagged>>,
    /// What the items are like.
    pub traits: fn() -> Option<Traits>,
    /// The endpoint that was set by hand.
    pub endpoint: Option<&'static str>,
    /// `pass`, `fail`, `unknown` or `not-applicable`.
    pub expect: &'static str,
    /// Part of what is said: of the text, which for a failure starts with its severity, or of what is missing.
    pub says: &'static str,
}

impl Case {
    /// A case that is about facts alone: no item was read.
    pub(super) const fn of(
        given: &'static str,
        facts: fn() -> TableFacts,
        expect: &'static str,
        says: &'static str,
    ) -> Self {
        Self { given, facts, flagged: || None, traits: || None, endpoint: None, expect, says }
    }

    /// A case that is about the endpoint alone: nothing was read.
    pub(super) const fn at(
        given: &'static str,
        endpoint: Option<&'static str>,
        expect: &'static str,
        says: &'static str,
    ) -> Self {
        Self { given, facts: TableFacts::default, flagged: || None, traits: || None, endpoint, expect, says }
    }

    /// A case in which items were read.
    pub(super) const fn seen(
        given: &'static str,
        facts: fn() -> TableFacts,
        flagged: fn() -> Option<Vec<Flagged>>,
        expect: &'static str,
        says: &'static str,
    ) -> Self {
        Self { given, facts, flagged, traits: || Some(Traits::default()), endpoint: None, expect, says }
    }

    /// A case in which items were read that are like this, and hold nothing that looks like a secret.
    pub(super) const fn like(
        given: &'static str,
        facts: fn() -> TableFacts,
        traits: fn() -> Option<Traits>,
        expect: &'static str,
        says: &'static str,
    ) -> Self {
        Self { given, facts, flagged: examples::clean, traits, endpoint: None, expect, says }
    }
}

/// What a verdict of the check rests on, as far as it is known: each fact and when it was read, in the order in which the check names its facts.
pub fn read_at(check: &PostureCheck, facts: &TableFacts) -> Vec<(FactKind, Timestamp)> {
    let weighed = WEIGHED.iter().filter(|(id, _)| *id == check.id).map(|(_, kind)| kind);
    check.reads.iter().chain(weighed).filter_map(|kind| Some((*kind, facts.read_at(*kind)?))).collect()
}

/// Asks one check. Where something it needs is not known, it is [`Verdict::Unknown`] and names all of it.
pub fn judge(check: &PostureCheck, subject: &Subject<'_>) -> Verdict {
    match (check.judge)(subject) {
        Ok(verdict) => verdict,
        Err(Unseen) => {
            let fact =
                |kind: &FactKind| subject.facts.gap(*kind).map(|gap| Missing::Fact(*kind, gap.clone()));
            let mut missing: Vec<Missing> = check.reads.iter().filter_map(fact).collect();
            // Where every fact is known, it is the items: none was read, or none since the facts were known.
            if check.reads_items && (subject.flagged.is_none() || missing.is_empty()) {
                missing.push(Missing::Items);
            }
            Verdict::Unknown(missing)
        }
    }
}
