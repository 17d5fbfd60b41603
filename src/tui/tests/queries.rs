//! Sessions with the expression box.

use super::play::Play;
use super::world::{Mood, stripe_key};
use crate::detect::Redactor;
use crate::domain::{Rcu, Read};
use crate::query::Typed;
use crate::tui::{Ask, Asked, Options};

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
    play.keys("= 'pk=\"nothing\"' enter").sees("No matching items");
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
    play.keys("enter = 'pk=\"service-07\"' enter esc ctrl-u").sees("Earlier and saved").sees("pk = ?");
    play.keys("ctrl-p").sees("pk=\"service-07\"");
    play.keys("ctrl-s").sees("Saved, without its values: pk = ?");
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
        table: Some("api_metadata".into()),
        query: Some(Asked { text: Typed::new(query, &Redactor::default()), held: Vec::new() }),
        ..Options::default()
    };
    let mut play = Play::with(options("owner = \"payments\""), Mood::Fine, SIZE);
    play.answer();
    play.sees("api_metadata › by-owner › owner = ?").sees("service-03").misses(&stripe_key());
    let mut play = Play::with(options("pk = 5"), Mood::Fine, SIZE);
    play.answer();
    play.sees("The key attribute `pk` is a string").keys("esc").sees("= pk = 5");
}

#[test]
fn one_goes_back_and_forward_again() {
    let mut play = play();
    play.keys("= 'pk=\"service-07\"' enter").sees("GetItem:");
    play.keys("esc").sees("› query").keys("ctrl-f").sees("GetItem:").sees("service-07");
    play.keys("esc esc").sees("Tables (").keys("ctrl-f ctrl-f").sees("GetItem:");
    play.keys("ctrl-f").sees("Nothing to go forward to");
    // Another way taken, and what was left is gone.
    play.keys("esc esc enter")
        .sees("api_metadata › items")
        .keys("esc enter ctrl-f")
        .sees("Nothing to go forward to");
}

#[test]
fn a_read_that_was_left_goes_on_when_one_comes_back() {
    let mut play = play();
    play.keys("= 'owner=\"payments\"'");
    play.press("enter esc");
    play.keys("ctrl-f").sees("all 30 items read");
}

#[test]
fn several_views_are_open_at_once() {
    let mut play = play();
    play.keys("= 'pk=\"service-07\"' enter").sees("GetItem:");
    play.keys("ctrl-t").sees("Tables (").sees("New view");
    play.keys("j j enter").sees("orders › items");
    play.keys("V").sees("Open views (2)").sees("api_metadata › pk = ?");
    play.keys("enter").sees("GetItem:").sees("service-07");
    play.keys("V enter").sees("orders › items").sees("order-0001");
    play.keys("V esc").sees("orders › items");
    // A view that is left while it loads goes on later.
    play.keys("esc");
    play.press("enter ctrl-t");
    assert!(play.open.iter().all(|(_, _, ask)| !matches!(ask, Ask::Page(..))), "nothing is read for nobody");
    play.answer();
    play.keys("V enter").sees("orders › items").sees("order-0001");
}

#[test]
fn a_value_is_followed_without_being_shown() {
    let mut play = play();
    play.keys("j j enter enter").sees("orders › item");
    play.keys("=").sees("follow pk to").sees("api_metadata").sees("by-owner");
    play.keys("enter").sees("= pk = $1").misses("order-0000");
    play.keys("enter").sees("› pk = ?").sees("No matching items");
}

#[test]
fn a_value_under_the_cursor_is_asked_for_in_its_own_table() {
    let mut play = play();
    // Of the owner there is an index; of the retries there is none.
    play.keys("enter l *").sees("follow owner to").sees("by-owner");
    play.keys("enter").sees("= owner = $1").sees("Query on the index by-owner");
    play.keys("esc esc l *").sees("by condition").sees("retries");
    play.keys("enter").sees("= retries = $1").sees("Scan on the table");
    // Deep in an item as well.
    play.keys("esc esc esc enter j j j enter G *").sees("config.hosts[1]");
    let mut play = Play::new(Mood::Fine, SIZE);
    play.keys("enter j j j l l l *").sees("Only a string, number or binary");
}

#[test]
fn what_is_inside_of_attributes_is_completed() {
    let mut play = play();
    play.keys("enter = 'conf'").sees("config.hosts[0]").sees("config.mode").misses(&stripe_key());
    play.keys("'ig.'").sees("▸ hosts").sees("secret").keys("'mo' tab").sees("= config.mode");
}

#[test]
fn what_was_kept_is_dropped_for_good() {
    let mut play = play();
    play.keys("enter = 'pk=\"service-07\"' ctrl-s enter esc ctrl-u").sees("pk = ?");
    play.keys("ctrl-x").sees("ctrl-p goes to an earlier or saved expression");
    play.keys("ctrl-p ctrl-p").sees("= pk = ?").keys("ctrl-x").sees("Deleted").sees("pk=\"service-07\"");
    assert_eq!(play.model.shared.queries.saved.values().map(Vec::len).sum::<usize>(), 0);
    assert!(play.model.remembered().queries.is_empty());
    play.keys("ctrl-x").misses("Earlier and saved").misses("service-07");
}

#[test]
fn a_small_terminal_tells_all_of_it_page_by_page() {
    let mut play = Play::new(Mood::Fine, (40, 12));
    play.keys("enter = 'owner=\"payments\"' space 'and' space 'retries=3'").sees("reads by").misses("saves");
    play.keys("pgdn").misses("reads by").keys("pgdn").sees("it saves");
    play.keys("pgup pgup pgup").sees("reads by").keys("pgdn backspace").sees("retries=");
}

#[test]
fn an_index_is_scanned_only_when_somebody_says_so() {
    let mut play = play();
    play.keys("enter =").sees("reads by      Scan on the table").keys("ctrl-o");
    play.sees("Scan on the index by-owner").sees("Items without `owner` are not in the index");
    play.press("enter");
    let Some((_, _, Ask::Page(request, _))) = play.open.first() else { panic!("nothing was asked") };
    assert_eq!(request.index.as_deref(), Some("by-owner"));
    assert!(request.read == Read::Scan);
}

#[test]
fn a_secret_that_is_followed_stays_masked() {
    let mut play = play();
    play.keys("enter j j j enter").sees("item › service-03");
    play.keys("=").misses(&stripe_key()).keys("enter").sees("$1").misses(&stripe_key());
    play.keys("enter").misses(&stripe_key()).keys("esc esc !").misses(&stripe_key());
}
