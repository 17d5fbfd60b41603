//! Changes to an allow-list that people write in too: what they wrote stays as it is.

use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, value};

use crate::domain::Accepted;

/// What is written where there is no file yet.
const HEAD: &str = "\
# What was accepted in dynaudit: findings that do not count, and why. dynaudit reads this file in the folder it is started
# in, and any other with --allow. It holds no secret; fingerprints are keyed, and the key is not in it.
";

/// The text with these entries at its end. An earlier entry of the same finding is replaced: the last word counts.
///
/// # Errors
/// What keeps the text from being edited, a sentence.
pub fn accept(text: &str, all: &[Accepted]) -> Result<String, String> {
    let text = if text.trim().is_empty() { HEAD } else { text };
    let text = all
        .iter()
        .try_fold(text.to_owned(), |text, one| Ok::<_, String>(take_back(&text, &one.finding)?.0))?;
    let mut document = parsed(&text)?;
    // A text of comments alone keeps them above what is added.
    if document.is_empty() {
        let mut text = document.to_string();
        for one in all {
            if !text.is_empty() && !text.ends_with("\n\n") {
                text.push('\n');
            }
            text.push_str(&block(one));
        }
        return Ok(text);
    }
    let entries = document
        .entry("allow")
        .or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()))
        .as_array_of_tables_mut()
        .ok_or("`allow` is no list of tables")?;
    for one in all {
        let mut entry = written(one);
        entry.decor_mut().set_prefix("\n");
        entries.push(entry);
    }
    Ok(document.to_string())
}

/// The text without the entries of a finding, and how many these were.
///
/// # Errors
/// What keeps the text from being edited, a sentence.
pub fn take_back(text: &str, finding: &str) -> Result<(String, usize), String> {
    let mut document = parsed(text)?;
    let Some(entries) = document.get_mut("allow").and_then(Item::as_array_of_tables_mut) else {
        return Ok((text.to_owned(), 0));
    };
    let before = entries.len();
    entries.retain(|entry| entry.get("finding").and_then(Item::as_str) != Some(finding));
    let gone = before - entries.len();
    Ok(if gone == 0 { (text.to_owned(), 0) } else { (document.to_string(), gone) })
}

fn parsed(text: &str) -> Result<DocumentMut, String> {
    text.parse::<DocumentMut>().map_err(|e| e.message().replace('\n', " "))
}

fn block(one: &Accepted) -> String {
    let mut document = DocumentMut::new();
    let mut entries = ArrayOfTables::new();
    entries.push(written(one));
    document.insert("allow", Item::ArrayOfTables(entries));
    document.to_string()
}

fn written(one: &Accepted) -> Table {
    let Accepted { finding, fingerprints, why } = one;
    let mut entry = Table::new();
    entry.insert("finding", value(finding.as_str()));
    if !fingerprints.is_empty() {
        let prints: toml_edit::Array = fingerprints.iter().map(String::as_str).collect();
        entry.insert("fingerprints", value(prints));
    }
    if why.false_alarm {
        entry.insert("false_alarm", value(true));
    }
    entry.insert("reason", value(why.reason.as_str()));
    if !why.by.as_str().is_empty() {
        entry.insert("by", value(why.by.as_str()));
    }
    for (name, date) in [("on", why.on), ("until", why.until)] {
        // A date of this century is one that TOML can write.
        if let Some(date) = date.and_then(|date| date.to_string().parse::<toml_edit::Datetime>().ok()) {
            entry.insert(name, value(date));
        }
    }
    entry
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::detect::{ACCEPTED_FILE, AllowList};
    use crate::domain::{Acceptance, Safe};

    fn accepted(finding: &str, prints: &[&str], reason: &str) -> Accepted {
        let why = Acceptance {
            reason: Safe::neutral(reason),
            false_alarm: prints.is_empty(),
            by: Safe::neutral("alice"),
            on: Some("2026-01-31".parse().expect("a day")),
            until: Some("2026-12-31".parse().expect("a day")),
            file: Safe::neutral(ACCEPTED_FILE),
        };
        Accepted {
            finding: finding.into(),
            fingerprints: prints.iter().map(|p| (*p).to_owned()).collect(),
            why: Arc::new(why),
        }
    }

    fn read(text: &str) -> Vec<Accepted> {
        let mut list = AllowList::default();
        let now = "2026-02-01T00:00:00Z".parse().expect("a time");
        assert_eq!(list.add(ACCEPTED_FILE, text, now), [], "{text}");
        list.accepted().all().cloned().collect()
    }

    #[test]
    fn what_is_written_is_read_again() {
        let hostile = "arn:aws:dynamodb:r:1:table/a#rule#x\"]\n[[allow]]\nreason='r'\u{1b}[31m'''\"\"\"";
        let all = [
            accepted("arn:aws:dynamodb:r:1:table/t#pitr-off", &[], "rebuilt nightly"),
            accepted(hostile, &["0123456789abcdef", "fedcba9876543210"], "a test \"key\" \\ of ours"),
        ];
        let text = accept("", &all).expect("written");
        assert!(text.starts_with("# What was accepted"), "{text}");
        let mut expected = all.to_vec();
        expected.sort_by(|a, b| a.finding.cmp(&b.finding));
        assert_eq!(read(&text), expected, "{text}");
        // One at a time comes to the same.
        let one = accept("", &all[..1]).and_then(|text| accept(&text, &all[1..])).expect("written");
        assert_eq!(read(&one), expected);
        assert_eq!(one, text);
    }

    #[test]
    fn what_people_wrote_stays() {
        let mine = "# ours\n[[allow]] # of the tests\nreason = 'r'  # why\nrule = 'jwt'\n\n# below\n[[allow]]\nreason = 's'\npath = 'x'\n";
        let one = accepted("arn:aws:dynamodb:r:1:table/t#pitr-off", &[], "rebuilt");
        let text = accept(mine, std::slice::from_ref(&one)).expect("written");
        assert!(text.starts_with(mine), "{text}");
        let (back, gone) = take_back(&text, &one.finding).expect("edited");
        assert_eq!((back.as_str(), gone), (mine, 1));
        // The last word counts, and stands once.
        let other = accepted(&one.finding, &[], "never mind");
        let text = accept(&text, std::slice::from_ref(&other)).expect("written");
        assert_eq!(read(&text), [other]);
        assert_eq!(take_back(mine, "nothing").expect("edited"), (mine.to_owned(), 0));
        assert!(accept("[[allow\n", &[one.clone()]).is_err());
        assert!(accept("allow = 1\n", &[one]).is_err());
    }
}
