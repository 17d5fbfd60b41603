//! A table's grade, A to F, and that of all tables together: how bad the worst that was seen is, where that is, how much was
//! seen, and what would raise it.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use super::join::environment;
use super::{Audit, Counts, Group, TableAudit};
use crate::domain::{FactKind, Finding, FindingSubject, Safe, Severity, TableRef, grouped};
use crate::posture::partly_read_policies;
use crate::scan::Outcome;

/// A grade, from the best to the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Grade {
    /// Nothing but what informs.
    A,
    /// Low at the worst.
    B,
    /// Medium at the worst.
    C,
    /// High at the worst, outside production.
    D,
    /// High, in production or where no environment is told.
    E,
    /// Critical.
    F,
}

impl Grade {
    /// Every grade, the best first.
    pub const ALL: &'static [Self] = &[Self::A, Self::B, Self::C, Self::D, Self::E, Self::F];
}

/// What the worst severity comes to: in production or where no environment is told, and elsewhere.
const GRADES: [(Severity, Grade, Grade); Severity::ALL.len()] = [
    (Severity::Info, Grade::A, Grade::A),
    (Severity::Low, Grade::B, Grade::B),
    (Severity::Medium, Grade::C, Grade::C),
    (Severity::High, Grade::E, Grade::D),
    (Severity::Critical, Grade::F, Grade::F),
];

fn grade_of(worst: Severity, environment: Option<&str>) -> Grade {
    let guarded = environment.is_none_or(|name| name == "production");
    let row = GRADES.iter().find(|(severity, ..)| *severity == worst);
    row.map_or(Grade::F, |(_, there, elsewhere)| if guarded { *there } else { *elsewhere })
}

/// How much was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Share {
    /// Settings that were seen.
    pub settings: usize,
    /// Settings there are to see.
    pub of_settings: usize,
    /// Items that were looked at.
    pub items: u64,
    /// Items of them that were not inspected to their end.
    pub uninspected: u64,
    /// About how many items there are, where that is known.
    pub of_items: Option<u64>,
    /// Tables all of whose items were looked at.
    pub whole: usize,
    /// Number of tables.
    pub tables: usize,
}

impl Share {
    fn of(table: &TableAudit) -> Self {
        // Of a policy that is not understood in part it is not known what that part allows.
        let partly: Vec<FactKind> = partly_read_policies(&table.facts).map(|(kind, _)| kind).collect();
        let seen = |kind: &FactKind| table.facts.gap(*kind).is_none() && !partly.contains(kind);
        let whole = table.outcome == Some(Outcome::Whole) && table.uninspected.is_none();
        Self {
            settings: FactKind::free().filter(seen).count(),
            of_settings: FactKind::free().count(),
            items: table.items,
            uninspected: table.uninspected.items(),
            of_items: table.facts.description.known().map(|d| d.items.max(table.items)),
            whole: usize::from(whole),
            tables: 1,
        }
    }

    fn add(&mut self, other: Self) {
        self.settings += other.settings;
        self.of_settings += other.of_settings;
        self.items = self.items.saturating_add(other.items);
        self.of_items = self.of_items.zip(other.of_items).map(|(a, b)| a.saturating_add(b));
        self.uninspected = self.uninspected.saturating_add(other.uninspected);
        self.whole += other.whole;
        self.tables += other.tables;
    }

    /// Whether everything was looked at.
    pub const fn is_whole(&self) -> bool {
        self.settings == self.of_settings && self.whole == self.tables
    }

    /// Whether nothing was.
    pub const fn is_nothing(&self) -> bool {
        self.settings == 0 && self.items == 0 && self.whole == 0
    }

    /// `200 of about 10,449 items, 58 of 61 settings`.
    pub fn told(&self) -> String {
        let items = match (self.items, self.of_items) {
            _ if self.tables > 0 && self.whole == self.tables => match self.items {
                0 => "no item there".to_owned(),
                1 => "the only item".to_owned(),
                n => format!("all {} items", grouped(n)),
            },
            (0, _) => "no item".to_owned(),
            (n, Some(all)) if all > n => format!("{} of about {} items", grouped(n), grouped(all)),
            (n, _) => format!("{} items", grouped(n)),
        };
        let unopened = match self.uninspected {
            0 => String::new(),
            n => format!(" ({} not to their end)", grouped(n)),
        };
        format!(
            "{items}{unopened}, {} of {} settings",
            grouped(self.settings as u64),
            grouped(self.of_settings as u64)
        )
    }
}

/// What would raise a grade.
#[derive(Debug, Clone, PartialEq)]
pub struct Raise {
    /// To this one.
    pub to: Grade,
    /// If so many causes are removed.
    pub causes: usize,
    /// One of them: what it is.
    pub first: Safe,
}

/// A table, or all of them, graded.
#[derive(Debug, Clone, PartialEq)]
pub struct Graded {
    /// None where nothing was seen.
    pub grade: Option<Grade>,
    /// The grade if what is not known of the findings turns out badly.
    pub at_worst: Grade,
    /// The environment of the table, by its tag or its name.
    pub environment: Option<&'static str>,
    /// How many findings there are of each severity.
    pub counts: Counts,
    /// How many causes are of the worst severity.
    causes: usize,
    worst: Severity,
    /// How much was looked at.
    pub share: Share,
    /// Whether there is more than what it is of: tables that were not listed, accounts that were not opened.
    pub is_partial: bool,
    /// What would raise it; none where it is an A, or nothing was seen.
    pub raise: Option<Raise>,
}

impl Graded {
    /// Whether something that was not seen could lower it.
    pub fn is_open(&self) -> bool {
        let unseen = self.is_partial || !self.share.is_whole();
        self.grade.is_some_and(|grade| grade < Grade::F && (unseen || self.at_worst > grade))
    }

    /// `C`, `C?` where something that was not seen could lower it, or `-` where nothing was seen.
    pub fn letter(&self) -> String {
        match self.grade {
            None => "-".into(),
            Some(grade) => format!("{grade}{}", if self.is_open() { "?" } else { "" }),
        }
    }

    /// Why it is so, half a sentence: `2 causes of high severity, in production`.
    pub fn why(&self) -> String {
        if self.grade.is_none() {
            return "not graded: nothing of it was seen".into();
        }
        let place = match self.environment {
            Some("production") => ", in production".to_owned(),
            Some(other) => format!(", in {other}"),
            None => String::new(),
        };
        let why = match (self.worst, self.causes) {
            (Severity::Info, _) => "nothing above info in what was seen".to_owned(),
            (worst, 1) => format!("1 cause of {worst} severity{place}"),
            (worst, n) => format!("{n} causes of {worst} severity{place}"),
        };
        let worse = self.grade.is_some_and(|grade| self.at_worst > grade);
        let of_what = if self.causes == 1 { "it" } else { "them" };
        if worse { format!("{why}; {} if what is not known of {of_what} is bad", self.at_worst) } else { why }
    }

    /// What would raise it, a sentence; none where nothing would.
    pub fn better(&self) -> Option<String> {
        let Raise { to, causes, first } = self.raise.as_ref()?;
        Some(match causes {
            1 => format!("{to} without \"{first}\""),
            n => format!("{to} without these {n}, \"{first}\" first"),
        })
    }
}

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

/// Grades of tables.
#[derive(Debug, Clone, PartialEq)]
pub struct Grades {
    /// Of all together: as good as the worst.
    pub overall: Graded,
    /// Of each, the worst first; of one grade those with more and worse findings first.
    pub tables: Vec<(TableRef, Graded)>,
}

/// Grades tables by their findings, which are grouped by cause; `groups` are of `findings`. `is_whole` says that there are no
/// more tables than these.
pub fn grades<'a>(
    audit: &Audit,
    tables: impl IntoIterator<Item = &'a TableAudit>,
    is_whole: bool,
    findings: &[Finding],
    groups: &[Group],
) -> Grades {
    let mut of_table: BTreeMap<&TableRef, Vec<Found>> = BTreeMap::new();
    let mut all: Vec<Found> = Vec::new();
    for group in groups {
        for finding in group.members.iter().filter_map(|n| findings.get(*n)) {
            all.push((Some(group), finding));
            // What is wrong with a Region is no table's.
            if matches!(finding.subject, FindingSubject::Table(_)) {
                of_table.entry(&finding.table).or_default().push((Some(group), finding));
            }
        }
    }
    let mut share = Share { of_items: Some(0), ..Share::default() };
    let mut graded: Vec<(TableRef, Graded)> = Vec::new();
    for table in tables {
        let own = Share::of(table);
        share.add(own);
        let known = of_table.get(&table.table).map(Vec::as_slice).unwrap_or_default();
        let place = environment(table);
        graded.push((table.table.clone(), of(known, own, |_| place, place)));
    }
    // Where a finding is in production counts, also for all.
    let its_own = |finding: &Finding| {
        let is_of_table = matches!(finding.subject, FindingSubject::Table(_));
        audit.table(&finding.table).filter(|_| is_of_table).and_then(environment)
    };
    let overall = Graded { is_partial: !is_whole, ..of(&all, share, its_own, None) };
    let heavy = |graded: &Graded| {
        let rank = graded.grade.map_or(0, |grade| 1 + grade as usize);
        let mut counts = graded.counts;
        counts.reverse();
        std::cmp::Reverse((rank, counts))
    };
    graded.sort_by(|(a, of_a), (b, of_b)| heavy(of_a).cmp(&heavy(of_b)).then_with(|| a.cmp(b)));
    Grades { overall, tables: graded }
}

/// The grade of one table by its findings alone, whatever their causes.
pub fn grade<'a>(table: &TableAudit, findings: impl Iterator<Item = &'a Finding>) -> Graded {
    let of_table = |finding: &&Finding| matches!(finding.subject, FindingSubject::Table(_));
    let found: Vec<Found> = findings.filter(of_table).map(|finding| (None, finding)).collect();
    let place = environment(table);
    of(&found, Share::of(table), |_| place, place)
}

/// A finding, and its cause where that was asked for.
type Found<'a> = (Option<&'a Group>, &'a Finding);

fn of(
    found: &[Found],
    share: Share,
    place_of: impl Fn(&Finding) -> Option<&'static str>,
    environment: Option<&'static str>,
) -> Graded {
    let mut counts = Counts::default();
    found.iter().for_each(|(_, finding)| counts[finding.severity as usize] += 1);
    let grade_of = |finding: &Finding, severity: Severity| grade_of(severity, place_of(finding));
    let now = |(_, finding): &Found| grade_of(finding, finding.severity);
    let grade = found.iter().map(now).max().unwrap_or(Grade::A);
    let at_worst = found.iter().map(|(_, f)| grade_of(f, f.worst)).max().unwrap_or(Grade::A).max(grade);
    let deciding = || found.iter().filter(|one| now(one) == grade);
    let worst = deciding().map(|(_, finding)| finding.severity).max().unwrap_or(Severity::Info);
    let mut causes: Vec<&Group> = Vec::new();
    for (group, _) in deciding() {
        if let Some(group) = group
            && !causes.iter().any(|known| std::ptr::eq(*known, *group))
        {
            causes.push(group);
        }
    }
    let to = found.iter().map(now).filter(|other| *other < grade).max().unwrap_or(Grade::A);
    let is_graded = !share.is_nothing() || !found.is_empty();
    let raise = causes.first().filter(|_| is_graded && grade > Grade::A).map(|first| Raise {
        to,
        causes: causes.len(),
        first: Safe::neutral(&first.title),
    });
    Graded {
        grade: is_graded.then_some(grade),
        at_worst,
        environment,
        counts,
        causes: causes.len(),
        worst,
        share,
        is_partial: false,
        raise,
    }
}

/// What each finding weighs where causes of the same severity are compared.
const WEIGHTS: [usize; Severity::ALL.len()] = [0, 1, 8, 64, 512];

/// Checks that fail before a date: after it there is nothing left to fix.
const URGENT: &[&str] = &["key-pending-deletion"];

/// The causes whose removal lowers risk most, the first first: the worst, of those what cannot wait, then the ones of which
/// most comes.
pub fn first_to_fix(findings: &[Finding], groups: &[Group]) -> Vec<usize> {
    let weight = |group: &Group| -> usize {
        let all = group.members.iter().filter_map(|n| findings.get(*n));
        all.map(|finding| WEIGHTS[finding.severity as usize].saturating_mul(finding.tables().count())).sum()
    };
    let mut order: Vec<usize> = (0..groups.len()).filter(|n| groups[*n].severity > Severity::Info).collect();
    let is_urgent = |group: &Group| {
        let mut all = group.members.iter().filter_map(|n| findings.get(*n));
        all.any(|finding| URGENT.contains(&finding.rule()))
    };
    order.sort_by_key(|n| {
        let group = &groups[*n];
        std::cmp::Reverse((group.severity, is_urgent(group), weight(group)))
    });
    order
}
