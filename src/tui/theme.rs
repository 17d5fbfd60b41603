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

/// For which background the colours are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// A dark background.
    Dark,
    /// A light background.
    Light,
    /// As much contrast as there is, on a dark or a light background.
    HighContrast,
    /// No colours: bold, underlined, reversed.
    Monochrome,
}

/// Every scheme, as the configuration names it.
pub const SCHEMES: &[(&str, Scheme)] = &[
    ("dark", Scheme::Dark),
    ("light", Scheme::Light),
    ("high-contrast", Scheme::HighContrast),
    ("monochrome", Scheme::Monochrome),
];

impl Scheme {
    /// By the name of the configuration.
    pub fn parse(name: &str) -> Option<Self> {
        SCHEMES.iter().find(|(n, _)| *n == name).map(|(_, s)| *s)
    }

    /// Its name in the configuration.
    pub fn name(self) -> &'static str {
        SCHEMES.iter().find(|(_, s)| *s == self).map_or("dark", |(n, _)| n)
    }

    /// The next one, round and round.
    pub fn next(self) -> Self {
        let at = SCHEMES.iter().position(|(_, s)| *s == self).unwrap_or(0);
        SCHEMES[(at + 1) % SCHEMES.len()].1
    }

    /// For a background of a colour that a terminal told: `rgb:ffff/ffff/ffff`, of one to four hexadecimal digits a
    /// field (XParseColor(3)), or `rgba:` and a field more. `None` if it is no colour.
    pub fn of_colour(text: &str) -> Option<Self> {
        let (kind, fields) = text.split_once(':')?;
        let share = |field: &str| {
            let value = u16::from_str_radix(field, 16).ok().filter(|_| field.len() <= 4)?;
            Some(f64::from(value) / f64::from((1_u32 << (4 * field.len())) - 1))
        };
        let shares: Vec<f64> = fields.split('/').map(share).collect::<Option<_>>()?;
        let [red, green, blue] = match (kind, shares.as_slice()) {
            ("rgb", [r, g, b]) | ("rgba", [r, g, b, _]) => [*r, *g, *b],
            _ => return None,
        };
        // How bright it looks (ITU-R BT.601, luma).
        let luma = 0.299 * red + 0.587 * green + 0.114 * blue;
        Some(if luma > 0.5 { Self::Light } else { Self::Dark })
    }

    /// What the terminal tells of its background. `COLORFGBG` is `foreground;background`, some write a third
    /// field between them; the colours are numbers of the sixteen, of which 7 and 9 to 15 are light (rxvt(1)).
    pub fn of_background(colorfgbg: Option<&str>) -> Self {
        let background =
            colorfgbg.and_then(|v| v.rsplit(';').next()).and_then(|b| b.trim().parse::<u8>().ok());
        match background {
            Some(7 | 9..=15) => Self::Light,
            _ => Self::Dark,
        }
    }
}

/// How many colours the terminal has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Colours {
    /// None, or none are wanted (NO_COLOR, <https://no-color.org>).
    None,
    /// The terminal's own sixteen.
    Sixteen,
    /// The 256 of xterm: six steps each of red, green and blue, and 24 greys.
    Many,
}

impl Colours {
    /// From what the environment tells.
    pub fn from_env(var: impl Fn(&str) -> Option<String>) -> Self {
        let term = var("TERM").unwrap_or_default();
        if var("NO_COLOR").is_some_and(|v| !v.is_empty()) || term == "dumb" || term.ends_with("-m") {
            return Self::None;
        }
        let many = term.contains("256color")
            || var("COLORTERM").is_some_and(|c| matches!(c.as_str(), "truecolor" | "24bit"));
        if many { Self::Many } else { Self::Sixteen }
    }
}

/// Styles by role. Colours stand on the terminal's own background; meaning never hangs on colour alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme {
    /// For which background.
    pub scheme: Scheme,
    /// With how many colours.
    pub colours: Colours,
    /// The screen is read aloud, line by line: where eyes see a gap between cells, a sign stands.
    pub read_aloud: bool,
}

/// A colour of the sixteen, and the one of the 256 that says the same more softly or more legibly.
type Ink = Option<(Color, u8)>;

const fn ink(sixteen: Color, many: u8) -> Ink {
    Some((sixteen, many))
}

impl Theme {
    /// The style of a role.
    pub fn style(self, role: Role) -> Style {
        let style = Style::new().add_modifier(modifier(role));
        let colour = match (self.colours, self.colour(role)) {
            (Colours::None, _) | (_, None) => return style,
            // Grey is told by its colour alone; dimming it as well makes it unreadable.
            (Colours::Sixteen, Some((Color::DarkGray, _))) => return Style::new().fg(Color::DarkGray),
            (Colours::Sixteen, Some((sixteen, _))) => sixteen,
            (Colours::Many, Some((Color::Reset, _))) => Color::Reset,
            (Colours::Many, Some((_, many))) => Color::Indexed(many),
        };
        style.remove_modifier(Modifier::DIM).fg(colour)
    }

    fn colour(self, role: Role) -> Ink {
        // The terminal's own colours, reversed: a row that keeps the colours of its cells looks patched.
        if role == Role::Selected && self.scheme != Scheme::Monochrome {
            return ink(Color::Reset, 0);
        }
        match self.scheme {
            Scheme::Dark => dark(role),
            Scheme::Light => light(role),
            Scheme::HighContrast => high_contrast(role),
            Scheme::Monochrome => None,
        }
    }
}

fn modifier(role: Role) -> Modifier {
    match role {
        Role::Dim => Modifier::DIM,
        Role::Heading | Role::Fail | Role::Error | Role::Severity(Severity::Critical) => Modifier::BOLD,
        Role::Selected => Modifier::REVERSED,
        Role::Badge | Role::Alarm => Modifier::BOLD.union(Modifier::REVERSED),
        Role::Revealed => Modifier::BOLD.union(Modifier::UNDERLINED),
        _ => Modifier::empty(),
    }
}

fn dark(role: Role) -> Ink {
    match role {
        Role::Plain | Role::Heading | Role::Selected => None,
        Role::Dim | Role::Severity(Severity::Info) => ink(Color::DarkGray, 246),
        Role::Accent => ink(Color::Cyan, 80),
        Role::Badge | Role::Pass | Role::Good => ink(Color::Green, 78),
        Role::Masked => ink(Color::Magenta, 176),
        Role::Severity(Severity::Critical) => ink(Color::LightRed, 203),
        Role::Alarm | Role::Revealed | Role::Fail | Role::Error => ink(Color::Red, 203),
        Role::Severity(Severity::High) => ink(Color::Red, 209),
        Role::Severity(Severity::Medium) | Role::Unknown => ink(Color::Yellow, 220),
        Role::Severity(Severity::Low) => ink(Color::Blue, 111),
    }
}

/// No yellow, cyan or light colour: they are lost on white.
fn light(role: Role) -> Ink {
    match role {
        Role::Plain | Role::Heading | Role::Selected => None,
        Role::Dim | Role::Severity(Severity::Info) => ink(Color::DarkGray, 241),
        Role::Accent | Role::Severity(Severity::Low) => ink(Color::Blue, 25),
        Role::Badge | Role::Pass | Role::Good => ink(Color::Green, 22),
        Role::Masked => ink(Color::Magenta, 90),
        Role::Severity(Severity::Critical) => ink(Color::Red, 124),
        Role::Alarm | Role::Revealed | Role::Fail | Role::Error => ink(Color::Red, 124),
        Role::Severity(Severity::High) => ink(Color::Red, 160),
        Role::Severity(Severity::Medium) | Role::Unknown => ink(Color::Magenta, 94),
    }
}

/// Text in the terminal's own foreground; a colour only where it adds to a sign, and only the one red that stands out from
/// black as well as from white: the background is not known here.
fn high_contrast(role: Role) -> Ink {
    match role {
        Role::Alarm | Role::Revealed | Role::Fail | Role::Error => ink(Color::LightRed, 163),
        Role::Severity(Severity::Critical | Severity::High) => ink(Color::LightRed, 163),
        // Nothing stands back.
        Role::Dim => ink(Color::Reset, 0),
        _ => None,
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

#[cfg(test)]
mod tests {
    use super::*;

    fn theme(scheme: Scheme, colours: Colours) -> Theme {
        Theme { scheme, colours, read_aloud: false }
    }

    #[test]
    fn the_background_chooses_where_it_tells() {
        for (told, scheme) in [
            (None, Scheme::Dark),
            (Some("15;0"), Scheme::Dark),
            (Some("0;15"), Scheme::Light),
            (Some("0;default;15"), Scheme::Light),
            (Some("12;7"), Scheme::Light),
            (Some("0;8"), Scheme::Dark),
            (Some("nonsense"), Scheme::Dark),
            (Some("0;default"), Scheme::Dark),
        ] {
            assert_eq!(Scheme::of_background(told), scheme, "{told:?}");
        }
    }

    #[test]
    fn a_colour_that_a_terminal_told_is_light_or_dark() {
        for (told, scheme) in [
            ("rgb:ffff/ffff/ffff", Some(Scheme::Light)),
            ("rgb:0/0/0", Some(Scheme::Dark)),
            ("rgb:fdfd/f6f6/e3e3", Some(Scheme::Light)),
            ("rgb:00/2b/36", Some(Scheme::Dark)),
            ("rgba:ff/ff/ff/00", Some(Scheme::Light)),
            // Blue looks dark, yellow looks light.
            ("rgb:00/00/ff", Some(Scheme::Dark)),
            ("rgb:ff/ff/00", Some(Scheme::Light)),
            ("rgb:ff/ff", None),
            ("rgb:fffff/0/0", None),
            ("rgb:///", None),
            ("cmyk:0/0/0", None),
            ("white", None),
        ] {
            assert_eq!(Scheme::of_colour(told), scheme, "{told}");
        }
    }

    #[test]
    fn the_terminal_tells_how_many_colours() {
        let check = |vars: &[(&str, &str)], colours| {
            let var = |name: &str| vars.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned());
            assert_eq!(Colours::from_env(var), colours, "{vars:?}");
        };
        check(&[], Colours::Sixteen);
        check(&[("TERM", "xterm")], Colours::Sixteen);
        check(&[("TERM", "xterm-256color")], Colours::Many);
        check(&[("TERM", "xterm"), ("COLORTERM", "truecolor")], Colours::Many);
        check(&[("TERM", "xterm-256color"), ("NO_COLOR", "1")], Colours::None);
        check(&[("TERM", "xterm-256color"), ("NO_COLOR", "")], Colours::Many);
        check(&[("TERM", "dumb")], Colours::None);
        check(&[("TERM", "xterm-m")], Colours::None);
    }

    /// Red, green and blue of an indexed colour, from 16 on (xterm, `256colres.h`: a cube of six steps, then greys).
    fn rgb(index: u8) -> [f64; 3] {
        let n = f64::from(index);
        if index >= 232 {
            return [8.0 + 10.0 * (n - 232.0); 3];
        }
        let step = |n: u8| if n == 0 { 0.0 } else { 55.0 + 40.0 * f64::from(n) };
        let n = index - 16;
        [step(n / 36), step(n / 6 % 6), step(n % 6)]
    }

    /// The ratio of two colours (WCAG 2.2, "contrast ratio").
    fn contrast(a: [f64; 3], b: [f64; 3]) -> f64 {
        let linear = |c: f64| match c / 255.0 {
            c if c <= 0.04045 => c / 12.92,
            c => ((c + 0.055) / 1.055).powf(2.4),
        };
        let light = |[r, g, b]: [f64; 3]| 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b) + 0.05;
        let (a, b) = (light(a), light(b));
        a.max(b) / a.min(b)
    }

    /// Text of every colour can be read on the backgrounds that terminals have: 4.5 to 1 is what WCAG asks for.
    #[test]
    fn every_colour_stands_out_from_its_background() {
        let black = [[0.0; 3], [30.0; 3], [0.0, 43.0, 54.0]];
        let white = [[255.0; 3], [253.0, 246.0, 227.0]];
        assert!((contrast(black[0], white[0]) - 21.0).abs() < 1e-9);
        let severities =
            [Severity::Info, Severity::Low, Severity::Medium, Severity::High, Severity::Critical];
        let roles = [
            Role::Plain,
            Role::Heading,
            Role::Dim,
            Role::Accent,
            Role::Badge,
            Role::Alarm,
            Role::Masked,
            Role::Revealed,
            Role::Pass,
            Role::Fail,
            Role::Unknown,
            Role::Good,
            Role::Error,
        ];
        let (mut pale, mut told) = (Vec::new(), 0);
        for (scheme, grounds) in [
            (Scheme::Dark, &black[..]),
            (Scheme::Light, &white[..]),
            (Scheme::HighContrast, &[black[0], white[0]][..]),
        ] {
            for role in roles.into_iter().chain(severities.map(Role::Severity)) {
                let Some(Color::Indexed(index)) = theme(scheme, Colours::Many).style(role).fg else {
                    continue;
                };
                for ground in grounds {
                    let ratio = contrast(rgb(index), *ground);
                    told += 1;
                    if ratio < 4.5 {
                        pale.push(format!("{scheme:?} {role:?} {index} on {ground:?}: {ratio:.2}"));
                    }
                }
            }
        }
        assert!(told > 50 && pale.is_empty(), "{pale:#?}");
    }

    #[test]
    fn without_colours_no_colour_is_used() {
        let roles = [Role::Plain, Role::Dim, Role::Selected, Role::Alarm, Role::Error, Role::Masked];
        for role in roles {
            for (_, scheme) in SCHEMES {
                assert_eq!(theme(*scheme, Colours::None).style(role).fg, None);
            }
            assert_eq!(theme(Scheme::Monochrome, Colours::Many).style(role).fg, None);
        }
    }
}
