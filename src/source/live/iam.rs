//! IAM and STS: whose an access key is and whether it works, and the users and roles of the account.

use std::sync::Arc;

use aws_sdk_iam::types as sdk;
use percent_encoding::percent_decode_str;

use crate::domain::{
    AccessKeyAnswer, AccessKeyFacts, AccessKeyId, AccessKeyQuestion, AccessKeyStatus, Account, FactKind, Gap,
    IamIdentity, LastUse, Managed, Named, Policy, Used,
};
use crate::source::live::Live;
use crate::source::live::convert::time;
use crate::source::live::errors::nonsense;
use crate::source::live::facts::pages;
use crate::source::live::required_fields::Has;

/// Users, groups, roles and policies requested per page: the maximum that IAM allows.
const A_PAGE: i32 = 1_000;

/// Asks one question about an access key.
pub(super) async fn access_key(
    live: &Live,
    id: &AccessKeyId,
    question: AccessKeyQuestion,
    known: &AccessKeyFacts,
) -> Result<AccessKeyAnswer, Gap> {
    match question {
        AccessKeyQuestion::Owner => owner(live, id).await.map(AccessKeyAnswer::Owner),
        AccessKeyQuestion::LastUse => last_use(live, id).await.map(AccessKeyAnswer::LastUse),
        AccessKeyQuestion::Status => {
            status(live, id, known.last_use.read()?).await.map(AccessKeyAnswer::Status)
        }
    }
}

async fn owner(live: &Live, id: &AccessKeyId) -> Result<String, Gap> {
    let permission = AccessKeyQuestion::Owner.permission();
    let sent = live.clients().sts().get_access_key_info().access_key_id(id.text()).send().await;
    let answer = sent.map_err(|e| live.errors.gap(&e, permission))?;
    let account = answer.account.ok_or_else(|| nonsense(permission, "Account"))?;
    let fits = account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit());
    fits.then_some(account).ok_or_else(|| nonsense(permission, "Account of twelve digits"))
}

async fn last_use(live: &Live, id: &AccessKeyId) -> Result<LastUse, Gap> {
    let permission = AccessKeyQuestion::LastUse.permission();
    let sent = live.clients().iam().get_access_key_last_used().access_key_id(id.text()).send().await;
    let answer = sent.map_err(|e| live.errors.gap(&e, permission))?;
    let last = answer.access_key_last_used.ok_or_else(|| nonsense(permission, "AccessKeyLastUsed"))?;
    // A key that was never used has no date, and `N/A` for a service.
    let used = last.last_used_date.as_ref().and_then(time);
    let used = used.map(|at| Used { at, service: last.service_name, region: last.region });
    Ok(LastUse { user: answer.user_name.filter(|name| !name.is_empty()), used })
}

async fn status(live: &Live, id: &AccessKeyId, of: &LastUse) -> Result<AccessKeyStatus, Gap> {
    let permission = AccessKeyQuestion::Status.permission();
    let Some(user) = &of.user else { return Err(Gap::NotAsked) };
    let keys = pages(permission, |next| async {
        let ask = live.clients().iam().list_access_keys().user_name(user).set_marker(next);
        let sent = ask.customize().interceptor(Has("AccessKeyMetadata")).send().await;
        let answer = sent.map_err(|e| live.errors.gap(&e, permission))?;
        Ok((answer.access_key_metadata, answer.marker))
    })
    .await?;
    let Some(key) = keys.iter().find(|key| key.access_key_id.as_deref() == Some(id.text())) else {
        return Ok(AccessKeyStatus::Gone);
    };
    let made = key.create_date.as_ref().and_then(time);
    match &key.status {
        Some(sdk::StatusType::Active) => Ok(AccessKeyStatus::Active(made)),
        Some(_) => Ok(AccessKeyStatus::Inactive(made)),
        None => Err(nonsense(permission, "Status")),
    }
}

/// The users, groups, roles and managed policies of the account.
pub(super) async fn account(live: &Live) -> Result<Arc<Account>, Gap> {
    let permission = FactKind::Account.permission();
    let mut account = Account::default();
    let parts = pages(permission, |next| async {
        let ask = live.clients().iam().get_account_authorization_details().max_items(A_PAGE).set_marker(next);
        // XML that is cut off in its middle is read as far as it goes: whoever stood behind the cut would be nobody.
        let ask = ask.customize().interceptor(Has("/GetAccountAuthorizationDetailsResult"));
        let answer = ask.send().await.map_err(|e| live.errors.gap(&e, permission))?;
        let marker = answer.marker.clone();
        Ok((vec![answer], marker))
    })
    .await?;
    for part in parts {
        // An answer tells of each kind, be it that there is none.
        let (Some(users), Some(roles)) = (part.user_detail_list, part.role_detail_list) else {
            return Err(nonsense(permission, "UserDetailList and RoleDetailList"));
        };
        account.users.extend(users.into_iter().map(user));
        account.roles.extend(roles.into_iter().map(role));
        account.groups.extend(part.group_detail_list.unwrap_or_default().into_iter().map(group));
        account.policies.extend(part.policies.unwrap_or_default().into_iter().map(managed));
    }
    Ok(Arc::new(account))
}

fn user(from: sdk::UserDetail) -> IamIdentity {
    IamIdentity {
        name: from.user_name.unwrap_or_default(),
        arn: from.arn.unwrap_or_default(),
        id: from.user_id,
        tags: tags(from.tags),
        inline: inline(from.user_policy_list),
        attached: attached(from.attached_managed_policies),
        groups: from.group_list.unwrap_or_default(),
        boundary: from.permissions_boundary.and_then(|b| b.permissions_boundary_arn),
        ..IamIdentity::default()
    }
}

fn group(from: sdk::GroupDetail) -> IamIdentity {
    IamIdentity {
        name: from.group_name.unwrap_or_default(),
        arn: from.arn.unwrap_or_default(),
        inline: inline(from.group_policy_list),
        attached: attached(from.attached_managed_policies),
        ..IamIdentity::default()
    }
}

fn role(from: sdk::RoleDetail) -> IamIdentity {
    IamIdentity {
        name: from.role_name.unwrap_or_default(),
        arn: from.arn.unwrap_or_default(),
        id: from.role_id,
        tags: tags(from.tags),
        inline: inline(from.role_policy_list),
        attached: attached(from.attached_managed_policies),
        boundary: from.permissions_boundary.and_then(|b| b.permissions_boundary_arn),
        trust: from.assume_role_policy_document.as_deref().map(policy),
        used: from.role_last_used.and_then(|u| u.last_used_date).as_ref().and_then(time),
        ..IamIdentity::default()
    }
}

fn managed(from: sdk::ManagedPolicyDetail) -> Managed {
    let versions = from.policy_version_list.unwrap_or_default();
    let in_force = versions.into_iter().find(|v| v.is_default_version);
    Managed {
        arn: from.arn.unwrap_or_default(),
        policy: in_force.and_then(|v| v.document).as_deref().map(policy),
    }
}

fn inline(from: Option<Vec<sdk::PolicyDetail>>) -> Vec<Named> {
    let named = |p: sdk::PolicyDetail| Named {
        name: p.policy_name.unwrap_or_default(),
        policy: policy(&p.policy_document.unwrap_or_default()),
    };
    from.unwrap_or_default().into_iter().map(named).collect()
}

fn attached(from: Option<Vec<sdk::AttachedPolicy>>) -> Vec<String> {
    from.unwrap_or_default().into_iter().filter_map(|p| p.policy_arn).collect()
}

/// An entity without tags has an empty list, or none at all.
fn tags(from: Option<Vec<sdk::Tag>>) -> Option<Vec<(String, String)>> {
    Some(from.unwrap_or_default().into_iter().map(|tag| (tag.key, tag.value)).collect())
}

/// IAM gives documents percent-encoded (IAM API Reference, GetAccountAuthorizationDetails).
fn policy(document: &str) -> Policy {
    Policy::parse(&percent_decode_str(document).decode_utf8_lossy())
}
