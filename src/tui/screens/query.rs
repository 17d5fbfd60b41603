//! The expression box: what is wanted, how it would be read, why, and what that costs.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Screen, Transition, View, count, items};
use crate::domain::{Held, KeyAttribute, Rcu, Safe, Step, TableDescription, TableRef};
use crate::query::{
    Completion, Error, Expected, Expression, Member, Operation, Path, Plan, Shape, Typed, Way, complete,
    parse, plan,
};
use crate::tui::keymap::Context;
use crate::tui::model::Shared;
use crate::tui::queries::Asked;
use crate::tui::theme::Role;
use crate::tui::widgets::{Block, Prompt, blocks, fit, height};
use crate::tui::{Action, layout};

/// Maximum number of choices on screen at once.
const CHOICES: usize = 5;

/// Maximum number of other ways to read that are shown.
const OTHERS: usize = 4;

/// The text and what follows from it.
pub struct QueryScreen {
    table: TableRef,
    prompt: Prompt,
    held: Vec<Held>,
    completion: Completion,
    choice: usize,
    plan: Option<Result<(Expression, Plan), Error>>,
    /// The way that was chosen, among those of the plan.
    way: usize,
    /// How far back in what was asked before.
    back: Option<usize>,
    /// Lines of what is told that are scrolled out above.
    scroll: usize,
    /// Of which state of the place the plan was made.
    version: u64,
}

impl QueryScreen {
    pub(super) fn new(shared: &Shared, table: TableRef, asked: Asked) -> Self {
        let mut prompt = Prompt::new("= ");
        prompt.set(asked.text.text());
        let mut state = Self {
            table,
            prompt,
            held: asked.held,
            completion: Completion::default(),
            choice: 0,
            plan: None,
            way: 0,
            back: None,
            scroll: 0,
            version: 0,
        };
        state.replan(shared);
        state
    }

    /// What is in the box, screened.
    fn typed(&self, shared: &Shared) -> Typed {
        Typed::new(self.prompt.text(), &shared.options.redactor)
    }

    fn description<'a>(&self, shared: &'a Shared) -> Option<&'a TableDescription> {
        shared.audit(&self.table)?.facts.description.known()
    }

    /// Plans what is typed, and finds what may come next.
    fn replan(&mut self, shared: &Shared) {
        self.version = shared.engine.version();
        let names = self.names(shared);
        let typed = self.typed(shared);
        self.completion = complete(&typed.before(self.prompt.before().len()), &names);
        (self.choice, self.way, self.scroll) = (0, 0, 0);
        self.plan = self.description(shared).map(|description| {
            let expression = parse(&typed)?;
            let plan = plan(&expression, description, &self.held)?;
            Ok((expression, plan))
        });
    }

    /// Attributes with what they are: keys first, then what items had, then what was inside of that.
    fn names(&self, shared: &Shared) -> Vec<(Path, String)> {
        let mut names: Vec<(Path, String)> = Vec::new();
        if let Some(d) = self.description(shared) {
            let mut add = |attribute: &KeyAttribute, part: &str, whose: &str| {
                if !names.iter().any(|(known, _)| known.is(&attribute.name)) {
                    let note = format!("{}, {part} {whose}", attribute.kind.letter());
                    names.push((Path::attribute(&attribute.name), note));
                }
            };
            add(&d.key.partition, "partition", "key");
            d.key.sort.iter().for_each(|sort| add(sort, "sort", "key"));
            for index in &d.indexes {
                let whose = format!("key of {}", Safe::neutral(&index.name));
                index.partition().for_each(|a| add(a, "partition", &whose));
                index.sort().for_each(|a| add(a, "sort", &whose));
            }
        }
        let keys = names.len();
        for (steps, kind) in shared.queries.ways(&self.table) {
            let Some(path) = asked_for(steps) else { continue };
            if !names[..keys].iter().any(|(key, _)| *key == path) {
                names.push((path, kind.to_owned()));
            }
        }
        names
    }

    /// Walks through what was asked before.
    fn history(&mut self, shared: &Shared, earlier: bool) {
        let list = shared.queries.again(&self.table);
        let at = match (self.back, earlier) {
            (None, true) => Some(0),
            (Some(n), true) => Some(n + 1),
            (Some(n), false) => n.checked_sub(1),
            (None, false) => return,
        };
        if at.is_none_or(|n| n < list.len()) {
            self.recall(shared, at);
        }
    }

    /// Puts what was asked before into the box, by its position; or nothing.
    fn recall(&mut self, shared: &Shared, at: Option<usize>) {
        let asked = at.and_then(|n| shared.queries.again(&self.table).into_iter().nth(n)).unwrap_or_default();
        self.prompt.set(asked.text.text());
        self.held = asked.held;
        self.replan(shared);
        self.back = at;
    }

    /// Drops what was walked to, and shows what was asked before that.
    fn forget(&mut self, shared: &mut Shared) {
        let asked = Asked { text: self.typed(shared), held: self.held.clone() };
        let Some(at) = self.back.filter(|_| shared.queries.forget(&self.table, &asked)) else {
            return shared.say("ctrl-p goes to an earlier or saved expression; ctrl-x deletes it.");
        };
        shared.good("Deleted.");
        let last = shared.queries.again(&self.table).len().checked_sub(1);
        self.recall(shared, last.map(|last| at.min(last)));
    }

    /// How what is typed is read, and its shape; says why if it cannot be. It is asked from now on.
    fn chosen(&self, shared: &mut Shared) -> Option<(Way, Shape)> {
        match &self.plan {
            None => shared.complain("The table's key is not known yet, so no query can be planned."),
            Some(Err(error)) => {
                let column = error.column(self.prompt.text());
                shared.complain(&format!("{}, at character {column}.", error.message));
            }
            Some(Ok((expression, plan))) => {
                let asked = Asked { text: self.typed(shared), held: self.held.clone() };
                shared.queries.asked(&self.table, asked);
                return Some((plan.ways[self.way].clone(), Shape::of(expression)));
            }
        }
        None
    }

    fn accept(&mut self, shared: &Shared) {
        if let Some(choice) = self.completion.choices.get(self.choice) {
            self.prompt.complete(self.completion.start, &choice.text.clone());
            self.replan(shared);
        }
    }
}

impl View for QueryScreen {
    fn context(&self) -> Context {
        Context::Query
    }

    fn title(&self, _: &Shared) -> String {
        format!("{} › query", Safe::neutral(&self.table.name))
    }

    fn table(&self) -> Option<&TableRef> {
        Some(&self.table)
    }

    fn wants(&self, _: &Shared) -> Vec<TableRef> {
        vec![self.table.clone()]
    }

    fn settle(&mut self, shared: &mut Shared) {
        if self.plan.is_none() && self.version != shared.engine.version() {
            self.replan(shared);
        }
    }

    fn prompt(&mut self) -> Option<&mut Prompt> {
        Some(&mut self.prompt)
    }

    fn edited(&mut self, shared: &mut Shared) {
        self.back = None;
        self.replan(shared);
    }

    fn act(&mut self, shared: &mut Shared, action: Action) -> Transition {
        let choices = self.completion.choices.len();
        match action {
            Action::Complete => self.accept(shared),
            Action::Up if self.prompt.text().is_empty() || choices == 0 => self.history(shared, true),
            Action::Down if self.back.is_some() && choices == 0 => self.history(shared, false),
            Action::Up => self.choice = self.choice.checked_sub(1).unwrap_or(choices - 1),
            Action::Down if choices > 0 => self.choice = (self.choice + 1) % choices,
            Action::PageUp | Action::PageDown => self.page(shared, action == Action::PageDown),
            Action::Earlier => self.history(shared, true),
            Action::Later => self.history(shared, false),
            Action::ForgetQuery => self.forget(shared),
            Action::NextWay => {
                if let Some(Ok((_, plan))) = &self.plan {
                    self.way = (self.way + 1) % plan.ways.len();
                }
            }
            Action::Count => {
                if let Some((way, shape)) = self.chosen(shared) {
                    return Transition::Open(Screen::Count(count::CountScreen::counting(
                        self.table.clone(),
                        way,
                        shape,
                    )));
                }
            }
            Action::SaveQuery => match parse(&self.typed(shared)) {
                Ok(expression) => {
                    let shape = Shape::of(&expression);
                    shared.good(&format!("Saved, without its values: {}", shape.as_str()));
                    shared.queries.save(&self.table, shape);
                }
                Err(_) => shared.complain("Only a valid expression can be saved."),
            },
            _ => {}
        }
        Transition::Stay
    }

    fn escaped(&mut self, _: &mut Shared) -> Transition {
        Transition::Close
    }

    fn entered(&mut self, shared: &mut Shared) -> Transition {
        match self.chosen(shared) {
            Some((way, shape)) => {
                Transition::Open(Screen::Items(items::ItemsScreen::reading(self.table.clone(), way, shape)))
            }
            None => Transition::Stay,
        }
    }

    fn draw(&self, shared: &Shared, buf: &mut Buffer, area: Rect) {
        let theme = shared.options.theme;
        let inner = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
        let row = |y: u16| Rect { y: inner.y + y, height: 1, ..inner };
        self.prompt.draw(buf, row(0), shared);
        if let Some(Err(error)) = &self.plan
            && !self.prompt.text().is_empty()
            && let Some(column) = self.prompt.column(error.at.start, inner.width)
        {
            buf.set_string(inner.x + column, inner.y + 1, "^", theme.style(Role::Error));
        }
        let shown = self.offered(area.height);
        let first = (self.choice + 1).saturating_sub(shown);
        for (n, choice) in self.completion.choices.iter().enumerate().skip(first).take(shown) {
            let y = 2 + (n - first) as u16;
            let sign = if n == self.choice { "▸" } else { " " };
            let text = format!("{sign} {:<20} {}", Safe::neutral(&choice.text), choice.note);
            let role = if n == self.choice { Role::Accent } else { Role::Dim };
            let text = fit(&text, usize::from(inner.width));
            buf.set_string(inner.x, inner.y + y, text, theme.style(role));
        }
        let top = self.above(area.height);
        let rest = Rect { y: inner.y + top, height: inner.height.saturating_sub(top), ..inner };
        blocks(buf, rest, theme, &self.told(shared), self.scroll);
    }
}

impl QueryScreen {
    /// How many choices are on a screen of this height.
    fn offered(&self, height: u16) -> usize {
        self.completion.choices.len().min(CHOICES).min(usize::from(height) / 4)
    }

    /// Lines above what is told: the box, the mark of an error, the choices.
    fn above(&self, height: u16) -> u16 {
        let offered = self.offered(height) as u16;
        2 + offered + u16::from(offered > 0)
    }

    /// Scrolls what is told by a screen, a line of which stays.
    fn page(&mut self, shared: &Shared, down: bool) {
        let body = layout::parts(0, shared.size.1).body.height;
        let rows = usize::from(body.saturating_sub(self.above(body)));
        let lines = height(&self.told(shared), shared.size.0.saturating_sub(2));
        let step = rows.saturating_sub(1).max(1);
        self.scroll = if down { self.scroll + step } else { self.scroll.saturating_sub(step) };
        self.scroll = self.scroll.min(lines.saturating_sub(rows));
    }

    /// The plan, or why there is none; and what was asked before.
    fn told(&self, shared: &Shared) -> Vec<Block> {
        let mut out = match &self.plan {
            None => vec![Block::Text("Reading the key schema…".into(), Role::Dim)],
            // What is only not finished yet is no error.
            Some(Err(e))
                if e.expected != Expected::Rest && e.at.start >= self.prompt.text().trim_end().len() =>
            {
                vec![Block::Text(Safe::neutral(&e.message).to_string(), Role::Dim)]
            }
            Some(Err(e)) => vec![Block::Text(format!("✗ {}", Safe::neutral(&e.message)), Role::Error)],
            Some(Ok((_, plan))) => self.planned(plan),
        };
        let again = shared.queries.again(&self.table);
        if !again.is_empty() {
            out.push(Block::Gap);
            out.push(Block::Heading("Earlier and saved (ctrl-p, ctrl-n; ctrl-x deletes one)".into()));
        }
        for (n, asked) in again.iter().enumerate() {
            // As a shape: what was typed is typed again only into the box.
            let Ok(expression) = parse(&asked.text) else { continue };
            let shape = Shape::of(&expression);
            let shape = if shape.as_str().is_empty() { "everything" } else { shape.as_str() };
            let (sign, role) = if self.back == Some(n) { ("▸", Role::Accent) } else { (" ", Role::Dim) };
            out.push(Block::Text(format!("{sign} {}", Safe::neutral(shape)), role));
        }
        out
    }

    fn planned(&self, plan: &Plan) -> Vec<Block> {
        let way = &plan.ways[self.way];
        let safe = |text: &str| Safe::neutral(text).to_string();
        let mut out = vec![
            Block::Item("reads by".into(), named(way), Role::Heading),
            Block::Item("because".into(), safe(&way.why), Role::Plain),
            Block::Item("costs".into(), cost(way), Role::Accent),
        ];
        for note in &way.notes {
            out.push(Block::Item("note".into(), safe(note), Role::Unknown));
        }
        // Those that come next, round and round.
        let others = (1..plan.ways.len()).map(|n| &plan.ways[(self.way + n) % plan.ways.len()]);
        for other in others.clone().take(OTHERS) {
            let text = format!("{}: {}", named(other), cost(other));
            out.push(Block::Item("or (ctrl-o)".into(), text, Role::Dim));
        }
        if others.len() > OTHERS {
            let text = format!("one of {} more", others.len() - OTHERS);
            out.push(Block::Item("or (ctrl-o)".into(), text, Role::Dim));
        }
        for (name, why) in &plan.refused {
            if way.operation == Operation::Scan && !self.prompt.text().is_empty() {
                out.push(Block::Item("no Query on".into(), safe(&format!("{name}: {why}")), Role::Dim));
            }
        }
        out
    }
}

/// The path of a value, as a condition names it; `None` for what only this program can look into.
pub(super) fn asked_for(steps: &[Step]) -> Option<Path> {
    let (Step::Name(root), rest) = steps.split_first()? else { return None };
    let member = |step: &Step| match step {
        Step::Name(name) => Some(Member::Name(name.clone())),
        Step::Index(n) => u32::try_from(*n).ok().map(Member::Index),
        _ => None,
    };
    Some(Path { rest: rest.iter().map(member).collect::<Option<_>>()?, ..Path::attribute(root) })
}

fn named(way: &Way) -> String {
    match &way.index {
        Some(index) => format!("{} on the index {}", way.operation.name(), Safe::neutral(index)),
        None => format!("{} on the table", way.operation.name()),
    }
}

/// "0.5 to 140 RCU in all, 128.5 at most for a page".
fn cost(way: &Way) -> String {
    let e = way.estimate;
    let range = |least: Rcu, most: Rcu| {
        if least == most { format!("about {least}") } else { format!("{least} to {most}") }
    };
    match way.operation {
        Operation::GetItem => format!("{} RCU", range(e.least, e.most)),
        _ => format!("{} RCU to read fully; {} a page at most", range(e.least, e.most), e.page),
    }
}
