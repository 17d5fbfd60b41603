//! How fast items are inspected: `cargo bench --bench detect`.

use divan::Bencher;
use divan::counter::BytesCount;
use dynaudit::detect::{Detector, FingerprintKey, Scratch, TableContext};
use dynaudit::domain::{AttributeValue, Item};

fn main() {
    divan::main();
}

fn detector() -> Detector {
    Detector::new(FingerprintKey::new(b"a key of the benchmark"))
}

/// A thousand items of six short attributes, as a table of orders has them: nothing in them is a secret.
fn orders() -> Vec<Item> {
    let text =
        |n: u32, name: &str, value: &str| (name.to_owned(), AttributeValue::S(format!("{value}{n:05}")));
    (0..1000)
        .map(|n| {
            Item::new(vec![
                text(n, "pk", "TENANT#0d24e101-bad5-46e4-90ad-93859f3a"),
                text(n, "sk", "ORDER#2026-11-22T10:00:00Z#"),
                text(n, "status", "waiting for the carrier, second attempt "),
                text(n, "picture", "https://cdn.example.com/articles/large/"),
                text(n, "etag", "d41d8cd98f00b204e9800998ecf"),
                (
                    "note".to_owned(),
                    AttributeValue::S(format!("{{\"by\":\"clerk {n}\",\"text\":\"left at door\"}}")),
                ),
            ])
        })
        .collect()
}

#[divan::bench]
fn start() -> Detector {
    detector()
}

#[divan::bench]
fn items_without_secrets(bencher: Bencher) {
    let (detector, items, context) = (detector(), orders(), TableContext::default());
    let mut scratch = Scratch::default();
    bencher.counter(BytesCount::new(items.iter().map(Item::size).sum::<usize>())).bench_local(|| {
        items
            .iter()
            .map(|item| detector.inspect(&context, item, jiff::Timestamp::UNIX_EPOCH, &mut scratch).len())
            .sum::<usize>()
    });
}

#[divan::bench]
fn a_secret_in_json_in_base64(bencher: Bencher) {
    use base64::Engine;
    let json = format!("{{\"stripe\":{{\"key\":\"{}{}{}\"}}}}", "sk_li", "ve_", "Fa0ke1Nt2Tk3Qz4Wr5Lm6XyZ");
    let packed = base64::engine::general_purpose::STANDARD.encode(json);
    let item = Item::new(vec![("blob".into(), AttributeValue::S(packed))]);
    let (detector, context) = (detector(), TableContext::default());
    let mut scratch = Scratch::default();
    bencher
        .bench_local(|| detector.inspect(&context, &item, jiff::Timestamp::UNIX_EPOCH, &mut scratch).len());
}
