//! Where in an item a value is, through maps, lists and encodings.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::domain::ids::is_id;

/// An encoding that was opened to reach a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Layer {
    /// JSON text inside a string.
    Json,
    /// YAML text inside a string.
    Yaml,
    /// `KEY=value` lines, as a `.env` file has them.
    Env,
    /// `a=b&c=d` (application/x-www-form-urlencoded).
    Form,
    /// Percent-encoded text (RFC 3986, 2.1).
    Percent,
    /// The body of a PEM block (RFC 7468).
    Pem,
    /// Standard base64.
    Base64,
    /// URL-safe base64.
    Base64Url,
    /// Hexadecimal text.
    Hex,
    /// A gzip stream.
    Gzip,
    /// A zlib stream.
    Zlib,
    /// A Zstandard frame (RFC 8878).
    Zstd,
    /// An LZ4 frame.
    Lz4,
    /// Snappy, framed or raw.
    Snappy,
    /// A Django signed session, opened without its key.
    Django,
    /// A JSON Web Token (RFC 7519): its header and, where they are not encrypted, its claims.
    Jwt,
}

impl Layer {
    /// The word in a path.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Yaml => "yaml",
            Self::Env => "env",
            Self::Form => "form",
            Self::Percent => "percent",
            Self::Pem => "pem",
            Self::Base64 => "base64",
            Self::Base64Url => "base64url",
            Self::Hex => "hex",
            Self::Gzip => "gzip",
            Self::Zlib => "zlib",
            Self::Zstd => "zstd",
            Self::Lz4 => "lz4",
            Self::Snappy => "snappy",
            Self::Django => "django",
            Self::Jwt => "jwt",
        }
    }

    /// Whether it is of a part of a text, of which there may be several: a token in a log line. The second of them
    /// is at `|jwt:[1]`. Any other encoding is of the whole of its text.
    pub const fn is_part(self) -> bool {
        matches!(self, Self::Django | Self::Jwt)
    }
}

/// One step down into an item.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Step {
    /// An attribute or a member of a map, by name.
    Name(String),
    /// A member of a map whose name is itself a secret, or too long: its position, and the masked or cut name.
    HiddenName(usize, String),
    /// A member of a list or set.
    Index(usize),
    /// Any member of a list or set: in the path of a finding, which stands for many items.
    Any,
    /// Any member of a map that has ids for names: in the path of a finding as well.
    AnyName,
    /// Into an encoding.
    Layer(Layer),
}

/// Names are cut to this many characters in paths: a name may be as long as an item.
const LONGEST_NAME: usize = 128;

impl Step {
    /// To the member of that name, the `position`-th of its map. A name too long for a path is cut, and the step
    /// then goes by its position.
    pub fn member(position: usize, name: &str) -> Self {
        match cut(name) {
            Some(cut) => Self::HiddenName(position, cut),
            None => Self::Name(name.to_owned()),
        }
    }

    /// To the `position`-th member of a map, whose name is shown as `masked`.
    pub fn hidden(position: usize, masked: &str) -> Self {
        Self::HiddenName(position, cut(masked).unwrap_or_else(|| masked.to_owned()))
    }
}

/// A name that is too long for a path, cut, with `…` at its end.
fn cut(name: &str) -> Option<String> {
    name.char_indices().nth(LONGEST_NAME)?;
    Some(name.chars().take(LONGEST_NAME - 1).chain(['…']).collect())
}

/// A path as reports print it: `profile.blob|gzip|json:.stripe.key`, `keys[2].token`.
///
/// Names come from whoever writes to the table: neutralise what you print with
/// [`Safe`](crate::domain::Safe), and quote what you put in a snippet.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct AttributePath(Vec<Step>);

impl AttributePath {
    /// The path of one top-level attribute.
    pub fn attribute(name: impl Into<String>) -> Self {
        Self(vec![Step::Name(name.into())])
    }

    /// From its steps.
    pub fn new(steps: Vec<Step>) -> Self {
        Self(steps)
    }

    /// Its steps, outermost first.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// About how many bytes of memory it takes.
    pub fn size(&self) -> usize {
        let name = |step: &Step| match step {
            Step::Name(name) | Step::HiddenName(_, name) => name.len(),
            _ => 0,
        };
        self.0.iter().map(|step| size_of::<Step>() + name(step)).sum()
    }

    /// One step further down.
    pub fn child(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }

    /// The name of the top-level attribute; `None` where that name is itself hidden, or the path is empty.
    pub fn root(&self) -> Option<&str> {
        match self.0.first() {
            Some(Step::Name(name)) => Some(name),
            _ => None,
        }
    }

    /// The part that DynamoDB itself can address: everything above the first encoding.
    pub fn stored(&self) -> Self {
        Self(self.0.iter().take_while(|s| !matches!(s, Step::Layer(_))).cloned().collect())
    }

    /// The values it goes through encodings of, outermost first: `a|json:.b|gzip` goes through `a` and `a|json:.b`.
    pub fn encoded(&self) -> impl Iterator<Item = Self> {
        let layers = self.0.iter().enumerate().filter(|(_, s)| matches!(s, Step::Layer(_)));
        layers.map(|(n, _)| Self(self.0[..n].to_vec()))
    }

    /// Whether it is the other one or leads to something in it.
    pub fn is_within(&self, other: &Self) -> bool {
        self.0.starts_with(&other.0)
    }

    /// Whether an encoding had to be opened.
    pub fn is_layered(&self) -> bool {
        self.0.iter().any(|s| matches!(s, Step::Layer(_)))
    }

    /// The same place in any item: list positions become [`Step::Any`], and names below the top that are ids
    /// [`Step::AnyName`].
    pub fn general(&self) -> Self {
        let one = |(n, step): (usize, &Step)| match step {
            Step::Index(_) => Step::Any,
            Step::Name(name) if n > 0 && is_id(name) => Step::AnyName,
            other => other.clone(),
        };
        Self(self.0.iter().enumerate().map(one).collect())
    }
}

impl fmt::Display for AttributePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write;
        let mut out = String::new();
        let mut in_layer = false;
        for (n, step) in self.0.iter().enumerate() {
            if in_layer && !matches!(step, Step::Layer(_)) {
                out.push(':');
            }
            match step {
                Step::Name(name) | Step::HiddenName(_, name) if plain(name) => {
                    if n > 0 {
                        out.push('.');
                    }
                    out.push_str(name);
                }
                Step::Name(name) | Step::HiddenName(_, name) => write!(out, "[{name:?}]")?,
                Step::Index(i) => write!(out, "[{i}]")?,
                Step::Any => out.push_str("[*]"),
                Step::AnyName => out.push_str(".*"),
                Step::Layer(layer) => write!(out, "|{}", layer.word())?,
            }
            in_layer = matches!(step, Step::Layer(_));
        }
        f.pad(&out)
    }
}

/// Whether a name can stand in a path without quotes.
fn plain(name: &str) -> bool {
    !name.is_empty()
        && !name.chars().any(|c| matches!(c, '.' | '[' | ']' | '|' | '"' | '\\') || c.is_control())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_is_cut_and_goes_by_its_position() {
        let long = "é".repeat(128);
        assert_eq!(Step::member(3, &long), Step::Name(long.clone()));
        let longer = format!("{long}é");
        assert_eq!(Step::member(3, &longer), Step::HiddenName(3, format!("{}…", "é".repeat(127))));
        assert_eq!(Step::hidden(3, &longer), Step::member(3, &longer));
    }

    fn name(n: &str) -> Step {
        Step::Name(n.into())
    }

    #[test]
    fn prints_like_the_design() {
        let layered = AttributePath::new(vec![
            name("profile"),
            name("blob"),
            Step::Layer(Layer::Gzip),
            Step::Layer(Layer::Json),
            name("stripe"),
            name("key"),
        ]);
        assert_eq!(layered.to_string(), "profile.blob|gzip|json:.stripe.key");
        assert_eq!(layered.stored().to_string(), "profile.blob");
        let listed = AttributePath::new(vec![name("keys"), Step::Index(2), name("a.b")]);
        assert_eq!(listed.to_string(), "keys[2][\"a.b\"]");
        assert_eq!(listed.general().to_string(), "keys[*][\"a.b\"]");
        let keyed =
            AttributePath::new(vec![name("1001"), name("user-1001"), name("devices"), Step::Index(0)]);
        assert_eq!(keyed.general().to_string(), "1001.*.devices[*]");
        assert_eq!(keyed.general().general(), keyed.general());
    }
}
