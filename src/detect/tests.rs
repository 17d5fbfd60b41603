//! Whole items in, sightings out.

mod hostile;
mod opened;

use std::sync::LazyLock;

use super::*;
use crate::detect::signs::Signs;
use crate::domain::{AttributeValue, Item, KeyAttribute, KeyType, Screened};

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
    for rule in detector.rules.iter() {
        let saw = |text: &str| {
            detector
                .inspect(&TableContext::default(), &case(text), now(), &mut Scratch::default())
                .iter()
                // What is good news is told, and reported by nobody.
                .any(|s| {
                    let good = rule.info.severity == Severity::Info;
                    s.rule == rule.info.id && (good || s.severity > Severity::Info && s.is_reported())
                })
        };
        wrong.extend(rule.hits.iter().filter(|h| !saw(h)).map(|h| format!("{} misses {h}", rule.info.id)));
        wrong.extend(rule.misses.iter().filter(|m| saw(m)).map(|m| format!("{} sees {m}", rule.info.id)));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_catalogue_is_as_large_as_it_says() {
    let rules: Vec<_> = detector().rules().collect();
    let mut providers: Vec<_> = rules.iter().map(|r| r.provider.as_str()).filter(|p| !p.is_empty()).collect();
    providers.sort_unstable();
    providers.dedup();
    let own = rules.iter().filter(|r| r.owns_prefix).count();
    assert!(
        rules.len() >= 300 && providers.len() >= 150 && own >= 200,
        "{} {} {own}",
        rules.len(),
        providers.len()
    );
    let lumped: Vec<_> = providers.iter().filter(|p| p.contains(", ") || p.contains(" or ")).collect();
    assert!(lumped.is_empty(), "a rule is of one provider: {lumped:?}");
}

#[test]
fn a_prefix_has_one_owner() {
    let owners: Vec<_> = detector().rules.iter().filter(|r| r.info.owns_prefix).collect();
    let mut shared = Vec::new();
    for rule in &owners {
        for prefix in &rule.info.prefixes {
            if prefix.len() < 3
                || !rule.hits.iter().any(|hit| rule.info.prefixes.iter().any(|p| hit.contains(p)))
            {
                shared.push(format!("{}: {prefix} is not its beginning", rule.info.id));
            }
            let others = owners.iter().filter(|o| o.info.provider != rule.info.provider);
            for other in others {
                if other.info.prefixes.iter().any(|theirs| theirs.starts_with(prefix.as_str())) {
                    shared.push(format!("{} and {} share {prefix}", rule.info.id, other.info.id));
                }
            }
        }
    }
    assert!(shared.is_empty(), "{shared:#?}");
}

#[test]
fn the_catalogue_can_be_asked() {
    let detector = detector();
    for id in [super::NOT_OPENED, super::NOT_INSPECTED] {
        assert!(detector.rule(id).is_some() && super::about(id).is_some(), "{id}");
    }
    let rule = detector.rule("stripe-secret-key").expect("embedded");
    assert_eq!((&*rule.title, rule.provider.as_str()), ("Stripe secret key", "Stripe"));
    assert!(detector.rule("nope").is_none());
}

#[test]
fn the_time_to_live_says_when_an_item_ends_whatever_its_name() {
    let ended = |ttl: Option<&str>, at: i64| {
        let item = Item::new(vec![
            ("key".into(), s(&stripe())),
            ("zap".into(), AttributeValue::N((now().as_second() + at).to_string())),
        ]);
        let context = TableContext { ttl: ttl.map(str::to_owned), ..TableContext::default() };
        let seen = detector().inspect(&context, &item, now(), &mut Scratch::default());
        seen[0].reasons.iter().any(|r| r == "its item expired 3 days ago")
    };
    assert!(ended(Some("zap"), -3 * 86_400));
    assert!(!ended(Some("zap"), 3 * 86_400));
    assert!(!ended(Some("other"), -3 * 86_400));
    assert!(!ended(None, -3 * 86_400));
}

#[test]
fn what_stands_beside_a_secret_is_told() {
    let id = format!("{}{}", "AK", "IAQ3EGR7TYUPLKJH2M");
    let secret = ["q8Zt0KpXw3VbN6mYc1Rf", "J5hLs9GdEu2AoTi7WxPk"].concat();
    let check = |attributes: &[(&str, &str)], path: &str, rule: &str, reason: &str| {
        let seen = look(&item(attributes));
        let told: Vec<_> = seen.iter().filter(|s| s.path.to_string() == path && &*s.rule == rule).collect();
        let [sighting] = told[..] else { panic!("{} of {rule} at {path}", told.len()) };
        assert!(sighting.reasons.iter().any(|r| r == reason), "{:?} lacks {reason}", sighting.reasons);
        assert!(sighting.is_reported());
    };
    let named = [("key_id", &*id), ("aws_secret_access_key", &*secret)];
    let half = |at: &str| format!("the other half of the key is at {at}");
    check(&named, "key_id", "aws-access-key-id", &half("aws_secret_access_key"));
    check(&named, "aws_secret_access_key", "aws-secret-access-key", &half("key_id"));
    // Nothing but the id beside it says what this is; by itself it is nothing.
    let plain = [("a", &*id), ("b", &*secret)];
    check(&plain, "b", "aws-secret-access-key", "beside the id of a key at a");
    assert!(look(&item(&[("b", &secret)])).is_empty());
    never_shown(item(&plain), &secret);
    let json = format!("{{\"a\":\"{id}\",\"secret_access_key\":\"{secret}\"}}");
    check(&[("v", &json)], "v|json:.a", "aws-access-key-id", &half("v|json:.secret_access_key"));

    // Inside an encoding, too.
    let json = serde_json::json!({ "a": id, "b": secret }).to_string();
    check(&[("v", &json)], "v|json:.b", "aws-secret-access-key", "beside the id of a key at v|json:.a");
    let packed = base64(json.as_bytes());
    let reason = "beside the id of a key at v|base64|json:.a";
    check(&[("v", &packed)], "v|base64|json:.b", "aws-secret-access-key", reason);

    let value = ["x7Kq2ZpW9v", "B4tRm3Lc8Ys5Hd"].concat();
    let json = serde_json::json!({ "client_id": "shop", "client_secret": value }).to_string();
    let belongs = "beside what it belongs to, at v|json:.client_id";
    check(&[("v", &json)], "v|json:.client_secret", "sensitive-name", belongs);
    let pair = [("client_id", "shop"), ("client_secret", &*value)];
    let belongs = "beside what it belongs to, at client_id";
    check(&pair, "client_secret", "sensitive-name", belongs);
    assert_eq!(look(&item(&pair))[0].confidence, Confidence::High);
    assert_eq!(look(&item(&pair[1..]))[0].confidence, Confidence::Medium);

    let aged = |name: &str, at: &str, reason: &str| {
        check(&[(name, at), ("k", &stripe())], "k", "stripe-secret-key", reason);
    };
    // The present of the tests is 2027-01-15T08:00:00Z.
    aged("createdAt", "2027-01-05T08:00:00Z", "made 10 days ago");
    aged("createdAt", "2027-01-15T07:00:00Z", "made today");
    aged("updated_at", "2027-01-14T08:00:00Z", "last changed 1 day ago");
    aged("updated_at", "1799136000000", "last changed 10 days ago");
    aged("ttl", "1799136000", "its item expired 10 days ago");
    let later = look(&item(&[("ttl", "1900000000"), ("k", &stripe())]));
    assert!(later[0].reasons.iter().all(|r| !r.contains("expired")));
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
    TableContext { table: "anything".into(), key: Some(KeySchema { partition, sort: None }), ttl: None }
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
    let flask = format!("session:{sid}");
    check("SessionId", &[("SessionId", &flask), ("val", "x")], &[("SessionId", sid)]);
    check("sessionId", &[("sessionId", sid), ("lastAccessedTime", "x")], &[("sessionId", sid)]);
    let forty = format!("{sid}Qwertyu8");
    let cached = format!("laravel_cache:{forty}");
    check("key", &[("key", &cached), ("value", "x"), ("expires_at", "x")], &[("key", &forty)]);
    check("key", &[("key", "config:theme"), ("value", "x"), ("expires_at", "x")], &[]);
    check("_idx", &[("_idx", sid), ("_ttl", "x")], &[("_idx", sid)]);
    check("id", &[("id", "x"), ("token", sid), ("userId", "7"), ("expiresAt", "x")], &[("token", sid)]);
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
fn what_is_encrypted_well_is_told_and_is_no_finding() {
    let bytes = |head: &[u8]| [head, &(0..=180).collect::<Vec<u8>>()].concat();
    let kms = bytes(&[1, 2, 2, 0, 0x78]);
    for (name, value, rule) in [
        ("password", AttributeValue::B(kms.clone()), "kms-ciphertext"),
        ("encryptedPassword", s(&base64(&kms)), "kms-ciphertext"),
        ("aws_dbe_head", AttributeValue::B(bytes(&[2, 1])), "database-encryption-sdk"),
        ("aws_dbe_foot", AttributeValue::B(bytes(&[0])), "database-encryption-sdk"),
    ] {
        let seen = look(&Item::new(vec![(name.to_owned(), value)]));
        let told: Vec<&str> = seen.iter().map(|s| &*s.rule).collect();
        assert_eq!(told, [rule], "{name}");
        assert!(seen.iter().all(|s| s.severity == Severity::Info && !s.is_reported()), "{name}");
    }
}

#[test]
fn an_id_under_the_name_of_a_provider_alone_is_a_guess() {
    let id = "1c9e2f30-7d44-4b8a-9c51-fa4e60fake00".replace("fake", "b0a7");
    let check = |name: &str, expected: Option<Confidence>| {
        let seen = look(&Item::new(vec![(name.to_owned(), s(&id))]));
        assert_eq!(seen.first().map(|s| s.confidence), expected, "{name}");
    };
    check("heroku", Some(Confidence::Low));
    check("heroku_api_key", Some(Confidence::Medium));
    check("heroku_project", None);
    check("heroku_dyno_id", None);
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
    // The word is a part of a document, not what the document is.
    let assertion = "<saml:Assertion ID=\"x\"><saml:NameID>mia@example.com</saml:NameID></saml:Assertion>";
    let seen = look(&item(&[("v", assertion)]));
    assert!(seen[0].severity > Severity::Info, "{}", seen[0].title);
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
fn a_users_rule_is_read_like_ours() {
    let mine = "[[rule]]\nid = \"mine\"\ntitle = \"Mine\"\nseverity = \"high\"\nconfidence = \"high\"\nwhy = \"w\"\nkeywords = [\"acme_\"]\npattern = 'acme_[0-9]{20}'\n";
    let (detector, remarks) = Detector::with_rules(FingerprintKey::new(b"k"), &[("mine.toml", mine)]);
    assert!(remarks.errors.is_empty());
    assert_eq!(remarks.notes[0].message, "of 1 rules, 1 without cases");
    let item = item(&[("v", "acme_01234567890123456789")]);
    let seen = detector.inspect(&TableContext::default(), &item, now(), &mut Scratch::default());
    assert_eq!(&*seen[0].rule, "mine");
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
fn sessions_are_opened_within_the_budget() {
    use base64::Engine;
    let encode = |bytes: &[u8]| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes);
    let payload = encode(&zlib(&format!("{{\"_auth_user_id\":\"{}\"}}", "a".repeat(4 << 20))));
    let signature = "FakeSignature0FakeSignature1FakeSignature2x";
    for session in [format!(".{payload}:1xVBOu:{signature}"), format!(".{payload}.ZXhhbQ.{signature}")] {
        let text = vec![session.clone(); 40].join(" ");
        let started = std::time::Instant::now();
        let seen = look(&item(&[("v", &text)]));
        assert_eq!(seen.len(), 40);
        for s in seen {
            assert_eq!((&text[s.span], s.confidence), (session.as_str(), Confidence::High));
        }
        assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
    }
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
    let (context, item) = (TableContext::default(), clean());
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

/// Follows a path into an item and through its encodings, by what the layers are called alone.
fn follow(item: &Item, path: &AttributePath) -> Option<Vec<u8>> {
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
                let (opened, out) = decode::of_bytes(&bytes, 1 << 20)?;
                (opened == *layer).then(|| out.bytes.to_vec())?
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
fn encoded(n: usize, text: &[u8]) -> Vec<u8> {
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
        check(packed, &[&format!("v|base64|gzip|{path} sensitive-name medium")]);
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
            let (span, mask) = (&sighting.span, &sighting.mask);
            proptest::prop_assert!(text.get(span.clone()).is_some() && text.get(mask.clone()).is_some());
            proptest::prop_assert!(mask.start <= span.start && span.end <= mask.end);
        }
    }
}
