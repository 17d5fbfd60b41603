//! Sessions, cookies, tokens and password hashes, in the form of the library or standard that makes them, and the
//! rows of session stores with their own keys.

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use dynaudit::domain::AttributeValue;

use super::seed::Seed;
use super::{Attributes, s};

/// Family, kind, how an item holds it.
pub type Session = (&'static str, &'static str, fn(&mut Seed) -> Attributes);

const TOKEN: &str = "tokens (JWT and others)";
const COOKIE: &str = "framework cookies";
const STORE: &str = "session stores";
const LOGIN: &str = "logins in text";
const HASH: &str = "password hashes";

/// One attribute of that name, from a template.
macro_rules! one {
    ($name:literal, $form:expr) => {
        |seed| vec![s($name, &seed.fill($form))]
    };
}

const JWT: &str = "<b64u {\"alg\":\"HS256\",\"typ\":\"JWT\"}>.<b64u {\"sub\":\"<uuid>\",\"iat\":1790000000,\"exp\":<epoch>}>.<w:43>";

/// A text around a JWT.
fn with_jwt(seed: &mut Seed, name: &str, before: &str, after: &str) -> Attributes {
    vec![s(name, &seed.fill(&[before, JWT, after].concat()))]
}

fn zlib(text: &str) -> Vec<u8> {
    let mut out = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    out.write_all(text.as_bytes()).expect("memory");
    out.finish().expect("memory")
}

const DJANGO: &str = "{\"_auth_user_id\":\"<d:4>\",\"_auth_user_backend\":\"django.contrib.auth.backends.ModelBackend\",\"_auth_user_hash\":\"<x:64>\"}";

/// `value:timestamp62:signature` (Django, `signing.dumps`), compressed ones with a leading dot.
fn django(seed: &mut Seed, compressed: bool) -> String {
    let json = seed.fill(DJANGO);
    let body = match compressed {
        true => format!(".{}", URL_SAFE_NO_PAD.encode(zlib(&json))),
        false => URL_SAFE_NO_PAD.encode(json),
    };
    seed.fill(&format!("{body}:1t<a:4>:<w:43>"))
}

fn flask(seed: &mut Seed, compressed: bool) -> String {
    let json = seed.fill("{\"_fresh\":true,\"_id\":\"<x:128>\",\"_user_id\":\"<d:3>\"}");
    let body = match compressed {
        true => format!(".{}", URL_SAFE_NO_PAD.encode(zlib(&json))),
        false => URL_SAFE_NO_PAD.encode(json),
    };
    seed.fill(&format!("{body}.ag<w:4>.<w:27>"))
}

/// A Biscuit (SPECIFICATIONS.md): in field 2 the block of the authority, the next key and a signature, in field 4 a
/// proof. What is in the block is random here.
fn biscuit(seed: &mut Seed) -> String {
    let field = |number: u8, content: &[u8]| {
        let mut out = vec![number << 3 | 2];
        match content.len() {
            length @ 0..=127 => out.push(length as u8),
            length => out.extend([length as u8 | 0x80, (length >> 7) as u8]),
        }
        out.extend(content);
        out
    };
    let block = field(1, &seed.bytes(48));
    let key = field(2, &[[8, 0, 18, 32].as_slice(), &seed.bytes(32)].concat());
    let signature = field(3, &seed.bytes(64));
    let token = [field(2, &[block, key, signature].concat()), field(4, &field(1, &seed.bytes(32)))].concat();
    seed.secret(URL_SAFE_NO_PAD.encode(token))
}

/// A Marshal (4.8) of a hash with a user's id and a CSRF token, as Rails stores it.
fn marshal(seed: &mut Seed) -> String {
    let token = seed.fill("<bytes:32>");
    let name = "_csrf_token";
    let mut body = vec![4, 8, b'{', 6, b'I', b'"', name.len() as u8 + 5];
    body.extend(name.as_bytes());
    body.extend([6, b':', 6, b'E', b'F', b'I', b'"', token.len() as u8 + 5]);
    body.extend(token.as_bytes());
    body.extend([6, b':', 6, b'E', b'F']);
    STANDARD.encode(body)
}

/// A Rails cookie encrypted with AES-GCM: data, initialisation vector and tag in base64, joined by two hyphens.
const RAILS: &str = "<bytes:96>--<bytes:12>--<bytes:16>";

/// A Laravel cookie: JSON of `iv`, `value`, `mac` and `tag`, in base64.
const LARAVEL: &str =
    "<b64 {\"iv\":\"<bytes:16>\",\"value\":\"<bytes:80>\",\"mac\":\"<x:64>\",\"tag\":\"\"}>";

/// A Fernet token: version 0x80, eight bytes of time, then random.
fn fernet(seed: &mut Seed) -> String {
    let time = 1_790_000_000_u64 + seed.number(0, 9_000_000);
    let rest = seed.bytes(16 + 64 + 32);
    base64::engine::general_purpose::URL_SAFE.encode([vec![0x80], time.to_be_bytes().to_vec(), rest].concat())
}

/// An ASP.NET Core ticket: data protection's magic number 09 F0 C9 F0, the id of the key, and what is encrypted.
fn aspnet(seed: &mut Seed) -> String {
    let rest = seed.bytes(16 + 280);
    URL_SAFE_NO_PAD.encode([vec![0x09, 0xF0, 0xC9, 0xF0], rest].concat())
}

/// A pickle (protocol 4) of a dict with a user's id.
fn pickle(seed: &mut Seed) -> Vec<u8> {
    let hash = seed.fill("<x:64>");
    let mut out = b"\x80\x04\x95\x00\x01\x00\x00\x00\x00\x00\x00}\x94(".to_vec();
    for text in ["_auth_user_id", "42", "_auth_user_hash", &hash] {
        out.extend([0x8C, text.len() as u8]);
        out.extend(text.as_bytes());
        out.push(0x94);
    }
    out.extend(b"u.");
    out
}

/// The beginning of a Java object stream (magic AC ED, version 5) of a map with a user in it.
fn java(seed: &mut Seed) -> Vec<u8> {
    let mut out =
        b"\xAC\xED\x00\x05sr\x00\x11java.util.HashMap\x05\x07\xDA\xC1\xC3\x16\x60\xD1\x03\x00\x02".to_vec();
    let token = seed.fill("<w:43>");
    out.extend(b"F\x00\nloadFactorI\x00\tthresholdxp?@\x00\x00t\x00\x0caccess_tokent\x00");
    out.push(token.len() as u8);
    out.extend(token.as_bytes());
    out
}

fn b(name: &str, bytes: Vec<u8>) -> (String, AttributeValue) {
    (name.to_owned(), AttributeValue::B(bytes))
}

fn number(name: &str, seed: &mut Seed) -> (String, AttributeValue) {
    (name.to_owned(), AttributeValue::N(seed.fill("<epoch>")))
}

pub const SESSIONS: &[Session] = &[
    (TOKEN, "JWT, HS256", one!("value", JWT)),
    (
        TOKEN,
        "JWT, RS256 with kid",
        one!(
            "value",
            "<b64u {\"alg\":\"RS256\",\"kid\":\"<x:40>\",\"typ\":\"JWT\"}>.<b64u {\"iss\":\"https://<host>/\",\"sub\":\"<uuid>\",\"exp\":<epoch>}>.<w:342>"
        ),
    ),
    (
        TOKEN,
        "JWT, ES256",
        one!(
            "value",
            "<b64u {\"typ\":\"JWT\",\"alg\":\"ES256\"}>.<b64u {\"sub\":\"<uuid>\",\"exp\":<epoch>}>.<w:86>"
        ),
    ),
    (
        TOKEN,
        "JWT, EdDSA",
        one!("value", "<b64u {\"alg\":\"EdDSA\"}>.<b64u {\"sub\":\"<uuid>\",\"exp\":<epoch>}>.<w:86>"),
    ),
    (
        TOKEN,
        "JWT, header with spaces",
        one!(
            "value",
            "<b64u { \"typ\": \"JWT\", \"alg\": \"HS512\" }>.<b64u { \"sub\": \"<uuid>\" }>.<w:86>"
        ),
    ),
    (
        TOKEN,
        "JWT, unsigned",
        one!("value", "<b64u {\"alg\":\"none\"}>.<b64u {\"sub\":\"<uuid>\",\"admin\":true}>."),
    ),
    (TOKEN, "JWT in a JSON answer", |seed| {
        with_jwt(seed, "response", "{\"id_token\":\"", "\",\"expires_in\":3600}")
    }),
    (TOKEN, "JWT in a URL", |seed| with_jwt(seed, "link", "https://app.example.com/reset?jwt=", "&lang=en")),
    (TOKEN, "JWT in a fragment", |seed| {
        with_jwt(seed, "redirect", "https://app.example.com/cb#id_token=", "&state=3")
    }),
    (TOKEN, "JWT in a list", |seed| {
        vec![("history".to_owned(), AttributeValue::L(vec![AttributeValue::S(seed.fill(JWT))]))]
    }),
    (TOKEN, "JWT in a string set", |seed| {
        vec![("issued".to_owned(), AttributeValue::Ss(vec![seed.fill(JWT)]))]
    }),
    (TOKEN, "JWT as binary", |seed| {
        let jwt = seed.fill(JWT);
        vec![b("blob", jwt.into_bytes())]
    }),
    (
        TOKEN,
        "JWE, compact",
        one!("value", "<b64u {\"alg\":\"RSA-OAEP-256\",\"enc\":\"A256GCM\"}>.<w:342>.<w:16>.<w:220>.<w:22>"),
    ),
    (
        TOKEN,
        "JWE, direct",
        one!("value", "<b64u {\"alg\":\"dir\",\"enc\":\"A256GCM\"}>..<w:16>.<w:220>.<w:22>"),
    ),
    (TOKEN, "PASETO v4.local", one!("value", "v4.local.<w:160>")),
    (TOKEN, "PASETO v2.public", one!("value", "v2.public.<w:180>")),
    (TOKEN, "Branca", one!("branca_token", "870S4BYX<a:90>")),
    (TOKEN, "Biscuit", |seed| {
        let token = biscuit(seed);
        vec![s("value", &token)]
    }),
    (TOKEN, "Macaroon", one!("macaroon", "MDAxY2xvY2F0aW9uIG<w:180>")),
    (TOKEN, "Fernet", |seed| {
        let token = fernet(seed);
        vec![s("value", &token)]
    }),
    (TOKEN, "opaque access token", one!("access_token", "<w:43>")),
    (TOKEN, "opaque refresh token", one!("refreshToken", "<a:64>")),
    (TOKEN, "device code", one!("device_code", "<w:40>")),
    (TOKEN, "authorization code", one!("authorization_code", "<w:43>")),
    (TOKEN, "PKCE verifier", one!("code_verifier", "<w:64>")),
    (TOKEN, "password reset token", one!("password_reset_token", "<w:43>")),
    (TOKEN, "e-mail verification token", one!("verification_token", "<x:64>")),
    (TOKEN, "magic link", one!("link", "https://app.example.com/login/magic?token=<w:43>&mail=<mail>")),
    (TOKEN, "invite token", one!("invite_token", "<a:32>")),
    (TOKEN, "remember-me token", one!("remember_token", "<a:60>")),
    (
        TOKEN,
        "Cognito refresh token",
        one!(
            "refresh_token",
            "<b64u {\"cty\":\"JWT\",\"enc\":\"A256GCM\",\"alg\":\"RSA-OAEP\"}>.<w:342>.<w:16>.<w:900>.<w:22>"
        ),
    ),
    (TOKEN, "SAML response", |seed| {
        let xml = seed.fill("<<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"_<id:32>\"><<saml:Assertion><<ds:SignatureValue><bytes:256><</ds:SignatureValue><<saml:NameID><mail><</saml:NameID><</saml:Assertion><</samlp:Response>");
        vec![s("SAMLResponse", &STANDARD.encode(xml))]
    }),
    (TOKEN, "session token, a UUID", one!("sessionToken", "<uuid>")),
    (TOKEN, "CSRF secret of a session", one!("csrfSecret", "<w:24>")),
    (TOKEN, "access token, a UUID", one!("access_token", "<uuid>")),
    (TOKEN, "password reset token, a UUID", one!("password_reset_token", "<uuid>")),
    (TOKEN, "client secret, a UUID", one!("client_secret", "<uuid>")),
    (TOKEN, "webhook secret, hexadecimal", one!("webhookSecret", "<x:40>")),
    (TOKEN, "JWT, compressed", one!("value", "<b64u {\"alg\":\"HS512\",\"zip\":\"DEF\"}>.<w:160>.<w:86>")),
    (
        TOKEN,
        "JWS in JSON",
        one!(
            "value",
            "{\"payload\":\"<w:90>\",\"protected\":\"<b64u {\"alg\":\"ES256\"}>\",\"signature\":\"<w:86>\"}"
        ),
    ),
    (TOKEN, "PASETO v3.local with a footer", one!("value", "v3.local.<w:160>.<w:24>")),
    (TOKEN, "CAS ticket", one!("value", "TGT-<d:2>-<a:50>-cas01.example.org")),
    (TOKEN, "Microsoft authorization code", one!("value", "1.AX<w:20>.AgABBAIAAAD<w:300>")),
    (TOKEN, "Google refresh token", one!("value", "1//0<w:99>")),
    (TOKEN, "Kerberos credential", |seed| {
        let rest = seed.bytes(400);
        let body = STANDARD
            .encode([b"\x76\x82\x04\x0A\x30\x82\x04\x06\xA0\x03\x02\x01\x05".to_vec(), rest].concat());
        vec![s("value", &seed.secret(body))]
    }),
    (
        TOKEN,
        "temporary signed link",
        one!("link", "https://<host>/verify/12?expires=<epoch>&signature=<x:64>"),
    ),
    (
        TOKEN,
        "CloudFront signed link",
        one!(
            "link",
            "https://<w1>.cloudfront.net/a.jpg?Expires=<epoch>&Signature=<w:340>__&Key-Pair-Id=K2JCJMDEHXQW5F"
        ),
    ),
    (TOKEN, "recovery codes", |seed| {
        let codes = (0..8).map(|_| AttributeValue::S(seed.fill("<x:5>-<x:5>"))).collect();
        vec![("recoveryCodes".to_owned(), AttributeValue::L(codes))]
    }),
    (TOKEN, "backup codes, digits", |seed| {
        let codes = (0..8).map(|_| AttributeValue::S(seed.fill("<d:8>"))).collect();
        vec![("backup_codes".to_owned(), AttributeValue::L(codes))]
    }),
    (TOKEN, "OTP seed in a URI", one!("value", "otpauth://totp/Shop:<w1>?secret=<b:32>&issuer=Shop")),
    (COOKIE, "Django signed cookie", |seed| {
        let c = django(seed, false);
        vec![s("value", &c)]
    }),
    (COOKIE, "Django signed cookie, zlib", |seed| {
        let c = django(seed, true);
        vec![s("value", &c)]
    }),
    (COOKIE, "Django legacy session", |seed| {
        let c = seed.fill(&format!("<b64 <x:40>:{DJANGO}>"));
        vec![s("session_data", &c)]
    }),
    (COOKIE, "Django signed value", one!("value", "user:<d:4>:<w:43>")),
    (COOKIE, "Flask session", |seed| {
        let c = flask(seed, false);
        vec![s("value", &c)]
    }),
    (COOKIE, "Flask session, zlib", |seed| {
        let c = flask(seed, true);
        vec![s("value", &c)]
    }),
    (
        COOKIE,
        "Starlette session",
        one!("value", "<b64 {\"user\": \"<w1>\", \"cart\": [<d:4>]}>.ag<w:4>.<w:27>"),
    ),
    (COOKIE, "itsdangerous token", one!("value", "<b64u \"<mail>\">.ag<w:4>.<w:27>")),
    (COOKIE, "Express signed cookie", one!("value", "s:<w:32>.<s:43>")),
    (COOKIE, "Express signed cookie, escaped", one!("value", "s%3A<w:32>.<a:30>%2F<a:12>")),
    (
        COOKIE,
        "Express connect.sid in a header",
        one!("headers", "connect.sid=s%3A<w:32>.<a:43>; Path=/; HttpOnly"),
    ),
    (
        COOKIE,
        "cookie-session (Koa, Express)",
        one!("headers", "session=<b64 {\"userId\":\"<uuid>\"}>; session.sig=<w:27>"),
    ),
    (COOKIE, "Rails encrypted cookie", one!("value", RAILS)),
    (COOKIE, "Rails encrypted cookie, escaped", one!("value", "<a:128>%2F<a:40>--<a:15>%2B--<a:22>%3D%3D")),
    (COOKIE, "Rails signed cookie", |seed| {
        let c = format!("{}--", marshal(seed));
        let c = seed.fill(&format!("{c}<x:40>"));
        vec![s("value", &c)]
    }),
    (COOKIE, "Laravel cookie", one!("value", LARAVEL)),
    (COOKIE, "Laravel cookie, escaped", |seed| {
        let c = seed.fill(LARAVEL).replace('=', "%3D");
        vec![s("value", &c)]
    }),
    (COOKIE, "ASP.NET Core ticket", |seed| {
        let c = aspnet(seed);
        vec![s("value", &c)]
    }),
    (COOKIE, "ASP.NET Core cookie header", |seed| {
        let c = aspnet(seed);
        vec![s("headers", &format!(".AspNetCore.Cookies={c}"))]
    }),
    (COOKIE, "ASP.NET forms cookie", one!("headers", ".ASPXAUTH=<X:240>; path=/")),
    (COOKIE, "PHP session cookie", one!("headers", "PHPSESSID=<l:26>; path=/")),
    (COOKIE, "Java session cookie", one!("headers", "JSESSIONID=<X:32>; Path=/; Secure")),
    (
        COOKIE,
        "Play session",
        one!(
            "headers",
            "PLAY_SESSION=<b64u {\"alg\":\"HS256\"}>.<b64u {\"data\":{\"user\":\"<mail>\"},\"iat\":<epoch>}>.<w:43>"
        ),
    ),
    (
        COOKIE,
        "Auth.js cookie",
        one!(
            "headers",
            "__Secure-next-auth.session-token=<b64u {\"alg\":\"dir\",\"enc\":\"A256GCM\"}>..<w:16>.<w:220>.<w:22>; Path=/"
        ),
    ),
    (COOKIE, "iron-session seal", one!("value", "Fe26.2*1*<x:64>*<w:22>*<w:120>*<epoch>000*<x:64>*<w:43>~2")),
    (
        COOKIE,
        "WordPress login cookie",
        one!("headers", "wordpress_logged_in_<id:32>=<w1>%7C<epoch>%7C<a:43>%7C<x:64>"),
    ),
    (
        COOKIE,
        "SvelteKit or Lucia session",
        one!("headers", "auth_session=<l:40>; Path=/; HttpOnly; SameSite=Lax"),
    ),
    (COOKIE, "Phoenix session", one!("headers", "_app_key=SFMyNTY.<b64u <w1>-<w1>-<w1>>.<w:43>; path=/")),
    (
        COOKIE,
        "Set-Cookie with a session id",
        one!("headers", "Set-Cookie: sid=<w:43>; Max-Age=3600; Secure; HttpOnly"),
    ),
    (COOKIE, "Django reset token with its user", one!("value", "<b64u <d:5>>-d9<l:4>-<x:32>")),
    (COOKIE, "Symfony remember-me", one!("value", "<b64 App.User:<b64 <mail>>:<epoch>:<x:64>>")),
    (COOKIE, "Spring persistent login", one!("value", "<b64 <bytes:16>:<bytes:16>>")),
    (COOKIE, "Pyramid session", |seed| {
        let json = seed.fill("[<epoch>.1, <epoch>.1, {\"user\": \"<w1>\", \"_csrft_\": \"<x:40>\"}]");
        let signature = seed.bytes(64);
        vec![s("value", &seed.secret(URL_SAFE_NO_PAD.encode([signature, json.into_bytes()].concat())))]
    }),
    (COOKIE, "Bottle signed cookie", one!("value", "!<bytes:32>?<b64 [\"user\",\"<w1>\"]>")),
    (COOKIE, "Fastify secure session", one!("value", "<bytes:90>;<bytes:24>")),
    (COOKIE, "Hono signed cookie", one!("value", "<w1>-<d:4>.<bytes:32>")),
    (COOKIE, "Auth.js CSRF token", one!("value", "<x:64>|<x:64>")),
    (
        COOKIE,
        "Supabase cookie",
        one!("value", "base64-<b64u {\"access_token\":\"<w:80>\",\"refresh_token\":\"<w:22>\"}>"),
    ),
    (COOKIE, "Entra ID cookie", one!("headers", "ESTSAUTHPERSISTENT=1.AV<w:300>")),
    (COOKIE, "Sanctum token in a header", one!("headers", "Authorization: Bearer <d:4>|<a:48>")),
    (COOKIE, "Django legacy session, a pickle", |seed| {
        let hash = seed.fill("<x:40>");
        let head = [
            b"\x80\x04\x95\x60\x00\x00\x00\x00\x00\x00\x00}\x94\x8C\x0D_auth_user_id\x94\x8C\x02".as_slice(),
            b"42\x94s.",
        ]
        .concat();
        let body = STANDARD.encode([hash.as_bytes(), b":", &head].concat());
        vec![s("value", &seed.secret(body))]
    }),
    (STORE, "django-dynamodb-sessions", |seed| {
        let (key, data) = (seed.fill("<l:32>"), django(seed, true));
        vec![s("session_key", &key), s("data", &data), number("created", seed)]
    }),
    (STORE, "django-dynamodb-cache", |seed| {
        let key = seed.fill(":1:django.contrib.sessions.cache<l:32>");
        let data = pickle(seed);
        vec![s("cache_key", &key), b("content", data), number("expiration", seed)]
    }),
    (STORE, "connect-dynamodb", |seed| {
        let key = seed.fill("sess:<w:32>");
        let sess = seed.fill("{\"cookie\":{\"originalMaxAge\":86400000,\"httpOnly\":true,\"path\":\"/\"},\"passport\":{\"user\":\"<uuid>\"}}");
        vec![s("id", &key), number("expires", seed), s("type", "connect-session"), s("sess", &sess)]
    }),
    (STORE, "Auth.js session row", |seed| {
        let t = seed.fill("<uuid>");
        let user = seed.fill("USER#<uuid>");
        vec![
            s("pk", &user),
            s("sk", &format!("SESSION#{t}")),
            s("sessionToken", &t),
            s("GSI1PK", &format!("SESSION#{t}")),
            s("GSI1SK", &format!("SESSION#{t}")),
            s("type", "SESSION"),
        ]
    }),
    (STORE, "Auth.js account row", |seed| {
        let user = seed.fill("USER#<uuid>");
        let (a, r) = (seed.fill("gho_<a:30><crc62:30>"), seed.fill("<w:60>"));
        vec![
            s("pk", &user),
            s("sk", "ACCOUNT#github#1001"),
            s("type", "oauth"),
            s("access_token", &a),
            s("refresh_token", &r),
        ]
    }),
    (STORE, "PHP session handler", |seed| {
        let key = seed.fill("PHPSESSID_<l:26>");
        let data = seed.fill("user_id|i:<d:4>;login|b:1;name|s:6:\"<w1>\";");
        vec![s("id", &key), number("expires", seed), s("data", &data)]
    }),
    (STORE, "Rails session store", |seed| {
        let key = seed.fill("<x:32>");
        let data = marshal(seed);
        vec![s("session_id", &key), s("data", &data), number("created_at", seed), number("updated_at", seed)]
    }),
    (STORE, "Flask-Session", |seed| {
        let key = seed.fill("session:<w:43>");
        let data = seed.fill("{\"_permanent\":true,\"_user_id\":\"<d:4>\",\"_fresh\":true}");
        vec![s("SessionId", &key), b("Session", data.into_bytes()), number("ExpirationTime", seed)]
    }),
    (STORE, "Shopify session storage", |seed| {
        let t = seed.fill("shpat_<x:32>");
        let shop = seed.fill("<w1>.myshopify.com");
        vec![
            s("id", &format!("offline_{shop}")),
            s("shop", &shop),
            s("state", &seed.fill("<id:15>")),
            s("scope", "read_products"),
            s("accessToken", &t),
        ]
    }),
    (STORE, "Tomcat session manager", |seed| {
        let key = seed.fill("<X:32>");
        let data = java(seed);
        vec![s("SessionId", &key), b("SessionData", data), number("LastAccessedTime", seed)]
    }),
    (STORE, "Laravel cache store", |seed| {
        let key = seed.fill("laravel_cache:<a:40>");
        let data =
            seed.fill("s:200:\"a:3:{s:6:\"_token\";s:40:\"<a:40>\";s:50:\"login_web_<id:40>\";i:42;}\";");
        vec![s("key", &key), s("value", &data), number("expires_at", seed)]
    }),
    (STORE, "Remix session (Architect)", |seed| {
        let key = seed.fill("<x:16>");
        let user = seed.fill("<uuid>");
        vec![s("_idx", &key), s("userId", &user), number("_ttl", seed)]
    }),
    (STORE, "Better Auth session row", |seed| {
        let t = seed.fill("<a:32>");
        let (id, user) = (seed.fill("<a:32>"), seed.fill("<a:32>"));
        vec![
            s("id", &id),
            s("token", &t),
            s("userId", &user),
            s("ipAddress", "203.0.113.7"),
            s("userAgent", "Mozilla/5.0"),
        ]
    }),
    (STORE, "Spring session", |seed| {
        let key = seed.fill("<uuid>");
        let data = java(seed);
        vec![s("sessionId", &key), b("sessionAttributes", data), number("expireAt", seed)]
    }),
    (LOGIN, "Authorization: Bearer", one!("headers", "Authorization: Bearer <w:43>")),
    (LOGIN, "Authorization: Basic", one!("headers", "Authorization: Basic <b64 <w1>:<a:20>>")),
    (
        LOGIN,
        "Bearer in JSON headers",
        one!("request", "{\"headers\":{\"accept\":\"*/*\",\"authorization\":\"Bearer <w:43>\"}}"),
    ),
    (LOGIN, "curl with a user", one!("command", "curl -u <w1>:<a:20> https://<host>/api")),
    (
        LOGIN,
        "API Gateway event",
        one!("event", "{\"httpMethod\":\"GET\",\"headers\":{\"x-api-key\":\"<a:40>\",\"Host\":\"<host>\"}}"),
    ),
    (LOGIN, "URL with user and password", one!("origin", "https://<w1>:<a:20>@<host>/repo.git")),
    (
        LOGIN,
        "Digest header",
        one!(
            "headers",
            "Authorization: Digest username=\"<w1>\", realm=\"api\", nonce=\"<x:32>\", uri=\"/v1\", response=\"<x:32>\""
        ),
    ),
    (
        LOGIN,
        "AWS signed URL with a session",
        one!(
            "url",
            "https://<w1>.s3.amazonaws.com/a.pdf?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=ASIA<b:16>%2F20261123%2F<region>%2Fs3%2Faws4_request&X-Amz-Expires=900&X-Amz-Security-Token=IQoJb3JpZ2luX2Vj<a:300>&X-Amz-Signature=<x:64>"
        ),
    ),
    (LOGIN, "password in a sentence", one!("note", "The new password is <a:20>, please change it.")),
    (
        LOGIN,
        "OAuth answer",
        one!(
            "body",
            "{\"access_token\":\"<w:43>\",\"token_type\":\"Bearer\",\"expires_in\":3600,\"refresh_token\":\"<w:43>\"}"
        ),
    ),
    (HASH, "bcrypt", one!("value", "$2b$12$<a:53>")),
    (HASH, "argon2id", one!("value", "$argon2id$v=19$m=65536,t=3,p=4$<s:22>$<s:43>")),
    (HASH, "scrypt (PHC)", one!("value", "$scrypt$ln=16,r=8,p=1$<s:22>$<s:43>")),
    (HASH, "PBKDF2 of Django", one!("value", "pbkdf2_sha256$870000$<a:22>$<bytes:32>")),
    (HASH, "PBKDF2 of passlib", one!("value", "$pbkdf2-sha256$29000$<y:22>$<y:43>")),
    (HASH, "SHA-512 crypt", one!("value", "$6$<a:16>$<y:86>")),
    (HASH, "yescrypt", one!("value", "$y$j9T$<y:22>$<y:43>")),
    (HASH, "phpass", one!("value", "$P$B<a:8><y:22>")),
    (HASH, "APR1 (htpasswd)", one!("value", "<w1>:$apr1$<a:8>$<y:22>")),
    (HASH, "Werkzeug scrypt", one!("value", "scrypt:32768:8:1$<a:16>$<x:128>")),
    (HASH, "Devise (bcrypt) by name", one!("encrypted_password", "$2a$12$<a:53>")),
    (HASH, "LDAP SSHA", one!("userPassword", "{SSHA}<bytes:28>")),
    (HASH, "Node's scrypt, salt after a dot", one!("value", "<x:128>.<x:32>")),
    (HASH, "Node's PBKDF2 with its rounds", one!("value", "10000:<x:32>:<x:128>")),
    (HASH, "NTLM answer", one!("value", "<w1>::CORP:<x:16>:<x:32>:<x:200>")),
    (HASH, "MD5 under the password's name", one!("password", "<x:32>")),
    (HASH, "MySQL's native hash", one!("value", "*<X:40>")),
    (HASH, "SCRAM of PostgreSQL", one!("value", "SCRAM-SHA-256$4096:<bytes:16>$<bytes:32>:<bytes:32>")),
    (HASH, "ASP.NET Identity, version 3", |seed| {
        let head = [1, 0, 0, 0, 2, 0, 1, 0x86, 0xA0, 0, 0, 0, 16];
        let body = STANDARD.encode([head.to_vec(), seed.bytes(48)].concat());
        vec![s("value", &seed.secret(body))]
    }),
];
