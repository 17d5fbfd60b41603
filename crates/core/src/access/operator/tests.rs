use super::*;

const YES: Truth = Truth::Yes;
const NO: Truth = Truth::No;
const OPEN: Truth = Truth::Unknown;

fn known(values: &[&str]) -> Values {
    Values::Known(values.iter().map(|v| (*v).to_owned()).collect())
}

/// An operator over wanted values, separated by `|`, on what is known of the key.
#[track_caller]
fn check(operator: &str, wanted: &str, values: &Values, expect: Truth) {
    let read = Operator::read(operator).expect(operator);
    let wanted: Vec<Option<Vec<Token>>> = wanted
        .split('|')
        .filter(|w| !w.is_empty())
        .map(|w| read.pattern(w, true).plain().map(<[Token]>::to_vec))
        .collect();
    assert_eq!(read.holds(values, &wanted), expect, "{operator} {values:?}");
}

#[track_caller]
fn one(operator: &str, wanted: &str, value: &str, expect: Truth) {
    check(operator, wanted, &known(&[value]), expect);
}

/// "Condition operators", each with a value that holds and one that does not.
#[test]
fn each_operator_compares_as_its_name_says() {
    for (operator, wanted, yes, no) in [
        ("StringEquals", "a|b", "b", "A"),
        ("stringequals", "a*", "a*", "ab"),
        ("StringNotEquals", "a|b", "c", "b"),
        ("StringEqualsIgnoreCase", "Straße", "STRAßE", "Strasse"),
        ("StringNotEqualsIgnoreCase", "a", "b", "A"),
        ("StringLike", "a?c*", "abcd", "ac"),
        ("StringNotLike", "a*", "ba", "ab"),
        ("NumericEquals", "1.0", "1", "2"),
        ("NumericNotEquals", "1", "2", "1.0"),
        ("NumericLessThan", "5", "4.9", "5"),
        ("NumericLessThanEquals", "5", "5", "6"),
        ("NumericGreaterThan", "5", "6", "5"),
        ("NumericGreaterThanEquals", "5", "5", "4"),
        ("NumericEquals", "5", "5", "five"),
        ("NumericNotEquals", "5", "five", "5"),
        ("NumericLessThan", "5", "-1", "NaN"),
        ("DateEquals", "2026-01-01", "2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z"),
        ("DateEquals", "1767225600", "2026-01-01T00:00:00Z", "1767225600000"),
        ("DateNotEquals", "2026-01-01", "2026-01-02", "2026-01-01"),
        ("DateLessThan", "2026-01-01T00:00:00+02:00", "2025-12-31T21:59:59Z", "2025-12-31T22:00:00Z"),
        ("DateLessThanEquals", "2026-01-01", "2026-01-01", "2026-01-02"),
        ("DateGreaterThan", "2026-01-01T00:00:00.5Z", "2026-01-01T00:00:01Z", "2026-01-01T00:00:00Z"),
        ("DateGreaterThanEquals", "2026-01-01", "2026-01-01", "2025-12-31"),
        ("Bool", "true", "true", "false"),
        ("Bool", "True", "true", ""),
        ("BinaryEquals", "QmluYXJ5", "QmluYXJ5", "qmluyxj5"),
        ("IpAddress", "203.0.113.0/24", "203.0.113.9", "203.0.114.9"),
        ("IpAddress", "203.0.113.7", "203.0.113.7", "203.0.113.8"),
        ("IpAddress", "2001:db8::/32", "2001:db8::1", "2001:db9::1"),
        ("IpAddress", "0.0.0.0/0", "203.0.113.7", "2001:db8::1"),
        ("IpAddress", "10.0.0.0/33|10.0.0.1", "10.0.0.1", "10.0.0.2"),
        ("NotIpAddress", "203.0.113.0/24", "10.0.0.1", "203.0.113.1"),
        ("ArnLike", "arn:aws:iam::*:role/a*", "arn:aws:iam::1:role/ab", "arn:aws:iam:eu:1:role/ab"),
        ("ArnEquals", "arn:aws:sns:*:1:t", "arn:aws:sns:eu:1:t", "arn:aws:sns:eu:1:x:1:t"),
        ("ArnLike", "arn:*:t", "arn:aws:sns:eu:1:t", "arn:aws:sns:eu:1:u"),
        ("ArnNotLike", "arn:aws:sns:*:*:t", "arn:aws:sns:eu:1:u", "arn:aws:sns:eu:1:t"),
        ("ArnNotEquals", "arn:aws:sns:*:*:t", "text", "arn:aws:sns:eu:1:t"),
        ("ArnLike", "*", "arn:aws:sns:eu:1:t", "text"),
    ] {
        if (operator, wanted) == ("ArnLike", "arn:*:t") {
            // Fewer than six parts are no pattern of an ARN; what they match, no page says.
            one(operator, wanted, yes, OPEN);
        } else {
            one(operator, wanted, yes, YES);
        }
        one(operator, wanted, no, NO);
    }
}

/// What is absent, not known, and there without being known; for each, what a positive and a negated operator say.
#[test]
fn what_is_not_there_and_what_is_not_known() {
    let present = &Values::PRESENT;
    let unknown = &Values::UNKNOWN;
    for (operator, absent, open, there) in [
        ("StringEquals", NO, OPEN, OPEN),
        ("StringNotEquals", YES, OPEN, OPEN),
        ("StringEqualsIfExists", YES, OPEN, OPEN),
        ("StringNotEqualsIfExists", YES, OPEN, OPEN),
        ("ForAllValues:StringEquals", YES, OPEN, OPEN),
        ("ForAllValues:StringNotEquals", YES, OPEN, OPEN),
        ("ForAnyValue:StringEquals", NO, OPEN, OPEN),
        ("ForAnyValue:StringNotEquals", NO, OPEN, OPEN),
        ("ForAnyValue:StringEqualsIfExists", YES, OPEN, OPEN),
        ("NumericLessThan", NO, OPEN, OPEN),
        ("Bool", NO, OPEN, OPEN),
        ("NotIpAddress", YES, OPEN, OPEN),
    ] {
        check(operator, "1", &Values::Absent, absent);
        check(operator, "1", unknown, open);
        check(operator, "1", present, there);
    }
    check("StringLike", "*", unknown, OPEN);
    check("StringLike", "*", present, YES);
    check("StringLikeIfExists", "a|**", unknown, YES);
    check("StringNotLike", "*", present, NO);
    check("ForAllValues:StringLike", "*", unknown, YES);
    check("ForAnyValue:StringLike", "*", unknown, OPEN);
    check("Bool", "true|false", present, YES);
    check("Bool", "true|false", unknown, OPEN);
    check("IpAddress", "0.0.0.0/0|::/0", present, YES);
    check("IpAddress", "0.0.0.0/0", present, OPEN);
    check("NotIpAddress", "0.0.0.0/0|::/0", present, NO);
    check("StringEquals", "", unknown, NO);
    check("StringNotEquals", "", unknown, YES);
}

#[test]
fn null_asks_whether_it_is_there() {
    for (wanted, absent, open, there) in
        [("true", YES, OPEN, NO), ("false", NO, OPEN, YES), ("true|false", YES, YES, YES), ("1", NO, NO, NO)]
    {
        check("Null", wanted, &Values::Absent, absent);
        check("Null", wanted, &Values::UNKNOWN, open);
        check("Null", wanted, &Values::PRESENT, there);
        check("Null", wanted, &known(&["x"]), there);
    }
}

#[test]
fn several_values() {
    let both = &known(&["a", "z"]);
    check("ForAllValues:StringEquals", "a|z", both, YES);
    check("ForAllValues:StringEquals", "a|b", both, NO);
    check("ForAllValues:StringNotEquals", "b", both, YES);
    check("ForAllValues:StringNotEquals", "a", both, NO);
    check("ForAnyValue:StringEquals", "a|b", both, YES);
    check("ForAnyValue:StringEquals", "b", both, NO);
    check("ForAnyValue:StringNotEquals", "a", both, YES);
    check("ForAnyValue:StringNotEquals", "a|z", both, NO);
    check("StringEquals", "a", both, YES);
    check("StringNotEquals", "a", both, NO);
}

#[test]
fn what_a_value_could_be_is_considered() {
    let session = &Values::Open { maybe_absent: false, shape: Shape::Beginning("AROAEXAMPLE:".into()) };
    check("StringLike", "AROAEXAMPLE:*", session, YES);
    check("StringNotLike", "AROAEXAMPLE:*", session, NO);
    check("StringLike", "AROAOTHER:*", session, NO);
    check("StringEquals", "AROAEXAMPLE:alice", session, OPEN);
    check("StringNotLike", "AROAOTHER:*", session, YES);
    let foreign = &Values::Open { maybe_absent: true, shape: Shape::Not("o-ours".into()) };
    check("StringEquals", "o-ours", foreign, NO);
    check("StringNotEquals", "o-ours", foreign, YES);
    check("StringEquals", "o-other", foreign, OPEN);
    check("StringEqualsIfExists", "o-ours", foreign, OPEN);
}

#[test]
fn what_is_no_operator_is_not_read() {
    for name in ["", "StringMatches", "NullIfExists", "ForAllValues:Null", "ForSome:StringEquals", "IfExists"]
    {
        assert_eq!(Operator::read(name), None, "{name}");
    }
}
