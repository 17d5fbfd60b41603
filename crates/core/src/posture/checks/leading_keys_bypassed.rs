//! Somebody is limited to items of a partition key of their own, and reads the others by another way.

use std::collections::BTreeMap;

use crate::access::{Answer, Effect, Open};
use crate::domain::{Account, Evidence, FactKind, IamIdentity, Level, Message, Policy, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{account, facts, identity, plain, unopened};
use crate::posture::messages::{fail, list, not_applicable, pass, unreadable};
use crate::readers::{Found, ways_of};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "leading-keys-bypassed",
    title: "Who is limited to their own partition key reads everybody's",
    why: "dynamodb:LeadingKeys limits requests that name a partition key. Scan names none, nor do exports, backups and the \
          stream, and ForAllValues holds where a request has no such key: what such a statement allows besides is allowed \
          for every item.",
    severity: Severity::High,
    level: Level::Table,
    reads: &[FactKind::Description, FactKind::Policy, FactKind::Account],
    reads_items: false,
    judge,
    topic: Fixed::By("tenant-isolation"),
    messages: &[&WRONG, &BYPASSED],
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html",
    refs: &[Reference::OwaspApi(1), Reference::Cwe(639)],
    field: "GetAccountAuthorizationDetails PolicyDocument Statement[].Condition",
    cases: &[
        Case::of(
            "Scan in the statement that is limited",
            || facts([plain(), unopened(), account([identity("role/app", &limited("dynamodb:*", ""))])]),
            "fail",
            "and reads every item by Scan, ExportTableToPointInTime",
        ),
        Case::of(
            "with the guard, and actions that name a key",
            || {
                let guard = r#","Null":{"dynamodb:LeadingKeys":"false"}"#;
                let own = limited(r#"dynamodb:GetItem","dynamodb:Query"#, guard);
                facts([plain(), unopened(), account([identity("role/app", &own)])])
            },
            "pass",
            "limited",
        ),
        Case::of(
            "nobody is limited",
            || {
                let reads = r#"{"Effect":"Allow","Action":"dynamodb:*","Resource":"*"}"#;
                facts([plain(), unopened(), account([identity("role/app", reads)])])
            },
            "not-applicable",
            "No policy limits",
        ),
        Case::of(
            "a policy that is not understood",
            || facts([plain(), unopened(), account([identity("role/app", "7")])]),
            "unknown",
            "a policy of app",
        ),
        Case::of("users and roles not read", || facts([plain()]), "unknown", "account: not asked"),
    ],
};

static WRONG: Message = Message::new("leading-keys-bypassed", "{people}.");

static BYPASSED: Message = Message::new(
    "limited-reads-everything",
    "{who} is limited to a partition key of its own by {limited} and reads every item by {ways} ({statement})",
)
.carrying(&["arn"]);

fn judge(subject: &Subject<'_>) -> Judged {
    let account = subject.facts.account.read()?;
    subject.facts.description.read()?;
    // Each managed policy is looked at once: thousands may have it.
    let managed: BTreeMap<&str, Option<bool>> =
        account.policies.iter().map(|p| (p.arn.as_str(), p.policy.as_ref().and_then(limits))).collect();
    let of = |person: &IamIdentity| -> Vec<Option<bool>> {
        let attached = person.attached.iter().map(|arn| managed.get(arn.as_str()).copied().flatten());
        person.inline.iter().map(|named| limits(&named.policy)).chain(attached).collect()
    };
    let (mut people, mut untold) = (Vec::new(), None);
    for person in account.users.iter().chain(&account.roles) {
        let groups = account.groups.iter().filter(|group| person.groups.contains(&group.name));
        let all: Vec<Option<bool>> = groups.chain([person]).flat_map(of).collect();
        match all.contains(&Some(true)) {
            true => people.push(person),
            false if all.contains(&None) => untold = Some(&person.name),
            false => {}
        }
    }
    if people.is_empty() {
        return Ok(match untold {
            Some(name) => {
                unreadable(FactKind::Account, &format!("a policy of {name} is not told, or not understood"))
            }
            None => not_applicable("No policy limits anybody to a partition key of their own."),
        });
    }
    subject.facts.policy.read()?;
    let (mut found, mut unread) = (Vec::new(), None);
    for person in people {
        match bypass(subject, account, person) {
            Bypass::Found(evidence) => found.push(evidence),
            Bypass::Perhaps => unread = Some(&person.name),
            Bypass::None => {}
        }
    }
    Ok(match unread {
        _ if !found.is_empty() => fail(Severity::High, WRONG.with("people", found)),
        Some(name) => {
            let said = format!("what {name} reads beside its own key depends on what was not read");
            unreadable(FactKind::Account, &said)
        }
        None => pass("Whoever is limited to a partition key of their own reads nothing else of the table."),
    })
}

/// Whether a policy limits somebody by `dynamodb:LeadingKeys`; `None` if what of it is not understood may.
fn limits(policy: &Policy) -> Option<bool> {
    let of_keys = |(_, key, _): &(String, String, Vec<String>)| key.eq_ignore_ascii_case(LEADING);
    let limits =
        policy.statements.iter().any(|s| s.effect == Effect::Allow && s.conditions.iter().any(of_keys));
    (limits || policy.unread.is_empty()).then_some(limits)
}

const LEADING: &str = "dynamodb:LeadingKeys";

enum Bypass {
    Found(Evidence),
    /// What was not read decides.
    Perhaps,
    None,
}

/// What of the table somebody reads beside what they are limited to.
fn bypass(subject: &Subject<'_>, account: &Account, person: &IamIdentity) -> Bypass {
    let ways = ways_of(subject.table, subject.facts, account, person).unwrap_or_default();
    let by_key = |way: &&Found| {
        let of_keys =
            |open: &Open| matches!(open, Open::Condition { key, .. } if key.eq_ignore_ascii_case(LEADING));
        way.decision.conditions.iter().any(|one| of_keys(&one.open))
    };
    let (limited, others): (Vec<&Found>, Vec<&Found>) = ways.iter().partition(by_key);
    // On conditions of another kind it may be meant so.
    let free: Vec<&&Found> = others.iter().filter(|way| way.decision.answer == Answer::Allowed).collect();
    let Some(first) = free.first().filter(|_| !limited.is_empty()) else {
        let perhaps = !limited.is_empty() && others.iter().any(|way| way.depends_on_unread());
        return if perhaps { Bypass::Perhaps } else { Bypass::None };
    };
    let names = |ways: &mut dyn Iterator<Item = String>| {
        let mut all: Vec<String> = ways.collect();
        all.dedup();
        list(&all)
    };
    let kind = if person.arn.contains(":user/") { "user" } else { "role" };
    let by = first.decision.deciding.iter().find(|d| !d.denies).map(ToString::to_string).unwrap_or_default();
    Bypass::Found(
        BYPASSED
            .with("who", format!("{kind} {}", person.name))
            .with("limited", names(&mut limited.iter().map(|way| way.action.clone())))
            .with("ways", names(&mut free.iter().map(|way| way.action.clone())))
            .with("statement", by)
            .with("arn", &person.arn),
    )
}

fn limited(actions: &str, more: &str) -> String {
    format!(
        r#"{{"Effect":"Allow","Action":["{actions}"],"Resource":"*","Condition":{{"ForAllValues:StringEquals":{{"dynamodb:LeadingKeys":"acme"}}{more}}}}}"#
    )
}
