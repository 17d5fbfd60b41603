//! The way of a page from the wire to the audit: what is read in place is what the SDK reads, and nothing damaged passes.

use std::sync::Arc;

use dynaudit::demo::{Demo, Fault, FaultRule, Faults, When};
use dynaudit::detect::{Detector, FingerprintKey};
use dynaudit::domain::{FactKind, PageRequest, Read, TableFacts, TableRef};
use dynaudit::engine::Folded;
use dynaudit::source::Source;
use dynaudit::source::live::{Given, Live, Settings, open};

async fn opened(demo: &Demo, login: usize) -> Live {
    let login = &demo.logins()[login];
    let settings = Settings {
        region: Some(login.region.into()),
        endpoint_url: Some(demo.endpoint_url()),
        credentials: Some(Given {
            access_key_id: login.access_key.into(),
            secret_access_key: login.secret_key.into(),
            session_token: Some(login.session_token.into()),
        }),
        ..Settings::default()
    };
    let detector = Arc::new(Detector::new(FingerprintKey::new(b"a key for tests")));
    let clock = Arc::new(|| dynaudit::demo::CLOCK);
    open(settings, detector, clock, Arc::new(|_| {})).await.expect("opens")
}

fn page(table: &TableRef) -> PageRequest {
    let table = table.clone();
    PageRequest {
        table,
        index: None,
        read: Read::Scan,
        limit: Some(17),
        start: None,
        counts: false,
        segment: None,
    }
}

/// What is known of a table before its items are read.
async fn facts(source: &Live, table: &TableRef) -> TableFacts {
    let mut facts = TableFacts::default();
    for kind in [FactKind::Description, FactKind::TimeToLive] {
        if let Ok(value) = source.fact(table, kind, &facts.clone()).await {
            facts.learn(value, dynaudit::demo::CLOCK);
        }
    }
    facts
}

/// Browsing builds items out of the SDK's, an audit reads them in place: both see the same, page after page.
#[tokio::test]
async fn a_folded_page_is_the_page_folded() {
    let demo = Demo::start(Faults::none()).expect("starts");
    let (mut pages, mut seen) = (0, 0);
    for login in 0..demo.logins().len() {
        let source = opened(&demo, login).await;
        for table in source.tables(None).await.expect("a list").tables {
            let facts = facts(&source, &table).await;
            let mut request = page(&table);
            loop {
                let Ok(slow) = source.page(request.clone(), &facts).await else { break };
                let slow = Folded::of(&slow);
                let quick = source.fold(request.clone(), &facts).await.expect("the same");
                let what = &table.name;
                assert_eq!((slow.items, slow.given), (quick.items, quick.given), "{what}");
                assert_eq!(slow.uninspected, quick.uninspected, "{what}");
                assert_eq!(slow.traits, quick.traits, "{what}");
                assert_eq!(slow.sightings, quick.sightings, "{what}");
                assert_eq!(slow.cost, quick.cost, "{what}");
                assert!(slow.next == quick.next, "{what}: another place to go on");
                (pages, seen) = (pages + 1, seen + quick.sightings.len());
                match quick.next {
                    Some(next) => request.start = Some(next),
                    None => break,
                }
            }
        }
    }
    assert!(pages > 40 && seen > 500, "{pages} pages, {seen} sightings");
}

/// What is not what was sent is no answer, neither for an audit nor for whoever looks.
#[tokio::test]
async fn a_damaged_page_is_no_page() {
    for (fault, says) in [
        (Fault::WrongChecksum, "its checksum is not that of its bytes"),
        (Fault::Truncate, "without an end"),
        (Fault::EmptyBody, "an object is missing"),
        (Fault::NullMembers, "Items"),
    ] {
        let demo = Demo::start(Faults::none()).expect("starts");
        let source = opened(&demo, 0).await;
        let tables = source.tables(None).await.expect("a list").tables;
        let table = tables.iter().find(|t| t.name == "orders").expect("it is there");
        let facts = facts(&source, table).await;
        demo.set_faults(Faults::none().with(FaultRule::on_operation("Scan", fault, When::Always)));
        let folded = source.fold(page(table), &facts).await.err().expect("no answer").to_string();
        assert!(folded.contains(says), "{fault:?}: {folded}");
        assert!(source.page(page(table), &facts).await.is_err(), "{fault:?}");
    }
}
