//! The list of findings as a queue: a row a cause, what is not shown is counted, and from a finding one gets on.

use super::play::Play;
use super::world::Mood;

const SIZE: (u16, u16) = (80, 24);

fn queue() -> Play {
    let mut play = Play::new(Mood::Fine, SIZE);
    play.keys("A F");
    play
}

/// The rows of the list, the one under the cursor among them.
fn rows(play: &Play) -> Vec<String> {
    let signs = ["‼", "!", "▲", "▽", "·"];
    let is_row = |line: &&str| {
        let row = line.trim_start_matches(['▸', ' ']);
        signs.iter().any(|sign| row.starts_with(sign))
    };
    play.text().lines().skip(3).take(20).filter(is_row).map(str::to_owned).collect()
}

/// The first two numbers of the title.
fn counted(play: &Play) -> (usize, usize) {
    let title = play.text().lines().nth(1).map(str::to_owned).unwrap_or_default();
    let mut numbers = title.split(|c: char| !c.is_ascii_digit()).filter_map(|word| word.parse().ok());
    (numbers.next().expect("a number"), numbers.next().expect("another"))
}

#[test]
fn what_is_not_shown_is_counted_and_one_key_away() {
    let mut play = queue();
    let (shown, all) = counted(&play);
    assert!(shown < all && rows(&play).len() == shown, "{}", play.text());
    play.misses("▽ low");
    play.keys(".").sees("▽ low");
    let (causes, findings) = counted(&play);
    assert_eq!(causes, all, "{}", play.text());
    play.keys("t");
    assert_eq!(counted(&play).0, findings, "{}", play.text());
    assert_eq!(findings, play.model.shared.engine.findings().all().len());
}

#[test]
fn a_cause_opens_into_its_findings_with_and_without_a_filter() {
    let mut play = queue();
    let first = rows(&play)[0].clone();
    let members: usize =
        first.trim_end_matches(['▐', ' ']).rsplit('▸').next().and_then(|n| n.parse().ok()).expect("several");
    for filter in ["", "/ 'stripe' enter"] {
        play.keys(filter);
        let before = rows(&play).len();
        play.keys("l");
        assert_eq!(rows(&play).len(), before + members, "{filter}: {}", play.text());
        // From a finding of it the whole is folded again, with the cursor on the cause.
        play.keys("j h");
        assert_eq!(rows(&play).len(), before, "{filter}: {}", play.text());
        play.keys("esc F");
    }
}

#[test]
fn a_finding_is_found_by_the_id_that_reports_show() {
    let mut play = queue();
    let last = play.model.shared.engine.findings().all().last().expect("one").clone();
    play.keys(&format!("/ '{}' enter enter", last.short_id()));
    play.keys("G").sees(&last.short_id());
}

#[test]
fn from_a_finding_to_the_next_one_and_to_the_very_items() {
    let mut play = queue();
    play.keys("enter").sees("finding 1 of ").keys("n").sees("finding 2 of ").keys("N").sees("finding 1 of ");
    play.keys("N").sees("There is no further one");
    play.keys("o").sees("› items").sees("with Stripe secret key in ");
    play.keys("esc esc").sees("finding 1 of ");
}

/// What was found since a saved audit is marked, counted and found by the word.
#[test]
fn what_is_new_since_an_earlier_audit_is_marked() {
    let before = queue();
    let with = |audit: crate::audit::Audit| {
        let baseline = crate::audit::Baseline::new(audit, super::world::noon(), true);
        let baseline = Some(std::sync::Arc::new(baseline));
        let options = crate::tui::Options { baseline, ..Default::default() };
        let mut play = Play::with(options, Mood::Fine, (120, 30));
        play.answer();
        play.keys("A F");
        play
    };
    let all = before.model.shared.engine.findings().all().len();
    let mut play = with(crate::audit::Audit::default());
    play.sees(&format!("{all} new since 2026-11-20")).sees("[new] ");
    play.keys("/ 'new' space 'stripe' enter").sees("Stripe secret key");
    // The same audit again: nothing is.
    let mut play = with(before.model.shared.engine.audit().clone());
    play.sees("known since 2026-11-20").misses("[new]").misses("[worse]");
}

/// Whatever is left out of the list is said in its title, and nothing else is.
#[test]
fn what_is_shown_is_chosen_by_keys_and_said() {
    let mut play = queue();
    let all = counted(&play).1;
    play.keys(">").sees("high and worse").misses("▲ medium").keys(">").sees("critical only").misses("! high");
    assert_eq!(counted(&play).1, all, "{}", play.text());
    play.keys("> .").sees("▽ low").keys("< .").misses("and worse");
    play.keys("c")
        .sees("secrets only")
        .misses("deletion protection")
        .keys("c")
        .sees("settings only")
        .misses("Stripe");
    play.keys("c").misses("settings only").keys("b").sees("a row a table").keys("b").sees("a row a secret");
    play.keys("b")
        .misses("a row a")
        .keys("o")
        .sees("by table")
        .keys("o")
        .sees("by title")
        .keys("o")
        .sees("most first");
    play.keys("o").misses("most first");
}

#[test]
fn a_value_is_found_wherever_it_is() {
    let mut play = queue();
    let findings = play.model.shared.engine.findings().all().to_vec();
    let of_secret = |f: &crate::domain::Finding| match &f.origin {
        crate::domain::Origin::Secret(flagged) => Some(flagged.fingerprint.clone()),
        crate::domain::Origin::Posture(_) => None,
    };
    let prints: Vec<String> = findings.iter().filter_map(of_secret).collect();
    let once =
        prints.iter().find(|p| prints.iter().filter(|other| other == p).count() == 1).expect("one alone");
    // By its fingerprint, or the beginning of it.
    for print in [&once[..], &once[..8]] {
        play.keys(&format!("/ '{print}' enter")).sees(" of ").misses("No finding matches").keys("esc");
    }
    play.keys(&format!("/ '{once}' enter enter e")).sees("Its values are nowhere else in the ");
    let mut play = Play::silent(Mood::Fine, SIZE);
    play.world.twice = true;
    play.answer();
    play.keys("A F enter e").sees("Where the value of ").sees("api_metadata").sees("note");
    assert_eq!(rows(&play).len(), 2, "{}", play.text());
    // From there the finding opens, and back leads to where it was asked.
    play.keys("j enter").sees("finding 2 of 2").keys("esc esc").sees("finding 1 of ");
}

#[test]
fn a_fix_that_was_taken_along_is_marked() {
    let mut play = queue();
    play.misses("[fix copied]").keys("t enter y esc").sees("[fix copied] ");
}

#[test]
fn an_audit_pauses_goes_on_and_ends() {
    let mut play = Play::new(Mood::Fine, SIZE);
    play.press("A");
    play.press("A");
    play.sees("Audit paused").answer();
    let read =
        |play: &Play| play.model.shared.engine.audit().tables().filter(|t| t.outcome.is_some()).count();
    let before = read(&play);
    play.wait(10);
    play.answer();
    assert_eq!(read(&play), before, "nothing is asked for");
    play.sees("audit paused:").sees("ctrl-e ends it");
    play.keys("A").sees("Audit done");
    assert!(read(&play) > before);
    // What was read is not read again by one key.
    let spent = play.model.shared.spent();
    play.keys("A").sees("All of it was read already").misses("Audit done");
    play.wait(10);
    play.keys("A").sees("A again reads it anew");
    assert_eq!(play.model.shared.spent(), spent);
    play.press("A");
    play.press("ctrl-e");
    play.sees("Audit ended").sees("cut short");
    assert!(play.model.shared.engine.reading().is_none());
    play.keys("ctrl-e").sees("No audit is under way");
}

#[test]
fn an_audit_is_of_what_the_filter_shows_and_of_every_place() {
    let read = |play: &Play| {
        let begun = play.model.shared.engine.audit().tables().filter(|t| t.outcome.is_some());
        begun.map(|t| format!("{} {}", t.table.scope.region, t.table.name)).collect::<Vec<_>>()
    };
    let mut play = Play::new(Mood::Fine, SIZE);
    play.keys("/ 'sess' enter A").sees("Audit done");
    assert_eq!(read(&play), ["eu-west-1 sessions"]);
    let tables = play.model.shared.engine.audit().tables().count();
    let mut play = Play::new(Mood::Fine, SIZE);
    play.keys("ctrl-a").sees("Audit done");
    assert_eq!(read(&play).len(), 2 * tables, "both Regions");
    // While the other Region is being listed A neither begins half of it nor stops what begins then.
    let mut play = Play::new(Mood::Fine, SIZE);
    play.press("ctrl-a");
    play.press("A");
    play.sees("begins when all are listed").answer();
    play.sees("Audit done");
    assert_eq!(read(&play).len(), 2 * tables, "both Regions");
}

#[test]
fn more_of_one_table_is_read_from_its_row() {
    let mut play = Play::new(Mood::Fine, SIZE);
    play.keys("D").sees("Audit done");
    let read: Vec<u64> =
        play.model.shared.engine.audit().tables().map(|t| t.items).filter(|n| *n > 0).collect();
    assert_eq!(read.len(), 1);
    play.keys("D").sees("Every item of it was read");
}
