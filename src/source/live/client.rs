//! The one place where SDK clients are made. Each carries the guard.

use std::sync::OnceLock;
use std::time::Duration;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_dynamodb::config::retry::{RetryPartition, TokenBucket};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;

use crate::source::live::guard::Guard;

/// The one table of services: a field and its crate.
macro_rules! clients {
    ($($(#[$doc:meta])* $field:ident: $crate_name:ident;)+) => {
        /// One client a service, all of them guarded. There is no other way to make one. Each is made when it is first
        /// asked for: a start waits for no service that it does not ask.
        pub struct Clients {
            $($field: OnceLock<$crate_name::Client>,)+
            config: SdkConfig,
            guard: Guard,
        }

        impl Clients {
            /// Clients for a configuration, each with the guard.
            pub fn new(config: &SdkConfig, guard: &Guard) -> Self {
                Self { $($field: OnceLock::new(),)+ config: config.clone(), guard: guard.clone() }
            }

            $(
                $(#[$doc])*
                pub fn $field(&self) -> &$crate_name::Client {
                    self.$field.get_or_init(|| {
                        let config = $crate_name::config::Builder::from(&self.config)
                            .retry_partition(retry_quota(stringify!($field)));
                        $crate_name::Client::from_conf(config.interceptor(self.guard.clone()).build())
                    })
                }
            )+
        }
    };
}

impl Clients {
    /// The clients of tables and keys for another Region, with the same credentials and the same guard.
    pub fn in_region(&self, region: &str) -> (aws_sdk_dynamodb::Client, aws_sdk_kms::Client) {
        let config = self.config.to_builder().region(Region::new(region.to_owned())).build();
        let dynamodb = aws_sdk_dynamodb::config::Builder::from(&config).interceptor(self.guard.clone());
        let kms = aws_sdk_kms::config::Builder::from(&config).interceptor(self.guard.clone());
        (aws_sdk_dynamodb::Client::from_conf(dynamodb.build()), aws_sdk_kms::Client::from_conf(kms.build()))
    }
}

clients! {
    /// Tables and items.
    dynamodb: aws_sdk_dynamodb;
    /// Streams.
    streams: aws_sdk_dynamodbstreams;
    /// Keys.
    kms: aws_sdk_kms;
    /// Whose credentials these are.
    sts: aws_sdk_sts;
    /// Users, roles, policies.
    iam: aws_sdk_iam;
    /// Trails.
    cloudtrail: aws_sdk_cloudtrail;
    /// Metrics.
    cloudwatch: aws_sdk_cloudwatch;
    /// Functions that read streams.
    lambda: aws_sdk_lambda;
    /// Caches in front of tables.
    dax: aws_sdk_dax;
    /// Backup vaults.
    backup: aws_sdk_backup;
    /// Scaling of provisioned capacity.
    autoscaling: aws_sdk_applicationautoscaling;
    /// Access Analyzer's findings.
    analyzer: aws_sdk_accessanalyzer;
    /// Data streams that get a table's changes.
    kinesis: aws_sdk_kinesis;
    /// Pipes that read a table's stream.
    pipes: aws_sdk_pipes;
}

/// Pinned: a newer SDK must not change how the program behaves. Before v2025_08_07 the proxy variables are
/// not read (AWS SDK for Rust Developer Guide, "Behavior versions").
pub fn behavior() -> BehaviorVersion {
    BehaviorVersion::v2026_01_12()
}

/// Three attempts, with the standard back-off.
pub fn retries() -> RetryConfig {
    RetryConfig::standard().with_max_attempts(3).with_max_backoff(Duration::from_secs(5))
}

/// How much a service's failures may cost: about ten calls that failed to the end, and then calls are sent once until
/// some are answered again. A service that is down is not backed off from for every table and setting.
const RETRY_QUOTA: usize = 100;

/// The quota of one service. To be throttled costs nothing: that passes, and is what the back-off is for.
fn retry_quota(service: &'static str) -> RetryPartition {
    let quota = TokenBucket::builder().capacity(RETRY_QUOTA).throttling_retry_cost(0).build();
    RetryPartition::custom(service).token_bucket(quota).build()
}

/// Nothing waits for ever: `attempt` for one attempt, three times that for the whole call.
pub fn timeouts(attempt: Duration) -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(attempt.min(Duration::from_millis(3_100)))
        .operation_attempt_timeout(attempt)
        .operation_timeout(attempt.saturating_mul(3))
        .build()
}

/// A configuration from arguments alone: no environment variable, profile or metadata service is asked.
pub fn explicit(
    region: &str,
    endpoint: Option<&str>,
    credentials: Credentials,
    attempt: Duration,
    wire: SharedHttpClient,
) -> SdkConfig {
    let mut config = SdkConfig::builder()
        .behavior_version(behavior())
        .region(Region::new(region.to_owned()))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .retry_config(retries())
        .timeout_config(timeouts(attempt));
    config.set_endpoint_url(endpoint.map(str::to_owned));
    config.set_http_client(Some(wire));
    // Without this mark the SDK would replace the number of attempts by its own.
    config.insert_origin("retry_config", aws_types::origin::Origin::shared_config());
    config.build()
}
