//! What stands in the list: a row a cause, which opens into its findings, or each finding by itself.

use std::collections::BTreeSet;

use crate::audit::Group;
use crate::domain::{Finding, FindingId, Severity};
use crate::tui::fuzzy;

/// From this severity on, causes are shown unless all are asked for.
const SHOWN_FROM: Severity = Severity::Medium;

/// A row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line {
    /// A cause, by its place among the groups.
    Cause(usize),
    /// A finding, by its place in the list; of an open cause, or by itself.
    Finding {
        /// Its place in the list of findings.
        at: usize,
        /// Whether it stands below its cause.
        below: bool,
    },
}

/// Findings, their causes, and how they are to be shown.
#[derive(Default)]
pub(super) struct Queue {
    /// All, worst first.
    pub all: Vec<Finding>,
    /// The same by their causes.
    pub groups: Vec<Group>,
    /// Each finding by itself.
    pub each: bool,
    /// Those of low severity, too.
    pub low_too: bool,
    /// Causes that are open, by their first findings.
    open: BTreeSet<FindingId>,
    lines: Vec<Line>,
    /// Causes that are not shown for their severity.
    left_out: usize,
}

impl Queue {
    /// An empty one.
    pub fn new(low_too: bool) -> Self {
        Self { low_too, ..Self::default() }
    }

    /// The rows as they are now.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// How many causes are not shown for their severity.
    pub const fn left_out(&self) -> usize {
        self.left_out
    }

    /// Makes the rows anew; those of a filter are of any severity.
    pub fn arrange(&mut self, query: &str) {
        self.left_out = 0;
        let words: Vec<String> = self
            .all
            .iter()
            .map(|f| format!("{} {} {} {} {}", f.severity, f.place(), f.title, f.rule(), f.short_id()))
            .collect();
        if self.each {
            let rows = fuzzy::find(query, words.iter().map(String::as_str)).rows();
            self.lines = rows.into_iter().map(|at| Line::Finding { at, below: false }).collect();
            return;
        }
        let of_group = |group: &Group| {
            let of_members = group.members.iter().filter_map(|n| words.get(*n)).map(String::as_str);
            let own = [group.place.as_str(), group.title.as_str()];
            own.into_iter().chain(of_members).collect::<Vec<_>>().join("\n")
        };
        let causes: Vec<String> = self.groups.iter().map(of_group).collect();
        let found = fuzzy::find(query, causes.iter().map(String::as_str)).rows();
        let worth = |n: &usize| self.groups[*n].worst >= SHOWN_FROM;
        let all = !query.trim().is_empty() || self.low_too || !found.iter().any(worth);
        let mut lines = Vec::new();
        for n in found {
            if !all && !worth(&n) {
                self.left_out += 1;
                continue;
            }
            lines.push(Line::Cause(n));
            if self.first(n).is_some_and(|f| self.open.contains(&f.id)) {
                let members = self.groups[n].members.iter();
                lines.extend(members.map(|at| Line::Finding { at: *at, below: true }));
            }
        }
        self.lines = lines;
    }

    fn first(&self, group: usize) -> Option<&Finding> {
        self.all.get(*self.groups.get(group)?.members.first()?)
    }

    /// The finding of a row; of a cause, the worst.
    pub fn finding(&self, row: usize) -> Option<&Finding> {
        match self.lines.get(row)? {
            Line::Cause(group) => self.first(*group),
            Line::Finding { at, .. } => self.all.get(*at),
        }
    }

    /// All findings of a row.
    pub fn findings(&self, row: usize) -> Vec<&Finding> {
        match self.lines.get(row) {
            Some(Line::Cause(group)) => {
                self.groups[*group].members.iter().filter_map(|n| self.all.get(*n)).collect()
            }
            Some(Line::Finding { at, .. }) => self.all.get(*at).into_iter().collect(),
            None => Vec::new(),
        }
    }

    /// All that is in the rows, in their order, each once: what one steps through from a finding.
    pub fn in_order(&self) -> Vec<&Finding> {
        let open = |line: &&Line| !matches!(line, Line::Finding { below: true, .. });
        let rows = self.lines.iter().enumerate().filter(|(_, line)| open(line));
        rows.flat_map(|(row, _)| self.findings(row)).collect()
    }

    /// Opens or closes the cause of a row, and says which row it is then; `None` where nothing changes.
    pub fn fold(&mut self, row: usize, open: bool, query: &str) -> Option<usize> {
        let cause = (0..=row).rev().find(|row| matches!(self.lines.get(*row), Some(Line::Cause(_))))?;
        if self.findings(cause).len() < 2 {
            return None;
        }
        let id = self.finding(cause)?.id.clone();
        let changes = if open { self.open.insert(id) } else { self.open.remove(&id) };
        changes.then(|| {
            self.arrange(query);
            cause
        })
    }

    /// Whether a cause is open.
    pub fn is_open(&self, group: usize) -> bool {
        self.first(group).is_some_and(|f| self.open.contains(&f.id))
    }

    /// The row that shows a finding: its own, else that of its cause.
    pub fn row_of(&self, id: &FindingId) -> Option<usize> {
        let own =
            |row: &usize| matches!(self.lines[*row], Line::Finding { at, .. } if self.all[at].id == *id);
        let rows = || 0..self.lines.len();
        let cause = |row: &usize| self.findings(*row).iter().any(|f| f.id == *id);
        rows().find(own).or_else(|| rows().find(cause))
    }
}
