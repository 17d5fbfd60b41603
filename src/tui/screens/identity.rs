//! Whose credentials these are, and what was spent with them.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::entry::{Entry, Opens, Row, Section};
use super::{Screen, Transition, View, gap};
use crate::domain::{Fact, Safe};
use crate::tui::Action;
use crate::tui::keymap::Context;
use crate::tui::model::Shared;
use crate::tui::theme::Role;
use crate::tui::widgets::{Block, blocks};

/// How it is opened.
pub(super) static ENTRY: Entry = Entry {
    opens: Opens::From(|_, _| Screen::Identity(IdentityScreen::default())),
    rows: &[Row {
        section: Section::Session,
        key: "i",
        contexts: &[],
        what: "whose credentials these are",
        hint: "",
    }],
};

/// Nothing to remember.
#[derive(Default)]
pub struct IdentityScreen {}

impl View for IdentityScreen {
    fn context(&self) -> Context {
        Context::Reading
    }

    fn title(&self, _: &Shared) -> String {
        "Identity".into()
    }

    fn act(&mut self, _: &mut Shared, action: Action) -> Transition {
        if action == Action::Back { Transition::Close } else { Transition::Stay }
    }

    fn draw(&self, shared: &Shared, buf: &mut Buffer, area: Rect) {
        let safe = |t: &str| Safe::neutral(t).to_string();
        let place = shared.place();
        let mut out = Vec::new();
        match &place.identity {
            Fact::Known { value, .. } => {
                out.push(Block::Item("principal".into(), safe(&value.arn), Role::Accent));
                out.push(Block::Item("account".into(), safe(&value.account), Role::Plain));
            }
            Fact::Missing(gap) => out.extend(gap::explain(gap)),
        }
        out.push(Block::Item("region".into(), safe(&place.scope.region), Role::Plain));
        out.push(Block::Item("partition".into(), safe(&place.scope.partition), Role::Plain));
        let endpoint = place.scope.endpoint.as_deref().map_or("AWS".to_owned(), safe);
        out.push(Block::Item("endpoint".into(), endpoint, Role::Plain));
        let limit = shared.budget.limit().map_or("no limit".to_owned(), |l| format!("{l} RCU"));
        out.push(Block::Item("spent".into(), format!("{} RCU of {limit}", shared.spent()), Role::Plain));
        out.push(Block::Gap);
        out.push(Block::Text(
            "Read-only: no operation that could write is on the list of what may be sent, and what is not on the list is \
             refused before it leaves this program. ! shows every call."
                .into(),
            Role::Dim,
        ));
        let inner = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
        blocks(buf, inner, shared.options.theme, &out, 0);
    }
}
