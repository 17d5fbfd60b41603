//! What each service answers, from the seeded account alone.

pub(super) mod copies;
pub(super) mod dynamodb;
pub(super) mod error;
pub(super) mod history;
pub(super) mod iam;
pub(super) mod kms;
pub(super) mod place;
pub(super) mod streams;
pub(super) mod sts;
pub(super) mod watch;

use super::account::Identity;
use error::ServiceError;

/// Verbs that only read. Anything else is taken for a write, so a new operation is never overlooked.
const READS: &[&str] = &["Get", "List", "Describe", "Query", "Scan", "BatchGet", "TransactGet", "Lookup"];

/// Whether an operation only reads. `AssumeRole` hands out credentials and changes nothing.
pub(super) fn reads(operation: &str) -> bool {
    operation == "AssumeRole" || READS.iter().any(|verb| operation.starts_with(verb))
}

/// Whether the identity's policy lets it do this: reads, less what it is denied.
///
/// # Errors
/// `AccessDeniedException` in the words of AWS (IAM User Guide, "Troubleshoot access denied error messages").
pub(super) fn allow(
    identity: &Identity,
    service: &str,
    operation: &str,
    resource: &str,
) -> Result<(), ServiceError> {
    let action = format!("{service}:{operation}");
    let tail = resource.splitn(6, ':').nth(5).unwrap_or_default();
    let covers = |start: &str| match tail.strip_prefix(start) {
        Some(rest) => rest.is_empty() || start.ends_with('/') || rest.starts_with('/'),
        None => false,
    };
    if reads(operation) && !identity.denied.iter().any(|(denied, start)| *denied == action && covers(start)) {
        return Ok(());
    }
    Err(denial(identity, &action, resource))
}

/// The answer to somebody who may not.
pub(super) fn denial(identity: &Identity, action: &str, resource: &str) -> ServiceError {
    let who = identity.arn;
    let message = format!(
        "User: {who} is not authorized to perform: {action} on resource: {resource} \
         because no identity-based policy allows the {action} action"
    );
    ServiceError::new(400, "AccessDeniedException", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_reads_count_as_reads() {
        for read in ["Scan", "Query", "GetItem", "BatchGetItem", "DescribeTable", "ListTagsOfResource"] {
            assert!(reads(read), "{read}");
        }
        for write in [
            "PutItem",
            "UpdateItem",
            "DeleteItem",
            "BatchWriteItem",
            "TransactWriteItems",
            "CreateTable",
            "UpdateTable",
            "DeleteTable",
            "PutResourcePolicy",
            "ExecuteStatement",
            "BatchExecuteStatement",
            "ExecuteTransaction",
            "TagResource",
            "RestoreTableFromBackup",
            "ExportTableToPointInTime",
            "",
        ] {
            assert!(!reads(write), "{write}");
        }
    }
}
