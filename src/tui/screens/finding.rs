//! One finding: what, where, why, what was seen, and the fix to copy.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Flow, Screen, View, reading};
use crate::domain::{Finding, FindingSubject, Origin, Safe, TableRef};
use crate::posture;
use crate::remedy::{Flavour, Needs, Snippet, fit_of, render, topic};
use crate::tui::keymap::Context;
use crate::tui::model::Shared;
use crate::tui::theme::{Role, glyph};
use crate::tui::widgets::Block;
use crate::tui::{Action, Copy, Effect};

/// The finding, the language of the fix, and how far the text is scrolled.
pub struct State {
    finding: Finding,
    flavour: usize,
    scroll: usize,
    /// Of which place, and of what was known when.
    of: Option<u64>,
}

impl State {
    pub(super) fn new(finding: Finding) -> Self {
        Self { finding, flavour: 0, scroll: 0, of: None }
    }

    /// The languages that its fix has.
    fn flavours(&self) -> Vec<Flavour> {
        self.finding.topic.and_then(topic).map_or_else(|| vec![Flavour::AwsCli], |topic| topic.flavours())
    }

    /// The one that is shown.
    fn language(&self) -> Flavour {
        let all = self.flavours();
        all[self.flavour % all.len()]
    }

    fn snippet(&self, shared: &Shared) -> Result<Snippet, Needs> {
        let facts = shared.audit(&self.finding.table).map(|t| t.facts.clone()).unwrap_or_default();
        render(&self.finding, self.language(), &facts)
    }

    fn text(&self, shared: &Shared) -> Vec<Block> {
        let f = &self.finding;
        let safe = |t: &str| Safe::neutral(t).to_string();
        let mut out = vec![
            Block::Text(
                format!("{} {} — {}", glyph(f.severity), f.how_bad(), safe(&f.title)),
                Role::Severity(f.severity),
            ),
            Block::Item("where".into(), where_it_is(f), Role::Plain),
        ];
        out.extend(affected(f).map(|tables| Block::Item("affects".into(), tables, Role::Plain)));
        if let Some(path) = f.path() {
            out.push(Block::Item("attribute".into(), safe(&path.to_string()), Role::Accent));
        }
        out.push(Block::Item("why".into(), safe(&f.why), Role::Plain));
        for (n, seen) in f.told(shared.options.mask_all).iter().enumerate() {
            let label = if n == 0 { "seen" } else { "" };
            out.push(Block::Item(
                label.into(),
                seen.sentence().to_string(),
                if n == 0 { Role::Masked } else { Role::Plain },
            ));
        }
        let check = posture::check(f.rule());
        let from = check.and_then(|check| super::posture::seen(check, shared.audit(&f.table)));
        out.extend(from.map(|from| Block::Item("from".into(), from, Role::Dim)));
        out.push(Block::Item("confidence".into(), f.confidence.to_string(), Role::Plain));
        out.push(Block::Item("rule".into(), safe(f.rule()), Role::Dim));
        if let Some(about) = shared.options.rules.find(f.rule()).filter(|about| !about.rotate.is_empty()) {
            out.push(Block::Item("rotate".into(), safe(&about.rotate), Role::Accent));
        }
        out.push(Block::Gap);
        let tabs: Vec<String> =
            self.flavours()
                .iter()
                .enumerate()
                .map(|(n, fl)| {
                    if n == self.flavour { format!("[{}]", fl.title()) } else { format!(" {} ", fl.title()) }
                })
                .collect();
        out.push(Block::Heading(format!("Fix  {}", tabs.join(" "))));
        out.push(match self.snippet(shared) {
            Ok(snippet) => Block::Code(Safe::block(&snippet.text).to_string()),
            Err(Needs::NoTemplate) => match without_fix(f) {
                Some(why) => Block::Text(format!("There is no snippet for it: {why}."), Role::Plain),
                None => Block::Text(
                    "There is no fix in this language for it. Tab shows another.".into(),
                    Role::Unknown,
                ),
            },
            Err(Needs::Fact(kind)) => {
                let gap = shared
                    .audit(&f.table)
                    .and_then(|t| t.facts.gap(kind))
                    .map(ToString::to_string)
                    .unwrap_or_default();
                let action = kind.action();
                Block::Text(
                    safe(&format!(
                        "The fix needs a fact that is not known: {} ({gap}; {action}).",
                        kind.word()
                    )),
                    Role::Unknown,
                )
            }
        });
        out
    }
}

/// The table or the Region that it is about.
fn where_it_is(f: &Finding) -> String {
    let name = match &f.subject {
        FindingSubject::Table(table) => &table.name,
        FindingSubject::Region(_) => "the Region",
    };
    Safe::neutral(&format!("{name} in {}", f.table.scope)).to_string()
}

/// The tables that it affects, where it is about more than one.
fn affected(f: &Finding) -> Option<String> {
    let FindingSubject::Region(_) = f.subject else { return None };
    let names: Vec<&str> = f.tables().map(|t| t.name.as_str()).collect();
    Some(Safe::neutral(&names.join(", ")).to_string())
}

impl View for State {
    fn context(&self) -> Context {
        Context::Finding
    }

    fn title(&self, _: &Shared) -> String {
        format!("{} › finding", Safe::neutral(&self.finding.place()))
    }

    fn table(&self) -> Option<&TableRef> {
        Some(&self.finding.table)
    }

    fn wants(&self, _: &Shared) -> Vec<TableRef> {
        vec![self.finding.table.clone()]
    }

    fn settle(&mut self, shared: &mut Shared) {
        // What is learnt meanwhile may make it worse, or better known.
        let version = Some(shared.engine.findings().version());
        if self.of != version {
            self.of = version;
            if let Some(finding) = shared.engine.findings().now(&self.finding) {
                self.finding = finding.clone();
            }
        }
        let text = self.text(shared);
        reading::keep_in(&mut self.scroll, &text, shared);
    }

    fn act(&mut self, shared: &mut Shared, action: Action) -> Flow {
        let text = self.text(shared);
        if reading::scroll(&mut self.scroll, action, &text, shared) {
            return Flow::Stay;
        }
        match action {
            Action::Back => return Flow::Close,
            Action::Rule => match shared.options.rules.find(self.finding.rule()) {
                Some(rule) => return Flow::Open(Screen::rule(rule)),
                None => shared.say("It comes of a check of the table's settings, not of a rule."),
            },
            Action::NextFlavour => self.flavour = (self.flavour + 1) % self.flavours().len(),
            Action::PreviousFlavour => {
                self.flavour = (self.flavour + self.flavours().len() - 1) % self.flavours().len()
            }
            Action::Copy | Action::Save => match self.snippet(shared) {
                Err(_) => shared.complain("There is no fix to copy in this language; Tab shows another."),
                Ok(snippet) => {
                    let what = format!("the {} fix", self.language().title());
                    let copy = Copy { what, text: Safe::block(&snippet.text) };
                    shared.effects.push(match action {
                        Action::Copy => Effect::Copy(copy),
                        _ => Effect::Save(snippet.file_name, copy),
                    });
                }
            },
            _ => {}
        }
        Flow::Stay
    }

    fn draw(&self, shared: &Shared, buf: &mut Buffer, area: Rect) {
        reading::draw(&self.text(shared), self.scroll, shared, buf, area);
    }
}

/// Why there is no fix, where there is none in any language.
fn without_fix(finding: &Finding) -> Option<&'static str> {
    match &finding.origin {
        Origin::Secret(flagged) if finding.topic.is_none() => {
            Some(fit_of(flagged.class).first.trim_end_matches('.'))
        }
        Origin::Secret(_) => None,
        Origin::Posture(check) => posture::without_fix(check),
    }
}
