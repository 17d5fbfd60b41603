//! Text for people: findings worst first, then what was and was not seen, then what to do next.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::{Cause, Run, Unseen, WhoReads, rule};
use crate::audit::{Counts, Fate, Grades, Group, GroupBy, TableAudit};
use crate::domain::{
    FactKind, Finding, Gap, Missing, Origin, Rcu, Safe, Scope, Severity, Sighting, TableRef, Verdict, grouped,
};
use crate::scan::{Odds, Outcome, odds};

/// This form of report.
pub static FORMAT: super::Format = super::Format {
    name: "text",
    what: "For people",
    extension: "txt",
    for_people: true,
    scan,
    sighting: Some(sighting),
};

/// The report of a scan.
pub fn scan(run: &Run) -> String {
    let findings = run.audit.findings(run.finished);
    let mut out = String::new();
    head(&mut out, run, &findings);
    let groups = run.groups(&findings);
    graded(&mut out, run, &run.grades(&findings, &groups));
    compared(&mut out, run, &findings);
    let readers = run.who_reads(&findings);
    causes(&mut out, run, &findings, &run.grouped(&findings, &groups));
    list(&mut out, run, &findings, &readers.iter().map(|(table, who)| (*table, who)).collect());
    who_reads(&mut out, run, &readers);
    coverage(&mut out, run);
    next(&mut out, run, &findings);
    out
}

/// A number of something, in words.
fn count(n: u64, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

fn head(out: &mut String, run: &Run, findings: &[Finding]) {
    for place in &run.places {
        // An unknown account says so itself.
        let account = if place.scope.account.is_empty() { "" } else { "account " };
        let name = place.name.as_ref().map(|name| format!(" ({name})")).unwrap_or_default();
        line!(out, "dynaudit: {account}{}", Safe::neutral(&format!("{}{name}", place.scope)));
        if let Some(endpoint) = &place.scope.endpoint {
            line!(out, "  endpoint  {}  (not AWS itself)", Safe::neutral(endpoint));
        }
        match &place.identity {
            Ok(who) => line!(out, "  identity  {}", Safe::neutral(&who.arn)),
            Err(gap) => line!(out, "  identity  not known: {}", Safe::neutral(&gap.to_string())),
        }
        if let Some(gap) = &place.failed {
            line!(out, "  not read  {}", Safe::neutral(&gap.to_string()));
        }
    }
    if findings.iter().any(|f| f.id.is_provisional()) {
        line!(out, "  ids       provisional: they name no account until it is known");
    }
    let second = |t: jiff::Timestamp| t.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    line!(out, "  read      {} to {}", second(run.started), second(run.finished));
    line!(out);
}

/// The Region and account, where a report is of several: names of tables repeat.
fn there(run: &Run, scope: &Scope) -> String {
    match run.places.len() {
        0 | 1 => String::new(),
        _ if scope.account.is_empty() => format!(" ({})", scope.region),
        _ => format!(" ({}, {})", scope.region, scope.account),
    }
}

/// The grade of all, and of each table.
fn graded(out: &mut String, run: &Run, grades: &Grades) {
    if grades.tables.is_empty() {
        return;
    }
    let overall = &grades.overall;
    line!(out, "GRADE  {}  {}", overall.letter(), Safe::neutral(&overall.why()));
    overall.better().into_iter().for_each(|better| line!(out, "  {}", Safe::neutral(&better)));
    line!(out);
    let name = |table: &TableRef| format!("{}{}", table.name, there(run, &table.scope));
    let widest = grades.tables.iter().map(|(table, _)| name(table).chars().count()).max().unwrap_or(0);
    for (table, graded) in &grades.tables {
        line!(
            out,
            "  {:<2} {:<widest$}  {:<11}  {}; {}",
            graded.letter(),
            Safe::neutral(&name(table)),
            graded.environment.unwrap_or_default(),
            by_severity(&graded.counts).unwrap_or_else(|| "no findings".into()),
            graded.share.told(),
        );
    }
    line!(out);
}

/// `2 critical, 1 high`; none where there is nothing.
fn by_severity(counts: &Counts) -> Option<String> {
    let shown = Severity::ALL.iter().rev().filter(|s| counts[**s as usize] > 0);
    let told: Vec<String> = shown.map(|s| format!("{} {s}", counts[*s as usize])).collect();
    (!told.is_empty()).then(|| told.join(", "))
}

/// How many places are named of what was not seen again.
const NAMED: usize = 5;

/// How it stands to the earlier audit: what is gone, and what was only not seen again.
fn compared(out: &mut String, run: &Run, findings: &[Finding]) {
    let Some(compared) = &run.compared else { return };
    line!(
        out,
        "SINCE {}  {}",
        compared.since.strftime("%Y-%m-%dT%H:%M:%SZ"),
        compared.told(findings, &run.lost)
    );
    if !compared.is_whole {
        line!(out, "  that audit was not complete: what it did not see is new");
    }
    if compared.new_tables > 0 {
        line!(
            out,
            "  {} not in that audit: all that is found there is new",
            count(compared.new_tables as u64, "table")
        );
    }
    line!(out);
    // What may still be there is told by why it was not seen: often a whole table was not looked at.
    let mut unseen: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for lost in &run.lost {
        match &lost.fate {
            Fate::NotSeen(why) => unseen.entry(why).or_default().push(&lost.finding),
            Fate::Gone => line!(
                out,
                "  gone: {}: {} ({}), id {}",
                Safe::neutral(&lost.finding.place()),
                Safe::neutral(&lost.finding.title),
                lost.finding.severity,
                lost.finding.short_id(),
            ),
        }
    }
    for (why, findings) in unseen {
        let places: BTreeSet<String> = findings.iter().map(|f| f.place()).collect();
        let named: Vec<&str> = places.iter().take(NAMED).map(String::as_str).collect();
        let more = if places.len() > NAMED { " ..." } else { "" };
        line!(
            out,
            "  not seen again, {}: {} in {}{more}",
            Safe::neutral(why),
            findings.len(),
            Safe::neutral(&named.join(", "))
        );
    }
    if !run.lost.is_empty() {
        line!(out);
    }
}

/// One line a cause: what there is to act on.
fn causes(out: &mut String, run: &Run, findings: &[Finding], groups: &[Group]) {
    let listed: Vec<&Group> = groups.iter().filter(|group| run.lists_group(group, findings)).collect();
    if groups.len() == findings.len() || listed.is_empty() {
        return;
    }
    let what = match run.group_by {
        GroupBy::Cause => "CAUSES",
        GroupBy::Table => "TABLES",
        GroupBy::Secret => "SECRETS AND SETTINGS",
    };
    line!(out, "{what}  {}, of {} findings", groups.len(), findings.len());
    line!(out);
    for group in listed {
        let ids: Vec<String> =
            group.members.iter().filter_map(|n| findings.get(*n)).map(Finding::short_id).collect();
        let least = if group.worst > group.severity { "+" } else { "" };
        let (first, more) = (&ids[0], ids.len() - 1);
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        line!(
            out,
            "{:<9} {}: {}  ({first}{more})",
            format!("{}{least}", group.severity.word().to_uppercase()),
            Safe::neutral(&group.place),
            Safe::neutral(&group.title),
        );
    }
    line!(out);
}

fn list(out: &mut String, run: &Run, findings: &[Finding], readers: &BTreeMap<&TableRef, &WhoReads>) {
    let mut counts = Counts::default();
    findings.iter().for_each(|finding| counts[finding.severity as usize] += 1);
    if findings.is_empty() {
        line!(out, "FINDINGS  none in what was read");
    } else if !findings.iter().any(|finding| run.counts(finding)) {
        line!(out, "FINDINGS  {}, none of them new or worse", findings.len());
    } else {
        line!(out, "FINDINGS  {} ({})", findings.len(), by_severity(&counts).unwrap_or_default());
    }
    let accepted = findings.iter().filter(|finding| finding.accepted.is_some());
    let (accepted, false_alarms): (Vec<_>, Vec<_>) =
        accepted.partition(|f| f.accepted.as_ref().is_some_and(|why| !why.false_alarm));
    if !accepted.is_empty() || !false_alarms.is_empty() {
        let alarms = if false_alarms.len() == 1 { "false alarm" } else { "false alarms" };
        line!(
            out,
            "  {} accepted and {} {alarms} by allow-lists: listed among info, each with who, why and until when.",
            accepted.len(),
            false_alarms.len()
        );
    }
    let low = findings.iter().filter(|finding| run.counts(finding) && !run.lists(finding)).count();
    if low > 0 {
        line!(out, "  {low} below {} are not listed; --min-severity info lists all.", run.shown_from);
    }
    let old = findings.iter().filter(|finding| !run.counts(finding)).count();
    if old > 0 {
        line!(out, "  {old} that are neither new nor worse are not listed: --only new.");
    }
    line!(out);
    for finding in findings.iter().filter(|finding| run.lists(finding)) {
        line!(
            out,
            "{:<8}  {}{}{}: {}",
            finding.severity.word().to_uppercase(),
            run.compared
                .as_ref()
                .map(|compared| format!("[{}] ", compared.of(finding).word()))
                .unwrap_or_default(),
            Safe::neutral(&finding.place()),
            Safe::neutral(&there(run, &finding.table.scope)),
            Safe::neutral(&finding.title)
        );
        let least = if finding.is_at_least() { format!(", {}", finding.how_bad()) } else { String::new() };
        line!(
            out,
            "          {} ({} confidence{least})  id {}",
            Safe::neutral(finding.rule()),
            finding.confidence,
            finding.short_id()
        );
        for evidence in finding.told(false) {
            line!(out, "          - {}", evidence.sentence());
        }
        if let (Origin::Secret(_), Some(who)) = (&finding.origin, readers.get(&finding.table)) {
            line!(out, "          - Who can read the table: {}.", who.told());
        }
        line!(out, "          {}", Safe::neutral(&finding.why));
        if let Some(rule) = rule(finding) {
            line!(out, "          {}", Safe::neutral(&rule.why));
            if !rule.rotate.is_empty() {
                line!(out, "          rotate: {}", Safe::neutral(&rule.rotate));
            }
        }
        let topics = run.topics_of(finding);
        if let Some((own, then)) = topics.split_first() {
            let then = if then.is_empty() { String::new() } else { format!(", then {}", then.join(", ")) };
            line!(out, "          {} {}: {own}{then}", run.fix_command, finding.short_id());
        } else if let Some(why) = run.why_no_fix(finding) {
            line!(out, "          no snippet: {}", Safe::neutral(&why));
        }
        if let Some(fix) = run.fixes.then(|| run.fixes_of(finding)).and_then(|all| all.into_iter().next()) {
            line!(out, "          fix: {} ({})", fix.title, fix.flavour.word());
            for text in Safe::block(&fix.text).as_str().lines() {
                line!(out, "            {text}");
            }
        }
        line!(out);
    }
}

/// Who can read each table.
fn who_reads(out: &mut String, run: &Run, readers: &[(&TableRef, WhoReads)]) {
    if readers.is_empty() {
        return;
    }
    line!(out, "WHO CAN READ  (`dynaudit access` tells how, and what stops the others)\n");
    for (table, who) in readers {
        let name = format!("{}{}", table.name, there(run, &table.scope));
        line!(out, "  {:<38} {}", Safe::neutral(&name), who.told());
    }
    line!(out);
}

fn coverage(out: &mut String, run: &Run) {
    let items: u64 = run.audit.tables().map(|t| t.items).sum();
    // What an earlier part of the run, or several runs put together, spent on the tables counts as well.
    let of_tables = run.audit.tables().fold(Rcu::ZERO, |all, table| all + table.cost);
    let spent = run.spent.max(of_tables);
    let budget = match run.budget {
        _ if !run.items => String::from("no items were to be read"),
        _ if run.is_of_files() => String::from("from files"),
        Some(budget) => format!("{spent} of {budget} RCU"),
        None => format!("{spent} RCU, no limit"),
    };
    let tables = run.audit.tables().count() as u64;
    line!(out, "COVERAGE  {}, {} read, {budget}", count(tables, "table"), count(items, "item"));
    line!(out);
    let name = |t: &TableAudit| {
        Safe::neutral(&format!("{}{}", t.table.name, there(run, &t.table.scope))).to_string()
    };
    let widest = run.audit.tables().map(|t| name(t).chars().count()).max().unwrap_or(0);
    for table in run.audit.tables() {
        line!(out, "  {:<widest$}  {}", name(table), amount(run, table));
        for what in table.uninspected.sentences() {
            line!(out, "  {:<widest$}  {what}", "");
        }
    }
    line!(out);
    let settings = |u: &&Unseen| {
        let named =
            [Cause::SettingFailed, Cause::SettingDenied, Cause::SettingUnsupported, Cause::SettingUnclear];
        named.contains(&u.cause)
    };
    let mut gaps = run.unseen.iter().filter(settings).peekable();
    if let Some(none) = run.unseen.iter().find(|u| u.cause == Cause::NoTables) {
        line!(out, "  There are {}.", Safe::neutral(&none.said));
    } else if let Some(none) = run.unseen.iter().find(|u| u.cause == Cause::SettingsNotRead) {
        line!(out, "  No setting was read: {}.", Safe::neutral(&none.said));
    } else if gaps.peek().is_none() && run.is_complete() {
        line!(out, "  Every setting that was asked for was seen and understood.");
    } else if gaps.peek().is_some() {
        line!(out, "  Not seen or not understood, and therefore not judged:");
        gaps.for_each(|gap| line!(out, "  - {}", Safe::neutral(&gap.said)));
    }
    unknown(out, run);
    line!(out);
}

/// How many verdicts could not be given, and for want of what.
fn unknown(out: &mut String, run: &Run) {
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    let mut all = 0;
    for table in run.audit.tables() {
        for (_, verdict) in table.verdicts(run.finished) {
            let Verdict::Unknown(missing) = verdict else { continue };
            all += 1;
            let wants: BTreeSet<&str> = missing
                .iter()
                .map(|missing| match missing {
                    Missing::Items => unread(run, table),
                    Missing::Fact(_, Gap::Denied(..)) => "a setting may not be read",
                    Missing::Fact(_, Gap::Unsupported) => "the endpoint does not offer a setting",
                    Missing::Fact(_, Gap::Failed(_)) => "a setting could not be read",
                    Missing::Fact(_, Gap::NotUnderstood(_)) => "a setting is not understood",
                    Missing::Fact(_, Gap::Cut(_)) => "a setting was looked at in part",
                    Missing::Fact(kind, Gap::NotAsked) if kind.is_billed() => {
                        "AWS bills the question (--usage asks it)"
                    }
                    Missing::Fact(_, Gap::NotAsked | Gap::Pending) => "a setting was not asked for",
                })
                .collect();
            *reasons.entry(wants.into_iter().collect::<Vec<_>>().join(" and ")).or_default() += 1;
        }
    }
    if all > 0 {
        line!(
            out,
            "  {} unknown:",
            if all == 1 { "1 verdict is".into() } else { format!("{all} verdicts are") }
        );
        for (reason, count) in reasons {
            line!(out, "  - {count}, because {reason}");
        }
    }
}

/// Why no item of a table was read.
fn unread(run: &Run, table: &TableAudit) -> &'static str {
    match &table.outcome {
        None if !run.items => "items were not to be read",
        Some(Outcome::Stopped(Gap::Denied(..))) => "items may not be read",
        Some(Outcome::Stopped(Gap::NotAsked | Gap::Pending)) => "reading was interrupted",
        Some(Outcome::OutOfBudget) => "the budget was used up before an item was read",
        Some(Outcome::Whole) => "the table has no items",
        Some(Outcome::Stopped(_)) => "items could not be read",
        None | Some(Outcome::Sampled | Outcome::Extract | Outcome::Share { .. }) => "no item was read",
    }
}

fn amount(run: &Run, table: &TableAudit) -> String {
    // Of a table that was read to its end nobody asks how many items there are.
    let about = match (table.facts.description.known(), &table.outcome) {
        (Some(description), _) => format!("{} of about {}", table.items, description.items),
        (None, Some(Outcome::Whole | Outcome::Extract)) => table.items.to_string(),
        (None, _) => format!("{} of an unknown number of", table.items),
    };
    let how = match &table.outcome {
        None if !run.items => return String::from("settings only"),
        None => String::from("not read"),
        Some(Outcome::Whole) => String::from("fully read"),
        Some(Outcome::Share { number, of, .. }) => format!("share {number} of {of}, as planned"),
        Some(Outcome::Extract) => String::from("all that the files hold of it"),
        Some(Outcome::Sampled) => match odds(table.items) {
            Some(Odds { one_in, percent }) => format!(
                "a sample, as planned: it has what 1 in {} items has with a probability of {percent} %",
                grouped(one_in)
            ),
            None => String::from("a sample, as planned"),
        },
        Some(Outcome::OutOfBudget) => String::from("the budget was used up"),
        // What was planned and not done any more: only a person who stops the scan does that.
        Some(Outcome::Stopped(Gap::NotAsked | Gap::Pending)) => String::from("stopped: interrupted"),
        Some(Outcome::Stopped(gap)) => format!("stopped: {}", Safe::neutral(&gap.to_string())),
    };
    format!("{about} items, {} RCU, {how}", table.cost)
}

fn next(out: &mut String, run: &Run, findings: &[Finding]) {
    let mut steps: Vec<String> = Vec::new();
    let worst = findings.iter().find(|finding| run.counts(finding));
    if let Some(worst) = worst.filter(|f| f.severity >= Severity::High) {
        let how = if worst.path().is_some() {
            "rotate it at its issuer first, then take it out"
        } else {
            "fix it first"
        };
        let at = there(run, &worst.table.scope);
        steps.push(format!("{}{at}: {} — {how}.", worst.table.name, worst.title));
        if let Some(interface) = &run.interface {
            steps.push(format!(
                "Open `{interface}`; press A to audit, then F for the findings, Enter for the fix of one, y to copy it.",
            ));
        }
    }
    for unseen in run.unfinished() {
        steps.push(format!("Did not finish: {}", unseen.said));
    }
    let denied: BTreeSet<&str> = run
        .audit
        .tables()
        .flat_map(|t| {
            let stopped = if let Some(Outcome::Stopped(gap)) = &t.outcome { Some(gap) } else { None };
            FactKind::ALL.iter().filter_map(|k| t.facts.gap(*k)).chain(stopped)
        })
        .filter_map(|gap| if let Gap::Denied(permission, _) = gap { Some(permission.action) } else { None })
        .collect();
    if !denied.is_empty() {
        steps.push(format!(
            "To see the rest, grant {} (`dynaudit generate iam-policy`).",
            denied.into_iter().collect::<Vec<_>>().join(", ")
        ));
    }
    let stopped = run.audit.tables().any(|t| t.outcome == Some(Outcome::OutOfBudget)) || !run.is_complete();
    if let Some(command) = run.resume_command.as_ref().filter(|_| stopped) {
        let more = if run.is_complete() { " --budget N" } else { "" };
        steps.push(format!("Go on where it ended: `{command}{more}`"));
    }
    if run.audit.tables().any(|t| t.outcome == Some(Outcome::OutOfBudget)) {
        steps.push(String::from("The budget was used up: raise it with --budget, or narrow with --table."));
    }
    if run.audit.tables().any(|t| t.outcome == Some(Outcome::Sampled)) {
        steps
            .push(String::from("Tables were sampled: --sample reads more of each, --full reads everything."));
    }
    if steps.is_empty() {
        return;
    }
    line!(out, "NEXT");
    line!(out);
    for step in steps {
        line!(out, "  - {}", Safe::neutral(&step));
    }
}

/// A word of a command, for a POSIX shell.
pub fn quoted(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    if !name.is_empty() && !name.starts_with('-') && name.chars().all(plain) {
        name.to_owned()
    } else {
        format!("'{}'", name.replace('\'', "'\"'\"'"))
    }
}

/// A sighting of `inspect` in the item of an input line (from 1), as one line without its line break.
pub fn sighting(line: u64, s: &Sighting) -> String {
    let mut out =
        format!("line {line}: {} {} ({} confidence)", s.severity, Safe::neutral(&s.title), s.confidence,);
    // What stands for something that was not looked at has no value, and for a whole item no path.
    if !s.path.steps().is_empty() {
        let _ = write!(out, " at {}", Safe::neutral(&s.path.to_string()));
    }
    if !s.fingerprint.is_empty() {
        let _ = write!(out, ": {} [{}]", s.masked, s.fingerprint);
    }
    if let Some(expires) = s.expires {
        let _ = write!(out, ", expires {expires}");
    }
    if !s.reasons.is_empty() {
        let _ = write!(out, " — {}", Safe::neutral(&s.reasons.join("; ")));
    }
    out
}
