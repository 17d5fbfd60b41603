//! Streams: who reads them, and what comes in. Records are screened before they leave, like items.

use std::collections::HashMap;

use aws_sdk_dynamodbstreams::types::{AttributeValue as Sdk, OperationType, Record, ShardIteratorType};

use crate::detect::{Scratch, Screening, TableContext};
use crate::domain::{
    AttributeValue, Change, FactKind, FailureKind, Gap, Item, KeySchema, LeftStream, Stream, StreamConsumer,
    StreamPosition, StreamRecord, StreamState, TableDescription, TableFacts, TableRef, Tailed, permission,
};
use crate::source::live::Live;
use crate::source::live::errors::{failed, nonsense};
use crate::source::live::{convert, copies};

/// Maximum number of shards read; a busy table has more, and the screen says how many there are.
const MAX_SHARDS: usize = 4;

/// Maximum number of pages of shards, and of functions, that are requested.
const MAX_PAGES: usize = 5;

/// Records of one call at most (of 1,000 that are allowed): a screen shows few, and each is screened.
const AT_ONCE: i32 = 100;

fn stream(known: &TableFacts) -> Result<&Stream, Gap> {
    let stream = known.description.read()?.stream.as_ref();
    let off =
        || failed(FailureKind::NotFound, "The table has no stream", "nothing: there is nothing to tail");
    stream.ok_or_else(off)
}

/// Maximum number of disabled streams described, the newest first: each is gone after a day.
const MAX_LEFT: usize = 5;

/// The ARNs of the table's streams, the newest first.
pub(super) async fn streams(live: &Live, table: &TableRef) -> Result<Vec<String>, Gap> {
    let permission = FactKind::Streams.permission();
    let (mut all, mut after) = (Vec::new(), None);
    for _ in 0..MAX_PAGES {
        let ask = live.clients().streams().list_streams().table_name(&table.name);
        let sent = ask.set_exclusive_start_stream_arn(after).send().await;
        let answer = sent.map_err(|e| live.errors.gap(&e, permission))?;
        for stream in answer.streams.ok_or_else(|| nonsense(permission, "Streams"))? {
            all.push(stream.stream_arn.ok_or_else(|| nonsense(permission, "StreamArn"))?);
        }
        after = answer.last_evaluated_stream_arn;
        if after.is_none() {
            // The ARN ends in the time at which the stream was switched on.
            all.sort_by(|a: &String, b| b.cmp(a));
            return Ok(all);
        }
    }
    Err(nonsense(permission, "end"))
}

/// What those streams hold that are not the table's stream of today.
pub(super) async fn left(
    live: &Live,
    all: &[String],
    today: Option<&TableDescription>,
) -> Result<Vec<LeftStream>, Gap> {
    let permission = FactKind::LeftStreams.permission();
    let current = today.and_then(|t| t.stream.as_ref()).map(|stream| &stream.arn);
    let mut left = Vec::new();
    for arn in all.iter().filter(|arn| Some(*arn) != current).take(MAX_LEFT) {
        let sent = live.clients().streams().describe_stream().stream_arn(arn).send().await;
        let answer = sent.map_err(|e| live.errors.gap(&e, permission))?;
        let stream = answer.stream_description.ok_or_else(|| nonsense(permission, "StreamDescription"))?;
        let status = stream.stream_status.ok_or_else(|| nonsense(permission, "StreamStatus"))?;
        let view = stream.stream_view_type.ok_or_else(|| nonsense(permission, "StreamViewType"))?;
        left.push(LeftStream {
            arn: arn.clone(),
            view: view.as_str().to_owned(),
            status: status.as_str().to_owned(),
        });
    }
    Ok(left)
}

/// Open shards, oldest first.
async fn shards(live: &Live, arn: &str) -> Result<Vec<String>, Gap> {
    let permission = permission("dynamodb:DescribeStream");
    let mut open = Vec::new();
    let mut after = None;
    for _ in 0..MAX_PAGES {
        let ask =
            live.clients().streams().describe_stream().stream_arn(arn).set_exclusive_start_shard_id(after);
        let answer = ask.send().await.map_err(|e| live.errors.gap(&e, permission))?;
        let stream = answer.stream_description.ok_or_else(|| nonsense(permission, "StreamDescription"))?;
        for shard in stream.shards.unwrap_or_default() {
            // A shard with an end gets no further record.
            let closed = shard.sequence_number_range.is_some_and(|r| r.ending_sequence_number.is_some());
            open.extend(shard.shard_id.filter(|_| !closed));
        }
        after = stream.last_evaluated_shard_id;
        if after.is_none() {
            break;
        }
    }
    Ok(open)
}

/// What reading would mean.
pub(super) async fn state(live: &Live, known: &TableFacts) -> Result<StreamState, Gap> {
    let stream = stream(known)?;
    let shards = shards(live, &stream.arn).await?.len();
    Ok(StreamState { shards, functions: functions(live, stream).await })
}

/// The names of the functions that read it.
async fn functions(live: &Live, stream: &Stream) -> Result<Vec<String>, Gap> {
    let consumers = copies::functions(live, &[&stream.arn]).await?;
    let name = |c: StreamConsumer| c.function.rsplit(':').next().unwrap_or_default().to_owned();
    Ok(consumers.into_iter().map(name).collect())
}

/// One round over the shards: from the newest record on at first, then from where the last round ended.
pub(super) async fn tail(
    live: &Live,
    table: &TableRef,
    position: Option<StreamPosition>,
    known: &TableFacts,
) -> Result<Tailed, Gap> {
    let iterators = match position {
        Some(position) => position.0,
        None => begin(live, &stream(known)?.arn).await?,
    };
    let permission = permission("dynamodb:GetRecords");
    let (mut raw, mut next, mut reads) = (Vec::new(), Vec::new(), 0);
    for iterator in iterators {
        let sent =
            live.clients().streams().get_records().shard_iterator(iterator).limit(AT_ONCE).send().await;
        let answer = sent.map_err(|e| live.errors.gap(&e, permission))?;
        reads += 1;
        raw.extend(answer.records.ok_or_else(|| nonsense(permission, "Records"))?);
        next.extend(answer.next_shard_iterator);
    }
    let records = screen(live, table, known, raw).await?;
    Ok(Tailed { records, reads, next: (!next.is_empty()).then_some(StreamPosition(next)) })
}

async fn begin(live: &Live, arn: &str) -> Result<Vec<String>, Gap> {
    let permission = permission("dynamodb:GetShardIterator");
    let mut iterators = Vec::new();
    let shards = shards(live, arn).await?;
    // The newest shards come last.
    for shard in shards.into_iter().rev().take(MAX_SHARDS) {
        let ask = live.clients().streams().get_shard_iterator().stream_arn(arn).shard_id(shard);
        let sent = ask.shard_iterator_type(ShardIteratorType::Latest).send().await;
        let answer = sent.map_err(|e| live.errors.gap(&e, permission))?;
        iterators.push(answer.shard_iterator.ok_or_else(|| nonsense(permission, "ShardIterator"))?);
    }
    Ok(iterators)
}

/// Converts and screens off the async threads, as pages of items are.
async fn screen(
    live: &Live,
    table: &TableRef,
    known: &TableFacts,
    raw: Vec<Record>,
) -> Result<Vec<StreamRecord>, Gap> {
    let key = known.description.known().map(|d| d.key.clone());
    let ttl = known.time_to_live.known().and_then(|ttl| ttl.attribute.clone());
    let context = TableContext { table: table.name.clone(), key: key.clone(), ttl };
    let screening = Screening::new(&live.detector, context, (live.clock)());
    let work = move || {
        let mut scratch = Scratch::default();
        raw.into_iter()
            .filter_map(|record| {
                let change = match record.event_name? {
                    OperationType::Insert => Change::Insert,
                    OperationType::Modify => Change::Modify,
                    OperationType::Remove => Change::Remove,
                    _ => return None,
                };
                let data = record.dynamodb?;
                let at = data.approximate_creation_date_time.as_ref().and_then(convert::time);
                let item = |from| item(from, key.as_ref());
                let [new, old, keys] = [data.new_image, data.old_image, data.keys].map(|i| i.map(item));
                let changed = new.as_ref().zip(old.as_ref()).map(|(new, old)| differing(new, old));
                let item = new.or(old).or(keys)?;
                let item = screening.screen(item, &mut scratch);
                Some(StreamRecord { change, at, item, changed: changed.unwrap_or_default() })
            })
            .collect()
    };
    tokio::task::spawn_blocking(work).await.map_err(|_| {
        failed(
            FailureKind::Internal,
            "Records were read, but screening them failed: they are not shown",
            "report this with the table's key schema, never with its items",
        )
    })
}

/// Names of attributes that are not the same in both.
fn differing(new: &Item, old: &Item) -> Vec<String> {
    let names = new.attributes().iter().chain(old.attributes()).map(|(name, _)| name);
    let mut out: Vec<String> = names.filter(|n| new.get(n) != old.get(n)).cloned().collect();
    out.sort();
    out.dedup();
    out
}

/// An item: its key first, then the rest by name, as items of pages are.
fn item(from: HashMap<String, Sdk>, key: Option<&KeySchema>) -> Item {
    let mut attributes = sorted(from);
    let rank = |name: &str| key.and_then(|k| k.names().position(|n| n == name)).unwrap_or(2);
    attributes.sort_by_key(|(name, _)| rank(name));
    Item::new(attributes)
}

fn sorted(from: HashMap<String, Sdk>) -> Vec<(String, AttributeValue)> {
    let mut members: Vec<_> = from.into_iter().map(|(name, v)| (name, value(v))).collect();
    members.sort_by(|(a, _), (b, _)| a.cmp(b));
    members
}

/// The SDK has types of its own for streams.
fn value(from: Sdk) -> AttributeValue {
    match from {
        Sdk::S(s) => AttributeValue::S(s),
        Sdk::N(n) => AttributeValue::N(n),
        Sdk::B(b) => AttributeValue::B(b.into_inner()),
        Sdk::Bool(b) => AttributeValue::Bool(b),
        Sdk::Null(_) => AttributeValue::Null,
        Sdk::Ss(set) => AttributeValue::Ss(set),
        Sdk::Ns(set) => AttributeValue::Ns(set),
        Sdk::Bs(set) => AttributeValue::Bs(set.into_iter().map(|b| b.into_inner()).collect()),
        Sdk::M(members) => AttributeValue::M(sorted(members)),
        Sdk::L(members) => AttributeValue::L(members.into_iter().map(value).collect()),
        _ => AttributeValue::Unknown,
    }
}
