//! `dynaudit access`: who can read, in the embedded account and from files as the AWS CLI writes them.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

const TABLE: &str = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders";

fn dynaudit(args: &[&str]) -> (Option<i32>, Vec<u8>, String) {
    let home = tempfile::tempdir().expect("a folder");
    let output = assert_cmd::Command::new(env!("CARGO_BIN_EXE_dynaudit"))
        .env_clear()
        .env("HOME", home.path())
        .arg("access")
        .args(args)
        .output()
        .expect("it runs");
    (output.status.code(), output.stdout, String::from_utf8_lossy(&output.stderr).into_owned())
}

fn json_of(args: &[&str]) -> Value {
    let (code, out, said) = dynaudit(args);
    assert_eq!(code, Some(0), "{said}");
    serde_json::from_slice(&out).expect("JSON")
}

fn file(folder: &Path, name: &str, content: &Value) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, content.to_string()).expect("it is written");
    path
}

/// Who reads, and how, by the end of their names.
fn told(table: &Value) -> Vec<(String, String)> {
    let word = |reader: &Value, name: &str| reader[name].as_str().expect("a word").to_owned();
    let short = |arn: String| arn.rsplit('/').next().expect("a name").to_owned();
    let readers = table["readers"].as_array().expect("a list").iter();
    readers
        .map(|r| (short(word(r, "principal")), format!("{} {}", word(r, "reach"), word(r, "decision"))))
        .collect()
}

#[test]
fn every_kind_of_reader_of_the_demo_is_told() {
    let answer = json_of(&["--demo", "--table", "orders", "--format", "json"]);
    let tables = answer["tables"].as_array().expect("a list");
    let here = |t: &&Value| t["table"] == TABLE;
    let table = tables.iter().find(here).expect("the table of production");
    let readers = told(table);
    for (who, how) in [
        ("break-glass", "directly allowed"),
        ("checkout", "directly allowed"),
        // With a second factor only.
        ("ana", "directly allowed_if"),
        ("backup-operator", "by_copy allowed"),
        ("ci", "could allowed"),
        ("github-release", "could allowed"),
        ("incident-response", "could allowed"),
    ] {
        assert!(readers.contains(&(who.into(), how.into())), "{who} {how}: {readers:?}");
    }
    // A boundary, a Deny, a key that does not decrypt, and an action that does not exist.
    for nobody in ["ben", "emil", "data-science", "stock-counter", "thumbnailer", "dora"] {
        assert!(readers.iter().all(|(who, _)| who != nobody), "{nobody}");
    }
    let stopped = table["stopped"].as_array().expect("a list");
    let by = |name: &str| {
        let one = stopped.iter().find(|s| s["principal"].as_str().expect("a word").ends_with(name));
        one.expect("is stopped")["would_read_without"][0].clone()
    };
    assert_eq!(by("/stock-counter"), "kms:Decrypt on the table's key");
    assert_eq!(by("/data-science"), "nothing in the permissions boundary allows it");
    assert_eq!(by("/emil"), "a Deny in identity policies");
}

fn world(folder: &Path) -> [PathBuf; 3] {
    let allow = |action: &str| json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]});
    let role = |name: &str, action: &str| {
        json!({
            "RoleName": name, "RoleId": format!("AROA{name}"), "Arn": format!("arn:aws:iam::111122223333:role/{name}"),
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []}, "Tags": [],
            "RolePolicyList": [{"PolicyName": "own", "PolicyDocument": allow(action)}],
            "AttachedManagedPolicies": [],
        })
    };
    let details = json!({
        "UserDetailList": [], "GroupDetailList": [], "Policies": [],
        "RoleDetailList": [role("reader", "dynamodb:GetItem"), role("other", "s3:*")],
    });
    let policy = json!({"Version": "2012-10-17", "Statement": []});
    [
        file(folder, "details.json", &details),
        file(folder, "table.json", &json!({"Table": {"TableName": "orders", "TableArn": TABLE}})),
        file(folder, "policy.json", &policy),
    ]
}

fn path(path: &Path) -> &str {
    path.to_str().expect("a path of letters")
}

#[test]
fn from_files_what_is_not_given_counts_as_not_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let [details, table, policy] = world(folder.path());
    let files = ["--describe-table", path(&table), "--account-details", path(&details), "--format", "json"];
    let whole = json_of(&[&files[..], &["--resource-policy", path(&policy)]].concat());
    assert_eq!(told(&whole["tables"][0]), [("reader".to_owned(), "directly allowed".to_owned())]);
    // Its policy may let in anybody, and take away from anybody.
    let part = json_of(&files);
    assert_eq!(
        told(&part["tables"][0])
            .into_iter()
            .filter(|(_, how)| how.starts_with("directly"))
            .collect::<Vec<_>>(),
        [
            ("other".to_owned(), "directly allowed_if".to_owned()),
            ("reader".to_owned(), "directly allowed_if".to_owned()),
        ]
    );
    assert_eq!(part["tables"][0]["unread"][0], "the table's policy: no file was given");
    // Without the account, nobody is called a reader, and that is no success.
    let (code, out, _) = dynaudit(&["--describe-table", path(&table), "--resource-policy", path(&policy)]);
    let out = String::from_utf8_lossy(&out);
    assert_eq!(code, Some(3));
    assert!(out.contains("users and roles of the account: no file tells of its account"), "{out}");
}

#[test]
fn one_question_is_explained_and_a_bad_file_says_where_it_is_bad() {
    let folder = tempfile::tempdir().expect("a folder");
    let [details, ..] = world(folder.path());
    let ask = |principal: &str, details: &Path| {
        dynaudit(&[
            "explain",
            "--action",
            "dynamodb:GetItem",
            "--resource",
            TABLE,
            "--principal",
            principal,
            "--account-details",
            path(details),
            "--format",
            "json",
        ])
    };
    for (name, expect) in [("reader", "allowed"), ("other", "denied"), ("nobody", "denied")] {
        let (code, out, said) = ask(&format!("arn:aws:iam::111122223333:role/{name}"), &details);
        assert_eq!(code, Some(0), "{said}");
        let answer: Value = serde_json::from_slice(&out).expect("JSON");
        assert_eq!(answer["decision"], expect, "{name}: {answer}");
        assert!(answer["assumed"].as_array().is_some_and(|a| a.contains(&json!("no organization"))));
    }
    let (code, _, said) = ask("arn:aws:iam::111122223333:group/all", &details);
    assert_eq!(code, Some(2));
    assert!(said.contains("no principal that can ask"), "{said}");
    let bad = folder.path().join("bad.json");
    std::fs::write(&bad, "{\n  \"UserDetailList\": [}").expect("it is written");
    let (code, _, said) = ask("arn:aws:iam::111122223333:role/reader", &bad);
    assert_eq!(code, Some(2));
    assert!(said.contains("line 2"), "{said}");
    let other = file(folder.path(), "other.json", &json!({"Tables": []}));
    let (code, _, said) = ask("arn:aws:iam::111122223333:role/reader", &other);
    assert_eq!(code, Some(2));
    assert!(said.contains("get-account-authorization-details"), "{said}");
}
