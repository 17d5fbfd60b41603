//! What a rule is: what a person reads of it, and how it matches.

use std::cell::Cell;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use regex::Regex;

use crate::detect::confirm::Confirm;
use crate::detect::gitleaks::Filter;
use crate::domain::{Confidence, Layer, Severity};

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
    /// A session or a token of one person.
    pub session: bool,
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
pub(super) type Recognise = fn(&Place<'_>) -> Option<Found>;

/// Where a structure may begin.
pub(super) struct Place<'a> {
    /// The whole text.
    pub text: &'a str,
    /// Where a keyword of the rule begins.
    pub at: usize,
    /// The present.
    pub now: Timestamp,
    /// How many more bytes may be inflated; what is taken of it is taken off.
    pub budget: &'a Cell<usize>,
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
            reasons: Vec::new(),
            expires: None,
            inside: None,
        }
    }
}

/// How a rule matches.
pub(super) enum Matcher {
    /// A linear-time regular expression, compiled when its keyword fires first.
    Pattern {
        /// Its source.
        source: String,
        /// The group that is the secret; where it took no part in the match, the next one that did.
        group: usize,
        /// Compiled; `None` if it does not compile, which a test rules out for embedded rules and the reader
        /// for a user's.
        compiled: OnceLock<Option<Regex>>,
    },
    /// Code under `structures/`.
    Structure(Recognise),
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
    pub filter: Option<Filter>,
    /// The keywords are context: in a name above the value, or shortly before it in the text.
    pub context: bool,
    /// Which of two overlapping rules wins: 3 a documented prefix or structure, 2 a context, 1 a guess.
    pub rank: u8,
    /// Confirms or doubts a match.
    pub confirm: Option<&'static Confirm>,
    /// Texts in which it must be seen; `name => value` gives the attribute a name.
    #[cfg_attr(not(test), allow(dead_code, reason = "read by the test that runs every case"))]
    pub hits: Vec<String>,
    /// Texts in which it must not be seen.
    #[cfg_attr(not(test), allow(dead_code, reason = "read by the test that runs every case"))]
    pub misses: Vec<String>,
}

impl Rule {
    /// Every match in a text. `keyword_ends` are where its keywords end, ascending; `named` says that one is in a
    /// name above.
    pub(super) fn matches(
        &self,
        text: &str,
        keywords: &[Range<usize>],
        named: bool,
        now: Timestamp,
        budget: &Cell<usize>,
    ) -> Vec<Found> {
        match &self.matcher {
            Matcher::Walk => Vec::new(),
            Matcher::Structure(recognise) => {
                let mut found: Vec<Found> = Vec::new();
                for keyword in keywords {
                    if found.last().is_some_and(|f| keyword.start < f.span.end) {
                        continue;
                    }
                    found.extend(recognise(&Place { text, at: keyword.start, now, budget }));
                }
                found
            }
            Matcher::Pattern { source, group, compiled } => {
                let Some(regex) = compiled.get_or_init(|| Regex::new(source).ok()) else {
                    return Vec::new();
                };
                let mut found = Vec::new();
                // Given a secret, and the match it is in.
                let mut keep = |span: Range<usize>, whole: Range<usize>| {
                    let kept = self.filter.as_ref().is_none_or(|f| f.keeps(text, &span, &whole))
                        // A pattern with a group says itself what may stand around it.
                        && (*group > 0 || stands_alone(text, &span))
                        && (!self.context || named || follows(text, keywords, span.start));
                    if let Some(secret) = text.get(span.clone()).filter(|_| kept) {
                        let prefixes = self.info.prefixes.iter().filter(|p| secret.starts_with(p.as_str()));
                        let keep = prefixes.map(String::len).max().unwrap_or(0);
                        found.push(Found { keep, ..Found::at(span) });
                    }
                };
                if *group == 0 {
                    regex.find_iter(text).for_each(|m| keep(m.range(), m.range()));
                } else if regex.is_match(text) {
                    // Groups take memory, which a text without a match does not need.
                    for groups in regex.captures_iter(text) {
                        if let Some(secret) = (*group..groups.len()).find_map(|n| groups.get(n)) {
                            keep(secret.range(), groups.get_match().range());
                        }
                    }
                }
                found
            }
        }
    }
}

/// How far before a value its keyword may end, in bytes.
const REACH: usize = 200;
/// How many letters and digits may stand between a keyword and its value: the rest of a name (`_API_SECRET_KEY`),
/// not the rest of a sentence. Spaces, quotes and signs of an assignment do not count.
const BETWEEN: usize = 24;

/// Whether a keyword ends shortly before `start`.
fn follows(text: &str, keywords: &[Range<usize>], start: usize) -> bool {
    let before = keywords.partition_point(|k| k.end <= start);
    let Some(nearest) = before.checked_sub(1).and_then(|n| keywords.get(n)) else { return false };
    let between = text.as_bytes().get(nearest.end..start).unwrap_or_default();
    between.len() <= REACH && between.iter().filter(|b| b.is_ascii_alphanumeric()).count() <= BETWEEN
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
