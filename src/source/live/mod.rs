//! The live adapter: a real account, or any endpoint that speaks DynamoDB, through the AWS SDK.
//!
//! | file | what |
//! |---|---|
//! | `credentials` | settings in, a configured SDK out: profiles, Region, MFA |
//! | `endpoints` | where calls go instead of AWS |
//! | `wire` | the HTTP client under all of them: what goes where, and how long an answer may be |
//! | `client` | the one place where SDK clients are made |
//! | `guard` | the interceptor on each of them: refuses what is not a listed read |
//! | `listing` | a list of tables comes to an end |
//! | `facts` | one loader a kind of fact |
//! | `answer_cache` | what is asked once for all tables, and who is silent |
//! | `keys` `copies` `place` | those about keys, about where the data goes, and about the account and Region |
//! | `pages` | Scan, Query, GetItem; screened before they leave |
//! | `tap` | between the wire and the SDK: checksums, and the items of a Scan where they lie |
//! | `iam` | whose an access key is, and the users and roles of the account: on request |
//! | `analyzers` | IAM Access Analyzer and what it found |
//! | `usage` | how a table was read, from CloudWatch: billed, so only on request |
//! | `history` | who copied a table, in CloudTrail's event history |
//! | `streams` | records of streams, and who reads them |
//! | `attempts` | how often such a read is sent: again only while that is free |
//! | `required_fields` | an answer without a list is no empty list |
//! | `convert` | SDK types to ours |
//! | `errors` `codes` | what went wrong, in one sentence, with the next step |
//! | `login` | how the credentials were got and are renewed |

use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};
use std::time::Duration;

use aws_config::SdkConfig;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use tokio::sync::OnceCell;

use crate::detect::Detector;
use crate::domain::{
    AccessKeyAnswer, AccessKeyFacts, AccessKeyId, AccessKeyQuestion, Arn, FactKind, FactValue, Failure,
    FailureKind, Gap, Identity, LookedUp, Lookup, MfaCode, PageRequest, Scope, StreamPosition, StreamState,
    TableFacts, TableRef, Tailed, permission,
};
use crate::engine::Folded;
use crate::source::{Ledger, Page, Source, Tables};

mod analyzers;
mod answer_cache;
mod attempts;
mod backup_plans;
pub mod client;
mod codes;
mod convert;
mod copies;
pub mod credentials;
mod endpoints;
mod errors;
mod facts;
pub mod guard;
mod history;
mod iam;
mod keys;
mod listing;
mod login;
mod pages;
mod place;
mod required_fields;
mod streams;
mod tap;
mod usage;
pub mod wire;

pub use credentials::{Given, Lender, Settings};

use answer_cache::AnswerCache;
use client::Clients;
use credentials::AskMfa;
use errors::{Errors, nonsense};
use guard::{Allowed, Guard};
use listing::Listing;
use login::Login;

/// Tells the time: the shell's clock, or a test's.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// How long the first list of tables waits to learn the account.
const WAIT_FOR_ACCOUNT: Duration = Duration::from_secs(3);

/// A live account in one Region.
pub struct Live {
    /// What it was opened with, to sign in again.
    settings: Settings,
    ledger: Ledger,
    signed_in: RwLock<Arc<SignedIn>>,
    errors: Errors,
    detector: Arc<Detector>,
    clock: Clock,
    scope: Mutex<Arc<Scope>>,
    /// The scope that the first list of tables was made with. Every later one is made with it too, even if the
    /// account became known in between: a table must stay equal to itself.
    listed: OnceLock<Arc<Scope>>,
    listing: Mutex<Listing>,
}

/// One time of signing in: clients with those credentials, and whose they are.
struct SignedIn {
    clients: Arc<Clients>,
    identity: OnceCell<Identity>,
    kept: Arc<AnswerCache>,
}

impl SignedIn {
    fn new(config: &SdkConfig, ledger: &Ledger) -> Self {
        let guard = Guard::new(Allowed::Reads, Arc::clone(ledger));
        Self {
            clients: Arc::new(Clients::new(config, &guard)),
            identity: OnceCell::new(),
            kept: Arc::default(),
        }
    }
}

/// Opens an account: reads profiles, asks for an MFA code where one is needed, makes the clients.
///
/// Nothing is sent to AWS except AssumeRole where a profile asks for MFA. Whether the credentials are any
/// good shows at the first call, for instance [`Source::identity`].
///
/// # Errors
/// An unknown profile, no Region, unreadable profile files, a refused MFA code.
pub async fn open(
    mut settings: Settings,
    detector: Arc<Detector>,
    clock: Clock,
    ledger: Ledger,
) -> Result<Live, Failure> {
    let (ask, foreign) = (settings.mfa.take(), settings.on_foreign.take());
    let opened = credentials::resolve(&settings, ask, foreign.as_ref(), &ledger).await?;
    let scope = Arc::new(Scope {
        partition: partition(&opened.errors.region).to_owned(),
        account: String::new(),
        region: opened.errors.region.clone(),
        endpoint: opened.errors.endpoints.text(),
    });
    Ok(Live {
        settings,
        signed_in: RwLock::new(Arc::new(SignedIn::new(&opened.config, &ledger))),
        ledger,
        errors: opened.errors,
        detector,
        clock,
        scope: Mutex::new(scope),
        listed: OnceLock::new(),
        listing: Mutex::default(),
    })
}

/// Which partition a Region is in, by the beginning of its name (botocore, `partitions.json`).
pub fn partition(region: &str) -> &'static str {
    const BY_PREFIX: &[(&str, &str)] = &[
        ("cn-", "aws-cn"),
        ("us-gov-", "aws-us-gov"),
        ("us-iso-", "aws-iso"),
        ("us-isob-", "aws-iso-b"),
        ("eu-isoe-", "aws-iso-e"),
        ("us-isof-", "aws-iso-f"),
        ("eusc-", "aws-eusc"),
    ];
    BY_PREFIX.iter().find(|(prefix, _)| region.starts_with(prefix)).map_or("aws", |(_, partition)| partition)
}

impl Live {
    fn signed_in(&self) -> Arc<SignedIn> {
        Arc::clone(&self.signed_in.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The clients of the credentials in force.
    fn clients(&self) -> Arc<Clients> {
        Arc::clone(&self.signed_in().clients)
    }

    /// What is kept of the answers to them.
    fn kept(&self) -> Arc<AnswerCache> {
        Arc::clone(&self.signed_in().kept)
    }

    /// Gets credentials anew, as at the start: profiles are read again, roles with MFA are assumed with these codes.
    ///
    /// The old ones stay if the new ones are no good, or of another account: what is known is of the old one.
    async fn sign_in(&self, codes: Vec<MfaCode>) -> Result<(), Gap> {
        let ask = (!codes.is_empty()).then(|| -> AskMfa {
            let mut codes = codes.into_iter();
            Box::new(move |_| codes.next().map(|code| code.text().to_owned()))
        });
        let opened =
            credentials::resolve(&self.settings, ask, None, &self.ledger).await.map_err(Gap::Failed)?;
        let new = SignedIn::new(&opened.config, &self.ledger);
        let before = self.signed_in().identity.get().map(|i| i.account.clone());
        match (self.ask_who(&new.clients).await, before) {
            (Ok(now), Some(before)) if now.account != before => {
                return Err(errors::failed(
                    FailureKind::Invalid,
                    format!(
                        "The credentials are now of account {}, and what is shown is of {before}",
                        now.account
                    ),
                    "start dynaudit again to look at the other account",
                ));
            }
            (Err(gap), before) if before.is_some() || gap.is_of_credentials() => return Err(gap),
            _ => {}
        }
        *self.signed_in.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(new);
        Ok(())
    }

    async fn who(&self) -> Result<Identity, Gap> {
        let signed_in = self.signed_in();
        signed_in.identity.get_or_try_init(|| self.ask_who(&signed_in.clients)).await.cloned()
    }

    async fn ask_who(&self, clients: &Clients) -> Result<Identity, Gap> {
        let permission = permission("sts:GetCallerIdentity");
        let sent = clients.sts().get_caller_identity().send().await;
        let answer = sent.map_err(|e| self.errors.gap(&e, permission))?;
        let arn = answer.arn.ok_or_else(|| nonsense(permission, "Arn"))?;
        let account = answer.account.ok_or_else(|| nonsense(permission, "Account"))?;
        if account.len() != 12 || !account.bytes().all(|b| b.is_ascii_digit()) {
            return Err(nonsense(permission, "Account of twelve digits"));
        }
        let mut scope = self.scope.lock().unwrap_or_else(PoisonError::into_inner);
        let partition = Arn::parse(&arn).map_or_else(|| scope.partition.clone(), |a| a.partition);
        *scope = Arc::new(Scope { partition, account: account.clone(), ..Scope::clone(&scope) });
        Ok(Identity { account, arn })
    }

    async fn list(&self, after: Option<String>) -> Result<Tables, Gap> {
        let permission = permission("dynamodb:ListTables");
        // The account is part of a table's name to us. Without it tables are listed all the same; both are asked at
        // once, so that a list takes one round trip.
        let account = async {
            if after.is_none() {
                let _ = tokio::time::timeout(WAIT_FOR_ACCOUNT, self.who()).await;
            }
        };
        let clients = self.clients();
        let ask = clients.dynamodb().list_tables().set_exclusive_start_table_name(after.clone());
        let (answer, ()) = tokio::join!(ask.send(), account);
        let answer = answer.map_err(|e| self.errors.gap(&e, permission))?;
        let names = answer.table_names.ok_or_else(|| nonsense(permission, "TableNames"))?;
        let next = answer.last_evaluated_table_name;
        let mut listing = self.listing.lock().unwrap_or_else(PoisonError::into_inner);
        listing.step(after.as_deref(), names.len(), next.as_deref(), (self.clock)())?;
        let scope = self.listed.get_or_init(|| self.scope());
        Ok(Tables { tables: names.into_iter().map(|name| TableRef::new(scope, name)).collect(), next })
    }
}

impl Source for Live {
    fn scope(&self) -> Arc<Scope> {
        Arc::clone(&self.scope.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn identity(&self) -> BoxFuture<'_, Result<Identity, Gap>> {
        self.who().boxed()
    }

    fn devices(&self) -> Vec<String> {
        match &self.errors.login {
            Login::Mfa(devices) => devices.iter().map(|serial| errors::short(serial)).collect(),
            _ => Vec::new(),
        }
    }

    fn renew(&self, codes: Vec<MfaCode>) -> BoxFuture<'_, Result<(), Gap>> {
        self.sign_in(codes).boxed()
    }

    fn tables(&self, after: Option<String>) -> BoxFuture<'_, Result<Tables, Gap>> {
        self.list(after).boxed()
    }

    fn fact<'a>(
        &'a self,
        table: &'a TableRef,
        kind: FactKind,
        known: &'a TableFacts,
    ) -> BoxFuture<'a, Result<FactValue, Gap>> {
        facts::load(self, table, kind, known).boxed()
    }

    fn access_key<'a>(
        &'a self,
        id: &'a AccessKeyId,
        question: AccessKeyQuestion,
        known: &'a AccessKeyFacts,
    ) -> BoxFuture<'a, Result<AccessKeyAnswer, Gap>> {
        iam::access_key(self, id, question, known).boxed()
    }

    fn stream<'a>(&'a self, known: &'a TableFacts) -> BoxFuture<'a, Result<StreamState, Gap>> {
        streams::state(self, known).boxed()
    }

    fn tail<'a>(
        &'a self,
        table: &'a TableRef,
        position: Option<StreamPosition>,
        known: &'a TableFacts,
    ) -> BoxFuture<'a, Result<Tailed, Gap>> {
        streams::tail(self, table, position, known).boxed()
    }

    fn look_up(&self, lookup: Lookup) -> BoxFuture<'_, Result<LookedUp, Gap>> {
        history::look_up(self, lookup).boxed()
    }

    fn page<'a>(&'a self, request: PageRequest, known: &'a TableFacts) -> BoxFuture<'a, Result<Page, Gap>> {
        pages::load(self, request, known).boxed()
    }

    fn fold<'a>(&'a self, request: PageRequest, known: &'a TableFacts) -> BoxFuture<'a, Result<Folded, Gap>> {
        pages::fold(self, request, known).boxed()
    }

    fn ask_anew(&self) {
        self.kept().forget();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_are_in_their_partition() {
        for (region, expect) in [
            ("eu-west-1", "aws"),
            ("cn-north-1", "aws-cn"),
            ("us-gov-west-1", "aws-us-gov"),
            ("us-isob-east-1", "aws-iso-b"),
            ("us-iso-east-1", "aws-iso"),
        ] {
            assert_eq!(partition(region), expect, "{region}");
        }
    }
}
