//! Condition operators on one value.

use super::language::NONE_GIVEN;
use super::tally::{allows, denies};
use crate::access::Answer::{Allowed, AllowedIf, Denied};

const PAGE: &str = "IAM User Guide: IAM JSON policy elements: Condition operators";

pub(super) fn cases() {
    strings();
    numbers_and_dates();
    the_others();
    arns();
    existence();
}

fn strings() {
    for (condition, value, expect) in [
        ("StringEquals app:x Red", "Red", Allowed),
        ("StringEquals app:x Red", "red", Denied),
        ("StringEquals app:x Red", "Red ", Denied),
        ("StringEquals app:x re*", "red", Denied),
        ("StringEquals app:x re*", "re*", Allowed),
        ("StringNotEquals app:x red", "red", Denied),
        ("StringNotEquals app:x red", "Red", Allowed),
        ("StringEqualsIgnoreCase app:x RED", "red", Allowed),
        ("StringEqualsIgnoreCase app:x RED", "blue", Denied),
        ("StringNotEqualsIgnoreCase app:x RED", "red", Denied),
        ("StringNotEqualsIgnoreCase app:x RED", "blue", Allowed),
        ("StringLike app:x r?d", "red", Allowed),
        ("StringLike app:x r?d", "rd", Denied),
        ("StringLike app:x r?d", "reed", Denied),
        ("StringLike app:x r*d", "rd", Allowed),
        ("StringLike app:x R*", "red", Denied),
        ("StringLike app:x *e*", "red", Allowed),
        ("StringNotLike app:x r*", "red", Denied),
        ("StringNotLike app:x r*", "blue", Allowed),
        // Several values are "or"; where the operator is negated, "nor".
        ("StringEquals app:x red|blue", "blue", Allowed),
        ("StringEquals app:x red|blue", "green", Denied),
        ("StringNotEquals app:x red|blue", "red", Denied),
        ("StringNotEquals app:x red|blue", "green", Allowed),
        ("StringNotLike app:x r*|b*", "blue", Denied),
        // A star of one text goes over colons.
        ("StringLike app:x arn:aws:*:topic", "arn:aws:sns:eu-west-1:111122223333:topic", Allowed),
        // The name of a key is the same in upper and lower case.
        ("StringEquals APP:X red", "red", Allowed),
    ] {
        allows(condition, &[("app:x", value)], expect, PAGE);
    }
    // All of a statement's conditions have to hold, also of one operator.
    let both = &[("app:x", "a"), ("app:y", "b")];
    let page = "IAM User Guide: Conditions with multiple context keys or values";
    allows("StringEquals app:x a and StringEquals app:y b", both, Allowed, page);
    allows("StringEquals app:x a and StringEquals app:y c", both, Denied, page);
    allows("StringEquals app:x a and StringLike app:x b*", both, Denied, page);
    allows("StringEquals app:x a and StringEquals app:z c", both, AllowedIf, page);
    allows("StringEquals app:x b and StringEquals app:z c", both, Denied, page);
    denies("StringEquals app:x a and StringEquals app:y b", both, Denied, page);
    denies("StringEquals app:x a and StringEquals app:y c", both, Allowed, page);
}

fn numbers_and_dates() {
    for (condition, value, expect) in [
        ("NumericEquals app:x 10", "10", Allowed),
        ("NumericEquals app:x 10", "10.0", Allowed),
        ("NumericEquals app:x 10", "11", Denied),
        ("NumericNotEquals app:x 10", "11", Allowed),
        ("NumericNotEquals app:x 10", "10", Denied),
        ("NumericLessThan app:x 10", "9", Allowed),
        ("NumericLessThan app:x 10", "10", Denied),
        ("NumericLessThanEquals app:x 10", "10", Allowed),
        ("NumericLessThanEquals app:x 10", "11", Denied),
        ("NumericGreaterThan app:x 9", "10", Allowed),
        ("NumericGreaterThan app:x 10", "10", Denied),
        ("NumericGreaterThanEquals app:x 10", "10", Allowed),
        ("NumericGreaterThanEquals app:x 10", "9.5", Denied),
        // As numbers, not as texts.
        ("NumericLessThan app:x 100", "20", Allowed),
        ("NumericLessThan app:x 5|10", "7", Allowed),
        ("NumericEquals app:x 10", "ten", Denied),
        ("DateEquals app:x 2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", Allowed),
        ("DateEquals app:x 2026-01-01T01:00:00+01:00", "2026-01-01T00:00:00Z", Allowed),
        ("DateNotEquals app:x 2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", Denied),
        ("DateLessThan app:x 2026-06-30T23:59:59Z", "2026-01-01T00:00:00Z", Allowed),
        ("DateLessThan app:x 2026-06-30T23:59:59Z", "2026-07-01T00:00:00Z", Denied),
        ("DateLessThanEquals app:x 2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", Allowed),
        ("DateGreaterThan app:x 2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z", Allowed),
        ("DateGreaterThan app:x 2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", Denied),
        ("DateGreaterThanEquals app:x 2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", Allowed),
        // A day alone, and seconds since 1970.
        ("DateGreaterThan app:x 2026-01-01", "2026-01-01T00:00:01Z", Allowed),
        ("DateLessThan app:x 1767225600", "2025-12-31T23:59:59Z", Allowed),
        ("DateLessThan app:x 2026-01-01T00:00:00Z", "1767225601", Denied),
    ] {
        allows(condition, &[("app:x", value)], expect, PAGE);
    }
}

fn the_others() {
    for (condition, value, expect) in [
        ("Bool app:x true", "true", Allowed),
        ("Bool app:x true", "false", Denied),
        ("Bool app:x false", "false", Allowed),
        ("BinaryEquals app:x QmluYXJ5", "QmluYXJ5", Allowed),
        ("BinaryEquals app:x QmluYXJ5", "qmluyxj5", Denied),
        ("IpAddress app:x 203.0.113.0/24", "203.0.113.7", Allowed),
        ("IpAddress app:x 203.0.113.0/24", "203.0.114.1", Denied),
        // Without a prefix it is one address.
        ("IpAddress app:x 203.0.113.7", "203.0.113.7", Allowed),
        ("IpAddress app:x 203.0.113.7", "203.0.113.8", Denied),
        ("IpAddress app:x 198.51.100.0/24|203.0.113.0/24", "203.0.113.7", Allowed),
        ("NotIpAddress app:x 203.0.113.0/24", "203.0.113.7", Denied),
        ("NotIpAddress app:x 203.0.113.0/24", "198.51.100.1", Allowed),
        ("NotIpAddress app:x 198.51.100.0/24|203.0.113.0/24", "203.0.113.7", Denied),
        ("IpAddress app:x 0.0.0.0/0", "203.0.113.7", Allowed),
        ("IpAddress app:x 2001:DB8:1234:5678::/64", "2001:db8:1234:5678::1", Allowed),
        ("IpAddress app:x 2001:DB8:1234:5678::/64", "2001:db8:1234:5679::1", Denied),
        ("IpAddress app:x 203.0.113.0/24", "2001:db8::1", Denied),
        ("NotIpAddress app:x 203.0.113.0/24", "2001:db8::1", Allowed),
    ] {
        allows(condition, &[("app:x", value)], expect, PAGE);
    }
}

fn arns() {
    let topic = "arn:aws:sns:eu-west-1:111122223333:topic-a";
    for (condition, value, expect) in [
        ("ArnEquals app:x arn:aws:sns:eu-west-1:111122223333:topic-a", topic, Allowed),
        ("ArnLike app:x arn:aws:sns:*:111122223333:topic-*", topic, Allowed),
        // The two are the same.
        ("ArnEquals app:x arn:aws:sns:*:111122223333:topic-?", topic, Allowed),
        ("ArnEquals app:x arn:aws:sns:*:999988887777:topic-a", topic, Denied),
        ("ArnLike app:x arn:aws:sns:eu-west-1:111122223333:Topic-a", topic, Denied),
        ("ArnLike app:x arn:aws:sqs:*:*:*", topic, Denied),
        ("ArnLike app:x arn:*:*:*:*:*", topic, Allowed),
        // Each part by itself: a star does not go over a colon.
        (
            "ArnLike app:x arn:aws:sns:eu*3:topic-a:*",
            "arn:aws:sns:eu-west-1:111122223333:topic-a:sub",
            Denied,
        ),
        ("ArnLike app:x arn:aws:sns:eu-*:111122223333:topic-a", topic, Allowed),
        // What stands behind the fifth colon is one part.
        ("ArnLike app:x arn:aws:sns:*:*:topic-*", "arn:aws:sns:eu-west-1:111122223333:topic-a:sub", Allowed),
        ("ArnNotEquals app:x arn:aws:sns:*:111122223333:topic-*", topic, Denied),
        ("ArnNotLike app:x arn:aws:sns:*:999988887777:*", topic, Allowed),
        ("ArnLike app:x arn:aws:sns:*:*:*", "topic-a", Denied),
        ("ArnNotLike app:x arn:aws:sns:*:*:*", "topic-a", Allowed),
    ] {
        allows(condition, &[("app:x", value)], expect, PAGE);
    }
}

fn existence() {
    let absent = &[("app:x", "")];
    for (condition, expect) in [
        // What is absent matches nothing, so that what is negated holds.
        ("StringEquals app:x a", Denied),
        ("StringLike app:x *", Denied),
        ("StringNotEquals app:x a", Allowed),
        ("StringNotLike app:x *", Allowed),
        ("NumericLessThan app:x 10", Denied),
        ("NumericNotEquals app:x 10", Allowed),
        ("DateGreaterThan app:x 2026-01-01T00:00:00Z", Denied),
        ("DateNotEquals app:x 2026-01-01T00:00:00Z", Allowed),
        ("Bool app:x false", Denied),
        ("BinaryEquals app:x QmluYXJ5", Denied),
        ("IpAddress app:x 0.0.0.0/0", Denied),
        ("NotIpAddress app:x 203.0.113.0/24", Allowed),
        ("ArnLike app:x arn:*:*:*:*:*", Denied),
        ("ArnNotLike app:x arn:*:*:*:*:*", Allowed),
        ("Null app:x true", Allowed),
        ("Null app:x false", Denied),
        // With IfExists what is absent is true; whether the operator is negated changes nothing.
        ("StringEqualsIfExists app:x a", Allowed),
        ("StringNotEqualsIfExists app:x a", Allowed),
        ("NumericLessThanIfExists app:x 10", Allowed),
        ("BoolIfExists app:x true", Allowed),
        ("IpAddressIfExists app:x 203.0.113.0/24", Allowed),
        ("ArnLikeIfExists app:x arn:aws:sns:*:*:*", Allowed),
    ] {
        allows(condition, absent, expect, PAGE);
    }
    let there = &[("app:x", "b")];
    for (condition, expect) in [
        ("StringEqualsIfExists app:x a", Denied),
        ("StringNotEqualsIfExists app:x a", Allowed),
        ("StringNotEqualsIfExists app:x b", Denied),
        ("Null app:x true", Denied),
        ("Null app:x false", Allowed),
    ] {
        allows(condition, there, expect, PAGE);
    }
    // A Deny that misses what is absent, and one that does not.
    denies("Bool app:x false", absent, Allowed, PAGE);
    denies("BoolIfExists app:x false", absent, Denied, PAGE);
    denies("StringNotEquals app:x a", absent, Denied, PAGE);
    denies("StringNotEqualsIfExists app:x a", absent, Denied, PAGE);
    denies("StringEquals app:x a", absent, Allowed, PAGE);
    // Of what is not known, only what holds of everything is certain.
    for (condition, expect) in [
        ("StringLike app:x *", AllowedIf),
        ("StringLikeIfExists app:x *", Allowed),
        ("StringEqualsIfExists app:x a", AllowedIf),
        ("StringNotEquals app:x a", AllowedIf),
        ("Null app:x true", AllowedIf),
        ("NumericLessThan app:x 10", AllowedIf),
        ("IpAddress app:x 203.0.113.0/24", AllowedIf),
    ] {
        allows(condition, NONE_GIVEN, expect, PAGE);
    }
    denies("StringLikeIfExists app:x *", NONE_GIVEN, Denied, PAGE);
    denies("StringEquals app:x a", NONE_GIVEN, AllowedIf, PAGE);
}
