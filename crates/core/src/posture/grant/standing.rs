//! What each Allow of a policy comes to on what the policy is attached to, with all its Denies weighed.
//!
//! Whoever could come is put to the evaluator ([`crate::access`]), one by one: everybody whom the policy names, in its
//! Allows and in its Denies, and an outsider whom it names nowhere. A policy tells people apart by what it names alone, so
//! that what it says of these it says of all.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use super::comers::{
    ANY_SERVICE, Comer, MOST_NAMED, OTHER_ORGANIZATION, OTHER_PATH, anybody_of, comers, named, narrowed,
};
use super::{Attached, Governed, UNHEARD_OF, Whom, add, denies_plain_http};
use crate::access::{Arn, Caller, Context, Layer, Question, Source, Truth, World, denied, dynamodb_actions};
use crate::domain::{Effect, Policy, PrincipalKind, Principals, Statement, glob};

/// How many statements of a document are asked in all, at most, whoever asks: thousands of times what a policy that
/// somebody wrote needs. What is not asked for counts as open, and is said to depend on the Denies.
const MOST_ASKED: usize = 60_000;

/// An index that no policy names.
const OTHER_INDEX: &str = "0utsider.index";

/// A policy where it is attached.
pub(crate) struct Standing<'a> {
    policy: &'a Policy,
    on: Governed<'a>,
    /// None where no Deny takes anything from anybody.
    denies: OnceCell<Option<Denies>>,
}

/// What takes something away.
pub(super) struct Denies {
    /// The Denies alone.
    source: Source,
    world: World,
    /// An account that the policy names nowhere.
    elsewhere: String,
    /// Whom the Denies name.
    pub(super) named: Vec<Comer>,
}

/// Whom an Allow lets in.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Left {
    pub everyone: bool,
    /// Those of the own account among them.
    pub these: Vec<Whom>,
    /// Whether a Deny may take it from one of them: that depends on what is not known.
    pub perhaps: bool,
    /// What of whom it names is not understood.
    pub unclear: Vec<String>,
}

impl<'a> Standing<'a> {
    pub(crate) const fn of(policy: &'a Policy, on: Governed<'a>) -> Self {
        Self { policy, on, denies: OnceCell::new() }
    }

    /// What takes something away; read only where an Allow asks for it, since most checks look at few statements.
    fn denies(&self) -> Option<&Denies> {
        let (policy, on) = (self.policy, self.on);
        let takes = |s: &&Statement| s.effect == Effect::Deny && !denies_plain_http(s);
        let read = || {
            policy.statements.iter().any(|s| takes(&s)).then(|| {
                let layer = if on.attached == Attached::Key { Layer::Key } else { Layer::Resource };
                let alone = policy.statements.iter().filter(|s| takes(s)).cloned().collect();
                let text = policy.text();
                let numbers = (1..=9_999_u32).map(|n| format!("{:012}", u64::from(n) * 99_990_001));
                let elsewhere = numbers.into_iter().find(|id| !text.contains(id.as_str()) && id != on.own);
                Denies {
                    source: Source::of(layer, "the policy", policy.with_only(alone)),
                    world: World::default(),
                    elsewhere: elsewhere.unwrap_or_default(),
                    named: named(policy, on.own),
                }
            })
        };
        self.denies.get_or_init(read).as_ref()
    }

    /// The policy.
    pub(crate) const fn policy(&self) -> &'a Policy {
        self.policy
    }

    /// The account that it is attached in.
    pub(crate) const fn own(&self) -> &'a str {
        self.on.own
    }

    /// Whether a statement is about what the policy is attached to: one about something else has no effect (DynamoDB
    /// Developer Guide, "Resource-based policy examples").
    pub(crate) fn is_about_it(&self, statement: &Statement) -> bool {
        let Some(arn) = self.on.arn else { return true };
        // What stands for a variable may be this.
        let any = |patterns: &[String]| {
            patterns.iter().any(|p| p.contains("${") || covers(p, arn, self.on.has_indexes()))
        };
        match (statement.resources.as_slice(), statement.not_resources.as_slice()) {
            ([], []) => true,
            ([], but) => self.parts(arn).iter().any(|part| !but.iter().any(|p| glob::matches(p, part))),
            (these, _) => any(these),
        }
    }

    /// What it is attached to, and of a table some index.
    fn parts(&self, arn: &str) -> Vec<String> {
        let index = self.on.has_indexes().then(|| format!("{arn}/index/{OTHER_INDEX}"));
        std::iter::once(arn.to_owned()).chain(index).collect()
    }

    /// Whether a statement allows something that matters there.
    pub(crate) fn minds(&self, statement: &Statement) -> bool {
        statement.effect == Effect::Allow && self.on.attached.minds(statement)
    }

    /// Whether an Allow gives anybody anything.
    pub(crate) fn is_in_force(&self, statement: &Statement) -> bool {
        let left = self.left(statement, None);
        left.everyone || !left.these.is_empty() || !left.unclear.is_empty()
    }

    /// Whether an Allow lets everyone in.
    pub(crate) fn opens(&self, statement: &Statement) -> bool {
        self.left(statement, None).everyone
    }

    /// Whether an Allow gives anybody one of these actions.
    pub(crate) fn gives(&self, statement: &Statement, actions: &[&str]) -> bool {
        let covered: Vec<&str> = actions.iter().copied().filter(|action| statement.covers(action)).collect();
        if covered.is_empty() {
            return false;
        }
        // What changes a policy is done to the table or the stream, not to an index (Service Authorization Reference).
        if self.on.arn.is_some_and(|arn| !super::is_about(statement, arn)) {
            return false;
        }
        let left = self.left(statement, Some(&covered));
        left.everyone || !left.these.is_empty()
    }

    /// Whether it gives everybody in an account something, as far as this policy says.
    pub(crate) fn gives_account(&self, statement: &Statement, account: &str) -> bool {
        let ordinary = ["role/anybody", "user/anybody"].into_iter().filter_map(|name| {
            let caller = Caller::parse(&format!("arn:aws:iam::{account}:{name}")).ok()?;
            Some(Comer { caller: Some(caller), any_of_account: false, ..Comer::of_account(account) })
        });
        let mut ordinary = ordinary.map(|comer| self.keeps(statement, &comer, None));
        self.is_about_it(statement) && ordinary.any(|kept| kept != Truth::No)
    }

    /// Whether a service gets something by it for anybody's sake: one that is let in without a word for whom, or one that
    /// the Denies of an Allow to everyone leave.
    pub(crate) fn serves_anybody(&self, statement: &Statement) -> bool {
        let of_everyone = matches!(statement.principals, Principals::Anyone | Principals::AllBut(_));
        let is_spared = || of_everyone && narrowed(statement, "").is_none() && !self.opens(statement);
        let is_let_in =
            super::is_unbound_service(statement) || (statement.effect == Effect::Allow && is_spared());
        if !is_let_in || !self.is_about_it(statement) {
            return false;
        }
        let Some(denies) = self.denies() else { return true };
        let of_service =
            |(kind, name): &(PrincipalKind, String)| (*kind == PrincipalKind::Service).then(|| name.clone());
        let mut names: Vec<String> = match &statement.principals {
            Principals::Named(all) => all.iter().filter_map(of_service).collect(),
            _ => vec![ANY_SERVICE.to_owned()],
        };
        if of_everyone {
            names.extend(denies.named.iter().filter_map(|named| match &named.caller {
                Some(Caller::Service(name)) => Some(name.clone()),
                _ => None,
            }));
        }
        names.iter().any(|name| {
            denies.sources().into_iter().any(|given| {
                let comer = Comer::service(name, Whom::Services, given);
                self.keeps(statement, &comer, None) != Truth::No
            })
        })
    }

    /// Whom an Allow lets in; of these actions only, or of all that matter.
    pub(super) fn left(&self, statement: &Statement, actions: Option<&[&str]>) -> Left {
        let mut left = Left::default();
        if statement.effect == Effect::Deny || !self.is_about_it(statement) {
            return left;
        }
        let (comers, unclear) = comers(statement, self.on.own);
        left.unclear = unclear;
        for comer in comers {
            let kept = self.keeps(statement, &comer, actions);
            left.perhaps |= kept == Truth::Unknown;
            match (kept, &comer.whom) {
                (Truth::No, _) => {
                    for (whom, kept) in self.of_them(statement, &comer, actions) {
                        left.perhaps |= kept == Truth::Unknown;
                        add(&mut left.these, vec![whom]);
                    }
                }
                (_, Some(whom)) => add(&mut left.these, vec![whom.clone()]),
                (_, None) => left.everyone = true,
            }
        }
        left
    }

    /// Those whom Denies name and spare, of people of whom they take all others out.
    fn of_them(&self, statement: &Statement, comer: &Comer, actions: Option<&[&str]>) -> Vec<(Whom, Truth)> {
        // Of an account by its number, those who are named were asked for already.
        let (Some(denies), None) = (self.denies(), &comer.caller) else { return Vec::new() };
        let everyone = comer.whom.is_none();
        let may_be = |named: &&Comer| everyone || matches!(named.whom, Some(Whom::Account(_)));
        let asked = denies.named.iter().filter(may_be).filter_map(|named| {
            let given = named.given.iter().chain(&comer.given).cloned().collect();
            let both = Comer { given, ..named.clone() };
            let kept = self.keeps(statement, &both, actions);
            (kept != Truth::No).then(|| (named.whom.clone(), kept))
        });
        asked.filter_map(|(whom, kept)| Some((whom?, kept))).collect()
    }

    /// Whether they keep something of what an Allow gives: [`Truth::No`] where Denies certainly take all of it. Asked once
    /// of a document.
    fn keeps(&self, statement: &Statement, comer: &Comer, actions: Option<&[&str]>) -> Truth {
        let Some(denies) = self.denies() else { return Truth::Yes };
        let answered = self.policy.answered();
        let asked = answered.asked(format_args!("{statement:?} {:?} {comer:?} {actions:?}", self.on));
        if let Some(known) = answered.known(asked) {
            return known;
        }
        let Some(kept) = self.work_out(denies, statement, comer, actions) else { return Truth::Unknown };
        answered.learn(asked, kept);
        kept
    }

    /// The same, worked out; `None` if too much was asked of the document.
    fn work_out(
        &self,
        denies: &Denies,
        statement: &Statement,
        comer: &Comer,
        actions: Option<&[&str]>,
    ) -> Option<Truth> {
        let (actions, resources) = match actions {
            Some(these) => (
                these.iter().map(|&action| action.to_owned()).collect(),
                vec![self.on.arn.unwrap_or("*").to_owned()],
            ),
            None => (self.actions(statement), self.resources(statement)),
        };
        let actions: Vec<String> = denies.told_apart(actions);
        let all = denies.source.policy().map(|policy| policy.statements.as_slice()).unwrap_or_default();
        // What nobody may do at all need not be asked of each.
        let is_gone = |action: &str, resource: &str| {
            all.iter().any(|deny| {
                let of_all = deny.principals == Principals::Anyone && deny.conditions.is_empty();
                of_all && deny.covers(action) && super::is_about(deny, resource)
            })
        };
        let asked: Vec<(&String, &String)> = resources
            .iter()
            .flat_map(|resource| actions.iter().map(move |action| (action, resource)))
            .filter(|(action, resource)| !is_gone(action, resource))
            .collect();
        if asked.is_empty() {
            return Some(Truth::No);
        }
        // A long list of values takes as long as several statements.
        let values = all.iter().flat_map(|s| &s.conditions).map(|(.., values)| values.len()).sum::<usize>();
        let each = all.len() + values / 4 + 1;
        let mut kept = Truth::No;
        for (caller, given) in comer.ways(denies) {
            let mut context = Context::default();
            context.give("aws:SecureTransport", "true");
            given.iter().for_each(|(key, value)| context.give(key, value));
            for (action, resource) in &asked {
                if !self.policy.answered().spend(each, MOST_ASKED) {
                    return None;
                }
                let question = Question {
                    action: (*action).clone(),
                    resource: (*resource).clone(),
                    caller: caller.clone(),
                    context: context.clone(),
                };
                kept = kept.or(match denied(&denies.world, &question, &denies.source) {
                    Truth::Yes => Truth::No,
                    Truth::No => return Some(Truth::Yes),
                    Truth::Unknown => Truth::Unknown,
                });
            }
        }
        Some(kept)
    }

    /// The actions that it gives and that matter.
    fn actions(&self, statement: &Statement) -> Vec<String> {
        let covered = |action: &String| statement.covers(action);
        let known: Vec<String> = match self.on.attached.actions() {
            [] => dynamodb_actions().filter(covered).collect(),
            these => these.iter().map(|&action| action.to_owned()).filter(covered).collect(),
        };
        // A new one, or one that is misspelt: what it is called is enough to ask for it.
        if known.is_empty() {
            return match statement.actions.as_slice() {
                [] => vec![UNHEARD_OF.into()],
                some => some.to_vec(),
            };
        }
        known
    }

    /// What it is about, of what the policy is attached to.
    fn resources(&self, statement: &Statement) -> Vec<String> {
        let Some(arn) = self.on.arn else { return vec!["*".into()] };
        let mut all = self.parts(arn);
        if self.on.has_indexes() {
            let named =
                self.policy.statements.iter().flat_map(|s| s.resources.iter().chain(&s.not_resources));
            let named = named.filter(|pattern| pattern.contains("/index/") && !pattern.contains("${"));
            // Of the index patterns each by a name that it matches.
            let names = named.filter_map(|pattern| pattern.split_once("/index/")).map(|(_, name)| name);
            let names: BTreeSet<String> = names.map(|name| name.replace(['*', '?'], "x")).collect();
            all.extend(names.into_iter().map(|name| format!("{arn}/index/{name}")));
        }
        let about: Vec<String> = all.iter().filter(|one| super::is_about(statement, one)).cloned().collect();
        // It names a variable.
        if about.is_empty() { all } else { about }
    }
}

/// Whether a pattern is about something by its ARN, or about an index of it.
fn covers(pattern: &str, arn: &str, has_indexes: bool) -> bool {
    let of_index = || {
        pattern.starts_with(&format!("{arn}/index/"))
            || glob::matches(pattern, &format!("{arn}/index/{OTHER_INDEX}"))
    };
    glob::matches(pattern, arn) || (has_indexes && of_index())
}

impl Denies {
    /// The values with a wildcard that a condition wants of a key: what matches one may be anybody's.
    fn patterns(&self, key: &str) -> Vec<&str> {
        let statements = self.source.policy().into_iter().flat_map(|policy| &policy.statements);
        let conditions =
            statements.flat_map(|s| &s.conditions).filter(|(_, of, _)| of.eq_ignore_ascii_case(key));
        let values = conditions.flat_map(|(.., values)| values).map(String::as_str);
        values.filter(|value| value.contains(['*', '?'])).take(MOST_NAMED).collect()
    }

    /// Somebody from elsewhere, whatever they and their account are called, as patterns with any account want it.
    pub(super) fn outsiders(&self) -> Vec<Caller> {
        let called =
            |account: &str, name: &str| Caller::parse(&format!("arn:aws:iam::{account}:{name}")).ok();
        let named = self.patterns("aws:PrincipalArn").into_iter().filter_map(|pattern| {
            let arn = Arn::parse(pattern)?;
            let is_open = arn.account.contains(['*', '?']);
            is_open.then(|| called(&self.elsewhere, &arn.resource.replace(['*', '?'], "x")))?
        });
        let numbered = self.patterns("aws:PrincipalAccount").into_iter().filter_map(|pattern| {
            let missing = 12_usize.saturating_sub(pattern.replace('*', "").len());
            let number = pattern.replacen('*', &"0".repeat(missing), 1).replace('*', "").replace('?', "0");
            called(&number, "role/outsider")
        });
        anybody_of(&self.elsewhere).into_iter().chain(named).chain(numbered).collect()
    }

    /// For whom a service may come: for somebody elsewhere, in each form that a Denied source has; for somebody of no
    /// organization; for nobody who is told. It is of no account and of no organization itself.
    fn sources(&self) -> Vec<Vec<(&'static str, String)>> {
        let other = &self.elsewhere;
        let of_pattern = |pattern: &str| {
            let parts: Vec<&str> = pattern.split(':').collect();
            let service = parts.get(2).filter(|part| !part.contains(['*', '?']))?;
            let open = parts.get(4).is_none_or(|account| account.is_empty() || account.contains(['*', '?']));
            open.then(|| {
                format!(
                    "arn:aws:{service}:eu-west-1:{other}:{}",
                    parts.get(5).map_or("x".into(), |r| r.replace(['*', '?'], "x"))
                )
            })
        };
        let arns = self.patterns("aws:SourceArn").into_iter().filter_map(of_pattern);
        let arns = std::iter::once(format!("arn:aws:events:eu-west-1:{other}:rule/outsider")).chain(arns);
        let mut all: Vec<Vec<(&'static str, String)>> = Vec::new();
        for arn in arns {
            for (organization, path) in [(OTHER_ORGANIZATION, OTHER_PATH), ("", "")] {
                all.push(vec![
                    ("aws:SourceArn", arn.clone()),
                    ("aws:SourceAccount", other.clone()),
                    ("aws:SourceOrgID", organization.into()),
                    ("aws:SourceOrgPaths", path.into()),
                ]);
            }
        }
        let keys = ["aws:SourceArn", "aws:SourceAccount", "aws:SourceOrgID", "aws:SourceOrgPaths"];
        all.push(keys.map(|key| (key, String::new())).into());
        let own =
            ["aws:PrincipalAccount", "kms:CallerAccount", "aws:PrincipalOrgID", "aws:PrincipalOrgPaths"];
        let of_none = own.map(|key| (key, String::new()));
        all.iter_mut().for_each(|given| given.extend(of_none.clone()));
        all
    }

    /// Of actions that the Denies do not tell apart, one.
    fn told_apart(&self, actions: Vec<String>) -> Vec<String> {
        let denies = self.source.policy().map(|policy| policy.statements.as_slice()).unwrap_or_default();
        let mut seen: BTreeSet<Vec<usize>> = BTreeSet::new();
        let by = |action: &String| -> Vec<usize> {
            (0..denies.len()).filter(|n| denies[*n].covers(action)).collect()
        };
        actions.into_iter().filter(|action| seen.insert(by(action))).collect()
    }

    /// Another organization and a path in it; none; and those of patterns that any organization matches.
    pub(super) fn organizations(&self) -> Vec<(String, String)> {
        let one = |pattern: &str| pattern.replace(['*', '?'], "x");
        let ids = self.patterns("aws:PrincipalOrgID").into_iter().map(|id| (one(id), String::new()));
        let paths = self.patterns("aws:PrincipalOrgPaths").into_iter().filter_map(|path| {
            let (organization, _) = path.split_once('/').unwrap_or((path, ""));
            organization.contains(['*', '?']).then(|| (one(organization), one(path)))
        });
        let fixed = [(OTHER_ORGANIZATION, OTHER_PATH), ("", "")];
        let fixed = fixed.map(|(id, path)| (id.to_owned(), path.to_owned()));
        fixed.into_iter().chain(ids).chain(paths).collect()
    }
}
