//! Secrets in nested and encoded values, and the way back to them.

use super::*;
use crate::detect::byte_classes::Signs;

#[test]
fn encodings_are_opened() {
    let json = format!("{{\"stripe\":{{\"key\":\"{}\"}}}}", stripe());
    let rule = "stripe-secret-key critical";
    check(s(&json), &[&format!("v|json:.stripe.key {rule}")]);
    check(s(&base64(json.as_bytes())), &[&format!("v|base64|json:.stripe.key {rule}")]);
    check(AttributeValue::B(gzip(json.as_bytes())), &[&format!("v|gzip|json:.stripe.key {rule}")]);
    check(AttributeValue::B(zlib(&json)), &[&format!("v|zlib|json:.stripe.key {rule}")]);
    check(s(&base64(&gzip(json.as_bytes()))), &[&format!("v|base64|gzip|json:.stripe.key {rule}")]);
    let hex: String = stripe().bytes().map(|b| format!("{b:02x}")).collect();
    check(s(&hex), &[&format!("v|hex {rule}")]);
    check(AttributeValue::B(stripe().into_bytes()), &[&format!("v {rule}")]);
    let pickle = [b"\x80\x04\x95\xff".as_slice(), stripe().as_bytes(), b"\x94."].concat();
    check(AttributeValue::B(pickle), &[&format!("v {rule}")]);
    // JSON whose members have the same name hides nothing.
    check(s(&format!("{{\"k\":\"{}\",\"k\":\"x\"}}", stripe())), &[&format!("v|json:.k {rule}")]);
    // A lone surrogate does not end the JSON.
    let broken = format!("{{\"k\":\"{0}\",\"l\":\"\\ud800\",\"m\":\"{0}z\"}}", stripe());
    check(s(&broken), &[&format!("v|json:.k {rule}"), &format!("v|json:.m {rule}")]);
}

#[test]
fn maps_lists_sets_and_names() {
    let rule = "stripe-secret-key critical";
    check(AttributeValue::Ss(vec!["a".into(), stripe()]), &[&format!("v[1] {rule}")]);
    let map = AttributeValue::M(vec![("x".into(), s("y")), (stripe(), s("z"))]);
    let held = Item::new(vec![("m".into(), AttributeValue::L(vec![map]))]);
    let seen = look(&held);
    assert_eq!(seen.len(), 1);
    assert!(seen[0].in_name && !seen[0].path.to_string().contains("Fa0ke"));
    assert!(matches!(seen[0].path.steps().last(), Some(crate::domain::Step::HiddenName(1, _))));
    // What is below a hidden name does not name it either.
    let below = AttributeValue::M(vec![(stripe(), AttributeValue::M(vec![("k".into(), s(&stripe()))]))]);
    let seen = look(&Item::new(vec![("m".into(), below)]));
    assert_eq!(seen.len(), 2);
    assert!(seen.iter().all(|s| !s.path.to_string().contains("Fa0ke")));
}

/// A name is shown wherever a path is: what it holds in an encoding is as clear as the value itself.
#[test]
fn names_hide_secrets_in_encodings() {
    let check = |name: String, expect: bool| {
        let held = Item::new(vec![(
            "m".into(),
            AttributeValue::M(vec![("first".into(), s("y")), (name.clone(), s("z"))]),
        )]);
        let seen = look(&held);
        assert_eq!(seen.iter().any(|s| s.in_name), expect, "{name}: {seen:?}");
        for sighting in &seen {
            assert!(!sighting.path.to_string().contains(&name), "{}", sighting.path);
        }
    };
    let in_base64 = base64(stripe().as_bytes());
    let in_hex: String = stripe().bytes().map(|byte| format!("{byte:02x}")).collect();
    let in_gzip = base64(&gzip(stripe().as_bytes()));
    for name in [in_base64.clone(), in_base64.trim_end_matches('=').to_owned(), in_hex, in_gzip] {
        check(name, true);
    }
    check(format!("{{\"k\":\"{}\"}}", stripe()), true);
    check(format!("the key is {}", stripe()), true);
    // Names of the kinds that there are many of.
    for name in [
        "last_successful_login_timestamp_utc",
        "arn:aws:dynamodb:eu-west-1:111122223333:table/orders",
        "7d951905-c3e0-4b4d-b2ea-d13442843bac",
        "2Fj3nYq8mWv0xKpLr5tZbHcDsGa",
        "https://example.com/a/b/c/d/e/f",
    ] {
        check(name.into(), false);
    }
}

/// A map may be keyed by thousands of ids: none of them is something that was not opened.
#[test]
fn ids_as_names_are_not_opened() {
    let name = |n: u32| format!("2Fj3nYq8mWv0xKpLr5tZb{n:05}Ga");
    let members = (0..3_000).map(|n| (name(n), s("z"))).collect();
    let held = Item::new(vec![("m".into(), AttributeValue::M(members))]);
    let table = TableContext::default();
    let seen = detector().examine(&table, &held, now(), &mut Scratch::default());
    assert!(
        seen.sightings.is_empty() && seen.uninspected == Uninspected::default(),
        "{:?}",
        seen.uninspected
    );
}

/// Follows a path into an item and through its encodings, by what the layers are called alone.
pub(super) fn follow(item: &Item, path: &AttributePath) -> Option<Vec<u8>> {
    use crate::domain::{Layer, Step};
    let stored = path.stored();
    let Some(Step::Name(name)) = stored.steps().first() else { return None };
    let mut bytes = match item.get(name)? {
        AttributeValue::S(text) => text.clone().into_bytes(),
        AttributeValue::B(bytes) => bytes.clone(),
        _ => return None,
    };
    let mut steps = path.steps()[stored.steps().len()..].iter().peekable();
    while let Some(step) = steps.next() {
        let Step::Layer(layer) = step else { return None };
        let mut names = Vec::new();
        while let Some(Step::Name(name)) = steps.peek() {
            names.push(name.clone());
            steps.next();
        }
        bytes = match layer {
            Layer::Json | Layer::Yaml | Layer::Form | Layer::Env => {
                let mut finder = Finder { wanted: names, ..Finder::default() };
                decode::walk(*layer, std::str::from_utf8(&bytes).ok()?, &mut finder);
                finder.found?
            }
            Layer::Gzip | Layer::Zlib | Layer::Zstd | Layer::Lz4 | Layer::Snappy => {
                let mut stream = decode::of_bytes(&bytes)?;
                let mut out = Vec::new();
                stream.fill(&mut out, 1 << 20);
                (stream.layer() == *layer).then_some(out)?
            }
            _ => {
                let text = std::str::from_utf8(&bytes).ok()?;
                let (opened, out) = decode::of_text(text, Signs::of(text))?;
                (opened == *layer).then(|| out.to_vec())?
            }
        };
    }
    Some(bytes)
}

/// Finds the text under these names.
#[derive(Default)]
struct Finder {
    wanted: Vec<String>,
    names: Vec<String>,
    found: Option<Vec<u8>>,
}

impl Visitor for Finder {
    fn enter_name(&mut self, _: usize, name: &str) {
        self.names.push(name.to_owned());
    }
    fn enter_index(&mut self, n: usize) {
        self.names.push(n.to_string());
    }
    fn leave(&mut self) {
        self.names.pop();
    }
    fn text(&mut self, text: &str) {
        // Of members of the same name, the first.
        if self.names == self.wanted && self.found.is_none() {
            self.found = Some(text.as_bytes().to_vec());
        }
    }
    fn number(&mut self, _: &str) {}
    fn binary(&mut self, _: &[u8]) {}
}

/// A text in an encoding; `n` picks which.
pub(super) fn encoded(n: usize, text: &[u8]) -> Vec<u8> {
    use crate::domain::Layer;
    let of_text = |text: String| text.into_bytes();
    let readable = std::str::from_utf8(text).map(str::to_owned);
    let percent =
        |t: &str| percent_encoding::utf8_percent_encode(t, percent_encoding::NON_ALPHANUMERIC).to_string();
    match (n, readable) {
        (0, Ok(t)) => of_text(serde_json::json!({ "a": { "b": t } }).to_string()),
        (1, Ok(t)) => of_text(format!("a: 1\nb:\n  c: {}\n", serde_json::json!(t))),
        (2, Ok(t)) if !t.contains('\n') && !t.ends_with(['"', '\'']) => of_text(format!("A=1\nB={t}\n")),
        (3, Ok(t)) => of_text(format!("a=1&b={}", percent(&t))),
        (4, Ok(t)) => of_text(format!("%20{}", percent(&t))),
        (5, _) => of_text(text.iter().map(|b| format!("{b:02x}")).collect()),
        (6, _) => of_text(format!("-----BEGIN DATA-----\n{}\n-----END DATA-----", base64(text))),
        (7, _) => decode::tests::pack(Layer::Gzip, text),
        (8, _) => decode::tests::pack(Layer::Zlib, text),
        (9, _) => decode::tests::pack(Layer::Zstd, text),
        (10, _) => decode::tests::pack(Layer::Lz4, text),
        (11, Ok(_)) => decode::tests::pack(Layer::Snappy, text),
        _ => of_text(base64(text)),
    }
}

#[test]
fn a_secret_is_seen_in_every_encoding_and_in_two() {
    for outer in 0..13 {
        for inner in 0..13 {
            let packed = encoded(outer, &encoded(inner, stripe().as_bytes()));
            let value = match String::from_utf8(packed) {
                Ok(text) => s(&text),
                Err(bytes) => AttributeValue::B(bytes.into_bytes()),
            };
            let item = Item::new(vec![("v".into(), value)]);
            let seen = look(&item);
            let stripes: Vec<_> = seen.iter().filter(|s| &*s.rule == "stripe-secret-key").collect();
            let [sighting] = stripes[..] else { panic!("{outer} {inner}: {} sightings", stripes.len()) };
            let found = follow(&item, &sighting.path).unwrap_or_else(|| panic!("{}", sighting.path));
            assert_eq!(found[sighting.span.clone()], *stripe().as_bytes(), "{}", sighting.path);
        }
    }
}

#[test]
fn names_inside_encodings_are_context() {
    let secret = ["x7Kq2ZpW9v", "B4tRm3Lc8Ys5Hd"].concat();
    let check = |text: String, path: &str| {
        let packed = s(&base64(&gzip(text.as_bytes())));
        check(packed, &[&format!("v|base64|gzip|{path} sensitive-name high")]);
    };
    check(serde_json::json!({ "api_key": &secret }).to_string(), "json:.api_key");
    check(format!("USER=ada\nAPI_KEY={secret}\n"), "env:.API_KEY");
    check(format!("user=ada&api_key={secret}"), "form:.api_key");
    check(format!("user: ada\napi_key: {secret}\n"), "yaml:.api_key");
}

#[test]
fn what_looks_like_a_form_and_is_none_is_read_as_text() {
    let rule = "stripe-secret-key critical";
    for text in [format!("{{not json, {}}}", stripe()), format!("a: b\n\tc: [{}\n", stripe())] {
        check(s(&text), &[&format!("v {rule}")]);
    }
    // A comment of a form is no value of it.
    let seen = told(&item(&[("v", &format!("A=1\n# {}\nB=2\n", stripe()))]));
    assert_eq!(seen, [format!("v {rule}")]);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(cases()))]

    #[test]
    fn paths_lead_back_to_the_value(
        body in "[a-zA-Z0-9]{24,40}", before in "[ -~]{0,12} ", layers in proptest::collection::vec(0usize..13, 0..4),
    ) {
        let secret = format!("{}{}{body}", "sk_li", "ve_");
        let mut packed = format!("{before}{secret}").into_bytes();
        for layer in layers {
            packed = encoded(layer, &packed);
        }
        let value = match String::from_utf8(packed) {
            Ok(text) => s(&text),
            Err(bytes) => AttributeValue::B(bytes.into_bytes()),
        };
        let item = Item::new(vec![("v".into(), value)]);
        for sighting in look(&item).iter().filter(|s| &*s.rule == "stripe-secret-key") {
            let found = follow(&item, &sighting.path);
            let found = found.as_deref().and_then(|found| found.get(sighting.span.clone()));
            proptest::prop_assert_eq!(found, Some(secret.as_bytes()), "{}", sighting.path);
        }
    }
}
