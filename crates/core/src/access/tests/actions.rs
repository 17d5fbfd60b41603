//! `Action`.

use super::language::GET;
use super::tally::check;
use super::world::own;
use crate::access::Answer::{Allowed, AllowedIf, Denied};

pub(super) fn cases() {
    let page = "IAM User Guide: IAM JSON policy elements: Action";
    for (statement, expect) in [
        ("allow DYNAMODB:getitem T", Allowed),
        ("allow dynamodb:Get* T", Allowed),
        ("allow dynamodb:*Item T", Allowed),
        ("allow dynamodb:GetItem* T", Allowed),
        ("allow dynamodb:GetIte? T", Allowed),
        ("allow dynamodb:?etI*m T", Allowed),
        ("allow dynamodb:GetItem? T", Denied),
        ("allow dynamodb:Get T", Denied),
        ("allow dynamodb:BatchGet* T", Denied),
        ("allow dynamodb:PutItem,dynamodb:GetItem T", Allowed),
        ("allow dynamodb:PutItem,dynamodb:Query T", Denied),
        ("allow dynamodb:* T", Allowed),
        ("allow * T", Allowed),
        ("allow dax:GetItem T", Denied),
        ("allow dax:* *", Denied),
        ("allow s3:* *", Denied),
        ("allow Get* T", Denied),
        // AWS takes no action without a service.
        ("allow *GetItem T", AllowedIf),
    ] {
        check(GET, &own(&[statement]), expect, page);
    }
    let page = "Service Authorization Reference: Amazon DynamoDB";
    for (action, expect) in [
        ("dynamodb:getitem", Allowed),
        ("dynamodb:BatchGetItem", Denied),
        ("dynamodb:Query", Denied),
        ("dynamodb:Scan", Denied),
        ("dynamodb:PartiQLSelect", Denied),
        ("dynamodb:ConditionCheckItem", Denied),
        ("dynamodb:ExportTableToPointInTime", Denied),
    ] {
        check(&format!("{action} T app"), &own(&["allow dynamodb:GetItem *"]), expect, page);
    }
    check("dynamodb:PartiQLSelect T app", &own(&["allow dynamodb:Query,dynamodb:GetItem T"]), Denied, page);
    // Without resources an action takes "*" only.
    check("dynamodb:ListTables * app", &own(&["allow dynamodb:ListTables *"]), Allowed, page);
    check("dynamodb:ListTables * app", &own(&["allow dynamodb:ListTables T"]), Denied, page);
    check(
        "dynamodb:ListTables * app",
        &own(&["allow dynamodb:* arn:aws:dynamodb:*:*:table/*"]),
        Denied,
        page,
    );
}
