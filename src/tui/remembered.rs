//! What a session leaves for the next one: where it was, never item data.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::detect::Redactor;
use crate::domain::TableRef;
use crate::query::{Shape, Typed, parse};
use crate::tui::columns::ColumnLayout;
use crate::tui::keymap::Context;
use crate::tui::model::{Model, PlaceId, Shared};
use crate::tui::screens::Screen;
use crate::tui::theme::Scheme;

/// A longer text is not taken for a session, in bytes.
pub const LONGEST: usize = 256 << 10;

/// Maximum number of screens that are reopened.
const SCREENS: usize = 4;

/// What is written of columns, and what is written of queries, in bytes: a hostile table may have names of 64 KB.
const SHARE: usize = LONGEST / 3;

/// Where a session was left. Names of tables, attributes and shapes of queries; no key, no value.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Remembered {
    /// Which of the accounts and Regions, and the Region it had.
    pub place: usize,
    /// The Region of that place: if it differs now, the place is another.
    pub region: String,
    /// All places in one list.
    pub combined: bool,
    /// The screens above the list of tables, lowest first.
    pub open: Vec<Open>,
    /// The theme, if it was changed in the session.
    pub theme: Option<String>,
    /// Every value masked.
    pub mask_everything: bool,
    /// How columns were arranged, by table (see `name_of`): attribute names and widths.
    pub columns: BTreeMap<String, ColumnLayout>,
    /// Shapes of queries by table, the newest last: names and operators, every value left out.
    pub queries: BTreeMap<String, Vec<String>>,
}

/// A table's name in the file. Without the account: what is arranged in one is as useful in its twin.
fn name_of(table: &TableRef) -> String {
    format!("{}/{}", table.scope.region, table.name)
}

/// A screen about a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Open {
    /// The screen, as the configuration names it.
    pub screen: String,
    /// The table's name.
    pub table: String,
}

impl Remembered {
    /// Reads what [`Remembered::text`] wrote.
    ///
    /// # Errors
    /// A sentence, if it is something else.
    pub fn parse(text: &str, redactor: &Redactor) -> Result<Self, String> {
        if text.len() > LONGEST {
            return Err("it is too long".into());
        }
        let mut read: Self =
            serde_json::from_str(text).map_err(|e| format!("line {}, column {}", e.line(), e.column()))?;
        read.open.truncate(SCREENS);
        // Someone, or a version before this, may have written values into it: what goes on from here are shapes again.
        for shapes in read.queries.values_mut() {
            *shapes = shapes
                .iter()
                .filter_map(|text| {
                    Some(Shape::of(&parse(&Typed::new(text, redactor)).ok()?).as_str().to_owned())
                })
                .collect();
        }
        Ok(read)
    }

    /// As JSON, never more than the next session reads.
    pub fn text(&self) -> String {
        let kept = Self { columns: within(&self.columns), queries: within(&self.queries), ..self.clone() };
        serde_json::to_string(&kept).unwrap_or_default()
    }
}

/// As many tables as fit [`SHARE`].
fn within<T: Serialize + Clone>(by_table: &BTreeMap<String, T>) -> BTreeMap<String, T> {
    let mut left = SHARE;
    let mut fits = |entry: &(&String, &T)| {
        let size = serde_json::to_string(entry).map_or(usize::MAX, |text| text.len());
        let fits = size <= left;
        left -= if fits { size } else { 0 };
        fits
    };
    by_table.iter().filter(|entry| fits(entry)).map(|(name, one)| (name.clone(), one.clone())).collect()
}

impl Model {
    /// What the next session may take up.
    pub fn remembered(&self) -> Remembered {
        let shared = &self.shared;
        let open = self.stack.iter().skip(1).filter_map(|screen| {
            let screen_name = screen.context();
            let restored = matches!(screen_name, Context::Items | Context::Posture | Context::Findings);
            let table = screen.table().filter(|_| restored)?;
            Some(Open { screen: screen_name.name(), table: table.name.clone() })
        });
        let Remembered { mut columns, mut queries, .. } = shared.remembered.clone();
        for (table, layout) in &shared.columns {
            columns.insert(name_of(table), layout.clone());
        }
        for (table, shapes) in &shared.queries.saved {
            queries.insert(name_of(table), shapes.iter().map(|s| s.as_str().to_owned()).collect());
        }
        columns.retain(|_, layout| !layout.is_empty());
        queries.retain(|_, shapes| !shapes.is_empty());
        Remembered {
            place: shared.here.0,
            region: shared.place().scope.region.clone(),
            combined: shared.combined,
            open: open.take(SCREENS).collect(),
            theme: shared.remembered.theme.clone(),
            mask_everything: shared.options.mask_all,
            columns,
            queries,
        }
    }

    /// Takes a session up, before anything is asked. What the command line says wins.
    pub fn restore(&mut self, from: Remembered) {
        let shared = &mut self.shared;
        if shared.engine.places.get(from.place).is_some_and(|p| p.scope.region == from.region) {
            shared.here = PlaceId(from.place);
            if shared.options.table.is_none() {
                shared.to_open.clone_from(&from.open);
            }
        }
        shared.combined = from.combined && shared.engine.places.len() > 1;
        shared.options.mask_all |= from.mask_everything;
        if let Some(scheme) = from.theme.as_deref().and_then(Scheme::parse) {
            shared.options.theme.scheme = scheme;
        }
        shared.remembered = from;
    }

    /// Opens the screens of the last session, once the tables are listed; a table that is gone is passed over.
    pub(super) fn reopen(&mut self, place: PlaceId) {
        let whole = self.shared.engine.places[place.0].listing == crate::tui::Listing::Whole;
        if self.shared.to_open.is_empty() || place != self.shared.here || !whole {
            return;
        }
        let open = std::mem::take(&mut self.shared.to_open);
        // Whoever has gone elsewhere meanwhile is not called back.
        if self.stack.len() > 1 {
            return;
        }
        let screens: Vec<Screen> = open.iter().filter_map(|o| screen(&self.shared, o)).collect();
        if let Some(last) = open.last().filter(|_| !screens.is_empty()) {
            self.shared.say(&format!("Session restored: {}. --no-restore starts a new one.", last.table));
        }
        self.stack.extend(screens);
    }
}

impl Shared {
    /// Brings back what was arranged and kept of a table, when it is first listed.
    pub(super) fn recall(&mut self, table: &TableRef) {
        let name = name_of(table);
        if let Some(layout) = self.remembered.columns.get(&name) {
            self.columns.insert(table.clone(), layout.clone());
        }
        for text in self.remembered.queries.get(&name).into_iter().flatten() {
            if let Ok(expression) = parse(&Typed::new(text, &self.options.redactor)) {
                self.queries.save(table, Shape::of(&expression));
            }
        }
    }
}

fn screen(shared: &Shared, open: &Open) -> Option<Screen> {
    let table = shared.place().tables.iter().find(|t| t.name == open.table)?.clone();
    [
        (Context::Items, Screen::items_restored as fn(_) -> _),
        (Context::Posture, Screen::posture),
        (Context::Findings, |t| Screen::findings(Some(t))),
    ]
    .into_iter()
    .find(|(context, _)| context.name() == open.screen)
    .map(|(_, make)| make(table))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Remembered, String> {
        Remembered::parse(text, &Redactor::default())
    }

    #[test]
    fn what_is_written_is_read() {
        let left = Remembered {
            place: 1,
            region: "eu-west-1".into(),
            open: vec![Open { screen: "items".into(), table: "orders".into() }],
            columns: BTreeMap::from([(
                "eu-west-1/orders".into(),
                ColumnLayout { order: vec!["pk".into()], ..ColumnLayout::default() },
            )]),
            queries: BTreeMap::from([("eu-west-1/orders".into(), vec!["pk = ?".into()])]),
            ..Remembered::default()
        };
        assert_eq!(parse(&left.text()), Ok(left));
        assert_eq!(parse("{}"), Ok(Remembered::default()));
        // Of a later version: what is not known is left out.
        assert_eq!(parse(r#"{"later": [1]}"#), Ok(Remembered::default()));
    }

    #[test]
    fn values_in_the_file_go_no_further() {
        let read = parse(r#"{"queries": {"r/t": ["pk = \"somebody\"", "no shape at all"]}}"#);
        assert_eq!(read.expect("read").queries["r/t"], ["pk = ?"]);
    }

    #[test]
    fn what_is_written_is_never_too_long_to_be_read() {
        let long = ColumnLayout { order: vec!["\u{1}".repeat(60_000)], ..ColumnLayout::default() };
        let short = ColumnLayout { order: vec!["n".repeat(600)], ..ColumnLayout::default() };
        let mut left = Remembered { columns: BTreeMap::from([("a".into(), long)]), ..Remembered::default() };
        left.columns.extend((0..1000).map(|n| (format!("t{n:04}"), short.clone())));
        let read = parse(&left.text()).expect("short enough");
        assert!(!read.columns.contains_key("a") && read.columns.len() > 100, "{}", read.columns.len());
    }

    #[test]
    fn nonsense_is_refused_with_its_place() {
        for text in ["", "{", r#"{"place": "x"}"#, "\0"] {
            assert!(parse(text).is_err(), "{text:?}");
        }
        assert!(parse(&" ".repeat(LONGEST + 1)).is_err());
        let many = vec![r#"{"screen":"items","table":"t"}"#; 100].join(",");
        let read = parse(&format!(r#"{{"open":[{many}]}}"#)).expect("read");
        assert_eq!(read.open.len(), SCREENS);
    }
}
