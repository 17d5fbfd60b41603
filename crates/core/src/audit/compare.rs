//! What is new, worse or better since an earlier audit, and what of it is gone. What was not looked at again is not gone.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;

use super::cause::OF_SECRETS;
use super::state::MOST_PRINTS;
use super::{Audit, TableAudit};
use crate::domain::{
    Acceptances, Evidence, Field, Finding, FindingId, FindingSubject, Origin, Safe, TableRef, Verdict,
};
use crate::posture::judge;
use crate::scan::Outcome;

/// How a finding stands to the earlier audit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// It was not there, or a credential has a value that was not seen there.
    New,
    /// It is of a higher severity, of more tables or statements, or lets somebody else in.
    Worse,
    /// It is of a lower severity, and what is not known could not make it as bad as it was.
    Better,
    /// It is as it was.
    Known,
}

impl Change {
    /// Every one, in the order in which they are told.
    pub const ALL: &'static [Self] = &[Self::New, Self::Worse, Self::Better, Self::Known];

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Worse => "worse",
            Self::Better => "better",
            Self::Known => "known",
        }
    }

    /// Whether somebody who knows the earlier audit has something to learn.
    pub const fn is_news(self) -> bool {
        matches!(self, Self::New | Self::Worse)
    }
}

/// What became of a finding that is not there any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// Where it was has been looked at, and it is not there.
    Gone,
    /// It may still be there: why it was not seen, half a sentence.
    NotSeen(String),
}

/// A finding of the earlier audit that is not there any more.
#[derive(Debug, Clone, PartialEq)]
pub struct Lost {
    /// As it was.
    pub finding: Finding,
    /// What became of it.
    pub fate: Fate,
}

/// Two audits, compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// When the earlier audit was made.
    pub since: Timestamp,
    /// Whether the earlier audit did all that was planned, and was read to its end; if not, what it did not see is new.
    pub is_whole: bool,
    changes: BTreeMap<FindingId, Change>,
    /// Tables that the earlier audit did not look at: all that is found there is new.
    pub new_tables: usize,
    /// Which findings of the earlier audit are not there any more.
    left: BTreeSet<usize>,
}

impl Comparison {
    /// How a finding stands to the earlier audit.
    pub fn of(&self, finding: &Finding) -> Change {
        match finding.accepted {
            // Somebody looked at it.
            Some(_) => Change::Known,
            None => self.changes.get(&finding.id).copied().unwrap_or(Change::New),
        }
    }

    /// How many findings of these there are of each change, and how many are gone and not seen again:
    /// `3 new, 1 worse, 40 known; 2 gone, 1 not seen again`.
    pub fn told(&self, findings: &[Finding], lost: &[Lost]) -> String {
        let now = self.told_of(findings);
        let gone = lost.iter().filter(|lost| lost.fate == Fate::Gone).count();
        let unseen = lost.len() - gone;
        let then: Vec<String> = [(gone, "gone"), (unseen, "not seen again")]
            .into_iter()
            .filter(|(n, _)| *n > 0)
            .map(|(n, what)| format!("{n} {what}"))
            .collect();
        let told: Vec<String> = [now, then.join(", ")].into_iter().filter(|part| !part.is_empty()).collect();
        if told.is_empty() { "nothing, then or now".into() } else { told.join("; ") }
    }

    /// How many findings of these there are of each change: `3 new, 1 worse, 40 known`.
    pub fn told_of(&self, findings: &[Finding]) -> String {
        let many = |change: &Change| {
            let n = findings.iter().filter(|f| self.of(f) == *change).count();
            (n > 0).then(|| format!("{n} {}", change.word()))
        };
        Change::ALL.iter().filter_map(many).collect::<Vec<_>>().join(", ")
    }
}

/// An earlier audit, and what was found by it.
#[derive(PartialEq)]
pub struct Baseline {
    audit: Audit,
    at: Timestamp,
    findings: Vec<Finding>,
    is_whole: bool,
}

impl Baseline {
    /// An audit as it was at its end; whether all that was planned was done, and all of it was read again.
    pub fn new(audit: Audit, at: Timestamp, is_whole: bool) -> Self {
        Self { findings: audit.findings(at), audit, at, is_whole }
    }

    /// The same with what a person accepted since: what followed from it is then not gone.
    #[must_use]
    pub fn accepting(&self, accepted: Arc<Acceptances>) -> Self {
        let mut audit = self.audit.clone();
        audit.accept(accepted);
        Self::new(audit, self.at, self.is_whole)
    }
}

/// The tables of an audit by account, Region and name: an endpoint may be another one the next time.
struct Tables<'a>(BTreeMap<(&'a str, &'a str, &'a str), &'a TableAudit>);

impl<'a> Tables<'a> {
    fn of(audit: &'a Audit) -> Self {
        Self(audit.tables().map(|table| (key(&table.table), table)).collect())
    }

    fn get(&self, table: &TableRef) -> Option<&'a TableAudit> {
        self.0.get(&key(table)).copied()
    }
}

fn key(table: &TableRef) -> (&str, &str, &str) {
    (&table.scope.account, &table.scope.region, &table.name)
}

/// Compares the findings of an audit, all of them, with those of an earlier one. Their fingerprints are under one key.
pub fn compare(earlier: &Baseline, audit: &Audit, findings: &[Finding]) -> Comparison {
    let before = &earlier.findings;
    let both = Both::of(earlier, audit);
    let by_id: BTreeMap<&FindingId, usize> = before.iter().enumerate().map(|(n, f)| (&f.id, n)).collect();
    // An id without an account is matched by what else it says.
    let mut by_words: BTreeMap<String, usize> = BTreeMap::new();
    for (n, finding) in before.iter().enumerate() {
        by_words.entry(words(finding)).or_insert(n);
    }
    let mut left: BTreeSet<usize> = (0..before.len()).collect();
    let mut changes = BTreeMap::new();
    for finding in findings {
        let alike = || {
            let n = *by_words.get(&words(finding))?;
            (finding.id.is_provisional() || before[n].id.is_provisional()).then_some(n)
        };
        let known = by_id.get(&finding.id).copied().or_else(alike).filter(|n| left.remove(n));
        let change = known.map_or(Change::New, |n| both.change(&before[n], finding));
        changes.insert(finding.id.clone(), change);
    }
    let new_tables = audit.tables().filter(|t| both.then.get(&t.table).is_none()).count();
    Comparison { since: earlier.at, is_whole: earlier.is_whole, changes, new_tables, left }
}

/// What became of the findings of the earlier audit that are not there any more, the worst first; each is judged by what is
/// known at `now`.
pub fn lost(compared: &Comparison, earlier: &Baseline, audit: &Audit, now: Timestamp) -> Vec<Lost> {
    let both = Both::of(earlier, audit);
    let left = compared.left.iter().filter_map(|n| earlier.findings.get(*n));
    left.map(|finding| Lost { fate: both.fate(finding, now), finding: finding.clone() }).collect()
}

/// What an id says besides the account.
fn words(finding: &Finding) -> String {
    let path = finding.path().map(ToString::to_string).unwrap_or_default();
    let (kind, name) = (finding.subject.kind(), finding.subject.name());
    format!("{kind} {} {name} {} {path}", finding.table.scope.region, finding.rule())
}

/// The tables of the earlier audit and of this one.
struct Both<'a> {
    then: Tables<'a>,
    now: Tables<'a>,
}

impl<'a> Both<'a> {
    fn of(earlier: &'a Baseline, audit: &'a Audit) -> Self {
        Self { then: Tables::of(&earlier.audit), now: Tables::of(audit) }
    }

    fn change(&self, then: &Finding, now: &Finding) -> Change {
        if self.has_new_value(then, now) {
            return Change::New;
        }
        // Tables that were not in the earlier audit tell nothing of what became worse.
        let known: BTreeSet<_> = then.tables().map(key).collect();
        let more_tables = now.tables().any(|t| self.then.get(t).is_some() && !known.contains(&key(t)));
        let statements = match (then.statements(), now.statements()) {
            (Some(then), Some(now)) => now.len() > then.len(),
            (Some(_), None) => true,
            _ => false,
        };
        if now.severity > then.severity || more_tables || statements || grants_more(then, now) {
            Change::Worse
        } else if now.severity.max(now.worst) < then.severity {
            Change::Better
        } else {
            // Of a lower severity only because less was seen is not better.
            Change::Known
        }
    }

    /// Whether a credential is there that was not. Sessions and tokens of persons come and go: they are known by their
    /// place.
    fn has_new_value(&self, then: &Finding, now: &Finding) -> bool {
        let (Origin::Secret(old), Origin::Secret(new)) = (&then.origin, &now.origin) else { return false };
        if new.class.is_of_a_person() {
            return false;
        }
        let (Some(before), Some(after)) = (self.then.get(&then.table), self.now.get(&now.table)) else {
            return false;
        };
        let known: BTreeSet<&str> = before.fingerprints(old).collect();
        // Of more than are kept the smallest are: of larger ones it is not known whether they were there.
        let last = known.last().copied().filter(|_| known.len() >= MOST_PRINTS);
        after.fingerprints(new).any(|print| !known.contains(print) && last.is_none_or(|last| print < last))
    }

    /// What became of a finding: it is gone only where all that it was seen by has been looked at again.
    fn fate(&self, finding: &Finding, now: Timestamp) -> Fate {
        let not_seen = |why: &str| Fate::NotSeen(why.to_owned());
        let again: Option<Vec<&TableAudit>> = finding.tables().map(|table| self.now.get(table)).collect();
        let Some(mut tables) = again else {
            return not_seen("the table was not looked at now, or is no more");
        };
        let id = match &finding.origin {
            // Whether a rule of somebody's own is in force is not known.
            Origin::Secret(flagged) if is_own(&flagged.rule) => {
                return not_seen("its rule may not be in force");
            }
            Origin::Secret(_) => return unread(&tables).map_or(Fate::Gone, not_seen),
            Origin::Posture(id) => id,
        };
        let Some(check) = crate::posture::check(id) else {
            // It is joined from several tables: all of them have to be there again.
            let all: Option<Vec<&TableAudit>> =
                self.then.0.values().map(|t| self.now.get(&t.table)).collect();
            let Some(all) = all else { return not_seen("not all of the tables were looked at now") };
            return unread(&all).map_or(Fate::Gone, not_seen);
        };
        if let FindingSubject::Region(scope) = &finding.subject {
            let there = |t: &&&TableAudit| {
                (&t.table.scope.account, &t.table.scope.region) == (&scope.account, &scope.region)
            };
            tables.extend(self.now.0.values().filter(there));
        }
        for table in &tables {
            match judge(check, &table.subject(now)) {
                Verdict::Pass(_) | Verdict::NotApplicable(_) => {}
                Verdict::Unknown(missing) => {
                    let why = missing.first().map_or_else(|| "not known".into(), ToString::to_string);
                    return Fate::NotSeen(why);
                }
                Verdict::Fail(_) => return not_seen("it is still so, and counts as a fact by what was read"),
            }
        }
        let by_items = check.reads_items || OF_SECRETS.contains(&check.id);
        unread(&tables).filter(|_| by_items).map_or(Fate::Gone, not_seen)
    }
}

/// Why not all items of some tables were looked at; none where all were.
fn unread(tables: &[&TableAudit]) -> Option<&'static str> {
    let whole = |t: &&TableAudit| t.outcome == Some(Outcome::Whole) && t.uninspected.is_none();
    if tables.iter().all(whole) {
        None
    } else if tables.iter().all(|t| t.items == 0) {
        Some("no item was read")
    } else {
        Some("only some of the items were read")
    }
}

/// Whether evidence names somebody as let in, or something that they may do, that it did not name before.
fn grants_more(then: &Finding, now: &Finding) -> bool {
    let before: Vec<&Evidence> = principals(then).collect();
    let known: BTreeSet<&str> = actions(then).collect();
    principals(now).any(|principal| !before.contains(&principal)) || actions(now).any(|a| !known.contains(a))
}

fn principals(finding: &Finding) -> impl Iterator<Item = &Evidence> {
    finding.said().filter(|evidence| evidence.kind().starts_with("principal-"))
}

fn actions(finding: &Finding) -> impl Iterator<Item = &str> {
    let lists = finding.said().filter_map(|evidence| match evidence.field("actions") {
        Some(Field::Texts(actions)) => Some(&actions.kept),
        _ => None,
    });
    lists.flatten().map(Safe::as_str)
}

/// Whether a rule is of a file of somebody's own: its id begins with the file's name.
fn is_own(rule: &str) -> bool {
    rule.contains(':')
}
