//! How bad, and how sure.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// An ordered enum whose variants each have one word, used on screen, in JSON and on the command line.
macro_rules! scale {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $word)] $variant),+ }

        impl $name {
            /// Every value, lowest first.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word for it in reports, JSON and arguments.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.pad(self.word()) }
        }

        impl FromStr for $name {
            type Err = String;
            fn from_str(word: &str) -> Result<Self, String> {
                Self::ALL.iter().copied().find(|v| v.word() == word).ok_or_else(|| {
                    format!("not one of {}", [$($word),+].join(", "))
                })
            }
        }
    };
}

scale! {
    /// How much harm a finding can do.
    Severity {
        /// Worth knowing; nothing to fix.
        Info = "info",
        /// Should be tidied up.
        Low = "low",
        /// Should be planned.
        Medium = "medium",
        /// Should be fixed this week.
        High = "high",
        /// Should be fixed now.
        Critical = "critical",
    }
}

scale! {
    /// How sure the detector is that a value is what its rule says.
    Confidence {
        /// Masked on screen, not reported by default.
        Low = "low",
        /// Reported by default: a strong name and a strong value, or a documented shape.
        Medium = "medium",
        /// A documented prefix and shape that nothing else uses.
        High = "high",
        /// A checksum, signature shape or structure was verified without the network.
        Confirmed = "confirmed",
    }
}
