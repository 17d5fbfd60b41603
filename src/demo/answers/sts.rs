//! STS: who the credentials belong to (STS API Reference).

use super::error::{ServiceError, xml_text};
use crate::demo::account::{IDENTITIES, Identity};
use crate::domain::Arn;

/// Far enough ahead that an SDK, which goes by the real clock, never takes the credentials for expired.
const EXPIRATION: &str = "2099-01-01T00:00:00Z";

/// Answers in the XML of the query protocol.
pub(in super::super) fn answer(
    identity: &Identity,
    operation: &str,
    form: &[(String, String)],
) -> Result<String, ServiceError> {
    let result = match operation {
        "GetCallerIdentity" => {
            let Identity { arn, user_id, account, .. } = identity;
            format!("<Arn>{arn}</Arn><UserId>{user_id}</UserId><Account>{account}</Account>")
        }
        "GetAccessKeyInfo" => {
            let id = form.iter().find(|(name, _)| name == "AccessKeyId").map_or("", |(_, value)| value);
            super::allow(identity, "sts", operation, "*")?;
            let owner = super::iam::owner(id).map(|(person, _)| person.account);
            let owner = owner
                .ok_or_else(|| ServiceError::new(400, "ValidationError", "The access key does not exist"))?;
            format!("<Account>{owner}</Account>")
        }
        "AssumeRole" => assumed(identity, form)?,
        _ => return Err(ServiceError::unknown_operation(operation)),
    };
    Ok(format!(
        "<{operation}Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\
         <{operation}Result>{result}</{operation}Result></{operation}Response>"
    ))
}

/// The role of the account that the ARN names; a role of any other account trusts nobody here.
fn assumed(identity: &Identity, form: &[(String, String)]) -> Result<String, ServiceError> {
    let role = form.iter().find(|(name, _)| name == "RoleArn").map_or("", |(_, value)| value);
    let account = Arn::parse(role).map(|arn| arn.account).unwrap_or_default();
    let Some(to) = IDENTITIES.iter().find(|i| i.account == account) else {
        return Err(super::denial(identity, "sts:AssumeRole", role));
    };
    let Identity { access_key, secret_key, session_token, arn, user_id, .. } = to;
    let (arn, user_id) = (xml_text(arn), xml_text(user_id));
    Ok(format!(
        "<Credentials><AccessKeyId>{access_key}</AccessKeyId><SecretAccessKey>{secret_key}</SecretAccessKey>\
         <SessionToken>{session_token}</SessionToken><Expiration>{EXPIRATION}</Expiration></Credentials>\
         <AssumedRoleUser><Arn>{arn}</Arn><AssumedRoleId>{user_id}</AssumedRoleId></AssumedRoleUser>"
    ))
}
