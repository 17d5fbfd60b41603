//! Key presses, as the keymap writes them: `j`, `G`, `ctrl-d`, `shift-tab`, `pgdn`.

use std::fmt;

/// What was pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Code {
    /// A character, upper case when shifted.
    Char(char),
    /// A named key.
    Named(&'static str),
}

/// A key press.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key {
    /// What.
    pub code: Code,
    /// With the control key.
    pub ctrl: bool,
}

/// Keys that are no characters, by the name the keymap uses.
pub const NAMED: &[&str] = &[
    "enter",
    "esc",
    "tab",
    "shift-tab",
    "backspace",
    "delete",
    "up",
    "down",
    "left",
    "right",
    "home",
    "end",
    "pgup",
    "pgdn",
    "space",
];

impl Key {
    /// A character without the control key.
    pub const fn char(c: char) -> Self {
        Self { code: Code::Char(c), ctrl: false }
    }

    /// Reads a name of the keymap; `None` if there is no such key.
    pub fn parse(name: &str) -> Option<Self> {
        let (ctrl, rest) = name.strip_prefix("ctrl-").map_or((false, name), |rest| (true, rest));
        if let Some(named) = NAMED.iter().find(|n| **n == rest) {
            return Some(Self { code: Code::Named(named), ctrl });
        }
        let mut chars = rest.chars();
        match (chars.next(), chars.next()) {
            (Some(c), None) if !c.is_control() && c != ' ' => Some(Self { code: Code::Char(c), ctrl }),
            _ => None,
        }
    }

    /// The character it types, if it types one.
    pub fn typed(self) -> Option<char> {
        match self {
            Self { code: Code::Char(c), ctrl: false } => Some(c),
            Self { code: Code::Named("space"), ctrl: false } => Some(' '),
            _ => None,
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ctrl = if self.ctrl { "ctrl-" } else { "" };
        match self.code {
            Code::Char(c) => write!(f, "{ctrl}{c}"),
            Code::Named(name) => write!(f, "{ctrl}{name}"),
        }
    }
}
