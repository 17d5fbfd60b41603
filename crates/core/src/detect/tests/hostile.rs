//! Hostile items: what they may cost is counted, not timed. And what stands beside a secret or inside a session is
//! shown no more than the secret itself.

use super::opened::opened;
use super::*;

/// What an inspection cost.
struct Cost {
    seen: Vec<Sighting>,
    /// At how many bytes rules looked.
    looked: usize,
    /// How many bytes encodings took.
    opened: usize,
}

fn cost(item: &Item) -> Cost {
    let mut scratch = Scratch::default();
    let seen = detector().inspect(&TableContext::default(), item, now(), &mut scratch);
    Cost { seen, looked: scratch.looked, opened: scratch.opened }
}

/// Texts that would be slow if something looked at all that follows, or all before, at every place.
fn traps() -> Vec<String> {
    let mut units: Vec<String> = [
        "key=",
        "key=key=key= ",
        "token token ",
        "secret=",
        "password is ",
        "aws_secret_access_key=",
        "eyJ",
        "eyJ.",
        ".eJ",
        "://",
        "a:b@://",
        "a://b:c@d",
        "-----BEGIN ",
        "-----BEGIN PRIVATE KEY-----",
        "%",
        "%25",
        "%7B%22",
        "\\",
        "\\\"",
        "[",
        "{\"a\":",
        "{\"a\":[",
        "- ",
        "- - - ",
        "a: ",
        "a:\n  ",
        "&a *a ",
        "a=b&",
        "a=b\n",
        "$2b$",
        "BAh",
        "rO0AB",
        "a:1:{",
        "|s:",
        "MII",
        "Set-Cookie: sid=",
        "Cookie: a=b; ",
        "Cookie: sid=Kd4Qx7Rm2Sn5Tb8Vw3Yz ",
        "HttpOnly; ",
        "Bearer ",
        "Basic YTpi ",
        "_live_",
        "-key-",
        "a.",
        "a:",
        "a--",
        "AAAA",
        "f0",
        "\0",
        "\u{1b}[31m",
        "\u{202e}",
        "€",
        " ",
        "\n",
        "p7I",
    ]
    .map(String::from)
    .into();
    units.extend(
        [["sk_li", "ve_"], ["AK", "IA"], ["gh", "p_"], ["xo", "xb-"], ["S", "G."]]
            .map(|parts| parts.concat()),
    );
    units
}

#[test]
fn work_grows_with_a_text_and_no_faster() {
    let check = |unit: &str, value: &dyn Fn(&str) -> AttributeValue| {
        let [small, large] = [4, 16].map(|kilobytes| {
            let mut text = unit.repeat(1 + kilobytes * 1024 / unit.len());
            text.truncate(text.floor_char_boundary(kilobytes * 1024));
            cost(&Item::new(vec![("password".into(), value(&text))]))
        });
        for (what, small, large) in
            [("looked", small.looked, large.looked), ("opened", small.opened, large.opened)]
        {
            // Four times as much, and what it takes to begin.
            assert!(large <= 5 * small + 64 * 1024, "{unit:?}: {what} {small}, then {large}");
        }
    };
    for unit in traps() {
        check(&unit, &|text| s(text));
        check(&unit, &|text| s(&serde_json::json!({ "api_key": text }).to_string()));
        check(&unit, &|text| {
            AttributeValue::Ss(
                text.as_bytes().chunks(64).map(|part| String::from_utf8_lossy(part).into_owned()).collect(),
            )
        });
    }
    // More keywords than are handed down to each value.
    check("\"api_key = a\",", &|text| s(&format!("[{}0]", text.trim_end_matches(|c| c != ','))));
}

/// What recognisers written as code look at is not counted: their time is held against that of the other texts.
#[test]
fn no_trap_takes_far_longer_than_the_others() {
    let time = |text: &str| {
        let once = || {
            let item = item(&[("note", text)]);
            let start = std::time::Instant::now();
            let _ = cost(&item);
            start.elapsed()
        };
        // What else the machine does only adds to it.
        std::iter::repeat_with(once).take(3).min().unwrap_or_default()
    };
    let mut times: Vec<_> =
        traps().iter().map(|unit| (time(&unit.repeat(64 * 1024 / unit.len())), unit.clone())).collect();
    times.sort();
    let (median, (longest, unit)) = (times[times.len() / 2].0, &times[times.len() - 1]);
    assert!(*longest < 100 * median, "{unit:?}: {longest:?}, half of them less than {median:?}");
}

#[test]
fn names_cost_what_texts_cost() {
    let members = |count: usize, name: &dyn Fn(usize) -> String| {
        let map = (0..count).map(|n| (name(n), s("x"))).collect();
        cost(&Item::new(vec![("m".into(), AttributeValue::M(map)), ("z".into(), s(&stripe()))]))
    };
    for unit in traps() {
        let name = |n: usize| format!("{}{n}", unit.repeat(48 / unit.len()));
        let (small, large) = (members(50, &name), members(200, &name));
        assert!(large.looked <= 5 * small.looked + 64 * 1024, "{unit:?}");
    }
    let many = members(10_000, &|n| format!("attribute_{n}"));
    assert!(many.looked <= 64 * 1024, "{} bytes", many.looked);
    assert_eq!(many.seen.iter().map(|s| s.path.to_string()).collect::<Vec<_>>(), ["z"]);
}

#[test]
fn bombs_stop_at_the_budget_wherever_they_are() {
    let much = vec![b'a'; decode::HELD + 1024];
    for layer in decode::tests::COMPRESSIONS {
        let bomb = decode::tests::pack(layer, &much);
        // As text, because raw Snappy has no magic number and is known by a beginning in text only.
        let nested = gzip(&decode::tests::pack(layer, base64(&gzip(&much)).as_bytes()));
        let text = base64(&bomb);
        let json = serde_json::json!({ "a": [{ "b": &text }] }).to_string();
        // So many that the budget of the item is used up, once.
        let many = if layer == crate::domain::Layer::Gzip { 5 } else { 1 };
        for value in [
            AttributeValue::Bs(vec![bomb.clone(); 2]),
            AttributeValue::B(nested),
            s(&base64(json.as_bytes())),
        ] {
            let mut attributes: Vec<_> = (0..many).map(|n| (format!("v{n}"), value.clone())).collect();
            attributes.push(("z".into(), s(&stripe())));
            let item = Item::new(attributes);
            let most = decode::MOST.min(decode::ITEM + decode::RATIO * item.size()) + (1 << 20);
            let Cost { seen, opened, .. } = cost(&item);
            assert!(opened <= most, "{layer:?}: {opened} bytes of {most}");
            let said = seen.iter().any(|s| &*s.rule == NOT_OPENED);
            assert!(said || opened > much.len(), "{layer:?} is said not to be opened, unless it was");
            assert!(seen.iter().any(|s| s.path.to_string() == "z"), "{layer:?}: the secret beside it");
        }
    }
}

#[test]
fn towers_of_encodings_end() {
    let json = |text: &str| serde_json::json!({ "a": text }).to_string();
    let percent =
        |text: &str| format!("%20{}", text.replace('%', "%25").replace('"', "%22").replace(' ', "%20"));
    let in_base64 = |text: &str| base64(text.as_bytes());
    for wrap in [&json as &dyn Fn(&str) -> String, &percent, &in_base64] {
        let mut text = stripe();
        while text.len() < 20_000 {
            text = wrap(&text);
            let Cost { seen, opened, .. } = cost(&item(&[("v", &text)]));
            let most = 16 * text.len() + 16 * decode::STREAM;
            assert!(opened <= most, "{opened} bytes of {}", text.len());
            assert!(!seen.is_empty(), "seen, or said not to be opened");
        }
    }
}

#[test]
fn large_and_hostile_texts_end_in_time() {
    let big = |unit: &str| unit.repeat(400 * 1024 / unit.len());
    for unit in [
        "eyJ",
        ".eJ",
        "://",
        "a:b@://",
        "-----BEGIN PRIVATE KEY-----",
        "secret=",
        "secret=x7Kq2ZpW9vB4tRm3Lc8Ys5Hd,é;",
        "p7I",
        "[",
        "{\"a\":",
        "$2b$",
        "\0",
        "\u{1f600}",
    ] {
        let started = std::time::Instant::now();
        look(&item(&[("v", &big(unit))]));
        // Two orders of magnitude above the usual; quadratic work would be far beyond.
        assert!(started.elapsed().as_secs() < 20, "{unit:?} took {:?}", started.elapsed());
    }
    let many: Vec<_> = (0..10_000).map(|n| (format!("attribute_{n}"), s("x"))).collect();
    look(&Item::new(many));
    let bomb = gzip(&gzip(&vec![b'a'; 64 * 1024 * 1024]));
    look(&Item::new(vec![("v".into(), AttributeValue::B(bomb))]));
}

#[test]
fn hostile_items_end_and_hide_nothing() {
    let secret = stripe();
    let beside = |value: AttributeValue| {
        let item = Item::new(vec![("hostile".into(), value), ("z".into(), s(&secret))]);
        let seen = look(&item);
        let hidden = seen.iter().any(|s| &*s.rule == NOT_INSPECTED);
        assert!(hidden || seen.iter().any(|s| s.path.to_string() == "z"), "the secret beside it");
    };
    let mut deep = s(&secret);
    for n in 0..31 {
        deep = if n % 2 == 0 {
            AttributeValue::L(vec![deep])
        } else {
            AttributeValue::M(vec![("m".into(), deep)])
        };
    }
    let held = Item::new(vec![("v".into(), deep.clone())]);
    assert_eq!(look(&held).iter().filter(|s| &*s.rule == "stripe-secret-key").count(), 1, "32 levels");
    beside(deep);
    for depth in [33, 100, 10_000] {
        beside(s(&format!("{}{}", "[".repeat(depth), "]".repeat(depth))));
        beside(s(&format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth))));
    }
    beside(AttributeValue::N("9".repeat(38)));
    beside(s("{\"a\":\"\\ud800\"}"));
    beside(s("\0\u{1b}[31m\u{202e}\u{2066}"));
    beside(s(&"€".repeat(400 * 1024 / 3)));
    for layer in decode::tests::COMPRESSIONS {
        let bomb = decode::tests::pack(layer, &vec![b'a'; 20 << 20]);
        beside(s(&base64(&bomb)));
        let seen = look(&Item::new(vec![("b".into(), AttributeValue::B(bomb))]));
        assert!(seen.iter().any(|s| &*s.rule == NOT_OPENED), "{layer:?}");
    }
    // Every keyword there is, all over an item: the work is bounded, not the time alone.
    let keywords: String = detector().rules().flat_map(|r| r.keywords.clone()).map(|k| k + "= ").collect();
    let much = keywords.repeat(1 + 64 * 1024 / keywords.len());
    beside(s(&much));
}

/// An item as tables of orders have them: nothing in it is a secret, JSON or encoded.
fn clean() -> Item {
    item(&[
        ("pk", "TENANT#0d24e101-bad5-46e4-90ad-93859f3a7059"),
        ("sk", "ORDER#2026-11-22T10:00:00.000Z#01ARZ3NDEKTSV4RRFFQ69G5FAV"),
        ("note", "waiting for the carrier, second attempt; a token of appreciation was left at the door"),
        ("picture", "https://cdn.example.com/articles/large/9f86d081884c7d659a2feaa0.jpg"),
        ("etag", "\"9f86d081884c7d659a2feaa0c55ad015\""),
        ("topic", "arn:aws:sns:eu-central-1:111122223333:orders-0d24e101-bad5-46e4-90ad-93859f3a7059"),
        ("content_sha256", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
        ("query", "SELECT id, total FROM orders WHERE customer = 7 AND state = 'open'"),
        ("id", "0d24e101-bad5-46e4-90ad-93859f3a7059"),
        ("at", "2026-11-22T10:00:00Z"),
        ("next_token", "page-2"),
    ])
}

#[test]
fn a_clean_item_takes_no_memory_and_few_candidates() {
    let key = |name: &str| KeyAttribute { name: name.into(), kind: KeyType::S };
    let schema = KeySchema { partition: key("pk"), sort: Some(key("sk")) };
    let (context, item) = (TableContext { key: Some(schema), ..TableContext::default() }, clean());
    // Its own: patterns keep memory for each thread that uses them at the same time.
    let detector = Detector::new(FingerprintKey::new(b"k"));
    let mut scratch = Scratch::default();
    // Buffers grow, and patterns are compiled, on the first.
    assert!(detector.inspect(&context, &item, now(), &mut scratch).is_empty());
    let before = scratch.looks;
    let info = allocation_counter::measure(|| {
        assert!(detector.inspect(&context, &item, now(), &mut scratch).is_empty());
    });
    assert_eq!(info.count_total, 0, "allocations");
    let looks = scratch.looks - before;
    assert!(looks <= item.attributes().len(), "{looks} looks of rules at a clean item");
}

/// Whether nothing but its last four characters, and what of it is a prefix, is in a text.
fn hidden(text: &str, secret: &str) -> bool {
    (0..secret.len() - 4 - 7).all(|start| !text.contains(&secret[start..start + 8]))
}

/// Nothing of a secret in an item is told in a sighting, or shown: in the item, or opened.
fn check_hidden(item: Item, secret: &str) -> Result<(), proptest::test_runner::TestCaseError> {
    let seen = look(&item);
    proptest::prop_assert!(!seen.is_empty());
    for sighting in seen {
        proptest::prop_assert!(hidden(&format!("{sighting:?}"), secret), "{}", sighting.path);
    }
    for node in opened(item).tree(100_000, false) {
        let node_text = format!("{} {}", node.name, node.value);
        proptest::prop_assert!(hidden(&node_text, secret), "{}", node.path);
    }
    Ok(())
}

/// A text as one of the values that hold it.
fn wrapped(text: &str, how: usize) -> AttributeValue {
    match how {
        0 => s(text),
        1 => s(&base64(text.as_bytes())),
        2 => AttributeValue::B(gzip(text.as_bytes())),
        _ => s(&serde_json::json!({ "in": [base64(&gzip(text.as_bytes()))] }).to_string()),
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(cases()))]

    #[test]
    fn what_a_neighbour_gives_away_is_hidden_in_every_encoding(secret in "[A-Z][a-z][0-9][A-Za-z0-9+/]{37}", how in 0usize..4) {
        let id = format!("{}{}", "AK", "IAQ3EGR7TYUPLKJH2M");
        let item = Item::new(vec![("v".into(), wrapped(&serde_json::json!({ "a": id, "b": secret }).to_string(), how))]);
        let is_it = |s: &Sighting| s.path.to_string().ends_with(".b") && s.is_reported();
        let joined = look(&item).into_iter().find(is_it);
        // Not every such text is mixed enough to be one.
        proptest::prop_assume!(joined.is_some());
        proptest::prop_assert_eq!(joined.map(|s| s.rule.to_string()), Some("aws-secret-access-key".to_owned()));
        check_hidden(item, &secret)?;
    }

    #[test]
    fn what_is_inside_a_session_is_hidden(body in "[A-Za-z0-9]{32}", how in 0usize..4) {
        use ::base64::Engine;
        let encode = |bytes: &[u8]| ::base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes);
        let claims = serde_json::json!({ "_auth_user_id": "7", "access_token": &body }).to_string();
        let signature = "FakeSignature0FakeSignature1FakeSignature2x";
        for session in [
            format!(".{}:1xVBOu:{signature}", encode(&zlib(&claims))),
            format!("{}:1xVBOu:{signature}", encode(claims.as_bytes())),
            jwt("{\"alg\":\"HS256\"}", &claims),
        ] {
            let item = Item::new(vec![("v".into(), wrapped(&session, how))]);
            check_hidden(item, &body)?;
        }
    }
}
