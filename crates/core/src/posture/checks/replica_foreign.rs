//! A replica of the table is in another account.

use crate::domain::{Evidence, FactKind, Level, Message, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{described, facts, plain, replica};
use crate::posture::messages::{fail, list, not_applicable, pass, unreadable};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "replica-foreign",
    title: "A replica of the table is in another account",
    why: "A replica holds every item. Who reads it, under whose key it is and what is kept of it is decided in the account \
          that it is in.",
    severity: Severity::Medium,
    level: Level::Table,
    reads: &[FactKind::Description],
    reads_items: false,
    judge,
    topic: Fixed::Not("who replicates with whom was agreed on by two accounts, and is ended by them"),
    messages: &[&ABROAD, &IN],
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/globaltables_MA_security.html",
    refs: &[Reference::OwaspApi(8), Reference::Cwe(200)],
    field: "DescribeTable Table.Replicas[].ReplicaArn",
    cases: &[
        Case::of("no replica", || facts([plain()]), "not-applicable", "no replica"),
        Case::of(
            "in the same account",
            || facts([described(|d| d.replicas = vec![replica("us-east-1")])]),
            "pass",
            "us-east-1",
        ),
        Case::of(
            "in another account",
            || {
                facts([described(|d| {
                    d.replicas = vec![replica("us-east-1"), replica("eu-central-1")];
                    d.replicas[1].account = Some("444455556666".into());
                })])
            },
            "fail",
            "medium: The replica in eu-central-1 is in account 444455556666.",
        ),
        Case::of(
            "nobody tells in which",
            || {
                facts([described(|d| {
                    d.replicas = vec![replica("us-east-1")];
                    d.replicas[0].account = None;
                })])
            },
            "unknown",
            "the account of the replica in us-east-1 is not told",
        ),
        Case::of("nothing read", || facts([]), "unknown", "description: not asked"),
    ],
};

static ABROAD: Message = Message::new("replicas-in-other-accounts", "The replica in {replicas}.");

static IN: Message = Message::new("replica-in-account", "{region} is in account {account}");

fn judge(subject: &Subject<'_>) -> Judged {
    let all = &subject.facts.description.read()?.replicas;
    if all.is_empty() {
        return Ok(not_applicable("The table has no replica."));
    }
    let own = match super::own_account(subject)? {
        Ok(own) => own,
        Err(verdict) => return Ok(verdict),
    };
    let foreign: Vec<Evidence> = all
        .iter()
        .filter(|r| r.is_foreign(&own))
        .map(|r| IN.with("region", &r.region).with("account", r.account.as_ref()))
        .collect();
    let untold: Vec<&str> = all.iter().filter(|r| r.account.is_none()).map(|r| r.region.as_str()).collect();
    let regions: Vec<&str> = all.iter().map(|r| r.region.as_str()).collect();
    Ok(match (foreign.is_empty(), untold.is_empty()) {
        (false, _) => fail(Severity::Medium, ABROAD.with("replicas", foreign)),
        (true, false) => unreadable(
            FactKind::Description,
            &format!("the account of the replica in {} is not told", list(&untold)),
        ),
        (true, true) => pass(&format!("The replicas in {} are in the table's own account.", list(&regions))),
    })
}
