//! How fast items are inspected: `cargo bench --bench detect`.
//!
//! Times differ from machine to machine, so what is held is ratios of one run: the detector with everything on
//! against a bare search of its automaton over the same values (the crate's own, nothing matched), and two threads
//! against one. `--check` fails if they are missed; `--kinds` prints a line for each kind of value, too.

#![allow(clippy::print_stdout, reason = "what a benchmark is for")]

mod values;

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
const ROUNDS: usize = 40;

fn main() {
    let started = Instant::now();
    let detector = Detector::new(FingerprintKey::new(b"a key of the benchmark"));
    let first = Item::new(vec![("note".into(), AttributeValue::S("left at the door".into()))]);
    inspect(&detector, &[first]);
    let ready = started.elapsed();
    println!("{} rules; ready after {:.1} ms", detector.rules().count(), ready.as_secs_f64() * 1e3);

    let mut held = vec![(ready <= READY, "ready after more than 20 ms".to_owned())];
    for (mix, kinds) in [("orders", values::ORDERS), ("web", values::WEB)] {
        let speeds = Speeds::of(&detector, &values::items(kinds, 4000));
        println!("{mix}: {} values of {} bytes", speeds.values, speeds.bytes / speeds.values);
        println!("  the automaton alone    {:7.1} MB/s", speeds.per_second(speeds.bare));
        println!(
            "  the detector           {:7.1} MB/s, {:.2} of it; {} sightings",
            speeds.per_second(speeds.one),
            speeds.of_bare(),
            speeds.seen,
        );
        println!(
            "  the detector, twice    {:7.1} MB/s, {:.2} of one thread",
            2.0 * speeds.per_second(speeds.two),
            speeds.of_two(),
        );
        held.push((speeds.of_bare() >= OF_BARE, format!("{mix}: slower than half the automaton")));
        held.push((
            speeds.of_two() >= OF_TWO,
            format!("{mix}: two threads less than 1.7 times as fast as one"),
        ));
    }
    // One kind over and over, for a profiler: `--profile "json list"`.
    if let Some(name) = std::env::args().skip_while(|arg| arg != "--profile").nth(1) {
        let all = [values::ORDERS, values::WEB, values::OTHERS].concat();
        let kind = *all.iter().find(|kind| kind.0 == name).expect("a kind of that name");
        let items = values::items_of(kind, 200);
        let until = Instant::now() + Duration::from_secs(5);
        while Instant::now() < until {
            inspect(&detector, &items);
        }
        return;
    }
    if given("--kinds") {
        println!(
            "{:16} {:>5} {:>9} {:>9} {:>6} {:>6}",
            "kind", "bytes", "automaton", "detector", "ratio", "seen"
        );
        for kind in [values::ORDERS, values::WEB, values::OTHERS].concat() {
            let speeds = Speeds::of(&detector, &values::items_of(kind, 200));
            println!(
                "{:16} {:5} {:9.1} {:9.1} {:6.2} {:6}",
                kind.0,
                speeds.bytes / speeds.values,
                speeds.per_second(speeds.bare),
                speeds.per_second(speeds.one),
                speeds.of_bare(),
                speeds.seen,
            );
        }
    }
    for (_, missed) in held.iter().filter(|(held, _)| !held) {
        println!("MISSED: {missed}");
    }
    assert!(!given("--check") || held.iter().all(|(held, _)| *held), "a ratio was missed");
}

fn given(option: &str) -> bool {
    std::env::args().any(|arg| arg == option)
}

/// What some items took.
struct Speeds {
    values: usize,
    bytes: usize,
    /// The automaton alone, over the values.
    bare: Duration,
    /// The detector, over the items.
    one: Duration,
    /// The items twice, in two threads, each all of them.
    two: Duration,
    seen: usize,
}

impl Speeds {
    fn of(detector: &Detector, items: &[Item]) -> Self {
        let values: Vec<&str> = items.iter().flat_map(|item| item.attributes()).filter_map(text).collect();
        let [mut bare, mut one, mut two] = [Duration::MAX; 3];
        let mut seen = 0;
        for _ in 0..ROUNDS {
            bare = bare.min(time(|| values.iter().map(|v| detector.count_keywords(v)).sum::<usize>()).0);
            let (took, found) = time(|| inspect(detector, items));
            (one, seen) = (one.min(took), found);
            two = two.min(time(|| in_two(detector, items)).0);
        }
        let bytes = values.iter().map(|v| v.len()).sum();
        Self { values: values.len(), bytes, bare, one, two, seen }
    }

    /// Megabytes a second.
    fn per_second(&self, took: Duration) -> f64 {
        self.bytes as f64 / took.as_secs_f64() / 1e6
    }

    fn of_bare(&self) -> f64 {
        self.bare.as_secs_f64() / self.one.as_secs_f64()
    }

    fn of_two(&self) -> f64 {
        2.0 * self.one.as_secs_f64() / self.two.as_secs_f64()
    }
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
