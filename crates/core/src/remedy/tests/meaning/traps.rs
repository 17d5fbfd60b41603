//! What people who pasted fixes ran into: a value that goes without a copy, a key that is deleted while it is in use, a cure
//! for another illness. Each is a case of what stands in the way of it now.

use super::*;

fn element(class: SecretClass) -> Given {
    let mut given = secret(class, Stands::Alone, "tags");
    given.flagged(|f| f.path = AttributePath::new(vec![Step::Name("tags".into()), Step::Any]));
    given
}

#[test]
fn what_people_ran_into_is_in_the_way_now() {
    use SecretClass::{
        ApiKey, AwsKey, AwsSession, Database, OneTimeLink, Password, PasswordHash, PrivateKey, RefreshToken,
        ResetToken, SecondFactor, Session, SignedLink, Wallet,
    };
    use Stands::{Alone, InEach, InSessionStore, Inside};
    let key = || secret(ApiKey, Alone, "api_key");
    let role = |check| {
        let mut given = failed(check);
        given.finding.evidence = vec![
            evidence("role-open-to-anybody", "role", "reader"),
            evidence("role-open-to-anybody", "role", "ci"),
        ];
        given
    };
    check_all(
        9,
        &[
            // A newer value is never taken out without a copy.
            (key(), Boto3, &["kept.read() != as_text(value)", "It is another value than in"], &[]),
            // Nothing goes before it is stored.
            (
                key(),
                AwsCli,
                &[
                    "stored=$(test ! -s \"$dir/secret.part\" || aws secretsmanager describe-secret",
                    "\nrm -f \"$dir/values.json\"\n",
                ],
                &[],
            ),
            (key(), Boto3, &["store it first", "demand(reference or name_of(key))"], &[]),
            (secret(ApiKey, Inside, "doc"), Boto3, &["demand(reference)"], &[]),
            (secret(Wallet, Alone, "seed"), AwsCli, &["'REMOVE '"], &["describe-secret", "$stored"]),
            // A PEM text is stored whole, and everything else without the line break of an editor.
            (
                secret(PrivateKey, Alone, "pem"),
                Boto3,
                &["(\"-----BEGIN\" in value) != (\"-----END\" in value)", "Nothing was stored."],
                &[],
            ),
            (
                secret(PrivateKey, Alone, "pem"),
                AwsCli,
                &[
                    "grep -q -e -----BEGIN",
                    "printf %s \"$(cat \"$dir/secret.txt\")\"",
                    "file://\"$dir/secret.part\"",
                ],
                &["file://\"$dir/secret.txt\""],
            ),
            // Of a JSON text only the value changes: no number is read and written again.
            (
                secret(ApiKey, Inside, "doc"),
                Boto3,
                &["text[:begin]", "+ text[end:]", "def place_of("],
                &["json.dumps(document"],
            ),
            // What leaves a local index is said, before it does.
            (
                secret(ApiKey, Alone, "day")
                    .described(|d| d.indexes.iter_mut().for_each(|i| i.global = false)),
                AwsCli,
                &["It is in the key of a local index"],
                &[],
            ),
            (secret(ApiKey, Alone, "day"), AwsCli, &["REMOVE "], &["local index"]),
            // A set loses the one element, and the other elements of a list keep their places.
            (
                element(ApiKey),
                Boto3,
                &["SET {PATH} = :new", "\"SS\", \"NS\", \"BS\"", "DELETE {PATH} :new"],
                &["REMOVE \" + PATH"],
            ),
            (
                element(ApiKey),
                AwsCli,
                &[
                    "SET ''#a0[PUT-THE-POSITION-HERE]'' = :name",
                    "DELETE ''#a0'' :element",
                    "element.put.json",
                ],
                &["'REMOVE '"],
            ),
            (element(ApiKey), AwsCli, &["| grep -q PUT- ||"], &[]),
            (
                element(ApiKey).of_topic("client-side-encryption"),
                Boto3,
                &["null]", "put_hidden(key, place, value, SEALED"],
                &[],
            ),
            (element(OneTimeLink), Boto3, &["null]", "put_hidden(key, place, value, HASH"], &[]),
            // A key in use is not deleted, in whatever order somebody takes the colons away.
            (
                secret(AwsKey, Alone, "id"),
                AwsCli,
                &["].Status\")\" = Inactive || {", "\n: of_owner delete_key"],
                &["
: of_owner aws iam delete-access-key"],
            ),
            // The first moment stays, and the account is that of the session.
            (
                secret(AwsSession, Alone, "sts"),
                Boto3,
                &["get_access_key_info", "EndOldSessions\" in iam.list_role_policies", "each(remove)"],
                &["as the AWS CLI snippet does"],
            ),
            (
                secret(AwsSession, Alone, "sts"),
                AwsCli,
                &[
                    "get-access-key-info",
                    "GetSessionToken",
                    "Identity Center",
                    "\n: of_session aws iam put-role-policy",
                ],
                &["in_account aws iam"],
            ),
            // What is worth nothing once it has ended is stored nowhere.
            (
                secret(Session, Inside, "note"),
                AwsCli,
                &["End the sessions", "the word moved"],
                &["secretsmanager", "successor"],
            ),
            (
                secret(ResetToken, Inside, "note"),
                Boto3,
                &["\"moved\"", "PASSWORD_RESET_TIMEOUT", "each(replace)"],
                &["secretsmanager"],
            ),
            (
                secret(SignedLink, Inside, "link"),
                AwsCli,
                &["what ends it is its signer", "store the name of the object", "= :new"],
                &["secretsmanager", "PUT-A-NAME"],
            ),
            (
                secret(SignedLink, Inside, "link"),
                Boto3,
                &["aws:TokenIssueTime", "each(replace)"],
                &["put_secret"],
            ),
            // A token that nobody looks up is not ended by deleting it.
            (
                secret(Session, Alone, "t").with(|f| f.rule = "jwt".into()),
                AwsCli,
                &["good until its exp", "another signing key", "deny list"],
                &[],
            ),
            (secret(Session, Alone, "t"), AwsCli, &["End the sessions"], &["good until its exp"]),
            // Every kind of database has its words.
            (
                secret(Database, Alone, "dsn"),
                AwsCli,
                &["MongoDB: db.createUser", "Redis: ACL SETUSER", "ACCOUNT LOCK", "DISABLE", "rabbitmqctl"],
                &[],
            ),
            (secret(Database, Alone, "dsn"), Boto3, &["CREATE USER", "CLIENT KILL USER"], &[]),
            // Some issuers end the whole grant.
            (
                secret(RefreshToken, Alone, "t"),
                AwsCli,
                &["end the whole grant", "oauth2.googleapis.com/revoke"],
                &[],
            ),
            // A key of Google has no certificate.
            (
                secret(PrivateKey, Alone, "a").with(|f| {
                    f.path =
                        AttributePath::new(vec![Step::Name("sa".into()), Step::Name("private_key".into())]);
                }),
                AwsCli,
                &["gcloud iam service-accounts keys create", "keys disable KEY-ID"],
                &[],
            ),
            (secret(PrivateKey, Alone, "pem"), AwsCli, &["keyCompromise"], &["gcloud"]),
            // One at a time.
            (key(), AwsCli, &["Where it gives one at a time, the"], &[]),
            // Weak hashes are wrapped by code that logins check, and what leaked is said to have leaked.
            (
                secret(PasswordHash, Alone, "hash"),
                Boto3,
                &["def wrap(", "PBKDF2WrappedSHA1PasswordHasher", "MD5PasswordHasher", "{path} = :old"],
                &["REMOVE", "delete_item"],
            ),
            (
                secret(PasswordHash, Alone, "hash").exposed(),
                AwsCli,
                &["they leaked. Close that way first"],
                &["If hashes leaked"],
            ),
            (secret(PasswordHash, Alone, "hash"), AwsCli, &["If hashes leaked"], &["they leaked"]),
            (
                secret(PasswordHash, Alone, "hash"),
                Terraform,
                &["\"Null\"", "\"dynamodb:Attributes\"", "[\"false\"]"],
                &[],
            ),
            (secret(SecondFactor, Alone, "totp").exposed(), Boto3, &["enrol anew now"], &[]),
            (
                secret(Password, InEach, "password"),
                Boto3,
                &["make_password", "must_reset"],
                &["generate_data_key"],
            ),
            (
                secret(Password, InSessionStore, "password").exposed(),
                AwsCli,
                &["Hash all that is there at once"],
                &[],
            ),
            // The key of the table opens for whom the table opens.
            (
                failed("aws-owned-key"),
                AwsCli,
                &["kms:CallerAccount", "kms:ViaService", "s/REGION-OF-THE-KEY/$there/g"],
                &["${key:?}"],
            ),
            (
                failed("aws-owned-key"),
                CloudFormation,
                &["kms:ViaService", "dynamodb.us-gov-west-1.amazonaws.com"],
                &["REGION-OF"],
            ),
            // Selectors of somebody else are not dropped.
            (
                failed("no-data-events"),
                AwsCli,
                &["FieldSelectors", "selectors.put.json", "rm -f"],
                &["grep -q Name"],
            ),
            // An index that stays behind throttles the table.
            (
                failed("provisioned-without-scaling").described(|d| {
                    for index in d.indexes.iter_mut().filter(|index| index.name == "wide") {
                        (index.global, index.capacity) = (true, Some((3, 4)));
                    }
                }),
                AwsCli,
                &[
                    "table/sessions table Write",
                    "table/sessions/index/wide index Read 3",
                    "index/wide index Write 4",
                ],
                &[],
            ),
            // Services that act for somebody outside are kept out, too; AWS Backup goes on.
            (
                key().of_topic("guardrail-organization"),
                AwsCli,
                &["aws:SourceOrgID", "\"Null\"", "aws:SourceAccount"],
                &[],
            ),
            (
                key().of_topic("guardrail-changes"),
                AwsCli,
                &["disable or delete keys", "service-role/AWSBackupDefaultServiceRole"],
                &[],
            ),
            // A trail that is stopped tells of nothing else.
            (
                key().of_topic("detection-rules"),
                AwsCli,
                &["aws.backup", "PutEventSelectors", "StopLogging", "$.awsRegion", "$.recipientAccountId"],
                &[],
            ),
            (
                key().of_topic("detection-rules"),
                Terraform,
                &["CreateGrant", "aws_cloudwatch_event_rule\" \"trail"],
                &[],
            ),
            // What scales already keeps its limits.
            (
                failed("provisioned-without-scaling")
                    .knows(FactValue::Scaling(vec!["dynamodb:table:ReadCapacityUnits".into()])),
                AwsCli,
                &["table Write", "describe-scaling-policies", "[ \"$targets\" != 0 ] ||"],
                &["table Read"],
            ),
            // A key that is not switched off is not switched on.
            (
                failed("key-disabled-or-lost").keyed(|k| k.state = KeyState::Other("PendingImport".into())),
                AwsCli,
                &["import-key-material", "describe-key"],
                &["kms enable-key"],
            ),
            (
                failed("key-disabled-or-lost").keyed(|k| k.state = KeyState::Other("Unavailable".into())),
                Boto3,
                &["connect_custom_key_store"],
                &["enable_key("],
            ),
            (
                failed("key-disabled-or-lost").keyed(|k| k.state = KeyState::Disabled),
                AwsCli,
                &["kms enable-key"],
                &[],
            ),
            // What shows keys is switched off, not only left behind.
            (
                failed("insights-on-secret-key").knows(FactValue::Insights(ContributorInsights {
                    table: true,
                    indexes: vec!["by-token".into()],
                })),
                AwsCli,
                &[
                    "\n: in_account aws dynamodb update-contributor-insights",
                    "for index in 'by-token'",
                    "DISABLE",
                ],
                &["create-table"],
            ),
            // A setting of one Region is none of the others.
            (failed("pitr-off"), AwsCli, &["a setting of each Region by itself"], &[]),
            (failed("deletion-protection-off"), AwsCli, &["a setting of each Region by itself"], &[]),
            (failed("pitr-off").described(|d| d.replicas.clear()), AwsCli, &[], &["each Region by itself"]),
            // Who was found to read too much may not write more.
            (
                failed("leading-keys-bypassed"),
                Flavour::Policy,
                &["dynamodb:Query"],
                &["PutItem", "DeleteItem", "Scan"],
            ),
            // Without what was there nothing is put.
            (
                failed("policy-public"),
                AwsCli,
                &["test -s \"$dir/policy.before.json\" && cp", "--policy=file://\"$dir/policy.put.json\""],
                &["--policy=file://\"$dir/policy.json\""],
            ),
            // Two secrets of one rule in one item have a name each, and so do the elements of a list.
            (
                secret(ApiKey, Alone, "token_a").in_item("1"),
                AwsCli,
                &["name='sessions/example-rule/token_a/item-"],
                &[],
            ),
            (
                element(ApiKey).in_item("1"),
                AwsCli,
                &["name='sessions/example-rule/tags-", "/PUT-THE-POSITION-HERE'"],
                &[],
            ),
            (element(ApiKey), Boto3, &["for step in STEPS if isinstance(step, int)"], &[]),
            // Something that is there already is not written over.
            (key(), AwsCli, &["attribute_not_exists(#name)"], &[]),
            (key(), Boto3, &["attribute_not_exists(#name)"], &[]),
            (secret(ResetToken, Alone, "reset"), AwsCli, &["attribute_not_exists(#hash)"], &[]),
            (
                secret(Password, Alone, "password"),
                Boto3,
                &["is_hash(value[\"S\"])", "attribute_not_exists({hashed})"],
                &[],
            ),
            // One inside a document is that of a service: the document stays.
            (
                secret(Password, Inside, "doc"),
                Boto3,
                &["def without", "demand(reference)"],
                &["make_password"],
            ),
            // A directory that somebody else made is not used.
            (key(), AwsCli, &["-user \"$(id -u)\"", "is-not-yours"], &[]),
            (key(), Boto3, &["st_uid != os.getuid()"], &[]),
            // Half of a secret is not stored, and neither is the one of before.
            (
                key(),
                AwsCli,
                &["rm -f \"$dir/secret.part\" \"$dir/secret.new\"", "mv \"$dir/secret.new\""],
                &[],
            ),
            // Hashes without a salt are wrapped, too.
            (
                secret(PasswordHash, Alone, "password"),
                Boto3,
                &["PBKDF2WrappedPlainMD5PasswordHasher", "PBKDF2WrappedPlainSHA256PasswordHasher"],
                &[],
            ),
            // Of a key that begins with what kind of item it is, that beginning stays.
            (
                secret(ApiKey, Stands::InKey, "id").with(|f| f.part = true),
                Boto3,
                &["def is_secret", "prefix + hashlib.sha256"],
                &[],
            ),
            // Links of other clouds, tokens of other issuers.
            (secret(SignedLink, Alone, "url"), AwsCli, &["Of Azure", "Of Google"], &[]),
            (secret(RefreshToken, Alone, "refresh"), AwsCli, &["revokeSignInSessions"], &[]),
            // Who may take on a role: read, edited by a person, put only over what was read.
            (
                role("role-open-to-guests"),
                AwsCli,
                &[
                    "for role in 'ci' 'reader'",
                    "before.json",
                    "amr is",
                    "update-assume-role-policy",
                    "\n: in_account put_trust",
                ],
                &["\nin_account put", "ExternalId"],
            ),
            (
                role("role-token-subject-open"),
                AwsCli,
                &["sts.amazonaws.com", "ref:refs/heads/main"],
                &["amr"],
            ),
            (
                role("role-foreign-trust"),
                Boto3,
                &["sts:ExternalId", "today(role) != before"],
                &["\nput_trust("],
            ),
        ],
    );
}
