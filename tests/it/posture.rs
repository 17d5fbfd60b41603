//! The demo account, judged: table by table as a file says that was written by hand, and with every operation
//! denied, failing and not offered in turn.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use dynaudit::demo::{Demo, Fault, FaultRule, Faults, Login, When};
use dynaudit::detect::{Detector, FingerprintKey};
use dynaudit::domain::{
    FactKind, FailureKind, Gap, PERMISSIONS, PageRequest, Read, TableFacts, TableRef, Tier, Verdict,
};
use dynaudit::posture::{self, CHECKS, Subject, judge};
use dynaudit::scan::{Search, Turn};
use dynaudit::source::Source;
use dynaudit::source::live::{Given, Live, Settings, open};

use crate::source_contract::asked;

const EXPECTED: &str = include_str!("data/demo_posture.txt");

async fn live(demo: &Demo, login: &Login) -> Live {
    let settings = Settings {
        region: Some(login.region.into()),
        endpoint_url: Some(demo.endpoint_url()),
        credentials: Some(Given {
            access_key_id: login.access_key.into(),
            secret_access_key: login.secret_key.into(),
            session_token: Some(login.session_token.into()),
        }),
        attempt_timeout: std::time::Duration::from_secs(20),
        ..Settings::default()
    };
    let detector = Arc::new(Detector::new(FingerprintKey::new(b"a key for tests")));
    // The demo's day: copies that outlive a deletion are told with a date.
    let clock = Arc::new(|| "2026-11-20T12:00:00Z".parse().expect("a time"));
    open(settings, detector, clock, Arc::new(|_| {})).await.expect("opens")
}

/// Between them these tables have all that a fact can be about: a stream and its readers, keys of both kinds, a
/// replica, exports, recovery points.
const TELLING: &[&str] = &["audit_log", "sessions", "tenants"];

/// Every fact of the tables of one login that `wanted` names.
async fn facts(live: &Live, wanted: fn(&str) -> bool) -> Vec<(TableRef, TableFacts)> {
    live.identity().await.expect("an identity");
    let mut all = Vec::new();
    let tables = live.tables(None).await.expect("tables").tables;
    for table in tables.into_iter().filter(|t| wanted(&t.name)) {
        let known = asked(live, &table).await;
        all.push((table, known));
    }
    all
}

fn verdicts(table: &TableRef, facts: &TableFacts) -> Vec<(&'static str, Verdict)> {
    let now = "2026-11-20T12:00:00Z".parse().expect("a time");
    let subject = Subject::unread(table, facts, now);
    CHECKS.iter().map(|check| (check.id, judge(check, &subject))).collect()
}

fn word(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Pass(_) => "pass",
        Verdict::Fail(_) => "fail",
        Verdict::Unknown(_) => "unknown",
        Verdict::NotApplicable(_) => "n/a",
    }
}

/// No item is read here: the file says what settings alone tell.
#[tokio::test]
async fn the_demo_is_judged_as_the_file_says() {
    let demo = Demo::start(Faults::none()).expect("starts");
    let mut told = String::new();
    for login in demo.logins() {
        let live = live(&demo, login).await;
        for (table, facts) in facts(&live, |_| true).await {
            writeln!(told, "\n[{} {} {}]", login.account, login.region, table.name).expect("a string");
            let mut by_word: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
            for (id, verdict) in verdicts(&table, &facts) {
                by_word.entry(word(&verdict)).or_default().push(id);
            }
            for (word, ids) in by_word.into_iter().filter(|(word, _)| *word != "pass") {
                writeln!(told, "{word}: {}", ids.join(" ")).expect("a string");
            }
        }
    }
    let expected: String =
        EXPECTED.lines().filter(|l| !l.starts_with('#')).map(|l| format!("{l}\n")).collect();
    assert_eq!(told.trim(), expected.trim(), "told:\n{told}");
}

const OF_ITEMS: &str = include_str!("data/demo_items.txt");

/// What the items tell, of a sample as an audit takes it: the checks that no setting can settle.
#[tokio::test]
async fn the_items_of_the_demo_are_judged_as_the_file_says() {
    let demo = Demo::start(Faults::none()).expect("starts");
    let mut told = String::new();
    for login in demo.logins() {
        let live = live(&demo, login).await;
        for (table, facts) in facts(&live, |_| true).await {
            let request = PageRequest {
                table: table.clone(),
                index: None,
                read: Read::Scan,
                limit: Some(200),
                start: None,
                counts: false,
                segment: None,
            };
            let page = live.page(request, &facts).await.expect("a page");
            let unread = page.scanned == 0;
            let subject = Subject {
                flagged: (!unread).then_some(&[]),
                traits: (!unread).then_some(&page.traits),
                items_read: page.scanned,
                ..Subject::unread(&table, &facts, "2026-11-20T12:00:00Z".parse().expect("a time"))
            };
            writeln!(told, "\n[{} {} {}]", login.account, login.region, table.name).expect("a string");
            for id in
                ["ttl-on-wrong-attribute", "ttl-not-epoch-seconds", "expired-but-present", "guessable-keys"]
            {
                let verdict = judge(posture::check(id).expect("a check"), &subject);
                let text = match &verdict {
                    Verdict::Pass(text) | Verdict::NotApplicable(text) => text.to_string(),
                    Verdict::Fail(failed) => format!("{}: {}", failed.severity, failed.text()),
                    Verdict::Unknown(missing) => missing.iter().map(ToString::to_string).collect(),
                };
                if !matches!(verdict, Verdict::NotApplicable(_)) {
                    writeln!(told, "{id} {}: {text}", word(&verdict)).expect("a string");
                }
            }
        }
    }
    let expected: String =
        OF_ITEMS.lines().filter(|l| !l.starts_with('#')).map(|l| format!("{l}\n")).collect();
    assert_eq!(told.trim(), expected.trim(), "told:\n{told}");
}

/// What is left of the facts when one operation fails: without what it reads, and without what needs that. A
/// fact that took no call, as the exports of a table that has none, stays.
fn struck(before: &TableFacts, operation: &str, after: &TableFacts) -> TableFacts {
    let mut expected = before.clone();
    for kind in FactKind::ALL {
        let direct = kind.permission().operation == operation;
        let missing = kind.needs().is_some_and(|first| expected.gap(first).is_some());
        if let Some(gap) = after.gap(*kind).filter(|_| direct || missing) {
            expected.forget(*kind);
            expected.miss(*kind, gap.clone());
        }
    }
    expected
}

#[tokio::test]
async fn an_operation_that_fails_is_never_a_pass_or_a_failure() {
    let demo = Demo::start(Faults::none()).expect("starts");
    let login = &demo.logins()[0];
    let telling = |name: &str| TELLING.contains(&name);
    let before = facts(&live(&demo, login).await, telling).await;
    let mut turned = 0;
    // No fact is made of items, so every operation that a fact is read by is struck here.
    assert!(FactKind::ALL.iter().all(|kind| kind.permission().tier != Tier::Content));
    for permission in PERMISSIONS.iter().filter(|p| p.tier != Tier::Content) {
        // What no fact is read by is asked for by other pages.
        if !FactKind::ALL.iter().any(|k| k.permission().operation == permission.operation) {
            continue;
        }
        // An answer cut in its middle fails as a 500 does, and is not sent again.
        for fault in [Fault::Deny, Fault::Truncate, Fault::Unsupported, Fault::EmptyBody, Fault::NullMembers]
        {
            demo.set_faults(Faults::none().with(FaultRule::on_operation(
                permission.operation,
                fault,
                When::Always,
            )));
            let after = facts(&live(&demo, login).await, telling).await;
            let reads = |k: &&FactKind| k.permission().operation == permission.operation;
            let lost = |(_, left): &(TableRef, TableFacts)| {
                FactKind::ALL.iter().filter(reads).any(|k| left.gap(*k).is_some())
            };
            assert!(after.iter().any(lost), "{} {fault:?}: it is never asked", permission.action);
            for ((table, known), (_, left)) in before.iter().zip(&after) {
                let expected = verdicts(table, &struck(known, permission.operation, left));
                let found = verdicts(table, left);
                let at = format!("{} {fault:?}: {}", permission.action, table.name);
                assert_eq!(found, expected, "{at}");
                for ((id, before), (_, after)) in verdicts(table, known).iter().zip(&found) {
                    // A pass may rest on something else now: on a backup instead of the recovery window.
                    let same = word(before) == word(after);
                    let unknown = matches!(after, Verdict::Unknown(missing) if !missing.is_empty());
                    assert!(same || unknown, "{at}: {id}: {before:?} became {after:?}");
                    turned += usize::from(!same);
                }
                let gap = FactKind::ALL.iter().filter(reads).filter_map(|k| left.gap(*k)).next();
                match (fault, gap) {
                    (_, None) => {}
                    (Fault::Deny, gap) => assert!(matches!(gap, Some(Gap::Denied(..))), "{at}: {gap:?}"),
                    (Fault::Unsupported, gap) => {
                        assert!(matches!(gap, Some(Gap::Unsupported | Gap::Denied(..))), "{at}: {gap:?}");
                    }
                    (_, gap) => {
                        assert!(matches!(gap, Some(Gap::Failed(_) | Gap::Denied(..))), "{at}: {gap:?}")
                    }
                }
            }
        }
    }
    assert!(turned > 100, "only {turned} verdicts turned: the faults did not strike");
}

/// Lambda tells the role of a function together with its environment variables: of those nothing stays.
#[tokio::test]
async fn the_environment_of_a_function_goes_nowhere() {
    let demo = Demo::start(Faults::none()).expect("starts");
    let live = live(&demo, &demo.logins()[0]).await;
    let told = facts(&live, |name| name == "audit_log").await;
    let roles = told[0].1.function_roles.known().expect("the demo tells it");
    let expected = "arn:aws:iam::111122223333:role/service-role/audit-indexer";
    assert_eq!(roles.iter().map(|r| r.role.as_str()).collect::<Vec<_>>(), [expected]);
    assert!(demo.requests().iter().any(|r| r.operation == "GetFunctionConfiguration"));
    // What the demo puts into every function's environment.
    assert!(!format!("{:?}", told[0].1).contains("demo-environment-of-a-function"));
    // And it is asked by nobody but a person.
    assert!(FactKind::free().all(|kind| kind != FactKind::FunctionRoles));
}

/// What is throttled, fails or is late once comes all the same, and changes no verdict.
#[tokio::test]
async fn an_operation_that_is_slow_or_throttled_for_a_while_changes_nothing() {
    let demo = Demo::start(Faults::none()).expect("starts");
    let login = &demo.logins()[0];
    let telling = |name: &str| TELLING.contains(&name);
    let before = facts(&live(&demo, login).await, telling).await;
    let asked = |operation: &str| FactKind::ALL.iter().any(|k| k.permission().operation == operation);
    for fault in [Fault::Slow(Duration::from_millis(20)), Fault::Throttle, Fault::ServerError] {
        // Each operation in its turn, all in one round: once is enough to be asked again.
        let rules = PERMISSIONS.iter().filter(|p| asked(p.operation));
        let faults = rules.fold(Faults::none(), |faults, p| {
            faults.with(FaultRule::on_operation(p.operation, fault, When::First(1)))
        });
        demo.set_faults(faults);
        let after = facts(&live(&demo, login).await, telling).await;
        for ((table, known), (_, left)) in before.iter().zip(&after) {
            assert_eq!(verdicts(table, left), verdicts(table, known), "{fault:?}: {}", table.name);
        }
    }
}

/// What is throttled for good is not known; neither is it a pass or a failure.
#[tokio::test]
async fn an_operation_that_is_throttled_for_good_is_not_known() {
    let demo = Demo::start(Faults::none()).expect("starts");
    let login = &demo.logins()[0];
    let known = facts(&live(&demo, login).await, |name| name == "audit_log").await;
    let asked = |operation: &str| FactKind::ALL.iter().any(|k| k.permission().operation == operation);
    let rules = PERMISSIONS.iter().filter(|p| asked(p.operation) && p.operation != "DescribeTable");
    let faults = rules.fold(Faults::none(), |faults, p| {
        faults.with(FaultRule::on_operation(p.operation, Fault::Throttle, When::Always))
    });
    demo.set_faults(faults);
    let left = facts(&live(&demo, login).await, |name| name == "audit_log").await;
    let (table, left) = &left[0];
    for ((id, before), (_, after)) in verdicts(table, &known[0].1).iter().zip(&verdicts(table, left)) {
        let unknown = matches!(after, Verdict::Unknown(missing) if !missing.is_empty());
        assert!(unknown || word(before) == word(after), "{id}: {before:?} became {after:?}");
    }
    let throttled = |kind: &&FactKind| matches!(left.gap(**kind), Some(Gap::Failed(f)) if f.kind == FailureKind::Throttled);
    let count = FactKind::ALL.iter().filter(throttled).count();
    assert!(count > 15, "only {count} facts were throttled");
}

/// A search of the event history to its end, without its pauses.
async fn searched(live: &Live) -> Search {
    let mut now: jiff::Timestamp = "2026-11-20T12:00:00Z".parse().expect("a time");
    let mut search = Search::new(now);
    loop {
        match search.turn(now) {
            Turn::Ask(lookup) => search.absorb(now, live.look_up(lookup).await),
            Turn::Rest(until) => now = until,
            Turn::Wait => panic!("nothing is under way"),
            Turn::Done => return search,
        }
    }
}

#[tokio::test]
async fn the_history_of_the_demo_is_read_whole() {
    let demo = Demo::start(Faults::none()).expect("starts");
    let search = searched(&live(&demo, &demo.logins()[0]).await).await;
    assert!(search.is_whole() && search.unread() == 0, "{:?}", search.ended());
    let told: Vec<String> = search
        .events()
        .iter()
        .map(|e| {
            let or = |text: Option<&str>| text.unwrap_or("-").to_owned();
            let into = or(e.into.as_ref().map(|t| t.as_str()));
            let error = or(e.error.as_ref().map(|t| t.as_str()));
            let day = e.at.strftime("%m-%d");
            format!("{day} {} {} {into} {error}", e.call.name, or(e.table.as_deref()))
        })
        .collect();
    let expected = [
        // Whose recovery point that is, the list of the table's tells, not the event.
        "11-17 StartCopyJob - arn:aws:backup:eu-west-1:777788889999:backup-vault:theirs -",
        "11-14 StartBackupJob tenants vault shop -",
        "11-02 ExportTableToPointInTime tenants bucket collector-landing of account 777788889999 -",
        "11-02 ExportTableToPointInTime - - AccessDenied",
        "10-13 PutResourcePolicy audit_log its stream -",
        "10-03 CreateBackup orders backup orders-before-migration -",
        "10-03 CreateBackup orders backup before␛[2J‹U+202E›noitargim ValidationException",
        "09-23 PutResourcePolicy tenants the table -",
        "09-13 EnableKinesisStreamingDestination audit_log arn:aws:kinesis:eu-west-1:111122223333:stream/audit-lake -",
        "09-03 PutResourcePolicy orders_staging_copy the table -",
        "09-01 RestoreTableToPointInTime orders table orders_staging_copy -",
    ];
    assert_eq!(told, expected);
    // Sixty updates of capacity are read and left out.
    assert_eq!(search.calls(), Search::LEAST as u64 + 1);
}

#[tokio::test]
async fn a_history_that_cannot_be_read_is_never_an_empty_one() {
    let demo = Demo::start(Faults::none()).expect("starts");
    let staging = demo.logins().iter().find(|l| l.name == "staging").expect("there");
    let search = searched(&live(&demo, staging).await).await;
    match search.ended() {
        Some(Gap::Denied(permission, _)) => assert_eq!(permission.action, "cloudtrail:LookupEvents"),
        other => panic!("{other:?}"),
    }
    for fault in [Fault::Deny, Fault::Truncate, Fault::Unsupported, Fault::EmptyBody, Fault::HangUp] {
        demo.set_faults(Faults::none().with(FaultRule::on_operation("LookupEvents", fault, When::Always)));
        let search = searched(&live(&demo, &demo.logins()[0]).await).await;
        assert!(search.ended().is_some() && !search.is_whole(), "{fault:?}");
    }
    // What is throttled for a while comes all the same.
    demo.set_faults(Faults::none().with(FaultRule::on_operation(
        "LookupEvents",
        Fault::Throttle,
        When::First(4),
    )));
    let search = searched(&live(&demo, &demo.logins()[0]).await).await;
    assert!(search.is_whole() && search.events().len() == 11, "{:?}", search.ended());
}
