//! YAML (1.2), told from a parser's events: no tree is built, and an alias stays one event, so nothing is expanded.

use saphyr_parser::{Event, Parser};

use super::Told;
use crate::detect::walk::Visitor;
use crate::domain::Holds;

/// Longer texts are read as plain text.
const LONGEST: usize = 256 * 1024;
/// Deeper texts, too: the parser's work on one token grows with the depth.
const DEEPEST: usize = 32;

/// Several lines, of which the first is a member of a map or a list; not so deep that the parser would be slow.
pub(super) fn fits(text: &str) -> bool {
    if text.len() > LONGEST || !text.contains('\n') {
        return false;
    }
    let mut lines = text.lines().filter(|l| !l.trim_start().is_empty() && !l.trim_start().starts_with('#'));
    let first = match lines.next() {
        Some(line) if line.trim_end() == "---" => lines.next(),
        line => line,
    };
    let member = |line: &str| {
        let line = line.trim_start();
        let line = line.strip_prefix("- ").unwrap_or(line).trim_end();
        let Some(colon) = line.find(": ").or_else(|| line.ends_with(':').then(|| line.len() - 1)) else {
            return false;
        };
        let name = &line[..colon];
        (1..=128).contains(&name.len())
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.-/\"'".contains(&b))
    };
    first.is_some_and(|line| member(line) || line.starts_with("- ")) && shallow(text)
}

/// Whether brackets, dashes and indentation cannot nest deeper than [`DEEPEST`].
fn shallow(text: &str) -> bool {
    let mut brackets = 0_usize;
    text.lines().all(|line| {
        let mut dashes = 0_usize;
        for b in line.bytes() {
            match b {
                b'[' | b'{' => brackets += 1,
                b']' | b'}' => brackets = brackets.saturating_sub(1),
                b'-' | b'?' | b':' => dashes += 1,
                _ => {}
            }
            if brackets > DEEPEST {
                return false;
            }
        }
        let indent = line.bytes().take_while(|b| *b == b' ').count();
        indent <= 8 * DEEPEST && (dashes <= DEEPEST || !line.trim_start().starts_with(['-', '?']))
    })
}

/// Where in a document the events are.
enum YamlLevel {
    /// In a map: how many members were begun, and what of the present one comes next.
    Map(usize, Awaited),
    /// In a list: how many members were begun.
    List(usize),
}

/// What of a member of a map comes next.
#[derive(Clone, Copy, PartialEq)]
enum Awaited {
    Name,
    /// The rest of a name that is a map or a list.
    EndOfName,
    Value,
}

/// Tells every scalar. What is in a name that is a map or a list is told under a stand-in.
pub(super) fn walk(text: &str, visitor: &mut dyn Visitor) -> Told {
    let mut levels: Vec<YamlLevel> = Vec::new();
    for event in Parser::new_from_str(text) {
        let Ok((event, _)) = event else { return Told::Not };
        match event {
            Event::Scalar(name, ..) if awaits_name(&levels) => {
                begin(&mut levels, visitor, &name);
                end(&mut levels, visitor);
            }
            Event::Scalar(value, ..) => {
                begin(&mut levels, visitor, STAND_IN);
                visitor.text(&value);
                end(&mut levels, visitor);
            }
            // What it stands for was told where it is.
            Event::Alias(_) => {
                begin(&mut levels, visitor, STAND_IN);
                end(&mut levels, visitor);
            }
            Event::SequenceStart(..) | Event::MappingStart(..) if levels.len() >= DEEPEST => {
                return Told::Partly;
            }
            Event::SequenceStart(..) => {
                begin(&mut levels, visitor, STAND_IN);
                visitor.opens(Holds::List);
                levels.push(YamlLevel::List(0));
            }
            Event::MappingStart(..) => {
                begin(&mut levels, visitor, STAND_IN);
                visitor.opens(Holds::Map);
                levels.push(YamlLevel::Map(0, Awaited::Name));
            }
            Event::SequenceEnd | Event::MappingEnd => {
                levels.pop();
                end(&mut levels, visitor);
            }
            _ => {}
        }
    }
    Told::Whole
}

/// For a name that is no text.
const STAND_IN: &str = "?";

fn awaits_name(levels: &[YamlLevel]) -> bool {
    matches!(levels.last(), Some(YamlLevel::Map(_, Awaited::Name)))
}

/// A node begins: the next member of the present list, or the name or value of a member of a map.
fn begin(levels: &mut [YamlLevel], visitor: &mut dyn Visitor, name: &str) {
    match levels.last_mut() {
        Some(YamlLevel::List(members)) => {
            visitor.enter_index(*members);
            *members += 1;
        }
        Some(YamlLevel::Map(members, awaited @ Awaited::Name)) => {
            visitor.enter_name(*members, name);
            (*members, *awaited) = (*members + 1, Awaited::EndOfName);
        }
        _ => {}
    }
}

/// A node ends.
fn end(levels: &mut [YamlLevel], visitor: &mut dyn Visitor) {
    match levels.last_mut() {
        Some(YamlLevel::Map(_, awaited @ Awaited::EndOfName)) => *awaited = Awaited::Value,
        Some(YamlLevel::Map(_, awaited)) => {
            *awaited = Awaited::Name;
            visitor.leave();
        }
        Some(YamlLevel::List(_)) => visitor.leave(),
        None => {}
    }
}
