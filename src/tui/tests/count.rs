//! Counting without reading: page by page within the budget, stopped, gone on with.

use super::play::Play;
use super::world::Mood;
use crate::domain::Rcu;
use crate::tui::{Ask, Options};

/// The many of `orders`, in pages of a thousand.
pub(super) fn many(size: (u16, u16), budget: u64) -> Play {
    let options = Options { budget: Rcu::units(budget), ..Options::default() };
    let mut play = Play::with(options, Mood::Fine, size);
    play.answer();
    play.world.many = 3_500;
    play.keys("/ 'orders' enter");
    play.press("enter");
    play
}

fn counts(play: &Play) -> bool {
    let counts = |ask: &Ask| matches!(ask, Ask::Page(request, _) if request.counts);
    play.open.iter().any(|(.., ask)| counts(ask))
}

#[test]
fn a_list_is_counted_to_its_end_after_a_question() {
    for size in [(40, 12), (80, 24), (200, 50)] {
        let mut play = many(size, 2_000);
        play.keys("#");
        play.sees("Count of the matching items");
        assert!(!counts(&play));
        play.press("enter");
        assert!(counts(&play));
        play.answer_some(1);
        play.sees("at least 1,000 items match").sees("not finished");
        play.answer();
        play.sees("3,500 items match").sees("complete");
        assert!(!play.text().contains("at least"), "{}", play.text());
    }
}

#[test]
fn a_query_is_counted_from_the_box() {
    let mut play = Play::new(Mood::Fine, (80, 24));
    play.keys("/ 'api_metadata' enter =");
    play.press("'owner=\"payments\"' ctrl-r");
    assert!(counts(&play), "its cost was told in the box: no second question");
    play.answer();
    play.sees("count of owner = ?").sees("complete");
    play.keys("esc");
    play.sees("query");
}

#[test]
fn what_has_an_error_is_not_counted() {
    let mut play = Play::new(Mood::Fine, (80, 24));
    play.keys("/ 'api_metadata' enter =");
    play.press("'pk=' ctrl-r");
    assert!(!counts(&play));
    play.sees("at character");
}

#[test]
fn esc_stops_and_enter_goes_on() {
    let mut play = many((80, 24), 2_000);
    play.keys("#");
    play.press("enter");
    play.answer_some(1);
    play.press("esc");
    play.sees("at least 1,000 items match").sees("not finished: paused");
    assert!(play.open.is_empty());
    play.keys("enter");
    play.sees("3,500 items match").sees("complete");
}

#[test]
fn the_budget_ends_it() {
    let mut play = many((80, 24), 160);
    play.keys("#");
    play.press("enter");
    play.answer();
    play.sees("not finished: read budget spent");
    play.keys("+ enter");
    play.sees("complete");
}

#[test]
fn a_page_that_fails_is_no_zero() {
    let mut play = many((80, 24), 2_000);
    play.keys("#");
    play.world.mood = Mood::Denied;
    play.keys("enter");
    play.sees("at least 0 items match").sees("dynamodb:Scan").sees("not finished");
}

/// Four pages of 1 MB at the most: what they cost was not said, and is not nothing.
#[test]
fn a_page_that_does_not_say_its_cost_counts_at_its_worst_case() {
    for (unpriced, cost) in [(false, "48 RCU"), (true, "514 RCU")] {
        let mut play = many((80, 24), 2_000);
        play.world.unpriced = unpriced;
        play.keys("# enter");
        play.sees("complete").sees(cost);
    }
}
