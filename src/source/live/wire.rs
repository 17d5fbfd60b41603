//! The one way bytes leave: the HTTP client under every client of the SDK, and under those that get credentials.
//!
//! It looks at each request's address. What is meant for this machine goes there, and to no proxy. What would go
//! elsewhere in clear is refused before it is sent, unless that was allowed: with it go the session token and all that
//! is read. An answer ends at [`LONGEST_ANSWER`].

use std::net::IpAddr;
use std::sync::Arc;

use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_http_client::{Builder, ConnectorBuilder};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use http_body_util::Limited;

/// In bytes. A page of items is 1 MB and its JSON six times that at most; a thousand roles with their policies, the
/// largest answer there is, come to some 15 MB.
pub const LONGEST_ANSWER: usize = 32 << 20;

/// The client.
pub fn client(allow_http: bool) -> SharedHttpClient {
    SharedHttpClient::new(Wire(Arc::new(Ways {
        proxied: proxied(),
        direct: Builder::new().build_http(),
        allow_http,
    })))
}

/// As the SDK makes it by itself: TLS, and the proxies of the environment.
fn proxied() -> SharedHttpClient {
    Builder::new().build_with_connector_fn(|settings, components| {
        let mut builder = ConnectorBuilder::default().tls_provider(Provider::Rustls(CryptoMode::AwsLc));
        builder.set_connector_settings(settings.cloned());
        if let Some(components) = components {
            builder.set_sleep_impl(components.sleep_impl());
        }
        builder.set_proxy_config(Some(ProxyConfig::from_env()));
        builder.build()
    })
}

#[derive(Debug)]
struct Ways {
    proxied: SharedHttpClient,
    direct: SharedHttpClient,
    allow_http: bool,
}

#[derive(Debug)]
struct Wire(Arc<Ways>);

impl HttpClient for Wire {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let (settings, components) = (settings.clone(), components.clone());
        SharedHttpConnector::new(Route { ways: Arc::clone(&self.0), settings, components })
    }
}

/// One request's way. Which it is shows only in its address, so that no TLS is set up for what needs none.
#[derive(Debug)]
struct Route {
    ways: Arc<Ways>,
    settings: HttpConnectorSettings,
    components: RuntimeComponents,
}

/// A request that would have gone out in clear.
#[derive(Debug, thiserror::Error)]
#[error("refused before it was sent: plain http to another machine")]
struct InClear;

impl HttpConnector for Route {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let client = match way(request.uri()) {
            Way::Here => &self.ways.direct,
            Way::InClear if !self.ways.allow_http => {
                return HttpConnectorFuture::ready(Err(ConnectorError::user(InClear.into())));
            }
            Way::InClear | Way::Sealed => &self.ways.proxied,
        };
        let answer = client.http_connector(&self.settings, &self.components).call(request);
        HttpConnectorFuture::new(async move {
            let answer = answer.await?;
            Ok(answer.map(|body| SdkBody::from_body_1_x(Limited::new(body, LONGEST_ANSWER))))
        })
    }
}

/// Where a request goes, as far as others can read it on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// To this machine, or to the machine's own source of credentials.
    Here,
    /// Elsewhere, for everyone on the way to read.
    InClear,
    /// Elsewhere, through TLS.
    Sealed,
}

/// The way to a URL.
pub fn way(url: &str) -> Way {
    let Some((scheme, rest)) = url.split_once("://") else { return Way::InClear };
    if scheme.eq_ignore_ascii_case("https") {
        return Way::Sealed;
    }
    let host = host(rest);
    let name = host.trim_start_matches('[').trim_end_matches(']');
    let here = match name.parse::<IpAddr>() {
        // Roles of machines, containers and pods are handed out at link-local addresses, over plain http (AWS SDKs and
        // Tools Reference Guide, "IMDS credential provider" and "Container credential provider").
        Ok(IpAddr::V4(ip)) => ip.is_loopback() || ip.is_link_local(),
        Ok(IpAddr::V6(ip)) => ip.is_loopback() || ip.segments()[..2] == [0xfd00, 0x0ec2],
        Err(_) => name.eq_ignore_ascii_case("localhost"),
    };
    if here { Way::Here } else { Way::InClear }
}

/// The host in what follows a URL's scheme.
pub fn host(rest: &str) -> &str {
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let place = authority.rsplit('@').next().unwrap_or_default();
    match place.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
        _ => place,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_http_to_this_machine_goes_round_the_proxy() {
        let check = |url: &str, expect: Way| assert_eq!(way(url), expect, "{url}");
        check("http://127.0.0.1:8000", Way::Here);
        check("http://localhost", Way::Here);
        check("http://LOCALHOST:8000/", Way::Here);
        check("http://[::1]:8000/", Way::Here);
        check("http://127.8.9.1/", Way::Here);
        check("http://169.254.169.254/latest/meta-data", Way::Here);
        check("http://[fd00:ec2::254]/latest", Way::Here);
        check("https://localhost:8000", Way::Sealed);
        check("https://example.com", Way::Sealed);
        check("http://127.0.0.1.example.com", Way::InClear);
        check("http://localhost.example.com", Way::InClear);
        check("http://example.com:80/127.0.0.1", Way::InClear);
        check("http://127.0.0.1@example.com/", Way::InClear);
        check("http://example.com#@localhost", Way::InClear);
        check("http://10.0.0.1:8000", Way::InClear);
        check("http://0.0.0.0:8000", Way::InClear);
        check("http://[fd00::1]:8000", Way::InClear);
        check("HTTP://example.com", Way::InClear);
        check("nonsense", Way::InClear);
    }
}
