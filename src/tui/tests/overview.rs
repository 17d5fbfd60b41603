//! The overview: what an audit comes to, and the ways from it.

use super::play::Play;
use super::world::Mood;
use crate::audit::Grade;

const SIZE: (u16, u16) = (80, 24);

fn overview(mood: Mood) -> Play {
    let mut play = Play::new(mood, SIZE);
    play.keys("A 1");
    play
}

#[test]
fn it_says_what_was_found_how_much_was_seen_and_what_to_do_first() {
    let mut play = overview(Mood::Fine);
    let text = play.text();
    assert!(Grade::ALL.iter().any(|grade| text.contains(&format!("grade {grade}"))), "{text}");
    for part in ["findings ", "items ", "settings ", "What to do first", "of about "] {
        play.sees(part);
    }
    // Every finding of the place is counted.
    let counted: usize = {
        let line = text.lines().find(|line| line.trim_start().starts_with("findings")).expect("a line");
        let line = line.split(" of ").next().expect("its first half");
        line.split_whitespace().filter_map(|word| word.parse::<usize>().ok()).sum()
    };
    let shared = &play.model.shared;
    let here = |f: &&crate::domain::Finding| shared.place_of(&f.table) == Some(shared.here);
    assert_eq!(counted, shared.engine.findings().all().iter().filter(here).count(), "{text}");
}

#[test]
fn it_leads_to_the_finding_and_to_the_table() {
    let mut play = overview(Mood::Fine);
    play.keys("enter").sees("› finding 1 of ").keys("esc").sees("Overview");
    play.keys("G enter").sees("› findings").keys("esc").sees("Overview");
    play.keys("G O").sees("where its data goes");
}

/// The numbered screens are open once each, however often one goes between them, and keep where one was.
#[test]
fn numbers_go_between_overview_findings_and_tables() {
    let mut play = overview(Mood::Fine);
    play.keys("2").sees("Findings (").keys("j j");
    let depth = play.model.stack.len();
    play.keys("1 2 1 2 1 2");
    assert!(play.model.stack.len() <= depth, "{}", play.model.stack.len());
    play.keys("1").sees("Overview").keys("3");
    assert_eq!(play.model.stack.len(), 1);
    play.keys("1 enter 3");
    assert_eq!(play.model.stack.len(), 1);
}

#[test]
fn before_an_audit_it_is_said_that_no_item_was_read() {
    let mut play = Play::new(Mood::Fine, SIZE);
    play.keys("1").sees("none read: A audits");
    // A grade of what was seen is open: nothing unseen is called fine.
    let text = play.text();
    let grade = text.lines().find_map(|line| line.trim_start().strip_prefix("grade ")).expect("a grade");
    assert!(
        grade.starts_with("F ") || grade.split_whitespace().next().is_some_and(|g| g.ends_with('?')),
        "{text}"
    );
}

#[test]
fn of_no_table_there_is_no_grade() {
    overview(Mood::Empty).sees("grade -").sees("nothing of it was seen");
}

#[test]
fn it_fits_any_terminal() {
    for size in [(40, 12), (60, 15), (80, 24), (120, 35), (300, 100)] {
        let mut play = Play::new(Mood::Fine, size);
        play.keys("A 1").sees("grade ");
        // The cursor is always on screen.
        for _ in 0..12 {
            let shown = play.text().lines().any(|line| line.starts_with('▸'));
            assert!(shown, "{size:?}\n{}", play.text());
            play.keys("j");
        }
    }
}
