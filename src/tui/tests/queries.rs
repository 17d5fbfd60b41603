//! Sessions with the expression box.

use super::play::Play;
use super::world::{Mood, stripe_key};
use crate::domain::Rcu;
use crate::tui::{Ask, Asked, Options, Theme};

const SIZE: (u16, u16) = (100, 30);

fn play() -> Play {
    Play::new(Mood::Fine, SIZE)
}

#[test]
fn a_whole_key_is_got() {
    let mut play = play();
    play.keys("enter = 'pk=\"service-07\"'").sees("GetItem on the table").sees("0.5 to 50 RCU");
    play.keys("enter").sees("GetItem:").sees("service-07").misses("service-08");
    // The title shows the shape, not the value.
    play.sees("api_metadata › pk = ?");
    play.keys("esc").sees("› query").sees("pk=\"service-07\"");
    play.keys("esc").sees("Scan").sees("service-08");
    play.keys("= 'pk=\"nothing\"' enter").sees("No item is like this");
}

#[test]
fn a_partition_is_queried_where_there_is_a_sort_key() {
    let mut play = play();
    play.keys("j j enter = 'pk=\"order-0007\"'").sees("Query on the table");
    play.keys("enter").sees("Query").sees("order-0007").misses("order-0008");
}

#[test]
fn an_index_is_found_and_can_be_declined() {
    let mut play = play();
    play.keys("= 'owner=\"payments\"'").sees("Query on the index by-owner").sees("or (ctrl-o)");
    play.keys("ctrl-o").sees("Scan on the table").sees("Everything (owner) is a filter");
    play.press("enter");
    let Some((_, _, Ask::Page(request, _))) = play.open.first() else { panic!("nothing was asked") };
    assert!(request.index.is_none());
    play.answer();
    play.sees("Scan (30 kept)");
    play.keys("esc ctrl-o enter").sees("api_metadata › by-owner › owner = ?");
}

#[test]
fn an_error_is_marked_at_its_place() {
    let mut play = play();
    play.keys("= 'pk=5'").sees("The key attribute `pk` is a string");
    let text = play.text();
    let lines: Vec<&str> = text.lines().collect();
    let box_line = lines.iter().position(|l| l.contains("= pk=5")).expect("the box");
    assert_eq!(lines[box_line].find('5'), lines[box_line + 1].find('^'), "{text}");
    play.keys("enter").sees("at character 4");
    assert!(play.open.is_empty(), "nothing is read");
}

#[test]
fn words_are_completed() {
    let mut play = play();
    play.keys("enter = 'ow'")
        .sees("▸ owner")
        .keys("tab 'x' backspace space '=' space '\"payments\"' space 'a'");
    play.sees("▸ and").keys("tab 'ret' tab").sees("= owner = \"payments\" and retries");
}

#[test]
fn what_was_asked_can_be_asked_again_and_kept_without_its_values() {
    let mut play = play();
    play.keys("enter = 'pk=\"service-07\"' enter esc ctrl-u").sees("Asked before").sees("pk = ?");
    play.keys("ctrl-p").sees("pk=\"service-07\"");
    play.keys("ctrl-s").sees("Kept, without its values: pk = ?");
    play.keys("ctrl-p").sees("= pk = ?").sees("Fill in a value");
    let saved: Vec<_> = play.model.shared.queries.saved.values().flatten().map(|s| s.as_str()).collect();
    assert_eq!(saved, ["pk = ?"]);
}

#[test]
fn a_query_that_is_left_is_cancelled_and_charged() {
    let mut play = play();
    play.keys("= 'owner=\"payments\"'");
    play.press("enter esc");
    assert_eq!(play.cancelled.len(), 1);
    assert_eq!(play.model.shared.spent(), Rcu::PAGE);
    play.sees("› query");
}

#[test]
fn a_deep_link_asks_at_once() {
    let options = |query: &str| Options {
        reveal: true,
        mask_all: false,
        mask_locked: false,
        demo: false,
        table: Some("api_metadata".into()),
        query: Some(Asked { text: query.to_owned().into(), held: Vec::new() }),
        theme: Theme { colour: true },
        budget: Rcu::units(2000),
    };
    let mut play = Play::with(options("owner = \"payments\""), Mood::Fine, SIZE);
    play.answer();
    play.sees("api_metadata › by-owner › owner = ?").sees("service-03").misses(&stripe_key());
    let mut play = Play::with(options("pk = 5"), Mood::Fine, SIZE);
    play.answer();
    play.sees("The key attribute `pk` is a string").keys("esc").sees("= pk = 5");
}
