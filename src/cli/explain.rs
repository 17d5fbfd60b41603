//! `dynaudit explain`: what a rule or a check looks for, why it matters, and what is done about it.

use std::fmt::Write;
use std::process::ExitCode;

use super::fail::Fail;
use super::output;
use crate::detect::{Catalogue, RuleInfo};
use crate::domain::{Level, Safe};
use crate::posture::{self, CHECKS, Fixed, PostureCheck};
use crate::remedy::{
    FITS, Stands, TOPICS, Topic, beside, fit_of, stands_beside, topic, topic_for, without_topic,
};

/// Maximum number of ids that are offered for one that is not there.
const OFFERED: usize = 8;

macro_rules! line {
    ($out:expr) => { $out.push('\n') };
    ($out:expr, $($arg:tt)*) => {{ let _ = writeln!($out, $($arg)*); }};
}

/// Runs it.
pub fn run(id: &str, rules: &Catalogue) -> Result<ExitCode, Fail> {
    // A few fixes are called as the check or the rule that they are for.
    let pages: Vec<String> =
        [posture::check(id).map(of_check), rules.find(id).map(|rule| of_rule(rule)), topic(id).map(of_topic)]
            .into_iter()
            .flatten()
            .collect();
    if pages.is_empty() {
        return Err(unknown(id, rules));
    }
    output::print(&pages.join("\n"))?;
    Ok(ExitCode::SUCCESS)
}

/// Lists the topics of fixes.
pub fn list() -> Result<ExitCode, Fail> {
    let mut out = String::new();
    let widest = TOPICS.iter().map(|topic| topic.id.len()).max().unwrap_or_default();
    for topic in TOPICS {
        line!(out, "{:<widest$}  {}", topic.id, topic.title);
    }
    output::print(&out)?;
    Ok(ExitCode::SUCCESS)
}

fn unknown(id: &str, rules: &Catalogue) -> Fail {
    let words: Vec<&str> = id.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| w.len() > 2).collect();
    let like = |other: &str| words.iter().filter(|word| other.contains(**word)).count();
    let checks = CHECKS.iter().map(|check| check.id.to_owned());
    let topics = TOPICS.iter().map(|topic| topic.id.to_owned());
    let ids = checks.chain(topics).chain(rules.iter().map(|rule| rule.id.to_string()));
    let mut all: Vec<(usize, String)> =
        ids.map(|other| (like(&other), other)).filter(|(n, _)| *n > 0).collect();
    all.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    all.dedup();
    let near: Vec<String> = all.into_iter().take(OFFERED).map(|(_, id)| id).collect();
    let is_finding = id.len() == 8 && id.bytes().all(|b| b.is_ascii_hexdigit()) || id.contains('#');
    let next = match near.is_empty() {
        _ if is_finding => String::from("that looks like the id of a finding: `dynaudit fix` takes it"),
        true => String::from(
            "`dynaudit generate checks` and `dynaudit generate rules` list them, `dynaudit explain --list` the fixes",
        ),
        false => format!("did you mean {}?", near.join(", ")),
    };
    let id: String = id.chars().take(200).collect();
    Fail::usage(format!("no rule, no check and no fix is called \"{id}\""), next)
}

fn of_check(check: &PostureCheck) -> String {
    let mut out = String::new();
    line!(out, "{}  ({}, usually {})", check.id, about(check.level), check.severity);
    line!(out, "{}", check.title);
    line!(out, "\n{}", check.why);
    line!(out, "\nreads      {}", list_of(check.reads.iter().map(|kind| kind.action().to_owned())));
    if check.reads_items {
        line!(out, "           and items of the table");
    }
    line!(out, "decides    {}", check.field);
    line!(out, "source     {}", check.source);
    if !check.refs.is_empty() {
        line!(out, "catalogues {}", list_of(check.refs.iter().map(ToString::to_string)));
    }
    line!(
        out,
        "fix        {}",
        match check.topic {
            Fixed::By(id) => topic(id).map_or_else(String::new, languages),
            Fixed::Not(why) => format!("none: {why}"),
        }
    );
    if let Fixed::By(id) = check.topic {
        out.push_str(&then(&beside(id, false)));
    }
    line!(out, "\nfor example");
    for case in check.cases {
        line!(out, "  {:<14} {}", case.expect, case.given);
    }
    out
}

fn of_rule(rule: &RuleInfo) -> String {
    let safe = |text: &str| Safe::neutral(text).to_string();
    let mut out = String::new();
    line!(
        out,
        "{}  ({}, {}, {} confidence before validation)",
        rule.id,
        rule.class.word(),
        rule.severity,
        rule.confidence
    );
    line!(out, "{}{}", rule.title, issued_by(rule));
    line!(out, "\n{}", safe(&rule.why));
    if !rule.how.is_empty() {
        line!(out, "\nvalidated  {}", safe(&rule.how));
    }
    if !rule.prefixes.is_empty() {
        line!(out, "begins     {}", list_of(rule.prefixes.iter().map(|p| safe(p))));
    }
    if !rule.keywords.is_empty() {
        line!(out, "needs      one of {}", list_of(rule.keywords.iter().take(OFFERED).map(|k| safe(k))));
    }
    if !rule.rotate.is_empty() {
        line!(out, "rotate     {}", safe(&rule.rotate));
    }
    let fit = fit_of(rule.class);
    line!(out, "\nfirst      {}", fit.first);
    if let Some(leaked) = fit.leaked {
        line!(out, "           {leaked}");
    }
    line!(out, "\nfix, by where it stands");
    for stands in Stands::ALL {
        let what = match topic_for(rule.class, *stands).and_then(topic) {
            Some(topic) => languages(topic),
            None => format!("none: {}", without_topic(rule.class).unwrap_or("there is nothing to run")),
        };
        line!(out, "  {:<26} {what}", stands.words());
    }
    let alone = topic_for(rule.class, Stands::Alone);
    out.push_str(&then(&alone.map(|id| beside(id, true)).unwrap_or_default()));
    out
}

/// What goes with a fix, a line each.
fn then(topics: &[&Topic]) -> String {
    let mut out = String::new();
    for (n, topic) in topics.iter().enumerate() {
        line!(out, "{:<10} {}: {}", if n == 0 { "beside it" } else { "" }, topic.id, topic.title);
    }
    out
}

/// What a fix does, for what, in which languages, and what goes with it.
fn of_topic(topic: &Topic) -> String {
    let mut out = String::new();
    line!(out, "{}  (a fix)", topic.id);
    line!(out, "{}", topic.title);
    line!(out, "\nlanguages  {}", list_of(topic.flavours().iter().map(|f| f.word().to_owned())));
    let checks = CHECKS.iter().filter(|check| check.topic.topic() == Some(topic.id));
    for (n, check) in checks.enumerate() {
        line!(out, "{:<10} {}: {}", if n == 0 { "checks" } else { "" }, check.id, check.title);
    }
    let mut first = true;
    for fit in FITS {
        let stands = Stands::ALL.iter().filter(|stands| topic_for(fit.class, **stands) == Some(topic.id));
        let places = list_of(stands.map(|stands| stands.words().to_owned()));
        if !places.is_empty() {
            let label = if std::mem::take(&mut first) { "secrets" } else { "" };
            line!(out, "{label:<10} {}: {places}", fit.class.word());
        }
    }
    let of = stands_beside(topic.id);
    if !of.is_empty() {
        line!(out, "beside     {}", list_of(of.iter().map(ToString::to_string)));
    }
    out.push_str(&then(&beside(topic.id, !first)));
    line!(out, "\nto print   dynaudit fix ID --topic {}, with the id of a finding that it is for", topic.id);
    out
}

fn issued_by(rule: &RuleInfo) -> String {
    if rule.provider.is_empty() {
        String::new()
    } else {
        format!(" (issued by {})", Safe::neutral(&rule.provider))
    }
}

fn about(level: Level) -> &'static str {
    match level {
        Level::Account => "an account",
        Level::Region => "a Region",
        Level::Table => "a table",
        Level::AccessKey => "an access key",
    }
}

fn languages(topic: &crate::remedy::Topic) -> String {
    let flavours = topic.flavours();
    format!("{} ({})", topic.title, list_of(flavours.iter().map(|f| f.word().to_owned())))
}

fn list_of(words: impl Iterator<Item = String>) -> String {
    words.collect::<Vec<_>>().join(", ")
}
