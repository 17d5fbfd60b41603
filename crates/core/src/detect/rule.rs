//! What a rule is: what a person reads of it, and how it matches.

use std::cell::Cell;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use regex::Regex;

use crate::detect::byte_classes::Signs;
use crate::detect::confirm::Confirm;
use crate::detect::gitleaks::GitleaksFilter;
use crate::detect::names;
use crate::detect::shape::Shape;
use crate::domain::{Confidence, Layer, SecretClass, Severity};

/// What a person reads of a rule: on the rule page, in reports and in the generated documentation.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleInfo {
    /// Its id, for instance `stripe-secret-key`.
    pub id: Arc<str>,
    /// Its title, for instance `Stripe secret key`.
    pub title: Arc<str>,
    /// Who issues such secrets.
    pub provider: String,
    /// How much harm one can do.
    pub severity: Severity,
    /// How sure a match is before anything was confirmed.
    pub confidence: Confidence,
    /// What kind of thing it is, which decides what fixes it.
    pub class: SecretClass,
    /// Why it matters, a sentence or two.
    pub why: String,
    /// How a match is confirmed without the network.
    pub how: String,
    /// The provider's page on revoking or rotating it.
    pub rotate: String,
    /// What a reader should know of a user's rule.
    pub marks: Vec<Mark>,
    /// A literal that the provider documents begins the secret, and nothing else.
    pub owns_prefix: bool,
    /// Documented beginnings, which a mask shows.
    pub prefixes: Vec<String>,
    /// Literals of which one must be in the text (or, for rules of context, in a name) before it is looked at.
    pub keywords: Vec<String>,
}

/// What a reader should know of a user's rule; embedded rules have none of it, which a test holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// It says no text in which it is seen, or none in which it is not.
    Untested,
    /// It has no keyword, and looks at every text.
    Slow,
}

impl Mark {
    /// What it says.
    pub fn what(self) -> &'static str {
        match self {
            Self::Untested => "without cases",
            Self::Slow => "slow (no keyword)",
        }
    }
}

/// A structure recognised by code, at a keyword.
pub(super) type Recognise = fn(&StructureStart<'_>) -> Option<Found>;

/// Where a structure may begin.
pub(super) struct StructureStart<'a> {
    /// The whole text.
    pub text: &'a str,
    /// Where a keyword of the rule begins.
    pub at: usize,
    /// Where it ends.
    pub end: usize,
    /// The present.
    pub now: Timestamp,
    /// How many more bytes may be inflated; what is taken of it is taken off.
    pub budget: &'a Cell<usize>,
    /// What was looked at in vain, a name or the line before a place: for the next place of the same rule in the text.
    pub vain: &'a Cell<(usize, usize)>,
}

/// What a matcher saw; what it leaves out is as the rule says.
pub(super) struct Found {
    /// The secret's bytes.
    pub span: Range<usize>,
    /// Where more than the span must be masked: all of what may belong to the secret.
    pub mask: Option<Range<usize>>,
    /// How many of its first bytes are a documented prefix, which may be shown.
    pub keep: usize,
    /// Another severity than the rule's.
    pub severity: Option<Severity>,
    /// Another confidence than the rule's.
    pub confidence: Option<Confidence>,
    /// Another class than the rule's.
    pub class: Option<SecretClass>,
    /// Why; nothing of the value.
    pub reasons: Vec<String>,
    /// When it stops working.
    pub expires: Option<Timestamp>,
    /// What is inside, when it could be opened.
    pub inside: Option<(Layer, zeroize::Zeroizing<String>)>,
}

impl Found {
    /// A plain match.
    pub(super) fn at(span: Range<usize>) -> Self {
        Self {
            span,
            mask: None,
            keep: 0,
            severity: None,
            confidence: None,
            class: None,
            reasons: Vec::new(),
            expires: None,
            inside: None,
        }
    }
}

/// A pattern that can be asked.
pub(super) struct Compiled {
    regex: Regex,
    shape: Option<Shape>,
}

/// How many more bytes the rules may look at in one item: each reads a text in time that grows with its length, so
/// this bounds the time of an item.
pub(super) struct Work {
    left: Cell<usize>,
    /// There was not enough of it: something was not looked at.
    pub spent: Cell<bool>,
    /// How often a rule looked, and at how many bytes; tests count it.
    pub looks: Cell<usize>,
    pub done: Cell<usize>,
}

/// What a look costs at least, in bytes.
const LOOK: usize = 64;

impl Work {
    /// An allowance of this many bytes of work.
    pub(super) fn new(bytes: usize) -> Self {
        Self {
            left: Cell::new(bytes),
            spent: Cell::new(false),
            looks: Cell::default(),
            done: Cell::default(),
        }
    }

    /// There is more to do, and more may be done.
    pub(super) fn grow(&self, bytes: usize) {
        self.left.set(self.left.get().saturating_add(bytes));
    }

    /// Takes this many bytes of it; false if less is left.
    fn look(&self, bytes: usize) -> bool {
        self.looks.set(self.looks.get() + 1);
        self.take(bytes + LOOK)
    }

    fn take(&self, bytes: usize) -> bool {
        self.done.set(self.done.get() + bytes);
        let left = self.left.get().checked_sub(bytes);
        self.left.set(left.unwrap_or(0));
        self.spent.set(self.spent.get() || left.is_none());
        !self.spent.get()
    }
}

/// A text that a rule is asked about.
pub(super) struct Sight<'a> {
    pub text: &'a str,
    pub signs: Signs,
    /// Where the rule's keywords are, ascending by their beginnings.
    pub keywords: &'a [Range<usize>],
    /// One is in a name above the text.
    pub named: bool,
    /// The present.
    pub now: Timestamp,
    /// How many more bytes may be inflated.
    pub budget: &'a Cell<usize>,
    pub work: &'a Work,
}

/// How a rule matches.
pub(super) enum Matcher {
    /// A linear-time regular expression, compiled when its keyword fires first.
    Pattern {
        /// Its source.
        source: String,
        /// The group that is the secret; where it took no part in the match, the next one that did.
        group: usize,
        /// Made when it is asked first; `None` if it does not compile, which a test rules out for embedded rules
        /// and the reader for a user's.
        compiled: OnceLock<Option<Compiled>>,
    },
    /// Code under `structures/`, and signs of which a text that it recognises something in has one.
    Structure(Recognise, Signs),
    /// Not looked for by keyword: raised by the walk itself (sensitive names, keys of session tables).
    Walk,
}

/// A rule of the catalogue.
pub(super) struct Rule {
    /// What a person reads.
    pub info: Arc<RuleInfo>,
    /// How it matches.
    pub matcher: Matcher,
    /// What a rule in the format of gitleaks asks of a match beyond its pattern.
    pub filter: Option<GitleaksFilter>,
    /// The keywords are context: in a name above the value, or shortly before it in the text.
    pub context: bool,
    /// Which of two overlapping rules wins: 4 what only a whole JSON text is, 3 a documented prefix or structure, 2 a
    /// context, 1 a guess.
    pub rank: u8,
    /// Confirms or doubts a match.
    pub confirm: Option<&'static Confirm>,
    /// For the test that runs every case: texts in which it must be seen; `name => value` gives the attribute a name.
    #[cfg(test)]
    pub hits: Vec<String>,
    /// Texts in which it must not be seen.
    #[cfg(test)]
    pub misses: Vec<String>,
}

impl Rule {
    /// The same, its id in a namespace.
    pub(super) fn within(mut self, space: &str) -> Self {
        let info = Arc::make_mut(&mut self.info);
        info.id = format!("{space}:{}", info.id).into();
        self
    }

    /// Every match in a text.
    pub(super) fn matches(&self, sight: &Sight<'_>) -> Vec<Found> {
        match &self.matcher {
            Matcher::Walk => Vec::new(),
            Matcher::Structure(recognise, needs) => {
                let mut found: Vec<Found> = Vec::new();
                if !sight.signs.has(*needs) {
                    return found;
                }
                if !sight.work.look(sight.text.len()) {
                    return found;
                }
                let vain = &Cell::default();
                for keyword in sight.keywords {
                    if found.last().is_some_and(|f| keyword.start < f.span.end) {
                        continue;
                    }
                    let Sight { text, now, budget, .. } = *sight;
                    let Range { start: at, end } = *keyword;
                    found.extend(recognise(&StructureStart { text, at, end, now, budget, vain }));
                }
                found
            }
            Matcher::Pattern { source, group, compiled } => {
                let compile = || {
                    let shape = Shape::of(source, &self.info.keywords);
                    Regex::new(source).ok().map(|regex| Compiled { regex, shape })
                };
                let Some(compiled) = compiled.get_or_init(compile) else { return Vec::new() };
                let mut found = Vec::new();
                self.places(compiled, sight, |from, to, begins| {
                    let mut from = from;
                    let Some(window) = sight.text.get(..to).filter(|_| sight.work.look(to - from)) else {
                        return;
                    };
                    while let Some((whole, secret)) = next(&compiled.regex, *group, window, from) {
                        if begins.is_some_and(|at| whole.start > at) {
                            return;
                        }
                        // What separates two secrets stands after the one and before the other.
                        from = secret.end.max(whole.start + 1);
                        found.extend(self.found(sight, whole, secret));
                        if begins.is_some() || !window.is_char_boundary(from) {
                            return;
                        }
                    }
                });
                self.begun(sight, &mut found);
                found
            }
        }
    }

    /// Where a documented beginning stands before a random value that is otherwise not as the pattern says: providers
    /// change lengths and add parts without notice.
    fn begun(&self, sight: &Sight<'_>, found: &mut Vec<Found>) {
        if !self.info.owns_prefix {
            return;
        }
        let text = sight.text;
        for at in sight.keywords.iter().map(|keyword| keyword.start) {
            let rest = text.get(at..).unwrap_or_default();
            let is = |prefix: &&String| distinctive(prefix) && rest.starts_with(prefix.as_str());
            let Some(prefix) = self.info.prefixes.iter().filter(is).map(String::len).max() else { continue };
            let body = rest.as_bytes()[prefix..].iter().take(LONGEST_BODY);
            let body = body.take_while(|b| b.is_ascii_alphanumeric() || b"-_".contains(b)).count();
            let span = at..at + prefix + body;
            let before = at.checked_sub(1).map(|n| text.as_bytes()[n]);
            let alone = before.is_none_or(|b| !b.is_ascii_alphanumeric() && !b"-_.".contains(&b))
                || after_escape(text, at);
            let taken = found.iter().any(|f| f.span.start < span.end && span.start < f.span.end);
            if alone && !taken && names::is_issued(&rest[prefix..prefix + body]) && stands_alone(text, &span)
            {
                found.push(Found {
                    keep: prefix,
                    confidence: Some(Confidence::Medium),
                    reasons: vec!["its documented beginning, and a random value of another form".into()],
                    ..Found::at(span)
                });
            }
        }
    }

    /// Where the pattern is to be asked: from where, up to where, and, where that is known, where a match begins.
    fn places(
        &self,
        compiled: &Compiled,
        sight: &Sight<'_>,
        mut ask: impl FnMut(usize, usize, Option<usize>),
    ) {
        let text = sight.text;
        let Some(shape) = compiled.shape.as_ref() else { return ask(0, text.len(), None) };
        if text.len() < shape.shortest {
            return;
        }
        let anchored = !self.context && !shape.offsets.is_empty();
        let Some(longest) = shape.longest else {
            let begins = |keyword: &Range<usize>| {
                let at = |offset: &usize| keyword.start.checked_sub(*offset);
                shape.offsets.iter().filter_map(at).any(|at| shape.fits(&text.as_bytes()[at..]))
            };
            if !anchored || sight.keywords.iter().any(begins) {
                ask(0, text.len(), None);
            }
            return;
        };
        // One character more than a match shows what follows it.
        let end = |begin: usize| text.floor_char_boundary(begin.saturating_add(longest + 4));
        let before = |at: usize| text.floor_char_boundary(at.saturating_sub(1));
        if anchored {
            let (mut asked, mut last) = (0, None);
            for keyword in sight.keywords {
                for at in shape.offsets.iter().filter_map(|offset| keyword.start.checked_sub(*offset)) {
                    if last == Some(at) || !sight.work.take(1) || !shape.fits(&text.as_bytes()[at..]) {
                        continue;
                    }
                    last = Some(at);
                    asked += end(at) - at;
                    if asked > text.len() {
                        // One look at everything is less.
                        return ask(0, text.len(), None);
                    }
                    ask(if shape.before { before(at) } else { at }, end(at), Some(at));
                }
            }
        } else if self.context && !sight.named {
            // Keywords close to each other share a look.
            let near = |a: &Range<usize>, b: &Range<usize>| before(b.end) <= end(a.end + REACH);
            for group in sight.keywords.chunk_by(near) {
                let (Some(first), Some(last)) = (group.first(), group.last()) else { continue };
                let (from, to) = (before(first.end), end(last.end.max(first.end) + REACH));
                if to - from >= shape.shortest {
                    ask(from, to, None);
                }
            }
        } else {
            ask(0, text.len(), None);
        }
    }

    /// A secret in a match of the pattern, if it stands as the rule asks.
    fn found(&self, sight: &Sight<'_>, whole: Range<usize>, span: Range<usize>) -> Option<Found> {
        let Matcher::Pattern { group, .. } = self.matcher else { return None };
        let text = sight.text;
        let kept = self.filter.as_ref().is_none_or(|f| f.keeps(text, &span, &whole))
            // A pattern with a group says itself what may stand around it.
            && (group > 0 || stands_alone(text, &span))
            && (!self.context || sight.named || follows(text, sight.keywords, span.start));
        let secret = text.get(span.clone()).filter(|_| kept)?;
        let prefixes = self.info.prefixes.iter().filter(|p| secret.starts_with(p.as_str()));
        let keep = prefixes.map(String::len).max().unwrap_or(0);
        Some(Found { keep, ..Found::at(span) })
    }
}

/// How much of what follows a documented beginning is looked at.
const LONGEST_BODY: usize = 600;

/// Whether a beginning tells by itself whose secret it is: four characters or more, and a sign after a word.
fn distinctive(prefix: &str) -> bool {
    prefix.len() >= 4
        && prefix.ends_with(['-', '_', '.'])
        && prefix.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
}

/// The next match of a pattern, and the secret in it.
fn next(regex: &Regex, group: usize, text: &str, from: usize) -> Option<(Range<usize>, Range<usize>)> {
    let whole = regex.find_at(text, from)?.range();
    if group == 0 {
        return Some((whole.clone(), whole));
    }
    // Groups take memory, which a text without a match does not need.
    let groups = regex.captures_at(text, whole.start)?;
    let secret = (group..groups.len()).find_map(|n| groups.get(n))?;
    Some((whole, secret.range()))
}

/// How far before a value its keyword may end, in bytes.
const REACH: usize = 200;
/// How many letters and digits may stand between a keyword and its value: the rest of a name (`_API_SECRET_KEY`),
/// not the rest of a sentence. Spaces, quotes and signs of an assignment do not count.
const BETWEEN: usize = 24;

/// Whether a keyword ends shortly before `start`. `keywords` ascend.
fn follows(text: &str, keywords: &[Range<usize>], start: usize) -> bool {
    let before = keywords.partition_point(|k| k.end <= start);
    let Some(nearest) = before.checked_sub(1).and_then(|n| keywords.get(n)) else { return false };
    let between = text.as_bytes().get(nearest.end..start).unwrap_or_default();
    between.len() <= REACH
        && between.iter().filter(|b| b.is_ascii_alphanumeric()).count() <= BETWEEN
        && text.get(nearest.start..start).is_none_or(|before| names::leads(before, nearest.len()))
}

/// Whether an escape sequence of a terminal (ECMA-48: CSI, parameters, a letter), raw or spelled out, ends at
/// `at`: its last letter is no part of what follows. Logs of coloured output hold them.
pub(super) fn after_escape(text: &str, at: usize) -> bool {
    let Some((_, head)) = text.as_bytes().get(..at).and_then(|b| b.split_last()) else { return false };
    let last = text.as_bytes()[at - 1];
    // Enough parameters for two colours of 24 bits.
    let parameters = head.iter().rev().take(40).take_while(|b| b.is_ascii_digit() || b";:?".contains(b));
    let head = &head[..head.len() - parameters.count()];
    let begins = [b"\x1b[".as_slice(), b"\\u001b[", b"\\u001B[", b"\\x1b[", b"\\x1B[", b"\\033[", b"\\e["];
    last.is_ascii_alphabetic()
        && (begins.iter().any(|b| head.ends_with(b)) || head.ends_with("\u{9b}".as_bytes()))
}

/// Whether a match is a whole token: no letter or digit goes on before or after it. A letter after a backslash
/// is an escape (`\n`), not part of the token.
fn stands_alone(text: &str, span: &Range<usize>) -> bool {
    let bytes = text.as_bytes();
    let before = match span.start {
        0 => true,
        1 => !bytes[0].is_ascii_alphanumeric(),
        n => {
            !bytes[n - 1].is_ascii_alphanumeric()
                || (bytes[n - 2] == b'\\' && matches!(bytes[n - 1], b'n' | b'r' | b't'))
        }
    };
    (before || after_escape(text, span.start))
        && bytes.get(span.end).is_none_or(|b| !b.is_ascii_alphanumeric())
}
