//! What is masked of a value, and what is shown of an item that cannot be looked at whole.

use super::*;

#[test]
fn all_of_overlapping_matches_is_masked() {
    let id = format!("{}{}", "AK", "IAQ3EGR7TYUPLKJH2M");
    let secret = "q8Zt0KpXw3VbN6mYc1RfJ5hLs9GdEu2AoTi7WxPk";
    let pair = format!("{id}:{secret}");
    let seen = look(&item(&[("aws_credentials", &pair)]));
    let named = seen.iter().find(|s| &*s.rule == "aws-access-key-id").expect("the key id");
    assert_eq!((named.span.clone(), named.mask.clone()), (0..id.len(), 0..pair.len()));
    never_shown(item(&[("aws_credentials", &pair)]), secret);
}

#[test]
fn what_may_belong_to_an_assigned_value_is_masked() {
    let value = "x7Kq2ZpW9vB4tRm3Lc8Ys5Hd";
    for (text, hidden) in [
        (format!("api_key={value},&tail end"), "tail"),
        (format!("api_key=\"{value};(tail of it\" end"), "tail of it"),
        (format!("api_key='{value}`{{tail of it' end"), "tail of it"),
    ] {
        let seen = look(&item(&[("log", &text)]));
        assert!(seen.iter().any(|s| text[s.span.clone()] == *value), "{text}");
        let [line] = &shown(item(&[("log", &text)]))[..] else { panic!("one line") };
        assert!(!line.contains(hidden) && line.contains("end"), "{line}");
    }
}

#[test]
fn what_was_not_opened_is_masked_and_said() {
    let check = |attributes: Vec<(&str, AttributeValue)>, expected: &[&str]| {
        let attributes = attributes.into_iter().map(|(n, v)| (n.to_owned(), v)).collect();
        let seen = look(&Item::new(attributes));
        let told: Vec<String> = seen.iter().map(|s| format!("{} {}", s.path, s.rule)).collect();
        assert_eq!(told, expected);
    };
    let bomb = gzip(&vec![b'a'; 5 << 20]);
    let hidden = base64(stripe().as_bytes());
    // A bomb in one attribute does not keep the others shut.
    check(
        vec![("a", AttributeValue::B(bomb.clone())), ("z", s(&hidden))],
        &["a not-opened", "z|base64 stripe-secret-key"],
    );
    // Nor do many hide one.
    let mut many: Vec<_> = ["a", "b", "c", "d"].map(|n| (n, AttributeValue::B(bomb.clone()))).into();
    many.push(("z", s(&hidden)));
    check(many, &["a not-opened", "b not-opened", "c not-opened", "d not-opened", "z not-opened"]);
    // The fifth layer.
    let mut layered = stripe();
    for _ in 0..5 {
        layered = base64(layered.as_bytes());
    }
    check(vec![("v", s(&layered))], &["v|base64|base64|base64|base64 not-opened"]);
    let json = serde_json::json!({ "k": stripe() }).to_string();
    let four = base64(base64(base64(base64(json.as_bytes()).as_bytes()).as_bytes()).as_bytes());
    never_shown(item(&[("v", &four)]), &four);
    let deep = format!("{}\"{hidden}\"{}", "[".repeat(60), "]".repeat(60));
    never_shown(item(&[("v", &deep)]), &hidden);
}

#[test]
fn tokens_too_long_to_be_read_are_masked_to_their_end() {
    let long = jwt("{\"alg\":\"HS256\"}", &format!("{{\"a\":\"{}\"}}", "x".repeat(20_000)));
    let signature = "FakeSignature0FakeSignature1FakeSignature2x";
    let flask = format!("{}.ZXhhbQ.{signature}", jwt("{\"user_id\":1}", "").split('.').next().expect("one"));
    let flask = flask.replacen('.', &format!("{}.", "A".repeat(20_000)), 1);
    for token in [long, flask] {
        let text = format!("it is {token} here");
        let seen = look(&item(&[("v", &text)]));
        let [s] = seen.as_slice() else { panic!("{} sightings", seen.len()) };
        assert_eq!((&text[s.span.clone()], s.confidence), (token.as_str(), Confidence::High));
    }
}

#[test]
fn long_names_are_not_copied_to_every_sighting() {
    let mut value = AttributeValue::Ss((0..2000).map(|n| format!("{}{n:04}", stripe())).collect());
    for _ in 0..5 {
        value = AttributeValue::M(vec![("n".repeat(60_000), value)]);
    }
    let item = Item::new(vec![("v".into(), value)]);
    let paths = |item: &Item| look(item).iter().map(|s| s.path.size()).sum::<usize>();
    assert!(paths(&item) <= 1024 * 1024);
    // Their paths together are too large: the item is not shown.
    let screened = screen(&TableContext::default(), item);
    assert!(screened.is_blind());
    // With fewer of them it is, and each can be addressed.
    let inner = AttributeValue::M(vec![("n".repeat(60_000), s(&stripe()))]);
    let item = Item::new(vec![("v".into(), inner)]);
    let screened = screen(&TableContext::default(), item);
    let path = &screened.sightings()[0].path;
    assert!(path.size() < 1000);
    assert_eq!(screened.reveal(path).expect("by position").text(), stripe());
}

#[test]
fn a_blind_item_shows_the_names_of_its_key_alone() {
    let named = AttributeValue::M((0..5000).map(|n| (format!("{}{n:04}", stripe()), s("x"))).collect());
    let item = Item::new(vec![("pk".into(), s("a")), ("m".into(), named), ("other".into(), s("b"))]);
    let screened = screen(&keyed("pk"), item);
    assert!(screened.is_blind());
    assert_eq!(screened.names().collect::<Vec<_>>(), ["pk"]);
    for node in screened.tree(80, false) {
        assert!(!node.name.contains("Fa0ke") && !node.path.to_string().contains("Fa0ke"));
    }
}

#[test]
fn a_recognised_secret_is_masked_wherever_else_it_stands() {
    let secret = "x7Kq2ZpW9vB4tRm3Lc8Ys5Hd";
    let long = format!("{secret}{}", "q8Zt0KpXw3VbN6mYc1RfJ5hLs9GdEu2AoTi7WxPk".repeat(2));
    let check = |named: &str, others: Vec<(&str, AttributeValue)>, masked: &[&str]| {
        let mut attributes = vec![("api_key".to_owned(), s(named))];
        attributes.extend(others.into_iter().map(|(n, v)| (n.to_owned(), v)));
        let item = Item::new(attributes);
        let seen = look(&item);
        assert_eq!(seen.iter().filter(|s| s.is_reported()).count(), 1, "counted once");
        let low: Vec<String> = seen.iter().filter(|s| !s.is_reported()).map(|s| s.path.to_string()).collect();
        assert_eq!(low, masked);
        assert!(seen.iter().all(|s| s.fingerprint == seen[0].fingerprint));
        let seen = seen.iter().filter(|s| !s.is_reported());
        assert!(seen.clone().all(|s| s.reasons[0].ends_with("the value at api_key")
            || s.reasons == ["the same value as at api_key"]));
        never_shown(item, named);
    };
    check(secret, vec![("note", s(&format!("call it {secret} please")))], &["note"]);
    check(&long, vec![("note", s(&format!("call it {long} please")))], &["note"]);
    let member = AttributeValue::M(vec![(format!("of {secret}"), s("x"))]);
    check(secret, vec![("m", member)], &["m.of ••••••••s5Hd"]);
    check(secret, vec![(secret, s("x"))], &["••••••••s5Hd"]);
    check(secret, vec![("notes", AttributeValue::Ss(vec!["a".into(), secret.into()]))], &["notes[1]"]);
    // In JSON and in a binary before it: what was walked is counted the same way both times.
    let json = serde_json::json!({ "note": format!("call it {secret} please") }).to_string();
    check(secret, vec![("b", AttributeValue::B(b"text".to_vec())), ("j", s(&json))], &["j|json:.note"]);
    // Nothing more, nothing masked.
    check(secret, vec![("note", s("call it a day"))], &[]);
}

/// Breaks while it is walked.
struct Broken;

impl ItemView for Broken {
    fn walk(&self, visitor: &mut dyn Visitor) -> bool {
        visitor.enter_name(0, "a");
        panic!("as the test wants it");
    }
}

#[test]
fn a_panic_is_contained() {
    let (detector, mut scratch) = (detector(), Scratch::default());
    let context = TableContext::default();
    assert_eq!(detector.try_inspect(&context, &Broken, now(), &mut scratch), Err(Blind));
    let seen = detector.inspect(&context, &Broken, now(), &mut scratch);
    assert_eq!(&*seen[0].rule, NOT_INSPECTED);
    // The scratch is as good as new.
    let seen = detector.inspect(&context, &item(&[("v", &stripe())]), now(), &mut scratch);
    assert_eq!(seen[0].path.to_string(), "v");
}

#[test]
fn what_cannot_be_seen_whole_is_not_shown() {
    let mut deep = s("x");
    for _ in 0..100 {
        deep = AttributeValue::L(vec![deep]);
    }
    let full = AttributeValue::Ss(vec![stripe(); 5000]);
    for value in [deep, full] {
        let item = Item::new(vec![("v".into(), value)]);
        assert!(screen(&TableContext::default(), item).is_blind());
    }
    let plain = screen(&TableContext::default(), item(&[("v", "x")]));
    assert!(!plain.is_blind());
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(cases()))]

    #[test]
    fn nothing_of_a_secret_is_told(
        body in "[a-zA-Z0-9]{24,60}", before in "[ -~]{0,20} ", name in "[a-z]{1,12}", layer in 0usize..4,
    ) {
        let secret = format!("{}{}{body}", "sk_li", "ve_");
        let text = format!("{before}{secret}");
        let value = match layer {
            0 => s(&text),
            1 => s(&serde_json::json!({ "k": text }).to_string()),
            2 => AttributeValue::B(gzip(text.as_bytes())),
            _ => AttributeValue::M(vec![(secret.clone(), s("x"))]),
        };
        let seen = look(&Item::new(vec![(name, value)]));
        proptest::prop_assert!(!seen.is_empty());
        for sighting in seen {
            let told = format!("{sighting:?}");
            for start in 8..secret.len() - 4 - 7 {
                proptest::prop_assert!(!told.contains(&secret[start..start + 8]));
            }
        }
    }
}
