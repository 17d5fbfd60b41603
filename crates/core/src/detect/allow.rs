//! Allow-lists: what a person knows to be no problem, and why.
//!
//! An allow-list is TOML, one `[[allow]]` table an entry:
//!
//! | field | what |
//! |---|---|
//! | `reason` | required: why this is all right |
//! | `until` | a date; after that day (UTC) the entry no longer applies |
//! | `fingerprint` | one secret, wherever it stands |
//! | `path` | an attribute; `[*]` stands for any position of a list |
//! | `table` | a table's name; `*` and `?` as in file names |
//! | `rule` | a rule's id, for a rule of `--rules` with the name of its file before it (`gitleaks:aws-access-token`) |
//! | `value` | a regular expression that is found in the secret |
//! | `stopwords` | words of which one is in the secret, in any case |
//! | `finding` | one finding, by its id, of a secret or a setting; then none of the above but `reason` and `until` |
//! | `fingerprints` | with `finding`: the values that it is accepted for; another value there counts again |
//! | `any_value` | with `finding`, of a secret: whatever its value is, now and later |
//! | `false_alarm` | it is no risk that is accepted, it is none |
//! | `by`, `on` | who said so, and on which day |
//!
//! An entry applies where all it gives is met, and it gives at least one of them. What is allowed is still there, told
//! with its reason and still masked, at a severity and confidence that no default counts as a finding.
//!
//! The interface writes entries with a `finding` into [`ACCEPTED_FILE`] of the working folder (`edit`), and every command
//! reads that file with those of `--allow`.

pub mod edit;

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use regex::Regex;
use serde::Deserialize;
use toml::Spanned;

use crate::detect::{Detector, Remark};
use crate::domain::{Acceptance, Acceptances, Accepted, Confidence, Safe, Severity, Sighting};

/// The allow-list in the working folder that the interface writes.
pub const ACCEPTED_FILE: &str = "dynaudit-accepted.toml";

/// What a person allows. Read from any number of files.
#[derive(Default)]
pub struct AllowList {
    entries: Vec<AllowEntry>,
    /// Those of one finding each, and where they are written. Whoever makes findings applies them.
    accepted: Vec<(Remark, Accepted)>,
}

/// What is written: one or the other.
enum Entry {
    Allow(AllowEntry),
    Accepted(Remark, Accepted),
}

/// One entry that can be applied.
struct AllowEntry {
    /// Where it is written, to be told where it names a rule that does not exist.
    at: Remark,
    reason: String,
    until: Option<Date>,
    fingerprint: Option<String>,
    path: Option<String>,
    table: Option<Regex>,
    rule: Option<String>,
    value: Option<Regex>,
    stopwords: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    allow: Vec<Spanned<toml::Table>>,
}

/// An entry as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    reason: String,
    until: Option<toml::value::Datetime>,
    fingerprint: Option<String>,
    path: Option<String>,
    table: Option<String>,
    rule: Option<String>,
    value: Option<String>,
    #[serde(default)]
    stopwords: Vec<String>,
    finding: Option<String>,
    #[serde(default)]
    fingerprints: BTreeSet<String>,
    #[serde(default)]
    any_value: bool,
    #[serde(default)]
    false_alarm: bool,
    by: Option<String>,
    on: Option<toml::value::Datetime>,
}

impl AllowList {
    /// Adds the entries of a file. What is wrong with one, or that it has expired, is told with its place; the rest
    /// is added.
    pub fn add(&mut self, file: &str, text: &str, now: Timestamp) -> Vec<Remark> {
        let starts: Vec<usize> =
            std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        let told = |at: usize, message: String| {
            let line = starts.partition_point(|start| *start <= at);
            let before = text.get(starts[line - 1]..at).unwrap_or_default();
            Remark { file: file.to_owned(), line, column: before.chars().count() + 1, message }
        };
        let parsed: File = match toml::from_str(text) {
            Ok(parsed) => parsed,
            Err(e) => return vec![told(e.span().map_or(0, |s| s.start), e.message().replace('\n', " "))],
        };
        let mut wrong = Vec::new();
        for spanned in parsed.allow {
            let at = spanned.span().start;
            match entry(spanned.into_inner(), told(at, String::new())) {
                Err(message) => wrong.push(told(at, message)),
                Ok(entry) => match entry.until() {
                    Some(day) if !applies_on(day, now) => {
                        wrong.push(told(
                            at,
                            format!("expired on {day}, so it counts again: {}", entry.reason()),
                        ));
                    }
                    _ => match entry {
                        Entry::Allow(entry) => self.entries.push(entry),
                        Entry::Accepted(at, accepted) => self.accepted.push((at, accepted)),
                    },
                },
            }
        }
        wrong
    }

    /// The entries that name a rule which does not exist, and therefore allow nothing. What is not a rule of the detector
    /// may be one that `is_check` knows.
    pub fn unknown(&self, detector: &Detector, is_check: impl Fn(&str) -> bool) -> Vec<Remark> {
        let of_rules =
            self.entries.iter().filter_map(|entry| Some((&entry.at, entry.rule.as_deref()?, false)));
        let rule_of = |accepted: &Accepted| accepted.finding.split('#').nth(1).map(str::to_owned);
        let of_findings: Vec<(&Remark, String)> =
            self.accepted.iter().map(|(at, accepted)| (at, rule_of(accepted).unwrap_or_default())).collect();
        let of_findings = of_findings.iter().map(|(at, rule)| (*at, rule.as_str(), true));
        let rules: BTreeSet<&str> = detector.rules().map(|rule| &*rule.id).collect();
        let is_known = |id: &str, of_finding: bool| {
            rules.contains(id) || detector.rule(id).is_some() || of_finding && is_check(id)
        };
        let told = |at: &Remark, id: &str, of_finding: bool| {
            let what = if of_finding { "rule or check" } else { "rule" };
            let mut rules = detector.rules().map(|rule| &*rule.id);
            let message = match rules.find(|known| known.rsplit(':').next() == Some(id)) {
                Some(known) => format!("no {what} is called `{id}`; one is called `{known}`"),
                None => format!("no {what} is called `{id}`"),
            };
            Remark { message, ..at.clone() }
        };
        of_rules
            .chain(of_findings)
            .filter(|(_, id, of_finding)| !is_known(id, *of_finding))
            .map(|(at, id, of_finding)| told(at, id, of_finding))
            .collect()
    }

    /// What is accepted of findings, in these files.
    pub fn accepted(&self) -> Acceptances {
        Acceptances::new(self.accepted.iter().map(|(_, accepted)| accepted.clone()))
    }

    /// Whether nothing is allowed.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.accepted.is_empty()
    }

    /// A sighting as the list has it: as it is, or allowed. The secret itself is only compared.
    pub(super) fn judged(&self, sighting: Sighting, secret: &str, table: &str, now: Timestamp) -> Sighting {
        let met = |e: &&AllowEntry| {
            e.is_met(&sighting, secret, table) && e.until.is_none_or(|day| applies_on(day, now))
        };
        match self.entries.iter().find(met) {
            Some(entry) => allowed(sighting, &entry.reason),
            None => sighting,
        }
    }
}

/// The one way in which a sighting becomes an allowed one: it stays, masked, and says why it does not count.
fn allowed(mut sighting: Sighting, reason: &str) -> Sighting {
    sighting.severity = Severity::Info;
    sighting.confidence = Confidence::Low;
    sighting.reasons.push(format!("allowed: {reason}"));
    sighting
}

/// Whether an entry until that day still applies.
fn applies_on(day: Date, now: Timestamp) -> bool {
    now.to_zoned(TimeZone::UTC).date() <= day
}

impl Entry {
    fn reason(&self) -> &str {
        match self {
            Self::Allow(entry) => &entry.reason,
            Self::Accepted(_, accepted) => accepted.why.reason.as_str(),
        }
    }

    fn until(&self) -> Option<Date> {
        match self {
            Self::Allow(entry) => entry.until,
            Self::Accepted(_, accepted) => accepted.why.until,
        }
    }
}

impl AllowEntry {
    fn is_met(&self, sighting: &Sighting, secret: &str, table: &str) -> bool {
        let lower = || secret.to_lowercase();
        self.fingerprint.as_ref().is_none_or(|f| *f == sighting.fingerprint)
            && self.rule.as_ref().is_none_or(|r| **r == *sighting.rule)
            && self.table.as_ref().is_none_or(|t| t.is_match(table))
            && self
                .path
                .as_ref()
                .is_none_or(|p| *p == sighting.path.to_string() || *p == sighting.path.general().to_string())
            && self.value.as_ref().is_none_or(|v| v.is_match(secret))
            && (self.stopwords.is_empty() || self.stopwords.iter().any(|w| lower().contains(w)))
    }
}

/// An entry from what is written, or one sentence about what is wrong.
fn entry(table: toml::Table, at: Remark) -> Result<Entry, String> {
    let written: Written = table.try_into().map_err(|e: toml::de::Error| e.message().replace('\n', " "))?;
    if written.reason.trim().is_empty() {
        return Err("an entry says its reason".into());
    }
    let date = |what: &str, date: &Option<toml::value::Datetime>| match date {
        None => Ok(None),
        Some(date) => {
            date.to_string().parse::<Date>().map(Some).map_err(|_| format!("{what} is a date, not {date}"))
        }
    };
    let until = date("until", &written.until)?;
    let on = date("on", &written.on)?;
    let named = [&written.fingerprint, &written.path, &written.table, &written.rule, &written.value];
    let gives_none = named.iter().all(|field| field.is_none()) && written.stopwords.is_empty();
    if let Some(finding) = written.finding {
        if !gives_none {
            return Err("an entry with a `finding` gives none of fingerprint, path, table, rule, value and \
                        stopwords"
                .into());
        }
        if finding.split('#').nth(1).is_none_or(str::is_empty) {
            return Err(
                "`finding` is the id of a finding, as in arn:aws:dynamodb:REGION:ACCOUNT:table/NAME#RULE"
                    .into(),
            );
        }
        // A secret's id has a third part, its attribute.
        let is_secret = finding.split('#').nth(2).is_some();
        if is_secret && written.fingerprints.is_empty() != written.any_value {
            return Err(
                "a secret is accepted by `fingerprints`, or whatever it is by `any_value = true`".into()
            );
        }
        let why = Acceptance {
            reason: Safe::neutral(&written.reason),
            false_alarm: written.false_alarm,
            by: Safe::neutral(written.by.as_deref().unwrap_or_default()),
            on,
            until,
            file: Safe::neutral(&at.file),
        };
        let fingerprints = written.fingerprints.iter().map(|print| print.to_ascii_lowercase()).collect();
        return Ok(Entry::Accepted(at, Accepted { finding, fingerprints, why: Arc::new(why) }));
    }
    if gives_none {
        return Err(
            "an entry that would allow everything: give a finding, fingerprint, path, table, rule, value or \
             stopwords"
                .into(),
        );
    }
    if !written.fingerprints.is_empty() {
        return Err(
            "`fingerprints` are those of a `finding`; one value wherever it stands is a `fingerprint`".into(),
        );
    }
    if written.stopwords.iter().any(|word| word.trim().len() < 3) {
        return Err("a stopword has three characters or more".into());
    }
    let regex = |what: &str, pattern: &str| {
        Regex::new(pattern).map_err(|e| {
            format!("{what}: {}", e.to_string().lines().last().unwrap_or("not a pattern").trim())
        })
    };
    Ok(Entry::Allow(AllowEntry {
        at,
        reason: written.reason,
        until,
        fingerprint: written.fingerprint.map(|f| f.to_ascii_lowercase()),
        path: written.path,
        table: written.table.map(|glob| regex("table", &of_glob(&glob))).transpose()?,
        rule: written.rule,
        value: written.value.map(|pattern| regex("value", &pattern)).transpose()?,
        stopwords: written.stopwords.iter().map(|word| word.to_lowercase()).collect(),
    }))
}

/// A pattern that is met by the names a glob is met by.
fn of_glob(glob: &str) -> String {
    let any = regex::escape(glob).replace(r"\*", ".*").replace(r"\?", ".");
    format!("^(?s:{any})$")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::{FingerprintKey, Scratch, TableContext};
    use crate::domain::{AttributeValue, Item};

    fn now() -> Timestamp {
        "2026-01-31T12:00:00Z".parse().expect("a time")
    }

    /// What a list makes of one secret in a list: the reasons, and whether it is still reported.
    fn seen(list: &str) -> (bool, String) {
        let mut allow = AllowList::default();
        assert_eq!(allow.add("a.toml", list, now()), []);
        let detector = Detector::new(FingerprintKey::new(b"k")).allowing(allow);
        let secret = AttributeValue::S(concat!("rk_li", "ve_", "Qq3Wer5Ty7Ui9Op1As2Df4Gh").into());
        let item = Item::new(vec![("keys".into(), AttributeValue::L(vec![secret]))]);
        let context = TableContext { table: "orders-dev".into(), key: None, ttl: None };
        let all = detector.inspect(&context, &item, now(), &mut Scratch::default());
        let [one] = all.as_slice() else { panic!("{} sightings", all.len()) };
        assert!(one.mask.start <= one.span.start && one.mask.end >= one.span.end, "still masked");
        (one.is_reported(), one.reasons.join("; "))
    }

    #[test]
    fn an_entry_applies_where_all_it_gives_is_met() {
        let check = |entry: &str, expected: bool| {
            let (reported, reasons) = seen(&format!("[[allow]]\nreason = 'a fixture'\n{entry}\n"));
            assert_eq!(!reported, expected, "{entry}: {reasons}");
            assert_eq!(reasons.contains("allowed: a fixture"), expected, "{entry}: {reasons}");
        };
        check("rule = 'stripe-restricted-key'", true);
        check("rule = 'stripe-secret-key'", false);
        check("path = 'keys[*]'", true);
        check("path = 'keys[0]'", true);
        check("path = 'keys[1]'", false);
        check("path = 'keys'", false);
        check("table = '*-dev'", true);
        check("table = 'orders-???'", true);
        check("table = 'orders'", false);
        check("value = '^rk_.*Gh$'", true);
        check("value = '^Gh'", false);
        check("stopwords = ['nothing', 'WER5']", true);
        check("stopwords = ['nothing']", false);
        check("fingerprint = '0123456789abcdef'", false);
        check("table = '*-dev'\nrule = 'stripe-secret-key'", false);
        check("table = '*-dev'\nuntil = 2026-01-31", true);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place_and_the_rest_is_read() {
        let check = |entry: &str, told: &str| {
            let text = format!("[[allow]]\nreason = 'r'\nrule = 'x'\n\n[[allow]]\n{entry}\n");
            let mut allow = AllowList::default();
            let wrong = allow.add("a.toml", &text, now());
            let [one] = wrong.as_slice() else { panic!("{wrong:?}") };
            assert!(one.to_string().starts_with(told), "{one}");
            assert_eq!(allow.entries.len(), 1);
        };
        check("rule = 'x'", "a.toml:5:1: missing field `reason`");
        check("reason = ' '\nrule = 'x'", "a.toml:5:1: an entry says its reason");
        check("reason = 'r'", "a.toml:5:1: an entry that would allow everything");
        check("reason = 'r'\nvalue = '('", "a.toml:5:1: value: ");
        check("reason = 'r'\nbogus = 1", "a.toml:5:1: unknown field");
        check("reason = 'r'\nstopwords = ['a']", "a.toml:5:1: a stopword");
        check("reason = 'r'\nrule = 'x'\nuntil = 10:00:00", "a.toml:5:1: until is a date");
        check("reason = 'r'\nrule = 'x'\nuntil = 2026-01-30", "a.toml:5:1: expired on 2026-01-30");
        // A rule that does not exist, and one that is called otherwise.
        let rules = "[[rule]]\nid = 'acme'\ntitle = 't'\nseverity = 'high'\nconfidence = 'high'\nwhy = 'w'\npattern = 'acme_[0-9]+'\n";
        let (detector, _) = Detector::with_rules(FingerprintKey::new(b"k"), &[("mine.toml", rules)]);
        let mut allow = AllowList::default();
        let entry = |rule: &str| format!("[[allow]]\nreason = 'r'\nrule = '{rule}'\n");
        let all = ["mine:acme", "acme", "nope", "stripe-secret-key", "not-opened"].map(entry).concat();
        assert_eq!(allow.add("a.toml", &all, now()), []);
        let unknown: Vec<String> =
            allow.unknown(&detector, |check| check == "pitr-off").iter().map(ToString::to_string).collect();
        assert_eq!(
            unknown,
            [
                "a.toml:4:1: no rule is called `acme`; one is called `mine:acme`",
                "a.toml:7:1: no rule is called `nope`"
            ]
        );
        let mut allow = AllowList::default();
        assert_eq!(allow.add("a.toml", "[[allow\n", now())[0].line, 1);
        assert!(allow.is_empty());
    }
}
