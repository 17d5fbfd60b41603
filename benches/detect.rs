//! How fast items are inspected: `cargo bench --bench detect`.
//!
//! Times differ from machine to machine, so what is held is ratios of one run: the detector with everything on
//! against the automaton alone over the same values, and two threads against one. `--check` fails if they are missed.

#![allow(clippy::print_stdout, reason = "what a benchmark is for")]

use std::time::{Duration, Instant};

use dynaudit::detect::{Detector, FingerprintKey, Scratch, TableContext};
use dynaudit::domain::{AttributeValue, Item};

/// At least this much of the bare automaton's speed.
const OF_BARE: f64 = 0.5;
/// Two threads, against one.
const OF_TWO: f64 = 1.7;
/// From the beginning to the first item inspected.
const READY: Duration = Duration::from_millis(20);
/// Rounds of each measurement; they take turns, and the best of each counts.
const ROUNDS: usize = 7;

fn main() {
    let started = Instant::now();
    let detector = Detector::new(FingerprintKey::new(b"a key of the benchmark"));
    let first = Item::new(vec![("note".into(), AttributeValue::S("left at the door".into()))]);
    inspect(&detector, &[first]);
    let ready = started.elapsed();

    let items = items(4000);
    let values: Vec<&str> = items.iter().flat_map(|item| item.attributes()).filter_map(text).collect();
    let bytes: usize = values.iter().map(|v| v.len()).sum();
    println!(
        "{} rules; {} values of {} bytes, {} items of {} bytes",
        detector.rules().count(),
        values.len(),
        bytes / values.len(),
        items.len(),
        items.iter().map(Item::size).sum::<usize>() / items.len(),
    );

    let [mut bare, mut one, mut two] = [Duration::MAX; 3];
    let mut seen = 0;
    for _ in 0..ROUNDS {
        bare = bare.min(time(|| values.iter().map(|v| detector.count_keywords(v)).sum::<usize>()).0);
        let (took, found) = time(|| inspect(&detector, &items));
        (one, seen) = (one.min(took), found);
        two = two.min(time(|| in_two(&detector, &items)).0);
    }
    let speed = |took: Duration| bytes as f64 / took.as_secs_f64() / 1e6;
    // The items twice, in two threads, each all of them.
    let (of_bare, of_two) =
        (bare.as_secs_f64() / one.as_secs_f64(), 2.0 * one.as_secs_f64() / two.as_secs_f64());
    println!("ready after {:.1} ms", ready.as_secs_f64() * 1e3);
    println!("the automaton alone    {:7.1} MB/s", speed(bare));
    println!("the detector           {:7.1} MB/s, {of_bare:.2} of it; {seen} sightings", speed(one));
    println!("the detector, twice    {:7.1} MB/s, {of_two:.2} of one thread", 2.0 * speed(two));

    let held = [
        (of_bare >= OF_BARE, "slower than half the automaton"),
        (of_two >= OF_TWO, "two threads are less than 1.7 times as fast as one"),
        (ready <= READY, "ready after more than 20 ms"),
    ];
    for (_, missed) in held.iter().filter(|(held, _)| !held) {
        println!("MISSED: {missed}");
    }
    let checked = std::env::args().any(|arg| arg == "--check");
    assert!(!checked || held.iter().all(|(held, _)| *held), "a ratio was missed");
}

fn time<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let started = Instant::now();
    let out = std::hint::black_box(work());
    (started.elapsed(), out)
}

fn inspect(detector: &Detector, items: &[Item]) -> usize {
    let (context, mut scratch) = (TableContext::default(), Scratch::default());
    let now = jiff::Timestamp::UNIX_EPOCH;
    items.iter().map(|item| detector.inspect(&context, item, now, &mut scratch).len()).sum()
}

fn in_two(detector: &Detector, items: &[Item]) -> usize {
    std::thread::scope(|scope| {
        let threads = [0, 1].map(|_| scope.spawn(|| inspect(detector, items)));
        threads.into_iter().map(|t| t.join().expect("it does not panic")).sum()
    })
}

fn text((_, value): &(String, AttributeValue)) -> Option<&str> {
    match value {
        AttributeValue::S(text) => Some(text),
        _ => None,
    }
}

/// Numbers from a seed (splitmix64): every run inspects the same items.
struct Seed(u64);

impl Seed {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn hex(&mut self, digits: usize) -> String {
        (0..digits).map(|_| char::from(b"0123456789abcdef"[(self.next() % 16) as usize])).collect()
    }

    fn uuid(&mut self) -> String {
        let mut part = |digits| self.hex(digits);
        format!("{}-{}-4{}-a{}-{}", part(8), part(4), part(3), part(3), part(12))
    }

    fn words(&mut self, count: usize) -> String {
        const WORDS: &[&str] = &[
            "waiting",
            "carrier",
            "second",
            "attempt",
            "customer",
            "asked",
            "for",
            "the",
            "blue",
            "one",
            "left",
            "at",
            "door",
            "delivery",
            "between",
            "nine",
            "and",
            "noon",
            "invoice",
            "sent",
            "order",
            "warehouse",
            "returned",
            "because",
            "of",
            "size",
            "please",
            "call",
            "before",
            "token",
            "of",
            "appreciation",
        ];
        let words: Vec<&str> =
            (0..count).map(|_| WORDS[(self.next() % WORDS.len() as u64) as usize]).collect();
        words.join(" ")
    }
}

/// Items as tables of orders, files and events hold them: twelve values of about 80 bytes, no secret among them.
fn items(count: usize) -> Vec<Item> {
    let mut seed = Seed(42);
    let item = |_| {
        let s = &mut seed;
        let values = [
            ("pk", format!("TENANT#{}#CUSTOMER#{}", s.uuid(), s.uuid())),
            ("sk", format!("ORDER#2026-11-22T10:{}:00.000Z#{}", s.next() % 60, s.uuid())),
            ("note", s.words(13)),
            (
                "picture",
                format!("https://cdn.example.com/articles/large/{}/{}.jpg", s.hex(24), s.next() % 1000),
            ),
            ("etag", format!("\"{}\"", s.hex(64))),
            ("topic", format!("arn:aws:sns:eu-central-1:111122223333:orders-{}", s.uuid())),
            (
                "address",
                format!("{} {} Street, Springfield, {}", s.next() % 200, s.words(6), s.next() % 99_999),
            ),
            ("status", s.words(9)),
            ("content_sha256", s.hex(64)),
            (
                "query",
                format!("SELECT id, total FROM orders WHERE customer = {} AND state = 'open'", s.next()),
            ),
            ("trace", format!("Root=1-{}-{};Parent={};Sampled=1", s.hex(8), s.hex(24), s.hex(16))),
            ("summary", s.words(14)),
        ];
        Item::new(values.into_iter().map(|(n, v)| (n.to_owned(), AttributeValue::S(v))).collect())
    };
    (0..count).map(item).collect()
}
