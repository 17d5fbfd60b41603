//! What stands beside a secret tells more of it: the id it belongs to, how old it is, and whether its item is over.
//!
//! Looked for only in items in which something was seen; inside encodings, only where something was seen in one.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

use crate::detect::walk::{ItemView, Visitor};
use crate::detect::{names, passwords};
use crate::domain::{AttributePath, Confidence, Holds, Inner, Safe, SecretClass, Severity, Sighting, Step};

/// The two halves of an AWS access key, by rule.
const AWS: (&str, &str) = ("aws-access-key-id", "aws-secret-access-key");

/// The id of one that ends by itself (IAM User Guide, "IAM identifiers": `ASIA`), by rule.
const TEMPORARY: &str = "aws-temporary-key-id";

/// How a reason begins that tells where the other half of a pair is.
pub const OTHER_HALF: &str = "the other half of the key is";

/// The name of a secret, as it ends without separators, and the names of what it belongs to.
const PAIRS: &[(&str, &[&str])] = &[
    ("clientsecret", &["clientid", "appid", "applicationid"]),
    ("appsecret", &["appid", "appkey"]),
    ("consumersecret", &["consumerkey"]),
    ("apisecret", &["apikey", "apikeyid"]),
    ("authtoken", &["accountsid"]),
    ("secretaccesskey", &["accesskeyid"]),
    ("secretkey", &["accesskey", "accesskeyid", "publickey"]),
    ("password", PASSWORD_HALVES),
];

/// Names of a login, without separators.
const PASSWORD_HALVES: &[&str] = &["username", "user", "login", "email"];

/// How the name of a login ends, without separators: of a person, or of the server that a service logs in to.
const LOGINS: &[&str] = &[
    "username",
    "user",
    "login",
    "email",
    "emailaddress",
    "mail",
    "userid",
    "loginid",
    "uid",
    "usr",
    "uname",
    "account",
    "accountname",
    "principal",
    "hostname",
    "host",
    "server",
    "phone",
    "phonenumber",
    "mobile",
    "nickname",
    "handle",
    "ssid",
    "loginname",
    "signinname",
    "signin",
    "memberid",
    "nick",
    "screenname",
    "identifier",
    "employeeid",
    "customerno",
    "kundennummer",
    "correo",
    "identifiant",
    "logon",
    "upn",
    "name",
    "url",
    "website",
    "usuario",
    "utilisateur",
    "benutzer",
    "benutzername",
];

/// What an attribute's time says.
#[derive(Clone, Copy, PartialEq)]
enum Moment {
    Made,
    Changed,
    Over,
}

/// Names of times, without separators.
const MOMENTS: &[(Moment, &[&str])] = &[
    (Moment::Made, &["created", "createdat", "createdon", "creationdate", "creationtime", "issuedat"]),
    (Moment::Changed, &["updated", "updatedat", "modifiedat", "lastmodified", "rotatedat", "lastrotated"]),
    (
        Moment::Over,
        &["expires", "expiresat", "expireat", "expiration", "expirationtime", "expirydate", "expiry", "ttl"],
    ),
];

/// An attribute that may say something of those beside it.
struct Neighbour {
    path: AttributePath,
    says: Says,
}

enum Says {
    /// A name of one half of a pair.
    Half(&'static str),
    Time(Moment, Timestamp),
    /// Who logs in: the name says so, or it is an e-mail address.
    Login,
    /// A text with the length, alphabet and randomness of an AWS secret access key.
    AwsSecret(zeroize::Zeroizing<String>),
}

/// The value of an attribute that looks like an AWS secret access key, although nothing but its neighbour says so.
pub(super) struct Joined {
    /// Where.
    pub path: AttributePath,
    /// Its fingerprint, its masked form and its length are made of this.
    pub secret: zeroize::Zeroizing<String>,
    /// Why.
    pub reason: String,
}

/// Adds to each sighting what its neighbours say, stored or among the `decoded` values. Returns the AWS secrets that
/// stand beside the id of a key.
pub(super) fn join(
    item: &impl ItemView,
    decoded: &[Inner],
    seen: &mut [Sighting],
    ttl: Option<&str>,
    now: Timestamp,
) -> Vec<Joined> {
    let mut look = Look { ttl, steps: Vec::new(), found: Vec::new() };
    item.walk(&mut look);
    for inner in decoded {
        look.steps = inner.path.steps().to_vec();
        match &inner.holds {
            Holds::Text(text) => look.text(text),
            Holds::Number(text) => look.number(text),
            _ => {}
        }
    }
    pair_of_aws(seen);
    beside_logins(seen, &look.found);
    for sighting in seen.iter_mut().filter(|s| !s.in_name && s.is_reported()) {
        let stored = sighting.path.stored();
        // What a login says of a password was said above.
        if let Some(half) = other_half(sighting, &look.found).filter(|_| *sighting.rule != *passwords::RULE) {
            sighting.reasons.push(half);
            sighting.confidence = raised(sighting.confidence);
        }
        let near = |n: &&Neighbour| {
            n.path.steps().len() == 1 || beside(&n.path, &stored) || beside(&n.path, &sighting.path)
        };
        let mut told = Vec::new();
        for neighbour in look.found.iter().filter(near) {
            let Says::Time(moment, at) = neighbour.says else { continue };
            if neighbour.path != stored && !told.contains(&moment) {
                sighting.reasons.extend(age(moment, at, now));
                told.push(moment);
            }
        }
    }
    let of_a_key = |secret: &Neighbour| {
        let id = seen.iter().find(|s| *s.rule == *AWS.0 && beside(&s.path, &secret.path))?;
        let Says::AwsSecret(text) = &secret.says else { return None };
        let is = |path: &AttributePath| *path == secret.path || path.stored() == secret.path;
        let known = seen.iter().any(|s| is(&s.path) && s.rule != id.rule && s.is_reported());
        (!known).then(|| Joined {
            path: secret.path.clone(),
            secret: text.clone(),
            reason: format!("beside the id of a key at {}", shown(&id.path)),
        })
    };
    look.found.iter().filter_map(of_a_key).collect()
}

/// How many maps above a password its login may stand.
const ABOVE: usize = 2;

/// A password that a login stands beside, in its map or in one around it, is one, short and plain as it may be.
fn beside_logins(seen: &mut [Sighting], found: &[Neighbour]) {
    let is_login = |n: &&Neighbour| match n.says {
        Says::Login => true,
        Says::Half(half) => PASSWORD_HALVES.contains(&half),
        _ => false,
    };
    let is_unsure = |s: &&mut Sighting| {
        *s.rule == *passwords::RULE && s.confidence == Confidence::Low && s.severity > Severity::Info
    };
    for sighting in seen.iter_mut().filter(is_unsure) {
        let around = |n: &&Neighbour| {
            let (Some((_, of_login)), Some((_, of_password))) =
                (n.path.steps().split_last(), sighting.path.steps().split_last())
            else {
                return false;
            };
            n.path != sighting.path
                && of_password.starts_with(of_login)
                && of_password.len() - of_login.len() <= ABOVE
        };
        if let Some(login) = found.iter().filter(is_login).find(around) {
            sighting.reasons.push(format!("beside a login, at {}", shown(&login.path)));
            sighting.confidence = Confidence::Medium;
        }
    }
}

/// Names the other half in the reasons of both halves of an AWS key. An item may hold thousands: the halves are put by the
/// map they stand in.
fn pair_of_aws(seen: &mut [Sighting]) {
    let mut halves: HashMap<(bool, Vec<Step>), Vec<AttributePath>> = HashMap::new();
    let is_id = |rule: &str| match rule {
        rule if rule == AWS.0 || rule == TEMPORARY => Some(true),
        rule if rule == AWS.1 => Some(false),
        _ => None,
    };
    let mut temporary: Vec<Vec<Step>> = Vec::new();
    for sighting in seen.iter() {
        if let (Some(id), Some((_, above))) = (is_id(&sighting.rule), sighting.path.steps().split_last()) {
            halves.entry((id, above.to_vec())).or_default().push(sighting.path.clone());
            temporary.extend((*sighting.rule == *TEMPORARY).then(|| above.to_vec()));
        }
    }
    for sighting in seen {
        let (Some(id), Some((_, above))) = (is_id(&sighting.rule), sighting.path.steps().split_last()) else {
            continue;
        };
        let others = halves.get(&(!id, above.to_vec())).map_or(&[][..], Vec::as_slice);
        if let Some(path) = others.iter().find(|path| **path != sighting.path) {
            sighting.reasons.push(format!("{OTHER_HALF} at {}", shown(path)));
            sighting.confidence = raised(sighting.confidence);
            // An id alone names a key and opens nothing; with the secret beside it, it does.
            if id && sighting.severity > Severity::Low {
                sighting.severity = sighting.severity.max(Severity::High);
            }
        }
        // The secret of a session ends with it: nobody can switch it off as one switches off a user's key.
        if !id && temporary.iter().any(|of| of == above) {
            sighting.class = SecretClass::AwsSession;
        }
    }
}

fn other_half(sighting: &Sighting, found: &[Neighbour]) -> Option<String> {
    let Some(Step::Name(name)) = sighting.path.steps().last() else { return None };
    let name = flat(name);
    let (_, halves) = PAIRS.iter().find(|(secret, _)| name.ends_with(secret))?;
    let half = found.iter().find(|n| {
        matches!(n.says, Says::Half(half) if halves.contains(&half)) && beside(&n.path, &sighting.path)
    })?;
    Some(format!("beside what it belongs to, at {}", shown(&half.path)))
}

/// Whether two paths are of members of the same map.
fn beside<'a>(one: &'a AttributePath, other: &'a AttributePath) -> bool {
    let above = |path: &'a AttributePath| path.steps().split_last().map(|(_, above)| above);
    one != other && above(one) == above(other)
}

/// One step surer; what nothing confirms stays below that.
fn raised(confidence: Confidence) -> Confidence {
    match confidence {
        Confidence::Low => Confidence::Medium,
        Confidence::Medium => Confidence::High,
        sure => sure,
    }
}

fn shown(path: &AttributePath) -> Safe {
    let path: String = path.to_string().chars().take(128).collect();
    Safe::neutral(&path)
}

fn age(moment: Moment, at: Timestamp, now: Timestamp) -> Option<String> {
    let days = now.duration_since(at).as_hours() / 24;
    let ago = match days {
        0 => "today".to_owned(),
        1 => "1 day ago".to_owned(),
        _ => format!("{days} days ago"),
    };
    match moment {
        Moment::Made if days >= 0 => Some(format!("made {ago}")),
        Moment::Changed if days >= 0 => Some(format!("last changed {ago}")),
        Moment::Over if now.duration_since(at) >= SignedDuration::ZERO => {
            Some(format!("its item expired {ago}"))
        }
        _ => None,
    }
}

fn flat(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// Walks an item for neighbours.
struct Look<'a> {
    /// The attribute of the table's time to live.
    ttl: Option<&'a str>,
    steps: Vec<Step>,
    found: Vec<Neighbour>,
}

impl Look<'_> {
    fn says(&mut self, says: Says) {
        // A few are enough of an item with thousands.
        if self.found.len() < 256 {
            self.found.push(Neighbour { path: AttributePath::new(self.steps.clone()), says });
        }
    }

    fn name(&self) -> Option<String> {
        match self.steps.last() {
            Some(Step::Name(name)) if name.len() <= 32 => Some(flat(name)),
            _ => None,
        }
    }

    fn is_login(&self, text: &str) -> bool {
        let fits = |name: &String| LOGINS.iter().any(|end| name.ends_with(end));
        self.name().filter(fits).is_some_and(|name| passwords::is_login(&name, text))
    }

    fn moment(&self) -> Option<Moment> {
        // Whatever it is called.
        if let ([Step::Name(name)], Some(ttl)) = (&self.steps[..], self.ttl)
            && name == ttl
        {
            return Some(Moment::Over);
        }
        let name = self.name()?;
        MOMENTS.iter().find(|(_, names)| names.contains(&name.as_str())).map(|(moment, _)| *moment)
    }
}

impl Visitor for Look<'_> {
    fn enter_name(&mut self, position: usize, name: &str) {
        self.steps.push(Step::member(position, name));
    }
    fn enter_index(&mut self, n: usize) {
        self.steps.push(Step::Index(n));
    }
    fn leave(&mut self) {
        self.steps.pop();
    }
    fn text(&mut self, text: &str) {
        if is_aws_secret(text) {
            self.says(Says::AwsSecret(text.to_owned().into()));
        } else if text.len() <= 40
            && let Some(moment) = self.moment()
            && let Some(at) = text.parse().ok().or_else(|| epoch(text))
        {
            self.says(Says::Time(moment, at));
        } else if let Some(name) = self.name()
            && let Some(half) = PAIRS.iter().flat_map(|(_, halves)| *halves).find(|half| **half == name)
            && !text.is_empty()
            && (!PASSWORD_HALVES.contains(half) || passwords::is_login(&name, text))
        {
            self.says(Says::Half(half));
        } else if text.len() <= 320 && (self.is_login(text) || names::is_address(text) || is_of_person(text))
        {
            self.says(Says::Login);
        }
    }
    fn number(&mut self, text: &str) {
        if let Some(moment) = self.moment()
            && let Some(at) = epoch(text)
        {
            self.says(Says::Time(moment, at));
        }
    }
    fn binary(&mut self, _: &[u8]) {}
}

/// A composed key of somebody: `USER#42`.
fn is_of_person(text: &str) -> bool {
    const WHO: &[&str] = &["user", "account", "member", "customer", "login", "email", "person"];
    let Some((who, id)) = text.split_once(['#', ':', '|']) else { return false };
    !id.is_empty() && WHO.iter().any(|word| who.eq_ignore_ascii_case(word))
}

/// Seconds or milliseconds since 1970, between 2001 and 2096.
fn epoch(text: &str) -> Option<Timestamp> {
    let number = text.parse::<f64>().ok()?;
    match number {
        1e9..4e9 => Timestamp::from_second(number as i64).ok(),
        1e12..4e12 => Timestamp::from_millisecond(number as i64).ok(),
        _ => None,
    }
}

/// Forty characters of base64, of all kinds and well mixed (IAM User Guide, "Manage access keys"): no digest.
fn is_aws_secret(text: &str) -> bool {
    let has = |f: fn(&u8) -> bool| text.as_bytes().iter().any(f);
    text.len() == 40
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'+' || b == b'/')
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
        && has(u8::is_ascii_digit)
        && names::entropy(text.as_bytes()) >= 4.0
}
