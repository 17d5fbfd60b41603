//! Texts that are no items: what a person typed, what a service answered, what is about to be printed. What the
//! detector recognises in them is masked, as it is in an item.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;

use crate::detect::{Detector, FingerprintKey, Scratch, TableContext, passwords};
use crate::domain::{AttributeValue, Item, MASK, Safe, Screened, Sighting};

/// Under which name a text is inspected: one that says nothing about it.
const NAME: &str = "text";

/// No secret is shorter, in bytes.
const SHORTEST: usize = 8;

/// Finds and masks what a detector recognises in any text.
#[derive(Clone)]
pub struct Redactor(Arc<Detector>);

impl Default for Redactor {
    /// With the rules of the program, for whoever has no detector at hand.
    fn default() -> Self {
        static EMBEDDED: OnceLock<Redactor> = OnceLock::new();
        let new = || Detector::new(FingerprintKey::new(b"no fingerprint leaves it"));
        EMBEDDED.get_or_init(|| Self(Arc::new(new()))).clone()
    }
}

impl From<Arc<Detector>> for Redactor {
    fn from(detector: Arc<Detector>) -> Self {
        Self(detector)
    }
}

// Two are the same when they are of one detector: to compare rules would read them all.
impl PartialEq for Redactor {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Redactor {
    /// Which bytes of a text are a secret or may be one, in order; all of them where the text cannot be inspected.
    pub fn secrets(&self, text: &str) -> Vec<Range<usize>> {
        if text.len() < SHORTEST {
            return Vec::new();
        }
        let item = Item::new(vec![(NAME.to_owned(), AttributeValue::S(text.to_owned()))]);
        let all = 0..text.len();
        let Some(seen) = self.inspect(&item) else { return vec![all] };
        let place = |seen: Sighting| match seen.path.is_layered() {
            // What is inside of an encoding has no place in the text: then it is all of the text.
            true => all.clone(),
            // What is masked may begin with a name: `key=`.
            false => seen.span.start..seen.mask.end,
        };
        let counts = |s: &Sighting| s.path.is_layered() || !is_name(s, text);
        let mut found: Vec<_> = seen.into_iter().filter(counts).map(place).collect();
        found.sort_by_key(|range| (range.start, range.end));
        found
    }

    /// The text with what is recognised masked, and everything else of it as it was; `None` if nothing is.
    pub fn masked(&self, text: &str) -> Option<String> {
        let secrets = self.secrets(text);
        let mut out = String::new();
        let mut done = 0;
        for range in &secrets {
            if range.end > done {
                out.push_str(&text[done..range.start.max(done)]);
                out.push_str(MASK);
                done = range.end;
            }
        }
        out.push_str(&text[done..]);
        (!secrets.is_empty()).then_some(out)
    }

    /// Whether a value beside a name looks like a secret, even one that nothing but the name gives away.
    pub fn is_secret_beside(&self, name: &str, value: &str) -> bool {
        let item = Item::new(vec![(name.to_owned(), AttributeValue::S(value.to_owned()))]);
        self.inspect(&item).is_none_or(|seen| seen.iter().any(|s| !s.in_name && !is_name(s, value)))
    }

    /// The text on one line, neutralised, with what is recognised masked.
    pub fn redact(&self, text: &str) -> Safe {
        if text.len() < SHORTEST {
            return Safe::neutral(text);
        }
        let item = Item::new(vec![(NAME.to_owned(), AttributeValue::S(text.to_owned()))]);
        let screened = match self.inspect(&item) {
            Some(seen) if seen.is_empty() => return Safe::neutral(text),
            Some(seen) => Screened::new(item, seen),
            None => Screened::blind(item, []),
        };
        screened.cell(NAME, usize::MAX, false).map_or_else(|| Safe::from(""), |cell| cell.text)
    }

    /// What is seen in it; `None` where not all of it was looked at.
    fn inspect(&self, item: &Item) -> Option<Vec<Sighting>> {
        // When a token ends changes nothing about whether it is shown.
        let now = Timestamp::default();
        let inspection = self.0.examine(&TableContext::default(), item, now, &mut Scratch::default());
        let whole = inspection.uninspected.failed == 0 && inspection.uninspected.cut == 0;
        whole.then_some(inspection.sightings)
    }
}

/// Whether what is seen in a text is as likely the name of an attribute: any word could be a password, and one without a digit
/// is a name where conditions are typed.
fn is_name(sighting: &Sighting, text: &str) -> bool {
    const GUESSES: &[&str] = &[passwords::RULE, passwords::WRITTEN, "sensitive-name"];
    let is_guess = GUESSES.contains(&&*sighting.rule) && !sighting.is_reported();
    let word = text.get(sighting.span.clone()).unwrap_or(text);
    is_guess && !word.bytes().any(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token() -> String {
        ["gh", "p_16C7e42F292c6912E7710c838347Ae178B4a"].concat()
    }

    #[test]
    fn what_is_recognised_is_masked_where_it_stands() {
        let check = |before: &str, after: &str| {
            let text = format!("{before}{}{after}", token());
            let shown = Redactor::default().redact(&text);
            assert!(!shown.contains(&token()[4..]), "{shown}");
            assert!(shown.starts_with(before) && shown.ends_with(after), "{shown}");
            let masked = Redactor::default().masked(&text).expect("something is recognised");
            assert_eq!(masked, format!("{before}{MASK}{after}"));
            let found = Redactor::default().secrets(&text);
            assert!(found.iter().any(|r| text[r.clone()] == token()), "{found:?}");
        };
        check("", "");
        check("There is no table ", " in eu-west-1.");
        check("api_key = ", "");
    }

    #[test]
    fn other_texts_stay_as_they_are() {
        for text in
            ["", "x", "There is no table ordres in eu-west-1. Did you mean orders?", "a = b and c > 3"]
        {
            assert_eq!(Redactor::default().redact(text).as_str(), text);
            assert!(Redactor::default().secrets(text).is_empty());
            assert_eq!(Redactor::default().masked(text), None);
        }
        assert_eq!(Redactor::default().redact("a\u{1b}[2Jbcdefgh").as_str(), "a␛[2Jbcdefgh");
    }

    #[test]
    fn a_name_gives_a_value_away() {
        let beside = |name, value| Redactor::default().is_secret_beside(name, value);
        assert!(beside("password", "hunter2xyz"));
        assert!(!beside("owner", "payments"));
    }
}
