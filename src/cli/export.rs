//! `scan --export`: the items of tables from files, without touching a table.
//!
//! Files are read by as many threads as there are cores, and looked at by as many; what waits between them is bounded, so
//! memory is flat whatever the size. What is damaged is named, and the rest is read.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::args::ScanArgs;
use super::connect::{Which, connect, to_log};
use super::fail::Fail;
use super::headless::{Phase, Progress, Stop};
use super::inspect::records::{Batch, LONGEST, Records, What};
use super::output::complain;
use super::progress::ProgressLine;
use super::save::Save;
use super::{shard, signals};
use crate::audit::log::Head;
use crate::audit::{Audit, AuditEvent};
use crate::detect::{Detector, Scratch, Screening, TableContext};
use crate::domain::{
    Confidence, FactKind, FactValue, Failure, FailureKind, Gap, KeySchema, Rcu, Safe, Scope, Sighting,
    TableFacts, TableRef, TakingTraits, Traits, Uninspected, glob,
};
use crate::dynamodb_json::{Order, Tape};
use crate::report::{Cause, Run, Unseen, Visited, unseen};
use crate::scan::{Outcome, Share, worse};
use crate::source::export::{DataFile, Export, Found, Kind, Verdict, find};
use crate::source::given::{Given, each_item};

/// How many batches may wait for each worker.
const AHEAD: usize = 4;
/// How often somebody who waits looks whether the run is to end.
const LOOKS_UP: Duration = Duration::from_millis(50);
/// Maximum number of bad values that are told one by one.
const TOLD: usize = 20;
/// A longer text is no time, in bytes.
const LONGEST_TIME: usize = 64;
/// Why a file is not read that the manifest names.
const MISSING: &str = "it is not there";
/// Maximum number of files that are named one by one.
const MOST_FILES: usize = 1000;
/// Maximum number of files that are named in a sentence.
const NAMED: usize = 3;

/// The audit of what is in the files, and how saving it went.
///
/// # Errors
/// When there is nothing to read.
pub(super) fn audited(args: &ScanArgs, detector: Arc<Detector>) -> Result<(Run, Result<(), Fail>), Fail> {
    let path = args.export.as_deref().unwrap_or_else(|| std::path::Path::new(""));
    let shard = shard::of(args.shard, args.key_is_given)?;
    let region = args.places.region.first().cloned().unwrap_or_else(|| String::from("files"));
    let elsewhere = Scope { partition: String::from("aws"), account: String::new(), region, endpoint: None };
    let said = |why: &dyn std::fmt::Display| format!("--export {}: {why}", path.display());
    let Found { mut exports, refused, beside } = find(path, &Arc::new(elsewhere)).map_err(|why| {
        Fail::usage(
            said(&why),
            "name the folder of an export, a file of items, or one that `aws dynamodb scan` wrote",
        )
    })?;
    if exports.is_empty() {
        return Err(Fail::usage(said(&refused.join("; ")), "name another folder, or export it again"));
    }
    exports.retain(|e| args.table.is_empty() || args.table.iter().any(|p| glob::matches(p, &e.table.name)));
    if exports.is_empty() {
        return Err(Fail::usage(
            said(&"no table in it matches --table"),
            "leave --table out to read them all",
        ));
    }
    let runtime = tokio::runtime::Runtime::new()
        .map_err(|e| Fail::usage(format!("no threads to be had: {}", e.kind()), "close other programs"))?;
    let within = runtime.enter();
    let stop = Arc::new(Stop::default());
    signals::listen(&stop);
    stop.after(args.max_time);
    let started = Timestamp::now();
    let keys = runtime.block_on(keys(args, &exports, &detector));
    let head = Head {
        share: shard,
        tables: args.table.clone(),
        files: Some(fingerprint(&exports)),
        ..Head::new(detector.key_check(), started)
    };
    let mut save = args.report.save.as_deref().map(|path| Save::begin(path, &detector, head)).transpose()?;
    let mut audit = Audit::default();
    let mut record = |event: AuditEvent| {
        save.iter_mut().for_each(|save| save.record(&event));
        audit.absorb(event);
    };
    for (n, export) in exports.iter().enumerate() {
        if exports[..n].iter().any(|before| before.table == export.table) {
            let table = Safe::neutral(&export.table.name);
            complain(&format!(
                "dynaudit: {table} is in several exports: an item that is in two of them counts twice"
            ));
        }
    }
    let tables: Vec<TableRef> = exports.iter().map(|e| e.table.clone()).collect();
    for table in &tables {
        record(AuditEvent::Table(table.clone()));
    }
    for (table, value) in &keys.facts {
        record(AuditEvent::Fact(table.clone(), value.clone(), started));
    }
    let line = ProgressLine::of_files();
    let reading = Reading::new(&exports, &keys.of, &detector, started, shard);
    let ended = reading.run(&stop, &mut record, &mut |p| line.show(p));
    drop(line);
    for (table, outcome) in ended {
        record(AuditEvent::Ended(table, outcome));
    }
    for table in audit.tables().filter(|t| t.items > 0 && t.traits.keys.total() == 0) {
        if let Some(key) = keys.of.get(&table.table) {
            let (name, table) = (Safe::neutral(&key.partition.name), Safe::neutral(&table.table.name));
            complain(&format!("dynaudit: no item of {table} has the attribute {name}: check --key-schema"));
        }
    }
    audit.accept(detector.accepted());
    if args.report.min_confidence < Confidence::Medium {
        audit.tell_low();
    }
    let finished = Timestamp::now();
    let mut unseen = Vec::new();
    unseen.extend(stop.unseen("when not all files were read"));
    unseen
        .extend(refused.iter().map(|why| Unseen::of_run(Cause::ItemsFailed, Safe::neutral(why).to_string())));
    unseen.extend(unseen::of_tables(&audit, finished));
    if beside > 0 {
        let said = format!(
            "{beside} {} beside the exports in no manifest, and not read",
            if beside == 1 { "file is" } else { "files are" }
        );
        complain(&format!("dynaudit: {said}"));
        unseen.push(Unseen::of_run(Cause::NotPlanned, said));
    }
    unseen.push(Unseen::of_run(Cause::SettingsNotRead, settings_of(&exports)));
    let mut places: Vec<Visited> = Vec::new();
    for table in &tables {
        if !places.iter().any(|place| place.scope == *table.scope) {
            let scope = (*table.scope).clone();
            places.push(Visited { name: None, scope, identity: Err(Gap::NotAsked), failed: None });
        }
    }
    let run = Run { places, unseen, ..Run::of(audit, started, finished) };
    let saved = save.map_or(Ok(()), |save| save.end(&run));
    drop(within);
    runtime.shutdown_background();
    Ok((run, saved))
}

/// What tells the files of a run from others: their tables, names and checksums, not where they are.
fn fingerprint(exports: &[Export]) -> String {
    let mut sum = Sha256::new();
    for export in exports {
        sum.update(export.table.arn());
        for file in &export.files {
            sum.update(file.path.file_name().unwrap_or_default().as_encoded_bytes());
            sum.update(file.md5.unwrap_or_default());
        }
    }
    sum.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// What of the settings is not known, and of when the items are.
fn settings_of(exports: &[Export]) -> String {
    let of = |export: &Export| {
        let what = match export.kind {
            Kind::Full => "an export",
            Kind::Incremental => "an export of changes",
            Kind::Filtered => "an export with a filter",
            Kind::Loose => "files without a manifest, so that nothing tells whether they are all",
        };
        let at = export.at.as_deref().filter(|at| at.len() <= LONGEST_TIME);
        let at = at.map(|at| format!(" of {}", Safe::neutral(at))).unwrap_or_default();
        format!("{} is read from {what}{at}", Safe::neutral(&export.table.name))
    };
    let mut told: Vec<String> = exports.iter().take(NAMED).map(of).collect();
    if exports.len() > NAMED {
        told.push(format!("and {} more", exports.len() - NAMED));
    }
    format!("{}; `dynaudit scan --no-items` reads them from the account", told.join(", "))
}

/// The keys of the tables, and the facts that tell them.
struct Keys {
    of: BTreeMap<TableRef, KeySchema>,
    facts: Vec<(TableRef, FactValue)>,
}

/// The keys: as given, or as the account says where one is named.
async fn keys(args: &ScanArgs, exports: &[Export], detector: &Arc<Detector>) -> Keys {
    let mut keys = Keys { of: BTreeMap::new(), facts: Vec::new() };
    if let Some(key) = &args.key_schema {
        keys.of.extend(exports.iter().map(|export| (export.table.clone(), key.clone())));
        return keys;
    }
    if args.places.profile.is_empty() && args.places.endpoint_url.is_none() {
        return keys;
    }
    let accounts = args.places.each();
    let ledger = Arc::new(|call| to_log(&call));
    let opened = connect(Which::Live(&accounts), Arc::clone(detector), ledger).await;
    let connection = match opened {
        Ok(connection) => connection,
        Err(fail) => {
            complain(&format!("dynaudit: the keys of the tables are not known: {fail}"));
            return keys;
        }
    };
    for export in exports {
        let there = |source: &&Arc<dyn crate::source::Source>| {
            export.kind == Kind::Loose || source.scope().region == export.table.scope.region
        };
        let Some(source) = connection.sources.iter().find(there) else { continue };
        let asked = TableRef::new(&source.scope(), export.table.name.as_str());
        match source.fact(&asked, FactKind::Description, &TableFacts::default()).await {
            // A table of that name may be in another account.
            Ok(FactValue::Description(description))
                if export.kind != Kind::Loose && description.arn != export.table.arn() =>
            {
                let table = Safe::neutral(&export.table.name);
                complain(&format!(
                    "dynaudit: the key of {table} is not known: the account is another than the export's"
                ));
            }
            Ok(FactValue::Description(description)) => {
                keys.of.insert(export.table.clone(), description.key.clone());
                keys.facts.push((export.table.clone(), FactValue::Description(description)));
            }
            Ok(_) => {}
            Err(gap) => complain(&format!(
                "dynaudit: the key of {} is not known: {}",
                Safe::neutral(&export.table.name),
                Safe::neutral(&gap.to_string())
            )),
        }
    }
    keys
}

/// A file to read, and of which export.
struct Job<'a> {
    export: usize,
    file: &'a DataFile,
}

/// What the readers give to the workers.
struct Work {
    job: usize,
    batch: Batch,
}

/// What a batch came to.
struct Looked {
    job: usize,
    items: u64,
    bad: u64,
    traits: Traits,
    uninspected: Uninspected,
    sightings: Vec<Sighting>,
    complaints: Vec<String>,
    /// A page says that more follow.
    follows: bool,
}

/// What happened.
enum Happened {
    Looked(Box<Looked>),
    /// A file was read: why not to its end, and what its checksum says.
    Ended {
        job: usize,
        failed: Option<String>,
        verdict: Verdict,
        /// How many batches there were of it.
        batches: usize,
    },
}

/// How a file went.
#[derive(Default)]
struct Went {
    items: u64,
    bad: u64,
    follows: bool,
    /// How many batches there were, once it was read to its end, and how many were looked at.
    batches: Option<usize>,
    looked: usize,
    wrong: Option<String>,
}

/// The reading of all files.
struct Reading<'a> {
    exports: &'a [Export],
    jobs: Vec<Job<'a>>,
    /// How the items of each export are looked at.
    screenings: Vec<(Arc<Screening>, Option<KeySchema>)>,
    now: Timestamp,
    shard: Option<Share>,
}

impl<'a> Reading<'a> {
    fn new(
        exports: &'a [Export],
        keys: &BTreeMap<TableRef, KeySchema>,
        detector: &Arc<Detector>,
        now: Timestamp,
        shard: Option<Share>,
    ) -> Self {
        let all = exports.iter().enumerate();
        let jobs =
            all.flat_map(|(export, e)| e.files.iter().map(move |file| Job { export, file })).enumerate();
        let mine = |n: usize| shard.is_none_or(|shard| shard.takes(n as u32));
        let jobs = jobs.filter(|(n, _)| mine(*n)).map(|(_, job)| job).collect();
        let screening = |export: &Export| {
            let key = keys.get(&export.table).cloned();
            let context = TableContext { table: export.table.name.clone(), key: key.clone(), ttl: None };
            (Screening::new(detector, context, now), key)
        };
        Self { exports, jobs, screenings: exports.iter().map(screening).collect(), now, shard }
    }

    /// Reads everything: how each table ended.
    fn run(
        &self,
        stop: &Stop,
        record: &mut dyn FnMut(AuditEvent),
        watch: &mut dyn FnMut(&Progress),
    ) -> BTreeMap<TableRef, Outcome> {
        let cores = thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let mut went: Vec<Went> = self.jobs.iter().map(|_| Went::default()).collect();
        let next = AtomicUsize::new(0);
        thread::scope(|scope| {
            let (to_workers, work) = sync_channel::<Work>(cores * AHEAD);
            let (tell, told) = sync_channel::<Happened>(cores * AHEAD);
            let work = Arc::new(Mutex::new(work));
            for _ in 0..cores.min(self.jobs.len()) {
                let (to_workers, tell, next) = (to_workers.clone(), tell.clone(), &next);
                scope.spawn(move || self.read(next, &to_workers, &tell, stop));
            }
            drop(to_workers);
            for _ in 0..cores {
                let (work, tell) = (Arc::clone(&work), tell.clone());
                scope.spawn(move || self.look(&work, &tell, stop));
            }
            drop((tell, work));
            self.take(&told, &mut went, record, watch);
        });
        self.tell(&went);
        self.ended(&went)
    }

    /// Reads file after file.
    fn read(
        &self,
        next: &AtomicUsize,
        to_workers: &SyncSender<Work>,
        tell: &SyncSender<Happened>,
        stop: &Stop,
    ) {
        while !stop.is_set() {
            let job = next.fetch_add(1, Relaxed);
            let Some(Job { file, .. }) = self.jobs.get(job) else { return };
            let mut batches = 0;
            let (failed, verdict) = match one(file, job, to_workers, stop, &mut batches) {
                Ok(verdict) => (None, verdict),
                Err(why) => (Some(why), Verdict::Unknown),
            };
            // Of a file that nobody waited for to its end nothing is known.
            if stop.is_set() || tell.send(Happened::Ended { job, failed, verdict, batches }).is_err() {
                return;
            }
        }
    }

    /// Looks at batch after batch.
    fn look(&self, work: &Mutex<Receiver<Work>>, tell: &SyncSender<Happened>, stop: &Stop) {
        let (mut scratch, mut tape) = (Scratch::default(), Tape::default());
        while !stop.is_set() {
            // Nobody else waits longer for it than this one does.
            let Ok(received) = work.lock().map(|work| work.recv_timeout(LOOKS_UP)) else { return };
            match received {
                Ok(Work { job, batch }) => {
                    let looked = self.batch(job, &batch, &mut scratch, &mut tape);
                    if tell.send(Happened::Looked(Box::new(looked))).is_err() {
                        return;
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn batch(&self, job: usize, batch: &Batch, scratch: &mut Scratch, tape: &mut Tape) -> Looked {
        let Job { export, file } = &self.jobs[job];
        let (screening, key) = &self.screenings[*export];
        let mut taken = TakingTraits::new(key.as_ref(), None, self.now);
        let mut looked = Looked {
            job,
            items: 0,
            bad: 0,
            traits: Traits::default(),
            uninspected: Uninspected::default(),
            sightings: Vec::new(),
            complaints: Vec::new(),
            follows: false,
        };
        for record in &batch.records {
            let mut bad = |what: &dyn std::fmt::Display| {
                looked.bad += 1;
                looked.complaints.push(format!("{}, line {}: {what}", file.path.display(), record.line));
            };
            let at = match &record.what {
                What::TooLong => {
                    bad(&format_args!("longer than {} MiB", LONGEST >> 20));
                    continue;
                }
                What::Broken(why) => {
                    bad(&format_args!("a document over several lines: {why}"));
                    continue;
                }
                What::Value { at, .. } | What::Rest { at, .. } => at.clone(),
            };
            let Some(text) = batch.text.get(at).and_then(|text| std::str::from_utf8(text).ok()) else {
                bad(&"not UTF-8");
                continue;
            };
            // What a list holds besides its items is its brackets.
            if matches!(record.what, What::Rest { .. }) && text.starts_with('[') {
                continue;
            }
            let mut see = |item: &Given<'_>| {
                taken.see(|name| item.get(name));
                let (seen, left) = screening.sightings(item, || item.item(), scratch);
                looked.sightings.extend(seen);
                looked.uninspected += left;
            };
            match each_item(text, tape, Order::Sorted(key.as_ref()), &mut see) {
                Err(e) => bad(&e),
                Ok(told) => {
                    looked.items += told.items;
                    looked.follows |= told.follows;
                    if let (What::Value { .. }, Some(counted)) = (&record.what, told.counted) {
                        bad(&format_args!("it counts {counted} items and holds {}", told.items));
                    }
                }
            }
        }
        // A value that is no item may have been one.
        looked.uninspected.failed += looked.bad;
        looked.traits = taken.traits;
        looked
    }

    /// Takes in what happened, until nothing more can.
    fn take(
        &self,
        told: &Receiver<Happened>,
        went: &mut [Went],
        record: &mut dyn FnMut(AuditEvent),
        watch: &mut dyn FnMut(&Progress),
    ) {
        let mut progress = Progress {
            phase: Phase::Files,
            tables: self.exports.len(),
            done: 0,
            of: self.jobs.len(),
            items: 0,
            spent: Rcu::ZERO,
            estimate: Rcu::ZERO,
            budget: None,
        };
        let mut complaints = 0;
        for happened in told {
            match happened {
                Happened::Looked(looked) => {
                    let Looked { job, items, bad, traits, uninspected, sightings, follows, .. } = *looked;
                    for said in looked.complaints {
                        complaints += 1;
                        if complaints <= TOLD {
                            complain(&format!("dynaudit: {}", Safe::neutral(&said)));
                        }
                    }
                    let file = &mut went[job];
                    file.looked += 1;
                    file.items += items;
                    file.bad += bad;
                    file.follows |= follows;
                    progress.items += items;
                    let table = self.exports[self.jobs[job].export].table.clone();
                    record(AuditEvent::Items {
                        table,
                        segment: None,
                        items: items + bad,
                        traits,
                        uninspected,
                        cost: Rcu::ZERO,
                        sightings,
                    });
                }
                Happened::Ended { job, failed, verdict, batches } => {
                    went[job].batches = Some(batches);
                    went[job].wrong = failed.or_else(|| {
                        (verdict == Verdict::Wrong)
                            .then(|| String::from("it is damaged: its MD5 is not the manifest's"))
                    });
                    progress.done += 1;
                }
            }
            watch(&progress);
        }
        if complaints > TOLD {
            complain(&format!("dynaudit: {} more lines could not be read", complaints - TOLD));
        }
    }

    /// Every file that was not read as it was written, with its reason.
    fn tell(&self, went: &[Went]) {
        let wrong = self.jobs.iter().zip(went).filter_map(|(job, went)| Some((job, went.wrong.as_ref()?)));
        for (n, (job, why)) in wrong.enumerate() {
            if n == MOST_FILES {
                complain(&format!("dynaudit: more than {MOST_FILES} files are damaged or missing"));
                return;
            }
            complain(&format!("dynaudit: {}: {why}", Safe::neutral(&job.file.path.display().to_string())));
        }
    }

    /// How each table ended.
    fn ended(&self, went: &[Went]) -> BTreeMap<TableRef, Outcome> {
        let mut ended: BTreeMap<TableRef, Outcome> = BTreeMap::new();
        for (n, export) in self.exports.iter().enumerate() {
            let of = self.jobs.iter().zip(went).filter(|(job, _)| job.export == n);
            let outcome = outcome(export, of.map(|(job, went)| (job.file, went)), self.shard);
            let before = ended.remove(&export.table);
            ended.insert(export.table.clone(), worse(before, outcome));
        }
        ended
    }
}

/// A text that ends in an error once the run is to end: a line of it may be of any length.
struct UntilStopped<'a> {
    text: &'a mut (dyn BufRead + Send),
    stop: &'a Stop,
}

impl Read for UntilStopped<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.stop.is_set() {
            return Err(io::Error::other("it was stopped"));
        }
        self.text.read(buffer)
    }
}

/// Reads one file, batch by batch.
fn one(
    file: &DataFile,
    job: usize,
    to_workers: &SyncSender<Work>,
    stop: &Stop,
    batches: &mut usize,
) -> Result<Verdict, String> {
    let mut opened = file.open().map_err(|e| match e.kind() {
        io::ErrorKind::NotFound => String::from(MISSING),
        _ => e.to_string(),
    })?;
    let why = |e: io::Error| match e.kind() {
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => {
            String::from("it is damaged: its gzip is cut off, or is none")
        }
        kind => kind.to_string(),
    };
    let text = BufReader::new(UntilStopped { text: &mut opened.text, stop });
    let mut records = Records::new(text).map_err(why)?;
    while let Some(batch) = records.next().map_err(why)? {
        if stop.is_set() || to_workers.send(Work { job, batch }).is_err() {
            return Ok(Verdict::Unknown);
        }
        *batches += 1;
    }
    drop(records);
    Ok(opened.verdict())
}

/// How the files of an export went, as the reading of a table ends.
fn outcome<'a>(
    export: &Export,
    files: impl Iterator<Item = (&'a DataFile, &'a Went)>,
    shard: Option<Share>,
) -> Outcome {
    let mut faults: Vec<String> = export.faults.clone();
    let listed: Option<u64> = export.files.iter().map(|file| file.items).sum();
    if let (Some(listed), Some(items)) = (listed, export.items)
        && listed != items
    {
        faults.push(format!("the list of files has {listed} items, and the summary {items}"));
    }
    // Incremental exports share the folder of their data, which is beside those of their manifests.
    let mut missing = 0;
    let (mut open, mut all) = (false, 0);
    for (file, went) in files {
        all += 1;
        let name = file.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        // What nobody looked at was not read.
        let is_open = went.batches != Some(went.looked);
        open |= is_open;
        missing += usize::from(went.wrong.as_deref() == Some(MISSING));
        // A line of an incremental export holds up to two items.
        let short = match (export.kind, file.items) {
            (Kind::Full, Some(items)) if !is_open && went.items + went.bad != items => {
                Some(format!("it has {} items, and the manifest says {items}", went.items + went.bad))
            }
            _ => None,
        };
        if let Some(why) = went.wrong.clone().or(short) {
            faults.push(format!("{name}: {why}"));
        } else if went.follows {
            faults.push(format!("{name}: its last page says that more items follow"));
        }
    }
    if open {
        return Outcome::Stopped(Gap::NotAsked);
    }
    if !faults.is_empty() {
        let more = faults.len().saturating_sub(NAMED);
        let mut said = faults.iter().take(NAMED).cloned().collect::<Vec<_>>().join("; ");
        if more > 0 {
            said.push_str(&format!("; and {more} more"));
        }
        return Outcome::Stopped(Gap::Failed(Failure {
            kind: FailureKind::Invalid,
            message: format!(
                "of {all} files not all could be read as they were written: {}",
                Safe::neutral(&said)
            ),
            next: match export.kind {
                Kind::Incremental if missing == all => {
                    String::from("copy AWSDynamoDB/data as well: incremental exports share it")
                }
                _ => String::from("copy them again, and compare with `aws s3 ls`"),
            },
        }));
    }
    match shard {
        None if export.is_extract() => Outcome::Extract,
        None => Outcome::Whole,
        Some(Share { number, of }) => Outcome::Share { number, of, extract: export.is_extract() },
    }
}
