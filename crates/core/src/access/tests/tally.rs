//! What is decided, and the count of it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::panic::Location;

use super::language::GET;
use super::world::{Given, answered, own};
use crate::access::Answer;

/// What a class decided.
#[derive(Default)]
pub(super) struct Tally {
    /// Each case by what is asked and given, with where it stands and the page that it rests on; one that stands twice
    /// is twice in it.
    pub cases: Vec<(String, String, String)>,
    /// What was decided wrong.
    pub wrong: Vec<String>,
}

impl Tally {
    /// How many cases rest on each page.
    pub fn pages(&self) -> BTreeMap<&str, usize> {
        let mut pages = BTreeMap::new();
        self.cases.iter().for_each(|(.., page)| *pages.entry(page.as_str()).or_default() += 1);
        pages
    }
}

thread_local! {
    static TALLY: RefCell<Tally> = RefCell::default();
}

/// Runs the cases of a class.
pub(super) fn tallied(cases: fn()) -> Tally {
    TALLY.take();
    cases();
    TALLY.take()
}

/// One decision: `action resource principal`, what is given, the answer, and the page of AWS that it rests on.
#[track_caller]
pub(super) fn check(question: &str, given: &Given<'_>, expect: Answer, page: &str) {
    let words: Vec<&str> = question.split_whitespace().collect();
    let [action, resource, caller] = words[..] else { panic!("action, resource and principal: {question}") };
    let found = answered(action, resource, caller, given);
    // What every answer owes, beside being right.
    let explained = !found.conditions.is_empty() || !found.unread.is_empty();
    let wrong = if found.answer != expect {
        format!("{:?} instead of {expect:?}: {found:#?}", found.answer)
    } else if expect == Answer::AllowedIf && !explained {
        "nothing says on what it depends".to_owned()
    } else if expect == Answer::Denied && !found.conditions.is_empty() {
        "denied on conditions".to_owned()
    } else if expect == Answer::Denied && found.stop.is_none() {
        "nothing stops it".to_owned()
    } else {
        String::new()
    };
    let asked = format!("{question} with {given:?}");
    let at = Location::caller().to_string();
    TALLY.with_borrow_mut(|tally| {
        if !wrong.is_empty() {
            tally.wrong.push(format!("{at}: {asked} ({page}): {wrong}"));
        }
        tally.cases.push((asked, at, page.to_owned()));
    });
}

/// Whether an Allow with a condition lets `app` get an item.
#[track_caller]
pub(super) fn allows(condition: &str, context: &[(&str, &str)], expect: Answer, page: &str) {
    let statement = format!("allow dynamodb:GetItem T if {condition}");
    check(GET, &Given { context, ..own(&[&statement]) }, expect, page);
}

/// Whether `app` may still get an item beside a Deny with a condition.
#[track_caller]
pub(super) fn denies(condition: &str, context: &[(&str, &str)], expect: Answer, page: &str) {
    let statement = format!("deny * * if {condition}");
    check(GET, &Given { context, ..own(&["allow dynamodb:GetItem T", &statement]) }, expect, page);
}
