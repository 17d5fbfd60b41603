//! The items of one value of an input: read in place where it is DynamoDB JSON, built where it is anything else.

use crate::detect::{ItemView, Visitor};
use crate::domain::{AttributeValue, Item};
use crate::dynamodb_json::{Order, Tape, View, typed_item};
use crate::source::json::{JsonError, MAX_LINE, parse_line};

/// An item, however it is held.
pub enum Given<'a> {
    /// In the text that it came in.
    InPlace(View<'a>),
    /// As a value.
    Built(&'a Item),
}

impl Given<'_> {
    /// One attribute by name.
    pub fn get(&self, name: &str) -> Option<AttributeValue> {
        match self {
            Self::InPlace(view) => view.get(name),
            Self::Built(item) => item.get(name).cloned(),
        }
    }

    /// The item, built.
    pub fn item(&self) -> Item {
        match self {
            Self::InPlace(view) => view.item(),
            Self::Built(item) => (*item).clone(),
        }
    }
}

impl ItemView for Given<'_> {
    fn walk(&self, visitor: &mut dyn Visitor) -> bool {
        match self {
            Self::InPlace(view) => view.walk(visitor),
            Self::Built(item) => item.walk(visitor),
        }
    }
}

/// What a value says of its items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Told {
    /// How many it holds.
    pub items: u64,
    /// How many it says that it has, where that is more than it holds.
    pub counted: Option<u64>,
    /// It is a page, and says that more follow.
    pub follows: bool,
}

/// Gives each item of a value to `take`.
///
/// # Errors
/// Those of [`parse_line`].
pub fn each_item(
    text: &str,
    tape: &mut Tape,
    order: Order<'_>,
    mut take: impl FnMut(&Given<'_>),
) -> Result<Told, JsonError> {
    tape.clear();
    let in_place = if text.len() <= MAX_LINE { typed_item(text, tape, order) } else { None };
    if let Some(events) = in_place {
        take(&Given::InPlace(tape.view(text, events)));
        return Ok(Told { items: 1, ..Told::default() });
    }
    let read = parse_line(text)?;
    read.items.iter().for_each(|item| take(&Given::Built(item)));
    Ok(Told { items: read.items.len() as u64, counted: read.counted, follows: read.follows })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the slow way reads of a line, the quick way reads of it, too.
    #[test]
    fn both_ways_read_the_same() {
        let check = |line: &str, in_place: bool| {
            let mut tape = Tape::default();
            let (mut read, mut was_in_place) = (Vec::new(), false);
            let told = each_item(line, &mut tape, Order::Sent, |given| {
                was_in_place |= matches!(given, Given::InPlace(_));
                read.push(given.item());
            });
            let slow = parse_line(line);
            assert_eq!(told.is_ok(), slow.is_ok(), "{line}");
            assert!(slow.map_or_else(|_| read.is_empty(), |slow| slow.items == read), "{line}");
            assert_eq!(was_in_place, in_place, "{line}");
        };
        check(r#"{"a":{"S":"x"},"n":{"N":"1.50"},"b":{"B":"AQI="}}"#, true);
        check(r#"{"Item":{"a":{"SS":["x","\u00e9"]},"m":{"M":{"k":{"L":[{"NULL":true}]}}}}}"#, true);
        check(r#"{"Item":{"S":"x"}}"#, true);
        check(r#"{"a":{"S":"x"},"a":{"S":"y"}}"#, true);
        check(r#"{"Items":[{"a":{"S":"x"}}],"Count":1}"#, false);
        check(r#"{"a":{"S":5}}"#, false);
        check(r#"{"a":{"B":"not base64!"}}"#, false);
        check(r#"{"a":"x"}"#, false);
        check(r#"{"a":{"S":"x"}"#, false);
        check("", false);
        // A page that was cut short by nobody keeps what it says of itself.
        let mut tape = Tape::default();
        let told = each_item(
            r#"{"Items":[{"a":{"S":"x"}}],"Count":9,"NextToken":"e"}"#,
            &mut tape,
            Order::Sent,
            |_| {},
        );
        assert_eq!(told.ok(), Some(Told { items: 1, counted: Some(9), follows: true }));
    }
}
