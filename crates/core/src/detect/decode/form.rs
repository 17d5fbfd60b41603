//! `a=b&c=d`, the form of query strings and of application/x-www-form-urlencoded (WHATWG URL Standard, 5).

use super::{Told, text};
use crate::detect::walk::Visitor;
use crate::domain::Holds;

/// Longer names are no names of fields.
const NAME: usize = 128;

/// Two fields or more, each with a plain name and a sign; that nothing is in it that an encoder would have escaped is
/// known.
pub(super) fn fits(text: &str) -> bool {
    fields(text).all(|(name, value)| {
        value.is_some()
            && (1..=NAME).contains(&name.len())
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.%+[]".contains(&b))
    })
}

fn fields(text: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    text.split('&').map(|field| match field.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (field, None),
    })
}

/// Tells every field, its name and value with their escapes undone.
pub(super) fn walk(form: &str, visitor: &mut dyn Visitor) -> Told {
    visitor.opens(Holds::Map);
    for (position, (name, value)) in fields(form).enumerate() {
        text::unescaped(name, |name| visitor.enter_name(position, name));
        text::unescaped(value.unwrap_or_default(), |value| visitor.text(value));
        visitor.leave();
    }
    Told::Whole
}
