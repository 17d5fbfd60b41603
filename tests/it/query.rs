//! Queries from outside: journeys with the expression box, deep links, and that the embedded engine and an
//! evaluation in memory agree on what an expression means, whichever way it is read.

#![cfg(feature = "demo")]

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue as Raw;
use dynaudit::demo::{Demo, Faults, Login};
use dynaudit::detect::Redactor;
use dynaudit::domain::{AttributeValue, FactKind, FactValue, PageRequest, Read, TableFacts, TableRef};
use dynaudit::query::{
    Comparator, Condition, Expression, Literal, Member, Operand, Path, Typed, Value, parse, plan, print,
};
use dynaudit::source::Source;
use dynaudit::source::live::{Given, Settings};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::e2e::{demo, dynaudit, quits};
use crate::pty::key;
use crate::source_contract::{given, opened};

type Item = HashMap<String, Raw>;

/// A number as sign, exponent and digits, so that all 38 of them count.
fn decimal(text: &str) -> (bool, i64, String) {
    let (negative, text) = text.strip_prefix('-').map_or((false, text), |t| (true, t));
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let leading = digits.len() - digits.trim_start_matches('0').len();
    let significant = digits.trim_matches('0').to_owned();
    if significant.is_empty() {
        return (false, 0, significant);
    }
    (negative, whole.len() as i64 - leading as i64 + exponent.parse::<i64>().unwrap(), significant)
}

fn by_number(a: &str, b: &str) -> Ordering {
    let (a, b) = (decimal(a), decimal(b));
    let size = |n: &(bool, i64, String)| {
        if n.2.is_empty() {
            0
        } else if n.0 {
            -1
        } else {
            1
        }
    };
    size(&a).cmp(&size(&b)).then_with(|| {
        let larger = (a.1, &a.2).cmp(&(b.1, &b.2));
        if a.0 { larger.reverse() } else { larger }
    })
}

/// How two values compare: `None` where they are of other types, or have no order.
fn compare(a: &Raw, b: &Raw) -> Option<Ordering> {
    match (a, b) {
        (Raw::S(a), Raw::S(b)) => Some(a.as_bytes().cmp(b.as_bytes())),
        (Raw::N(a), Raw::N(b)) => Some(by_number(a, b)),
        (Raw::B(a), Raw::B(b)) => Some(a.as_ref().cmp(b.as_ref())),
        _ => None,
    }
}

fn equal(a: &Raw, b: &Raw) -> bool {
    let all = |a: &[String], b: &[String]| a.len() == b.len() && a.iter().all(|x| b.contains(x));
    match (a, b) {
        (Raw::Ss(a), Raw::Ss(b)) | (Raw::Ns(a), Raw::Ns(b)) => all(a, b),
        (Raw::Bs(a), Raw::Bs(b)) => a.len() == b.len() && a.iter().all(|x| b.contains(x)),
        (Raw::L(a), Raw::L(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b)),
        (Raw::M(a), Raw::M(b)) => {
            a.len() == b.len() && a.iter().all(|(name, v)| b.get(name).is_some_and(|w| equal(v, w)))
        }
        _ => compare(a, b).map_or(a == b, Ordering::is_eq),
    }
}

fn raw(value: &AttributeValue) -> Raw {
    match value {
        AttributeValue::S(s) => Raw::S(s.clone()),
        AttributeValue::N(n) => Raw::N(n.clone()),
        AttributeValue::B(b) => Raw::B(b.clone().into()),
        AttributeValue::Bool(b) => Raw::Bool(*b),
        AttributeValue::Null => Raw::Null(true),
        AttributeValue::Ss(set) => Raw::Ss(set.clone()),
        AttributeValue::Ns(set) => Raw::Ns(set.clone()),
        AttributeValue::Bs(set) => Raw::Bs(set.iter().map(|b| b.clone().into()).collect()),
        AttributeValue::L(list) => Raw::L(list.iter().map(raw).collect()),
        AttributeValue::M(members) => Raw::M(members.iter().map(|(n, v)| (n.clone(), raw(v))).collect()),
        AttributeValue::Unknown => panic!("not in these tests"),
    }
}

fn typed(value: &Raw) -> AttributeValue {
    match value {
        Raw::S(s) => AttributeValue::S(s.clone()),
        Raw::N(n) => AttributeValue::N(n.clone()),
        Raw::B(b) => AttributeValue::B(b.as_ref().to_vec()),
        Raw::Bool(b) => AttributeValue::Bool(*b),
        Raw::Null(_) => AttributeValue::Null,
        Raw::Ss(set) => AttributeValue::Ss(set.clone()),
        Raw::Ns(set) => AttributeValue::Ns(set.clone()),
        Raw::Bs(set) => AttributeValue::Bs(set.iter().map(|b| b.as_ref().to_vec()).collect()),
        Raw::L(list) => AttributeValue::L(list.iter().map(typed).collect()),
        Raw::M(map) => {
            let mut members: Vec<_> = map.iter().map(|(name, v)| (name.clone(), typed(v))).collect();
            members.sort_by(|(a, _), (b, _)| a.cmp(b));
            AttributeValue::M(members)
        }
        _ => panic!("another type"),
    }
}

fn at<'a>(item: &'a Item, path: &Path) -> Option<&'a Raw> {
    path.rest.iter().try_fold(item.get(&path.root)?, |value, member| match (value, member) {
        (Raw::M(map), Member::Name(name)) => map.get(name),
        (Raw::L(list), Member::Index(n)) => list.get(*n as usize),
        _ => None,
    })
}

fn operand(item: &Item, operand: &Operand) -> Option<Raw> {
    match operand {
        Operand::Path(path) => at(item, path).cloned(),
        Operand::Literal(Literal { value: Value::Typed(value), .. }) => Some(raw(value)),
        Operand::Literal(_) => panic!("no such literal here"),
        Operand::Size(path) => Some(Raw::N(size(at(item, path)?)?.to_string())),
    }
}

/// What `size` says of a value.
fn size(value: &Raw) -> Option<usize> {
    Some(match value {
        Raw::S(s) => s.encode_utf16().count(),
        Raw::B(b) => b.as_ref().len(),
        Raw::Ss(set) | Raw::Ns(set) => set.len(),
        Raw::Bs(set) => set.len(),
        Raw::L(list) => list.len(),
        Raw::M(map) => map.len(),
        _ => return None,
    })
}

/// Kinds of leaves: see [`Tape::leaf_of`]; and the one that takes lists, maps and sets whole.
const LEAVES: usize = 13;
const WHOLE: usize = 12;

/// What a condition is made of, by the names of [`OPERATORS`].
fn operators(condition: &Condition) -> Vec<&'static str> {
    let of = |operand: &Operand| match operand {
        Operand::Size(_) => Some("size"),
        Operand::Path(path) if !path.rest.is_empty() => Some("a nested path"),
        _ => None,
    };
    let nested = |path: &Path| (!path.rest.is_empty()).then_some("a nested path");
    let mut out = Vec::new();
    match condition {
        Condition::Compare(a, comparator, b) => {
            out.push(comparator.sign());
            out.extend([of(a), of(b)].into_iter().flatten());
            match (a, b) {
                (Operand::Literal(_), _) => out.push("a value first"),
                (_, Operand::Literal(Literal { value: Value::Typed(v), .. })) => {
                    out.push(match v.kind() {
                        "L" => "a list as a value",
                        "M" => "a map as a value",
                        "SS" | "NS" | "BS" => "a set as a value",
                        "BOOL" => "a truth value",
                        "NULL" => "null",
                        _ => "a scalar",
                    });
                }
                _ => out.push("two attributes"),
            }
        }
        Condition::Between(a, ..) => out.extend(std::iter::once("between").chain(of(a))),
        Condition::In(a, _) => out.extend(std::iter::once("in").chain(of(a))),
        Condition::BeginsWith(path, _) => out.extend(std::iter::once("begins_with").chain(nested(path))),
        Condition::Contains(path, _) => out.extend(std::iter::once("contains").chain(nested(path))),
        Condition::Exists(path) => out.extend(std::iter::once("attribute_exists").chain(nested(path))),
        Condition::NotExists(path) => out.extend(std::iter::once("attribute_not_exists").chain(nested(path))),
        Condition::Type(path, _) => out.extend(std::iter::once("attribute_type").chain(nested(path))),
        Condition::And(parts) => out.extend(std::iter::once("and").chain(parts.iter().flat_map(operators))),
        Condition::Or(parts) => out.extend(std::iter::once("or").chain(parts.iter().flat_map(operators))),
        Condition::Not(inner) => out.extend(std::iter::once("not").chain(operators(inner))),
    }
    out
}

/// What has to be met by the conditions that are asked, once where it is true and once where it is not.
const OPERATORS: &[&str] = &[
    "=",
    "<>",
    "<",
    "<=",
    ">",
    ">=",
    "between",
    "in",
    "begins_with",
    "contains",
    "attribute_exists",
    "attribute_not_exists",
    "attribute_type",
    "size",
    "and",
    "or",
    "not",
    "a nested path",
    "a value first",
    "two attributes",
    "a list as a value",
    "a map as a value",
    "a set as a value",
    "a truth value",
    "null",
    "a scalar",
];

fn kind(value: &Raw) -> &'static str {
    match value {
        Raw::S(_) => "S",
        Raw::N(_) => "N",
        Raw::B(_) => "B",
        Raw::Bool(_) => "BOOL",
        Raw::Null(_) => "NULL",
        Raw::Ss(_) => "SS",
        Raw::Ns(_) => "NS",
        Raw::Bs(_) => "BS",
        Raw::M(_) => "M",
        Raw::L(_) => "L",
        _ => "?",
    }
}

/// Whether an item is so, as the Developer Guide has it.
fn holds(item: &Item, condition: &Condition) -> bool {
    let both = |a: &Operand, b: &Operand| operand(item, a).zip(operand(item, b));
    let order = |a: &Operand, b: &Operand| both(a, b).and_then(|(a, b)| compare(&a, &b));
    match condition {
        Condition::Compare(a, Comparator::Eq, b) => both(a, b).is_some_and(|(a, b)| equal(&a, &b)),
        // What is not there differs from everything.
        Condition::Compare(a, Comparator::Ne, b) => both(a, b).is_none_or(|(a, b)| !equal(&a, &b)),
        Condition::Compare(a, Comparator::Lt, b) => order(a, b).is_some_and(Ordering::is_lt),
        Condition::Compare(a, Comparator::Le, b) => order(a, b).is_some_and(Ordering::is_le),
        Condition::Compare(a, Comparator::Gt, b) => order(a, b).is_some_and(Ordering::is_gt),
        Condition::Compare(a, Comparator::Ge, b) => order(a, b).is_some_and(Ordering::is_ge),
        Condition::Between(a, low, high) => {
            order(a, low).is_some_and(Ordering::is_ge) && order(a, high).is_some_and(Ordering::is_le)
        }
        Condition::In(a, list) => list.iter().any(|b| both(a, b).is_some_and(|(a, b)| equal(&a, &b))),
        Condition::BeginsWith(path, literal) => {
            match (at(item, path), operand(item, &Operand::Literal(literal.clone()))) {
                (Some(Raw::S(s)), Some(Raw::S(start))) => s.starts_with(&start),
                (Some(Raw::B(b)), Some(Raw::B(start))) => b.as_ref().starts_with(start.as_ref()),
                _ => false,
            }
        }
        Condition::Contains(path, what) => match (at(item, path), operand(item, what)) {
            (Some(Raw::S(s)), Some(Raw::S(part))) => s.contains(&part),
            (Some(Raw::Ss(set)), Some(Raw::S(one))) => set.contains(&one),
            (Some(Raw::Ns(set)), Some(Raw::N(one))) => set.iter().any(|n| by_number(n, &one).is_eq()),
            (Some(Raw::Bs(set)), Some(Raw::B(one))) => set.contains(&one),
            (Some(Raw::B(all)), Some(Raw::B(part))) => {
                all.as_ref().windows(part.as_ref().len().max(1)).any(|w| w == part.as_ref())
            }
            (Some(Raw::L(list)), Some(one)) => list.iter().any(|v| equal(v, &one)),
            _ => false,
        },
        Condition::Exists(path) => at(item, path).is_some(),
        Condition::NotExists(path) => at(item, path).is_none(),
        Condition::Type(path, name) => at(item, path).is_some_and(|v| kind(v) == *name),
        Condition::And(parts) => parts.iter().all(|c| holds(item, c)),
        Condition::Or(parts) => parts.iter().any(|c| holds(item, c)),
        Condition::Not(inner) => !holds(item, inner),
    }
}

/// Numbers from which a condition about these items grows.
struct Tape<'a>(Vec<u64>, usize, &'a [Item], &'a str);

impl Tape<'_> {
    fn below(&mut self, n: usize) -> usize {
        self.1 += 1;
        self.0.get(self.1 - 1).map_or(0, |v| (*v % n.max(1) as u64) as usize)
    }

    /// A path that some item has, and its value there.
    fn place(&mut self) -> (Path, Raw) {
        let item = &self.2[self.below(self.2.len())];
        let mut names: Vec<&String> = item.keys().collect();
        names.sort();
        let name = names[self.below(names.len())].clone();
        let mut value = item[&name].clone();
        let mut path = Path::attribute(name);
        for _ in 0..2 {
            let step = match &value {
                Raw::L(list) if !list.is_empty() => {
                    let n = self.below(list.len());
                    Some((Member::Index(n as u32), list[n].clone()))
                }
                Raw::M(map) if !map.is_empty() => {
                    let mut names: Vec<&String> = map.keys().collect();
                    names.sort();
                    let name = names[self.below(names.len())].clone();
                    Some((Member::Name(name.clone()), map[&name].clone()))
                }
                _ => None,
            };
            let Some((member, next)) = step.filter(|_| self.below(4) > 0) else { break };
            path.rest.push(member);
            value = next;
        }
        (path, value)
    }

    /// The `nth` attribute of some item that is a list, a map or a set, round and round, if there is any.
    fn whole(&self, nth: usize) -> Option<(Path, Raw)> {
        let has_members = |value: &Raw| matches!(kind(value), "L" | "M" | "SS" | "NS" | "BS");
        let mut all: Vec<(&String, &Raw)> =
            self.2.iter().flatten().filter(|(_, value)| has_members(value)).collect();
        all.sort_by_key(|(name, value)| (kind(value), *name, size(value)));
        let (name, value) = *all.get(nth % all.len().max(1))?;
        Some((Path::attribute(name), value.clone()))
    }

    /// A value compared with.
    fn literal(value: AttributeValue) -> Operand {
        Operand::Literal(Literal::typed(value))
    }

    fn comparator(&mut self) -> Comparator {
        let all =
            [Comparator::Eq, Comparator::Ne, Comparator::Lt, Comparator::Le, Comparator::Gt, Comparator::Ge];
        all[self.below(all.len())]
    }

    /// A number near the size of a value, with which sizes are compared.
    fn near(&mut self, value: &Raw) -> AttributeValue {
        let size = match size(value) {
            Some(size) => (size + self.below(3)).saturating_sub(1),
            None => 1,
        };
        AttributeValue::N(size.to_string())
    }

    fn leaf(&mut self) -> Condition {
        let kind = self.below(LEAVES);
        self.leaf_of(kind, self.1)
    }

    /// A condition of one kind about a place in an item; a comparison with its value where the kind does not fit it.
    fn leaf_of(&mut self, kind: usize, nth: usize) -> Condition {
        let whole = if kind == WHOLE { self.whole(nth) } else { None };
        let (path, value) = whole.unwrap_or_else(|| self.place());
        let literal = typed(&value);
        let scalar = matches!(literal, AttributeValue::S(_) | AttributeValue::N(_) | AttributeValue::B(_));
        let here = Operand::Path(path.clone());
        match (kind, &literal) {
            (0, _) => Condition::Exists(path),
            (1, _) => Condition::NotExists(path),
            (2, v) => Condition::Type(path, if self.below(4) == 0 { "S" } else { v.kind() }),
            (3, AttributeValue::S(s)) => {
                let part: String = s.chars().skip(self.below(3)).take(1 + self.below(4)).collect();
                Condition::Contains(path, Self::literal(AttributeValue::S(part)))
            }
            (3, AttributeValue::Ss(set)) => {
                Condition::Contains(path, Self::literal(AttributeValue::S(set[0].clone())))
            }
            (3, AttributeValue::Ns(set)) => {
                Condition::Contains(path, Self::literal(AttributeValue::N(set[0].clone())))
            }
            (3, AttributeValue::Bs(set)) => {
                Condition::Contains(path, Self::literal(AttributeValue::B(set[0].clone())))
            }
            (3, AttributeValue::B(bytes)) => {
                let part = bytes.iter().skip(self.below(3)).take(2).copied().collect();
                Condition::Contains(path, Self::literal(AttributeValue::B(part)))
            }
            (3, AttributeValue::L(list)) if !list.is_empty() => {
                Condition::Contains(path, Self::literal(list[self.below(list.len())].clone()))
            }
            (4, AttributeValue::S(s)) => {
                let start: String = s.chars().take(1 + self.below(6)).collect();
                Condition::BeginsWith(path, Literal::typed(AttributeValue::S(start)))
            }
            (4, AttributeValue::B(bytes)) => {
                let start = bytes[..bytes.len().min(2)].to_vec();
                Condition::BeginsWith(path, Literal::typed(AttributeValue::B(start)))
            }
            (5, _) if size(&value).is_some() => {
                let near = self.near(&value);
                Condition::Compare(Operand::Size(path), self.comparator(), Self::literal(near))
            }
            (6, _) if size(&value).is_some() => {
                let (low, high) = (self.near(&value), self.near(&value));
                let (low, high) = match compare(&raw(&low), &raw(&high)) {
                    Some(Ordering::Greater) => (high, low),
                    _ => (low, high),
                };
                Condition::Between(Operand::Size(path), Self::literal(low), Self::literal(high))
            }
            (7, _) if size(&value).is_some() => {
                let list = vec![Self::literal(self.near(&value)), Self::literal(self.near(&value))];
                Condition::In(Operand::Size(path), list)
            }
            (8, _) => {
                let other = typed(&self.place().1);
                Condition::In(here, [literal, other].map(Self::literal).to_vec())
            }
            (9, _) if scalar => {
                let other = Some(typed(&self.place().1)).filter(|v| v.kind() == literal.kind());
                let other = other.unwrap_or_else(|| literal.clone());
                let (low, high) = match compare(&value, &raw(&other)) {
                    Some(Ordering::Greater) => (other, literal),
                    _ => (literal, other),
                };
                Condition::Between(here, Self::literal(low), Self::literal(high))
            }
            // With another attribute, or with its size.
            (10, _) => {
                let other = self.place().0;
                match (other == path, size(&value).is_some()) {
                    (true, _) => Condition::Exists(path),
                    (false, true) if self.below(2) == 0 => {
                        Condition::Compare(Operand::Size(path), self.comparator(), Operand::Size(other))
                    }
                    _ => {
                        let comparator = [Comparator::Eq, Comparator::Ne][self.below(2)];
                        Condition::Compare(here, comparator, Operand::Path(other))
                    }
                }
            }
            // The value first.
            (11, _) if scalar => Condition::Compare(Self::literal(literal), self.comparator(), here),
            _ => {
                let comparator = match self.comparator() {
                    comparator if scalar => comparator,
                    Comparator::Ne | Comparator::Lt => Comparator::Ne,
                    _ => Comparator::Eq,
                };
                Condition::Compare(here, comparator, Self::literal(literal))
            }
        }
    }

    /// A condition that often asks for one key, so that not all are read by Scan.
    fn question(&mut self) -> Condition {
        let key = typed(&self.2[self.below(self.2.len())][self.3]);
        let pinned =
            Condition::Compare(Operand::Path(Path::attribute(self.3)), Comparator::Eq, Self::literal(key));
        match self.below(4) {
            0 => pinned,
            1 => Condition::all(vec![pinned, self.condition(0)]).unwrap(),
            _ => self.condition(0),
        }
    }

    fn condition(&mut self, depth: usize) -> Condition {
        let parts = |t: &mut Self| (0..2 + t.below(2)).map(|_| t.condition(depth + 1)).collect();
        match self.below(if depth < 3 { 8 } else { 4 }) {
            4 | 5 => Condition::all(parts(self)).unwrap(),
            6 => Condition::any(parts(self)).unwrap(),
            7 => Condition::Not(Box::new(self.condition(depth + 1))),
            _ => self.leaf(),
        }
    }
}

fn settings(demo: &Demo, login: &Login) -> Settings {
    Settings {
        region: Some(login.region.into()),
        credentials: Some(Given {
            access_key_id: login.access_key.into(),
            secret_access_key: login.secret_key.into(),
            session_token: Some(login.session_token.into()),
        }),
        ..given(&demo.endpoint_url())
    }
}

/// All items, through a client of the test's own.
async fn all_items(demo: &Demo, login: &Login, table: &str) -> Vec<Item> {
    let token = Some(login.session_token.to_owned());
    let credentials =
        aws_credential_types::Credentials::new(login.access_key, login.secret_key, token, None, "test");
    let url = demo.endpoint_url();
    let config = dynaudit::source::live::client::explicit(
        login.region,
        Some(&url),
        credentials,
        Duration::from_secs(20),
        dynaudit::source::live::wire::client(false),
    );
    let answer = aws_sdk_dynamodb::Client::new(&config).scan().table_name(table).send().await.unwrap();
    assert!(answer.last_evaluated_key.is_none(), "a small table");
    answer.items.unwrap()
}

/// A table of the demo, what is in it, and how it is asked.
struct Asked {
    runtime: tokio::runtime::Runtime,
    _demo: Demo,
    live: dynaudit::source::live::Live,
    table: TableRef,
    known: TableFacts,
    items: Vec<Item>,
    /// The name of the partition key.
    id: String,
    counts: Counts,
}

/// How often a way was read, how often it gave some items and not all, and how often it was no Scan.
#[derive(Default)]
struct Counts {
    asked: u32,
    some: u32,
    queried: u32,
}

impl Asked {
    fn new(table: &str) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let demo = Demo::start(Faults::none()).unwrap();
        let login = &demo.logins()[0];
        let (live, items) = runtime.block_on(async {
            (opened(settings(&demo, login)).await.unwrap(), all_items(&demo, login, table).await)
        });
        let table = TableRef::new(&live.scope(), table);
        let mut known = TableFacts::default();
        let described = runtime.block_on(live.fact(&table, FactKind::Description, &known)).unwrap();
        let FactValue::Description(description) = described.clone() else { panic!("another answer") };
        known.learn(described, jiff::Timestamp::UNIX_EPOCH);
        let id = description.key.partition.name.clone();
        Self { runtime, _demo: demo, live, table, known, items, id, counts: Counts::default() }
    }

    /// The partition keys of what a read gives.
    fn read(&self, read: &Read, index: &Option<String>) -> BTreeSet<String> {
        let key = &self.known.description.known().unwrap().key;
        let mut found = BTreeSet::new();
        let mut start = None;
        loop {
            let (table, index, read) = (self.table.clone(), index.clone(), read.clone());
            let request =
                PageRequest { table, index, read, limit: None, start, counts: false, segment: None };
            let page = self.runtime.block_on(self.live.page(request, &self.known));
            let page = page.unwrap_or_else(|gap| panic!("{gap:?}"));
            found.extend(page.items.iter().map(|item| match item.key(key).unwrap().key().get(&self.id) {
                Some(AttributeValue::S(s) | AttributeValue::N(s)) => s.clone(),
                _ => panic!("another key"),
            }));
            start = page.next;
            if start.is_none() {
                return found;
            }
        }
    }

    /// The items as an index has them: those with all of its key, and of them what it carries.
    fn through(&self, index: &str) -> Vec<Item> {
        let description = self.known.description.known().unwrap();
        let index = description.indexes.iter().find(|i| i.name == index).unwrap();
        let has_key = |item: &&Item| index.keys().all(|a| item.contains_key(&a.name));
        let carried = |item: &Item| {
            let kept = item.iter().filter(|(name, _)| {
                index.is_key(name) || description.key.contains(name) || index.projection.carries(name)
            });
            kept.map(|(name, value)| (name.clone(), value.clone())).collect()
        };
        self.items.iter().filter(has_key).map(carried).collect()
    }

    /// Every way to read an expression gives what an evaluation in memory gives; one whose answer may be another gives
    /// what the same evaluation makes of what its index holds.
    fn check(&mut self, condition: Condition) -> Result<(), TestCaseError> {
        let expression = Expression { condition: Some(condition), descending: None };
        let text = print(&expression);
        let typed = Typed::new(&text, &Redactor::default());
        let Ok(parsed) = parse(&typed) else {
            return Err(TestCaseError::fail(format!("does not parse: {}", *text)));
        };
        prop_assert!(parsed == expression, "{}", *text);
        // A key compared with a value of another type is refused, and so it should be.
        let Ok(plan) = plan(&parsed, self.known.description.known().unwrap(), &[]) else { return Ok(()) };
        let condition = parsed.condition.as_ref().unwrap();
        let name = |item: &Item| match &item[&self.id] {
            Raw::S(s) | Raw::N(s) => s.clone(),
            _ => panic!("another key"),
        };
        let wanted: BTreeSet<String> = self.items.iter().filter(|i| holds(i, condition)).map(name).collect();
        for way in &plan.ways {
            let found = self.read(&way.read, &way.index);
            if way.partial {
                let there = self.through(way.index.as_deref().unwrap());
                let wanted: BTreeSet<String> =
                    there.iter().filter(|i| holds(i, condition)).map(name).collect();
                prop_assert_eq!(&found, &wanted, "{} by {:?} of {:?}", *text, way.operation, way.index);
                continue;
            }
            prop_assert_eq!(&found, &wanted, "{} by {:?}", *text, way.operation);
            self.counts.asked += 1;
            self.counts.some += u32::from(!wanted.is_empty() && wanted.len() < self.items.len());
            self.counts.queried += u32::from(way.operation != dynaudit::query::Operation::Scan);
        }
        Ok(())
    }
}

/// Random expressions about a table of the demo.
fn agree(table: &str) {
    let asked = std::cell::RefCell::new(Asked::new(table));
    let (items, id) = (asked.borrow().items.clone(), asked.borrow().id.clone());
    let mut runner = TestRunner::new(ProptestConfig {
        cases: 120,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let tapes = prop::collection::vec(any::<u64>(), 4..60);
    let ended = runner.run(&tapes, |tape| {
        let condition = Tape(tape, 0, &items, &id).question();
        asked.borrow_mut().check(condition)
    });
    ended.unwrap();
    // The conditions say something, and not all of them are read by Scan.
    let Counts { asked, some, queried } = asked.into_inner().counts;
    assert!(some * 3 > asked, "{some} of {asked}");
    assert!(queried > 0);
}

/// Numbers that look random and are the same in every run.
fn tape(seed: u64) -> Vec<u64> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state >> 8
    };
    (0..60).map(|_| next()).collect()
}

#[test]
fn the_engine_and_the_test_agree_on_every_operator() {
    let mut met: HashMap<&str, [bool; 2]> = HashMap::new();
    for table in ["orders_staging_copy", "users", "api_metadata"] {
        let mut asked = Asked::new(table);
        let (items, id) = (asked.items.clone(), asked.id.clone());
        for seed in 0..(LEAVES as u64 * 10) {
            let mut tape = Tape(tape(seed), 0, &items, &id);
            let leaf = tape.leaf_of(seed as usize % LEAVES, seed as usize / LEAVES);
            let condition = match seed / LEAVES as u64 {
                0 => Condition::Not(Box::new(leaf)),
                1 => Condition::all(vec![leaf, tape.leaf()]).unwrap(),
                2 => Condition::any(vec![leaf, tape.leaf()]).unwrap(),
                _ => leaf,
            };
            for item in &items {
                let truth = usize::from(holds(item, &condition));
                operators(&condition).into_iter().for_each(|name| met.entry(name).or_default()[truth] = true);
            }
            asked.check(condition).unwrap();
        }
    }
    let missing: Vec<_> = OPERATORS.iter().filter(|name| met.get(**name) != Some(&[true, true])).collect();
    assert!(missing.is_empty(), "not met both where it holds and where it does not: {missing:?}");
}

#[test]
fn the_engine_and_the_test_agree_on_orders() {
    agree("orders_staging_copy");
}

#[test]
fn the_engine_and_the_test_agree_on_users_and_their_indexes() {
    agree("users");
}

#[test]
fn the_engine_and_the_test_agree_on_what_is_nested() {
    agree("api_metadata");
}

#[test]
fn a_query_is_planned_run_and_changed() {
    let terminal = demo(&[]);
    terminal.send("/users\r");
    terminal.wait_for("filter: users");
    terminal.send("=");
    terminal.wait_for("users › query");
    terminal.send("user_id = 1001");
    terminal.wait_for("GetItem on the table");
    terminal.send(key::ENTER);
    terminal.wait_for("users › user_id = ?");
    terminal.wait_for("all 1 items read");
    terminal.send(key::ESC);
    terminal.wait_for("users › query");
    terminal.send(" and size(email) > 3");
    terminal.wait_for("applied after the read, it saves");
    terminal.wait_for("Query on the table");
    terminal.send(key::ENTER);
    terminal.wait_for("Query (1 kept): all 1 items read");
    terminal.send(key::ESC);
    terminal.wait_for("users › query");
    terminal.send(key::ESC);
    terminal.wait_for("Tables (1 of 10)");
    quits(&terminal);
}

#[test]
fn a_deep_link_asks_at_once_and_leads_back_to_the_expression() {
    let terminal = dynaudit().args(["demo", "--table", "tenants", "--query", "plan = 'free'"]).start();
    terminal.wait_for("tenants › by-plan › plan = ?");
    terminal.wait_for("items read");
    terminal.send(key::ESC);
    terminal.wait_for("because");
    terminal.wait_for("= plan = 'free'");
    quits_from_the_box(&terminal);
}

fn quits_from_the_box(terminal: &crate::pty::Terminal) {
    terminal.send(&key::ctrl('c'));
    assert_eq!(terminal.wait_exit().exit_code(), 0);
    assert_eq!(terminal.left_behind(), Vec::<String>::new());
}

#[test]
fn esc_gives_a_long_read_up() {
    let terminal =
        dynaudit().args(["demo", "--table", "orders", "--query", "status = 'nothing like it'"]).start();
    terminal.wait_for("No matching items so far");
    terminal.send(key::ESC);
    terminal.wait_until("stopped, or back at the box", |s| {
        s.contents().contains("Paused") || s.contents().contains("because")
    });
    terminal.send(&key::ctrl('c'));
    assert_eq!(terminal.wait_exit().exit_code(), 0);
}

#[test]
fn a_bad_query_is_wrong_usage_with_its_place_and_without_its_values() {
    for (args, told) in [
        (&["demo", "--table", "t", "--query", "pk = \"hunter2"][..], "at character 6"),
        (&["--table", "t", "--query", "pk = 'hunter2' total"], "at character 16"),
        (&["--query", "pk = 'hunter2'"], "--table"),
    ] {
        let ran = assert_cmd::Command::new(env!("CARGO_BIN_EXE_dynaudit")).args(args).output().unwrap();
        let said = String::from_utf8_lossy(&ran.stderr).into_owned();
        assert_eq!(ran.status.code(), Some(2), "{said}");
        assert!(said.contains(told) && !said.contains("hunter2"), "{said}");
    }
}
