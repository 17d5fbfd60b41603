//! The configuration: what it may say, what a text says, and what is wrong with it.
//!
//! A fault ends one setting, never the rest: each is told with its line and column.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::tui::keymap::{CONTEXTS, Context, KEYMAP, Keymap};
use crate::tui::screens::TABLE_COLUMNS;
use crate::tui::theme::{SCHEMES, Scheme};
use crate::tui::{Action, Key};

/// Longer files are not read.
pub const LONGEST: usize = 256 << 10;

/// What the configuration says; what it leaves out is as usual.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The colours; `None` means by the terminal's background.
    pub scheme: Option<Scheme>,
    /// Whether the mouse is listened to.
    pub mouse: bool,
    /// Whether the last session is taken up again.
    pub restore: bool,
    /// Whether every value is masked at the start.
    pub mask_everything: bool,
    /// Columns of the list of tables, in order; empty means all.
    pub columns: Vec<String>,
    /// Patterns of names and tags that are production, `*` for any text; empty means the usual words.
    pub production: Vec<String>,
    /// The keys.
    pub keymap: Keymap,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            scheme: None,
            mouse: false,
            restore: true,
            mask_everything: false,
            columns: Vec::new(),
            production: Vec::new(),
            keymap: Keymap::default(),
        }
    }
}

/// Something that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Counted from 1.
    pub line: usize,
    /// Characters, counted from 1.
    pub column: usize,
    /// What, and what would be right.
    pub what: String,
}

/// The settings that are yes or no: name, field, what for.
type Flag = (&'static str, fn(&mut Config) -> &mut bool, &'static str);

const FLAGS: &[Flag] = &[
    ("mouse", |c| &mut c.mouse, "clicks select, the wheel scrolls; M changes it at run time"),
    (
        "restore",
        |c| &mut c.restore,
        "restore the last session: account, Region and open tables, never item data",
    ),
    (
        "mask-everything",
        |c| &mut c.mask_everything,
        "mask every value at the start, not only secrets; m changes it",
    ),
];

/// Reads a configuration. What can be understood applies.
pub fn parse(text: &str) -> (Config, Vec<Problem>) {
    let mut reading =
        ConfigReader { text, config: Config::default(), problems: Vec::new(), bound: Vec::new() };
    let (document, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let at = error.span().map_or(0, |s| s.start);
        reading.tell(at, error.message().to_owned());
    }
    for (key, value) in document.get_ref().iter() {
        reading.setting(key, value);
    }
    reading.settle_keys();
    reading.problems.sort_by_key(|p| (p.line, p.column));
    (reading.config, reading.problems)
}

/// The section of what holds on every screen but the palette.
const EVERYWHERE: &str = "everywhere";

struct ConfigReader<'t> {
    text: &'t str,
    config: Config,
    problems: Vec<Problem>,
    /// Where each rebinding stands, the later ones last.
    bound: Vec<(usize, Option<Context>, Action)>,
}

impl ConfigReader<'_> {
    fn tell(&mut self, at: usize, what: String) {
        let before = self.text.get(..at).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |l| l.chars().count()) + 1;
        self.problems.push(Problem { line, column, what });
    }

    fn setting(&mut self, key: &Spanned<std::borrow::Cow<'_, str>>, value: &Spanned<DeValue<'_>>) {
        let (name, at, of_value) = (key.get_ref().as_ref(), key.span().start, value.span().start);
        match (name, value.get_ref()) {
            ("theme", DeValue::String(word)) if word == "auto" => self.config.scheme = None,
            ("theme", DeValue::String(word)) => match Scheme::parse(word) {
                Some(scheme) => self.config.scheme = Some(scheme),
                None => {
                    let names = SCHEMES.iter().map(|(n, _)| *n);
                    self.tell(
                        of_value,
                        format!("there is no theme {word:?}: {}", either(["auto"].into_iter().chain(names))),
                    );
                }
            },
            ("theme", _) => self.tell(of_value, "theme is a name in quotes".into()),
            ("production", DeValue::Array(words)) => {
                for word in words.iter() {
                    match word.get_ref() {
                        DeValue::String(pattern) => self.config.production.push(pattern.to_string()),
                        _ => self.tell(word.span().start, "a pattern stands in quotes: \"*prod*\"".into()),
                    }
                }
            }
            ("production", _) => self.tell(of_value, "production is a list of patterns: [\"*prod*\"]".into()),
            ("columns", DeValue::Table(table)) => self.columns(table),
            ("keys", DeValue::Table(table)) => self.sections(table),
            ("columns" | "keys", _) => self.tell(of_value, format!("{name} is a section: [{name}]")),
            (name, value) => match (FLAGS.iter().find(|(n, ..)| *n == name), value) {
                (Some((_, field, _)), DeValue::Boolean(yes)) => *field(&mut self.config) = *yes,
                (Some(_), _) => self.tell(of_value, format!("{name} is true or false")),
                (None, _) => {
                    let known = ["theme", "production", "columns", "keys"]
                        .into_iter()
                        .chain(FLAGS.iter().map(|(n, ..)| *n));
                    self.tell(at, format!("there is no setting {name:?}: {}", either(known)));
                }
            },
        }
    }

    fn columns(&mut self, table: &DeTable<'_>) {
        for (key, value) in table.iter() {
            let DeValue::Array(words) = value.get_ref() else {
                self.tell(
                    value.span().start,
                    "columns are a list of names: [\"table\", \"findings\"]".into(),
                );
                continue;
            };
            if key.get_ref() != "tables" {
                self.tell(key.span().start, format!("there are no columns of {:?}: tables", key.get_ref()));
                continue;
            }
            for word in words.iter() {
                match word.get_ref() {
                    DeValue::String(name) if TABLE_COLUMNS.contains(&name.as_ref()) => {
                        self.config.columns.push(name.to_string());
                    }
                    other => {
                        let said = if let DeValue::String(name) = other {
                            format!("{name:?}")
                        } else {
                            "this".into()
                        };
                        self.tell(
                            word.span().start,
                            format!("{said} is no column: {}", either(TABLE_COLUMNS.iter().copied())),
                        );
                    }
                }
            }
        }
    }

    /// `[keys.everywhere]`, `[keys.tables]` ...; names of screens are names of actions as well, so actions stand in
    /// such a section only.
    fn sections(&mut self, table: &DeTable<'_>) {
        for (key, value) in table.iter() {
            let name = key.get_ref().as_ref();
            let context = CONTEXTS.iter().map(|(c, _)| *c).find(|c| c.name() == name);
            match value.get_ref() {
                DeValue::Table(inner) if name == EVERYWHERE => self.keys(None, inner),
                DeValue::Table(inner) if context.is_some() => self.keys(context, inner),
                _ => {
                    let known: Vec<String> =
                        CONTEXTS.iter().map(|(c, _)| format!("[keys.{}]", c.name())).collect();
                    let known =
                        either(["[keys.everywhere]"].into_iter().chain(known.iter().map(String::as_str)));
                    self.tell(key.span().start, format!("{name:?} stands in no section: {known}"));
                }
            }
        }
    }

    fn keys(&mut self, context: Option<Context>, table: &DeTable<'_>) {
        for (key, value) in table.iter() {
            let (name, at) = (key.get_ref().as_ref(), key.span().start);
            let Some(action) = Action::ALL.iter().copied().find(|a| a.name() == name) else {
                self.tell(at, format!("there is no action {name:?}; `dynaudit generate config` lists them"));
                continue;
            };
            let works = |c: Context| KEYMAP.iter().any(|b| b.action == action && b.works_in(c));
            if let Some(context) = context.filter(|c| !works(*c)) {
                self.tell(at, format!("{name} does nothing on the screen {}", context.name()));
                continue;
            }
            if let Some(keys) = self.key_list(value) {
                if self.config.keymap.rebind(context, action, keys) {
                    self.bound.push((at, context, action));
                } else {
                    self.tell(at, format!("{name} must have a key"));
                }
            }
        }
    }

    /// `"x"` or `["x", "ctrl-x"]`; `None` if one of them is no key.
    fn key_list(&mut self, value: &Spanned<DeValue<'_>>) -> Option<Vec<Key>> {
        let words: Vec<&Spanned<DeValue<'_>>> = match value.get_ref() {
            DeValue::Array(words) => words.iter().collect(),
            _ => vec![value],
        };
        let mut keys = Vec::new();
        for word in words {
            let parsed = if let DeValue::String(name) = word.get_ref() { Key::parse(name) } else { None };
            match parsed {
                Some(key) => keys.push(key),
                None => {
                    let what = "no key: a character, ctrl- and a character, or enter, esc, tab, shift-tab, space, up, \
                                down, left, right, home, end, pgup, pgdn, delete, backspace";
                    self.tell(word.span().start, what.into());
                    return None;
                }
            }
        }
        Some(keys)
    }

    /// Rebindings that clash are taken back, the later first, until each key means one thing.
    fn settle_keys(&mut self) {
        self.bound.sort_by_key(|(at, ..)| *at);
        while let Some(clash) = self.config.keymap.conflict() {
            let takes_part = |(_, context, action): &(usize, Option<Context>, Action)| {
                (*action == clash.actions.0 || *action == clash.actions.1)
                    && context.is_none_or(|c| c == clash.context)
            };
            let Some(last) = self.bound.iter().rposition(takes_part) else { return };
            let (at, context, action) = self.bound.remove(last);
            self.config.keymap.forget(context, action);
            let other = if action == clash.actions.0 { clash.actions.1 } else { clash.actions.0 };
            self.tell(
                at,
                format!(
                    "{} is already the key of {} on the screen {}: {} keeps its usual keys",
                    clash.key,
                    other.name(),
                    clash.context.name(),
                    action.name()
                ),
            );
        }
    }
}

/// "one of a, b, c".
fn either<'a>(words: impl Iterator<Item = &'a str>) -> String {
    format!("one of {}", words.collect::<Vec<_>>().join(", "))
}

/// A configuration that changes nothing, with every setting in a comment; made from the tables.
pub fn template() -> String {
    let mut out = String::from(
        "# dynaudit: $XDG_CONFIG_HOME/dynaudit/config.toml (~/.config/dynaudit/config.toml), or --config FILE.\n\
         # What is commented out is as it is without this file.\n\n",
    );
    let names: Vec<&str> = SCHEMES.iter().map(|(n, _)| *n).collect();
    out.push_str(&format!(
        "# Colours: auto (by the terminal's background, where it tells), {}.\n#theme = \"auto\"\n",
        names.join(", ")
    ));
    out.push_str(
        "\n# Profiles, tables and their environment tags that are marked PROD, by pattern; without it, those with a word\n\
         # prod, production, prd or live.\n#production = [\"*prod*\", \"*live*\"]\n",
    );
    for (name, field, what) in FLAGS {
        out.push_str(&format!("\n# {what}\n#{name} = {}\n", field(&mut Config::default())));
    }
    let columns: Vec<String> = TABLE_COLUMNS.iter().map(|c| format!("{c:?}")).collect();
    out.push_str(&format!(
        "\n# Which columns, in which order; those that do not fit are left out.\n[columns]\n#tables = [{}]\n",
        columns.join(", ")
    ));
    let mut section = |title: &str, rows: &mut dyn Iterator<Item = &crate::tui::Binding>| {
        let rows: Vec<String> = rows
            .map(|b| {
                let keys: Vec<String> = b.keys.iter().map(|k| format!("{k:?}")).collect();
                format!("#{} = [{}]  # {}\n", b.action.name(), keys.join(", "), b.what)
            })
            .collect();
        if !rows.is_empty() {
            out.push_str(&format!("\n{title}\n{}", rows.concat()));
        }
    };
    section(
        "# On every screen but the palette.\n[keys.everywhere]",
        &mut KEYMAP.iter().filter(|b| b.contexts.is_empty()),
    );
    for (context, _) in CONTEXTS {
        section(
            &format!("[keys.{}]", context.name()),
            &mut KEYMAP.iter().filter(|b| b.contexts.contains(context)),
        );
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is wrong with a text, as `line:column what`.
    #[track_caller]
    fn check(text: &str, wrong: &[&str]) -> Config {
        let (config, problems) = parse(text);
        let told: Vec<String> =
            problems.iter().map(|p| format!("{}:{} {}", p.line, p.column, p.what)).collect();
        assert_eq!(told.len(), wrong.len(), "{told:#?}");
        for (told, wrong) in told.iter().zip(wrong) {
            assert!(told.starts_with(wrong), "{told}");
        }
        config
    }

    #[test]
    fn faults_are_told_with_their_place_and_the_rest_applies() {
        check("", &[]);
        check("theme = \"auto\"", &[]);
        let config = check("theme = \"dusk\"\nmouse = true\n", &["1:9 there is no theme \"dusk\""]);
        assert!(config.mouse);
        check("mouse = 1", &["1:9 mouse is true or false"]);
        check("colour = true", &["1:1 there is no setting \"colour\""]);
        check("theme = 3\n", &["1:9 theme is a name"]);
        check("production = \"*prod*\"\n", &["1:14 production is a list"]);
        let config = check("production = [\"*core*\", 3]\n", &["1:25 a pattern stands in quotes"]);
        assert_eq!(config.production, ["*core*"]);
        check("keys = 3\n", &["1:8 keys is a section"]);
        let config = check(
            "[columns]\ntables = [\"table\", \"colour\", \"ttl\"]\n",
            &["2:20 \"colour\" is no column"],
        );
        assert_eq!(config.columns, ["table", "ttl"]);
        check("[columns]\ntables = \"table\"\n", &["2:10 columns are a list"]);
        check("[columns]\nviews = []\n", &["2:1 there are no columns of \"views\""]);
        check("[keys.everywhere]\nfly = \"f\"\n", &["2:1 there is no action \"fly\""]);
        check("[keys.everywhere]\naudit = \"alt-a\"\n", &["2:9 no key"]);
        check("[keys.everywhere]\naudit = [\"a\", 3]\n", &["2:15 no key"]);
        check("[keys]\naudit = \"a\"\n", &["2:1 \"audit\" stands in no section"]);
        check("[keys.everywhere]\nback = []\n", &["2:1 back must have a key"]);
        check("[keys.moon]\naudit = \"a\"\n", &["1:7 \"moon\" stands in no section"]);
        check("[keys.places]\nreveal = \"a\"\n", &["2:1 reveal does nothing on the screen places"]);
        let config = check("mouse = true\ntheme = \"light\nrestore = false\n", &["2:"]);
        assert!(config.mouse && !config.restore);
    }

    #[test]
    fn keys_are_rebound_and_clashes_are_told() {
        let key = |name: &str| Key::parse(name).expect("a key");
        let config =
            check("[keys.everywhere]\naudit = [\"Q\", \"ctrl-b\"]\n[keys.items]\nnext-marked = \"u\"\n", &[]);
        assert_eq!(config.keymap.lookup(Context::Tables, key("ctrl-b")), Some(Action::Audit));
        assert_eq!(config.keymap.lookup(Context::Items, key("u")), Some(Action::NextMarked));
        // A swap is no clash.
        check("[keys.everywhere]\nup = [\"j\", \"up\"]\ndown = [\"k\", \"down\"]\n", &[]);
        let config = check(
            "[keys.everywhere]\naudit = \"u\"\nfindings = \"u\"\n",
            &["3:1 u is already the key of audit"],
        );
        assert_eq!(config.keymap.lookup(Context::Tables, key("F")), Some(Action::Findings));
        assert_eq!(config.keymap.lookup(Context::Tables, key("u")), Some(Action::Audit));
        check(
            "[keys.tables]\nposture = \"f\"\n",
            &["2:1 f is already the key of table-findings on the screen tables"],
        );
    }

    #[test]
    fn the_template_changes_nothing_and_all_of_it_can_be_said() {
        let template = template();
        assert_eq!(parse(&template), (Config::default(), Vec::new()));
        let line = |l: &str| match l.strip_prefix('#') {
            Some(setting) if !setting.starts_with(' ') => setting.to_owned(),
            _ => l.to_owned(),
        };
        let said: String = template.lines().map(|l| line(l) + "\n").collect();
        let (config, problems) = parse(&said);
        assert_eq!(problems, Vec::new());
        assert_eq!(config.keymap.lookup(Context::Tables, Key::char('A')), Some(Action::Audit));
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_without_harm(text in "([a-z]{1,8}( = |\\.|\\[|\\]|\"|\n|é)?){0,12}") {
            let (config, _) = parse(&text);
            proptest::prop_assert_eq!(config.keymap.conflict(), None);
        }
    }
}
