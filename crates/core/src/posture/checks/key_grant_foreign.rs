//! A grant lets another account use the key.

use crate::domain::{Arn, FactKind, FactValue, KeyGrant, Severity};
use crate::posture::check::{Case, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{facts, key, managed_by_aws, plain, under_a_key};
use crate::posture::grant::{is_account};
use crate::posture::say::{fail, list, name, pass, unreadable};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "key-grant-foreign",
    title: "A grant lets another account use the key",
    why: "A grant works beside the key's policy and is not seen in it. It lets its holder decrypt until somebody revokes \
          it.",
    severity: Severity::Medium,
    reads: &[FactKind::Description, FactKind::Key, FactKind::KeyGrants],
    reads_items: false,
    judge,
    topic: Some("key-grant"),
    source: "https://docs.aws.amazon.com/kms/latest/developerguide/grants.html",
    refs: &[Reference::OwaspApi(8), Reference::Cwe(284)],
    field: "ListGrants Grants[].GranteePrincipal and Operations",
    cases: &[
        Case::of("no KMS key", || facts([plain()]), "not-applicable", "AWS owns"),
        Case::of("AWS managed key", || facts([under_a_key(), managed_by_aws()]), "not-applicable", "AWS manages"),
        Case::of("granted to DynamoDB", || facts([under_a_key(), key(|_| ()), granted("dynamodb.eu-west-1.amazonaws.com")]), "pass", "1 grant"),
        Case::of("granted to a role of the account", || facts([under_a_key(), key(|_| ()), granted("arn:aws:iam::111122223333:role/a")]), "pass", "1 grant"),
        Case::of("granted to another account", || facts([under_a_key(), key(|_| ()), granted("arn:aws:iam::444455556666:role/a")]), "fail", "medium: Grants let arn:aws:iam::444455556666:role/a use the key (Decrypt)"),
        Case::of("granted to nobody known", || facts([under_a_key(), key(|_| ()), granted("who")]), "unknown", "who"),
        Case::of("grants not read", || facts([under_a_key(), key(|_| ())]), "unknown", "key_grants: not asked"),
        Case::of("nothing read", || facts([]), "unknown", "description: not asked"),
    ],
};

fn judge(subject: &Subject<'_>) -> Judged {
    let key = match super::customer_key(subject)? {
        Ok(key) => key,
        Err(verdict) => return Ok(verdict),
    };
    let grants = subject.facts.key_grants.read()?;
    let account = |g: &KeyGrant| Arn::parse(&g.grantee).map(|a| a.account).filter(|a| is_account(a));
    let foreign: Vec<&KeyGrant> =
        grants.iter().filter(|g| account(g).is_some_and(|a| a != key.account)).collect();
    if !foreign.is_empty() {
        let who: Vec<&str> = foreign.iter().map(|g| g.grantee.as_str()).collect();
        let mut what: Vec<&str> = foreign.iter().flat_map(|g| &g.operations).map(String::as_str).collect();
        what.sort_unstable();
        what.dedup();
        let text = format!("Grants let {} use the key ({}).", list(&who), list(&what));
        return Ok(fail(Severity::Medium, &text));
    }
    let service = |g: &KeyGrant| g.grantee.contains(".amazonaws.com");
    Ok(match grants.iter().find(|g| account(g).is_none() && !service(g)) {
        Some(g) => {
            let text = format!("a grant's principal is given as {}", name(&g.grantee));
            unreadable(FactKind::KeyGrants, &text, "aws kms list-grants")
        }
        None => {
            let plural = if grants.len() == 1 { "" } else { "s" };
            pass(&format!("The key has {} grant{plural}, to its own account or to services of AWS.", grants.len()))
        }
    })
}

fn granted(to: &str) -> FactValue {
    FactValue::KeyGrants(vec![KeyGrant { grantee: to.into(), operations: vec!["Decrypt".into()] }])
}
