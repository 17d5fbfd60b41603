//! Every key of the keymap, pressed where it works: something has to happen, and a notice at the foot is not enough.

use super::history;
use super::pictures::picture;
use super::play::Play;
use super::world::{Mood, calls};
use crate::tui::{Action, Context, KEYMAP, Login, Msg, Options};

/// A situation: where it is, and how one gets there.
type Situation = (Context, fn() -> Play);

fn at(keys: &str) -> Play {
    with(Mood::Fine, keys)
}

fn with(mood: Mood, keys: &str) -> Play {
    let mut play = Play::new(mood, (100, 16));
    if !keys.is_empty() {
        play.keys(keys);
    }
    play
}

/// Where the role needs a code.
fn code() -> Play {
    let login = Login { name: String::new(), devices: vec!["mfa/me".into()] };
    let mut play = Play::with(Options { logins: vec![login], ..Options::default() }, Mood::Fine, (100, 16));
    play.answer();
    play.world.mood = Mood::Expired;
    play.keys("R");
    play.world.mood = Mood::Fine;
    play.keys("R '12345'");
    play
}

/// Where there are two indexes.
fn indexes(keys: &str) -> Play {
    let mut play = Play::silent(Mood::Fine, (100, 16));
    play.world.two_indexes = true;
    play.answer();
    play.keys(keys);
    play
}

/// An item with an access key.
fn keyed() -> Play {
    let mut play = Play::new(Mood::Fine, (80, 24));
    play.world.keyed = true;
    play.keys("enter enter");
    play
}

/// On the smallest terminal.
fn small(keys: &str) -> Play {
    let mut play = Play::new(Mood::Fine, (40, 12));
    play.keys(keys);
    play
}

/// A log with more lines than fit, some of which went wrong.
fn log(keys: &str) -> Play {
    let mut play = with(Mood::Fine, "");
    for _ in 0..8 {
        calls().into_iter().for_each(|call| play.send(Msg::Called(call)));
    }
    play.keys("!");
    play.keys(keys);
    play
}

/// The calls of 90 days, with a filter or without.
fn searched(keys: &str) -> Play {
    let mut play = at("/ 'sessions' enter E");
    history::search(&mut play);
    play.keys(keys);
    play
}

/// A stream of which records came in.
fn tailed(keys: &str) -> Play {
    let mut play = at("S enter");
    for _ in 0..5 {
        play.wait(2);
        play.answer();
    }
    play.keys(keys);
    play
}

/// Where a secret stands in two tables.
fn twice(keys: &str) -> Play {
    let mut play = Play::silent(Mood::Fine, (80, 24));
    play.world.twice = true;
    play.answer();
    play.keys(keys);
    play
}

/// An audit that was stopped for a while.
fn under_way() -> Play {
    under_way_on("")
}

fn under_way_on(keys: &str) -> Play {
    let mut play = at("");
    play.press("A A");
    play.answer();
    if !keys.is_empty() {
        play.keys(keys);
    }
    play
}

/// Where so much was accepted that it does not fit.
fn accepted(keys: &str) -> Play {
    let mut play = at("A F t");
    for _ in 0..14 {
        play.keys("space");
    }
    play.keys("z 'fixtures' enter enter Z");
    play.keys(keys);
    play
}

/// In each context a place near the beginning and one near the end, and what single keys need besides.
const SITUATIONS: &[Situation] = &[
    (Context::Tables, || at("")),
    (Context::Tables, || at("j j")),
    (Context::Tables, || at("/ 'orders' enter")),
    (Context::Tables, || at("enter esc")),
    (Context::Tables, || with(Mood::Expired, "")),
    (Context::Items, || at("enter")),
    (Context::Items, || at("enter j j l l")),
    (Context::Items, || at("enter j j j l l")),
    (Context::Items, || at("enter enter esc")),
    (Context::Items, || at("enter G")),
    (Context::Item, keyed),
    (Context::Item, || at("enter j j j enter")),
    (Context::Item, || at("enter j j j enter g")),
    (Context::Item, || at("enter j j j enter k k k k k")),
    (Context::Item, || at("enter j j j enter G")),
    (Context::Item, || at("enter j j j enter k k")),
    (Context::Item, || at("enter j j j enter k k h")),
    (Context::Item, || at("enter enter = enter enter esc esc esc")),
    (Context::Columns, || at("enter c")),
    (Context::Columns, || at("enter c j j")),
    (Context::Columns, || at("enter l enter esc c j")),
    (Context::Indexes, || indexes("I")),
    (Context::Indexes, || indexes("I j")),
    (Context::Indexes, || indexes("I enter esc")),
    (Context::Menu, || at("enter Y")),
    (Context::Menu, || at("enter Y j j")),
    (Context::Menu, || at("enter enter esc Y")),
    (Context::Query, || at("= 'owner=\"payments\"'")),
    (Context::Query, || at("= 'o'")),
    (Context::Query, || small("= 'owner=\"payments\"'")),
    (Context::Query, || small("= 'owner=\"payments\"' pgdn pgdn")),
    (Context::Query, || at("= 'pk=\"a\"' enter esc")),
    (Context::Query, || at("= 'pk=\"a\"' enter esc ctrl-u")),
    (Context::Query, || at("= 'pk=\"a\"' enter esc ctrl-u ctrl-p")),
    (Context::Query, || at("= 'pk=\"a\"' enter esc ctrl-u 'pk=\"b\"' enter esc ctrl-u ctrl-p ctrl-p")),
    (Context::Posture, || at("p")),
    (Context::Posture, || at("p G")),
    (Context::Findings, || at("enter F")),
    (Context::Findings, || at("enter F G")),
    (Context::Findings, || at("f")),
    (Context::Findings, || at("enter F l")),
    (Context::Finding, || at("enter F enter")),
    (Context::Finding, || at("enter F enter pgdn")),
    (Context::Finding, || at("enter F enter n")),
    (Context::Finding, || at("enter F / 'grants' enter enter")),
    (Context::Tail, || at("S")),
    (Context::Tail, || tailed("j j")),
    (Context::Tail, || tailed("S")),
    (Context::Places, || at("s")),
    (Context::Places, || at("s j")),
    (Context::Places, || at("V")),
    (Context::Ledger, || log("j j")),
    (Context::Ledger, || log("G")),
    (Context::History, || at("E")),
    (Context::History, || searched("t j")),
    (Context::History, || searched("t G")),
    (Context::Usage, || at("enter #")),
    (Context::Usage, || at("U")),
    (Context::Overview, || at("A 1")),
    (Context::Overview, || at("A 1 G")),
    (Context::Tables, under_way),
    (Context::Overview, || under_way_on("1")),
    (Context::Findings, || under_way_on("F")),
    (Context::Accept, || at("enter F z")),
    (Context::Accept, || at("enter F z 'x'")),
    (Context::Accepted, || at("Z")),
    (Context::Accepted, || accepted("")),
    (Context::Accepted, || accepted("j")),
    (Context::Accepted, || accepted("z")),
    (Context::Findings, || twice("A F")),
    (Context::Finding, || twice("A F enter")),
    (Context::Usage, || small("U enter")),
    (Context::Usage, || small("U enter G")),
    (Context::Access, || readers("P")),
    (Context::Access, || readers("P enter")),
    (Context::Access, || readers("P enter j")),
    (Context::Access, || readers("P enter G")),
    (Context::Reading, || at("?")),
    (Context::Reading, || at("? pgdn")),
    (Context::Reading, || at("W")),
    (Context::Code, code),
    (Context::Palette, || at(":")),
    (Context::Palette, || at(": down down")),
];

/// Where the account has users and roles.
fn readers(keys: &str) -> Play {
    let mut play = Play::silent(Mood::Fine, (80, 24));
    play.world.peopled = true;
    play.answer();
    play.keys(keys);
    play
}

/// Where a key that works everywhere has nothing to do: what it would open is open, or opening the screen has made an
/// end of what one could go forward to.
const IDLE: &[(Action, &[Context])] = &[
    (Action::Log, &[Context::Ledger]),
    (Action::Overview, &[Context::Overview]),
    (Action::Home, &[Context::Tables]),
    (
        Action::Forward,
        &[
            Context::Posture,
            Context::Overview,
            Context::Findings,
            Context::Finding,
            Context::Tail,
            Context::Places,
            Context::Ledger,
            Context::History,
            Context::Usage,
            Context::Access,
            Context::Accepted,
            Context::Reading,
        ],
    ),
    (Action::Accepted, &[Context::Accepted]),
];

/// What is on the screen, without a notice at its foot.
fn seen(play: &mut Play) -> String {
    play.model.shared.notice = None;
    play.send(Msg::Wake);
    picture(&play.buffer())
}

/// What was done outside.
fn done(play: &Play) -> (usize, usize, usize, usize, usize, bool) {
    let asked = play.model.shared.log.len() + play.answered;
    (asked, play.cancelled.len(), play.copied.len(), play.saved.len(), play.others, play.quit)
}

/// Whether a key does anything in a situation.
fn reacts(make: fn() -> Play, action: Action, key: &str) -> bool {
    let mut play = make();
    if action == Action::CopyLogin {
        play.world.mood = Mood::Expired;
        play.keys("R");
    }
    let before = (seen(&mut play), done(&play));
    play.keys(key);
    before != (seen(&mut play), done(&play))
}

#[test]
fn a_situation_is_where_it_says() {
    for (n, (context, make)) in SITUATIONS.iter().enumerate() {
        assert_eq!(make().model.top().context(), *context, "situation {n}");
    }
}

/// A session for each key takes its time: a quarter of the contexts in each of four tests, which run beside each other.
#[track_caller]
fn every_key_does_something_in_quarter(n: usize) {
    let (mut dead, mut alive) = (Vec::new(), Vec::new());
    for (context, title) in crate::tui::CONTEXTS.iter().skip(n).step_by(4) {
        let situations = || SITUATIONS.iter().filter(|(c, _)| c == context).map(|(_, make)| *make);
        for binding in KEYMAP.iter().filter(|b| b.works_in(*context)) {
            let idle = IDLE.iter().any(|(a, contexts)| *a == binding.action && contexts.contains(context));
            // Of what works everywhere one key is enough everywhere but in one place.
            let all = !binding.contexts.is_empty() || *context == Context::Tables;
            for key in &binding.keys[..if all { binding.keys.len() } else { 1 }] {
                match situations().any(|make| reacts(make, binding.action, key)) {
                    false if !idle => dead.push(format!("{key} ({:?}) in {title}", binding.action)),
                    true if idle => alive.push(format!("{key} ({:?}) in {title}", binding.action)),
                    _ => {}
                }
            }
        }
    }
    assert!(dead.is_empty(), "keys that do nothing: {dead:#?}");
    assert!(alive.is_empty(), "keys of which it is said that they have nothing to do: {alive:#?}");
}

#[test]
fn every_key_does_something_wherever_it_works() {
    every_key_does_something_in_quarter(0);
}

#[test]
fn every_key_does_something_wherever_it_works_second_quarter() {
    every_key_does_something_in_quarter(1);
}

#[test]
fn every_key_does_something_wherever_it_works_third_quarter() {
    every_key_does_something_in_quarter(2);
}

#[test]
fn every_key_does_something_wherever_it_works_last_quarter() {
    every_key_does_something_in_quarter(3);
}
