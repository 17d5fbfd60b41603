//! What is new, worse or better since an earlier audit, and what of it is gone. What was not looked at again is not gone.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::cause::OF_SECRETS;
use super::state::MOST_PRINTS;
use super::{Audit, TableAudit};
use crate::domain::{Field, Finding, FindingId, FindingSubject, Origin, TableRef, Verdict};
use crate::posture::judge;
use crate::scan::Outcome;

/// How a finding stands to the earlier audit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// It was not there, or a credential has a value that was not seen there.
    New,
    /// It is of a higher severity, or of more tables or statements.
    Worse,
    /// It is of a lower severity.
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
    /// What is not there any more, the worst first.
    pub lost: Vec<Lost>,
}

impl Comparison {
    /// How a finding stands to the earlier audit.
    pub fn of(&self, finding: &Finding) -> Change {
        self.changes.get(&finding.id).copied().unwrap_or(Change::New)
    }

    /// How many findings of these there are of each change, and how many are gone and not seen again:
    /// `3 new, 1 worse, 40 known; 2 gone, 1 not seen again`.
    pub fn told(&self, findings: &[Finding]) -> String {
        let now = self.told_of(findings);
        let gone = self.lost.iter().filter(|lost| lost.fate == Fate::Gone).count();
        let unseen = self.lost.len() - gone;
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

/// Compares the findings of an audit, all of them and as of `now`, with those of an earlier one. Their fingerprints are
/// under one key.
pub fn compare(earlier: &Baseline, audit: &Audit, now: Timestamp, findings: &[Finding]) -> Comparison {
    let before = &earlier.findings;
    let (then_tables, now_tables) = (Tables::of(&earlier.audit), Tables::of(audit));
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
        let change = known.map_or(Change::New, |n| change(&then_tables, &before[n], &now_tables, finding));
        changes.insert(finding.id.clone(), change);
    }
    let lost = left.into_iter().filter_map(|n| {
        let finding = before.get(n)?.clone();
        Some(Lost { fate: fate(&then_tables, audit, &now_tables, &finding, now), finding })
    });
    let new_tables = audit.tables().filter(|t| then_tables.get(&t.table).is_none()).count();
    let lost = lost.collect();
    Comparison { since: earlier.at, is_whole: earlier.is_whole, changes, new_tables, lost }
}

/// What an id says besides the account.
fn words(finding: &Finding) -> String {
    let path = finding.path().map(ToString::to_string).unwrap_or_default();
    let (kind, name) = (finding.subject.kind(), finding.subject.name());
    format!("{kind} {} {name} {} {path}", finding.table.scope.region, finding.rule())
}

fn change(then_tables: &Tables<'_>, then: &Finding, now_tables: &Tables<'_>, now: &Finding) -> Change {
    if has_new_value(then_tables, then, now_tables, now) {
        return Change::New;
    }
    // Tables that were not in the earlier audit tell nothing of what became worse.
    let known: BTreeSet<_> = then.tables().map(key).collect();
    let more_tables = now.tables().any(|t| then_tables.get(t).is_some() && !known.contains(&key(t)));
    let more_access = granted(now).difference(&granted(then)).next().is_some();
    let statements = match (then.statements(), now.statements()) {
        (Some(then), Some(now)) => now.len() > then.len(),
        (Some(_), None) => true,
        _ => false,
    };
    if now.severity > then.severity || more_tables || more_access || statements {
        Change::Worse
    } else if now.severity.max(now.worst) < then.severity {
        Change::Better
    } else {
        // Of a lower severity only because less was seen is not better.
        Change::Known
    }
}

/// Whom its evidence names as let in, and what they may do.
fn granted(finding: &Finding) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for evidence in finding.said() {
        if evidence.kind().starts_with("principal-") {
            all.insert(evidence.sentence().to_string());
        }
        if let Some(Field::Texts(actions)) = evidence.field("actions") {
            all.extend(actions.kept.iter().map(|action| action.to_string()));
        }
    }
    all
}

/// Whether a credential is there that was not. Sessions and tokens of persons come and go: they are known by their place.
fn has_new_value(then_tables: &Tables<'_>, then: &Finding, now_tables: &Tables<'_>, now: &Finding) -> bool {
    let (Origin::Secret(old), Origin::Secret(new)) = (&then.origin, &now.origin) else { return false };
    if new.class.is_of_a_person() {
        return false;
    }
    let (Some(before), Some(after)) = (then_tables.get(&then.table), now_tables.get(&now.table)) else {
        return false;
    };
    let known: BTreeSet<&str> = before.fingerprints(old).collect();
    // Of more than are kept the smallest are: of larger ones it is not known whether they were there.
    let last = known.last().copied().filter(|_| known.len() >= MOST_PRINTS);
    after.fingerprints(new).any(|print| !known.contains(print) && last.is_none_or(|last| print < last))
}

/// What became of a finding, by what was looked at now: it is gone only where all that it was seen by has been seen again.
fn fate(
    then_tables: &Tables<'_>,
    audit: &Audit,
    now_tables: &Tables<'_>,
    finding: &Finding,
    now: Timestamp,
) -> Fate {
    let not_seen = |why: &str| Fate::NotSeen(why.to_owned());
    let again: Option<Vec<&TableAudit>> = finding.tables().map(|table| now_tables.get(table)).collect();
    let Some(mut tables) = again else { return not_seen("the table was not looked at now, or is no more") };
    if let FindingSubject::Region(scope) = &finding.subject {
        let of_scope = |t: &&TableAudit| {
            (&t.table.scope.account, &t.table.scope.region) == (&scope.account, &scope.region)
        };
        tables.extend(audit.tables().filter(of_scope));
    }
    let unread = |tables: &[&TableAudit]| {
        let whole = |t: &&TableAudit| t.outcome == Some(Outcome::Whole) && t.uninspected.is_none();
        match () {
            () if tables.iter().all(whole) => None,
            () if tables.iter().all(|t| t.items == 0) => Some(not_seen("no item was read")),
            () => Some(not_seen("only some of the items were read")),
        }
    };
    let check = match &finding.origin {
        // Whether a rule of somebody's own is in force is not known.
        Origin::Secret(flagged) if crate::detect::about(&flagged.rule).is_none() && is_own(&flagged.rule) => {
            return not_seen("its rule may not be in force");
        }
        Origin::Secret(_) => return unread(&tables).unwrap_or(Fate::Gone),
        Origin::Posture(id) => crate::posture::check(id),
    };
    let Some(check) = check else {
        // It is joined from several tables: all of them have to be there again.
        let all: Option<Vec<&TableAudit>> =
            then_tables.0.values().map(|t| now_tables.get(&t.table)).collect();
        return match all {
            None => not_seen("not all of the tables were looked at now"),
            Some(all) => unread(&all).unwrap_or(Fate::Gone),
        };
    };
    for table in &tables {
        match judge(check, &table.subject(now)) {
            Verdict::Pass(_) | Verdict::NotApplicable(_) => {}
            Verdict::Unknown(missing) => {
                return Fate::NotSeen(
                    missing.first().map_or_else(|| "not known".into(), ToString::to_string),
                );
            }
            Verdict::Fail(_) => return not_seen("it is still so, and counts as a fact by what was read"),
        }
    }
    if check.reads_items || OF_SECRETS.contains(&check.id) {
        return unread(&tables).unwrap_or(Fate::Gone);
    }
    Fate::Gone
}

/// Whether a rule is of a file of somebody's own: its id begins with the file's name.
fn is_own(rule: &str) -> bool {
    rule.contains(':')
}
