//! Whole items in, sightings out.

use super::*;
use crate::domain::{AttributeValue, KeyAttribute, KeyType};

fn detector() -> Detector {
    Detector::new(FingerprintKey::new(b"a key of the tests"))
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

fn look(item: &Item) -> Vec<Sighting> {
    detector().inspect(&TableContext::default(), item, now(), &mut Scratch::default())
}

/// The item of a rule's case: `name => value`, `name + other => value`, or a value alone.
fn case(text: &str) -> Item {
    let (names, value) = text.split_once(" => ").unwrap_or(("value", text));
    let mut names = names.split(" + ");
    let mut attributes = vec![(names.next().unwrap_or_default(), value)];
    attributes.extend(names.map(|n| (n, "plain")));
    item(&attributes)
}

#[test]
fn every_rule_sees_its_hits_and_not_its_misses() {
    let detector = detector();
    let mut wrong = Vec::new();
    for rule in &detector.rules {
        let saw = |text: &str| {
            detector
                .inspect(&TableContext::default(), &case(text), now(), &mut Scratch::default())
                .iter()
                .any(|s| s.rule == rule.info.id && s.severity > Severity::Info && s.is_reported())
        };
        wrong.extend(rule.hits.iter().filter(|h| !saw(h)).map(|h| format!("{} misses {h}", rule.info.id)));
        wrong.extend(rule.misses.iter().filter(|m| saw(m)).map(|m| format!("{} sees {m}", rule.info.id)));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_catalogue_can_be_asked() {
    let detector = detector();
    assert!(detector.rules().count() >= 35);
    let rule = detector.rule("stripe-secret-key").expect("embedded");
    assert_eq!((&*rule.title, rule.provider.as_str()), ("Stripe secret key", "Stripe"));
    assert!(detector.rule("nope").is_none());
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
    // A lone surrogate ends the JSON; what was seen before it stays, the rest is looked at as text.
    let broken = format!("{{\"k\":\"{0}\",\"l\":\"\\ud800\",\"m\":\"{0}z\"}}", stripe());
    check(s(&broken), &[&format!("v {rule}"), &format!("v|json:.k {rule}")]);
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

#[test]
fn tokens_say_when_they_end() {
    let live = jwt("{\"alg\":\"HS256\"}", "{\"exp\":1900000000}");
    let seen = look(&item(&[("authorization", &format!("Bearer {live}"))]));
    assert_eq!(seen.len(), 1, "one sighting of a token in a header");
    assert_eq!(seen[0].expires, Timestamp::from_second(1_900_000_000).ok());
    assert_eq!((seen[0].severity, seen[0].session), (Severity::High, true));
    let over = look(&item(&[("t", &jwt("{\"alg\":\"none\"}", "{\"exp\":1700000000}"))]));
    assert_eq!(over[0].severity, Severity::Low);
    assert!(over[0].reasons.iter().any(|r| r == "expired"));
    assert!(over[0].reasons.iter().any(|r| r.contains("alg none")));
}

#[test]
fn sessions_of_django_say_who_they_let_in() {
    use base64::Engine;
    let encode = |bytes: &[u8]| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes);
    let tail = ":1xVBOu:FakeSignature0FakeSignature1FakeSignature2x";
    let check = |json: &str, expected: &str| {
        let packed = format!(".{}{tail}", encode(&zlib(json)));
        let plain = format!("{}{tail}", encode(json.as_bytes()));
        for data in [plain, packed] {
            check(s(&data), &[&format!("v django-session {expected}")]);
        }
        let legacy = base64(format!("{}:{json}", "0123456789abcdef0123456789abcdef01234567").as_bytes());
        self::check(s(&legacy), &[&format!("v django-session-legacy {expected}")]);
    };
    check("{\"_csrftoken\":\"x\",\"cart\":1}", "low");
    check("{\"_auth_user_hash\":\"fake\"}", "medium");
    check("{\"_auth_user_id\":\"42\",\"_auth_user_hash\":\"fake\"}", "high");
    check("{\"access_token\":\"fake-oauth-access-token-7c1f0b9d2e\"}", "high");
    // A provider's token inside a session is told by itself.
    let carrying = format!("{}{tail}", encode(format!("{{\"k\":\"{}\"}}", stripe()).as_bytes()));
    self::check(s(&carrying), &["v django-session low", "v|django:.k stripe-secret-key critical"]);
}

fn keyed(name: &str) -> TableContext {
    let partition = KeyAttribute { name: name.into(), kind: KeyType::S };
    TableContext { table: "anything".into(), key: Some(KeySchema { partition, sort: None }) }
}

#[test]
fn session_stores_are_recognised_by_their_shape() {
    let check = |key: &str, attributes: &[(&str, &str)], expected: &[(&str, &str)]| {
        let item = item(attributes);
        let seen = detector().inspect(&keyed(key), &item, now(), &mut Scratch::default());
        let cookies: Vec<(String, &str)> = seen
            .iter()
            .filter(|s| &*s.rule == "session-key" && s.session && s.severity == Severity::High)
            .map(|s| {
                let value = attributes.iter().find(|(n, _)| Some(*n) == s.path.root()).expect("there").1;
                (s.path.to_string(), &value[s.span.clone()])
            })
            .collect();
        let expected: Vec<_> = expected.iter().map(|(n, v)| ((*n).to_owned(), *v)).collect();
        assert_eq!(cookies, expected);
    };
    let sid = "a1s2d3f4g5h6j7k8l9z0x1c2v3b4n5m6";
    check("session_key", &[("session_key", sid), ("data", "x")], &[("session_key", sid)]);
    check("session_key", &[("session_key", sid), ("session_data", "x")], &[("session_key", sid)]);
    check("id", &[("session_key", sid), ("data", "x")], &[]);
    let cached = format!("site:1:django.contrib.sessions.cache{sid}:1");
    check("cache_key", &[("cache_key", &cached), ("content", "x")], &[("cache_key", sid)]);
    check("cache_key", &[("cache_key", "views.cache.abc.en-us.UTC:1"), ("content", "x")], &[]);
    let express = format!("sess:{sid}");
    check("id", &[("id", &express), ("type", "connect-session")], &[("id", sid)]);
    let php = format!("PHPSESSID_{sid}");
    check("id", &[("id", &php), ("data", "a|i:1;"), ("expires", "x")], &[("id", sid)]);
    check("session_id", &[("session_id", sid), ("data", "BAh7CEki")], &[("session_id", sid)]);
    check("session_id", &[("session_id", sid), ("data", "chat transcript")], &[]);
    let uuid = "7d5c0b52-4d3e-4a08-9a57-5f1e7a2c9b11";
    let auth = format!("SESSION#{uuid}");
    check(
        "pk",
        &[("pk", "USER#1"), ("sk", &auth), ("sessionToken", uuid)],
        &[("sk", uuid), ("sessionToken", uuid)],
    );
    // Idempotency tables are no session tables.
    check("id", &[("id", "fn#d41d8cd98f00b204e9800998ecf8427e"), ("data", "{}"), ("status", "DONE")], &[]);
}

#[test]
fn what_was_put_right_scans_clean() {
    let told = told(&item(&[
        ("arn", "arn:aws:kms:us-east-1:111122223333:key/0d24e101-bad5-46e4-90ad-93859f3a7059"),
        ("secret_arn", "arn:aws:secretsmanager:us-east-1:111122223333:secret:mail/team-AbCdEf"),
        ("api_key_prefix", "pk_9f86"),
        ("api_key_sha256", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
        ("key_alias", "stripe_live_v1"),
        ("Digest", "d41d8cd98f00b204e9800998ecf8427e"),
        ("LockID", "my-bucket/env/prod/terraform.tfstate-md5"),
        ("publishable", concat!("pk_li", "ve_Fa0ke1Nt2Tk3Qz4Wr5Lm6XyZ")),
    ]));
    assert_eq!(told, [""; 0]);
}

#[test]
fn authorization_is_seen_wherever_it_stands() {
    let bearer = ["79769cb7", "df99b64d", "e5011223344556a1"].concat();
    let header = format!("Bearer {bearer}");
    let json = serde_json::json!({ "Authorization": header, "X-Shop": "1" }).to_string();
    let rule = "bearer-token high";
    let named = |value: AttributeValue| told(&Item::new(vec![("Authorization".into(), value)]));
    assert_eq!(named(s(&header)), [format!("Authorization {rule}")]);
    // Without the word, the attribute's name is enough, although the value looks like a digest.
    assert_eq!(named(s(&bearer)), ["Authorization sensitive-name medium"]);
    check(s(&json), &[&format!("v|json:.Authorization {rule}")]);
    check(s(&base64(json.as_bytes())), &[&format!("v|base64|json:.Authorization {rule}")]);
    check(s(&format!("GET / HTTP/1.1\r\nAuthorization: {header}\r\n")), &[&format!("v {rule}")]);
    let sure = |text: &str| look(&item(&[("v", text)]))[0].confidence;
    assert_eq!(sure(&format!("Authorization: {header}")), Confidence::High);
    assert_eq!(sure(&format!("it sent {header}")), Confidence::Medium);
    // The span is the token, so the rest of the header can be read.
    let seen = look(&item(&[("v", &format!("Authorization: {header} sent"))]));
    assert_eq!(seen[0].span, 22..22 + bearer.len());
    let basic = format!("Basic {}", base64(b"shop:F4ke-pa55-w0rd!"));
    assert_eq!(named(s(&basic)), ["Authorization basic-credentials high"]);
    // A provider's own token after the word is the provider's.
    check(s(&format!("Bearer {}", stripe())), &["v stripe-secret-key critical"]);
}

#[test]
fn a_secret_among_escape_sequences_is_seen() {
    let token = jwt("{\"alg\":\"HS256\"}", "{\"exp\":1900000000}");
    for escape in
        ["\u{1b}[8m", "\u{1b}[38;5;1m", "\u{9b}0m", "\\u001b[8m", "\\x1b[8m", "\\033[1;31m", "\\e[m"]
    {
        check(s(&format!("{escape}{}\u{1b}[0m", stripe())), &["v stripe-secret-key critical"]);
        check(s(&format!("{escape}{token}\u{1b}[0m")), &["v jwt high"]);
    }
    // A letter that is no part of an escape sequence still makes it another word.
    check(s(&format!("[8m{}", stripe())), &[]);
}

#[test]
fn a_wrong_checksum_is_of_low_severity() {
    let body = ["Fa0ke1Nt2Tk3Qz4W", "r5Lm6XyZ7Bc8De"].concat();
    let token = |sum: &str| format!("{}{}{body}{sum}", "gh", "p_");
    let right = look(&item(&[("v", &token(&confirm::checksum(&body)))]));
    assert_eq!((right[0].severity, right[0].confidence), (Severity::Critical, Confidence::Confirmed));
    let wrong = look(&item(&[("v", &token("000000"))]));
    assert_eq!((wrong[0].severity, wrong[0].confidence), (Severity::Low, Confidence::Medium));
}

#[test]
fn a_token_in_a_line_of_a_log_says_that_it_is_part_of_it() {
    let token = jwt("{\"alg\":\"HS256\"}", "{\"exp\":1900000000}");
    for (text, part) in [(token.clone(), false), (format!("user 7 sent {token}"), true)] {
        let seen = look(&item(&[("v", &text)]));
        assert_eq!(seen[0].reasons.iter().any(|r| r == INSIDE_A_TEXT), part, "{}", seen[0].path);
    }
}

#[test]
fn examples_of_manuals_are_told_apart() {
    let id = concat!("AKIA", "IOSFODNN7EXAMPLE");
    let seen = look(&item(&[("v", id)]));
    assert_eq!(seen[0].severity, Severity::Info);
    assert!(seen[0].title.ends_with(" (example)"));
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
    let detector = detector();
    let mut deep = s("x");
    for _ in 0..100 {
        deep = AttributeValue::L(vec![deep]);
    }
    let full = AttributeValue::Ss(vec![stripe(); 5000]);
    for value in [deep, full] {
        let item = Item::new(vec![("v".into(), value)]);
        assert!(detector.screen(&TableContext::default(), item, now(), &mut Scratch::default()).is_blind());
    }
    let plain =
        detector.screen(&TableContext::default(), item(&[("v", "x")]), now(), &mut Scratch::default());
    assert!(!plain.is_blind());
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
fn a_users_rule_is_read_like_ours() {
    let mine = "[[rule]]\nid = \"mine\"\ntitle = \"Mine\"\nseverity = \"high\"\nconfidence = \"high\"\nwhy = \"w\"\nkeywords = [\"acme_\"]\npattern = 'acme_[0-9]{20}'\n";
    let detector = Detector::with_rules(FingerprintKey::new(b"k"), &[("mine.toml", mine)]).expect("right");
    let item = item(&[("v", "acme_01234567890123456789")]);
    let seen = detector.inspect(&TableContext::default(), &item, now(), &mut Scratch::default());
    assert_eq!(&*seen[0].rule, "mine");
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

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

    #[test]
    fn any_text_is_inspected_and_spans_are_of_it(text in "(?s).{0,200}", bytes in proptest::collection::vec(0u8..=255, 0..200)) {
        let item = Item::new(vec![("token".into(), s(&text)), ("b".into(), AttributeValue::B(bytes))]);
        for sighting in look(&item).iter().filter(|s| s.path.to_string() == "token") {
            proptest::prop_assert!(text.get(sighting.span.clone()).is_some());
        }
    }
}
