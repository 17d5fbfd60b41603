//! One cause, one finding: what is wrong with a Region is not told again for each of its tables.

use std::collections::BTreeMap;

use crate::domain::{Finding, FindingId, FindingSubject, Safe, TableRef};

/// A sentence names at most so many tables.
const MOST_NAMED: usize = 5;

/// Makes one finding of those that have the same subject and the same check, with all tables that they are of. It is as
/// bad as the worst of them. What they say is said once; what is said of some of the tables alone names them.
pub(super) fn by_subject(all: Vec<Finding>) -> Vec<Finding> {
    let mut gathered: Vec<Finding> = Vec::new();
    let mut shared: BTreeMap<FindingId, Vec<Finding>> = BTreeMap::new();
    for finding in all {
        match finding.subject {
            FindingSubject::Table(_) => gathered.push(finding),
            FindingSubject::Region(_) => shared.entry(finding.id.clone()).or_default().push(finding),
        }
    }
    gathered.extend(shared.into_values().filter_map(one));
    gathered
}

fn one(mut same: Vec<Finding>) -> Option<Finding> {
    same.sort_by(|a, b| a.table.cmp(&b.table));
    let mut said: Vec<(Safe, Vec<TableRef>)> = Vec::new();
    for finding in &same {
        for text in &finding.evidence {
            match said.iter_mut().find(|(known, _)| known == text) {
                Some((_, tables)) => tables.push(finding.table.clone()),
                None => said.push((text.clone(), vec![finding.table.clone()])),
            }
        }
    }
    let count = same.len();
    let of = |(text, tables): (Safe, Vec<TableRef>)| match tables.len() {
        n if n == count => text,
        _ => Safe::neutral(&format!("{}: {text}", named(&tables))),
    };
    let severity = same.iter().map(|f| f.severity).max()?;
    let worst = same.iter().map(|f| f.worst).max()?;
    let mut unknown = Vec::new();
    for missing in same.iter().flat_map(|f| &f.unknown) {
        if !unknown.contains(missing) {
            unknown.push(missing.clone());
        }
    }
    let mut tables = same.iter().map(|f| f.table.clone());
    let (table, also) = (tables.next()?, tables.collect());
    let evidence = said.into_iter().map(of).collect();
    // What is not known of a table matters only where it could make the whole worse.
    let unknown = if worst > severity { unknown } else { Vec::new() };
    Some(Finding { table, also, severity, worst, unknown, evidence, ..same.swap_remove(0) })
}

fn named(tables: &[TableRef]) -> String {
    let mut names: Vec<&str> = tables.iter().take(MOST_NAMED).map(|t| t.name.as_str()).collect();
    let more = format!("{} more", tables.len().saturating_sub(MOST_NAMED));
    if tables.len() > MOST_NAMED {
        names.push(&more);
    }
    names.join(", ")
}
