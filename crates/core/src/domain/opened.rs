//! What is inside the encodings of an item's values: raw, and therefore without Debug, Display or Serialize.

use zeroize::Zeroizing;

use crate::domain::{AttributePath, Item, Sighting};

/// Opens encodings. The detector does, for it knows what in them is to be masked.
pub trait Opener: Send + Sync {
    /// What is inside the encodings of an item, bounded in size, time and depth.
    fn open(&self, item: &Item) -> Opened;
}

/// The decoded values of an item, each with all that stands above it before it, and what was seen in them.
#[derive(Default)]
pub struct Opened {
    /// In the order of the item.
    pub values: Vec<Inner>,
    /// What is to be masked in them. What is told as a finding is in the item's own sightings.
    pub sightings: Vec<Sighting>,
}

/// A decoded value.
pub struct Inner {
    /// Where, from the attribute through every encoding. No two are at the same path, but for [`Holds::Again`].
    pub path: AttributePath,
    /// What it is.
    pub holds: Holds,
}

/// What a decoded value is.
pub enum Holds {
    /// A map; its members follow.
    Map,
    /// A list; its members follow.
    List,
    /// Text. What is opened of it follows.
    Text(Zeroizing<String>),
    /// A number, as written.
    Number(Zeroizing<String>),
    /// `true`, `false` or `null`.
    Word(&'static str),
    /// A number of bytes that are no text. What is opened of them follows.
    Bytes(usize),
    /// A second value of the same name in the same map; it is in the text around it.
    Again,
    /// There is more than this; it is in the text around it.
    More,
}

impl Holds {
    /// DynamoDB's name for the type it is nearest to.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Map => "M",
            Self::List => "L",
            Self::Text(_) => "S",
            Self::Number(_) => "N",
            Self::Word("null") => "NULL",
            Self::Word(_) => "BOOL",
            Self::Bytes(_) => "B",
            Self::Again | Self::More => "?",
        }
    }
}
