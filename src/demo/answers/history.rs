//! CloudTrail's event history of a place, from the seed (CloudTrail API Reference, LookupEvents).

use serde_json::{Value, json};

use super::error::ServiceError;
use crate::demo::CLOCK;
use crate::demo::account::{Happened, Identity, Place};

/// Events of an answer, as of the service.
const PAGE: usize = 50;

/// Answers LookupEvents: events of one name, newest first.
pub(in super::super) fn events(
    identity: &Identity,
    region: &str,
    body: &Value,
) -> Result<Value, ServiceError> {
    super::allow(identity, "cloudtrail", "LookupEvents", "*")?;
    let [attribute] = body["LookupAttributes"].as_array().map(Vec::as_slice).unwrap_or_default() else {
        return Err(ServiceError::new(400, "InvalidLookupAttributesException", "One attribute, please"));
    };
    if attribute["AttributeKey"] != "EventName" {
        return Err(ServiceError::new(400, "InvalidLookupAttributesException", "Only names, please"));
    }
    let start: usize = match body["NextToken"].as_str() {
        None => 0,
        Some(token) => token
            .parse()
            .map_err(|_| ServiceError::new(400, "InvalidNextTokenException", "Invalid NextToken"))?,
    };
    let place = Place::find(identity.account, region);
    let mut found: Vec<(&Happened, i64)> = place
        .into_iter()
        .flat_map(|place| place.history)
        .filter(|happened| attribute["AttributeValue"] == happened.name)
        .flat_map(|happened| (0..happened.times).map(move |n| (happened, happened.hours_ago - 24 * n)))
        .collect();
    found.sort_by_key(|(_, hours)| *hours);
    let page = found.iter().skip(start).take(PAGE);
    let mut answer = json!({
        "Events": page.map(|(happened, hours)| event(identity, region, happened, *hours)).collect::<Vec<_>>(),
    });
    if found.len() > start + PAGE {
        answer["NextToken"] = json!((start + PAGE).to_string());
    }
    Ok(answer)
}

fn event(identity: &Identity, region: &str, happened: &Happened, hours: i64) -> Value {
    let at = CLOCK.as_second() - hours * 3_600;
    let Happened { service, name, role, .. } = happened;
    // `{table}` stands for the beginning of a table's ARN.
    let arn = format!("arn:aws:dynamodb:{region}:{}:table/", identity.account);
    let asked: Value = serde_json::from_str(&happened.asked.replace("{table}", &arn)).unwrap_or(Value::Null);
    let session = format!("arn:aws:sts::{}:assumed-role/{role}", identity.account);
    let time = jiff::Timestamp::from_second(at).unwrap_or(CLOCK);
    let mut record = json!({
        "eventVersion": "1.09",
        "userIdentity": { "type": "AssumedRole", "arn": session, "accountId": identity.account },
        "eventTime": time.to_string(),
        "eventSource": service,
        "eventName": name,
        "awsRegion": region,
        "requestParameters": asked,
        "responseElements": null,
        "readOnly": false,
        "eventType": "AwsApiCall",
        "managementEvent": true,
        "recipientAccountId": identity.account,
        "eventCategory": "Management",
    });
    if let Some(error) = happened.error {
        record["errorCode"] = json!(error);
    }
    json!({
        "EventId": super::super::random::Random::named(&format!("{name} {at} {role}")).uuid(),
        "EventName": name,
        "EventTime": at,
        "EventSource": service,
        "ReadOnly": "false",
        "CloudTrailEvent": record.to_string(),
    })
}
