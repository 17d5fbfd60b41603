//! `KEY=value` lines, as a `.env` file has them: comments, `export`, and quotes around a value. A quoted value ends on
//! its line; variables in it are not replaced.

use super::Told;
use crate::detect::walk::Visitor;
use crate::domain::Holds;

/// Two assignments or more, and no line that is none.
pub(super) fn fits(text: &str) -> bool {
    let mut assignments = 0;
    lines(text).all(|line| {
        assignments += 1;
        line.is_some()
    }) && assignments >= 2
}

/// The assignments, leaving out blank lines and comments; `None` for any other line.
fn lines(text: &str) -> impl Iterator<Item = Option<(&str, &str)>> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| {
        let (name, value) = line.split_once('=')?;
        let name = name.trim_end();
        let name = name.strip_prefix("export ").unwrap_or(name).trim_start();
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"_.-".contains(&b);
        let named = (1..=128).contains(&name.len()) && name.bytes().all(plain);
        (named && !name.as_bytes()[0].is_ascii_digit()).then_some((name, value.trim_start()))
    })
}

/// Tells every value without its quotes.
pub(super) fn walk(text: &str, visitor: &mut dyn Visitor) -> Told {
    visitor.opens(Holds::Map);
    for (position, (name, value)) in lines(text).flatten().enumerate() {
        visitor.enter_name(position, name);
        visitor.text(unquoted(value));
        visitor.leave();
    }
    Told::Whole
}

fn unquoted(value: &str) -> &str {
    ['"', '\''].iter().find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote)).unwrap_or(value)
}
