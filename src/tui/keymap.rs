//! The one table of keys: dispatch, footer, help, palette and docs all read it. What opens a screen stands in the
//! screen's file.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::tui::screens::{ENTRIES, Entry, Row, Section};
use crate::tui::{Action, Key};

/// Where a key works: which screen is on top.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Context {
    /// The list of tables.
    Tables,
    /// The items of a table.
    Items,
    /// One item.
    Item,
    /// The expression box.
    Query,
    /// A table's posture.
    Posture,
    /// What an audit comes to.
    Overview,
    /// A list of findings.
    Findings,
    /// One finding and its fix.
    Finding,
    /// Help, identity, a rule, policies: text to scroll.
    Reading,
    /// Errors and calls.
    Ledger,
    /// Who copied a table.
    History,
    /// What is asked on request: how a table was read, by which roles its stream is, whose an access key is.
    Usage,
    /// Who can read a table.
    Access,
    /// The records of a stream.
    Tail,
    /// Accounts and Regions.
    Places,
    /// The columns of a table.
    Columns,
    /// The indexes of a table.
    Indexes,
    /// A small list to choose from.
    Menu,
    /// What was accepted.
    Accepted,
    /// Why a finding does not count.
    Accept,
    /// The code of an MFA device.
    Code,
    /// The command palette.
    Palette,
}

impl Context {
    /// Its name in the configuration: `tables`.
    pub fn name(self) -> String {
        format!("{self:?}").to_ascii_lowercase()
    }
}

/// Every context, in the order of the help screen.
pub const CONTEXTS: &[(Context, &str)] = &[
    (Context::Tables, "Tables"),
    (Context::Items, "Items"),
    (Context::Item, "Item"),
    (Context::Columns, "Columns"),
    (Context::Indexes, "Indexes"),
    (Context::Menu, "Choices"),
    (Context::Query, "Query"),
    (Context::Posture, "Posture"),
    (Context::Overview, "Overview"),
    (Context::Findings, "Findings"),
    (Context::Finding, "Finding"),
    (Context::Tail, "Stream"),
    (Context::Places, "Accounts and Regions"),
    (Context::Ledger, "Log and calls"),
    (Context::History, "Copied in 90 days"),
    (Context::Usage, "On request"),
    (Context::Access, "Who can read"),
    (Context::Reading, "Help, identity, rule, policy, copies"),
    (Context::Accepted, "Accepted"),
    (Context::Accept, "Why a finding does not count"),
    (Context::Code, "MFA code"),
    (Context::Palette, "Command palette"),
];

/// What the footer of a context names first, where the order of the rows is another one.
pub const FIRST: &[(Context, &[Action])] = &[(
    Context::Finding,
    &[
        Action::Copy,
        Action::Open,
        Action::NextFlavour,
        Action::ToItem,
        Action::Access,
        Action::Fanout,
        Action::Policy,
        Action::NextMarked,
        Action::Elsewhere,
    ],
)];

/// One row of the keymap.
pub struct Binding {
    /// The keys, the one to show first.
    pub keys: &'static [&'static str],
    /// What they do.
    pub action: Action,
    /// Where; empty means everywhere but where one types: the palette, the query and the code.
    pub contexts: &'static [Context],
    /// In words, for help and palette.
    pub what: &'static str,
    /// In a word or two, for the footer; empty where it need not be there.
    pub hint: &'static str,
}

impl Binding {
    /// Whether it works in a context.
    pub fn works_in(&self, context: Context) -> bool {
        let types = matches!(context, Context::Palette | Context::Query | Context::Code | Context::Accept);
        if self.contexts.is_empty() { !types } else { self.contexts.contains(&context) }
    }
}

macro_rules! keymap {
    ($($(screens of $section:ident;)?
       $($key:literal)+ => $action:ident in [$($context:ident),*], $what:literal, $hint:literal;)+) => {
        /// Every key. Order is the order of the footer and of help.
        pub static KEYMAP: LazyLock<Vec<Binding>> = LazyLock::new(|| {
            let mut all = Vec::new();
            let mut add = |binding| all.push(binding);
            $($(rows_of_screens(Section::$section).for_each(&mut add);)?
            add(Binding {
                keys: &[$($key),+],
                action: Action::$action,
                contexts: &[$(Context::$context),*],
                what: $what,
                hint: $hint,
            });)+
            all
        });
    };
}

/// The rows that the screens' files say, in the order of the list of screens.
fn rows_of_screens(section: Section) -> impl Iterator<Item = Binding> {
    let binding = |action: Action, row: &'static Row| Binding {
        keys: std::slice::from_ref(&row.key),
        action,
        contexts: row.contexts,
        what: row.what,
        hint: row.hint,
    };
    let rows =
        |(action, entry): &'static (Action, &'static Entry)| entry.rows.iter().map(move |row| (*action, row));
    ENTRIES
        .iter()
        .flat_map(rows)
        .filter(move |(_, row)| row.section == section)
        .map(move |(a, row)| binding(a, row))
}

keymap! {
    "enter" => Open in [Tables], "browse the table's items", "items";
    "enter" => Open in [Items], "open the item", "open";
    "enter" => Open in [Item], "open the finding, fold, or show the whole value", "open";
    "enter" => Open in [Columns], "go to the column", "go";
    "enter" => Open in [Indexes], "browse through the index", "items";
    "enter" => Open in [Menu], "choose", "choose";
    "enter" => Open in [Posture, Findings], "open the finding and its fix", "fix";
    "enter" => Open in [Overview], "what to do: the finding and its fix; of a table, its findings", "open";
    "enter" => Open in [Places], "go there", "go";
    "enter" => Open in [Tail], "start to read the stream, or open the record", "start, open";
    "enter" => Open in [Palette], "run the command", "run";
    "enter" => Open in [Code], "sign in with the code", "sign in";
    "enter" => Open in [Accept], "go on: why, then until when", "go on";
    "tab" => Complete in [Accept], "an accepted risk, or a false alarm", "accepted, false alarm";
    "enter" => Open in [Accepted], "open the finding", "finding";
    "z" => Accept in [Accepted], "take it back: the finding counts again", "take back";
    "y" => Copy in [Finding], "copy the fix to the clipboard", "copy fix";
    "enter" => Open in [Finding], "the whole fix, or back to the summary", "whole fix";
    "tab" => NextFlavour in [Finding], "next language of the fix, then the fixes that go with it", "next";
    "shift-tab" => PreviousFlavour in [Finding], "previous language of the fix", "";
    "w" => Save in [Finding], "write the fix to a file only you can read", "write file";
    "d" => Diff in [Finding], "what the fix changes, line by line", "changes";
    "Y" => Runbook in [Findings, Finding], "copy the hand-over as Markdown: steps, owners, copies, verification, undo", "hand-over";
    "space" => Mark in [Findings], "mark for the hand-over, or take the mark off", "mark";
    "w" => Save in [Findings], "write the hand-over to a file only you can read", "";
    "z" => Accept in [Findings, Finding, Posture], "accept it, or say that it is a false alarm; again takes it back", "accept";
    "r" => Rule in [Item, Findings, Finding], "the rule: what it looks for, how it is validated, how to rotate", "rule";
    "x" => Reveal in [Item], "show this one value in clear for ten seconds", "reveal";
    "a" => AccessKey in [Item], "who owns the AWS access key, and whether it is active (asks first)", "";
    "space" => Fold in [Item], "fold or unfold", "fold";
    "n" => NextMarked in [Items, Item], "next match, or next one with a finding", "next";
    "N" => PreviousMarked in [Items, Item], "previous match, or previous one with a finding", "";
    "/" => Search in [Items, Item], "search what is loaded, as it is shown", "search";
    "v" => NextView in [Item], "tree, JSON, DynamoDB JSON", "view";
    "J" => NextItem in [Item], "the next item of the list it was opened from", "next item";
    "K" => PreviousItem in [Item], "the previous item of the list it was opened from", "";
    "space" "H" => HideColumn in [Columns], "hide the column, or show it again", "hide";
    "[" => MoveLeft in [Columns], "move the column to the left", "move";
    "]" => MoveRight in [Columns], "move the column to the right", "";
    "P" => PinColumn in [Columns], "pin the column, so that it stays while others scroll, or unpin it", "pin";
    "o" => Sort in [Columns], "sort by the column: up, down, as read", "sort";
    "c" => Columns in [Items], "columns: types, fill, order, visibility", "columns";
    "o" => Sort in [Items], "sort by the column: up, down, as read", "sort";
    "t" => Only in [Ledger], "show only what went wrong, or all", "only errors";
    "w" => Save in [Ledger], "write the calls shown to a file only you can read, one line of JSON each", "write file";
    "enter" => Open in [History], "ask CloudTrail, or refresh", "ask";
    "enter" => Open in [Usage], "ask, or refresh", "ask";
    "t" => Only in [History], "calls about this table, or about any table", "any table";
    "w" => Save in [History], "write the calls shown to a file only you can read, one line of JSON each", "write file";
    "t" => Only in [Items], "show only items with a finding, of one rule, with this value, or of one type", "only";
    "Y" => CopyMenu in [Items, Item], "copy the value, item, key, path, JSON or a command", "copy";
    "y" => Copy in [Items, Item], "copy the value, masked where it is a secret", "";
    "w" => Save in [Items], "write the items shown to a file only you can read, masked, one line of JSON each", "";
    "H" => HideColumn in [Items], "hide the column", "";
    "P" => PinColumn in [Items], "pin the column, so that it stays while others scroll, or unpin it", "";
    "[" => MoveLeft in [Items], "move the column to the left", "";
    "]" => MoveRight in [Items], "move the column to the right", "";
    ">" => Widen in [Items, Columns], "make the column wider", "";
    "<" => Narrow in [Items, Columns], "make the column narrower", "";
    "=" => Query in [Tables, Items], "query: by key, by index, by any condition", "query";
    "*" => Follow in [Items], "query items with this value, here or in another table or index", "";
    "=" "*" => Follow in [Item], "follow the value: query it here or in another table or index", "follow";
    "#" => Count in [Items], "count the items without loading them (asks first)", "";
    "enter" => Open in [Query], "run the query", "run";
    "tab" => Complete in [Query], "accept completion", "complete";
    "ctrl-o" => NextWay in [Query], "another way to read it", "other way";
    "ctrl-r" => Count in [Query], "count the matching items only", "count";
    "ctrl-p" => Earlier in [Query], "the previous expression", "history";
    "ctrl-n" => Later in [Query], "the next expression", "";
    "ctrl-s" => SaveQuery in [Query], "save the expression without its values", "save";
    "ctrl-x" => ForgetQuery in [Query], "delete the expression shown from the history", "";
    "l" "right" => Right in [Findings], "show the findings of the cause", "";
    "h" "left" => Left in [Findings], "fold them again", "";
    "t" => Only in [Findings], "a row a cause, or a row a finding", "each";
    "." => LowToo in [Findings], "low and info too, or not", "low too";
    ">" => WorseOnly in [Findings], "only worse ones: from one severity higher on", "";
    "<" => LessToo in [Findings], "less bad ones too: from one severity lower on", "";
    "c" => Kind in [Findings], "secrets only, settings only, or both", "";
    "b" => GroupBy in [Findings], "a row a cause, a row a table, or a row a value", "";
    "o" => Sort in [Findings], "worst first, by table, by title, or most findings first", "sort";
    "e" => Elsewhere in [Findings, Finding], "where else its values are, in everything that was read", "where else";
    "o" => ToItem in [Finding], "the items that it is in", "item";
    "n" => NextMarked in [Finding], "the next finding of the list", "next";
    "N" => PreviousMarked in [Finding], "the previous finding of the list", "";
    "/" => Filter in [Tables, Findings, Ledger, History, Columns, Access, Accepted], "filter; words in any order", "filter";
    screens of Table;
    "enter" => Open in [Access], "ask IAM, or scroll the details", "details";
    "y" => Copy in [Access], "copy the principal's ARN", "copy";
    "y" => Copy in [Tables, Indexes], "copy the ARN", "";
    "esc" "backspace" => Back in [Tables], "clear the filter", "";
    "esc" "backspace" => Back in [Items, Item, Columns, Indexes, Menu, Posture, Overview, Findings, Finding, Reading, Ledger, History, Usage, Access, Accepted, Places, Tail], "back, clear the filter, or cancel what loads", "back";
    "S" => Tail in [Tables, Items, Posture], "records of the table's stream (asks first)", "";
    "S" => Tail in [Tail], "pause or resume reading the stream", "pause, resume";
    "A" => Audit in [], "audit: sample every table's items within the budget; pause, go on", "audit";
    "ctrl-a" => AuditEverywhere in [Tables, Overview, Findings], "audit every account and Region", "";
    "ctrl-e" => EndAudit in [Tables, Overview, Findings], "end the audit", "";
    "D" => Deepen in [Tables], "read more items of the table: ten times as many", "";
    "F" "2" => Findings in [], "all findings, worst first", "all findings";
    "3" => Home in [], "the list of tables", "";
    screens of Finding;
    "ctrl-f" => Forward in [], "forward", "";
    "ctrl-f" => Forward in [Query], "forward", "";
    "ctrl-t" => NewView in [], "keep this view open and start another", "";
    "V" => Views in [], "the open views, to jump between", "";
    screens of Travel;
    "R" => Refresh in [], "refresh", "";
    "m" => MaskAll in [], "mask every value, or secrets only", "";
    "+" => RaiseBudget in [], "allow 500 more read capacity units", "";
    screens of Session;
    "a" => Combine in [Tables, Findings], "all accounts and Regions in one list, or the current one", "";
    "L" => CopyLogin in [], "copy the sign-in command, when credentials have expired", "";
    "M" => Mouse in [], "mouse on or off", "";
    "T" => NextTheme in [], "the next theme: dark, light, high contrast, monochrome", "";
    screens of Commands;
    "esc" => Back in [Palette], "close the palette", "back";
    "esc" => Back in [Query, Code, Accept], "back", "back";
    "q" "ctrl-c" => Quit in [], "quit", "quit";
    "ctrl-c" => Quit in [Palette, Query, Code, Accept], "quit", "";
    "ctrl-z" => Suspend in [], "suspend; `fg` comes back", "";
    "j" "down" => Down in [], "down", "";
    "k" "up" => Up in [], "up", "";
    "h" "left" => Left in [Items, Item], "a column to the left, or fold", "";
    "l" "right" => Right in [Items, Item], "a column to the right, or unfold", "";
    "down" => Down in [Palette, Query], "down", "";
    "up" => Up in [Palette, Query], "up", "";
    "pgdn" => PageDown in [Query], "scroll the plan down", "";
    "pgup" => PageUp in [Query], "scroll the plan up", "";
    "ctrl-d" "pgdn" => PageDown in [], "a screen down", "";
    "ctrl-u" "pgup" => PageUp in [], "a screen up", "";
    "g" "home" => Top in [], "to the top", "";
    "G" "end" => Bottom in [], "to the bottom", "";
}

/// The keys in force: those of [`KEYMAP`], but for what the configuration binds anew.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Keymap {
    rebound: BTreeMap<(Option<Context>, Action), Vec<Key>>,
}

/// A key that would mean two things in one context.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conflict {
    /// The key.
    pub key: Key,
    /// Where.
    pub context: Context,
    /// What it means.
    pub actions: (Action, Action),
}

impl Keymap {
    /// Binds an action to other keys, in one context or in all but the palette. It fails, and changes nothing, if
    /// `keys` is empty and without the action a person would be stuck.
    pub fn rebind(&mut self, context: Option<Context>, action: Action, keys: Vec<Key>) -> bool {
        if keys.is_empty() && matches!(action, Action::Quit | Action::Back | Action::Palette) {
            return false;
        }
        self.rebound.insert((context, action), keys);
        true
    }

    /// Takes a rebinding back.
    pub fn forget(&mut self, context: Option<Context>, action: Action) {
        self.rebound.remove(&(context, action));
    }

    /// The keys of a row of the table in a context. Ctrl-C quits, whatever else does.
    pub fn keys(&self, context: Context, binding: &Binding) -> Vec<Key> {
        let everywhere = || self.rebound.get(&(None, binding.action)).filter(|_| context != Context::Palette);
        match self.rebound.get(&(Some(context), binding.action)).or_else(everywhere) {
            Some(keys) => {
                let always = (binding.action == Action::Quit).then(|| Key { ctrl: true, ..Key::char('c') });
                let always = always.filter(|k| !keys.contains(k));
                keys.iter().copied().chain(always).collect()
            }
            None => binding.keys.iter().filter_map(|k| Key::parse(k)).collect(),
        }
    }

    /// The key to show for a row of the table; empty if it has none.
    pub fn shown(&self, context: Context, binding: &Binding) -> String {
        self.keys(context, binding).first().map(Key::to_string).unwrap_or_default()
    }

    /// The key to show for an action; its name if it has none.
    pub fn of(&self, context: Context, action: Action) -> String {
        let binding = KEYMAP.iter().find(|b| b.action == action && b.works_in(context));
        let key = binding.map(|b| self.shown(context, b)).filter(|k| !k.is_empty());
        key.unwrap_or_else(|| format!(":{}", action.name()))
    }

    /// The action of a key in a context.
    pub fn lookup(&self, context: Context, key: Key) -> Option<Action> {
        KEYMAP.iter().find(|b| b.works_in(context) && self.keys(context, b).contains(&key)).map(|b| b.action)
    }

    /// The first key that means two things.
    pub fn conflict(&self) -> Option<Conflict> {
        for (context, _) in CONTEXTS {
            let mut seen: Vec<(Key, Action)> = Vec::new();
            for binding in KEYMAP.iter().filter(|b| b.works_in(*context)) {
                for key in self.keys(*context, binding) {
                    if let Some((_, other)) = seen.iter().find(|(k, _)| *k == key) {
                        return Some(Conflict { key, context: *context, actions: (*other, binding.action) });
                    }
                    seen.push((key, binding.action));
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_readable_and_means_one_thing() {
        for (context, title) in CONTEXTS {
            let mut seen = Vec::new();
            for binding in KEYMAP.iter().filter(|b| b.works_in(*context)) {
                for name in binding.keys {
                    let key = Key::parse(name).unwrap_or_else(|| panic!("{name} is no key"));
                    assert_eq!(key.to_string(), *name);
                    assert!(!seen.contains(&key), "{name} has two meanings in {title}");
                    seen.push(key);
                }
            }
        }
    }

    #[test]
    fn every_context_has_a_way_back_and_a_way_out_of_text() {
        for (context, title) in CONTEXTS {
            let esc = Key::parse("esc").expect("a key");
            assert_eq!(Keymap::default().lookup(*context, esc), Some(Action::Back), "{title}");
        }
    }

    #[test]
    fn an_action_has_one_row_in_a_context() {
        for (context, title) in CONTEXTS {
            for action in Action::ALL {
                let rows = KEYMAP.iter().filter(|b| b.action == *action && b.works_in(*context)).count();
                assert!(rows <= 1, "{action:?} has {rows} rows in {title}");
            }
        }
    }

    #[test]
    fn every_action_can_be_reached() {
        for action in Action::ALL {
            assert!(KEYMAP.iter().any(|b| b.action == *action), "{action:?} has no key");
        }
    }

    #[test]
    fn rebound_keys_work_and_clash_where_they_clash() {
        let key = |name: &str| Key::parse(name).expect("a key");
        let mut keymap = Keymap::default();
        assert_eq!(keymap.conflict(), None);
        assert!(keymap.rebind(Some(Context::Items), Action::NextMarked, vec![key("v")]));
        assert_eq!(keymap.lookup(Context::Items, key("v")), Some(Action::NextMarked));
        assert_eq!(keymap.lookup(Context::Items, key("n")), None);
        assert_eq!(keymap.lookup(Context::Item, key("n")), Some(Action::NextMarked));
        assert!(keymap.rebind(None, Action::Quit, vec![key("Q")]));
        assert_eq!(keymap.lookup(Context::Tables, key("ctrl-c")), Some(Action::Quit));
        assert_eq!(keymap.lookup(Context::Tables, key("q")), None);
        assert_eq!(keymap.conflict(), None);
        assert!(keymap.rebind(None, Action::Audit, vec![key("j")]));
        let clash = keymap.conflict().expect("j means down");
        assert_eq!((clash.key, clash.actions), (key("j"), (Action::Audit, Action::Down)));
        assert!(!keymap.rebind(None, Action::Back, Vec::new()));
    }
}
