//! Accepted findings and false alarms: asked for, written, told, and taken back.

use super::play::Play;
use super::world::Mood;
use crate::detect::{ACCEPTED_FILE, AllowList};

fn queue(size: (u16, u16)) -> Play {
    let mut play = Play::new(Mood::Fine, size);
    play.keys("A F");
    play
}

/// How many findings are accepted, and how many there are.
fn accepted(play: &Play) -> (usize, usize) {
    let all = play.model.shared.engine.findings().all();
    (all.iter().filter(|f| f.accepted.is_some()).count(), all.len())
}

#[test]
fn a_cause_is_accepted_with_a_reason_and_taken_back() {
    let mut play = queue((80, 24));
    let first = play.text().lines().nth(3).map(str::to_owned).expect("a row");
    play.keys("z").sees("as ").sees("accepted: the risk is known").sees("By value");
    // Nothing goes without a reason, and no day that is over.
    play.keys("enter")
        .sees("Say why")
        .keys("'a' space 'test' space 'key' enter")
        .sees("why           a test key");
    play.keys("'2020-01-01' enter").sees("2020-01-01 is over");
    play.keys("ctrl-u '30d' enter").sees("Written to dynaudit-accepted.toml");
    let (some, all) = accepted(&play);
    assert!(some > 0 && some < all);
    play.sees(&format!("{some} accepted"));
    assert_ne!(play.text().lines().nth(3), Some(first.as_str()), "it is gone from the queue");
    // What was written is read again by the same rules, and by no other.
    let mut list = AllowList::default();
    assert_eq!(list.add(ACCEPTED_FILE, &play.accepted, play.now), []);
    assert_eq!(list.accepted().all().count(), some, "{}", play.accepted);
    play.keys("Z").sees(&format!("Accepted ({some})")).sees("a test key").sees("2026-12-20");
    play.keys("enter").sees("Accepted ").sees("a test key").keys("esc");
    play.keys("z").sees("a test key. z");
    for _ in 1..2 * some {
        play.keys("z");
    }
    play.sees("It counts again").sees("Nothing was accepted");
    assert_eq!(accepted(&play).0, 0);
    play.keys("esc").sees(first.trim_end_matches([' ', '▐', '█']));
}

#[test]
fn a_false_alarm_is_said_on_the_findings_page_and_taken_back_there() {
    let mut play = queue((100, 30));
    play.keys("enter z tab").sees("false alarm: it is no finding");
    play.keys("'sample' enter enter").sees("False alarm").sees("sample");
    assert_eq!(accepted(&play).0, 1);
    play.keys("esc t G").sees("[false alarm] ");
    play.keys("enter").sees("false alarm — ").keys("z").sees("a false alarm by kim: sample");
    assert_eq!(accepted(&play).0, 1);
    play.keys("z").sees("It counts again");
    assert_eq!(accepted(&play).0, 0);
}

#[test]
fn a_setting_is_accepted_from_its_check() {
    let mut play = Play::new(Mood::Fine, (80, 24));
    play.keys("p").keys("z").sees("By place").keys("'rebuilt' space 'nightly' enter enter");
    play.sees("Written to dynaudit-accepted.toml");
    assert_eq!(accepted(&play).0, 1);
    // It is found by the word.
    play.keys("esc F / 'accepted' enter").sees("[accepted] ");
}

/// What is typed as a reason may be a secret: it is masked in what is written.
#[test]
fn a_secret_in_a_reason_is_masked() {
    let mut play = queue((80, 24));
    let secret = concat!("rk_li", "ve_", "Qq3Wer5Ty7Ui9Op1As2Df4Gh");
    play.keys(&format!("z 'was' space '{secret}' enter enter")).sees("Written to");
    assert!(play.accepted.contains("was ") && !play.accepted.contains(secret), "{}", play.accepted);
}
