//! A record of what was asked of AWS.

/// One call that was sent, or refused before it was sent: for the ledger on screen. Never any item data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The service, as the SDK names it.
    pub service: String,
    /// The operation.
    pub operation: String,
    /// How it ended: `ok`, an error code, or `refused` by the guard.
    pub outcome: String,
    /// How many times it was sent.
    pub attempts: u32,
    /// From first byte to last, in milliseconds.
    pub millis: u64,
}
