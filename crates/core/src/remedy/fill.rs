//! Fills a template.
//!
//! | in a template | what stands there |
//! |---|---|
//! | `{{slot:quote}}` | a name, an ARN or a setting, quoted for the language |
//! | `{{>part}}` | a file of `assets/remedies/parts`, on a line of its own |
//! | `{{?case}}` ... `{{:}}` ... `{{/}}` | the first where the case holds, else the second; `{{:}}` may be left out |

use super::Needs;
use super::flavour::{Flavour, Quote};
use super::parts::part;
use super::slots::{Ask, SLOTS, Slot};
use super::states::{STATES, State};

/// A piece of a template.
#[derive(Debug, PartialEq)]
pub(super) enum Piece<'a> {
    /// As it stands.
    Text(&'a str),
    /// A slot with its quoting.
    Slot(&'a str, &'a str),
    /// What follows holds in this case only.
    If(&'a str),
    /// What follows holds in the other case.
    Else,
    /// What follows holds in every case.
    End,
}

/// Takes a template apart, parts of which stand in it already. `${...}` of Terraform is text; only double braces are
/// slots.
pub(super) fn pieces(template: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = template;
    let mut at_start = true;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((slot, after)) = after.split_once("}}") else { break };
        pieces.push(Piece::Text(before));
        let (piece, is_block) = match slot {
            ":" => (Piece::Else, true),
            "/" => (Piece::End, true),
            _ => match (slot.strip_prefix('?'), slot.split_once(':')) {
                (Some(case), _) => (Piece::If(case), true),
                (None, Some((name, quote))) => (Piece::Slot(name, quote), false),
                (None, None) => (Piece::Slot(slot, ""), false),
            },
        };
        pieces.push(piece);
        // What only steers, on a line of its own, leaves no empty line behind.
        let begins = before.ends_with('\n') || (before.is_empty() && at_start);
        let bare = is_block && begins;
        rest = if bare { after.strip_prefix('\n').unwrap_or(after) } else { after };
        at_start = bare && rest.len() < after.len();
    }
    pieces.push(Piece::Text(rest));
    pieces
}

/// The slot and quoting that two words name, if both exist in this flavour.
pub(super) fn known(name: &str, quote: &str, flavour: Flavour) -> Option<(&'static Slot, Quote)> {
    Some((SLOTS.iter().find(|s| s.name == name)?, Quote::of(quote, flavour)?))
}

/// The state of a finding that a word names.
pub(super) fn state(name: &str) -> Option<&'static State> {
    STATES.iter().find(|s| s.name == name)
}

/// A template with its parts in it. A part may hold parts; one that does not exist is left out, and a test goes over all.
pub(super) fn whole(template: &str, flavour: Flavour, way: &str) -> String {
    let mut out = String::with_capacity(template.len() * 2);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{>") {
        out.push_str(before);
        let Some((name, after)) = after.split_once("}}") else { break };
        rest = after.strip_prefix('\n').unwrap_or(after);
        if let Some(text) = part(name, flavour, way) {
            out.push_str(&whole(text, flavour, way));
        }
    }
    out + rest
}

/// The filled template. Text that was put in is never looked at again, so names cannot name slots.
pub(super) fn fill(template: &str, flavour: Flavour, ask: &Ask<'_>) -> Result<String, Needs> {
    let mut out = String::with_capacity(template.len() * 2);
    // Whether what stands here holds, from the outermost case to the innermost.
    let mut holds: Vec<bool> = Vec::new();
    for piece in pieces(template) {
        match piece {
            Piece::If(case) => holds.push((state(case).ok_or(Needs::NoTemplate)?.holds)(ask)),
            Piece::Else => {
                let last = holds.last_mut().ok_or(Needs::NoTemplate)?;
                *last = !*last;
            }
            Piece::End => {
                holds.pop().ok_or(Needs::NoTemplate)?;
            }
            _ if holds.contains(&false) => {}
            Piece::Text(text) => out.push_str(text),
            Piece::Slot(name, quote) => {
                // A test goes over all templates, so that there is no unknown slot.
                let (slot, quote) = known(name, quote, flavour).ok_or(Needs::NoTemplate)?;
                let line = out.rsplit('\n').next().unwrap_or_default();
                let indent = line.len() - line.trim_start().len();
                out.push_str(&quote.apply(&(slot.value)(ask)?, indent));
            }
        }
    }
    Ok(out)
}
