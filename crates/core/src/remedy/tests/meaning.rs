//! Cases of meaning: given this finding and these facts, a fix says this, in this order, and never that.
//!
//! One line a case. What a fix does to an account is looked at by `tests/tools/meaning.py`, against moto.

mod beside;
mod hand_over;
mod order;
mod traps;

use super::*;
use crate::remedy::policy::proposal;
use crate::remedy::slots::Ask;
use Flavour::{AwsCli, Boto3, CloudFormation, Policy as Json, Terraform};

/// A finding and what is known of its table.
struct Given {
    finding: Finding,
    facts: TableFacts,
    options: Options,
}

/// A secret of a class that stands there, in the attribute of that name, with the facts of every other test.
fn secret(class: SecretClass, stands: Stands, name: &str) -> Given {
    let mut steps = vec![Step::Name(name.into())];
    if matches!(stands, Stands::Inside | Stands::InSession) {
        steps.extend([Step::Layer(Layer::Json), Step::Name("inner".into())]);
    }
    let mut finding = finding("secret-in-item", AttributePath::new(steps));
    finding.topic = topic_for(class, stands);
    // What everybody may read is a case of its own.
    finding.severity = Severity::High;
    let mut facts = facts();
    facts.learn(FactValue::Policy(None), jiff::Timestamp::UNIX_EPOCH);
    facts.learn(FactValue::StreamPolicy(None), jiff::Timestamp::UNIX_EPOCH);
    let mut given = Given { finding, facts, options: Options::default() };
    given.flagged(|f| f.class = class);
    given
}

/// A check that failed, with the facts of every other test.
fn failed(check: &'static str) -> Given {
    let topic = CHECKS.iter().find(|c| c.id == check).and_then(|c| c.topic.topic()).expect(check);
    let mut finding = finding(topic, AttributePath::attribute("a"));
    finding.origin = Origin::Posture(check);
    Given { finding, facts: facts(), options: Options::default() }
}

impl Given {
    fn flagged(&mut self, change: impl FnOnce(&mut Flagged)) {
        if let Origin::Secret(flagged) = &mut self.finding.origin {
            change(flagged);
        }
    }

    fn with(mut self, change: impl FnOnce(&mut Flagged)) -> Self {
        self.flagged(change);
        self
    }

    fn knows(mut self, fact: FactValue) -> Self {
        self.facts.learn(fact, jiff::Timestamp::UNIX_EPOCH);
        self
    }

    /// With another key of the table.
    fn keyed(mut self, change: impl FnOnce(&mut KmsKey)) -> Self {
        if let Fact::Known { value: Some(key), .. } = &mut self.facts.key {
            change(key);
        }
        self
    }

    fn described(mut self, change: impl FnOnce(&mut TableDescription)) -> Self {
        if let Fact::Known { value, .. } = &mut self.facts.description {
            change(value);
        }
        self
    }

    fn at(mut self, change: impl FnOnce(&mut Scope)) -> Self {
        let mut scope = (*self.finding.table.scope).clone();
        change(&mut scope);
        self.finding.table.scope = Arc::new(scope);
        self
    }

    /// In an item with this key.
    fn in_item(self, key: &str) -> Self {
        self.with(|f| {
            f.items.insert(ItemKey::new(&[Safe::neutral(key)]));
        })
    }

    /// By a rule that has an issuer's page.
    fn by_rule(self, rule: &str) -> Self {
        self.with(|f| {
            f.rule = rule.into();
            // As the detector says it where the id of the key stands beside it.
            if rule == "aws-secret-access-key" {
                f.reasons.push(format!("{} at aws_access_key_id", crate::detect::OTHER_HALF));
            }
        })
    }

    /// By another topic than its own, as one of those that go with it.
    fn of_topic(mut self, id: &'static str) -> Self {
        self.finding.topic = Some(id);
        self
    }

    /// Eight items, each with a value of its own.
    fn each_its_own(self) -> Self {
        self.with(|f| (f.count, f.distinct) = (8, 8))
    }

    /// Others can read the table.
    fn exposed(self) -> Self {
        let policy = Policy::parse(POLICY);
        let policy = ResourcePolicy { document: POLICY.into(), policy, revision: Some("7".into()) };
        self.knows(FactValue::Policy(Some(policy)))
    }

    fn text(&self, flavour: Flavour) -> String {
        let topic = self.finding.topic.and_then(topic).expect("a topic");
        let facts = of_one_region(self.facts.clone(), flavour);
        let text = render_topic(topic, &self.finding, flavour, &facts, &self.options).expect(topic.id).text;
        unsuffixed(&self.finding, text)
    }
}

/// What a fix says, in this order, and what it does not say.
type Case<'a> = (Given, Flavour, &'a [&'a str], &'a [&'a str]);

#[track_caller]
fn check_all(about: usize, cases: &[Case<'_>]) {
    assert_eq!(
        page::CASES[about].1,
        cases.len(),
        "{}: docs/remedies.md tells how many",
        page::CASES[about].0
    );
    let mut wrong = Vec::new();
    for (given, flavour, says, never) in cases {
        let text = given.text(*flavour);
        let topic = given.finding.topic.unwrap_or_default();
        let mut rest = text.as_str();
        for part in *says {
            match rest.split_once(part) {
                Some((_, after)) => rest = after,
                None => wrong.push(format!("{topic} {flavour:?}: no {part:?}, in this order")),
            }
        }
        let said = never.iter().filter(|part| text.contains(**part));
        wrong.extend(said.map(|part| format!("{topic} {flavour:?}: {part:?} is in it")));
    }
    assert!(wrong.is_empty(), "{} cases:\n{}", cases.len(), wrong.join("\n"));
}

fn kms(region: &str, manager: KeyManager) -> KmsKey {
    KmsKey {
        arn: format!("arn:aws-us-gov:kms:{region}:111122223333:key/k"),
        manager,
        state: KeyState::Enabled,
        deletion: None,
        account: "111122223333".into(),
        multi_region: false,
        rotatable: true,
    }
}

const TAKEN: &[&str] = &["REMOVE ", "delete-item", "delete_item"];

#[test]
fn each_class_of_secret_has_its_own_way_out() {
    use SecretClass::*;
    use Stands::{Alone, InEach, InIndexKey, InKey, InSession, InSessionStore, Inside};
    check_all(
        0,
        &[
            // A key of AWS: whose, new, stored, switched, watched, Inactive, its sessions, confirmed, deleted, the item.
            (
                secret(AwsKey, Alone, "aws"),
                AwsCli,
                &[
                    "get-access-key-info",
                    "get-access-key-last-used",
                    "create-access-key",
                    "create-secret",
                    "Switch the readers",
                    "get-access-key-last-used",
                    "\n: of_owner aws iam update-access-key",
                    "--status=Inactive",
                    "aws:TokenIssueTime",
                    "\n: of_owner aws iam put-user-policy",
                    "\n: in_account aws dynamodb update-item",
                    "Confirm",
                    "\n: of_owner delete_key",
                ],
                &[
                    "\nin_account aws secretsmanager",
                    "\nof_owner aws iam update-access-key",
                    "\nof_owner aws iam delete-access-key",
                    "PUT-THE-USER",
                ],
            ),
            (
                secret(AwsKey, Alone, "aws").exposed(),
                AwsCli,
                &[
                    "revoke the old one first",
                    "\n: of_owner aws iam update-access-key",
                    "--status=Inactive",
                    "put-user-policy",
                    "create-access-key",
                    "\n: of_owner make_key",
                    "\n: in_account aws secretsmanager create-secret",
                    "dynamodb update-item",
                    "delete-access-key",
                ],
                &["--query=AccessKeyLastUsed"],
            ),
            // What stops it says why.
            (
                secret(AwsKey, Alone, "aws"),
                AwsCli,
                &["Put the id of the key into key-id.txt first", "AWS names no user for this key"],
                &[],
            ),
            // The secret half of a key is replaced with its id, once. By itself it is replaced here.
            (
                secret(AwsKey, Alone, "aws").by_rule("aws-secret-access-key").with(|f| f.reasons.clear()),
                AwsCli,
                &["key-id.txt", "create-access-key", "create-secret"],
                &["They are one pair"],
            ),
            (
                secret(AwsKey, Alone, "aws").by_rule("aws-secret-access-key"),
                AwsCli,
                &["They are one pair", "sessions/aws-access-key-id/", "update-item"],
                &["create-access-key", "create-secret", "delete-access-key", "key-id.txt"],
            ),
            (
                secret(AwsKey, Alone, "aws").by_rule("aws-secret-access-key"),
                Boto3,
                &["They are one pair"],
                &["create_access_key", "delete_access_key", "import datetime"],
            ),
            (
                secret(AwsKey, Alone, "aws"),
                AwsCli,
                &["up to 36 hours", "EndOldSessions", "Deny", "DateLessThan"],
                &[],
            ),
            (secret(AwsKey, Alone, "aws"), AwsCli, &["the root user", "end it in the console"], &[]),
            (
                secret(AwsKey, Alone, "aws"),
                Boto3,
                &[
                    "def new_key",
                    "def switch_off",
                    "Status=\"Inactive\"",
                    "def end_sessions",
                    "aws:TokenIssueTime",
                    "def delete_old",
                    "Switch it off first",
                ],
                &["\nswitch_off(", "\ndelete_old(", "\nnew_key("],
            ),
            (
                secret(AwsKey, Alone, "aws"),
                Terraform,
                &["aws_iam_user_policy", "aws:TokenIssueTime"],
                &["resource \"aws_iam_access_key\""],
            ),
            (secret(AwsKey, Inside, "config"), AwsCli, &["create-access-key", "SET ''#a0'' = :new"], TAKEN),
            (secret(AwsKey, InKey, "id"), Boto3, &["attribute_not_exists(#key)"], TAKEN),
            // Credentials of a session end by themselves; nothing can delete them.
            (
                secret(AwsSession, Alone, "sts"),
                AwsCli,
                &[
                    "up to 36 hours",
                    "PUT-THE-ROLE-NAME-HERE",
                    "aws:TokenIssueTime",
                    "\n: of_session aws iam put-role-policy",
                    "default provider chain",
                    "REMOVE",
                ],
                &["delete-access-key", "secretsmanager", "\nin_account aws iam put-role-policy"],
            ),
            (
                secret(AwsSession, Alone, "sts"),
                Boto3,
                &["put_role_policy", "EndOldSessions"],
                &["\nend_sessions(", "delete_access_key"],
            ),
            (
                secret(AwsSession, Alone, "sts"),
                Terraform,
                &["aws_iam_role_policy", "aws:TokenIssueTime"],
                &[],
            ),
            // Django's key: replaced, no fallback, everybody logs in anew.
            (
                secret(DjangoKey, Alone, "key"),
                AwsCli,
                &[
                    "secrets.token_urlsafe",
                    "create-secret",
                    "never goes into SECRET_KEY_FALLBACKS",
                    "Keep SECRET_KEY_FALLBACKS empty",
                    "logs in anew",
                ],
                &[],
            ),
            (
                secret(DjangoKey, Alone, "key"),
                Boto3,
                &["SECRET_KEY = secret(", "SECRET_KEY_FALLBACKS = []"],
                &["SECRET_KEY_FALLBACKS = [\"", "SECRET_KEY_FALLBACKS = [old"],
            ),
            (
                secret(DjangoKey, Inside, "settings"),
                AwsCli,
                &["SECRET_KEY_FALLBACKS", "SET ''#a0'' = :new"],
                TAKEN,
            ),
            // A database: a second user, both good, then the old one locked.
            (
                secret(Database, Alone, "dsn"),
                AwsCli,
                &[
                    "CREATE ROLE",
                    "ALTER ROLE",
                    "NOLOGIN",
                    "create-secret",
                    "Switch the readers",
                    "Lock the old user",
                    "update-item",
                ],
                &[],
            ),
            (secret(Database, Alone, "dsn"), AwsCli, &["rotate-secret", "alternating users"], &[]),
            (
                secret(Database, Inside, "config"),
                Boto3,
                &["CREATE ROLE", "each(store)", "Switch the readers", "Lock the old user", "each(replace)"],
                TAKEN,
            ),
            (
                secret(Database, Alone, "dsn").exposed(),
                Boto3,
                &["revoke the old one first", "Lock the old user", "CREATE ROLE"],
                &[],
            ),
            // Webhooks: two secrets are good for a while.
            (
                secret(WebhookKey, Alone, "whsec"),
                AwsCli,
                &["second signing secret", "dual signing", "create-secret", "old one end at the sender"],
                &[],
            ),
            (
                secret(WebhookKey, Alone, "whsec"),
                Boto3,
                &["import hmac", "def is_signed", "compare_digest"],
                &["import datetime"],
            ),
            // A private key: a new pair, the certificate revoked, authorized_keys.
            (
                secret(PrivateKey, Alone, "pem"),
                AwsCli,
                &[
                    "new key pair",
                    "issued anew",
                    "create-secret",
                    "revoked by its authority",
                    "keyCompromise",
                    "authorized_keys",
                ],
                &[],
            ),
            (secret(PrivateKey, Inside, "doc"), AwsCli, &["keyCompromise", "SET ''#a0'' = :new"], TAKEN),
            // OAuth: the endpoint, and the owner grants anew.
            (
                secret(RefreshToken, Alone, "token"),
                AwsCli,
                &["grants access anew", "rotation", "revocation endpoint, RFC 7009"],
                &[],
            ),
            (secret(PersonToken, Alone, "token"), Boto3, &["grants access anew", "RFC 7009"], &[]),
            (
                secret(RefreshToken, Alone, "token").exposed(),
                AwsCli,
                &["revoke the old one first", "RFC 7009", "grants access anew"],
                &[],
            ),
            // One per person: encrypted on the client.
            (
                secret(RefreshToken, InEach, "token").of_topic("client-side-encryption"),
                Boto3,
                &[
                    "AWS Database Encryption SDK",
                    "it has no Python",
                    "generate_data_key",
                    "EncryptionContext",
                    "AESGCM",
                    "put_hidden(key, place, value, SEALED",
                ],
                &["create_secret", "dynamodb-encryption-sdk"],
            ),
            (
                secret(ApiKey, InEach, "key").of_topic("client-side-encryption"),
                Boto3,
                &["Nearly every item has its own", "generate_data_key"],
                &["create_secret"],
            ),
            (
                secret(ApiKey, InEach, "key").of_topic("client-side-encryption"),
                Terraform,
                &["aws_kms_key", "enable_key_rotation     = true", "prevent_destroy = true"],
                &["secretsmanager"],
            ),
            (
                secret(ApiKey, InEach, "key").of_topic("client-side-encryption"),
                AwsCli,
                &["kms create-key", "Java, .NET and Rust"],
                &["secretsmanager"],
            ),
            // Rotated first; what takes its place is encrypted, by one key for all of them.
            (
                secret(ApiKey, InEach, "key").each_its_own(),
                AwsCli,
                &[
                    "8 different values in 8 places: repeat the steps",
                    "Revoke the old credential at its issuer",
                ],
                &["kms create-key"],
            ),
            (
                secret(ApiKey, InEach, "key").each_its_own().of_topic("client-side-encryption").exposed(),
                AwsCli,
                &["8 different values in 8 places.", "revoke each first", "at its issuer", "kms create-key"],
                &["repeat the steps", "under a name of its own"],
            ),
            (
                secret(ApiKey, InEach, "key").of_topic("client-side-encryption").exposed(),
                Terraform,
                &["revoke each first", "at its issuer", "aws_kms_key"],
                &[],
            ),
            (
                secret(ApiKey, InEach, "key").of_topic("client-side-encryption"),
                Boto3,
                &["replace and revoke each", "at its issuer", "each(encrypt)"],
                &[],
            ),
            (
                secret(Database, Alone, "dsn"),
                AwsCli,
                &["CREATE ROLE PUT-THE-NEW-USER-HERE", "ALTER ROLE PUT-THE-OLD-USER-HERE"],
                &["app_1", "app_2"],
            ),
            (secret(Unclassified, InEach, "note"), Boto3, &["generate_data_key"], &["create_secret"]),
            // Sessions and tokens: a hash is enough to know them again.
            (
                secret(Session, Alone, "token"),
                AwsCli,
                &["End the sessions", "openssl dgst -sha256", "SET #hash = :hash REMOVE "],
                &["secretsmanager", "update-time-to-live"],
            ),
            (
                secret(Session, Alone, "token"),
                Boto3,
                &["hashlib.sha256", "compare_digest", "put_hidden(key, place, value, HASH"],
                &["create_secret"],
            ),
            (
                secret(Session, InSessionStore, "data"),
                AwsCli,
                &[
                    "deletes whole items",
                    "session store only",
                    "\n: in_account aws dynamodb update-time-to-live",
                ],
                &["\nin_account aws dynamodb update-time-to-live"],
            ),
            (secret(Session, InKey, "id"), AwsCli, &["create-table", "id_sha256"], TAKEN),
            (
                secret(Session, Inside, "doc"),
                AwsCli,
                &["End the sessions that were exposed", "SET ''#a0'' = :new"],
                TAKEN,
            ),
            (secret(ApiKey, InSession, "data"), AwsCli, &["End the sessions"], TAKEN),
            (
                secret(ResetToken, Alone, "reset"),
                AwsCli,
                &["short life", "PASSWORD_RESET_TIMEOUT", "good once", "SET #hash = :hash"],
                &["secretsmanager"],
            ),
            (
                secret(ResetToken, Alone, "reset"),
                Boto3,
                &["expire_at", "PASSWORD_RESET_TIMEOUT"],
                &["create_secret"],
            ),
            (
                secret(OneTimeLink, Alone, "link"),
                AwsCli,
                &["Make it worthless", "good once"],
                &["secretsmanager"],
            ),
            (
                secret(SignedLink, Alone, "url"),
                AwsCli,
                &[
                    "not revoked by itself",
                    "aws:TokenIssueTime",
                    "sign when somebody asks, for minutes",
                    "name of the object",
                ],
                &["secretsmanager"],
            ),
            // A password of a person is hashed now, and its owner chooses another.
            (
                secret(Password, Alone, "password"),
                Boto3,
                &["REMOVE", "must_reset", "make_password(value[\"S\"])", "Force the reset"],
                &["create_secret", "\nhash_now("],
            ),
            (secret(Password, Alone, "password"), Boto3, &["A password of a service is a credential"], &[]),
            (
                secret(Password, Alone, "password"),
                AwsCli,
                &["Hash all that is there at once", "Force a reset"],
                TAKEN,
            ),
            (
                secret(PasswordHash, Alone, "hash"),
                Boto3,
                &["Argon2PasswordHasher", "PBKDF2PasswordHasher", "force_reset"],
                TAKEN,
            ),
            (secret(PasswordHash, Inside, "doc"), Boto3, &["PASSWORD_HASHERS"], TAKEN),
            (secret(PasswordHash, InKey, "id"), AwsCli, &["Let few read it"], TAKEN),
            (
                secret(SecondFactor, Alone, "totp"),
                Boto3,
                &["kms.encrypt", "attribute_not_exists({beside(path)})", "enrol anew"],
                TAKEN,
            ),
            (secret(SecondFactor, Inside, "doc"), AwsCli, &["enrol anew"], TAKEN),
            // Nobody revokes a wallet: the funds move first, and only then the item changes.
            (
                secret(Wallet, Alone, "seed"),
                AwsCli,
                &[
                    "no issuer",
                    "Make a new wallet",
                    "Move all funds",
                    "Wait until the transfers are final",
                    "\n: in_account aws dynamodb update-item",
                ],
                &["rotate the"],
            ),
            (
                secret(Wallet, Alone, "seed"),
                Boto3,
                &["Move all funds", "each(remove)", "last of all"],
                &["\nremove("],
            ),
            (secret(Wallet, Inside, "doc"), Boto3, &["Move all funds", "each(replace)"], TAKEN),
            // What may be the only copy is kept.
            (
                secret(Unclassified, Alone, "note"),
                AwsCli,
                &["nothing is taken out of the item", "create-secret", "same"],
                TAKEN,
            ),
            (
                secret(KeyMaterial, Alone, "fernet"),
                AwsCli,
                &["what was encrypted under it is lost with it", "create-secret"],
                TAKEN,
            ),
            (secret(KeyMaterial, Inside, "doc"), AwsCli, &["SET ''#a0'' = :new"], TAKEN),
            (
                secret(Unclassified, Inside, "note"),
                AwsCli,
                &["Find out what it is", "SET ''#a0'' = :new"],
                TAKEN,
            ),
            // In a key of an index alone: another index, not another table.
            (secret(Session, InIndexKey, "day"), AwsCli, &["day_sha256", "_v2"], &["create-table"]),
            (
                secret(ApiKey, InKey, "id"),
                Terraform,
                &["Do not change hash_key", "id_sha256", "prevent_destroy = true"],
                &[],
            ),
        ],
    );
}

/// What is wrong with one statement, and what becomes of it: the topic, the statements before, those after.
#[track_caller]
fn becomes(check: &'static str, before: &str, after: &str) {
    let own = r#"{"Sid":"Own","Effect":"Allow","Principal":{"AWS":"arn:aws-us-gov:iam::111122223333:role/own"},"Action":"dynamodb:GetItem","Resource":"*"}"#;
    let document = format!(r#"{{"Version":"2012-10-17","Statement":[{own},{before}]}}"#);
    let given = failed(check).knows_policy(check, &document);
    let ask = Ask { finding: &given.finding, facts: &given.facts, options: &given.options };
    let proposed = proposal(&ask).unwrap_or_else(|why| panic!("{check}: {why:?}"));
    let text = proposed.after.text();
    let found: serde_json::Value = serde_json::from_str(text).expect("JSON");
    let wanted: serde_json::Value = serde_json::from_str(&format!(
        r#"{{"Version":"2012-10-17","Statement":[{}]}}"#,
        [own, after].into_iter().filter(|s| !s.is_empty()).collect::<Vec<_>>().join(",")
    ))
    .expect(after);
    assert_eq!(found, wanted, "{check}: {before}");
    assert!(text.contains(own), "{check}: the other statement stays as it is written: {text}");
    assert!(!proposed.changes.is_empty(), "{check}: nothing is said of it");
    BECAME.set(BECAME.get() + 1);
}

thread_local! {
    /// How many statements were looked at.
    static BECAME: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

impl Given {
    /// Under the policy that a check is about.
    fn knows_policy(self, check: &str, document: &str) -> Self {
        let policy = Policy::parse(document);
        let own =
            ResourcePolicy { document: document.into(), policy: policy.clone(), revision: Some("7".into()) };
        match check {
            "key-policy-open" => self.knows(FactValue::KeyPolicy(Some(policy))),
            "backup-vault-open" => {
                self.knows(FactValue::Vaults(vec![Vault { name: "vault-a".into(), policy: Some(policy) }]))
            }
            check if check.starts_with("stream-") => self.knows(FactValue::StreamPolicy(Some(own))),
            _ => self.knows(FactValue::Policy(Some(own))),
        }
    }
}

/// A template with such a text would bring a secret of the account into a policy that others read.
#[test]
fn a_dynamic_reference_is_in_no_template() {
    let told = |value: &str| {
        let document = format!(
            r#"{{"Statement":[{{"Sid":"S","Effect":"Allow","Principal":"*","Action":"dynamodb:GetItem","Resource":"*"}},{{"Sid":"T","Effect":"Deny","Principal":"*","Action":"dynamodb:Scan","Resource":"*","Condition":{{"StringEquals":{{"aws:PrincipalTag/t":"{value}"}}}}}}]}}"#
        );
        let given = failed("policy-public")
            .described(|d| d.replicas.clear())
            .knows_policy("policy-public", &document);
        render(&given.finding, CloudFormation, &given.facts).map(|snippet| snippet.text)
    };
    assert!(told("plain").is_ok_and(|text| text.contains("plain")));
    assert_eq!(told("{{resolve:ssm:/prod/password}}"), Err(Needs::NoTemplate));
}

#[test]
fn a_policy_is_changed_in_the_statement_that_is_wrong() {
    let allow = |principal: &str, action: &str, more: &str| {
        format!(
            r#"{{"Sid":"S","Effect":"Allow","Principal":{principal},"Action":{action},"Resource":"*"{more}}}"#
        )
    };
    let get = r#""dynamodb:GetItem""#;
    let root = r#"{"AWS":"arn:aws-us-gov:iam::111122223333:root"}"#;
    let role = r#"{"AWS":"arn:aws-us-gov:iam::111122223333:role/app"}"#;
    let tls = |resource: &str| {
        format!(
            r#"{{"Sid":"DenyPlainHttp","Effect":"Deny","Principal":"*","Action":"dynamodb:*","Resource":{resource},"Condition":{{"Bool":{{"aws:SecureTransport":"false"}}}}}}"#
        )
    };
    let table = "arn:aws-us-gov:dynamodb:us-gov-west-1:111122223333:table/sessions";
    let both = format!(r#"["{table}","{table}/index/*"]"#);
    for check in ["policy-public", "stream-policy-public"] {
        becomes(check, &allow(r#""*""#, get, ""), &allow(root, get, ""));
        becomes(check, &allow(r#"{"AWS":"*"}"#, get, ""), &allow(root, get, ""));
        becomes(
            check,
            r#"{"Sid":"S","Effect":"Allow","NotPrincipal":{"AWS":"arn:aws-us-gov:iam::111122223333:root"},"Action":"dynamodb:GetItem"}"#,
            "",
        );
    }
    for check in ["policy-cross-account", "stream-policy-cross-account"] {
        becomes(
            check,
            &allow(
                r#"{"AWS":["arn:aws-us-gov:iam::444455556666:role/x","arn:aws-us-gov:iam::111122223333:role/app"]}"#,
                get,
                "",
            ),
            &allow(r#"{"AWS":["arn:aws-us-gov:iam::111122223333:role/app"]}"#, get, ""),
        );
        becomes(
            check,
            &allow(
                r#"{"AWS":["444455556666"],"Service":"events.amazonaws.com"}"#,
                get,
                r#","Condition":{"StringEquals":{"aws:SourceAccount":"111122223333"}}"#,
            ),
            &allow(
                r#"{"Service":"events.amazonaws.com"}"#,
                get,
                r#","Condition":{"StringEquals":{"aws:SourceAccount":"111122223333"}}"#,
            ),
        );
    }
    let of = |kind: &str, value: &str| format!(r#","Condition":{{"{kind}":{value}}}"#);
    for check in ["policy-cross-account", "stream-policy-cross-account"] {
        // A service for the sake of this account and of others goes on for this one.
        let service = r#"{"Service":"events.amazonaws.com"}"#;
        becomes(
            check,
            &allow(
                service,
                get,
                &of("StringEquals", r#"{"aws:SourceAccount":["111122223333","444455556666"]}"#),
            ),
            &allow(service, get, &of("StringEquals", r#"{"aws:SourceAccount":"111122223333"}"#)),
        );
    }
    for check in ["policy-weak-condition", "stream-policy-weak-condition"] {
        becomes(
            check,
            &allow(r#""*""#, get, &of("IpAddress", r#"{"aws:SourceIp":"203.0.113.0/24"}"#)),
            &allow(
                r#""*""#,
                get,
                r#","Condition":{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"},"StringEquals":{"aws:PrincipalAccount":"111122223333"}}"#,
            ),
        );
    }
    for check in ["policy-service-unbound", "stream-policy-service-unbound"] {
        let service = r#"{"Service":"events.amazonaws.com"}"#;
        becomes(
            check,
            &allow(service, get, ""),
            &allow(service, get, &of("StringEquals", r#"{"aws:SourceAccount":"111122223333"}"#)),
        );
        becomes(
            check,
            &allow(service, get, &of("StringEquals", r#"{"aws:RequestedRegion":"us-gov-west-1"}"#)),
            &allow(
                service,
                get,
                &of(
                    "StringEquals",
                    r#"{"aws:RequestedRegion":"us-gov-west-1","aws:SourceAccount":"111122223333"}"#,
                ),
            ),
        );
    }
    for check in ["policy-whole-account", "stream-policy-whole-account"] {
        let named = r#"{"AWS":"arn:aws-us-gov:iam::444455556666:role/PUT-THE-ROLE-OF-444455556666-HERE"}"#;
        becomes(check, &allow(r#"{"AWS":"444455556666"}"#, get, ""), &allow(named, get, ""));
        becomes(
            check,
            &allow(r#"{"AWS":"arn:aws-us-gov:iam::444455556666:root"}"#, get, ""),
            &allow(named, get, ""),
        );
        becomes(
            check,
            &allow(r#""*""#, get, &of("StringEquals", r#"{"aws:PrincipalAccount":"444455556666"}"#)),
            &allow(
                r#"{"AWS":["arn:aws-us-gov:iam::444455556666:role/PUT-THE-ROLE-OF-444455556666-HERE"]}"#,
                get,
                &of("StringEquals", r#"{"aws:PrincipalAccount":"444455556666"}"#),
            ),
        );
    }
    // Actions by name; the indexes, which know two of them, in a statement of their own.
    let data = r#"["dynamodb:BatchGetItem","dynamodb:BatchWriteItem","dynamodb:ConditionCheckItem","dynamodb:DeleteItem","dynamodb:DescribeTable","dynamodb:GetItem","dynamodb:PartiQLDelete","dynamodb:PartiQLInsert","dynamodb:PartiQLSelect","dynamodb:PartiQLUpdate","dynamodb:PutItem","dynamodb:Query","dynamodb:Scan","dynamodb:UpdateItem"]"#;
    let apart = format!(
        r#"{{"Sid":"S","Effect":"Allow","Principal":{role},"Action":{data},"Resource":"{table}"}},{{"Sid":"SIndexes","Effect":"Allow","Principal":{role},"Action":["dynamodb:PartiQLSelect","dynamodb:Query","dynamodb:Scan"],"Resource":"{table}/index/*"}}"#
    );
    becomes("policy-wildcard-action", &allow(role, r#""dynamodb:*""#, ""), &apart);
    becomes("policy-wildcard-action", &allow(role, r#"["*"]"#, ""), &apart);
    becomes(
        "policy-wildcard-action",
        &allow(role, r#""dynamodb:*""#, "").replace(r#""Resource":"*""#, &format!(r#""Resource":"{table}""#)),
        &format!(r#"{{"Sid":"S","Effect":"Allow","Principal":{role},"Action":{data},"Resource":"{table}"}}"#),
    );
    becomes(
        "stream-policy-wildcard-action",
        &allow(role, r#""dynamodb:*""#, ""),
        &allow(role, r#"["dynamodb:DescribeStream","dynamodb:GetRecords","dynamodb:GetShardIterator"]"#, "")
            .replace(r#""Resource":"*""#, &format!(r#""Resource":"{table}/stream/now""#)),
    );
    becomes(
        "policy-can-change-itself",
        &allow(role, r#"["dynamodb:PutResourcePolicy","dynamodb:GetItem"]"#, ""),
        &allow(role, r#"["dynamodb:GetItem"]"#, ""),
    );
    becomes("policy-can-change-itself", &allow(role, r#""dynamodb:*""#, ""), &apart);
    // A pattern is written out as what it allows, and what NotAction left out stays out.
    becomes(
        "policy-can-change-itself",
        &allow(role, r#"["dynamodb:Query","dynamodb:Put*"]"#, ""),
        &allow(role, r#"["dynamodb:PutItem","dynamodb:Query"]"#, ""),
    );
    becomes(
        "policy-can-change-itself",
        &allow(role, r#"["dynamodb:*Policy","dynamodb:DescribeT*"]"#, ""),
        &allow(
            role,
            r#"["dynamodb:DescribeTable","dynamodb:DescribeTableReplicaAutoScaling","dynamodb:DescribeTimeToLive","dynamodb:GetResourcePolicy"]"#,
            "",
        ),
    );
    let all_but = |actions: &str| {
        format!(
            r#"{{"Sid":"S","Effect":"Allow","Principal":{role},"NotAction":{actions},"Resource":"{table}"}}"#
        )
    };
    becomes(
        "policy-wildcard-action",
        &all_but(
            r#"["dynamodb:Scan","dynamodb:Delete*","dynamodb:*Write*","dynamodb:Put*","dynamodb:Update*","dynamodb:PartiQL*"]"#,
        ),
        &format!(
            r#"{{"Sid":"S","Effect":"Allow","Principal":{role},"Action":["dynamodb:BatchGetItem","dynamodb:ConditionCheckItem","dynamodb:DescribeTable","dynamodb:GetItem","dynamodb:Query"],"Resource":"{table}"}}"#
        ),
    );
    // Services that stand beside everyone stay; users and roles beside a service send no aws:SourceAccount.
    becomes(
        "policy-public",
        &allow(r#"{"AWS":"*","Service":"glue.amazonaws.com"}"#, get, ""),
        &allow(r#"{"AWS":"arn:aws-us-gov:iam::111122223333:root","Service":"glue.amazonaws.com"}"#, get, ""),
    );
    becomes(
        "policy-service-unbound",
        &allow(
            r#"{"Service":"redshift.amazonaws.com","AWS":"arn:aws-us-gov:iam::111122223333:role/app"}"#,
            get,
            "",
        ),
        &format!(
            r#"{},{{"Sid":"SServices","Effect":"Allow","Principal":{{"Service":"redshift.amazonaws.com"}},"Action":{get},"Resource":"*","Condition":{{"StringEquals":{{"aws:SourceAccount":"111122223333"}}}}}}"#,
            allow(role, get, "")
        ),
    );
    becomes(
        "policy-service-unbound",
        &allow(r#"{"Service":"replication.dynamodb.amazonaws.com"}"#, get, ""),
        &allow(
            r#"{"Service":"replication.dynamodb.amazonaws.com"}"#,
            get,
            &of(
                "StringEquals",
                r#"{"aws:SourceAccount":["111122223333","PUT-THE-ACCOUNTS-OF-THE-REPLICAS-HERE"]}"#,
            ),
        ),
    );
    // Whoever comes by an organization or a network is of the own account, too, and stays.
    for condition in [r#"{"aws:PrincipalOrgID":"o-1"}"#, r#"{"aws:SourceVpce":"vpce-1"}"#] {
        let both = condition.replacen('}', r#","aws:PrincipalAccount":"111122223333"}"#, 1);
        becomes(
            "policy-cross-account",
            &allow(r#""*""#, get, &of("StringEquals", condition)),
            &allow(r#""*""#, get, &of("StringEquals", &both)),
        );
    }
    becomes(
        "policy-cross-account",
        &allow(
            r#""*""#,
            get,
            &of("StringEquals", r#"{"aws:PrincipalAccount":["111122223333","444455556666"]}"#),
        ),
        &allow(r#""*""#, get, &of("StringEquals", r#"{"aws:PrincipalAccount":"111122223333"}"#)),
    );
    // What is not public is not the business of that finding.
    let vpce = r#"{"Sid":"V","Effect":"Allow","Principal":"*","Action":"dynamodb:GetItem","Resource":"*","Condition":{"StringEquals":{"aws:SourceVpce":"vpce-1"}}}"#;
    becomes(
        "policy-public",
        &format!("{vpce},{}", allow(r#""*""#, get, "")),
        &format!("{vpce},{}", allow(root, get, "")),
    );
    becomes(
        "policy-orphan-principal",
        &allow(r#"{"AWS":["AROAEXAMPLEEXAMPLE111","arn:aws-us-gov:iam::111122223333:role/app"]}"#, get, ""),
        &allow(r#"{"AWS":["arn:aws-us-gov:iam::111122223333:role/app"]}"#, get, ""),
    );
    becomes("policy-no-tls-deny", &allow(role, get, ""), &format!("{},{}", allow(role, get, ""), tls(&both)));
    // Of a key: nobody from outside, and a way in for the account.
    let administration = r#"{"Sid":"KeyAdministration","Effect":"Allow","Principal":{"AWS":"arn:aws-us-gov:iam::111122223333:root"},"Action":"kms:*","Resource":"*"}"#;
    let decrypt = r#""kms:Decrypt""#;
    becomes(
        "key-policy-open",
        &format!("{},{}", administration, allow(r#""*""#, decrypt, "")),
        &format!("{},{}", administration, allow(root, decrypt, "")),
    );
    becomes(
        "key-policy-open",
        &allow(r#""*""#, decrypt, ""),
        &format!("{},{administration}", allow(root, decrypt, "")),
    );
    becomes(
        "key-policy-open",
        &allow(r#""*""#, decrypt, &of("StringLike", r#"{"kms:ViaService":"dynamodb.*.amazonaws.com"}"#)),
        &format!(
            "{},{administration}",
            allow(
                r#""*""#,
                decrypt,
                r#","Condition":{"StringLike":{"kms:ViaService":"dynamodb.*.amazonaws.com"},"StringEquals":{"kms:CallerAccount":"111122223333"}}"#
            )
        ),
    );
    becomes(
        "key-policy-open",
        &allow(r#"{"AWS":["444455556666","111122223333"]}"#, r#""kms:*""#, ""),
        &allow(r#"{"AWS":["111122223333"]}"#, r#""kms:*""#, ""),
    );
    becomes(
        "backup-vault-open",
        &allow(r#""*""#, r#""backup:CopyIntoBackupVault""#, ""),
        &allow(root, r#""backup:CopyIntoBackupVault""#, ""),
    );
    becomes(
        "backup-vault-open",
        &allow(r#"{"AWS":["444455556666","111122223333"]}"#, r#""backup:CopyIntoBackupVault""#, ""),
        &allow(r#"{"AWS":["111122223333"]}"#, r#""backup:CopyIntoBackupVault""#, ""),
    );
    assert_eq!(page::CASES[1].1, BECAME.get(), "docs/remedies.md tells how many");
}

#[test]
fn a_statement_that_lets_in_nobody_else_goes_and_the_last_one_leaves_a_deny() {
    let given = |check: &'static str, document: &str| {
        let given = failed(check).knows_policy(check, document);
        let ask = Ask { finding: &given.finding, facts: &given.facts, options: &given.options };
        proposal(&ask).map(|p| {
            let after = Policy::parse(p.after.text());
            after.statements.iter().map(|s| s.sid.clone().unwrap_or_default()).collect::<Vec<_>>()
        })
    };
    let foreign = r#"{"Sid":"F","Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"dynamodb:GetItem","Resource":"*"}"#;
    let organization = r#"{"Sid":"O","Effect":"Allow","Principal":"*","Action":"dynamodb:GetItem","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1"}}}"#;
    let own = r#"{"Sid":"Own","Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"dynamodb:GetItem","Resource":"*"}"#;
    let index = r#"{"Sid":"I","Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"dynamodb:Query","Resource":"arn:aws-us-gov:dynamodb:us-gov-west-1:111122223333:table/sessions/index/wide","Condition":{"Bool":{"aws:SecureTransport":"true"}}}"#;
    let orphan = r#"{"Sid":"G","Effect":"Allow","Principal":{"AWS":"AROAEXAMPLEEXAMPLE111"},"Action":"dynamodb:GetItem","Resource":"*"}"#;
    let of = |all: &str| format!(r#"{{"Statement":[{all}]}}"#);
    for (check, statements, left) in [
        ("policy-cross-account", format!("{foreign},{own}"), vec!["Own"]),
        ("policy-cross-account", format!("{own},{organization}"), vec!["Own", "O"]),
        ("policy-cross-account", format!("{foreign},{own},{organization}"), vec!["Own", "O"]),
        ("policy-cross-account", foreign.to_owned(), vec!["DenyPlainHttp"]),
        ("policy-index-apart", format!("{own},{index}"), vec!["Own"]),
        ("policy-orphan-principal", format!("{orphan},{own}"), vec!["Own"]),
        ("policy-orphan-principal", orphan.to_owned(), vec!["DenyPlainHttp"]),
    ] {
        assert_eq!(given(check, &of(&statements)).expect(check), left, "{check}: {statements}");
        let given = failed(check).knows_policy(check, &of(&statements));
        for flavour in [AwsCli, Boto3, Terraform, CloudFormation] {
            let named =
                given.text(flavour).contains("# One more statement, DenyPlainHttp: it was the only one");
            assert_eq!(named, left == ["DenyPlainHttp"], "{check} {flavour:?}: {statements}");
        }
    }
    // What a program does not edit is said, and nothing is offered to be put.
    for (check, document) in [
        ("policy-no-tls-deny", format!(r#"{{"Statement":{own}}}"#)),
        ("policy-cross-account", format!(r#"{{"Statement":{foreign}}}"#)),
        ("policy-public", "no JSON".to_owned()),
        (
            "policy-public",
            r#"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"a","Odd":1}]}"#.to_owned(),
        ),
        (
            "policy-public",
            r#"{"Statement":[{"Effect":"Allow","Principal":"*","Principal":"*","Action":"a"}]}"#.to_owned(),
        ),
        ("policy-public", of(own)),
    ] {
        assert!(given(check, &document).is_err(), "{check}: {document}");
        let given = failed(check).knows_policy(check, &document);
        for flavour in [AwsCli, Boto3, Terraform] {
            let text = given.text(flavour);
            for never in ["put-resource-policy", "= jsonencode("] {
                assert!(!text.contains(never), "{check} {flavour:?}: {never}: {text}");
            }
            assert!(text.contains("by hand"), "{check} {flavour:?}: {text}");
        }
    }
    // One statement that stands without a list is edited in place where that can be done.
    let alone = failed("policy-public").knows_policy(
        "policy-public",
        r#"{"Statement":{"Effect":"Allow","Principal":"*","Action":"dynamodb:GetItem","Resource":"*"}}"#,
    );
    assert!(alone.text(AwsCli).contains("without a Sid: only the account"), "{}", alone.text(AwsCli));
}

#[test]
fn a_policy_is_put_over_the_revision_that_was_read_and_nothing_else() {
    let foreign = r#"{"Statement":[{"Sid":"F","Effect":"Allow","Principal":{"AWS":"777788889999"},"Action":"dynamodb:GetItem","Resource":"*"}]}"#;
    check_all(
        2,
        &[
            (
                failed("policy-public"),
                AwsCli,
                &[
                    "Statement Open, number 1: only the account 111122223333",
                    "Stops working",
                    "all callers from outside",
                    "--query='[RevisionId,Policy]'",
                    "policy.before.json",
                    "revision='1700000000000'",
                    "\n: in_account aws dynamodb put-resource-policy",
                    "--expected-revision-id=\"$revision\"",
                    "# Verify",
                    "get-resource-policy",
                ],
                &[
                    "\nin_account aws dynamodb put-resource-policy",
                    "delete-resource-policy",
                    "To be put in first",
                ],
            ),
            (
                failed("policy-public"),
                Boto3,
                &["POLICY = {", "ExpectedRevisionId=revision", "def put", "Somebody changed the policy"],
                &["\nput()", "delete_resource_policy"],
            ),
            (
                failed("policy-public"),
                Terraform,
                &["jsonencode({", "import {", "aws_dynamodb_resource_policy"],
                &["file(\"${path"],
            ),
            (
                failed("policy-public"),
                CloudFormation,
                &[
                    "AWS::DynamoDB::Table",
                    "UpdateReplacePolicy: Retain",
                    "KeySchema:",
                    "ResourcePolicy:",
                    "PolicyDocument: {",
                ],
                &["!Sub"],
            ),
            (
                failed("policy-public"),
                Json,
                &["\"Sid\": \"Open\"", ":root"],
                &["#", "\"Principal\": \"*\",\n      \"Action\": \"dynamodb:GetItem\""],
            ),
            (
                failed("stream-policy-public"),
                AwsCli,
                &[
                    "the stream",
                    "resource='arn:aws-us-gov:dynamodb:us-gov-west-1:111122223333:table/sessions/stream/now'",
                    "put-resource-policy",
                ],
                &[],
            ),
            (
                failed("stream-policy-public"),
                CloudFormation,
                &["StreamSpecification:", "StreamViewType: \"NEW_IMAGE\"", "ResourcePolicy:"],
                &[],
            ),
            (failed("stream-policy-wildcard-action"), Json, &["dynamodb:GetRecords"], &["dynamodb:Scan"]),
            (
                failed("policy-no-tls-deny"),
                AwsCli,
                &["a Deny of plain HTTP", "\"aws:SecureTransport\": \"false\""],
                &["narrow Principal"],
            ),
            (
                failed("policy-no-tls-deny"),
                Json,
                &[
                    "\"DenyPlainHttp\"",
                    "\"Effect\": \"Deny\"",
                    "table/sessions\"",
                    "table/sessions/index/*\"",
                    "aws:SecureTransport",
                ],
                &[],
            ),
            (
                failed("policy-no-tls-deny").knows(FactValue::Policy(None)),
                AwsCli,
                &["revision='NO_POLICY'", "--expected-revision-id"],
                &[],
            ),
            (
                failed("policy-no-tls-deny").knows(FactValue::Policy(None)),
                Boto3,
                &["READ = json.dumps(None)", "\"NO_POLICY\""],
                &[],
            ),
            (
                failed("policy-no-tls-deny").knows(FactValue::Policy(None)),
                Terraform,
                &["resource \"aws_dynamodb_resource_policy\""],
                &["import {"],
            ),
            (
                failed("policy-whole-account").knows_policy("policy-whole-account", foreign),
                AwsCli,
                &[
                    "To be put in first, by you: PUT-THE-ROLE-OF-777788889999-HERE",
                    "in_account()",
                    "*PUT-*-HERE*",
                    "grep -qs",
                ],
                &[],
            ),
            (
                failed("policy-whole-account").knows_policy("policy-whole-account", foreign),
                Boto3,
                &["\"PUT-\" in json.dumps(POLICY)"],
                &[],
            ),
            (
                failed("policy-whole-account").knows_policy("policy-whole-account", foreign),
                Terraform,
                &["precondition", "strcontains(local.policy, \"PUT-\")"],
                &[],
            ),
            (
                failed("key-policy-open"),
                AwsCli,
                &[
                    "without one nobody could ever again",
                    "get-key-policy",
                    "KeyAdministration",
                    "\n: in_account aws kms put-key-policy",
                    "policy.put.json",
                ],
                &["put-resource-policy", "\nin_account aws kms put"],
            ),
            (
                failed("key-policy-open"),
                Boto3,
                &["get_key_policy", "put_key_policy", "Somebody changed the policy"],
                &["put_resource_policy"],
            ),
            (failed("key-policy-open"), CloudFormation, &["AWS::KMS::Key", "KeyPolicy: {"], &[]),
            (
                failed("key-policy-open"),
                Terraform,
                &["aws_kms_key_policy", "policy = local.policy"],
                &["enable_key_rotation"],
            ),
            (
                failed("backup-vault-open"),
                AwsCli,
                &[
                    "get-backup-vault-access-policy",
                    "\n: in_account aws backup put-backup-vault-access-policy",
                ],
                &["\nin_account aws backup put"],
            ),
            (
                failed("backup-vault-open"),
                CloudFormation,
                &["AWS::Backup::BackupVault", "AccessPolicy: {"],
                &[],
            ),
            (failed("backup-vault-open"), Boto3, &["put_backup_vault_access_policy"], &[]),
        ],
    );
    let lines = diff(&failed("policy-no-tls-deny").finding, &facts()).expect("a diff");
    assert!(lines.iter().any(|l| matches!(l, DiffLine::New(text) if text.contains("aws:SecureTransport"))));
    assert!(!lines.iter().any(|l| matches!(l, DiffLine::Gone(text) if text.contains("Sid"))), "{lines:?}");
    assert_eq!(diff(&secret(SecretClass::ApiKey, Stands::Alone, "a").finding, &facts()), None);
}

#[test]
fn what_a_check_asks_for_is_what_its_fix_does() {
    check_all(
        3,
        &[
            // A role reaches its own items only; a request without a partition key is refused.
            (
                failed("guessable-keys"),
                Json,
                &[
                    "ForAllValues:StringEquals",
                    "dynamodb:LeadingKeys",
                    "${aws:PrincipalTag/tenant}",
                    "\"Null\"",
                    "\"dynamodb:LeadingKeys\": \"false\"",
                ],
                &["dynamodb:Scan", "dynamodb:*"],
            ),
            (failed("guessable-keys"), Terraform, &["$${aws:PrincipalTag/tenant}"], &["\"${aws:"]),
            (
                failed("guessable-keys"),
                CloudFormation,
                &["AWS::IAM::ManagedPolicy", "${aws:PrincipalTag/tenant}"],
                &["!Sub"],
            ),
            (
                failed("guessable-keys"),
                Boto3,
                &["raise Http404", "KeyConditionExpression", "SPECIFIC_ATTRIBUTES", "ProjectionExpression"],
                &["FilterExpression=", "        Limit=", "        ConditionExpression="],
            ),
            (failed("generic-id-key"), Boto3, &["raise Http404"], &["create-policy"]),
            // On demand is never told to scale.
            (
                failed("provisioned-without-scaling"),
                AwsCli,
                &[
                    "table/sessions table Read 5",
                    "table/sessions table Write 6",
                    "register-scalable-target",
                    "put-scaling-policy",
                    "\n: in_account scale",
                ],
                &["\nin_account aws"],
            ),
            (
                failed("provisioned-without-scaling"),
                Terraform,
                &["aws_appautoscaling_target", "max_capacity       = each.value.least * 10"],
                &[],
            ),
            (
                failed("no-access-analyzer"),
                AwsCli,
                &["accessanalyzer create-analyzer", "--type=ACCOUNT"],
                &[],
            ),
            (failed("no-access-analyzer"), CloudFormation, &["AWS::AccessAnalyzer::Analyzer"], &[]),
            (
                failed("pitr-off"),
                CloudFormation,
                &[
                    "UpdateReplacePolicy: Retain",
                    "AttributeDefinitions:",
                    "KeySchema:",
                    "PointInTimeRecoveryEnabled: true",
                    "RecoveryPeriodInDays: 35",
                ],
                &["PointInTimeRecoveryEnabled: false"],
            ),
            (
                failed("deletion-protection-off"),
                CloudFormation,
                &["GlobalSecondaryIndexes:", "DeletionProtectionEnabled: true"],
                &[],
            ),
            (
                failed("aws-owned-key"),
                CloudFormation,
                &["EnableKeyRotation: true", "kms:*", "KMSMasterKeyId: !GetAtt TableKey.Arn"],
                &[],
            ),
            (
                failed("key-rotation-off"),
                AwsCli,
                &["enable-key-rotation", "--rotation-period-in-days=365"],
                &[],
            ),
            (
                failed("key-pending-deletion"),
                AwsCli,
                &["cancel-key-deletion", "enable-key"],
                &["\n: in_account aws kms cancel"],
            ),
            (
                failed("kinesis-destination"),
                AwsCli,
                &["\n: in_account aws dynamodb disable-kinesis-streaming-destination"],
                &["\nin_account aws dynamodb disable"],
            ),
            (
                failed("untagged-owner"),
                AwsCli,
                &["To be put in first, by you: PUT-THE-VALUE-HERE", "\"Key\":\"owner\""],
                &[],
            ),
            (
                failed("pitr-window-short"),
                AwsCli,
                &["older than 20 days", "RecoveryPeriodInDays=35"],
                &["Enabled=false"],
            ),
            (failed("no-data-events"), Boto3, &["keep(json", "[*selectors, ADD]"], &["\nadd()"]),
        ],
    );
    let on_demand = failed("provisioned-without-scaling").described(|d| d.billing = Billing::OnDemand);
    assert_eq!(fixes(&on_demand.finding, &on_demand.facts), []);
}

#[test]
fn every_fact_that_is_known_is_used() {
    use SecretClass::{ApiKey, AwsKey};
    let key = || secret(ApiKey, Stands::Alone, "api_key").by_rule("stripe-secret-key");
    let two = |d: &mut TableDescription| {
        d.key.sort = Some(KeyAttribute { name: "at".into(), kind: KeyType::N });
    };
    let replicas = |own: Option<KeyManager>| {
        let weak = ReplicaKey { region: "us-gov-east-1".into(), key: None };
        failed("replica-key-weaker")
            .knows(FactValue::Key(own.map(|manager| kms("us-gov-west-1", manager))))
            .knows(FactValue::ReplicaKeys(vec![weak]))
    };
    check_all(
        4,
        &[
            // The issuer's page is in the copied text.
            (key(), AwsCli, &["Example, how to rotate it: https://"], &[]),
            (key(), Boto3, &["how to rotate it: https://"], &[]),
            (key(), Terraform, &["how to rotate it: https://"], &[]),
            // A link is whole, and no word of the program is spoilt by a `_`.
            (
                key().by_rule("cloudflare-tunnel-token").with(|f| f.title = "A token (classic)".into()),
                AwsCli,
                &["# A token, classic, how to rotate it: https://", "/remote-tunnel-permissions/\n"],
                &["_classic_"],
            ),
            // How many there are, of which the keys are known, and how the rest is found.
            (
                key().in_item("order-1").with(|f| f.count = 10),
                AwsCli,
                &[
                    "10 places hold one. Keys of it that are known here: 1. Once those",
                    "audit the table again",
                ],
                &["more-keys.json"],
            ),
            // No name is invented, and time to live does not promise to be quick.
            (
                secret(SecretClass::Session, Stands::InSessionStore, "data")
                    .of_topic("ttl")
                    .knows(FactValue::TimeToLive(TimeToLive { attribute: None })),
                AwsCli,
                &[
                    "deletions by time to live are free in the Region",
                    "replicated write",
                    "within a few days",
                    "PUT-THE-ATTRIBUTE-HERE",
                ],
                &["expires_at", "go at once"],
            ),
            (
                secret(SecretClass::Session, Stands::InSessionStore, "data")
                    .of_topic("ttl")
                    .described(|d| d.replicas.clear()),
                Terraform,
                &["deletions by time to live are free.", "!strcontains(local.ttl_attribute"],
                &["replicated write"],
            ),
            // The new table is under the key of the old one.
            (
                secret(SecretClass::Session, Stands::InKey, "id")
                    .knows(FactValue::Key(Some(kms("us-gov-west-1", KeyManager::Customer)))),
                AwsCli,
                &["--sse-specification='Enabled=true,SSEType=KMS,KMSMasterKeyId=arn:", "--billing-mode"],
                &[],
            ),
            (
                secret(SecretClass::Session, Stands::InKey, "id")
                    .knows(FactValue::Key(Some(kms("us-gov-west-1", KeyManager::Customer)))),
                Terraform,
                &["server_side_encryption", "kms_key_arn = \"arn:"],
                &[],
            ),
            (
                secret(SecretClass::Session, Stands::InKey, "id").knows(FactValue::Key(None)),
                AwsCli,
                &["create-table"],
                &["--sse-specification"],
            ),
            // The key of the item, by a file for its owner alone; a name for the secret that nobody has to invent.
            (
                key().in_item("order-1"),
                AwsCli,
                &[
                    "sessions/stripe-secret-key/api_key/item-",
                    "The key of the item is the one that was seen",
                    r#"'{"id":{"S":"order-1"}}'"#,
                ],
                &["To be put in first"],
            ),
            (
                key().in_item("order-1"),
                Boto3,
                &[r#"{"id":{"S":"order-1"}}"#],
                &["sessions/stripe-secret-key/PUT-"],
            ),
            (key().in_item("order-1").in_item("order-2"), AwsCli, &["more-keys.json", "order-2"], &[]),
            (
                key().described(two).in_item("a / 7"),
                AwsCli,
                &[r#"{"id":{"S":"a"},"at":{"N":"7"}}"#],
                &["To be put in first"],
            ),
            (
                key().described(two).in_item("a / b / 7"),
                AwsCli,
                &["To be put in first, by you: PUT-A-NAME-FOR-THE-ITEM-HERE, PUT-THE-KEY-HERE"],
                &["a / b"],
            ),
            (
                key().in_item("sk_live_\u{2022}\u{2022}\u{2022}\u{2022}"),
                AwsCli,
                &["PUT-THE-KEY-HERE"],
                &["sk_live"],
            ),
            (
                Given {
                    options: Options { mask_keys: true, ..Options::default() },
                    ..key().in_item("kim@shop.example")
                },
                AwsCli,
                &["PUT-THE-KEY-HERE"],
                &["kim@shop"],
            ),
            (
                Given { options: Options { profile: Some("it's".into()), ..Options::default() }, ..key() },
                AwsCli,
                &[
                    r#"aws sts get-caller-identity --profile='it'"'"'s' "#,
                    r#"update-item --profile='it'"'"'s' "#,
                ],
                &["AWS_PROFILE"],
            ),
            // How many values there are is what was counted.
            (
                key().with(|f| (f.count, f.distinct) = (9, 2)),
                AwsCli,
                &["2 different values in 9 places"],
                &["Up to"],
            ),
            (
                key().with(|f| (f.count, f.distinct) = (9, 1)),
                AwsCli,
                &["One value in 9 places", "name='sessions/stripe-secret-key/api_key'"],
                &["PUT-A-NAME"],
            ),
            // The account is checked before anything is made.
            (
                key(),
                AwsCli,
                &[
                    "get-caller-identity --query Account --output text)\" = '111122223333' ] || {",
                    "in_account aws secretsmanager create-secret",
                    "\n: in_account aws dynamodb update-item",
                ],
                &["exit"],
            ),
            (
                key(),
                Boto3,
                &[
                    "ACCOUNT = '111122223333'",
                    "get_caller_identity()[\"Account\"] != ACCOUNT",
                    "raise SystemExit",
                ],
                &[],
            ),
            (
                failed("pitr-off"),
                AwsCli,
                &["get-caller-identity", "in_account aws dynamodb update-continuous-backups"],
                &["\naws dynamodb update"],
            ),
            (failed("pitr-off"), Boto3, &["get_caller_identity", "update_continuous_backups"], &[]),
            (failed("key-rotation-off"), Boto3, &["get_caller_identity", "enable_key_rotation"], &[]),
            (
                failed("pitr-off")
                    .at(|s| s.account.clear())
                    .described(|d| d.arn = "arn:aws-us-gov:dynamodb:us-gov-west-1::table/sessions".into()),
                AwsCli,
                &["in_account"],
                &["get-caller-identity"],
            ),
            // The endpoint.
            (
                failed("pitr-off")
                    .at(|s| s.endpoint = Some("http://localhost:8000".into()))
                    .described(|d| d.arn = "arn:aws:dynamodb:ddblocal:000000000000:table/sessions".into()),
                AwsCli,
                &["update-continuous-backups --endpoint-url='http://localhost:8000'"],
                &["get-caller-identity"],
            ),
            (
                failed("pitr-off")
                    .at(|s| s.endpoint = Some("http://localhost:8000".into()))
                    .described(|d| d.arn = "arn:aws:dynamodb:ddblocal:000000000000:table/sessions".into()),
                Boto3,
                &["endpoint_url='http://localhost:8000'"],
                &["get_caller_identity"],
            ),
            (
                failed("pitr-off").at(|s| {
                    s.endpoint = Some("https://vpce-1.dynamodb.us-gov-west-1.vpce.amazonaws.com".into())
                }),
                AwsCli,
                &["get-caller-identity", "--endpoint-url="],
                &[],
            ),
            (
                key().at(|s| s.endpoint = Some("http://127.0.0.1:8000".into())),
                AwsCli,
                // All of it: what went to AWS itself would change an account that was never looked at.
                &["create-secret --endpoint-url=", "get-item --endpoint-url=", "update-item --endpoint-url="],
                &["kms --endpoint-url"],
            ),
            // Grants, by their ids.
            (
                failed("key-grant-foreign"),
                AwsCli,
                &["for grant in 'foreign-grant'; do", "\n: in_account aws kms revoke-grant"],
                &["own-grant", "PUT-THE-GRANT"],
            ),
            (
                failed("key-grant-foreign"),
                Boto3,
                &["\"foreign-grant\"", "revoke_grant"],
                &["own-grant", "\nrevoke("],
            ),
            // The cluster of before.
            (
                failed("dax-no-tls"),
                AwsCli,
                &[
                    "--cluster-name='cache-b-tls'",
                    "--node-type='dax.r5.large'",
                    "--replication-factor='3'",
                    "'dax-subnets'",
                    r#"'["sg-1","sg-2"]'"#,
                    "'default.dax1.0'",
                ],
                &["To be put in first"],
            ),
            (
                failed("dax-unencrypted"),
                Terraform,
                &["\"dax.r5.large\"", "\"dax-subnets\"", "\"cache-a-tls\""],
                &["To be put in first"],
            ),
            // Replicas: one update of every Region, the own included.
            (
                replicas(Some(KeyManager::Customer)),
                AwsCli,
                &["for there in 'us-gov-east-1'", "--replica-updates=file://"],
                &["--sse-specification", "KEY-OF-us-gov-west"],
            ),
            (
                replicas(Some(KeyManager::Aws)),
                AwsCli,
                &[
                    "KEY-OF-us-gov-west-1-HERE",
                    "KEY-OF-us-gov-east-1-HERE",
                    "for there in 'us-gov-west-1' 'us-gov-east-1'",
                ],
                &["--sse-specification"],
            ),
            (
                replicas(None),
                Boto3,
                &["KEY-OF-us-gov-west-1-HERE", "ReplicaUpdates=updates"],
                &["SSESpecification"],
            ),
            (
                failed("aws-owned-key"),
                AwsCli,
                &["The table has replicas", "--replica-updates=file://"],
                &["--sse-specification"],
            ),
            (failed("aws-owned-key"), Boto3, &["ReplicaUpdates=updates"], &["SSESpecification={"]),
            (
                failed("aws-owned-key").described(|d| d.replicas.clear()),
                AwsCli,
                &["--sse-specification=\"Enabled=true,SSEType=KMS,KMSMasterKeyId=$key\""],
                &["--replica-updates"],
            ),
            (
                failed("aws-managed-key").described(|d| d.replicas.clear()),
                Terraform,
                &["kms_key_arn = aws_kms_key.table.arn"],
                &["output"],
            ),
            // The trail's home Region, and the partition.
            (
                failed("trail-not-logging"),
                AwsCli,
                &["region='us-gov-east-1'", "start-logging"],
                &["us-gov-west-1'"],
            ),
            (failed("no-data-events"), AwsCli, &["arn:aws-us-gov:", "put-event-selectors"], &["arn:aws:"]),
            // Time to live is one setting for all Regions, and a name has to be put in.
            (
                failed("ttl-on-wrong-attribute"),
                AwsCli,
                &["deletes in all Regions", "PUT-THE-ATTRIBUTE-HERE"],
                &[],
            ),
            (failed("session-table-without-ttl"), Boto3, &["Name the attribute first"], &["\nlet_expire("]),
            (failed("ttl-on-wrong-attribute"), Boto3, &["RIGHT.startswith(\"PUT-\")"], &["\nswitch_on("]),
            // An index with its whole key, what it carries, and its capacity.
            (
                secret(ApiKey, Stands::Alone, "size")
                    .described(|d| {
                        d.indexes[1].projection = Projection::Include(vec!["size".into(), "kept".into()])
                    })
                    .about("index-projection"),
                AwsCli,
                &[
                    "\"ProjectionType\":\"INCLUDE\",\"NonKeyAttributes\":[\"kept\"]",
                    "\"ReadCapacityUnits\":5,\"WriteCapacityUnits\":6",
                ],
                &[],
            ),
            (
                secret(ApiKey, Stands::Alone, "size")
                    .described(|d| {
                        d.indexes[1].more_partition =
                            vec![KeyAttribute { name: "tenant".into(), kind: KeyType::S }];
                        d.indexes[1].more_sort =
                            vec![KeyAttribute { name: "second".into(), kind: KeyType::N }];
                        d.indexes[1].capacity = Some((11, 12));
                    })
                    .about("index-projection"),
                AwsCli,
                &[
                    "\"AttributeName\":\"day\"",
                    "\"AttributeName\":\"tenant\",\"AttributeType\":\"S\"",
                    "\"AttributeName\":\"tenant\",\"KeyType\":\"HASH\"",
                    "\"AttributeName\":\"second\",\"KeyType\":\"RANGE\"",
                    "\"ReadCapacityUnits\":11,\"WriteCapacityUnits\":12",
                ],
                &[],
            ),
            (
                secret(ApiKey, Stands::Alone, "size")
                    .described(|d| d.billing = Billing::OnDemand)
                    .about("index-projection"),
                AwsCli,
                &["\"Create\""],
                &["ProvisionedThroughput"],
            ),
            // What was deleted since is not copied again.
            (
                secret(ApiKey, Stands::InKey, "id"),
                Boto3,
                &["was deleted by the application: it stays gone", "if mark in done"],
                &[],
            ),
            // Others can read it: said, and the order is another.
            (
                key().exposed(),
                AwsCli,
                &[
                    "it counts as leaked",
                    "revoke the old one first",
                    "Revoke the old credential",
                    "a new credential",
                    "create-secret",
                ],
                &["second credential"],
            ),
            (
                key(),
                AwsCli,
                &[
                    "second credential",
                    "create-secret",
                    "Switch the readers",
                    "Revoke the old credential",
                    "update-item",
                    "Copies that still hold",
                ],
                &["it counts as leaked"],
            ),
            (
                Given { finding: Finding { unknown: vec![Missing::Items], ..key().finding }, ..key() },
                AwsCli,
                &["is not known: find out first"],
                &["it counts as leaked"],
            ),
            (
                secret(AwsKey, Stands::Alone, "a").exposed(),
                Boto3,
                &["revoke the old one first", "switch_off(key_id())", "new_key(key, key_id())"],
                &[],
            ),
            // A reference stays, and the readers have their code.
            (
                key(),
                Boto3,
                &["api_key_secret_name", "def secret(name: str)", "SET #name = :name REMOVE "],
                &[],
            ),
            // Copies, with what is known of when they go.
            (
                key().knows(FactValue::OnDemandBackups(vec![Backup {
                    arn: Some("arn".into()),
                    name: "nightly".into(),
                    kind: "USER".into(),
                    created: Some(jiff::Timestamp::UNIX_EPOCH),
                    expires: None,
                    status: "AVAILABLE".into(),
                }])),
                AwsCli,
                &["On-demand backups: nightly, the whole table of 1970-01-01, until somebody deletes it"],
                &[],
            ),
            (
                key(),
                AwsCli,
                &[
                    "Index wide: follows the item",
                    "24 hours",
                    "Replica in us-gov-east-1",
                    "20 days",
                    "Do not switch it off",
                ],
                &[],
            ),
        ],
    );
}

impl Given {
    /// About another topic.
    fn about(mut self, topic: &'static str) -> Self {
        self.finding.topic = Some(topic);
        self
    }
}

#[test]
fn a_hand_over_has_all_that_the_next_one_needs() {
    let mut one = secret(SecretClass::AwsKey, Stands::Alone, "aws").exposed();
    static PRINT: Message = Message::new("print", "{fingerprint}");
    one.finding.evidence.push(PRINT.with("fingerprint", "FINGERPRINT-EXAMPLE"));
    let two = failed("pitr-off").knows(FactValue::Policy(None)).knows(FactValue::StreamPolicy(None));
    let book = runbook([(&two.finding, &two.facts), (&one.finding, &one.facts)], &Options::default());
    let mut rest = book.as_str();
    for part in [
        "# Hand-over",
        "| 1 |",
        "| 2 |",
        "## 1.",
        "it counts as leaked",
        "### Ask",
        "The owner of the table",
        "### Steps",
        "1. [ ] ",
        "### Copies to purge",
        "20 days",
        "### Verify",
        "### Undo",
        "<details>",
        "AWS CLI",
        "## 2.",
    ] {
        let Some((_, after)) = rest.split_once(part) else {
            panic!("no {part:?}, in this order, in\n{book}")
        };
        rest = after;
    }
    for never in [
        "FINGERPRINT-EXAMPLE",
        "boto3 tab",
        "named above",
        "named below",
        "recovery is off",
        "### Verify\n\ns",
    ] {
        assert!(!book.contains(never), "{never}: {book}");
    }
}

#[test]
fn fixes_are_every_language_of_the_topic_and_of_those_that_go_with_it() {
    let told = |given: &Given| {
        let all = fixes(&given.finding, &given.facts);
        // What stands beside them has a test of its own.
        let beside =
            ["django-", "table-role", "attribute-role", "guardrail-", "detection-rules", "changes-to-siem"];
        let steps = all.iter().filter(|f| !beside.iter().any(|id| f.topic.starts_with(id)));
        steps.map(|f| format!("{} {}", f.topic, f.flavour.word())).collect::<Vec<_>>().join(", ")
    };
    assert_eq!(
        told(&failed("policy-public")),
        "policy-public aws-cli, policy-public terraform, policy-public boto3, policy-public policy"
    );
    // A table with replicas is another kind of resource there.
    assert_eq!(
        told(&failed("policy-public").described(|d| d.replicas.clear())),
        "policy-public aws-cli, policy-public terraform, policy-public boto3, policy-public cloudformation, policy-public policy"
    );
    assert_eq!(
        told(&secret(SecretClass::AwsKey, Stands::InKey, "id")),
        "secret-as-key aws-cli, secret-as-key terraform, secret-as-key boto3, aws-access-key aws-cli, aws-access-key terraform, aws-access-key boto3"
    );
    assert_eq!(
        told(&secret(SecretClass::ApiKey, Stands::InEach, "key").each_its_own()),
        "secret-in-item aws-cli, secret-in-item terraform, secret-in-item boto3, client-side-encryption aws-cli, client-side-encryption terraform, client-side-encryption boto3"
    );
    assert_eq!(
        told(&secret(SecretClass::ApiKey, Stands::InKey, "id")),
        "secret-as-key aws-cli, secret-as-key terraform, secret-as-key boto3"
    );
    assert_eq!(
        told(&secret(SecretClass::AwsKey, Stands::Alone, "a").by_rule("aws-secret-access-key")),
        "aws-access-key aws-cli, aws-access-key boto3"
    );
    assert_eq!(told(&secret(SecretClass::Ciphertext, Stands::Alone, "a")), "");
    let fixes = fixes(&failed("untagged-owner").finding, &facts());
    assert_eq!(fixes[0].placeholders, ["PUT-THE-VALUE-HERE"]);
}
