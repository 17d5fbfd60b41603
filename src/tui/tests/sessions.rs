//! Sessions by key strings.

use super::play::Play;
use super::world::{Mood, stripe_key};
use crate::domain::{FactKind, Finding, FindingId, Gap, Origin, Rcu};
use crate::engine::{self, Question};
use crate::tui::screens::Screen;
use crate::tui::{Action, Answer, Ask, CONTEXTS, Context, KEYMAP, Msg, RequestId};

const SIZE: (u16, u16) = (100, 30);

fn play() -> Play {
    Play::new(Mood::Fine, SIZE)
}

#[test]
fn from_start_to_a_copied_fix_in_four_keys() {
    let mut play = play();
    play.keys("A F enter y");
    let copy = play.copied.first().expect("something was copied");
    assert!(copy.what.contains("fix"), "{}", copy.what);
    assert!(!copy.text.contains(&stripe_key()));
}

#[test]
fn tables_fill_in_and_filter() {
    let mut play = play();
    play.sees("Tables (5)").sees("orders").sees("35 d").sees("denied");
    play.keys("/ 'sess'").sees("sessions").misses("orders");
    play.keys("esc").sees("orders");
    play.keys("/ 'ord' enter").sees("filter: ord").keys("enter").sees("orders › items");
}

#[test]
fn a_filter_swallows_every_character() {
    let mut play = play();
    play.keys("/ 'qA?'");
    assert!(!play.quit);
    play.sees("/qA?").sees("No table matches");
}

#[test]
fn facts_on_screen_are_asked_for_first_and_few_at_a_time() {
    let mut play = Play::silent(Mood::Fine, SIZE);
    // Identity and list.
    play.answer_some(2);
    let facts = play.open.iter().filter(|(_, _, a)| matches!(a, Ask::Audit(Question::Fact(..)))).count();
    assert_eq!(facts, 8);
}

#[test]
fn secrets_are_masked_and_one_is_revealed_for_a_while() {
    let mut play = play();
    play.keys("enter j j j enter").sees("config").misses(&stripe_key());
    play.keys("x");
    play.sees(&stripe_key());
    play.wait(11);
    play.misses(&stripe_key());
    play.keys("x").sees(&stripe_key()).keys("x").misses(&stripe_key());
}

#[test]
fn no_reveal_means_never() {
    let mut play = play();
    play.model.shared.options.reveal = false;
    play.keys("enter j j j enter x").misses(&stripe_key()).sees("--no-reveal");
}

#[test]
fn mask_everything_masks_everything() {
    let mut play = play();
    play.keys("enter").sees("payments").keys("m").misses("payments").sees("MASKED");
}

#[test]
fn numbers_keep_all_their_digits() {
    play().keys("j j enter enter").sees("12345678901234567890123456789012345678");
}

#[test]
fn an_empty_table_is_said_to_be_empty_only_when_read_to_the_end() {
    let mut play = play();
    play.press("j enter");
    play.sees("Reading the first page").misses("The table is empty");
    play.answer();
    play.sees("The table is empty");
}

#[test]
fn a_stale_answer_is_dropped() {
    let mut play = play();
    play.press("enter esc");
    assert!(play.cancelled.len() == 1, "the page is cancelled when its screen closes");
    let id = play.cancelled[0];
    let before = play.text();
    play.send(Msg::Answer(id, Answer::Page(Err(Gap::Unsupported))));
    play.send(Msg::Answer(RequestId(9999), Answer::Audit(engine::Answer::Tables(Err(Gap::Unsupported)))));
    assert_eq!(play.text(), before);
}

#[test]
fn a_cancelled_read_is_charged_at_its_worst_case() {
    let mut play = play();
    play.press("enter esc");
    assert_eq!(play.model.shared.spent(), Rcu::PAGE);
}

#[test]
fn the_budget_is_never_exceeded_and_says_how_to_go_on() {
    let mut play = play();
    while play.model.shared.budget.left() >= Some(Rcu::PAGE) {
        play.press("enter esc");
    }
    play.keys("enter").sees("read budget spent");
    assert!(play.model.shared.spent() <= Rcu::units(2000));
    play.keys("+").sees("items read");
}

#[test]
fn an_audit_and_browsing_together_stay_within_the_budget() {
    let mut play = play();
    play.press("enter A A A");
    play.answer();
    assert!(play.model.shared.spent() <= Rcu::units(2000), "{}", play.model.shared.spent());
    assert!(play.model.shared.engine.reading().is_none());
}

#[test]
fn posture_tells_what_is_missing() {
    let mut play = play();
    play.keys("j p j j j").sees("posture").sees("unknown").keys("j j j j j j j").sees("GetResourcePolicy");
}

#[test]
fn a_service_that_cannot_be_reached_hurts_no_other() {
    let mut play = Play::new(Mood::Alone, SIZE);
    play.sees("AWS owned").sees("35 d").misses("does not answer");
    play.keys("p").sees("posture").sees("Point-in-time recovery is off").sees("unknown");
}

#[test]
fn denied_is_shown_as_denied() {
    let mut play = Play::new(Mood::Denied, SIZE);
    play.sees("denied").misses("AWS owned");
    play.keys("enter").sees("dynamodb:Scan").misses("The table is empty");
}

#[test]
fn expired_credentials_keep_the_view_and_name_the_login() {
    let mut play = play();
    play.world.mood = Mood::Expired;
    play.keys("enter").sees("aws sso login --profile oncall");
    play.keys("esc").sees("orders");
    play.world.mood = Mood::Fine;
    play.keys("R").misses("aws sso login").sees("35 d");
}

#[test]
fn items_on_screen_stay_when_they_cannot_be_read_again() {
    let mut play = play();
    play.keys("enter").sees("all 30 items read");
    play.world.mood = Mood::Expired;
    play.keys("R").sees("service-07").sees("30 items read, then: ").sees("aws sso login");
    play.world.mood = Mood::Fine;
    play.keys("R").sees("all 30 items read").sees("service-07").misses("aws sso login");
}

#[test]
fn a_message_is_read_to_its_end_and_the_list_makes_room() {
    let mut play = Play::new(Mood::Fine, (60, 14));
    play.world.mood = Mood::Expired;
    play.keys("R").sees("aws sso login --profile oncall; then press R.").sees("orders").sees("? help");
    play.keys("G").sees("▸ tenants");
}

#[test]
fn nothing_reachable_says_what_to_do() {
    Play::new(Mood::Unreachable, SIZE).sees("does not answer").sees("--endpoint-url").sees("press R");
}

#[test]
fn the_palette_runs_commands_of_the_screen_below() {
    let mut play = play();
    play.keys(": 'posture' enter").sees("posture").misses("Commands");
    play.keys("esc : 'quit' enter");
    assert!(play.quit);
}

#[test]
fn help_lists_every_key_of_the_screen() {
    let mut play = Play::new(Mood::Fine, (100, 60));
    play.keys("?").sees("filter; words in any order").sees("suspend");
    play.keys("esc").sees("Tables (5)");
}

#[test]
fn a_table_named_on_the_command_line_is_opened() {
    let mut options = play().model.shared.options;
    options.table = Some("orders".into());
    let mut opened = Play::with(options.clone(), Mood::Fine, SIZE);
    opened.answer();
    opened.sees("orders › items");
    options.table = Some("ordres".into());
    let mut missing = Play::with(options, Mood::Fine, SIZE);
    missing.answer();
    missing.sees("There is no table ordres");
}

#[test]
fn a_save_gets_the_text_of_the_screen() {
    let mut play = play();
    play.keys("A F enter w");
    let (name, copy) = play.saved.first().expect("something was saved");
    assert!(name.contains('.'), "{name}");
    assert!(!copy.text.is_empty());
}

#[test]
fn another_region_has_its_own_list() {
    let mut play = play();
    play.keys("s j enter").sees("us-east-1").sees("Tables (5)");
}

#[test]
fn resizing_keeps_the_selection() {
    let mut play = play();
    play.keys("j j j");
    play.send(Msg::Resize(40, 12));
    play.sees("▸ sessions");
    play.send(Msg::Resize(200, 60));
    play.sees("▸ sessions");
    play.send(Msg::Resize(30, 8));
    play.sees("needs 40x12");
}

#[test]
fn nothing_is_drawn_or_asked_while_idle() {
    let play = play();
    assert!(play.open.is_empty());
    assert!(play.wakes.is_empty(), "nothing wakes an idle session");
}

#[test]
fn every_key_everywhere_keeps_the_program_alive() {
    for mood in [Mood::Fine, Mood::Empty, Mood::Denied, Mood::Unreachable, Mood::Hostile] {
        for way in ["", "enter", "enter enter", "p", "F", "A F enter", "s", "i", "!", "?", ":"] {
            for binding in crate::tui::KEYMAP.iter() {
                let mut play = Play::new(mood, (80, 24));
                play.keys(way);
                for key in binding.keys {
                    play.keys(key);
                }
                play.text();
            }
        }
    }
}

#[test]
fn hostile_text_reaches_the_screen_as_marks() {
    let mut play = Play::new(Mood::Hostile, SIZE);
    for keys in ["enter", "enter", "G"] {
        play.keys(keys);
        let text = play.text();
        let bad = |c: char| {
            c.is_control() && c != '\n' || ('\u{202a}'..='\u{202e}').contains(&c) || c == '\u{200b}'
        };
        assert!(!text.chars().any(bad), "{text:?}");
    }
    play.sees("␛[2J");
}

#[test]
fn an_audit_that_cannot_read_loses_nothing() {
    let mut play = play();
    play.keys("A").sees("Audit done");
    let found = play.model.shared.engine.audit().findings(play.now).len();
    let left = play.model.shared.budget.left().expect("limited");
    let _ = play.model.shared.budget.reserve(left);
    play.keys("A A").sees("Nothing is left of the read budget").misses("Audit done");
    assert_eq!(play.model.shared.engine.audit().findings(play.now).len(), found);
}

#[test]
fn an_audit_that_ends_early_says_so() {
    let mut play = play();
    let left = play.model.shared.budget.left().expect("limited");
    let _ = play.model.shared.budget.reserve(left - Rcu::units(52));
    play.keys("A").sees("Audit ended early").misses("Audit done");
}

#[test]
fn masking_everything_for_the_session_cannot_be_undone() {
    let mut play = play();
    play.model.shared.options.mask_all = true;
    play.model.shared.options.mask_locked = true;
    play.keys("enter m").sees("--mask-everything").misses("payments");
}

#[test]
fn the_next_finding_is_one_key_away() {
    let mut play = play();
    play.keys("enter n").sees("▸‼service-03").keys("n").sees("▸‼service-13").keys("N").sees("▸‼service-03");
    play.keys("N").sees("No further item with a finding");
}

#[test]
fn refresh_asks_again_for_what_is_known() {
    let mut play = play();
    play.keys("p");
    play.press("R");
    assert!(
        play.open.iter().any(|(_, _, a)| matches!(a, Ask::Audit(Question::Fact(..)))),
        "known facts are asked again"
    );
    play.answer();
    play.sees("› posture");
}

#[test]
fn how_much_was_looked_at_is_said() {
    let mut play = play();
    play.keys("F")
        .sees("0 of about 70 items looked at")
        .keys("esc A F")
        .sees("70 of about 70 items looked at");
}

#[test]
fn one_list_of_all_places_names_account_and_region_and_tells_what_is_denied() {
    let mut play = play();
    play.denied = Some(crate::tui::PlaceId(1));
    play.keys("a").sees("Tables of 2 accounts and Regions (5)").sees("denied");
    let text = play.text();
    assert!(text.lines().any(|l| l.contains("denied") && l.contains("us-east-1")), "{text}");
    assert!(text.lines().any(|l| l.contains("orders") && l.contains("eu-west-1")), "{text}");
    play.keys("a").sees("Tables (5)").misses("us-east-1");
}

#[test]
fn what_is_opened_from_the_list_of_all_places_is_in_its_own() {
    let mut play = play();
    play.keys("a").sees("(10)").keys("G p").sees("us-east-1").sees("tenants › posture");
    play.keys("esc").sees("Tables of 2 accounts and Regions (10)");
    play.keys("A F").sees(") everywhere · ").sees("us-east-1").sees("eu-west-1");
}

/// A session whose role needs a code, and has run out.
fn signed_out(devices: &[&str]) -> Play {
    let devices = devices.iter().map(|d| (*d).to_owned()).collect();
    let login = crate::tui::Login { name: String::new(), devices };
    let options = crate::tui::Options { logins: vec![login], ..Default::default() };
    let mut play = Play::with(options, Mood::Fine, SIZE);
    play.answer();
    play.keys("enter").sees("all 30 items read");
    play.world.mood = Mood::Expired;
    play.keys("R").sees("R asks");
    play.world.mood = Mood::Fine;
    play
}

#[test]
fn a_code_signs_in_again_and_the_view_goes_on() {
    let mut play = signed_out(&["mfa/me"]);
    play.keys("R").sees("Sign in again").sees("mfa/me");
    play.keys("'12' enter").sees("six digits").sees("MFA code: 12");
    play.keys("'3456' enter").sees("all 30 items read").misses("R asks");
    assert!(play.model.shared.place().trouble.is_none());
}

#[test]
fn each_device_of_a_chain_of_roles_is_asked_for_its_code() {
    let mut play = signed_out(&["mfa/me", "mfa/vault", "mfa/me"]);
    play.keys("R").sees("mfa/me (code 1 of 3)");
    play.keys("'123456' enter").sees("mfa/vault (code 2 of 3)").misses("123456");
    play.keys("esc").sees("R asks").keys("R").sees("code 1 of 3");
    play.keys("'123456' enter '234567' enter").sees("mfa/me (code 3 of 3: its next one)");
    play.press("'345678' enter");
    let codes = play.open.iter().find_map(|(_, _, ask)| match ask {
        Ask::Renew(codes) => Some(codes.iter().map(|c| c.text().to_owned()).collect::<Vec<_>>()),
        _ => None,
    });
    assert_eq!(codes.expect("it signs in"), ["123456", "234567", "345678"]);
    play.answer();
    play.sees("all 30 items read").misses("R asks");
}

#[test]
fn a_wrong_code_says_so_and_another_may_be_tried() {
    let mut play = signed_out(&["mfa/me"]);
    play.keys("R '000000' enter").sees("wrong code").sees("service-07").sees("R asks");
    // What was asked before and fails only now does not hide it.
    let late = crate::domain::Gap::Failed(crate::domain::Failure {
        kind: crate::domain::FailureKind::Expired,
        message: "the session ran out".into(),
        next: "R asks".into(),
    });
    let here = play.model.shared.here;
    play.model.shared.trouble(here, "reading items", &late);
    play.sees("wrong code");
    play.keys("R '123456' enter").sees("all 30 items read").misses("wrong code");
    let mut play = signed_out(&["mfa/me"]);
    play.keys("R esc").sees("service-07").sees("R asks");
}

#[test]
fn settings_that_take_long_say_how_far_they_are_and_how_long_it_takes() {
    let mut play = Play::silent(Mood::Fine, SIZE);
    // Identity and list; then two tables' worth of facts.
    let shared = FactKind::free().filter(|kind| kind.level().is_shared()).count();
    let all = 5 * (FactKind::free().count() - shared) + shared;
    play.answer_some(2);
    play.misses("reading settings");
    play.answer_some(all * 2 / 5);
    play.wait(4);
    play.sees("reading settings: ").sees(&format!(" of {all}, ")).sees("/s, about ").sees(" s left");
    play.answer();
    play.misses("reading settings");
}

#[test]
fn a_search_of_a_large_table_says_how_fast_it_reads() {
    let mut play = Play::silent(Mood::Fine, SIZE);
    play.world.many = 5_000;
    play.answer();
    play.keys("j j").sees("▸ orders").keys("=");
    play.press("'nothing=\"here\"' enter");
    play.answer_some(1);
    play.misses("/s, about");
    for _ in 0..6 {
        play.wait(5);
        play.answer_some(1);
    }
    play.sees("loading…, ").sees("/s, about ").sees(" s left");
}

#[test]
fn the_login_command_is_copied_and_a_retry_goes_on() {
    let mut play = play();
    play.world.mood = Mood::Expired;
    play.keys("R").sees("L copies the command").sees("orders");
    play.keys("L");
    assert_eq!(play.copied.last().expect("copied").text.as_str(), "aws sso login --profile oncall");
    play.world.mood = Mood::Fine;
    play.keys("R").misses("aws sso login").sees("orders");
}

#[test]
fn a_stream_is_read_only_when_asked_marks_findings_and_stops() {
    let mut play = play();
    play.keys("S").sees("api_metadata › stream").sees("nothing read yet").sees("not known (denied");
    assert!(play.wakes.is_empty(), "nothing goes on by itself");
    play.keys("enter").sees("2 records, 1 reads").sees("MODIFY").sees("retries");
    play.wait(2);
    play.answer();
    play.sees("4 records, 2 reads").sees("Stripe secret key in config.secret").misses(&stripe_key());
    play.keys("esc").sees("paused");
    play.wait(10);
    assert!(play.open.is_empty(), "a stopped tail asks nothing");
    play.keys("S");
    for _ in 0..150 {
        play.wait(2);
        play.answer();
    }
    play.sees("30 records");
    play.keys("S").sees("paused; S resumes").keys("esc").sees("Tables (5)");
}

#[test]
fn the_page_of_a_finding_says_first_what_to_do_and_shows_the_whole_fix_and_its_changes() {
    let mut play = Play::new(Mood::Fine, (80, 24));
    play.keys("A F enter");
    // Above the fold, in the order in which a tired person needs it.
    for words in ["reach", "first", "rotate", "items", "[AWS CLI]", "more lines: enter"] {
        play.sees(words);
    }
    // How far it reaches: who reads it, what carries it, where it is copied to.
    play.sees("readable by 1 from outside (account");
    play.keys("enter").sees("finding › fix").sees("[AWS CLI]").misses("first       ");
    // The language stays in sight, and the text begins anew with it.
    play.keys("G").sees("[AWS CLI]").keys("tab").sees("[Terraform]").keys("esc").sees("first       ");
    play.keys("esc / 'grants' enter enter d").sees("finding › changes").sees("What the fix changes");
    let shown = crate::tui::tests::pictures::picture(&play.buffer());
    assert!(shown.contains("| - ") && shown.contains("Partner"), "{shown}");
    play.keys("d").sees("finding › fix").keys("Y");
    let copied = play.copied.last().expect("a hand-over").text.to_string();
    assert!(copied.starts_with("# Hand-over"), "{copied}");
}

#[test]
fn marked_findings_make_one_hand_over() {
    let mut play = Play::new(Mood::Fine, (80, 24));
    play.keys("A F t space space").sees("2 marked").keys("Y");
    let copied = play.copied.last().expect("a hand-over").text.to_string();
    assert!(copied.contains("\n## 2. ") && !copied.contains("\n## 3. "), "{copied}");
    play.keys("g space").sees("1 marked");
    assert!(!copied.contains(&stripe_key()), "no value is in it");
}

#[test]
fn a_record_of_a_stream_is_opened_and_what_it_shows_is_a_finding() {
    let mut play = play();
    play.keys("S enter");
    play.wait(2);
    play.answer();
    play.keys("esc").sees("Stripe secret key");
    // The newest is on top: the fourth, with the secret.
    play.keys("enter").sees("› item › service-03").sees("item 1 of 4").misses(&stripe_key());
    play.keys("J").sees("› item › service-02").sees("item 2 of 4");
    play.keys("esc esc f").sees("config.secret: Stripe secret key");
    play.keys("enter G").sees("Found 1 time in 0 items read and 4 records of its stream, 1 distinct value");
    // What comes in once more is not counted once more; and nothing was looked at that was not.
    let audit = play.model.shared.engine.audit().tables().find(|t| t.table.name == "api_metadata");
    assert_eq!(audit.map(|t| (t.items, t.records, t.flagged[0].count)), Some((0, 4, 1)));
    play.keys("esc esc S enter");
    for _ in 0..2 {
        play.wait(2);
        play.answer();
    }
    let audit = play.model.shared.engine.audit().tables().find(|t| t.table.name == "api_metadata");
    assert_eq!(audit.map(|t| t.flagged[0].count), Some(1));
}

#[test]
fn the_trouble_of_one_place_leaves_the_others_alone() {
    use crate::domain::{Failure, FailureKind, Gap};
    let failure =
        Failure { kind: FailureKind::Expired, message: "The token has expired".into(), next: String::new() };
    let mut play = Play::new(Mood::Fine, (120, 30));
    // Its tables are listed before: a list that comes ends the trouble.
    play.keys("s j enter s k enter");
    play.model.shared.trouble(crate::tui::PlaceId(1), "identity", &Gap::Failed(failure));
    play.misses("has expired").keys("R").misses("has expired").wait(10);
    play.keys("s j enter").sees("has expired");
    play.keys("R").misses("has expired");
}

#[test]
fn account_and_region_are_whole_on_the_smallest_terminal() {
    use crate::tui::Options;
    for (demo, name) in [(false, "acme-prod"), (true, "acme")] {
        let login = crate::tui::Login { name: name.to_owned(), devices: Vec::new() };
        let options = Options { logins: vec![login], demo, ..Options::default() };
        let mut play = Play::with(options, Mood::Fine, (40, 12));
        play.answer();
        play.sees("RO").sees("111122223333 eu-west-1").sees(" RCU");
    }
}

#[test]
fn the_theme_follows_the_terminal_until_somebody_chooses_one() {
    use crate::tui::{Options, Scheme};
    let start = |by_terminal| {
        let options = Options { theme_by_terminal: by_terminal, ..Options::default() };
        Play::with(options, Mood::Fine, SIZE)
    };
    assert!(!start(false).asked_background);
    let mut play = start(true);
    assert!(play.asked_background);
    let white = || Msg::Background("rgb:ff/ff/ff".into());
    play.send(white());
    assert_eq!(play.model.shared.options.theme.scheme, Scheme::Light);
    play.send(Msg::Background("nonsense".into()));
    assert_eq!(play.model.shared.options.theme.scheme, Scheme::Light);
    play.press("T T T");
    play.send(white());
    assert_eq!(play.model.shared.options.theme.scheme, Scheme::Dark);
}

#[test]
fn production_is_marked_by_the_name_of_the_profile_and_by_patterns() {
    let with = |name: &str, production: &[&str]| {
        let production = production.iter().map(|p| (*p).to_owned()).collect();
        let login = crate::tui::Login { name: name.to_owned(), devices: Vec::new() };
        let options = crate::tui::Options { logins: vec![login], production, ..Default::default() };
        let mut play = Play::with(options, Mood::Fine, (120, 30));
        play.answer();
        play
    };
    with("acme-prod", &[]).sees(" PROD ");
    with("acme-products", &[]).misses(" PROD ");
    with("acme-core", &["*CORE*"]).sees(" PROD ");
    with("acme-prod", &["*core*"]).misses(" PROD ");
}

/// How each context is come to from the list of tables, and the key that opens the palette there.
const WAYS: &[(Context, &str, &str)] = &[
    (Context::Tables, "", ":"),
    (Context::Items, "enter", ":"),
    (Context::Item, "enter j enter", ":"),
    (Context::Columns, "enter c", ":"),
    (Context::Indexes, "I", ":"),
    (Context::Menu, "enter Y", ":"),
    (Context::Query, "= tab", "ctrl-g"),
    (Context::Posture, "p", ":"),
    (Context::Overview, "A 1", ":"),
    (Context::Findings, "A F", ":"),
    (Context::Finding, "A F enter", ":"),
    (Context::Tail, "S", ":"),
    (Context::Places, "s j", ":"),
    (Context::Ledger, "!", ":"),
    (Context::History, "E", ":"),
    (Context::Usage, "U", ":"),
    (Context::Access, "P", ":"),
    (Context::Accepted, "Z", ":"),
    (Context::Reading, "O", ":"),
];

#[test]
fn every_action_of_every_context_is_found_in_the_palette_by_its_words() {
    // Movements are what keys are for; the palette does not open itself.
    let moves = [Action::Up, Action::Down, Action::PageUp, Action::PageDown, Action::Palette];
    for (context, way, palette) in WAYS {
        let mut play = play();
        way.split(' ').filter(|k| !k.is_empty()).for_each(|key| _ = play.keys(key));
        assert_eq!(play.model.top().context(), *context);
        for binding in KEYMAP.iter().filter(|b| b.works_in(*context) && !moves.contains(&b.action)) {
            play.press(palette);
            play.send(Msg::Paste(binding.what.to_owned()));
            play.sees(&format!("▸ {:<10} {}", binding.keys[0], binding.what));
            play.press("esc");
            assert_eq!(play.model.top().context(), *context, "the palette closes");
        }
    }
    // What is only typed into has its few keys in the footer.
    let without = CONTEXTS.iter().map(|(c, _)| *c).filter(|c| WAYS.iter().all(|(w, ..)| w != c));
    assert_eq!(without.collect::<Vec<_>>(), [Context::Accept, Context::Code, Context::Palette]);
}

#[test]
fn the_palette_runs_what_is_typed_into_a_query() {
    let mut play = play();
    play.keys("= 'id' space '=' space '1' ctrl-g 'save' enter")
        .sees("Saved, without its values")
        .sees("› query");
    play.keys("ctrl-g 'back' enter").sees("Tables (5)");
}

#[test]
fn the_palette_goes_to_tables_and_places() {
    play().keys("enter : 'tenan'").sees("items of the table").keys("enter").sees("tenants › items");
    play().keys("p : 'us-east-1' enter").sees("us-east-1").sees("Tables (5)");
    // Of all places, the table's own is gone to.
    play().keys("a : 'sessions' space 'us-east' enter").sees("sessions › items").sees("us-east-1");
}

#[test]
fn the_rule_page_opens_from_an_item_a_finding_and_the_palette() {
    play()
        .keys("enter j j j enter r")
        .sees("Rule: Stripe")
        .sees("sk_live_••••")
        .sees("rotate")
        .misses(&stripe_key());
    play().keys("A F r").sees("Rule: Stripe").keys("esc enter r").sees("validated by");
    play().keys("A F enter : 'rule' enter").sees("Rule: Stripe").keys("esc").sees("› finding");
    play().keys("enter enter r").sees("No finding in this value");
    play().keys("A F G r").sees("It comes from a check of settings");
}

#[test]
fn a_users_rule_has_a_page_that_says_what_it_lacks() {
    use crate::detect::{Detector, FingerprintKey};
    let rule = concat!(
        "[[rule]]\nid = \"stripe-secret-key\"\ntitle = \"Ours\"\nseverity = \"low\"\n",
        "confidence = \"low\"\nkeywords = []\npattern = 'sk_[a-z]+'\nwhy = \"Ours.\"\n"
    );
    let (detector, remarks) = Detector::with_rules(FingerprintKey::new(b"a key"), &[("ours.toml", rule)]);
    assert_eq!(remarks.errors, []);
    let mut play = play();
    let catalogue = detector.catalogue();
    let info = catalogue.find("ours:stripe-secret-key").expect("it stands beside the program's own");
    play.model.stack.push(Screen::rule(info));
    play.sees("Rule: Ours").sees("without cases").sees("slow (no keyword)");
}

#[test]
fn policies_are_told_in_words_and_not_read_is_not_none() {
    play().keys("W").sees("from outside: account 444455556666").sees("read ").sees("no stream");
    play().keys("j j W").sees("✓ None");
    play().keys("j W").sees("Not read").sees("dynamodb:GetResourcePolicy").misses("✓ None");
}

#[test]
fn where_the_data_goes_and_until_when() {
    play().keys("j j O").sees("recovery window").sees("in 1 place (the last known to expire on 2026-12-25)");
    play()
        .keys("A O")
        .sees("by-owner")
        .sees("carries config.secret")
        .sees("No copy that outlives a deletion");
    let mut denied = Play::new(Mood::Denied, SIZE);
    denied.keys("O").sees("not known").sees("needs dynamodb:DescribeContinuousBackups");
}

#[test]
fn the_ledger_filters_and_saves_what_it_shows() {
    let mut play = play();
    super::world::calls().into_iter().for_each(|call| play.send(Msg::Called(call)));
    play.keys("!").sees("5 calls, 3 errors").sees("2.5").sees("ok, there is none");
    play.keys("t").sees("only errors").misses("GetCallerIdentity").keys("t");
    play.keys("/ 'orders' enter").sees("Scan orders").misses("DescribeTable").keys("w");
    let (name, saved) = play.saved.last().expect("it was saved");
    assert!(name.ends_with(".jsonl"), "{name}");
    let lines: Vec<serde_json::Value> =
        saved.text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.len(), 2);
    assert_eq!((&lines[0]["operation"], &lines[0]["rcu"]), (&"Scan".into(), &2.5.into()));
    play.keys("esc").sees("DescribeTable").keys("esc").sees("Tables (5)");
}

#[test]
fn what_was_said_on_a_screen_goes_with_it_and_what_was_done_stays() {
    play().keys("ctrl-f").sees("Nothing to go forward to").keys("p").misses("Nothing to go forward to");
    play().keys("A F j ctrl-f").sees("Nothing to go").keys("esc").misses("Nothing to go");
    let mut play = play();
    play.send(Msg::Done(Ok("Written.".into())));
    play.sees("Written.").keys("p").sees("Written.");
}

/// The footer names no key that has nothing to do.
#[test]
fn a_finding_without_a_fix_offers_none() {
    let mut play = Play::new(Mood::Fine, (200, 30));
    play.keys("A");
    let all = play.model.shared.engine.findings().all();
    let with = all.iter().find(|f| f.rule() == "deletion-protection-off").expect("a finding").clone();
    let bare = "kinesis-policy-open";
    assert!(crate::posture::without_fix(bare).is_some());
    let id = FindingId::new(&with.subject, bare, None);
    let without = Finding { id, origin: Origin::Posture(bare), topic: None, ..with.clone() };
    for (of, wanted) in [(with, true), (without, false)] {
        play.model.stack.push(Screen::finding(of.clone()));
        play.send(Msg::Wake);
        let footer = play.text().lines().last().map(str::to_owned).unwrap_or_default();
        assert_eq!(footer.contains("copy fix"), wanted, "{}: {footer}", of.rule());
        assert_eq!(footer.contains("whole fix"), wanted, "{}: {footer}", of.rule());
        assert!(!footer.contains(" rule"), "it is of a check: {footer}");
        assert!(footer.contains("hand-over"), "{footer}");
    }
}

/// The list says of what it is, and is cut nowhere in a word.
#[test]
fn findings_say_their_scope_and_fit_the_screen() {
    let title = |play: &Play| play.text().lines().nth(1).map(str::to_owned).unwrap_or_default();
    let mut play = Play::new(Mood::Fine, (80, 24));
    play.world.unopened = true;
    play.keys("A F").sees(" in eu-west-1 · ");
    play.keys("esc a A F").sees(" everywhere · ");
    assert!(title(&play).ends_with("not fully inspected"), "{}", title(&play));
    // Where even that is too much, it shows that something is left off.
    play.send(Msg::Resize(40, 24));
    assert!(title(&play).ends_with('…'), "{}", title(&play));
}
