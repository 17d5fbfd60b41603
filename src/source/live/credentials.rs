//! Settings in, a configured SDK out.
//!
//! Profile files are read with the SDK's own parser. The SDK's chain finds credentials as the AWS CLI does,
//! with two exceptions. It knows no MFA, so a profile with `role_arn` and `mfa_serial` is assumed here, with a
//! code that the caller asks for; and it asks AWS's own STS for a role even where another endpoint was given
//! for every service, so then roles are assumed here as well. Nothing is kept on disk.

use std::borrow::Cow;
use std::env::VarError;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

// The alias is deprecated in favour of a crate that says it is not to be used directly.
#[allow(deprecated)]
use aws_config::profile::profile_file::{ProfileFileKind, ProfileFiles};
use aws_config::profile::{Profile, ProfileFileCredentialsProvider, ProfileSet};
use aws_config::provider_config::ProviderConfig;
use aws_config::{Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_types::os_shim_internal::{Env, Fs};

use crate::domain::{Failure, FailureKind, Gap, MfaCode, permission};
use crate::source::Ledger;
use crate::source::live::client::{self, Clients};
use crate::source::live::endpoints::{self, Endpoints};
use crate::source::live::errors::{Errors, short};
use crate::source::live::guard::{Allowed, Guard};
use crate::source::live::login::Login;
use crate::source::live::wire;

/// Credentials that the program hands over itself. No Debug: they are credentials.
#[derive(Clone)]
pub struct Given {
    /// The access key id.
    pub access_key_id: String,
    /// The secret access key.
    pub secret_access_key: String,
    /// The session token, where there is one.
    pub session_token: Option<String>,
}

/// Asks a person for the code of an MFA device, by its serial number; `None` gives up.
pub type AskMfa = Box<dyn FnMut(&str) -> Option<String> + Send + Sync>;

/// Told a sentence about an endpoint that is not AWS.
pub type OnForeign = Box<dyn Fn(&str) + Send + Sync>;

/// What to open.
pub struct Settings {
    /// The profile chosen with `--profile`; it wins over keys in the environment, as in the AWS CLI. Leave
    /// `AWS_PROFILE` to this module.
    pub profile: Option<String>,
    /// The Region; otherwise `AWS_REGION`, `AWS_DEFAULT_REGION`, then the profile's.
    pub region: Option<String>,
    /// An endpoint for every service; otherwise what the environment and the profile say.
    pub endpoint_url: Option<String>,
    /// Whether an endpoint of another machine may be plain http.
    pub allow_http: bool,
    /// Told of each endpoint that is not AWS, before anything is sent.
    pub on_foreign: Option<OnForeign>,
    /// These credentials and no others: no profile, environment variable or metadata service is looked at.
    /// Needs `region`.
    pub credentials: Option<Given>,
    /// The config file, instead of `AWS_CONFIG_FILE` or `~/.aws/config`.
    pub config_file: Option<PathBuf>,
    /// The credentials file, instead of `AWS_SHARED_CREDENTIALS_FILE` or `~/.aws/credentials`.
    pub credentials_file: Option<PathBuf>,
    /// Longest time for one attempt of a call; the whole call gets three times that.
    pub attempt_timeout: Duration,
    /// Asks for MFA codes. It may block: it is called before anything is shown.
    pub mfa: Option<AskMfa>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            profile: None,
            region: None,
            endpoint_url: None,
            allow_http: false,
            on_foreign: None,
            credentials: None,
            config_file: None,
            credentials_file: None,
            attempt_timeout: Duration::from_secs(20),
            mfa: None,
        }
    }
}

/// A configured SDK.
pub(super) struct ConfiguredSdk {
    pub(super) config: SdkConfig,
    pub(super) errors: Errors,
}

/// Credentials with which roles of other accounts are assumed, one after the other.
pub struct Lender {
    opened: ConfiguredSdk,
    clients: Clients,
}

impl Lender {
    /// Resolves settings.
    ///
    /// # Errors
    /// When there are no credentials to begin with, or the settings are wrong.
    pub async fn open(mut settings: Settings, ledger: &Ledger) -> Result<Self, Failure> {
        let (ask, foreign) = (settings.mfa.take(), settings.on_foreign.take());
        let opened = resolve(&settings, ask, foreign.as_ref(), ledger).await?;
        let clients = Clients::new(&opened.config, &Guard::new(Allowed::Credentials, ledger.clone()));
        Ok(Self { opened, clients })
    }

    /// The Region that the settings name.
    pub fn region(&self) -> &str {
        &self.opened.errors.region
    }

    /// The credentials of a role.
    ///
    /// # Errors
    /// When the role is not given.
    pub async fn assume(&self, role: &str) -> Result<Given, Failure> {
        let ask = self.clients.sts().assume_role().role_arn(role).role_session_name(session_name());
        let errors = &self.opened.errors;
        let answer = ask.send().await.map_err(|e| {
            let next = "check that the role is there, and that its trust policy names who you are";
            refused(errors.gap(&e, permission("sts:GetCallerIdentity")), role, next)
        })?;
        let got = answer.credentials.ok_or_else(no_credentials)?;
        Ok(Given {
            access_key_id: got.access_key_id,
            secret_access_key: got.secret_access_key,
            session_token: Some(got.session_token),
        })
    }
}

fn no_credentials() -> Failure {
    invalid("AssumeRole answered without credentials".into(), "check --endpoint-url, then try again")
}

/// Resolves settings; `ask` instead of their own `mfa`, and `foreign` instead of their own `on_foreign`.
pub(super) async fn resolve(
    settings: &Settings,
    ask: Option<AskMfa>,
    foreign: Option<&OnForeign>,
    ledger: &Ledger,
) -> Result<ConfiguredSdk, Failure> {
    if let Some(url) = &settings.endpoint_url {
        endpoints::check(url)?;
    }
    let wire = wire::client(settings.allow_http);
    let tell: &(dyn Fn(&str) + Send + Sync) = match foreign {
        Some(tell) => tell,
        None => &|_| (),
    };
    if let Some(given) = &settings.credentials {
        let region = settings.region.as_deref().ok_or_else(no_region)?;
        let endpoint = settings.endpoint_url.as_deref();
        let config = client::explicit(region, endpoint, keys(given), settings.attempt_timeout, wire);
        endpoints::check_all(&config, settings.allow_http, tell)?;
        let errors = errors(Login::Given, region, Endpoints::all(endpoint));
        return Ok(ConfiguredSdk { config, errors });
    }

    let files = files(settings);
    let profiles = load(&files, settings.profile.clone()).await?;
    let region = region(settings, &profiles)?;
    let chosen = profiles.selected_profile().to_owned();
    sources_exist(&profiles, &chosen)?;
    let login = login(settings, &profiles, &chosen);

    let loader = || {
        let mut loader = aws_config::defaults(client::behavior())
            .region(Region::new(region.clone()))
            .retry_config(client::retries())
            .timeout_config(client::timeouts(settings.attempt_timeout))
            .profile_files(files.clone())
            .profile_name(&chosen)
            .http_client(wire.clone());
        if let Some(url) = &settings.endpoint_url {
            loader = loader.endpoint_url(url);
        }
        loader
    };

    // Those of the environment and the profile show up only in what is loaded. Nothing was sent by then, and with a bad
    // one every call would fail.
    let before = loader().no_credentials().load().await;
    endpoints::check_all(&before, settings.allow_http, tell)?;

    // The SDK would ask AWS's own STS for the role, whatever endpoint was given.
    let roles = settings.endpoint_url.is_some() && has_sources(&profiles, &chosen);
    let mut loading = loader();
    match &login {
        Login::Mfa(_) | Login::Profile(_) | Login::Sso(_) if roles || matches!(login, Login::Mfa(_)) => {
            // AssumeRole goes where STS is said to be, as everything after it.
            let endpoint = endpoints::raw(&before, "STS");
            let endpoints = Endpoints::of(&before);
            let mut mfa = Mfa {
                attempt: settings.attempt_timeout,
                ask,
                endpoint,
                endpoints,
                ledger,
                files: &files,
                profiles: &profiles,
                region: &region,
                wire: wire.clone(),
            };
            let credentials = mfa.chain(&chosen).await?;
            let config = loading.credentials_provider(credentials).load().await;
            return Ok(finish(config, login, &region));
        }
        // Keys in the environment would win over a profile in the SDK's chain.
        _ if settings.profile.is_some() => {
            loading = loading.credentials_provider(of_profile(&files, &chosen, &region, &wire));
        }
        _ => {}
    }
    Ok(finish(loading.load().await, login, &region))
}

fn finish(config: SdkConfig, login: Login, region: &str) -> ConfiguredSdk {
    let endpoints = Endpoints::of(&config);
    ConfiguredSdk { errors: errors(login, region, endpoints), config }
}

fn errors(login: Login, region: &str, endpoints: Endpoints) -> Errors {
    Errors { login, region: region.to_owned(), endpoints }
}

fn keys(given: &Given) -> Credentials {
    let Given { access_key_id, secret_access_key, session_token } = given;
    Credentials::new(access_key_id, secret_access_key, session_token.clone(), None, "dynaudit")
}

#[allow(deprecated)]
fn files(settings: &Settings) -> ProfileFiles {
    let mut files = ProfileFiles::builder();
    files = match &settings.config_file {
        Some(path) => files.with_file(ProfileFileKind::Config, path),
        None => files.include_default_config_file(true),
    };
    files = match &settings.credentials_file {
        Some(path) => files.with_file(ProfileFileKind::Credentials, path),
        None => files.include_default_credentials_file(true),
    };
    files.build()
}

/// The profiles; an unknown one that was asked for by name is an error, not an empty one.
#[allow(deprecated)]
async fn load(files: &ProfileFiles, chosen: Option<String>) -> Result<ProfileSet, Failure> {
    let asked = chosen.clone().or_else(|| variable("AWS_PROFILE"));
    let loaded = aws_config::profile::load(&Fs::real(), &Env::real(), files, chosen.map(Cow::Owned)).await;
    let profiles = loaded.map_err(|e| {
        invalid(
            format!("The AWS profile files cannot be read: {}", short(&innermost(&e))),
            "check ~/.aws/config and ~/.aws/credentials",
        )
    })?;
    match asked {
        Some(name) if profiles.get_profile(&name).is_none() => {
            let known: Vec<_> = profiles.profiles().take(10).map(short).collect();
            let known = if known.is_empty() { "there are none".to_owned() } else { known.join(", ") };
            Err(Failure {
                kind: FailureKind::NoCredentials,
                message: format!("There is no profile {} (profiles: {known})", short(&name)),
                next: "choose another with --profile, or make it with `aws configure`".into(),
            })
        }
        _ => Ok(profiles),
    }
}

/// Whether a profile takes a role, and every role in its chain is taken with the credentials of a profile.
fn has_sources(profiles: &ProfileSet, chosen: &str) -> bool {
    let chain = chain(profiles, chosen);
    let mut roles = chain.iter().filter(|p| p.get("role_arn").is_some()).peekable();
    roles.peek().is_some() && roles.all(|p| p.get("source_profile").is_some())
}

/// A profile whose `source_profile` is not there: the SDK's own words for it help nobody.
fn sources_exist(profiles: &ProfileSet, chosen: &str) -> Result<(), Failure> {
    for profile in chain(profiles, chosen) {
        if let Some(source) = profile.get("source_profile").filter(|s| profiles.get_profile(s).is_none()) {
            return Err(invalid(
                format!(
                    "Profile {} takes its credentials from profile {}, which does not exist",
                    short(profile.name()),
                    short(source)
                ),
                "correct source_profile in ~/.aws/config, or choose another profile with --profile",
            ));
        }
    }
    Ok(())
}

fn innermost(error: &dyn std::error::Error) -> String {
    let mut last = error;
    while let Some(next) = last.source() {
        last = next;
    }
    last.to_string()
}

fn variable(name: &str) -> Option<String> {
    match Env::real().get(name) {
        Ok(value) if !value.trim().is_empty() => Some(value),
        Ok(_) | Err(VarError::NotPresent | VarError::NotUnicode(_)) => None,
    }
}

/// Flag, then environment, then profile.
fn region(settings: &Settings, profiles: &ProfileSet) -> Result<String, Failure> {
    let region = settings
        .region
        .clone()
        .or_else(|| variable("AWS_REGION"))
        .or_else(|| variable("AWS_DEFAULT_REGION"))
        .or_else(|| profiles.get("region").map(str::to_owned))
        .ok_or_else(no_region)?;
    let fits = !region.is_empty()
        && region.len() <= 40
        && region.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if fits {
        return Ok(region);
    }
    Err(invalid(
        format!("{} is not the name of a Region", short(&region)),
        "give one such as eu-west-1 with --region",
    ))
}

fn no_region() -> Failure {
    invalid(
        "No Region is set".into(),
        "give one with --region, set AWS_REGION, or add `region = ...` to the profile",
    )
}

fn invalid(message: String, next: &str) -> Failure {
    Failure { kind: FailureKind::Invalid, message, next: next.into() }
}

/// How the credentials will be got, as far as renewing them differs.
fn login(settings: &Settings, profiles: &ProfileSet, chosen: &str) -> Login {
    let environment = settings.profile.is_none() && variable("AWS_ACCESS_KEY_ID").is_some();
    if environment {
        return Login::Environment;
    }
    let chain = chain(profiles, chosen);
    let any = |key: &str| chain.iter().any(|p| p.get(key).is_some());
    let Some(last) = chain.last() else { return Login::Chain };
    // Roles are taken from the end of the chain on.
    let roles = chain.iter().rev().filter(|p| p.get("role_arn").is_some());
    let devices: Vec<String> = roles.filter_map(|p| p.get("mfa_serial")).map(str::to_owned).collect();
    if !devices.is_empty() {
        Login::Mfa(devices)
    } else if any("sso_session") || any("sso_start_url") {
        // The profile at the end of the chain is the one that signs in.
        Login::Sso(last.name().to_owned())
    } else {
        Login::Profile(chosen.to_owned())
    }
}

/// A profile and those that it takes its credentials from, in that order; loops are cut.
fn chain<'a>(profiles: &'a ProfileSet, first: &str) -> Vec<&'a Profile> {
    let mut chain: Vec<&Profile> = Vec::new();
    let mut next = profiles.get_profile(first);
    while let Some(profile) = next {
        if chain.iter().any(|p| p.name() == profile.name()) {
            break;
        }
        chain.push(profile);
        next = profile.get("source_profile").and_then(|name| profiles.get_profile(name));
    }
    chain
}

#[allow(deprecated)]
fn of_profile(
    files: &ProfileFiles,
    name: &str,
    region: &str,
    wire: &SharedHttpClient,
) -> ProfileFileCredentialsProvider {
    let config = ProviderConfig::without_region()
        .with_region(Some(Region::new(region.to_owned())))
        .with_http_client(wire.clone())
        .with_behavior_version(Some(client::behavior()));
    ProfileFileCredentialsProvider::builder()
        .configure(&config)
        .profile_files(files.clone())
        .profile_name(name)
        .build()
}

/// A chain of roles with MFA somewhere in it.
struct Mfa<'a> {
    attempt: Duration,
    ask: Option<AskMfa>,
    /// Where AssumeRole goes instead of AWS.
    endpoint: Option<String>,
    /// The same and the others, as they may be shown.
    endpoints: Endpoints,
    ledger: &'a Ledger,
    #[allow(deprecated)]
    files: &'a ProfileFiles,
    profiles: &'a ProfileSet,
    region: &'a str,
    wire: SharedHttpClient,
}

impl Mfa<'_> {
    /// Credentials of a profile: those at the end of its chain, then one role after the other.
    async fn chain(&mut self, name: &str) -> Result<SharedCredentialsProvider, Failure> {
        let mut profiles = chain(self.profiles, name);
        let Some(last) = profiles.last() else { return Err(no_source(name)) };
        // A profile that is its own source holds the keys of its role's source.
        let own = last.get("aws_access_key_id").zip(last.get("aws_secret_access_key"));
        let mut credentials = match (last.get("role_arn"), last.get("source_profile"), own) {
            (Some(_), Some(_), Some((id, secret))) => {
                let token = last.get("aws_session_token").map(str::to_owned);
                SharedCredentialsProvider::new(Credentials::new(id, secret, token, None, "profile"))
            }
            (Some(_), Some(source), None) => return Err(no_source(source)),
            // `credential_source`: without a role to assume first, the SDK cannot be asked for it alone.
            (Some(_), None, _) => return Err(no_source(last.name())),
            (None, ..) => {
                let source = of_profile(self.files, last.name(), self.region, &self.wire);
                profiles.pop();
                SharedCredentialsProvider::new(source)
            }
        };
        for profile in profiles.into_iter().rev() {
            credentials = self.assume(profile, credentials).await?;
        }
        Ok(credentials)
    }

    async fn assume(
        &mut self,
        profile: &Profile,
        source: SharedCredentialsProvider,
    ) -> Result<SharedCredentialsProvider, Failure> {
        let Some(role) = profile.get("role_arn") else { return Err(no_source(profile.name())) };
        let login = login_of_source(self.profiles, profile);
        let errors = errors(login, self.region, self.endpoints.clone());
        let found = source.provide_credentials().await.map_err(|e| errors.credentials(&e))?;
        let region = profile.get("region").unwrap_or(self.region);
        let config =
            client::explicit(region, self.endpoint.as_deref(), found, self.attempt, self.wire.clone());
        let clients = Clients::new(&config, &Guard::new(Allowed::Credentials, self.ledger.clone()));

        let session = profile.get("role_session_name").map_or_else(session_name, str::to_owned);
        let mut ask = clients
            .sts()
            .assume_role()
            .role_arn(role)
            .role_session_name(session)
            .set_external_id(profile.get("external_id").map(str::to_owned))
            .set_duration_seconds(profile.get("duration_seconds").and_then(|s| s.parse().ok()));
        if let Some(serial) = profile.get("mfa_serial") {
            ask = ask.serial_number(serial).token_code(self.code(serial)?);
        }
        let answer = ask.send().await.map_err(|e| {
            let next = "try again with a fresh MFA code; then check the role's trust policy";
            refused(errors.gap(&e, permission("sts:GetCallerIdentity")), role, next)
        })?;
        let got = answer.credentials.ok_or_else(no_credentials)?;
        let expires = SystemTime::try_from(got.expiration).ok();
        Ok(SharedCredentialsProvider::new(Credentials::new(
            got.access_key_id,
            got.secret_access_key,
            Some(got.session_token),
            expires,
            "dynaudit MFA",
        )))
    }

    fn code(&mut self, serial: &str) -> Result<String, Failure> {
        let gave_up = || Failure {
            kind: FailureKind::NoCredentials,
            message: format!("The profile needs a code of the MFA device {}", short(serial)),
            next: "start dynaudit in a terminal and enter the code, or choose another profile with --profile"
                .into(),
        };
        let ask = self.ask.as_mut().ok_or_else(gave_up)?;
        let code = ask(&short(serial)).ok_or_else(gave_up)?;
        if let Some(code) = MfaCode::parse(&code) {
            return Ok(code.text().to_owned());
        }
        Err(invalid(
            "An MFA code is six digits".into(),
            "start again and enter the code that the device shows",
        ))
    }
}

/// What AssumeRole's refusal means: it is not about a permission that we publish.
fn refused(gap: Gap, role: &str, next: &str) -> Failure {
    match gap {
        Gap::Failed(failure) => failure,
        Gap::Denied(_, said) => Failure {
            kind: FailureKind::NoCredentials,
            message: format!("The role {} was not given: {said}", short(role)),
            next: next.into(),
        },
        other => invalid(format!("AssumeRole: {other}"), "check --endpoint-url"),
    }
}

fn login_of_source(profiles: &ProfileSet, profile: &Profile) -> Login {
    let chain = chain(profiles, profile.name());
    let last = chain.last().map_or(profile.name(), |p| p.name());
    if chain.iter().any(|p| p.get("sso_session").is_some() || p.get("sso_start_url").is_some()) {
        Login::Sso(last.to_owned())
    } else {
        Login::Profile(last.to_owned())
    }
}

fn no_source(profile: &str) -> Failure {
    invalid(
        format!("Profile {} names no source_profile that has credentials for its role", short(profile)),
        "add `source_profile` to it in ~/.aws/config",
    )
}

/// Session names are seen in CloudTrail: say who it was.
fn session_name() -> String {
    format!("dynaudit-{}", std::process::id())
}
