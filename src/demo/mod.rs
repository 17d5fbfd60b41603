//! The embedded account: an endpoint on loopback, and made-up credentials for it.
//!
//! Nothing here is an adapter. The program reaches the account through the SDK, over HTTP, as it reaches AWS,
//! so what a person sees in the demo is the code that runs against AWS.
//!
//! # Layout
//!
//! | file | what lives there |
//! |---|---|
//! | `account` | what exists: places, tables, keys, identities. Data |
//! | `items` | what is in the tables, from `row` (values and their marks), `secret`, `session`, `random` |
//! | `answers` | what each service says about it. Pure |
//! | `engine` | Scan, Query and GetItem, by the embedded DynamoDB. The only file that knows it |
//! | `fault` | what is to go wrong, as data |
//! | `front` | the server: who asks for what, faults, answers |
//!
//! Nobody can change the account: a write is written down (see [`Demo::requests`]) and denied.

mod account;
mod answers;
mod cbor;
mod engine;
mod fault;
mod front;
mod items;
mod managed;
mod people;
mod random;
mod row;
mod secret;
mod session;
#[cfg(test)]
mod tests;

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::JoinHandle;

use jiff::Timestamp;
use tokio::sync::oneshot;

use crate::domain::AttributePath;
use account::{IDENTITIES, PLACES};
pub use fault::{FAULTS, Fault, FaultRule, Faults, When};

/// When the demo takes place: 2026-11-22T09:00:00Z. Every time in the account is relative to it.
pub const CLOCK: Timestamp = Timestamp::constant(1_795_338_000, 0);

/// Credentials for one account in one Region of the demo. They are explicit: never look any up elsewhere.
#[derive(Clone)]
pub struct Login {
    /// A short name, `production` or `staging`.
    pub name: &'static str,
    /// Twelve digits.
    pub account: &'static str,
    /// For instance `eu-west-1`.
    pub region: &'static str,
    /// The ARN that `sts:GetCallerIdentity` tells.
    pub arn: &'static str,
    /// The access key id.
    pub access_key: &'static str,
    /// The secret access key.
    pub secret_key: &'static str,
    /// The session token.
    pub session_token: &'static str,
}

/// A request that reached the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// `dynamodb`, `kms`, `sts`, or what the request was signed for.
    pub service: String,
    /// For instance `Scan`.
    pub operation: String,
    /// The caller's account; `None` when the credentials are unknown.
    pub account: Option<String>,
    /// The Region it was signed for.
    pub region: String,
    /// The table it is about.
    pub table: Option<String>,
    /// Whether it is anything but a read. None of these is ever carried out.
    pub write: bool,
}

/// A seeded secret, for the tests that look for leaks. No Debug.
pub struct Planted {
    /// Its clear text.
    pub value: String,
    /// How many leading characters a mask may show: the documented prefix of its format.
    pub prefix_allowed: usize,
    /// The account it is in.
    pub account: &'static str,
    /// The Region.
    pub region: &'static str,
    /// The table.
    pub table: &'static str,
    /// The stored attribute that holds it, perhaps inside more text or an encoding.
    pub path: AttributePath,
}

/// Every seeded secret, table by table. Generates all items; meant for tests.
pub fn planted() -> Vec<Planted> {
    let mut all = Vec::new();
    for place in PLACES {
        for table in place.tables {
            let secrets = (table.items)().iter().flat_map(row::secrets).collect::<Vec<_>>();
            all.extend(secrets.into_iter().map(|(path, secret)| Planted {
                value: secret.value,
                prefix_allowed: secret.prefix,
                account: place.account,
                region: place.region,
                table: table.name,
                path,
            }));
        }
    }
    all
}

/// The running account. Ends when dropped.
pub struct Demo {
    address: SocketAddr,
    logins: Vec<Login>,
    state: Arc<front::State>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Demo {
    /// Starts the account on a free port of 127.0.0.1. It answers when this returns; the items follow in the
    /// background, and a Scan of a table that has none yet waits for them.
    ///
    /// # Errors
    /// When there is no loopback address or no thread to be had.
    pub fn start(faults: Faults) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let state = Arc::new(front::State::new(faults));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (stop, stopped) = oneshot::channel();
        let shared = Arc::clone(&state);
        let thread = std::thread::Builder::new().name("demo".into()).spawn(move || {
            runtime.block_on(async {
                if let Ok(listener) = tokio::net::TcpListener::from_std(listener) {
                    tokio::select! {
                        () = front::serve(listener, shared) => {}
                        // An error says that the Demo is gone, which is as good.
                        _ = stopped => {}
                    }
                }
            });
            // A scan that is still running must not hold up whoever drops the Demo.
            runtime.shutdown_background();
        })?;
        let seeder = Arc::clone(&state);
        std::thread::Builder::new().name("demo-seed".into()).spawn(move || seeder.seed())?;
        Ok(Self { address, logins: logins(), state, stop: Some(stop), thread: Some(thread) })
    }

    /// Where every service answers.
    pub fn endpoint_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// One for each account and Region with tables; the first is the default, production in eu-west-1.
    pub fn logins(&self) -> &[Login] {
        &self.logins
    }

    /// What reached the account so far, in order.
    pub fn requests(&self) -> Vec<Request> {
        self.state.requests()
    }

    /// Replaces the faults; counting starts anew.
    pub fn set_faults(&self, faults: Faults) {
        self.state.set_faults(faults);
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        self.state.stopped.store(true, Ordering::Relaxed);
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // Its panic, if any, was reported when it happened.
            let _ = thread.join();
        }
    }
}

fn logins() -> Vec<Login> {
    let login = |place: &account::Place| {
        let identity = IDENTITIES.iter().find(|identity| identity.account == place.account)?;
        Some(Login {
            name: identity.name,
            account: place.account,
            region: place.region,
            arn: identity.arn,
            access_key: identity.access_key,
            secret_key: identity.secret_key,
            session_token: identity.session_token,
        })
    };
    PLACES.iter().filter_map(login).collect()
}
