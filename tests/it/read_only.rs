//! Nothing we build can write: every client, made as the program makes it, refuses writes before a byte is
//! sent. An allowed read arrives at the same listener, so the silence means something.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_smithy_runtime_api::client::result::SdkError;
use dynaudit::source::live::client::{Clients, explicit};
use dynaudit::source::live::guard::{Allowed, Guard, REFUSED};
use dynaudit::source::{Call, Ledger};

use crate::fake::{Fake, identity};

fn clients(url: &str, allowed: Allowed) -> (Clients, Arc<Mutex<Vec<Call>>>) {
    let calls = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&calls);
    let ledger: Ledger = Arc::new(move |call| sink.lock().expect("not poisoned").push(call));
    let credentials = Credentials::new("not-a-key", "not-a-secret", None, None, "test");
    let config = explicit(
        "eu-west-1",
        Some(url),
        credentials,
        Duration::from_secs(5),
        dynaudit::source::live::wire::client(false),
    );
    (Clients::new(&config, &Guard::new(allowed, ledger)), calls)
}

/// Sends each operation, with the field that the SDK itself asks for first where there is one, and asserts that it was refused by the guard, under the service's own name.
macro_rules! refused {
    ($clients:ident $calls:ident: $($field:ident $service:literal [$($operation:ident $({$($with:tt)+})?)+])+) => {$($({
        let error = $clients.$field().$operation() $($($with)+)? .send().await.err().expect(stringify!($operation));
        assert!(
            matches!(error, SdkError::ConstructionFailure(_)),
            "{} {} was not refused", $service, stringify!($operation)
        );
        let call = $calls.lock().expect("not poisoned").pop();
        let call = call.unwrap_or_else(|| panic!("{}: the guard never saw it: {error:?}", stringify!($operation)));
        assert_eq!(
            (call.service.as_str(), call.outcome.as_str(), call.attempts), ($service, REFUSED, 0),
            "{}", stringify!($operation)
        );
    })+)+};
}

#[tokio::test]
async fn no_client_sends_a_write() {
    let fake = Fake::start(|_| identity()).await;
    let (clients, calls) = clients(&fake.url, Allowed::Reads);
    // DynamoDB Streams is not here: it has four operations, and none of them writes.
    refused! { clients calls:
        dynamodb "DynamoDB" [
            put_item{.table_name("t")} update_item{.table_name("t")} delete_item{.table_name("t")} batch_write_item transact_write_items create_table{.table_name("t")} update_table{.table_name("t")}
            delete_table{.table_name("t")} execute_statement batch_execute_statement execute_transaction put_resource_policy{.resource_arn("arn:aws:dynamodb:eu-west-1:111122223333:table/t")}
            delete_resource_policy{.resource_arn("arn:aws:dynamodb:eu-west-1:111122223333:table/t")} tag_resource{.resource_arn("arn:aws:dynamodb:eu-west-1:111122223333:table/t")} update_time_to_live{.table_name("t")} update_continuous_backups{.table_name("t")} create_backup{.table_name("t")}
            export_table_to_point_in_time{.table_arn("arn:aws:dynamodb:eu-west-1:111122223333:table/t")} restore_table_to_point_in_time{.target_table_name("t")}
        ]
        kms "KMS" [create_grant disable_key schedule_key_deletion put_key_policy decrypt]
        sts "STS" [assume_role get_session_token]
        iam "IAM" [create_access_key attach_role_policy put_user_policy]
        cloudtrail "CloudTrail" [delete_trail stop_logging]
        cloudwatch "CloudWatch" [put_metric_data delete_alarms]
        lambda "Lambda" [invoke create_event_source_mapping get_function{.function_name("f")} list_functions update_function_configuration{.function_name("f")}]
        dax "DAX" [create_cluster delete_cluster]
        backup "Backup" [start_backup_job delete_recovery_point]
        autoscaling "Application Auto Scaling" [register_scalable_target deregister_scalable_target]
        analyzer "AccessAnalyzer" [create_analyzer delete_analyzer]
    }
    assert_eq!(fake.requests().len(), 0, "a refused call reached the network");

    clients.sts().get_caller_identity().send().await.expect("an allowed read");
    assert_eq!(fake.count("GetCallerIdentity"), 1);
    let call = calls.lock().expect("not poisoned").pop().expect("in the ledger");
    assert_eq!((call.outcome.as_str(), call.attempts), ("ok", 1));
}

#[tokio::test]
async fn the_client_for_credentials_reads_nothing() {
    let fake = Fake::start(|_| identity()).await;
    let (clients, calls) = clients(&fake.url, Allowed::Credentials);
    refused! { clients calls: dynamodb "DynamoDB" [scan{.table_name("t")} list_tables] sts "STS" [get_caller_identity] }
    assert_eq!(fake.requests().len(), 0);
}
