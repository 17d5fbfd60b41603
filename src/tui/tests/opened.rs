//! Encodings that open in the tree of an item.

use super::pictures::picture;
use super::play::Play;
use super::world::{Mood, stripe_key};

/// A session on the item with encodings, after these keys.
fn session(size: (u16, u16), keys: &str) -> Play {
    let mut play = Play::new(Mood::Fine, size);
    play.world.encoded = true;
    play.keys("enter enter");
    play.keys(keys);
    play
}

fn shown(play: &Play) -> String {
    let picture = picture(&play.buffer());
    assert!(!picture.contains(&stripe_key()[8..20]) && !picture.contains('\u{1b}'), "{picture}");
    picture
}

#[test]
fn what_is_inside_is_shown_in_place() {
    for (width, height) in [(80, 24), (40, 12), (200, 60)] {
        let play = session((width, height), "");
        insta::assert_snapshot!(format!("opened_{width}x{height}"), shown(&play));
    }
}

#[test]
fn it_folds_and_a_search_goes_into_it() {
    // In the profile nothing was seen: it is folded until a search finds something in it.
    let play = session((80, 24), "");
    assert!(!shown(&play).contains("|json"));
    let play = session((80, 24), "g / 'gold' enter n");
    assert!(shown(&play).contains("|json") && shown(&play).contains("S    gold"));
    assert!(shown(&session((80, 24), "")).contains("expires in 3 h"));
    let play = session((80, 24), "/ 'claims' enter space");
    assert!(!shown(&play).contains("expires in 3 h"));
}

#[test]
fn nothing_of_a_secret_inside_is_copied() {
    for keys in [
        "/ 'key' enter y",
        "/ 'stripe' enter y",
        "/ '|gzip' enter y",
        "Y enter",
        "Y j enter",
        "/ 'key' enter Y j j j j enter",
    ] {
        let play = session((80, 24), keys);
        let _ = shown(&play);
        let [copied] = &play.copied[..] else { panic!("{keys}: {} copied", play.copied.len()) };
        assert!(!copied.text.contains(&stripe_key()[8..20]), "{keys}: {}", copied.text);
    }
    let play = session((80, 24), "/ '|gzip' enter y");
    assert!(play.copied[0].text.contains("\"mode\": \"live\""), "{}", play.copied[0].text);
    let play = session((80, 24), "/ 'stripe' enter j Y j j j j enter");
    assert_eq!(play.copied[0].text.as_str(), "blob|gzip|json:.stripe.key");
}

#[test]
fn a_value_inside_is_revealed_alone() {
    let play = session((80, 24), "/ 'stripe' enter j x");
    let picture = picture(&play.buffer());
    assert!(picture.contains(&stripe_key()) && !picture.contains("{\"stripe\""), "{picture}");
}

#[test]
fn what_was_not_inspected_to_its_end_is_marked_everywhere() {
    let mut play = Play::new(Mood::Fine, (80, 24));
    play.world.unopened = true;
    play.keys("A");
    let line = |play: &Play, word: &str| {
        let text = play.text();
        text.lines().find(|l| l.contains(word)).map(str::to_owned).unwrap_or_else(|| panic!("{word}: {text}"))
    };
    // The list of tables: something was found, and not everything was seen.
    assert!(line(&play, "api_metadata").contains('?'), "{}", play.text());
    play.keys("F").sees("? 3 not fully inspected").keys("esc");
    // The list of items: a mark for each, beside that of what was seen.
    play.keys("enter").sees("? 3 items not fully inspected");
    for (row, marked) in [("plain", false), ("damaged", true), ("zipped", true)] {
        assert_eq!(line(&play, row).contains('?'), marked, "{}", line(&play, row));
    }
    // The item says what and why.
    play.keys("j enter").sees("could not be fully decoded");
    play.keys("esc G enter").sees("Inspected in part only").sees("••••••••").misses("p4ssw0rd");
}
