//! Password hashes, by scheme: what the crypt function of C libraries, PHC strings (the Password Hashing Competition's
//! string format), LDAP (RFC 2307), and Django, Werkzeug, Spring, passlib and databases write.

use std::sync::OnceLock;

use regex::Regex;

use super::begins;
use crate::detect::rule::{Found, StructureStart};
use crate::domain::{Confidence, Severity};

/// How much work one guess is.
#[derive(Clone, Copy, PartialEq)]
enum Guess {
    /// Billions a second on one graphics card: one round of a fast digest.
    Fast,
    /// Slow on purpose.
    Slow,
}

/// A scheme: its name, how it begins (also a keyword of the rule), and the whole of it.
struct Scheme(&'static str, &'static str, Guess, &'static str);

const SCHEMES: &[Scheme] = &[
    Scheme("bcrypt", "$2", Guess::Slow, r"\$2[abxy]\$\d\d\$[./0-9A-Za-z]{53}"),
    Scheme("bcrypt of SHA-384 (WordPress)", "$wp$2", Guess::Slow, r"\$wp\$2y\$\d\d\$[./0-9A-Za-z]{53}"),
    Scheme(
        "argon2",
        "$argon2",
        Guess::Slow,
        r"\$argon2(?:id|i|d)\$(?:v=\d+\$)?m=\d+,t=\d+,p=\d+[^$]*\$[0-9A-Za-z+/]{8,}\$[0-9A-Za-z+/]{20,}",
    ),
    Scheme(
        "scrypt",
        "$scrypt$",
        Guess::Slow,
        r"\$scrypt\$ln=\d+,r=\d+,p=\d+\$[0-9A-Za-z+/.]+\$[0-9A-Za-z+/.]{20,}",
    ),
    Scheme(
        "scrypt (libscrypt)",
        "$s0$",
        Guess::Slow,
        r"\$s0\$[0-9a-f]+\$[0-9A-Za-z+/=]{16,}\$[0-9A-Za-z+/=]{40,}",
    ),
    Scheme("scrypt (Ruby)", "400$8$", Guess::Slow, r"400\$8\$[0-9a-f]{1,3}\$[0-9a-f]{16,64}\$[0-9a-f]{64}"),
    Scheme("SHA-256-crypt (MySQL 8)", "$A$005$", Guess::Slow, r"\$A\$005\$[^\s$]{20}[./0-9A-Za-z]{43}"),
    Scheme("yescrypt", "$y$", Guess::Slow, r"\$y\$[./0-9A-Za-z]+\$[./0-9A-Za-z]{8,}\$[./0-9A-Za-z]{43}"),
    Scheme(
        "gost-yescrypt",
        "$gy$",
        Guess::Slow,
        r"\$gy\$[./0-9A-Za-z]+\$[./0-9A-Za-z]{8,}\$[./0-9A-Za-z]{43}",
    ),
    Scheme(
        "SHA-512-crypt",
        "$6$",
        Guess::Slow,
        r"\$6\$(?:rounds=\d+\$)?[./0-9A-Za-z]{1,16}\$[./0-9A-Za-z]{86}",
    ),
    Scheme(
        "SHA-256-crypt",
        "$5$",
        Guess::Slow,
        r"\$5\$(?:rounds=\d+\$)?[./0-9A-Za-z]{1,16}\$[./0-9A-Za-z]{43}",
    ),
    Scheme("MD5-crypt", "$1$", Guess::Fast, r"\$1\$[./0-9A-Za-z]{1,8}\$[./0-9A-Za-z]{22}"),
    Scheme("MD5-crypt (Apache)", "$apr1$", Guess::Fast, r"\$apr1\$[./0-9A-Za-z]{1,8}\$[./0-9A-Za-z]{22}"),
    Scheme(
        "MD5-crypt (Solaris)",
        "$md5",
        Guess::Fast,
        r"\$md5(?:,rounds=\d+)?\$[./0-9A-Za-z]{1,16}\$\$?[./0-9A-Za-z]{22}",
    ),
    Scheme("SHA-1-crypt", "$sha1$", Guess::Slow, r"\$sha1\$\d+\$[./0-9A-Za-z]{1,64}\$[./0-9A-Za-z]{28}"),
    Scheme("phpass", "$P$", Guess::Fast, r"\$P\$[./0-9A-Za-z]{31}"),
    Scheme("phpass", "$H$", Guess::Fast, r"\$H\$[./0-9A-Za-z]{31}"),
    Scheme("Drupal 7", "$S$", Guess::Slow, r"\$S\$[./0-9A-Za-z]{52}"),
    Scheme("Cisco type 8", "$8$", Guess::Slow, r"\$8\$[./0-9A-Za-z]{14}\$[./0-9A-Za-z]{43}"),
    Scheme("Cisco type 9", "$9$", Guess::Slow, r"\$9\$[./0-9A-Za-z]{14}\$[./0-9A-Za-z]{43}"),
    Scheme("NT hash", "$NT$", Guess::Fast, r"\$NT\$[0-9a-fA-F]{32}"),
    Scheme(
        "PBKDF2 (passlib)",
        "$pbkdf2",
        Guess::Slow,
        r"\$pbkdf2(?:-sha(?:1|256|512))?\$(?:i=)?\d+(?:,l=\d+)?\$[./+0-9A-Za-z]+\$[./+0-9A-Za-z]{20,}",
    ),
    Scheme(
        "PBKDF2 (Node)",
        "pbkdf2$",
        Guess::Slow,
        r"pbkdf2\$(?:sha\d+\$)?\d+\$(?:sha\d+\$)?[./+0-9A-Za-z=_-]{8,}\$[./+0-9A-Za-z_-]{27,}={0,2}",
    ),
    Scheme("PBKDF2", "$p5k2$", Guess::Slow, r"\$p5k2\$[0-9a-f]*\$[./0-9A-Za-z_=-]+\$[./0-9A-Za-z_=-]{20,}"),
    Scheme(
        "PBKDF2 (GRUB)",
        "grub.pbkdf2",
        Guess::Slow,
        r"grub\.pbkdf2\.sha512\.\d+\.[0-9A-F]{32,}\.[0-9A-F]{128}",
    ),
    Scheme("SCRAM", "$scram$", Guess::Slow, r"\$scram\$\d+\$[./0-9A-Za-z]+\$[./0-9A-Za-z,=-]{27,}"),
    Scheme(
        "SCRAM-SHA-256 (PostgreSQL)",
        "SCRAM-SHA-256$",
        Guess::Slow,
        r"SCRAM-SHA-256\$\d+:[0-9A-Za-z+/=]{16,}\$[0-9A-Za-z+/]{43}=:[0-9A-Za-z+/]{43}=",
    ),
    Scheme("bcrypt (Django)", "bcrypt$", Guess::Slow, r"bcrypt\$\$2[aby]\$\d\d\$[./0-9A-Za-z]{53}"),
    Scheme(
        "bcrypt of SHA-256 (Django)",
        "bcrypt_sha256$",
        Guess::Slow,
        r"bcrypt_sha256\$\$2[aby]\$\d\d\$[./0-9A-Za-z]{53}",
    ),
    Scheme(
        "bcrypt of SHA-256 (passlib)",
        "$bcrypt-sha256$",
        Guess::Slow,
        r"\$bcrypt-sha256\$[a-z0-9=,]+\$[./0-9A-Za-z]{22}\$[./0-9A-Za-z]{31}",
    ),
    Scheme(
        "argon2 (Django)",
        "argon2$argon2",
        Guess::Slow,
        r"argon2\$argon2(?:id|i|d)\$v=\d+\$m=\d+,t=\d+,p=\d+\$[0-9A-Za-z+/]{8,}\$[0-9A-Za-z+/]{20,}",
    ),
    Scheme(
        "PBKDF2 (Django)",
        "pbkdf2_sha",
        Guess::Slow,
        r"pbkdf2_sha(?:1|256|512)\$\d+\$[^$\s]{1,64}\$[0-9A-Za-z+/]{27,}={0,2}",
    ),
    Scheme(
        "PBKDF2 around another (Django)",
        "pbkdf2_wrapped",
        Guess::Slow,
        r"pbkdf2_wrapped[a-z0-9_]{1,40}\$\d+\$[^$\s]{1,64}\$[0-9A-Za-z+/]{27,}={0,2}",
    ),
    Scheme(
        "scrypt (Django)",
        "scrypt$",
        Guess::Slow,
        r"scrypt\$\d+\$[^$\s]{1,64}\$\d+\$\d+\$[0-9A-Za-z+/]{43,}={0,2}",
    ),
    Scheme("salted MD5 (Django)", "md5$", Guess::Fast, r"md5\$[^$\s]{0,64}\$[0-9a-f]{32}"),
    Scheme("SHA-1 (Django)", "sha1$", Guess::Fast, r"sha1\$[^$\s]{0,64}\$[0-9a-f]{40}"),
    Scheme("salted SHA-256 (Werkzeug)", "sha256$", Guess::Fast, r"sha256\$[^$\s]{0,64}\$[0-9a-f]{64}"),
    Scheme(
        "PBKDF2 (Werkzeug)",
        "pbkdf2:sha",
        Guess::Slow,
        r"pbkdf2:sha(?:1|256|512)(?::\d+)?\$[^$\s]{1,64}\$[0-9a-f]{40,128}",
    ),
    Scheme("scrypt (Werkzeug)", "scrypt:", Guess::Slow, r"scrypt:\d+:\d+:\d+\$[^$\s]{1,64}\$[0-9a-f]{64,}"),
    Scheme("salted SHA (LDAP)", "{SSHA", Guess::Fast, r"\{SSHA(?:256|384|512)?\}[0-9A-Za-z+/]{32,}={0,2}"),
    Scheme("SHA-1 (LDAP)", "{SHA}", Guess::Fast, r"\{SHA\}[0-9A-Za-z+/]{27}="),
    Scheme("salted MD5 (LDAP)", "{SMD5}", Guess::Fast, r"\{SMD5\}[0-9A-Za-z+/]{24,}={0,2}"),
    Scheme("MD5 (LDAP)", "{MD5}", Guess::Fast, r"\{MD5\}[0-9A-Za-z+/]{22}=="),
    Scheme("crypt (LDAP)", "{CRYPT}", Guess::Fast, r"\{CRYPT\}[./0-9A-Za-z]{13}"),
    Scheme("PBKDF2 (Atlassian)", "{PKCS5S2}", Guess::Slow, r"\{PKCS5S2\}[0-9A-Za-z+/]{60,}={0,2}"),
    Scheme(
        "PBKDF2 (LDAP)",
        "{PBKDF2",
        Guess::Slow,
        r"\{PBKDF2(?:-SHA(?:1|256|512))?\}\d+\$[./0-9A-Za-z]+\$[./0-9A-Za-z]{20,}",
    ),
    Scheme("FSHP", "{FSHP", Guess::Slow, r"\{FSHP\d\|\d+\|\d+\}[0-9A-Za-z+/]{40,}={0,2}"),
    Scheme("PBKDF2 (Spring)", "{pbkdf2", Guess::Slow, r"\{pbkdf2(?:@SpringSecurity_v5_8)?\}[0-9a-f]{48,}"),
    Scheme(
        "scrypt (Spring)",
        "{scrypt",
        Guess::Slow,
        r"\{scrypt(?:@SpringSecurity_v5_8)?\}\$[0-9a-f]+\$[0-9A-Za-z+/=]{16,}\$[0-9A-Za-z+/=]{40,}",
    ),
    Scheme("SHA-256 (Spring)", "{sha256}", Guess::Fast, r"\{sha256\}[0-9a-f]{64,80}"),
    Scheme("MD5 (Spring)", "{MD5}", Guess::Fast, r"\{MD5\}(?:\{[^}]*\})?[0-9a-f]{32}"),
    Scheme("BSDi's DES-crypt", "_J9..", Guess::Fast, r"_J9\.\.[./0-9A-Za-z]{15}"),
    Scheme("SQL Server", "0x0100", Guess::Fast, r"0x0100[0-9A-F]{48}(?:[0-9A-F]{40})?"),
    Scheme("SQL Server 2012", "0x0200", Guess::Fast, r"0x0200[0-9A-F]{136}"),
    Scheme("SHA-512", "sha512$", Guess::Fast, r"sha512\$[^$\s]{0,64}\$[0-9a-f]{128}"),
    Scheme("DES-crypt (Django)", "crypt$", Guess::Fast, r"crypt\$[./0-9A-Za-z]{0,2}\$[./0-9A-Za-z]{11,13}"),
    Scheme("scrypt", "$7$", Guess::Slow, r"\$7\$[./0-9A-Za-z]{11}[./0-9A-Za-z]{8,}\$[./0-9A-Za-z]{43}"),
    Scheme("NT hash", "$3$$", Guess::Fast, r"\$3\$\$[0-9a-f]{32}"),
    Scheme("Kerberos ticket", "$krb5", Guess::Fast, r"\$krb5[a-z]+\$[^\s]{40,}"),
    Scheme(
        "PBKDF2 (Mosquitto)",
        "PBKDF2$",
        Guess::Slow,
        r"PBKDF2\$sha(?:1|256|512)\$\d+\$[0-9A-Za-z+/=]{8,}\$[0-9A-Za-z+/]{20,}={0,2}",
    ),
    Scheme(
        "scrypt",
        "SCRYPT:",
        Guess::Slow,
        r"SCRYPT:\d+:\d+:\d+:[0-9A-Za-z+/=]{8,}:[0-9A-Za-z+/]{40,}={0,2}",
    ),
    Scheme(
        "scrypt",
        "scrypt$",
        Guess::Slow,
        r"scrypt\$\d+\$\d+\$\d+\$[0-9A-Za-z+/=]{8,}\$[0-9A-Za-z+/]{40,}={0,2}",
    ),
    Scheme(
        "PBKDF2",
        "pbkdf2_sha256:",
        Guess::Slow,
        r"pbkdf2_sha256:\d+:[0-9A-Za-z+/=]{8,}:[0-9A-Za-z+/]{27,}={0,2}",
    ),
    Scheme(
        "PBKDF2",
        "sha256:",
        Guess::Slow,
        r"sha256:\d{3,7}:(?:\d+:)?[0-9A-Za-z+/=]{16,}:[0-9A-Za-z+/]{20,}={0,2}",
    ),
    Scheme("MD5 (PostgreSQL)", "md5", Guess::Fast, r"md5[0-9a-f]{32}"),
    Scheme(
        "LM and NT hash",
        "aad3b435b51404ee",
        Guess::Fast,
        r"aad3b435b51404eeaad3b435b51404ee:[0-9a-fA-F]{32}",
    ),
];

pub(super) fn recognise(place: &StructureStart<'_>) -> Option<Found> {
    static COMPILED: OnceLock<Vec<OnceLock<Option<Regex>>>> = OnceLock::new();
    let compiled = COMPILED.get_or_init(|| SCHEMES.iter().map(|_| OnceLock::new()).collect());
    let StructureStart { text, at, .. } = *place;
    if !begins(text, at, |b| b.is_ascii_alphanumeric() || b == b'$') {
        return None;
    }
    let rest = text.get(at..)?;
    let mut likely = SCHEMES.iter().zip(compiled).filter(|(scheme, _)| rest.starts_with(scheme.1));
    let (Scheme(name, begin, guess, _), length) = likely.find_map(|(scheme, cell)| {
        let regex = cell.get_or_init(|| Regex::new(&format!("^(?:{})", scheme.3)).ok()).as_ref()?;
        let length = regex.find(rest)?.len();
        // A longer word is something else.
        let ends = rest.as_bytes().get(length).is_none_or(|b| !b.is_ascii_alphanumeric());
        ends.then_some((scheme, length))
    })?;
    let mut reasons = vec![format!("{name}: its salt and hash are all there")];
    // `md5` and a digest is also how a checksum is written.
    let plain = *begin == "md5";
    if plain {
        reasons.push("or the checksum of something".into());
    }
    if *guess == Guess::Fast && !plain {
        reasons.push("a weak scheme: passwords are tried very fast".into());
    }
    Some(Found {
        keep: begin.len(),
        confidence: Some(if plain { Confidence::Medium } else { Confidence::Confirmed }),
        severity: (*guess != Guess::Slow && !plain).then_some(Severity::High),
        reasons,
        ..Found::at(at..at + length)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scheme_compiles_and_is_a_keyword() {
        let rules = include_str!("../../../assets/rules/formats.toml");
        let keywords = rules
            .split("id = \"password-hash\"")
            .nth(1)
            .and_then(|r| r.lines().find(|l| l.starts_with("keywords")));
        for Scheme(name, begin, _, pattern) in SCHEMES {
            assert!(Regex::new(pattern).is_ok(), "{name}");
            let known = keywords
                .unwrap_or_default()
                .split('"')
                .any(|k| k.len() >= 3 && (begin.starts_with(k) || k.starts_with(begin)));
            assert!(known, "{name} begins as no keyword does");
        }
    }
}
