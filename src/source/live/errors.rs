//! What went wrong, in one sentence, with the next step.

use std::error::Error;

use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use http_body_util::LengthLimitError;

use crate::detect::Redactor;
use crate::domain::{AccessKeyId, Failure, FailureKind, Gap, Permission, Safe, Tier};
use crate::source::live::codes::{CODES, Meaning, Next, RETRY, is_code};
use crate::source::live::endpoints::Endpoints;
use crate::source::live::guard::CallRefused;
use crate::source::live::login::{Login, quoted};
use crate::source::live::required_fields::Lacks;
use crate::source::live::tap::Damaged;
use crate::source::live::wire::LONGEST_ANSWER;

const CHOOSE: &str = "choose a profile with --profile, sign in with `aws sso login`, or run `aws configure`";

/// Where calls go and with whose credentials: what a message needs besides the error.
#[derive(Debug, Clone)]
pub struct Errors {
    /// How the credentials were got.
    pub login: Login,
    /// The Region.
    pub region: String,
    /// Endpoints that were set by hand.
    pub endpoints: Endpoints,
}

impl Errors {
    /// Why a call that needs `permission` has no answer.
    pub fn gap<E>(&self, error: &SdkError<E, HttpResponse>, permission: &'static Permission) -> Gap
    where
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
    {
        let gap = self.classify(error, permission);
        tracing::debug!(action = permission.action, gap = %gap, "no answer");
        gap
    }

    fn classify<E>(&self, error: &SdkError<E, HttpResponse>, permission: &'static Permission) -> Gap
    where
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
    {
        match error {
            SdkError::ServiceError(answer) => {
                let status = answer.raw().status().as_u16();
                self.answered(answer.err().code(), answer.err().message(), status, permission)
            }
            SdkError::ResponseError(_) if find::<LengthLimitError>(error).is_some() => failed(
                FailureKind::Service,
                format!(
                    "{} answered with more than {} MiB, which is no answer to {}",
                    self.host(permission),
                    LONGEST_ANSWER >> 20,
                    permission.action
                ),
                self.check_endpoint(permission),
            ),
            SdkError::ResponseError(answer) => {
                let status = answer.raw().status().as_u16();
                let why = match find::<Damaged>(error) {
                    Some(damaged) => format!("to {}: {damaged}", permission.action),
                    None => format!("(HTTP {status})"),
                };
                failed(
                    FailureKind::Service,
                    format!("{} answered something that is no valid answer {why}", self.host(permission)),
                    self.check_endpoint(permission),
                )
            }
            other => self.unanswered(other, permission),
        }
    }

    /// The service said no.
    fn answered(
        &self,
        code: Option<&str>,
        said: Option<&str>,
        status: u16,
        permission: &'static Permission,
    ) -> Gap {
        let said = said.map(short).unwrap_or_default();
        let code = code.filter(|code| is_code(code));
        // What is said of a read of items can repeat the values asked for: a ValidationException names the
        // key that does not fit. Only its code is passed on. A refusal names principal, action and resource.
        let content = permission.tier == Tier::Content;
        let meaning = code.and_then(|c| CODES.iter().find(|(codes, _)| codes.contains(&c))).map(|(_, m)| m);
        match meaning {
            Some(Meaning::Denied) => Gap::Denied(permission, said),
            Some(Meaning::Unsupported) => Gap::Unsupported,
            Some(Meaning::Failed(kind, message, next)) => {
                let next = match next {
                    Next::Renew => self.login.renew(),
                    Next::Do(next) => (*next).to_owned(),
                };
                let message = match code {
                    Some(code) if content => format!("{message} ({code})."),
                    _ if said.is_empty() => format!("{message}."),
                    _ => format!("{message}: {said}"),
                };
                failed(*kind, message, next)
            }
            // A gateway, or an emulator, that answers without a code.
            None if status == 404 && code.is_none() => Gap::Unsupported,
            // One that knows JSON alone: IAM's answers are XML, so that its code is not understood.
            None if status == 400 && code.is_none() && self.is_not_iam(permission) => Gap::Unsupported,
            // The SDK takes an answer that says 200 and holds an error, or none of what it should, for a failure.
            None if (200..300).contains(&status) => failed(
                FailureKind::Service,
                format!(
                    "{} answered {} with something that is no answer to it",
                    self.host(permission),
                    permission.action
                ),
                self.check_endpoint(permission),
            ),
            None => {
                let kind = match status {
                    429 => FailureKind::Throttled,
                    400..=499 => FailureKind::Invalid,
                    _ => FailureKind::Service,
                };
                let code = code.map(|c| format!(", {c}")).unwrap_or_default();
                let said = if said.is_empty() || content { String::new() } else { format!(": {said}") };
                failed(
                    kind,
                    format!("{} failed (HTTP {status}{code}){said}", permission.action),
                    if status >= 500 { RETRY.to_owned() } else { self.check_endpoint(permission) },
                )
            }
        }
    }

    /// There was no answer.
    fn unanswered<E>(&self, error: &SdkError<E, HttpResponse>, permission: &'static Permission) -> Gap
    where
        E: Error + Send + Sync + 'static,
    {
        if let Some(e) = find::<CredentialsError>(error) {
            return Gap::Failed(self.credentials(e));
        }
        if let Some(refused) = find::<CallRefused>(error) {
            return failed(
                FailureKind::Internal,
                refused.to_string(),
                "report this: the program asked for a call it must not make",
            );
        }
        if let Some(Lacks(member)) = find::<Lacks>(error) {
            return nonsense(permission, member);
        }
        let host = self.host(permission);
        match error {
            SdkError::TimeoutError(_) => failed(
                FailureKind::Unreachable,
                format!("{host} did not answer in time"),
                self.check_endpoint(permission),
            ),
            SdkError::DispatchFailure(e) if e.is_timeout() => failed(
                FailureKind::Unreachable,
                format!("{host} did not answer in time"),
                self.check_endpoint(permission),
            ),
            SdkError::DispatchFailure(e) if e.is_io() => failed(
                FailureKind::Unreachable,
                format!("{host} cannot be reached"),
                self.check_endpoint(permission),
            ),
            SdkError::DispatchFailure(e) if e.is_user() => failed(
                FailureKind::Invalid,
                format!("{host} is not an endpoint that can be called"),
                self.check_endpoint(permission),
            ),
            SdkError::ConstructionFailure(_) => failed(
                FailureKind::Invalid,
                format!("{} could not be asked: the request is incomplete", permission.action),
                "check the names and values asked for",
            ),
            _ => failed(
                FailureKind::Unreachable,
                format!("The call to {host} failed on its way"),
                self.check_endpoint(permission),
            ),
        }
    }

    /// Why there are no credentials.
    pub fn credentials(&self, error: &CredentialsError) -> Failure {
        let (kind, message, next) = match (&self.login, error) {
            (Login::Sso(profile), _) => (
                FailureKind::Expired,
                format!("The SSO session of profile {} has expired, or there is none", short(profile)),
                self.login.renew(),
            ),
            (Login::Profile(profile), CredentialsError::CredentialsNotLoaded(_)) => (
                FailureKind::NoCredentials,
                format!("Profile {} has no credentials{}", short(profile), reason(error)),
                format!("aws configure --profile {}, or choose another with --profile", quoted(profile)),
            ),
            (_, CredentialsError::CredentialsNotLoaded(_)) => {
                (FailureKind::NoCredentials, "No AWS credentials were found".to_owned(), CHOOSE.to_owned())
            }
            (_, CredentialsError::ProviderTimedOut(_)) => (
                FailureKind::Unreachable,
                "The source of the credentials did not answer in time".to_owned(),
                self.login.renew(),
            ),
            (Login::Chain, _) => (
                FailureKind::NoCredentials,
                format!("No AWS credentials were found{}", reason(error)),
                CHOOSE.to_owned(),
            ),
            _ => (
                FailureKind::NoCredentials,
                format!("The credentials could not be loaded{}", reason(error)),
                self.login.renew(),
            ),
        };
        Failure { kind, message, next }
    }

    fn check_endpoint(&self, permission: &'static Permission) -> String {
        match self.endpoints.get(permission.service) {
            Some(_) => "check --endpoint-url (or AWS_ENDPOINT_URL), and that it is running".into(),
            None => format!(
                "check the network, the proxy variables, and the Region ({}) with --region",
                short(&self.region)
            ),
        }
    }

    /// Whether what should be IAM is an endpoint that was set by hand.
    fn is_not_iam(&self, permission: &'static Permission) -> bool {
        permission.service == "IAM" && self.endpoints.get(permission.service).is_some()
    }

    /// The host that was called, as far as it is known.
    fn host(&self, permission: &'static Permission) -> String {
        match self.endpoints.get(permission.service) {
            Some(url) => short(url.split_once("://").map_or(url, |(_, host)| host)),
            None => format!(
                "{}.{}.{}",
                permission.action.split(':').next().unwrap_or_default(),
                short(&self.region),
                if self.region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" }
            ),
        }
    }
}

/// An answer that lacks what it must have.
pub fn nonsense(permission: &'static Permission, lacks: &str) -> Gap {
    failed(
        FailureKind::Service,
        format!("The answer to {} has no {lacks}: it was not used", permission.action),
        RETRY,
    )
}

/// A failure.
pub fn failed(kind: FailureKind, message: impl Into<String>, next: impl Into<String>) -> Gap {
    Gap::Failed(Failure { kind, message: message.into(), next: next.into() })
}

/// Longest text of a service or file that goes into a message, in characters.
const MAX_SAID: usize = 400;

/// Text of others, without what the detector recognises in it, neutralised and cut. A refused signature is told with the
/// whole request, the session token of whoever asked included.
pub fn short(text: &str) -> String {
    let text = Redactor::default().redact(&without_key_ids(text.trim()));
    let cut: String = text.chars().take(MAX_SAID).collect();
    let dots = if cut.len() < text.len() { "…" } else { "" };
    format!("{}{dots}", Safe::neutral(&cut))
}

/// A text with no id of an access key in it: services repeat the one that they were asked about.
fn without_key_ids(text: &str) -> String {
    let word = |c: char| !c.is_ascii_alphanumeric();
    let hidden = |part: &str| {
        let id = part.trim_end_matches(word);
        match AccessKeyId::parse(id) {
            Some(_) => format!("‹access key id›{}", &part[id.len()..]),
            None => part.to_owned(),
        }
    };
    text.split_inclusive(word).map(hidden).collect()
}

/// The innermost reason of a credentials error: the one that names the file, the profile or the process.
fn reason(error: &CredentialsError) -> String {
    let mut last: &dyn Error = error;
    while let Some(next) = last.source() {
        last = next;
    }
    let said = last.to_string();
    // The SDK tells what is wrong with a profile once, and then only that it did.
    if std::ptr::addr_eq(last, error as &dyn Error) || said.contains("already taken") {
        String::new()
    } else {
        format!(": {}", short(&said))
    }
}

fn find<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    let mut at = Some(error);
    while let Some(e) = at {
        if let Some(found) = e.downcast_ref::<T>() {
            return Some(found);
        }
        at = e.source();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::permission;

    fn errors(login: Login) -> Errors {
        Errors { login, region: "eu-west-1".into(), endpoints: Endpoints::default() }
    }

    fn check(code: Option<&str>, status: u16, expect: &str) {
        let gap = errors(Login::Sso("team".into())).answered(
            code,
            Some("said \x1b[2J"),
            status,
            permission("dynamodb:Scan"),
        );
        let word = match &gap {
            Gap::Denied(p, said) => format!("denied {} {said}", p.action),
            Gap::Failed(f) => {
                assert!(!f.message.contains('\x1b') && !f.next.is_empty(), "{f:?}");
                format!("{:?}", f.kind)
            }
            other => format!("{other:?}"),
        };
        assert_eq!(word, expect, "{code:?}");
    }

    #[test]
    fn no_id_of_an_access_key_is_repeated() {
        let id = ["AK", "IA", "IOSFODNN7EXAMPLE"].concat();
        let check = |before: &str, after: &str, expect: &str| {
            assert_eq!(short(&format!("{before}{id}{after}")), expect);
        };
        check(
            "The Access Key with id ",
            " cannot be found",
            "The Access Key with id ‹access key id› cannot be found",
        );
        check("", ".", "‹access key id›.");
        check("key/", "", "key/‹access key id›");
        let longer = format!("{id}A, nothing else");
        assert_eq!(short(&longer), longer);
    }

    #[test]
    fn no_secret_in_an_answer_is_repeated() {
        let token =
            ["IQoJb3JpZ2luX2VjEHoaCXVzLWVhc3QtMSJHMEUCIQDr0Yz9", &"aB3dE5fG7hJ9kL1m".repeat(8)].concat();
        let said = format!(
            "The Canonical String for this request should have been\n'POST\nx-amz-security-token:{token}\n'"
        );
        let errors = errors(Login::Sso("team".into()));
        for code in ["InvalidSignatureException", "AccessDeniedException", "SomethingNew"] {
            let gap = errors.answered(Some(code), Some(&said), 400, permission("dynamodb:ListTables"));
            let told = match &gap {
                Gap::Denied(_, said) => said.clone(),
                Gap::Failed(failure) => failure.message.clone(),
                other => panic!("{other:?}"),
            };
            assert!(told.contains("Canonical String") && !told.contains(&token[8..40]), "{told}");
        }
    }

    #[test]
    fn codes_mean_what_the_table_says() {
        check(Some("AccessDeniedException"), 400, "denied dynamodb:Scan said ␛[2J");
        check(Some("UnknownOperationException"), 400, "Unsupported");
        check(Some("ExpiredTokenException"), 400, "Expired");
        check(Some("UnrecognizedClientException"), 400, "Expired");
        check(Some("InvalidSignatureException"), 400, "Expired");
        check(Some("ThrottlingException"), 400, "Throttled");
        check(Some("ProvisionedThroughputExceededException"), 400, "Throttled");
        check(Some("ResourceNotFoundException"), 400, "NotFound");
        check(Some("ValidationException"), 400, "Invalid");
        check(Some("InternalServerError"), 500, "Service");
        check(Some("SomethingNew"), 400, "Invalid");
        check(Some("SomethingNew"), 503, "Service");
        check(Some("SomethingNew"), 200, "Service");
        check(None, 404, "Unsupported");
        check(None, 429, "Throttled");
        check(None, 500, "Service");
    }

    #[test]
    fn no_code_is_in_the_table_twice() {
        let mut seen = std::collections::BTreeSet::new();
        for code in CODES.iter().flat_map(|(codes, _)| *codes) {
            assert!(seen.insert(code), "{code}");
        }
    }

    #[test]
    fn an_expired_sso_session_names_the_command() {
        let e = CredentialsError::provider_error("the SSO token has expired");
        let failure = errors(Login::Sso("it's mine".into())).credentials(&e);
        assert_eq!(failure.kind, FailureKind::Expired);
        assert_eq!(failure.next, r"aws sso login --profile 'it'\''s mine'");
    }

    #[test]
    fn no_credentials_say_so() {
        let failure = errors(Login::Chain).credentials(&CredentialsError::not_loaded_no_source());
        assert_eq!(failure.kind, FailureKind::NoCredentials);
        let failure =
            errors(Login::Profile("p".into())).credentials(&CredentialsError::not_loaded("no such \x07"));
        assert_eq!(failure.message, "Profile p has no credentials: no such ␇");
    }
}
