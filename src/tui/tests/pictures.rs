//! Pictures of every screen at three sizes, with glyphs and styles.

use std::collections::BTreeMap;
use std::fmt::Write;

use ratatui::buffer::Buffer;
use ratatui::style::Style;

use super::play::Play;
use super::world::{Mood, calls};
use crate::tui::Colours;
use crate::tui::screens::Screen;

const SIZES: [(u16, u16); 3] = [(80, 24), (40, 12), (200, 60)];

/// Glyphs first, then the same rows as letters that stand for styles, and what the letters mean.
pub(super) fn picture(buf: &Buffer) -> String {
    let mut out = String::new();
    let mut letters: BTreeMap<String, char> = BTreeMap::new();
    let mut styles = String::new();
    for y in 0..buf.area.height {
        let mut glyphs = String::new();
        let mut row = String::new();
        for x in 0..buf.area.width {
            let cell = &buf[(x, y)];
            glyphs.push_str(cell.symbol());
            let style = cell.style();
            let name = named(style);
            let next = (b'a' + letters.len() as u8) as char;
            row.push(if name.is_empty() { ' ' } else { *letters.entry(name).or_insert(next) });
        }
        let _ = writeln!(out, "|{}", glyphs.trim_end());
        let _ = writeln!(styles, "|{}", row.trim_end());
    }
    out.push_str("styles\n");
    out.push_str(&styles);
    for (name, letter) in &letters {
        let _ = writeln!(out, "{letter} = {name}");
    }
    out
}

fn named(style: Style) -> String {
    let mut parts = Vec::new();
    if let Some(fg) = style.fg.filter(|c| *c != ratatui::style::Color::Reset) {
        parts.push(fg.to_string());
    }
    if !style.add_modifier.is_empty() {
        parts.push(format!("{:?}", style.add_modifier));
    }
    parts.join(" ")
}

fn check(name: &str, mood: Mood, keys: &str) {
    for (width, height) in SIZES {
        let mut play = Play::new(mood, (width, height));
        play.keys(keys);
        insta::assert_snapshot!(format!("{name}_{width}x{height}"), picture(&play.buffer()));
    }
}

#[test]
fn tables() {
    check("tables", Mood::Fine, "");
}

#[test]
fn tables_after_an_audit() {
    check("tables_audited", Mood::Fine, "A");
}

#[test]
fn overview() {
    check("overview", Mood::Fine, "A 1");
}

#[test]
fn mfa_code() {
    for (width, height) in SIZES {
        let mut play = Play::new(Mood::Fine, (width, height));
        let devices = vec!["arn:aws:iam::111122223333:mfa/me".to_owned()];
        play.model.shared.options.logins = vec![crate::tui::Login { name: String::new(), devices }];
        play.model.stack.push(Screen::code(crate::tui::PlaceId(0)));
        play.keys("'1234'");
        insta::assert_snapshot!(format!("mfa_code_{width}x{height}"), picture(&play.buffer()));
    }
}

#[test]
fn tables_loading() {
    for (width, height) in SIZES {
        let play = Play::silent(Mood::Fine, (width, height));
        insta::assert_snapshot!(format!("tables_loading_{width}x{height}"), picture(&play.buffer()));
    }
}

#[test]
fn tables_empty() {
    check("tables_empty", Mood::Empty, "");
}

#[test]
fn tables_denied() {
    check("tables_denied", Mood::Denied, "");
}

#[test]
fn tables_failed() {
    check("tables_failed", Mood::Unreachable, "");
}

#[test]
fn items() {
    check("items", Mood::Fine, "j j enter");
}

#[test]
fn items_with_findings() {
    check("items_with_findings", Mood::Fine, "enter");
}

#[test]
fn items_empty() {
    check("items_empty", Mood::Fine, "j enter");
}

#[test]
fn items_denied() {
    check("items_denied", Mood::Denied, "enter");
}

#[test]
fn items_hostile() {
    check("items_hostile", Mood::Hostile, "enter");
}

#[test]
fn query() {
    check("query", Mood::Fine, "enter esc = 'owner=\"payments\"' space 'and' space 'retries>2'");
}

#[test]
fn query_completing() {
    check("query_completing", Mood::Fine, "enter esc = 'p'");
}

#[test]
fn query_refused() {
    check(
        "query_refused",
        Mood::Fine,
        "enter esc = 'owner=\"payments\"' space 'and' space 'pk=5' space 'or' space 'x=1'",
    );
}

#[test]
fn query_again() {
    check("query_again", Mood::Fine, "enter = 'pk=\"service-07\"' enter esc ctrl-u ctrl-p");
}

#[test]
fn query_answered() {
    check("query_answered", Mood::Fine, "= 'owner=\"payments\"' enter");
}

#[test]
fn follow() {
    check("follow", Mood::Fine, "j j enter enter =");
}

#[test]
fn views() {
    check("views", Mood::Fine, "= 'pk=\"service-07\"' enter ctrl-t enter V");
}

#[test]
fn item() {
    check("item", Mood::Fine, "enter j j j enter");
}

#[test]
fn item_hostile() {
    check("item_hostile", Mood::Hostile, "enter enter");
}

#[test]
fn posture() {
    check("posture", Mood::Fine, "p");
}

#[test]
fn posture_denied() {
    check("posture_denied", Mood::Denied, "p");
}

#[test]
fn findings() {
    check("findings", Mood::Fine, "A F");
}

#[test]
fn findings_before_any_item_was_read() {
    check("findings_unread", Mood::Empty, "F");
}

#[test]
fn finding() {
    check("finding", Mood::Fine, "A F enter");
}

#[test]
fn help() {
    check("help", Mood::Fine, "?");
}

#[test]
fn palette() {
    check("palette", Mood::Fine, ": 'fi'");
}

#[test]
fn identity() {
    check("identity", Mood::Fine, "i");
}

#[test]
fn tail() {
    check("tail_question", Mood::Fine, "S");
    check("tail", Mood::Fine, "t enter");
}

#[test]
fn tables_of_all_places() {
    check("tables_combined", Mood::Fine, "a");
}

#[test]
fn places() {
    check("places", Mood::Fine, "s");
}

#[test]
fn log() {
    check("log", Mood::Denied, "!");
}

#[test]
fn ledger() {
    for (width, height) in SIZES {
        let mut play = Play::new(Mood::Fine, (width, height));
        calls().into_iter().for_each(|call| play.send(crate::tui::Msg::Called(call)));
        play.keys("! j");
        insta::assert_snapshot!(format!("ledger_{width}x{height}"), picture(&play.buffer()));
    }
}

#[test]
fn rule() {
    check("rule", Mood::Fine, "A F r");
}

#[test]
fn policy() {
    check("policy", Mood::Fine, "W");
    check("policy_denied", Mood::Denied, "W");
    check("policy_hostile", Mood::Hostile, "W");
}

#[test]
fn fanout() {
    check("fanout", Mood::Fine, "A j j O");
    check("fanout_flagged", Mood::Fine, "A O");
    check("fanout_denied", Mood::Denied, "O");
}

#[test]
fn without_colour_the_selection_still_shows() {
    let mut play = Play::new(Mood::Fine, (80, 24));
    play.model.shared.options.theme.colours = Colours::None;
    insta::assert_snapshot!("tables_without_colour", picture(&play.buffer()));
}

#[test]
fn every_theme_with_every_number_of_colours() {
    for (name, scheme) in crate::tui::SCHEMES {
        for (depth, colours) in [(Colours::Sixteen, "16"), (Colours::Many, "256")] {
            let mut play = Play::new(Mood::Fine, (80, 24));
            play.keys("A F");
            play.model.shared.options.theme =
                crate::tui::Theme { scheme: *scheme, colours: depth, read_aloud: false };
            insta::assert_snapshot!(format!("theme_{name}_{colours}"), picture(&play.buffer()));
        }
    }
}

#[test]
fn columns() {
    check("columns", Mood::Fine, "enter c j");
}

#[test]
fn items_sorted() {
    check("items_sorted", Mood::Fine, "enter l l l o");
}

#[test]
fn items_search() {
    check("items_search", Mood::Fine, "enter / 'pay'");
}

#[test]
fn copy_menu() {
    check("copy_menu", Mood::Fine, "enter Y j");
}

#[test]
fn item_json() {
    check("item_json", Mood::Fine, "enter j j j enter v");
}

#[test]
fn item_json_hostile() {
    check("item_json_hostile", Mood::Hostile, "enter enter v");
}

#[test]
fn indexes() {
    check("indexes", Mood::Fine, "enter I");
}

#[test]
fn history_question() {
    check("history_question", Mood::Fine, "E");
}

#[test]
fn usage_question() {
    check("usage_question", Mood::Fine, "U");
}

#[test]
fn usage() {
    check("usage", Mood::Fine, "U enter");
}

#[test]
fn history() {
    for (width, height) in SIZES {
        let mut play = Play::new(Mood::Fine, (width, height));
        play.keys("/ 'sessions' enter E");
        super::history::search(&mut play);
        play.keys("t j");
        insta::assert_snapshot!(format!("history_{width}x{height}"), picture(&play.buffer()));
    }
}

/// A picture of a session that needs more than a mood and keys.
fn check_played(name: &str, play: impl Fn((u16, u16)) -> Play) {
    for (width, height) in SIZES {
        insta::assert_snapshot!(format!("{name}_{width}x{height}"), picture(&play((width, height)).buffer()));
    }
}

fn peopled(mood: Mood, size: (u16, u16), keys: &str) -> Play {
    let mut play = Play::silent(Mood::Fine, size);
    play.world.peopled = true;
    play.answer();
    play.keys("p");
    play.world.mood = mood;
    play.keys(keys);
    play
}

#[test]
fn roles() {
    check("roles_none", Mood::Fine, "p X");
    check_played("roles_question", |size| peopled(Mood::Fine, size, "X"));
    check_played("roles", |size| peopled(Mood::Fine, size, "X enter"));
    check_played("roles_denied", |size| peopled(Mood::Denied, size, "X enter"));
}

#[test]
fn access() {
    check_played("access", |size| peopled(Mood::Fine, size, "P"));
    check_played("access_details", |size| peopled(Mood::Fine, size, "P down down enter"));
    check_played("access_denied", |size| peopled(Mood::Denied, size, "P"));
}

#[test]
fn access_key() {
    use super::access_key::at_the_key;
    check_played("access_key_question", |size| at_the_key(Mood::Fine, size));
    for (name, mood) in [("access_key", Mood::Fine), ("access_key_denied", Mood::Denied)] {
        check_played(name, |size| {
            let mut play = at_the_key(mood, size);
            play.keys("enter");
            play
        });
    }
}

#[test]
fn count() {
    use super::count::many;
    let played = |budget: u64, pages: usize| {
        move |size| {
            let mut play = many(size, budget);
            play.keys("#");
            play.press("enter");
            play.answer_some(pages);
            play
        }
    };
    check_played("count_question", |size| {
        let mut play = many(size, 2_000);
        play.keys("#");
        play
    });
    check_played("count_under_way", played(2_000, 1));
    check_played("count_out_of_budget", played(160, 10));
    check_played("count", played(2_000, 10));
}

#[test]
fn history_denied() {
    check("history_denied", Mood::Denied, "E enter");
}
