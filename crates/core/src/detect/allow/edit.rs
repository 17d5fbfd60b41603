//! Changes to an allow-list that people write in too: what they wrote stays as it is.

use std::collections::BTreeSet;

use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, value};

use crate::domain::Accepted;

/// What is written where there is no file yet.
const HEAD: &str = "\
# What was accepted in dynaudit: findings that do not count, and why. dynaudit reads this file in the folder it is started
# in, and any other with --allow. It holds no secret; fingerprints are keyed, and the key is not in it.
";

/// The text with these entries at its end. Entries of the same finding that are over go; others stay, as they are about other
/// values.
///
/// # Errors
/// What keeps the text from being edited, a sentence.
pub fn accept(text: &str, all: &[Accepted]) -> Result<String, String> {
    let text = if text.trim().is_empty() { HEAD } else { text };
    let mut document = parsed(text)?;
    for one in all {
        let over = |entry: &Table| {
            let until = entry.get("until").and_then(Item::as_datetime).and_then(|until| until.date);
            let today = one.why.on.and_then(|on| on.to_string().parse::<toml_edit::Datetime>().ok());
            until.zip(today.and_then(|today| today.date)).is_some_and(|(until, today)| until < today)
        };
        remove(&mut document, |entry| finding_of(entry) == Some(&one.finding) && over(entry));
    }
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

/// The text without what was accepted, and how many entries that took out. What else was accepted of the finding stays.
///
/// # Errors
/// What keeps the text from being edited, a sentence.
pub fn take_back(text: &str, one: &Accepted) -> Result<(String, usize), String> {
    let mut document = parsed(text)?;
    let gone = remove(&mut document, |entry| {
        finding_of(entry) == Some(&one.finding) && fingerprints_of(entry) == one.fingerprints
    });
    Ok(if gone == 0 { (text.to_owned(), 0) } else { (document.to_string(), gone) })
}

fn finding_of(entry: &Table) -> Option<&str> {
    entry.get("finding").and_then(Item::as_str)
}

fn fingerprints_of(entry: &Table) -> BTreeSet<String> {
    let prints = entry.get("fingerprints").and_then(Item::as_array).into_iter().flatten();
    prints.filter_map(|print| print.as_str()).map(str::to_ascii_lowercase).collect()
}

/// Takes entries out, and says how many. Comments above one stay, above what comes after it.
fn remove(document: &mut DocumentMut, is_out: impl Fn(&Table) -> bool) -> usize {
    let Some(entries) = document.get_mut("allow").and_then(Item::as_array_of_tables_mut) else { return 0 };
    let mut above = String::new();
    let before = entries.len();
    let mut at = 0;
    while at < entries.len() {
        let Some(entry) = entries.get_mut(at) else { break };
        let prefix = entry.decor().prefix().and_then(|prefix| prefix.as_str()).unwrap_or_default().to_owned();
        if is_out(entry) {
            if prefix.contains('#') {
                above.push_str(&prefix);
            }
            entries.remove(at);
            continue;
        }
        if !above.is_empty() {
            entry.decor_mut().set_prefix(format!("{}{prefix}", std::mem::take(&mut above)));
        }
        at += 1;
    }
    let gone = before - entries.len();
    if !above.is_empty() {
        let trailing = document.trailing().as_str().unwrap_or_default().to_owned();
        document.set_trailing(format!("{above}{trailing}"));
    }
    gone
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
    } else if finding.split('#').nth(2).is_some() {
        entry.insert("any_value", value(true));
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
        let (back, gone) = take_back(&text, &one).expect("edited");
        assert_eq!((back.as_str(), gone), (mine, 1));
        // What somebody else accepted of it stays, unless that is over.
        let others = accepted("arn:aws:dynamodb:r:1:table/t#jwt#a", &["0123456789abcdef"], "first");
        let more = accepted(&others.finding, &["fedcba9876543210"], "second");
        let text = accept(&text, std::slice::from_ref(&others))
            .and_then(|text| accept(&text, std::slice::from_ref(&more)));
        let text = text.expect("written");
        assert_eq!(read(&text).iter().filter(|a| a.finding == others.finding).count(), 2, "{text}");
        // Each is taken back by itself.
        let (left, gone) = take_back(&text, &more).expect("edited");
        assert_eq!(
            (gone, read(&left).contains(&others), read(&left).contains(&more)),
            (1, true, false),
            "{left}"
        );
        let late = text.replace("until = 2026-12-31", "until = 2025-12-31");
        let late = accept(&late, std::slice::from_ref(&more)).expect("written");
        assert_eq!(late.matches(&others.finding).count(), 1, "{late}");
        // Comments stay, of an entry that goes too.
        let commented =
            format!("# head\n\n# payments\n[[allow]]\nfinding = '{0}'\nreason = 'r'\n", one.finding);
        let (left, gone) = take_back(&commented, &one).expect("edited");
        assert!(gone == 1 && left.contains("# head") && left.contains("# payments"), "{left}");
        // A list on one line is read, and left to people.
        let inline = format!("allow = [{{ finding = '{}', reason = 'r' }}]\n", one.finding);
        assert_eq!(take_back(&inline, &one).expect("edited").1, 0);
        assert_eq!(take_back(mine, &accepted("nothing", &[], "r")).expect("edited"), (mine.to_owned(), 0));
        assert!(accept("[[allow\n", std::slice::from_ref(&one)).is_err());
        assert!(accept("allow = 1\n", &[one]).is_err());
    }
}
