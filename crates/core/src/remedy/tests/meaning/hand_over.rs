//! A hand-over of several findings: what is one change is one section, in the order in which it is safe.

use super::*;

const TWO: &str = r#"{"Version":"2012-10-17","Statement":[{"Sid":"Guest","Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"dynamodb:GetItem","Resource":"*"},{"Sid":"App","Effect":"Allow","Principal":{"AWS":"arn:aws-us-gov:iam::111122223333:role/app"},"Action":["dynamodb:GetItem","dynamodb:PutResourcePolicy"],"Resource":"*"}]}"#;

fn book(all: &[Given]) -> String {
    runbook(all.iter().map(|given| (&given.finding, &given.facts)), &Options::default())
}

fn sections(book: &str) -> usize {
    book.matches("\n## ").count()
}

/// AWS takes one document over one revision: a second one would be refused, or take the first back.
#[test]
fn findings_of_one_policy_are_one_document() {
    let checks = ["policy-cross-account", "policy-can-change-itself", "policy-no-tls-deny"];
    let all = checks.map(|check| failed(check).knows_policy(check, TWO));
    let whole = book(&all);
    assert_eq!(sections(&whole), 1, "{whole}");
    assert_eq!(whole.matches("Fixed at once with it").count(), 2, "{whole}");
    assert_eq!(whole.matches("\n: in_account aws dynamodb put-resource-policy").count(), 1, "{whole}");
    for change in
        ["Statement Guest, number 1: taken out", "without the right to put or delete", "a Deny of plain HTTP"]
    {
        assert!(whole.contains(change), "{change}: {whole}");
    }
    let options = Options { also: vec!["policy-can-change-itself", "policy-tls"], ..Options::default() };
    let ask = Ask { finding: &all[0].finding, facts: &all[0].facts, options: &options };
    let after = proposal(&ask).expect("a document").after;
    let policy = Policy::parse(after.text());
    let sids: Vec<_> = policy.statements.iter().filter_map(|s| s.sid.clone()).collect();
    assert_eq!(sids, ["App", "DenyPlainHttp"], "{}", after.text());
    assert!(!after.text().contains("PutResourcePolicy"), "{}", after.text());
    // The policy of the stream is another document.
    let stream = failed("stream-policy-cross-account").knows_policy("stream-policy-cross-account", TWO);
    let [table, ..] = all;
    assert_eq!(sections(&book(&[table, stream])), 2);
}

#[test]
fn the_same_fix_is_there_once_and_another_one_by_itself() {
    let both = book(&[failed("pitr-off"), failed("no-backup")]);
    assert_eq!(
        (sections(&both), both.matches("<summary>AWS CLI: switch point-in-time recovery on").count()),
        (1, 1),
        "{both}"
    );
    assert!(both.contains("1. [ ] Paste the snippet below. It changes"), "{both}");
    let two = book(&[failed("pitr-off"), failed("deletion-protection-off")]);
    assert_eq!(sections(&two), 2, "{two}");
    let secrets = ["a", "b"].map(|name| secret(SecretClass::ApiKey, Stands::Alone, name));
    assert_eq!(sections(&book(&secrets)), 2);
}

/// Where others can read it: the secret is revoked, then the way in is closed, then the rest.
#[test]
fn what_lets_others_in_is_closed_before_the_rest() {
    let check = "policy-cross-account";
    let key = failed("aws-owned-key").exposed();
    let policy = Given { ..failed(check).knows_policy(check, TWO) };
    let secret = secret(SecretClass::ApiKey, Stands::Alone, "api_key").exposed();
    let whole = book(&[key, policy, secret]);
    let at = |part: &str| whole.find(part).unwrap_or_else(|| panic!("no {part:?} in\n{whole}"));
    let secret = at("Replaces a secret that stands in an item");
    assert!(
        secret < at("Puts a policy in the place")
            && at("Puts a policy in the place") < at("Encrypts the table under")
    );
}

/// A command that names variables brings them along.
#[test]
fn what_verifies_runs_by_itself() {
    let whole = book(&[failed("pitr-off")]);
    let (_, verify) = whole.split_once("### Verify\n").expect("told");
    let (code, _) = verify.split_once("```sh\n").expect("commands").1.split_once("```").expect("ended");
    for name in ["table", "region"].iter().filter(|name| code.contains(&format!("${name}"))) {
        assert!(code.contains(&format!("{name}=")), "{name}: {code}");
    }
    assert!(code.contains("aws dynamodb describe-continuous-backups"), "{code}");
}
