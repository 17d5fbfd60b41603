//! What comes of a question: the answer, what it depends on, what decided, and what nobody could see.

use std::fmt;

use super::Effect;
use super::statement::{Hit, Layer, Open};

/// Whether they may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Answer {
    /// They may not, whatever is not known.
    Denied,
    /// They may, if conditions hold, or if what is unread allows it.
    AllowedIf,
    /// They may.
    Allowed,
}

impl Answer {
    /// `allowed`, `allowed_if`, `denied`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::AllowedIf => "allowed_if",
            Self::Denied => "denied",
        }
    }
}

/// An answer and its reasons.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// Whether they may.
    pub answer: Answer,
    /// What [`Answer::AllowedIf`] depends on; of any other answer, nothing.
    pub conditions: Vec<Requirement>,
    /// The statements that allow, or the Denies that end it.
    pub deciding: Vec<Deciding>,
    /// What stands between, and whether it is passed.
    pub gates: Vec<Gate>,
    /// What was not read and could have mattered: half a sentence each.
    pub unread: Vec<String>,
    /// Of [`Answer::Denied`]: the first that says no.
    pub stop: Option<Stop>,
    /// Of [`Answer::Denied`]: what alone would have to go to let them in, each by itself.
    pub lifting: Vec<Stop>,
}

impl Decision {
    /// Nothing is asked, and nothing is allowed.
    pub fn nothing() -> Self {
        Self {
            answer: Answer::Denied,
            conditions: Vec::new(),
            deciding: Vec::new(),
            gates: Vec::new(),
            unread: Vec::new(),
            stop: None,
            lifting: Vec::new(),
        }
    }

    /// Both have to be allowed.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        if self.answer == Answer::Denied || other.answer == Answer::Denied {
            return if self.answer == Answer::Denied { self } else { other };
        }
        self.answer = self.answer.min(other.answer);
        add(&mut self.conditions, other.conditions);
        add(&mut self.deciding, other.deciding);
        add(&mut self.unread, other.unread);
        self
    }
}

/// Adds what is not there yet.
fn add<T: PartialEq>(to: &mut Vec<T>, from: Vec<T>) {
    for one in from {
        if !to.contains(&one) {
            to.push(one);
        }
    }
}

/// A statement, by where it stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deciding {
    /// What the document is called.
    pub source: String,
    /// Its place in the document, from 1; none of a document that could not be read.
    pub position: Option<usize>,
    /// Its id.
    pub sid: Option<String>,
    /// Whether it denies.
    pub denies: bool,
}

impl From<&Hit> for Deciding {
    fn from(hit: &Hit) -> Self {
        Self {
            source: hit.source.clone(),
            position: hit.position,
            sid: hit.sid.clone(),
            denies: hit.effect == Effect::Deny,
        }
    }
}

impl fmt::Display for Deciding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)?;
        match (&self.sid, self.position) {
            (Some(sid), _) if !sid.is_empty() => write!(f, ", statement {sid:?}"),
            (_, Some(n)) => write!(f, ", statement {n}"),
            _ => Ok(()),
        }
    }
}

/// Something that an answer depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// What is not known.
    pub open: Open,
    /// It stands in a Deny: they may unless it holds.
    pub unless: bool,
    /// It is asked for the table's key.
    pub of_key: bool,
    /// Where it stands.
    pub statement: Deciding,
}

impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.unless { "unless " } else { "if " })?;
        match &self.open {
            Open::Condition { operator, key, values } => {
                write!(f, "{operator} {key} {}", values.join(", "))?;
            }
            Open::Principal(whom) => write!(f, "the principal is {whom}")?,
            Open::Resource(pattern) => write!(f, "the resource is {pattern}")?,
            Open::Unread(why) => f.write_str(why)?,
        }
        if self.of_key { f.write_str(" (for the key)") } else { Ok(()) }
    }
}

/// One of what stands between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gate {
    /// `boundary`, `key`, ...
    pub name: &'static str,
    /// Whether it is passed.
    pub state: GateState,
}

/// Whether a gate is passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GateState {
    /// It lets them through.
    Passed,
    /// It may.
    Open,
    /// It does not.
    Closed,
}

impl GateState {
    /// In one word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }
}

/// What stops somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stop {
    /// A Deny of this layer.
    Denied(Layer),
    /// Nothing in this layer allows it.
    NotAllowed(Layer),
    /// The key does not decrypt for them.
    Gate,
    /// AWS lets no other account do this.
    OwnAccountOnly,
    /// Nobody could, for this reason.
    Never(&'static str),
    /// More than one thing.
    Several,
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = |layer: &Layer| match layer {
            Layer::Identity => "identity policies",
            Layer::Boundary => "the permissions boundary",
            Layer::Session => "the session policy",
            Layer::Resource => "the resource's own policy",
            Layer::Trust => "the trust policy",
            Layer::Key => "the key policy",
            Layer::Endpoint => "the VPC endpoint policy",
            Layer::ServiceControl => "a service control policy",
            Layer::ResourceControl => "a resource control policy",
        };
        match self {
            Self::Denied(layer) => write!(f, "a Deny in {}", name(layer)),
            Self::NotAllowed(layer) => write!(f, "nothing in {} allows it", name(layer)),
            Self::Gate => f.write_str("kms:Decrypt on the table's key"),
            Self::OwnAccountOnly => f.write_str("it works in the table's own account only"),
            Self::Never(why) => f.write_str(why),
            Self::Several => f.write_str("more than one thing"),
        }
    }
}
