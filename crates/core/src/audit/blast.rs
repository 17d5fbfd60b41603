//! How far a secret reaches, in one line that goes on after what it is: how many values there are, who can read them, what
//! carries them, where the copies are.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::Audit;
use crate::domain::{Field, Finding, Origin, Safe};
use crate::posture::{Copied, CopyLocation, INDEXES, Stays, places};
use crate::readers::Count;

/// How many places with copies, and how many accounts, are named.
const NAMED: usize = 2;

/// How far a secret reaches; none of a setting. `readers` says how many can read its table, and whether the people of the
/// account were read, where that was looked for.
pub fn blast(
    audit: &Audit,
    finding: &Finding,
    readers: Option<(Count, bool)>,
    now: Timestamp,
) -> Option<Safe> {
    let Origin::Secret(flagged) = &finding.origin else { return None };
    let table = audit.table(&finding.table)?;
    let (different, more) = table.distinct(flagged);
    let values = match different {
        0 | 1 => "1 value seen".to_owned(),
        n => format!("{n}{} different values seen", if more { " or more" } else { "" }),
    };
    let copies = places(&table.subject(now), audit.restored(&finding.table));
    let parts = [
        Some(values),
        Some(read_by(finding, readers)),
        elsewhere(finding),
        carried(finding),
        kept(&copies, &flagged.path.to_string()),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    Some(Safe::neutral(&parts.join("; ")))
}

/// Who can read it, and the accounts from outside by their numbers.
fn read_by(finding: &Finding, readers: Option<(Count, bool)>) -> String {
    let accounts: BTreeSet<&str> = finding
        .said()
        .filter(|evidence| evidence.kind() == "principal-account")
        .filter_map(|evidence| evidence.text("account"))
        .collect();
    let named: Vec<&str> = accounts.iter().take(NAMED).copied().collect();
    let more =
        if accounts.len() > NAMED { format!(" and {} more", accounts.len() - NAMED) } else { String::new() };
    let outside = match named.as_slice() {
        [] => None,
        [one] => Some(format!("account {one}")),
        some => Some(format!("accounts {}{more}", some.join(", "))),
    };
    let is_read = finding.said().any(|evidence| evidence.kind() == "others-can-read");
    let is_open = finding.said().any(|evidence| evidence.kind() == "readers-unknown");
    match (readers, outside) {
        (Some((count, people_read)), Some(outside)) if count.outside == 0 => {
            format!("readable by {}; a policy lets {outside} in", count.told(people_read))
        }
        (Some((count, people_read)), outside) => {
            format!("readable by {}", count.told_naming(people_read, outside.as_deref()))
        }
        (None, Some(outside)) => format!("readable by {outside}; IAM not read"),
        (None, None) if is_read => "readable by others; IAM not read".into(),
        (None, None) if is_open => "who can read it is not known".into(),
        (None, None) => "IAM not read".into(),
    }
}

/// The other tables that hold the same.
fn elsewhere(finding: &Finding) -> Option<String> {
    let also = finding.said().find(|evidence| evidence.kind() == "same-secret-in-other-tables")?;
    match also.field("tables") {
        Some(Field::Parts(all)) => {
            let n = all.count();
            Some(if n == 1 { "also in 1 other table".into() } else { format!("also in {n} other tables") })
        }
        _ => None,
    }
}

/// The indexes that carry it.
fn carried(finding: &Finding) -> Option<String> {
    let copied = finding.said().find(|evidence| evidence.kind() == "copied-into-indexes")?;
    match copied.field("indexes") {
        Some(Field::Texts(all)) => {
            let named: Vec<&str> = all.kept.iter().take(NAMED).map(Safe::as_str).collect();
            let n = all.count();
            Some(match (n, named.as_slice()) {
                (1, [one]) => format!("index {one} carries it"),
                (n, some) if n == some.len() as u64 => format!("indexes {} carry it", some.join(" and ")),
                (n, _) => format!("{n} indexes carry it"),
            })
        }
        _ => None,
    }
}

/// Where it stays besides the table: with others first, by name. What does not carry this attribute is no copy of it.
fn kept(copies: &[CopyLocation], path: &str) -> Option<String> {
    let carries = |copy: &&Copied| match &copy.flagged {
        None => true,
        Some(paths) => paths.iter().any(|carried| carried.as_str() == path),
    };
    // Indexes are told by their names.
    let places = || copies.iter().filter(|place| place.title != INDEXES);
    let all: Vec<&Copied> =
        places().flat_map(|place| place.copies.iter().flatten()).filter(carries).collect();
    let count = |is: fn(&Stays) -> bool| all.iter().filter(|copy| is(&copy.stays)).count();
    let beside = count(|stays| *stays == Stays::No);
    let outlive = count(|stays| !matches!(stays, Stays::No | Stays::HandedOn));
    let handed = count(|stays| *stays == Stays::HandedOn);
    let unseen = copies.iter().filter(|place| place.copies.is_err()).count();
    let of_others: Vec<String> =
        all.iter().filter_map(|copy| Some(format!("{} ({})", copy.name, copy.of_others.as_ref()?))).collect();
    let mut parts = Vec::new();
    if !of_others.is_empty() {
        let more = of_others.len().saturating_sub(NAMED);
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        let named: Vec<&str> = of_others.iter().take(NAMED).map(String::as_str).collect();
        parts.push(format!("copied to {}{more}", named.join(", ")));
    }
    let many =
        |n: usize, one: &str, more: &str| (n > 0).then(|| format!("{n} {}", if n == 1 { one } else { more }));
    parts.extend(many(beside, "replica has it", "replicas have it"));
    parts.extend(many(outlive, "copy outlives it", "copies outlive it"));
    parts.extend(many(handed, "reader gets it, or may", "readers get it, or may"));
    parts.extend(many(unseen, "kind of copy not known", "kinds of copies not known"));
    Some(if parts.is_empty() { "no copy found in settings".into() } else { parts.join(", ") })
}
