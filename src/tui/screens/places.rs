//! Accounts and Regions, to switch between.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::entry::{Entry, Opens, Row, Section};
use super::{Screen, Transition, View};
use crate::domain::{Fact, Safe};
use crate::tui::keymap::Context;
use crate::tui::model::{Listing, PlaceId, Shared};
use crate::tui::theme::Role;
use crate::tui::widgets::{Col, Grid, List, Rows, grid};
use crate::tui::{Action, layout};

/// How it is opened.
pub(super) static ENTRY: Entry = Entry {
    opens: Opens::From(|shared, _| Screen::Places(PlacesScreen::new(shared))),
    rows: &[Row {
        section: Section::Travel,
        key: "s",
        contexts: &[],
        what: "switch account or Region",
        hint: "",
    }],
};

/// A cursor.
pub struct PlacesScreen {
    list: List,
    places: usize,
}

impl PlacesScreen {
    pub(super) fn new(shared: &Shared) -> Self {
        Self { list: List { cursor: shared.here.0, offset: 0 }, places: shared.engine.places.len() }
    }
}

impl View for PlacesScreen {
    fn context(&self) -> Context {
        Context::Places
    }

    fn list(&self, _body: u16) -> Option<Rows> {
        Some(Rows { list: self.list, above: 1, below: 0, len: self.places })
    }

    fn title(&self, _: &Shared) -> String {
        "Accounts and Regions".into()
    }

    fn act(&mut self, shared: &mut Shared, action: Action) -> Transition {
        if self.list.act(action, shared.engine.places.len(), layout::list_rows(shared.size.1)) {
            return Transition::Stay;
        }
        match action {
            Action::Open if PlaceId(self.list.cursor) == shared.here => Transition::Close,
            Action::Open => Transition::Travel(PlaceId(self.list.cursor)),
            Action::Back => Transition::Close,
            _ => Transition::Stay,
        }
    }

    fn draw(&self, shared: &Shared, buf: &mut Buffer, area: Rect) {
        let columns = [
            Col { title: "Account".into(), width: 16, right: false },
            Col { title: "Region".into(), width: 16, right: false },
            Col { title: "Tables".into(), width: 8, right: true },
            Col { title: "Identity".into(), width: area.width.saturating_sub(46), right: false },
        ];
        grid(
            buf,
            area,
            shared.options.theme,
            &Grid { columns: &columns, list: self.list, len: shared.engine.places.len() },
            |_| None,
            |row, col| {
                let place = &shared.engine.places[row];
                let here = if PlaceId(row) == shared.here { Role::Accent } else { Role::Plain };
                match col {
                    0 if place.scope.account.is_empty() => ("not asked yet".into(), Role::Dim),
                    0 => (Safe::neutral(&place.scope.account).to_string(), here),
                    1 => (Safe::neutral(&place.scope.region).to_string(), here),
                    2 => match place.listing {
                        Listing::Idle => ("–".into(), Role::Dim),
                        _ => (place.tables.len().to_string(), Role::Plain),
                    },
                    _ => match &place.identity {
                        Fact::Known { value, .. } => (Safe::neutral(&value.arn).to_string(), Role::Plain),
                        Fact::Missing(gap) => (Safe::neutral(&gap.to_string()).to_string(), Role::Dim),
                    },
                }
            },
        );
    }
}
