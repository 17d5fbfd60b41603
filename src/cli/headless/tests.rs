//! The driver against made-up sources.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::domain::{
    AttributePath, AttributeValue, Confidence, Cursor, FactValue, Failure, FailureKind, Gap, Identity, Item,
    Page, PageRequest, Safe, Scope, Screened, SecretClass, Severity, Sighting, TableFacts, TimeToLive,
    Traits, permission,
};
use crate::report;
use crate::scan::Outcome;
use crate::source::Tables;

/// An account whose tables answer as their names say.
struct Fake {
    scope: Arc<Scope>,
    tables: Vec<&'static str>,
    list: Option<Gap>,
    asked: AtomicUsize,
}

fn fake(tables: &[&'static str]) -> Fake {
    let scope = Scope {
        partition: "aws".into(),
        account: "111122223333".into(),
        region: "eu-west-1".into(),
        endpoint: None,
    };
    Fake { scope: Arc::new(scope), tables: tables.to_vec(), list: None, asked: AtomicUsize::new(0) }
}

fn failed() -> Gap {
    Gap::Failed(Failure {
        kind: FailureKind::Service,
        message: "the service failed".into(),
        next: "run it again".into(),
    })
}

fn denied(action: &str) -> Gap {
    Gap::Denied(permission(action), "User: x is not authorized \u{1b}[2J".into())
}

fn secret() -> Sighting {
    Sighting {
        path: AttributePath::attribute("to\u{1b}ken"),
        span: 0..9,
        mask: 0..9,
        rule: "made-up".into(),
        title: "Made-up\u{1b} key".into(),
        severity: Severity::High,
        confidence: Confidence::High,
        reasons: vec!["a documented prefix".into()],
        masked: Safe::neutral("mk_••••"),
        fingerprint: "0011223344556677".into(),
        in_name: false,
        class: SecretClass::ApiKey,
        part: false,
        expires: None,
        item: None,
    }
}

impl Source for Fake {
    fn scope(&self) -> Arc<Scope> {
        Arc::clone(&self.scope)
    }

    fn identity(&self) -> BoxFuture<'_, Result<Identity, Gap>> {
        Box::pin(async {
            Ok(Identity { account: "111122223333".into(), arn: "arn:aws:iam::111122223333:user/x".into() })
        })
    }

    /// Two tables a page.
    fn tables(&self, after: Option<String>) -> BoxFuture<'_, Result<Tables, Gap>> {
        Box::pin(async move {
            if let Some(gap) = &self.list {
                return Err(gap.clone());
            }
            let from =
                after.map_or(0, |name| self.tables.iter().position(|t| *t == name).expect("listed") + 1);
            let page: Vec<_> = self.tables[from..].iter().take(2).collect();
            let more = from + page.len() < self.tables.len();
            Ok(Tables {
                next: page.last().filter(|_| more).map(|t| (**t).to_owned()),
                tables: page.into_iter().map(|t| TableRef::new(&self.scope, *t)).collect(),
            })
        })
    }

    fn fact<'a>(
        &'a self,
        table: &'a TableRef,
        kind: FactKind,
        _known: &'a TableFacts,
    ) -> BoxFuture<'a, Result<FactValue, Gap>> {
        Box::pin(async move {
            self.asked.fetch_add(1, Ordering::Relaxed);
            match (table.name.as_str(), kind) {
                ("broken", FactKind::Description) => Err(failed()),
                ("shy", FactKind::TimeToLive) => Err(denied("dynamodb:DescribeTimeToLive")),
                (_, FactKind::TimeToLive) => Ok(FactValue::TimeToLive(TimeToLive { attribute: None })),
                _ => Err(Gap::Unsupported),
            }
        })
    }

    fn page<'a>(&'a self, request: PageRequest, _known: &'a TableFacts) -> BoxFuture<'a, Result<Page, Gap>> {
        Box::pin(async move {
            let place = request.start.map_or(0, |cursor| match cursor.key().get("id") {
                Some(AttributeValue::N(n)) => n.parse().expect("ours"),
                _ => 0,
            });
            match request.table.name.as_str() {
                "locked" => return Err(denied("dynamodb:Scan")),
                "failing" => return Err(failed()),
                "hanging" => std::future::pending().await,
                _ => {}
            }
            let scanned = u64::from(request.limit.unwrap_or(100).min(100));
            let screened = || Screened::new(Item::default(), vec![secret()]);
            let clean = |n: u64| (0..n).map(|_| Screened::new(Item::default(), Vec::new()));
            let leaky = request.table.name.starts_with("leaky");
            let next =
                Cursor::new(Item::new(vec![("id".into(), AttributeValue::N((place + 1).to_string()))]));
            Ok(Page {
                items: match request.table.name.as_str() {
                    "withheld" => Vec::new(),
                    _ if leaky => std::iter::once(screened()).chain(clean(scanned - 1)).collect(),
                    _ => clean(scanned).collect(),
                },
                traits: Traits::default(),
                scanned,
                matched: scanned,
                cost: Some(Rcu::units(10)),
                next: (place < 4).then_some(next),
            })
        })
    }
}

fn plan(tables: &[&str]) -> Plan {
    Plan {
        tables: tables.iter().map(|t| (*t).to_owned()).collect(),
        items: Some(Depth::Sample(200)),
        budget: Some(Rcu::units(1000)),
        share: 10,
        ask: Vec::new(),
        restored: Vec::new(),
        share_of: None,
    }
}

fn drive(source: &Fake, plan: &Plan, stop: &Stop) -> Result<Run, Fail> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(audit(
        &[("", source as &dyn Source)],
        plan,
        &|| Timestamp::UNIX_EPOCH,
        stop,
        &mut |_| {},
        &mut |_| {},
    ))
}

fn run(source: &Fake, plan: &Plan) -> Result<Run, Fail> {
    drive(source, plan, &Stop::default())
}

/// What was not done, as it is said.
fn unfinished(run: &Run) -> Vec<&str> {
    run.unfinished().map(|u| u.said.as_str()).collect()
}

fn names(run: &Run) -> Vec<&str> {
    run.audit.tables().map(|t| t.table.name.as_str()).collect()
}

#[test]
fn every_page_of_the_list_counts_and_patterns_choose() {
    let source = fake(&["a1", "b1", "a2", "b2", "a3"]);
    assert_eq!(names(&run(&source, &plan(&[])).expect("runs")), ["a1", "a2", "a3", "b1", "b2"]);
    assert_eq!(names(&run(&source, &plan(&["a*", "b1"])).expect("runs")), ["a1", "a2", "a3", "b1"]);
}

#[test]
fn a_pattern_without_a_table_is_an_error_with_a_next_step() {
    let fail = run(&fake(&["a"]), &plan(&["a", "zz*"])).err().expect("refused");
    assert_eq!(fail.code(), 2);
    assert!(fail.to_string().contains("zz*"), "{fail}");
}

#[test]
fn a_denied_list_is_an_error_unless_every_table_is_named() {
    let mut source = fake(&[]);
    source.list = Some(denied("dynamodb:ListTables"));
    assert_eq!(run(&source, &plan(&[])).err().expect("refused").code(), 2);
    assert_eq!(run(&source, &plan(&["a*"])).err().expect("refused").code(), 2);
    assert_eq!(names(&run(&source, &plan(&["a"])).expect("runs")), ["a"]);
    source.list = Some(failed());
    assert_eq!(run(&source, &plan(&[])).err().expect("refused").code(), 3);
}

#[test]
fn one_of_several_that_cannot_be_listed_is_told_and_stops_no_other() {
    let (good, mut bad) = (fake(&["leaky"]), fake(&[]));
    bad.list = Some(failed());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let sources: [(&str, &dyn Source); 2] = [("good", &good), ("bad", &bad)];
    let clock = || Timestamp::UNIX_EPOCH;
    let run = runtime
        .block_on(audit(&sources, &plan(&[]), &clock, &Stop::default(), &mut |_| {}, &mut |_| {}))
        .expect("runs");
    assert_eq!(names(&run), ["leaky"]);
    assert_eq!(run.unfinished().map(|u| u.cause).collect::<Vec<_>>(), [Cause::AccountNotRead]);
}

#[test]
fn a_sample_ends_as_planned_and_finds() {
    let run = run(&fake(&["leaky", "clean"]), &plan(&[])).expect("runs");
    assert_eq!(unfinished(&run), Vec::<&str>::new());
    assert_eq!(run.spent, Rcu::units(40));
    let ended: Vec<_> = run.audit.tables().map(|t| (t.items, t.outcome.clone())).collect();
    assert_eq!(ended, [(200, Some(Outcome::Sampled)), (200, Some(Outcome::Sampled))]);
    assert_eq!(run.audit.findings(run.finished).iter().filter(|f| f.rule() == "made-up").count(), 1);
}

#[test]
fn the_budget_is_never_exceeded_and_its_end_is_as_planned() {
    let mut plan = plan(&[]);
    plan.items = Some(Depth::Full);
    plan.budget = Some(Rcu::units(150));
    let run = run(&fake(&["a", "b", "c"]), &plan).expect("runs");
    assert!(run.spent <= Rcu::units(150), "{}", run.spent);
    assert!(run.audit.tables().any(|t| t.outcome == Some(Outcome::OutOfBudget)));
    assert_eq!(unfinished(&run), Vec::<&str>::new());
}

#[test]
fn a_table_of_which_the_budget_let_nothing_be_read_is_not_complete() {
    let mut plan = plan(&[]);
    plan.budget = Some(Rcu::units(60));
    let run = run(&fake(&["a", "b", "c"]), &plan).expect("runs");
    // Each page costs 10, and one item 50 in the worst case: a and b are read, c is not.
    assert_eq!(run.spent, Rcu::units(20));
    assert_eq!(unfinished(&run).len(), 1);
    assert!(
        unfinished(&run)[0].starts_with("items of c: none was read within the budget"),
        "{:?}",
        unfinished(&run)
    );
    let json: serde_json::Value = serde_json::from_str(&report::json::scan(&run)).expect("JSON");
    assert_eq!(json["coverage"]["complete"], false);
    assert!(report::text::scan(&run).contains("because the budget was used up before an item was read"));
}

#[test]
fn unknown_verdicts_say_what_for() {
    let text = |tables: &[&'static str], items| {
        let mut plan = plan(&[]);
        plan.items = items;
        report::text::scan(&run(&fake(tables), &plan).expect("runs"))
    };
    let read = Some(Depth::Sample(200));
    assert!(text(&["locked"], read).contains("items may not be read"));
    assert!(text(&["failing"], read).contains("items could not be read"));
    assert!(text(&["clean"], None).contains("items were not to be read"));
    let clean = text(&["clean"], read);
    assert!(clean.contains("the endpoint does not offer a setting") && !clean.contains("items could not"));
    assert!(clean.contains("COVERAGE  1 table, 200 items read"), "{clean}");
}

#[test]
fn what_did_not_finish_is_told_and_a_denied_setting_is_a_gap() {
    for (table, told) in [
        ("shy", None),
        ("clean", None),
        ("broken", Some("description of broken: the service failed")),
        ("failing", Some("items of failing: the service failed")),
        ("locked", Some("items of locked: needs dynamodb:Scan")),
    ] {
        let run = run(&fake(&[table]), &plan(&[])).expect("runs");
        match told {
            None => assert_eq!(unfinished(&run), Vec::<&str>::new(), "{table}"),
            Some(words) => {
                assert_eq!(unfinished(&run).len(), 1, "{:?}", unfinished(&run));
                assert!(unfinished(&run)[0].starts_with(words), "{:?}", unfinished(&run));
            }
        }
    }
}

#[test]
fn without_items_no_page_is_asked_for() {
    let mut plan = plan(&[]);
    plan.items = None;
    let run = run(&fake(&["locked", "failing"]), &plan).expect("runs");
    assert_eq!((run.spent, unfinished(&run).len()), (Rcu::ZERO, 0));
}

#[test]
fn an_interrupted_audit_keeps_what_was_found() {
    let stop = Stop::default();
    let source = fake(&["hanging", "leaky"]);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let run = runtime.block_on(audit(
        &[("", &source as &dyn Source)],
        &plan(&[]),
        &|| Timestamp::UNIX_EPOCH,
        &stop,
        &mut |p| {
            // The only thing left is the page that never comes.
            if p.done == 1 && p.phase == Phase::Items {
                stop.because(Cause::Interrupted, "it was ended by SIGTERM");
            }
        },
        &mut |_| {},
    ));
    let run = run.expect("runs");
    assert_eq!(unfinished(&run), ["it was ended by SIGTERM when 1 of 2 tables were read as far as planned"]);
    assert!(report::text::scan(&run).contains("stopped: interrupted"));
    assert!(run.audit.findings(run.finished).iter().any(|f| f.rule() == "made-up"));
    // The lost answer counts at its worst case.
    assert_eq!(run.spent, Rcu::units(20) + Rcu::PAGE);
}

#[test]
fn whatever_ends_a_run_leaves_a_report_of_what_was_read() {
    // It ends when this is reached.
    let check = |at: &dyn Fn(&Progress) -> bool, told: &str, facts: bool| {
        let stop = Stop::default();
        let source = fake(&["leaky", "clean"]);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let run = runtime.block_on(audit(
            &[("", &source as &dyn Source)],
            &plan(&[]),
            &|| Timestamp::UNIX_EPOCH,
            &stop,
            &mut |p| {
                if at(p) {
                    stop.because(Cause::OutOfTime, "--max-time 1s ran out");
                }
            },
            &mut |_| {},
        ));
        let run = run.expect("a report");
        let said = format!("--max-time 1s ran out {told}");
        assert!(
            matches!(unfinished(&run).as_slice(), [one] if one.starts_with(&said)),
            "{:?}",
            unfinished(&run)
        );
        let known = run.audit.tables().any(|t| t.facts.time_to_live.known().is_some());
        assert_eq!(known, facts, "{told}");
        let json: serde_json::Value = serde_json::from_str(&report::json::scan(&run)).expect("JSON");
        assert_eq!(json["coverage"]["complete"], false);
        assert_eq!(json["coverage"]["unseen"][0]["cause"], "out-of-time");
    };
    check(&|p| p.phase == Phase::Listing, "before the tables were listed", false);
    check(&|p| p.phase == Phase::Settings && p.done * 2 > p.of, "when the settings of ", true);
    check(&|p| p.phase == Phase::Items, "when 0 of 2 tables were read as far as planned", true);
}

#[test]
fn a_region_without_tables_is_said_and_is_complete() {
    let run = run(&fake(&[]), &plan(&[])).expect("runs");
    assert!(run.is_complete());
    let said = "no tables in eu-west-1 of account 111122223333";
    assert!(report::text::scan(&run).contains(said));
    let json: serde_json::Value = serde_json::from_str(&report::json::scan(&run)).expect("JSON");
    assert_eq!(json["coverage"]["unseen"][0]["cause"], "no-tables");
    assert_eq!(json["coverage"]["unseen"][0]["message"], said);
    assert_eq!(json["coverage"]["complete"], true);
}

#[test]
fn items_that_were_counted_and_not_sent_are_not_inspected() {
    let run = run(&fake(&["withheld"]), &plan(&[])).expect("runs");
    assert_eq!(run.unfinished().map(|u| u.cause).collect::<Vec<_>>(), [Cause::ItemsNotInspected]);
}

#[test]
fn reports_neutralise_what_tables_and_services_say() {
    let run = run(&fake(&["leaky", "shy", "locked"]), &plan(&[])).expect("runs");
    for text in [report::text::scan(&run), report::json::scan(&run)] {
        assert!(!text.contains('\u{1b}'), "{text}");
        for words in
            ["Made-up␛ key", "mk_••••", "0011223344556677", "dynamodb:DescribeTimeToLive", "dynamodb:Scan"]
        {
            assert!(text.contains(words), "{words} is not in {text}");
        }
    }
    let json: serde_json::Value = serde_json::from_str(&report::json::scan(&run)).expect("JSON");
    assert_eq!(json["schema"], "dynaudit.scan/2");
    assert_eq!(json["coverage"]["complete"], false);
    assert_eq!(json["coverage"]["tables"][0]["table"], "leaky");
}

#[test]
fn a_finding_links_its_rotation_and_the_next_step_names_the_keys() {
    let source = fake(&["leaky"]);
    let mut run = run(&source, &plan(&[])).expect("runs");
    let mut known = secret();
    known.rule = "stripe-secret-key".into();
    let table = TableRef::new(&source.scope, "leaky");
    run.audit.absorb(AuditEvent::Items {
        segment: None,
        table,
        items: 1,
        traits: Traits::default(),
        uninspected: crate::domain::Uninspected::default(),
        cost: Rcu::ZERO,
        sightings: vec![known],
    });
    run.interface = Some(String::from("dynaudit --profile p"));
    let rule = crate::detect::about("stripe-secret-key").expect("embedded");
    let text = report::text::scan(&run);
    for words in [&rule.rotate, &rule.why, "Open `dynaudit --profile p`; press A", "F for the findings"] {
        assert!(text.contains(words), "{words} is not in {text}");
    }
    let json: serde_json::Value = serde_json::from_str(&report::json::scan(&run)).expect("JSON");
    for finding in json["findings"].as_array().expect("a list").iter().filter(|f| f["kind"] == "secret") {
        let known = finding["rule"] == "stripe-secret-key";
        assert_eq!(
            finding["rotate"],
            if known { rule.rotate.as_str().into() } else { serde_json::Value::Null }
        );
    }
}

#[test]
fn an_unknown_account_is_said_once() {
    let mut run = run(&fake(&["clean"]), &plan(&[])).expect("runs");
    assert!(report::text::scan(&run).starts_with("dynaudit: account 111122223333 eu-west-1\n"));
    run.places[0].scope.account.clear();
    assert!(report::text::scan(&run).starts_with("dynaudit: account unknown eu-west-1\n"));
}
