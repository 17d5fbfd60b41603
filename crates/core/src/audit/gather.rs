//! One cause, one finding: what is wrong with a Region is not told again for each of its tables.

use std::collections::BTreeMap;

use super::messages::OF_SOME_TABLES;
use crate::domain::{Evidence, Finding, FindingSubject, TableRef};

/// Makes one finding of those that have the same subject and the same check, with all tables that they are of. It is as
/// bad as the worst of them. What they say is said once; what is said of some of the tables alone names them.
pub(super) fn by_subject(all: Vec<Finding>) -> Vec<Finding> {
    let mut gathered: Vec<Finding> = Vec::new();
    let mut shared: BTreeMap<(FindingSubject, String), Vec<Finding>> = BTreeMap::new();
    for finding in all {
        match finding.subject {
            FindingSubject::Table(_) => gathered.push(finding),
            FindingSubject::Region(_) => {
                let cause = (finding.subject.clone(), finding.rule().to_owned());
                shared.entry(cause).or_default().push(finding);
            }
        }
    }
    gathered.extend(shared.into_values().filter_map(one));
    gathered
}

fn one(mut same: Vec<Finding>) -> Option<Finding> {
    same.sort_by(|a, b| a.table.cmp(&b.table));
    let mut said: Vec<(Evidence, Vec<TableRef>)> = Vec::new();
    for finding in &same {
        for evidence in &finding.evidence {
            match said.iter_mut().find(|(known, _)| known == evidence) {
                Some((_, tables)) => tables.push(finding.table.clone()),
                None => said.push((evidence.clone(), vec![finding.table.clone()])),
            }
        }
    }
    let count = same.len();
    let of = |(evidence, tables): (Evidence, Vec<TableRef>)| match tables.len() {
        n if n == count => evidence,
        _ => {
            let names: Vec<&str> = tables.iter().map(|t| t.name.as_str()).collect();
            OF_SOME_TABLES.with("tables", names).with("evidence", vec![evidence])
        }
    };
    // The description of one table tells the account of all.
    let whole = same.iter().find(|f| !f.id.is_provisional()).map(|f| f.id.clone());
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
    let first = same.swap_remove(0);
    let id = whole.unwrap_or_else(|| first.id.clone());
    Some(Finding { id, table, also, severity, worst, unknown, evidence, ..first })
}
