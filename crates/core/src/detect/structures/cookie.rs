//! Session cookies by their name, in a header or as a pair (`name=value; Path=/`; RFC 6265).

use super::{begins, run};
use crate::detect::names;
use crate::detect::rule::{Found, StructureStart};
use crate::domain::Confidence;

/// Names that frameworks give to the cookie of a session, or how they begin, in lower case.
const FRAMEWORKS: &[&str] = &[
    "phpsessid",
    "jsessionid",
    "connect.sid",
    "asp.net_sessionid",
    ".aspnetcore.",
    ".aspnet.",
    ".aspxauth",
    "laravel_session",
    "next-auth.session-token",
    "authjs.session-token",
    "better-auth.session_token",
    "wordpress_logged_in_",
    "wordpress_sec_",
    "rememberme",
    "remember-me",
    "remember_token",
    "remember_web_",
    "remember_user_token",
    "play_session",
    "koa.sess",
    "sess",
    "ssess",
    "sessionid",
    "_session",
    "rack.session",
    "cakephp",
    "ci_session",
    "symfony",
    "express:sess",
    "__session",
    "appsession",
    "sb-",
    "auth_session",
    "auth-session",
    "beegosessionid",
    "webpy_session_id",
    "vertx-web.session",
    "beaker.session.id",
    "estsauth",
    "estsauthpersistent",
    "estsauthlight",
];
/// Names of cookies that identify nobody, or how they begin.
const HARMLESS: &[&str] = &[
    "_ga",
    "_gid",
    "_fbp",
    "_hj",
    "theme",
    "lang",
    "locale",
    "cf_clearance",
    "_gcl",
    "optanon",
    "consent",
    "ajs_anonymous",
];
/// Parts of names that others give to one.
const TELLING: &[&str] = &["sess", "sid", "auth", "remember", "login", "token", "jwt"];
/// Parts that say it is none.
const OTHER: &[&str] =
    &["csrf", "xsrf", "author", "outside", "inside", "side", "type", "expires", "ttl", "count", "lastlogin"];

/// How long the name may be.
const NAME: usize = 80;
/// Browsers keep at most 4096 bytes (RFC 6265, 6.1).
const LONGEST: usize = 8192;

/// How a header begins, and how that of a server ends.
const HEADER: &[u8] = b"cookie:";
/// How far after a value the attributes of Set-Cookie are looked for.
const ATTRIBUTES: usize = 512;

fn in_name(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b"_-.:".contains(&b)
}

/// The first pair of a header, or of what a server sets, with a random value, whatever its name.
fn any_of(text: &str, pairs: usize) -> Option<Found> {
    let rest = text.as_bytes().get(pairs..)?;
    // The next header has a look of its own.
    let ends = |n: &usize| {
        matches!(rest[*n], b'\n' | b'\r')
            || rest[*n..].get(..HEADER.len()).is_some_and(|h| h.eq_ignore_ascii_case(HEADER))
    };
    let most = rest.len().min(LONGEST);
    let end = text.floor_char_boundary(pairs + (0..most).find(ends).unwrap_or(most));
    let mut at = pairs;
    for pair in text.get(pairs..end)?.split(';') {
        let from = at;
        at += pair.len() + 1;
        let Some((name, value)) = pair.split_once('=') else { continue };
        let name = name.trim().to_ascii_lowercase();
        let value = value.trim().trim_matches('"');
        let harmless = HARMLESS.iter().any(|h| name.starts_with(h)) || OTHER.iter().any(|o| name.contains(o));
        let plain = name.bytes().all(in_name) && !value.bytes().any(|b| b.is_ascii_whitespace());
        if harmless || !plain || value.len() < 20 || !names::is_token(value) {
            continue;
        }
        let start = from + pair.find(value)?;
        return Some(Found {
            reasons: vec!["a cookie of a header".into(), "a random value".into()],
            ..Found::at(start..start + value.len())
        });
    }
    None
}

pub(super) fn recognise(place: &StructureStart<'_>) -> Option<Found> {
    let StructureStart { text, at, vain, .. } = *place;
    let here = text.as_bytes().get(at..)?;
    if here.get(..HEADER.len()).is_some_and(|h| h.eq_ignore_ascii_case(HEADER)) {
        return any_of(text, at + HEADER.len());
    }
    if here.len() >= 8 && here[..8].eq_ignore_ascii_case(b"httponly") {
        // A line has one first pair; after this place, it was looked at.
        let near = text.floor_char_boundary(at.saturating_sub(LONGEST)).max(vain.replace((at, at)).1);
        let begins = |b: &u8| b"\n\r:\"".contains(b);
        let line = match text.as_bytes().get(near..at)?.iter().rposition(begins) {
            Some(n) => near + n + 1,
            None if near == 0 => 0,
            None => return None,
        };
        let first = text.get(line..at)?.find(';')?;
        return any_of(text.get(..line + first)?, line);
    }
    let bytes = text.as_bytes();
    let start = at - bytes.get(..at)?.iter().rev().take(NAME).take_while(|b| in_name(**b)).count();
    let end = run(text, at, NAME, in_name);
    if bytes.get(end) != Some(&b'=') || !begins(text, start, in_name) {
        return None;
    }
    let name = text.get(start..end)?.to_ascii_lowercase();
    let name = name.trim_start_matches("__secure-").trim_start_matches("__host-");
    let framework = FRAMEWORKS.iter().any(|f| name == *f || (f.len() > 8 && name.starts_with(f)))
        || (name.starts_with('_') && name.ends_with("_session"))
        || (name.starts_with("ssess") && name.len() == 37);
    let telling = TELLING.iter().any(|t| name.contains(t)) && !OTHER.iter().any(|o| name.contains(o));
    if !framework && !telling {
        return None;
    }
    let quote = usize::from(bytes.get(end + 1) == Some(&b'"'));
    let from = end + 1 + quote;
    let to = run(text, from, LONGEST, |b| !b.is_ascii_whitespace() && !b";,\"".contains(&b));
    let value = text.get(from..to).filter(|v| v.len() >= 16)?;
    // A header, the attributes of Set-Cookie, or another pair beside it: a cookie, not a query or a setting.
    let before = text.get(..start)?.trim_end();
    let after = text.get(to..)?.trim_start_matches('"');
    let rest = after.get(..after.floor_char_boundary(ATTRIBUTES))?.to_ascii_lowercase();
    let path = ["; path=", "; httponly", "; secure", "; samesite", "; max-age", "; expires", "; domain"];
    let header = before
        .len()
        .checked_sub(HEADER.len())
        .is_some_and(|n| before.as_bytes()[n..].eq_ignore_ascii_case(HEADER));
    // `cookie=PHPSESSID=...`: the member of a log line.
    let of_log = before.trim_end_matches(['=', ':', ' ', '"', '\'']).to_ascii_lowercase();
    let in_cookie = header
        || of_log.len() < before.len() && (of_log.ends_with("cookie") || of_log.ends_with("cookies"))
        || path.iter().any(|a| rest.contains(a))
        || before.ends_with(';')
        || (before.is_empty() && after.starts_with("; "));
    // In the path of an address, as servlets write it.
    let in_path = name == "jsessionid" && before.ends_with(';');
    let alone = framework && (before.is_empty() || before.ends_with([',', '\'', '"', '`']));
    // A pair and nothing else.
    let only = ["sess", "sid", "jwt", "remember"].iter().any(|t| name.contains(t))
        && telling
        && before.is_empty()
        && after.is_empty()
        && value.len() >= 20
        && !name.contains('.');
    // What express-session or cookie-parser signed is a cookie under any name.
    let signed = value.starts_with("s%3A") || value.starts_with("s:");
    if !(in_cookie || in_path || alone || only || signed && value.contains('.')) || !names::is_token(value) {
        return None;
    }
    Some(Found {
        confidence: framework.then_some(Confidence::High),
        reasons: vec![
            if framework {
                "a cookie of the name a framework gives its sessions"
            } else {
                "a cookie with a telling name"
            }
            .into(),
            "a random value".into(),
        ],
        ..Found::at(from..to)
    })
}
