//! Every fix in every language, for ordinary and for hostile names, given to the real interpreters.
//!
//! A shell runs each AWS CLI snippet with an `aws` that only writes down what it was called with. Python and HCL
//! are parsed. Where the optional Python modules are there, requests are checked against AWS's own models;
//! where they are not, the test says so.

// What was skipped has to be seen; a test has no other voice.
#![allow(clippy::print_stderr)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use crate::needs::needs;
use dynaudit::domain::{
    AttributePath, Billing, Cache, CacheMade, Confidence, ContinuousBackups, Encryption, Evidence, FactValue,
    Finding, FindingId, FindingSubject, Flagged, Index, KeyAttribute, KeyManager, KeySchema, KeyState,
    KeyType, KinesisDestination, KmsKey, Origin, Projection, ReplicaKey, Safe, Scope, SecretClass, Severity,
    Step, Stream, TableDescription, TableFacts, TableRef, TimeToLive, Trail, Vault,
};
use dynaudit::domain::{KeyGrant, Policy, ResourcePolicy};
use dynaudit::posture::CHECKS;
use dynaudit::remedy::{Flavour, Needs, Stands, TOPICS, render, topic_for};

/// Names that mean something in a shell, in HCL, in Python, in JSON or in a terminal. `CANARY` stands for the
/// path of a file that must not come into being.
const NAMES: &[&str] = &[
    "stripe_key",
    "it's",
    "say \"hi\"",
    "a\nb\r\tc",
    "$(touch CANARY)",
    "`touch CANARY`",
    "'; touch CANARY; '",
    "'\"'\"'; touch CANARY #",
    "\n touch CANARY\n",
    "; touch CANARY",
    "${path.module} $${x} $$${x} %{ if true } %%{x}",
    "--debug",
    "-e",
    "file://CANARY",
    "#a0",
    "{{table:sh}}",
    "\\",
    "\\n\\u0041",
    "''' + __import__('os').system('touch CANARY') + '''",
    "coding: utf-7",
    "naïve 日本 😀 \u{202e}\u{2028}\u{85}",
    "\u{1b}[201~\u{1b}]52;c;x\u{7}",
    "*?[a-z]~!!",
];

/// Options of the AWS CLI that take JSON. Some also take shorthand, where we pass no foreign name.
const JSON_OPTIONS: &[&str] = &[
    "--attribute-definitions",
    "--expression-attribute-names",
    "--global-secondary-index-updates",
    "--key-schema",
    "--replica-updates",
    "--time-to-live-specification",
];

/// Whose commands a snippet may call.
const SERVICES: &[&str] = &[
    "accessanalyzer",
    "application-autoscaling",
    "backup",
    "cloudtrail",
    "cloudwatch",
    "dax",
    "dynamodb",
    "events",
    "iam",
    "kms",
    "lambda",
    "logs",
    "organizations",
    "pipes",
    "secretsmanager",
    "sts",
];

/// A policy with a statement for each thing that may be wrong with one, whose Sids and principals are foreign names.
pub(super) fn policy(name: &str, action: &str) -> Policy {
    let role = |account: &str| format!("arn:aws:iam::{account}:role/{name}");
    let allow = |sid: &str, principal: serde_json::Value, action: serde_json::Value| {
        serde_json::json!({
            "Sid": format!("{sid} {name}"), "Effect": "Allow", "Principal": principal, "Action": action, "Resource": "*",
        })
    };
    let mut address = allow("Address", "*".into(), action.into());
    address["Condition"] = serde_json::json!({"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}});
    let mut index = allow("ByIndex", serde_json::json!({"AWS": role("111122223333") + "-i"}), action.into());
    index["Resource"] = format!("arn:aws:dynamodb:eu-west-1:111122223333:table/{name}/index/{name}").into();
    let statements = serde_json::json!([
        allow("Open", "*".into(), action.into()),
        allow(
            "Shared",
            serde_json::json!({"AWS": [role("444455556666"), role("111122223333")]}),
            action.into()
        ),
        allow("All", serde_json::json!({"AWS": role("111122223333")}), "dynamodb:*".into()),
        allow("Whole", serde_json::json!({"AWS": "777788889999"}), action.into()),
        address,
        allow("Service", serde_json::json!({"Service": "events.amazonaws.com"}), action.into()),
        allow(
            "Changer",
            serde_json::json!({"AWS": role("111122223333")}),
            serde_json::json!(["dynamodb:PutResourcePolicy", action])
        ),
        index,
        allow(
            "Orphan",
            serde_json::json!({"AWS": ["AROAEXAMPLEEXAMPLE111", role("111122223333")]}),
            action.into()
        ),
    ]);
    Policy::parse(&serde_json::json!({"Version": "2012-10-17", "Statement": statements}).to_string())
}

/// What a stream shows; the table whose names are hostile has one of that name, too.
fn view(name: &str) -> &str {
    if name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') { "NEW_AND_OLD_IMAGES" } else { name }
}

fn is_of_policy(topic: &str) -> bool {
    topic.starts_with("policy-") || ["key-policy", "backup-vault"].contains(&topic)
}

/// The roles that a fix of trust policies is for.
fn roles(topic: &str) -> Vec<Evidence> {
    let open = dynaudit::posture::messages().find(|message| message.kind == "role-open-to-anybody");
    let roles = open.into_iter().flat_map(|open| ["reader", "ci"].map(|role| open.with("role", role)));
    roles.filter(|_| topic == "role-trust").collect()
}

/// A finding and facts in which every name that an account could choose is `name`.
fn named(topic: &'static str, name: &str) -> (Finding, TableFacts) {
    let scope = Scope {
        partition: "aws".into(),
        account: "111122223333".into(),
        region: "eu-west-1".into(),
        endpoint: None,
    };
    let table = TableRef::new(&Arc::new(scope), name);
    let path = AttributePath::new(vec![Step::Name("config".into()), Step::Any, Step::Name(name.into())]);
    let flagged = Flagged {
        path: path.clone(),
        rule: "example-rule".into(),
        title: "Example".into(),
        severity: Severity::High,
        confidence: Confidence::High,
        class: SecretClass::ALL
            .iter()
            .find(|class| topic_for(**class, Stands::Alone) == Some(topic))
            .copied()
            .unwrap_or(SecretClass::ApiKey),
        part: false,
        count: 1,
        distinct: 1,
        masked: Safe::neutral("••••"),
        fingerprint: "0".into(),
        reasons: Vec::new(),
        items: Default::default(),
    };
    let finding = Finding {
        id: FindingId::new(&FindingSubject::Table(table.clone()), "example-rule", Some(&path)),
        subject: FindingSubject::Table(table.clone()),
        also: Vec::new(),
        table: table.clone(),
        origin: match CHECKS.iter().find(|c| c.topic.topic() == Some(topic)) {
            Some(check) if is_of_policy(topic) => Origin::Posture(check.id),
            _ => Origin::Secret(flagged),
        },
        severity: Severity::High,
        confidence: Confidence::High,
        title: String::new(),
        why: String::new(),
        evidence: roles(topic),
        topic: Some(topic),
        worst: Severity::High,
        accepted: None,
        unknown: Vec::new(),
    };
    let attribute = |name: &str, kind| KeyAttribute { name: name.into(), kind };
    let key = KeySchema { partition: attribute(name, KeyType::S), sort: Some(attribute("at", KeyType::N)) };
    let index = Index {
        name: name.into(),
        global: true,
        key: key.clone(),
        more_partition: Vec::new(),
        more_sort: Vec::new(),
        projection: Projection::Include(vec![name.into()]),
        items: None,
        bytes: None,
        capacity: None,
    };
    let description = TableDescription {
        arn: table.arn(),
        status: "ACTIVE".into(),
        key,
        indexes: vec![index],
        items: 1,
        bytes: 1,
        billing: Billing::Provisioned { read: 5, write: Some(6) },
        encryption: Encryption::Kms {
            key_arn: format!("arn:aws:kms:eu-west-1:111122223333:key/{name}"),
            inaccessible_since: None,
        },
        stream: Some(Stream { arn: format!("{}/stream/{name}", table.arn()), view: view(name).into() }),
        deletion_protection: Some(false),
        restored_from: None,
        vectors: Vec::new(),
        replicas: vec![dynaudit::domain::ReplicaRef {
            region: name.into(),
            account: None,
            status: "ACTIVE".into(),
        }],
        class: "STANDARD".into(),
        created: None,
    };
    let mut facts = TableFacts::default();
    let now = jiff::Timestamp::UNIX_EPOCH;
    facts.learn(FactValue::Description(description), now);
    let backups = ContinuousBackups { point_in_time: true, window_days: Some(5) };
    facts.learn(FactValue::Backups(backups), now);
    facts.learn(FactValue::TimeToLive(TimeToLive { attribute: Some(name.into()) }), now);
    let own = policy(name, "dynamodb:GetItem");
    let own = Some(ResourcePolicy { document: own.text().into(), policy: own, revision: Some("1".into()) });
    facts.learn(FactValue::Policy(own.clone()), now);
    facts.learn(FactValue::StreamPolicy(own), now);
    facts.learn(FactValue::KeyPolicy(Some(policy(name, "kms:Decrypt"))), now);
    let grant = KeyGrant {
        id: Some(name.into()),
        grantee: "arn:aws:iam::444455556666:role/guest".into(),
        source: None,
        operations: vec!["Decrypt".into()],
    };
    facts.learn(FactValue::KeyGrants(vec![grant]), now);
    let destination = KinesisDestination {
        arn: format!("arn:aws:kinesis:eu-west-1:111122223333:stream/{name}"),
        status: "ACTIVE".into(),
    };
    facts.learn(FactValue::Kinesis(vec![destination]), now);
    facts.learn(
        FactValue::Vaults(vec![Vault {
            name: name.into(),
            policy: Some(policy(name, "backup:CopyIntoBackupVault")),
        }]),
        now,
    );
    let trail = Trail {
        arn: format!("arn:aws:cloudtrail:eu-west-1:111122223333:trail/{name}"),
        name: name.into(),
        every_region: true,
        home: "eu-west-1".into(),
        bucket: Some(name.into()),
    };
    facts.learn(FactValue::Trails(vec![trail]), now);
    let kms = |manager| KmsKey {
        arn: format!("arn:aws:kms:eu-west-1:111122223333:key/{name}"),
        manager,
        state: KeyState::Enabled,
        deletion: None,
        account: "111122223333".into(),
        multi_region: false,
        rotatable: true,
    };
    facts.learn(FactValue::Key(Some(kms(KeyManager::Customer))), now);
    let replica = |region: &str, key| ReplicaKey { region: region.into(), key };
    let replicas = vec![replica("us-east-1", None), replica(name, Some(kms(KeyManager::Aws)))];
    facts.learn(FactValue::ReplicaKeys(replicas), now);
    let role = format!("arn:aws:iam::111122223333:role/{name}");
    let made = CacheMade {
        node_type: "dax.r5.large".into(),
        nodes: 3,
        subnet_group: name.into(),
        security_groups: vec!["sg-1".into()],
        parameter_group: name.into(),
    };
    facts.learn(
        FactValue::Caches(vec![Cache {
            name: name.into(),
            encrypted: Some(false),
            tls: Some(false),
            role,
            made,
        }]),
        now,
    );
    (finding, facts)
}

/// Writes one flavour for every name, a directory a name; one process can then look at all of it.
fn written_for_all(room: &Path, flavour: Flavour) -> Vec<(&'static str, &'static str, PathBuf)> {
    let mut all = Vec::new();
    for (n, name) in NAMES.iter().enumerate() {
        let dir = room.join(n.to_string());
        fs::create_dir(&dir).expect("made");
        all.extend(written(&dir, flavour, name).into_iter().map(|(topic, path)| (*name, topic, path)));
    }
    all
}

/// Writes every topic's snippet in one flavour for one name; the files, with their topics.
pub(super) fn written(dir: &Path, flavour: Flavour, name: &str) -> Vec<(&'static str, PathBuf)> {
    written_as(dir, flavour, name, |_| {})
}

/// A name, and what makes a table of that shape of the one of which most is known.
type Shape = (&'static str, fn(&mut TableDescription));

/// What tables look like, besides the one of which most is known.
const SHAPES: &[Shape] = &[
    ("as it is", |_| {}),
    ("on demand, without a sort key", |d| {
        d.billing = Billing::OnDemand;
        d.key.sort = None;
    }),
    ("an index of several attributes, keys only", |d| {
        let attribute = |name: &str| KeyAttribute { name: name.into(), kind: KeyType::S };
        let Some(index) = d.indexes.first_mut() else { return };
        index.more_partition = vec![attribute("tenant")];
        index.more_sort = vec![attribute("month"), attribute("day")];
        index.projection = Projection::KeysOnly;
    }),
    ("an index with all, with a capacity of its own", |d| {
        let Some(index) = d.indexes.first_mut() else { return };
        index.projection = Projection::All;
        index.capacity = Some((7, 8));
    }),
    ("under a key of AWS, a binary partition key", |d| {
        d.encryption = Encryption::AwsOwned;
        d.key.partition.kind = KeyType::B;
    }),
];

/// The same, of a table of another shape. What would name a thing that this one has not is not there.
fn written_as(
    dir: &Path,
    flavour: Flavour,
    name: &str,
    shape: fn(&mut TableDescription),
) -> Vec<(&'static str, PathBuf)> {
    TOPICS
        .iter()
        .filter(|topic| topic.has(flavour))
        .filter_map(|topic| {
            let (finding, mut facts) = named(topic.id, name);
            let mut description = facts.description.known()?.clone();
            if flavour == Flavour::CloudFormation {
                // It has another kind of resource for tables with replicas.
                description.replicas.clear();
            }
            let is_rich = {
                let before = description.clone();
                shape(&mut description);
                before == description
            };
            facts.learn(FactValue::Description(description), jiff::Timestamp::UNIX_EPOCH);
            let snippet = match render(&finding, flavour, &facts) {
                Ok(snippet) => snippet,
                Err(needs) => {
                    assert!(!is_rich && needs == Needs::NoTemplate, "{}: {needs:?}", topic.id);
                    return None;
                }
            };
            assert!(snippet.text.chars().all(|c| matches!(c, ' '..='~' | '\n')), "{} {name:?}", topic.id);
            assert_eq!(snippet.file_name, format!("{}.{}", topic.id, flavour.extension()));
            let path = dir.join(&snippet.file_name);
            fs::write(&path, snippet.text).expect("written");
            Some((topic.id, path))
        })
        .collect()
}

fn tool(mode: &str, files: &[&Path]) -> std::process::Output {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tools/snippets.py");
    // Snippets that are run keep what was there before in files beside them.
    let room = tempfile::tempdir().expect("a directory");
    let mut command = Command::new(python());
    command.arg(script).arg(mode).args(files).current_dir(room.path()).output().expect("python3 runs")
}

/// `DYNAUDIT_PYTHON` names an interpreter that has the optional modules.
pub(super) fn python() -> String {
    std::env::var("DYNAUDIT_PYTHON").unwrap_or_else(|_| "python3".into())
}

/// Whether a Python module is there; says so where it is not.
fn has(module: &str, what: &str) -> bool {
    let there = String::from_utf8_lossy(&tool("modules", &[]).stdout).lines().any(|l| l == module);
    needs(&format!("the Python module {module}, for {what}"), there)
}

pub(super) fn passes(output: &std::process::Output, what: &str) {
    let said = [&output.stdout[..], &output.stderr[..]].concat();
    assert!(output.status.success(), "{what}: {}", String::from_utf8_lossy(&said));
}

/// Runs a snippet under `sh` in an empty directory. Returns what `aws` was called with, one list a call.
fn run(script: &Path, dir: &Path) -> Vec<Vec<String>> {
    let log = dir.join("log");
    let _ = fs::remove_file(&log);
    let path = format!("{}:{}", dir.join("bin").display(), std::env::var("PATH").expect("PATH"));
    let syntax = Command::new("sh").arg("-n").arg(script).output().expect("sh runs");
    passes(&syntax, "sh -n");
    let ran = Command::new("sh")
        .arg(script)
        .current_dir(dir.join("cwd"))
        .env("PATH", path)
        .env("LOG", &log)
        .output();
    let ran = ran.expect("sh runs");
    passes(&ran, "sh");
    assert!(ran.stderr.is_empty(), "{}: {}", script.display(), String::from_utf8_lossy(&ran.stderr));
    let bytes = fs::read(&log).unwrap_or_default();
    // Each call ends with an empty word, which no snippet passes.
    let words = String::from_utf8(bytes).expect("text");
    words
        .split("\0\0")
        .filter(|call| !call.is_empty())
        .map(|call| call.split('\0').map(str::to_owned).collect())
        .collect()
}

/// Writes down what it was called with, and answers with a little of what AWS would. `REAL_AWS` names an AWS CLI that gets
/// each kind of command line once too; what it says of one that it does not take goes to the file `SAID`.
const AWS: &str = r#"#!/bin/sh
printf '%s\0' "$@" >> "$LOG"
printf '\0' >> "$LOG"
if [ -n "${REAL_AWS:-}" ] && [ "$2" != wait ]; then
  kind=$(printf '%s\n' "$@" | sed -n 's/^\(--[a-z-]*\).*/\1/p' | sort -u | tr -d '\n')
  if mkdir "$SEEN/$1 $2 $kind" 2> /dev/null; then
    "$REAL_AWS" "$@" > /dev/null 2> "$SAID.now" < /dev/null || { printf 'aws %s %s %s: ' "$1" "$2" "$kind"; tr '\n' ' ' < "$SAID.now"; echo; } >> "$SAID"
  fi
fi
case "$*" in
  *create-key*|*describe-key*) echo arn:aws:kms:eu-west-1:111122223333:key/new ;;
  *list-aliases*) ;;
  *list-access-keys*Status*text*|*list-access-keys*text*Status*) echo Inactive ;;
  *describe-secret*)
    for word in "$@"; do case "$word" in --secret-id=*) echo "${word#*=}" ;; esac; done ;;
  *get-role*) echo '{"Statement": []}' ;;
  *get-item*) echo '{"S": "old"}' ;;
  *get-caller-identity*|*get-access-key-info*) echo 111122223333 ;;
  *UserName*) echo ann ;;
  *MasterAccountId*) echo 111122223333 ;;
  *Organization.Id*) echo o-a1b2c3d4e5 ;;
  *create-access-key*) echo '{"SecretAccessKey": "new"}' ;;
  *RevisionId*) printf '1\t{"Version":"2012-10-17","Statement":[]}\n' ;;
  *get-key-policy*|*get-backup-vault-access-policy*)
    # What the fix was made from, where that is told.
    cat "${POLICIES:-}/$1.policy" 2> /dev/null || echo '{"Version":"2012-10-17","Statement":[]}' ;;
  *get-event-selectors*) echo '[{"Name": "answer", "FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]}]' ;;
  *get-*policy*) echo '{"Version":"2012-10-17","Statement":[]}' ;;
  *) echo '[{"Name": "answer"}]' ;;
esac
"#;

/// What a person does after the first paste: the key of the item, the edits, the secret, and the guards away.
fn as_a_person(script: &Path, dir: &Path) {
    let words = regex::Regex::new("PUT-[A-Z0-9-]+-HERE").expect("a pattern");
    for made in fs::read_dir(dir.join("cwd")).expect("read") {
        let made = made.expect("there").path();
        let key_id = ["AKIA", "IOSFODNN7EXAMPLE"].concat();
        for (file, text) in [
            ("key.json", r#"{"stripe_key":{"S":"a"},"at":{"N":"1"}}"#),
            ("secret.txt", "new"),
            ("key-id.txt", key_id.as_str()),
            ("role.txt", "app"),
        ] {
            if made.join(file).exists() {
                fs::write(made.join(file), text).expect("written");
            }
        }
        for file in fs::read_dir(&made).expect("read") {
            let file = file.expect("there").path();
            let text = fs::read_to_string(&file).expect("read");
            fs::write(file, words.replace_all(&text, "put-in").as_bytes()).expect("written");
        }
    }
    let text = fs::read_to_string(script).expect("read");
    let text = text
        .replace("PUT-THE-POLICY-ID-HERE", "p-a1b2c3d4e5")
        .replace("PUT-THE-ROOT-ID-HERE", "r-a1b2")
        .replace("PUT-THE-ROLE-ARN-HERE", "arn:aws:iam::111122223333:role/pipe")
        .replace("PUT-THE-BUS-ARN-HERE", "arn:aws:events:eu-west-1:111122223333:event-bus/siem");
    let text = words.replace_all(&text, "put-in");
    fs::write(
        script,
        ["in_account aws ", "in_account make_key ", "of_owner ", "in_organization aws "]
            .iter()
            .fold(text.into_owned(), |text, own| text.replace(&format!("\n: {own}"), &format!("\n{own}"))),
    )
    .expect("written");
}

pub(super) fn shell_room() -> (tempfile::TempDir, PathBuf) {
    let room = tempfile::tempdir().expect("a directory");
    for sub in ["bin", "cwd"] {
        fs::create_dir(room.path().join(sub)).expect("made");
    }
    let aws = room.path().join("bin/aws");
    fs::write(&aws, AWS).expect("written");
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(&aws, fs::Permissions::from_mode(0o755)).expect("set");
    let canary = room.path().join("canary");
    (room, canary)
}

#[test]
fn a_shell_does_what_the_snippet_says_and_nothing_that_a_name_says() {
    let (room, canary) = shell_room();
    let mut checked = 0;
    for name in NAMES {
        let name = name.replace("CANARY", &canary.display().to_string());
        for (topic, script) in written(room.path(), Flavour::AwsCli, &name) {
            let mut calls = run(&script, room.path());
            as_a_person(&script, room.path());
            calls.extend(run(&script, room.path()));
            let _ = fs::remove_dir_all(room.path().join("cwd"));
            fs::create_dir(room.path().join("cwd")).expect("made");
            assert!(!calls.is_empty(), "{topic}: nothing was called");
            for call in &calls {
                assert!(SERVICES.contains(&call[0].as_str()), "{topic}: {call:?}");
                for word in call.iter().skip(2) {
                    let Some((option, value)) = word.split_once('=') else { continue };
                    if !JSON_OPTIONS.contains(&option) || value.starts_with(char::is_alphanumeric) {
                        continue;
                    }
                    let parsed: serde_json::Value = serde_json::from_str(value).expect("JSON");
                    if option == "--expression-attribute-names" {
                        assert_eq!(parsed["#a0"], "config");
                        assert!(
                            call[1] == "get-item" || parsed["#a1"] == serde_json::json!(name),
                            "{parsed}"
                        );
                        checked += 1;
                    }
                    if option == "--time-to-live-specification" && parsed["Enabled"] == false {
                        assert_eq!(parsed["AttributeName"], serde_json::json!(name));
                        checked += 1;
                    }
                }
            }
            assert!(!canary.exists(), "{topic}: {name:?} was run");
        }
    }
    // Every topic that takes something out reads it first.
    assert!(checked >= NAMES.len() * 6, "the names were looked at: {checked}");
}

#[test]
fn the_item_key_and_the_new_secret_are_for_the_owner_alone() {
    let (room, _) = shell_room();
    // This aws fails, so that the files are not removed.
    fs::write(room.path().join("bin/aws"), "#!/bin/sh\nexit 1\n").expect("written");
    let (finding, facts) = named("secret-in-item", "stripe_key");
    let script = room.path().join("s.sh");
    fs::write(&script, render(&finding, Flavour::AwsCli, &facts).expect("filled").text).expect("written");
    let path = format!("{}:{}", room.path().join("bin").display(), std::env::var("PATH").expect("PATH"));
    let _ = Command::new("sh").arg(&script).current_dir(room.path().join("cwd")).env("PATH", path).output();
    use std::os::unix::fs::PermissionsExt;
    let made =
        fs::read_dir(room.path().join("cwd")).expect("read").next().expect("made").expect("there").path();
    assert_eq!(fs::metadata(&made).expect("there").permissions().mode() & 0o777, 0o700);
    for file in ["key.json", "secret.txt"] {
        let mode = fs::metadata(made.join(file)).expect(file).permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
    let key: serde_json::Value =
        serde_json::from_slice(&fs::read(made.join("key.json")).expect("read")).expect("JSON");
    assert_eq!(key["stripe_key"]["S"], "PUT-THE-KEY-HERE");
    assert_eq!(key["at"]["N"], "PUT-THE-KEY-HERE");
}

#[test]
fn python_reads_back_the_very_names() {
    let room = tempfile::tempdir().expect("a directory");
    let files = written_for_all(room.path(), Flavour::Boto3);
    let paths: Vec<&Path> = files.iter().map(|f| f.2.as_path()).collect();
    let output = tool("python", &paths);
    passes(&output, "python");
    let literals = String::from_utf8(output.stdout).expect("text");
    assert_eq!(literals.lines().count(), files.len());
    for ((name, topic, _), line) in files.iter().zip(literals.lines()) {
        let literals: Vec<String> = serde_json::from_str(line).expect("a list");
        let expect = match *topic {
            // It changes a role, and no table.
            "role-trust" => continue,
            "ttl-attribute" | "secret-as-key" => (*name).to_owned(),
            "backup-vault" | "dax-cluster" => (*name).to_owned(),
            "data-events" | "trail-logging" => {
                format!("arn:aws:cloudtrail:eu-west-1:111122223333:trail/{name}")
            }
            "index-projection" | "secret-as-index-key" => format!("{name}_v2"),
            topic if topic.starts_with("key-") => format!("arn:aws:kms:eu-west-1:111122223333:key/{name}"),
            _ => format!("arn:aws:dynamodb:eu-west-1:111122223333:table/{name}"),
        };
        assert!(literals.contains(&expect), "{topic}: {expect:?} is not in {literals:?}");
    }
}

#[test]
fn hcl_parses() {
    if !has("hcl2", "parsing Terraform snippets") {
        return;
    }
    let room = tempfile::tempdir().expect("a directory");
    let files = written_for_all(room.path(), Flavour::Terraform);
    let paths: Vec<&Path> = files.iter().map(|f| f.2.as_path()).collect();
    passes(&tool("hcl", &paths), "python-hcl2");
}

/// `terraform fmt` parses with HCL's own parser, and needs neither a provider nor the network.
#[test]
fn terraform_itself_parses() {
    if Command::new("terraform").arg("version").output().is_err() {
        eprintln!("SKIPPED: terraform fmt: terraform is not installed");
        return;
    }
    let room = tempfile::tempdir().expect("a directory");
    written_for_all(room.path(), Flavour::Terraform);
    let output =
        Command::new("terraform").args(["fmt", "-list=false", "-recursive"]).arg(room.path()).output();
    passes(&output.expect("terraform runs"), "terraform fmt");
}

/// A name given to HCL is the same name again after HCL read it.
#[test]
fn hcl_reads_back_the_very_names() {
    if Command::new("terraform").arg("version").output().is_err() {
        eprintln!("SKIPPED: terraform console: terraform is not installed");
        return;
    }
    // An output that the snippet's own literal fills, looked at by terraform itself.
    let room = tempfile::tempdir().expect("a directory");
    let mut outputs = String::new();
    for (n, name) in NAMES.iter().enumerate() {
        let dir = room.path().join(n.to_string());
        fs::create_dir(&dir).expect("made");
        let files = written(&dir, Flavour::Terraform, name);
        let (_, file) = files.iter().find(|(topic, _)| *topic == "replica-key").expect("there");
        let text = fs::read_to_string(file).expect("read");
        let literal = text.lines().find_map(|l| l.trim().strip_prefix("name = ")).expect("there");
        outputs += &format!("output \"o{n}\" {{\n  value = {literal}\n}}\n");
    }
    let module = tempfile::tempdir().expect("a directory");
    fs::write(module.path().join("main.tf"), outputs).expect("written");
    let terraform = |args: &[&str]| {
        let chdir = format!("-chdir={}", module.path().display());
        Command::new("terraform").arg(chdir).args(args).output().expect("terraform runs")
    };
    passes(&terraform(&["init", "-input=false"]), "init");
    passes(&terraform(&["apply", "-auto-approve", "-input=false"]), "apply of outputs alone");
    let output = terraform(&["output", "-json"]);
    passes(&output, "output");
    let read: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    for (n, name) in NAMES.iter().enumerate() {
        assert_eq!(read[format!("o{n}")]["value"], serde_json::json!(name));
    }
}

#[test]
fn aws_accepts_the_requests() {
    if !has("botocore", "checking requests against AWS's models") {
        return;
    }
    for (shape, change) in SHAPES {
        let (room, _) = shell_room();
        let mut log = String::new();
        for (_, script) in written_as(room.path(), Flavour::AwsCli, "stripe_key", *change) {
            // What a person has to look at first stands behind a colon; it has to be right all the same.
            let pasted = run(&script, room.path());
            as_a_person(&script, room.path());
            for call in pasted.into_iter().chain(run(&script, room.path())) {
                log += &serde_json::to_string(&call).expect("JSON");
                log.push('\n');
            }
        }
        let calls = room.path().join("calls.json");
        fs::write(&calls, log).expect("written");
        passes(&tool("aws", &[&calls]), &format!("AWS CLI, {shape}"));

        let files = written_as(room.path(), Flavour::Boto3, "stripe_key", *change);
        let paths: Vec<&Path> = files.iter().map(|(_, p)| p.as_path()).collect();
        passes(&tool("python-run", &paths), &format!("boto3, {shape}"));
    }
}
