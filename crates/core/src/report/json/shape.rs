//! What the JSON documents are made of. The comments here are what docs/json.md and the JSON Schema say.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

/// The report of `dynaudit scan --format json`.
#[derive(Serialize, JsonSchema)]
pub struct Scan {
    /// The shape: `dynaudit.scan/2`.
    pub schema: String,
    /// The version of the program.
    pub version: String,
    /// When the run began: RFC 3339, UTC.
    pub started: String,
    /// When it ended.
    pub finished: String,
    /// The accounts and Regions that were read.
    pub places: Vec<Place>,
    /// What is wrong, the worst first.
    pub findings: Vec<Finding>,
    /// How many findings are not listed for their severity (`--min-severity`).
    pub not_listed: usize,
    /// The same by their causes, the worst first: what there is to act on. Each finding is in one group.
    pub groups: Vec<Group>,
    /// By what `groups` are put together: `cause`, `table` or `secret` (`--group-by`).
    pub grouped_by: String,
    /// The grade of all tables together.
    pub grade: Grade,
    /// The grade of each table, the worst first.
    pub grades: Vec<TableGrade>,
    /// How the run stands to an earlier audit; null without `--baseline`.
    pub baseline: Option<Baseline>,
    /// How many findings there are of each severity, listed or not.
    pub by_severity: BySeverity,
    /// Who can read each table, as far as that is known; `dynaudit access` tells how, and what stops the others.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub readers: Vec<TableReaders>,
    /// What was and was not seen.
    pub coverage: Coverage,
}

/// Findings of one cause.
#[derive(Serialize, JsonSchema)]
pub struct Group {
    /// `secret` (in an attribute, with its copies and what comes of them), `statement` (of a policy) or `setting`.
    pub cause: String,
    /// That of the worst finding in it.
    pub severity: String,
    /// How bad at most, where something that is not known could make it worse; null where nothing could.
    pub could_be: Option<String>,
    /// What it is, one line.
    pub title: String,
    /// Where, in a few words.
    pub place: String,
    /// The tables that it affects; never none.
    pub tables: Vec<Table>,
    /// The findings, by their `short`, the worst first; never none. Those that are not listed are among them.
    pub findings: Vec<String>,
}

/// How good it is, by the worst that was seen.
#[derive(Serialize, JsonSchema)]
pub struct Grade {
    /// `A` (nothing but what informs), `B` (low), `C` (medium), `D` (high, outside production), `E` (high) or `F`
    /// (critical); null where nothing was seen.
    pub grade: Option<String>,
    /// The grade if what is not known of the findings turns out badly.
    pub at_worst: String,
    /// Whether something that was not seen could lower it.
    pub open: bool,
    /// Why it is so.
    pub why: String,
    /// What would raise it; null where nothing would.
    pub raise: Option<Raise>,
    /// Settings that were seen.
    pub settings_seen: usize,
    /// Settings there are to see.
    pub settings: usize,
}

/// What would raise a grade.
#[derive(Serialize, JsonSchema)]
pub struct Raise {
    /// To this one.
    pub to: String,
    /// If so many causes are removed.
    pub causes: usize,
    /// One of them.
    pub first: String,
}

/// The grade of a table.
#[derive(Serialize, JsonSchema)]
pub struct TableGrade {
    /// The table.
    pub table: Table,
    /// `production`, `staging`, `test` or `development`, by its tags or its name; null where neither tells.
    pub environment: Option<String>,
    #[serde(flatten)]
    pub grade: Grade,
}

/// How the run stands to an earlier audit.
#[derive(Serialize, JsonSchema)]
pub struct Baseline {
    /// When the earlier audit was made.
    pub since: String,
    /// Whether it did all that was planned and was read to its end; if not, what it did not see counts as new.
    pub complete: bool,
    /// Findings that were not there, or with a credential that was not.
    pub new: usize,
    /// Findings of a higher severity, of more tables or statements, or that let somebody else in.
    pub worse: usize,
    /// Findings of a lower severity that could not be as bad as they were.
    pub better: usize,
    /// Findings as they were.
    pub known: usize,
    /// Tables that the earlier audit did not look at: all that is found there is new.
    pub new_tables: usize,
    /// What is not there any more.
    pub lost: Vec<Lost>,
}

/// A finding of the earlier audit that is not there any more.
#[derive(Serialize, JsonSchema)]
pub struct Lost {
    /// Its name.
    pub id: String,
    /// The same, to be typed.
    pub short: String,
    /// How bad it was.
    pub severity: String,
    /// What was wrong.
    pub title: String,
    /// Where it was has been looked at, and it is not there.
    pub gone: bool,
    /// Why it is not known to be gone; null where it is.
    pub why: Option<String>,
}

/// Who can read a table.
#[derive(Serialize, JsonSchema)]
pub struct TableReaders {
    /// The table.
    pub table: Table,
    /// Roles of the account that can read it, certainly or on conditions.
    pub roles: u64,
    /// Users of the account.
    pub users: u64,
    /// Accounts, principals and services from outside.
    pub outside: u64,
    /// Whether everyone is let in.
    pub anyone: bool,
    /// Who reads it only if something allows it that was not read.
    pub perhaps: u64,
    /// Users and roles that could become a reader; null where that was not looked for: of tables without a secret.
    pub could: Option<u64>,
    /// Whether the users and roles of the account were read.
    pub iam_read: bool,
    /// What was not read, and could hide somebody.
    pub unread: Vec<String>,
}

/// An account in a Region.
#[derive(Serialize, JsonSchema)]
pub struct Place {
    /// What the run calls it, for instance a profile; null where it has no name.
    pub name: Option<String>,
    /// `aws`, `aws-cn`, `aws-us-gov` ...
    pub partition: String,
    /// Twelve digits; null if not known.
    pub account: Option<String>,
    /// For instance `eu-west-1`.
    pub region: String,
    /// An endpoint that was set by hand; null for AWS itself.
    pub endpoint: Option<String>,
    /// Whose credentials were used; null if not known.
    pub identity: Option<Identity>,
    /// Why that is not known; null if it is.
    pub identity_gap: Option<Gap>,
    /// Why nothing of it was read; null if it was.
    pub failed: Option<Gap>,
}

/// Whose credentials were used.
#[derive(Serialize, JsonSchema)]
pub struct Identity {
    /// Twelve digits.
    pub account: String,
    /// The ARN of the user, the role session or the root user.
    pub arn: String,
}

/// Something a person should act on.
#[derive(Serialize, JsonSchema)]
pub struct Finding {
    /// Its name for ever: the subject's ARN, the rule, the path. Never derived from a value.
    pub id: String,
    /// The first 8 hex digits of the SHA-256 of `id`, to be typed.
    pub short: String,
    /// The account is not known, and `unknown-account` stands for it in `id`: the id changes once it is known.
    pub provisional: bool,
    /// What it is about.
    pub subject: Subject,
    /// The tables that it affects; never none.
    pub tables: Vec<Table>,
    /// Twelve digits; null if not known.
    pub account: Option<String>,
    /// For instance `eu-west-1`.
    pub region: String,
    /// `secret` (in items) or `posture` (settings, or a join of tables).
    pub kind: String,
    /// The id of the detection rule or the check.
    pub rule: String,
    /// `info`, `low`, `medium`, `high`, `critical`, with everything known of the table taken into account.
    pub severity: String,
    /// How bad at most, where something that is not known could make it worse; null where nothing could.
    pub could_be: Option<String>,
    /// `new`, `worse`, `better` or `known` since an earlier audit; null without `--baseline`.
    pub since: Option<String>,
    /// Why it does not count, where a person accepted it; it is then of severity `info`, and in no group.
    pub accepted: Option<Accepted>,
    /// What is not known of how bad it is. Why, and what would settle it, is said once, in `coverage.tables[].gaps`.
    pub unknown: Vec<Unknown>,
    /// `low`, `medium`, `high`, `confirmed`.
    pub confidence: String,
    /// What is wrong, one line.
    pub title: String,
    /// Why it matters.
    pub why: String,
    /// What was found out.
    pub evidence: Vec<Evidence>,
    /// The topic of its fix; null where there is none.
    pub topic: Option<String>,
    /// What OWASP API Security Top 10 (2023), AWS Foundational Security Best Practices and CWE call it; none for a
    /// secret.
    pub references: Vec<String>,
    /// With `--with-fixes`: its fixes, each in every language for which enough is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Vec<Fix>")]
    pub fixes: Option<Vec<Fix>>,
    #[serde(flatten)]
    pub secret: Option<Secret>,
}

/// Why a finding does not count, as an allow-list says.
#[derive(Serialize, JsonSchema)]
pub struct Accepted {
    /// Why it is all right.
    pub reason: String,
    /// It is said to be no finding at all.
    pub false_alarm: bool,
    /// Who said so; null where the file does not say.
    pub by: Option<String>,
    /// The day on which it was said; null where the file does not say.
    pub on: Option<String>,
    /// The last day on which it holds; null where it holds for good.
    pub until: Option<String>,
    /// The file that says it.
    pub file: String,
}

/// What a finding has besides, if its kind is `secret`.
#[derive(Serialize, JsonSchema)]
pub struct Secret {
    /// Of a secret: the attribute, with `[*]` for any member of a list.
    pub path: String,
    /// Of a secret: the masked form of an example.
    pub masked: String,
    /// Of a secret: the keyed fingerprint of the example. The same value has the same one everywhere in a report.
    pub fingerprint: String,
    /// Of a secret: how many were seen there.
    pub sightings: u64,
    /// Of a secret: the keys of a few items that hold one, masked where they are themselves secrets.
    pub items: Vec<String>,
    /// Of a secret: whether it is a session or token of one person.
    pub session: bool,
    /// Of a secret: what kind of thing it is, which decides what fixes it: `api-key`, `session`, `password-hash`,
    /// `second-factor` ...
    pub class: String,
    /// Of a secret: why secrets of its rule matter; null for a rule that is not built in.
    pub rule_why: Option<String>,
    /// Of a secret: the issuer's page on revoking or rotating it; null where none is known.
    pub rotate: Option<String>,
}

/// What a finding is about.
#[derive(Serialize, JsonSchema)]
pub struct Subject {
    /// `table`, or `region` for what is wrong with a Region and affects several tables.
    pub kind: String,
    /// The name of the table or the Region.
    pub name: String,
    /// Its ARN; of a Region that of all its tables.
    pub arn: String,
}

/// A table.
#[derive(Serialize, JsonSchema)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its ARN; null while the account is not known.
    pub arn: Option<String>,
}

/// A setting that is not known.
#[derive(Serialize, JsonSchema)]
pub struct Unknown {
    /// Which, or `items` where none was read.
    pub fact: String,
    /// The kind of its gap.
    pub kind: String,
    /// If denied: the IAM action that would settle it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub permission: Option<String>,
}

/// Something that was found out.
#[derive(Serialize, JsonSchema)]
pub struct Evidence {
    /// What it is, for instance `dax-clusters-without-tls`: see the kinds of evidence below.
    pub kind: String,
    /// The sentence that screens and the text report show. It may change; `kind` and `fields` do not.
    pub message: String,
    /// The values it is made of, by name: null, true or false, a number, a text, a time, a day, a list of texts, or a list of
    /// parts with a `kind` and `fields` of their own. A list holds 100 entries at most; `NAME_left_off` then says how many more there are.
    pub fields: Map<String, Value>,
}

/// A fix of a finding, to be copied and run by a person.
#[derive(Serialize, JsonSchema)]
pub struct Fix {
    /// The id of what it does, for instance `customer-key`; the finding's own `topic` comes first.
    pub topic: String,
    /// The language: `aws-cli`, `terraform`, `boto3`, `cloudformation` or `policy`.
    pub flavour: String,
    /// The text, of printable ASCII. No secret is in it.
    pub text: String,
    /// What only a person knows and has to put in, in the order of the text.
    pub placeholders: Vec<String>,
}

/// How many findings there are of each severity.
#[derive(Serialize, JsonSchema)]
pub struct BySeverity {
    /// Critical ones.
    pub critical: usize,
    /// High ones.
    pub high: usize,
    /// Medium ones.
    pub medium: usize,
    /// Low ones.
    pub low: usize,
    /// Those that only inform.
    pub info: usize,
}

/// What was and was not seen.
#[derive(Serialize, JsonSchema)]
pub struct Coverage {
    /// Whether all that was planned was done; the exit code is 3 if not. See [exit codes](exit-codes.md).
    pub complete: bool,
    /// What was planned and not done: sentences.
    pub unfinished: Vec<String>,
    /// What was not seen, one entry for each reason.
    pub unseen: Vec<Unseen>,
    /// False with `--no-items`.
    pub items_planned: bool,
    /// The budget in read capacity units; null without a limit.
    pub budget_rcu: Option<f64>,
    /// Units spent on items. An answer that was lost counts at its worst case.
    pub spent_rcu: f64,
    /// Sums over all tables.
    pub totals: Totals,
    /// The tables, by place and name.
    pub tables: Vec<TableCoverage>,
}

/// Something that was not seen.
#[derive(Serialize, JsonSchema)]
pub struct Unseen {
    /// Why: a word of [exit codes](exit-codes.md).
    pub cause: String,
    /// Whether it makes the run incomplete.
    pub incomplete: bool,
    /// A sentence.
    pub message: String,
    /// The tables it is true of; none for what is about the run, the account or the Region.
    pub of_tables: Vec<Table>,
}

/// Sums over all tables.
#[derive(Serialize, JsonSchema)]
pub struct Totals {
    /// How many tables.
    pub tables: usize,
    /// Items looked at.
    pub items_read: u64,
    /// Items that could not be inspected.
    pub items_unscreened: u64,
    /// Items that were inspected in part.
    pub items_cut: u64,
    /// Items with a value that could not be fully decoded.
    pub items_not_opened: u64,
}

/// What was and was not seen of a table.
#[derive(Serialize, JsonSchema)]
pub struct TableCoverage {
    /// Its name.
    pub table: String,
    /// Its ARN; null while the account is not known.
    pub arn: Option<String>,
    /// Twelve digits; null if not known.
    pub account: Option<String>,
    /// For instance `eu-west-1`.
    pub region: String,
    /// Items looked at.
    pub items_read: u64,
    /// Items that the table has, as the service counted in the last six hours; null if not known.
    pub items_about: Option<u64>,
    /// Items that could not be inspected: nothing is known of them.
    pub items_unscreened: u64,
    /// Items that were inspected in part: nested too deeply, more secrets than are kept of one item (4,096; the gravest
    /// are kept), or too much work.
    pub items_cut: u64,
    /// Items with an encoded value that could not be fully decoded: too deep, too large, damaged, or an archive.
    /// See [exit codes](exit-codes.md).
    pub items_not_opened: u64,
    /// Units that the answers said they cost.
    pub rcu: f64,
    /// `whole`, `sampled`, `out-of-budget`, `stopped`, `not-read`.
    pub outcome: String,
    /// Why reading stopped; null if it did not.
    pub outcome_gap: Option<Gap>,
    /// Settings that were not seen, were not understood in part, or were looked at in part. A setting may have several.
    pub gaps: Vec<FactGap>,
    /// The checks by their verdicts.
    pub checks: Checks,
}

/// The ids of checks, by their verdicts.
#[derive(Serialize, JsonSchema)]
pub struct Checks {
    /// What they are about is not as it should be.
    pub failed: Vec<String>,
    /// Something they need is not known.
    pub unknown: Vec<String>,
    /// It is as it should be.
    pub passed: Vec<String>,
    /// Their question does not arise.
    pub not_applicable: Vec<String>,
}

/// A setting that is not known, and why.
#[derive(Serialize, JsonSchema)]
pub struct FactGap {
    /// Which.
    pub fact: String,
    #[serde(flatten)]
    pub gap: Gap,
}

/// Why something is not known.
#[derive(Serialize, JsonSchema)]
pub struct Gap {
    /// `denied`, `unsupported`, `failed`, `not-understood`, `cut` (only part was looked at), `not-asked`, `pending`.
    pub kind: String,
    /// A sentence.
    pub message: String,
    /// If denied: the IAM action that would settle it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub permission: Option<String>,
    /// If denied: what the service said.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub said: Option<String>,
    /// If failed: `no_credentials`, `expired`, `unreachable`, `throttled`, `service`, `not_found`, `invalid` or
    /// `internal`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub failure: Option<crate::domain::FailureKind>,
    /// If failed: what to do next.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub next: Option<String>,
}

/// One line of `dynaudit inspect --format json`: a sighting.
///
/// A sighting of the rule `not-opened`, `inspected-in-part` or `not-inspected` stands for what was not looked at; it is
/// printed whatever `--min-confidence` is, and the exit code is 3.
#[derive(Serialize, JsonSchema)]
pub struct Sighting {
    /// The shape: `dynaudit.sighting/1`.
    pub schema: String,
    /// The line of the input, from 1.
    pub line: u64,
    /// Where in the item; positions in lists are exact.
    pub path: String,
    /// The id of the rule.
    pub rule: String,
    /// The title of the rule.
    pub title: String,
    /// `info`, `low`, `medium`, `high`, `critical`.
    pub severity: String,
    /// `low`, `medium`, `high`, `confirmed`.
    pub confidence: String,
    /// Why the detector is sure, a few words each.
    pub reasons: Vec<String>,
    /// The masked form.
    pub masked: String,
    /// The keyed hash of the value.
    pub fingerprint: String,
    /// The name of a map member is the secret, not its value.
    pub in_name: bool,
    /// It is a session or token of one person.
    pub session: bool,
    /// When it stops working; null if it does not say.
    pub expires: Option<String>,
}
