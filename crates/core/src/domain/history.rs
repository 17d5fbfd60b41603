//! Calls that copied a table or opened it to others, as CloudTrail's event history tells them.
//!
//! The history holds management events of one account and Region for 90 days and needs no trail (CloudTrail User
//! Guide, "Working with CloudTrail event history"). Reads of items are data events: it never has them.

use jiff::Timestamp;

use crate::domain::Safe;

/// How far back the history reaches, in days.
pub const HISTORY_DAYS: u16 = 90;

/// A kind of call that is looked for.
#[derive(Debug, PartialEq, Eq)]
pub struct CopyCall {
    /// The event's name.
    pub name: &'static str,
    /// The event's source. Other services have events of the same name.
    pub service: &'static str,
    /// What it did, after the caller's name.
    pub did: &'static str,
}

macro_rules! copy_calls {
    ($($service:literal: $($name:literal $did:literal)+;)+) => {
        /// Every kind of call that is looked for, in the order of asking: what copies a table as it is, then what
        /// hands on its changes or grants others access.
        pub static COPY_CALLS: &[CopyCall] =
            &[$($(CopyCall { name: $name, service: $service, did: $did }),+),+];
    };
}

copy_calls! {
    "dynamodb.amazonaws.com":
        "ExportTableToPointInTime" "exported it to"
        "RestoreTableToPointInTime" "restored a state of it into"
        "RestoreTableFromBackup" "restored a backup of it into"
        "CreateBackup" "backed it up as"
        "PutResourcePolicy" "set the policy of"
        "EnableKinesisStreamingDestination" "sent its changes to"
        "UpdateTable" "switched on"
        ;
    "backup.amazonaws.com":
        "StartBackupJob" "backed it up into"
        "StartCopyJob" "copied a backup of it into"
        "StartRestoreJob" "restored a backup of it"
        ;
}

/// One call of the history. Its texts come from whoever made the call: they are cut and neutralised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyEvent {
    /// When.
    pub at: Timestamp,
    /// What kind of call.
    pub call: &'static CopyCall,
    /// Who: an ARN, or an AWS service on somebody's behalf.
    pub who: Safe,
    /// The name of the table that was copied or opened; `None` where the event does not tell.
    pub table: Option<String>,
    /// The ARN of the recovery point in AWS Backup that it was about: the table's list of those tells whose it is.
    pub point: Option<String>,
    /// What it went to: a bucket, another table, a vault, a data stream.
    pub into: Option<Safe>,
    /// The error's code, if the call failed: then nothing was copied.
    pub error: Option<Safe>,
}

impl CopyEvent {
    /// Whether it may be about a table: it names it, or was done and names none.
    pub fn may_be_about(&self, table: &str) -> bool {
        self.table.as_deref().map_or(self.error.is_none(), |name| name == table)
    }

    /// What it did, and to where as far as that is told.
    pub fn did(&self) -> String {
        match &self.into {
            Some(into) => format!("{} {into}", self.call.did),
            // Without the word that leads there.
            None => PREPOSITIONS
                .iter()
                .find_map(|word| self.call.did.strip_suffix(word))
                .unwrap_or(self.call.did)
                .to_owned(),
        }
    }
}

const PREPOSITIONS: &[&str] = &[" to", " into", " as", " of"];

/// One question to the history: calls of one kind, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lookup {
    /// Which kind.
    pub call: &'static CopyCall,
    /// Where to go on; `None` from the newest.
    pub next: Option<String>,
}

/// A page of the answer, of at most 50 events.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LookedUp {
    /// The calls that copied or opened a table.
    pub events: Vec<CopyEvent>,
    /// Events that could not be read.
    pub unread: u64,
    /// Where to go on; `None` at the end.
    pub next: Option<String>,
}
