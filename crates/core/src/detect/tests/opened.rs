//! What is inside encodings, as it is shown: decoded, masked, and found again by its path.

use super::encodings::{encoded, follow};
use super::*;
use crate::domain::{Layer, Node, Step};

pub(super) fn opened(item: Item) -> Screened {
    screen(&TableContext::default(), item).opened()
}

/// The lines inside encodings, as `depth name kind value`.
fn lines(screened: &Screened) -> Vec<String> {
    let layered = |n: &Node| n.path.is_layered();
    let nodes = screened.tree(1000, false).into_iter().filter(layered);
    nodes.map(|n| format!("{} {} {} {}", n.depth, n.name, n.kind, n.value)).collect()
}

fn check(value: AttributeValue, expected: &[&str]) {
    assert_eq!(lines(&opened(Item::new(vec![("v".into(), value)]))), expected);
}

#[test]
fn encodings_open_in_place() {
    let json = serde_json::json!({ "user": "ada", "age": 36, "on": true, "tags": ["x", null], "by": 1.5 })
        .to_string();
    let members = [
        "2 user S ada",
        "2 age N 36",
        "2 on BOOL true",
        "2 tags L [2 elements]",
        "3 [0] S x",
        "3 [1] NULL null",
        "2 by N 1.5",
    ];
    let below = |name: &str| {
        let first = format!("1 {name} M {{5 attributes}}");
        std::iter::once(first).chain(members.map(str::to_owned)).collect::<Vec<_>>()
    };
    let told = |value| lines(&opened(Item::new(vec![("v".into(), value)])));
    assert_eq!(told(s(&json)), below("|json"));
    assert_eq!(told(s(&base64(&gzip(json.as_bytes())))), below("|base64|gzip|json"));
    assert_eq!(told(AttributeValue::B(gzip(json.as_bytes()))), below("|gzip|json"));
    check(s("user=ada&age=36"), &["1 |form M {2 attributes}", "2 user S ada", "2 age S 36"]);
    // A form's escapes are of its values; it is not opened as a whole beside.
    check(
        s("next=a%3D1%26b%3D2&name=a%20name"),
        &[
            "1 |form M {2 attributes}",
            "2 next S a=1&b=2",
            "3 |form M {2 attributes}",
            "4 a S 1",
            "4 b S 2",
            "2 name S a name",
        ],
    );
    check(s("A=x y\nB=z\n"), &["1 |env M {2 attributes}", "2 A S x y", "2 B S z"]);
    check(
        s("a:\n  - b\n  - c\n"),
        &["1 |yaml M {1 attribute}", "2 a L [2 elements]", "3 [0] S b", "3 [1] S c"],
    );
    check(s(&base64(b"a sentence that can be read")), &["1 |base64 S a sentence that can be read"]);
    check(
        s("{\"a\":1,\"a\":2}"),
        &[
            "1 |json M {2 attributes}",
            "2 a N 1",
            "2 a ? ‹the name stands here twice; see the text around it›",
        ],
    );
    check(s("plain text"), &[]);
    // Numbers of every kind are read.
    assert!(look(&item(&[("v", "{\"a\":1.5,\"b\":-2e9,\"c\":12345678901234567890123}")])).is_empty());
}

#[test]
fn tokens_and_sessions_open_into_what_they_say() {
    let token = jwt("{\"alg\":\"HS256\"}", "{\"iss\":\"https://id.example.com\",\"exp\":1800003600}");
    let claims = [
        "1 |jwt M {2 attributes}",
        "2 header M {1 attribute}",
        "3 alg S HS256",
        "2 claims M {2 attributes}",
        "3 iss S https://id.example.com",
        "3 exp N 1800003600",
    ];
    check(s(&token), &claims);
    check(s(&format!("Bearer {token}")), &claims);
    // The second in a text has a place of its own.
    let two = opened(item(&[("v", &format!("{token} and {token}"))]));
    let second = two.tree(1000, false).into_iter().filter(|n| &*n.name == "|jwt[1]").count();
    assert_eq!((second, lines(&two).len()), (1, 2 * claims.len()));
    let payload =
        base64(b"{\"_auth_user_id\":\"7\",\"_auth_user_hash\":\"0f1e2d3c4b5a69788796a5b4c3d2e1f0\"}");
    let payload = payload.replace('+', "-").replace('/', "_").replace('=', "");
    let session = format!("{payload}:1xVBOu:FakeSignature0FakeSignature1FakeSignature2x");
    check(
        s(&session),
        &["1 |django M {2 attributes}", "2 _auth_user_id S 7", "2 _auth_user_hash S ••••••••e1f0"],
    );
    // A secret among the claims is one of its own, and masked.
    let holds = jwt("{\"alg\":\"HS256\"}", &serde_json::json!({ "k": stripe() }).to_string());
    let screened = opened(item(&[("v", &holds)]));
    assert!(screened.sightings().iter().any(|s| s.path.to_string() == "v|jwt:.claims.k"));
    assert!(lines(&screened).iter().all(|line| !line.contains("Fa0ke")), "{:?}", lines(&screened));
}

#[test]
fn what_is_seen_in_an_encoding_is_masked_there() {
    let secret = ["x7Kq2ZpW9v", "B4tRm3Lc8Ys5Hd"].concat();
    let json = serde_json::json!({ "note": "fine", "api_key": &secret, "again": format!("it is {secret}") });
    for value in [s(&json.to_string()), AttributeValue::B(gzip(json.to_string().as_bytes()))] {
        let screened = opened(Item::new(vec![("v".into(), value)]));
        let (mut shown, mut copied) = (String::new(), String::new());
        for node in screened.tree(1000, false) {
            shown.push_str(&format!("{}={} ", node.name, node.value));
            copied.push_str(&screened.value(&node.path, false).map(|v| v.to_string()).unwrap_or_default());
            let masked = screened.value(&node.path, true).map(|v| v.to_string()).unwrap_or_default();
            assert!(!masked.contains("fine"), "{masked}");
        }
        assert!(shown.contains("note=fine") && shown.contains("again=it is ••••"), "{shown}");
        assert!(copied.contains("\"note\": \"fine\"") && copied.contains("••••"), "{copied}");
        assert!(!shown.contains(&secret) && !copied.contains(&secret), "{shown} {copied}");
        for node in screened.tree(1000, true) {
            assert!(!node.value.contains("fine"), "{}", node.value);
        }
    }
}

#[test]
fn a_masked_text_is_not_shown_decoded() {
    // The name tells that it is a secret, base64 or not.
    let packed = base64(b"a pass phrase of four w0rds Xq7");
    let screened = opened(item(&[("password", &packed)]));
    assert!(!screened.sightings().is_empty());
    assert_eq!(lines(&screened), [""; 0]);
    // Recognised elsewhere, it is masked in what is decoded.
    let secret = ["x7Kq2ZpW9v", "B4tRm3Lc8Ys5Hd"].concat();
    let note = base64(format!("please call it {secret} today").as_bytes());
    let screened = opened(item(&[("api_key", &secret), ("note", &note)]));
    assert_eq!(lines(&screened).len(), 1);
    assert!(!lines(&screened)[0].contains(&secret), "{:?}", lines(&screened));
}

#[test]
fn hostile_encodings_open_within_bounds() {
    let many = format!("[{}0]", "0,".repeat(190_000));
    let deep = format!("{}1{}", "[".repeat(100), "]".repeat(100));
    let bomb = gzip(&vec![b'a'; 20 << 20]);
    for value in [s(&many), s(&deep), AttributeValue::B(bomb), s("{\"\\u001b[2J\":\"\\u202e\"}")] {
        let started = std::time::Instant::now();
        let nodes = opened(Item::new(vec![("v".into(), value)])).tree(80, false);
        assert!(nodes.len() <= 20_010, "{} lines", nodes.len());
        assert!(
            nodes.iter().all(|n| !n.value.contains(['\u{1b}', '\u{202e}']) && !n.name.contains('\u{1b}'))
        );
        assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
    }
    // A name that the reader of JSON uses for itself hides nothing.
    let named = format!("{{\"$serde_json::private::Number\":\"{}\"}}", stripe());
    let screened = opened(item(&[("v", &named)]));
    assert!(screened.tree(1000, false).iter().all(|n| !n.value.contains("Fa0ke")));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(cases()))]

    #[test]
    fn every_decoded_value_is_found_by_its_path(
        text in "[ -~é]{1,40}", layers in proptest::collection::vec(0usize..13, 0..4),
    ) {
        let mut packed = text.into_bytes();
        for layer in layers {
            packed = encoded(layer, &packed);
        }
        let value = match String::from_utf8(packed) {
            Ok(text) => s(&text),
            Err(bytes) => AttributeValue::B(bytes.into_bytes()),
        };
        let item = Item::new(vec![("v".into(), value)]);
        let screened = opened(item.clone());
        for node in screened.tree(1000, false).iter().filter(|n| n.path.is_layered() && n.kind == "S") {
            let part = |step: &Step| matches!(step, Step::Layer(Layer::Jwt | Layer::Django));
            if node.path.steps().iter().any(part) {
                continue;
            }
            let found = follow(&item, &node.path).map(|b| String::from_utf8_lossy(&b).into_owned());
            let revealed = screened.reveal(&node.path).map(|r| r.text().to_owned());
            proptest::prop_assert_eq!(found.map(|f| Safe::neutral(&f).to_string()), revealed, "{}", node.path);
        }
    }

    #[test]
    fn any_item_is_opened_and_shows_no_secret(recipes in recipes(), body in "[a-zA-Z0-9]{24,40}", layer in 0usize..13) {
        let secret = format!("{}{}{body}", "sk_li", "ve_");
        let mut item = made(&recipes);
        let packed = encoded(layer, secret.as_bytes());
        let value = String::from_utf8(packed).map_or_else(|b| AttributeValue::B(b.into_bytes()), AttributeValue::S);
        let mut attributes = item.attributes().to_vec();
        attributes.push(("z".into(), value));
        item = Item::new(attributes);
        let screened = opened(item);
        for node in screened.tree(100_000, false) {
            let copied = screened.value(&node.path, false).map(|v| v.to_string()).unwrap_or_default();
            proptest::prop_assert!(!node.value.contains(&secret) && !copied.contains(&secret), "{}", node.path);
        }
    }
}

/// A zlib stream that breaks is a gap, however short what came out of it, and so is what stands behind one.
#[test]
fn a_zlib_stream_that_does_not_end_well_is_told() {
    use std::io::Write;

    use base64::Engine;

    let token = ["gh", "p_16C7e42F292c6912E7710c838347Ae178B4a"].concat();
    let zlib = |text: &str| {
        let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        packer.write_all(text.as_bytes()).expect("memory");
        packer.finish().expect("memory")
    };
    let text: String =
        (0..400_u32).map(|n| format!("line {} of the log\n", n.wrapping_mul(2_654_435_761))).collect();
    let check = |what: &str, bytes: Vec<u8>| {
        for value in [
            AttributeValue::B(bytes.clone()),
            AttributeValue::S(base64::engine::general_purpose::STANDARD.encode(&bytes)),
        ] {
            let item = Item::new(vec![("blob".to_owned(), value)]);
            let context = TableContext::default();
            let seen = detector().examine(&context, &item, Timestamp::UNIX_EPOCH, &mut Scratch::default());
            assert_eq!(seen.uninspected.not_opened, 1, "{what} is a gap");
        }
    };
    let damaged = |mut bytes: Vec<u8>, at: usize| {
        bytes[at] ^= 0xff;
        bytes
    };
    for long in ["", &text] {
        let whole = zlib(&format!("{long}token={token} and more of the same text\n"));
        let last = whole.len() - 1;
        let sound = Item::new(vec![("blob".to_owned(), AttributeValue::B(whole.clone()))]);
        let context = TableContext::default();
        let seen = detector().examine(&context, &sound, Timestamp::UNIX_EPOCH, &mut Scratch::default());
        assert!(seen.uninspected.is_none() && !seen.sightings.is_empty());
        check("a wrong checksum", damaged(whole.clone(), last));
        check("a stream without its end", whole[..last - 4].to_vec());
        check("a stream behind a stream", [whole.clone(), zlib("hidden")].concat());
    }
    let whole = zlib(&format!("{text}token={token}\n"));
    check("one that breaks in the middle", damaged(whole, 2000));
}
