//! What stands in the list: a row a cause, which opens into its findings, or each finding by itself.

use std::collections::BTreeSet;

use crate::audit::{Change, Comparison, Group};
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
    /// How the findings stand to an earlier audit, where there is one to compare with.
    pub compared: Option<Comparison>,
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

    /// Makes the rows anew. A filter finds causes by what their rows say, and the findings of the others one by one, of any
    /// severity.
    pub fn arrange(&mut self, query: &str) {
        self.left_out = 0;
        self.lines = match (query.trim().is_empty(), self.each) {
            (true, true) => (0..self.all.len()).map(|at| Line::Finding { at, below: false }).collect(),
            (true, false) => self.causes(),
            (false, _) => self.found(query),
        };
    }

    /// A row a cause, and below those that are open their findings.
    fn causes(&mut self) -> Vec<Line> {
        let worth = |group: &Group| group.worst >= SHOWN_FROM;
        let all = self.low_too || !self.groups.iter().any(worth);
        let mut lines = Vec::new();
        for (n, group) in self.groups.iter().enumerate() {
            if !all && !worth(group) {
                self.left_out += 1;
                continue;
            }
            self.push_cause(n, &mut lines);
        }
        lines
    }

    /// What a filter finds.
    fn found(&self, query: &str) -> Vec<Line> {
        let finding = |f: &Finding| {
            let news = self.news(&[f]).map_or("", Change::word);
            format!("{} {news} {} {} {} {}", f.severity, f.place(), f.title, f.rule(), f.short_id())
        };
        let mut candidates: Vec<(Line, String)> = Vec::new();
        for (n, group) in self.groups.iter().enumerate() {
            let members = group.members.iter().filter_map(|at| Some((*at, self.all.get(*at)?)));
            if !self.each {
                let mut own = format!("{} {} {}", group.severity, group.place, group.title);
                if let [one] = group.members[..] {
                    own.extend(self.all.get(one).map(|f| format!(" {}", finding(f))));
                    candidates.push((Line::Cause(n), own));
                    continue;
                }
                candidates.push((Line::Cause(n), own));
            }
            candidates.extend(members.map(|(at, f)| (Line::Finding { at, below: false }, finding(f))));
        }
        let rows = fuzzy::find(query, candidates.iter().map(|(_, words)| words.as_str())).rows();
        let found: Vec<Line> = rows.into_iter().map(|n| candidates[n].0).collect();
        let of_causes = found.iter().filter_map(|line| match line {
            Line::Cause(n) => Some(&self.groups[*n].members),
            Line::Finding { .. } => None,
        });
        let in_causes: BTreeSet<usize> = of_causes.flatten().copied().collect();
        let mut lines = Vec::new();
        for line in found {
            match line {
                Line::Cause(n) => self.push_cause(n, &mut lines),
                Line::Finding { at, .. } if in_causes.contains(&at) => {}
                Line::Finding { .. } => lines.push(line),
            }
        }
        lines
    }

    /// Whether there is anything new in some findings, or worse; none where nothing is or there is nothing to compare with.
    pub fn news(&self, findings: &[&Finding]) -> Option<Change> {
        let compared = self.compared.as_ref()?;
        findings.iter().map(|f| compared.of(f)).filter(|change| change.is_news()).min()
    }

    /// A cause, and below it its findings if it is open.
    fn push_cause(&self, n: usize, lines: &mut Vec<Line>) {
        lines.push(Line::Cause(n));
        if self.is_open(n) {
            lines.extend(self.groups[n].members.iter().map(|at| Line::Finding { at: *at, below: true }));
        }
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
