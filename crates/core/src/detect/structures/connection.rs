//! Connection strings that have no word for the password in them: what its place says.

use std::ops::Range;

use crate::detect::passwords;
use crate::detect::rule::{Found, StructureStart};
use crate::detect::structures::uri::is_stand_in;

/// How long a login and its password may be together, in bytes.
const LONGEST: usize = 256;

pub(super) fn recognise(place: &StructureStart<'_>) -> Option<Found> {
    let StructureStart { text, at, end, .. } = *place;
    let (span, form) = match text.get(at..end)?.to_ascii_lowercase().as_str() {
        "@tcp(" | "@unix(" => (data_source(text, at)?, "a data source name of Go"),
        _ => (password_file(text, at)?, "a line of PostgreSQL's password file"),
    };
    let value = text.get(span.clone())?;
    let is_one = passwords::could_be("", value) && !is_stand_in(value);
    is_one.then(|| Found { reasons: vec![form.into()], ..Found::at(span) })
}

/// `user:password@tcp(host:3306)/name` (go-sql-driver/mysql, "DSN").
fn data_source(text: &str, at: usize) -> Option<Range<usize>> {
    let before = text.get(..at)?;
    let length = before
        .bytes()
        .rev()
        .take(LONGEST)
        .take_while(|b| !b.is_ascii_whitespace() && !b"\"'`<>=".contains(b));
    let from = at - length.count();
    let login = text.get(from..at)?;
    let (user, password) = login.split_once(':')?;
    let start = from + user.len() + 1;
    (!user.is_empty()).then(|| start..start + password.len())
}

/// `host:port:database:user:password`, a whole line (PostgreSQL, "The Password File").
fn password_file(text: &str, at: usize) -> Option<Range<usize>> {
    // A longer line is none.
    let bytes = text.as_bytes();
    let before = bytes.get(..at)?.iter().rev().take(LONGEST + 1).take_while(|b| **b != b'\n').count();
    let after = bytes.get(at..)?.iter().take(LONGEST + 1).take_while(|b| **b != b'\n').count();
    if before + after > LONGEST {
        return None;
    }
    let start = at - before;
    let line = text.get(start..at + after)?.trim_end();
    if line.contains([' ', '/', '=', ',', ';', '"', '{']) || line.starts_with('#') {
        return None;
    }
    let fields: Vec<&str> = line.splitn(5, ':').collect();
    let [host, port, name, user, password] = fields[..] else { return None };
    let is_port = port == "*" || (2..=5).contains(&port.len()) && port.bytes().all(|b| b.is_ascii_digit());
    let is_name = |field: &str| {
        !field.is_empty() && field.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.*".contains(&b))
    };
    let is_one = is_port && [host, name, user].into_iter().all(is_name) && !password.contains(':');
    is_one.then(|| start + line.len() - password.len()..start + line.len())
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use jiff::Timestamp;

    use super::*;

    fn seen(text: &str) -> Option<String> {
        let places = ["@tcp(", "@unix(", ":54", ":*:"].into_iter().flat_map(|word| text.match_indices(word));
        places.into_iter().find_map(|(at, word)| {
            let (budget, vain) = (Cell::new(0), Cell::default());
            let (now, end) = (Timestamp::UNIX_EPOCH, at + word.len());
            recognise(&StructureStart { text, at, end, now, budget: &budget, vain: &vain })
                .map(|f| text[f.span].to_owned())
        })
    }

    #[test]
    fn the_place_tells() {
        let p = ["zebra", "7x"].concat();
        for text in [
            format!("app:{p}@tcp(db:3306)/orders?parseTime=true"),
            format!("dsn=app:{p}@unix(/tmp/mysql.sock)/orders"),
            format!("db.internal:5432:orders:app:{p}"),
            format!("# of the cluster\n*:*:*:app:{p}\n"),
        ] {
            assert_eq!(seen(&text).as_deref(), Some(p.as_str()), "{text}");
        }
        for text in [
            "app@tcp(db:3306)/orders",
            "2026:54:01:02:03",
            "db.internal:5432:orders",
            "a note: see 10:54:12:x:y z",
        ] {
            assert_eq!(seen(text), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_survived(text in "[ -~é\n]{0,40}(@tcp\\(|:54|:\\*:)[ -~é\n]{0,60}") {
            seen(&text);
        }
    }
}
