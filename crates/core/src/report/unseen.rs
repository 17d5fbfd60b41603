//! What a run did not see, and whether that leaves it incomplete: the one table of it.
//!
//! `complete` and exit code 3 are read from this table, and docs/exit-codes.md is made from it. What is not seen has a
//! [`Cause`], and a cause has a row here: none can be added without a decision.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::audit::{Audit, TableAudit};
use crate::domain::{FactKind, Failure, Gap, Level, Safe, TableRef, Uninspected};
use crate::scan::Outcome;

/// What a cause does to a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Planned work was not done: the run is not complete, and exits with 3.
    Incomplete,
    /// It is named in coverage; the exit code stays 0 or 1.
    Named,
}

macro_rules! causes {
    ($($(#[$doc:meta])* $cause:ident $word:literal $effect:ident: $sentence:literal;)+) => {
        /// Why something was not seen.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Cause { $($(#[$doc])* $cause),+ }

        impl Cause {
            /// Every cause, in the order of the page.
            pub const ALL: &'static [Self] = &[$(Self::$cause),+];

            /// Its name in reports.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$cause => $word),+ }
            }

            /// What it does to a run.
            pub const fn effect(self) -> Effect {
                match self { $(Self::$cause => Effect::$effect),+ }
            }

            /// What it means, as a sentence for the page.
            pub const fn sentence(self) -> &'static str {
                match self { $(Self::$cause => $sentence),+ }
            }
        }
    };
}

causes! {
    /// A person or a signal ended it.
    Interrupted "interrupted" Incomplete: "Ctrl-C, SIGTERM or SIGHUP ended the run; what was found by then is in the report.";
    /// `--max-time` ran out.
    OutOfTime "out-of-time" Incomplete: "`--max-time` ran out; what was found by then is in the report.";
    /// The list of tables broke off.
    ListCut "list-cut" Incomplete: "The list of tables failed after its first page, or did not come to an end.";
    /// One of several accounts could not be read.
    AccountNotRead "account-not-read" Incomplete: "One of several accounts and Regions could not be signed in to, or its tables not be listed; the others were read.";
    /// A setting was asked for, and the call failed.
    SettingFailed "setting-failed" Incomplete: "A setting was asked for, and the call failed: no answer, an error of the service, credentials that ran out, throttled to the end.";
    /// Items were asked for, and the call failed.
    ItemsFailed "items-failed" Incomplete: "Items were asked for, and the call failed; or the answers did not come to an end (keys that repeat, page after page without an item).";
    /// Items may not be read.
    ItemsDenied "items-denied" Incomplete: "Items may not be read; `--no-items` leaves them out of the plan.";
    /// The endpoint offers no reads of items.
    ItemsUnsupported "items-unsupported" Incomplete: "The endpoint does not offer to read items.";
    /// The budget let no item of a table be read.
    BudgetTooSmall "budget-too-small" Incomplete: "The budget was used up before one item of a table was read.";
    /// Items that the service counted are not in its answer, or that the detector failed on.
    ItemsNotInspected "items-not-inspected" Incomplete: "Items were read and could not be inspected, or the service counted items that it did not send.";
    /// Items that were inspected in part.
    ItemsCut "items-cut" Incomplete: "An item was inspected in part: it nests too deeply, holds more secrets than are kept, or takes too much work.";
    /// Values that were not opened.
    ValuesNotOpened "values-not-opened" Incomplete: "A value was not fully decoded: encoded or compressed too deeply, or too large when decoded.";
    /// A line of `inspect` is no item.
    LineNotRead "line-not-read" Incomplete: "A line of `inspect` could not be read as an item.";
    /// The input of `inspect` has no byte.
    InputEmpty "input-empty" Incomplete: "The input of `inspect` was empty.";
    /// The reader of `inspect` went away.
    OutputClosed "output-closed" Incomplete: "The reader of `inspect` went away before its input was read to the end.";
    /// A rule of a user was left out.
    RuleLeftOut "rule-left-out" Incomplete: "A rule of `--rules` could not be used.";
    /// A setting may not be read.
    SettingDenied "setting-denied" Named: "A setting may not be read; coverage and the findings it weakens say so.";
    /// The endpoint does not offer a setting.
    SettingUnsupported "setting-unsupported" Named: "The endpoint does not offer a setting.";
    /// A setting could not be understood.
    SettingUnclear "setting-unclear" Named: "A setting was read and not understood, in whole or in part; coverage and the findings it weakens say so.";
    /// Not part of the plan.
    NotPlanned "not-planned" Named: "It was not part of the plan: a setting whose question AWS bills or that is asked on request, the rest of a sample, what the budget did not cover.";
    /// Files hold no settings.
    SettingsNotRead "settings-not-read" Named: "Items were read from files (`scan --export`), which hold no settings.";
    /// There is no table.
    NoTables "no-tables" Named: "There is no table in the Region.";
}

impl Cause {
    /// Of a setting that is not known; `None` while it was not planned to be asked for by itself.
    fn of_setting(kind: FactKind, gap: &Gap) -> Option<Self> {
        match gap {
            Gap::Denied(..) => Some(Self::SettingDenied),
            Gap::Unsupported => Some(Self::SettingUnsupported),
            Gap::Failed(_) => Some(Self::SettingFailed),
            Gap::NotUnderstood(_) | Gap::Cut(_) => Some(Self::SettingUnclear),
            Gap::NotAsked | Gap::Pending if kind.is_on_request() => Some(Self::NotPlanned),
            // A run that ended early says so once, for all that it did not come to.
            Gap::NotAsked | Gap::Pending => None,
        }
    }

    /// Of items that were not read as far as planned; `None` while a run that ended early says so for all of them.
    fn of_items(table: &TableAudit) -> Option<Self> {
        match table.outcome.as_ref()? {
            Outcome::Whole => None,
            Outcome::Sampled | Outcome::Extract | Outcome::Share { .. } => Some(Self::NotPlanned),
            Outcome::OutOfBudget if table.items == 0 => Some(Self::BudgetTooSmall),
            Outcome::OutOfBudget => Some(Self::NotPlanned),
            Outcome::Stopped(Gap::Denied(..)) => Some(Self::ItemsDenied),
            Outcome::Stopped(Gap::Unsupported) => Some(Self::ItemsUnsupported),
            Outcome::Stopped(Gap::Failed(_) | Gap::NotUnderstood(_) | Gap::Cut(_)) => Some(Self::ItemsFailed),
            Outcome::Stopped(Gap::NotAsked | Gap::Pending) => None,
        }
    }
}

/// Something that was not seen, once for all tables it is true of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unseen {
    /// Why.
    pub cause: Cause,
    /// What, of which tables, why, and what to do next: one line.
    pub said: String,
    /// Of which tables; none for what is about the run or the Region.
    pub tables: Vec<TableRef>,
}

impl Unseen {
    /// About the whole run.
    pub fn of_run(cause: Cause, said: impl Into<String>) -> Self {
        Self { cause, said: said.into(), tables: Vec::new() }
    }

    /// Whether it leaves the run incomplete.
    pub fn is_incomplete(&self) -> bool {
        self.cause.effect() == Effect::Incomplete
    }
}

/// What was not seen of the tables of an audit: one entry for each cause and reason, however many settings and tables
/// it is true of; what leaves the run incomplete comes first.
pub fn of_tables(audit: &Audit, now: Timestamp) -> Vec<Unseen> {
    let mut all = settings(audit, now);
    all.extend(items(audit));
    all.sort_by_key(|unseen| unseen.cause);
    all
}

/// Settings, by reason.
fn settings(audit: &Audit, now: Timestamp) -> Vec<Unseen> {
    type Of<'a> = (BTreeSet<FactKind>, BTreeSet<&'a TableRef>);
    let mut by_reason: BTreeMap<(Cause, String), Of<'_>> = BTreeMap::new();
    for table in audit.tables() {
        for (kind, gap) in table.gaps(&table.verdicts(now), now) {
            // What failed for want of another fact is told once, with that fact.
            if kind.needs().is_some_and(|need| table.facts.gap(need).is_some()) {
                continue;
            }
            let Some(cause) = Cause::of_setting(kind, &gap) else { continue };
            let (kinds, tables) = by_reason.entry((cause, reason(cause, kind, &gap))).or_default();
            kinds.insert(kind);
            tables.insert(&table.table);
        }
    }
    let count = audit.tables().count();
    let one = |((cause, why), (kinds, tables)): ((Cause, String), Of<'_>)| {
        let words: Vec<&str> = kinds.iter().map(|kind| kind.word()).collect();
        let level = kinds.iter().map(|kind| kind.level()).max().unwrap_or(Level::Table);
        let of = match level {
            Level::Account => String::from("the account"),
            Level::Region => String::from("the Region"),
            Level::Table | Level::AccessKey => named(tables.iter().copied(), count),
        };
        let tables = if level.is_shared() { Vec::new() } else { tables.into_iter().cloned().collect() };
        Unseen { cause, said: format!("{} of {of}: {why}", some(&words, "settings")), tables }
    };
    by_reason.into_iter().map(one).collect()
}

fn reason(cause: Cause, kind: FactKind, gap: &Gap) -> String {
    match gap {
        _ if cause == Cause::NotPlanned && kind.is_billed() => {
            String::from("AWS bills the question (--usage asks it)")
        }
        _ if cause == Cause::NotPlanned => String::from("asked on request only, in the terminal interface"),
        Gap::Failed(failure) => told(failure),
        other => other.to_string(),
    }
}

/// A failure with its next step.
fn told(failure: &Failure) -> String {
    format!("{}; {}", failure.message.trim_end_matches('.'), failure.next)
}

/// Items, by reason.
fn items(audit: &Audit) -> Vec<Unseen> {
    let mut by_reason: BTreeMap<(Cause, String), Vec<&TableAudit>> = BTreeMap::new();
    for table in audit.tables() {
        if let Some(cause) = Cause::of_items(table) {
            by_reason.entry((cause, items_reason(cause, table))).or_default().push(table);
        }
        for (cause, count, why) in parts(table) {
            if count > 0 {
                by_reason.entry((cause, why.to_owned())).or_default().push(table);
            }
        }
    }
    let count = audit.tables().count();
    let one = |((cause, why), tables): ((Cause, String), Vec<&TableAudit>)| {
        let what = match cause {
            Cause::NotPlanned => String::from("the other items"),
            Cause::ItemsNotInspected | Cause::ItemsCut | Cause::ValuesNotOpened => {
                let of = |table: &&TableAudit| {
                    parts(table).into_iter().find(|(c, ..)| *c == cause).map_or(0, |p| p.1)
                };
                let count: u64 = tables.iter().map(of).sum();
                format!("{count} {}", if count == 1 { "item" } else { "items" })
            }
            _ => String::from("items"),
        };
        let of = named(tables.iter().map(|t| &t.table), count);
        Unseen {
            cause,
            said: format!("{what} of {of}: {why}"),
            tables: tables.into_iter().map(|t| t.table.clone()).collect(),
        }
    };
    by_reason.into_iter().map(one).collect()
}

/// What of a table's items was not inspected: the cause, how many items, and in words.
fn parts(table: &TableAudit) -> [(Cause, u64, &'static str); 3] {
    let Uninspected { failed, cut, not_opened } = table.uninspected;
    [
        (Cause::ItemsNotInspected, failed, "not inspected"),
        (Cause::ItemsCut, cut, "inspected in part only: too deep, too many secrets, or too much work"),
        (Cause::ValuesNotOpened, not_opened, "with an encoded value that could not be fully decoded"),
    ]
}

fn items_reason(cause: Cause, table: &TableAudit) -> String {
    match (&table.outcome, cause) {
        (Some(Outcome::Extract), _) => String::from(
            "the files hold changes, or what a filter let through, or have no manifest that says they are complete",
        ),
        (Some(Outcome::Share { number, of, .. }), _) => {
            format!("share {number} of {of} was read, as planned (`dynaudit merge` puts all shares together)")
        }
        (Some(Outcome::Sampled), _) => {
            String::from("a sample was read, as planned (--sample reads more, --full everything)")
        }
        (_, Cause::BudgetTooSmall) => {
            String::from("none was read within the budget; raise it with --budget, or narrow with --table")
        }
        (Some(Outcome::OutOfBudget), _) => String::from("the budget was used up; raise it with --budget"),
        (Some(Outcome::Stopped(Gap::Denied(permission, _))), _) => {
            format!("needs {}; grant it, or leave items out with --no-items", permission.action)
        }
        (Some(Outcome::Stopped(Gap::Failed(failure))), _) => told(failure),
        (Some(Outcome::Stopped(gap)), _) => gap.to_string(),
        (Some(Outcome::Whole) | None, _) => String::new(),
    }
}

/// How many names stand in a sentence.
const NAMED: usize = 4;

/// A few names, and how many more.
fn some(names: &[&str], what: &str) -> String {
    let first = names.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(NAMED) {
        0 => first,
        more => format!("{first} and {more} more {what}"),
    }
}

/// These tables, of this many in all.
fn named<'a>(tables: impl Iterator<Item = &'a TableRef>, all: usize) -> String {
    let names: Vec<String> = tables.map(|t| Safe::neutral(&t.name).to_string()).collect();
    if names.len() == all && all > NAMED {
        return format!("all {all} tables");
    }
    some(&names.iter().map(String::as_str).collect::<Vec<_>>(), "tables")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::audit::AuditEvent;
    use crate::domain::{FailureKind, Scope, permission};

    fn failed(message: &str) -> Gap {
        Gap::Failed(Failure { kind: FailureKind::Service, message: message.into(), next: "do this".into() })
    }

    /// A number of tables, the settings that each lacks, and how reading it ended; and what is said of that.
    #[track_caller]
    fn check(tables: usize, settings: &[(FactKind, Gap)], ended: Option<Outcome>, expect: &[(Cause, &str)]) {
        let scope =
            Scope { partition: "aws".into(), account: "1".into(), region: "r".into(), endpoint: None };
        let scope = Arc::new(scope);
        let mut audit = Audit::default();
        for n in 0..tables {
            let table = TableRef::new(&scope, format!("t{n}"));
            audit.absorb(AuditEvent::Table(table.clone()));
            for (kind, gap) in settings {
                audit.absorb(AuditEvent::FactUnavailable(table.clone(), *kind, gap.clone()));
            }
            if let Some(outcome) = &ended {
                audit.absorb(AuditEvent::Ended(table.clone(), outcome.clone()));
            }
        }
        // What is asked on request was not, in any of these cases.
        let all = of_tables(&audit, Timestamp::UNIX_EPOCH)
            .into_iter()
            .filter(|u| !u.said.contains("request") && !u.said.contains("bills"));
        let said: Vec<(Cause, String)> = all.map(|u| (u.cause, u.said)).collect();
        let expect: Vec<(Cause, String)> = expect.iter().map(|(c, s)| (*c, (*s).to_owned())).collect();
        assert_eq!(said, expect);
    }

    #[test]
    fn one_line_for_each_reason() {
        use FactKind::{Account, Backups, Description, Key, Limits, Tags, TimeToLive, Trails};
        let tags = || Gap::Denied(permission("dynamodb:ListTagsOfResource"), "no".into());
        let silent = || failed("host did not answer in time");
        check(
            1,
            &[(Tags, tags())],
            None,
            &[(Cause::SettingDenied, "tags of t0: denied: needs dynamodb:ListTagsOfResource")],
        );
        check(
            50,
            &[(Limits, silent()), (Trails, silent())],
            None,
            &[(Cause::SettingFailed, "trails, limits of the Region: host did not answer in time; do this")],
        );
        check(
            3,
            &[(Account, silent())],
            None,
            &[(Cause::SettingFailed, "account of the account: host did not answer in time; do this")],
        );
        check(
            16,
            &[
                (Description, silent()),
                (Backups, silent()),
                (TimeToLive, silent()),
                (Tags, silent()),
                (Limits, silent()),
            ],
            None,
            &[(
                Cause::SettingFailed,
                "description, backups, time_to_live, tags and 1 more settings of all 16 tables: host did not answer in time; do this",
            )],
        );
        // What it is needed for fails with it, and is not told again.
        check(
            2,
            &[(Description, silent()), (Key, silent())],
            None,
            &[(Cause::SettingFailed, "description of t0, t1: host did not answer in time; do this")],
        );
        check(
            6,
            &[],
            Some(Outcome::Stopped(silent())),
            &[(Cause::ItemsFailed, "items of all 6 tables: host did not answer in time; do this")],
        );
    }

    #[test]
    fn what_was_planned_and_not_done_is_incomplete() {
        let denied = Gap::Denied(permission("dynamodb:Scan"), "no".into());
        for (outcome, expect) in [
            (Outcome::Whole, None),
            (Outcome::Sampled, Some(false)),
            // No item was read.
            (Outcome::OutOfBudget, Some(true)),
            (Outcome::Stopped(denied), Some(true)),
            (Outcome::Stopped(Gap::Unsupported), Some(true)),
            (Outcome::Stopped(failed("x")), Some(true)),
            // The run says that it was interrupted.
            (Outcome::Stopped(Gap::NotAsked), None),
        ] {
            let scope =
                Scope { partition: "aws".into(), account: "1".into(), region: "r".into(), endpoint: None };
            let mut audit = Audit::default();
            audit.absorb(AuditEvent::Ended(TableRef::new(&Arc::new(scope), "t"), outcome.clone()));
            let found = items(&audit);
            assert_eq!(found.first().map(Unseen::is_incomplete), expect, "{outcome:?}");
        }
    }

    #[test]
    fn every_cause_has_a_word_of_its_own_and_a_sentence() {
        let words: BTreeSet<&str> = Cause::ALL.iter().map(|c| c.word()).collect();
        assert_eq!(words.len(), Cause::ALL.len());
        assert!(Cause::ALL.iter().all(|c| c.sentence().ends_with('.')));
    }
}
