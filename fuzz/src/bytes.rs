//! Any bytes: as a binary value, as the text they are, and in base64.

#![no_main]

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use dynaudit_fuzz::check;
use dynaudit_fuzz::domain::{AttributeValue, Item};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    check(|| Item::new(vec![("data".into(), AttributeValue::B(bytes.to_vec()))]));
    check(|| Item::new(vec![("token".into(), AttributeValue::S(STANDARD.encode(bytes)))]));
    if let Ok(text) = std::str::from_utf8(bytes) {
        check(|| Item::new(vec![("password".into(), AttributeValue::S(text.to_owned()))]));
    }
});
