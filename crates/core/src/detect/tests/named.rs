//! Names wherever they stand, and passwords in clear.

use super::*;
use crate::domain::KeySchema;

/// A password that nobody would call random.
const PLAIN: &str = concat!("sun", "shine");
/// A random value, put together at run time.
fn random() -> String {
    ["x7Kq2ZpW9v", "B4tRm3Lc8Ys5Hd"].concat()
}

fn m(members: &[(&str, &str)]) -> AttributeValue {
    AttributeValue::M(members.iter().map(|(name, value)| ((*name).to_owned(), s(value))).collect())
}

/// What is reported of an item: `path rule confidence`.
fn reported(attributes: Vec<(&str, AttributeValue)>) -> Vec<String> {
    let item = Item::new(attributes.into_iter().map(|(name, value)| (name.to_owned(), value)).collect());
    let seen = look(&item).into_iter().filter(|s| s.is_reported() && s.severity > Severity::Info);
    seen.map(|s| format!("{} {}", s.path, s.rule)).collect()
}

fn check(attributes: Vec<(&str, AttributeValue)>, expect: &[&str]) {
    let told = format!("{:?}", attributes.iter().map(|(name, _)| name).collect::<Vec<_>>());
    assert_eq!(reported(attributes), expect, "{told}");
}

#[test]
fn a_password_beside_a_login_is_one_however_plain() {
    let one = ["password plain-password"];
    for login in ["email", "username", "user", "login", "user_name", "emailAddress", "phone"] {
        check(vec![(login, s("anna")), ("password", s(PLAIN))], &one);
    }
    for password in ["hunter2", "$umm3r!", "correct-horse", "1234", "<3kittens", "a1b2c3d4e5f6"] {
        check(vec![("email", s("anna@example.org")), ("password", s(password))], &one);
    }
    // The login in the key, and in the map around it.
    check(vec![("pk", s("anna@example.org")), ("password", s(PLAIN))], &one);
    check(
        vec![("email", s("a@example.org")), ("auth", m(&[("password", PLAIN)]))],
        &["auth.password plain-password"],
    );
    // In a text of JSON.
    let json = format!("{{\"login\":\"anna\",\"passwd\":\"{PLAIN}\"}}");
    check(vec![("profile", s(&json))], &["profile|json:.passwd plain-password"]);
    // Without a login it is looked at, and not reported.
    check(vec![("password", s(PLAIN))], &[]);
    assert!(look(&item(&[("password", PLAIN)])).iter().any(|s| &*s.rule == "plain-password"));
    // What is something else is nothing beside a login, either.
    for other in [
        "required|min:8",
        "${DB_PASSWORD}",
        "[FILTERED]",
        "********",
        "null",
        "arn:aws:ssm:eu-west-1:1:parameter/x",
    ] {
        check(vec![("email", s("anna@example.org")), ("password", s(other))], &[]);
    }
}

#[test]
fn the_password_of_a_service_needs_no_login() {
    for name in ["db_password", "DB_PASS", "smtpPassword", "mysql_pwd", "redis_pass", "docker_pass"] {
        check(vec![(name, s(PLAIN))], &[&format!("{name} plain-password")]);
    }
    check(vec![("boarding_pass", s(PLAIN)), ("season_pass", s(&random()))], &[]);
}

#[test]
fn a_password_in_clear_is_graver_than_its_hash() {
    let severity = |value: &str| {
        let item = item(&[("email", "anna@example.org"), ("password", value)]);
        look(&item).iter().filter(|s| s.is_reported()).map(|s| s.severity).max()
    };
    let hash = ["$2b$12$", "R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW"].concat();
    assert!(severity(PLAIN) >= severity(&hash), "{:?} {:?}", severity(PLAIN), severity(&hash));
    assert_eq!(severity(PLAIN), Some(Severity::High));
}

#[test]
fn the_name_of_a_value_stands_beside_it() {
    let random = random();
    let v = &*random;
    for (label, value) in [
        ("name", "value"),
        ("key", "val"),
        ("label", "value"),
        ("Key", "Value"),
        ("type", "value"),
        ("id", "secret_value"),
        ("header", "content"),
        ("k", "v"),
        ("sk", "data"),
    ] {
        let path = format!("{value} sensitive-name");
        check(vec![(label, s("client_secret")), (value, s(v))], &[&path]);
        // Whichever comes first, in lists, and in texts of JSON.
        check(vec![(value, s(v)), (label, s("client_secret"))], &[&path]);
        let list = AttributeValue::L(vec![
            m(&[(label, "colour"), (value, "red")]),
            m(&[(value, v), (label, "API_TOKEN")]),
        ]);
        check(vec![("env", list)], &[&format!("env[1].{value} sensitive-name")]);
        let json =
            serde_json::json!([{ label: "REGION", value: "eu" }, { label: "client_secret", value: v }])
                .to_string();
        check(vec![("settings", s(&json))], &[&format!("settings|json:[1].{value} sensitive-name")]);
    }
    check(vec![("name", s("DB_PASSWORD")), ("value", s(PLAIN))], &["value plain-password"]);
    // In other languages, and in a document whatever its members are called.
    for label in ["adgangskode", "wachtwoord", "contraseña"] {
        check(vec![("name", s(label)), ("value", s(PLAIN))], &["value plain-password"]);
    }
    let json = serde_json::json!([{ "name": "API_TOKEN", "data": v }]).to_string();
    check(vec![("settings", s(&json))], &["settings|json:[0].data sensitive-name"]);
    check(vec![("name", s("/prod/db/password")), ("value", s(PLAIN))], &["value plain-password"]);
    // Texts of an interface, rules of a form and rights are no passwords.
    for (label, value) in [
        ("login.password", "Mot de passe"),
        ("login.password", "Passwort"),
        ("password_placeholder", "At least 8 characters"),
        ("forgot_password", "forgot-password.html"),
        ("user.reset_password", "reset-mail-v2"),
        ("user:password", "read"),
        ("password", "varchar(255)"),
        ("password", "too short"),
        ("password", "required|min:8"),
    ] {
        check(vec![("key", s(label)), ("value", s(value))], &[]);
    }
    // What names nothing, or a thing about a secret, names no secret.
    for label in ["colour", "secret_arn", "token_type", "How do I reset my password", "password_hint"] {
        check(vec![("name", s(label)), ("value", s("violet-and-blue"))], &[]);
    }
}

#[test]
fn the_name_of_a_value_is_that_of_its_map() {
    let random = random();
    check(vec![("client_secret", m(&[("value", &random)]))], &["client_secret.value sensitive-name"]);
    check(vec![("dbPassword", m(&[("value", PLAIN)]))], &["dbPassword.value plain-password"]);
    check(vec![("secrets", m(&[("stripe", &random)]))], &["secrets.stripe sensitive-name"]);
    check(
        vec![("credentials", m(&[("partner", &random), ("region", "eu-central-1")]))],
        &["credentials.partner sensitive-name"],
    );
    check(vec![("tokens", m(&[("arn", "arn:aws:sns:eu-west-1:111122223333:x")]))], &[]);
}

#[test]
fn the_sort_key_names_the_value_of_an_item() {
    let key = |name: &str| KeyAttribute { name: name.into(), kind: KeyType::S };
    let context = TableContext {
        key: Some(KeySchema { partition: key("app"), sort: Some(key("entry")) }),
        ..TableContext::default()
    };
    let item = item(&[("app", "shop"), ("entry", "CONFIG#DB_PASSWORD"), ("value", PLAIN)]);
    let seen = detector().inspect(&context, &item, now(), &mut Scratch::default());
    assert!(seen.iter().any(|s| &*s.rule == "plain-password" && s.is_reported()), "{seen:?}");
}
