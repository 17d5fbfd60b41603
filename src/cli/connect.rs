//! An account to read: a live one, or the embedded one, which is reached like a live one.

use std::sync::Arc;

use super::args::Account;
use super::fail::Fail;
use crate::detect::Detector;
use crate::domain::{Failure, Scope};
use crate::source::live::{self, Clock, Settings};
use crate::source::{Call, Ledger, Source};

/// The accounts and Regions, the time there, and what has to live as long as they do.
pub struct Connection {
    /// One source for each; the first is the one that was asked for.
    pub sources: Vec<Arc<dyn Source>>,
    /// What each of them is called by whoever opens it: its profile, or its name in a file; empty where it has none.
    pub names: Vec<String>,
    /// Those that could not be opened, while others could.
    pub failed: Vec<NotOpened>,
    /// The time; the demo has its own.
    pub clock: Clock,
    #[cfg(feature = "demo")]
    _demo: Option<crate::demo::Demo>,
}

/// An account and Region that could not be opened.
pub struct NotOpened {
    /// What it is called.
    pub name: String,
    /// As far as it is known.
    pub scope: Scope,
    /// Why.
    pub why: Failure,
}

impl Connection {
    /// To nothing yet.
    pub(super) fn new(clock: Clock) -> Self {
        Self {
            sources: Vec::new(),
            names: Vec::new(),
            failed: Vec::new(),
            clock,
            #[cfg(feature = "demo")]
            _demo: None,
        }
    }
}

/// How an account is opened.
pub(super) fn settings(account: &Account) -> Settings {
    Settings {
        profile: account.profile.clone(),
        region: account.region.clone(),
        endpoint_url: account.endpoint_url.clone(),
        allow_http: account.allow_http,
        on_foreign: Some(Box::new(|said| super::output::complain(&format!("dynaudit: {said}")))),
        mfa: Some(Box::new(ask_mfa)),
        ..Settings::default()
    }
}

/// What is opened.
#[derive(Clone, Copy)]
pub enum Which<'a> {
    /// The embedded account, with these faults instead of its usual ones, if any are named.
    Embedded(&'a [String]),
    /// Live accounts.
    Live(&'a [Account]),
}

/// Opens the accounts and Regions that the command line names. Of several, one that cannot be opened does not stop the
/// others.
///
/// # Errors
/// When none can be opened.
pub async fn connect(to: Which<'_>, detector: Arc<Detector>, ledger: Ledger) -> Result<Connection, Fail> {
    let accounts = match to {
        Which::Embedded(faults) => return embedded(faults, detector, ledger).await,
        Which::Live(accounts) => accounts,
    };
    let mut connection = Connection::new(Arc::new(jiff::Timestamp::now));
    for account in accounts {
        let clock = Arc::clone(&connection.clock);
        let name = account.profile.clone().unwrap_or_default();
        match live::open(settings(account), Arc::clone(&detector), clock, Arc::clone(&ledger)).await {
            Ok(source) => {
                connection.sources.push(Arc::new(source));
                connection.names.push(name);
            }
            Err(why) => {
                let region = account.region.clone().unwrap_or_default();
                let partition = live::partition(&region).to_owned();
                let scope = Scope { partition, account: String::new(), region, endpoint: None };
                connection.failed.push(NotOpened { name, scope, why });
            }
        }
    }
    opened(connection)
}

/// The connection, unless there is nothing to it.
pub(super) fn opened(mut connection: Connection) -> Result<Connection, Fail> {
    match connection.failed.first() {
        Some(_) if connection.sources.is_empty() => Err(connection.failed.remove(0).why.into()),
        _ => Ok(connection),
    }
}

#[cfg(feature = "demo")]
async fn embedded(faults: &[String], detector: Arc<Detector>, ledger: Ledger) -> Result<Connection, Fail> {
    use crate::demo::{CLOCK, Demo, FaultRule, Faults};
    let rules: Result<Vec<FaultRule>, String> = faults.iter().map(|fault| FaultRule::parse(fault)).collect();
    let rules =
        rules.map_err(|why| Fail::usage(format!("--fault: {why}"), "for instance --fault throttle=0.2"))?;
    let faults = if rules.is_empty() { Faults::default() } else { Faults { rules } };
    let demo = Demo::start(faults).map_err(|e| {
        Fail::usage(format!("the embedded account cannot start: {e}"), "it needs a port on 127.0.0.1")
    })?;
    let began = std::time::Instant::now();
    let clock: Clock =
        Arc::new(move || CLOCK + jiff::SignedDuration::try_from(began.elapsed()).unwrap_or_default());
    let mut connection = Connection::new(Arc::clone(&clock));
    for login in demo.logins() {
        let settings = Settings {
            region: Some(login.region.to_owned()),
            endpoint_url: Some(demo.endpoint_url()),
            // Explicit: never fall through to a real profile.
            credentials: Some(live::Given {
                access_key_id: login.access_key.to_owned(),
                secret_access_key: login.secret_key.to_owned(),
                session_token: Some(login.session_token.to_owned()),
            }),
            ..Settings::default()
        };
        let source =
            live::open(settings, Arc::clone(&detector), Arc::clone(&clock), Arc::clone(&ledger)).await?;
        connection.sources.push(Arc::new(source));
        connection.names.push(String::new());
    }
    connection._demo = Some(demo);
    Ok(connection)
}

#[cfg(not(feature = "demo"))]
async fn embedded(_faults: &[String], _detector: Arc<Detector>, _ledger: Ledger) -> Result<Connection, Fail> {
    Err(Fail::usage("this build has no embedded account", "build it with the feature `demo`"))
}

/// Calls go to the log, where one is kept.
pub fn to_log(call: &Call) {
    tracing::debug!(
        service = call.service,
        operation = call.operation,
        outcome = call.outcome,
        attempts = call.attempts,
        millis = call.millis,
        "call"
    );
}

/// Asks on stderr, so that stdout stays a report.
fn ask_mfa(serial: &str) -> Option<String> {
    use std::io::IsTerminal;
    if !std::io::stdin().is_terminal() {
        return None;
    }
    super::output::complain(&format!("MFA code for {}:", crate::domain::Safe::neutral(serial)));
    let mut code = String::new();
    std::io::stdin().read_line(&mut code).ok()?;
    let code = code.trim();
    (!code.is_empty()).then(|| code.to_owned())
}

#[cfg(all(test, feature = "demo"))]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::demo::planted;
    use crate::detect::FingerprintKey;
    use crate::domain::{PageRequest, Read, TableFacts};

    /// Whatever is planted in the demo is masked, even where nothing is sure enough to be reported.
    #[test]
    fn every_planted_secret_is_masked() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let shown: BTreeMap<(String, String), String> = runtime.block_on(async {
            let detector = Arc::new(Detector::new(FingerprintKey::new(b"a fixed key for tests")));
            let demo = connect(Which::Embedded(&[]), detector, Arc::new(|_| ())).await.expect("it starts");
            let mut shown = BTreeMap::new();
            for source in &demo.sources {
                source.identity().await.expect("known");
                for table in source.tables(None).await.expect("listed").tables {
                    let mut text = String::new();
                    let mut start = None;
                    loop {
                        let (limit, index) = (None, None);
                        let (table, read, counts) = (table.clone(), Read::Scan, false);
                        let request = PageRequest { table, index, read, limit, start, counts, segment: None };
                        // Some tables of the demo are denied.
                        let Ok(page) = source.page(request, &TableFacts::default()).await else { break };
                        for item in &page.items {
                            for node in item.tree(100_000, false) {
                                text.push_str(&format!("{} {}\n", node.name, node.value));
                            }
                        }
                        start = page.next;
                        if start.is_none() {
                            break;
                        }
                    }
                    shown.insert(
                        (source.scope().region.clone() + &source.scope().account, table.name.clone()),
                        text,
                    );
                }
            }
            shown
        });
        let (mut read, mut clear) = (0, BTreeSet::new());
        for secret in planted() {
            let Some(text) =
                shown.get(&(format!("{}{}", secret.region, secret.account), secret.table.to_owned()))
            else {
                continue;
            };
            read += usize::from(!text.is_empty());
            // A line break would be shown as a mark.
            let longest = secret.value.lines().max_by_key(|l| l.len()).unwrap_or_default();
            if text.contains(longest) {
                clear.insert(format!("{} in {}", secret.path.general(), secret.table));
            }
        }
        assert!(read > 100, "{read} planted secrets are in tables that could be read");
        assert!(clear.is_empty(), "shown in clear: {clear:#?}");
    }
}
