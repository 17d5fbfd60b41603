//! A grant lets another account use the KMS key.

use crate::domain::{Arn, Evidence, FactKind, FactValue, KeyGrant, Level, Message, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{facts, key, managed_by_aws, plain, under_a_key};
use crate::posture::grant::is_account;
use crate::posture::messages::{fail, name, pass, unreadable};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "key-grant-foreign",
    title: "A grant lets another account use the KMS key",
    why: "A grant works beside the key's policy and is not seen in it. It lets its holder decrypt until somebody revokes \
          it.",
    severity: Severity::Medium,
    level: Level::Table,
    reads: &[FactKind::Description, FactKind::Key, FactKind::KeyGrants],
    reads_items: false,
    judge,
    topic: Fixed::By("key-grant"),
    messages: &[&GRANTED, &GRANTEE],
    source: "https://docs.aws.amazon.com/kms/latest/developerguide/grants.html",
    refs: &[Reference::OwaspApi(8), Reference::Cwe(284)],
    field: "ListGrants Grants[].GranteePrincipal and Operations",
    cases: &[
        Case::of("no KMS key", || facts([plain()]), "not-applicable", "AWS owns"),
        Case::of(
            "AWS managed key",
            || facts([under_a_key(), managed_by_aws()]),
            "not-applicable",
            "AWS manages",
        ),
        Case::of(
            "granted to DynamoDB",
            || facts([under_a_key(), key(|_| ()), granted("dynamodb.eu-west-1.amazonaws.com")]),
            "pass",
            "1 grant",
        ),
        Case::of(
            "granted to a role of the account",
            || facts([under_a_key(), key(|_| ()), granted("arn:aws:iam::111122223333:role/a")]),
            "pass",
            "1 grant",
        ),
        Case::of(
            "granted to another account",
            || facts([under_a_key(), key(|_| ()), granted("arn:aws:iam::444455556666:role/a")]),
            "fail",
            "medium: Grants let arn:aws:iam::444455556666:role/a use the key (Decrypt)",
        ),
        Case::of(
            "granted to a service on behalf of another account",
            || {
                facts([
                    under_a_key(),
                    key(|_| ()),
                    grant(
                        "dynamodb.amazonaws.com",
                        Some("arn:aws:dynamodb:us-east-1:444455556666:table/t"),
                        "Decrypt",
                    ),
                ])
            },
            "fail",
            "medium: Grants let dynamodb.amazonaws.com on behalf of account 444455556666 use the key",
        ),
        Case::of(
            "granted to another account, to look",
            || {
                facts([
                    under_a_key(),
                    key(|_| ()),
                    grant("arn:aws:iam::444455556666:role/a", None, "DescribeKey"),
                ])
            },
            "pass",
            "1 grant",
        ),
        Case::of(
            "granted to what only sounds like a service",
            || facts([under_a_key(), key(|_| ()), granted("x.amazonaws.com.example.org")]),
            "unknown",
            "example.org",
        ),
        Case::of(
            "granted to nobody known",
            || facts([under_a_key(), key(|_| ()), granted("who")]),
            "unknown",
            "who",
        ),
        Case::of(
            "grants not read",
            || facts([under_a_key(), key(|_| ())]),
            "unknown",
            "key_grants: not asked",
        ),
        Case::of("nothing read", || facts([]), "unknown", "description: not asked"),
    ],
};

static GRANTED: Message =
    Message::new("key-granted-to-other-accounts", "Grants let {grantees} use the key ({operations}).")
        .carrying(&["key_arn"]);

static GRANTEE: Message = Message::new("key-grantee", "{grantee}[ on behalf of account {account}]");

fn judge(subject: &Subject<'_>) -> Judged {
    let key = match super::customer_key(subject)? {
        Ok(key) => key,
        Err(verdict) => return Ok(verdict),
    };
    let grants = subject.facts.key_grants.read()?;
    let of = |arn: &str| Arn::parse(arn).map(|a| a.account).filter(|a| is_account(a));
    let account = |g: &KeyGrant| of(&g.grantee);
    // A service acts for somebody, where the grant says for whom.
    let behalf = |g: &KeyGrant| g.source.as_deref().and_then(of).filter(|_| account(g).is_none());
    let away = |account: Option<String>| account.is_some_and(|a| a != key.account);
    let foreign: Vec<&KeyGrant> =
        grants.iter().filter(|g| gives_content(g) && (away(account(g)) || away(behalf(g)))).collect();
    if !foreign.is_empty() {
        let who: Vec<Evidence> =
            foreign.iter().map(|g| GRANTEE.with("grantee", &g.grantee).with("account", behalf(g))).collect();
        let mut what: Vec<&str> = foreign.iter().flat_map(|g| &g.operations).map(String::as_str).collect();
        what.sort_unstable();
        what.dedup();
        let evidence = GRANTED.with("grantees", who).with("operations", what).with("key_arn", &key.arn);
        return Ok(fail(Severity::Medium, evidence));
    }
    let service = |g: &KeyGrant| {
        [".amazonaws.com", ".amazonaws.com.cn"].iter().any(|end| g.grantee.ends_with(end))
            && !g.grantee.contains(':')
    };
    Ok(match grants.iter().find(|g| gives_content(g) && account(g).is_none() && !service(g)) {
        Some(g) => {
            let text = format!("a grant's principal is given as {}", name(&g.grantee));
            unreadable(FactKind::KeyGrants, &text)
        }
        None => {
            let plural = if grants.len() == 1 { "" } else { "s" };
            pass(&format!(
                "The key has {} grant{plural}, none of which lets another account decrypt.",
                grants.len()
            ))
        }
    })
}

/// Whether its operations let somebody decrypt, or let others; one that names none may.
fn gives_content(grant: &KeyGrant) -> bool {
    let gives = ["Decrypt", "ReEncryptFrom", "CreateGrant"];
    grant.operations.is_empty() || grant.operations.iter().any(|o| gives.contains(&o.as_str()))
}

fn granted(to: &str) -> FactValue {
    grant(to, None, "Decrypt")
}

fn grant(to: &str, source: Option<&str>, operation: &str) -> FactValue {
    let source = source.map(str::to_owned);
    FactValue::KeyGrants(vec![KeyGrant {
        id: None,
        grantee: to.into(),
        source,
        operations: vec![operation.into()],
    }])
}
