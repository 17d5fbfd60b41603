//! What was seen in items, what was judged of tables, and the findings made of both.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::domain::{
    Acceptance, AttributePath, Confidence, Evidence, FactKind, Gap, MASK, Message, Safe, Scope, SecretClass,
    Severity, TableRef,
};

/// One value of one item that looks like a secret. Holds nothing of the value but its masked form.
#[derive(Debug, Clone, PartialEq)]
pub struct Sighting {
    /// Where; list positions are exact.
    pub path: AttributePath,
    /// Which bytes of the text at `path` are the secret.
    pub span: Range<usize>,
    /// Which bytes are masked: at least `span`, and more where less specific matches reach beyond it.
    pub mask: Range<usize>,
    /// The rule's id, for instance `stripe-secret-key`.
    pub rule: Arc<str>,
    /// The rule's title, for instance `Stripe secret key`.
    pub title: Arc<str>,
    /// How much harm it can do.
    pub severity: Severity,
    /// How sure the detector is.
    pub confidence: Confidence,
    /// Why it is sure, a few words each; never anything of the value.
    pub reasons: Vec<String>,
    /// The documented prefix and at most the last four characters; nothing of a short secret.
    pub masked: Safe,
    /// Keyed hash of the value: the same secret in two places has the same fingerprint.
    pub fingerprint: String,
    /// The name of the map member is the secret, not its value; `path` then ends in `Step::HiddenName`.
    pub in_name: bool,
    /// What kind of thing it is.
    pub class: SecretClass,
    /// It is a part of the text at `path`, a token in a note for instance: taking the text away takes more.
    pub part: bool,
    /// When it stops working, where the value says.
    pub expires: Option<Timestamp>,
    /// Which item it is in: its key, masked where that is itself a secret; `None` where the key is not known.
    pub item: Option<ItemKey>,
}

/// The key of an item as a person reads it, masked where it is itself a secret. A key may be the e-mail address of a
/// person: no Display, so that whoever shows it says whether every value is masked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ItemKey(Safe);

impl ItemKey {
    /// From its parts, the partition key first.
    pub fn new(parts: &[Safe]) -> Self {
        let parts: Vec<&str> = parts.iter().map(Safe::as_str).collect();
        Self(Safe::neutral(&parts.join(" / ")))
    }

    /// The key, or only that there is one.
    pub fn shown(&self, mask_all: bool) -> Safe {
        if mask_all { Safe::neutral(MASK) } else { self.0.clone() }
    }
}

impl Sighting {
    /// Whether it is reported by default; everything is masked from low confidence on.
    pub fn is_reported(&self) -> bool {
        self.confidence >= Confidence::Medium
    }
}

/// An attribute of a table in which one rule saw secrets: what posture checks know of the items.
#[derive(Debug, Clone, PartialEq)]
pub struct Flagged {
    /// Where, for any item: list positions are `[*]`.
    pub path: AttributePath,
    /// The rule's id.
    pub rule: Arc<str>,
    /// The rule's title.
    pub title: Arc<str>,
    /// The worst severity seen.
    pub severity: Severity,
    /// The best confidence seen.
    pub confidence: Confidence,
    /// What kind of thing they are.
    pub class: SecretClass,
    /// In one item at least it is a part of the text there.
    pub part: bool,
    /// How many sightings.
    pub count: u64,
    /// How many different values, as far as they were counted; 0 where nobody counted.
    pub distinct: u64,
    /// A masked example.
    pub masked: Safe,
    /// The fingerprint of the example.
    pub fingerprint: String,
    /// The reasons of the example.
    pub reasons: Vec<String>,
    /// The keys of a few items that hold one, masked where they are themselves secrets.
    pub items: BTreeSet<ItemKey>,
}

impl Flagged {
    /// One that nobody saw: to ask how bad something would be if there were secrets.
    pub fn supposed() -> Self {
        Self {
            path: AttributePath::new(Vec::new()),
            rule: "supposed".into(),
            title: "Supposed".into(),
            severity: Severity::High,
            confidence: Confidence::Confirmed,
            class: SecretClass::Unclassified,
            part: false,
            count: 1,
            distinct: 0,
            masked: Safe::neutral(""),
            fingerprint: String::new(),
            reasons: Vec::new(),
            items: BTreeSet::new(),
        }
    }
}

/// What a posture check says of one table.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// As it should be, and why.
    Pass(Safe),
    /// Not as it should be.
    Fail(Failed),
    /// It could not be seen: what is missing, and why.
    Unknown(Vec<Missing>),
    /// The question does not arise, and why.
    NotApplicable(Safe),
}

/// Something a verdict would have needed.
#[derive(Debug, Clone, PartialEq)]
pub enum Missing {
    /// A fact about the table, and why it is not known.
    Fact(FactKind, Gap),
    /// No item of the table was read.
    Items,
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fact(kind, gap) => write!(f, "{}: {gap}", kind.word()),
            Self::Items => f.write_str("items: none was read"),
        }
    }
}

/// Why a check failed.
#[derive(Debug, Clone, PartialEq)]
pub struct Failed {
    /// How bad it is on this table; may differ from the check's usual severity.
    pub severity: Severity,
    /// What was found out, the decisive first; never none.
    pub evidence: Vec<Evidence>,
}

impl Failed {
    /// What was found out, in a few sentences.
    pub fn text(&self) -> Safe {
        let sentences: Vec<Safe> = self.evidence.iter().map(Evidence::sentence).collect();
        Safe::neutral(&sentences.iter().map(Safe::as_str).collect::<Vec<_>>().join(" "))
    }
}

/// Where a finding comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum Origin {
    /// Items of the table.
    Secret(Flagged),
    /// A posture check, by its id.
    Posture(&'static str),
}

/// What a finding is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum FindingSubject {
    /// An account in one Region: whatever is wrong there affects several tables.
    Region(Arc<Scope>),
    /// One table.
    Table(TableRef),
}

impl FindingSubject {
    /// A word for what kind of thing it is.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Region(_) => "region",
            Self::Table(_) => "table",
        }
    }

    /// Its name: that of the Region or of the table.
    pub fn name(&self) -> &str {
        match self {
            Self::Region(scope) => &scope.region,
            Self::Table(table) => &table.name,
        }
    }

    /// Its ARN; of a Region, that of all its tables.
    pub fn arn(&self) -> String {
        self.arn_in(&self.scope().account)
    }

    /// The account and Region that it is in.
    pub fn scope(&self) -> &Arc<Scope> {
        match self {
            Self::Region(scope) => scope,
            Self::Table(table) => &table.scope,
        }
    }

    fn arn_in(&self, account: &str) -> String {
        let Scope { partition, region, .. } = &**self.scope();
        let table = if let Self::Table(table) = self { &table.name } else { "*" };
        format!("arn:{partition}:dynamodb:{region}:{account}:table/{table}")
    }
}

/// Stands for an account that is not known, in the id of a finding. No account is called so.
const UNKNOWN_ACCOUNT: &str = "unknown-account";

/// Names a finding for ever: the subject's ARN, the rule or check, the path. Never derived from a value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FindingId(String);

impl FindingId {
    /// From its three parts; a check has no path. Where the account is not known, a word stands for it.
    pub fn new(subject: &FindingSubject, rule: &str, path: Option<&AttributePath>) -> Self {
        let arn = match subject.scope().account.as_str() {
            "" => subject.arn_in(UNKNOWN_ACCOUNT),
            _ => subject.arn(),
        };
        Self(match path {
            Some(path) => format!("{arn}#{rule}#{path}"),
            None => format!("{arn}#{rule}"),
        })
    }

    /// The whole of it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The ARN of its subject, with a word for an account that is not known.
    pub fn subject(&self) -> &str {
        self.0.split_once('#').map_or(&self.0, |(arn, _)| arn)
    }

    /// Whether it names no account yet: it will be another one once the account is known.
    pub fn is_provisional(&self) -> bool {
        self.subject().split(':').nth(4) == Some(UNKNOWN_ACCOUNT)
    }

    /// The same with the account, where it names none yet.
    #[must_use]
    pub fn in_account(self, account: &str) -> Self {
        if self.is_provisional() { Self(self.0.replacen(UNKNOWN_ACCOUNT, account, 1)) } else { self }
    }
}

impl FindingId {
    /// Short enough to be typed.
    pub fn short(&self) -> String {
        let digest = Sha256::digest(self.0.as_bytes());
        digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect()
    }
}

impl fmt::Display for FindingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Which items hold a secret, by their keys.
pub static IN_ITEMS: Message = Message::new(
    "in-items",
    "In the {items?item|items} with the {items?key|keys} {items}{more?, and in more|}",
);

/// Something a person should act on.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// Its name.
    pub id: FindingId,
    /// What it is about.
    pub subject: FindingSubject,
    /// The table whose settings or items show it: the subject, or the first of those it affects.
    pub table: TableRef,
    /// Further tables that it affects, by name.
    pub also: Vec<TableRef>,
    /// Where it comes from.
    pub origin: Origin,
    /// How bad, with everything known of the table taken into account.
    pub severity: Severity,
    /// How sure; a judged fact is confirmed.
    pub confidence: Confidence,
    /// One line.
    pub title: String,
    /// Why it matters, a sentence or two.
    pub why: String,
    /// What was seen, masked; without the items it was seen in, for which see [`Finding::told`].
    pub evidence: Vec<Evidence>,
    /// The remedy topic that fixes it (a folder under `assets/remedies/`).
    pub topic: Option<&'static str>,
    /// How bad at most, if what is not known turns out badly; the severity where nothing could make it worse.
    pub worst: Severity,
    /// What is not known of how bad it is.
    pub unknown: Vec<Missing>,
    /// Why it does not count, where a person said so.
    pub accepted: Option<Arc<Acceptance>>,
}

impl Finding {
    /// Whether it may be worse than its severity, by what is not known.
    pub fn is_at_least(&self) -> bool {
        self.worst > self.severity
    }

    /// `high`, or `at least high`.
    pub fn how_bad(&self) -> String {
        let least = if self.is_at_least() { "at least " } else { "" };
        format!("{least}{}", self.severity)
    }

    /// Every table that it affects; never none.
    pub fn tables(&self) -> impl Iterator<Item = &TableRef> {
        std::iter::once(&self.table).chain(&self.also)
    }

    /// Whether it affects a table.
    pub fn affects(&self, table: &TableRef) -> bool {
        self.tables().any(|t| t == table)
    }

    /// Where it is, in a few words: the table's name, or the Region's and how many tables it affects there.
    pub fn place(&self) -> String {
        match (&self.subject, 1 + self.also.len()) {
            (FindingSubject::Table(table), _) => table.name.clone(),
            (FindingSubject::Region(scope), 1) => format!("{} ({})", scope.region, self.table.name),
            (FindingSubject::Region(scope), n) => format!("{} ({n} tables)", scope.region),
        }
    }

    /// The rule's or check's id.
    pub fn rule(&self) -> &str {
        match &self.origin {
            Origin::Secret(flagged) => &flagged.rule,
            Origin::Posture(check) => check,
        }
    }

    /// What was seen and in which items, to be shown. `mask_all` masks the keys of these.
    pub fn told(&self, mask_all: bool) -> Vec<Evidence> {
        let mut told = self.evidence.clone();
        if let Origin::Secret(Flagged { items, count, .. }) = &self.origin
            && !items.is_empty()
        {
            let named: Vec<String> = items.iter().map(|key| key.shown(mask_all).to_string()).collect();
            let more = count.saturating_sub(items.len() as u64);
            // After what was seen and how often.
            told.insert(told.len().min(2), IN_ITEMS.with("items", named).with("more", more > 0));
        }
        told
    }

    /// All that its evidence is made of, outermost first.
    pub fn said(&self) -> impl Iterator<Item = &Evidence> {
        self.evidence.iter().flat_map(Evidence::all)
    }

    /// A text that its evidence carries under this name, wherever in it: the first.
    pub fn named(&self, field: &str) -> Option<&str> {
        self.said().find_map(|evidence| evidence.text(field))
    }

    /// The numbers, from 1, of the statements that are wrong in the policy it is about; `None` where it has more than
    /// evidence keeps, so that those named are not all.
    pub fn statements(&self) -> Option<BTreeSet<u64>> {
        let cited = self.said().filter(|evidence| evidence.kind() == "policy-statement");
        self.evidence
            .iter()
            .all(Evidence::is_whole)
            .then(|| cited.filter_map(|evidence| evidence.number("number")).collect())
    }

    /// Its id, short enough to be typed: 8 hex digits, the same on every run and every machine. Of the id alone, and so
    /// never of a value.
    pub fn short_id(&self) -> String {
        self.id.short()
    }

    /// The attribute it is about, if it is about one.
    pub fn path(&self) -> Option<&AttributePath> {
        match &self.origin {
            Origin::Secret(flagged) => Some(&flagged.path),
            Origin::Posture(_) => None,
        }
    }
}
