//! A full scan against the bare loop of the SDK over the same pages, and an export against `zcat` of the same files.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::PROGRAM;
use crate::canned::{Account, Canned, item};
use crate::rows::Row;
use crate::terminal::home;

/// The argument with which this program is the bare loop.
pub const SDK_LOOP: &str = "--sdk-loop";

/// Items of the large and of the small table: what a start costs is taken off by the latter.
const ITEMS: [usize; 2] = [150_000, 1_000];
/// Bytes of each.
const BYTES: usize = 1_000;
/// Short attributes of each, beside five others and a note.
const SHORT: usize = 12;
/// Rounds, in turn; medians count.
const ROUNDS: usize = 5;

/// What a process took.
#[derive(Clone, Copy)]
struct Took {
    cpu: Duration,
    wall: Duration,
    /// The most memory it had, in KiB.
    memory: u64,
}

/// Runs a command to its end.
fn took(command: &mut Command) -> Took {
    let began = Instant::now();
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it runs");
    let proc = format!("/proc/{}", child.id());
    let (mut memory, mut wall) = (0, Duration::ZERO);
    let ticks = loop {
        // After its end and before it is waited for, a process still tells what it took.
        let stat = fs::read_to_string(format!("{proc}/stat")).unwrap_or_default();
        let fields: Vec<&str> =
            stat.rsplit_once(')').map_or("", |(_, rest)| rest).split_whitespace().collect();
        if fields.first() == Some(&"Z") {
            // proc_pid_stat(5): utime and stime, in hundredths of a second on Linux.
            break fields[11..13].iter().filter_map(|n| n.parse::<u64>().ok()).sum::<u64>();
        }
        let status = fs::read_to_string(format!("{proc}/status")).unwrap_or_default();
        let high = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        memory = memory.max(high.and_then(|h| h.trim().split(' ').next()?.parse().ok()).unwrap_or(0));
        wall = began.elapsed();
        std::thread::sleep(Duration::from_millis(2));
    };
    child.wait().expect("ours");
    Took { cpu: Duration::from_millis(ticks * 10), wall, memory }
}

/// What an item took: the large table without what the small one took, in microseconds of processor time and of the clock.
fn per_item(run: impl Fn(usize) -> Took) -> ([f64; 2], u64) {
    let [large, small] = [0, 1].map(&run);
    let items = (ITEMS[0] - ITEMS[1]) as f64;
    let micros = |large: Duration, small: Duration| large.saturating_sub(small).as_secs_f64() * 1e6 / items;
    ([micros(large.cpu, small.cpu), micros(large.wall, small.wall)], large.memory)
}

fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}

/// The rows.
pub fn rows() -> Vec<Row> {
    let account = |items| Account {
        tables: 1,
        items,
        item_bytes: BYTES,
        leak_every: 500,
        short: SHORT,
        kept: true,
        ..Account::default()
    };
    let servers = ITEMS.map(|items| Canned::start(account(items)));
    let home = home();
    let scan = |n: usize| {
        let args = ["scan", "--full", "--no-iam", "--endpoint-url", &servers[n].url];
        took(signed(Command::new(PROGRAM).args(args), home.path()))
    };
    let bare = |n: usize| {
        let own = std::env::current_exe().expect("it runs");
        took(signed(Command::new(own).args([SDK_LOOP, &servers[n].url]), home.path()))
    };
    // The pages are made before anything is measured.
    scan(0);
    scan(1);
    let (mut ours, mut theirs, mut memory) = (Vec::new(), Vec::new(), 0);
    for _ in 0..ROUNDS {
        let (one, high) = per_item(scan);
        memory = memory.max(high);
        ours.push(one);
        theirs.push(per_item(bare).0);
    }
    let of = |all: &[[f64; 2]], which: usize| median(all.iter().map(|one| one[which]).collect());
    let (cpu, bare_cpu) = (of(&ours, 0), of(&theirs, 0));
    let (wall, bare_wall) = (of(&ours, 1), of(&theirs, 1));
    let mut rows = vec![
        Row::new(
            format!("full scan of {} items of 1 KB and 18 attributes: processor time an item", ITEMS[0]),
            format!(
                "{cpu:.1} µs; the SDK's loop, values dropped unread {bare_cpu:.1} µs: {:.2} of it",
                cpu / bare_cpu
            ),
            "half of it",
        ),
        Row::new(
            "that scan: wall clock an item, the server on the same two cores".into(),
            format!("{wall:.1} µs; the SDK's loop {bare_wall:.1} µs: {:.2} of it", wall / bare_wall),
            "a third of it",
        ),
        Row::new("that scan: memory at the highest".into(), format!("{} MB", memory >> 10), "150 MB"),
    ];
    rows.extend(export(home.path()));
    rows
}

/// An export of the same items, in eight files of gzip.
fn export(home: &Path) -> Vec<Row> {
    let folder = tempfile::tempdir().expect("a folder");
    let account = Account {
        tables: 1,
        items: ITEMS[0],
        item_bytes: BYTES,
        leak_every: 500,
        short: SHORT,
        ..Account::default()
    };
    let mut text = 0;
    for file in 0..8 {
        let path = folder.path().join(format!("{file}.json.gz"));
        let mut out = GzEncoder::new(fs::File::create(path).expect("made"), Compression::default());
        for n in ITEMS[0] * file / 8..ITEMS[0] * (file + 1) / 8 {
            let line = format!("{{\"Item\":{}}}\n", item(account, n));
            text += line.len();
            out.write_all(line.as_bytes()).expect("written");
        }
        out.finish().expect("written");
    }
    let ours = || {
        let args = ["scan", "--key-schema", "pk", "--export"];
        took(signed(Command::new(PROGRAM).args(args).arg(folder.path()), home))
    };
    let files: Vec<_> = (0..8).map(|file| folder.path().join(format!("{file}.json.gz"))).collect();
    let zcat = || took(Command::new("zcat").args(&files));
    let (mut us, mut them, mut memory, mut wall) = (Vec::new(), Vec::new(), 0, Vec::new());
    for _ in 0..ROUNDS {
        let one = ours();
        memory = memory.max(one.memory);
        us.push(one.cpu.as_secs_f64());
        wall.push(one.wall.as_secs_f64());
        them.push(zcat().cpu.as_secs_f64());
    }
    let (us, them, wall) = (median(us), median(them), median(wall));
    let speed = |seconds: f64| text as f64 / seconds / 1e6;
    vec![
        Row::new(
            format!(
                "export of those items, {} MB of JSON in eight files of gzip: processor time",
                text / 1_000_000
            ),
            format!(
                "{us:.2} s, {:.0} MB/s a core; zcat {them:.2} s: {:.1} times as long",
                speed(us),
                us / them
            ),
            "3 times as long",
        ),
        Row::new(
            "that export: wall clock, two cores".into(),
            format!("{wall:.2} s, {:.0} MB/s; {} MB of memory", speed(wall), memory >> 10),
            "150 MB of memory",
        ),
    ]
}

fn signed<'a>(command: &'a mut Command, home: &Path) -> &'a mut Command {
    command
        .env("HOME", home)
        .env("AWS_ACCESS_KEY_ID", "not-a-key")
        .env("AWS_SECRET_ACCESS_KEY", "not-a-secret")
        .env("AWS_REGION", "eu-west-1")
        .env("DYNAUDIT_KEY", "a key of the benchmark")
}

/// The bare loop: every page of a table, its values dropped unread.
pub fn sdk_loop(url: &str) {
    let credentials =
        aws_credential_types::Credentials::new("not-a-key", "not-a-secret", None, None, "bench");
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(aws_sdk_dynamodb::config::BehaviorVersion::latest())
        .region(aws_sdk_dynamodb::config::Region::new("eu-west-1"))
        .endpoint_url(url)
        .credentials_provider(credentials)
        .build();
    let client = aws_sdk_dynamodb::Client::from_conf(config);
    let runtime = tokio::runtime::Runtime::new().expect("threads");
    runtime.block_on(async {
        let mut start = None;
        loop {
            let page = client
                .scan()
                .table_name("t000000")
                .set_exclusive_start_key(start)
                .send()
                .await
                .expect("a page");
            start = page.last_evaluated_key;
            if start.is_none() {
                return;
            }
        }
    });
}
