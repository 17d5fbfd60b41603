//! The interface as lines, for screen readers and pipes: the screen as numbered lines, a line typed as messages.
//!
//! There is no second interface: what is printed is what [`view`] draws, without what only eyes can use.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use crate::scan::Search;
use crate::tui::keymap::{Context, KEYMAP};
use crate::tui::model::{Model, Notes};
use crate::tui::screens::NOT_READ;
use crate::tui::widgets::{BETWEEN, Block, Rows};
use crate::tui::{Key, Msg, fuzzy, layout, view};

/// Columns and rows of the screen that is printed: wide enough that little is cut off, short enough to be heard.
pub const SIZE: (u16, u16) = (200, 44);

/// What lines may be typed; told at the start.
pub const INTRODUCTION: &str = "Type a row's number to open it, a key's name to press it (j, esc, ctrl-d), : and a \
                                command to run it, nothing to hear the screen again. ? lists the keys, q quits.";

/// Signs that only eyes can use, and the words for them.
const SIGNS: &[(&str, &str)] = &[
    // Where the word stands beside its sign already.
    ("‼ critical", "critical"),
    ("! high", "high"),
    ("▲ medium", "medium"),
    ("▽ low", "low"),
    ("· info", "info"),
    ("✗ fail", "fail"),
    ("✓ pass", "pass"),
    ("‼", "critical "),
    ("▲", "medium "),
    ("▽", "low "),
    ("✓ ", ""),
    ("✗ ", "error: "),
    ("▸", " "),
    ("▾", " "),
    ("▐", " "),
    ("─", " "),
];

/// Who, where, and what was spent.
pub fn header(model: &Model) -> String {
    listed(&row(&drawn(model), 0))
}

/// The screen: its title, then its lines; the rows of a list have their numbers.
pub fn lines(model: &Model) -> Vec<String> {
    let buf = drawn(model);
    let shared = &model.shared;
    let body = layout::parts(shared.size.0, shared.size.1).body;
    let list = model.top().list(body.height);
    let (first, count) = list.map_or((body.bottom(), 0), |rows| {
        let height = body.height.saturating_sub(rows.above + rows.below);
        (body.y + rows.above, rows.list.visible(rows.len, usize::from(height)).len())
    });
    let mut out = vec![format!("Screen: {}", worded(&model.top().title(shared)))];
    for y in body.top()..body.bottom() {
        let text = row(&buf, y);
        let line = match list {
            Some(Rows { list, .. }) if y >= first && usize::from(y - first) < count => {
                let at = list.offset + usize::from(y - first);
                let selected = if at == list.cursor { " (selected)" } else { "" };
                format!("{}. {}{selected}", at + 1, listed(&text))
            }
            _ if y + 1 == first => listed(&text),
            _ => worded(text.strip_prefix(' ').unwrap_or(&text)).trim_end().to_owned(),
        };
        if !line.trim().is_empty() {
            out.push(line);
        }
    }
    if let Some(Rows { list, len, .. }) = list.filter(|rows| rows.len > count) {
        out.push(format!("Rows {} to {} of {len}.", list.offset + 1, list.offset + count));
    }
    out
}

/// The message at the foot of the screen.
pub fn notice(model: &Model) -> Option<String> {
    match model.shared.message()? {
        Block::Text(text, _) => Some(worded(&text)),
        _ => None,
    }
}

/// Whether nothing is under way: what is on the screen stays until something is typed.
pub fn is_idle(model: &Model) -> bool {
    let searching = |notes: &Notes| notes.history.as_ref().is_some_and(Search::is_running);
    let shared = &model.shared;
    shared.waiting.is_empty()
        && !shared.engine.is_waiting()
        && shared.engine.reading().is_none()
        && !shared.notes.iter().any(searching)
}

/// What a line means on the screen as it is.
///
/// # Errors
/// A sentence, if it means nothing.
pub fn read(model: &mut Model, line: &str) -> Result<Vec<Msg>, String> {
    let line = line.trim();
    let redactor = model.shared.options.redactor.clone();
    let told = |typed: &str| redactor.redact(typed);
    let key = |name: &str| Key::parse(name).map(Msg::Key);
    let context = model.top().context();
    let top = model.stack.last_mut().expect("the list of tables is never closed");
    if top.prompt().is_some() {
        // A character is text here; the name of a key is longer.
        if let Some(key) = key(line).filter(|_| line.chars().count() > 1) {
            return Ok(vec![key]);
        }
        let text = Msg::Paste(line.to_owned());
        return Ok(key("ctrl-u").into_iter().chain([text]).chain(key("enter")).collect());
    }
    if line.is_empty() {
        return Ok(Vec::new());
    }
    if let Ok(number) = line.parse::<usize>() {
        let len = top.list(0).map_or(0, |rows| rows.len);
        return match number.checked_sub(1).filter(|at| *at < len) {
            Some(at) => Ok(vec![Msg::Pick(at)]),
            None if len == 0 => Err("There are no rows to open here.".into()),
            None => Err(format!("There is no row {number}; the last one is {len}.")),
        };
    }
    if let Some(command) = line.strip_prefix(':').map(str::trim).filter(|c| !c.is_empty()) {
        return action(context, command).map(|msg| vec![msg]).ok_or_else(|| {
            format!("There is no command like \"{}\" here; : alone lists them.", told(command))
        });
    }
    key(line)
        .map(|key| vec![key])
        .ok_or_else(|| format!("\"{}\" is no row, key or command. {INTRODUCTION}", told(line)))
}

/// A command by the name of its action, or else by words that describe it.
fn action(context: Context, command: &str) -> Option<Msg> {
    let here: Vec<_> = KEYMAP.iter().filter(|b| b.works_in(context)).collect();
    let named = here.iter().find(|b| b.action.name() == command);
    let like = || fuzzy::rank(command, here.iter().map(|b| b.what)).first().map(|n| &here[*n]);
    named.or_else(like).map(|binding| Msg::Run(binding.action))
}

fn drawn(model: &Model) -> Buffer {
    let (width, height) = model.shared.terminal;
    let mut buf = Buffer::empty(Rect::new(0, 0, width, height));
    view(model, &mut buf);
    buf
}

/// A row of the screen. A wide character takes two cells, of which the second holds nothing of its own.
fn row(buf: &Buffer, y: u16) -> String {
    let mut out = String::new();
    let mut x = 0;
    while x < buf.area.width {
        let symbol = buf[(x, y)].symbol();
        out.push_str(symbol);
        x += (symbol.width() as u16).max(1);
    }
    out
}

fn worded(text: &str) -> String {
    SIGNS.iter().fold(text.to_owned(), |text, (sign, word)| text.replace(sign, word))
}

/// The cells of a row, with a sign between them that is heard.
fn listed(text: &str) -> String {
    // This sign is an ordinary character: it is one of a severity before a count or alone.
    let high = |word: &str| match word.strip_prefix('!') {
        Some(count) if count.bytes().all(|b| b.is_ascii_digit()) => format!("high {count}"),
        _ => word.to_owned(),
    };
    let cell = |cell: &str| {
        let words = cell.trim().split(' ').map(high).collect::<Vec<_>>().join(" ").trim().to_owned();
        // A dot is not spoken: that nothing was read must not be silence.
        match words.strip_suffix(NOT_READ) {
            Some(before) if before.is_empty() || before.ends_with(' ') => format!("{before}not read"),
            _ => words,
        }
    };
    let text = worded(text);
    let cells: Vec<&str> =
        if text.contains(BETWEEN) { text.split(BETWEEN).collect() } else { text.split("  ").collect() };
    cells.into_iter().map(cell).filter(|cell| !cell.is_empty()).collect::<Vec<_>>().join("; ")
}
