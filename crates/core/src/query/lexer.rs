//! Text to tokens, each with its place. No message repeats a literal.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::query::expression::Span;
use crate::query::number;
use crate::query::parse::{Error, Expected};
use crate::query::typed::Typed;
use crate::query::words::{Function, continues_name, is_keyword, starts_name};

/// The longest expression, in bytes (Service quotas, "Expression parameters": 4 KB).
pub(super) const LONGEST: usize = 4096;

/// The signs, longer ones first.
const SIGNS: &[&str] = &["<>", "<=", ">=", "!=", "=", "<", ">", "(", ")", ",", "[", "]", "{", "}", ".", ":"];

/// A piece of the text. No Debug: it may be a literal.
#[derive(Clone)]
pub(super) enum Token {
    /// A word: a name, a keyword or a function.
    Word(String),
    /// A name in backquotes.
    Quoted(String),
    /// A string.
    Text(Zeroizing<String>),
    /// A number.
    Number(Zeroizing<String>),
    /// Binary.
    Binary(Zeroizing<Vec<u8>>),
    /// `?`
    Hole,
    /// `$1`
    Held(usize),
    /// A sign.
    Sign(&'static str),
    /// The end of the text.
    End,
}

impl Token {
    /// What it is, in words that say nothing of a literal. A word may be one whose quotes were forgotten: only those of
    /// the language are repeated.
    pub(super) fn told(&self) -> String {
        match self {
            Self::Word(word) if is_keyword(word) || Function::of(word).is_some() => format!("`{word}`"),
            Self::Word(_) | Self::Quoted(_) => "a name".into(),
            Self::Text(_) => "a string".into(),
            Self::Number(_) => "a number".into(),
            Self::Binary(_) => "binary".into(),
            Self::Hole => "`?`".into(),
            Self::Held(n) => format!("`${n}`"),
            Self::Sign(sign) => format!("`{sign}`"),
            Self::End => "the end".into(),
        }
    }
}

/// All tokens of the text, the last one [`Token::End`].
pub(super) fn tokens(typed: &Typed) -> Result<Vec<(Token, Span)>, Error> {
    let text = typed.text();
    if text.len() > LONGEST {
        let span = Span { start: LONGEST, end: text.len() };
        return Err(Error::new(span, "An expression has at most 4,096 bytes"));
    }
    let mut out = Vec::new();
    let mut at = 0;
    loop {
        at += text[at..].len() - text[at..].trim_start().len();
        let rest = &text[at..];
        let Some(first) = rest.chars().next() else {
            out.push((Token::End, Span { start: at, end: at }));
            return Ok(out);
        };
        if let Some(length) = bare_secret(typed, at) {
            let token = Token::Text(Zeroizing::new(rest[..length].to_owned()));
            out.push((token, Span { start: at, end: at + length }));
            at += length;
            continue;
        }
        let (token, length) = match first {
            '"' | '\'' => {
                let (text, length) = quoted(rest, first, at)?;
                (Token::Text(text), length)
            }
            '`' => {
                let (name, length) = quoted(rest, first, at)?;
                if typed.secret_in(at..at + length).is_some() {
                    out.push((Token::Text(name), Span { start: at, end: at + length }));
                    at += length;
                    continue;
                }
                if name.is_empty() {
                    return Err(Error::new(Span { start: at, end: at + length }, "A name cannot be empty"));
                }
                (Token::Quoted(name.to_string()), length)
            }
            '?' => (Token::Hole, 1),
            '$' => held(rest, at)?,
            '0'..='9' | '-' => numeral(rest, at)?,
            c if starts_name(c) => match rest.strip_prefix("b64\"") {
                Some(_) => binary(rest, at)?,
                None => {
                    let length = rest.find(|c| !continues_name(c)).unwrap_or(rest.len());
                    (Token::Word(rest[..length].to_owned()), length)
                }
            },
            _ => match SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
                Some(sign) => (Token::Sign(sign), sign.len()),
                None => {
                    let span = Span { start: at, end: at + first.len_utf8() };
                    return Err(Error::new(
                        span,
                        "This character has no meaning here; a name with it goes in backquotes",
                    ));
                }
            },
        };
        out.push((token, Span { start: at, end: at + length }));
        at += length;
    }
}

/// How long the secret without quotes is that begins with the word at this place.
fn bare_secret(typed: &Typed, at: usize) -> Option<usize> {
    let rest = &typed.text()[at..];
    let first = rest.chars().next()?;
    if matches!(first, '"' | '\'' | '`') || rest.starts_with("b64\"") {
        return None;
    }
    let to_end_of_word =
        |from: usize| rest[from..].find(|c| !continues_name(c)).map_or(rest.len(), |n| from + n);
    // A sign is a token of its own: `=` before a secret is no part of it.
    let word = if continues_name(first) { to_end_of_word(0) } else { first.len_utf8() };
    let end = typed.secret_in(at..at + word)?;
    Some(to_end_of_word(word.max(end - at)))
}

/// Text between two equal quotes; a backslash takes the next character as it is, or makes a line break, a tab
/// or, with `u{…}`, any character.
fn quoted(rest: &str, quote: char, at: usize) -> Result<(Zeroizing<String>, usize), Error> {
    let mut out = Zeroizing::new(String::with_capacity(rest.len()));
    let mut chars = rest.char_indices().skip(1);
    while let Some((n, c)) = chars.next() {
        match c {
            c if c == quote => return Ok((out, n + c.len_utf8())),
            '\\' => match chars.next() {
                Some((_, 'n')) => out.push('\n'),
                Some((_, 'r')) => out.push('\r'),
                Some((_, 't')) => out.push('\t'),
                Some((_, 'u')) => {
                    let code = rest[n + 2..].strip_prefix('{').and_then(|r| r.split_once('}')).map(|r| r.0);
                    let c = code.and_then(|c| u32::from_str_radix(c, 16).ok()).and_then(char::from_u32);
                    let (Some(code), Some(c)) = (code, c) else {
                        let span = Span { start: at + n, end: at + n + 2 };
                        return Err(Error::new(span, "A character by its code is written \\u{1f600}"));
                    };
                    out.push(c);
                    chars.nth(code.len() + 1);
                }
                Some((_, c)) if !c.is_alphanumeric() => out.push(c),
                Some((n, _)) => {
                    let span = Span { start: at + n - 1, end: at + n + 1 };
                    return Err(Error::new(
                        span,
                        "After a backslash comes a quote, a backslash, n, r, t or u",
                    ));
                }
                None => break,
            },
            c => out.push(c),
        }
    }
    let what = if quote == '`' { "A name in backquotes" } else { "A string" };
    Err(Error {
        expected: Expected::Rest,
        ..Error::new(
            Span { start: at, end: at + rest.len() },
            format!("{what} is not closed: {quote} is missing"),
        )
    })
}

/// `b64"…"`.
fn binary(rest: &str, at: usize) -> Result<(Token, usize), Error> {
    let (text, length) = quoted(&rest[3..], '"', at + 3)?;
    let span = Span { start: at, end: at + 3 + length };
    match STANDARD.decode(text.as_bytes()) {
        Ok(bytes) => Ok((Token::Binary(Zeroizing::new(bytes)), 3 + length)),
        Err(_) => Err(Error::new(span, "This is no base64")),
    }
}

/// `$1`.
fn held(rest: &str, at: usize) -> Result<(Token, usize), Error> {
    let digits = rest[1..].bytes().take_while(u8::is_ascii_digit).count();
    match rest[1..=digits].parse() {
        Ok(n) => Ok((Token::Held(n), 1 + digits)),
        Err(_) => {
            Err(Error::new(Span { start: at, end: at + 1 + digits }, "A value held from an item is $1, $2 …"))
        }
    }
}

/// `-12.5e3`: digits, perhaps a point and digits, perhaps an exponent.
fn numeral(rest: &str, at: usize) -> Result<(Token, usize), Error> {
    let bytes = rest.as_bytes();
    let digits = |from: usize| bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let mut length = usize::from(bytes[0] == b'-');
    let whole = digits(length);
    let mut fine = whole > 0;
    length += whole;
    if bytes.get(length) == Some(&b'.') && digits(length + 1) > 0 {
        length += 1 + digits(length + 1);
    }
    if matches!(bytes.get(length), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(length + 1), Some(b'+' | b'-')));
        let exponent = digits(length + 1 + sign);
        fine &= exponent > 0;
        length += 1 + sign + exponent;
    }
    let stray = rest[length..].find(|c| !continues_name(c)).unwrap_or(rest.len() - length);
    let span = Span { start: at, end: at + length + stray };
    if !fine || stray > 0 {
        return Err(Error::new(span, "This is no number; text goes in quotes, such a name in backquotes"));
    }
    match number::refusal(&rest[..length]) {
        Some(why) => Err(Error::new(span, why)),
        None => Ok((Token::Number(Zeroizing::new(rest[..length].to_owned())), length)),
    }
}
