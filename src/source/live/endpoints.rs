//! Where calls go instead of AWS: `--endpoint-url`, `AWS_ENDPOINT_URL`, `AWS_ENDPOINT_URL_<SERVICE>`, and
//! `endpoint_url` in a profile, for all services or for one (AWS SDKs and Tools Reference Guide,
//! "Service-specific endpoints").

use aws_config::SdkConfig;
use aws_types::service_config::ServiceConfigKey;

use crate::domain::{Failure, FailureKind, PERMISSIONS};
use crate::source::live::errors::short;
use crate::source::live::wire::{Way, host, way};

/// Endpoints that were set by hand, by the service's name; as they may be shown, without user or password.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Endpoints(Vec<(&'static str, String)>);

impl Endpoints {
    /// One for every service, if any.
    pub fn all(url: Option<&str>) -> Self {
        Self::by(|_| url.map(str::to_owned))
    }

    /// What the clients made from a configuration will use.
    pub fn of(config: &SdkConfig) -> Self {
        Self::by(|service| raw(config, service))
    }

    fn by(url: impl Fn(&'static str) -> Option<String>) -> Self {
        let mut found: Vec<(&'static str, String)> = Vec::new();
        for service in services() {
            found.extend(url(service).map(|url| (service, shown(&url))));
        }
        Self(found)
    }

    /// That of a service.
    pub fn get(&self, service: &str) -> Option<&str> {
        self.0.iter().find(|(of, _)| *of == service).map(|(_, url)| url.as_str())
    }

    /// All of them: one URL where every service goes there, otherwise each with its service.
    pub fn text(&self) -> Option<String> {
        let (_, first) = self.0.first()?;
        if self.0.len() == services().len() && self.0.iter().all(|(_, url)| url == first) {
            return Some(first.clone());
        }
        let each: Vec<String> = self.0.iter().map(|(service, url)| format!("{service} {url}")).collect();
        Some(each.join(", "))
    }
}

/// The services that are called.
fn services() -> Vec<&'static str> {
    let mut services: Vec<&'static str> = Vec::new();
    for permission in PERMISSIONS {
        if !services.contains(&permission.service) {
            services.push(permission.service);
        }
    }
    services
}

/// The endpoint of one service, as the SDK's clients look for it. It may hold a password: not to be shown.
pub fn raw(config: &SdkConfig, service: &str) -> Option<String> {
    let for_all = config.endpoint_url().map(str::to_owned);
    if config.get_origin("endpoint_url").is_client_config() {
        return for_all;
    }
    let key = ServiceConfigKey::builder()
        .service_id(service)
        .env("AWS_ENDPOINT_URL")
        .profile("endpoint_url")
        .build()
        .ok();
    config.service_config().zip(key).and_then(|(c, key)| c.load_config(key)).or(for_all)
}

/// Refuses what the SDK cannot use, and a user or password: they would go with every request.
///
/// # Errors
/// Not an `http` or `https` URL with a host, or one with `user@`.
pub fn check(url: &str) -> Result<(), Failure> {
    usable(url)?;
    let (_, rest) = url.split_once("://").unwrap_or(("", url));
    if authority(rest).contains('@') {
        return Err(refused(format!("The endpoint URL {} holds a user name or a password", shown(url))));
    }
    Ok(())
}

/// Where credentials are got, besides the services that are called.
const OF_CREDENTIALS: [&str; 2] = ["SSO", "SSO OIDC"];

/// Refuses what the SDK cannot use among the endpoints that a configuration leads to, wherever they were set, and what
/// would send requests in clear to another machine; tells of those that are not AWS. Nothing was sent by then.
///
/// A user or password in one of the environment or the profile is somebody's choice; it is used, and never shown.
///
/// # Errors
/// The first that is not an `http` or `https` URL with a host, or is plain http and may not be.
pub fn check_all(
    config: &SdkConfig,
    allow_http: bool,
    tell: &(dyn Fn(&str) + Send + Sync),
) -> Result<(), Failure> {
    let mut told: Vec<String> = Vec::new();
    for service in services().into_iter().chain(OF_CREDENTIALS) {
        let Some(url) = raw(config, service) else { continue };
        usable(&url)?;
        let in_clear = way(&url) == Way::InClear;
        if in_clear && !allow_http {
            return Err(Failure {
                kind: FailureKind::Invalid,
                message: format!(
                    "The endpoint {} is plain http: whoever is on the way could read what is read, and use the session token",
                    shown(&url)
                ),
                next: "use https; or, if the way is trusted, give --allow-http".into(),
            });
        }
        let shown = shown(&url);
        if !is_aws(&url) && !told.contains(&shown) {
            let clear = if in_clear { ", in clear, with the session token" } else { "" };
            tell(&format!("requests go to {shown}, not to AWS{clear}"));
            told.push(shown);
        }
    }
    Ok(())
}

/// What the names of AWS's own endpoints end with, in all partitions (botocore, `partitions.json`: `dnsSuffix` and
/// `dualStackDnsSuffix`).
const AWS: [&str; 10] = [
    ".amazonaws.com",
    ".amazonaws.com.cn",
    ".amazonaws.eu",
    ".api.aws",
    ".api.amazonwebservices.com.cn",
    ".api.amazonwebservices.eu",
    ".c2s.ic.gov",
    ".sc2s.sgov.gov",
    ".cloud.adc-e.uk",
    ".csp.hci.ic.gov",
];

/// Whether an endpoint is one of AWS, of a VPC for instance.
fn is_aws(url: &str) -> bool {
    let host = url.split_once("://").map_or("", |(_, rest)| host(rest)).to_ascii_lowercase();
    AWS.iter().any(|suffix| host.ends_with(suffix))
}

fn usable(url: &str) -> Result<(), Failure> {
    let rest = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"));
    let fits = rest.is_some_and(|r| !r.is_empty() && !r.starts_with('/'))
        && url.bytes().all(|b| b.is_ascii_graphic())
        && parses(url);
    if fits { Ok(()) } else { Err(refused(format!("{} is not an endpoint URL", shown(url)))) }
}

fn refused(message: String) -> Failure {
    let next = "give one such as http://localhost:8000 with --endpoint-url, or correct AWS_ENDPOINT_URL or the profile";
    Failure { kind: FailureKind::Invalid, message, next: next.into() }
}

/// A URL without user, password, query and fragment, neutralised and cut.
fn shown(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").map_or(("", url), |(scheme, rest)| (scheme, rest));
    let rest = if parses(url) {
        let place = authority(rest);
        let place = place.rfind('@').map_or(place, |at| &place[at + 1..]);
        let path = &rest[authority(rest).len()..];
        // With an `@` in its path the URL may have been meant to be read otherwise.
        if path.contains('@') { place.to_owned() } else { format!("{place}{path}") }
    } else {
        // Anything before an `@` may be a part of the password.
        rest.rfind('@').map_or(rest, |at| &rest[at + 1..]).to_owned()
    };
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let scheme = if scheme.contains('@') { "" } else { scheme };
    if ["http", "https"].contains(&scheme) && is_plain(rest) {
        return format!("{scheme}://{rest}");
    }
    if scheme.is_empty() { short(rest) } else { format!("{}://{}", short(scheme), short(rest)) }
}

/// Whether it is an address or a name in letters, with at most a port: nothing is in it that the detector could find, and it
/// is shown at every start, before the detector is needed.
fn is_plain(rest: &str) -> bool {
    let place = rest.strip_suffix('/').unwrap_or(rest);
    let (host, port) = place.rsplit_once(':').unwrap_or((place, "0"));
    let in_letters = |label: &str| !label.is_empty() && label.bytes().all(|b| b.is_ascii_lowercase());
    let named = host.len() <= 64 && host.split(['.', '-']).all(in_letters);
    (named || host.parse::<std::net::Ipv4Addr>().is_ok()) && port.parse::<u16>().is_ok()
}

/// Whether it is a URL. The parser leaves a port to be looked at later.
fn parses(url: &str) -> bool {
    let place = url.split_once("://").map_or(url, |(_, rest)| authority(rest));
    let host = place.rsplit('@').next().unwrap_or_default();
    let port = host.rsplit_once(':').map_or("", |(_, port)| port);
    url.parse::<hyper::Uri>().is_ok() && (port.ends_with(']') || port.bytes().all(|b| b.is_ascii_digit()))
}

/// What comes before the path.
fn authority(rest: &str) -> &str {
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_shown(url: &str, expect: &str) {
        assert_eq!(shown(url), expect, "{url}");
    }

    #[test]
    fn no_user_or_password_is_shown() {
        is_shown("http://localhost:8000", "http://localhost:8000");
        is_shown("http://[::1]:80/", "http://[::1]:80/");
        is_shown("http://[::1]", "http://[::1]");
        is_shown("https://host/a@b", "https://host");
        is_shown("https://me:1/den@host", "https://me:1");
        is_shown("https://me:hidden@host:80/a", "https://host:80/a");
        is_shown("https://me@host", "https://host");
        is_shown("https://me:hid/den@host", "https://host");
        is_shown("https://me:hid?den@host", "https://host");
        is_shown("htp:/me:hidden@host", "host");
        is_shown("me:hidden@x://host", "host");
        is_shown("me:hidden@host", "host");
        is_shown("http://host/?token=hidden#hidden", "http://host/");
        is_shown("http://h\x1b[2J", "http://h␛[2J");
    }

    fn is_refused(url: &str, expect: &str) {
        let said = check(url).err().map(|f| f.message).unwrap_or_default();
        assert_eq!(said, expect, "{url}");
    }

    #[test]
    fn only_usable_urls_without_a_user_are_taken() {
        is_refused("http://localhost:8000", "");
        is_refused("https://host/a@b", "");
        is_refused("ftp://host", "ftp://host is not an endpoint URL");
        is_refused("http://[::1]", "");
        is_refused("http://me:hid/den@host", "http://host is not an endpoint URL");
        is_refused("http://", "http:// is not an endpoint URL");
        is_refused("http://a b", "http://a b is not an endpoint URL");
        let holds = "The endpoint URL http://host holds a user name or a password";
        is_refused("http://me:hidden@host", holds);
        is_refused("http://me@host", holds);
    }

    #[test]
    fn endpoints_of_aws_are_known() {
        let check = |url: &str, expect: bool| assert_eq!(is_aws(url), expect, "{url}");
        check("https://vpce-0a-1b.dynamodb.eu-west-1.vpce.amazonaws.com", true);
        check("https://dynamodb.eu-west-1.api.aws:443/", true);
        check("https://dynamodb.cn-north-1.amazonaws.com.cn", true);
        check("https://amazonaws.com.example.com", false);
        check("https://xamazonaws.com", false);
        check("https://dynamodb.eu-west-1.amazonaws.com@example.com", false);
        check("http://localhost:8000", false);
    }

    #[test]
    fn one_endpoint_for_all_is_one_url() {
        assert_eq!(Endpoints::default().text(), None);
        assert_eq!(Endpoints::all(None).text(), None);
        assert_eq!(Endpoints::all(Some("http://host")).text().as_deref(), Some("http://host"));
        let kms = Endpoints::by(|s| (s == "KMS").then(|| "http://me:hidden@host".into()));
        assert_eq!(kms.text().as_deref(), Some("KMS http://host"));
        assert_eq!((kms.get("KMS"), kms.get("STS")), (Some("http://host"), None));
    }
}
