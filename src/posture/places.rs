//! Where the data of a table goes besides the table, and how long it stays there when an item is deleted.
//!
//! One line of [`PLACES`] a place. What was not read is a gap, never "nowhere".

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use crate::domain::{
    Backup, Export, ExportRef, FactKind, Flagged, Gap, Index, KeySchema, KinesisDestination, Pipe,
    Projection, RecoveryPoint, Safe, TableRef, VectorIndex,
};
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
    /// It is handed on, and what is kept of it there is not known.
    HandedOn,
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
    /// So many readers were handed it, or may have been.
    pub readers: usize,
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
    Kind { title: "functions that read the stream", reads: FactKind::StreamConsumers, look: functions },
    Kind { title: "pipes that read the stream", reads: FactKind::Pipes, look: pipes },
    Kind { title: "Kinesis data streams", reads: FactKind::Kinesis, look: kinesis },
    Kind { title: "point-in-time recovery", reads: FactKind::Backups, look: recovery },
    Kind { title: "on-demand backups", reads: FactKind::OnDemandBackups, look: backups },
    Kind { title: "recovery points in AWS Backup", reads: FactKind::RecoveryPoints, look: points },
    Kind { title: "exports to S3", reads: FactKind::Exports, look: exports },
    Kind { title: "DAX clusters of the Region", reads: FactKind::Caches, look: caches },
];

/// Every kind of place, in the order of the list; `restored` are the tables that were made from this one, which other
/// tables' descriptions tell.
pub fn places(subject: &Subject<'_>, restored: Result<Vec<&TableRef>, Gap>) -> Vec<Place> {
    let look = |kind: &Kind| Place {
        title: kind.title,
        copies: (kind.look)(subject).map_err(|gap| (kind.reads, gap)),
    };
    let whole = |table: &&TableRef| copied(&name(&table.name), "the whole table as it was", Stays::Open);
    let restored = Place {
        title: "tables restored from it, in this Region",
        copies: restored
            .map(|tables| tables.iter().map(whole).collect())
            .map_err(|gap| (FactKind::Description, gap)),
    };
    PLACES.iter().map(look).chain([restored]).collect()
}

/// What is left of an item that is deleted now.
pub fn left(places: &[Place]) -> Left {
    let stays = || places.iter().flat_map(|p| p.copies.iter().flatten()).map(|c| c.stays);
    Left {
        places: stays().filter(|s| !matches!(s, Stays::No | Stays::HandedOn)).count(),
        until: stays().filter_map(|s| if let Stays::Until(at) = s { Some(at) } else { None }).max(),
        open: stays().filter(|s| *s == Stays::Open).count(),
        readers: stays().filter(|s| *s == Stays::HandedOn).count(),
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

fn held(projection: &Projection) -> String {
    match projection {
        Projection::All => "every attribute".to_owned(),
        Projection::KeysOnly => "the keys".to_owned(),
        Projection::Include(names) => format!("the keys and {} more attributes", names.len()),
    }
}

fn indexes(subject: &Subject<'_>) -> Result<Vec<Copied>, Gap> {
    let table = subject.facts.description.read()?;
    let one = |index: &Index| {
        let holds = held(&index.projection);
        let flagged = carried(index, &table.key, subject.flagged.unwrap_or_default());
        let flagged = flagged.iter().map(|f| Safe::neutral(&f.path.to_string())).collect();
        Copied { flagged: Some(flagged), ..copied(&name(&index.name), &holds, Stays::No) }
    };
    let alike = |index: &VectorIndex| {
        let flagged = subject.flagged.unwrap_or_default().iter();
        let carries = |f: &&Flagged| match f.path.root() {
            Some(name) => table.key.contains(name) || index.projection.carries(name),
            None => index.projection == Projection::All,
        };
        let flagged = flagged.filter(carries).map(|f| Safe::neutral(&f.path.to_string())).collect();
        let holds = format!("{}, by likeness", held(&index.projection));
        Copied { flagged: Some(flagged), ..copied(&name(&index.name), &holds, Stays::No) }
    };
    Ok(table.indexes.iter().map(one).chain(table.vectors.iter().map(alike)).collect())
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

fn functions(subject: &Subject<'_>) -> Result<Vec<Copied>, Gap> {
    let all = subject.facts.stream_consumers.read()?.iter();
    Ok(all
        .map(|f| {
            let short = f.function.rsplit_once(":function:").map_or(f.function.as_str(), |(_, name)| name);
            copied(&name(short), &format!("reads the stream ({})", name(&f.state)), Stays::HandedOn)
        })
        .collect())
}

fn pipes(subject: &Subject<'_>) -> Result<Vec<Copied>, Gap> {
    let all = subject.facts.pipes.read()?.iter();
    let one = |p: &Pipe| {
        copied(
            &name(&p.name),
            &format!("writes to {} ({})", name(&p.target), name(&p.state)),
            Stays::HandedOn,
        )
    };
    Ok(all.map(one).collect())
}

/// A data stream keeps its records for 24 hours to 365 days, as it is set (Kinesis Developer Guide, "Change the data
/// retention period").
fn kinesis(subject: &Subject<'_>) -> Result<Vec<Copied>, Gap> {
    let all = subject.facts.kinesis.read()?.iter();
    let one = |d: &KinesisDestination| {
        let short = d.arn.rsplit_once('/').map_or(d.arn.as_str(), |(_, name)| name);
        copied(&name(short), &format!("every change ({}), for 1 to 365 days", name(&d.status)), Stays::Open)
    };
    Ok(all.map(one).collect())
}

fn backups(subject: &Subject<'_>) -> Result<Vec<Copied>, Gap> {
    let all = subject.facts.on_demand_backups.read()?.iter();
    let one = |b: &Backup| {
        let made = b.created.map_or_else(String::new, |at| format!(" of {}", at.strftime("%F")));
        copied(&name(&b.name), &format!("the whole table{made}"), b.expires.map_or(Stays::Open, Stays::Until))
    };
    Ok(all.map(one).collect())
}

/// The points of a vault are told together.
fn points(subject: &Subject<'_>) -> Result<Vec<Copied>, Gap> {
    let mut vaults: BTreeMap<&str, Vec<&RecoveryPoint>> = BTreeMap::new();
    for point in subject.facts.recovery_points.read()? {
        vaults.entry(&point.vault).or_default().push(point);
    }
    let one = |(vault, points): (&str, Vec<&RecoveryPoint>)| {
        let newest = points.iter().filter_map(|p| p.created).max();
        let newest = newest.map_or_else(String::new, |at| format!(", the newest of {}", at.strftime("%F")));
        copied(
            &format!("vault {}", name(vault)),
            &format!("{} times the whole table{newest}", points.len()),
            Stays::Open,
        )
    };
    Ok(vaults.into_iter().map(one).collect())
}

fn exports(subject: &Subject<'_>) -> Result<Vec<Copied>, Gap> {
    let details = subject.facts.export_details.known().map_or(&[][..], Vec::as_slice);
    let one = |export: &ExportRef| match details.iter().find(|d| d.arn == export.arn) {
        Some(Export { bucket, of, .. }) => {
            let of = of.map_or_else(String::new, |at| format!(" of {}", at.strftime("%F")));
            copied(&format!("bucket {}", name(bucket)), &format!("the whole table{of}"), Stays::Open)
        }
        None => {
            let short = export.arn.rsplit_once('/').map_or(export.arn.as_str(), |(_, name)| name);
            copied(
                &format!("export {}", name(short)),
                "the whole table, in a bucket not looked at",
                Stays::Open,
            )
        }
    };
    Ok(subject.facts.exports.read()?.iter().filter(|e| e.status != "FAILED").map(one).collect())
}

/// A cluster caches what is read through it; which tables those are, no setting tells.
fn caches(subject: &Subject<'_>) -> Result<Vec<Copied>, Gap> {
    let all = subject.facts.caches.read()?.iter();
    Ok(all
        .map(|c| copied(&name(&c.name), "what is read through it, of whatever table", Stays::HandedOn))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{ContinuousBackups, FactValue, Stream, StreamConsumer, TableFacts};
    use crate::posture::examples::{described, facts, table};

    fn noon() -> Timestamp {
        "2026-11-20T12:00:00Z".parse().expect("a time")
    }

    fn of(facts: &TableFacts) -> Vec<Place> {
        let table = table();
        places(&Subject::unread(&table, facts, noon()), Ok(Vec::new()))
    }

    #[track_caller]
    fn check<const N: usize>(given: [FactValue; N], expect: &str) {
        let left = left(&of(&facts(given)));
        let until = left.until.map_or("-".into(), |at| at.strftime("%F").to_string());
        assert_eq!(
            format!(
                "{} until {until}, {} open, {} readers, {} unseen",
                left.places, left.open, left.readers, left.unseen
            ),
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
        check([], "0 until -, 0 open, 0 readers, 11 unseen");
        check([described(|_| ()), off()], "0 until -, 0 open, 0 readers, 7 unseen");
        check([described(|_| ()), recovery(Some(7))], "1 until 2026-11-27, 0 open, 0 readers, 7 unseen");
        check([described(|_| ()), recovery(None)], "1 until -, 1 open, 0 readers, 7 unseen");
        check([streaming(), recovery(Some(35))], "2 until 2026-12-25, 0 open, 0 readers, 7 unseen");
        check([streaming()], "1 until 2026-11-21, 0 open, 0 readers, 8 unseen");
        check(
            [described(|d| d.replicas = vec!["us-east-1".into()]), off()],
            "0 until -, 0 open, 0 readers, 7 unseen",
        );
        let consumer = StreamConsumer {
            function: "arn:aws:lambda:eu-west-1:1:function:f".into(),
            state: "Enabled".into(),
        };
        check([FactValue::StreamConsumers(vec![consumer])], "0 until -, 0 open, 1 readers, 10 unseen");
        let backup = |expires| Backup { name: "b".into(), kind: "USER".into(), created: None, expires };
        check(
            [FactValue::OnDemandBackups(vec![backup(None), backup(Some(noon()))])],
            "2 until 2026-11-20, 1 open, 0 readers, 10 unseen",
        );
        let export = |status: &str| ExportRef { arn: "arn:x/export/1".into(), status: status.into() };
        check(
            [FactValue::Exports(vec![export("COMPLETED"), export("FAILED")])],
            "1 until -, 1 open, 0 readers, 10 unseen",
        );
        let point = |vault: &str| RecoveryPoint { vault: vault.into(), created: None, key: None };
        check(
            [FactValue::RecoveryPoints(vec![point("a"), point("b"), point("a")])],
            "2 until -, 2 open, 0 readers, 10 unseen",
        );
    }

    #[test]
    fn restored_tables_are_places_too() {
        let (of, copy) = (table(), TableRef::new(&table().scope, "copy"));
        let facts = TableFacts::default();
        let subject = Subject::unread(&of, &facts, noon());
        let last = |restored| places(&subject, restored).pop().expect("the last").copies;
        let copies = last(Ok(vec![&copy])).expect("seen");
        assert_eq!((copies[0].name.as_str(), copies[0].stays), ("copy", Stays::Open));
        assert_eq!(last(Ok(Vec::new())), Ok(Vec::new()));
        assert_eq!(last(Err(Gap::Pending)), Err((FactKind::Description, Gap::Pending)));
    }

    #[test]
    fn what_was_not_read_is_a_gap_with_its_fact() {
        let places = of(&facts([described(|_| ())]));
        let recovery = places.iter().find(|p| p.title.starts_with("point-in-time")).expect("it is listed");
        assert_eq!(recovery.copies, Err((FactKind::Backups, Gap::NotAsked)));
    }
}
