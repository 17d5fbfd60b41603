//! How often a read of items is sent.
//!
//! A read that was sent may be charged, whether or not its answer arrives, and the budget set one read aside.
//! So the SDK's own retries are off here, and only what is surely not charged is sent again: a read that was
//! throttled (DynamoDB Developer Guide, "Error handling with DynamoDB", and API Reference, "Common Errors").
//! A timeout, an HTTP 5xx or a dropped connection ends the read, and its caller counts the worst case.

use std::future::Future;
use std::time::Duration;

use aws_sdk_dynamodb::config::Builder;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_smithy_types::retry::RetryConfig;

/// Refused before anything was read.
const NOT_CHARGED: &[&str] =
    &["ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded"];

/// The wait before each further attempt; so there are three in all.
const WAITS: [Duration; 2] = [Duration::from_millis(100), Duration::from_millis(400)];

/// The configuration of one attempt: the SDK does not repeat it.
pub fn once() -> Builder {
    Builder::new().retry_config(RetryConfig::disabled())
}

/// Sends, and sends again while that is free. `send` makes one attempt with [`once`]; each is a call of its
/// own to the guard and the ledger.
///
/// # Errors
/// The last attempt's.
pub async fn free_retries<T, E, F>(send: impl Fn() -> F) -> Result<T, SdkError<E, HttpResponse>>
where
    E: ProvideErrorMetadata,
    F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
{
    for wait in WAITS {
        match send().await {
            Err(error) if not_charged(&error) => tokio::time::sleep(wait).await,
            ended => return ended,
        }
    }
    send().await
}

fn not_charged<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> bool {
    // Only an answer with HTTP 4xx: a gateway's 5xx says nothing of what was read behind it.
    let SdkError::ServiceError(answer) = error else { return false };
    answer.raw().status().is_client_error()
        && answer.err().code().is_some_and(|code| NOT_CHARGED.contains(&code))
}
