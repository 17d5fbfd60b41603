//! Items as DynamoDB holds them: raw, and therefore without Debug, Display or Serialize.

use std::sync::Arc;

use zeroize::{Zeroize, Zeroizing};

/// A DynamoDB value. Numbers stay text, so that all 38 digits survive.
///
/// It may hold a secret in clear text: it has no Debug, Display or Serialize, and is wiped when an [`Item`]
/// is dropped.
#[derive(Clone, PartialEq)]
pub enum AttributeValue {
    /// A string.
    S(String),
    /// A number, as sent.
    N(String),
    /// Binary.
    B(Vec<u8>),
    /// A truth value.
    Bool(bool),
    /// Null.
    Null,
    /// A set of strings.
    Ss(Vec<String>),
    /// A set of numbers.
    Ns(Vec<String>),
    /// A set of binaries.
    Bs(Vec<Vec<u8>>),
    /// A map, in the order received.
    M(Vec<(String, AttributeValue)>),
    /// A list.
    L(Vec<AttributeValue>),
    /// A type this program does not know: shown as not looked at.
    Unknown,
}

impl AttributeValue {
    /// DynamoDB's own name for the type: `S`, `N`, `B`, `BOOL`, `NULL`, `SS`, `NS`, `BS`, `M`, `L`.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::S(_) => "S",
            Self::N(_) => "N",
            Self::B(_) => "B",
            Self::Bool(_) => "BOOL",
            Self::Null => "NULL",
            Self::Ss(_) => "SS",
            Self::Ns(_) => "NS",
            Self::Bs(_) => "BS",
            Self::M(_) => "M",
            Self::L(_) => "L",
            Self::Unknown => "?",
        }
    }

    /// Its size in bytes as DynamoDB counts it (Developer Guide, "DynamoDB item sizes and formats").
    pub fn size(&self) -> usize {
        let number = |n: &str| n.bytes().filter(u8::is_ascii_digit).count().div_ceil(2) + 1;
        match self {
            Self::S(s) => s.len(),
            Self::N(n) => number(n),
            Self::B(b) => b.len(),
            Self::Bool(_) | Self::Null | Self::Unknown => 1,
            Self::Ss(set) => set.iter().map(String::len).sum(),
            Self::Ns(set) => set.iter().map(|n| number(n)).sum(),
            Self::Bs(set) => set.iter().map(Vec::len).sum(),
            Self::M(members) => 3 + members.iter().map(|(k, v)| 1 + k.len() + v.size()).sum::<usize>(),
            Self::L(members) => 3 + members.iter().map(|v| 1 + v.size()).sum::<usize>(),
        }
    }
}

impl Zeroize for AttributeValue {
    fn zeroize(&mut self) {
        match self {
            Self::S(s) | Self::N(s) => s.zeroize(),
            Self::B(b) => b.zeroize(),
            Self::Ss(set) | Self::Ns(set) => set.zeroize(),
            Self::Bs(set) => set.zeroize(),
            Self::M(members) => members.iter_mut().for_each(|(k, v)| {
                k.zeroize();
                v.zeroize();
            }),
            Self::L(members) => members.iter_mut().for_each(Zeroize::zeroize),
            Self::Bool(_) | Self::Null | Self::Unknown => {}
        }
    }
}

/// The value of an item, taken along to be asked for elsewhere: it goes into requests only. Wiped when dropped.
#[derive(Clone, PartialEq)]
pub struct Held(Arc<Zeroizing<AttributeValue>>);

impl Held {
    /// Holds a value.
    pub fn new(value: AttributeValue) -> Self {
        Self(Arc::new(Zeroizing::new(value)))
    }

    /// The value.
    pub fn value(&self) -> &AttributeValue {
        &self.0
    }
}

/// One item: its attributes in the order received. Wiped when dropped.
#[derive(Clone, PartialEq, Default)]
pub struct Item {
    attributes: Vec<(String, AttributeValue)>,
}

impl Item {
    /// From its attributes.
    pub fn new(attributes: Vec<(String, AttributeValue)>) -> Self {
        Self { attributes }
    }

    /// Its attributes.
    pub fn attributes(&self) -> &[(String, AttributeValue)] {
        &self.attributes
    }

    /// One attribute by name.
    pub fn get(&self, name: &str) -> Option<&AttributeValue> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, v)| v)
    }

    /// Its size in bytes as DynamoDB counts it.
    pub fn size(&self) -> usize {
        self.attributes.iter().map(|(n, v)| n.len() + v.size()).sum()
    }
}

impl Drop for Item {
    fn drop(&mut self) {
        for (name, value) in &mut self.attributes {
            name.zeroize();
            value.zeroize();
        }
    }
}
