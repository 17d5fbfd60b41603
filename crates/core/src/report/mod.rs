//! An audit, printed. Everything that is not the program's own text goes through [`Safe`](crate::domain::Safe).

/// Writing to a String cannot fail; this says so once.
macro_rules! line {
    ($out:expr) => { $out.push('\n') };
    ($out:expr, $($arg:tt)*) => {{ let _ = writeln!($out, $($arg)*); }};
}

pub mod csv;
pub mod html;
pub mod json;
pub mod lines;
pub mod markdown;
pub mod sarif;
pub mod text;
pub mod unseen;

use std::borrow::Cow;
use std::collections::BTreeSet;

use jiff::Timestamp;

pub use unseen::{Cause, Unseen};

use crate::audit::{Audit, Comparison, Grades, Group, GroupBy, Lost, TableAudit, grades, groups, groups_by};
use crate::detect::RuleInfo;
use crate::domain::{Finding, Gap, Identity, Origin, Rcu, Scope, Severity, Sighting, TableRef};
use crate::readers::{Count, Memo, Survey};
use crate::remedy::{Fix, Options, fixes_with, topics_of, why_none};

/// A form of report, said in the file that makes it.
#[derive(Debug)]
pub struct Format {
    /// What the command line calls it.
    pub name: &'static str,
    /// What for.
    pub what: &'static str,
    /// How the name of such a file ends, without the dot.
    pub extension: &'static str,
    /// Whether it is for people: then totals are told beside it.
    pub for_people: bool,
    /// The report of a scan.
    pub scan: fn(&Run) -> String,
    /// A sighting of `inspect` in the item of an input line (from 1), as one line without its line break; `None` where the form is
    /// one of whole reports.
    pub sighting: Option<fn(u64, &Sighting) -> String>,
}

/// Every form, the usual one first.
pub static FORMATS: &[&Format] = &[
    &text::FORMAT,
    &json::FORMAT,
    &lines::FORMAT,
    &markdown::FORMAT,
    &html::FORMAT,
    &sarif::FORMAT,
    &csv::FORMAT,
];

/// One run of an audit: what a report is made of.
pub struct Run {
    /// The accounts and Regions that were read, or were to be.
    pub places: Vec<Visited>,
    /// What was seen.
    pub audit: Audit,
    /// Whether items were to be read at all.
    pub items: bool,
    /// The read budget; `None` without a limit.
    pub budget: Option<Rcu>,
    /// Units spent on items; an answer that was lost counts at its worst case.
    pub spent: Rcu,
    /// The command that opens the terminal interface on the same account, quoted for a shell; `None` where items came from
    /// files.
    pub interface: Option<String>,
    /// The command that prints a fix, before the id of a finding, quoted for a shell.
    pub fix_command: String,
    /// The command that goes on with a run that did not come to its end, where it was saved, quoted for a shell.
    pub resume_command: Option<String>,
    /// When it began.
    pub started: Timestamp,
    /// When it ended.
    pub finished: Timestamp,
    /// What was not seen.
    pub unseen: Vec<Unseen>,
    /// Whether the fix of each finding is part of its report.
    pub fixes: bool,
    /// Findings that cannot be as bad as this are counted and not listed.
    pub shown_from: Severity,
    /// By what findings are put together.
    pub group_by: GroupBy,
    /// How it stands to an earlier audit, where one was given.
    pub compared: Option<Comparison>,
    /// What of that is not there any more.
    pub lost: Vec<Lost>,
    /// Whether only what is new or worse since then is listed.
    pub only_news: bool,
}

/// An account in a Region, as a run came to it.
pub struct Visited {
    /// What the run calls it, for instance a profile, where it has a name.
    pub name: Option<String>,
    /// The account and Region.
    pub scope: Scope,
    /// Whose credentials were used.
    pub identity: Result<Identity, Gap>,
    /// Why nothing of it was read, if nothing was.
    pub failed: Option<Gap>,
}

/// Who can read a table.
pub struct WhoReads {
    /// Users and roles, and who is from outside.
    pub of_all: Survey,
    /// How many could become a reader, where that was looked for.
    pub could: Option<usize>,
}

impl WhoReads {
    /// How many read, in one line: `7 roles, 2 users, 1 from outside (3 could become one); IAM read`.
    pub fn told(&self) -> String {
        let count = Count { could: self.could.unwrap_or_default(), ..self.of_all.count() };
        count.told(self.of_all.people_read)
    }
}

impl Run {
    /// Of an audit, with nothing but what is usual: for the others, say `..Run::of(…)`.
    pub fn of(audit: Audit, started: Timestamp, finished: Timestamp) -> Self {
        Self {
            places: Vec::new(),
            audit,
            items: true,
            budget: None,
            spent: Rcu::ZERO,
            interface: None,
            fix_command: String::from("dynaudit fix"),
            resume_command: None,
            started,
            finished,
            unseen: Vec::new(),
            fixes: false,
            shown_from: Severity::Info,
            group_by: GroupBy::default(),
            compared: None,
            lost: Vec::new(),
            only_news: false,
        }
    }

    /// Who can read each table, of all of them; who could become a reader, of those in which a secret was found.
    pub fn who_reads(&self, findings: &[Finding]) -> Vec<(&TableRef, WhoReads)> {
        let mut memo = Memo::default();
        memo.survey(self.audit.tables().map(|t| (&t.table, &t.facts)));
        let secrets = findings.iter().filter(|f| matches!(f.origin, Origin::Secret(_)));
        let with_secrets: BTreeSet<&TableRef> = secrets.map(|f| &f.table).collect();
        let mut told = |t: &'_ TableAudit| {
            let of_all = memo.surveyed(&t.table)?.clone();
            let closely = of_all.people_read && with_secrets.contains(&t.table);
            let could = closely.then(|| memo.readers(&t.table, &t.facts)).flatten().map(|r| r.count().could);
            Some(WhoReads { of_all, could })
        };
        self.audit.tables().filter_map(|t| Some((&t.table, told(t)?))).collect()
    }

    /// Whether a report lists it. What may be worse than it is known to be is listed.
    pub fn lists(&self, finding: &Finding) -> bool {
        finding.worst.max(finding.severity) >= self.shown_from && self.counts(finding)
    }

    /// Whether a report lists a cause: that of something that counts.
    pub fn lists_group(&self, group: &Group, findings: &[Finding]) -> bool {
        let mut all = group.members.iter().filter_map(|n| findings.get(*n));
        group.worst >= self.shown_from && all.any(|finding| self.counts(finding))
    }

    /// Whether it counts for the exit code: everything, or what is new or worse where only that is asked for.
    pub fn counts(&self, finding: &Finding) -> bool {
        let news = self.compared.as_ref().filter(|_| self.only_news);
        news.is_none_or(|compared| compared.of(finding).is_news())
    }

    /// Findings by their causes.
    pub fn groups(&self, findings: &[Finding]) -> Vec<Group> {
        groups(&self.audit, findings, self.audit.tables().count())
    }

    /// Findings as they are to be put together; `causes` are [`Run::groups`] of them.
    pub fn grouped<'a>(&self, findings: &[Finding], causes: &'a [Group]) -> Cow<'a, [Group]> {
        match self.group_by {
            GroupBy::Cause => Cow::Borrowed(causes),
            by => groups_by(&self.audit, findings, self.audit.tables().count(), by, |_| true).into(),
        }
    }

    /// The grades of the tables.
    pub fn grades(&self, findings: &[Finding], groups: &[Group]) -> Grades {
        grades(&self.audit, self.audit.tables(), self.is_complete(), findings, groups)
    }

    /// Whether items came from files rather than from tables.
    pub fn is_of_files(&self) -> bool {
        self.unseen.iter().any(|unseen| unseen.cause == Cause::SettingsNotRead)
    }

    /// Whether all that was planned was done; if not, the exit code is 3.
    pub fn is_complete(&self) -> bool {
        self.unfinished().next().is_none()
    }

    /// The topics of the fixes of a finding: its own, then those that stand beside it.
    pub fn topics_of(&self, finding: &Finding) -> Vec<&'static str> {
        let Some(table) = self.audit.table(&finding.table) else { return Vec::new() };
        topics_of(finding, &table.facts).iter().map(|topic| topic.id).collect()
    }

    /// Why a finding has no fix in any language.
    pub fn why_no_fix(&self, finding: &Finding) -> Option<String> {
        why_none(finding, &self.audit.table(&finding.table)?.facts)
    }

    /// The fixes of a finding, in every language for which enough is known.
    pub fn fixes_of(&self, finding: &Finding) -> Vec<Fix> {
        let Some(table) = self.audit.table(&finding.table) else { return Vec::new() };
        let of_place = |place: &&Visited| place.scope == *finding.table.scope;
        let profile = self.places.iter().find(of_place).and_then(|place| place.name.clone());
        fixes_with(finding, &table.facts, &Options { profile, ..Options::default() })
    }

    /// What was planned and not done.
    pub fn unfinished(&self) -> impl Iterator<Item = &Unseen> {
        self.unseen.iter().filter(|unseen| unseen.is_incomplete())
    }
}

/// What the catalogue says of a finding's rule: why it matters, and where it is rotated.
fn rule(finding: &Finding) -> Option<&'static RuleInfo> {
    match &finding.origin {
        Origin::Secret(flagged) => crate::detect::about(&flagged.rule),
        Origin::Posture(_) => None,
    }
}
