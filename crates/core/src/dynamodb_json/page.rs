//! An answer of Scan or Query: its items where they lie, and the rest of it for a typed reader.

use std::ops::Range;

use zeroize::Zeroizing;

use super::reader::{Fault, Order, Reader};
use super::tape::{Tape, View};
use crate::domain::KeySchema;

/// The largest answer that is read, in bytes. A page holds 1 MB of items, which as JSON is a few times as much.
const LARGEST: usize = 64 << 20;

/// The items of a page, in its text.
pub struct Page {
    text: Zeroizing<String>,
    tape: Tape,
    items: Vec<Range<usize>>,
}

/// An answer, divided.
pub struct Answer {
    /// Its items; `None` where it has no list of them.
    pub page: Option<Page>,
    /// The answer without them: an empty list stands in their place.
    pub rest: Vec<u8>,
}

impl Answer {
    /// Reads the body of an answer. The attributes of each item are told in the order in which the SDK's are.
    ///
    /// # Errors
    /// What is no such answer, with the place.
    pub fn read(body: Zeroizing<Vec<u8>>, key: Option<&KeySchema>) -> Result<Self, Fault> {
        if body.len() > LARGEST {
            return Err(Fault { at: 0, what: "an answer of more than 64 MiB" });
        }
        let text = text(body)?;
        let (mut tape, mut items, mut list) = (Tape::default(), Vec::new(), None);
        // Of typical items: a name and a value of some 20 bytes each.
        tape.events.reserve(text.len() / 12);
        let mut reader = Reader::new(&text, &mut tape, Order::Sorted(key));
        reader.space();
        let mut more = reader.enter(b'{', b'}')?;
        while more {
            let name = reader.string()?;
            let is_items = !name.undone && text[name.at as usize..][..name.len as usize] == *"Items";
            reader.colon()?;
            if is_items && list.is_some() {
                return reader.fault("a second list of items");
            }
            if is_items && reader.peek() == Some(b'[') {
                let from = reader.at;
                let mut another = reader.enter(b'[', b']')?;
                while another {
                    let first = reader.events();
                    reader.item()?;
                    items.push(first..reader.events());
                    another = reader.goes_on(b']')?;
                }
                list = Some(from..reader.at);
            } else {
                reader.skip()?;
            }
            more = reader.goes_on(b'}')?;
        }
        reader.space();
        if reader.at < text.len() {
            return reader.fault("more than one value");
        }
        let Some(list) = list else {
            return Ok(Self { page: None, rest: text.as_bytes().to_vec() });
        };
        let rest = [&text.as_bytes()[..list.start], b"[]", &text.as_bytes()[list.end..]].concat();
        Ok(Self { page: Some(Page { text, tape, items }), rest })
    }
}

/// The body as text, without a copy of it.
fn text(mut body: Zeroizing<Vec<u8>>) -> Result<Zeroizing<String>, Fault> {
    String::from_utf8(std::mem::take(&mut *body)).map(Zeroizing::new).map_err(|e| {
        let at = e.utf8_error().valid_up_to();
        drop(Zeroizing::new(e.into_bytes()));
        Fault { at, what: "not UTF-8" }
    })
}

impl Page {
    /// How many items it has.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Its items, in the order in which they were sent.
    pub fn items(&self) -> impl Iterator<Item = View<'_>> {
        self.items.iter().map(|events| self.tape.view(&self.text, events.clone()))
    }
}
