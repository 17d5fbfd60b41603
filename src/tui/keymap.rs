//! The one table of keys: dispatch, footer, help, palette and docs all read it.

use crate::tui::{Action, Key};

/// Where a key works: which screen is on top.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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
    /// A list of findings.
    Findings,
    /// One finding and its fix.
    Finding,
    /// Help, log, identity: text to scroll.
    Reading,
    /// Accounts and Regions.
    Places,
    /// The command palette.
    Palette,
}

/// Every context, in the order of the help screen.
pub const CONTEXTS: &[(Context, &str)] = &[
    (Context::Tables, "Tables"),
    (Context::Items, "Items"),
    (Context::Item, "Item"),
    (Context::Query, "Query"),
    (Context::Posture, "Posture"),
    (Context::Findings, "Findings"),
    (Context::Finding, "Finding"),
    (Context::Places, "Accounts and Regions"),
    (Context::Reading, "Help, log, identity"),
    (Context::Palette, "Command palette"),
];

/// One row of the keymap.
pub struct Binding {
    /// The keys, the one to show first.
    pub keys: &'static [&'static str],
    /// What they do.
    pub action: Action,
    /// Where; empty means everywhere but where one types: the palette and the query.
    pub contexts: &'static [Context],
    /// In words, for help and palette.
    pub what: &'static str,
    /// In a word or two, for the footer; empty where it need not be there.
    pub hint: &'static str,
}

impl Binding {
    /// Whether it works in a context.
    pub fn works_in(&self, context: Context) -> bool {
        let types = matches!(context, Context::Palette | Context::Query);
        if self.contexts.is_empty() { !types } else { self.contexts.contains(&context) }
    }
}

macro_rules! keymap {
    ($($($key:literal)+ => $action:ident in [$($context:ident),*], $what:literal, $hint:literal;)+) => {
        /// Every key. Order is the order of the footer and of help.
        pub static KEYMAP: &[Binding] = &[$(Binding {
            keys: &[$($key),+],
            action: Action::$action,
            contexts: &[$(Context::$context),*],
            what: $what,
            hint: $hint,
        }),+];
    };
}

keymap! {
    "enter" => Open in [Tables], "browse the table's items", "items";
    "enter" => Open in [Items], "open the item", "open";
    "enter" => Open in [Item], "open the finding, or fold", "finding";
    "enter" => Open in [Posture, Findings], "open the finding and its fix", "fix";
    "enter" => Open in [Places], "go there", "go";
    "enter" => Open in [Palette], "run the command", "run";
    "y" => Copy in [Finding], "copy the fix to the clipboard", "copy fix";
    "tab" => NextFlavour in [Finding], "next language of the fix", "language";
    "shift-tab" => PreviousFlavour in [Finding], "previous language of the fix", "";
    "w" => Save in [Finding], "write the fix to a file only you can read", "write file";
    "x" => Reveal in [Item], "show this one value in clear for ten seconds", "reveal";
    "space" => Fold in [Item], "fold or unfold", "fold";
    "y" => Copy in [Item], "copy the path of the value", "copy path";
    "n" => NextMarked in [Items, Item], "next one with a finding", "next";
    "N" => PreviousMarked in [Items, Item], "previous one with a finding", "";
    "=" => Query in [Tables, Items], "query: by key, by index, by any condition", "query";
    "=" => Query in [Item], "follow the value: ask for it in another table or index", "follow";
    "enter" => Open in [Query], "read what is asked for", "run";
    "tab" => Complete in [Query], "take the offered word", "complete";
    "ctrl-o" => NextWay in [Query], "another way to read it", "other way";
    "ctrl-p" => Earlier in [Query], "what was asked before", "history";
    "ctrl-n" => Later in [Query], "what was asked after that", "";
    "ctrl-s" => SaveQuery in [Query], "keep the expression without its values", "keep";
    "/" => Filter in [Tables, Findings], "filter; words in any order", "filter";
    "p" => Posture in [Tables, Items], "how the table is protected", "posture";
    "f" => TableFindings in [Tables, Items, Posture], "findings of this table", "findings";
    "y" => Copy in [Tables, Items], "copy the table's ARN", "";
    "esc" "backspace" => Back in [Tables], "clear the filter", "";
    "esc" "backspace" => Back in [Items, Item, Posture, Findings, Finding, Reading, Places], "back, clear the filter, or cancel what loads", "back";
    "A" => Audit in [], "audit: sample items of every table for secrets, within the read budget", "audit";
    "F" => Findings in [], "all findings, worst first", "all findings";
    "ctrl-f" => Forward in [], "forward again to what was left by going back", "";
    "ctrl-f" => Forward in [Query], "forward again to what was left by going back", "";
    "ctrl-t" => NewView in [], "keep this view open and start another", "";
    "V" => Views in [], "the open views, to jump between", "";
    "s" => Places in [], "switch account or Region", "";
    "R" => Refresh in [], "ask again", "";
    "m" => MaskAll in [], "mask every value, or stop doing so", "";
    "+" => RaiseBudget in [], "allow 500 more read capacity units", "";
    "i" => Identity in [], "whose credentials these are", "";
    "!" => Log in [], "errors and every call made", "";
    ":" => Palette in [], "find a command by name", "commands";
    "?" => Help in [], "the keys that work here", "help";
    "esc" => Back in [Palette], "close the palette", "back";
    "esc" => Back in [Query], "back", "back";
    "q" "ctrl-c" => Quit in [], "quit", "quit";
    "ctrl-c" => Quit in [Palette, Query], "quit", "";
    "ctrl-z" => Suspend in [], "suspend; `fg` comes back", "";
    "j" "down" => Down in [], "down", "";
    "k" "up" => Up in [], "up", "";
    "down" => Down in [Palette, Query], "down", "";
    "up" => Up in [Palette, Query], "up", "";
    "h" "left" => Left in [Items, Item], "left, or fold", "";
    "l" "right" => Right in [Items, Item], "right, or unfold", "";
    "ctrl-d" "pgdn" => PageDown in [], "a screen down", "";
    "ctrl-u" "pgup" => PageUp in [], "a screen up", "";
    "g" "home" => Top in [], "to the top", "";
    "G" "end" => Bottom in [], "to the end", "";
}

/// The action of a key in a context.
pub fn lookup(context: Context, key: Key) -> Option<Action> {
    KEYMAP
        .iter()
        .find(|b| b.works_in(context) && b.keys.iter().any(|k| Key::parse(k) == Some(key)))
        .map(|b| b.action)
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
            assert_eq!(lookup(*context, esc), Some(Action::Back), "{title}");
        }
    }
}
