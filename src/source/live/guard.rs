//! The read-only guard: an interceptor on every client.
//!
//! It looks at each call before the request is even built. What is not on the list of
//! [`domain::permitted`](crate::domain::permitted) operations is refused there: no byte is sent. It fails
//! closed: a call whose name it cannot see is refused too. It also tells the [`Ledger`] how every call ended.

use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use aws_sdk_dynamodb::operation::get_item::GetItemOutput;
use aws_sdk_dynamodb::operation::query::QueryOutput;
use aws_sdk_dynamodb::operation::scan::ScanOutput;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeSerializationInterceptorContextRef, BeforeTransmitInterceptorContextRef,
    FinalizerInterceptorContextRef, Output,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpResponse, Metadata};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::{ConfigBag, Storable, StoreReplace};

use crate::domain::{Arn, CREDENTIAL_CALLS, Rcu, Safe, permitted};
use crate::source::{Call, Ledger};

/// What the ledger says of a call that the guard refused.
pub const REFUSED: &str = "refused";

/// Which list a client is held to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Allowed {
    /// The reads of [`PERMISSIONS`](crate::domain::PERMISSIONS).
    Reads,
    /// [`CREDENTIAL_CALLS`] and nothing else: for the one client that assumes a role with MFA.
    Credentials,
}

impl Allowed {
    fn has(self, service: &str, operation: &str) -> bool {
        match self {
            Self::Reads => permitted(service, operation).is_some(),
            Self::Credentials => CREDENTIAL_CALLS.contains(&(service, operation)),
        }
    }
}

/// The interceptor.
#[derive(Clone)]
pub struct Guard {
    allowed: Allowed,
    ledger: Ledger,
}

impl Guard {
    /// A guard that allows one list and reports to a ledger.
    pub fn new(allowed: Allowed, ledger: Ledger) -> Self {
        Self { allowed, ledger }
    }
}

impl fmt::Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guard").field("allowed", &self.allowed).finish_non_exhaustive()
    }
}

/// Why the guard refused a call.
#[derive(Debug, thiserror::Error)]
#[error("refused before it was sent: {service} {operation} is not on the read-only list")]
pub struct CallRefused {
    service: String,
    operation: String,
}

/// A call under way, kept in the SDK's own bag for that call.
#[derive(Debug, Clone)]
struct Started {
    at: Instant,
    sent: Arc<AtomicU32>,
    table: Arc<OnceLock<Safe>>,
}

impl Storable for Started {
    type Storer = StoreReplace<Self>;
}

impl Intercept for Guard {
    fn name(&self) -> &'static str {
        "ReadOnlyGuard"
    }

    fn read_before_serialization(
        &self,
        _: &BeforeSerializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let (service, operation) = match cfg.load::<Metadata>() {
            Some(call) => (call.service().to_owned(), call.name().to_owned()),
            None => ("unknown service".to_owned(), "unknown operation".to_owned()),
        };
        if self.allowed.has(&service, &operation) {
            cfg.interceptor_state().store_put(Started {
                at: Instant::now(),
                sent: Arc::default(),
                table: Arc::default(),
            });
            return Ok(());
        }
        (self.ledger)(Call {
            service: service.clone(),
            operation: operation.clone(),
            table: None,
            request_id: None,
            cost: None,
            outcome: REFUSED.into(),
            attempts: 0,
            millis: 0,
        });
        Err(CallRefused { service, operation }.into())
    }

    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(started) = cfg.load::<Started>() {
            started.sent.fetch_add(1, Ordering::Relaxed);
            if let Some(table) = context.request().body().bytes().and_then(table) {
                // A request that is sent again is about the same table.
                let _ = started.table.set(table);
            }
        }
        Ok(())
    }

    fn read_after_execution(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        // A refused call was never started, and is in the ledger already.
        let (Some(call), Some(started)) = (cfg.load::<Metadata>(), cfg.load::<Started>()) else {
            return Ok(());
        };
        (self.ledger)(Call {
            service: call.service().to_owned(),
            operation: call.name().to_owned(),
            table: started.table.get().cloned(),
            request_id: context.response().and_then(request_id),
            cost: context.output_or_error().and_then(Result::ok).and_then(cost),
            outcome: outcome(context),
            attempts: started.sent.load(Ordering::Relaxed),
            millis: u64::try_from(started.at.elapsed().as_millis()).unwrap_or(u64::MAX),
        });
        Ok(())
    }
}

/// The table that a request in JSON is about: it gives a name, or an ARN that has it. Nothing else of it is read.
fn table(body: &[u8]) -> Option<Safe> {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct About {
        table_name: Option<String>,
        resource_arn: Option<String>,
        stream_arn: Option<String>,
        table_arn: Option<String>,
    }
    let About { table_name, resource_arn, stream_arn, table_arn } = serde_json::from_slice(body).ok()?;
    let named = table_name.or(resource_arn).or(stream_arn).or(table_arn)?;
    let name = match Arn::parse(&named) {
        Some(arn) => arn.resource.strip_prefix("table/")?.split('/').next()?.to_owned(),
        None => named,
    };
    Some(Safe::neutral(&name))
}

/// The request's ID, as the service gives it.
fn request_id(response: &HttpResponse) -> Option<Safe> {
    let headers = response.headers();
    let id = headers.get("x-amzn-requestid").or_else(|| headers.get("x-amz-request-id"))?;
    Some(Safe::neutral(&id.chars().take(80).collect::<String>()))
}

/// What a read of items was charged.
fn cost(output: &Output) -> Option<Rcu> {
    let scan = || output.downcast_ref::<ScanOutput>()?.consumed_capacity();
    let query = || output.downcast_ref::<QueryOutput>()?.consumed_capacity();
    let get = || output.downcast_ref::<GetItemOutput>()?.consumed_capacity();
    scan().or_else(query).or_else(get)?.capacity_units().map(Rcu::from_f64)
}

/// `ok`, the service's error code, or a word for what went wrong on the way.
fn outcome(context: &FinalizerInterceptorContextRef<'_>) -> String {
    let error = match context.output_or_error() {
        Some(Ok(_)) => return "ok".into(),
        Some(Err(error)) => error,
        None => return "cancelled".into(),
    };
    let word = if error.is_operation_error() {
        return context.response().map_or_else(|| "error".into(), code);
    } else if error.is_timeout_error() || error.as_connector_error().is_some_and(|e| e.is_timeout()) {
        "timeout"
    } else if error.as_connector_error().is_some_and(|e| e.is_io()) {
        "unreachable"
    } else if error.is_response_error() {
        "unreadable answer"
    } else {
        "not sent"
    };
    word.into()
}

/// Longest error body that is searched for its code.
const MAX_ERROR_BODY: usize = 16 * 1024;

/// The error code of an answer, or its HTTP status. The SDK's typed errors do not say it here.
fn code(response: &HttpResponse) -> String {
    let header = response.headers().get("x-amzn-errortype").map(str::to_owned);
    let body = || {
        let bytes = response.body().bytes().filter(|b| b.len() <= MAX_ERROR_BODY)?;
        match serde_json::from_slice::<serde_json::Value>(bytes) {
            Ok(json) => ["__type", "code"].iter().find_map(|k| json.get(k)?.as_str().map(str::to_owned)),
            Err(_) => {
                let text = std::str::from_utf8(bytes).ok()?;
                let (_, rest) = text.split_once("<Code>")?;
                rest.split_once("</Code>").map(|(code, _)| code.to_owned())
            }
        }
    };
    let Some(found) = header.or_else(body) else { return response.status().as_u16().to_string() };
    // `com.amazonaws.dynamodb.v20120810#ResourceNotFoundException`, or with a URL after a colon.
    let bare = found.rsplit('#').next().unwrap_or_default();
    let bare = bare.split(':').next().unwrap_or_default();
    Safe::neutral(&bare.chars().take(60).collect::<String>()).as_str().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_smithy_runtime_api::http::StatusCode;
    use aws_smithy_types::body::SdkBody;

    fn check(status: u16, body: &str, expect: &str) {
        let status = StatusCode::try_from(status).expect("a status");
        assert_eq!(code(&HttpResponse::new(status, SdkBody::from(body))), expect, "{body}");
    }

    #[test]
    fn the_ledger_names_the_code_and_nothing_else() {
        check(
            400,
            r#"{"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException","message":"x"}"#,
            "ResourceNotFoundException",
        );
        check(403, "<ErrorResponse><Error><Code>ExpiredToken</Code></Error></ErrorResponse>", "ExpiredToken");
        check(500, "<html>", "500");
        check(400, r#"{"__type":7}"#, "400");
        check(400, "{\"__type\":\"a\\u001b[2J\"}", "a␛[2J");
        check(400, &format!(r#"{{"__type":"{}"}}"#, "a".repeat(61)), &"a".repeat(60));
        // Of a body that is longer than any error's is nothing read.
        let long = |length: usize| format!("{:length$}", r#"{"__type":"Slow"}"#);
        check(503, &long(MAX_ERROR_BODY), "Slow");
        check(503, &long(MAX_ERROR_BODY + 1), "503");
    }

    #[test]
    fn the_ledger_names_the_table_and_nothing_else_of_a_request() {
        let check = |body: &str, expect: Option<&str>| {
            assert_eq!(table(body.as_bytes()).as_deref(), expect, "{body}");
        };
        check(r#"{"TableName":"orders","Key":{"pk":{"S":"a key value"}}}"#, Some("orders"));
        check(r#"{"TableName":"arn:aws:dynamodb:eu-west-1:111122223333:table/orders"}"#, Some("orders"));
        check(
            r#"{"ResourceArn":"arn:aws:dynamodb:eu-west-1:111122223333:table/orders/stream/2026"}"#,
            Some("orders"),
        );
        check(r#"{"ResourceArn":"arn:aws:kms:eu-west-1:111122223333:key/orders"}"#, None);
        check(r#"{"TableName":"a\u001b[2J"}"#, Some("a␛[2J"));
        check(r#"{"Limit":5}"#, None);
        check("Action=GetCallerIdentity", None);
    }

    #[test]
    fn the_ledger_names_the_request_by_either_header_and_no_longer_than_an_id_is() {
        let check = |name: &'static str, value: &str, expect: Option<&str>| {
            let mut response =
                HttpResponse::new(StatusCode::try_from(200).expect("a status"), SdkBody::from(""));
            response.headers_mut().insert(name, value.to_owned());
            assert_eq!(request_id(&response).as_deref(), expect, "{name}");
        };
        check("x-amzn-requestid", "ABC-1", Some("ABC-1"));
        check("x-amz-request-id", "ABC-1", Some("ABC-1"));
        check("x-amzn-requestid", &"a".repeat(81), Some(&"a".repeat(80)));
        check("x-request", "ABC-1", None);
    }

    #[test]
    fn each_list_is_closed_to_the_other() {
        assert!(Allowed::Reads.has("DynamoDB", "Scan"));
        assert!(!Allowed::Reads.has("STS", "AssumeRole"));
        assert!(Allowed::Credentials.has("STS", "AssumeRole"));
        assert!(!Allowed::Credentials.has("DynamoDB", "Scan"));
        assert!(!Allowed::Reads.has("dynamodb", "scan"), "names are matched exactly");
    }
}
