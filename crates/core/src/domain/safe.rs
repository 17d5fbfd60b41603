//! Text that may be shown: nothing in it can move the cursor, reorder the line or hide.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};
use unicode_width::UnicodeWidthChar;

/// Text without control, escape, bidirectional or invisible characters.
///
/// The only way in is [`Safe::neutral`], which replaces such characters with visible marks, so holding a
/// `Safe` proves it was done. It says nothing about secrets: text of an item comes out of
/// [`Screened`](crate::domain::Screened), which masks before it makes a `Safe`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
#[serde(transparent)]
pub struct Safe(String);

/// Made safe again: a file says nothing of who wrote it.
impl<'de> Deserialize<'de> for Safe {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from).map(|text| Self::neutral(&text))
    }
}

impl Safe {
    /// Replaces what a terminal could obey, or a reader could not see, with a visible mark on one line.
    ///
    /// C0 controls become their Unicode control pictures (`␛`, `␊`, `␉`), everything else its code point in
    /// angle quotes (`‹U+202E›`).
    pub fn neutral(text: &str) -> Self {
        if text.bytes().all(|b| (0x20..0x7f).contains(&b)) {
            return Self(text.to_owned());
        }
        let mut out = String::with_capacity(text.len());
        let mut marks = Marks::default();
        for c in text.chars() {
            marks.push(&mut out, c);
        }
        marks.end(&mut out);
        Self(out)
    }

    /// Like [`Safe::neutral`], but keeps line breaks: for snippets and other text of several lines that we
    /// lay out ourselves. Tabs become four spaces.
    pub fn block(text: &str) -> Self {
        let mut out = String::with_capacity(text.len());
        let mut marks = Marks::default();
        for c in text.chars() {
            match c {
                '\n' => {
                    marks.end(&mut out);
                    out.push('\n');
                }
                '\t' => {
                    marks.end(&mut out);
                    out.push_str("    ");
                }
                c => marks.push(&mut out, c),
            }
        }
        marks.end(&mut out);
        Self(out)
    }

    /// The text itself, so that it can be wiped.
    pub fn into_string(self) -> String {
        self.0
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn push_neutral(out: &mut String, c: char) {
    match c {
        '\0'..='\x1f' => out.push(char::from_u32(0x2400 + u32::from(c)).unwrap_or('␀')),
        '\x7f' => out.push('␡'),
        c if is_unsafe(c) => out.push_str(&format!("‹U+{:04X}›", u32::from(c))),
        c => out.push(c),
    }
}

/// Maximum number of combining marks shown on one character. Living scripts stack four or five (Tibetan, Hebrew with
/// cantillation); more of them run over the lines above and below, or hide that there is text at all.
const MOST_MARKS: usize = 8;

/// Counts the combining marks that follow each other.
#[derive(Default)]
pub(crate) struct Marks {
    run: usize,
}

impl Marks {
    /// Whether this character is a combining mark too many.
    pub(crate) fn is_over(&mut self, c: char) -> bool {
        let combining = !c.is_ascii() && !is_unsafe(c) && c.width() == Some(0);
        self.run = if combining { self.run + 1 } else { 0 };
        self.run > MOST_MARKS
    }

    fn push(&mut self, out: &mut String, c: char) {
        let before = self.run;
        if self.is_over(c) {
            return;
        }
        if self.run == 0 {
            Self::left_out(out, before);
        }
        push_neutral(out, c);
    }

    /// The end of a line: what follows stands on no character before it.
    fn end(&mut self, out: &mut String) {
        Self::left_out(out, std::mem::take(&mut self.run));
    }

    /// Says how many of a run were left out.
    fn left_out(out: &mut String, run: usize) {
        match run.saturating_sub(MOST_MARKS) {
            0 => {}
            1 => out.push_str("‹1 mark›"),
            more => out.push_str(&format!("‹{more} marks›")),
        }
    }
}

/// Whether a terminal could obey this character or a reader not see it: C1 controls, bidirectional marks and overrides,
/// zero-width and separator characters, tags, private use, non-characters, and all that Unicode's
/// DerivedCoreProperties.txt lists as `Default_Ignorable_Code_Point`.
pub(crate) fn is_unsafe(c: char) -> bool {
    matches!(c,
        '\0'..='\x1f' | '\x7f'..='\u{9f}' | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}'
        | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{fffe}'..='\u{ffff}'
        | '\u{e000}'..='\u{f8ff}' | '\u{e0000}'..='\u{10ffff}')
}

impl std::ops::Deref for Safe {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Safe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl From<&'static str> for Safe {
    /// Text of the program itself.
    fn from(text: &'static str) -> Self {
        Self::neutral(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(input: &str, shown: &str) {
        assert_eq!(Safe::neutral(input).as_str(), shown);
    }

    #[test]
    fn neutralises() {
        check("plain", "plain");
        check("naïve 日本", "naïve 日本");
        check("\x1b[31mred", "␛[31mred");
        check("a\tb\nc", "a␉b␊c");
        check("\u{9b}31m", "‹U+009B›31m");
        check("user\u{202e}txt.exe", "user‹U+202E›txt.exe");
        check("zero\u{200b}width", "zero‹U+200B›width");
        check("nul\0", "nul␀");
        // Every kind of Default_Ignorable_Code_Point.
        for c in [
            '\u{ad}',
            '\u{34f}',
            '\u{61c}',
            '\u{115f}',
            '\u{17b4}',
            '\u{17b5}',
            '\u{180b}',
            '\u{180e}',
            '\u{180f}',
            '\u{200b}',
            '\u{202a}',
            '\u{2060}',
            '\u{3164}',
            '\u{fe0f}',
            '\u{feff}',
            '\u{ffa0}',
            '\u{fff0}',
            '\u{1bca0}',
            '\u{1bca3}',
            '\u{1d173}',
            '\u{1d17a}',
            '\u{e0001}',
            '\u{e0100}',
        ] {
            check(&format!("a{c}b"), &format!("a‹U+{:04X}›b", u32::from(c)));
        }
    }

    #[test]
    fn a_tower_of_combining_marks_is_counted() {
        let marks = |n: usize| "\u{301}".repeat(n);
        check(&format!("a{}b", marks(8)), &format!("a{}b", marks(8)));
        check(&format!("a{}b", marks(9)), &format!("a{}‹1 mark›b", marks(8)));
        check(&format!("a{}", marks(500)), &format!("a{}‹492 marks›", marks(8)));
        // Vowels and tones of living scripts stay.
        check("ที่ นี้ བསྒྲུབས שָׁלוֹם", "ที่ นี้ བསྒྲུབས שָׁלוֹם");
        assert_eq!(Safe::block(&format!("a{}\nb", marks(9))).as_str(), format!("a{}‹1 mark›\nb", marks(8)));
    }

    #[test]
    fn a_block_keeps_its_lines_and_nothing_else() {
        assert_eq!(Safe::block("a\n\tb\r\x1b]52;").as_str(), "a\n    b␍␛]52;");
    }

    proptest::proptest! {
        #[test]
        fn nothing_unsafe_is_left(text in "\\PC*|(?s).*") {
            proptest::prop_assert!(!Safe::neutral(&text).chars().any(is_unsafe));
        }
    }
}
