//! Reading items: Scan, Query, GetItem. Screened before they leave.

use std::collections::HashMap;
use std::sync::Arc;

use aws_sdk_dynamodb::types::{AttributeValue as Sdk, ConsumedCapacity, ReturnConsumedCapacity, Select};

use crate::detect::{Scratch, Screening, TableContext};
use crate::domain::{
    Aliases, Cursor, FailureKind, Gap, Item, KeySchema, PageRequest, Permission, Rcu, Read, Screened,
    TableFacts, Traits, permission,
};
use crate::source::Page;
use crate::source::live::Live;
use crate::source::live::attempts::{free_retries, once};
use crate::source::live::convert;
use crate::source::live::errors::{failed, nonsense};

/// Bytes that half a unit reads, eventually consistent (Developer Guide, "Read and write operations").
const BLOCK: u64 = 4096;

/// A page as the service gave it.
struct Raw {
    items: Vec<HashMap<String, Sdk>>,
    scanned: u64,
    matched: u64,
    cost: Option<ConsumedCapacity>,
    next: Option<HashMap<String, Sdk>>,
}

/// Reads one page.
pub(super) async fn load(live: &Live, request: PageRequest, known: &TableFacts) -> Result<Page, Gap> {
    let key = known.description.known().map(|d| d.key.clone());
    let ttl = known.time_to_live.known().and_then(|ttl| ttl.attribute.clone());
    let context = TableContext { table: request.table.name.clone(), key: key.clone(), ttl: ttl.clone() };
    let raw = match &request.read {
        Read::Scan => scan(live, &request, None).await?,
        Read::Filter { filter, aliases } => scan(live, &request, Some((filter, aliases))).await?,
        Read::Partition(name, value) => {
            convert::key_value(value).ok_or_else(not_a_key)?;
            let mut aliases = Aliases::default();
            let key = format!("{} = {}", aliases.name(name), aliases.value(value.clone()));
            query(live, &request, &key, None, &aliases, false).await?
        }
        Read::Query { key, filter, aliases, descending } => {
            query(live, &request, key, filter.clone(), aliases, *descending).await?
        }
        Read::Key(item) => get(live, &request, item).await?,
    };
    let cost = raw.cost.and_then(|c| c.capacity_units).map(Rcu::from_f64);
    let next = raw.next.filter(|key| !key.is_empty()).map(|key| Cursor::new(convert::item(key, None)));
    let (items, traits, bytes) = screen(live, context, key, ttl, raw.items).await?;
    // Whatever the answer says, it cost what its bytes cost: a budget that believed less would not hold.
    let cost = cost.map(|cost| cost.max(Rcu::eventual(bytes / BLOCK * BLOCK)));
    Ok(Page { items, traits, scanned: raw.scanned, matched: raw.matched, cost, next })
}

async fn scan(
    live: &Live,
    request: &PageRequest,
    filter: Option<(&String, &Arc<Aliases>)>,
) -> Result<Raw, Gap> {
    let permission = permission("dynamodb:Scan");
    let ask = live
        .clients()
        .dynamodb()
        .scan()
        .table_name(&request.table.name)
        .set_index_name(request.index.clone())
        .set_filter_expression(filter.map(|(filter, _)| filter.clone()))
        .set_expression_attribute_names(filter.and_then(|(_, aliases)| names(aliases)))
        .set_expression_attribute_values(filter.and_then(|(_, aliases)| values(aliases)))
        .set_select(select(request))
        .set_limit(limit(request))
        .set_segment(request.segment.map(|s| i32::try_from(s.number).unwrap_or(i32::MAX)))
        .set_total_segments(request.segment.map(|s| i32::try_from(s.of).unwrap_or(i32::MAX)))
        .set_exclusive_start_key(start(request)?)
        .return_consumed_capacity(ReturnConsumedCapacity::Total);
    let sent = free_retries(|| ask.clone().customize().config_override(once()).send()).await;
    let answer = sent.map_err(|e| live.errors.gap(&e, permission))?;
    let (next, cost) = (answer.last_evaluated_key, answer.consumed_capacity);
    raw(request, permission, (answer.items, answer.count, answer.scanned_count), cost, next)
}

/// A page from its items, how many match and how many were looked at.
///
/// The SDK fills a missing Count with zero. Items is always sent, unless they were only counted, and then the capacity
/// that we asked for is there; so without it this is no answer: never an empty table.
fn raw(
    request: &PageRequest,
    permission: &'static Permission,
    (items, count, scanned): (Option<Vec<HashMap<String, Sdk>>>, i32, i32),
    cost: Option<ConsumedCapacity>,
    next: Option<HashMap<String, Sdk>>,
) -> Result<Raw, Gap> {
    let items = match items {
        None if request.counts && cost.is_some() => Vec::new(),
        items => items.ok_or_else(|| nonsense(permission, "Items"))?,
    };
    let matched = counted(count, items.len());
    Ok(Raw { scanned: counted(scanned, 0).max(matched), matched, items, cost, next })
}

fn select(request: &PageRequest) -> Option<Select> {
    request.counts.then_some(Select::Count)
}

async fn query(
    live: &Live,
    request: &PageRequest,
    key: &str,
    filter: Option<String>,
    aliases: &Aliases,
    descending: bool,
) -> Result<Raw, Gap> {
    let permission = permission("dynamodb:Query");
    let ask = live
        .clients()
        .dynamodb()
        .query()
        .table_name(&request.table.name)
        .set_index_name(request.index.clone())
        .key_condition_expression(key)
        .set_filter_expression(filter)
        .set_expression_attribute_names(names(aliases))
        .set_expression_attribute_values(values(aliases))
        .scan_index_forward(!descending)
        .set_select(select(request))
        .set_limit(limit(request))
        .set_exclusive_start_key(start(request)?)
        .return_consumed_capacity(ReturnConsumedCapacity::Total);
    let sent = free_retries(|| ask.clone().customize().config_override(once()).send()).await;
    let answer = sent.map_err(|e| live.errors.gap(&e, permission))?;
    let (next, cost) = (answer.last_evaluated_key, answer.consumed_capacity);
    raw(request, permission, (answer.items, answer.count, answer.scanned_count), cost, next)
}

async fn get(live: &Live, request: &PageRequest, key: &Item) -> Result<Raw, Gap> {
    let permission = permission("dynamodb:GetItem");
    let ask = live
        .clients()
        .dynamodb()
        .get_item()
        .table_name(&request.table.name)
        .set_key(Some(convert::key(key).ok_or_else(not_a_key)?))
        .return_consumed_capacity(ReturnConsumedCapacity::Total);
    let sent = free_retries(|| ask.clone().customize().config_override(once()).send()).await;
    let answer = sent.map_err(|e| live.errors.gap(&e, permission))?;
    // No item is a good answer, but then the capacity that we asked for is there.
    if answer.item.is_none() && answer.consumed_capacity.is_none() {
        return Err(nonsense(permission, "Item or ConsumedCapacity"));
    }
    // GetItem cannot only count; what was sent is left out.
    let mut items: Vec<_> = answer.item.into_iter().collect();
    let found = items.len() as u64;
    items.truncate(if request.counts { 0 } else { 1 });
    Ok(Raw { scanned: found, matched: found, items, cost: answer.consumed_capacity, next: None })
}

/// The names behind the aliases. The service refuses an empty map, and an alias that no expression uses.
fn names(aliases: &Aliases) -> Option<HashMap<String, String>> {
    let names: HashMap<_, _> = aliases.names().map(|(alias, name)| (alias, name.to_owned())).collect();
    Some(names).filter(|names| !names.is_empty())
}

/// The values behind the aliases.
fn values(aliases: &Aliases) -> Option<HashMap<String, Sdk>> {
    let values: HashMap<_, _> =
        aliases.values().filter_map(|(alias, value)| Some((alias, convert::sdk_value(value)?))).collect();
    Some(values).filter(|values| !values.is_empty())
}

/// Looked at is never fewer than given.
fn counted(scanned: i32, items: usize) -> u64 {
    u64::try_from(scanned).unwrap_or(0).max(items as u64)
}

fn limit(request: &PageRequest) -> Option<i32> {
    request.limit.map(|n| i32::try_from(n).unwrap_or(i32::MAX).max(1))
}

fn start(request: &PageRequest) -> Result<Option<HashMap<String, Sdk>>, Gap> {
    let Some(cursor) = &request.start else { return Ok(None) };
    convert::key(cursor.key()).map(Some).ok_or_else(not_a_key)
}

fn not_a_key() -> Gap {
    failed(FailureKind::Invalid, "A key must be a string, a number or binary", "check the key asked for")
}

/// Converts and screens off the async threads: a megabyte of items takes milliseconds. If our own code
/// panics there, this request ends, nothing else, and no item leaves unscreened.
async fn screen(
    live: &Live,
    context: TableContext,
    key: Option<KeySchema>,
    ttl: Option<String>,
    raw: Vec<HashMap<String, Sdk>>,
) -> Result<(Vec<Screened>, Traits, u64), Gap> {
    let now = (live.clock)();
    let screening = Screening::new(&live.detector, context, now);
    let work = move || {
        let mut scratch = Scratch::default();
        let items: Vec<Item> = raw.into_iter().map(|from| convert::item(from, key.as_ref())).collect();
        let bytes: usize = items.iter().map(Item::size).sum();
        let traits = Traits::of(&items, key.as_ref(), ttl.as_deref(), now);
        let screened = items.into_iter().map(|item| screening.screen(item, &mut scratch));
        (screened.collect(), traits, bytes as u64)
    };
    tokio::task::spawn_blocking(work).await.map_err(|_| {
        failed(
            FailureKind::Internal,
            "The page was read, but screening it failed: its items are not shown",
            "report this with the table's key schema, never with its items",
        )
    })
}
