//! Reading items: Scan, Query, GetItem. Screened before they leave.

use std::collections::HashMap;
use std::sync::Arc;

use aws_sdk_dynamodb::types::{AttributeValue as Sdk, ConsumedCapacity, ReturnConsumedCapacity, Select};

use crate::detect::{Scratch, Screening, TableContext};
use crate::domain::{
    Aliases, Cursor, FailureKind, Gap, Item, PageRequest, Permission, Rcu, Read, Screened, TableFacts,
    TakingTraits, Traits, permission,
};
use crate::engine::Folded;
use crate::source::Page;
use crate::source::live::Live;
use crate::source::live::attempts::{free_retries, once};
use crate::source::live::convert;
use crate::source::live::errors::{failed, nonsense};
use crate::source::live::tap::Tap;

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

impl Raw {
    fn units(&self) -> Option<Rcu> {
        self.cost.as_ref().and_then(|c| c.capacity_units).map(Rcu::from_f64)
    }

    fn next_page(&self) -> Option<Cursor> {
        let key = self.next.clone().filter(|key| !key.is_empty())?;
        Some(Cursor::new(convert::item(key, None)))
    }
}

/// Reads one page of a whole table for what is seen in it: no item is built but those in which something is.
pub(super) async fn fold(live: &Live, request: PageRequest, known: &TableFacts) -> Result<Folded, Gap> {
    if request.read != Read::Scan || request.counts {
        return load(live, request, known).await.map(|page| Folded::of(&page));
    }
    let context = context(&request, known);
    let (tap, slot) = Tap::taking(context.key.clone());
    let raw = scan(live, &request, None, &tap).await?;
    let page = slot.take().ok_or_else(|| nonsense(permission("dynamodb:Scan"), "Items"))?;
    let (cost, next) = (raw.units(), raw.next_page());
    let now = (live.clock)();
    let screening = Screening::new(&live.detector, context.clone(), now);
    let work = move || {
        let taken = TakingTraits::new(context.key.as_ref(), context.ttl.as_deref(), now);
        let bytes: usize = page.items().map(|item| item.size()).sum();
        (Folded::read(&page, &screening, taken, &mut Scratch::default()), bytes)
    };
    let (mut folded, bytes) = off_the_async_threads(work).await?;
    folded.items = raw.scanned.max(folded.given);
    // Items that the service counted and did not send were not inspected.
    folded.uninspected.failed += folded.items - folded.given;
    (folded.cost, folded.next) = (cost.map(|cost| at_least(cost, bytes as u64)), next);
    Ok(folded)
}

/// What is known of the table of a request.
fn context(request: &PageRequest, known: &TableFacts) -> TableContext {
    TableContext {
        table: request.table.name.clone(),
        key: known.description.known().map(|d| d.key.clone()),
        ttl: known.time_to_live.known().and_then(|ttl| ttl.attribute.clone()),
    }
}

/// Whatever the answer says, it cost what its bytes cost: a budget that believed less would not hold.
fn at_least(cost: Rcu, bytes: u64) -> Rcu {
    cost.max(Rcu::eventual(bytes / BLOCK * BLOCK))
}

/// Reads one page.
pub(super) async fn load(live: &Live, request: PageRequest, known: &TableFacts) -> Result<Page, Gap> {
    let context = context(&request, known);
    let raw = match &request.read {
        Read::Scan => scan(live, &request, None, &Tap::verifying()).await?,
        Read::Filter { filter, aliases } => {
            scan(live, &request, Some((filter, aliases)), &Tap::verifying()).await?
        }
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
    let (cost, next) = (raw.units(), raw.next_page());
    let (items, traits, bytes) = screen(live, context, raw.items).await?;
    let cost = cost.map(|cost| at_least(cost, bytes));
    Ok(Page { items, traits, scanned: raw.scanned, matched: raw.matched, cost, next })
}

async fn scan(
    live: &Live,
    request: &PageRequest,
    filter: Option<(&String, &Arc<Aliases>)>,
    tap: &Tap,
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
    let send = || ask.clone().customize().config_override(once()).interceptor(tap.clone()).send();
    let answer = free_retries(send).await.map_err(|e| live.errors.gap(&e, permission))?;
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
    let send = || ask.clone().customize().config_override(once()).interceptor(Tap::verifying()).send();
    let answer = free_retries(send).await.map_err(|e| live.errors.gap(&e, permission))?;
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
    let send = || ask.clone().customize().config_override(once()).interceptor(Tap::verifying()).send();
    let answer = free_retries(send).await.map_err(|e| live.errors.gap(&e, permission))?;
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

/// Converts and screens.
async fn screen(
    live: &Live,
    context: TableContext,
    raw: Vec<HashMap<String, Sdk>>,
) -> Result<(Vec<Screened>, Traits, u64), Gap> {
    let now = (live.clock)();
    let screening = Screening::new(&live.detector, context.clone(), now);
    let work = move || {
        let (key, ttl) = (context.key.as_ref(), context.ttl.as_deref());
        let mut scratch = Scratch::default();
        let items: Vec<Item> = raw.into_iter().map(|from| convert::item(from, key)).collect();
        let bytes: usize = items.iter().map(Item::size).sum();
        let traits = Traits::of(&items, key, ttl, now);
        let screened = items.into_iter().map(|item| screening.screen(item, &mut scratch));
        (screened.collect(), traits, bytes as u64)
    };
    off_the_async_threads(work).await
}

/// A megabyte of items takes milliseconds to look at. If our own code panics there, this request ends, nothing else, and no
/// item leaves unscreened.
async fn off_the_async_threads<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Gap> {
    tokio::task::spawn_blocking(work).await.map_err(|_| {
        failed(
            FailureKind::Internal,
            "The page was read, but screening it failed: its items are not shown",
            "report this with the table's key schema, never with its items",
        )
    })
}
