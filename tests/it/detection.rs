//! The figures of the project's own corpus, in `docs/detection.md`, and what must always hold over it.
//!
//! `DYNAUDIT_WRITE_DOCS=1 cargo test --test it detection` writes the page anew. With `DYNAUDIT_CORPUS=FILE` the
//! cases go into that file, for other scanners (`tests/tools/peers.py`).

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use dynaudit::detect::{Detector, FingerprintKey, NOT_OPENED, Scratch, TableContext};
use dynaudit::domain::{
    AttributeValue, Confidence, Item, KeyAttribute, KeySchema, KeyType, Screened, Severity, Sighting,
};
use jiff::Timestamp;

use crate::corpus::{self, BENIGN, Case, SEED};

/// How many benign values, over all kinds.
const BENIGN_VALUES: usize = 10_000;

/// The hand-written parts of the page.
const METHOD: &str = include_str!("../corpus/method.md");
const PEERS: &str = include_str!("../corpus/peers.md");

/// A detector that looks at one case after the other.
struct Eye {
    detector: Detector,
    scratch: Scratch,
}

impl Eye {
    fn new() -> Self {
        let key = FingerprintKey::new(b"a key of the corpus");
        Self { detector: Detector::new(key), scratch: Scratch::default() }
    }

    fn look(&mut self, case: &Case) -> Vec<Sighting> {
        // Every item is of a table keyed by its first attribute.
        let partition = KeyAttribute { name: case.item[0].0.clone(), kind: KeyType::S };
        let context =
            TableContext { table: String::new(), key: Some(KeySchema { partition, sort: None }), ttl: None };
        let now = Timestamp::from_second(1_795_000_000).unwrap();
        self.detector.inspect(&context, &Item::new(case.item.clone()), now, &mut self.scratch)
    }

    /// The best confidence of what is told to be a secret; placeholders and unopened values are told as info.
    fn verdict(&mut self, case: &Case) -> Option<Confidence> {
        let told = self.look(case).into_iter();
        told.filter(|s| s.severity > Severity::Info && &*s.rule != NOT_OPENED).map(|s| s.confidence).max()
    }
}

/// How a set of cases came out.
#[derive(Default)]
struct Count {
    cases: usize,
    medium: usize,
    low: usize,
}

impl Count {
    fn add(&mut self, verdict: Option<Confidence>) {
        self.cases += 1;
        match verdict {
            Some(Confidence::Low) => self.low += 1,
            Some(_) => self.medium += 1,
            None => {}
        }
    }

    fn silent(&self) -> usize {
        self.cases - self.medium - self.low
    }
}

fn benign(values: usize, seed: u64) -> impl Iterator<Item = Case> {
    (0..values).map(move |n| corpus::benign(&BENIGN[n % BENIGN.len()], seed, (n / BENIGN.len()) as u64))
}

/// The verdicts on cases, by what `name` says of them, in the order of the corpus.
fn counted(
    eye: &mut Eye,
    cases: impl IntoIterator<Item = Case>,
    name: fn(&Case) -> &str,
) -> Vec<(String, Count)> {
    let mut counts: Vec<(String, Count)> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for case in cases {
        let at = *places.entry(name(&case).to_owned()).or_insert_with(|| {
            counts.push((name(&case).to_owned(), Count::default()));
            counts.len() - 1
        });
        counts[at].1.add(eye.verdict(&case));
    }
    counts
}

fn share(part: usize, whole: usize) -> String {
    format!("{:.1} %", 100.0 * part as f64 / whole.max(1) as f64)
}

/// A table of secrets by what `name` says, with a line for all.
fn found(
    out: &mut String,
    eye: &mut Eye,
    what: &str,
    cases: impl Fn() -> Vec<Case>,
    name: fn(&Case) -> &str,
) {
    let counts = counted(eye, cases(), name);
    let _ = writeln!(out, "| {what} | cases | medium or above | low only | not found | found at medium |");
    out.push_str("|---|---|---|---|---|---|\n");
    let mut line = |what: &str, c: &Count| {
        let share = share(c.medium, c.cases);
        let _ =
            writeln!(out, "| {what} | {} | {} | {} | {} | {share} |", c.cases, c.medium, c.low, c.silent());
    };
    for (family, count) in &counts {
        line(family, count);
    }
    let sum = |f: fn(&Count) -> usize| counts.iter().map(|(_, c)| f(c)).sum();
    line("all", &Count { cases: sum(|c| c.cases), medium: sum(|c| c.medium), low: sum(|c| c.low) });
    out.push('\n');
}

/// The kinds that were not found everywhere, by family and by how they were missed.
fn missed(out: &mut String, eye: &mut Eye, cases: Vec<Case>) {
    /// One kind: how often it was found, and where it was not.
    struct Kind(&'static str, String, Count, Vec<&'static str>);
    let mut kinds: Vec<Kind> = Vec::new();
    for case in cases {
        let verdict = eye.verdict(&case);
        if kinds.last().is_none_or(|k| (k.0, &k.1) != (case.family, &case.kind)) {
            kinds.push(Kind(case.family, case.kind, Count::default(), Vec::new()));
        }
        let kind = kinds.last_mut().unwrap();
        kind.2.add(verdict);
        if verdict < Some(Confidence::Medium) {
            kind.3.push(case.place);
        }
    }
    let mut families: Vec<&str> = kinds.iter().map(|k| k.0).collect();
    families.dedup();
    for family in families {
        let _ = writeln!(out, "- {family}");
        let mut told = |how: &str, is: fn(&Kind) -> bool| {
            let name = |k: &Kind| match k.2.medium > 0 && k.3 != ["dull name"] {
                true => format!("{} ({} of {})", k.1, k.2.medium, k.2.cases),
                false => k.1.clone(),
            };
            let names: Vec<String> = kinds.iter().filter(|k| k.0 == family && is(k)).map(name).collect();
            if !names.is_empty() {
                let _ = writeln!(out, "  - {how} ({}): {}", names.len(), names.join(", "));
            }
        };
        told("never", |k| k.2.medium + k.2.low == 0);
        told("at low only", |k| k.2.medium == 0 && k.2.low > 0);
        told("only where the name tells", |k| k.2.medium > 0 && k.3 == ["dull name"]);
        told("in part", |k| k.2.medium > 0 && !k.3.is_empty() && k.3 != ["dull name"]);
        if out.ends_with(&format!("- {family}\n")) {
            out.truncate(out.len() - family.len() - 3);
        }
    }
    out.push('\n');
}

/// A table of what is no secret: only what fired is named.
fn quiet(out: &mut String, eye: &mut Eye, what: &str, cases: impl Iterator<Item = Case>) {
    let counts = counted(eye, cases, |case| &case.kind);
    let sum = |f: fn(&Count) -> usize| counts.iter().map(|(_, c)| f(c)).sum::<usize>();
    let (cases, medium, low) = (sum(|c| c.cases), sum(|c| c.medium), sum(|c| c.low));
    let _ = writeln!(
        out,
        "{} kinds, {cases} {what}: {medium} fired at medium or above, {low} at low.\n",
        counts.len()
    );
    let fired: Vec<_> = counts.iter().filter(|(_, c)| c.medium + c.low > 0).collect();
    if !fired.is_empty() {
        out.push_str("| fired | values | medium or above | low only |\n|---|---|---|---|\n");
        for (kind, c) in fired {
            let _ = writeln!(out, "| {kind} | {} | {} | {} |", c.cases, c.medium, c.low);
        }
        out.push('\n');
    }
}

fn page() -> String {
    let mut eye = Eye::new();
    let mut out = METHOD.replace("SEED", &SEED.to_string());
    out.push_str("\n## Credentials of providers\n\n");
    found(&mut out, &mut eye, "family", || corpus::credentials(SEED), |c| c.family);
    out.push_str("The same cases by where the secret stands:\n\n");
    found(&mut out, &mut eye, "place", || corpus::credentials(SEED), |c| c.place);
    out.push_str("What was missed, by kind:\n\n");
    missed(&mut out, &mut eye, corpus::credentials(SEED));
    out.push_str("## Sessions, tokens and password hashes\n\n");
    found(&mut out, &mut eye, "family", || corpus::sessions(SEED), |c| c.family);
    out.push_str("What was missed, by kind:\n\n");
    missed(&mut out, &mut eye, corpus::sessions(SEED));
    out.push_str("## What only its place or its name tells\n\n");
    found(&mut out, &mut eye, "family", || corpus::written(SEED), |c| c.family);
    out.push_str("What was missed, by kind:\n\n");
    missed(&mut out, &mut eye, corpus::written(SEED));
    out.push_str("## Values that are no secrets\n\n");
    quiet(&mut out, &mut eye, "values", benign(BENIGN_VALUES, SEED));
    for family in ["near misses", "placeholders and examples", "public by design"] {
        let _ = writeln!(out, "### {}\n", family[..1].to_uppercase() + &family[1..]);
        quiet(
            &mut out,
            &mut eye,
            "values",
            corpus::lookalikes(SEED).into_iter().filter(|c| c.family == family),
        );
    }
    out + PEERS
}

#[test]
fn the_page_has_the_figures_of_the_corpus() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/detection.md");
    let page = page();
    if std::env::var_os("DYNAUDIT_WRITE_DOCS").is_some() {
        std::fs::write(&file, &page).unwrap();
    }
    let written = std::fs::read_to_string(&file).unwrap_or_default();
    let differ = page.lines().zip(written.lines()).find(|(now, then)| now != then);
    assert!(
        page == written,
        "docs/detection.md differs from the corpus: {differ:?}\n\
         DYNAUDIT_WRITE_DOCS=1 cargo test --test it detection writes it"
    );
}

#[test]
fn benign_values_stay_quiet() {
    let mut eye = Eye::new();
    // Other values than those of the page, so that nothing fits them by accident.
    let mut fired: Vec<String> = Vec::new();
    for case in benign(BENIGN_VALUES, SEED + 1) {
        if eye.verdict(&case) >= Some(Confidence::Medium) {
            fired.push(format!("{} under {}", case.kind, case.item[1].0));
        }
    }
    assert!(fired.len() <= 1, "{} of {BENIGN_VALUES} fired: {fired:#?}", fired.len());
}

#[test]
fn the_corpus_is_as_large_as_it_says() {
    let kinds = |cases: Vec<Case>| {
        let mut kinds: Vec<_> = cases.into_iter().map(|c| c.kind).collect();
        kinds.sort();
        kinds.dedup();
        kinds.len()
    };
    assert!(kinds(corpus::credentials(SEED)) >= 150);
    assert!(kinds(corpus::sessions(SEED)) >= 130);
    assert!(kinds(corpus::written(SEED)) >= 65);
    assert!(BENIGN.len() >= 190);
    let names: std::collections::BTreeSet<_> = BENIGN.iter().map(|row| row.0).collect();
    assert_eq!(names.len(), BENIGN.len(), "a benign kind twice");
}

/// Whether a text shows this many characters in a row of a secret.
fn shows(text: &str, secret: &str, row: usize) -> bool {
    secret.as_bytes().windows(row).any(|w| text.as_bytes().windows(row).any(|t| t == w))
}

#[test]
fn a_mask_shows_the_documented_beginning_and_four_characters_at_most() {
    const DOTS: &str = "••••••••";
    let mut eye = Eye::new();
    let mut leaks = Vec::new();
    let all = [corpus::credentials(SEED), corpus::sessions(SEED), corpus::written(SEED)];
    for case in all.into_iter().flatten() {
        for sighting in eye.look(&case) {
            let masked = sighting.masked.as_str();
            let tail = masked.rsplit(DOTS).next().unwrap_or_default().chars().count();
            // Random parts are never documented, so five of their characters in a row are one too many.
            if !masked.contains(DOTS) || tail > 4 || case.secrets.iter().any(|s| shows(masked, s, 5)) {
                leaks.push(format!("{} in {:?}: the mask of {}", case.kind, case.place, sighting.rule));
            }
        }
    }
    assert!(leaks.is_empty(), "{leaks:#?}");
}

#[test]
fn what_is_found_is_not_shown_in_the_tree() {
    let mut eye = Eye::new();
    let mut leaks = Vec::new();
    for case in corpus::credentials(SEED) {
        let seen = eye.look(&case);
        if seen.is_empty() {
            continue;
        }
        let tree = Screened::new(Item::new(case.item.clone()), seen).tree(100_000, false);
        for secret in &case.secrets {
            if tree.iter().any(|node| shows(node.value.as_str(), secret, 8)) {
                leaks.push(format!("{} in {:?}", case.kind, case.place));
            }
        }
    }
    leaks.dedup();
    assert!(leaks.is_empty(), "{leaks:#?}");
}

/// The corpus as lines of JSON for `tests/tools/peers.py`: only when asked for, outside of the repository.
#[test]
fn the_corpus_can_be_exported() {
    let dir = tempfile::tempdir().unwrap();
    let file =
        std::env::var_os("DYNAUDIT_CORPUS").map_or_else(|| dir.path().join("corpus.jsonl"), Into::into);
    let mut out = String::new();
    let groups: [(&str, Vec<Case>); 5] = [
        ("credential", corpus::credentials(SEED)),
        ("session", corpus::sessions(SEED)),
        ("written", corpus::written(SEED)),
        ("benign", benign(BENIGN_VALUES, SEED).collect()),
        ("lookalike", corpus::lookalikes(SEED)),
    ];
    for (group, cases) in groups {
        for case in cases {
            let item: serde_json::Map<_, _> =
                case.item.iter().map(|(name, value)| (name.clone(), dynamo_json(value))).collect();
            let line = serde_json::json!({
                "group": group, "family": case.family, "kind": case.kind, "place": case.place, "item": item,
            });
            let _ = writeln!(out, "{line}");
        }
    }
    std::fs::write(&file, &out).unwrap();
    assert!(out.lines().count() > BENIGN_VALUES);
}

fn dynamo_json(value: &AttributeValue) -> serde_json::Value {
    use base64::Engine;
    use serde_json::json;
    match value {
        AttributeValue::S(text) => json!({ "S": text }),
        AttributeValue::N(text) => json!({ "N": text }),
        AttributeValue::B(bytes) => {
            json!({ "B": base64::engine::general_purpose::STANDARD.encode(bytes) })
        }
        AttributeValue::Ss(set) => json!({ "SS": set }),
        AttributeValue::L(list) => json!({ "L": list.iter().map(dynamo_json).collect::<Vec<_>>() }),
        AttributeValue::M(map) => {
            let members: serde_json::Map<_, _> =
                map.iter().map(|(name, value)| (name.clone(), dynamo_json(value))).collect();
            json!({ "M": members })
        }
        other => panic!("the corpus has no {}", other.kind()),
    }
}
