//! The front: one loopback address that speaks for every service of the embedded account.
//!
//! It finds out who asks for what, writes that down, applies the faults in force, and answers from the seeded
//! account or, for items, from the engine. It changes nothing, whatever is asked.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::http::request::Parts;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request as HttpRequest, Response};
use hyper_util::rt::TokioIo;
use percent_encoding::percent_decode_str;
use serde_json::Value;
use tokio::net::TcpListener;

use super::account::{IDENTITIES, Identity, PLACES, Table};
use super::answers::{self, dynamodb::Answer, error::ServiceError};
use super::engine::Store;
use super::fault::{Fault, Strikes};
use super::{Faults, Request};

/// Longer requests are not read; DynamoDB's own limit is 16 MB, for writes.
const MAX_REQUEST: usize = 1 << 20;

/// Reads beyond this are no longer written down; writes always are.
const MAX_LOGGED: usize = 100_000;

/// The header by which a request asks for CBOR, and its value (Smithy, "RPC v2 CBOR protocol").
const CBOR: (&str, &str) = ("smithy-protocol", "rpc-v2-cbor");

/// The path of CloudWatch's operations in that protocol.
const CLOUDWATCH: &str = "/service/GraniteServiceVersion20100801/operation/";

type Seeded = OnceLock<Result<Store, ServiceError>>;

/// What the handlers share.
pub(super) struct State {
    stores: Vec<(&'static Table, Seeded)>,
    strikes: Mutex<Strikes>,
    log: Mutex<Vec<Request>>,
    served: AtomicU64,
    pub(super) stopped: AtomicBool,
}

impl State {
    pub(super) fn new(faults: Faults) -> Self {
        let tables = PLACES.iter().flat_map(|place| place.tables);
        Self {
            stores: tables.map(|table| (table, Seeded::new())).collect(),
            strikes: Mutex::new(Strikes::new(faults)),
            log: Mutex::new(Vec::new()),
            served: AtomicU64::new(0),
            stopped: AtomicBool::new(false),
        }
    }

    pub(super) fn set_faults(&self, faults: Faults) {
        *lock(&self.strikes) = Strikes::new(faults);
    }

    pub(super) fn requests(&self) -> Vec<Request> {
        lock(&self.log).clone()
    }

    /// Fills the tables ahead of the first question, the small ones first; a question for a table that is
    /// not filled yet fills it, or waits for whoever is at it.
    pub(super) fn seed(&self) {
        let mut order: Vec<_> = self.stores.iter().collect();
        order.sort_by_key(|(table, _)| table.size.0);
        for (table, _) in order {
            if self.stopped.load(Ordering::Relaxed) {
                return;
            }
            let _ = self.store(table);
        }
    }

    fn store(&self, table: &'static Table) -> Result<&Store, ServiceError> {
        let (table, seeded) = self
            .stores
            .iter()
            .find(|(other, _)| std::ptr::eq(*other, table))
            .ok_or_else(|| ServiceError::new(500, "InternalServerError", "no such table"))?;
        seeded.get_or_init(|| Store::fill(table, &self.stopped)).as_ref().map_err(Clone::clone)
    }

    fn record(&self, request: Request) {
        let mut log = lock(&self.log);
        if request.write || log.len() < MAX_LOGGED {
            log.push(request);
        }
    }
}

/// A lock whose holder panicked still guards whole values here.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Serves until the task is dropped.
pub(super) async fn serve(listener: TcpListener, state: Arc<State>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Out of file handles, most likely: give the connections at hand time to end.
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            continue;
        };
        // An answer is one small write; waiting for more would only delay it.
        let _ = stream.set_nodelay(true);
        let state = Arc::clone(&state);
        tokio::spawn(async move {
            let service = service_fn(move |request| respond(Arc::clone(&state), request));
            // A client that goes away is no concern of the other clients.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

/// What is known of a request from its head and body.
struct Call {
    service: String,
    operation: String,
    access_key: String,
    region: String,
    body: Body,
}

enum Body {
    Json(Value),
    Form(Vec<(String, String)>),
}

impl Call {
    fn table(&self) -> Option<String> {
        match &self.body {
            Body::Json(body) => answers::dynamodb::table_name(body),
            Body::Form(_) => None,
        }
    }

    /// The ARN for a message of denial.
    fn resource(&self, identity: &Identity) -> String {
        match &self.body {
            Body::Json(body) if self.service == "dynamodb" => {
                answers::dynamodb::resource(identity, &self.region, body)
            }
            Body::Json(body) => body["KeyId"].as_str().unwrap_or("*").to_owned(),
            Body::Form(_) => "*".to_owned(),
        }
    }
}

async fn respond(state: Arc<State>, request: HttpRequest<Incoming>) -> io::Result<Response<Full<Bytes>>> {
    let (head, body) = request.into_parts();
    let body =
        Limited::new(body, MAX_REQUEST).collect().await.map_err(|_| io::ErrorKind::InvalidData)?.to_bytes();
    let call = read(&head, &body);
    let identity = IDENTITIES.iter().find(|identity| identity.access_key == call.access_key);
    let table = call.table();
    state.record(Request {
        service: call.service.clone(),
        operation: call.operation.clone(),
        account: identity.map(|identity| identity.account.to_owned()),
        region: call.region.clone(),
        table: table.clone(),
        write: !answers::reads(&call.operation),
    });
    let (delay, fault) = lock(&state.strikes).next(&call.operation, table.as_deref());
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    let start = match &call.body {
        Body::Json(body) => body.get("ExclusiveStartKey").cloned(),
        Body::Form(_) => None,
    };
    let query = matches!(call.body, Body::Form(_));
    let cbor = head.headers.get(CBOR.0).is_some_and(|value| value == CBOR.1);
    let service = call.service.clone();
    let result = match (identity, fault) {
        (_, Some(Fault::HangUp)) => return Err(io::ErrorKind::ConnectionAborted.into()),
        (_, Some(Fault::EmptyBody)) => Ok(String::new()),
        (None, _) => Err(unrecognized()),
        (Some(identity), fault) => match fault.and_then(|fault| struck(fault, identity, &call)) {
            Some(error) => Err(error),
            None => {
                let shared = Arc::clone(&state);
                // Tables are filled and scanned synchronously.
                tokio::task::spawn_blocking(move || settle(&shared, identity, call)).await.unwrap_or_else(
                    |_| Err(ServiceError::new(500, "InternalServerError", "the embedded account failed")),
                )
            }
        },
    };
    let (status, body) = match result {
        Ok(body) => (200, body),
        Err(error) if query => error.query(),
        Err(error) => (error.status, error.json()),
    };
    let body = match fault {
        Some(Fault::NullMembers) => nulled(&body),
        Some(Fault::EmptyPage) => paged(&body, |page| {
            page["Items"] = Value::Array(Vec::new());
            (page["Count"], page["ScannedCount"]) = (0.into(), 0.into());
        }),
        Some(Fault::RepeatedKey) if let Some(start) = start => paged(&body, |page| {
            page["LastEvaluatedKey"] = start.clone();
        }),
        _ => body,
    };
    let mut body = match cbor {
        true => super::cbor::write(&serde_json::from_str(&body).unwrap_or_default()),
        false => body.into_bytes(),
    };
    let middle = body.len() / 2;
    match fault {
        Some(Fault::Truncate) => body.truncate(middle),
        Some(Fault::EmptyBody) => body.clear(),
        Some(Fault::Corrupt) if !body.is_empty() => body[middle] ^= 0x10,
        _ => {}
    }
    let sum = crc32fast::hash(&body) ^ u32::from(fault == Some(Fault::WrongChecksum));
    let kind = match (query, service.as_str()) {
        (true, _) => "text/xml",
        (false, "dynamodb") => "application/x-amz-json-1.0",
        (false, _) if cbor => "application/cbor",
        (false, "lambda" | "pipes" | "backup" | "access-analyzer") => "application/json",
        (false, _) => "application/x-amz-json-1.1",
    };
    let id = state.served.fetch_add(1, Ordering::Relaxed);
    Response::builder()
        .status(status)
        .header("content-type", kind)
        .header("x-amzn-requestid", format!("demo-{id:08}"))
        .header("x-amz-crc32", sum)
        .body(Full::new(Bytes::from(body)))
        .map_err(io::Error::other)
}

/// A page of items, changed; anything else as it is.
fn paged(body: &str, change: impl FnOnce(&mut Value)) -> String {
    match serde_json::from_str::<Value>(body) {
        Ok(mut page) if page.get("Items").is_some() => {
            change(&mut page);
            page.to_string()
        }
        _ => body.to_owned(),
    }
}

/// The answer with every member `null`; of what is no object nothing is left.
fn nulled(body: &str) -> String {
    let Ok(Value::Object(mut all)) = serde_json::from_str(body) else { return String::new() };
    all.values_mut().for_each(|member| *member = Value::Null);
    Value::Object(all).to_string()
}

/// The error of a fault that is one.
fn struck(fault: Fault, identity: &Identity, call: &Call) -> Option<ServiceError> {
    let Call { service, operation, .. } = call;
    match fault {
        Fault::Throttle if service == "dynamodb" && call.table().is_some() => Some(ServiceError::new(
            400,
            "ProvisionedThroughputExceededException",
            "The level of configured provisioned throughput for the table was exceeded. \
             Consider increasing your provisioning level with the UpdateTable API.",
        )),
        Fault::Throttle => Some(ServiceError::new(400, "ThrottlingException", "Rate exceeded")),
        Fault::ServerError => Some(ServiceError::new(500, "InternalServerError", "Internal server error")),
        Fault::Deny => {
            let action = format!("{service}:{operation}");
            Some(answers::denial(identity, &action, &call.resource(identity)))
        }
        Fault::Unsupported => Some(ServiceError::unknown_operation(operation)),
        Fault::ExpiredToken => Some(ServiceError::new(
            400,
            "ExpiredTokenException",
            "The security token included in the request is expired",
        )),
        Fault::Deleted => Some(ServiceError::new(
            400,
            "ResourceNotFoundException",
            "Requested resource not found: Table: gone not found",
        )),
        Fault::Slow(_)
        | Fault::Truncate
        | Fault::EmptyBody
        | Fault::NullMembers
        | Fault::HangUp
        | Fault::WrongChecksum
        | Fault::Corrupt
        | Fault::EmptyPage
        | Fault::RepeatedKey => None,
    }
}

fn unrecognized() -> ServiceError {
    ServiceError::new(
        400,
        "UnrecognizedClientException",
        "The security token included in the request is invalid.",
    )
}

/// The answer from the account.
fn settle(state: &State, identity: &'static Identity, call: Call) -> Result<String, ServiceError> {
    let Call { service, operation, region, body, .. } = call;
    match (service.as_str(), body) {
        ("dynamodb", Body::Json(body)) if answers::streams::OPERATIONS.contains(&operation.as_str()) => {
            answers::streams::answer(identity, &region, &operation, &body).map(|answer| answer.to_string())
        }
        ("lambda", Body::Json(body)) if operation == "ListEventSourceMappings" => {
            let arn = body["EventSourceArn"].as_str().unwrap_or_default();
            answers::streams::mappings(identity, &region, arn).map(|answer| answer.to_string())
        }
        ("lambda", Body::Json(body)) if operation == "GetFunctionConfiguration" => {
            let name = body["FunctionName"].as_str().unwrap_or_default();
            answers::streams::function(identity, name).map(|answer| answer.to_string())
        }
        ("dynamodb", Body::Json(body)) => {
            match answers::dynamodb::answer(identity, &region, &operation, body)? {
                Answer::Settled(answer) => Ok(answer.to_string()),
                Answer::Items(table, body) => state
                    .store(table)?
                    .answer(&operation, &body.to_string())
                    .unwrap_or_else(|| Err(ServiceError::unknown_operation(&operation))),
            }
        }
        ("kms", Body::Json(body)) => {
            answers::kms::answer(identity, &region, &operation, &body).map(|answer| answer.to_string())
        }
        ("cloudtrail", Body::Json(body)) if operation == "LookupEvents" => {
            answers::history::events(identity, &region, &body).map(|answer| answer.to_string())
        }
        ("cloudtrail", Body::Json(body)) => {
            answers::place::trails(identity, &region, &operation, &body).map(|answer| answer.to_string())
        }
        ("access-analyzer", Body::Json(body)) => {
            answers::watch::analyzer(identity, &region, &operation, &body).map(|answer| answer.to_string())
        }
        ("cloudwatch", Body::Json(body)) => {
            answers::watch::metrics(identity, &region, &operation, &body).map(|answer| answer.to_string())
        }
        ("dax", Body::Json(_)) => {
            answers::place::caches(identity, &region, &operation).map(|answer| answer.to_string())
        }
        ("pipes" | "kinesis" | "backup" | "application-autoscaling", Body::Json(body)) => {
            answers::copies::answer(identity, &region, &service, &operation, &body)
                .map(|answer| answer.to_string())
        }
        ("iam", Body::Form(form)) => answers::iam::answer(identity, &operation, &form),
        ("sts", Body::Form(form)) => answers::sts::answer(identity, &operation, &form),
        (service, body) => {
            // A write is denied even where nothing is offered.
            let resource = "*";
            answers::allow(identity, service, &operation, resource)?;
            drop(body);
            Err(ServiceError::unknown_operation(&operation))
        }
    }
}

/// Reads the target or action, and who signed, from `Authorization: AWS4-HMAC-SHA256
/// Credential=KEY/DATE/REGION/SERVICE/aws4_request, ...`. The signature is not checked.
fn read(head: &Parts, body: &[u8]) -> Call {
    let header =
        |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let credential = header("authorization").split_once("Credential=").map_or("", |(_, rest)| rest);
    let mut scope = credential.split(',').next().unwrap_or_default().split('/');
    let access_key = scope.next().unwrap_or_default().to_owned();
    let region = scope.nth(1).unwrap_or_default().to_owned();
    let signed_for = scope.next().unwrap_or_default();
    let (service, operation, body) = match header("x-amz-target").split_once('.') {
        Some((target, operation)) => {
            let service = match target {
                "DynamoDB_20120810" | "DynamoDBStreams_20120810" => "dynamodb",
                "TrentService" => "kms",
                _ => signed_for,
            };
            let body = serde_json::from_slice(body).unwrap_or_default();
            (service, operation.to_owned(), Body::Json(body))
        }
        None if head.uri.path().starts_with(CLOUDWATCH) => {
            let operation = head.uri.path().rsplit('/').next().unwrap_or_default();
            ("cloudwatch", operation.to_owned(), Body::Json(super::cbor::read(body).unwrap_or_default()))
        }
        None if let Some((operation, body)) = rest(head, body) => {
            (signed_for, operation.to_owned(), Body::Json(body))
        }
        None => {
            let form = form(body);
            let action = form.iter().find(|(name, _)| name == "Action");
            let action = action.map(|(_, value)| value.clone()).unwrap_or_default();
            (signed_for, action, Body::Form(form))
        }
    };
    Call { service: service.to_owned(), operation, access_key, region, body }
}

/// What a request of a REST service asks for; `None` for any other.
fn rest(head: &Parts, body: &[u8]) -> Option<(&'static str, Value)> {
    let path = percent_decode_str(head.uri.path()).decode_utf8_lossy();
    if path == "/findingv2" {
        return Some(("ListFindingsV2", serde_json::from_slice(body).unwrap_or_default()));
    }
    answers::copies::rest(&path, &form(head.uri.query().unwrap_or_default().as_bytes()))
}

/// `application/x-www-form-urlencoded`.
fn form(body: &[u8]) -> Vec<(String, String)> {
    let text = String::from_utf8_lossy(body);
    let decode = |part: &str| {
        let spaced = part.replace('+', " ");
        percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
    };
    text.split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (decode(name), decode(value)))
        .collect()
}
