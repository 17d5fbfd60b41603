//! `dynaudit fix`: the fix of a finding, without a terminal.

use std::collections::BTreeSet;
use std::process::ExitCode;
use std::sync::Arc;

use super::args::{FixArgs, ScanArgs};
use super::fail::Fail;
use super::saved::{self, Saved};
use super::{output, scan};
use crate::detect::Detector;
use crate::domain::{Finding, Safe, TableFacts};
use crate::remedy::{Fix, Flavour, Options, fixes_with, runbook, why_none};

/// Characters of an id that are repeated in a message.
const LONGEST_ID: usize = 200;

/// Maximum number of ids that are offered for one that is not there.
const OFFERED: usize = 5;

/// Runs it.
pub fn run(args: &FixArgs, detector: Arc<Detector>) -> Result<ExitCode, Fail> {
    let (audit, now) = match &args.from {
        // One log is read by itself: its fingerprints are compared with none.
        Some(file) => {
            let Saved { audit, at, .. } = saved::read(file, "--from", None)?;
            (audit, at)
        }
        None => {
            let (run, _) = scan::audited(&ScanArgs::for_fix(args), detector)
                .map_err(|fail| fail.or("--from LOG reads a saved audit instead, --demo the demo account"))?;
            (run.audit, run.finished)
        }
    };
    let findings = audit.findings(now);
    let chosen = args.id.iter().map(|id| named(&findings, id)).collect::<Result<Vec<_>, _>>()?;
    let profile = args.places.profile.first().cloned();
    let flavour = args.flavour.map(|chosen| chosen.0);
    let options = Options { mask_keys: args.mask_keys, profile, flavour, ..Options::default() };
    let facts = |finding: &Finding| audit.table(&finding.table).map(|t| t.facts.clone()).unwrap_or_default();
    let known: Vec<(&Finding, TableFacts)> = chosen.iter().map(|f| (*f, facts(f))).collect();
    if args.runbook {
        let mut once = BTreeSet::new();
        let each = known.iter().filter(|(f, _)| once.insert(&f.id)).map(|(f, facts)| (*f, facts));
        output::print(Safe::block(&runbook(each, &options)).as_str())?;
        return Ok(ExitCode::SUCCESS);
    }
    for (n, (finding, facts)) in known.iter().enumerate() {
        let all = fixes_with(finding, facts, &options);
        let fix = choose(finding, facts, &all, args)?;
        tell(finding, fix, &all);
        output::print(&format!("{}{}", if n > 0 { "\n" } else { "" }, fix.text))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The finding of an id: the short one that every row and report shows, its beginning, or the whole one.
fn named<'a>(findings: &'a [Finding], id: &str) -> Result<&'a Finding, Fail> {
    let short = id.to_ascii_lowercase();
    let is_it = |f: &&Finding| f.id.to_string() == id || !id.is_empty() && f.short_id().starts_with(&short);
    let found: Vec<&Finding> = findings.iter().filter(is_it).collect();
    // An argument may be anything, and as long as it likes.
    let id: String = id.chars().take(LONGEST_ID).collect();
    match found.as_slice() {
        [one] => Ok(one),
        [_, ..] => {
            let some: Vec<String> = found.iter().take(OFFERED).map(|f| f.short_id()).collect();
            let more = if found.len() > OFFERED { " ..." } else { "" };
            Err(Fail::usage(
                format!("\"{id}\" is the beginning of {} ids", found.len()),
                format!("give more of its characters: {}{more}", some.join(", ")),
            ))
        }
        [] => {
            let of_rule = findings.iter().filter(|f| f.rule() == id).take(OFFERED);
            let offered: Vec<String> = of_rule.map(|f| format!("{} ({})", f.short_id(), f.place())).collect();
            let next = match offered.is_empty() {
                true => String::from("`dynaudit scan` shows the id of each finding"),
                false => format!("that is a rule; its findings are {}", offered.join(", ")),
            };
            Err(Fail::usage(format!("no finding has the id \"{id}\" in what was read"), next))
        }
    }
}

/// The fix that is asked for. A language is that of the finding's own topic: what goes with it is asked for by its name,
/// never given in its place.
fn choose<'a>(
    finding: &Finding,
    facts: &TableFacts,
    all: &'a [Fix],
    args: &FixArgs,
) -> Result<&'a Fix, Fail> {
    let topic = args.topic.as_deref().or_else(|| all.first().map(|fix| fix.topic));
    let fits = |fix: &&Fix| {
        args.flavour.is_none_or(|flavour| flavour.0 == fix.flavour) && topic.is_none_or(|t| t == fix.topic)
    };
    all.iter().find(fits).ok_or_else(|| {
        let title = Safe::neutral(&finding.title);
        let mut there: Vec<String> =
            all.iter().map(|fix| format!("--topic {} --flavour {}", fix.topic, fix.flavour.word())).collect();
        there.dedup();
        match there.as_slice() {
            [] => Fail::usage(
                format!("there is no snippet for: {title}: {}", why(finding, facts)),
                format!("`dynaudit explain {}` tells more of the check", finding.rule()),
            ),
            some => Fail::usage(
                format!("there is no such fix for: {title}"),
                format!("choose one of {}", some.join(", ")),
            ),
        }
    })
}

/// Why there is none.
fn why(finding: &Finding, facts: &TableFacts) -> Safe {
    Safe::neutral(&why_none(finding, facts).unwrap_or_default())
}

/// What a person should know beside the text, on stderr: it is piped away.
fn tell(finding: &Finding, fix: &Fix, all: &[Fix]) {
    output::complain(&format!(
        "dynaudit: {} {}, {}: {}",
        finding.short_id(),
        Safe::neutral(&finding.place()),
        Safe::neutral(&finding.title),
        fix.title
    ));
    if !fix.placeholders.is_empty() {
        let names: Vec<String> = fix.placeholders.iter().map(|p| Safe::neutral(p).to_string()).collect();
        output::complain(&format!("dynaudit: put in before you run it: {}", names.join(", ")));
    }
    let same = |other: &&Fix| other.topic == fix.topic && other.flavour != fix.flavour;
    let others: Vec<&str> = all.iter().filter(same).map(|other| other.flavour.word()).collect();
    if !others.is_empty() {
        output::complain(&format!("dynaudit: also with --flavour {}", others.join(", ")));
    }
    let mut topics: Vec<&str> = all.iter().map(|other| other.topic).filter(|t| *t != fix.topic).collect();
    topics.dedup();
    if !topics.is_empty() {
        output::complain(&format!("dynaudit: then --topic {}", topics.join(", then --topic ")));
    }
}

/// A flavour, as an argument.
pub fn flavour(word: &str) -> Result<Chosen, String> {
    let all = Flavour::ALL;
    all.iter().find(|f| f.word() == word).map(|f| Chosen(*f)).ok_or_else(|| {
        let words: Vec<&str> = all.iter().map(|f| f.word()).collect();
        format!("not one of {}", words.join(", "))
    })
}

/// A flavour that was chosen.
#[derive(Debug, Clone, Copy)]
pub struct Chosen(pub Flavour);
