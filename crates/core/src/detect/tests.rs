//! Whole items in, sightings out.

mod catalog;
mod encodings;
mod hidden;
mod hostile;
mod judged;
mod named;
mod opened;
mod stores;

use std::sync::LazyLock;

use self::encodings::encoded;
use super::*;
use crate::domain::{
    AttributePath, AttributeValue, Item, KeyAttribute, KeyType, Layer, Safe, Screened, Severity,
};

/// Reading the catalogue takes longer than most tests.
fn detector() -> &'static Arc<Detector> {
    static DETECTOR: LazyLock<Arc<Detector>> =
        LazyLock::new(|| Arc::new(Detector::new(FingerprintKey::new(b"a key of the tests"))));
    &DETECTOR
}

fn now() -> Timestamp {
    Timestamp::from_second(1_800_000_000).expect("in range")
}

fn s(text: &str) -> AttributeValue {
    AttributeValue::S(text.into())
}

fn item(attributes: &[(&str, &str)]) -> Item {
    Item::new(attributes.iter().map(|(n, v)| ((*n).to_owned(), s(v))).collect())
}

fn screen(context: &TableContext, item: Item) -> Screened {
    Screening::new(detector(), context.clone(), now()).screen(item, &mut Scratch::default())
}

fn look(item: &Item) -> Vec<Sighting> {
    detector().inspect(&TableContext::default(), item, now(), &mut Scratch::default())
}

/// Made up, and put together at run time.
fn stripe() -> String {
    format!("{}{}{}", "sk_li", "ve_", "Fa0ke1Nt2Tk3Qz4Wr5Lm6XyZ")
}

fn jwt(header: &str, claims: &str) -> String {
    use base64::Engine;
    let part = |text: &str| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text);
    format!("{}.{}.{}", part(header), part(claims), "FakeSignature0FakeSignature1FakeSignature2x")
}

fn zlib(text: &str) -> Vec<u8> {
    use std::io::Write;
    let mut out = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    out.write_all(text.as_bytes()).expect("memory");
    out.finish().expect("memory")
}

fn gzip(text: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    out.write_all(text).expect("memory");
    out.finish().expect("memory")
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

/// The reported sightings of an item as `path rule severity`.
fn told(item: &Item) -> Vec<String> {
    let mut told: Vec<String> = look(item)
        .iter()
        .filter(|s| s.is_reported())
        .map(|s| format!("{} {} {}", s.path, s.rule, s.severity))
        .collect();
    told.sort();
    told
}

fn check(value: AttributeValue, expected: &[&str]) {
    assert_eq!(told(&Item::new(vec![("v".into(), value)])), expected);
}

#[test]
fn a_sighting_says_where_what_and_nothing_more() {
    let item = item(&[("auth", &format!("Bearer {} and more", stripe()))]);
    let seen = look(&item);
    let [s] = seen.as_slice() else { panic!("{} sightings", seen.len()) };
    assert_eq!(s.span, 7..7 + stripe().len());
    assert_eq!(s.masked.as_str(), format!("{}{}••••••••6XyZ", "sk_li", "ve_"));
    assert_eq!(s.fingerprint.len(), 16);
    assert_eq!((s.severity, s.confidence), (Severity::Critical, Confidence::High));
}

#[test]
fn the_same_secret_has_the_same_fingerprint_anywhere() {
    let seen = look(&item(&[("a", &stripe()), ("b", &format!("{{\"k\":\"{}\"}}", stripe()))]));
    assert_eq!(seen.len(), 2);
    assert_eq!(seen[0].fingerprint, seen[1].fingerprint);
}

fn keyed(name: &str) -> TableContext {
    let partition = KeyAttribute { name: name.into(), kind: KeyType::S };
    TableContext { table: "anything".into(), key: Some(KeySchema { partition, sort: None }), ttl: None }
}

/// What of an item's attributes is shown, as `name: text`.
fn shown(item: Item) -> Vec<String> {
    let context = TableContext::default();
    let screened = screen(&context, item);
    screened.tree(1000, false).iter().map(|n| format!("{}: {}", n.name.as_str(), n.value.as_str())).collect()
}

fn never_shown(item: Item, secret: &str) {
    for line in shown(item) {
        assert!(!line.contains(secret), "{line}");
    }
}

/// How many cases a property is tried with: `DYNAUDIT_CASES` for a longer run.
fn cases() -> u32 {
    std::env::var("DYNAUDIT_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(64)
}

/// One attribute of an arbitrary item: how it is made, its name, and what it is made of. (Items themselves have no
/// `Debug`, which a property needs.)
type Recipe = (usize, String, String, Vec<u8>);

/// Attributes of all types, with what the detector looks for in them.
fn recipes() -> impl proptest::strategy::Strategy<Value = Vec<Recipe>> {
    use proptest::prelude::*;
    let text = prop_oneof![
        "(?s).{0,60}",
        "[a-zA-Z0-9+/=_.:-]{0,80}",
        "(eyJ|AKIA|://|password=|-----BEGIN |BAh|\\.eJ|%7B|[{\\[\"a:=&\n -]){0,20}",
    ];
    let name = "[a-z_]{1,12}|(api_key|password|data|session_key)|(?s).{0,20}";
    proptest::collection::vec((0..40_usize, name, text, proptest::collection::vec(any::<u8>(), 0..120)), 0..8)
}

/// The item of some recipes: each that nests takes in what was made before it.
fn made(recipes: &[Recipe]) -> Item {
    let mut attributes: Vec<(String, AttributeValue)> = Vec::new();
    for (how, name, text, bytes) in recipes {
        let value = match how {
            0 => AttributeValue::M(std::mem::take(&mut attributes)),
            1 => AttributeValue::L(std::mem::take(&mut attributes).into_iter().map(|a| a.1).collect()),
            2 => AttributeValue::Ss(vec![text.clone(), text.clone()]),
            3 => AttributeValue::Bs(vec![bytes.clone(), text.clone().into_bytes()]),
            4 => AttributeValue::N(bytes.iter().map(|b| char::from(b'0' + b % 10)).collect()),
            5..20 => AttributeValue::B(encoded(how - 5, bytes)),
            20..35 => match String::from_utf8(encoded(how - 20, text.as_bytes())) {
                Ok(text) => s(&base64(text.as_bytes())),
                Err(bytes) => s(&base64(bytes.as_bytes())),
            },
            _ => s(text),
        };
        attributes.push((name.clone(), value));
    }
    Item::new(attributes)
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(cases()))]

    #[test]
    fn any_item_is_inspected(recipes in recipes()) {
        let screened = screen(&TableContext::default(), made(&recipes));
        // A panic of an engine is contained, and would be blind.
        proptest::prop_assert!(!screened.is_blind());
        let _ = screened.tree(80, false);
    }

    #[test]
    fn any_json_is_inspected(text in "[\\[\\]{}\":,a-z0-9\\\\ \n-]{0,200}") {
        look(&item(&[("token", &text), ("v", &base64(text.as_bytes()))]));
    }

    #[test]
    fn any_text_is_inspected_and_spans_are_of_it(text in "(?s).{0,200}", bytes in proptest::collection::vec(0u8..=255, 0..200)) {
        let item = Item::new(vec![("token".into(), s(&text)), ("b".into(), AttributeValue::B(bytes))]);
        for sighting in look(&item).iter().filter(|s| s.path.to_string() == "token") {
            let (span, mask) = (&sighting.span, &sighting.mask);
            proptest::prop_assert!(text.get(span.clone()).is_some() && text.get(mask.clone()).is_some());
            proptest::prop_assert!(mask.start <= span.start && span.end <= mask.end);
        }
    }
}
