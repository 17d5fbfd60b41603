//! What is shown of an item, and what not.

use super::*;
use crate::domain::{Layer, SecretClass};

pub(super) fn sighting(path: AttributePath, span: std::ops::Range<usize>, masked: &str) -> Sighting {
    Sighting {
        path,
        mask: span.clone(),
        span,
        rule: "r".into(),
        title: "R".into(),
        severity: Severity::High,
        confidence: Confidence::Low,
        reasons: Vec::new(),
        masked: Safe::neutral(masked),
        fingerprint: String::new(),
        in_name: false,
        class: SecretClass::ApiKey,
        part: false,
        expires: None,
        item: None,
    }
}

pub(super) fn s(text: &str) -> AttributeValue {
    AttributeValue::S(text.into())
}

#[test]
fn a_span_is_masked_and_the_rest_is_shown() {
    let item = Item::new(vec![("auth".into(), s("Bearer abcdefgh and \x1b[2J"))]);
    let screened = Screened::new(item, vec![sighting(AttributePath::attribute("auth"), 7..15, "••••")]);
    let cell = screened.cell("auth", 80, false).expect("there");
    assert_eq!(cell.text.as_str(), "Bearer •••• and ␛[2J");
    assert_eq!(cell.worst, Some((Severity::High, Confidence::Low)));
    assert_eq!(
        screened.reveal(&AttributePath::attribute("auth")).expect("text").text(),
        "Bearer abcdefgh and ␛[2J"
    );
}

#[test]
fn behind_an_encoding_the_whole_value_is_masked() {
    let path =
        AttributePath::new(vec![Step::Name("blob".into()), Step::Layer(Layer::Json), Step::Name("k".into())]);
    let item = Item::new(vec![("blob".into(), s("{\"k\":\"hunter22\"}"))]);
    let screened = Screened::new(item, vec![sighting(path, 0..8, "••••")]);
    assert_eq!(screened.cell("blob", 80, false).expect("there").text.as_str(), "‹json, 16 bytes, 1 masked›");
}

#[test]
fn overlapping_spans_leave_nothing_between() {
    let item = Item::new(vec![("a".into(), s("0123456789"))]);
    let at = || AttributePath::attribute("a");
    let screened = Screened::new(item, vec![sighting(at(), 4..8, "B"), sighting(at(), 2..6, "A")]);
    assert_eq!(screened.cell("a", 80, false).expect("there").text.as_str(), "01A89");
}

#[test]
fn a_blind_item_shows_no_value() {
    let item = Item::new(vec![
        ("a".into(), s("x")),
        ("m".into(), AttributeValue::M(vec![("a".into(), s("y"))])),
        ("c".into(), s("z")),
    ]);
    let screened = Screened::blind(item, ["a"]);
    assert_eq!(screened.names().collect::<Vec<_>>(), ["a"]);
    let nodes = screened.tree(80, false);
    for node in &nodes {
        assert!(node.members > 0 || node.value.as_str() == MASK, "{}", node.value);
    }
    let names: Vec<_> = nodes.iter().map(|n| n.name.as_str()).collect();
    assert_eq!(names, ["a", "‹name 2›", "‹name 1›", "‹name 3›"]);
    assert_eq!(nodes[2].path.to_string(), "‹name 2›.‹name 1›");
    assert_eq!(screened.reveal(&nodes[2].path).expect("by position").text(), "y");
}

#[test]
fn a_member_of_a_set_is_revealed_alone() {
    let sets = [
        (AttributeValue::Ss(vec!["one".into(), "two".into()]), "two"),
        (AttributeValue::Ns(vec!["1".into(), "2".into()]), "2"),
        (AttributeValue::Bs(vec![vec![b'a'], vec![b'b']]), "62  b"),
    ];
    for (set, second) in sets {
        let screened = Screened::new(Item::new(vec![("a".into(), set)]), Vec::new());
        let nodes = screened.tree(80, false);
        assert_eq!(screened.reveal(&nodes[2].path).expect("there").text(), second);
        assert!(screened.reveal(&nodes[2].path.child(Step::Index(0))).is_none());
    }
}

#[test]
fn more_than_the_span_is_masked_where_the_sighting_says() {
    let mut seen = sighting(AttributePath::attribute("a"), 3..5, "A••");
    seen.mask = 2..8;
    let screened = Screened::new(Item::new(vec![("a".into(), s("0123456789"))]), vec![seen]);
    assert_eq!(screened.cell("a", 80, false).expect("there").text.as_str(), format!("01A••{MASK}89"));
}

#[test]
fn a_name_in_json_masks_the_whole_text() {
    let steps = vec![Step::Name("a".into()), Step::Layer(Layer::Json), Step::HiddenName(0, "••••".into())];
    let mut seen = sighting(AttributePath::new(steps), 0..12, "••••");
    seen.in_name = true;
    let screened = Screened::new(Item::new(vec![("a".into(), s("{\"tok_12345678\":1}"))]), vec![seen]);
    let cell = screened.cell("a", 80, false).expect("there");
    assert_eq!(cell.text.as_str(), "‹json, 18 bytes, 1 masked›");
}

#[test]
fn long_names_and_many_sightings_take_little_time_and_memory() {
    // Before, every node was held against every sighting, names and all: minutes.
    let long = "n".repeat(60_000);
    let mut path = AttributePath::new(vec![Step::member(0, &long)]);
    let mut value = AttributeValue::Ss((0..4000).map(|n| format!("value {n}")).collect());
    for _ in 0..4 {
        value = AttributeValue::M(vec![(long.clone(), value)]);
        path = path.child(Step::member(0, &long));
    }
    let seen = (0..4000).map(|n| sighting(path.child(Step::Index(n)), 0..5, "••••")).collect();
    let screened = Screened::new(Item::new(vec![(long.clone(), value)]), seen);
    let started = std::time::Instant::now();
    let nodes = screened.tree(80, false);
    assert!(started.elapsed().as_secs() < 5, "{:?}", started.elapsed());
    assert_eq!(nodes.len(), 5 + 4000);
    assert!(nodes.iter().all(|n| n.name.chars().count() <= 128));
    assert_eq!(nodes[5].value.as_str(), "•••• 0");
    assert_eq!(screened.reveal(&nodes[5].path).expect("by position").text(), "value 0");
    assert_eq!(
        screened.cell(&long, 80, false).expect("there").worst,
        Some((Severity::High, Confidence::Low))
    );
}

#[test]
fn a_tree_too_large_says_so() {
    let mut value = AttributeValue::L(vec![AttributeValue::Null; 20_000]);
    for _ in 0..30 {
        value = AttributeValue::M(vec![("n".repeat(128), value)]);
    }
    let nodes = Screened::new(Item::new(vec![("a".into(), value)]), Vec::new()).tree(80, false);
    assert!(nodes.len() < 20_000);
    assert_eq!(nodes.last().expect("one").value.as_str(), "‹too large to be shown whole›");
}

#[test]
fn a_secret_name_is_hidden_with_its_member() {
    let masked = Step::HiddenName(0, "tok_••••".into());
    let mut seen = sighting(AttributePath::new(vec![Step::Name("m".into()), masked]), 0..12, "tok_••••");
    seen.in_name = true;
    let item = Item::new(vec![("m".into(), AttributeValue::M(vec![("tok_12345678".into(), s("v"))]))]);
    let names: Vec<_> =
        Screened::new(item, vec![seen]).tree(80, false).into_iter().map(|n| n.name.to_string()).collect();
    assert_eq!(names, ["m", "tok_••••"]);
}

proptest::proptest! {
    #[test]
    fn no_cell_is_wider_than_asked_or_panics(text in ".*", start in 0usize..40, len in 0usize..40, width in 0usize..50) {
        let item = Item::new(vec![("a".into(), s(&text))]);
        let screened = Screened::new(item, vec![sighting(AttributePath::attribute("a"), start..start + len, "••")]);
        let _ = screened.cell("a", width, false);
        let _ = screened.tree(width, false);
    }
}
