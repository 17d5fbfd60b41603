//! Temporary.
use super::*;
#[test]
#[ignore]
fn measure() {
    let time = |what: &str, item: Item| {
        let mut scratch = Scratch::default();
        let d = detector();
        d.examine(&TableContext::default(), &item, now(), &mut scratch);
        let (a, b) = (scratch.looked, scratch.opened);
        let mut best = std::time::Duration::MAX;
        let mut n = 0;
        let mut u = Uninspected::default();
        for _ in 0..3 {
            let t = std::time::Instant::now();
            let seen = d.examine(&TableContext::default(), &item, now(), &mut scratch);
            best = best.min(t.elapsed());
            n = seen.sightings.len();
            u = seen.uninspected;
        }
        println!("{what}: {best:?} size {} seen {n} {u:?} looked {a} opened {b}", item.size());
    };
    let b = |bytes: &[u8]| AttributeValue::B(gzip(bytes));
    for mb in [1, 2, 4, 6, 16] {
        time(&format!("bomb a {mb}"), Item::new(vec![("v".into(), b(&vec![b'a'; mb << 20]))]));
    }
    time("4 bombs of 4", Item::new((0..4).map(|n| (format!("v{n}"), b(&vec![b'a'; (4 << 20) - 1]))).collect()));
    for mb in [1, 2, 3, 6, 12, 24] {
        time(&format!("log {mb}"), Item::new(vec![("v".into(), b(&super::hidden::log(mb << 20, &stripe())))]));
    }
    for n in [500usize, 1000, 2000, 3500, 8000] {
        let key = |n: usize| (format!("k{n}"), s(&format!("{}{}{n:04}", concat!("sk_li", "ve_"), "Qq3Wer5Ty7Ui9Op1As2D")));
        time(&format!("{n} stripe attrs"), Item::new((0..n).map(key).collect()));
        let key = |n: usize| (format!("k{n}"), s(&format!("{}{}{n:04}Q", concat!("AK", "IA"), "QQ3WERTYUIP")));
        time(&format!("{n} aws attrs"), Item::new((0..n).map(key).collect()));
        let all: String = (0..n).map(|n| key(n).0 + "=" + &format!("{}{}{n:04} ", concat!("sk_li", "ve_"), "Qq3Wer5Ty7Ui9Op1As2D")).collect();
        time(&format!("{n} stripe in a text"), item(&[("v", &all)]));
        let all: serde_json::Map<String, serde_json::Value> = (0..n).map(|n| (key(n).0, serde_json::json!(format!("{}{}{n:04}", concat!("sk_li", "ve_"), "Qq3Wer5Ty7Ui9Op1As2D")))).collect();
        time(&format!("{n} stripe in json"), item(&[("v", &serde_json::Value::Object(all).to_string())]));
        time(&format!("{n} plain names"), Item::new((0..n).map(|n| (format!("attribute_{n}"), s("x"))).collect()));
        time(&format!("{n} api_key"), Item::new((0..n).map(|n| (format!("api_key_{n}"), s(&format!("q8Zt0KpXw3VbN6mYc1RfJ5h{n:04}")))).collect()));
    }
}
