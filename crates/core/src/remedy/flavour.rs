//! The languages of fixes, and how a foreign name is quoted in each.
//!
//! Names are written by whoever writes to the table, and end up in somebody's shell. Whatever goes in, the
//! snippet stays printable ASCII: a raw escape character could end a terminal's bracketed paste.

use std::fmt::Write;

/// A language a fix is written in. A template's file name picks it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Flavour {
    /// AWS CLI, for a POSIX shell.
    AwsCli,
    /// Terraform, aws provider 5 and 6.
    Terraform,
    /// Python with boto3, and Django where that is the application.
    Boto3,
}

impl Flavour {
    /// Every flavour, in the order of the tabs.
    pub const ALL: &'static [Self] = &[Self::AwsCli, Self::Terraform, Self::Boto3];

    /// What the tab says.
    pub const fn title(self) -> &'static str {
        match self {
            Self::AwsCli => "AWS CLI",
            Self::Terraform => "Terraform",
            Self::Boto3 => "boto3 / Django",
        }
    }

    /// What stands above every fix. An interactive zsh would take comments for commands, and a pager would take the
    /// next lines of a paste for its own keys; a shell that has no `setopt` says nothing of it.
    pub(super) const fn head(self) -> &'static str {
        match self {
            Self::AwsCli => "setopt interactive_comments 2> /dev/null; export AWS_PAGER=\n",
            Self::Terraform | Self::Boto3 => "",
        }
    }

    /// What a file with it is called after the dot.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::AwsCli => "sh",
            Self::Terraform => "tf",
            Self::Boto3 => "py",
        }
    }
}

/// A way to put text into a template: the second word of a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quote {
    /// One word of a POSIX shell.
    Sh,
    /// As many words of a POSIX shell as there are lines.
    Words,
    /// A quoted template of HCL.
    Hcl,
    /// A string literal of Python.
    Py,
    /// Words in a comment, for reading; the same in all three languages.
    Note,
}

impl Quote {
    /// By its word, if the flavour has it.
    pub(super) fn of(word: &str, flavour: Flavour) -> Option<Self> {
        match (word, flavour) {
            ("sh", Flavour::AwsCli) => Some(Self::Sh),
            ("words", Flavour::AwsCli) => Some(Self::Words),
            ("hcl", Flavour::Terraform) => Some(Self::Hcl),
            ("py", Flavour::Boto3) => Some(Self::Py),
            ("note", _) => Some(Self::Note),
            _ => None,
        }
    }

    /// The text, quoted.
    pub(super) fn apply(self, text: &str) -> String {
        match self {
            Self::Sh => sh(text),
            Self::Words => text.lines().map(sh).collect::<Vec<_>>().join(" "),
            Self::Hcl => hcl(text),
            Self::Py => py(text),
            Self::Note => note(text),
        }
    }
}

/// In single quotes. What is not printable ASCII becomes `?`: no name that AWS gives has it, and names of
/// attributes go in as `json`, which escapes it.
pub fn sh(text: &str) -> String {
    let plain: String = text.chars().map(|c| if matches!(c, ' '..='~') { c } else { '?' }).collect();
    format!("'{}'", plain.replace('\'', "'\"'\"'"))
}

/// In double quotes, with interpolation and directives taken apart.
fn hcl(text: &str) -> String {
    let mut out = String::from("\"");
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '$' | '%' if chars.peek() == Some(&'{') => out.extend([c, c]),
            // Of several before a brace the first ones must not pair up with the last.
            '$' | '%' if chars.peek() == Some(&c) => unicode(&mut out, c),
            ' '..='~' => out.push(c),
            c => unicode(&mut out, c),
        }
    }
    out + "\""
}

/// Like Python's own `ascii()`, always in single quotes.
fn py(text: &str) -> String {
    let mut out = String::from("'");
    for c in text.chars() {
        match c {
            '\'' | '\\' => out.extend(['\\', c]),
            ' '..='~' => out.push(c),
            c => unicode(&mut out, c),
        }
    }
    out + "'"
}

/// `\uXXXX` or `\UXXXXXXXX`, as both Python and HCL read it.
fn unicode(out: &mut String, c: char) {
    let code = u32::from(c);
    // Writing to a String cannot fail.
    let _ = if code > 0xffff { write!(out, "\\U{code:08X}") } else { write!(out, "\\u{code:04X}") };
}

/// Longest line of a comment that holds a name.
const NOTE: usize = 160;

/// For a comment. An interactive zsh takes comments for commands, so only characters that mean nothing to a
/// shell stay; the rest becomes `_`. Further lines start a comment of their own.
fn note(text: &str) -> String {
    let lines: Vec<String> = text.split('\n').map(note_line).collect();
    lines.join("\n# ")
}

fn note_line(line: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || " _.,:/@=+-".contains(c) { c } else { '_' };
    let mut rest = line.char_indices().nth(NOTE).map_or(line, |(at, _)| &line[..at]);
    let mut out = String::with_capacity(rest.len());
    while let Some(c) = rest.chars().next() {
        let taken = if let Some(length) = position(rest) {
            out.push_str(&rest[..length]);
            length
        } else {
            out.push(plain(c));
            c.len_utf8()
        };
        rest = &rest[taken..];
    }
    out
}

/// How long a position of a list is that the text starts with: `[*]` or `[12]`. To a shell that is one
/// character, a star or a digit: nothing is run, and no folder is searched through.
fn position(text: &str) -> Option<usize> {
    let (inside, _) = text.strip_prefix('[')?.split_once(']')?;
    let is = inside == "*" || (!inside.is_empty() && inside.bytes().all(|b| b.is_ascii_digit()));
    is.then_some(inside.len() + 2)
}

/// A JSON document in ASCII.
pub(super) fn json(value: &serde_json::Value) -> String {
    let mut out = String::new();
    for c in value.to_string().chars() {
        if matches!(c, ' '..='~') {
            out.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes() {
        for (quote, text, expect) in [
            (Quote::Sh, "a'b $(id) `id` \"", r#"'a'"'"'b $(id) `id` "'"#),
            (Quote::Words, "eu-west-1\n$(id) x", "'eu-west-1' '$(id) x'"),
            (Quote::Sh, "a\nb\u{1b}[201~", "'a?b?[201~'"),
            (Quote::Hcl, "${x} %{ if } \"\\ é", r#""$${x} %%{ if } \"\\ \u00E9""#),
            (Quote::Hcl, "$${x} $x 100%", r#""\u0024$${x} $x 100%""#),
            (Quote::Py, "it's \\ \n 😀", r"'it\'s \\ \u000A \U0001F600'"),
            (Quote::Note, "a'$(id);\u{202e}[2]\nnext", "a___id___[2]\n# next"),
            (Quote::Note, "k[*].t[10][a-z][*", "k[*].t[10]_a-z___"),
            (Quote::Note, "*[]**[^*]é[é]", "_____________"),
        ] {
            assert_eq!(quote.apply(text), expect);
        }
        assert_eq!(json(&serde_json::json!({"é\u{7f}": "😀"})), r#"{"\u00e9\u007f":"\ud83d\ude00"}"#);
    }

    proptest::proptest! {
        #[test]
        fn nothing_but_printable_ascii_comes_out(text in "(?s).*") {
            for quote in [Quote::Sh, Quote::Words, Quote::Hcl, Quote::Py, Quote::Note] {
                let plain = quote.apply(&text).chars().all(|c| matches!(c, ' '..='~' | '\n'));
                proptest::prop_assert!(plain, "{:?}", quote);
            }
        }

        #[test]
        fn json_round_trips(text in "(?s).*") {
            let value = serde_json::json!({ text.as_str(): [text.as_str()] });
            let again: serde_json::Value = serde_json::from_str(&json(&value)).expect("JSON");
            proptest::prop_assert_eq!(again, value);
        }
    }
}
