//! Fills `{{slot:quote}}` in a template.

use super::Needs;
use super::flavour::{Flavour, Quote};
use super::slots::{Ask, SLOTS, Slot};

/// A piece of a template.
#[derive(Debug, PartialEq)]
pub(super) enum Piece<'a> {
    /// As it stands.
    Text(&'a str),
    /// A slot with its quoting.
    Slot(&'a str, &'a str),
}

/// Takes a template apart. `${...}` of Terraform is text; only double braces are slots.
pub(super) fn pieces(template: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((slot, after)) = after.split_once("}}") else { break };
        pieces.push(Piece::Text(before));
        let (name, quote) = slot.split_once(':').unwrap_or((slot, ""));
        pieces.push(Piece::Slot(name, quote));
        rest = after;
    }
    pieces.push(Piece::Text(rest));
    pieces
}

/// The slot and quoting that two words name, if both exist in this flavour.
pub(super) fn known(name: &str, quote: &str, flavour: Flavour) -> Option<(&'static Slot, Quote)> {
    Some((SLOTS.iter().find(|s| s.name == name)?, Quote::of(quote, flavour)?))
}

/// The filled template. Text that was put in is never looked at again, so names cannot name slots.
pub(super) fn fill(template: &str, flavour: Flavour, ask: &Ask<'_>) -> Result<String, Needs> {
    let mut out = String::with_capacity(template.len() * 2);
    for piece in pieces(template) {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Slot(name, quote) => {
                // A test goes over all templates, so that there is no unknown slot.
                let (slot, quote) = known(name, quote, flavour).ok_or(Needs::NoTemplate)?;
                out.push_str(&quote.apply(&(slot.value)(ask)?));
            }
        }
    }
    Ok(out)
}
