//! Sessions, users and their tokens: what Django and its packages write.

use super::super::random::{HEX, Random};
use super::super::row::{Row, Secret, flag, list, n, row, s, secret, text_with, words};
use super::super::secret::{django_password, github_token, identity_password, jwt, totp_seed, unmarked};
use super::super::session::{legacy, signed};
use super::hours_ago;

/// The characters of a Django session key.
const SESSION_KEY: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";

/// Sessions of django-dynamodb-sessions: `session_key`, `data`, `created`, and no expiry.
pub(in super::super) fn sessions() -> Vec<Row> {
    (0..48).map(|number| session("production", number)).collect()
}

/// The sessions of the shop's American half.
pub(in super::super) fn sessions_us() -> Vec<Row> {
    (0..16).map(|number| session("production-us", number)).collect()
}

/// A few sessions of testers.
pub(in super::super) fn sessions_staging() -> Vec<Row> {
    (0..6).map(|number| session("staging", number)).collect()
}

/// One session; its number decides its kind: of twelve, two are anonymous, one is from before Django 3.1, one
/// carries OAuth tokens, one a password reset, the rest are plain logins.
fn session(place: &str, number: u64) -> Row {
    let name = format!("session {place} {number}");
    let random = &mut Random::named(&name);
    let key = random.text(SESSION_KEY, 32);
    let hash = random.text(HEX, 64);
    let hours = number * number * 7 / 2;
    let login = format!(
        r#""_auth_user_id":"{}","_auth_user_backend":"django.contrib.auth.backends.ModelBackend","_auth_user_hash":"{hash}""#,
        1001 + random.below(120),
    );
    let (data, also) = match number % 12 {
        3 | 9 => {
            let csrf = random.text(SESSION_KEY, 32);
            let data = signed(&format!(r#"{{"_csrftoken":"{csrf}","cart_size":0}}"#), hours_ago(hours));
            return row([("session_key", s(key)), ("data", s(data)), ("created", n(hours_ago(hours)))]);
        }
        4 => (legacy(&format!("{{{login}}}")), Vec::new()),
        6 => {
            let access = jwt(&format!(r#"{{"sub":"{}","scope":"profile orders"}}"#, random.uuid()));
            let refresh = unmarked(&name, 48);
            let cart: Vec<String> =
                (0..12).map(|n| format!(r#"{{"sku":"BK-{:05}","qty":{}}}"#, 10_400 + n, 1 + n % 3)).collect();
            let json = format!(
                r#"{{{login},"access_token":"{}","refresh_token":"{}","cart":[{}]}}"#,
                access.value,
                refresh.value,
                cart.join(","),
            );
            (signed(&json, hours_ago(hours)), vec![access, refresh])
        }
        10 => {
            let reset = Random::named(&format!("reset {name}")).text(HEX, 32);
            let token = Secret { value: format!("cx{}-{reset}", 3000 + number), prefix: 0 };
            let json = format!(r#"{{{login},"_password_reset_token":"{}"}}"#, token.value);
            (signed(&json, hours_ago(hours)), vec![token])
        }
        _ => (signed(&format!("{{{login}}}"), hours_ago(hours)), Vec::new()),
    };
    let mut planted = vec![Secret { value: data.clone(), prefix: 0 }];
    planted.extend(also);
    row([
        ("session_key", secret(Secret { value: key, prefix: 0 })),
        ("data", text_with(data, planted)),
        ("created", n(hours_ago(hours))),
    ])
}

const GIVEN: &[&str] = &[
    "Ada",
    "Zoë",
    "Łukasz",
    "Nguyễn",
    "José",
    "玲子",
    "Олена",
    "Siobhán",
    "أمل",
    "Jürgen",
    "Ingrid",
    "Kwame",
];
const FAMILY: &[&str] =
    &["Lind", "García", "Müller", "Kowalska", "Tran", "佐藤", "O’Brien", "Шевченко", "Okafor", "Larsen"];

/// A name from many places.
pub(super) fn person(random: &mut Random) -> String {
    format!("{} {}", random.pick(GIVEN), random.pick(FAMILY))
}

/// Users with counted-up ids, password hashes and, for staff, the seed of their second factor.
pub(in super::super) fn users() -> Vec<Row> {
    (1001..1121)
        .map(|id: u64| {
            let random = &mut Random::named(&format!("user {id}"));
            let staff = id.is_multiple_of(20);
            let mut user = row([
                ("user_id", n(id)),
                ("email", s(format!("user{id}@shop.example"))),
                ("name", s(person(random))),
                ("password", secret(django_password(&id.to_string()))),
                ("is_staff", flag(staff)),
                ("last_login", s(super::iso_hours_ago(random.below(2000)))),
            ]);
            if staff {
                let seed = totp_seed(&id.to_string());
                user.extend(row([("totp_secret", secret(seed)), ("groups", words(["staff", "orders"]))]));
            }
            user
        })
        .collect()
}

/// Members of the shop's American club, as ASP.NET Core Identity keeps them: hashes of passwords, and for each the
/// seed of a second factor. No session is here.
pub(in super::super) fn members() -> Vec<Row> {
    (0..8)
        .map(|number: u64| {
            let name = format!("member {number}");
            let random = &mut Random::named(&name);
            row([
                ("id", s(random.uuid())),
                ("email", s(format!("member{number}@shop.example"))),
                ("password_hash", secret(identity_password(&name))),
                ("totp_secret", secret(totp_seed(&name))),
            ])
        })
        .collect()
}

/// Tokens that are their own partition key.
pub(in super::super) fn api_tokens() -> Vec<Row> {
    (0..24)
        .map(|number: u64| {
            let random = &mut Random::named(&format!("api token {number}"));
            row([
                ("token", secret(github_token(&format!("api {number}")))),
                ("user_id", n(1001 + random.below(120))),
                ("label", s(random.pick(&["ci", "laptop", "deploy", "backup", "reporting"]))),
                ("scopes", words(["repo", "read:org"])),
                ("hosts", list([s("build-1.shop.example"), s("build-2.shop.example")])),
                ("expires", n(hours_ago(0) + (number.cast_signed() - 6) * 86_400 * 9)),
            ])
        })
        .collect()
}
