//! Orders: many, small, and nearly all of them harmless.

use super::super::random::{HEX, Random};
use super::super::row::Secret;
use super::super::row::{Cell, Row, b, list, map, n, row, s, text_with};
use super::super::secret::{jwt, webhook_secret};
use super::{iso_hours_ago, people::person};
use crate::domain::AttributeValue;

/// One order in this many has a secret in its notes.
const SECRET_EVERY: u64 = 1250;

/// The engine under the demo reads every remaining row for each page, so more would be felt.
pub(in super::super) fn orders() -> Vec<Row> {
    (0..10_000).map(order).collect()
}

/// Somebody restored orders from production to try something. The secrets came along.
pub(in super::super) fn orders_staging_copy() -> Vec<Row> {
    (0..50).chain((1..8).map(|n| n * SECRET_EVERY + 7)).map(order).collect()
}

/// Orders of earlier years.
pub(in super::super) fn orders_archive() -> Vec<Row> {
    (20_000..20_300).map(order).collect()
}

fn order(number: u64) -> Row {
    let random = &mut Random::named(&format!("order {number}"));
    let mut order = row([
        ("order_id", s(format!("2026-{number:06}"))),
        ("customer_id", n(1001 + random.below(120))),
        ("customer", s(person(random))),
        ("total", n(format!("{}.{:02}", 5 + random.below(400), random.below(100)))),
        ("status", s(random.pick(&["paid", "packed", "sent", "returned"]))),
        ("placed_at", s(iso_hours_ago(number % 8760))),
    ]);
    if let Some(extra) = extra(number, random) {
        order.push(extra);
    }
    order
}

/// What only some orders have: every kind of value turns up somewhere.
fn extra(number: u64, random: &mut Random) -> Option<(String, Cell)> {
    if number % SECRET_EVERY == 7 {
        return Some(("notes".into(), note(number / SECRET_EVERY)));
    }
    let (name, cell) = match number % 40 {
        1 => (
            "lines",
            list([
                map([("sku", s(format!("BK-{:05}", random.below(99_999)))), ("qty", n(1 + random.below(3)))]),
                map([("sku", s(format!("MU-{:05}", random.below(99_999)))), ("qty", n(1))]),
            ]),
        ),
        // As many digits as DynamoDB keeps (Developer Guide, "Data types").
        2 => ("ledger", n(format!("1{}", random.text(b"0123456789", 37)))),
        3 => ("label", b(random.bytes(24))),
        4 => ("sizes", Cell::Plain(AttributeValue::Ns(vec!["38".into(), "39.5".into(), "41".into()]))),
        5 => ("scans", Cell::Plain(AttributeValue::Bs(vec![random.bytes(8), random.bytes(8)]))),
        6 => ("checksum", s(random.text(HEX, 64))),
        9 => ("notes", s("Please ring twice. – Bitte zweimal klingeln. 🙏")),
        _ => return None,
    };
    Some((name.into(), cell))
}

/// A note that a colleague pasted something into.
fn note(number: u64) -> Cell {
    let pasted: Secret = if number.is_multiple_of(2) {
        jwt(&format!(r#"{{"sub":"courier-{number}","iss":"https://courier.example","role":"dispatch"}}"#))
    } else {
        webhook_secret(&format!("order note {number}"))
    };
    text_with(format!("customer called, courier api works with {} for now", pasted.value), vec![pasted])
}
