//! The role of a DAX cluster reads every table.

use crate::access::Effect;
use crate::domain::{Account, Cache, FactKind, FactValue, IamIdentity, Level, Message, Policy, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{account, facts, identity};
use crate::posture::messages::{fail, name, not_applicable, pass, unreadable};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "dax-role-wide",
    title: "The role of a DAX cluster reads every table",
    why: "A cluster reads with its own role for whoever may use the cluster. What its role reads they read, whatever they may \
          do themselves.",
    severity: Severity::Low,
    level: Level::Region,
    reads: &[FactKind::Caches, FactKind::Account],
    reads_items: false,
    judge,
    topic: Fixed::Not(
        "which tables the applications read through the cluster only their owners know; the role gets those tables by name",
    ),
    messages: &[&WIDE, &ONE],
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/DAX.access-control.html",
    refs: &[Reference::OwaspApi(5), Reference::Cwe(250)],
    field: "DescribeClusters Clusters[].IamRoleArn, GetAccountAuthorizationDetails PolicyDocument Statement[].Resource",
    cases: &[
        Case::of("no cluster", || facts([FactValue::Caches(Vec::new())]), "not-applicable", "no DAX cluster"),
        Case::of(
            "one table",
            || facts([cache(), dax("dynamodb:GetItem", "arn:aws:dynamodb:*:*:table/orders")]),
            "pass",
            "cache-0",
        ),
        Case::of(
            "every table",
            || facts([cache(), dax("dynamodb:Get*", "*")]),
            "fail",
            "low: Roles of DAX clusters read every table: role dax of cache-0",
        ),
        Case::of(
            "writes to every table",
            || facts([cache(), dax("dynamodb:PutItem", "*")]),
            "pass",
            "cache-0",
        ),
        Case::of(
            "every table, and a Deny of all but one",
            || facts([cache(), denied(r#""NotResource":"arn:aws:dynamodb:*:*:table/orders""#)]),
            "pass",
            "cache-0",
        ),
        Case::of(
            "every table, and a Deny of one",
            || facts([cache(), denied(r#""Resource":"arn:aws:dynamodb:*:*:table/orders""#)]),
            "fail",
            "role dax of cache-0",
        ),
        Case::of(
            "a policy that is not understood",
            || facts([cache(), account([identity("role/dax", "7")])]),
            "unknown",
            "a policy of role dax",
        ),
        Case::of("a role that is not told", || facts([cache(), account([])]), "unknown", "role dax"),
        Case::of("roles not read", || facts([cache()]), "unknown", "account: not asked"),
        Case::of("nothing read", || facts([]), "unknown", "caches: not asked"),
    ],
};

static WIDE: Message = Message::new("dax-roles-wide", "Roles of DAX clusters read every table: {roles}.");
static ONE: Message = Message::new("dax-role", "role {role} of {cluster}").carrying(&["role_arn"]);

fn judge(subject: &Subject<'_>) -> Judged {
    let caches = subject.facts.caches.read()?;
    if caches.is_empty() {
        return Ok(not_applicable("There is no DAX cluster in this Region."));
    }
    let account = subject.facts.account.read()?;
    let (mut wide, mut unread) = (Vec::new(), None);
    for Cache { name: cluster, role: arn, .. } in caches {
        let short = arn.rsplit('/').next().unwrap_or(arn);
        let Some(role) = account.roles.iter().find(|role| role.arn == *arn) else {
            unread = Some(format!("what role {} of {} may do was not read", name(short), name(cluster)));
            continue;
        };
        match reads_all(account, role) {
            Some(true) => {
                let one = ONE.with("role", short).with("cluster", cluster).with("role_arn", arn);
                wide.push(one);
            }
            Some(false) => {}
            None => unread = Some(format!("a policy of role {} is not told, or not understood", name(short))),
        }
    }
    Ok(match unread {
        _ if !wide.is_empty() => fail(Severity::Low, WIDE.with("roles", wide)),
        Some(text) => unreadable(FactKind::Account, &text),
        None => {
            let names: Vec<&str> = caches.iter().map(|cache| cache.name.as_str()).collect();
            pass(&format!("The roles of the DAX clusters read named tables alone: {}.", names.join(", ")))
        }
    })
}

/// Whether a role reads items of every table; `None` if that depends on a policy that was not read or not understood.
fn reads_all(account: &Account, role: &IamIdentity) -> Option<bool> {
    let managed = |arn: &String| {
        account.policies.iter().find(|policy| policy.arn == *arn).and_then(|p| p.policy.as_ref())
    };
    let inline = role.inline.iter().map(|named| Some(&named.policy));
    let all: Vec<Option<&Policy>> = inline.chain(role.attached.iter().map(managed)).collect();
    // A Deny of all reads but those of some tables is a list of tables from the other side; one of a single table is none.
    let denies = all.iter().flatten().flat_map(|policy| &policy.statements).any(|s| {
        let all_reads = READS.iter().all(|action| s.covers(action));
        let all_but_some = !s.not_resources.is_empty() || s.resources.iter().any(super::is_every_table);
        s.effect == Effect::Deny && all_reads && all_but_some && s.conditions.is_empty()
    });
    if !denies && all.iter().flatten().any(|policy| is_wide(policy)) {
        return Some(true);
    }
    all.iter().all(|policy| policy.is_some_and(|policy| policy.unread.is_empty())).then_some(false)
}

const READS: &[&str] = &["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:Scan"];

fn is_wide(policy: &Policy) -> bool {
    policy.statements.iter().any(|s| {
        s.effect == Effect::Allow
            && s.conditions.is_empty()
            && s.resources.iter().any(super::is_every_table)
            && READS.iter().any(|action| s.covers(action))
    })
}

fn cache() -> FactValue {
    FactValue::Caches(vec![Cache {
        name: "cache-0".into(),
        encrypted: Some(true),
        tls: Some(true),
        role: "arn:aws:iam::111122223333:role/dax".into(),
        made: Default::default(),
    }])
}

fn dax(action: &'static str, resource: &'static str) -> FactValue {
    let statement = format!(r#"{{"Effect":"Allow","Action":"{action}","Resource":"{resource}"}}"#);
    account([identity("role/dax", &statement)])
}

/// Everything on every table, and a Deny of all of it on this.
fn denied(resource: &str) -> FactValue {
    let statement = format!(
        r#"{{"Effect":"Allow","Action":"dynamodb:*","Resource":"*"}},{{"Effect":"Deny","Action":"dynamodb:*",{resource}}}"#
    );
    account([identity("role/dax", &statement)])
}
