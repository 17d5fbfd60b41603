//! A record of what was asked of AWS.

use crate::domain::{Rcu, Safe};

/// One call that was sent, or refused before it was sent: for the ledger on screen. Never any item data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The service, as the SDK names it.
    pub service: String,
    /// The operation.
    pub operation: String,
    /// The table it was about, by its name, where the request names one.
    pub table: Option<Safe>,
    /// The service's own name for the request, where an answer came: support asks for it.
    pub request_id: Option<Safe>,
    /// Read capacity units, where the answer says them.
    pub cost: Option<Rcu>,
    /// How it ended: `ok`, an error code, or `refused` by the guard.
    pub outcome: String,
    /// How many times it was sent.
    pub attempts: u32,
    /// From first byte to last, in milliseconds.
    pub millis: u64,
}

impl Call {
    /// Whether it went wrong. That there is no policy is an answer like any other.
    pub fn is_bad(&self) -> bool {
        !matches!(self.outcome.as_str(), "ok" | "PolicyNotFoundException")
    }
}
