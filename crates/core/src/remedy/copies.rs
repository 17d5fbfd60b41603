//! Where a value still is after it was taken out of its item, as far as facts tell.

use jiff::Timestamp;

use super::slots::{Ask, path};
use crate::domain::{AttributePath, FactKind, Index, TableDescription};
use crate::posture::{Stays, Subject, places};

/// A line for each place: what it is, what it holds, and until when.
pub(super) fn lines(ask: &Ask<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    // The same value in another table is no copy that follows the item: it has to be taken out there as well.
    let elsewhere = ask.finding.said().filter(|e| e.kind() == "same-secret-in-other-tables");
    lines.extend(elsewhere.map(|e| format!("{}: take it out there as well.", e.sentence())));
    match ask.facts.description.known() {
        None => lines.push("Indexes, stream, replicas: not read.".to_owned()),
        Some(description) => {
            for index in holding(description, &path(ask)) {
                lines.push(format!("Index {}: follows the item by itself.", index.name));
            }
            if let Some(stream) = &description.stream {
                lines.push(format!("Stream, view {}: its records stay for 24 hours.", stream.view));
            }
            for region in description.replicas.iter().map(|replica| &replica.region) {
                lines.push(format!("Replica in {region}: follows the item, its backups do not."));
            }
        }
    }
    match ask.facts.backups.known() {
        None => lines.push("Point-in-time recovery: not read.".into()),
        Some(backups) if backups.point_in_time => {
            let days = match backups.window_days.unwrap_or(35) {
                1 => "1 day".to_owned(),
                days => format!("{days} days"),
            };
            lines.push(format!(
                "Point-in-time recovery is on: the old value can be restored for {days}{}. Do not switch it off to purge: a \
                 shorter window drops the older states at once.",
                restorable(last_read(ask), backups.window_days.unwrap_or(35))
            ));
        }
        // Off: there is no copy.
        Some(_) => {}
    }
    let subject = Subject::unread(&ask.finding.table, ask.facts, last_read(ask));
    let told = [
        "indexes",
        "stream",
        "replicas",
        "point-in-time recovery",
        "tables restored from it, in this Region",
    ];
    for place in places(&subject, Ok(Vec::new())) {
        if told.contains(&place.title) {
            continue;
        }
        match place.copies {
            Ok(copies) => lines.extend(copies.iter().map(|copy| {
                format!("{}: {}, {}{}", capital(place.title), copy.name, copy.holds, until(copy.stays))
            })),
            Err((_, gap)) => lines.push(format!("{}: {gap}, look yourself.", capital(place.title))),
        }
    }
    lines.push("Tables that were restored or imported from it, downloads, logs: look yourself.".into());
    lines
}

/// Until when, where it is taken out on the day of the audit.
fn restorable(read: Timestamp, days: u32) -> String {
    let span = jiff::SignedDuration::from_hours(24 * i64::from(days));
    match read.checked_add(span) {
        Ok(at) if read != Timestamp::default() => {
            format!(", until {} if it is taken out on the day of this audit", at.strftime("%F"))
        }
        _ => String::new(),
    }
}

/// When the newest of the facts was read: what is said of time is said of then.
pub(super) fn last_read(ask: &Ask<'_>) -> Timestamp {
    let all = FactKind::ALL.iter().filter_map(|kind| ask.facts.read_at(*kind));
    all.max().unwrap_or_default()
}

fn until(stays: Stays) -> String {
    match stays {
        Stays::No => ", goes with the item".into(),
        Stays::Until(at) => format!(", until {} at the latest", at.strftime("%F")),
        Stays::Open => ", until somebody deletes it".into(),
        Stays::Untold => ", for how long is not known".into(),
        Stays::HandedOn => ", what is kept of it there is not known".into(),
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// The indexes that hold the attribute at a path: by their projection, or in their key.
pub(super) fn holding<'a>(description: &'a TableDescription, path: &AttributePath) -> Vec<&'a Index> {
    let holds = |i: &&Index| path.root().is_some_and(|r| i.is_key(r) || i.projection.carries(r));
    description.indexes.iter().filter(holds).collect()
}
