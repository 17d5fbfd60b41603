//! The saved form of an audit: its events, one JSON object a line, in the order in which they came.
//!
//! Nothing of an item's values is in it: sightings as reports show them (masked, with keyed fingerprints), counts, and
//! settings. Text of settings is shown to the detector first, since people write secrets into tags, too. Folding the
//! events of a log again gives the audit that was saved.
//!
//! ```text
//! {"log":{"schema":"dynaudit.log/1","version":"0.1.0","key_check":"9f86d0…","started":"2026-11-28T18:00:00Z"}}
//! {"scope":{"partition":"aws","account":"111122223333","region":"eu-west-1","endpoint":null}}
//! {"table":{"scope":0,"table":"orders"}}
//! {"fact":{"scope":0,"table":"orders","at":"2026-11-28T18:00:01Z","value":{"backups":{…}}}}
//! ```

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Audit, AuditEvent};
use crate::domain::{
    AttributePath, Confidence, FactKind, FactValue, Gap, ItemKey, Rcu, Safe, Scope, SecretClass, Segment,
    Severity, Sighting, TableRef, Traits, Uninspected,
};
use crate::scan::{Depth, Outcome, Share};

/// The shape of a log. It is in the first line of each.
pub const SCHEMA: &str = "dynaudit.log/1";

/// Longest line that is read, in bytes. A page of items has 4,096 sightings of each item at the most, and a policy of
/// 20 KB is one string.
pub const LONGEST_LINE: usize = 64 << 20;

/// One line. Each is an object with one member, which says what kind it is.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    Log(Head),
    /// An account in a Region; lines that follow count them from 0.
    Scope(Scope),
    Table {
        scope: usize,
        table: String,
    },
    Fact {
        scope: usize,
        table: String,
        at: Timestamp,
        value: FactValue,
    },
    Missing {
        scope: usize,
        table: String,
        kind: FactKind,
        gap: Gap,
    },
    Restarted {
        scope: usize,
        table: String,
    },
    /// A fact of an account or a Region.
    Shared {
        scope: usize,
        at: Timestamp,
        value: FactValue,
    },
    SharedMissing {
        scope: usize,
        kind: FactKind,
        gap: Gap,
    },
    Items {
        scope: usize,
        table: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        segment: Option<Segment>,
        items: u64,
        traits: Traits,
        uninspected: Uninspected,
        cost: Rcu,
        sightings: Vec<Seen>,
    },
    Records {
        scope: usize,
        table: String,
        records: u64,
        sightings: Vec<Seen>,
    },
    /// A part of a table that was read to its end.
    Part {
        scope: usize,
        table: String,
        segment: Segment,
        /// How many items the lines before it have of it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        items: Option<u64>,
    },
    Ended {
        scope: usize,
        table: String,
        outcome: Outcome,
        /// How many items the lines before it have of the table.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        items: Option<u64>,
    },
    Finished(Finished),
}

/// What stands above the events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// [`SCHEMA`].
    pub schema: String,
    /// The version of the program that wrote it.
    pub version: String,
    /// Which key the fingerprints were made with; see `FingerprintKey::check`.
    pub key_check: String,
    /// When the audit began.
    pub started: Timestamp,
    /// How far items were to be read; `None` where none were, or from files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub depth: Option<Depth>,
    /// Which of several runs it is that read together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<Share>,
    /// Names and patterns of the tables; empty for all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tables: Vec<String>,
    /// The read budget, in units; `None` without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget: Option<u64>,
    /// What earlier stretches of the run spent on what was dropped and read again, in units.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub dropped: Rcu,
    /// Of a run that read files: what tells which ones, the same for every run that reads shares of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub files: Option<String>,
}

fn is_nothing(cost: &Rcu) -> bool {
    *cost == Rcu::ZERO
}

impl Head {
    /// Of an audit that begins now, with this key.
    pub fn new(key_check: impl Into<String>, started: Timestamp) -> Self {
        Self {
            schema: SCHEMA.into(),
            version: env!("CARGO_PKG_VERSION").into(),
            key_check: key_check.into(),
            started,
            depth: None,
            share: None,
            tables: Vec::new(),
            budget: None,
            dropped: Rcu::ZERO,
            files: None,
        }
    }
}

/// What stands below the events of an audit that came to its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finished {
    /// When.
    pub at: Timestamp,
    /// What reading items cost, with lost answers at their worst case.
    pub spent: Rcu,
    /// What was planned and not done: one sentence each.
    pub unfinished: Vec<Safe>,
}

/// A sighting, as far as a report shows it: neither where in its text it is nor how long it is.
#[derive(Serialize, Deserialize)]
struct Seen {
    path: AttributePath,
    rule: Arc<str>,
    title: Arc<str>,
    severity: Severity,
    confidence: Confidence,
    reasons: Vec<String>,
    masked: Safe,
    fingerprint: String,
    in_name: bool,
    class: SecretClass,
    part: bool,
    expires: Option<Timestamp>,
    item: Option<Safe>,
}

impl Seen {
    fn of(s: &Sighting, mask_keys: bool) -> Self {
        Self {
            path: s.path.clone(),
            rule: Arc::clone(&s.rule),
            title: Arc::clone(&s.title),
            severity: s.severity,
            confidence: s.confidence,
            reasons: s.reasons.clone(),
            masked: s.masked.clone(),
            fingerprint: s.fingerprint.clone(),
            in_name: s.in_name,
            class: s.class,
            part: s.part,
            expires: s.expires,
            item: s.item.as_ref().map(|key| key.shown(mask_keys)),
        }
    }
}

impl From<Seen> for Sighting {
    fn from(s: Seen) -> Self {
        Self {
            path: s.path,
            span: 0..0,
            mask: 0..0,
            rule: s.rule,
            title: s.title,
            severity: s.severity,
            confidence: s.confidence,
            reasons: s.reasons,
            masked: s.masked,
            fingerprint: s.fingerprint,
            in_name: s.in_name,
            class: s.class,
            part: s.part,
            expires: s.expires,
            item: s.item.map(|key| ItemKey::new(&[key])),
        }
    }
}

/// What of a setting's text has to be hidden: the text with it masked, or `None` if nothing has.
pub type Mask = Box<dyn Fn(&str) -> Option<String> + Send>;

/// Makes the lines of a log. It does no I/O: each call gives what is to be written next.
pub struct Writer {
    scopes: Vec<Arc<Scope>>,
    mask: Mask,
    /// Whether keys of items are masked, whatever they are.
    mask_keys: bool,
    counts: Counts,
}

/// How many items there were so far of each table and part: said where one ends, so that a line that is lost, or there twice,
/// is noticed.
#[derive(Default)]
struct Counts(BTreeMap<(usize, String), (u64, BTreeMap<Segment, u64>)>);

impl Counts {
    fn add(&mut self, scope: usize, table: &str, segment: Option<Segment>, items: u64) {
        let (all, parts) = self.0.entry((scope, table.to_owned())).or_default();
        *all = all.saturating_add(items);
        if let Some(segment) = segment {
            let part = parts.entry(segment).or_default();
            *part = part.saturating_add(items);
        }
    }

    fn of(&self, scope: usize, table: &str, segment: Option<Segment>) -> u64 {
        let Some((all, parts)) = self.0.get(&(scope, table.to_owned())) else { return 0 };
        segment.map_or(*all, |segment| parts.get(&segment).copied().unwrap_or_default())
    }

    fn clear(&mut self, scope: usize, table: &str) {
        self.0.remove(&(scope, table.to_owned()));
    }

    /// Whether a line says another number than there were. What it says nothing of is as it is.
    fn differs(&mut self, line: &Line) -> bool {
        match line {
            Line::Items { scope, table, segment, items, .. } => self.add(*scope, table, *segment, *items),
            Line::Restarted { scope, table } => self.clear(*scope, table),
            Line::Part { scope, table, segment, items: Some(items) } => {
                return self.of(*scope, table, Some(*segment)) != *items;
            }
            Line::Ended { scope, table, items: Some(items), .. } => {
                return self.of(*scope, table, None) != *items;
            }
            _ => {}
        }
        false
    }
}

impl Writer {
    /// A log whose texts of settings are masked by `mask`, and keys of items wholly if `mask_keys`.
    pub fn new(mask: Mask, mask_keys: bool) -> Self {
        Self { scopes: Vec::new(), mask, mask_keys, counts: Counts::default() }
    }

    /// The first line.
    pub fn head(&self, head: Head) -> String {
        line(&Line::Log(head))
    }

    /// The lines of an event: one, and one more before it if it is the first of its account and Region.
    pub fn event(&mut self, event: &AuditEvent) -> String {
        let mut out = String::new();
        let of = event.scope();
        let scope = self.scopes.iter().position(|s| s == of).unwrap_or_else(|| {
            self.scopes.push(Arc::clone(of));
            out.push_str(&line(&Line::Scope((**of).clone())));
            self.scopes.len() - 1
        });
        let table = event.table().map(|table| table.name.clone()).unwrap_or_default();
        match event {
            AuditEvent::Items { segment, items, .. } => self.counts.add(scope, &table, *segment, *items),
            AuditEvent::Restarted(_) => self.counts.clear(scope, &table),
            _ => {}
        }
        let counted = |segment| Some(self.counts.of(scope, &table, segment));
        let seen = |all: &[Sighting]| all.iter().map(|s| Seen::of(s, self.mask_keys)).collect();
        let is_setting = matches!(
            event,
            AuditEvent::Fact(..)
                | AuditEvent::FactUnavailable(..)
                | AuditEvent::Shared(..)
                | AuditEvent::SharedFactUnavailable(..)
                | AuditEvent::Ended(..)
        );
        let shape = match event {
            AuditEvent::Table(_) => Line::Table { scope, table },
            AuditEvent::Fact(_, value, at) => Line::Fact { scope, table, at: *at, value: value.clone() },
            AuditEvent::FactUnavailable(_, kind, gap) => {
                Line::Missing { scope, table, kind: *kind, gap: gap.clone() }
            }
            AuditEvent::Shared(_, value, at) => Line::Shared { scope, at: *at, value: value.clone() },
            AuditEvent::SharedFactUnavailable(_, kind, gap) => {
                Line::SharedMissing { scope, kind: *kind, gap: gap.clone() }
            }
            AuditEvent::Restarted(_) => Line::Restarted { scope, table },
            AuditEvent::Items { segment, items, traits, uninspected, cost, sightings, .. } => Line::Items {
                scope,
                table,
                segment: *segment,
                items: *items,
                traits: traits.clone(),
                uninspected: *uninspected,
                cost: *cost,
                sightings: seen(sightings),
            },
            AuditEvent::Records { records, sightings, .. } => {
                Line::Records { scope, table, records: *records, sightings: seen(sightings) }
            }
            AuditEvent::Part(_, segment) => {
                Line::Part { scope, items: counted(Some(*segment)), table, segment: *segment }
            }
            AuditEvent::Ended(_, outcome) => {
                Line::Ended { scope, items: counted(None), table, outcome: outcome.clone() }
            }
        };
        if is_setting {
            let mut shape = serde_json::to_value(&shape).expect("text and numbers always print");
            self.hide(&mut shape);
            out.push_str(&line(&shape));
        } else {
            out.push_str(&line(&shape));
        }
        out
    }

    /// The last line.
    pub fn finished(&self, finished: Finished) -> String {
        line(&Line::Finished(finished))
    }

    fn hide(&self, value: &mut Value) {
        match value {
            Value::String(text) => {
                if let Some(masked) = (self.mask)(text) {
                    *text = masked;
                }
            }
            Value::Array(all) => all.iter_mut().for_each(|v| self.hide(v)),
            Value::Object(members) => members.values_mut().for_each(|v| self.hide(v)),
            _ => {}
        }
    }
}

fn line(shape: &impl Serialize) -> String {
    let mut text = serde_json::to_string(shape).expect("text and numbers always print");
    text.push('\n');
    text
}

/// An audit that was read from a log.
#[derive(Debug)]
pub struct Saved {
    /// What stood above the events.
    pub head: Head,
    /// The events, folded.
    pub audit: Audit,
    /// What stood below them; `None` if the log ends before its audit did.
    pub finished: Option<Finished>,
    /// Lines that could not be read; the others were.
    pub bad: Vec<BadLine>,
}

/// A line that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadLine {
    /// Which, from 1.
    pub line: usize,
    /// Why.
    pub why: &'static str,
}

/// Why a log is not read at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// It does not begin as a log does.
    NoLog,
    /// It is of another shape: the one it names.
    Shape(Safe),
    /// Its fingerprints were made with another key, so that no secret in it could be told from another.
    Key,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoLog => f.write_str("not an audit log: its first line is not that of one"),
            Self::Shape(shape) => write!(f, "a log of the shape {shape}; this version reads {SCHEMA}"),
            Self::Key => f.write_str(
                "its fingerprints were made with another key, so secrets cannot be told apart; use the --key-file it was written with",
            ),
        }
    }
}

/// What stands around the events of a log.
#[derive(Debug)]
pub struct Frame {
    /// What stood above them.
    pub head: Head,
    /// What stood below them; `None` if the log ends before its audit did.
    pub finished: Option<Finished>,
    /// Lines that could not be read; the others were.
    pub bad: Vec<BadLine>,
    /// A line is lost or there twice, or one was damaged that is not the last: a kill cuts the last one alone.
    pub is_damaged: bool,
}

/// Reads a log whose fingerprints were made with the key of this check; `None` takes any, for reading it by itself.
///
/// # Errors
/// [`Refused`]. A line that cannot be read is no error: see [`Saved::bad`].
pub fn read<'a>(lines: impl IntoIterator<Item = &'a str>, key_check: Option<&str>) -> Result<Saved, Refused> {
    let mut audit = Audit::default();
    let Frame { head, finished, bad, .. } = each(lines, key_check, |event| audit.absorb(event))?;
    Ok(Saved { head, audit, finished, bad })
}

/// Like [`read`], with each event given away instead of folded.
///
/// # Errors
/// Those of [`read`].
pub fn each<'a>(
    lines: impl IntoIterator<Item = &'a str>,
    key_check: Option<&str>,
    mut take: impl FnMut(AuditEvent),
) -> Result<Frame, Refused> {
    let mut lines = lines.into_iter();
    let first = lines.next().map(|line| line.strip_prefix('\u{feff}').unwrap_or(line));
    let head = match first.map(serde_json::from_str::<Line>) {
        Some(Ok(Line::Log(head))) => head,
        _ => return Err(Refused::NoLog),
    };
    if head.schema != SCHEMA {
        return Err(Refused::Shape(Safe::neutral(&head.schema)));
    }
    if key_check.is_some_and(|key| key != head.key_check) {
        return Err(Refused::Key);
    }
    let mut saved = Frame { head, finished: None, bad: Vec::new(), is_damaged: false };
    let mut counts = Counts::default();
    let mut scopes: Vec<Arc<Scope>> = Vec::new();
    for (n, text) in lines.enumerate() {
        let bad = |why| BadLine { line: n + 2, why };
        if text.trim().is_empty() {
            continue;
        }
        // What was bad before this one was not the last.
        saved.is_damaged |= !saved.bad.is_empty();
        let read = if text.len() > LONGEST_LINE { None } else { serde_json::from_str::<Line>(text).ok() };
        match read {
            None => saved.bad.push(bad("not a line of a log")),
            Some(Line::Log(_)) => saved.bad.push(bad("a second beginning")),
            Some(Line::Scope(scope)) => scopes.push(Arc::new(scope)),
            Some(Line::Finished(finished)) => saved.finished = Some(finished),
            Some(line) => {
                if counts.differs(&line) {
                    saved.bad.push(bad("it counts other items than are before it"));
                    saved.is_damaged = true;
                }
                match event(line, &scopes) {
                    Ok(event) => take(event),
                    Err(why) => saved.bad.push(bad(why)),
                }
            }
        }
    }
    Ok(saved)
}

/// The most runs that read together: the largest job array (AWS Batch User Guide, "Array jobs").
pub const MOST_SHARES: u32 = 10_000;
/// The most parts of a table (API Reference, Scan, `TotalSegments`).
const MOST_PARTS: u32 = 1_000_000;

/// The event of a line, or why it is none.
fn event(line: Line, scopes: &[Arc<Scope>]) -> Result<AuditEvent, &'static str> {
    let known = |scope: usize| scopes.get(scope).ok_or("of an account that was not named before");
    let of = |scope: usize, table: String| known(scope).map(|scope| TableRef::new(scope, table));
    let part = |segment: Segment| {
        let is_one = segment.number < segment.of && segment.of <= MOST_PARTS;
        is_one.then_some(segment).ok_or("of a part that cannot be")
    };
    if let Line::Ended { outcome: Outcome::Share { number, of, .. }, .. } = &line
        && !(1..=MOST_SHARES).contains(of) | !(1..=*of).contains(number)
    {
        return Err("of a share that cannot be");
    }
    let seen = |all: Vec<Seen>| all.into_iter().map(Sighting::from).collect();
    Ok(match line {
        Line::Table { scope, table } => AuditEvent::Table(of(scope, table)?),
        Line::Fact { scope, table, at, value } => AuditEvent::Fact(of(scope, table)?, value, at),
        Line::Missing { scope, table, kind, gap } => {
            AuditEvent::FactUnavailable(of(scope, table)?, kind, gap)
        }
        Line::Shared { scope, at, value } => AuditEvent::Shared(Arc::clone(known(scope)?), value, at),
        Line::SharedMissing { scope, kind, gap } => {
            AuditEvent::SharedFactUnavailable(Arc::clone(known(scope)?), kind, gap)
        }
        Line::Restarted { scope, table } => AuditEvent::Restarted(of(scope, table)?),
        Line::Items { scope, table, segment, items, traits, uninspected, cost, sightings } => {
            AuditEvent::Items {
                table: of(scope, table)?,
                segment: segment.map(part).transpose()?,
                items,
                traits,
                uninspected,
                cost,
                sightings: seen(sightings),
            }
        }
        Line::Records { scope, table, records, sightings } => {
            AuditEvent::Records { table: of(scope, table)?, records, sightings: seen(sightings) }
        }
        Line::Part { scope, table, segment, .. } => AuditEvent::Part(of(scope, table)?, part(segment)?),
        Line::Ended { scope, table, outcome, .. } => AuditEvent::Ended(of(scope, table)?, outcome),
        Line::Log(_) | Line::Scope(_) | Line::Finished(_) => return Err("not an event"),
    })
}

#[cfg(test)]
mod tests;
