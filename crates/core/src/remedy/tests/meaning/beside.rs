//! What stands beside a fix: the application, roles, guardrails and rules. It says what it is for, on this table, and what it
//! never does.

use super::*;

fn beside(id: &'static str) -> Given {
    secret(SecretClass::ApiKey, Stands::Alone, "api_key").of_topic(id)
}

#[test]
fn what_stands_beside_a_fix_does_what_it_is_for() {
    let role = || beside("table-role");
    let rules = || beside("detection-rules");
    let pipe = || beside("changes-to-siem");
    let django = || beside("django-application");
    check_all(
        5,
        &[
            // One service: named actions, the table and each index by its own ARN; nothing that reads what no key names.
            (
                role(),
                Json,
                &[
                    "\"dynamodb:GetItem\"",
                    "\"dynamodb:Query\"",
                    "table/sessions\"",
                    "\"Indexes\"",
                    "table/sessions/index/wide\"",
                ],
                &["dynamodb:Scan", "PartiQL", "dynamodb:*", "\"*\"", "DeleteTable", "index/*"],
            ),
            (role(), Json, &["\"kms:Decrypt\"", "\"kms:ViaService\": \"dynamodb.us-gov-west-1."], &["kms:*"]),
            (role().knows(FactValue::Key(None)), Json, &["\"Items\""], &["kms:"]),
            (role().described(|d| d.indexes.clear()), Json, &["\"Items\""], &["/index/"]),
            (
                role(),
                AwsCli,
                &[
                    "test -s \"$dir/role.json\" ||",
                    "\n: in_account aws iam create-policy",
                    "default provider chain",
                ],
                &["attach-role-policy"],
            ),
            (role(), Terraform, &["resource \"aws_iam_policy\"", "jsonencode("], &["aws_iam_role_policy"]),
            // Attributes by name, never the secret one, and no request for all of them.
            (
                beside("attribute-role"),
                Json,
                &[
                    "\"dynamodb:Attributes\"",
                    "\"id\"",
                    "PUT-THE-OTHER-NAMES-HERE",
                    "\"Null\"",
                    "SPECIFIC_ATTRIBUTES",
                ],
                &["api_key", "dynamodb:Scan", "index/wide"],
            ),
            (
                secret(SecretClass::Session, Stands::InKey, "id").of_topic("attribute-role"),
                Json,
                &["PUT-THE-OTHER-NAMES-HERE"],
                &["\"id\""],
            ),
            // From outside the organization, but not the services of AWS; put in and attached in the management account.
            (
                beside("guardrail-organization"),
                AwsCli,
                &["\"Deny\"", "aws:PrincipalOrgID", "aws:PrincipalIsAWSService", "sed"],
                &["\"Allow\"", "PUT-THE-ORGANIZATION"],
            ),
            (
                beside("guardrail-organization"),
                AwsCli,
                &[
                    "MasterAccountId",
                    "test -z \"$org\" ||",
                    "\n: in_organization aws organizations create-policy --type=RESOURCE_CONTROL_POLICY",
                    "\n: in_organization aws organizations attach-policy --target-id='111122223333'",
                ],
                &["in_account", "\nin_organization aws"],
            ),
            (
                beside("guardrail-organization"),
                Terraform,
                &[
                    "\"RESOURCE_CONTROL_POLICY\"",
                    "data.aws_organizations_organization.this.id",
                    "target_id = \"111122223333\"",
                ],
                &["PUT-THE-ORGANIZATION"],
            ),
            (
                beside("guardrail-changes"),
                AwsCli,
                &[
                    "\"Deny\"",
                    "DeleteTable",
                    "PutResourcePolicy",
                    "kms:ScheduleKeyDeletion",
                    "arn:aws-us-gov:iam::*:role/PUT-",
                ],
                &["\"Allow\"", "dynamodb:*", "GetItem", "UpdateTable\""],
            ),
            (
                beside("guardrail-changes"),
                Terraform,
                &["SERVICE_CONTROL_POLICY", "local.policy", "precondition"],
                &["RESOURCE_CONTROL"],
            ),
            // Events of this table, by name and by ARN; scans where they are recorded.
            (
                rules(),
                AwsCli,
                &[
                    "PutResourcePolicy",
                    "\"sessions\"",
                    "table/sessions\"",
                    "PUT-THE-TARGET-ARN-HERE",
                    "\n: in_account aws events put-rule --region=\"$region\"",
                    "put-metric-filter",
                ],
                &["\nin_account aws events"],
            ),
            (rules(), CloudFormation, &["TargetArn", "AWS::Events::Rule", "CloudTrail"], &["PUT-"]),
            (rules(), Terraform, &["aws_cloudwatch_event_rule", "\\\"Scan\\\"", "sessions"], &["PUT-"]),
            // Changes without items, and without a key that is itself the secret.
            (pipe(), AwsCli, &["stream/now", "$.dynamodb.Keys", "create-pipe"], &["NewImage", "OldImage"]),
            (
                secret(SecretClass::Session, Stands::InKey, "id").of_topic("changes-to-siem"),
                AwsCli,
                &["$.eventName", "create-pipe"],
                &["dynamodb.Keys"],
            ),
            (pipe(), Terraform, &["aws:SourceAccount", "aws_pipes_pipe", "LATEST"], &["PUT-", "\"*\""]),
            (pipe(), CloudFormation, &["AWS::IAM::Role", "GetRecords", "AWS::Pipes::Pipe"], &["PUT-"]),
            // Reads as the owner, answers 404, asks for few attributes, overwrites nobody, logs no item.
            (
                django(),
                Boto3,
                &[
                    "default provider chain",
                    "PARTITION = 'id'",
                    "REFERENCE = 'api_key_secret_name'",
                    "ProjectionExpression",
                    "raise Http404",
                    "KeyConditionExpression=Key(PARTITION).eq(owner)",
                    "ConditionExpression=Attr(PARTITION).not_exists()",
                    "get_secret_value",
                    "sensitive_post_parameters",
                    "status=403",
                    "logging.Filter",
                    "DEBUG = False",
                    "CORS_ALLOWED_ORIGINS",
                    "DEFAULT_PERMISSION_CLASSES",
                ],
                &["FilterExpression=", "Limit=", ".scan(", "AWS_ACCESS_KEY_ID"],
            ),
            // A session is found by the hash of its key, and made only where there is none.
            (
                beside("django-sessions"),
                Boto3,
                &[
                    "sha256",
                    "ConsistentRead=True",
                    "item[EXPIRES] > time.time()",
                    "must_create",
                    "JSONSerializer",
                ],
                &["Pickle", ".scan(", "cannot make up"],
            ),
        ],
    );
}

/// A setting of a table in CloudFormation: nothing is replaced, and what only a person knows the stack asks for.
#[test]
fn a_template_changes_one_setting_of_the_table_as_it_is() {
    check_all(
        7,
        &[
            (
                failed("pitr-window-short"),
                CloudFormation,
                &["UpdateReplacePolicy: Retain", "TableName: \"sessions\"", "RecoveryPeriodInDays: 35"],
                &["PUT-", "DeletionPolicy: Delete"],
            ),
            (
                failed("untagged-owner"),
                CloudFormation,
                &["Parameters:", "Key: \"owner\"", "!Ref Value"],
                &["PUT-"],
            ),
            (
                failed("session-table-without-ttl"),
                CloudFormation,
                &["AllowedPattern: .+", "Default: \"no\"", "!If", "AWS::NoValue"],
                &["PUT-"],
            ),
        ],
    );
}

/// What the fix of a check changes is seen before it is copied.
#[test]
fn a_setting_is_told_as_it_is_and_as_it_will_be() {
    let told = |given: Given| {
        diff(&given.finding, &given.facts).map(|lines| {
            let line = |line: &DiffLine| match line {
                DiffLine::Kept(text) => format!(" {text}"),
                DiffLine::Gone(text) => format!("-{text}"),
                DiffLine::New(text) => format!("+{text}"),
            };
            lines.iter().map(line).collect::<Vec<_>>().join(" ")
        })
    };
    let backups = |on, window_days| FactValue::Backups(ContinuousBackups { point_in_time: on, window_days });
    let cases = [
        (
            failed("pitr-off").knows(backups(false, None)),
            Some("-point-in-time recovery: off +point-in-time recovery: on, 35 days"),
        ),
        (
            failed("pitr-window-short").knows(backups(true, Some(7))),
            Some("-recovery window, days: 7 +recovery window, days: 35"),
        ),
        (
            failed("deletion-protection-off").described(|d| d.deletion_protection = Some(false)),
            Some("-deletion protection: off +deletion protection: on"),
        ),
        (
            failed("aws-owned-key").described(|d| d.encryption = Encryption::AwsOwned),
            Some("-key: a key that AWS owns +key: a customer managed key, which the fix makes"),
        ),
        (
            failed("session-table-without-ttl").knows(FactValue::TimeToLive(TimeToLive { attribute: None })),
            Some(
                "-time to live looks at: nothing, it is off +time to live looks at: the attribute that you put in",
            ),
        ),
        (
            failed("untagged-owner").knows(FactValue::Tags(Vec::new())),
            Some("-tag owner: none +tag owner: the value that you put in"),
        ),
        // What it is today is not known, or there is no setting.
        (failed("deletion-protection-off").described(|d| d.deletion_protection = None), None),
        (secret(SecretClass::ApiKey, Stands::Alone, "a"), None),
    ];
    for (given, wanted) in cases {
        let rule = given.finding.rule().to_owned();
        assert_eq!(told(given).as_deref(), wanted, "{rule}");
    }
}

/// A hash is dealt with by its scheme, and by who checks it.
#[test]
fn a_password_hash_is_dealt_with_by_its_scheme() {
    let hash = |rule: &str| secret(SecretClass::PasswordHash, Stands::Alone, "pw").by_rule(rule);
    check_all(
        6,
        &[
            (
                hash("password-hash"),
                AwsCli,
                &[
                    "Argon2id from 19 MiB",
                    "bcrypt from cost 10",
                    "600000",
                    "NTLM",
                    "wrap each",
                    "See the Django snippet",
                ],
                &["ALTER USER", "IterationCount"],
            ),
            (
                hash("database-password-hash"),
                AwsCli,
                &["ALTER USER", "scram-sha-256", "Of another"],
                &["Django", "bcrypt", "no guess"],
            ),
            (hash("identity-password-hash"), AwsCli, &["PBKDF2", "IterationCount"], &["ALTER USER"]),
            (hash("database-password-hash"), Boto3, &["ALTER USER"], &["IterationCount"]),
            (hash("identity-password-hash"), Boto3, &["IterationCount"], &["ALTER USER"]),
            (hash("password-hash"), Boto3, &["that Django made", "pbkdf2_wrapped_md5"], &["ALTER USER"]),
        ],
    );
}

/// Which findings these go with.
#[test]
fn what_goes_beside_which_fix() {
    let of = |given: &Given| -> Vec<&str> {
        topics_of(&given.finding, &given.facts).iter().map(|t| t.id).collect()
    };
    for (given, has) in [
        (secret(SecretClass::ApiKey, Stands::Alone, "a"), "django-application"),
        (secret(SecretClass::ApiKey, Stands::Alone, "a"), "table-role"),
        (secret(SecretClass::Session, Stands::Alone, "a"), "django-sessions"),
        (failed("policy-public"), "guardrail-organization"),
        (failed("policy-cross-account"), "guardrail-organization"),
        (failed("deletion-protection-off"), "guardrail-changes"),
        (failed("no-data-events"), "detection-rules"),
        (failed("no-data-events"), "changes-to-siem"),
        (failed("generic-id-key"), "django-application"),
    ] {
        let all = of(&given);
        assert!(all.contains(&has), "{has} is not in {all:?}");
        assert_eq!(all.first().copied(), given.finding.topic, "its own comes first");
    }
    // Nothing of a wallet is left in the item that an application could read; a hash stays where it is.
    for class in [SecretClass::Wallet, SecretClass::PasswordHash] {
        assert!(!of(&secret(class, Stands::Alone, "a")).contains(&"django-application"), "{}", class.word());
    }
    // A setting has no application beside it.
    assert_eq!(of(&failed("pitr-off")), ["pitr", "guardrail-changes"]);
}
