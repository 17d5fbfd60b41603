//! Where the data of a table goes besides the table, and how long it stays there when an item is deleted.
//!
//! One line of [`PLACES`] a place. What was not read is a gap, never "nowhere".

use jiff::{SignedDuration, Timestamp};

use crate::domain::{FactKind, Flagged, Gap, Index, KeySchema, Projection, Safe};
use crate::posture::Subject;
use crate::posture::say::name;

/// A kind of place, and what of it was seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// What kind, for instance `indexes`.
    pub title: &'static str,
    /// What there is, or why that is not known and which fact would tell.
    pub copies: Result<Vec<Copied>, (FactKind, Gap)>,
}

/// One place that has data of the table.
#[derive(Debug, Clone, PartialEq)]
pub struct Copied {
    /// Its name.
    pub name: Safe,
    /// What of the data it has.
    pub holds: Safe,
    /// The attributes with findings that it carries; `None` where all that the table has go there.
    pub flagged: Option<Vec<Safe>>,
    /// How long it stays.
    pub stays: Stays,
}

/// How long a copy outlives the item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stays {
    /// It is deleted with the item.
    No,
    /// Until then at the latest, if the item is deleted now.
    Until(Timestamp),
    /// Until somebody deletes it, or for a time that is not known.
    Open,
}

/// What is left of an item that is deleted now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    /// In so many places.
    pub places: usize,
    /// In the last of those of which an end is known, until then.
    pub until: Option<Timestamp>,
    /// In so many of the places without a known end.
    pub open: usize,
    /// So many kinds of places were not looked at.
    pub unseen: usize,
}

/// How a kind of place is looked at. `?` on a fact that is not known ends in its gap.
struct Kind {
    title: &'static str,
    reads: FactKind,
    look: fn(&Subject<'_>) -> Result<Vec<Copied>, Gap>,
}

/// Every kind of place.
const PLACES: &[Kind] = &[
    Kind { title: "indexes", reads: FactKind::Description, look: indexes },
    Kind { title: "stream", reads: FactKind::Description, look: stream },
    Kind { title: "replicas", reads: FactKind::Description, look: replicas },
    Kind { title: "point-in-time recovery", reads: FactKind::Backups, look: recovery },
];

/// Every kind of place, in the order of the list.
pub fn places(subject: &Subject<'_>) -> Vec<Place> {
    let look = |kind: &Kind| Place {
        title: kind.title,
        copies: (kind.look)(subject).map_err(|gap| (kind.reads, gap)),
    };
    PLACES.iter().map(look).collect()
}

/// What is left of an item that is deleted now.
pub fn left(places: &[Place]) -> Left {
    let stays = || places.iter().flat_map(|p| p.copies.iter().flatten()).map(|c| c.stays);
    Left {
        places: stays().filter(|s| *s != Stays::No).count(),
        until: stays().filter_map(|s| if let Stays::Until(at) = s { Some(at) } else { None }).max(),
        open: stays().filter(|s| *s == Stays::Open).count(),
        unseen: places.iter().filter(|p| p.copies.is_err()).count(),
    }
}

/// The flagged attributes that an index of a table with this key carries.
pub fn carried<'a>(index: &Index, key: &KeySchema, flagged: &'a [Flagged]) -> Vec<&'a Flagged> {
    let carries = |f: &&Flagged| match f.path.root() {
        Some(name) => index.is_key(name) || key.contains(name) || index.projection.carries(name),
        // A name that is itself a secret cannot be in a list of names.
        None => index.projection == Projection::All,
    };
    flagged.iter().filter(carries).collect()
}

fn copied(name: &str, holds: &str, stays: Stays) -> Copied {
    Copied { name: Safe::neutral(name), holds: Safe::neutral(holds), flagged: None, stays }
}

fn indexes(subject: &Subject<'_>) -> Result<Vec<Copied>, Gap> {
    let table = subject.facts.description.read()?;
    let one = |index: &Index| {
        let holds = match &index.projection {
            Projection::All => "every attribute".to_owned(),
            Projection::KeysOnly => "the keys".to_owned(),
            Projection::Include(names) => format!("the keys and {} more attributes", names.len()),
        };
        let flagged = carried(index, &table.key, subject.flagged.unwrap_or_default());
        let flagged = flagged.iter().map(|f| Safe::neutral(&f.path.to_string())).collect();
        Copied { flagged: Some(flagged), ..copied(&name(&index.name), &holds, Stays::No) }
    };
    Ok(table.indexes.iter().map(one).collect())
}

/// A stream keeps its records for 24 hours (Developer Guide, "Change data capture for DynamoDB Streams").
fn stream(subject: &Subject<'_>) -> Result<Vec<Copied>, Gap> {
    let Some(stream) = &subject.facts.description.read()?.stream else { return Ok(Vec::new()) };
    let (holds, keys_only) = match stream.view.as_str() {
        "KEYS_ONLY" => ("the keys of what changes", true),
        "NEW_IMAGE" => ("items after each change", false),
        "OLD_IMAGE" => ("items before each change", false),
        "NEW_AND_OLD_IMAGES" => ("items before and after each change", false),
        _ => ("what changes", false),
    };
    let stays = Stays::Until(subject.now + SignedDuration::from_hours(24));
    let table = subject.facts.description.read()?;
    let keys = |f: &&Flagged| f.path.root().is_some_and(|n| table.key.contains(n));
    let flagged = keys_only.then(|| {
        let all = subject.flagged.unwrap_or_default().iter().filter(keys);
        all.map(|f| Safe::neutral(&f.path.to_string())).collect()
    });
    Ok(vec![Copied { flagged, ..copied("DynamoDB stream", holds, stays) }])
}

fn replicas(subject: &Subject<'_>) -> Result<Vec<Copied>, Gap> {
    let here = &subject.table.scope.region;
    let others = subject.facts.description.read()?.replicas.iter().filter(|r| *r != here);
    Ok(others.map(|region| copied(&name(region), "the whole table", Stays::No)).collect())
}

/// The window reaches back from now, so what is deleted now leaves it when the window has passed.
fn recovery(subject: &Subject<'_>) -> Result<Vec<Copied>, Gap> {
    let backups = subject.facts.backups.read()?;
    if !backups.point_in_time {
        return Ok(Vec::new());
    }
    let (holds, stays) = match backups.window_days {
        Some(days) => (
            format!("every state of the last {days} days"),
            Stays::Until(subject.now + SignedDuration::from_hours(24 * i64::from(days))),
        ),
        None => ("every state of up to 35 days".to_owned(), Stays::Open),
    };
    Ok(vec![copied("recovery window", &holds, stays)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{ContinuousBackups, FactValue, Stream, TableFacts};
    use crate::posture::examples::{described, facts, table};

    fn noon() -> Timestamp {
        "2026-11-20T12:00:00Z".parse().expect("a time")
    }

    fn of(facts: &TableFacts) -> Vec<Place> {
        let table = table();
        places(&Subject { table: &table, facts, flagged: None, items_read: 0, now: noon() })
    }

    #[track_caller]
    fn check<const N: usize>(given: [FactValue; N], expect: &str) {
        let left = left(&of(&facts(given)));
        let until = left.until.map_or("-".into(), |at| at.strftime("%F").to_string());
        assert_eq!(
            format!("{} until {until}, {} open, {} unseen", left.places, left.open, left.unseen),
            expect
        );
    }

    fn recovery(window_days: Option<u32>) -> FactValue {
        FactValue::Backups(ContinuousBackups { point_in_time: true, window_days })
    }

    #[test]
    fn what_is_left_of_a_deleted_item() {
        let off = || FactValue::Backups(ContinuousBackups { point_in_time: false, window_days: None });
        let streaming =
            || described(|d| d.stream = Some(Stream { arn: "arn".into(), view: "NEW_IMAGE".into() }));
        check([], "0 until -, 0 open, 4 unseen");
        check([described(|_| ()), off()], "0 until -, 0 open, 0 unseen");
        check([described(|_| ()), recovery(Some(7))], "1 until 2026-11-27, 0 open, 0 unseen");
        check([described(|_| ()), recovery(None)], "1 until -, 1 open, 0 unseen");
        check([streaming(), recovery(Some(35))], "2 until 2026-12-25, 0 open, 0 unseen");
        check([streaming()], "1 until 2026-11-21, 0 open, 1 unseen");
        check([described(|d| d.replicas = vec!["us-east-1".into()]), off()], "0 until -, 0 open, 0 unseen");
    }

    #[test]
    fn what_was_not_read_is_a_gap_with_its_fact() {
        let places = of(&facts([described(|_| ())]));
        let recovery = places.last().expect("there are places");
        assert_eq!(recovery.copies, Err((FactKind::Backups, Gap::NotAsked)));
    }
}
