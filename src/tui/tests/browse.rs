//! Browsing: columns, order, search, paging both ways, copies.

use super::play::Play;
use super::world::{Mood, stripe_key};
use crate::domain::Rcu;
use crate::tui::{Ask, Msg, Options};

const SIZE: (u16, u16) = (100, 30);

/// The items of `api_metadata`.
fn services() -> Play {
    let mut play = Play::new(Mood::Fine, SIZE);
    play.keys("enter");
    play
}

/// A table with this many orders, the first page read.
fn orders(many: usize) -> Play {
    let mut play = Play::new(Mood::Fine, SIZE);
    play.world.many = many;
    play.model.shared.budget.raise(Rcu::units(1_000_000));
    play.keys("j j enter");
    play
}

/// The line of column titles.
fn titles(play: &Play) -> String {
    play.text().lines().nth(3).expect("a line of titles").to_owned()
}

#[track_caller]
fn check_titles(keys: &str, expect: &str) {
    let mut play = services();
    play.keys(keys);
    let titles: Vec<String> = titles(&play).replace('▾', " ").split_whitespace().map(str::to_owned).collect();
    assert_eq!(titles.join(" "), expect, "{keys}");
}

#[test]
fn columns_are_hidden_moved_and_pinned() {
    check_titles("l", "pk owner retries config");
    check_titles("l H", "pk retries config");
    check_titles("l H c k H esc", "pk owner retries config");
    check_titles("l ]", "pk retries owner config");
    check_titles("l ] [", "pk owner retries config");
    check_titles("l l l P", "pk config owner retries");
    check_titles("c j j space esc", "pk owner config");
}

#[test]
fn columns_are_remembered_for_their_table_while_it_is_closed() {
    let mut play = services();
    play.keys("l H esc enter").misses("payments").keys("esc j j enter").sees("Zoë");
    let layout = play.model.shared.columns.values().next().expect("one table was arranged");
    let saved = serde_json::to_string(layout).expect("serializes");
    assert_eq!(saved, r#"{"order":[],"widths":{},"hidden":["owner"],"pinned":{}}"#);
    assert_eq!(serde_json::from_str::<crate::tui::columns::ColumnLayout>(&saved).expect("reads"), *layout);
}

#[test]
fn the_last_column_stays() {
    services().keys("l H H H H H").sees("The last column cannot be hidden").sees("service-07");
}

#[test]
fn a_column_is_resized() {
    let mut play = services();
    play.keys("l");
    let before = titles(&play).find("retries");
    play.keys(">");
    assert_eq!(titles(&play).find("retries"), before.map(|n| n + 4));
}

#[test]
fn types_and_fill_rates_are_told() {
    services().keys("c").sees("› columns").sees("10% M").sees("100% N").keys("esc").sees("› items");
}

#[test]
fn numbers_sort_as_numbers_and_the_line_says_of_how_many() {
    let mut play = orders(250);
    play.keys("l l o").sees("by left ↑, of the 100 loaded").sees("▸ order-0000099");
    play.keys("o").sees("by left ↓").sees("▸ order-0000000");
    play.keys("o").misses("by left").sees("▸ order-0000000");
    // At the end, one more page is asked for; the cursor stays on its item.
    play.keys("o G")
        .sees("▸ order-0000000")
        .keys("j")
        .sees("of the 200 loaded")
        .sees("200 read, not finished");
}

#[test]
fn nothing_is_read_on_just_because_a_filter_shows_little() {
    let mut play = orders(250);
    play.keys("t j enter")
        .sees("No loaded item matches this filter")
        .sees("0 with a finding, of the 100 loaded");
    assert!(play.open.is_empty());
    play.keys("j").sees("of the 200 loaded").keys("esc").sees("order-0000007");
}

#[test]
fn a_condition_that_nothing_meets_stops_after_a_while_and_asks() {
    let mut play = orders(11_000);
    play.keys("esc =").press("'nothing=\"here\"' enter");
    play.answer();
    play.sees("Scan (0 kept): 5,000 items read, not finished")
        .sees("5,000 items read for 600 RCU, and none matched");
    play.keys("x").sees("5,000 items read");
    play.keys("enter").sees("10,000 items read, not finished").sees("Enter reads more");
    play.keys("j").sees("No matching items").sees("all 11,000 items read");
}

#[test]
fn items_are_filtered_by_finding_rule_and_type() {
    let mut play = services();
    play.keys("t").sees("every item (30)").sees("with a finding (3)").sees("with Stripe");
    play.keys("j enter").sees("3 with a finding, of all 30").sees("service-23").misses("service-04");
    play.keys("esc").sees("service-04");
    play.keys("l l l t G enter").sees("3 where config is M").misses("service-04");
}

#[test]
fn a_search_moves_from_match_to_match() {
    let mut play = services();
    play.keys("/ 'SERVICE-1' enter").sees("▸ service-10").keys("n").sees("▸ service-11");
    play.keys("N N").sees("▸ service-10").sees("No match above");
    // Deep in a map, and the cursor goes to its column.
    play.keys("/ 'a.example' enter").sees("▸‼service-13").sees("▾config");
    // What is masked is not found.
    let secret = &stripe_key()[8..20];
    play.keys(&format!("/ '{secret}' enter")).sees("No match below");
    play.keys("esc").misses(secret).sees("service-13");
}

#[test]
fn a_search_goes_along_while_it_is_typed() {
    let mut play = services();
    play.keys("j j / 's'").sees("▸ service-02").keys("'ervice-1'").sees("▸ service-10");
    play.keys("'7'").sees("▸ service-17");
    // What is not there leaves the cursor where it began, and does so with more behind it.
    play.keys("'zz'").sees("▸ service-02").keys("'z'").sees("▸ service-02");
    play.keys("backspace backspace backspace")
        .sees("▸ service-17")
        .keys("enter")
        .sees("▸ service-17")
        .sees("/service-17");
    play.keys("/ 'service-20'").sees("▸ service-20").keys("esc").sees("▸ service-17").misses("/service");
}

#[test]
fn a_column_is_gone_to_by_its_name() {
    let mut play = services();
    play.keys("c / 'con' enter").misses("retries").keys("enter").sees("› items").sees("▾config");
    play.keys("c / 'own' enter space")
        .sees("hidden")
        .keys("esc")
        .sees("retries")
        .keys("esc")
        .misses("payments");
}

#[test]
fn items_with_this_value_are_shown_alone() {
    let mut play = orders(250);
    // One of 100 has this number; all have this note.
    play.keys("j l l t j j")
        .sees("with this left (1)")
        .keys("enter")
        .sees("1 with this left, of the 100 loaded");
    play.sees("▸ order-0000001").misses("order-0000002");
}

#[test]
fn the_items_shown_are_written_to_a_file_as_masked_as_they_are() {
    let mut play = services();
    play.keys("t j enter w");
    let (name, file) = play.saved.pop().expect("written");
    assert!(name.starts_with("dynaudit-items-") && name.ends_with(".jsonl"), "{name}");
    let lines: Vec<serde_json::Value> =
        file.text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let keys: Vec<_> = lines.iter().map(|l| l["pk"].as_str().unwrap_or_default()).collect();
    assert_eq!(keys, ["service-03", "service-13", "service-23"]);
    assert!(file.text.contains("\"mode\": \"live\"") && !file.text.contains(&stripe_key()));
    // From the menu in the form that the API has; and in the order that is on the screen.
    play.keys("o o Y G enter");
    let (_, file) = play.saved.pop().expect("written");
    let first = file.text.lines().next().expect("a line");
    assert!(first.starts_with("{\"pk\": {\"S\": \"service-23\"}"), "{first}");
}

#[test]
fn one_goes_from_item_to_item_without_the_list() {
    let mut play = services();
    play.keys("enter").sees("› service-00").sees("item 1 of 30").keys("K").sees("first item loaded");
    play.keys("J J").sees("› service-02").sees("item 3 of 30");
    // As JSON it stays JSON; and the list goes along.
    play.keys("v J").sees("item as JSON").sees("\"service-03\"").misses(&stripe_key());
    play.keys("K K esc").sees("▸ service-01");
    play.keys("G enter J").sees("last item loaded").sees("› service-29");
}

#[test]
fn one_value_is_shown_whole() {
    let mut play = orders(3);
    play.keys("enter G enter").sees("› value › order-0000000 / 2026-11-20 › note").sees("esc shows the item");
    // 900 letters on lines of the screen.
    let value = |line: &&str| line.ends_with("xxx");
    let letters: usize = play.text().lines().filter(value).map(|l| l.matches('x').count()).sum();
    assert_eq!(letters, 900, "{}", play.text());
    play.keys("y").keys("esc").sees("› item ›").sees("900 B");
    assert_eq!(play.copied.last().map(|copy| copy.text.len()), Some(900));
    let mut play = Play::new(Mood::Fine, SIZE);
    play.keys("j j enter enter / 'thumb' enter esc enter").sees("› thumb").sees("0000  00 01 02 ff");
    let mut play = services();
    play.keys("j j j enter").keys("k enter").sees("› value ›").sees("live").misses(&stripe_key());
}

#[test]
fn what_comes_next_is_read_ahead_and_never_beyond_the_budget() {
    // 24 rows are on the screen: the next page is asked for as soon as there are no two screens to go.
    let mut play = orders(250);
    play.keys("pgdn pgdn").sees("row 49 of 100").sees("100 items read");
    play.keys("pgdn").sees("row 73 of 200").sees("200 items read");
    let options = Options { budget: Rcu::units(130), ..Options::default() };
    let mut play = Play::with(options, Mood::Fine, SIZE);
    play.world.many = 250;
    play.answer();
    play.keys("j j enter pgdn pgdn pgdn").sees("read budget spent").sees("▸ order-0000072");
    assert!(play.model.shared.spent() < Rcu::units(130));
    play.keys("+").sees("200 of about 250 items read");
}

#[test]
fn what_is_far_away_is_let_go_and_read_again_at_a_shown_cost() {
    let mut play = orders(60_000);
    play.press("G");
    for _ in 0..599 {
        play.answer();
        play.press("G");
    }
    play.answer();
    play.sees("all 60,000 items read").sees("order-0059999");
    let spent = play.model.shared.spent();
    play.press("g");
    play.sees("…").misses("order-0000000").sees("reading again");
    play.answer();
    play.sees("▸ order-0000000").sees("of it for rereading");
    assert!(play.model.shared.spent() > spent);
    // Down into what was let go, a screen ahead of the cursor.
    play.keys("pgdn pgdn pgdn pgdn").sees("order-0000090");
}

#[test]
fn a_cancelled_read_goes_on_where_it_stopped() {
    let mut play = orders(250);
    play.press("G");
    play.press("esc");
    play.sees("paused; j at the end reads more");
    assert_eq!(play.cancelled.len(), 1);
    play.keys("j").sees("200 items read");
}

#[test]
fn the_copy_menu_copies_what_it_says() {
    let copied = |keys: &str| {
        let mut play = services();
        play.keys("j j j l l l").keys(keys);
        assert!(play.saved.iter().all(|(_, copy)| !copy.text.contains(&stripe_key())));
        let copy = play.copied.pop().unwrap_or_else(|| panic!("{keys} copies nothing"));
        assert!(!copy.text.contains(&stripe_key()), "{keys}");
        (copy.text.to_string(), play.saved.pop())
    };
    assert!(copied("y").0.contains("\"mode\": \"live\""));
    assert!(copied("h h y").0 == "payments");
    let item: serde_json::Value = serde_json::from_str(&copied("Y j enter").0).expect("JSON");
    assert_eq!((&item["pk"], item["retries"].to_string()), (&"service-03".into(), "3".into()));
    let typed: serde_json::Value = serde_json::from_str(&copied("Y j j enter").0).expect("JSON");
    assert_eq!(typed["config"]["M"]["mode"]["S"], "live");
    assert_eq!(copied("Y j j j enter").0, r#"{"pk": {"S": "service-03"}}"#);
    assert_eq!(copied("Y j j j j enter").0, "config");
    let (command, file) = copied("Y j j j j j enter");
    let (name, key) = file.expect("the key goes into a file");
    assert_eq!(key.text.as_str(), r#"{"pk": {"S": "service-03"}}"#);
    let expect =
        format!("aws dynamodb get-item --table-name 'api_metadata' --key file://{name} --region 'eu-west-1'");
    assert_eq!(command, expect);
}

#[test]
fn with_everything_masked_no_copy_is_clear() {
    let mut play = services();
    play.keys("m y Y j enter Y j j enter");
    assert_eq!(play.copied.len(), 3);
    assert!(play.copied.iter().all(|copy| !copy.text.contains("service-00")));
    play.keys("Y j j j enter").sees("is masked, so it cannot be copied");
}

#[test]
fn an_item_is_shown_in_three_ways_and_searched() {
    let mut play = services();
    play.keys("j j j enter v").sees("item as JSON").sees("\"owner\": \"payments\"").misses(&stripe_key());
    play.keys("v").sees("DynamoDB JSON").sees("\"retries\": {\"N\": \"3\"}").misses(&stripe_key());
    play.keys("/ 'b.example' enter").sees("▸").keys("v").sees("Attribute");
    play.keys("G h / 'b.example' enter y");
    assert_eq!(play.copied.last().expect("copied").text.as_str(), "b.example");
}

#[test]
fn binary_is_shown_as_hexadecimal_and_text() {
    let mut play = Play::new(Mood::Fine, SIZE);
    play.keys("j j enter enter / 'thumb' enter").sees("0000  00 01 02 ff");
}

#[test]
fn an_index_is_told_and_browsed() {
    let mut play = services();
    play.keys("I").sees("by-owner").sees("every attribute").sees("config.secret");
    play.sees("30 items, 20.0 KB (42 % of the table's)");
    play.press("enter");
    let through = play.open.iter().find_map(|(_, _, ask)| match ask {
        Ask::Page(request, _) => request.index.clone(),
        _ => None,
    });
    assert_eq!(through.as_deref(), Some("by-owner"));
    let read = play.model.shared.engine.audit().tables().map(|t| t.items).sum::<u64>();
    play.answer();
    play.sees("api_metadata › by-owner › items").sees("▾owner").sees("all 30 items read");
    let after = play.model.shared.engine.audit().tables().map(|t| t.items).sum::<u64>();
    assert_eq!(read, after, "an index shows the same items again: they are not counted twice");
    play.keys("esc").sees("› indexes");
}

#[test]
fn a_table_without_an_index_says_so() {
    Play::new(Mood::Fine, SIZE).keys("j I").sees("no secondary index");
}

#[test]
fn small_terminals_still_say_how_much_was_read() {
    let mut play = orders(250);
    play.send(Msg::Resize(40, 12));
    play.sees("not finished").keys("l l o").sees("not finished").sees("by left");
}

/// The line under the cursor.
fn selected(play: &Play) -> String {
    let text = play.text();
    text.lines().find(|l| l.starts_with('▸')).expect("a cursor").trim_end_matches(['▐', ' ']).to_owned()
}

#[test]
fn a_filter_that_goes_leaves_the_cursor_where_it_led() {
    for (way, filter) in [("A F t", "/ 'low' enter j"), ("A !", "/ 'scan' enter j"), ("", "/ 'orders' enter")]
    {
        let mut play = Play::new(Mood::Fine, SIZE);
        if !way.is_empty() {
            play.keys(way);
        }
        super::world::calls().into_iter().for_each(|call| play.send(Msg::Called(call)));
        let first = selected(&play);
        play.keys(filter);
        let there = selected(&play);
        play.keys("esc");
        assert_eq!(selected(&play), there, "{way} {filter}");
        assert_ne!(there, first, "{way} {filter}: the filter led nowhere else");
    }
}

#[test]
fn a_second_filter_takes_the_place_of_the_first_unless_that_is_edited() {
    let mut play = Play::new(Mood::Fine, SIZE);
    play.keys("/ 'ord' enter").sees("filter: ord").keys("/ 'us' enter").sees("filter: us").misses("ordus");
    play.keys("/ end 'e' enter").sees("filter: use");
}
