//! Holds what must be true of every template, and the traps of single topics.

use std::sync::Arc;

use super::fill::{Piece, known, pieces, state, whole};
use super::*;
use crate::domain::*;
use crate::posture::CHECKS;

mod meaning;
mod shapes;

/// A policy with a statement for each thing that may be wrong with one.
pub(super) const POLICY: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {"Sid": "Open", "Effect": "Allow", "Principal": "*", "Action": "dynamodb:GetItem", "Resource": "*"},
    {"Sid": "Shared", "Effect": "Allow", "Principal": {"AWS": ["arn:aws-us-gov:iam::444455556666:role/guest", "arn:aws-us-gov:iam::111122223333:role/app"]}, "Action": "dynamodb:GetItem", "Resource": "*"},
    {"Sid": "All", "Effect": "Allow", "Principal": {"AWS": "arn:aws-us-gov:iam::111122223333:role/admin"}, "Action": "dynamodb:*", "Resource": "*"},
    {"Sid": "Whole", "Effect": "Allow", "Principal": {"AWS": "777788889999"}, "Action": "dynamodb:Query", "Resource": "*"},
    {"Sid": "Address", "Effect": "Allow", "Principal": "*", "Action": "dynamodb:Query", "Resource": "*", "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}},
    {"Sid": "Service", "Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "dynamodb:PutItem", "Resource": "*"},
    {"Sid": "Changer", "Effect": "Allow", "Principal": {"AWS": "arn:aws-us-gov:iam::111122223333:role/ci"}, "Action": ["dynamodb:PutResourcePolicy", "dynamodb:GetItem"], "Resource": "*"},
    {"Sid": "ByIndex", "Effect": "Allow", "Principal": {"AWS": "arn:aws-us-gov:iam::111122223333:role/report"}, "Action": "dynamodb:Query", "Resource": "arn:aws-us-gov:dynamodb:us-gov-west-1:111122223333:table/sessions/index/wide"},
    {"Sid": "Orphan", "Effect": "Allow", "Principal": {"AWS": ["AROAEXAMPLEEXAMPLE111", "arn:aws-us-gov:iam::111122223333:role/app"]}, "Action": "dynamodb:GetItem", "Resource": "*"}
  ]
}"#;

/// The same policy as that of another service has it.
pub(super) fn policy_of(action: &str) -> Policy {
    Policy::parse(&POLICY.replace("dynamodb:GetItem", action))
}

static EXAMPLE: Message = Message::new("example", "{example}");

fn table(name: &str) -> TableRef {
    let scope = Scope {
        partition: "aws-us-gov".into(),
        account: "111122223333".into(),
        region: "us-gov-west-1".into(),
        endpoint: None,
    };
    TableRef::new(&Arc::new(scope), name)
}

fn finding(topic: &'static str, path: AttributePath) -> Finding {
    let flagged = Flagged {
        path: path.clone(),
        rule: "example-rule".into(),
        title: "Example".into(),
        severity: Severity::High,
        confidence: Confidence::High,
        class: class_of(topic),
        part: false,
        count: 1,
        distinct: 1,
        masked: Safe::neutral("MASKED-EXAMPLE"),
        fingerprint: "FINGERPRINT-EXAMPLE".into(),
        reasons: vec!["REASON-EXAMPLE".into()],
        items: Default::default(),
    };
    let check = CHECKS.iter().find(|c| c.topic.topic() == Some(topic));
    Finding {
        id: FindingId::new(&FindingSubject::Table(table("sessions")), "example-rule", Some(&path)),
        subject: FindingSubject::Table(table("sessions")),
        also: Vec::new(),
        table: table("sessions"),
        origin: match check
            .filter(|_| topic.starts_with("policy-") || topic == "key-policy" || topic == "backup-vault")
        {
            Some(check) => Origin::Posture(check.id),
            None => Origin::Secret(flagged),
        },
        severity: Severity::High,
        confidence: Confidence::High,
        title: String::new(),
        why: String::new(),
        evidence: vec![EXAMPLE.with("example", "EVIDENCE-EXAMPLE")],
        topic: Some(topic),
        worst: Severity::High,
        unknown: Vec::new(),
        accepted: None,
    }
}

/// The class of which a topic is the way out, where it stands alone.
fn class_of(topic: &str) -> SecretClass {
    let fits = |class: &&SecretClass| topic_for(**class, Stands::Alone) == Some(topic);
    SecretClass::ALL.iter().find(fits).copied().unwrap_or(SecretClass::ApiKey)
}

fn key(name: &str, kind: KeyType) -> KeySchema {
    KeySchema { partition: KeyAttribute { name: name.into(), kind }, sort: None }
}

fn facts() -> TableFacts {
    let now = jiff::Timestamp::UNIX_EPOCH;
    let index = |name: &str, projection| Index {
        name: name.into(),
        global: true,
        key: key("day", KeyType::N),
        more_partition: Vec::new(),
        more_sort: Vec::new(),
        projection,
        items: None,
        bytes: None,
        capacity: None,
    };
    let description = TableDescription {
        arn: table("sessions").arn(),
        status: "ACTIVE".into(),
        key: key("id", KeyType::S),
        indexes: vec![index("narrow", Projection::KeysOnly), index("wide", Projection::All)],
        items: 1,
        bytes: 1,
        billing: Billing::Provisioned { read: 5, write: Some(6) },
        encryption: Encryption::Kms {
            key_arn: "arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/k".into(),
            inaccessible_since: None,
        },
        stream: Some(Stream {
            arn: format!("{}/stream/now", table("sessions").arn()),
            view: "NEW_IMAGE".into(),
        }),
        deletion_protection: Some(false),
        restored_from: None,
        vectors: Vec::new(),
        replicas: vec![ReplicaRef { region: "us-gov-east-1".into(), account: None, status: "ACTIVE".into() }],
        class: "STANDARD".into(),
        created: None,
    };
    let mut facts = TableFacts::default();
    facts.learn(FactValue::Description(description), now);
    facts.learn(FactValue::Backups(ContinuousBackups { point_in_time: true, window_days: Some(20) }), now);
    let destination = |account: &str| KinesisDestination {
        arn: format!("arn:aws-us-gov:kinesis:us-gov-west-1:{account}:stream/out"),
        status: "ACTIVE".into(),
    };
    facts.learn(FactValue::Kinesis(vec![destination("111122223333"), destination("444455556666")]), now);
    let table_policy = || {
        let policy = Policy::parse(POLICY);
        Some(ResourcePolicy { document: POLICY.into(), policy, revision: Some("1700000000000".into()) })
    };
    facts.learn(FactValue::Policy(table_policy()), now);
    facts.learn(FactValue::StreamPolicy(table_policy()), now);
    facts.learn(FactValue::KeyPolicy(Some(policy_of("kms:Decrypt"))), now);
    let grant = |id: &str, account: &str| KeyGrant {
        id: Some(id.into()),
        grantee: format!("arn:aws-us-gov:iam::{account}:role/r"),
        source: None,
        operations: vec!["Decrypt".into()],
    };
    facts.learn(
        FactValue::KeyGrants(vec![
            grant("own-grant", "111122223333"),
            grant("foreign-grant", "444455556666"),
        ]),
        now,
    );
    let vault =
        |name: &str| Vault { name: name.into(), policy: Some(policy_of("backup:CopyIntoBackupVault")) };
    facts.learn(FactValue::Vaults(vec![vault("vault-a"), vault("vault-b")]), now);
    let trail = |name: &str| Trail {
        arn: format!("arn:aws-us-gov:cloudtrail:us-gov-east-1:111122223333:trail/{name}"),
        name: name.into(),
        every_region: true,
        home: "us-gov-east-1".into(),
        bucket: Some("trail-logs".into()),
    };
    facts.learn(FactValue::Trails(vec![trail("trail-a"), trail("trail-b")]), now);
    let cache = |name: &str, encrypted, tls| Cache {
        name: name.into(),
        encrypted: Some(encrypted),
        tls: Some(tls),
        role: "arn:aws-us-gov:iam::111122223333:role/dax".into(),
        made: CacheMade {
            node_type: "dax.r5.large".into(),
            nodes: 3,
            subnet_group: "dax-subnets".into(),
            security_groups: vec!["sg-1".into(), "sg-2".into()],
            parameter_group: "default.dax1.0".into(),
        },
    };
    facts.learn(FactValue::Caches(vec![cache("cache-a", false, true), cache("cache-b", true, false)]), now);
    facts.learn(FactValue::TimeToLive(TimeToLive { attribute: Some("expire_at".into()) }), now);
    let kms = |region: &str, manager| KmsKey {
        arn: format!("arn:aws-us-gov:kms:{region}:111122223333:key/k"),
        manager,
        state: KeyState::Enabled,
        deletion: None,
        account: "111122223333".into(),
        multi_region: false,
        rotatable: true,
    };
    facts.learn(FactValue::Key(Some(kms("us-gov-west-1", KeyManager::Customer))), now);
    let replica = |region: &str, key| ReplicaKey { region: region.into(), key };
    let replicas = vec![
        replica("us-gov-east-1", Some(kms("us-gov-east-1", KeyManager::Aws))),
        replica("us-gov-south-1", Some(kms("us-gov-south-1", KeyManager::Customer))),
    ];
    facts.learn(FactValue::ReplicaKeys(replicas), now);
    facts
}

#[test]
fn what_the_finding_of_a_check_names_is_what_the_fix_changes() {
    let trail = |name: &str| format!("arn:aws-us-gov:cloudtrail:us-gov-east-1:111122223333:trail/{name}");
    let stopped = |name: &str| evidence("trail-stopped", "trail_arn", &trail(name));
    for (check, topic, evidence, says) in [
        (
            "backup-vault-open",
            "backup-vault",
            vec![evidence("vault-takes-copies-from-anyone", "vault", "vault-b")],
            "resource='vault-b'",
        ),
        ("backup-vault-open", "backup-vault", Vec::new(), "resource='vault-a'"),
        ("trail-not-logging", "trail-logging", vec![stopped("trail-b")], "trail/trail-b'"),
        (
            "trail-not-logging",
            "trail-logging",
            vec![stopped("trail-a"), stopped("trail-b")],
            "trail/trail-a'",
        ),
        ("no-data-events", "data-events", Vec::new(), "trail/trail-a'"),
        ("no-data-events", "data-events", Vec::new(), "region='us-gov-east-1'"),
        ("dax-no-tls", "dax-cluster", Vec::new(), "cache-b"),
        ("dax-unencrypted", "dax-cluster", Vec::new(), "cache-a"),
        ("kinesis-destination", "kinesis-destination", Vec::new(), "444455556666:stream/out"),
        ("untagged-owner", "tag", Vec::new(), r#""Key":"owner""#),
        ("untagged-environment", "tag", Vec::new(), r#""Key":"environment""#),
    ] {
        let finding = Finding {
            origin: Origin::Posture(check),
            evidence,
            ..finding(topic, AttributePath::attribute("a"))
        };
        let text = render(&finding, Flavour::AwsCli, &facts()).expect(check).text;
        assert!(text.contains(says), "{check}: {:?}: {says:?} is not in\n{text}", finding.evidence);
    }
}

/// Evidence of a kind that a check declares, with a value that it carries.
fn evidence(kind: &str, field: &'static str, value: &str) -> Evidence {
    let message = crate::posture::messages().find(|m| m.kind == kind).expect("a kind of evidence");
    assert!(message.fields().contains(field), "{kind} carries no {field}");
    message.with(field, value)
}

/// What replaces a whole document, ends somebody's access, or holds a value to fill in does nothing by pasting.
#[test]
fn what_has_to_be_filled_in_is_not_run_by_pasting() {
    for (topic, command, call) in [
        ("data-events", "put-event-selectors", "\nadd("),
        ("key-grant", "revoke-grant", "\nrevoke("),
        ("kinesis-destination", "disable-kinesis-streaming-destination", "\nstop("),
        ("tag", "tag-resource", "\ntag("),
        ("dax-cluster", "create-cluster", "\nreplace("),
    ] {
        let cli = text(topic, Flavour::AwsCli);
        let line = cli.lines().filter(|l| !l.starts_with('#')).find(|l| l.contains(&format!(" {command} ")));
        let line = line.expect(topic);
        assert!(line.starts_with(": in_account aws "), "{topic}: {line}");
        assert!(!text(topic, Flavour::Boto3).contains(call), "{topic}");
    }
}

/// Time to live deletes whole items: said before anything else, and never run by pasting.
#[test]
fn time_to_live_is_told_to_delete_items() {
    for topic in ["session-in-item", "ttl"] {
        for flavour in flavours(super::topic(topic).expect("there")) {
            let text = text(topic, flavour);
            let first: Vec<&str> = text.lines().take(5).collect();
            let first = first.join(" ").to_lowercase();
            assert!(first.contains("deletes whole items") && first.contains("session store"), "{text}");
        }
    }
    check("session-in-item", Flavour::AwsCli, &["\n: in_account aws dynamodb update-time-to-live"]);
    assert!(!text("session-in-item", Flavour::Boto3).contains("\nlet_expire("));
}

#[test]
fn each_of_many_values_is_a_secret_of_its_own() {
    let path = AttributePath::new(vec![Step::Name("keys".into()), Step::Any, Step::Name("token".into())]);
    for (count, says) in [
        (1, "Seen once in the items that were read."),
        (3, "2 different values in 3 places: repeat the steps for each"),
    ] {
        let mut finding = finding("secret-in-item", path.clone());
        if let Origin::Secret(flagged) = &mut finding.origin {
            (flagged.count, flagged.distinct) = (count, count.min(2));
        }
        for flavour in flavours(topic("secret-in-item").expect("there")) {
            let text = render(&finding, flavour, &facts()).expect("filled").text;
            // Python makes the name of the key that is typed.
            let named = match flavour {
                Flavour::Boto3 => "{STORE_AS}/item-{digest(key)[:8]}",
                _ => "sessions/example-rule/keys_token-b8f0af/PUT-A-NAME-FOR-THE-ITEM-HERE",
            };
            for part in [says, "# Attribute: keys[*].token in", named] {
                assert!(text.contains(part), "{flavour:?} lacks {part:?}:\n{text}");
            }
        }
    }
}

#[test]
fn a_finding_without_a_path_removes_nothing_by_accident() {
    let mut finding = finding("secret-in-item", AttributePath::attribute("a"));
    finding.origin = Origin::Posture("env-bleed");
    let text = render(&finding, Flavour::AwsCli, &facts()).expect("filled").text;
    assert!(text.contains("REMOVE ''#a0'") && text.contains("PUT-THE-NAME-HERE"), "{text}");
}

#[test]
fn a_window_that_is_made_longer_goes_back_to_what_it_was() {
    for flavour in flavours(topic("pitr-window").expect("there")) {
        let text = text("pitr-window", flavour);
        let undo = text.lines().find(|l| l.starts_with("# Undo:")).expect("there");
        assert!(undo.contains("20") && !text.contains("false"), "{text}");
        assert!(text.contains("older than 20 days is already gone"), "{text}");
        assert!(!text.contains("window starts now") && !text.contains("throws"), "{text}");
    }
}

/// The provider's default of `enable_key_rotation` is false, and it removes descriptions, policies and tags
/// that are not written down (Terraform Registry, `aws_kms_key`).
#[test]
fn an_imported_key_keeps_what_the_fix_is_not_about() {
    const SETTINGS: &[&str] =
        &["description", "enable_key_rotation", "is_enabled", "policy", "tags", "tags_all"];
    for topic in ["key-disabled", "key-pending-deletion", "key-rotation"] {
        let text = text(topic, Flavour::Terraform);
        let (before, ignored) = text.split_once("ignore_changes =").expect(topic);
        for setting in SETTINGS {
            let written = before.lines().any(|l| l.trim_start().starts_with(&format!("{setting} ")));
            let kept = ignored.trim().starts_with("all") || ignored.contains(&format!(" {setting},"));
            assert!(written != kept, "{topic}: {setting}");
        }
        assert!(text.contains("prevent_destroy = true") && text.contains("one import"), "{topic}");
    }
}

#[test]
fn a_table_is_named_by_its_arn_only_where_that_is_known() {
    let nobody = Scope { account: String::new(), ..(*table("t").scope).clone() };
    let told = "arn:aws-us-gov:dynamodb:us-gov-west-1:444455556666:table/sessions";
    let own = table("sessions").arn();
    let mut described = facts();
    if let Fact::Known { value, .. } = &mut described.description {
        value.arn = told.into();
    }
    for (account, facts, id, arn) in [
        (true, &described, told, Some(told)),
        (false, &described, told, Some(told)),
        (true, &TableFacts::default(), own.as_str(), Some(own.as_str())),
        (false, &TableFacts::default(), "sessions", None),
    ] {
        let ask = |topic| {
            let mut finding = finding(topic, AttributePath::attribute("a"));
            if !account {
                finding.table.scope = Arc::new(nobody.clone());
            }
            render(&finding, Flavour::AwsCli, facts).map(|snippet| snippet.text)
        };
        let text = ask("deletion-protection").expect("filled");
        assert!(text.contains(&format!("\ntable='{id}'\n")), "{text}");
        match arn {
            Some(arn) => {
                assert!(ask("tag").expect("filled").contains(&format!("resource='{arn}'")))
            }
            None => assert_eq!(ask("tag"), Err(Needs::Fact(FactKind::Description))),
        }
    }
}

#[test]
fn the_index_that_the_finding_is_about_is_replaced() {
    let of = |name: &str, key_name: &str, global, projection| Index {
        name: name.into(),
        global,
        key: key(key_name, KeyType::N),
        more_partition: Vec::new(),
        more_sort: Vec::new(),
        projection,
        items: None,
        bytes: None,
        capacity: None,
    };
    let mut facts = facts();
    let Fact::Known { value, .. } = &mut facts.description else { panic!("known") };
    value.indexes = vec![
        of("other", "day", true, Projection::Include(vec!["size".into()])),
        of("holds", "day", true, Projection::Include(vec!["config".into()])),
        of("by-token", "token", true, Projection::KeysOnly),
        of("local", "day", false, Projection::Include(vec!["private".into()])),
    ];
    let index = |finding: &Finding| {
        let text = render(finding, Flavour::AwsCli, &facts)?.text;
        let line = text.lines().find(|l| l.contains(r#""Create":"#)).expect("there").to_owned();
        Ok(line)
    };
    // Findings about items name the attribute, findings about the table the index.
    let path = |topic, name: &str| finding(topic, AttributePath::attribute(name));
    let told = |evidence: Vec<Evidence>| Finding {
        origin: Origin::Posture("gsi-projects-secret"),
        evidence,
        ..path("index-projection", "a")
    };
    let carries = |index: &str, name: &str| evidence("index-carries", "index", index).with("attribute", name);
    let keyed = |index: &str, name: &str| evidence("index-keyed-by", "index", index).with("attribute", name);
    for (finding, parts) in [
        (path("index-projection", "config"), ["holds_v2", r#""AttributeName":"day""#]),
        (path("secret-as-index-key", "token"), ["by-token_v2", r#""AttributeName":"token_sha256""#]),
        (told(vec![carries("holds", "config")]), ["holds_v2", r#""AttributeName":"day""#]),
        (told(vec![carries("local", "private"), carries("holds", "config")]), ["holds_v2", "day"]),
        (told(vec![keyed("by-token", "token")]), ["by-token_v2", "token_sha256"]),
        (told(Vec::new()), ["other_v2", "day"]),
    ] {
        let line = index(&finding).expect("filled");
        assert!(parts.iter().all(|p| line.contains(p)), "{parts:?}: {line}");
    }
    assert_eq!(index(&path("index-projection", "private")), Err(Needs::NoTemplate));
    // A key of the table stays with its own fix.
    let table_key = render(&path("secret-as-key", "id"), Flavour::AwsCli, &facts).expect("filled");
    assert_eq!(table_key.file_name, "secret-as-key.sh");
}

#[test]
fn a_password_hash_stays_where_it_is() {
    for flavour in flavours(topic("password-hash").expect("there")) {
        let text = text("password-hash", flavour);
        for part in ["REMOVE ", "update-time-to-live", "delete_item", "update_time_to_live"] {
            assert!(!text.contains(part), "{flavour:?} proposes {part}");
        }
        assert!(text.contains("blindly") && text.contains("Index wide carries it."), "{text}");
    }
    check("password-hash", Flavour::Boto3, &["PASSWORD_HASHERS", "set_password(secrets."]);
    let text = text("password-hash", Flavour::Boto3);
    assert!(text.find("Argon2PasswordHasher") < text.find("PBKDF2PasswordHasher"), "Argon2 comes first");
}

fn text(topic: &'static str, flavour: Flavour) -> String {
    let mut path = vec![Step::Name("config".into()), Step::Index(2), Step::Name("size".into())];
    if topic == "secret-inside" {
        path.extend([Step::Layer(Layer::Json), Step::Name("inner".into())]);
    }
    let mut finding = finding(topic, AttributePath::new(path));
    if topic == "role-trust" {
        finding.evidence = vec![evidence("role-open-to-anybody", "role", "reader")];
    }
    let text = render(&finding, flavour, &of_one_region(facts(), flavour)).expect(topic).text;
    unsuffixed(&finding, text)
}

/// Without what makes names of Terraform those of one fix, for reading.
fn unsuffixed(finding: &Finding, text: String) -> String {
    let (facts, options) = (facts(), Options::default());
    let ask = slots::Ask { finding, facts: &facts, options: &options };
    text.replace(&format!("_{}", slots::suffix(&ask, finding.topic.unwrap_or_default())), "")
}

/// CloudFormation has another kind of resource for tables with replicas.
fn of_one_region(mut facts: TableFacts, flavour: Flavour) -> TableFacts {
    if let (Flavour::CloudFormation, Fact::Known { value, .. }) = (flavour, &mut facts.description) {
        value.replicas.clear();
    }
    facts
}

/// The languages that a topic has.
fn flavours(topic: &Topic) -> impl Iterator<Item = Flavour> {
    Flavour::ALL.iter().copied().filter(|f| topic.has(*f))
}

/// Every whole template of a topic, with the parts of every class in it, as it is before anything is filled in.
fn templates(topic: &Topic) -> Vec<(Flavour, String)> {
    let of = |flavour: Flavour| {
        let template = topic.template(flavour)?;
        Some(SecretClass::ALL.iter().map(move |class| (flavour, whole(template, flavour, class.word()))))
    };
    let mut all: Vec<(Flavour, String)> = Flavour::ALL.iter().filter_map(|f| of(*f)).flatten().collect();
    all.dedup();
    all
}

/// A finding of a secret of one class, and what its fix must say and must not.
#[test]
fn a_fix_does_what_the_finding_asks_for_and_no_more() {
    use Flavour::{AwsCli, Boto3, Terraform};
    let json = [Step::Name("profile".into()), Step::Layer(Layer::Json), Step::Name("key".into())];
    let note = [Step::Name("note".into())];
    let gzip = [Step::Name("blob".into()), Step::Layer(Layer::Base64), Step::Layer(Layer::Gzip)];
    let name = [Step::Name("tokens".into()), Step::HiddenName(0, "ghp_...".into())];
    let remove: &[&str] = &["REMOVE ", "delete_item", "delete-item"];
    /// Rule, path, whether it is a part of its value; in this flavour there must be this, and not that.
    type Case<'a> = (&'static str, &'a [Step], bool, Flavour, &'a [&'a str], &'a [&'a str]);
    let cases: &[Case<'_>] = &[
        // A document: read, edit what is inside, set on condition that it is still the old one.
        (
            "secret-inside",
            &json,
            false,
            AwsCli,
            &["'SET ''#a0'' = :new'", "'#a0'' = :old'", "\n: in_account aws dynamodb update-item"],
            remove,
        ),
        (
            "secret-inside",
            &json,
            false,
            Boto3,
            &[r#"INNER = json.loads('["key"]')"#, "SET {PATH} = :new", "{PATH} = :old"],
            remove,
        ),
        (
            "secret-inside",
            &note,
            true,
            Boto3,
            &["INNER = json.loads('null')", "LAYERS = json.loads('[]')", "O_EXCL, 0o600"],
            remove,
        ),
        (
            "secret-inside",
            &note,
            true,
            AwsCli,
            &["longer text: only those characters change", "old.json"],
            remove,
        ),
        ("secret-inside", &gzip, false, AwsCli, &["encoded: base64, gzip", "that is for you to do"], remove),
        (
            "secret-inside",
            &gzip,
            false,
            Boto3,
            &[r#"LAYERS = json.loads('["base64","gzip"]')"#, "INNER = json.loads('null')"],
            remove,
        ),
        // A name that is the secret: the map that holds it is edited.
        ("secret-inside", &name, true, AwsCli, &[r#"'Item."tokens"'"#, r##"{"#a0":"tokens"}"##], &["ghp_"]),
        (
            "secret-in-item",
            &note,
            false,
            AwsCli,
            &["REMOVE ''#a0'", "' = :old'", "old.json", "SET #name = :name"],
            &["attribute_exists"],
        ),
        ("secret-in-item", &note, false, Boto3, &["= :old", "O_EXCL, 0o600"], &["\nremove(", "\nstore("]),
        (
            "secret-to-keep",
            &note,
            false,
            AwsCli,
            &["only copy", "create-secret"],
            &["update-item", "REMOVE "],
        ),
        ("secret-to-keep", &note, false, Boto3, &["only copy"], &["update_item", "REMOVE ", "\nstore("]),
        ("secret-to-keep", &note, false, Terraform, &["only copy"], remove),
        (
            "second-factor",
            &note,
            false,
            AwsCli,
            &["locked out", "enrol anew"],
            &["update-item", "REMOVE ", "rotate at"],
        ),
        (
            "second-factor",
            &note,
            false,
            Boto3,
            &["EncryptionContext", "attribute_not_exists({beside(path)})"],
            &["REMOVE ", "\nencrypt("],
        ),
        ("second-factor", &note, false, Terraform, &["dynamodb:Attributes"], remove),
        // Time to live never looks at the attribute again that the finding calls wrong.
        (
            "ttl-attribute",
            &note,
            false,
            AwsCli,
            &[
                r#""AttributeName":"expire_at""#,
                r#""Enabled":false"#,
                "PUT-THE-ATTRIBUTE-HERE",
                "wait an hour",
            ],
            &[
                r#""AttributeName":"expire_at","Enabled":true"#,
                r#""Enabled":true,"AttributeName":"expire_at""#,
                "\naws dynamodb update-time-to-live",
            ],
        ),
        (
            "ttl-attribute",
            &note,
            false,
            Boto3,
            &["WRONG = 'expire_at'", "RIGHT = \"PUT-THE-ATTRIBUTE-HERE\"", "RIGHT == WRONG"],
            &["\nswitch_on(", "\nfill("],
        ),
        (
            "ttl-attribute",
            &note,
            false,
            Terraform,
            // The wrong one is named only to switch it off: an empty name is refused.
            &["time_to_live = \"as it is\"", "== \"on\" ? local.right : \"expire_at\"\n"],
            &["attribute_name = \"expire_at\"", "? \"expire_at\"", "enabled        = true"],
        ),
        (
            "ttl",
            &note,
            false,
            AwsCli,
            &[
                "\n: in_account aws dynamodb update-time-to-live",
                "describe-time-to-live",
                "PUT-THE-ATTRIBUTE-HERE",
            ],
            &[r#""AttributeName":"expire_at""#, "\naws dynamodb update-time"],
        ),
        (
            "ttl",
            &note,
            false,
            Boto3,
            &["def let_expire"],
            &["\nlet_expire(", "\n    let_expire(", "'expire_at'"],
        ),
        (
            "session-in-item",
            &note,
            false,
            Terraform,
            &["every_item_is_a_session = false"],
            &["\"expire_at\""],
        ),
        (
            "session-in-item",
            &note,
            false,
            AwsCli,
            &["looks at expire_at"],
            &[r#""AttributeName":"expire_at""#],
        ),
        // The replica's Region gets the key; the table's own key and those of other replicas stay.
        (
            "replica-key",
            &note,
            false,
            AwsCli,
            &[
                "for there in 'us-gov-east-1'",
                "KEY-OF-us-gov-east-1-HERE",
                r#""KMSMasterKeyId":"arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/k""#,
                r#""RegionName":"us-gov-west-1""#,
                "key:us-gov-south-1",
                "\n: in_account aws dynamodb update-table",
            ],
            &["--sse-specification", "KEY-OF-us-gov-south", "KEY-OF-us-gov-west"],
        ),
        (
            "replica-key",
            &note,
            false,
            Boto3,
            &["ReplicaUpdates=updates", "KEY-OF-us-gov-east-1-HERE"],
            &["SSESpecification", "\nmake_keys(", "\nchange_over("],
        ),
        (
            "replica-key",
            &note,
            false,
            Terraform,
            // The provider would delete the replica and make it again.
            &["region = local.first_weak", "ignore_changes = [replica]", "value = aws_kms_key.replica.arn"],
            &["server_side_encryption", "replica {", "kms_key_arn ="],
        ),
        // Newer items of the new table stay.
        ("secret-as-key", &[Step::Name("id".into())], false, Boto3, &["attribute_not_exists(#key)"], &[]),
        // What re-encrypts or replaces a document is not run by pasting, and never after a read that failed.
        (
            "customer-key",
            &note,
            false,
            AwsCli,
            &[
                "\n: in_account aws dynamodb update-table",
                "--replica-updates=file://",
                "KEY-OF-us-gov-east-1-HERE",
            ],
            &["\nin_account aws dynamodb update-table", "key=$(aws", "--sse-specification"],
        ),
        ("customer-key", &note, false, Boto3, &["def change_over"], &["\nchange_over(", "\nmake_key("]),
        (
            "backup-vault",
            &note,
            false,
            AwsCli,
            &["\n: in_account aws backup put", "policy.put.json"],
            &["\nin_account aws backup put", "\ncp "],
        ),
        (
            "key-policy",
            &note,
            false,
            AwsCli,
            &["\n: in_account aws kms put", "policy.put.json"],
            &["\nin_account aws kms put"],
        ),
    ];
    for (topic, steps, part, flavour, must, must_not) in cases {
        let mut finding = finding(topic, AttributePath::new(steps.to_vec()));
        if let Origin::Secret(flagged) = &mut finding.origin {
            flagged.part = *part;
        }
        let text = unsuffixed(&finding, render(&finding, *flavour, &facts()).expect(topic).text);
        let text = text.replace("arn:aws-us-gov:kms:us-gov-south-1", "key:us-gov-south-1");
        for part in *must {
            assert!(text.contains(part), "{topic} {flavour:?}: {part:?} is not in\n{text}");
        }
        for part in *must_not {
            assert!(!text.contains(part), "{topic} {flavour:?}: {part:?} is in\n{text}");
        }
    }
}

/// What a shell does with a snippet that is pasted: no command that changes what cannot be got back runs, nothing that
/// stands behind a guard does something beside it, and a file of what was before is made once.
#[test]
fn nothing_that_destroys_runs_by_being_pasted() {
    const HARMLESS: &[&str] = &[
        // Makes something new, or switches something on that deletes and replaces nothing.
        "create-analyzer",
        "register-scalable-target",
        "put-scaling-policy",
        "enable-key",
        "enable-key-rotation",
        "cancel-key-deletion",
        "update-continuous-backups",
        "start-logging",
    ];
    for topic in TOPICS.iter().filter(|t| t.has(Flavour::AwsCli)) {
        let text = text(topic.id, Flavour::AwsCli).replace("\\\n", " ");
        // What is done by a name of its own is run by nothing but a guarded call.
        const GUARDS: [&str; 4] = ["in_account", "of_owner", "of_session", "in_organization"];
        let body = |line: &str| line.strip_suffix("() {").map(str::to_owned);
        let functions: Vec<String> =
            text.lines().filter_map(body).filter(|name| !GUARDS.contains(&name.as_str())).collect();
        let calls = |line: &str, name: &str| {
            let guarded = |of: &&str| {
                let whole = format!(": {of} {name}");
                line == whole || line.starts_with(&(whole + " "))
            };
            GUARDS.iter().any(guarded)
        };
        let mut inside = false;
        for line in text.lines() {
            inside = if inside { line != "}" } else { body(line).is_some() };
            if inside || line == "}" {
                continue;
            }
            for name in functions.iter().filter(|name| line.split([' ', '"', '(']).any(|word| word == *name))
            {
                assert!(calls(line, name), "{}: {line}", topic.id);
            }
            if line.starts_with(": ") {
                let own = calls(line, "aws") || functions.iter().any(|name| calls(line, name));
                assert!(own, "{}: in any account: {line}", topic.id);
                let guarded = ["&&", "||", ";", "|", ">", "`"].iter().find(|op| line.contains(*op));
                assert_eq!(guarded, None, "{}: beside the guard: {line}", topic.id);
                continue;
            }
            let is_said = line.starts_with('#') || line.starts_with("setopt ");
            for command in line.split("aws ").skip(1).filter(|_| !is_said) {
                let verb = command.split_whitespace().nth(1).unwrap_or_default();
                let reads = ["get-", "list-", "describe-", "lookup-"].iter().any(|r| verb.starts_with(r));
                let protects = verb == "update-table" && line.ends_with("--deletion-protection-enabled");
                let adds = verb == "update-table" && line.contains("\"Create\"");
                assert!(
                    reads || protects || adds || verb == "wait" || HARMLESS.contains(&verb),
                    "{}: {line}",
                    topic.id
                );
                // Whatever makes something does it in the right account only.
                let before = line.split(&format!("aws {command}")).next().unwrap_or_default().trim_end();
                let checked = ["in_account", "of_owner"].iter().any(|own| before.ends_with(own));
                assert!(reads || verb == "wait" || checked, "{}: {line}", topic.id);
            }
            // A file that is kept is written under another name first, and only where it is not there yet.
            let plain = line.trim_start();
            assert!(
                !plain.contains("before.json\"")
                    || !plain.contains("> \"$dir/")
                    || plain.starts_with("test -s \"$dir/")
                    || plain.starts_with("test ! -s \"$dir/"),
                "{}: {line}",
                topic.id
            );
            assert!(!plain.contains("> policy") && !plain.contains("> grants"), "{}: {line}", topic.id);
        }
    }
}

/// Interactive zsh has no comments unless it is told, and a pager would take the next lines for its keys.
#[test]
fn a_paste_needs_no_comments_and_no_pager() {
    for topic in TOPICS.iter().filter(|t| t.has(Flavour::AwsCli)) {
        let cli = text(topic.id, Flavour::AwsCli);
        assert!(cli.starts_with("setopt interactive_comments 2> /dev/null; unalias aws cp mv rm 2> /dev/null; export AWS_PAGER=\n# "), "{cli}");
    }
}

/// Every part is in one of the flavours' texts.
fn check(topic: &'static str, flavour: Flavour, parts: &[&str]) {
    let text = text(topic, flavour);
    for part in parts {
        assert!(text.contains(part), "{topic} {flavour:?} lacks {part:?}:\n{text}");
    }
}

#[test]
fn every_template_names_only_slots_that_exist_and_quotes_of_its_language() {
    for topic in TOPICS {
        for (flavour, template) in templates(topic) {
            let mut open = 0_i32;
            for piece in pieces(&template) {
                match piece {
                    Piece::Text(text) => {
                        assert!(!text.contains("{{"), "{}: {text}", topic.id);
                    }
                    Piece::Slot(name, quote) => {
                        assert!(
                            known(name, quote, flavour).is_some(),
                            "{} {flavour:?}: {name}:{quote}",
                            topic.id
                        );
                    }
                    Piece::If(case) => {
                        assert!(state(case).is_some(), "{} {flavour:?}: {case}", topic.id);
                        open += 1;
                    }
                    Piece::Else => assert!(open > 0, "{} {flavour:?}", topic.id),
                    Piece::End => open -= 1,
                }
            }
            assert_eq!(open, 0, "{} {flavour:?}: a case is left open", topic.id);
        }
    }
}

#[test]
fn every_part_slot_and_state_is_used() {
    let all: String = TOPICS.iter().flat_map(templates).map(|(_, text)| text).collect();
    let own: String = [Flavour::AwsCli, Flavour::Boto3]
        .iter()
        .filter_map(|f| parts::part(&format!("own.{}", f.extension()), *f, ""))
        .collect();
    let all = all + &own;
    for slot in super::slots::SLOTS {
        assert!(all.contains(&format!("{{{{{}:", slot.name)), "the slot {} is not used", slot.name);
    }
    for state in super::states::STATES {
        assert!(all.contains(&format!("{{{{?{}}}}}", state.name)), "the state {} is not used", state.name);
    }
    for (file, text) in parts::PARTS {
        let line = text.lines().find(|l| !l.contains("{{") && !l.trim().is_empty()).unwrap_or_default();
        assert!(all.contains(line), "the part {file} is not used");
    }
}

#[test]
fn every_template_says_what_it_does() {
    for topic in TOPICS {
        for (flavour, template) in templates(topic) {
            if flavour == Flavour::Policy {
                continue;
            }
            for label in ["Changes:", "Costs:", "Can break:", "Verify:", "Undo:"] {
                assert!(template.contains(label), "{} {flavour:?} lacks {label}", topic.id);
            }
            assert!(template.is_ascii() && template.ends_with('\n') && !template.contains('\t'));
            // Python reads a declaration of its encoding from the first two lines: no name may stand there.
            assert!(!template.lines().take(2).any(|l| l.contains("{{")), "{} {flavour:?}", topic.id);
            // A slot for a comment stands in a comment, one with quotes does not.
            for line in template.lines().filter(|l| l.contains("{{") && l.contains(':')) {
                let slots = pieces(line).into_iter().filter_map(|p| match p {
                    Piece::Slot(_, quote) => Some(quote == "note" || quote == "own"),
                    _ => None,
                });
                for is_note in slots {
                    assert_eq!(line.starts_with('#'), is_note, "{}: {line}", topic.id);
                }
            }
        }
    }
}

/// What a person reads before pasting fits a window; only a name or a document may be longer.
#[test]
fn command_lines_are_short() {
    for topic in TOPICS {
        for (flavour, template) in templates(topic) {
            let of_shell = flavour == Flavour::AwsCli;
            for line in template.lines().filter(|l| of_shell && !l.starts_with('#')) {
                assert!(line.len() <= 100, "{}: {line}", topic.id);
                assert_eq!(
                    line,
                    line.trim_end(),
                    "{}: a space after a backslash would end the command",
                    topic.id
                );
            }
            for line in template.lines().filter(|l| l.starts_with('#')) {
                assert!(line.len() <= 160, "{}: {line}", topic.id);
            }
        }
    }
}

/// An interactive zsh runs comments, so none may hold what means something to a shell.
#[test]
fn shell_comments_are_harmless_where_comments_are_commands() {
    for topic in TOPICS.iter().filter(|t| t.has(Flavour::AwsCli)) {
        let filled = text(topic.id, Flavour::AwsCli);
        for line in filled.lines().filter(|l| l.starts_with('#')) {
            // Positions of lists stay: to a shell each is one character.
            let line = line.replace("[*]", "").replace("[2]", "");
            let odd = line
                .chars()
                .find(|c| !(c.is_ascii_alphanumeric() || " #_.,:/@=+-*".contains(*c) || *c == ';'));
            assert_eq!(odd, None, "{}: {line}", topic.id);
            assert!(!line.contains(';'), "{}: {line}", topic.id);
        }
        assert!(!filled.contains("set -e"), "it would end the shell it is pasted into");
    }
}

#[test]
fn only_names_go_in() {
    for topic in TOPICS {
        for flavour in flavours(topic) {
            let text = text(topic.id, flavour);
            for part in ["MASKED-EXAMPLE", "FINGERPRINT-EXAMPLE", "REASON-EXAMPLE", "EVIDENCE-EXAMPLE"] {
                assert!(!text.contains(part), "{} {flavour:?} holds {part}", topic.id);
            }
            assert!(!text.contains("arn:aws:"), "{}: the partition is the table's", topic.id);
        }
    }
}

#[test]
fn traps() {
    use Flavour::{AwsCli, Boto3, Terraform};
    check(
        "secret-in-item",
        AwsCli,
        &[
            "Revoke the old credential at its issuer, at once",
            "#a0[2].#a1",
            r##"{"#a0":"config","#a1":"size","#name":"config_2_size_secret_name"}"##,
            "' = :old'",
        ],
    );
    check(
        "secret-in-item",
        AwsCli,
        &[
            "--return-values=NONE",
            "\n: in_account aws dynamodb update-item",
            "--key=file://\"$dir/key.json\"",
            "umask 077",
        ],
    );
    check(
        "secret-in-item",
        AwsCli,
        &["Index wide", "20 days", "view NEW_IMAGE", "us-gov-east-1", "Do not switch it off"],
    );
    check("secret-in-item", Boto3, &["ReturnValues=\"NONE\"", "getpass"]);
    check("secret-in-item", Terraform, &["secret_string_wo ", "ephemeral = true"]);
    check("session-in-item", AwsCli, &["does not help", "clearsessions"]);
    check("session-in-item", Boto3, &["SESSION_COOKIE_SECURE = True", "sha256"]);
    check("secret-as-key", Terraform, &["Do not change hash_key", "\"sessions-v2\""]);
    check("secret-as-key", AwsCli, &["id_sha256", "cannot be removed"]);
    check("customer-key", Terraform, &["output \"key_of_this_region\"", "AWS managed key"]);
    check("policy-public", AwsCli, &["--expected-revision-id=\"$revision\"", "--policy=file://"]);

    check("policy-public", Boto3, &["ExpectedRevisionId"]);
    check(
        "index-projection",
        AwsCli,
        &["wide_v2", "ACTIVE", "\"ReadCapacityUnits\":5", "\n: in_account aws dynamodb update-table"],
    );
    check("ttl", Terraform, &["seconds since 1970", "items_may_be_deleted = false"]);
    check("key-rotation", Terraform, &["id = \"k\"", "enable_key_rotation"]);
    check("key-pending-deletion", AwsCli, &["cancel-key-deletion", "enable-key"]);
    check("customer-key", AwsCli, &["rotate and move that all the same"]);
    for topic in TOPICS.iter().filter(|t| t.has(Flavour::Policy)) {
        for flavour in flavours(topic) {
            assert!(!text(topic.id, flavour).contains("delete-resource-policy"));
            assert!(!text(topic.id, flavour).contains("delete_resource_policy"));
        }
    }
}

#[test]
fn what_is_not_known_is_asked_for() {
    let none = TableFacts::default();
    for (topic, needs) in [
        ("secret-in-item", Needs::Fact(FactKind::Description)),
        ("secret-as-key", Needs::Fact(FactKind::Description)),
        ("key-rotation", Needs::Fact(FactKind::Description)),
        ("index-projection", Needs::Fact(FactKind::Description)),
        ("pitr-window", Needs::Fact(FactKind::Backups)),
        ("backup-vault", Needs::Fact(FactKind::Vaults)),
        ("kinesis-destination", Needs::Fact(FactKind::Kinesis)),
        ("data-events", Needs::Fact(FactKind::Trails)),
        ("trail-logging", Needs::Fact(FactKind::Trails)),
        ("dax-cluster", Needs::Fact(FactKind::Caches)),
        ("ttl-attribute", Needs::Fact(FactKind::TimeToLive)),
        ("replica-key", Needs::Fact(FactKind::Key)),
        ("no-such-topic", Needs::NoTemplate),
    ] {
        assert_eq!(
            render(&finding(topic, AttributePath::attribute("a")), Flavour::AwsCli, &none),
            Err(needs),
            "{topic}"
        );
    }
    for topic in ["pitr", "deletion-protection", "ttl", "customer-key"] {
        assert!(
            render(&finding(topic, AttributePath::attribute("a")), Flavour::AwsCli, &none).is_ok(),
            "{topic}"
        );
    }
}

#[test]
fn a_name_that_is_itself_the_secret_is_not_put_in() {
    let path = AttributePath::new(vec![
        Step::Name("m".into()),
        Step::HiddenName(0, "HIDDEN-EXAMPLE".into()),
        Step::Any,
    ]);
    let text = render(&finding("secret-in-item", path), Flavour::AwsCli, &facts()).expect("filled").text;
    let keyed = AttributePath::new(vec![Step::Name("m".into()), Step::AnyName, Step::Name("token".into())]);
    let by_id = render(&finding("secret-in-item", keyed), Flavour::AwsCli, &facts()).expect("filled").text;
    assert!(by_id.contains("#a0.#a1.#a2") && by_id.contains("PUT-THE-NAME-HERE"), "{by_id}");
    assert!(by_id.contains("ids for names: put the id in"), "{by_id}");
    assert!(text.contains("PUT-THE-NAME-HERE") && text.contains("[PUT-THE-POSITION-HERE]"));
    let code: Vec<&str> = text.lines().filter(|l| !l.starts_with('#')).collect();
    assert!(!code.join("\n").contains("HIDDEN-EXAMPLE"));
}

#[test]
fn names_cannot_name_slots() {
    let path = AttributePath::attribute("{{table:sh}}");
    let text = render(&finding("secret-in-item", path), Flavour::AwsCli, &facts()).expect("filled").text;
    assert!(text.contains(r##"{"#a0":"{{table:sh}}"}"##));
}
