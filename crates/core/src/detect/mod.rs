//! What a secret is: an item in, sightings out. Pure; a panic is contained, and masks the whole item.
//!
//! # Why it is built this way
//!
//! There are over 850 rules, and an item has hundreds of short texts of which hardly one is a secret. Running the rules
//! over each text would cost a pattern for each pair of them. So the order is: the cheap question for everything first,
//! the dear one only where the cheap one said yes.
//!
//! 1. **Walk** ([`ItemView`], `walk`): every name and every leaf of the item, with the path to it. The walk knows what a
//!    name says of its value (`names`): `password`, `session_key`, `kid`.
//! 2. **Open** (`decode`): a leaf may be an encoding (JSON in a string, base64, gzip, a signed cookie). It is opened if its
//!    beginning says so, within bounds of depth, size and work for the item, and what is inside is walked as well. What
//!    should be opened and cannot be is a sighting of its own ([`NOT_OPENED`]): a gap, never silence.
//! 3. **Anchors** (`anchors`): one automaton over the keywords of all rules. Most texts have none, and are done.
//! 4. **Match** (`rule`, `structures`): only the rules whose keyword is there look, at that place: a beginning, a class of
//!    bytes and a length; a pattern, compiled when it is first needed; or code, for formats that no pattern can tell.
//! 5. **Confirm** (`confirm`): what can be checked without the network: checksums, parsing, an account in a key's id. A check
//!    that fails lowers the confidence and does not drop the match: test data often fails its own checksum.
//! 6. **Weigh** (`inspect`, `neighbors`, `repeats`): several rules may see one place. The most specific is told; the mask covers
//!    what any of them saw. What stands beside it (the other half of a key, an expiry) is added.
//!
//! # One value, followed
//!
//! An item has `{"payload": {"S": "eyJ0b2tlbiI6ICJnaHBf...In0="}}`. The walk meets the leaf `payload`; its name says nothing.
//! The text is printable base64 of a length that is a multiple of four, so `decode` opens it and finds JSON, which opens
//! again: the path is now `payload|base64|json:.token`, and the leaf there begins with `ghp_`. The automaton fires the
//! keyword `ghp_` of `github-classic-token`; its matcher takes the 36 letters and digits behind it. `confirm` compares the
//! last six with the CRC-32 of the rest: right, so the confidence is confirmed and the reason is "checksum valid". Nothing
//! else saw a wider place, so the mask is the token: four characters of its documented beginning, and its last four. The
//! sighting leaves with that masked form, a keyed fingerprint, the path and the rule; the value does not leave. Because it
//! is inside an encoding, the whole of `payload` is masked in a list of items, and in the tree only the token is.
//!
//! Rules are data: `catalog`, and `assets/rules/` at the top of the repository. A user's rules stand beside them.

mod allow;
mod anchors;
mod builtin_rules;
mod byte_classes;
mod catalog;
mod composed_key;
mod confirm;
mod decode;
mod filter_expression;
mod fingerprint;
mod gitleaks;
mod inspect;
mod labels;
mod lazy_rule;
mod mask;
mod name_class;
mod name_words;
mod names;
mod neighbors;
mod password_names;
mod passwords;
mod providers;
mod public_names;
mod redactor;
mod repeats;
mod rotate;
mod rule;
mod screening;
mod session_shape;
mod sessions;
mod shape;
mod signed_links;
mod structures;
mod walk;

#[cfg(test)]
mod tests;

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;

use crate::domain::{Acceptances, Confidence, Inner, KeySchema, Sighting, Uninspected};

pub use allow::{ACCEPTED_FILE, AllowList, edit};
pub use catalog::Remark;
pub use fingerprint::FingerprintKey;
pub use inspect::Scratch;
pub use neighbors::OTHER_HALF;
pub use redactor::Redactor;
pub use rotate::rotation_page;
pub use rule::{Mark, RuleInfo};
pub use screening::Screening;
pub use walk::{ItemView, Visitor};

/// What the detector knows of the table an item is from.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TableContext {
    /// The table's name; empty when not known.
    pub table: String,
    /// The table's key, when known.
    pub key: Option<KeySchema>,
    /// The attribute that says when an item ends (time to live), in seconds since 1970, where one is set and known.
    pub ttl: Option<String>,
}

/// The catalogue of rules, compiled, and the fingerprint key. Made once, shared by threads.
pub struct Detector {
    key: FingerprintKey,
    rules: Arc<[lazy_rule::LazyRule]>,
    anchors: Arc<OnceLock<anchors::Anchors>>,
    allow: AllowList,
    /// Where the rules are that the walk itself raises.
    sensitive_name: usize,
    plain_password: usize,
    token_in_key: usize,
    public_by_design: usize,
    random_value: usize,
    session_key: usize,
    session_token: usize,
    jwk: usize,
    /// Of the forms that are asked of whole texts, in their order.
    whole: Vec<usize>,
}

/// What is to be said of a user's rule files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Remarks {
    /// Rules that are left out, and why.
    pub errors: Vec<Remark>,
    /// What of the other rules is left out, slow or untested.
    pub notes: Vec<Remark>,
}

/// What came of an item's inspection.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Inspection {
    /// What was seen; nothing where the inspection failed.
    pub sightings: Vec<Sighting>,
    /// What was not looked at.
    pub uninspected: Uninspected,
}

impl Inspection {
    /// The sightings, and one with an empty path for what was not looked at of the item: of the rule [`NOT_INSPECTED`] or
    /// [`CUT`]. Those of [`NOT_OPENED`] have a path.
    pub fn told(self) -> Vec<Sighting> {
        let Self { mut sightings, uninspected } = self;
        let stand_ins = [(uninspected.failed, NOT_INSPECTED), (uninspected.cut, CUT)];
        let told = stand_ins.into_iter().filter(|(n, _)| *n > 0).filter_map(|(_, id)| builtin_rules::of(id));
        sightings.extend(told.map(|rule| builtin_rules::sighting(rule)));
        sightings
    }

    fn failed() -> Self {
        let uninspected = Uninspected { failed: 1, ..Uninspected::default() };
        Self { sightings: Vec::new(), uninspected }
    }
}

/// The reason of a session or token that is only a part of its text, a log line or a header for instance.
pub const INSIDE_A_TEXT: &str = "inside a longer text";

/// What a person reads of an embedded rule, for reports, which have no [`Detector`].
pub fn about(id: &str) -> Option<&'static RuleInfo> {
    embedded()
        .iter()
        .find(|rule| rule.id == id)
        .map(|rule| rule.info.as_ref())
        .or_else(|| builtin_rules::of(id).map(AsRef::as_ref))
}

/// Whether a rule is one of those that stand for something that was not looked at.
pub fn is_gap(rule: &str) -> bool {
    builtin_rules::of(rule).is_some()
}

/// The rules of the program.
fn embedded() -> &'static Arc<[lazy_rule::LazyRule]> {
    static EMBEDDED: OnceLock<Arc<[lazy_rule::LazyRule]>> = OnceLock::new();
    EMBEDDED.get_or_init(|| catalog::embedded().into())
}

/// What a person reads of every rule: those of the program, and a user's. By default, the former alone.
#[derive(Clone)]
pub struct Catalogue(Arc<[lazy_rule::LazyRule]>);

impl Default for Catalogue {
    fn default() -> Self {
        Self(Arc::clone(embedded()))
    }
}

// Two are the same when they are of one detector: to compare rules would read them all.
impl PartialEq for Catalogue {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl fmt::Debug for Catalogue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Catalogue({} rules)", self.0.len())
    }
}

impl Catalogue {
    /// Every rule, in the order of the catalogue.
    pub fn iter(&self) -> impl Iterator<Item = &RuleInfo> {
        self.0.iter().map(|rule| &*rule.info)
    }

    /// What a person reads of one rule, of [`NOT_OPENED`], [`CUT`] and [`NOT_INSPECTED`] too.
    pub fn find(&self, id: &str) -> Option<&Arc<RuleInfo>> {
        self.0.iter().find(|rule| rule.id == id).map(|rule| &rule.info).or_else(|| builtin_rules::of(id))
    }
}

/// The rule of a sighting that stands for an item that could not be inspected.
pub const NOT_INSPECTED: &str = "not-inspected";

/// The rule of a sighting that stands for the rest of an item that was inspected in part.
pub const CUT: &str = "inspected-in-part";

/// The rule of a sighting that stands for an encoded value that was not opened, or not wholly.
pub const NOT_OPENED: &str = "not-opened";

impl Detector {
    /// With the embedded rules.
    pub fn new(key: FingerprintKey) -> Self {
        // One automaton and one reading of each rule, however many detectors a program has: it has one for items and one
        // for texts.
        static ANCHORS: OnceLock<Arc<OnceLock<anchors::Anchors>>> = OnceLock::new();
        Self::of(key, Arc::clone(embedded()), Arc::clone(ANCHORS.get_or_init(Arc::default)))
    }

    /// Tells the key of its fingerprints from others: [`FingerprintKey::check`].
    pub fn key_check(&self) -> String {
        self.key.check()
    }

    /// With the embedded rules and those of a user's files, each a path and its text. A user's rules stand beside the
    /// embedded ones and never replace them: their ids begin with the name of their file (`gitleaks:aws-access-token`).
    /// A rule that cannot be read is left out and told, and so is a file whose name another one before it has.
    pub fn with_rules(key: FingerprintKey, files: &[(&str, &str)]) -> (Self, Remarks) {
        if files.is_empty() {
            return (Self::new(key), Remarks::default());
        }
        let mut rules = catalog::embedded();
        let mut remarks = Remarks::default();
        let mut spaces: Vec<String> = Vec::new();
        for (file, text) in files {
            let source = catalog::Source { file, text, ours: false };
            let space = catalog::namespace(file);
            if spaces.contains(&space) {
                let message = format!("ids of another file begin with `{space}:`, too: rename this one");
                remarks.errors.push(source.remark(0, message));
                continue;
            }
            let loaded = catalog::read(source);
            remarks.errors.extend(loaded.errors);
            remarks.notes.extend(loaded.notes);
            rules.extend(loaded.rules.into_iter().map(|rule| rule.within(&space).into()));
            spaces.push(space);
        }
        (Self::of(key, rules.into(), Arc::default()), remarks)
    }

    fn of(
        key: FingerprintKey,
        rules: Arc<[lazy_rule::LazyRule]>,
        anchors: Arc<OnceLock<anchors::Anchors>>,
    ) -> Self {
        let position = |id: &str| rules.iter().position(|r| r.id == id).unwrap_or(0);
        Self {
            key,
            anchors,
            allow: AllowList::default(),
            sensitive_name: position("sensitive-name"),
            plain_password: position(passwords::RULE),
            token_in_key: position(composed_key::RULE),
            public_by_design: position("public-by-design"),
            random_value: position("random-value"),
            session_key: position("session-key"),
            session_token: position("session-token"),
            jwk: position("jwk-private"),
            whole: structures::WHOLE.iter().map(|form| position(form.rule)).collect(),
            rules,
        }
    }

    /// Makes what the first item needs, unless it is made: whoever wants that item quickly calls this before.
    pub fn prepare(&self) {
        self.anchors();
    }

    fn anchors(&self) -> &anchors::Anchors {
        self.anchors.get_or_init(|| anchors::Anchors::new(&self.rules))
    }

    /// With what a person allows.
    #[must_use]
    pub fn allowing(mut self, allow: AllowList) -> Self {
        self.allow = allow;
        self
    }

    /// What its allow-lists accept of findings: the detector makes none, whoever does applies it.
    pub fn accepted(&self) -> Arc<Acceptances> {
        Arc::new(self.allow.accepted())
    }

    /// What a person reads of every rule, structures and the walk's own included, in the order of the catalogue.
    pub fn rules(&self) -> impl Iterator<Item = &RuleInfo> {
        self.rules.iter().map(|r| r.info.as_ref())
    }

    /// What a person reads of all rules, to keep where there is no detector.
    pub fn catalogue(&self) -> Catalogue {
        Catalogue(Arc::clone(&self.rules))
    }

    /// What a person reads of one rule, of [`NOT_OPENED`], [`CUT`] and [`NOT_INSPECTED`] too.
    pub fn rule(&self, id: &str) -> Option<&RuleInfo> {
        let rule = self.rules.iter().find(|rule| rule.id == id).map(|rule| rule.info.as_ref());
        rule.or_else(|| builtin_rules::of(id).map(AsRef::as_ref))
    }

    /// How many beginnings of keywords are in a text: the automaton alone, which benchmarks measure the rest against.
    #[doc(hidden)]
    pub fn count_keywords(&self, text: &str) -> usize {
        self.anchors().count(text)
    }

    /// Every value (and name) of the item that looks like a secret, from low confidence on, and what stands for what was
    /// not looked at: [`Inspection::told`].
    pub fn inspect(
        &self,
        context: &TableContext,
        item: &impl ItemView,
        now: Timestamp,
        scratch: &mut Scratch,
    ) -> Vec<Sighting> {
        self.examine(context, item, now, scratch).told()
    }

    /// Like [`Detector::inspect`], with what was not looked at told apart: the inspection failed, or stopped before the
    /// end of an item that is too deep, holds too much, or takes too much work; or encoded values could not be opened.
    pub fn examine(
        &self,
        context: &TableContext,
        item: &impl ItemView,
        now: Timestamp,
        scratch: &mut Scratch,
    ) -> Inspection {
        let look = || {
            let session_keys = scratch.survey(context, item);
            let keys = || session_keys.clone();
            let mut inspector = inspect::Inspector::new(self, now, scratch, keys(), None);
            inspector.table = &context.table;
            let mut cut = !item.walk(&mut inspector) || inspector.cut;
            let mut not_opened = inspector.not_opened;
            let mut seen = inspector.seen;
            // What was recognised may stand elsewhere in the item, where nothing tells what it is.
            if let Some(known) = inspector.recognised.known().filter(|_| !cut) {
                let mut search = known.search();
                item.walk(&mut search);
                if search.found {
                    let mut again = inspect::Inspector::new(self, now, scratch, keys(), Some(&known));
                    again.table = &context.table;
                    cut = !item.walk(&mut again) || again.cut;
                    (not_opened, seen) = (again.not_opened, again.seen);
                }
            }
            if !seen.is_empty() {
                // Of a password in clear what is beside it decides.
                let asks = |s: &Sighting| s.is_reported() || *s.rule == *passwords::RULE;
                let within = !cut && seen.iter().any(|s| s.path.is_layered() && asks(s));
                let decoded =
                    if within { self.decoded(context, item, now, scratch, keys()) } else { Vec::new() };
                self.join(context, item, &decoded, &mut seen, now);
            }
            let (cut, not_opened) = (u64::from(cut), u64::from(not_opened > 0));
            Inspection { sightings: seen, uninspected: Uninspected { failed: 0, cut, not_opened } }
        };
        // The scratch is cleared at the start of every item, so a half-done one leaves nothing behind.
        catch_unwind(AssertUnwindSafe(look)).unwrap_or_else(|_| Inspection::failed())
    }

    /// What is inside the encodings of an item, as far as it may be shown.
    fn decoded(
        &self,
        context: &TableContext,
        item: &impl ItemView,
        now: Timestamp,
        scratch: &mut Scratch,
        keys: Vec<sessions::SessionKey>,
    ) -> Vec<Inner> {
        let mut inspector = inspect::Inspector::new(self, now, scratch, keys, None).noting(screening::SHOWN);
        inspector.table = &context.table;
        item.walk(&mut inspector);
        inspector.notes.take().map_or_else(Vec::new, |notes| notes.values)
    }

    /// Adds what the neighbours of what was seen say, and what only they give away.
    fn join(
        &self,
        context: &TableContext,
        item: &impl ItemView,
        decoded: &[Inner],
        seen: &mut Vec<Sighting>,
        now: Timestamp,
    ) {
        let joined = neighbors::join(item, decoded, seen, context.ttl.as_deref(), now);
        // What only looked random is known now.
        let is_known = |s: &Sighting| !s.is_reported() && joined.iter().any(|j| j.path == s.path);
        seen.retain(|s| !is_known(s));
        seen.extend(joined.into_iter().filter_map(|joined| self.aws_secret(joined)));
    }

    /// The sighting of an AWS secret access key that only the id beside it gives away.
    fn aws_secret(&self, joined: neighbors::Joined) -> Option<Sighting> {
        let rule = self.rule("aws-secret-access-key")?;
        Some(Sighting {
            path: joined.path,
            span: 0..joined.secret.len(),
            mask: 0..joined.secret.len(),
            rule: rule.id.clone(),
            title: rule.title.clone(),
            severity: rule.severity,
            confidence: Confidence::Medium,
            reasons: vec![joined.reason, "its length and alphabet".into()],
            masked: mask::mask(&joined.secret, 0),
            fingerprint: self.key.fingerprint(&joined.secret),
            in_name: false,
            class: rule.class,
            part: false,
            expires: None,
            item: None,
        })
    }
}
