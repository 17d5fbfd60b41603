//! Condition operators (IAM User Guide, "IAM JSON policy elements: Condition operators"): what they compare, and
//! what that says where a value is not known.

use core::net::IpAddr;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

use super::context::{Shape, Values};
use super::text_pattern::{
    TextPattern, Token, Wildcards, covers_all_that_begin, covers_everything, matches, one_could_begin,
};
use super::truth::Truth;

/// What an operator compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Text { glob: bool, fold: bool },
    Number(Order),
    Date(Order),
    Bool,
    Binary,
    Address,
    Arn,
    Null,
}

/// How two numbers or dates have to stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Order {
    Equal,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

impl Order {
    fn holds<T: PartialOrd>(self, left: T, right: T) -> bool {
        match self {
            Self::Equal => left == right,
            Self::Less => left < right,
            Self::AtMost => left <= right,
            Self::Greater => left > right,
            Self::AtLeast => left >= right,
        }
    }
}

/// Each operator by its name in lower case: what it compares, and whether it is negated.
const OPERATORS: &[(&str, Kind, bool)] = {
    use Kind::{Address, Arn, Binary, Bool, Date, Null, Number, Text};
    const EXACT: Kind = Text { glob: false, fold: false };
    const FOLDED: Kind = Text { glob: false, fold: true };
    const LIKE: Kind = Text { glob: true, fold: false };
    &[
        ("stringequals", EXACT, false),
        ("stringnotequals", EXACT, true),
        ("stringequalsignorecase", FOLDED, false),
        ("stringnotequalsignorecase", FOLDED, true),
        ("stringlike", LIKE, false),
        ("stringnotlike", LIKE, true),
        ("numericequals", Number(Order::Equal), false),
        ("numericnotequals", Number(Order::Equal), true),
        ("numericlessthan", Number(Order::Less), false),
        ("numericlessthanequals", Number(Order::AtMost), false),
        ("numericgreaterthan", Number(Order::Greater), false),
        ("numericgreaterthanequals", Number(Order::AtLeast), false),
        ("dateequals", Date(Order::Equal), false),
        ("datenotequals", Date(Order::Equal), true),
        ("datelessthan", Date(Order::Less), false),
        ("datelessthanequals", Date(Order::AtMost), false),
        ("dategreaterthan", Date(Order::Greater), false),
        ("dategreaterthanequals", Date(Order::AtLeast), false),
        ("bool", Bool, false),
        ("binaryequals", Binary, false),
        ("ipaddress", Address, false),
        ("notipaddress", Address, true),
        ("arnequals", Arn, false),
        ("arnlike", Arn, false),
        ("arnnotequals", Arn, true),
        ("arnnotlike", Arn, true),
        ("null", Null, false),
    ]
};

/// Over a key with several values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Quantifier {
    ForAllValues,
    ForAnyValue,
}

/// An operator as it stands in a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Operator {
    kind: Kind,
    negated: bool,
    if_exists: bool,
    quantifier: Option<Quantifier>,
}

impl Operator {
    /// Reads its name; `None` if there is no such operator. Upper and lower case are the same.
    pub fn read(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let (quantifier, name) = match name.split_once(':') {
            Some(("forallvalues", rest)) => (Some(Quantifier::ForAllValues), rest),
            Some(("foranyvalue", rest)) => (Some(Quantifier::ForAnyValue), rest),
            Some(_) => return None,
            None => (None, name.as_str()),
        };
        let (if_exists, base) = match name.strip_suffix("ifexists") {
            Some(base) => (true, base),
            None => (false, name),
        };
        let (_, kind, negated) = *OPERATORS.iter().find(|(known, ..)| *known == base)?;
        // "Null" asks for presence; neither of the two goes with it.
        (kind != Kind::Null || !if_exists && quantifier.is_none()).then_some(Self {
            kind,
            negated,
            if_exists,
            quantifier,
        })
    }

    /// Reads one of its values as it stands in a policy. Variables go with strings and ARNs only (IAM User Guide,
    /// "IAM policy elements: Variables and tags").
    pub fn pattern(self, text: &str, variables: bool) -> TextPattern {
        let (wildcards, takes) = match self.kind {
            Kind::Text { glob: true, .. } | Kind::Arn => (Wildcards::Yes, true),
            Kind::Text { glob: false, .. } => (Wildcards::No, true),
            _ => (Wildcards::No, false),
        };
        TextPattern::read(text, wildcards, variables && takes)
    }

    /// Whether the condition holds. A `wanted` of `None` is a variable without a value: it matches nothing.
    pub fn holds(self, values: &Values, wanted: &[Option<Vec<Token>>]) -> Truth {
        if self.kind == Kind::Null {
            return null(values, wanted);
        }
        match values {
            Values::Absent => self.without_value(),
            Values::Known(values) => self.with_values(values, wanted),
            Values::Open { maybe_absent, shape } => {
                let absent = maybe_absent.then(|| self.without_value());
                Truth::agreed(absent.into_iter().chain(self.could_be(shape, wanted)))
            }
        }
    }

    fn without_value(self) -> Truth {
        Truth::from(match self.quantifier {
            _ if self.if_exists => true,
            Some(Quantifier::ForAllValues) => true,
            Some(Quantifier::ForAnyValue) => false,
            None => self.negated,
        })
    }

    fn with_values(self, values: &[String], wanted: &[Option<Vec<Token>>]) -> Truth {
        let each = values.iter().map(|value| {
            let found = Truth::any(wanted.iter().flatten().map(|wanted| self.compare(value, wanted)));
            if self.negated { !found } else { found }
        });
        match self.quantifier {
            Some(Quantifier::ForAllValues) => Truth::all(each),
            Some(Quantifier::ForAnyValue) => Truth::any(each),
            // Several values without a word over them: one that matches is enough, and none may where none shall.
            None if self.negated => Truth::all(each),
            None => Truth::any(each),
        }
    }

    /// What it could say of a value that is there and not known.
    fn could_be(self, shape: &Shape, wanted: &[Option<Vec<Token>>]) -> Vec<Truth> {
        let wanted: Vec<&Vec<Token>> = wanted.iter().flatten().collect();
        if wanted.iter().any(|tokens| tokens.contains(&Token::Hole)) {
            return vec![Truth::No, Truth::Yes];
        }
        let (one, all) = match (shape, self.kind) {
            (Shape::Beginning(with), Kind::Text { fold: false, .. }) => (
                wanted.iter().any(|t| one_could_begin(t, with)),
                wanted.iter().any(|t| covers_all_that_begin(t, with)),
            ),
            (Shape::Not(other), Kind::Text { fold: false, .. }) => {
                let only = |t: &[Token]| text(t).is_some_and(|t| t == *other);
                (wanted.iter().any(|t| !only(t)), wanted.iter().any(|t| covers_everything(t)))
            }
            _ => (!wanted.is_empty(), self.every_value(&wanted)),
        };
        let mut cases = Vec::new();
        if one {
            cases.push(Truth::Yes);
        }
        if !all {
            cases.push(Truth::No);
        }
        if self.negated { cases.into_iter().map(|t| !t).collect() } else { cases }
    }

    /// Whether every value that the key can have matches one of these.
    fn every_value(self, wanted: &[&Vec<Token>]) -> bool {
        match self.kind {
            Kind::Text { glob: true, .. } => wanted.iter().any(|t| covers_everything(t)),
            Kind::Bool => {
                let has = |word| wanted.iter().filter_map(|t| text(t)).any(|t| t.eq_ignore_ascii_case(word));
                has("true") && has("false")
            }
            Kind::Address => {
                let whole = |v6| {
                    wanted
                        .iter()
                        .filter_map(|t| Range::read(&text(t)?))
                        .any(|r| r.bits == 0 && r.address.is_ipv6() == v6)
                };
                whole(false) && whole(true)
            }
            _ => false,
        }
    }

    fn compare(self, value: &str, wanted: &[Token]) -> Truth {
        match self.kind {
            // What came in for a variable is as it was written.
            Kind::Text { fold: true, .. } => matches(&folded(wanted), &value.to_lowercase()),
            Kind::Text { .. } => matches(wanted, value),
            Kind::Arn => arn(value, wanted),
            Kind::Number(order) => {
                let read = |text: &str| text.trim().parse::<f64>().ok().filter(|n| n.is_finite());
                pair(value, wanted, read).is_some_and(|(a, b)| order.holds(a, b)).into()
            }
            Kind::Date(order) => pair(value, wanted, instant).is_some_and(|(a, b)| order.holds(a, b)).into(),
            Kind::Bool => text(wanted).is_some_and(|t| t.eq_ignore_ascii_case(value)).into(),
            Kind::Binary => text(wanted).is_some_and(|t| t == value).into(),
            Kind::Address => {
                let range = text(wanted).and_then(|t| Range::read(&t));
                let address = value.parse().ok();
                range.zip(address).is_some_and(|(range, address)| range.holds(address)).into()
            }
            Kind::Null => unreachable!("asked for before any value is"),
        }
    }
}

/// `"true"`: the key is absent; `"false"`: it is there.
fn null(values: &Values, wanted: &[Option<Vec<Token>>]) -> Truth {
    let absent = match values {
        Values::Known(_) | Values::Open { maybe_absent: false, .. } => Truth::No,
        Values::Absent => Truth::Yes,
        Values::Open { maybe_absent: true, .. } => Truth::Unknown,
    };
    let words = wanted.iter().flatten().filter_map(|t| text(t));
    let (mut yes, mut no) = (false, false);
    for word in words {
        yes |= word.eq_ignore_ascii_case("true");
        no |= word.eq_ignore_ascii_case("false");
    }
    match (yes, no) {
        (true, true) => Truth::Yes,
        (true, false) => absent,
        (false, true) => !absent,
        (false, false) => Truth::No,
    }
}

fn folded(tokens: &[Token]) -> Vec<Token> {
    let each = tokens.iter().flat_map(|token| {
        let (letters, other) = match token {
            Token::Char(c) => (Some(c.to_lowercase().map(Token::Char)), None),
            other => (None, Some(*other)),
        };
        letters.into_iter().flatten().chain(other)
    });
    each.collect()
}

/// The text of tokens that are nothing else.
fn text(tokens: &[Token]) -> Option<String> {
    tokens.iter().map(|t| if let Token::Char(c) = t { Some(*c) } else { None }).collect()
}

fn pair<T>(value: &str, wanted: &[Token], read: impl Fn(&str) -> Option<T>) -> Option<(T, T)> {
    Some((read(value)?, read(&text(wanted)?)?))
}

/// A moment: as ISO 8601 writes it, a day or a month as its first instant, or seconds since 1970.
fn instant(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(seconds) = text.parse::<i64>() {
        return Timestamp::from_second(seconds).ok();
    }
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at);
    }
    let month;
    let text = match text.len() {
        7 if text.as_bytes()[4] == b'-' => {
            month = format!("{text}-01");
            &month
        }
        _ => text,
    };
    let utc = |at: DateTime| at.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|z| z.timestamp());
    match text.parse::<Date>() {
        Ok(day) if text.len() <= 10 => utc(day.to_datetime(jiff::civil::Time::midnight())),
        _ => utc(text.parse::<DateTime>().ok()?),
    }
}

/// Each of the six parts by itself; `ArnEquals` and `ArnLike` are the same.
fn arn(value: &str, wanted: &[Token]) -> Truth {
    if wanted.contains(&Token::Hole) {
        // What stands in the hole may hold colons, so that parts cannot be told.
        return matches(wanted, value);
    }
    if covers_everything(wanted) && value.starts_with("arn:") {
        return Truth::Yes;
    }
    let colon = |t: &Token| *t == Token::Char(':');
    let parts: Vec<&[Token]> = wanted.splitn(6, colon).collect();
    let value_parts: Vec<&str> = value.splitn(6, ':').collect();
    if value_parts.len() != 6 {
        return Truth::No;
    }
    if parts.len() != 6 {
        // It is no pattern of an ARN; whether its last star goes over colons, no page says.
        return matches(wanted, value).and(Truth::Unknown);
    }
    let (wanted, value) = (parts, value_parts);
    Truth::all(wanted.iter().zip(value).map(|(wanted, value)| matches(wanted, value)))
}

/// A range of addresses; one without a prefix is of one address.
struct Range {
    address: IpAddr,
    bits: u32,
}

impl Range {
    fn read(text: &str) -> Option<Self> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse().ok()?)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().ok()?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.unwrap_or(most);
        (bits <= most).then_some(Self { address, bits })
    }

    fn holds(&self, other: IpAddr) -> bool {
        match (self.address, other) {
            (IpAddr::V4(a), IpAddr::V4(b)) => {
                let mask = u32::MAX.checked_shl(32 - self.bits).unwrap_or(0);
                a.to_bits() & mask == b.to_bits() & mask
            }
            (IpAddr::V6(a), IpAddr::V6(b)) => {
                let mask = u128::MAX.checked_shl(128 - self.bits).unwrap_or(0);
                a.to_bits() & mask == b.to_bits() & mask
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests;
