//! An account to read.

use std::sync::Arc;

use super::args::Account;
use super::fail::Fail;
use crate::detect::Detector;
use crate::source::Source;

/// A source and its clock.
pub struct Connection {
    /// The account and Region.
    pub source: Box<dyn Source>,
    /// The time.
    pub clock: Arc<dyn Fn() -> jiff::Timestamp + Send + Sync>,
}

/// Opens the account that the command line names.
pub async fn connect(_demo: bool, _account: &Account, _detector: Arc<Detector>) -> Result<Connection, Fail> {
    Err(Fail::usage("this build has no live adapter", "use `dynaudit inspect`"))
}
