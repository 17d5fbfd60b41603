//! What the items read are like, in counts alone: never a value, nor anything a value could be told from.

use serde::{Deserialize, Serialize};

use jiff::Timestamp;

use crate::domain::{AttributeValue, Held, Item, KeySchema};

/// What the items read are like.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Traits {
    /// What is in the time to live attribute; `None` where that is not known, or time to live is off.
    pub expiry: Option<Expiry>,
    /// What the partition keys look like.
    pub keys: KeyShapes,
}

/// What is in the attribute that time to live reads, by the number of items.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Expiry {
    /// The attribute.
    pub attribute: String,
    /// Seconds since 1970: what DynamoDB reads.
    pub seconds: u64,
    /// Milliseconds, microseconds or nanoseconds since 1970.
    pub finer: u64,
    /// Another number, for instance a duration.
    pub other_number: u64,
    /// Text, whatever it says.
    pub text: u64,
    /// Anything else.
    pub other: u64,
    /// Nothing, or null: such an item is kept for ever, often on purpose.
    pub missing: u64,
    /// Of those in seconds, items that should be gone.
    pub expired: u64,
    /// The oldest time of those.
    pub oldest: Option<Timestamp>,
}

/// 1980 and 2300: what lies between is taken for seconds since 1970.
const EPOCH: std::ops::Range<f64> = 315_532_800.0..10_413_792_000.0;

impl Expiry {
    /// Items that have the attribute, in whatever form.
    pub fn present(&self) -> u64 {
        self.seconds + self.wrong()
    }

    /// Items that have it in a form that never expires.
    pub fn wrong(&self) -> u64 {
        self.finer + self.other_number + self.text + self.other
    }

    fn see(&mut self, value: Option<&AttributeValue>, now: Timestamp) {
        match value {
            None | Some(AttributeValue::Null) => self.missing += 1,
            Some(AttributeValue::S(_)) => self.text += 1,
            Some(AttributeValue::N(digits)) => match digits.parse::<f64>() {
                Ok(at) if EPOCH.contains(&at) => {
                    self.seconds += 1;
                    let at = Timestamp::from_second(at as i64).ok().filter(|at| *at < now);
                    if let Some(at) = at {
                        self.expired += 1;
                        self.oldest = Some(self.oldest.map_or(at, |oldest| oldest.min(at)));
                    }
                }
                Ok(at) if [1e3, 1e6, 1e9].iter().any(|unit| EPOCH.contains(&(at / unit))) => self.finer += 1,
                _ => self.other_number += 1,
            },
            Some(_) => self.other += 1,
        }
    }

    fn add(&mut self, more: Self) {
        // The attribute was changed in between: what was seen of the old one says nothing any more.
        if self.attribute != more.attribute {
            *self = more;
            return;
        }
        self.seconds += more.seconds;
        self.finer += more.finer;
        self.other_number += more.other_number;
        self.text += more.text;
        self.other += more.other;
        self.missing += more.missing;
        self.expired += more.expired;
        self.oldest = self.oldest.into_iter().chain(more.oldest).min();
    }
}

macro_rules! key_shapes {
    ($($(#[$doc:meta])* $name:ident $words:literal $guessable:literal,)+) => {
        /// What a partition key looks like.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum KeyShape { $($(#[$doc])* $name),+ }

        impl KeyShape {
            /// Every shape.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// In the plural.
            pub const fn words(self) -> &'static str {
                match self { $(Self::$name => $words),+ }
            }

            /// Whether somebody who knows one, or knows the person, finds others.
            pub const fn is_guessable(self) -> bool {
                match self { $(Self::$name => $guessable),+ }
            }
        }
    };
}

key_shapes! {
    /// A number of at most twelve digits, alone or behind a prefix: `42`, `order-0042`, `USER#42`.
    Number "numbers that can be counted through" true,
    /// A day or a time: `2026-11-20`.
    Date "dates" true,
    /// An e-mail address.
    Email "e-mail addresses" true,
    /// A telephone number with its country: `+49...`.
    Phone "telephone numbers" true,
    /// Fewer than six letters and digits.
    Short "short texts" true,
    /// A UUID, ULID or other text that looks random.
    Random "random texts" false,
    /// A word, a name, binary, anything else.
    Other "other texts" false,
}

/// How many partition keys have which shape. Items that follow each other under the same key count once.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct KeyShapes([u64; KeyShape::ALL.len()]);

impl KeyShapes {
    /// This many keys of one shape and no others.
    pub fn of(shape: KeyShape, count: u64) -> Self {
        let mut shapes = Self::default();
        shapes.0[shape as usize] = count;
        shapes
    }

    /// How many have a shape.
    pub fn count(&self, shape: KeyShape) -> u64 {
        self.0[shape as usize]
    }

    /// All that were seen.
    pub fn total(&self) -> u64 {
        self.0.iter().sum()
    }

    fn add(&mut self, more: &Self) {
        self.0.iter_mut().zip(more.0).for_each(|(n, more)| *n += more);
    }
}

impl Traits {
    /// What these items are like, given what the settings say of the table.
    pub fn of(items: &[Item], key: Option<&KeySchema>, ttl: Option<&str>, now: Timestamp) -> Self {
        let mut taken = TakingTraits::new(key, ttl, now);
        items.iter().for_each(|item| taken.see(|name| item.get(name).cloned()));
        taken.traits
    }

    /// Takes in what more items are like.
    pub fn add(&mut self, more: Self) {
        self.keys.add(&more.keys);
        match (&mut self.expiry, more.expiry) {
            (Some(mine), Some(more)) => mine.add(more),
            (mine @ None, more) => *mine = more,
            (_, None) => {}
        }
    }
}

/// Traits being taken, item by item. It holds the partition key of the one before, so it cannot be printed.
pub struct TakingTraits<'a> {
    /// Those of the items so far.
    pub traits: Traits,
    key: Option<&'a KeySchema>,
    ttl: Option<&'a str>,
    now: Timestamp,
    before: Option<Held>,
}

impl<'a> TakingTraits<'a> {
    /// Given what the settings say of the table.
    pub fn new(key: Option<&'a KeySchema>, ttl: Option<&'a str>, now: Timestamp) -> Self {
        let expiry = ttl.map(|attribute| Expiry { attribute: attribute.to_owned(), ..Expiry::default() });
        Self { traits: Traits { expiry, ..Traits::default() }, key, ttl, now, before: None }
    }

    /// Takes in one item, of which `get` gives an attribute by its name.
    pub fn see(&mut self, get: impl Fn(&str) -> Option<AttributeValue>) {
        if let (Some(expiry), Some(attribute)) = (&mut self.traits.expiry, self.ttl) {
            expiry.see(get(attribute).map(Held::new).as_ref().map(Held::value), self.now);
        }
        let Some(value) = self.key.and_then(|key| get(&key.partition.name)) else { return };
        let value = Held::new(value);
        if self.before.as_ref() != Some(&value) {
            self.traits.keys.0[shape(value.value()) as usize] += 1;
        }
        self.before = Some(value);
    }
}

/// What a key looks like. Of a key with a prefix, as `USER#kim@shop.example`, the part behind it decides.
fn shape(value: &AttributeValue) -> KeyShape {
    match value {
        AttributeValue::N(digits) if digits.len() <= 12 => KeyShape::Number,
        AttributeValue::S(text) => KeyShape::of(text),
        _ => KeyShape::Other,
    }
}

impl KeyShape {
    /// Of a text.
    pub fn of(text: &str) -> Self {
        if is_random(text) {
            return KeyShape::Random;
        }
        if is_date(text) {
            return KeyShape::Date;
        }
        if is_email(text) {
            return KeyShape::Email;
        }
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        if text.starts_with('+')
            && (8..=15).contains(&digits)
            && text[1..].bytes().all(|b| b.is_ascii_digit() || b" -()/".contains(&b))
        {
            return KeyShape::Phone;
        }
        // `42`, and `2026-000042`.
        if digits > 0 && text.bytes().all(|b| b.is_ascii_digit() || b"-./_#".contains(&b)) {
            return if digits <= 12 { KeyShape::Number } else { KeyShape::Other };
        }
        if is_slug(text) {
            return KeyShape::Other;
        }
        for separator in ['#', ':', '|', '/', '_', '-'] {
            if let Some((prefix, rest)) = text.split_once(separator)
                && !rest.is_empty()
                && prefix.bytes().all(|b| b.is_ascii_alphabetic())
            {
                return match Self::of(rest) {
                    // What stands behind the prefix is short because the prefix is not counted.
                    KeyShape::Short => KeyShape::Other,
                    shape => shape,
                };
            }
        }
        if text.chars().count() < 6 { KeyShape::Short } else { KeyShape::Other }
    }
}

/// `checkout-step-3`: several words, and a number of at most three digits. It counts the few steps or versions of a
/// thing that people named; `user-profile-000042` counts records.
fn is_slug(text: &str) -> bool {
    let word = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphabetic());
    text.rsplit_once(['-', '_']).is_some_and(|(words, number)| {
        (1..=3).contains(&number.len())
            && number.bytes().all(|b| b.is_ascii_digit())
            && words.contains(['-', '_'])
            && words.split(['-', '_']).all(word)
    })
}

/// `2026-11-20`, with or without a time.
fn is_date(text: &str) -> bool {
    let day = text.as_bytes();
    day.len() >= 10
        && day.len() <= 35
        && day[..10].iter().enumerate().all(|(n, b)| match n {
            4 | 7 => *b == b'-',
            _ => b.is_ascii_digit(),
        })
        && (day.len() == 10 || b"T #".contains(&day[10]))
}

fn is_email(text: &str) -> bool {
    text.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty()
            && !name.contains(|c: char| c.is_whitespace() || "#|/".contains(c))
            && host.contains('.')
            && host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-".contains(&b))
    })
}

/// A UUID, or sixteen and more letters and digits that change between the two, or between cases, too often for words.
fn is_random(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    if groups.iter().map(|g| g.len()).eq([8, 4, 4, 4, 12])
        && groups.iter().all(|g| g.bytes().all(|b| b.is_ascii_hexdigit()))
    {
        return true;
    }
    let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || b"+/=_-.".contains(&b));
    let class = |b: u8| match b {
        b'0'..=b'9' => Some(0),
        b'a'..=b'z' => Some(1),
        b'A'..=b'Z' => Some(2),
        _ => None,
    };
    let classes: Vec<u8> = text.bytes().filter_map(class).collect();
    let turns = classes.windows(2).filter(|pair| pair[0] != pair[1]).count();
    plain && classes.len() >= 16 && turns * 5 >= classes.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{KeyAttribute, KeyType};

    const NOW: i64 = 1_800_000_000;

    fn s(text: &str) -> AttributeValue {
        AttributeValue::S(text.into())
    }

    fn n(digits: impl ToString) -> AttributeValue {
        AttributeValue::N(digits.to_string())
    }

    #[test]
    fn keys_are_told_by_their_shape() {
        let check = |value: AttributeValue, expect| assert_eq!(shape(&value), expect);
        for text in [
            "42",
            "000000042",
            "2026-000042",
            "user-42",
            "USER#000042",
            "tenant_7",
            "order:123456",
            "user-profile-0042",
            "TENANT#acme#7",
        ] {
            check(s(text), KeyShape::Number);
        }
        check(n(7), KeyShape::Number);
        check(n("1541815603606036480"), KeyShape::Other);
        for text in ["2026-11-20", "2026-11-20T08:00:00Z", "DAY#2026-11-20"] {
            check(s(text), KeyShape::Date);
        }
        for text in ["kim@shop.example", "USER#kim.doe+x@mail.shop.example"] {
            check(s(text), KeyShape::Email);
        }
        for text in ["+4915112345678", "+1 (212) 555-0100", "USER#+4915112345678"] {
            check(s(text), KeyShape::Phone);
        }
        for text in ["", "a1", "bob", "日本"] {
            check(s(text), KeyShape::Short);
        }
        for text in [
            "0b6f2c1e-5d3a-4e8f-9a70-1f2e3d4c5b6a",
            "TENANT#0b6f2c1e-5d3a-4e8f-9a70-1f2e3d4c5b6a",
            "01ARZ3NDEKTSV4RRFFQ69G5FAV",
            "9f86d081884c7d659a2feaa0c55ad015",
            "V1StGXR8_Z5jdHi6B-myT",
        ] {
            check(s(text), KeyShape::Random);
        }
        for text in [
            "checkout-step-3",
            "model_v_2",
            "checkout-step-of-the-shop",
            "customer-settings",
            "frankfurt",
            "somebody@home",
            "x#y",
        ] {
            check(s(text), KeyShape::Other);
        }
        check(AttributeValue::B(vec![1, 2]), KeyShape::Other);
    }

    #[test]
    fn expiry_is_told_by_its_unit() {
        let check = |value: Option<AttributeValue>, expect: Expiry| {
            let item = Item::new(value.into_iter().map(|v| ("ttl".to_owned(), v)).collect());
            let now = Timestamp::from_second(NOW).expect("a time");
            let found = Traits::of(&[item], None, Some("ttl"), now).expiry.expect("asked for");
            assert_eq!(found, Expiry { attribute: "ttl".into(), ..expect });
        };
        let none = Expiry::default;
        check(Some(n(NOW + 60)), Expiry { seconds: 1, ..none() });
        let oldest = Timestamp::from_second(NOW - 60).ok();
        check(Some(n(NOW - 60)), Expiry { seconds: 1, expired: 1, oldest, ..none() });
        check(Some(n(NOW * 1_000)), Expiry { finer: 1, ..none() });
        check(Some(n(format!("{NOW}000000000"))), Expiry { finer: 1, ..none() });
        check(Some(n(3_600)), Expiry { other_number: 1, ..none() });
        check(Some(n("1E+99")), Expiry { other_number: 1, ..none() });
        check(Some(n("NaN")), Expiry { other_number: 1, ..none() });
        check(Some(s("2026-11-20T08:00:00Z")), Expiry { text: 1, ..none() });
        check(Some(s("1800000000")), Expiry { text: 1, ..none() });
        check(Some(AttributeValue::Bool(true)), Expiry { other: 1, ..none() });
        check(Some(AttributeValue::Null), Expiry { missing: 1, ..none() });
        check(None, Expiry { missing: 1, ..none() });
    }

    #[test]
    fn pages_add_up_and_a_partition_counts_once() {
        let schema =
            KeySchema { partition: KeyAttribute { name: "id".into(), kind: KeyType::S }, sort: None };
        let item = |id: &str| Item::new(vec![("id".into(), s(id)), ("ttl".into(), n(NOW))]);
        let now = Timestamp::from_second(NOW).expect("a time");
        let of = |ids: &[&str], ttl: Option<&str>| {
            Traits::of(&ids.iter().map(|id| item(id)).collect::<Vec<_>>(), Some(&schema), ttl, now)
        };
        let mut traits = of(&["1", "1", "2", "kim@shop.example"], Some("ttl"));
        traits.add(of(&["3"], Some("ttl")));
        assert_eq!((traits.keys.count(KeyShape::Number), traits.keys.total()), (3, 4));
        assert_eq!(traits.expiry.as_ref().map(|e| e.seconds), Some(5));
        traits.add(of(&["4"], None));
        assert_eq!(traits.expiry.as_ref().map(|e| e.seconds), Some(5), "of those items it is not known");
        traits.add(of(&["5"], Some("other")));
        assert_eq!(traits.expiry.as_ref().map(|e| (e.seconds, e.missing)), Some((0, 1)));
    }

    proptest::proptest! {
        #[test]
        fn any_value_has_one_shape_and_nothing_of_it_is_kept(text in ".*", digits in "[-+.eE0-9]{0,40}") {
            let schema = KeySchema { partition: KeyAttribute { name: "id".into(), kind: KeyType::S }, sort: None };
            let item = Item::new(vec![("id".into(), s(&text)), ("ttl".into(), n(&digits))]);
            let now = Timestamp::from_second(NOW).expect("a time");
            let traits = Traits::of(&[item], Some(&schema), Some("ttl"), now);
            assert_eq!(traits.keys.total(), 1);
            let expiry = traits.expiry.expect("asked for");
            assert_eq!(expiry.present() + expiry.missing, 1);
        }
    }
}
