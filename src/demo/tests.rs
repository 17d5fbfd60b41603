//! The embedded account through the real SDK clients, over the real wire.

use std::time::{Duration, Instant};

use aws_config::BehaviorVersion;
use aws_credential_types::Credentials;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::Region;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::types::AttributeValue as Wire;

use super::account::{Identity, PLACES, Place, Table};
use super::{CLOCK, Demo, Fault, Faults, IDENTITIES, Login, Rule, When, planted, row};
use crate::domain::Policy;

fn config(demo: &Demo, login: &Login, attempts: u32) -> aws_config::SdkConfig {
    let token = Some(login.session_token.to_owned());
    let credentials = Credentials::new(login.access_key, login.secret_key, token, None, "demo");
    aws_config::SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .endpoint_url(demo.endpoint_url())
        .region(Region::new(login.region))
        .credentials_provider(aws_credential_types::provider::SharedCredentialsProvider::new(credentials))
        .retry_config(
            RetryConfig::standard()
                .with_max_attempts(attempts)
                .with_initial_backoff(Duration::from_millis(1)),
        )
        .http_client(aws_smithy_http())
        .sleep_impl(aws_sdk_dynamodb::config::SharedAsyncSleep::new(Sleep))
        .build()
}

/// A demo and a client of its default login that never retries.
fn start(faults: Faults) -> (Demo, Client) {
    let demo = Demo::start(faults).expect("starts");
    let client = Client::new(&config(&demo, &demo.logins()[0], 1));
    (demo, client)
}
