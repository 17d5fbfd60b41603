//! Session stores, recognised by key, attributes and the form of values, never by the table's name: there the
//! value of the key is the live cookie.

use std::borrow::Cow;
use std::ops::Range;

use jiff::Timestamp;

use crate::detect::TableContext;
use crate::detect::session_shape::Shape;
use crate::detect::walk::Visitor;

/// A session store.
struct Store {
    /// Its name, for a reason.
    name: &'static str,
    /// The attributes whose value is the cookie, or holds it.
    attributes: &'static [&'static str],
    /// The first attribute is the table's partition key.
    keyed: bool,
    /// What else the item must have.
    shape: fn(&Outline) -> bool,
    /// The cookie in the value.
    cookie: fn(&str) -> Option<Range<usize>>,
}

const STORES: &[Store] = &[
    Store {
        name: "Django session table",
        attributes: &["session_key"],
        keyed: true,
        shape: |o| o.has(const { Name::of("data") }) || o.has(const { Name::of("session_data") }),
        cookie: whole,
    },
    Store {
        name: "Django cache with sessions",
        attributes: &["cache_key"],
        keyed: true,
        shape: |o| o.has(const { Name::of("content") }),
        cookie: |text| {
            const MARK: &str = "django.contrib.sessions.cache";
            let start = text.find(MARK)? + MARK.len();
            let end = text.rfind(':').filter(|end| *end > start).unwrap_or(text.len());
            (end - start >= 16).then_some(start..end)
        },
    },
    Store {
        name: "Express session table (connect-dynamodb)",
        attributes: &["id"],
        keyed: true,
        shape: |o| o.has(const { Name::of("sess") }) || o.text("type") == "connect-session",
        cookie: |text| after(text, "sess:"),
    },
    Store {
        name: "Auth.js table",
        attributes: &["sk", "GSI1PK", "GSI1SK", "sessionToken"],
        keyed: false,
        shape: |o| o.has(const { Name::of("sessionToken") }),
        cookie: |text| if text.contains('#') { after(text, "SESSION#") } else { whole(text) },
    },
    Store {
        name: "PHP session table",
        attributes: &["id"],
        keyed: true,
        shape: |o| o.has(const { Name::of("data") }) && o.has(const { Name::of("expires") }),
        cookie: |text| after(text, "PHPSESSID_"),
    },
    Store {
        name: "Rails session table",
        attributes: &["session_id"],
        keyed: true,
        shape: |o| {
            // What Ruby's Marshal (version 4.8) of a hash begins with, in base64.
            o.has(const { Name::of("data") })
                && (o.text("data").starts_with("BAh")
                    || (o.has(const { Name::of("created_at") }) && o.has(const { Name::of("updated_at") })))
        },
        cookie: whole,
    },
    Store {
        name: "Flask-Session table",
        attributes: &["SessionId", "id"],
        keyed: false,
        shape: |o| o.has(const { Name::of("SessionId") }) || o.has(const { Name::of("val") }),
        cookie: |text| after(text, "session:"),
    },
    Store {
        name: "Spring or Tomcat session table",
        attributes: &["sessionId", "session_id"],
        keyed: false,
        // What a Java stream begins with, in base64.
        shape: |o| {
            o.has(const { Name::of("maxInactiveInterval") })
                || o.has(const { Name::of("lastAccessTime") })
                || o.has(const { Name::of("lastAccessedTime") })
                || o.text("sessionData").starts_with("rO0AB")
        },
        cookie: whole,
    },
    Store {
        name: "Laravel session table",
        attributes: &["key"],
        keyed: true,
        shape: |o| o.has(const { Name::of("value") }) && o.has(const { Name::of("expires_at") }),
        // The cache store of Laravel: a prefix and the id of 40 letters and digits.
        cookie: |text| {
            let id = text.rsplit([':', '_']).next().unwrap_or(text);
            let plain = id.len() == 40 && id.bytes().all(|b| b.is_ascii_alphanumeric());
            let digest = id.bytes().all(|b| b.is_ascii_hexdigit());
            (plain && !digest).then_some(text.len() - id.len()..text.len())
        },
    },
    Store {
        name: "Remix session table",
        attributes: &["_idx", "id"],
        keyed: true,
        shape: |o| o.has(const { Name::of("_idx") }) && o.has(const { Name::of("_ttl") }),
        cookie: whole,
    },
    Store {
        name: "Better Auth session table",
        attributes: &["token"],
        keyed: false,
        shape: |o| {
            o.has(const { Name::of("userId") })
                && o.has(const { Name::of("expiresAt") })
                && o.has(const { Name::of("token") })
        },
        cookie: whole,
    },
    Store {
        name: "Shopify session table",
        attributes: &["accessToken"],
        keyed: false,
        shape: |o| {
            o.has(const { Name::of("shop") })
                && o.has(const { Name::of("isOnline") })
                && o.has(const { Name::of("accessToken") })
        },
        cookie: whole,
    },
];

/// Attributes that say when a session ends, in seconds since 1970.
const EXPIRY: &[&str] = &[
    "expires",
    "expire_at",
    "expires_at",
    "expiration",
    "expire_date",
    "ttl",
    "_ttl",
    "expiresAt",
    "expirationTime",
];

/// One of the attributes that stores are recognised by, by its position.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Name(usize);

impl Name {
    /// The attribute of that name: one that is not known does not compile.
    const fn of(name: &str) -> Name {
        let mut at = 0;
        while !same(KNOWN[at], name) {
            at += 1;
        }
        Name(at)
    }

    /// The attribute of that name, if it is known.
    fn find(name: &str) -> Option<Name> {
        let bytes = name.as_bytes();
        // Most names are told apart by their length and first byte.
        let mut like = BY_LENGTH.get(bytes.len())? & BY_FIRST[usize::from(*bytes.first()?)];
        while like != 0 {
            let at = like.trailing_zeros() as usize;
            if KNOWN[at] == name {
                return Some(Name(at));
            }
            like &= like - 1;
        }
        None
    }
}

/// Which of the known attributes have a name of this length in bytes, one bit each.
const BY_LENGTH: [u64; 32] = {
    let (mut table, mut at) = ([0; 32], 0);
    while at < KNOWN.len() {
        table[KNOWN[at].len()] |= 1 << at;
        at += 1;
    }
    table
};

/// Which of them begin with that byte.
const BY_FIRST: [u64; 256] = {
    let (mut table, mut at) = ([0; 256], 0);
    while at < KNOWN.len() {
        table[KNOWN[at].as_bytes()[0] as usize] |= 1 << at;
        at += 1;
    }
    table
};

const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut at = 0;
    while at < a.len() && at < b.len() && a[at] == b[at] {
        at += 1;
    }
    at == a.len() && at == b.len()
}

/// The attributes that stores are recognised by: no more than 64.
const KNOWN: &[&str] = &[
    "session_key",
    "session_data",
    "session_id",
    "data",
    "cache_key",
    "content",
    "id",
    "sess",
    "type",
    "sk",
    "sessionToken",
    "created_at",
    "updated_at",
    "expires",
    "expire_at",
    "expires_at",
    "expiration",
    "expire_date",
    "ttl",
    "SessionId",
    "val",
    "sessionId",
    "sessionData",
    "maxInactiveInterval",
    "lastAccessTime",
    "lastAccessedTime",
    "expirationTime",
    "key",
    "value",
    "_idx",
    "_ttl",
    "token",
    "userId",
    "expiresAt",
    "shop",
    "isOnline",
    "accessToken",
];

fn whole(text: &str) -> Option<Range<usize>> {
    (text.len() >= 16 && !text.bytes().any(|b| b.is_ascii_whitespace())).then_some(0..text.len())
}

fn after(text: &str, prefix: &str) -> Option<Range<usize>> {
    let rest = text.strip_prefix(prefix)?;
    (rest.len() >= 8).then_some(prefix.len()..text.len())
}

/// The attributes of an item, as far as stores are recognised by them.
#[derive(Default)]
pub(super) struct Outline {
    depth: usize,
    /// The known attributes that it has.
    present: u64,
    /// The one that is being told.
    top: Option<Name>,
    texts: Vec<(&'static str, String)>,
    expiry: Option<i64>,
    jwk: bool,
}

/// Whether the value of an attribute that is named as a session's token is one: any shape, an id too.
pub(super) fn is_token(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.~+/=".contains(&b);
    (16..=512).contains(&text.len()) && text.bytes().all(plain) && text.bytes().any(|b| b.is_ascii_digit())
}

/// Whether a text may be the secret part of a JSON Web Key: sixteen bytes or more (RFC 7518, 6).
pub(super) fn is_key(text: &str) -> bool {
    (22..=1400).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
        && crate::detect::names::is_mixed(text)
}

impl Outline {
    /// Whether a map of the item is a JSON Web Key.
    pub(super) fn jwk(&self) -> bool {
        self.jwk
    }

    /// As good as new, its memory kept.
    pub(super) fn clear(&mut self) {
        self.texts.clear();
        (self.depth, self.present, self.top, self.expiry, self.jwk) = (0, 0, None, None, false);
    }

    fn has(&self, name: Name) -> bool {
        self.present & 1 << name.0 != 0
    }

    /// The beginning of a string; empty if there is none.
    fn text(&self, name: &str) -> &str {
        self.texts.iter().find(|(n, _)| *n == name).map_or("", |(_, text)| text)
    }

    fn top(&self) -> Option<&'static str> {
        self.top.filter(|_| self.depth == 1).map(|name| KNOWN[name.0])
    }
}

impl Visitor for Outline {
    fn enter_name(&mut self, _: usize, name: &str) {
        self.depth += 1;
        self.jwk |= name == "kty";
        if self.depth == 1 {
            self.top = Name::find(name);
            self.present |= self.top.map_or(0, |name| 1 << name.0);
        }
    }
    fn enter_index(&mut self, _: usize) {
        self.depth += 1;
    }
    fn leave(&mut self) {
        self.depth -= 1;
    }
    fn text(&mut self, text: &str) {
        if let Some(name @ ("data" | "type" | "sessionData")) = self.top() {
            self.texts.push((name, text.chars().take(16).collect()));
        }
    }
    fn number(&mut self, text: &str) {
        if self.top().is_some_and(|name| EXPIRY.contains(&name)) {
            self.expiry = text.parse::<f64>().ok().map(|seconds| seconds as i64);
        }
    }
    fn binary(&mut self, _: &[u8]) {}
}

/// An attribute whose value is a cookie.
#[derive(Clone)]
pub(super) struct SessionKey {
    /// The top-level attribute.
    pub attribute: Cow<'static, str>,
    /// The store.
    pub store: &'static str,
    /// The cookie in the value.
    pub cookie: fn(&str) -> Option<Range<usize>>,
    /// When the session ends.
    pub expires: Option<Timestamp>,
    /// It may as well be a cache.
    pub is_unsure: bool,
}

/// The session keys of an item: of stores that are known first, and of one that has the shape of a store.
pub(super) fn keys(outline: &Outline, shape: &Shape, context: &TableContext) -> Vec<SessionKey> {
    let mut keys = known(outline, context);
    let partition = context.key.as_ref().map(|key| key.partition.name.as_str());
    let expires = outline.expiry.and_then(|seconds| Timestamp::from_second(seconds).ok());
    let of_shape = |(attribute, is_told): (&str, bool)| SessionKey {
        attribute: Cow::Owned(attribute.to_owned()),
        store: "session table, by its shape",
        cookie: whole,
        expires,
        is_unsure: !is_told,
    };
    keys.extend(shape.cookie(partition).map(of_shape));
    keys
}

/// The session keys of an item of a store that is known.
fn known(outline: &Outline, context: &TableContext) -> Vec<SessionKey> {
    let expires = outline.expiry.and_then(|seconds| Timestamp::from_second(seconds).ok());
    STORES
        .iter()
        .filter(|store| (store.shape)(outline))
        .filter(|store| {
            !store.keyed || context.key.as_ref().is_none_or(|k| k.partition.name == store.attributes[0])
        })
        .flat_map(|store| {
            store.attributes.iter().map(move |attribute| SessionKey {
                attribute: Cow::Borrowed(*attribute),
                store: store.name,
                cookie: store.cookie,
                expires,
                is_unsure: false,
            })
        })
        .collect()
}
