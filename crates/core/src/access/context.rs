//! What is known of a request: for each condition key its values, that it is absent, or what it could be.

use std::collections::BTreeMap;

/// What is known of one condition key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Values {
    /// These, at least one.
    Known(Vec<String>),
    /// The request does not carry it.
    Absent,
    /// Not known; it could be like this.
    Open {
        /// Whether the request may lack it.
        maybe_absent: bool,
        /// What its value could be, where it has one.
        shape: Shape,
    },
}

/// What a value could be that is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// Anything.
    Any,
    /// Anything that begins so: the user id of a role's sessions begins with the id of the role.
    Beginning(String),
    /// Anything but this: the organization of an account that is not in ours.
    Not(String),
}

impl Values {
    /// Nothing is known.
    pub const UNKNOWN: Self = Self::Open { maybe_absent: true, shape: Shape::Any };
    /// It is there; its value is not known.
    pub const PRESENT: Self = Self::Open { maybe_absent: false, shape: Shape::Any };

    /// This one value.
    pub fn one(value: impl Into<String>) -> Self {
        Self::Known(vec![value.into()])
    }

    /// This one value, or absent.
    pub fn or_absent(value: Option<impl Into<String>>) -> Self {
        value.map_or(Self::Absent, Self::one)
    }
}

/// What is given of a request beforehand. It goes over everything that follows from the question.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Context(BTreeMap<String, Vec<String>>);

impl Context {
    /// Adds a value to a key; an empty one says that the key is absent. Upper and lower case of keys are the same.
    pub fn give(&mut self, key: &str, value: &str) {
        let values = self.0.entry(key.to_ascii_lowercase()).or_default();
        if !value.is_empty() {
            values.push(value.to_owned());
        }
    }

    /// The first value that is given for a key in lower case.
    pub(super) fn first(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.first().map(String::as_str)
    }

    /// What is given for a key in lower case.
    pub(super) fn get(&self, key: &str) -> Option<Values> {
        self.0.get(key).map(|values| match values.as_slice() {
            [] => Values::Absent,
            some => Values::Known(some.to_vec()),
        })
    }
}
