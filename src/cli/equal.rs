//! From equal answers, the terminal interface and `scan` make equal findings: one account is read by both.

use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::mpsc::unbounded_channel;

use super::connect::{Connection, Which, connect};
use super::{Plan, Stop, audit};
use crate::audit::groups;
use crate::detect::{Detector, FingerprintKey};
use crate::domain::{FactKind, Finding, Rcu, Severity};
use crate::scan::Depth;
use crate::shell::Requests;
use crate::source::Source;
use crate::tui::{Action, Effect, Model, Msg, Options, plain, update};

/// Items of each table: what the interface samples.
const SAMPLE: u32 = 200;

/// Maximum number of causes that the queue of the demo shows.
const QUEUE: usize = 35;

/// More than everything costs.
const BUDGET: u64 = 100_000;

/// What the interface has found once a person had all places in one list audited.
async fn in_terminal(connection: &Connection) -> (Vec<Finding>, Timestamp) {
    let Connection { sources, clock, .. } = connection;
    let scopes = sources.iter().map(|s| s.scope()).collect();
    let options = Options { budget: Rcu::units(BUDGET), ..Options::default() };
    let mut model = Model::new(scopes, options, (80, 24), clock());
    let (send, mut receive) = unbounded_channel();
    let mut requests = Requests::new(sources.clone(), send.clone());
    let mut todo = vec![Msg::Run(Action::Audit), Msg::Run(Action::Combine), Msg::Start];
    loop {
        let msg = match receive.try_recv() {
            Ok(msg) => Some(msg),
            // A step of the person's comes when all before it is done.
            Err(_) if plain::is_idle(&model) => todo.pop(),
            Err(_) => tokio::time::timeout(std::time::Duration::from_millis(50), receive.recv())
                .await
                .map_or(Some(Msg::Wake), |msg| msg),
        };
        let Some(msg) = msg else { break };
        for effect in update(&mut model, clock(), msg) {
            match effect {
                Effect::Ask(place, id, ask) => requests.ask(place.0, id, ask),
                Effect::Cancel(id) => requests.cancel(id),
                _ => {}
            }
        }
    }
    let now = clock();
    model.shared.engine.judge(now);
    (model.shared.engine.findings().all().to_vec(), now)
}

#[test]
fn the_terminal_and_scan_find_the_same() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let detector = Arc::new(Detector::new(FingerprintKey::new(b"a fixed key for tests")));
        let connection = connect(Which::Embedded(&[]), detector, Arc::new(|_| ())).await.expect("it starts");
        let (seen, now) = in_terminal(&connection).await;
        // What is kept of answers for the one is not the other's.
        connection.sources.iter().for_each(|source| source.ask_anew());
        let all: Vec<(&str, &dyn Source)> = connection.sources.iter().map(|s| ("", &**s)).collect();
        assert!(all.len() > 1, "both accounts");
        let plan = Plan {
            tables: Vec::new(),
            items: Some(Depth::Sample(SAMPLE)),
            budget: Some(Rcu::units(BUDGET)),
            share: 10,
            ask: vec![FactKind::Account],
            restored: Vec::new(),
            share_of: None,
        };
        let clock = Arc::clone(&connection.clock);
        let run =
            audit(&all, &plan, &|| clock(), &Stop::default(), &mut |_| {}, &mut |_| {}).await.expect("a run");
        let scanned = run.audit.findings(now);
        assert!(scanned.len() > 100, "{} findings", scanned.len());
        for (terminal, scan) in seen.iter().zip(&scanned) {
            assert_eq!(terminal, scan);
        }
        assert_eq!(seen.len(), scanned.len());
        // One cause, one row: the queue of all places is not longer than that, and nothing of it is lost.
        let causes = groups(&run.audit, &scanned, run.audit.tables().count());
        let shown = causes.iter().filter(|cause| cause.worst >= Severity::Medium).count();
        assert!(shown <= QUEUE, "{shown} causes");
        let mut told: Vec<usize> = causes.iter().flat_map(|cause| cause.members.clone()).collect();
        told.sort_unstable();
        assert!(told.into_iter().eq(0..scanned.len()), "each finding is in one cause");
    });
}
