//! Sessions, and the tables that hold them.

use super::*;
use crate::domain::SecretClass;

#[test]
fn tokens_say_when_they_end() {
    let live = jwt("{\"alg\":\"HS256\"}", "{\"exp\":1900000000}");
    let seen = look(&item(&[("authorization", &format!("Bearer {live}"))]));
    assert_eq!(seen.len(), 1, "one sighting of a token in a header");
    assert_eq!(seen[0].expires, Timestamp::from_second(1_900_000_000).ok());
    assert_eq!((seen[0].severity, seen[0].class), (Severity::High, SecretClass::Session));
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

#[test]
fn session_stores_are_recognised_by_their_shape() {
    let check = |key: &str, attributes: &[(&str, &str)], expected: &[(&str, &str)]| {
        let item = item(attributes);
        let seen = detector().inspect(&keyed(key), &item, now(), &mut Scratch::default());
        let cookies: Vec<(String, &str)> = seen
            .iter()
            .filter(|s| {
                &*s.rule == "session-key" && s.class == SecretClass::Session && s.severity == Severity::High
            })
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
