//! A password as people write one into settings, connection strings, commands and notes: the word for it, a sign or a space,
//! and the password: `Password=...;`, `--password ...`, `login x password ...`, `IDENTIFIED BY '...'`, `<password>...</password>`.
//!
//! The word alone is in every manual and in most code. So the place has to be one where values stand (a whole line, a quoted
//! literal, an option, a pair beside that of a login), and the value none of what [`passwords`] knows to be something else.

use std::ops::Range;

use super::run;
use crate::detect::names::{self, Name};
use crate::detect::rule::{Found, StructureStart};
use crate::detect::{name_class, passwords};
use crate::domain::{Confidence, SecretClass};

/// How far around a password its login or server may stand, in bytes.
const AROUND: usize = 240;
/// The colon of Chinese and Japanese.
const WIDE: char = '：';
/// How many tags and signs of markup may stand before a value.
const MARKS: usize = 8;
/// How long the signs, quotes and spaces between a name and its value may be, in bytes.
const SIGNS: usize = 64;
/// Maximum length of a name, in bytes.
const NAME: usize = 64;

/// Names of settings that hold a password and have no word for one at their end.
const SETTINGS: &[&str] = &[
    "requirepass",
    "masterauth",
    "storepass",
    "keypass",
    "srcstorepass",
    "deststorepass",
    "identified by",
    "passin",
    "passout",
];

/// What stands in a text beside a password: whom it lets in, or where.
const BESIDE: &[&str] = &[
    "user",
    "uid",
    "username",
    "user id",
    "userid",
    "login",
    "usr",
    "account",
    "host",
    "server",
    "data source",
    "machine",
    "database",
    "initial catalog",
    "dbname",
    "email",
    "principal",
    "hostname",
    "address",
    "dsn",
];

/// Words that code has where a value would stand.
const CODE: &[&str] = &[
    "str",
    "string",
    "int",
    "bool",
    "none",
    "nil",
    "null",
    "undefined",
    "true",
    "false",
    "self",
    "this",
    "input",
    "value",
    "getpass",
    "prompt",
    "char",
    "varchar",
    "text",
    "optional",
    "any",
    "new",
    "await",
    "function",
    "def",
    "password_hash",
];

fn in_name(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.') || b >= 0x80
}

/// How the password stands after its name.
#[derive(Clone, Copy, PartialEq)]
enum Sign {
    /// `=`, `:`, `:=`, `=>`, a pair of a call or the attributes of an element.
    Assigned,
    /// `<password>...`
    Element,
    /// `--password x`, `requirepass x`
    Option,
    /// `login x password y`, `PASSWORD 'x'`
    Statement,
    /// `the password is x`, `with password x`
    Said,
}

pub(super) fn recognise(place: &StructureStart<'_>) -> Option<Found> {
    let StructureStart { text, at, end, vain, .. } = *place;
    let bytes = text.as_bytes();
    let mut name = if text.get(at..end)?.contains(' ') {
        at..end
    } else {
        let before = bytes.get(..at)?.iter().rev().take(NAME).take_while(|b| in_name(**b)).count();
        // The wide colon of other scripts ends a name.
        let stop = run(text, end, NAME, in_name);
        let stop = text.get(end..stop)?.find(WIDE).map_or(stop, |at| end + at);
        text.ceil_char_boundary(at - before)..stop
    };
    if vain.replace((name.start, name.end)) == (name.start, name.end) {
        return None;
    }
    let dashes = bytes[name.clone()].iter().take_while(|b| **b == b'-').count();
    name.start += dashes;
    let said = text.get(name.clone())?;
    if !is_name(said) {
        return None;
    }
    let (sign, from, quote) = sign(text, &name, dashes > 0)?;
    let in_list = text.get(..name.start)?.ends_with(',');
    let value = value(text, from, quote, in_list)?;
    let found = text.get(value.clone())?;
    let confidence = judged(text, said, &name, sign, quote, found)?;
    let mut class = name_class::of_value(said, found);
    if class == SecretClass::PasswordHash {
        return None;
    }
    if class == SecretClass::Unclassified {
        class = SecretClass::Password;
    }
    let reason = match sign {
        Sign::Option => "the option of a password before it",
        _ => "the word for a password before it",
    };
    Some(Found {
        confidence: Some(confidence),
        class: Some(class),
        reasons: vec![reason.into()],
        ..Found::at(value)
    })
}

/// Whether a name is one of a password.
fn is_name(name: &str) -> bool {
    let flat = name.to_ascii_lowercase();
    SETTINGS.contains(&flat.as_str()) || names::kind(name) == Name::Password
}

/// How the value stands after its name, where it begins, and in which quotes.
fn sign(text: &str, name: &Range<usize>, is_flag: bool) -> Option<(Sign, usize, Option<u8>)> {
    let bytes = text.as_bytes();
    let spaces = |at: usize| run(text, at, SIGNS, |b| b == b' ' || b == b'\t');
    let before = text.get(..name.start)?;
    let quotes = |at: usize| {
        // `\"` of a literal in a literal.
        let at = if bytes.get(at) == Some(&b'\\') { at + 1 } else { at };
        match bytes.get(at) {
            Some(quote @ (b'"' | b'\'')) => (at + 1, Some(*quote)),
            _ => (at, None),
        }
    };
    let value = |sign: Sign, at: usize| {
        let (from, quote) = quotes(past_markup(text, spaces(at)));
        Some((sign, from, quote))
    };
    let is_quoted = before.ends_with(['"', '\'']);
    let mut at = name.end;
    if is_quoted {
        let closed = quotes(at);
        closed.1?;
        at = closed.0;
        let rest = bytes.get(spaces(at)..)?;
        // `define('PASSWORD', '...')`, `("password", "...")`
        if rest.first() == Some(&b',') && quotes(spaces(spaces(at) + 1)).1.is_some() {
            return value(Sign::Assigned, spaces(at) + 1);
        }
        // `key="Password" value="..."`
        if rest.get(..6).is_some_and(|word| word.eq_ignore_ascii_case(b"value=")) {
            return value(Sign::Element, spaces(at) + 6);
        }
    }
    // `["password"] = `
    if bytes.get(at) == Some(&b']') {
        at += 1;
    }
    match bytes.get(at..)?.first() {
        Some(b'>') if before.ends_with('<') => {
            let stop = run(text, at + 1, passwords::LONGEST + 1, |b| b != b'<' && b != b'\n');
            let is_closed = text.get(stop..).is_some_and(|rest| rest.starts_with("</"));
            return is_closed.then_some((Sign::Element, at + 1, None));
        }
        Some(b'\n' | b'\r') => return None,
        _ => {}
    }
    // `<td>Password</td><td>...</td>`
    if before.ends_with('>') && text.get(at..)?.starts_with("</") {
        let from = past_markup(text, at);
        return (from > at).then_some((Sign::Element, from, None));
    }
    let next = spaces(at);
    let rest = text.get(next..)?;
    let length = match rest.as_bytes() {
        // A comparison, and the end of a word.
        [b'=', b'=' | b'~', ..] | [b'!', ..] | [b':', b':', ..] => return None,
        [b':', b'=', ..] | [b'=', b'>', ..] => 2,
        [b'=' | b':', ..] => 1,
        _ if rest.starts_with(WIDE) => WIDE.len_utf8(),
        _ => 0,
    };
    if length > 0 {
        // `--password=x`, and `--from-literal=password=x`.
        let near = &before[before.ceil_char_boundary(before.len().saturating_sub(NAME))..];
        let word = near.rsplit([' ', '\t', '\n']).next().unwrap_or_default();
        let is_option = is_flag || word.starts_with("--") && word.ends_with('=');
        // `password: string = "..."`
        let from = spaces(next + length);
        let of_type =
            ["string = ", "str = ", "String = "].iter().find(|word| text[from..].starts_with(**word));
        let after = of_type.map_or(next + length, |word| from + word.len());
        return value(if is_option { Sign::Option } else { Sign::Assigned }, after);
    }
    if next == at {
        return None;
    }
    let (from, quote) = quotes(next);
    let lower = text.get(name.clone())?.to_ascii_lowercase();
    if is_flag || SETTINGS.contains(&lower.as_str()) {
        return Some((Sign::Option, from, quote));
    }
    let login = login_before(before);
    if quote.is_some() && lower.bytes().all(|b| b.is_ascii_alphabetic())
        || matches!(login, Some("login" | "username"))
    {
        return Some((Sign::Statement, from, quote));
    }
    if let Some(rest) = ["is ", "was ", "is: ", "- ", "lautet ", "lautet: ", "est ", "es "]
        .iter()
        .find_map(|verb| rest.strip_prefix(verb))
    {
        return value(Sign::Said, text.len() - rest.len());
    }
    let is_told = ["with ", "with the ", "using ", "and ", "has "].iter().any(|word| before.ends_with(word));
    (is_told || login.is_some()).then_some((Sign::Said, from, quote))
}

/// `machine x login y password z`: the word for a login, where what stands before is one and who logs in.
fn login_before(before: &str) -> Option<&'static str> {
    let before = &before[before.ceil_char_boundary(before.len().saturating_sub(AROUND))..];
    let word = before.split_whitespace().rev().nth(1)?;
    ["login", "username", "user", "account"].into_iter().find(|login| *login == word)
}

/// Past the tags of HTML and the signs of Markdown that stand between a word and its value: `<b>Password:</b> <code>...`.
fn past_markup(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    let is_markup = text.get(..at).is_some_and(|before| before.trim_end().ends_with([':', '*', '>']));
    let mut at = at;
    for _ in 0..MARKS {
        match bytes.get(at) {
            Some(b'*' | b' ' | b'\t') => at += 1,
            // After `=` it is the name of something.
            Some(b'`') if is_markup && bytes.get(at + 1).is_some_and(u8::is_ascii_alphanumeric) => at += 1,
            Some(b'<') => {
                let is_tag = |b: u8| b.is_ascii_alphanumeric() || b"/ =\"':;#-".contains(&b);
                let end = run(text, at + 1, 60, is_tag);
                if bytes.get(end) != Some(&b'>') || !bytes[at + 1..end].iter().any(u8::is_ascii_alphabetic) {
                    return at;
                }
                // `<password>` is what is to be put in.
                if bytes[at + 1] != b'/' && end - at > 8 {
                    return at;
                }
                at = end + 1;
            }
            _ => return at,
        }
    }
    at
}

/// The value that begins here: up to its quote, or what ends a value that has none.
fn value(text: &str, from: usize, quote: Option<u8>, in_list: bool) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let end = match quote {
        Some(quote) => {
            let end = run(text, from, passwords::LONGEST + 1, |b| b != quote && b != b'\n');
            (bytes.get(end) == Some(&quote)).then_some(())?;
            if bytes.get(end.checked_sub(1)?) == Some(&b'\\') { end - 1 } else { end }
        }
        None => {
            let most = passwords::LONGEST + 1;
            let end = run(text, from, most, |b| !b.is_ascii_whitespace() && !b"\"'`<;".contains(&b));
            // `&user=` of a query and `,ro` of a list of options end it; an ampersand alone is a sign like another.
            let rest = text.get(from..end)?;
            let is_pair = |at: usize| rest.get(at + 1..).is_some_and(begins_pair);
            let cut = rest
                .char_indices()
                .find(|(at, c)| matches!(c, '&' | ',') && is_pair(*at) || *c == ',' && in_list);
            let end = cut.map_or(end, |(at, _)| from + at);
            from + closed(text.get(from..end)?).len()
        }
    };
    let end = if text.is_char_boundary(end) { end } else { return None };
    (end > from).then_some(from..end)
}

/// A value without the signs that close what was opened before it: `f(password=x)`.
fn closed(value: &str) -> &str {
    let mut value = value.trim_end_matches([',', '\\']);
    for (open, close) in [('(', ')'), ('[', ']'), ('{', '}')] {
        while value.ends_with(close) && value.matches(close).count() > value.matches(open).count() {
            value = value[..value.len() - 1].trim_end_matches(',');
        }
    }
    value
}

/// Whether a text begins with a name and a sign of an assignment.
fn begins_pair(text: &str) -> bool {
    let name = text.bytes().take_while(|b| in_name(*b)).count();
    name > 0 && text.as_bytes().get(name) == Some(&b'=')
}

/// How sure one can be that this is a password; `None` where it is something else.
fn judged(
    text: &str,
    said: &str,
    name: &Range<usize>,
    sign: Sign,
    quote: Option<u8>,
    value: &str,
) -> Option<Confidence> {
    let bare = said.rsplit('.').next().unwrap_or(said);
    let is_other = is_placeholder(value) || is_hashed(value) || quote.is_none() && is_code(value);
    if !passwords::could_be(bare, value) || is_other {
        return None;
    }
    // No word of a language: a digit or a sign, or a capital letter inside.
    let is_mixed = value.bytes().skip(1).any(|b| !b.is_ascii_lowercase() && b != b'-' && b != b'\'')
        && value.bytes().any(|b| !b.is_ascii_uppercase());
    let is_joined = value.bytes().filter(|b| *b == b'-').count() > 1;
    let is_random = names::judge(Name::Password, value) >= Some(Confidence::Medium);
    let is_option = sign == Sign::Option || sign == Sign::Statement || sign == Sign::Element;
    // Letters and digits, unlike the words that stand where a password is asked for.
    let is_typed = value.len() >= 6
        && value.bytes().any(|b| b.is_ascii_digit())
        && value.bytes().any(|b| b.is_ascii_alphabetic())
        && !value.contains(['=', ':', '/', '|']);
    let sure = match sign {
        // In prose a word may be anything.
        Sign::Said => is_random || value.len() >= 6 && (is_mixed || is_joined),
        _ => {
            is_random
                || is_option
                || is_typed
                || is_beside(text, name)
                || is_setting(text, said, name)
                || quote.is_some() && (is_mixed || is_joined)
        }
    };
    // In prose a plain word is nothing.
    (sure || sign != Sign::Said).then_some(if sure { Confidence::Medium } else { Confidence::Low })
}

/// What stands for a value that is put in later.
fn is_placeholder(value: &str) -> bool {
    let first = value.as_bytes()[0];
    let is_bound = first == b':' || first == b'@';
    value != value.trim()
        || !value.bytes().any(|b| b.is_ascii_alphanumeric() || b >= 0x80)
        || matches!(value, "%s" | "%v" | "%q" | "%d" | "$1" | "$2" | "{}" | "?" | "...")
        || is_bound && value.bytes().skip(1).all(|b| b.is_ascii_alphanumeric() || b == b'_')
        || value.starts_with("$(")
        || value.starts_with("${")
        || value.starts_with("{{")
        || value.starts_with('%') && value.ends_with('%')
}

/// A hash with the name of its kind before it: `sha256:...`, and MySQL's own.
fn is_hashed(value: &str) -> bool {
    let is_hex =
        |rest: &str, least: usize| rest.len() >= least && rest.bytes().all(|b| b.is_ascii_hexdigit());
    value.strip_prefix('*').is_some_and(|rest| is_hex(rest, 40))
        || value.split_once([':', '$', '}']).is_some_and(|(kind, rest)| kind.len() <= 12 && is_hex(rest, 32))
}

/// Code where a value would stand: a call, a member, a word of the language.
fn is_code(value: &str) -> bool {
    let is_word = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphabetic() || b == b'_');
    let lower = value.to_ascii_lowercase();
    value.contains(['(', '[']) && value.starts_with(|c: char| c.is_ascii_alphabetic())
        || value.contains('.') && value.split('.').all(is_word)
        || value.starts_with('$') && value[1..].bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        || value.starts_with(['&', '*']) && is_word(&value[1..])
        || CODE.contains(&lower.as_str())
}

/// Whether a login or a server is named close by, with a sign after it.
fn is_beside(text: &str, name: &Range<usize>) -> bool {
    let from = text.floor_char_boundary(name.start.saturating_sub(AROUND));
    let to = text.ceil_char_boundary((name.end + AROUND).min(text.len()));
    let near = &text[from..to];
    let bytes = near.as_bytes();
    let is_whole = |at: usize| at == 0 || !bytes[at - 1].is_ascii_alphanumeric();
    let begins = |at: usize, word: &str| {
        bytes.get(at..at + word.len()).is_some_and(|here| here.eq_ignore_ascii_case(word.as_bytes()))
            && is_whole(at)
    };
    // `DB_USER=`, `"user": `: a sign with the word before it.
    let signs =
        bytes.iter().enumerate().filter(|(at, b)| b"=:>".contains(b) && !near[at + 1..].starts_with("//"));
    let is_named = signs
        .map(|(at, _)| near[..at].trim_end_matches(['"', '\'', ' ', '\\']).len())
        .any(|end| BESIDE.iter().any(|word| end.checked_sub(word.len()).is_some_and(|at| begins(at, word))));
    // `--user x`
    let is_option = |at: usize| {
        BESIDE
            .iter()
            .any(|word| begins(at + 2, word) && matches!(bytes.get(at + 2 + word.len()), Some(b' ' | b'=')))
    };
    is_named || near.match_indices("--").any(|(at, _)| is_option(at))
}

/// Whether it is a line of settings: nothing but the name, a sign and a value, and the name one that only settings have.
fn is_setting(text: &str, said: &str, name: &Range<usize>) -> bool {
    // A longer line is none of settings.
    let near = text.floor_char_boundary(name.start.saturating_sub(AROUND));
    let far = text.ceil_char_boundary((name.end + AROUND).min(text.len()));
    let start = match text[near..name.start].rfind('\n') {
        Some(at) => near + at + 1,
        None if near == 0 => 0,
        None => return false,
    };
    let end = text[name.end..far].find('\n').map_or(far, |at| name.end + at);
    let line = text[start..end].trim();
    let rest = line
        .strip_prefix("export ")
        .or_else(|| line.strip_prefix("ENV "))
        .or_else(|| line.strip_prefix("set "));
    let rest = rest.or_else(|| line.strip_prefix("SET ")).unwrap_or(line);
    let first = rest.split_whitespace().next().unwrap_or_default();
    let is_upper = said.len() >= 3 && !said.bytes().any(|b| b.is_ascii_lowercase());
    let is_dotted = said.contains(['.', '_']);
    // `PGPASSWORD=x psql`: a variable of the command after it.
    let is_variable = is_upper && first.starts_with(said) && first[said.len()..].starts_with('=');
    let is_whole =
        rest.starts_with(said) && !rest.contains(' ') && rest[said.len()..].starts_with(['=', ':']);
    is_variable || is_whole && (is_dotted || is_upper || rest[said.len()..].starts_with('='))
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use jiff::Timestamp;

    use super::*;
    use Confidence::{Low, Medium};

    /// The best of what is seen at any place of the word.
    fn seen(text: &str) -> Option<(String, Confidence)> {
        let lower = text.to_ascii_lowercase();
        let words = ["pass", "pwd", "identified by", "requirepass", "masterauth"];
        let places = words.iter().flat_map(|word| lower.match_indices(word));
        let all = places.filter_map(|(at, word)| {
            let (budget, vain) = (Cell::new(0), Cell::default());
            let end = at + word.len();
            let place =
                StructureStart { text, at, end, now: Timestamp::UNIX_EPOCH, budget: &budget, vain: &vain };
            let found = recognise(&place)?;
            Some((text[found.span].to_owned(), found.confidence?))
        });
        all.max_by_key(|(_, confidence)| *confidence)
    }

    fn check(text: &str, expect: Option<(&str, Confidence)>) {
        let told = seen(text);
        assert_eq!(told.as_ref().map(|(value, sure)| (value.as_str(), *sure)), expect, "{text}");
    }

    #[test]
    fn in_settings_and_connection_strings() {
        let p = ["sun", "shine"].concat();
        for text in [
            format!("Server=db;Database=x;User Id=sa;Password={p};Encrypt=true"),
            format!("Driver={{X}};UID=sa;PWD={p}"),
            format!("jdbc:mysql://db/x?user=app&password={p}&useSSL=true"),
            format!("host=db user=app password='{p}' sslmode=require"),
            format!("org.x.PlainLoginModule required username=\"a\" password=\"{p}\";"),
            format!("DB_PASSWORD={p}"),
            format!("export DB_PASSWORD={p}\nexport X=1"),
            format!("PGPASSWORD={p} psql -h db"),
            format!("spring.datasource.password={p}"),
            format!("[client]\nuser=app\npassword={p}\n"),
            format!("requirepass {p}"),
            format!("<username>a</username><password>{p}</password>"),
            format!("machine db login app password {p}"),
            format!("tool --user app --password {p} sync"),
            format!("CREATE USER 'app' IDENTIFIED BY '{p}'"),
            format!("ALTER USER app WITH PASSWORD '{p}'"),
            format!("mount -o username=app,password={p},ro"),
        ] {
            check(&text, Some((&p, Medium)));
        }
        let mixed = ["Winter", "-2024"].concat();
        for text in [
            format!("define('DB_PASSWORD', '{mixed}');"),
            format!("<add key=\"SmtpPassword\" value=\"{mixed}\" />"),
            format!("var password = \"{mixed}\";"),
            format!("'PASSWORD': '{mixed}',"),
            format!("<b>Password:</b> {mixed}<br>"),
            format!("Your password is: <strong>{mixed}</strong>"),
            format!("**Password:** `{mixed}`"),
            format!("<tr><td>Password</td><td>{mixed}</td></tr>"),
            format!("Das Passwort lautet {mixed}"),
            format!("the password is {mixed}"),
            format!("login with password {mixed}"),
        ] {
            check(&text, Some((&mixed, Medium)));
        }
        // A word after a sign is looked at, and not reported.
        check("password: tiger", Some(("tiger", Low)));
    }

    #[test]
    fn in_manuals_and_code() {
        for text in [
            "password=${DB_PASSWORD}",
            "--password $PASS",
            "Password=;",
            "password: required",
            "forgot password?",
            "the password is wrong",
            "password = os.environ['X']",
            "PASSWORD=$(aws ssm get-parameter)",
            "password: str",
            "password: string;",
            "--password-file /run/secrets/x",
            "const password = req.body.password;",
            "password := os.Getenv(\"X\")",
            "user.password = hash(password)",
            "if password == confirm",
            "password_hash=bcrypt",
            "IDENTIFIED BY ?",
            "IDENTIFIED BY :pw",
            "PASSWORD '***'",
            "password=%s",
            "login with password or passkey",
            "user forgot password yesterday",
            "pass: 12 fail: 0 skip: 3",
            "requirepass <password>",
            "password=<hidden>",
        ] {
            check(text, None);
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_survived(text in "(user|login )?[ -~é\n]{0,40}(password|pwd|pass)[ =:\"'\\\\>]{0,4}[ -~é\n]{0,60}") {
            seen(&text);
        }
    }
}
