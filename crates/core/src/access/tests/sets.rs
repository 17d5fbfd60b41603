//! Keys with several values.

use super::language::NONE_GIVEN;
use super::tally::{allows, denies};
use crate::access::Answer::{Allowed, AllowedIf, Denied};

const PAGE: &str = "IAM User Guide: Set operators for multivalued context keys";

pub(super) fn cases() {
    // Every value of the request has to be one of the policy's; of none, that is true.
    each(
        "ForAllValues:StringEquals app:x a|b",
        &[
            (&["a"], Allowed),
            (&["a", "b"], Allowed),
            (&["a", "c"], Denied),
            (&["c"], Denied),
            (&[""], Allowed),
        ],
    );
    each(
        "ForAnyValue:StringEquals app:x a|b",
        &[(&["a"], Allowed), (&["c", "b"], Allowed), (&["c", "d"], Denied), (&[""], Denied)],
    );
    each(
        "ForAllValues:StringNotEquals app:x a|b",
        &[(&["c", "d"], Allowed), (&["c", "a"], Denied), (&[""], Allowed)],
    );
    each("ForAnyValue:StringNotEquals app:x a", &[(&["a", "c"], Allowed), (&["a"], Denied), (&[""], Denied)]);
    each("ForAllValues:StringLike app:x t-*", &[(&["t-1", "t-2"], Allowed), (&["t-1", "u-2"], Denied)]);
    each("ForAnyValue:StringLike app:x t-*", &[(&["u-1", "t-2"], Allowed), (&["u-1"], Denied)]);
    each("ForAllValues:NumericLessThan app:x 10", &[(&["1", "9"], Allowed), (&["1", "10"], Denied)]);
    each(
        "ForAnyValue:ArnLike app:x arn:aws:sns:*:*:a*",
        &[(&["arn:aws:sqs:r:1:a", "arn:aws:sns:r:1:ab"], Allowed), (&["arn:aws:sqs:r:1:a"], Denied)],
    );
    // A test for presence closes what ForAllValues leaves open.
    each("ForAllValues:StringEquals app:x a and Null app:x false", &[(&["a"], Allowed), (&[""], Denied)]);
    each("ForAllValues:StringEqualsIfExists app:x a", &[(&[""], Allowed), (&["b"], Denied)]);
    for (condition, expect) in
        [("ForAllValues:StringEquals app:x a", AllowedIf), ("ForAnyValue:StringEquals app:x a", AllowedIf)]
    {
        allows(condition, NONE_GIVEN, expect, PAGE);
    }
    // In a Deny it is the other way round: ForAllValues reaches what has no value, ForAnyValue does not.
    let absent = &[("app:x", "")];
    denies("ForAllValues:StringEquals app:x a", absent, Denied, PAGE);
    denies("ForAnyValue:StringEquals app:x a", absent, Allowed, PAGE);
    denies("ForAnyValue:StringNotEquals app:x a", absent, Allowed, PAGE);
    denies("ForAnyValue:StringEquals app:x a", &[("app:x", "a"), ("app:x", "b")], Denied, PAGE);
    denies("ForAllValues:StringEquals app:x a", &[("app:x", "a"), ("app:x", "b")], Allowed, PAGE);
}

#[track_caller]
fn each(condition: &str, all: &[(&[&str], crate::access::Answer)]) {
    for (values, expect) in all {
        let context: Vec<(&str, &str)> = values.iter().map(|v| ("app:x", *v)).collect();
        allows(condition, &context, *expect, PAGE);
    }
}
