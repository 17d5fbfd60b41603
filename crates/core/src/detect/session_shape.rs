//! Session stores by their shape, whatever the library: a random key, the time at which it ends, times of making or use, and
//! what the session knows. There the value of the key is the live cookie.

use std::ops::Range;
use std::sync::LazyLock;

use crate::detect::walk::Visitor;
use crate::detect::{name_class, names};

/// What an attribute of a store is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// When the session ends.
    Ends,
    /// When it was made or used last.
    Times,
    /// How long it lasts from then on.
    Lasts,
    /// The item is about a coin or a contract.
    Chain,
    /// Its name says that it is of a session.
    Says,
    /// Items of other kinds have it: jobs, messages, caches.
    Denies,
    /// It is of a session that is no login: a talk, a workout, a chat.
    Elsewhere,
    /// The key, where nobody said what the table's key is.
    Key,
    /// None of these.
    Other,
}

/// Names without separators and in lower case, by role; the first line that fits counts. A `*` stands for any rest.
const ROLES: &[(Role, &[&str])] = &[
    (
        Role::Ends,
        &[
            "expires",
            "expire",
            "expiry",
            "expiration",
            "expiresat",
            "expireat",
            "expireson",
            "expiresin",
            "expirydate",
            "expiredate",
            "expirationdate",
            "expirationtime",
            "expiretime",
            "expirytime",
            "ttl",
            "ttldate",
            "timetolive",
            "validuntil",
            "sessexpire",
            "expiredat",
            "exp",
        ],
    ),
    (
        Role::Times,
        &[
            "created",
            "createdat",
            "creationtime",
            "createdate",
            "creationdate",
            "createdon",
            "updatedat",
            "updated",
            "modified",
            "accessed",
            "accessedat",
            "lastaccess",
            "lastaccessed",
            "lastaccesstime",
            "lastaccessedtime",
            "lastaccessedat",
            "lastseen",
            "lastseenat",
            "lastused",
            "lastusedat",
            "lastactivity",
            "lastactive",
            "lastactiveat",
            "touched",
            "touchedat",
            "timestamp",
            "sesstime",
            "modifiedat",
            "modifiedon",
            "date",
            "ipaddress",
            "useragent",
            "lockid",
            "lockdate",
        ],
    ),
    (
        Role::Denies,
        &[
            "status",
            "digest",
            "typename",
            "url",
            "count",
            "messageid",
            "eventid",
            "eventtype",
            "jobid",
            "jobtype",
            "queue",
            "attempts",
            "retries",
            "checksum",
            "etag",
            "contenthash",
            "cachekey",
            "lockid*",
            "version*",
            "topic",
            "sequence",
            "owner*",
            "price",
        ],
    ),
    (
        Role::Elsewhere,
        &[
            "title",
            "room",
            "speaker*",
            "history",
            "messages",
            "pageviews",
            "kwh*",
            "charger*",
            "workout*",
            "exercise*",
            "score",
            "scores",
            "course*",
            "module*",
            "track",
            "agenda",
            "distance*",
            "calories",
            "prompt*",
            "turns",
            "conversation*",
            "tutor*",
            "student*",
            "caller*",
            "callee*",
            "scheduled*",
            "booked*",
            "booking*",
            "lesson*",
            "duration*",
            "attendees",
            "participants",
            "lastplayed",
            "level",
            "query",
            "transcript",
            "summary",
        ],
    ),
    (
        Role::Chain,
        &[
            "symbol",
            "decimals",
            "mint",
            "chain",
            "chainid",
            "blockchain",
            "tokenaccount",
            "basetoken",
            "quotetoken",
        ],
    ),
    (Role::Lasts, &["sesslifetime", "lifetime", "maxage", "maxinactiveinterval", "idletimeout"]),
    (Role::Says, &["sess*", "session*", "sid", "cookie*"]),
    (Role::Key, &["id", "key", "k", "pk", "hashkey", "namespace", "partitionkey", "token"]),
];

/// Maximum number of attributes of an item of a store: what has more is a record of something.
const MOST: usize = 24;

fn role(name: &str) -> Role {
    if name.len() > 32 {
        return Role::Other;
    }
    let mut flat = [0_u8; 32];
    let mut length = 0;
    for byte in name.bytes().filter(u8::is_ascii_alphanumeric) {
        flat[length] = byte.to_ascii_lowercase();
        length += 1;
    }
    let flat = &flat[..length];
    let is = |word: &str| match word.strip_suffix('*') {
        Some(beginning) => flat.starts_with(beginning.as_bytes()),
        None => flat == word.as_bytes(),
    };
    // Asked of every name of every item: most are told apart by their first letter.
    let first = flat.first().map_or(0, |first| usize::from(first & 31));
    BY_FIRST[first].iter().find(|(word, _)| is(word)).map_or(Role::Other, |(_, role)| *role)
}

/// The words of all roles by their first letter, in their order.
static BY_FIRST: LazyLock<[Vec<(&str, Role)>; 32]> = LazyLock::new(|| {
    let mut table: [Vec<(&str, Role)>; 32] = Default::default();
    for (role, words) in ROLES {
        for word in *words {
            table[usize::from(word.as_bytes()[0] & 31)].push((*word, *role));
        }
    }
    table
});

/// An attribute whose value may be a cookie.
struct Key {
    /// Where its name stands among the names.
    name: Range<usize>,
    /// Its value has the form of a digest.
    is_digest: bool,
    /// Its name is one that keys have.
    is_key: bool,
}

/// What is known of an item's top level, as far as the shape of a store goes.
#[derive(Default)]
pub(super) struct Shape {
    /// On the second walk: the values are looked at, too.
    looks: bool,
    depth: usize,
    attributes: usize,
    /// The role of the attribute that is being told.
    now: Option<Role>,
    ends: bool,
    times: bool,
    says: bool,
    denies: bool,
    elsewhere: bool,
    chain: bool,
    /// Something that may be what a session knows: a map, bytes, a document.
    holds: usize,
    /// Attributes whose value may be a cookie.
    keys: Vec<Key>,
    /// Their names, one after the other, and that of the attribute that is being told.
    names: String,
    from: usize,
}

impl Shape {
    /// As good as new, its memory kept.
    pub(super) fn clear(&mut self) {
        self.keys.clear();
        self.names.clear();
        let (keys, names) = (std::mem::take(&mut self.keys), std::mem::take(&mut self.names));
        *self = Self { keys, names, ..Self::default() };
    }

    /// Whether the names leave room for a store. Most items have none that says when it ends: of those no value is looked at.
    pub(super) fn may_be_one(&self) -> bool {
        self.ends && !self.denies && self.attributes <= MOST
    }

    /// Before the second walk.
    pub(super) fn look(&mut self) {
        (self.looks, self.depth, self.attributes) = (true, 0, 0);
    }

    /// The attribute whose value is the live cookie, and whether the shape leaves no doubt; `partition` is the table's partition
    /// key, where that is known.
    pub(super) fn cookie(&self, partition: Option<&str>) -> Option<(&str, bool)> {
        let name = |key: &Key| self.names.get(key.name.clone()).unwrap_or_default();
        let fits = |key: &&Key| partition.map_or(key.is_key, |partition| partition == name(key));
        let key = self.keys.iter().find(fits)?;
        // The key itself is no document.
        let holds = self.holds > 0;
        let told = self.says || self.times && !key.is_digest;
        holds.then_some((name(key), told)).filter(|(_, told)| *told || !key.is_digest)
    }

    /// Whether the item is about a coin or a contract: what it calls tokens have addresses.
    pub(super) fn is_of_chain(&self) -> bool {
        self.chain
    }

    /// Whether the item is about something else than a login.
    pub(super) fn is_elsewhere(&self) -> bool {
        self.elsewhere
    }

    fn is_top(&self) -> Option<Role> {
        self.now.filter(|_| self.depth == 1)
    }
}

/// Whether a text may be what a session knows: a document, or a long value of base64 or a language's own form.
fn is_document(text: &str) -> bool {
    let is_coded = || {
        text.len() >= 32
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"+/=-_.:".contains(&b))
            && names::entropy(text.as_bytes()) >= 4.0
    };
    text.len() >= 2 && text.starts_with(['{', '['])
        || is_of_php(text)
        || text.starts_with("a:") && text.ends_with('}')
        || is_coded()
}

/// Whether a text is a session as PHP writes one: names, each with a value.
fn is_of_php(text: &str) -> bool {
    ["|a:", "|i:", "|s:", "|b:", "|O:"].iter().any(|sign| text.contains(sign))
}

/// Whether a text may be a cookie, and whether its form is that of a digest.
fn is_cookie(text: &str) -> Option<bool> {
    let is_plain = (16..=128).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
        && !names::is_uuid(text.as_bytes())
        && !names::is_plain_id(text)
        && !names::is_sortable_id(text)
        && names::is_token(text);
    is_plain.then(|| name_class::is_digest(text))
}

impl Visitor for Shape {
    fn enter_name(&mut self, _: usize, name: &str) {
        self.depth += 1;
        if self.depth > 1 {
            // A map of its own.
            self.holds += usize::from(self.depth == 2 && self.now != Some(Role::Ends));
            return;
        }
        self.attributes += 1;
        if self.attributes > MOST {
            self.now = None;
            return;
        }
        let role = role(name);
        self.now = Some(role);
        self.says |= role == Role::Says;
        self.denies |= matches!(role, Role::Denies | Role::Elsewhere);
        self.elsewhere |= role == Role::Elsewhere;
        self.chain |= role == Role::Chain;
        self.ends |= matches!(role, Role::Ends | Role::Lasts);
        self.times |= matches!(role, Role::Times | Role::Lasts);
        if !self.looks {
            return;
        }
        // The name of one that is no key is overwritten.
        self.names.truncate(self.keys.last().map_or(0, |key| key.name.end));
        self.from = self.names.len();
        self.names.push_str(name);
    }
    fn enter_index(&mut self, _: usize) {
        self.depth += 1;
    }
    fn leave(&mut self) {
        self.depth -= 1;
    }
    fn text(&mut self, text: &str) {
        let Some(role) = self.is_top().filter(|_| self.looks) else { return };
        if !matches!(role, Role::Key | Role::Says | Role::Other) {
            return;
        }
        match is_cookie(text) {
            // A key of another name is one where the table says so.
            Some(is_digest) if self.keys.len() < MOST => {
                let name = self.names.as_bytes().get(self.from..).unwrap_or_default();
                let is_key = role != Role::Other
                    || name.len() > 2 && name[name.len() - 2..].eq_ignore_ascii_case(b"id");
                self.keys.push(Key { name: self.from..self.names.len(), is_digest, is_key });
                self.holds += usize::from(role == Role::Other && text.len() >= 64);
            }
            _ => {
                self.says |= is_of_php(text);
                self.holds += usize::from(role != Role::Key && is_document(text));
            }
        }
    }
    fn number(&mut self, _: &str) {}
    fn binary(&mut self, bytes: &[u8]) {
        let is_one = self.is_top().is_some() && bytes.len() >= 8;
        self.holds += usize::from(is_one);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::walk::ItemView;
    use crate::domain::{AttributeValue, Item};

    fn shape(attributes: &[(&str, AttributeValue)]) -> Option<(String, bool)> {
        let item =
            Item::new(attributes.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect());
        let mut shape = Shape::default();
        item.walk(&mut shape);
        if !shape.may_be_one() {
            return None;
        }
        shape.look();
        item.walk(&mut shape);
        shape.cookie(None).map(|(name, told)| (name.to_owned(), told))
    }

    fn s(text: &str) -> AttributeValue {
        AttributeValue::S(text.to_owned())
    }

    #[test]
    fn a_random_key_that_ends_and_knows_something_is_a_session() {
        let key = ["q7Zt91mXw0Lr", "4VbN8sKd2PeR5y"].concat();
        let k = || s(&key);
        let n = || AttributeValue::N("1795000000".into());
        let json = || s("{\"user\":7}");
        for (store, name) in [
            (vec![("sid", k()), ("session", json()), ("expires", n())], "sid"),
            (vec![("id", k()), ("data", json()), ("expires", n()), ("created_at", n())], "id"),
            (vec![("key", k()), ("store", json()), ("ttl", n()), ("createdAt", n())], "key"),
            (
                vec![
                    ("hashKey", k()),
                    ("payload", AttributeValue::B(vec![7; 60])),
                    ("expireAt", n()),
                    ("lastSeen", n()),
                ],
                "hashKey",
            ),
        ] {
            assert_eq!(shape(&store), Some((name.to_owned(), true)), "{name}");
        }
        // Without times it may be a cache: looked at, not told.
        assert_eq!(shape(&[("id", k()), ("data", json()), ("ttl", n())]), Some(("id".to_owned(), false)));
    }

    #[test]
    fn jobs_caches_and_locks_are_none() {
        let n = || AttributeValue::N("1795000000".into());
        let json = || s("{\"user\":7}");
        let uuid = || s("0d24e101-bad5-46e4-90ad-93859f3a7059");
        let digest = || s(&"0a1b2c3d".repeat(8));
        let key = ["q7Zt91mXw0Lr", "4VbN8sKd2PeR5y"].concat();
        for item in [
            vec![("id", uuid()), ("data", json()), ("created_at", n()), ("expires_at", n())],
            vec![("key", digest()), ("value", json()), ("ttl", n()), ("createdAt", n())],
            vec![
                ("id", s(&key)),
                ("data", json()),
                ("expiration", n()),
                ("created", n()),
                ("status", s("DONE")),
            ],
            vec![("id", s(&key)), ("data", json()), ("created", n())],
            vec![("id", s(&key)), ("created", n()), ("ttl", n())],
            vec![("LockID", s("bucket/terraform.tfstate-md5")), ("Digest", digest())],
        ] {
            let names: Vec<&str> = item.iter().map(|(name, _)| *name).collect();
            assert_eq!(shape(&item), None, "{names:?}");
        }
    }
}
