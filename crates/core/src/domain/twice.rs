//! Objects in JSON that name a member twice: readers differ in which of the two they take.

use std::collections::BTreeSet;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};

/// Whether some object of the document names a member twice; of what is no JSON, false.
pub(super) fn is_named(document: &str) -> bool {
    serde_json::from_str::<Twice>(document).is_ok_and(|twice| twice.0)
}

/// Whether it is so of a value, or of one in it.
struct Twice(bool);

impl<'de> Deserialize<'de> for Twice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Look)
    }
}

struct Look;

/// A value without members.
macro_rules! plain {
    ($($visit:ident $kind:ty),+) => {
        $(fn $visit<E>(self, _: $kind) -> Result<Twice, E> {
            Ok(Twice(false))
        })+
    };
}

impl<'de> Visitor<'de> for Look {
    type Value = Twice;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    plain!(visit_bool bool, visit_i64 i64, visit_u64 u64, visit_f64 f64, visit_str &str);

    fn visit_unit<E>(self) -> Result<Twice, E> {
        Ok(Twice(false))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut all: A) -> Result<Twice, A::Error> {
        let mut twice = false;
        while let Some(Twice(inside)) = all.next_element()? {
            twice |= inside;
        }
        Ok(Twice(twice))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut all: A) -> Result<Twice, A::Error> {
        let (mut twice, mut names) = (false, BTreeSet::new());
        while let Some(name) = all.next_key::<String>()? {
            twice |= !names.insert(name);
            twice |= all.next_value::<Twice>()?.0;
        }
        Ok(Twice(twice))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_named_twice_is_seen_wherever_it_is() {
        for (document, expect) in [
            (r#"{"a":1,"a":2}"#, true),
            (r#"{"a":1,"A":2}"#, false),
            (r#"[1,{"a":[{"b":null,"c":1.5,"b":true}]}]"#, true),
            (r#"{"a":{"a":{"a":-1}},"b":"a"}"#, false),
            (r#"{"a":1,"\u0061":2}"#, true),
            ("", false),
            ("{", false),
        ] {
            assert_eq!(is_named(document), expect, "{document}");
        }
    }
}
