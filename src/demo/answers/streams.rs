//! DynamoDB Streams and who reads them, from the seed: the engine knows streams only in part
//! (DynamoDB Streams API Reference).

use serde_json::{Value, json};

use super::error::ServiceError;
use crate::demo::CLOCK;
use crate::demo::account::{Identity, PLACES, Place, Stream, Table};
use crate::demo::row::{self, Row};

/// What is answered here.
pub(in super::super) const OPERATIONS: &[&str] =
    &["ListStreams", "DescribeStream", "GetShardIterator", "GetRecords"];

/// Records an answer holds.
const AT_ONCE: usize = 3;

/// A table's streams, the one of today first.
fn of(table: &'static Table) -> impl Iterator<Item = &'static Stream> {
    table.stream.iter().chain(table.left_streams)
}

/// The stream of an account and Region by its ARN.
fn stream(
    identity: &Identity,
    region: &str,
    arn: &str,
) -> Result<(&'static Table, &'static Stream), ServiceError> {
    let mine = PLACES.iter().filter(|p| p.account == identity.account && p.region == region);
    mine.flat_map(|p| p.tables.iter().map(move |t| (p, t)))
        .flat_map(|(p, t)| of(t).map(move |s| (p.arn_of_stream(t, s), t, s)))
        .find(|(of, ..)| of == arn)
        .map(|(_, table, stream)| (table, stream))
        .ok_or_else(|| {
            ServiceError::not_found(format!("Requested resource not found: Stream: {arn} not found"))
        })
}

/// Answers one of [`OPERATIONS`].
pub(in super::super) fn answer(
    identity: &Identity,
    region: &str,
    operation: &str,
    body: &Value,
) -> Result<Value, ServiceError> {
    let text = |name: &str| body[name].as_str().unwrap_or_default();
    if operation == "GetRecords" {
        let (arn, round) = text("ShardIterator").rsplit_once('|').unwrap_or_default();
        let (table, _) = stream(identity, region, arn)?;
        super::allow(identity, "dynamodb", operation, arn)?;
        let round: usize = round
            .parse()
            .map_err(|_| ServiceError::new(400, "ValidationException", "Invalid ShardIterator"))?;
        let rows = (table.items)();
        let records = rows.into_iter().skip(round * AT_ONCE).take(AT_ONCE).enumerate();
        let records: Vec<Value> = records.map(|(n, row)| record(table, round * AT_ONCE + n, row)).collect();
        return Ok(json!({ "Records": records, "NextShardIterator": format!("{arn}|{}", round + 1) }));
    }
    if operation == "ListStreams" {
        super::allow(identity, "dynamodb", operation, "*")?;
        let place = Place::find(identity.account, region);
        let table = place.and_then(|p| Some((p, p.table(text("TableName"))?)));
        let all = table.into_iter().flat_map(|(p, t)| {
            of(t).map(move |s| {
                json!({ "StreamArn": p.arn_of_stream(t, s), "TableName": t.name, "StreamLabel": s.label })
            })
        });
        return Ok(json!({ "Streams": all.collect::<Vec<_>>() }));
    }
    let arn = text("StreamArn");
    let (table, found) = stream(identity, region, arn)?;
    super::allow(identity, "dynamodb", operation, arn)?;
    let is_left = table.left_streams.iter().any(|left| left.label == found.label);
    Ok(match operation {
        "GetShardIterator" => json!({ "ShardIterator": format!("{arn}|0") }),
        _ => json!({ "StreamDescription": {
            "StreamArn": arn,
            "StreamStatus": if is_left { "DISABLED" } else { "ENABLED" },
            "StreamViewType": found.view,
            "TableName": table.name,
            "Shards": [{
                "ShardId": "shardId-00000001795338000000-0demo001",
                "SequenceNumberRange": { "StartingSequenceNumber": "100000000000000000001" },
            }],
        } }),
    })
}

fn record(table: &Table, n: usize, row: Row) -> Value {
    let modified = n % 3 == 1;
    let image = row::json(row);
    let keys: serde_json::Map<String, Value> = [Some(table.partition), table.sort]
        .into_iter()
        .flatten()
        .filter_map(|(name, _)| Some((name.to_owned(), image.get(name)?.clone())))
        .collect();
    let view = table.stream.as_ref().map_or("KEYS_ONLY", |s| s.view);
    let mut data = json!({
        "Keys": keys,
        "SequenceNumber": format!("{}", 100_000_000_000_000_000_002_u128 + n as u128),
        "SizeBytes": 64,
        "StreamViewType": view,
        "ApproximateCreationDateTime": CLOCK.as_second() + n as i64,
    });
    if view == "NEW_AND_OLD_IMAGES" && modified {
        let mut old = image.clone();
        if let Some(last) = old.keys().next_back().cloned().filter(|k| !keys.contains_key(k)) {
            old.remove(&last);
        }
        data["OldImage"] = json!(old);
    }
    if view.starts_with("NEW") {
        data["NewImage"] = json!(image);
    }
    json!({
        "eventID": format!("{n:032x}"),
        "eventName": if modified { "MODIFY" } else { "INSERT" },
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "dynamodb": data,
    })
}

/// The functions that read a stream, of a table or of Kinesis.
pub(in super::super) fn mappings(
    identity: &Identity,
    region: &str,
    arn: &str,
) -> Result<Value, ServiceError> {
    super::allow(identity, "lambda", "ListEventSourceMappings", "*")?;
    let place = Place::find(identity.account, region);
    let kinesis = place.into_iter().flat_map(|p| p.tables.iter().map(move |t| (p, t)));
    let kinesis = kinesis.filter(|(p, t)| t.kinesis.iter().any(|(name, _)| p.kinesis_arn(name) == arn));
    let readers: Vec<&str> = match stream(identity, region, arn) {
        Ok((table, _)) => table.readers.to_vec(),
        Err(_) => kinesis.flat_map(|(_, t)| t.kinesis_readers).copied().collect(),
    };
    let mappings = readers.iter().enumerate().map(|(n, function)| {
        json!({
            "UUID": format!("8f1d6a5e-0000-4000-8000-{:012}", n + 1),
            "EventSourceArn": arn,
            "FunctionArn": format!("arn:aws:lambda:{region}:{}:function:{function}", identity.account),
            "State": "Enabled",
        })
    });
    let mappings: Vec<Value> = mappings.collect();
    Ok(json!({ "EventSourceMappings": mappings }))
}

/// What a function's environment holds besides; nothing of it may ever be seen.
const ENVIRONMENT: &str = "demo-environment-of-a-function-not-real";

/// How a function is set up, its environment variables included (Lambda API Reference, GetFunctionConfiguration).
pub(in super::super) fn function(identity: &Identity, name: &str) -> Result<Value, ServiceError> {
    super::allow(identity, "lambda", "GetFunctionConfiguration", name)?;
    let short = name.rsplit(':').next().unwrap_or_default();
    Ok(json!({
        "FunctionName": short,
        "FunctionArn": name,
        "Role": format!("arn:aws:iam::{}:role/service-role/{short}", identity.account),
        "Environment": { "Variables": { "SETTINGS": ENVIRONMENT } },
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::account::IDENTITIES;

    /// Otherwise the test that nothing of it stays would hold by itself.
    #[test]
    fn a_function_is_told_with_its_environment() {
        let told =
            function(&IDENTITIES[0], "arn:aws:lambda:eu-west-1:111122223333:function:f").expect("told");
        assert!(told.to_string().contains(ENVIRONMENT) && ENVIRONMENT.contains("environment-of-a-function"));
    }
}
