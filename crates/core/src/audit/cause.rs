//! One cause, one row. Findings that are said of the same thing are told together: a person acts on causes.
//!
//! Every finding has marks; findings that share one have the same cause. What shows for which cause is in the tables
//! below. Nothing is left out: each finding is in exactly one group, but for those that a person accepted.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use petgraph::unionfind::UnionFind;

use super::Audit;
use super::join::ENV_BLEED;
use crate::domain::{
    FactKind, Field, Finding, FindingSubject, Flagged, Level, Origin, Safe, Scope, SecretClass, Severity,
    TableRef,
};
use crate::posture;

/// Checks that fail because of the secrets in a table's items: the secret is the cause, and each is told with it.
pub(super) const OF_SECRETS: &[&str] = &[
    "secret-as-key",
    "insights-on-secret-key",
    "gsi-projects-secret",
    "stream-carries-secret",
    "stream-fan-out",
    "copies-that-outlive-deletion",
    "session-table-without-ttl",
    ENV_BLEED,
];

/// Whether a check says what comes of a secret: it is settled with the secret.
pub fn is_of_secrets(check: &str) -> bool {
    OF_SECRETS.contains(&check)
}

/// Checks that say the same thing, or two halves of it, and what that is. The others stand for themselves.
const ALIKE: &[(&str, &[&str])] = &[
    ("Nothing, or too little, to recover from", &["no-backup", "pitr-off"]),
    ("Reads of items are not recorded", &["no-data-events", "trail-not-logging"]),
    ("Not under a key of your own", &["aws-owned-key", "aws-managed-key"]),
    ("The KMS key lets others in", &["key-policy-open", "key-grant-foreign"]),
    ("No tag says whose it is", &["untagged-owner", "untagged-environment"]),
    ("Changes go on to Kinesis", &["kinesis-destination", "kinesis-consumers"]),
    // It may cite a statement, and is about the one that is missing.
    ("Plain HTTP is not denied", &["policy-no-tls-deny"]),
];

/// The policies that are a table's own, so that a number names one statement of it.
const POLICIES: &[FactKind] = &[FactKind::Policy, FactKind::StreamPolicy];

/// What kind of thing a cause is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// Secrets in an attribute, in one table or in all of that name, with their copies and what comes of them.
    Secret,
    /// One statement of one policy, with all that is wrong with it.
    Statement,
    /// A setting, wherever it is so.
    Setting,
}

impl Cause {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Secret => "secret",
            Self::Statement => "statement",
            Self::Setting => "setting",
        }
    }
}

/// Findings of one cause.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// What kind of thing it is.
    pub cause: Cause,
    /// Which they are, in the order of the list they were made of: places in it, the worst first; never none.
    pub members: Vec<usize>,
    /// How bad the worst of them is.
    pub severity: Severity,
    /// How bad at most, if what is not known turns out badly.
    pub worst: Severity,
    /// What it is, one line.
    pub title: String,
    /// Where, in a few words: a table's name, or how many tables.
    pub place: String,
    /// The tables it is of.
    pub tables: BTreeSet<TableRef>,
}

/// By what findings are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum GroupBy {
    /// What one acts on: see [`Cause`].
    #[default]
    Cause,
    /// The table, or the Region where a finding is of one.
    Table,
    /// The value of a secret, wherever it stands and whatever it is called; settings by their causes.
    Secret,
}

impl GroupBy {
    /// Every one.
    pub const ALL: &'static [Self] = &[Self::Cause, Self::Table, Self::Secret];

    /// The one after it; the first after the last.
    pub const fn next(self) -> Self {
        match self {
            Self::Cause => Self::Table,
            Self::Table => Self::Secret,
            Self::Secret => Self::Cause,
        }
    }

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Cause => "cause",
            Self::Table => "table",
            Self::Secret => "secret",
        }
    }
}

/// What findings of one cause have in common.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Mark {
    /// An attribute of the tables of this name: the application writes the same to each.
    Attribute(String, String),
    /// The id and the secret of the access keys in the tables of this name.
    KeyPair(String),
    /// A statement, by its number, of a policy of a table: which one is said by the fact.
    Statement(TableRef, FactKind, u64),
    /// A check, or what it says in common with others.
    Setting(&'static str),
    /// A table or Region.
    Place(FindingSubject),
    /// A secret, by its fingerprint.
    Value(String),
}

/// Groups findings, all of this audit or some, which are of so many tables; the groups are in the order of their first
/// ones.
pub fn groups(audit: &Audit, findings: &[Finding], tables: usize) -> Vec<Group> {
    groups_by(audit, findings, tables, GroupBy::Cause, |_| true)
}

/// The same by something else than causes, of those findings alone that are asked for.
pub fn groups_by(
    audit: &Audit,
    findings: &[Finding],
    tables: usize,
    by: GroupBy,
    is_asked_for: impl Fn(&Finding) -> bool,
) -> Vec<Group> {
    let mut sets = UnionFind::<usize>::new(findings.len());
    let mut first: BTreeMap<Mark, usize> = BTreeMap::new();
    let mut of_table: BTreeMap<&TableRef, Vec<usize>> = BTreeMap::new();
    for (n, finding) in findings.iter().enumerate() {
        if matches!(finding.origin, Origin::Secret(_)) && finding.accepted.is_none() {
            of_table.entry(&finding.table).or_default().push(n);
        }
    }
    let mut of_statements: BTreeSet<usize> = BTreeSet::new();
    let open = |n: &usize| findings[*n].accepted.is_none() && is_asked_for(&findings[*n]);
    for (n, finding) in findings.iter().enumerate().filter(|(n, _)| open(n)) {
        let marks = match by {
            GroupBy::Cause => marks(findings, &of_table, finding),
            GroupBy::Table => vec![Mark::Place(finding.subject.clone())],
            GroupBy::Secret => values(audit, findings, &of_table, finding),
        };
        for mark in marks {
            of_statements.extend(matches!(mark, Mark::Statement(..)).then_some(n));
            let other = *first.entry(mark).or_insert(n);
            sets.union(n, other);
        }
    }
    if by == GroupBy::Cause {
        copied(audit, findings, &mut sets);
    }
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for n in (0..findings.len()).filter(open) {
        members.entry(sets.find(n)).or_default().push(n);
    }
    let mut all: Vec<Vec<usize>> = members.into_values().collect();
    all.sort_by_key(|members| members.first().copied());
    let cause = |members: &[usize]| {
        let is_secret = |n: &usize| matches!(findings[*n].origin, Origin::Secret(_));
        match members.iter().any(is_secret) {
            true => Cause::Secret,
            false if members.iter().any(|n| of_statements.contains(n)) => Cause::Statement,
            false => Cause::Setting,
        }
    };
    let group = |members: Vec<usize>| group(findings, cause(&members), members, tables, by);
    all.into_iter().filter_map(group).collect()
}

/// The values of a secret, and of what a check says because of a secret; of what is no secret, its cause.
fn values(
    audit: &Audit,
    findings: &[Finding],
    of_table: &BTreeMap<&TableRef, Vec<usize>>,
    finding: &Finding,
) -> Vec<Mark> {
    let all = |flagged: &Flagged| {
        let table = audit.table(&finding.table);
        table.into_iter().flat_map(|t| t.fingerprints(flagged)).map(|f| Mark::Value(f.to_owned())).collect()
    };
    match &finding.origin {
        Origin::Secret(flagged) => all(flagged),
        Origin::Posture(check) if is_of_secrets(check) => {
            let secrets = of_table.get(&finding.table).map(Vec::as_slice).unwrap_or_default();
            told_with(findings, secrets, finding).map_or_else(|| vec![Mark::Setting(check)], all)
        }
        Origin::Posture(_) => marks(findings, of_table, finding),
    }
}

fn marks(findings: &[Finding], of_table: &BTreeMap<&TableRef, Vec<usize>>, finding: &Finding) -> Vec<Mark> {
    let name = || finding.table.name.clone();
    match &finding.origin {
        Origin::Secret(flagged) => {
            let pair = flagged.class == SecretClass::AwsKey;
            std::iter::once(Mark::Attribute(name(), root(flagged)))
                .chain(pair.then(|| Mark::KeyPair(name())))
                .collect()
        }
        Origin::Posture(check) if is_of_secrets(check) => {
            let secrets = of_table.get(&finding.table).map(Vec::as_slice).unwrap_or_default();
            match told_with(findings, secrets, finding) {
                Some(flagged) => vec![Mark::Attribute(name(), root(flagged))],
                None => vec![Mark::Setting(check)],
            }
        }
        Origin::Posture("replica-policy-open") => {
            // It is the policy of the table in that Region, which may be in the same audit.
            let regions =
                finding.said().filter_map(|evidence| evidence.text("replica_arn")?.split(':').nth(3));
            let numbers = || {
                finding.said().filter(|e| e.kind() == "policy-statement").filter_map(|e| e.number("number"))
            };
            let there = |region: &str| {
                let scope = Scope { region: region.to_owned(), ..(*finding.table.scope).clone() };
                TableRef::new(&Arc::new(scope), &finding.table.name)
            };
            regions
                .map(there)
                .flat_map(|table| numbers().map(move |n| Mark::Statement(table.clone(), FactKind::Policy, n)))
                .collect()
        }
        Origin::Posture(check) => {
            // A check of a role may read policies too, and cites statements of another.
            let of_table = posture::check(check).filter(|c| c.level == Level::Table);
            let policy = of_table.and_then(|c| POLICIES.iter().copied().find(|fact| c.reads.contains(fact)));
            let cited = finding.said().filter(|evidence| evidence.kind() == "policy-statement");
            let numbers = cited.filter_map(|evidence| evidence.number("number"));
            let statements: Vec<Mark> = policy
                .map(|fact| numbers.map(|n| Mark::Statement(finding.table.clone(), fact, n)).collect())
                .unwrap_or_default();
            match alike(check) {
                None if !statements.is_empty() => statements,
                None => vec![Mark::Setting(check)],
                Some((words, _)) => vec![Mark::Setting(words)],
            }
        }
    }
}

/// The attribute as the table has it: what is inside it is of the same cause.
fn root(flagged: &Flagged) -> String {
    flagged.path.root().map_or_else(|| flagged.path.to_string(), str::to_owned)
}

fn alike(check: &str) -> Option<&'static (&'static str, &'static [&'static str])> {
    ALIKE.iter().find(|(_, checks)| checks.contains(&check))
}

/// Which of a table's secrets a check is told with: the worst that its evidence names, else the worst of all.
fn told_with<'a>(findings: &'a [Finding], secrets: &[usize], check: &Finding) -> Option<&'a Flagged> {
    let mut named: BTreeSet<&str> = BTreeSet::new();
    for field in ["attributes", "attribute", "paths"] {
        for value in check.said().filter_map(|evidence| evidence.field(field)) {
            match value {
                Field::Text(text) => drop(named.insert(text)),
                Field::Texts(texts) => named.extend(texts.kept.iter().map(Safe::as_str)),
                _ => {}
            }
        }
    }
    let flagged = |n: &usize| match &findings.get(*n)?.origin {
        Origin::Secret(flagged) => Some(flagged),
        Origin::Posture(_) => None,
    };
    let is_named = |f: &&Flagged| {
        named.contains(f.path.to_string().as_str()) || f.path.root().is_some_and(|root| named.contains(root))
    };
    let mut all = secrets.iter().filter_map(flagged);
    all.clone().find(is_named).or_else(|| all.next())
}

/// Joins an attribute to another that holds every secret it holds: it is a copy of it, whatever it is called. Of more than
/// are kept the smallest fingerprints are compared, which two tables with the same secrets have in common.
fn copied(audit: &Audit, findings: &[Finding], sets: &mut UnionFind<usize>) {
    let prints: Vec<BTreeSet<&str>> = findings
        .iter()
        .map(|finding| match (&finding.origin, audit.table(&finding.table)) {
            (Origin::Secret(flagged), Some(table)) if finding.accepted.is_none() => {
                table.fingerprints(flagged).collect()
            }
            _ => BTreeSet::new(),
        })
        .collect();
    let mut holders: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (n, prints) in prints.iter().enumerate() {
        prints.iter().for_each(|print| holders.entry(print).or_default().push(n));
    }
    for (n, own) in prints.iter().enumerate() {
        let Some(others) = own.first().and_then(|print| holders.get(print)) else { continue };
        // The first that holds all of them is enough: of many that hold the same, each meets that one.
        if let Some(other) = others.iter().find(|other| **other != n && own.is_subset(&prints[**other])) {
            sets.union(n, *other);
        }
    }
}

fn group(
    findings: &[Finding],
    cause: Cause,
    members: Vec<usize>,
    tables_in_all: usize,
    by: GroupBy,
) -> Option<Group> {
    let all: Vec<&Finding> = members.iter().filter_map(|n| findings.get(*n)).collect();
    let worst = *all.first()?;
    let tables: BTreeSet<TableRef> = all.iter().flat_map(|f| f.tables().cloned()).collect();
    let title = match cause {
        _ if by == GroupBy::Table => title_of_place(&all, worst),
        Cause::Secret => title_of_secrets(&all),
        Cause::Statement => title_of_statement(&all, worst),
        Cause::Setting => title_of_setting(&all, worst),
    };
    let place = match (cause, tables.len()) {
        (_, 1) => worst.place(),
        _ if by == GroupBy::Table => worst.place(),
        (Cause::Setting, n) => format!("{n} of {tables_in_all} tables"),
        (_, n) => format!("{} ({n} tables)", worst.table.name),
    };
    let severity = worst.severity;
    let worst = all.iter().map(|f| f.worst).max()?.max(severity);
    Some(Group { cause, members, severity, worst, title, place, tables })
}

/// The worst of what is wrong there, and how much more there is.
fn title_of_place(all: &[&Finding], worst: &Finding) -> String {
    match all.len() {
        1 => worst.title.clone(),
        n => format!("{} and {} more", worst.title, n - 1),
    }
}

/// The attribute first: it is what is looked for.
fn title_of_secrets(all: &[&Finding]) -> String {
    let mut kinds: Vec<&str> = Vec::new();
    let mut attributes: Vec<String> = Vec::new();
    for finding in all {
        let Origin::Secret(flagged) = &finding.origin else { continue };
        if !kinds.contains(&&*flagged.title) {
            kinds.push(&flagged.title);
        }
        let path = flagged.path.to_string();
        if !attributes.contains(&path) {
            attributes.push(path);
        }
    }
    let kinds = match kinds.as_slice() {
        [one] => (*one).to_owned(),
        [one, two] => format!("{one}, {two}"),
        [one, rest @ ..] => format!("{one} and {} other kinds", rest.len()),
        [] => String::new(),
    };
    match attributes.as_slice() {
        [one] => format!("{one}: {kinds}"),
        [one, two] => format!("{one}, {two}: {kinds}"),
        [one, rest @ ..] => format!("{one} and {} others: {kinds}", rest.len()),
        [] => kinds,
    }
}

fn title_of_statement(all: &[&Finding], worst: &Finding) -> String {
    let titles: BTreeSet<&str> = all.iter().map(|f| f.title.as_str()).collect();
    let cited = worst.said().find(|evidence| evidence.kind() == "policy-statement");
    let statement = match cited.map(|evidence| (evidence.text("sid"), evidence.number("number"))) {
        Some((Some(sid), _)) => format!(" (statement {sid})"),
        Some((None, Some(n))) => format!(" (statement {n})"),
        _ => String::new(),
    };
    match titles.len() {
        1 => format!("{}{statement}", worst.title),
        n => format!("{} and {} more{statement}", worst.title, n - 1),
    }
}

fn title_of_setting(all: &[&Finding], worst: &Finding) -> String {
    let checks: BTreeSet<&str> = all.iter().map(|f| f.rule()).collect();
    match alike(worst.rule()) {
        Some((words, _)) if checks.len() > 1 => (*words).to_owned(),
        _ => worst.title.clone(),
    }
}
