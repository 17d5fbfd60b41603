//! What is in the tables: one function per table, each the same in every run.

mod hostile;
mod people;
mod services;
mod shop;

pub(super) use hostile::audit_log;
pub(super) use people::{api_tokens, members, sessions, sessions_staging, sessions_us, users};
pub(super) use services::{api_metadata, api_metadata_staging, feature_flags, tenants, webhooks};
pub(super) use shop::{orders, orders_archive, orders_staging_copy};

use super::{CLOCK, row::Row};

/// A table without items.
pub(super) fn nothing() -> Vec<Row> {
    Vec::new()
}

/// Epoch seconds, this many hours before [`CLOCK`].
fn hours_ago(hours: u64) -> i64 {
    CLOCK.as_second() - hours.cast_signed() * 3600
}

/// The same in ISO 8601.
fn iso_hours_ago(hours: u64) -> String {
    jiff::Timestamp::from_second(hours_ago(hours)).unwrap_or(CLOCK).to_string()
}
