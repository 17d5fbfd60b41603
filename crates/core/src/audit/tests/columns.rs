//! What the sample of a table makes surer than an item does, and what is told of the rest on request only.

use super::*;
use crate::domain::Origin;

fn perhaps(print: &str) -> Sighting {
    Sighting { rule: "plain-password".into(), ..sighting("password", Severity::High, Confidence::Low, print) }
}

/// The confidence of the finding that ten items come to, if there is one.
fn told(sightings: Vec<Sighting>, low: bool) -> Option<(Confidence, u64)> {
    let mut audit = Audit::default();
    if low {
        audit.tell_low();
    }
    audit.absorb(items(&table("t"), sightings));
    let found = audit.findings(NOW).into_iter().find(|f| f.rule() == "plain-password")?;
    let Origin::Secret(flagged) = &found.origin else { panic!("a secret") };
    Some((found.confidence, flagged.count))
}

fn each(count: usize, different: usize) -> Vec<Sighting> {
    (0..count).map(|n| perhaps(&(n % different).to_string())).collect()
}

#[test]
fn passwords_in_most_items_are_passwords() {
    assert_eq!(told(each(8, 8), false), Some((Confidence::Medium, 8)));
    // In few of the items, or too few to say; and a word that most of them share is a state, not a password.
    assert_eq!(told(each(5, 5), false), None);
    assert_eq!(told(each(3, 3), false), None);
    assert_eq!(told(each(8, 2), false), None);
    // A value that is sure by itself counts with the others, once.
    let sure = Sighting { confidence: Confidence::Medium, ..perhaps("sure") };
    assert_eq!(told([each(8, 8), vec![sure]].concat(), false), Some((Confidence::Medium, 9)));
}

#[test]
fn what_deserves_a_look_is_told_on_request() {
    assert_eq!(told(each(2, 2), false), None);
    assert_eq!(told(each(2, 2), true), Some((Confidence::Low, 2)));
    // What the sample made sure is one finding, not two.
    assert_eq!(told(each(8, 8), true), Some((Confidence::Medium, 8)));
}

#[test]
fn what_is_unsure_makes_no_table_worse() {
    let mut audit = Audit::default();
    audit.tell_low();
    audit.absorb(items(&table("t"), each(2, 2)));
    assert!(audit.table(&table("t")).expect("known").flagged.is_empty(), "checks conclude nothing from it");
}
