//! An access key in an item: nothing is asked before Enter, and its id is in no text.

use super::play::Play;
use super::world::{Mood, access_key_id};
use crate::domain::AccessKeyQuestion;
use crate::tui::Ask;

pub(super) fn at_the_key(mood: Mood, size: (u16, u16)) -> Play {
    let mut play = Play::new(Mood::Fine, size);
    play.world.keyed = true;
    play.keys("enter enter a");
    play.world.mood = mood;
    play
}

#[test]
fn a_person_asks_whose_it_is_and_whether_it_works() {
    for size in [(40, 12), (80, 24), (200, 50)] {
        let mut play = at_the_key(Mood::Fine, size);
        assert!(play.open.is_empty() && play.model.shared.notes[0].access_keys.is_empty());
        play.sees("Owner and status of this access key");
        let mut asked = Vec::new();
        play.press("enter");
        while let Some((.., Ask::AccessKey(id, question, _))) = play.open.first() {
            assert_eq!(id.text(), access_key_id());
            asked.push(*question);
            play.answer_some(1);
        }
        assert_eq!(asked, AccessKeyQuestion::ALL);
        play.sees("ACTIVE").sees("uploader");
        assert!(!play.text().contains(&access_key_id()), "{}", play.text());
        play.keys("esc");
        if size != (40, 12) {
            play.sees("key of user uploader, active");
        }
    }
}

#[test]
fn what_is_denied_is_told_as_denied() {
    let mut play = at_the_key(Mood::Denied, (80, 24));
    play.keys("enter");
    play.sees("? Not known whether it is active")
        .sees("sts:GetAccessKeyInfo")
        .sees("iam:GetAccessKeyLastUsed");
    assert!(!play.text().contains("ACTIVE"), "{}", play.text());
}

#[test]
fn esc_gives_a_question_up() {
    let mut play = at_the_key(Mood::Fine, (80, 24));
    play.press("enter");
    play.sees("Asking AWS");
    play.press("esc");
    assert_eq!((play.open.len(), play.cancelled.len()), (0, 1));
    play.press("a");
    play.sees("Owner and status of this access key");
}

#[test]
fn its_policies_come_from_the_account_when_a_person_asks() {
    let mut play = at_the_key(Mood::Fine, (80, 24));
    play.keys("enter");
    play.sees("not queried; P asks IAM");
    play.press("P");
    play.sees("Asking IAM");
    play.keys("");
    play.sees("IAM read");
    play.keys("esc");
    play.sees("not known: IAM did not list this user");
}
