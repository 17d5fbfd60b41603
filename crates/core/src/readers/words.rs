//! Conditions in words: what a person on call would say.

use crate::access::{Open, Requirement};

/// What each key says of a request, and what it says if the condition is negated; `{}` is for its values.
const PHRASES: &[(&str, &str, &str)] = &[
    ("aws:sourceip", "from {}", "from elsewhere than {}"),
    ("aws:vpcsourceip", "from {} inside a VPC", "from elsewhere in a VPC than {}"),
    ("aws:sourcevpc", "from VPC {}", "from outside VPC {}"),
    ("aws:sourcevpce", "through VPC endpoint {}", "other than through VPC endpoint {}"),
    ("aws:principalorgid", "from organization {}", "from outside organization {}"),
    ("aws:principalorgpaths", "from unit {}", "from outside unit {}"),
    ("aws:principalaccount", "from account {}", "from another account than {}"),
    ("aws:principalarn", "as {}", "as another than {}"),
    ("aws:sourceaccount", "for account {}", "for another account than {}"),
    ("aws:sourcearn", "for {}", "for another than {}"),
    ("aws:requestedregion", "in Region {}", "outside Region {}"),
    ("aws:currenttime", "at a time that fits {}", "at a time other than {}"),
    ("aws:calledvia", "through {}", "other than through {}"),
    ("aws:calledviafirst", "through {}", "other than through {}"),
    ("kms:viaservice", "through {}", "other than through {}"),
    ("dynamodb:leadingkeys", "items whose partition key is {}", "items whose partition key is not {}"),
    ("dynamodb:attributes", "attributes {} only", "attributes other than {}"),
    ("dynamodb:select", "with Select {}", "with another Select than {}"),
    ("dynamodb:enclosingoperation", "inside {}", "other than inside {}"),
    ("sts:externalid", "with the external ID", "with another external ID"),
];

/// Stands behind what is asked for the key of a table.
pub(super) const OF_KEY: &str = " (for the key)";

/// What a requirement says, for behind "if" or "unless".
pub fn requirement(of: &Requirement) -> String {
    let said = match &of.open {
        Open::Condition { operator, key, values } => condition(operator, key, values),
        Open::Principal(whom) => format!("as {whom}"),
        Open::Resource(pattern) => format!("where the resource is {pattern}"),
        Open::Unread(why) => why.clone(),
    };
    let key = if of.of_key { OF_KEY } else { "" };
    if of.unless { format!("not {said}{key}") } else { format!("{said}{key}") }
}

fn condition(operator: &str, key: &str, values: &[String]) -> String {
    const SHOWN: usize = 3;
    let lower = key.to_ascii_lowercase();
    let operator = operator.to_ascii_lowercase();
    let negated = operator.contains("not") && !operator.ends_with("null");
    let shown: Vec<&str> = values.iter().take(SHOWN).map(String::as_str).collect();
    let more =
        if values.len() > SHOWN { format!(" and {} more", values.len() - SHOWN) } else { String::new() };
    let list = format!("{}{more}", shown.join(" or "));
    let yes = values.iter().any(|v| v.eq_ignore_ascii_case("true"));
    match lower.as_str() {
        "aws:multifactorauthpresent" => return if yes { "with MFA" } else { "without MFA" }.into(),
        "aws:securetransport" => return if yes { "over TLS" } else { "without TLS" }.into(),
        "aws:viaawsservice" => return if yes { "through an AWS service" } else { "directly" }.into(),
        _ => {}
    }
    if operator == "null" {
        return if yes { format!("without {key}") } else { format!("with {key}") };
    }
    if let Some(tag) = lower.strip_prefix("aws:principaltag/") {
        let is = if negated { "is not" } else { "is" };
        return format!("whose tag {tag} {is} {list}");
    }
    if let Some(tag) = lower.strip_prefix("aws:resourcetag/") {
        let is = if negated { "is not" } else { "is" };
        return format!("where the resource's tag {tag} {is} {list}");
    }
    match PHRASES.iter().find(|(known, ..)| *known == lower) {
        Some((_, phrase, opposite)) => (if negated { opposite } else { phrase }).replace("{}", &list),
        None => format!("where {operator} {key} {list}"),
    }
}
