//! Everything the interface knows.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use jiff::Timestamp;

use crate::audit::{Baseline, TableAudit};
use crate::detect::{Catalogue, Redactor};
use crate::domain::{
    Acceptances, AccessKeyFacts, Call, FactKind, Failure, Finding, FindingId, Gap, Rcu, Safe, Scope, TableRef,
};
use crate::engine::{Config, Engine};
pub use crate::engine::{Listing, Place, PlaceId};
use crate::readers::{Memo, Readers};
use crate::scan::{Budget, Reservation, Search};
use crate::tui::columns::ColumnLayout;
use crate::tui::keymap::{Context, Keymap};
use crate::tui::layout::MESSAGE_ROWS;
use crate::tui::remembered::{Open, Remembered};
use crate::tui::screens::Screen;
use crate::tui::theme::{Colours, Role, Scheme, Theme};
use crate::tui::widgets::{Block, height as height_of};
use crate::tui::{Action, Ask, Asked, Effect, Queries, RequestId, text};

/// Settings that hold for the whole session.
#[derive(Clone, PartialEq)]
pub struct Options {
    /// Whether a value may be shown in clear at all.
    pub reveal: bool,
    /// Mask every value, not only what looks like a secret.
    pub mask_all: bool,
    /// And keep it so for the whole session.
    pub mask_locked: bool,
    /// The embedded account.
    pub demo: bool,
    /// A table to open at once.
    pub table: Option<String>,
    /// What to ask of that table at once.
    pub query: Option<Asked>,
    /// Colours.
    pub theme: Theme,
    /// The terminal is asked for its background, and the theme follows the answer.
    pub theme_by_terminal: bool,
    /// Whether the mouse is listened to.
    pub mouse: bool,
    /// The keys in force.
    pub keymap: Keymap,
    /// Columns of the list of tables, by name and in order; empty means all.
    pub columns: Vec<String>,
    /// How each place was signed in to.
    pub logins: Vec<Login>,
    /// Patterns of what is called production; empty means the usual words (see `view`).
    pub production: Vec<String>,
    /// What is wrong with the configuration, to be told at the start.
    pub problems: Vec<String>,
    /// The read budget of the session.
    pub budget: Rcu,
    /// What allow-lists accept of findings.
    pub accepted: Arc<Acceptances>,
    /// The user of this machine; empty where that is not known.
    pub user: String,
    /// A saved audit to compare with.
    pub baseline: Option<Arc<Baseline>>,
    /// What a person reads of every rule that is in force.
    pub rules: Catalogue,
    /// Masks what these rules recognise in texts that are no items: what is typed, what messages repeat.
    pub redactor: Redactor,
}

/// How a place was signed in to.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Login {
    /// What whoever opened it calls it: its profile; empty where that is not known.
    pub name: String,
    /// The MFA devices of which signing in again needs a code each, by their serial numbers and in this order.
    pub devices: Vec<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            reveal: true,
            mask_all: false,
            mask_locked: false,
            demo: false,
            table: None,
            query: None,
            theme: Theme { scheme: Scheme::Dark, colours: Colours::Sixteen, read_aloud: false },
            theme_by_terminal: false,
            mouse: false,
            keymap: Keymap::default(),
            columns: Vec::new(),
            logins: Vec::new(),
            production: Vec::new(),
            problems: Vec::new(),
            budget: Rcu::units(crate::scan::SESSION_BUDGET),
            accepted: Arc::default(),
            user: String::new(),
            baseline: None,
            rules: Catalogue::default(),
            redactor: Redactor::default(),
        }
    }
}

/// What an answer is waited for.
pub(super) enum Waiting {
    /// New credentials.
    Renewal,
    /// A page of items, with what was set aside for it.
    Page(Reservation),
    /// Something that one screen alone wants.
    Screen,
}

/// What a person asked of a place that is no part of an audit.
#[derive(Default)]
pub struct Notes {
    /// What CloudTrail's event history tells of its tables.
    pub history: Option<Search>,
    /// What AWS told of access keys, by their fingerprints.
    pub access_keys: BTreeMap<String, AccessKeyFacts>,
}

/// Maximum number of tables that are read at the same time.
const AT_ONCE: usize = 4;

/// How a message is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Something was done.
    Good,
    /// Something to know.
    Plain,
    /// Something went wrong.
    Bad,
}

/// A message at the foot of the screen.
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    /// What it says.
    pub text: Safe,
    /// How it is meant.
    pub tone: Tone,
    /// When it goes away; `None` means with the next key.
    pub until: Option<Timestamp>,
}

/// What happened, in the log.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A sentence, and whether something went wrong.
    Said(Safe, bool),
    /// A call that was made.
    Called(Call),
}

/// A line of the log.
#[derive(Debug, Clone, PartialEq)]
pub struct LogLine {
    /// When.
    pub at: Timestamp,
    /// What.
    pub event: Event,
}

/// Maximum number of lines kept; the oldest go.
const LOG_LINES: usize = 20_000;

/// What all screens share.
pub struct Shared {
    /// Now, as the last message brought it.
    pub now: Timestamp,
    /// Columns and rows of the terminal.
    pub terminal: (u16, u16),
    /// Columns and rows for the screens: those of the terminal, less what a long message takes of them.
    pub size: (u16, u16),
    /// Settings.
    pub options: Options,
    /// The audit of all accounts and Regions, and what drives it.
    pub engine: Engine,
    /// What was asked of each of them besides.
    pub notes: Vec<Notes>,
    /// The one on screen.
    pub here: PlaceId,
    /// Tables and findings are of all places, not of the one on screen.
    pub combined: bool,
    /// Findings of which a fix was taken along.
    pub copied_fixes: BTreeSet<FindingId>,
    /// Who can read each table, as far as somebody asked.
    pub readers: Memo,
    /// What may be read.
    pub budget: Budget,
    /// How the columns of tables were arranged.
    pub columns: BTreeMap<TableRef, ColumnLayout>,
    /// The message at the foot.
    pub notice: Option<Notice>,
    /// What was asked of each table.
    pub queries: Queries,
    /// Errors and calls, oldest first.
    pub log: VecDeque<LogLine>,
    /// Lines of the log that are no longer kept.
    pub log_gone: u64,
    /// What the last session left, kept for the next.
    pub remembered: Remembered,
    /// Screens of the last session, until the tables are listed.
    pub(super) to_open: Vec<Open>,
    /// A question that the same key answers, and until when.
    pub(super) asked: Option<(String, Timestamp)>,
    /// An audit begins when every account and Region is listed.
    pub(super) audit_when_listed: bool,
    /// What the session's budget set aside for reading items.
    pub(super) carved: Option<Reservation>,
    pub(super) waiting: BTreeMap<RequestId, (PlaceId, Waiting)>,
    pub(super) effects: Vec<Effect>,
}

/// The whole state: what is shared, and the screens from the bottom up. The bottom one is the list of tables.
pub struct Model {
    /// What all screens share.
    pub shared: Shared,
    /// The screens; the last one is on top.
    pub stack: Vec<Screen>,
    /// What was left by going back, the last one on top.
    pub(super) forward: Vec<Screen>,
    /// The other open views: where, and their screens. They ask for nothing while they are not on screen.
    pub(super) views: Vec<(PlaceId, Vec<Screen>)>,
}

impl Model {
    /// At the start, with nothing asked yet.
    pub fn new(scopes: Vec<Arc<Scope>>, options: Options, size: (u16, u16), now: Timestamp) -> Self {
        let budget = Budget::limited(options.budget);
        let names = options.logins.iter().map(|login| login.name.clone());
        let names = names.chain(std::iter::repeat(String::new()));
        let places: Vec<Place> =
            scopes.iter().zip(names).map(|(scope, name)| Place::new(name, Arc::clone(scope))).collect();
        let mut engine = Engine::new(places, Config { at_once: AT_ONCE, ..Config::default() });
        engine.accept(Arc::clone(&options.accepted));
        let shared = Shared {
            now,
            terminal: size,
            size,
            options,
            notes: scopes.iter().map(|_| Notes::default()).collect(),
            engine,
            here: PlaceId(0),
            combined: false,
            copied_fixes: BTreeSet::new(),
            readers: Memo::default(),
            budget,
            columns: BTreeMap::new(),
            notice: None,
            queries: Queries::default(),
            log: VecDeque::new(),
            log_gone: 0,
            remembered: Remembered::default(),
            to_open: Vec::new(),
            asked: None,
            audit_when_listed: false,
            carved: None,
            waiting: BTreeMap::new(),
            effects: Vec::new(),
        };
        Self { shared, stack: vec![Screen::tables()], forward: Vec::new(), views: Vec::new() }
    }

    /// The screen on top.
    pub fn top(&self) -> &Screen {
        self.stack.last().expect("the list of tables is never closed")
    }
}

impl Shared {
    /// The place on screen.
    pub fn place(&self) -> &Place {
        &self.engine.places[self.here.0]
    }

    /// The place that a table was listed in.
    pub fn place_of(&self, table: &TableRef) -> Option<PlaceId> {
        self.engine.place_of(table)
    }

    /// The places that lists are of: the one on screen, or all.
    pub fn listed(&self) -> Vec<PlaceId> {
        if self.combined { (0..self.engine.places.len()).map(PlaceId).collect() } else { vec![self.here] }
    }

    /// The findings in some places, worst first.
    pub fn findings_in(&self, places: &[PlaceId]) -> Vec<Finding> {
        let there = |f: &&Finding| self.place_of(&f.table).is_some_and(|place| places.contains(&place));
        self.engine.findings().all().iter().filter(there).cloned().collect()
    }

    /// What is known of a table.
    pub fn audit(&self, table: &TableRef) -> Option<&TableAudit> {
        self.engine.table(table)
    }

    /// Who can read a table; `None` while the people of its account are not known.
    pub(super) fn readers_of(&mut self, table: &TableRef) -> Option<Arc<Readers>> {
        let facts = &self.engine.table(table)?.facts;
        facts.account.known()?;
        self.readers.readers(table, facts)
    }

    /// Units spent, those of the audit under way included.
    pub fn spent(&self) -> Rcu {
        self.budget.spent() + self.engine.spent()
    }

    /// Sends a question.
    pub(super) fn ask(&mut self, place: PlaceId, waiting: Waiting, ask: Ask) -> RequestId {
        let id = self.engine.new_id();
        self.waiting.insert(id, (place, waiting));
        self.effects.push(Effect::Ask(place, id, ask));
        id
    }

    /// Asks for a fact that a person wants now, billed or not.
    pub(super) fn ask_now(&mut self, table: &TableRef, kind: FactKind) {
        let place = self.place_of(table).unwrap_or(self.here);
        self.engine.ask_now(place, table, kind);
    }

    /// Gives a request up. A read is charged at its worst case: it may have been done.
    pub(super) fn cancel(&mut self, id: RequestId) {
        if let Some((_, waiting)) = self.waiting.remove(&id) {
            if let Waiting::Page(reservation) = waiting {
                self.budget.settle(reservation, None);
            }
            self.effects.push(Effect::Cancel(id));
        }
    }

    /// A text as it may be shown, kept and logged: what is recognised in it is masked.
    pub(super) fn redacted(&self, text: &str) -> Safe {
        self.options.redactor.redact(text)
    }

    /// Whether a question that is on screen is answered by asking it again; it is put if it is not there.
    pub(super) fn is_confirmed(&mut self, question: &str) -> bool {
        let asked = self.asked.take().is_some_and(|(asked, until)| asked == question && self.now < until);
        if !asked {
            self.say(question);
            self.asked = Some((question.to_owned(), self.after(6)));
        }
        asked
    }

    /// Shows something to know for some seconds.
    pub(super) fn say(&mut self, text: &str) {
        self.show(text, Tone::Plain);
    }

    /// Shows that something was done for some seconds.
    pub(super) fn good(&mut self, text: &str) {
        self.show(text, Tone::Good);
    }

    fn show(&mut self, text: &str, tone: Tone) {
        let until = self.after(6);
        self.notice = Some(Notice { text: self.redacted(text), tone, until: Some(until) });
        self.effects.push(Effect::WakeAt(until));
    }

    /// Shows an error until the next key, and logs it.
    pub(super) fn complain(&mut self, text: &str) {
        self.log(text, true);
        self.notice = Some(Notice { text: self.redacted(text), tone: Tone::Bad, until: None });
    }

    /// Adds a line to the log.
    pub(super) fn log(&mut self, text: &str, bad: bool) {
        let said = self.redacted(text);
        self.write_down(Event::Said(said, bad));
    }

    /// Adds a call to the log.
    pub(super) fn called(&mut self, call: Call) {
        self.write_down(Event::Called(call));
    }

    fn write_down(&mut self, event: Event) {
        if self.log.len() == LOG_LINES {
            self.log.pop_front();
            self.log_gone += 1;
        }
        self.log.push_back(LogLine { at: self.now, event });
    }

    /// The time this many seconds from now.
    pub(super) fn after(&self, seconds: i64) -> Timestamp {
        self.now.checked_add(jiff::SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX)
    }

    /// The message at the foot, if there is one that must be read to its end.
    pub(super) fn message(&self) -> Option<Block> {
        if let Some(Notice { text, tone, .. }) = &self.notice {
            let (sign, role) = match tone {
                Tone::Good => ("✓ ", Role::Good),
                Tone::Plain => ("", Role::Accent),
                Tone::Bad => ("✗ ", Role::Error),
            };
            return Some(Block::Text(format!("{sign}{text}"), role));
        }
        let (place, failure) = self.trouble_here()?;
        let key = |action| self.options.keymap.of(Context::Tables, action);
        let copies = failure.command().map(|_| format!(" {} copies the command.", key(Action::CopyLogin)));
        let again = key(Action::Refresh);
        let again = if failure.is_of_credentials() && !self.devices(place).is_empty() {
            format!("{again} asks for it")
        } else {
            format!("then press {again}")
        };
        let text = format!("✗ {}; {again}.{}", text::advice(failure), copies.unwrap_or_default());
        Some(Block::Text(text, Role::Error))
    }

    /// Divides the terminal between screens and message; whether the screens have another size now.
    pub(super) fn make_room(&mut self) -> bool {
        let (width, height) = self.terminal;
        let rows = self.message().map_or(1, |m| height_of(&[m], width.saturating_sub(2)));
        let more = (rows as u16).clamp(1, MESSAGE_ROWS) - 1;
        let size = (width, height.saturating_sub(more));
        std::mem::replace(&mut self.size, size) != size
    }

    /// The trouble of what is on screen, and where it is.
    pub(super) fn trouble_here(&self) -> Option<(PlaceId, &Failure)> {
        self.listed().into_iter().find_map(|id| Some((id, self.engine.places[id.0].trouble.as_ref()?)))
    }

    /// Whether the credentials of a place are invalid.
    pub(super) fn is_signed_out(&self, place: PlaceId) -> bool {
        self.engine.places[place.0].trouble.as_ref().is_some_and(Failure::is_of_credentials)
    }

    /// The MFA devices of which signing in to a place again needs codes.
    pub(super) fn devices(&self, place: PlaceId) -> &[String] {
        self.options.logins.get(place.0).map_or(&[], |login| &login.devices)
    }

    /// Takes in a gap: what will last is kept on screen, the rest is logged where it matters.
    pub(super) fn trouble(&mut self, place: PlaceId, what: &str, gap: &Gap) {
        use crate::domain::FailureKind::{Expired, NoCredentials, Unreachable};
        match gap {
            Gap::Failed(failure) if matches!(failure.kind, Expired | NoCredentials | Unreachable) => {
                // Of credentials that are no good the first word stays, or that of the last attempt to sign in: what was
                // asked before it and fails after it tells nothing newer.
                let told = self.is_signed_out(place) && failure.is_of_credentials();
                if !told && self.engine.places[place.0].trouble.as_ref() != Some(failure) {
                    let region = self.engine.places[place.0].scope.region.clone();
                    self.log(&format!("{what} in {region}: {}", text::advice(failure)), true);
                    self.engine.places[place.0].trouble = Some(failure.clone());
                    // Good news from before would hide it.
                    self.notice.take_if(|n| n.tone != Tone::Bad);
                }
            }
            Gap::Failed(failure) => self.log(&format!("{what}: {}", text::advice(failure)), true),
            Gap::Denied(permission, message) => {
                self.log(&format!("{what}: denied, needs {}. {message}", permission.action), true);
            }
            Gap::Unsupported | Gap::NotUnderstood(_) | Gap::Cut(_) => {
                self.log(&format!("{what}: {gap}"), true)
            }
            Gap::NotAsked | Gap::Pending => {}
        }
    }
}
