//! Where in an item a value is, through maps, lists and encodings.

use std::fmt;

/// An encoding that was opened to reach a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    /// JSON text inside a string.
    Json,
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
    /// A Django signed session, opened without its key.
    Django,
}

impl Layer {
    /// The word in a path.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Base64 => "base64",
            Self::Base64Url => "base64url",
            Self::Hex => "hex",
            Self::Gzip => "gzip",
            Self::Zlib => "zlib",
            Self::Django => "django",
        }
    }
}

/// One step down into an item.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// An attribute or a member of a map, by name.
    Name(String),
    /// A member of a map whose name is itself a secret: its position, and the masked name.
    HiddenName(usize, String),
    /// A member of a list or set.
    Index(usize),
    /// Any member of a list or set: in the path of a finding, which stands for many items.
    Any,
    /// Into an encoding.
    Layer(Layer),
}

/// A path as reports print it: `profile.blob|gzip|json:.stripe.key`, `keys[2].token`.
///
/// Names come from whoever writes to the table: neutralise what you print with
/// [`Safe`](crate::domain::Safe), and quote what you put in a snippet.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
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

    /// Whether an encoding had to be opened.
    pub fn is_layered(&self) -> bool {
        self.0.iter().any(|s| matches!(s, Step::Layer(_)))
    }

    /// The same place in any item: list positions become [`Step::Any`].
    pub fn general(&self) -> Self {
        Self(self.0.iter().map(|s| if matches!(s, Step::Index(_)) { Step::Any } else { s.clone() }).collect())
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
    }
}
