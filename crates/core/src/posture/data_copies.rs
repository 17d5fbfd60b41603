//! Where the data of a table goes besides the table, and how long it stays there when an item is deleted.
//!
//! One line of [`PLACES`] a place. What was not read is a gap, never "nowhere".

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use crate::domain::{
    Arn, Backup, Export, ExportRef, FactKind, Flagged, Gap, Index, InsightsDetail, KeySchema,
    KinesisDestination, LeftStream, Pipe, Projection, RecoveryPoint, ReplicaRef, Safe, StreamConsumer,
    TableRef, VectorIndex,
};
use crate::posture::Subject;
use crate::posture::grant::{Governed, Standing, Whom, survey};
use crate::posture::messages::{list, name};

/// A kind of place, and what of it was seen.
#[derive(Debug, Clone, PartialEq)]
pub struct CopyLocation {
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
    /// Whose it is, where it is of another account: `account 444455556666`.
    pub of_others: Option<Safe>,
}

/// How long a copy outlives the item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stays {
    /// It is deleted with the item.
    No,
    /// Until then at the latest, if the item is deleted now.
    Until(Timestamp),
    /// Until somebody deletes it.
    Open,
    /// For a time that is not known.
    Untold,
    /// It is handed on, and what is kept of it there is not known.
    HandedOn,
}

/// What is left of an item that is deleted now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    /// Number of places.
    pub places: usize,
    /// In the last of those of which an end is known, until then.
    pub until: Option<Timestamp>,
    /// Number of places without a known expiry.
    pub open: usize,
    /// Number of readers that were handed it, or may have been.
    pub readers: usize,
    /// Number of kinds of places that were not looked at.
    pub unseen: usize,
}

/// The title of the indexes among the kinds of places.
pub const INDEXES: &str = "indexes";

/// How a kind of place is looked at. `?` on a fact that is not known ends in its gap.
struct CopyKind {
    title: &'static str,
    reads: FactKind,
    look: fn(&Subject<'_>) -> Result<Vec<Copied>, Gap>,
}

/// Every kind of place.
const PLACES: &[CopyKind] = &[
    CopyKind { title: INDEXES, reads: FactKind::Description, look: indexes },
    CopyKind { title: "stream", reads: FactKind::Description, look: stream },
    CopyKind { title: "streams that were switched off", reads: FactKind::LeftStreams, look: left_streams },
    CopyKind { title: "replicas", reads: FactKind::Description, look: replicas },
    CopyKind { title: "functions that read the stream", reads: FactKind::StreamConsumers, look: functions },
    CopyKind { title: "pipes that read the stream", reads: FactKind::Pipes, look: pipes },
    CopyKind { title: "Kinesis data streams", reads: FactKind::Kinesis, look: kinesis },
    CopyKind {
        title: "registered consumers of the data streams",
        reads: FactKind::KinesisConsumers,
        look: kinesis_consumers,
    },
    CopyKind {
        title: "functions that read the data streams",
        reads: FactKind::KinesisFunctions,
        look: kinesis_functions,
    },
    CopyKind {
        title: "pipes that read the data streams",
        reads: FactKind::KinesisPipes,
        look: kinesis_pipes,
    },
    CopyKind { title: "point-in-time recovery", reads: FactKind::Backups, look: recovery },
    CopyKind { title: "on-demand backups", reads: FactKind::OnDemandBackups, look: backups },
    CopyKind { title: "recovery points in AWS Backup", reads: FactKind::RecoveryPoints, look: points },
    CopyKind { title: "exports to S3", reads: FactKind::Exports, look: exports },
    CopyKind { title: "CloudWatch Contributor Insights", reads: FactKind::InsightsDetails, look: insights },
    CopyKind { title: "DAX clusters of the Region", reads: FactKind::Caches, look: caches },
];

/// Nothing is said of these where there are none.
const RARE: &[FactKind] = &[
    FactKind::LeftStreams,
    FactKind::KinesisConsumers,
    FactKind::KinesisFunctions,
    FactKind::KinesisPipes,
    FactKind::InsightsDetails,
];

/// Every kind of place, in the order of the list; `restored` are the tables that were made from this one, which other
/// tables' descriptions tell.
pub fn places(subject: &Subject<'_>, restored: Result<Vec<&TableRef>, Gap>) -> Vec<CopyLocation> {
    let look = |kind: &CopyKind| CopyLocation {
        title: kind.title,
        copies: (kind.look)(subject).map_err(|gap| (kind.reads, gap)),
    };
    let whole = |table: &&TableRef| copied(&name(&table.name), "the whole table as it was", Stays::Open);
    let restored = CopyLocation {
        title: "tables restored from it, in this Region",
        copies: restored
            .map(|tables| tables.iter().map(whole).collect())
            .map_err(|gap| (FactKind::Description, gap)),
    };
    // Who reads a data stream is no question while it is not known whether there is one.
    let asked = |kind: &&CopyKind| {
        kind.reads.needs() != Some(FactKind::Kinesis) || subject.facts.kinesis.known().is_some()
    };
    let all = PLACES.iter().filter(asked).map(|kind| (kind, look(kind)));
    let told = all.filter(|(kind, place)| !RARE.contains(&kind.reads) || place.copies != Ok(Vec::new()));
    told.map(|(_, place)| place).chain([restored]).collect()
}

/// What is left of an item that is deleted now.
pub fn left(places: &[CopyLocation]) -> Left {
    let stays = || places.iter().flat_map(|p| p.copies.iter().flatten()).map(|c| c.stays);
    Left {
        places: stays().filter(|s| !matches!(s, Stays::No | Stays::HandedOn)).count(),
        until: stays().filter_map(|s| if let Stays::Until(at) = s { Some(at) } else { None }).max(),
        open: stays().filter(|s| matches!(s, Stays::Open | Stays::Untold)).count(),
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
    Copied { name: Safe::neutral(name), holds: Safe::neutral(holds), flagged: None, stays, of_others: None }
}

/// The account, where it is another than the table's.
fn other_account(subject: &Subject<'_>, account: &str) -> Option<Safe> {
    let described = subject.facts.description.known().and_then(|d| Arn::parse(&d.arn)).map(|arn| arn.account);
    let own = described.unwrap_or_else(|| subject.table.scope.account.clone());
    let known = !own.is_empty() && !account.is_empty();
    (known && account != own).then(|| Safe::neutral(&format!("account {}", name(account))))
}

fn held(projection: &Projection) -> String {
    match projection {
        Projection::All => "every attribute".to_owned(),
        Projection::KeysOnly => "the keys".to_owned(),
        Projection::Include(names) if names.len() == 1 => "the keys and 1 more attribute".to_owned(),
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

/// Until so much later; a time that no calendar has is not known.
fn later(subject: &Subject<'_>, after: SignedDuration) -> Stays {
    subject.now.checked_add(after).map_or(Stays::Untold, Stays::Until)
}

/// A stream keeps its records for 24 hours (Developer Guide, "Change data capture for DynamoDB Streams").
const STREAM: SignedDuration = SignedDuration::from_hours(24);

/// What a stream holds by its view, and whether that is keys alone.
fn viewed(view: &str) -> (&'static str, bool) {
    match view {
        "KEYS_ONLY" => ("the keys of what changes", true),
        "NEW_IMAGE" => ("items after each change", false),
        "OLD_IMAGE" => ("items before each change", false),
        "NEW_AND_OLD_IMAGES" => ("items before and after each change", false),
        _ => ("what changes", false),
    }
}

/// What was written while they were on can be read as long as from one that is on.
fn left_streams(subject: &Subject<'_>) -> Result<Vec<Copied>, Gap> {
    let left = subject.facts.left_streams.read()?.iter();
    let one = |stream: &LeftStream| {
        let short = stream.arn.rsplit_once('/').map_or(stream.arn.as_str(), |(_, name)| name);
        let (holds, _) = viewed(&stream.view);
        let holds = format!("{holds} while it was on ({})", name(&stream.status));
        copied(&format!("stream of {}", name(short)), &holds, later(subject, STREAM))
    };
    Ok(left.map(one).collect())
}

fn stream(subject: &Subject<'_>) -> Result<Vec<Copied>, Gap> {
    let Some(stream) = &subject.facts.description.read()?.stream else { return Ok(Vec::new()) };
    let (holds, keys_only) = viewed(&stream.view);
    let stays = later(subject, STREAM);
    let flagged = keys_only.then(|| flagged_keys(subject));
    Ok(vec![Copied { flagged, ..copied("DynamoDB stream", holds, stays) }])
}

/// The parts of the table's key with findings.
fn flagged_keys(subject: &Subject<'_>) -> Vec<Safe> {
    let Some(table) = subject.facts.description.known() else { return Vec::new() };
    let keys = |f: &&Flagged| f.path.root().is_some_and(|n| table.key.contains(n));
    let all = subject.flagged.unwrap_or_default().iter().filter(keys);
    all.map(|f| Safe::neutral(&f.path.to_string())).collect()
}

/// What of the attributes with findings whoever reads the stream gets; `None` where it is all.
fn streamed(subject: &Subject<'_>) -> Option<Vec<Safe>> {
    let stream = subject.facts.description.known()?.stream.as_ref()?;
    viewed(&stream.view).1.then(|| flagged_keys(subject))
}

fn replicas(subject: &Subject<'_>) -> Result<Vec<Copied>, Gap> {
    let here = &subject.table.scope.region;
    let description = subject.facts.description.read()?;
    let one = |replica: &ReplicaRef| {
        let of_others = replica.account.as_deref().and_then(|account| other_account(subject, account));
        if replica.region == *here && of_others.is_none() {
            return None;
        }
        let whose = of_others.as_ref().map(|whose| format!(", in {whose}")).unwrap_or_default();
        let holds = format!("the whole table{whose}");
        Some(Copied { of_others, ..copied(&name(&replica.region), &holds, Stays::No) })
    };
    Ok(description.replicas.iter().filter_map(one).collect())
}

/// The window reaches back from now, so what is deleted now leaves it when the window has passed.
fn recovery(subject: &Subject<'_>) -> Result<Vec<Copied>, Gap> {
    let backups = subject.facts.backups.read()?;
    if !backups.point_in_time {
        return Ok(Vec::new());
    }
    let (holds, stays) = match backups.window_days {
        Some(days) => (
            if days == 1 {
                "every state of the last day".to_owned()
            } else {
                format!("every state of the last {days} days")
            },
            later(subject, SignedDuration::from_hours(24 * i64::from(days))),
        ),
        None => ("every state of up to 35 days".to_owned(), Stays::Untold),
    };
    Ok(vec![copied("recovery window", &holds, stays)])
}

/// With the role, where a person asked for it.
fn functions(subject: &Subject<'_>) -> Result<Vec<Copied>, Gap> {
    let roles = subject.facts.function_roles.known().map_or(&[][..], Vec::as_slice);
    let one = |f: &StreamConsumer| {
        let role = roles.iter().find(|r| r.function == f.function);
        let role = role.map_or_else(String::new, |r| format!(" as {}", name(after(&r.role, ":role/"))));
        let reads = format!("reads the stream{role} ({})", name(&f.state));
        Copied { flagged: streamed(subject), ..reader(subject, &f.function, &reads) }
    };
    Ok(subject.facts.stream_consumers.read()?.iter().map(one).collect())
}

fn kinesis_functions(subject: &Subject<'_>) -> Result<Vec<Copied>, Gap> {
    let all = subject.facts.kinesis_functions.read()?.iter();
    Ok(all
        .map(|f| reader(subject, &f.function, &format!("reads the data stream ({})", name(&f.state))))
        .collect())
}

/// Who reads without registering does not show.
fn kinesis_consumers(subject: &Subject<'_>) -> Result<Vec<Copied>, Gap> {
    let all = subject.facts.kinesis_consumers.read()?.iter();
    Ok(all.map(|c| reader(subject, c, "reads the data stream")).collect())
}

fn reader(subject: &Subject<'_>, function: &str, reads: &str) -> Copied {
    let account = Arn::parse(function).map(|arn| arn.account).unwrap_or_default();
    Copied {
        of_others: other_account(subject, &account),
        ..copied(&name(after(function, ":function:")), reads, Stays::HandedOn)
    }
}

fn after<'a>(arn: &'a str, mark: &str) -> &'a str {
    arn.rsplit_once(mark).map_or(arn, |(_, rest)| rest)
}

fn pipes(subject: &Subject<'_>) -> Result<Vec<Copied>, Gap> {
    let all = subject.facts.pipes.read()?.iter();
    Ok(all.map(|p| Copied { flagged: streamed(subject), ..pipe(subject, p) }).collect())
}

fn kinesis_pipes(subject: &Subject<'_>) -> Result<Vec<Copied>, Gap> {
    Ok(subject.facts.kinesis_pipes.read()?.iter().map(|p| pipe(subject, p)).collect())
}

fn pipe(subject: &Subject<'_>, p: &Pipe) -> Copied {
    let holds = format!("writes to {} ({})", name(&p.target), name(&p.state));
    let account = Arn::parse(&p.target).map(|arn| arn.account).unwrap_or_default();
    Copied { of_others: other_account(subject, &account), ..copied(&name(&p.name), &holds, Stays::HandedOn) }
}

/// Keys that were used or throttled most, in clear (API Reference, UpdateContributorInsights). For how long they are kept
/// is not documented.
fn insights(subject: &Subject<'_>) -> Result<Vec<Copied>, Gap> {
    let table = subject.facts.description.known();
    let one = |detail: &InsightsDetail| {
        let what = if detail.throttled_only { "throttled" } else { "used" };
        let since = detail.since.map(|at| format!(", since {}", at.strftime("%F"))).unwrap_or_default();
        let of =
            detail.index.as_deref().map_or_else(|| "of the table".to_owned(), |i| format!("of {}", name(i)));
        let is_key = |n: &str| match (table, &detail.index) {
            (None, _) => true,
            (Some(table), None) => table.key.contains(n),
            (Some(table), Some(index)) => table.indexes.iter().any(|i| i.name == *index && i.is_key(n)),
        };
        let shown = |f: &&Flagged| f.path.root().is_some_and(is_key);
        let flagged = subject.flagged.unwrap_or_default().iter().filter(shown);
        let flagged = flagged.map(|f| Safe::neutral(&f.path.to_string())).collect();
        let holds = format!("the keys most {what}, in clear{since}");
        Copied { flagged: Some(flagged), ..copied(&of, &holds, Stays::Untold) }
    };
    Ok(subject.facts.insights_details.read()?.iter().map(one).collect())
}

/// A data stream keeps its records for 24 hours to 365 days, as it is set (Kinesis Developer Guide, "Change the data
/// retention period").
fn kinesis(subject: &Subject<'_>) -> Result<Vec<Copied>, Gap> {
    let all = subject.facts.kinesis.read()?.iter();
    let one = |d: &KinesisDestination| {
        let short = d.arn.rsplit_once('/').map_or(d.arn.as_str(), |(_, name)| name);
        let kept =
            subject.facts.kinesis_retention.known().and_then(|all| all.iter().find(|r| r.arn == d.arn));
        let (time, stays) = match kept.map(|r| r.hours) {
            Some(hours) => {
                let time = match (hours / 24, hours % 24) {
                    (1, 0) => "1 day".to_owned(),
                    (days, 0) => format!("{days} days"),
                    _ => format!("{hours} hours"),
                };
                (time, later(subject, SignedDuration::from_hours(i64::from(hours))))
            }
            None => ("1 to 365 days".to_owned(), Stays::Untold),
        };
        copied(&name(short), &format!("every change ({}), for {time}", name(&d.status)), stays)
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

/// From whom besides the own account a vault takes copies, by its policy; nobody else gets one out.
fn vault_policy(subject: &Subject<'_>, vault: &str) -> String {
    let seen = match subject.facts.vaults.read() {
        Ok(vaults) => vaults.iter().find(|v| v.name == vault),
        Err(Gap::NotAsked | Gap::Pending) => return String::new(),
        Err(_) => None,
    };
    let Some(seen) = seen else {
        return format!("; its policy was not looked at ({} would tell)", FactKind::Vaults.action());
    };
    let own = &subject.table.scope.account;
    let own =
        subject.facts.description.known().and_then(|d| Arn::parse(&d.arn)).map_or(own.clone(), |a| a.account);
    let Some(policy) = &seen.policy else { return String::new() };
    let grants = survey(&Standing::of(policy, Governed::vault(&own)));
    if !grants.public.is_empty() {
        return "; its policy takes copies from everyone".into();
    }
    let foreign: Vec<String> = grants.foreign.iter().map(Whom::words).collect();
    match (foreign.is_empty(), grants.unclear.is_empty()) {
        (false, _) => format!("; its policy takes copies from {}", list(&foreign)),
        (true, false) => "; its policy is not understood in part".into(),
        (true, true) => String::new(),
    }
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
            &format!("{} times the whole table{newest}{}", points.len(), vault_policy(subject, vault)),
            Stays::Open,
        )
    };
    Ok(vaults.into_iter().map(one).collect())
}

fn exports(subject: &Subject<'_>) -> Result<Vec<Copied>, Gap> {
    let details = subject.facts.export_details.known().map_or(&[][..], Vec::as_slice);
    let one = |export: &ExportRef| match details.iter().find(|d| d.arn == export.arn) {
        Some(Export { bucket, of, bucket_owner, .. }) => {
            let of = of.map_or_else(String::new, |at| format!(" of {}", at.strftime("%F")));
            let of_others = bucket_owner.as_deref().and_then(|owner| other_account(subject, owner));
            let whose = of_others.as_ref().map(|whose| format!(", of {whose}")).unwrap_or_default();
            let holds = format!("the whole table{of}{whose}");
            Copied { of_others, ..copied(&format!("bucket {}", name(bucket)), &holds, Stays::Open) }
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
    use crate::domain::{
        ContinuousBackups, FactValue, FunctionRole, Policy, Retention, Stream, TableFacts, Vault,
    };
    use crate::posture::examples::{self, described, facts, table};

    fn noon() -> Timestamp {
        "2026-11-20T12:00:00Z".parse().expect("a time")
    }

    fn of(facts: &TableFacts) -> Vec<CopyLocation> {
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
        check([], "0 until -, 0 open, 0 readers, 13 unseen");
        check([described(|_| ()), off()], "0 until -, 0 open, 0 readers, 9 unseen");
        check([described(|_| ()), recovery(Some(7))], "1 until 2026-11-27, 0 open, 0 readers, 9 unseen");
        check([described(|_| ()), recovery(None)], "1 until -, 1 open, 0 readers, 9 unseen");
        // A time that no calendar has is not known.
        check([described(|_| ()), recovery(Some(u32::MAX))], "1 until -, 1 open, 0 readers, 9 unseen");
        check([streaming(), recovery(Some(35))], "2 until 2026-12-25, 0 open, 0 readers, 9 unseen");
        check([streaming()], "1 until 2026-11-21, 0 open, 0 readers, 10 unseen");
        check(
            [described(|d| d.replicas = vec![examples::replica("us-east-1")]), off()],
            "0 until -, 0 open, 0 readers, 9 unseen",
        );
        let consumer = StreamConsumer {
            function: "arn:aws:lambda:eu-west-1:1:function:f".into(),
            state: "Enabled".into(),
        };
        check([FactValue::StreamConsumers(vec![consumer])], "0 until -, 0 open, 1 readers, 12 unseen");
        let backup = |expires| Backup {
            arn: None,
            name: "b".into(),
            kind: "USER".into(),
            created: None,
            expires,
            status: String::new(),
        };
        check(
            [FactValue::OnDemandBackups(vec![backup(None), backup(Some(noon()))])],
            "2 until 2026-11-20, 1 open, 0 readers, 12 unseen",
        );
        let export = |status: &str| ExportRef { arn: "arn:x/export/1".into(), status: status.into() };
        check(
            [FactValue::Exports(vec![export("COMPLETED"), export("FAILED")])],
            "1 until -, 1 open, 0 readers, 12 unseen",
        );
        let point = |vault: &str| RecoveryPoint {
            arn: None,
            vault: vault.into(),
            created: None,
            key: None,
            status: String::new(),
        };
        check(
            [FactValue::RecoveryPoints(vec![point("a"), point("b"), point("a")])],
            "2 until -, 2 open, 0 readers, 12 unseen",
        );
    }

    /// What is told of one kind of place.
    #[track_caller]
    fn told<const N: usize>(given: [FactValue; N], title: &str, expect: &str) {
        let places = of(&facts(given));
        let place = places.iter().find(|p| p.title == title);
        let said = place.map_or_else(
            || "nothing".into(),
            |place| match &place.copies {
                Ok(copies) => {
                    copies.iter().map(|c| format!("{}: {}", c.name, c.holds)).collect::<Vec<_>>().join("; ")
                }
                Err((kind, gap)) => format!("{}: {gap}", kind.word()),
            },
        );
        assert_eq!(said, expect);
    }

    #[test]
    fn streams_that_were_switched_off_can_still_be_read() {
        let arn = "arn:aws:dynamodb:eu-west-1:1:table/t/stream/2026-01-01T00:00:00.000".to_owned();
        let left = LeftStream { arn, view: "OLD_IMAGE".into(), status: "DISABLED".into() };
        told(
            [FactValue::LeftStreams(vec![left])],
            "streams that were switched off",
            "stream of 2026-01-01T00:00:00.000: items before each change while it was on (DISABLED)",
        );
        told([FactValue::LeftStreams(Vec::new())], "streams that were switched off", "nothing");
        told([], "streams that were switched off", "left_streams: not asked");
    }

    #[test]
    fn keys_in_contributor_insights_are_told_with_since_when() {
        let detail = |index: Option<&str>, throttled_only| InsightsDetail {
            index: index.map(str::to_owned),
            throttled_only,
            since: (!throttled_only).then_some(noon()),
            rules: 2,
        };
        let title = "CloudWatch Contributor Insights";
        told(
            [FactValue::InsightsDetails(vec![detail(None, false), detail(Some("by-user"), true)])],
            title,
            "of the table: the keys most used, in clear, since 2026-11-20; \
             of by-user: the keys most throttled, in clear",
        );
        told([FactValue::InsightsDetails(Vec::new())], title, "nothing");
        told([], title, "insights_details: not asked");
    }

    #[test]
    fn a_data_stream_keeps_changes_as_long_as_it_says() {
        let arn = || "arn:aws:kinesis:eu-west-1:1:stream/lake".to_owned();
        let to = || FactValue::Kinesis(vec![KinesisDestination { arn: arn(), status: "ACTIVE".into() }]);
        let kept = |hours| {
            FactValue::KinesisRetention(vec![Retention { arn: arn(), hours, encryption: String::new() }])
        };
        let title = "Kinesis data streams";
        told([to(), kept(24)], title, "lake: every change (ACTIVE), for 1 day");
        told([to(), kept(168)], title, "lake: every change (ACTIVE), for 7 days");
        told([to(), kept(25)], title, "lake: every change (ACTIVE), for 25 hours");
        told([to()], title, "lake: every change (ACTIVE), for 1 to 365 days");
        check([to(), kept(168)], "1 until 2026-11-27, 0 open, 0 readers, 15 unseen");
        check([to()], "1 until -, 1 open, 0 readers, 15 unseen");
    }

    #[test]
    fn readers_of_data_streams_are_told_where_there_is_one() {
        let to = |n| {
            let arn = "arn:aws:kinesis:eu-west-1:1:stream/lake".to_owned();
            FactValue::Kinesis(vec![KinesisDestination { arn, status: "ACTIVE".into() }; n])
        };
        let title = "registered consumers of the data streams";
        told(
            [to(1), FactValue::KinesisConsumers(vec!["loader".into()])],
            title,
            "loader: reads the data stream",
        );
        told([to(1)], title, "kinesis_consumers: not asked");
        told([to(1), FactValue::KinesisConsumers(Vec::new())], title, "nothing");
        told([to(0), FactValue::KinesisConsumers(Vec::new())], title, "nothing");
        told([], title, "nothing");
    }

    #[test]
    fn a_function_is_told_with_its_role_once_that_is_known() {
        let function = "arn:aws:lambda:eu-west-1:1:function:f".to_owned();
        let consumer = || StreamConsumer { function: function.clone(), state: "Enabled".into() };
        let role = "arn:aws:iam::1:role/service-role/reader".to_owned();
        let roles = vec![FunctionRole { function: function.clone(), role }];
        let title = "functions that read the stream";
        told([FactValue::StreamConsumers(vec![consumer()])], title, "f: reads the stream (Enabled)");
        told(
            [FactValue::StreamConsumers(vec![consumer()]), FactValue::FunctionRoles(roles)],
            title,
            "f: reads the stream as service-role/reader (Enabled)",
        );
    }

    #[test]
    fn recovery_points_are_told_with_their_vaults_policy() {
        let point = || {
            FactValue::RecoveryPoints(vec![RecoveryPoint {
                arn: None,
                vault: "v".into(),
                created: None,
                key: None,
                status: String::new(),
            }])
        };
        let vault = |principal: &str| {
            let statement =
                format!(r#"{{"Effect":"Allow","Principal":{principal},"Action":"*","Resource":"*"}}"#);
            let policy = Policy::parse(&format!(r#"{{"Statement":{statement}}}"#));
            FactValue::Vaults(vec![Vault { name: "v".into(), policy: Some(policy) }])
        };
        let title = "recovery points in AWS Backup";
        let whole = "vault v: 1 times the whole table";
        told([point()], title, whole);
        told([point(), FactValue::Vaults(vec![Vault { name: "v".into(), policy: None }])], title, whole);
        told([point(), vault(r#"{"AWS":"111122223333"}"#)], title, whole);
        told([point(), vault(r#""*""#)], title, &format!("{whole}; its policy takes copies from everyone"));
        told(
            [point(), vault(r#"{"AWS":"444455556666"}"#)],
            title,
            &format!("{whole}; its policy takes copies from account 444455556666"),
        );
        let mut facts = facts([point()]);
        let denied = Gap::Denied(FactKind::Vaults.permission(), String::new());
        facts.miss(FactKind::Vaults, denied);
        let places = of(&facts);
        let place = places.iter().find(|p| p.title == title).expect("there");
        let holds = place.copies.as_ref().expect("seen")[0].holds.to_string();
        assert!(holds.ends_with("not looked at (backup:GetBackupVaultAccessPolicy would tell)"), "{holds}");
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
