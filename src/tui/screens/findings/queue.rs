//! What stands in the list: a row a cause, which opens into its findings, or each finding by itself.

use std::collections::BTreeSet;

use crate::audit::{Audit, Change, Comparison, Group, GroupBy};
use crate::domain::{Finding, FindingId, Origin, Severity};
use crate::tui::fuzzy;

/// From this severity on, causes are shown unless others are asked for.
const SHOWN_FROM: Severity = Severity::Medium;

/// Fewer hex digits than this are not taken for the beginning of a fingerprint.
const LEAST_DIGITS: usize = 6;

/// Which findings are listed, by where they come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Kind {
    /// All of them.
    #[default]
    All,
    /// Those of items.
    Secrets,
    /// Those of settings and policies.
    Settings,
}

impl Kind {
    /// The one after it; the first after the last.
    pub const fn next(self) -> Self {
        match self {
            Self::All => Self::Secrets,
            Self::Secrets => Self::Settings,
            Self::Settings => Self::All,
        }
    }

    /// The word for it, where it leaves something out.
    pub const fn word(self) -> Option<&'static str> {
        match self {
            Self::All => None,
            Self::Secrets => Some("secrets only"),
            Self::Settings => Some("settings only"),
        }
    }

    /// Whether a finding is of it.
    pub fn takes(self, finding: &Finding) -> bool {
        match self {
            Self::All => true,
            Self::Secrets => matches!(finding.origin, Origin::Secret(_)),
            Self::Settings => matches!(finding.origin, Origin::Posture(_)),
        }
    }
}

/// In what order rows stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Order {
    /// The worst first.
    #[default]
    Worst,
    /// By table, each with its worst first.
    Place,
    /// By what it is.
    Title,
    /// Those with most findings first.
    Most,
}

impl Order {
    /// The one after it; the first after the last.
    pub const fn next(self) -> Self {
        match self {
            Self::Worst => Self::Place,
            Self::Place => Self::Title,
            Self::Title => Self::Most,
            Self::Most => Self::Worst,
        }
    }

    /// The word for it, where it is not the usual one.
    pub const fn word(self) -> Option<&'static str> {
        match self {
            Self::Worst => None,
            Self::Place => Some("by table"),
            Self::Title => Some("by title"),
            Self::Most => Some("most first"),
        }
    }
}

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
pub(super) struct Queue {
    /// All, worst first.
    pub all: Vec<Finding>,
    /// The same by their causes.
    pub groups: Vec<Group>,
    /// Each finding by itself.
    pub each: bool,
    /// From which severity on causes are shown.
    pub from: Severity,
    /// Where they come from.
    pub kind: Kind,
    /// Their order.
    pub order: Order,
    /// By what they are put together.
    pub by: GroupBy,
    /// Causes that are open, by their first findings.
    open: BTreeSet<FindingId>,
    /// How the findings stand to an earlier audit, where there is one to compare with.
    pub compared: Option<Comparison>,
    lines: Vec<Line>,
    /// Causes that are not shown for their severity.
    left_out: usize,
}

impl Queue {
    /// An empty one; of one table there is little, so all of it is shown.
    pub fn new(of_one_table: bool) -> Self {
        Self {
            all: Vec::new(),
            groups: Vec::new(),
            each: false,
            from: if of_one_table { Severity::Info } else { SHOWN_FROM },
            kind: Kind::default(),
            order: Order::default(),
            by: GroupBy::default(),
            open: BTreeSet::new(),
            compared: None,
            lines: Vec::new(),
            left_out: 0,
        }
    }

    /// All severities, or the usual ones again.
    pub fn low_too(&mut self) {
        self.from = if self.from == Severity::Info { SHOWN_FROM } else { Severity::Info };
    }

    /// Shows from one severity higher on, or one lower; whether that changes anything.
    pub fn shift(&mut self, higher: bool) -> bool {
        let at = self.from as usize;
        let to = if higher { (at + 1).min(Severity::ALL.len() - 1) } else { at.saturating_sub(1) };
        std::mem::replace(&mut self.from, Severity::ALL[to]) != self.from
    }

    /// What is shown and in what order, where that is not the usual: `high and worse, secrets only, by table`.
    pub fn told(&self) -> Option<String> {
        let from = match self.from {
            Severity::Critical => Some("critical only".to_owned()),
            from => (from > SHOWN_FROM).then(|| format!("{from} and worse")),
        };
        let word = |word: Option<&str>| word.map(str::to_owned);
        let by = (self.by != GroupBy::Cause && !self.each).then(|| format!("a row a {}", self.by.word()));
        let all: Vec<String> =
            [from, word(self.kind.word()), by, word(self.order.word())].into_iter().flatten().collect();
        (!all.is_empty()).then(|| all.join(", "))
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
    pub fn arrange(&mut self, query: &str, audit: &Audit) {
        self.left_out = 0;
        self.lines = match (query.trim().is_empty(), self.each) {
            (true, true) => {
                let mut all: Vec<usize> = (0..self.all.len()).filter(|n| self.takes(*n)).collect();
                self.sort(&mut all, |n| (self.all[*n].place(), self.all[*n].title.clone(), 1));
                all.into_iter().map(|at| Line::Finding { at, below: false }).collect()
            }
            (true, false) => self.causes(),
            (false, _) => self.found(query, audit),
        };
    }

    /// Whether a finding is of the kind that is shown.
    fn takes(&self, at: usize) -> bool {
        self.all.get(at).is_some_and(|finding| self.kind.takes(finding))
    }

    /// Puts rows that stand worst first into the order that is asked for, by place, title and number of findings.
    fn sort<T>(&self, rows: &mut [T], of: impl Fn(&T) -> (String, String, usize)) {
        match self.order {
            Order::Worst => {}
            Order::Place => rows.sort_by_cached_key(|row| of(row).0),
            Order::Title => rows.sort_by_cached_key(|row| of(row).1),
            Order::Most => rows.sort_by_cached_key(|row| std::cmp::Reverse(of(row).2)),
        }
    }

    /// A row a cause, and below those that are open their findings.
    fn causes(&mut self) -> Vec<Line> {
        let worth = |group: &Group| group.worst >= self.from;
        // Nothing is worth it: then there is no reason to hide the rest, unless somebody asked for the worst alone.
        let all = self.from <= SHOWN_FROM && !self.groups.iter().any(worth);
        let mut shown: Vec<usize> = Vec::new();
        for (n, group) in self.groups.iter().enumerate() {
            if all || worth(group) {
                shown.push(n);
            }
        }
        self.sort(&mut shown, |n| {
            let group = &self.groups[*n];
            (group.place.clone(), group.title.clone(), group.members.len())
        });
        self.left_out = self.groups.len() - shown.len();
        let mut lines = Vec::new();
        shown.into_iter().for_each(|n| self.push_cause(n, &mut lines));
        lines
    }

    /// What a filter finds.
    fn found(&self, query: &str, audit: &Audit) -> Vec<Line> {
        // One value may be among many: what is typed of its fingerprint is looked for in all of them.
        let typed = query.trim().to_ascii_lowercase();
        let typed = typed.strip_prefix("fingerprint ").unwrap_or(&typed).to_owned();
        let is_print = typed.len() >= LEAST_DIGITS && typed.bytes().all(|b| b.is_ascii_hexdigit());
        let finding = |f: &Finding| {
            let news = self.news(&[f]).map_or("", Change::word);
            let table = audit.table(&f.table);
            let environment = table.and_then(|t| t.environment()).unwrap_or_default();
            let accepted = if f.accepted.is_some() { "accepted" } else { "" };
            let mut words = format!(
                "{} {news} {accepted} {} {} {} {} {environment}",
                f.severity,
                f.place(),
                f.title,
                f.rule(),
                f.short_id()
            );
            if let Origin::Secret(flagged) = &f.origin {
                words.push_str(&format!(" {} fingerprint {}", flagged.masked, flagged.fingerprint));
                let prints = table.into_iter().flat_map(|t| t.fingerprints(flagged));
                prints.filter(|print| is_print && print.starts_with(&typed)).for_each(|print| {
                    words.push(' ');
                    words.push_str(print);
                });
            }
            words
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
        // What was accepted is in no group, and is found all the same.
        let accepted = self.all.iter().enumerate().filter(|(at, f)| f.accepted.is_some() && self.takes(*at));
        candidates.extend(accepted.map(|(at, f)| (Line::Finding { at, below: false }, finding(f))));
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
    pub fn fold(&mut self, row: usize, open: bool, query: &str, audit: &Audit) -> Option<usize> {
        let cause = (0..=row).rev().find(|row| matches!(self.lines.get(*row), Some(Line::Cause(_))))?;
        if self.findings(cause).len() < 2 {
            return None;
        }
        let id = self.finding(cause)?.id.clone();
        let changes = if open { self.open.insert(id) } else { self.open.remove(&id) };
        changes.then(|| {
            self.arrange(query, audit);
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
