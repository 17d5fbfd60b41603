//! Error codes and what they mean: one table, from code to sentence and next step.

use crate::domain::FailureKind;

/// What an error code asks of the reader.
pub(super) enum Next {
    /// Renew the credentials.
    Renew,
    /// This.
    Do(&'static str),
}
use Next::{Do, Renew};

/// What an error code means.
pub(super) enum Meaning {
    /// The credentials may not.
    Denied,
    /// The endpoint does not offer it.
    Unsupported,
    /// It failed.
    Failed(FailureKind, &'static str, Next),
}
use Meaning::{Denied, Failed, Unsupported};

pub(super) const RETRY: &str = "wait a moment, then ask again";

/// Error codes by what they mean: DynamoDB API Reference ("Common Errors" and each operation's errors), KMS,
/// STS and the common errors of AWS's query and JSON protocols.
pub(super) static CODES: &[(&[&str], Meaning)] = &[
    (&["AccessDeniedException", "AccessDenied", "UnauthorizedOperation", "NotAuthorized"], Denied),
    (
        &[
            "UnknownOperationException",
            "UnknownOperation",
            "InvalidAction",
            "NotImplemented",
            "UnsupportedOperationException",
        ],
        Unsupported,
    ),
    (
        &["ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired", "RequestExpired"],
        Failed(FailureKind::Expired, "The session token of the credentials has expired", Renew),
    ),
    (
        &[
            "UnrecognizedClientException",
            "InvalidClientTokenId",
            "InvalidAccessKeyId",
            "MissingAuthenticationToken",
            "MissingAuthenticationTokenException",
        ],
        Failed(
            FailureKind::Expired,
            "AWS does not know these credentials: they were deleted, renewed, or belong to another partition or endpoint",
            Renew,
        ),
    ),
    (
        &[
            "InvalidSignatureException",
            "SignatureDoesNotMatch",
            "IncompleteSignature",
            "IncompleteSignatureException",
        ],
        Failed(
            FailureKind::Expired,
            "AWS does not accept the signature: the secret key is wrong, or this machine's clock is off",
            Do("compare `date -u` with the real time, then check the secret access key of the profile"),
        ),
    ),
    (
        &["RequestTimeTooSkewed", "RequestInTheFuture"],
        Failed(FailureKind::Invalid, "This machine's clock is off", Do("set the clock, then ask again")),
    ),
    (
        &["OptInRequired", "SubscriptionRequiredException"],
        Failed(
            FailureKind::Invalid,
            "The account does not use this service or Region",
            Do("choose a Region that is enabled with --region"),
        ),
    ),
    (
        &[
            "ProvisionedThroughputExceededException",
            "ThrottlingException",
            "Throttling",
            "RequestLimitExceeded",
            "TooManyRequestsException",
            "LimitExceededException",
            "SlowDown",
            "BandwidthLimitExceeded",
        ],
        Failed(
            FailureKind::Throttled,
            "The service slowed us down and did not relent",
            Do(
                "wait and ask again; where it is the items that are read, read less at once: others need the table's capacity too",
            ),
        ),
    ),
    (
        &[
            "ResourceNotFoundException",
            "TableNotFoundException",
            "NotFoundException",
            "ResourceNotFound",
            "NoSuchEntity",
            "NotFound",
        ],
        Failed(
            FailureKind::NotFound,
            "It does not exist in this account and Region",
            Do("check the name, and the Region with --region"),
        ),
    ),
    (
        &[
            "ValidationException",
            "ValidationError",
            "InvalidArnException",
            "SerializationException",
            "InvalidParameterValue",
        ],
        Failed(
            FailureKind::Invalid,
            "The service did not accept the request",
            Do("check the names and values asked for"),
        ),
    ),
    (
        &[
            "InternalServerError",
            "InternalFailure",
            "InternalError",
            "ServiceUnavailable",
            "ServiceUnavailableException",
            "KMSInternalException",
            "DependencyTimeoutException",
        ],
        Failed(FailureKind::Service, "The service failed", Do(RETRY)),
    ),
];

/// Whether this is a name, as error codes are; what a hostile endpoint sends instead is not shown.
pub(super) fn is_code(code: &str) -> bool {
    !code.is_empty()
        && code.len() <= 60
        && code.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
}
