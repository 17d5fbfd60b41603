//! The project's own detection corpus: made by a seeded generator, kind by kind, from the documented form of each
//! value and never from a rule's pattern.
//!
//! | file | what |
//! |---|---|
//! | `seed` | the generator and the template words |
//! | `providers` | credentials of providers, by family |
//! | `places` | where items hold them |
//! | `sessions` | sessions, cookies, tokens and password hashes |
//! | `benign` | values that are no secrets |
//! | `written` | what only its place or its name tells: tokens in keys, passwords in texts, stores by shape |
//! | `lookalikes` | near misses, placeholders, and what is public by design |

mod benign;
mod lookalikes;
mod places;
mod providers;
mod seed;
mod sessions;
mod written;

use dynaudit::domain::AttributeValue;

pub use benign::BENIGN;
pub use seed::Seed;

/// The attributes of an item.
pub type Attributes = Vec<(String, AttributeValue)>;

/// The seed of the figures.
pub const SEED: u64 = 20_261_123;

/// One item of the corpus.
pub struct Case {
    pub family: &'static str,
    pub kind: String,
    /// Where the value stands.
    pub place: &'static str,
    pub item: Attributes,
    /// The random parts of the secret: what must not be shown.
    pub secrets: Vec<String>,
}

/// A string attribute.
fn s(name: &str, text: &str) -> (String, AttributeValue) {
    (name.to_owned(), AttributeValue::S(text.to_owned()))
}

/// Every credential of a provider in every place it can stand.
pub fn credentials(seed: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for row in providers::credentials() {
        for place in places::PLACES.iter().filter(|p| !p.dull || row.tells_itself()) {
            let mut random = Seed::of(seed, &format!("{} {} {}", row.family, row.kind, place.name));
            let secret = random.fill(row.form);
            if place.line && secret.contains(['\n', '{']) {
                continue;
            }
            let secrets = random.drawn();
            let mut item = vec![s("pk", &random.fill("TENANT#<uuid>"))];
            item.extend((place.put)(&mut random, row.name, &secret));
            cases.push(Case {
                family: row.family,
                kind: row.kind.to_owned(),
                place: place.name,
                item,
                secrets,
            });
        }
    }
    cases
}

/// How many items each session kind is made.
const SESSIONS_EACH: u64 = 3;

/// Every kind of session and token, each a few times.
pub fn sessions(seed: u64) -> Vec<Case> {
    let each = |row: &sessions::Session| {
        let row = (row.0, row.1, row.2);
        (0..SESSIONS_EACH).map(move |n| {
            let mut random = Seed::of(seed.wrapping_add(n), row.1);
            let item = (row.2)(&mut random);
            Case { family: row.0, kind: row.1.to_owned(), place: "", item, secrets: random.drawn() }
        })
    };
    sessions::SESSIONS.iter().flat_map(each).collect()
}

/// How often what only its place tells is made, each.
const WRITTEN_EACH: u64 = 10;

/// What only its place or its name tells, each kind a few times.
pub fn written(seed: u64) -> Vec<Case> {
    let one = |row: &written::Written, n: u64| {
        let mut random = Seed::of(seed.wrapping_add(n), row.1);
        let attribute = |(name, form): &(&str, &str)| {
            let value = match form.strip_prefix("n:") {
                Some(form) => AttributeValue::N(random.fill(form)),
                None => AttributeValue::S(random.fill(form)),
            };
            ((*name).to_owned(), value)
        };
        let item = row.2.iter().map(attribute).collect();
        Case { family: row.0, kind: row.1.to_owned(), place: "", item, secrets: random.drawn() }
    };
    written::WRITTEN.iter().flat_map(|row| (0..WRITTEN_EACH).map(move |n| one(row, n))).collect()
}

/// One value of a benign kind, the `n`-th of that seed.
pub fn benign(row: &benign::Benign, seed: u64, n: u64) -> Case {
    let mut random = Seed::of(seed.wrapping_mul(1_000_003).wrapping_add(n), row.0);
    let (name, value) = (random.pick(row.1), (row.2)(&mut random));
    let item = vec![s("pk", &random.fill("ITEM#<ulid>")), (name.to_owned(), value)];
    Case { family: "benign", kind: row.0.to_owned(), place: "", item, secrets: Vec::new() }
}

/// Near misses and placeholders: what looks like a secret and is none.
pub fn lookalikes(seed: u64) -> Vec<Case> {
    let case = |row: &lookalikes::Lookalike| {
        let mut random = Seed::of(seed, row.1);
        let item = vec![s(row.2, &random.fill(row.3))];
        Case { family: row.0, kind: row.1.to_owned(), place: "", item, secrets: Vec::new() }
    };
    lookalikes::LOOKALIKES.iter().map(case).collect()
}
