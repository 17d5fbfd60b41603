//! What is typed may be a secret: it is shown, kept and repeated by nothing.

use super::play::Play;
use super::world::Mood;
use crate::detect::Redactor;
use crate::query::Typed;
use crate::tui::{Asked, Options, Remembered};

const SIZE: (u16, u16) = (100, 30);

fn token() -> String {
    ["gh", "p_16C7e42F292c6912E7710c838347Ae178B4a"].concat()
}

/// The part of it that no mask leaves.
fn inner() -> String {
    token()[6..30].to_owned()
}

/// Nothing of what the session shows, logs, copies or leaves has the token.
#[track_caller]
fn keeps_it(play: &mut Play) {
    play.misses(&inner()).misses(&inner().to_lowercase());
    assert!(!play.model.remembered().text().contains(&inner()), "in the session");
    play.keys("esc !").misses(&inner());
    let said = play.model.shared.log.iter().any(|line| format!("{line:?}").contains(&inner()));
    assert!(!said, "in the log");
}

#[test]
fn a_token_without_quotes_is_a_literal() {
    let typed = |before: &str| format!("enter = '{before}{}'", token());
    for before in ["api_key=", "owner=\"a\"'andapi_key=", "pk=", "contains(owner,", "", "owner(", "api_key=`"]
    {
        let mut play = Play::new(Mood::Fine, SIZE);
        play.keys(&typed(&before.replace('\'', "' space '").replace("and", "and' space '"))).misses(&inner());
        play.keys("enter").misses(&inner());
        keeps_it(&mut play);
    }
    let mut play = Play::new(Mood::Fine, SIZE);
    play.keys(&typed("api_key=")).keys("enter").sees("› api_key = ?");
    play.keys("esc ctrl-s").sees("Saved, without its values: api_key = ?").misses(&inner());
    // Neither as it was asked nor as it was kept does it come back.
    play.keys("ctrl-p").sees("= api_key = ?").keys("ctrl-p").sees("= api_key = ?").misses(&inner());
    keeps_it(&mut play);
}

#[test]
fn no_filter_search_or_title_repeats_a_token() {
    for opens in ["/", "A F /", "! /", ":", "enter /", "enter enter /", "enter c /"] {
        let mut play = Play::new(Mood::Fine, SIZE);
        play.keys(opens).keys(&format!("'{}'", token())).misses(&inner());
        play.keys("enter").misses(&inner()).misses(&inner().to_lowercase());
        play.keys("V").misses(&inner());
        keeps_it(&mut play);
    }
}

#[test]
fn a_table_that_is_not_there_is_not_repeated_if_it_is_a_token() {
    let mut play = Play::with(Options { table: Some(token()), ..Options::default() }, Mood::Fine, SIZE);
    play.answer();
    play.sees("There is no table ghp_").misses(&inner());
    keeps_it(&mut play);
}

#[test]
fn a_deep_link_with_a_token_shows_its_shape() {
    let text = Typed::new(&format!("api_key = {}", token()), &Redactor::default());
    let query = Some(Asked { text, held: Vec::new() });
    let options = Options { table: Some("api_metadata".into()), query, ..Options::default() };
    let mut play = Play::with(options, Mood::Fine, SIZE);
    play.answer();
    play.sees("› api_key = ?").misses(&inner());
    // Esc leads to the expression, where it can be edited and is still masked.
    play.keys("esc").sees("› query").misses(&inner());
    keeps_it(&mut play);
}

#[test]
fn a_line_that_means_nothing_is_not_repeated_if_it_is_a_token() {
    let mut play = Play::new(Mood::Fine, SIZE);
    for line in [token(), format!(": {}", token())] {
        let Err(said) = crate::tui::plain::read(&mut play.model, &line) else { panic!("it means something") };
        assert!(said.contains("ghp_") && !said.contains(&inner()), "{said}");
    }
}

#[test]
fn a_session_with_a_token_as_a_name_is_read_without_it() {
    let text = format!(r#"{{"queries": {{"r/t": ["api_key = {}"]}}}}"#, token());
    let read = Remembered::parse(&text, &Redactor::default()).expect("read");
    assert_eq!(read.queries["r/t"], ["api_key = ?"]);
}

#[test]
fn reopening_a_session_reads_no_item() {
    let mut play = Play::new(Mood::Fine, SIZE);
    play.keys("j j enter").sees("order-0001");
    let left = play.model.remembered();
    let mut again = Play::with(Options::default(), Mood::Fine, SIZE);
    again.model.restore(left);
    again.answer();
    let spent = again.model.shared.spent();
    again.sees("orders › items").sees("R reads").misses("order-0001");
    again.keys("j G k tab").misses("order-0001");
    assert_eq!((spent, again.model.shared.spent()), (crate::domain::Rcu::ZERO, crate::domain::Rcu::ZERO));
    again.keys("R").sees("order-0001");
    let mut again = Play::with(Options::default(), Mood::Fine, SIZE);
    again.model.restore(play.model.remembered());
    again.answer();
    again.keys("enter").sees("order-0001");
}

#[test]
fn a_filter_finds_what_contains_its_words_first() {
    let mut play = Play::new(Mood::Fine, SIZE);
    play.keys("A F").keys("/ 'orders'");
    let rows = play.text();
    let findings: Vec<&str> =
        rows.lines().filter(|line| line.contains(" high ") || line.contains("critical")).collect();
    assert!(findings.iter().all(|line| line.contains("orders")), "{rows}");
    play.keys("enter enter").sees("orders › finding");
}

#[test]
fn a_finding_leads_to_its_table() {
    let check = |key: &str, title: &str| {
        for opens in ["A F enter", "A F"] {
            Play::new(Mood::Fine, SIZE).keys(opens).keys(key).sees(title);
        }
    };
    check("p", "api_metadata › posture");
    check("f", "api_metadata › findings");
    check("W", "api_metadata › policies");
    check("O", "api_metadata › where its data goes");
    check("E", "api_metadata › copied in the last");
}

#[test]
fn a_palette_without_a_match_says_so() {
    let mut play = Play::new(Mood::Fine, SIZE);
    play.keys(":").keys("'xyzzy' space 'items'").sees("No matching command, table or Region");
    play.keys("enter").sees("Commands").keys("esc").sees("Tables (");
}

/// The keys of items in [`super::world`].
const KEYS: &[&str] = &["service-0", "service-1", "service-2", "order-0"];

#[test]
fn with_every_value_masked_no_screen_shows_the_key_of_an_item() {
    let mut shown = 0;
    for keys in [
        "A",
        "A F",
        "A F enter",
        "A F enter G",
        "f",
        "enter",
        "enter f enter",
        "enter enter",
        "enter j j j enter",
        "enter j j j enter v",
        "enter j j j enter v v",
        "enter j j j enter j j j enter",
        "enter j j j enter Y",
        "enter Y",
        "enter t",
        "enter c",
        "enter *",
        "enter enter *",
        "enter #",
        "enter ctrl-t V",
        "enter o",
        "enter J",
        "j j enter",
        "j j enter enter",
        "j j enter enter Y",
        "S enter enter",
        "p",
        "O",
        "W",
        "I",
        "E enter",
        "U enter",
        "A !",
        "enter enter !",
        ":",
    ] {
        let mut clear = Play::new(Mood::Fine, SIZE);
        clear.keys(keys);
        shown += usize::from(KEYS.iter().any(|key| clear.text().contains(key)));
        let options = Options { mask_all: true, mask_locked: true, ..Options::default() };
        let mut play = Play::with(options, Mood::Fine, SIZE);
        play.answer();
        play.keys(keys);
        KEYS.iter().for_each(|key| {
            play.misses(key);
        });
        // Whatever is copied or written there neither.
        for copies in [
            "y",
            "w",
            "Y enter",
            "Y j enter",
            "Y j j enter",
            "Y j j j enter",
            "Y j j j j j enter",
            "Y G enter",
        ] {
            play.keys(copies);
        }
        let texts =
            play.copied.iter().chain(play.saved.iter().map(|(_, copy)| copy)).map(|copy| copy.text.as_str());
        let names = play.saved.iter().map(|(name, _)| name.as_str());
        for text in texts.chain(names) {
            assert!(!KEYS.iter().any(|key| text.contains(key)), "{keys}: {text}");
        }
    }
    assert!(shown > 15, "{shown} of these screens show keys when they may");
}
