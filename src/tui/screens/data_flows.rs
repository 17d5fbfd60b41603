//! Where the data of a table goes: a picture of every copy, and how long each outlives a deleted item.

use std::collections::BTreeSet;

use super::Screen;
use super::entry::{Entry, Opens, Row, Section};
use super::reading::{Reading, Text};
use crate::audit::TableAudit;
use crate::domain::{CopyEvent, FactKind, Gap, HISTORY_DAYS, Safe, Severity, TableRef};
use crate::posture::{Copied, CopyLocation, Left, Stays, left, places};
use crate::tui::Action;
use crate::tui::keymap::Context;
use crate::tui::model::Shared;
use crate::tui::text;
use crate::tui::theme::{Role, glyph};
use crate::tui::widgets::Block;

/// How it is opened.
pub(super) static ENTRY: Entry = Entry {
    opens: Opens::OfTable(|_, table| Screen::Fanout(FanoutScreen::of(table))),
    rows: &[
        Row {
            section: Section::Table,
            key: "O",
            contexts: &[Context::Tables, Context::Items, Context::Posture, Context::Overview],
            what: "where the table's data goes, and how long it stays there",
            hint: "copies",
        },
        Row {
            section: Section::Finding,
            key: "O",
            contexts: &[Context::Findings, Context::Finding],
            what: "where its table's data goes, and how long it stays there",
            hint: "copies",
        },
    ],
};

/// The table whose copies are drawn.
pub struct Fanout(TableRef);

/// The page.
pub type FanoutScreen = Reading<Fanout>;

impl FanoutScreen {
    pub(super) fn of(table: TableRef) -> Self {
        Self::new(Fanout(table))
    }
}

impl Text for Fanout {
    fn title(&self) -> String {
        format!("{} › where its data goes", Safe::neutral(&self.0.name))
    }

    fn table(&self) -> Option<&TableRef> {
        Some(&self.0)
    }

    fn text(&self, shared: &Shared) -> Vec<Block> {
        let Some(audit) = shared.audit(&self.0) else { return Vec::new() };
        let restored = shared.engine.audit().restored(&self.0);
        let places = places(&audit.subject(shared.now), restored);
        // What matters most stands where it is seen without scrolling.
        let mut out = bottom_line(&left(&places));
        out.push(Block::Gap);
        out.push(Block::Text(format!("▣ {}", Safe::neutral(&self.0.name)), Role::Heading));
        out.extend(held(audit).map(|(text, role)| Block::Hang("│   ".into(), "│   ".into(), text, role)));
        // What others have is first.
        let (theirs, rest): (Vec<_>, Vec<_>) = places.iter().partition(|place| has_others(place));
        let empty = |place: &&&CopyLocation| place.copies.as_ref().is_ok_and(Vec::is_empty);
        let none: Vec<&str> = rest.iter().filter(empty).map(|place| place.title).collect();
        let told: Vec<&CopyLocation> =
            theirs.into_iter().chain(rest.iter().filter(|p| !empty(p)).copied()).collect();
        for (n, place) in told.iter().enumerate() {
            branch(&mut out, place, n + 1 == told.len() && none.is_empty(), shared);
        }
        if !none.is_empty() {
            out.push(Block::Hang(
                "└── ".into(),
                "    ".into(),
                format!("none: {}", none.join(", ")),
                Role::Dim,
            ));
        }
        out.push(Block::Gap);
        out.extend(roles(audit, shared));
        out.extend(history(&self.0, shared));
        out
    }
}

/// Whether some of it is of another account.
fn has_others(place: &CopyLocation) -> bool {
    place.copies.iter().flatten().any(|copy| copy.of_others.is_some())
}

/// What the table itself holds.
fn held(audit: &TableAudit) -> impl Iterator<Item = (String, Role)> {
    let worst = audit.flagged.iter().map(|f| f.severity).max();
    let line = match worst {
        _ if audit.items == 0 => {
            ("? no item read yet, so it is not known what is copied: A audits".to_owned(), Role::Unknown)
        }
        None => ("no secret found in the items read".to_owned(), Role::Dim),
        Some(worst) => (
            {
                let n = audit.flagged.iter().map(|f| f.path.to_string()).collect::<BTreeSet<_>>().len();
                let s = if n == 1 { "" } else { "s" };
                format!("{} {n} attribute{s} with findings, copied along with the items", glyph(worst))
            },
            Role::Severity(worst),
        ),
    };
    std::iter::once(line)
}

/// One kind of place with what is in it.
fn branch(out: &mut Vec<Block>, place: &CopyLocation, last: bool, shared: &Shared) {
    let (fork, beside) = if last { ("└", " ") } else { ("├", "│") };
    let hang = |lead: &str, text: String, role| {
        Block::Hang(format!("{fork}─{lead} "), format!("{beside}   "), text, role)
    };
    match &place.copies {
        Err((_, Gap::Pending | Gap::NotAsked)) => {
            out.push(hang("?", format!("{}: asking…", place.title), Role::Dim))
        }
        Err((kind, gap)) => {
            let why = match gap {
                Gap::Denied(permission, _) => format!("denied; needs {}", permission.action),
                other => format!("{}; needs {}", text::bare(&other.to_string()), kind.action()),
            };
            out.push(hang("?", format!("{}: not known ({why})", place.title), Role::Unknown));
        }
        Ok(copies) => {
            out.push(hang("▶", place.title.to_owned(), Role::Accent));
            let mut copies: Vec<&Copied> = copies.iter().collect();
            copies.sort_by_key(|copy| copy.of_others.is_none());
            for (n, copy) in copies.iter().enumerate() {
                let (twig, under) = if n + 1 == copies.len() { ("└", " ") } else { ("├", "│") };
                let (said, role) = told(copy, shared);
                out.push(Block::Hang(
                    format!("{beside}   {twig}─ "),
                    format!("{beside}   {under}  "),
                    said,
                    role,
                ));
            }
        }
    }
}

fn told(copy: &Copied, shared: &Shared) -> (String, Role) {
    let (stays, role) = match copy.stays {
        Stays::No => ("deleted with the item".to_owned(), Role::Plain),
        Stays::Until(at) => {
            (format!("kept until {} ({})", at.strftime("%F"), text::relative(at, shared.now)), Role::Plain)
        }
        Stays::Open => ("kept indefinitely".to_owned(), Role::Accent),
        Stays::Untold => ("retention not known".to_owned(), Role::Unknown),
        Stays::HandedOn => ("what it keeps not known".to_owned(), Role::Unknown),
    };
    let flagged = match copy.flagged.as_deref() {
        None | Some([]) => String::new(),
        Some(paths) => {
            let named: Vec<&str> = paths.iter().take(5).map(Safe::as_str).collect();
            let more = if paths.len() > 5 { ", …" } else { "" };
            format!(" · {} carries {}{more}", glyph(Severity::High), named.join(", "))
        }
    };
    match copy.of_others {
        Some(_) => {
            let sign = glyph(Severity::Critical);
            (
                format!("{sign} {}: {} · {stays}{flagged}", copy.name, copy.holds),
                Role::Severity(Severity::Critical),
            )
        }
        None => (format!("{}: {} · {stays}{flagged}", copy.name, copy.holds), role),
    }
}

/// Whether it is known by which roles functions read the stream.
fn roles(audit: &TableAudit, shared: &Shared) -> Option<Block> {
    let functions = audit.facts.stream_consumers.known().filter(|all| !all.is_empty())?;
    let gap = audit.facts.gap(FactKind::FunctionRoles)?;
    let key = shared.options.keymap.of(Context::Reading, Action::Roles);
    let whose = if functions.len() == 1 {
        "Execution role of the function that reads"
    } else {
        "Execution roles of the functions that read"
    };
    let action = FactKind::FunctionRoles.action();
    let why = match gap {
        Gap::NotAsked | Gap::Pending => format!("not queried; {key} asks Lambda ({action})"),
        other => {
            format!("not known ({}); {key} shows more", text::bare(&Safe::neutral(&other.to_string())))
        }
    };
    Some(Block::Text(format!("? {whose} the stream: {why}."), Role::Unknown))
}

/// Maximum number of calls shown here; the history page has them all.
const TOLD: usize = 5;

/// Whether somebody copied it before, as far as CloudTrail was asked.
fn history(table: &TableRef, shared: &Shared) -> Vec<Block> {
    let key = shared.options.keymap.of(Context::Reading, Action::History);
    let place = shared.place_of(table).unwrap_or(shared.here);
    let Some(search) = &shared.notes[place.0].history else {
        let said =
            format!("? Copies made in the last {HISTORY_DAYS} days: not queried; {key} asks CloudTrail.");
        return vec![Block::Text(said, Role::Unknown)];
    };
    let done = |e: &&CopyEvent| e.table.as_deref() == Some(&table.name) && e.error.is_none();
    let calls: Vec<&CopyEvent> = search.events().iter().filter(done).collect();
    let mut out = vec![match (calls.len(), search.is_whole()) {
        (0, true) => Block::Text(
            format!(
                "No call copied it or granted access to it in the last {HISTORY_DAYS} days, according to CloudTrail."
            ),
            Role::Plain,
        ),
        (0, false) => {
            Block::Text(format!("? The CloudTrail search is incomplete: {key} shows more."), Role::Unknown)
        }
        (n, whole) => {
            let more = if whole { "" } else { " (search incomplete)" };
            let s = if n == 1 { "" } else { "s" };
            Block::Text(
                format!(
                    "{n} call{s} copied it or granted access to it in the last {HISTORY_DAYS} days{more} ({key}):"
                ),
                Role::Accent,
            )
        }
    }];
    out.extend(calls.iter().take(TOLD).map(|e| {
        let said = format!("{} {} {}", e.at.strftime("%F"), e.who, e.did());
        Block::Hang("   ".into(), "     ".into(), said, Role::Plain)
    }));
    out
}

/// In how many places copies remain, and until when, as one sentence.
pub(super) fn remain(left: &Left) -> (String, Role) {
    let Left { places, until, open, unseen, .. } = left;
    let count = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
    let at_least = if *unseen > 0 { "at least " } else { "" };
    let said = match (places, until, open) {
        (0, ..) => "No copy that outlives a deletion was found.".to_owned(),
        (n, until, open) => {
            let expiry: Vec<String> = until
                .map(|at| format!("the last known to expire on {}", at.strftime("%F")))
                .into_iter()
                .chain((*open > 0).then(|| match *open {
                    all if all == *n && n > &1 => "none with a known expiry".to_owned(),
                    1 if *n == 1 => "without a known expiry".to_owned(),
                    some => format!("{some} without a known expiry"),
                }))
                .collect();
            let expiry = if expiry.is_empty() { String::new() } else { format!(" ({})", expiry.join("; ")) };
            format!("After deletion, copies remain in {at_least}{}{expiry}.", count(*n, "place"))
        }
    };
    match (*places, *unseen) {
        (0, 0) => (said, Role::Pass),
        // That none was found says nothing before what was not seen.
        (0, _) => ("Whether copies remain is not known.".into(), Role::Unknown),
        _ => (said, Role::Plain),
    }
}

/// What a person wants to know in the end.
fn bottom_line(left: &Left) -> Vec<Block> {
    let Left { readers, unseen, .. } = left;
    let count = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
    let (said, role) = remain(left);
    let mut out = vec![Block::Text(said, role)];
    if *unseen > 0 {
        let kinds =
            if *unseen == 1 { "1 kind of place".to_owned() } else { format!("{unseen} kinds of places") };
        out.push(Block::Text(format!("? {kinds} not known."), Role::Unknown));
    }
    if *readers > 0 {
        let said = format!(
            "? {} of its data; what is kept there cannot be seen from here.",
            count(*readers, "reader")
        );
        out.push(Block::Text(said, Role::Unknown));
    }
    out
}
