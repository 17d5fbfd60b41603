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
    check(
        many,
        &["a not-opened", "b not-opened", "c not-opened", "d not-opened", "z|base64 stripe-secret-key"],
    );
    // The ninth layer.
    let mut layered = stripe();
    for _ in 0..9 {
        layered = base64(layered.as_bytes());
    }
    check(vec![("v", s(&layered))], &[&format!("v{} not-opened", "|base64".repeat(8))]);
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
    let failed = detector.examine(&context, &Broken, now(), &mut scratch);
    assert_eq!((failed.sightings.len(), failed.uninspected.failed), (0, 1));
    let seen = detector.inspect(&context, &Broken, now(), &mut scratch);
    assert_eq!(&*seen[0].rule, NOT_INSPECTED);
    // The scratch is as good as new.
    let seen = detector.inspect(&context, &item(&[("v", &stripe())]), now(), &mut scratch);
    assert_eq!(seen[0].path.to_string(), "v");
}

#[test]
fn what_cannot_be_seen_whole_is_not_shown_but_what_was_seen_is_told() {
    let mut deep = AttributeValue::L(vec![s(&stripe())]);
    for _ in 0..100 {
        deep = AttributeValue::L(vec![deep]);
    }
    let full = AttributeValue::Ss(vec![stripe(); 5000]);
    let first = AttributeValue::S(stripe());
    for (value, seen) in [(deep, 1), (full, crate::detect::inspect::MOST)] {
        let item = Item::new(vec![("first".into(), first.clone()), ("v".into(), value)]);
        let screened = screen(&TableContext::default(), item);
        assert!(screened.is_blind() && screened.uninspected().cut == 1);
        assert_eq!(screened.sightings().len(), seen);
    }
    let plain = screen(&TableContext::default(), item(&[("v", "x")]));
    assert!(!plain.is_blind() && plain.uninspected().is_none());
}

#[test]
fn of_too_many_sightings_the_gravest_are_kept() {
    let weak: Vec<_> = (0..6000).map(|n| (format!("password{n}"), s(&format!("p4ssw0rd{n:04}")))).collect();
    let check = |attributes: Vec<(String, AttributeValue)>| {
        let detector = detector();
        let item = Item::new(attributes);
        let seen = detector.examine(&TableContext::default(), &item, now(), &mut Scratch::default());
        assert_eq!((seen.uninspected.cut, seen.sightings.len()), (1, crate::detect::inspect::MOST));
        let grave = seen.sightings.iter().filter(|s| &*s.rule == "stripe-secret-key").count();
        assert_eq!(grave, 100);
        // And the rest is said.
        let all = detector.inspect(&TableContext::default(), &item, now(), &mut Scratch::default());
        assert_eq!(all.last().map(|s| &*s.rule), Some(CUT));
    };
    let key = |n: usize| {
        (format!("k{n}"), s(&format!("{}{}{n:04}", concat!("sk_li", "ve_"), "Qq3Wer5Ty7Ui9Op1As2D")))
    };
    check((0..100).map(key).chain(weak.clone()).collect());
    check(weak.into_iter().chain((0..100).map(key)).collect());
}

/// A log that repeats itself, as logs do, with a token after this many bytes.
fn log(bytes: usize, token: &str) -> Vec<u8> {
    let mut log = String::with_capacity(bytes + 200);
    for n in 0.. {
        if log.len() >= bytes {
            break;
        }
        let line = format!(
            "{{\"at\":\"2026-11-{:02}T10:00:{:02}Z\",\"level\":\"info\",\"order\":{n},\"said\":\"shipped to the shop\"}}\n",
            n % 30,
            n % 60
        );
        log.push_str(&line);
    }
    log.push_str(&format!("{{\"said\":\"called with {token}\"}}\n"));
    log.into_bytes()
}

#[test]
fn a_long_text_is_looked_at_to_its_end() {
    let packed = |layer, bytes: &[u8]| AttributeValue::B(decode::tests::pack(layer, bytes));
    let inspect = |value: AttributeValue| {
        let item = Item::new(vec![("v".into(), value)]);
        detector().examine(&TableContext::default(), &item, now(), &mut Scratch::default())
    };
    for layer in [Layer::Gzip, Layer::Zstd, Layer::Lz4] {
        let text = log(6 << 20, &stripe());
        let seen = inspect(packed(layer, &text));
        let told: Vec<_> = seen.sightings.iter().map(|s| format!("{} {}", s.path, s.rule)).collect();
        assert_eq!(told, [format!("v|{} stripe-secret-key", layer.word())]);
        assert!(seen.uninspected.is_none());
        // Where it is, in the whole text.
        assert_eq!(&text[seen.sightings[0].span.clone()], stripe().as_bytes());
    }
    // Wherever the parts meet, it is seen once and whole.
    let mut text = log(6 << 20, "nothing");
    for at in (0..40).map(|n| (5 << 20) + n * 16_411) {
        let token = format!(" {} ", stripe());
        text.splice(at..at + token.len(), token.bytes());
        let seen = inspect(packed(Layer::Gzip, &text));
        let places: Vec<_> = seen.sightings.iter().map(|s| s.span.start).collect();
        assert_eq!(places, [at + 1]);
        text.splice(at..at + token.len(), vec![b' '; token.len()]);
    }
    // More than any log: a gap.
    let seen = inspect(packed(Layer::Gzip, &vec![b'a'; 80 << 20]));
    assert_eq!((seen.uninspected.not_opened, seen.sightings.len()), (1, 1));
}

#[test]
fn what_could_not_be_opened_is_a_gap_and_what_is_no_text_is_none() {
    let check = |value: AttributeValue, not_opened: u64| {
        let item = Item::new(vec![("v".into(), value)]);
        let gaps =
            detector().examine(&TableContext::default(), &item, now(), &mut Scratch::default()).uninspected;
        assert_eq!(gaps, Uninspected { not_opened, ..Uninspected::default() });
    };
    let b = |parts: &[&[u8]]| AttributeValue::B(parts.concat());
    let noise: Vec<u8> = (0..4000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    // Cut off, and archives.
    let zipped = gzip(&log(20_000, "nothing"));
    check(AttributeValue::B(zipped.clone()), 0);
    check(b(&[&zipped[..zipped.len() / 2]]), 1);
    check(s(&base64(&zipped[..zipped.len() / 2])), 1);
    for magic in [&b"PK\x03\x04"[..], b"\xfd7zXZ\0", b"BZh91AY&SY", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07"] {
        check(b(&[magic, &noise]), 1);
        check(s(&base64(&[magic, &noise].concat())), 1);
    }
    // Pictures, encrypted values and whatever else is no text.
    for magic in
        [&b"\x89PNG\r\n\x1a\n"[..], b"\xff\xd8\xff\xe0", b"GIF89a", b"RIFF", b"%PDF-1.7\n", b"", b"\x78\x9c"]
    {
        check(b(&[magic, &noise]), 0);
        check(s(&base64(&[magic, &noise].concat())), 0);
    }
    // A person may say that it is known.
    let mut allow = AllowList::default();
    let entry = "[[allow]]\nreason = 'exports, looked at by hand'\nrule = 'not-opened'\npath = 'v'\n";
    assert_eq!(allow.add("a.toml", entry, now()), []);
    let allowing = Detector::new(FingerprintKey::new(b"k")).allowing(allow);
    let item = Item::new(vec![("v".into(), b(&[b"PK\x03\x04", &noise]))]);
    let seen = allowing.examine(&TableContext::default(), &item, now(), &mut Scratch::default());
    assert!(seen.uninspected.is_none() && seen.sightings.len() == 1, "still masked");
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
