//! Roles and the colours they have. Nothing else in the program names a colour.

use ratatui::style::{Color, Modifier, Style};

use crate::domain::Severity;

/// What a piece of text is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Ordinary text.
    Plain,
    /// Less important.
    Dim,
    /// Column titles, headings.
    Heading,
    /// Names and things to press.
    Accent,
    /// The selected row.
    Selected,
    /// The READ-ONLY badge.
    Badge,
    /// An account or table that looks like production, an overridden endpoint.
    Alarm,
    /// A masked value.
    Masked,
    /// A value in clear.
    Revealed,
    /// A severity.
    Severity(Severity),
    /// A check passed.
    Pass,
    /// A check failed.
    Fail,
    /// Not seen.
    Unknown,
    /// An error message.
    Error,
    /// A message of success.
    Good,
}

/// Styles by role. Colours are the terminal's own sixteen on its own background; meaning never hangs on
/// colour alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme {
    /// Whether colours are used at all (NO_COLOR, monochrome terminals).
    pub colour: bool,
}

impl Theme {
    /// The style of a role.
    pub fn style(self, role: Role) -> Style {
        let (colour, modifier) = match role {
            Role::Plain => (None, Modifier::empty()),
            Role::Dim => (Some(Color::DarkGray), Modifier::DIM),
            Role::Heading => (None, Modifier::BOLD),
            Role::Accent => (Some(Color::Cyan), Modifier::empty()),
            // The terminal's own colours, reversed: a row that keeps the colours of its cells looks patched.
            Role::Selected => (Some(Color::Reset), Modifier::REVERSED),
            Role::Badge => (Some(Color::Green), Modifier::BOLD | Modifier::REVERSED),
            Role::Alarm => (Some(Color::Red), Modifier::BOLD | Modifier::REVERSED),
            Role::Masked => (Some(Color::Magenta), Modifier::empty()),
            Role::Revealed => (Some(Color::Red), Modifier::BOLD | Modifier::UNDERLINED),
            Role::Severity(Severity::Critical) => (Some(Color::LightRed), Modifier::BOLD),
            Role::Severity(Severity::High) => (Some(Color::Red), Modifier::empty()),
            Role::Severity(Severity::Medium) => (Some(Color::Yellow), Modifier::empty()),
            Role::Severity(Severity::Low) => (Some(Color::Blue), Modifier::empty()),
            Role::Severity(Severity::Info) => (Some(Color::DarkGray), Modifier::empty()),
            Role::Pass | Role::Good => (Some(Color::Green), Modifier::empty()),
            Role::Fail => (Some(Color::Red), Modifier::BOLD),
            Role::Unknown => (Some(Color::Yellow), Modifier::empty()),
            Role::Error => (Some(Color::Red), Modifier::BOLD),
        };
        let style = Style::new().add_modifier(modifier);
        match colour {
            // Grey is told by its colour alone; dimming it as well makes it unreadable.
            Some(Color::DarkGray) if self.colour => Style::new().fg(Color::DarkGray),
            Some(colour) if self.colour => style.fg(colour),
            _ => style,
        }
    }
}

/// The sign of a severity: never colour alone.
pub const fn glyph(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "‼",
        Severity::High => "!",
        Severity::Medium => "▲",
        Severity::Low => "▽",
        Severity::Info => "·",
    }
}
