//! How values are judged: what is a finding, how sure and how grave, and what is none.

use super::*;

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
    assert!(look(&item(&[("b", &secret)])).iter().all(|s| !s.is_reported()));
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
    // What is made to be seen has its name, and is no alarm.
    assert_eq!(told, ["publishable stripe-publishable-key info"]);
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
    assert_eq!(named(s(&bearer)), ["Authorization sensitive-name high"]);
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

#[test]
fn what_lets_somebody_in_is_graver_than_what_only_names_it() {
    let id = format!("{}{}", "AK", "IAQ3EGR7TYUPLKJH2M");
    let secret = ["q8Zt0KpXw3VbN6mYc1Rf", "J5hLs9GdEu2AoTi7WxPk"].concat();
    let of_id = |attributes: &[(&str, &str)]| {
        let seen = look(&item(attributes));
        seen.iter().find(|s| &*s.rule == "aws-access-key-id").map(|s| s.severity)
    };
    assert_eq!(of_id(&[("key_id", &id)]), Some(Severity::Medium));
    assert_eq!(of_id(&[("key_id", &id), ("aws_secret_access_key", &secret)]), Some(Severity::High));
    // `--fail-on high` stops on a random value whose name says what it opens.
    let random = ["x7Kq2ZpW9v", "B4tRm3Lc8Ys5Hd"].concat();
    for name in ["JWT_SECRET", "api_key", "webhook_secret", "refresh_token"] {
        assert_eq!(look(&item(&[(name, &random)]))[0].severity, Severity::High, "{name}");
    }
}

#[test]
fn a_link_that_is_over_is_low() {
    let severity = |date: &str| {
        let link = format!(
            "https://k.s3.amazonaws.test/a?X-Amz-Credential=AK{}%2F{date}&X-Amz-Date={date}T000000Z&X-Amz-Expires=60&X-Amz-Signature={}",
            "IAQ3EGR7TYUPLKJH2M",
            "1dd3d15ab9ea1314".repeat(4),
        );
        let seen = look(&item(&[("link", &link)]));
        let signed = seen.iter().find(|s| &*s.rule == "presigned-request").expect("seen");
        (signed.severity, signed.reasons.iter().any(|r| r == "expired"))
    };
    assert_eq!(severity("20200101"), (Severity::Low, true));
    assert_eq!(severity("20990101"), (Severity::Medium, false));
}

#[test]
fn of_the_keys_of_supabase_one_is_public_and_one_passes_every_rule() {
    let part = |json: &str| base64(json.as_bytes()).trim_end_matches('=').replace('+', "-").replace('/', "_");
    let told_of = |role: &str, until: u64| {
        let claims =
            format!("{{\"iss\":\"supabase\",\"ref\":\"abcdef\",\"role\":\"{role}\",\"exp\":{until}}}");
        let signature = "q7Zt91mXw0Lr4VbN8sKd2PeR5yT3uKd4Qx7Rm2Sn5Tb";
        let token = format!("{}.{}.{signature}", part("{\"alg\":\"HS256\",\"typ\":\"JWT\"}"), part(&claims));
        let seen = look(&item(&[("v", &token)]));
        (seen[0].severity, seen[0].title.contains("example"))
    };
    assert_eq!(told_of("anon", 4_102_444_800), (Severity::Info, false));
    assert_eq!(told_of("service_role", 4_102_444_800), (Severity::Critical, false));
    // What ended opens nothing; another role is a token like others.
    assert_eq!(told_of("service_role", 1_000_000_000), (Severity::Low, false));
    assert_eq!(told_of("authenticated", 4_102_444_800), (Severity::High, false));
}
