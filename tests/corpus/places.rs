//! Where items hold a secret: alone under a name, and inside of other things.

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use dynaudit::domain::AttributeValue;

use super::seed::Seed;
use super::{Attributes, s};

/// One way of holding a secret.
pub struct Place {
    pub name: &'static str,
    /// Whether the value stands there without a name that says what it is.
    pub dull: bool,
    /// Whether it is one line of prose or a URL, where a value of several lines does not stand.
    pub line: bool,
    pub put: fn(&mut Seed, &str, &str) -> Attributes,
}

const fn place(
    name: &'static str,
    dull: bool,
    line: bool,
    put: fn(&mut Seed, &str, &str) -> Attributes,
) -> Place {
    Place { name, dull, line, put }
}

pub const PLACES: &[Place] = &[
    place("telling name", false, false, |_, name, secret| vec![s(name, secret)]),
    place("dull name", true, false, |_, _, secret| vec![s("value", secret)]),
    place("JSON", false, false, |_, name, secret| vec![s("config", &json(name, secret))]),
    place("map in a list", false, false, |_, name, secret| {
        let map = AttributeValue::M(vec![s("enabled", "yes"), s(name, secret)]);
        vec![("settings".to_owned(), AttributeValue::L(vec![map]))]
    }),
    place("URL", false, true, |seed, name, secret| {
        let secret = percent_encoding::utf8_percent_encode(secret, percent_encoding::NON_ALPHANUMERIC);
        vec![s("callback", &seed.fill(&format!("https://<host>/v1/hook?page=2&{name}={secret}&lang=en")))]
    }),
    place("log line", false, true, |seed, name, secret| {
        let before = seed.fill("<iso> WARN  <w1>-worker request 41 failed, retrying with ");
        vec![s("message", &format!("{before}{name}={secret} (status 403)"))]
    }),
    place(".env file", false, true, |seed, name, secret| {
        let host = seed.fill("<host>");
        vec![s(
            "env",
            &format!("NODE_ENV=production\nHOST={host}\n{}={secret}\nPORT=8080\n", name.to_uppercase()),
        )]
    }),
    place("JSON in base64", false, false, |_, name, secret| {
        vec![s("payload", &STANDARD.encode(json(name, secret)))]
    }),
    place("JSON in gzip", false, false, |_, name, secret| {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        out.write_all(json(name, secret).as_bytes()).expect("memory");
        vec![("body".to_owned(), AttributeValue::B(out.finish().expect("memory")))]
    }),
];

fn json(name: &str, secret: &str) -> String {
    serde_json::json!({"region": "eu-central-1", "retries": 3, name: secret, "debug": false}).to_string()
}
