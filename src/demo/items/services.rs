//! Keys of other people's services: the tables that should not exist in this form.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::super::random::{HEX, Random};
use super::super::row::{Cell, Row, Secret, flag, list, map, n, null, row, s, secret, text_with, words};
use super::super::secret::{
    aws_key, base64_of, github_token, google_key, hex, npm_token, pem_key, sendgrid_key, slack_token,
    stripe_key, unmarked, webhook_secret,
};
use super::{iso_hours_ago, people::person};

/// One secret of a provider, by the provider's name; the place keeps production and staging apart.
fn key_of(service: &str, place: &str) -> Secret {
    let name = format!("{place} {service}");
    match service {
        "stripe" => stripe_key(&name),
        "github" => github_token(&name),
        "npm" => npm_token(&name),
        "slack" => slack_token(&name),
        "sendgrid" => sendgrid_key(&name),
        "maps" => google_key(&name),
        _ => unmarked(&name, 40),
    }
}

/// The table of the articles: a key for each service in the clear, and more in nested settings.
pub(in super::super) fn api_metadata() -> Vec<Row> {
    let mut rows: Vec<Row> =
        ["stripe", "github", "npm", "slack", "sendgrid", "maps", "warehouse", "printing"]
            .iter()
            .map(|service| metadata(service, "production"))
            .collect();
    rows.push(aws_uploader());
    rows.push(signer());
    rows.extend(remediated());
    rows
}

/// Staging: two keys of its own, and two that it should not have.
pub(in super::super) fn api_metadata_staging() -> Vec<Row> {
    let mut rows = vec![metadata("slack", "staging"), metadata("printing", "staging")];
    rows.extend([metadata("stripe", "production"), metadata("github", "production")]);
    rows
}

fn metadata(service: &str, place: &str) -> Row {
    let name = format!("{place} {service}");
    let random = &mut Random::named(&format!("metadata {name}"));
    let billing = stripe_key(&format!("{place} billing"));
    let hook = webhook_secret(&name);
    let config = format!(
        r#"{{"retries":3,"timeout_ms":2500,"billing":{{"provider":"stripe","secret_key":"{}"}},"callbacks":["https://shop.example/hooks/{service}"]}}"#,
        billing.value
    );
    row([
        ("id", s(random.uuid())),
        ("service", s(service)),
        ("environment", s(place)),
        ("api_key", secret(key_of(service, place))),
        ("config", text_with(config, vec![billing])),
        (
            "integrations",
            map([
                ("enabled", flag(true)),
                (
                    "webhook",
                    map([("url", s("https://shop.example/hooks")), ("signing_secret", secret(hook))]),
                ),
                ("tokens", list([map([("name", s("deploy")), ("token", secret(npm_token(&name)))]), null()])),
            ]),
        ),
        ("owner", s("team-platform")),
        ("updated_at", s(iso_hours_ago(random.below(9000)))),
    ])
}

fn aws_uploader() -> Row {
    let (id, key) = aws_key("production uploader", "111122223333");
    row([
        ("id", s(Random::named("metadata uploader").uuid())),
        ("service", s("s3-uploader")),
        ("environment", s("production")),
        ("aws_access_key_id", secret(id)),
        ("aws_secret_access_key", secret(key)),
        ("bucket", s("arn:aws:s3:::shop-example-uploads")),
        ("owner", s("team-media")),
    ])
}

fn signer() -> Row {
    let password = unmarked("production database", 28);
    let url = format!("postgres://shop:{}@db.internal.shop.example:5432/shop", password.value);
    row([
        ("id", s(Random::named("metadata signer").uuid())),
        ("service", s("invoice-signer")),
        ("environment", s("production")),
        ("private_key", secret(pem_key("production signer"))),
        ("database_url", text_with(url, vec![password])),
        ("owner", s("team-finance")),
    ])
}

/// The right form: an alias, the name of a secret, a digest and a prefix. Nothing here is a secret.
fn remediated() -> Vec<Row> {
    let digest = |name: &str| Random::named(name).text(HEX, 64);
    vec![
        row([
            ("id", s(Random::named("metadata mail").uuid())),
            ("service", s("mail")),
            ("environment", s("production")),
            ("secret_arn", s("arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/mail-AbCdEf")),
            ("owner", s("team-platform")),
        ]),
        row([
            ("id", s(Random::named("metadata partner").uuid())),
            ("service", s("partner-api")),
            ("environment", s("production")),
            ("api_key_prefix", s("pk_9f86")),
            ("api_key_sha256", s(digest("partner digest"))),
            ("owner", s("team-platform")),
        ]),
    ]
}

/// Customers of the shop's hosted edition, with the keys they entrusted to it.
pub(in super::super) fn tenants() -> Vec<Row> {
    (0..20)
        .map(|number: u64| {
            let name = format!("tenant {number}");
            let random = &mut Random::named(&name);
            let mut tenant = row([
                ("tenant_id", s(format!("TENANT#{}", random.uuid()))),
                ("plan", s(random.pick(&["free", "team", "business"]))),
                ("name", s(format!("{} & Co.", person(random)))),
                ("seats", n(1 + random.below(200))),
                ("webhook_signing_secret", secret(webhook_secret(&name))),
                ("features", words(["exports", "sso"])),
            ]);
            if number.is_multiple_of(2) {
                tenant.extend(row([("integrations", integrations(&name))]));
            }
            tenant
        })
        .collect()
}

fn integrations(name: &str) -> Cell {
    map([
        ("payments", map([("provider", s("stripe")), ("secret_key", secret(stripe_key(name)))])),
        ("chat", map([("provider", s("slack")), ("credentials", list([secret(slack_token(name))]))])),
        ("legacy", null()),
    ])
}

/// Endpoints to call, with their signing secrets in base64, alone and inside base64 of a JSON document.
pub(in super::super) fn webhooks() -> Vec<Row> {
    (0..60)
        .map(|number: u64| {
            let name = format!("webhook {number}");
            let random = &mut Random::named(&name);
            let hook = webhook_secret(&name);
            let packed = base64_of(&hook);
            let bearer = hex(&name, 40);
            let headers =
                STANDARD.encode(format!(r#"{{"X-Shop":"1","Authorization":"Bearer {}"}}"#, bearer.value));
            let whole = Secret { value: headers.clone(), prefix: 0 };
            row([
                ("id", s(random.uuid())),
                ("url", s(format!("https://hooks{}.partner.example/in", random.below(9)))),
                ("secret", text_with(packed.value.clone(), vec![packed, hook])),
                ("headers", text_with(headers, vec![whole, bearer])),
                ("attempts", n(random.below(12))),
                // TTL reads epoch seconds from `expire_at`; this is another name, and text.
                ("expires_at", s(iso_hours_ago(random.below(4000)))),
            ])
        })
        .collect()
}

/// A table that is as it should be.
pub(in super::super) fn feature_flags() -> Vec<Row> {
    (0..12)
        .map(|number: u64| {
            let random = &mut Random::named(&format!("flag {number}"));
            row([
                ("flag", s(format!("checkout-step-{number}"))),
                ("enabled", flag(random.below(2) == 0)),
                ("share", n(format!("0.{:02}", random.below(100)))),
                ("etag", s(format!("\"{}\"", random.text(HEX, 32)))),
            ])
        })
        .collect()
}
