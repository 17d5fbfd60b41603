//! Asking CloudTrail who copied a table.

use super::play::Play;
use super::world::Mood;
use crate::scan::Search;
use crate::tui::Ask;

/// At `sessions`, on the page; nothing was asked yet.
fn page(mood: Mood) -> Play {
    let mut play = Play::new(mood, (80, 24));
    play.keys("/ 'sessions' enter E");
    play
}

/// Lets the search go on to its end.
pub(super) fn search(play: &mut Play) {
    play.keys("enter");
    for _ in 0..2 * Search::LEAST {
        play.wait(1);
        play.answer();
    }
}

#[test]
fn it_asks_before_it_asks() {
    let mut play = page(Mood::Fine);
    play.sees("Copies made in the last 90 days")
        .sees("10 to 100 of LookupEvents")
        .sees("cloudtrail:LookupEvents");
    assert!(!play.open.iter().any(|(.., ask)| matches!(ask, Ask::LookUp(_))));
    play.keys("esc").sees("sessions");
}

#[test]
fn calls_about_the_table_are_shown_and_about_others_on_request() {
    let mut play = page(Mood::Fine);
    search(&mut play);
    play.sees("3 about sessions in 90 days").sees("collector/nightly").sees("refused, AccessDenied");
    play.misses("admin/kim").keys("t").sees("4 about any table").sees("admin/kim");
    play.keys("/ 'landing' enter").sees("1 about any table").misses("admin/kim");
    play.keys("esc").sees("admin/kim").keys("esc").misses("copied in the last");
    // What was found stays, for every table of the place.
    play.keys("esc / 'orders' enter E").sees("1 about orders in 90 days").sees("set the policy of the table");
    play.keys("w");
    let (name, copy) = play.saved.first().expect("saved");
    assert!(
        name.ends_with(".jsonl") && copy.text.contains(r#""event":"PutResourcePolicy""#),
        "{}",
        copy.text.as_str()
    );
}

#[test]
fn esc_stops_it_and_keeps_what_was_found() {
    let mut play = page(Mood::Fine);
    play.keys("enter").sees("1 of 10 kinds of calls queried").sees("esc stops");
    play.wait(1);
    assert_eq!(play.open.len(), 1, "one question at a time");
    play.press("esc");
    assert_eq!((play.open.len(), play.cancelled.len()), (0, 1));
    play.sees("stopped after 1 of 10").sees("collector/nightly");
    play.wait(60);
    assert!(play.open.is_empty(), "nothing is asked any more");
    search(&mut play);
    play.sees("3 about sessions in 90 days");
}

#[test]
fn leaving_the_page_stops_it() {
    let mut play = page(Mood::Fine);
    play.keys("enter");
    play.wait(1);
    play.press("ctrl-t");
    assert!(play.open.is_empty());
    play.wait(60);
    assert!(play.open.is_empty(), "nothing is asked behind one's back");
}

#[test]
fn denied_is_told_with_the_permission() {
    let mut play = Play::new(Mood::Denied, (80, 24));
    play.keys("E enter").sees("It needs cloudtrail:LookupEvents").sees("ended after 0 of 10");
    play.misses("No such call");
}

#[test]
fn nothing_in_an_event_reaches_the_terminal_raw() {
    let mut play = Play::new(Mood::Hostile, (80, 24));
    play.keys("E");
    search(&mut play);
    play.keys("t").sees("‹U+202E›").misses("\u{1b}").misses("\u{202e}");
}
