//! This program talks to the service without TLS.

use crate::domain::{Level, Message, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::messages::{fail, name, not_applicable, pass};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "client-endpoint-not-https",
    title: "The endpoint in use is not HTTPS",
    why: "An endpoint set by hand, in the environment or a profile, is used by every program on this machine: what they \
          read crosses the network in clear.",
    severity: Severity::Medium,
    level: Level::Region,
    reads: &[],
    reads_items: false,
    judge,
    topic: Fixed::Not("the setting is on this machine"),
    messages: &[&PLAIN],
    source: "https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html",
    refs: &[Reference::OwaspApi(8), Reference::Cwe(319)],
    field: "the endpoint URL in use",
    cases: &[
        Case::at("AWS's own endpoints", None, "pass", "AWS itself"),
        Case::at("an HTTPS endpoint", Some("https://dynamodb.example.com"), "pass", "is HTTPS"),
        Case::at(
            "plain HTTP",
            Some("http://dynamodb.example.com"),
            "fail",
            "medium: Requests go to http://dynamodb.example.com",
        ),
        Case::at(
            "plain HTTP to one service",
            Some("KMS http://kms.example.com"),
            "fail",
            "http://kms.example.com",
        ),
        Case::at(
            "plain HTTP to this machine",
            Some("http://127.0.0.1:8000"),
            "not-applicable",
            "this machine",
        ),
    ],
};

static PLAIN: Message = Message::new("endpoint-without-tls", "Requests go to {endpoints}, without TLS.");

fn judge(subject: &Subject<'_>) -> Judged {
    let Some(endpoint) = &subject.table.scope.endpoint else {
        return Ok(pass("Requests go to AWS itself, over TLS."));
    };
    let urls = || endpoint.split([' ', ',']).filter(|part| part.contains("://"));
    let plain: Vec<&str> = urls().filter(|url| !url.starts_with("https://")).collect();
    let abroad: Vec<&str> = plain.iter().copied().filter(|url| !is_here(url)).collect();
    Ok(if !abroad.is_empty() {
        fail(Severity::Medium, PLAIN.with("endpoints", abroad))
    } else if !plain.is_empty() {
        not_applicable("The endpoint is on this machine.")
    } else {
        pass(&format!("The endpoint {} is HTTPS.", name(endpoint)))
    })
}

/// Whether a URL's host is this machine.
fn is_here(url: &str) -> bool {
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    ["127.0.0.1", "localhost", "[::1]"]
        .iter()
        .any(|host| rest.strip_prefix(host).is_some_and(|r| r.is_empty() || r.starts_with([':', '/'])))
}
