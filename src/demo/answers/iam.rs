//! IAM: users, roles and access keys of an account (IAM API Reference), in the XML of the query protocol.

use std::fmt::Write;

use jiff::{SignedDuration, Timestamp};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::error::{ServiceError, xml_text};
use crate::demo::CLOCK;
use crate::demo::account::Identity;
use crate::demo::managed::MANAGED;
use crate::demo::people::{AccessKey, Kind, OWN, PEOPLE, Person};
use crate::demo::secret::aws_key;

/// Answers for the account of who asks.
pub(in super::super) fn answer(
    identity: &Identity,
    operation: &str,
    form: &[(String, String)],
) -> Result<String, ServiceError> {
    super::allow(identity, "iam", operation, "*")?;
    let given = |name: &str| form.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value.as_str());
    let result = match operation {
        "GetAccessKeyLastUsed" => {
            let id = given("AccessKeyId");
            let (user, key) = owner(id)
                .filter(|(user, _)| user.account == identity.account)
                .ok_or_else(|| missing(format!("The Access Key with id {id} cannot be found")))?;
            let used = match key.used {
                Some((hours, service, region)) => format!(
                    "<LastUsedDate>{}</LastUsedDate><ServiceName>{service}</ServiceName><Region>{region}</Region>",
                    ago(hours)
                ),
                None => "<ServiceName>N/A</ServiceName><Region>N/A</Region>".into(),
            };
            format!("<AccessKeyLastUsed>{used}</AccessKeyLastUsed><UserName>{}</UserName>", user.name)
        }
        "ListAccessKeys" => {
            let name = given("UserName");
            let user = of(identity, Kind::User)
                .find(|user| user.name == name)
                .ok_or_else(|| missing(format!("The user with name {name} cannot be found.")))?;
            let mut keys = String::new();
            for key in user.keys {
                let (status, made) =
                    (if key.active { "Active" } else { "Inactive" }, ago(24 * key.made_days_ago));
                let id = aws_key(key.name, user.account).0.value;
                let _ = write!(
                    keys,
                    "<member><UserName>{name}</UserName><AccessKeyId>{id}</AccessKeyId><Status>{status}</Status>\
                     <CreateDate>{made}</CreateDate></member>"
                );
            }
            format!("<AccessKeyMetadata>{keys}</AccessKeyMetadata><IsTruncated>false</IsTruncated>")
        }
        "GetAccountAuthorizationDetails" => {
            let users: String = of(identity, Kind::User).map(user).collect();
            let groups: String = of(identity, Kind::Group).map(group).collect();
            let roles: String = people(identity)
                .filter_map(|p| match p.kind {
                    Kind::Role(service) => Some(role(p, service)),
                    _ => None,
                })
                .collect();
            format!(
                "<UserDetailList>{users}</UserDetailList><GroupDetailList>{groups}</GroupDetailList>\
                 <RoleDetailList>{roles}</RoleDetailList><Policies>{}</Policies><IsTruncated>false</IsTruncated>",
                managed(identity)
            )
        }
        _ => return Err(ServiceError::unknown_operation(operation)),
    };
    Ok(format!(
        "<{operation}Response xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\">\
         <{operation}Result>{result}</{operation}Result></{operation}Response>"
    ))
}

/// Whose an access key is, in any account.
pub(super) fn owner(id: &str) -> Option<(&'static Person, &'static AccessKey)> {
    let keys = PEOPLE.iter().flat_map(|person| person.keys.iter().map(move |key| (person, key)));
    keys.into_iter().find(|(person, key)| aws_key(key.name, person.account).0.value == id)
}

fn missing(message: String) -> ServiceError {
    ServiceError::new(404, "NoSuchEntity", message)
}

fn people(identity: &Identity) -> impl Iterator<Item = &'static Person> {
    PEOPLE.iter().filter(move |person| person.account == identity.account)
}

fn of(identity: &Identity, kind: Kind) -> impl Iterator<Item = &'static Person> {
    people(identity).filter(move |person| person.kind == kind)
}

fn ago(hours: i64) -> Timestamp {
    CLOCK - SignedDuration::from_hours(hours)
}

fn user(person: &Person) -> String {
    let groups: String = person.groups.iter().map(|group| format!("<member>{group}</member>")).collect();
    format!(
        "<member><UserName>{0}</UserName><UserId>{4}</UserId><Arn>arn:aws:iam::{1}:user/{0}</Arn>\
         <UserPolicyList>{2}</UserPolicyList><GroupList>{groups}</GroupList>{3}{5}</member>",
        person.name,
        person.account,
        inline(person),
        attached(person),
        id("AIDA", person.name),
        more(person)
    )
}

fn group(person: &Person) -> String {
    format!(
        "<member><GroupName>{0}</GroupName><Arn>arn:aws:iam::{1}:group/{0}</Arn><GroupPolicyList>{2}</GroupPolicyList>\
         {3}</member>",
        person.name,
        person.account,
        inline(person),
        attached(person)
    )
}

fn role(person: &Person, service: &str) -> String {
    let by_service =
        || format!(r#"{{"Effect":"Allow","Principal":{{"Service":"{service}"}},"Action":"sts:AssumeRole"}}"#);
    let statement = person.trust.map_or_else(by_service, str::to_owned);
    let trust = format!(r#"{{"Version":"2012-10-17","Statement":[{statement}]}}"#);
    let used = person.used.map_or_else(String::new, |days| {
        format!(
            "<RoleLastUsed><LastUsedDate>{}</LastUsedDate><Region>eu-west-1</Region></RoleLastUsed>",
            ago(24 * days)
        )
    });
    format!(
        "<member><RoleName>{0}</RoleName><RoleId>{5}</RoleId><Arn>arn:aws:iam::{1}:role/{6}{0}</Arn>\
         <AssumeRolePolicyDocument>{2}</AssumeRolePolicyDocument><RolePolicyList>{3}</RolePolicyList>{4}{7}{used}</member>",
        person.name,
        person.account,
        encoded(&trust),
        inline(person),
        attached(person),
        id("AROA", person.name),
        person.path,
        more(person)
    )
}

/// An id as IAM makes them, always the same for a name.
fn id(kind: &str, name: &str) -> String {
    let letters: String =
        name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
    format!("{kind}{letters:X<17.17}")
}

/// Boundary and tags.
fn more(person: &Person) -> String {
    let boundary = person.boundary.map_or_else(String::new, |name| {
        format!(
            "<PermissionsBoundary><PermissionsBoundaryType>Policy</PermissionsBoundaryType><PermissionsBoundaryArn>\
             arn:aws:iam::{}:policy/{name}</PermissionsBoundaryArn></PermissionsBoundary>",
            person.account
        )
    });
    let tag =
        |(key, value): &(&str, &str)| format!("<member><Key>{key}</Key><Value>{value}</Value></member>");
    let tags: String = person.tags.iter().map(tag).collect();
    format!("{boundary}<Tags>{tags}</Tags>")
}

/// The managed policies that somebody of the account has, and its own.
fn managed(identity: &Identity) -> String {
    let version = |arn: String, document: &str| {
        format!(
            "<member><Arn>{arn}</Arn><DefaultVersionId>v1</DefaultVersionId><PolicyVersionList><member>\
             <VersionId>v1</VersionId><IsDefaultVersion>true</IsDefaultVersion><Document>{}</Document></member>\
             </PolicyVersionList></member>",
            encoded(document)
        )
    };
    let used = |name: &str| people(identity).any(|p| p.attached.contains(&name));
    let of_aws = MANAGED.iter().filter(|(name, _)| used(name));
    let of_aws = of_aws.map(|(name, document)| version(format!("arn:aws:iam::aws:policy/{name}"), document));
    let bounds = |name: &str| people(identity).any(|p| p.boundary == Some(name));
    let own = OWN.iter().filter(|(name, _)| bounds(name));
    let own = own.map(|(name, document)| {
        version(format!("arn:aws:iam::{}:policy/{name}", identity.account), document)
    });
    of_aws.chain(own).collect()
}

fn inline(person: &Person) -> String {
    let one = |(name, document): &(&str, &str)| {
        format!(
            "<member><PolicyName>{}</PolicyName><PolicyDocument>{}</PolicyDocument></member>",
            xml_text(name),
            encoded(document)
        )
    };
    person.inline.iter().map(one).collect()
}

fn attached(person: &Person) -> String {
    let one = |name: &&str| {
        let last = name.rsplit('/').next().unwrap_or(name);
        format!(
            "<member><PolicyName>{last}</PolicyName><PolicyArn>arn:aws:iam::aws:policy/{name}</PolicyArn></member>"
        )
    };
    let all: String = person.attached.iter().map(one).collect();
    format!("<AttachedManagedPolicies>{all}</AttachedManagedPolicies>")
}

/// As IAM gives documents.
fn encoded(document: &str) -> String {
    utf8_percent_encode(document, NON_ALPHANUMERIC).to_string()
}
