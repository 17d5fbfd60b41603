//! Queries from outside: journeys with the expression box, deep links, and that the embedded engine and an
//! evaluation in memory agree on what an expression means, whichever way it is read.

#![cfg(feature = "demo")]

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue as Raw;
use dynaudit::demo::{Demo, Faults, Login};
use dynaudit::domain::{AttributeValue, FactKind, FactValue, PageRequest, Read, TableFacts, TableRef};
use dynaudit::query::{
    Comparator, Condition, Expression, Literal, Member, Operand, Path, Value, parse, plan, print,
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
        (Raw::L(a), Raw::L(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b)),
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
        _ => panic!("not in these tests"),
    }
}

fn typed(value: &Raw) -> Option<AttributeValue> {
    Some(match value {
        Raw::S(s) => AttributeValue::S(s.clone()),
        Raw::N(n) => AttributeValue::N(n.clone()),
        Raw::B(b) => AttributeValue::B(b.as_ref().to_vec()),
        Raw::Bool(b) => AttributeValue::Bool(*b),
        Raw::Null(_) => AttributeValue::Null,
        Raw::Ss(set) => AttributeValue::Ss(set.clone()),
        Raw::Ns(set) => AttributeValue::Ns(set.clone()),
        _ => return None,
    })
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
        Operand::Size(path) => {
            let size = match at(item, path)? {
                Raw::S(s) => s.encode_utf16().count(),
                Raw::B(b) => b.as_ref().len(),
                Raw::Ss(set) | Raw::Ns(set) => set.len(),
                Raw::Bs(set) => set.len(),
                Raw::L(list) => list.len(),
                Raw::M(map) => map.len(),
                _ => return None,
            };
            Some(Raw::N(size.to_string()))
        }
    }
}

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

    fn literal(value: AttributeValue) -> Operand {
        Operand::Literal(Literal::typed(value))
    }

    fn leaf(&mut self) -> Condition {
        let (path, value) = self.place();
        let Some(value) = typed(&value) else {
            return match self.below(3) {
                0 => Condition::Exists(path),
                1 => Condition::Type(path, if self.below(2) == 0 { "L" } else { "M" }),
                _ => Condition::Compare(
                    Operand::Size(path),
                    Comparator::Ge,
                    Self::literal(AttributeValue::N("2".into())),
                ),
            };
        };
        let scalar = matches!(value, AttributeValue::S(_) | AttributeValue::N(_) | AttributeValue::B(_));
        let here = Operand::Path(path.clone());
        match (self.below(9), &value) {
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
            (4, AttributeValue::S(s)) => {
                let start: String = s.chars().take(1 + self.below(6)).collect();
                Condition::BeginsWith(path, Literal::typed(AttributeValue::S(start)))
            }
            (5, AttributeValue::S(s)) if s.is_ascii() => {
                let size = AttributeValue::N(s.len().to_string());
                Condition::Compare(Operand::Size(path), Comparator::Le, Self::literal(size))
            }
            (6, _) => {
                let other = self.place().1;
                let list = [Some(value), typed(&other)].into_iter().flatten().map(Self::literal).collect();
                Condition::In(here, list)
            }
            (7, _) if scalar => {
                let other =
                    typed(&self.place().1).filter(|v| v.kind() == value.kind()).unwrap_or(value.clone());
                let (low, high) = match compare(&raw(&value), &raw(&other)) {
                    Some(Ordering::Greater) => (other, value),
                    _ => (value, other),
                };
                Condition::Between(here, Self::literal(low), Self::literal(high))
            }
            _ => {
                let all = [
                    Comparator::Eq,
                    Comparator::Eq,
                    Comparator::Ne,
                    Comparator::Lt,
                    Comparator::Le,
                    Comparator::Gt,
                    Comparator::Ge,
                ];
                let comparator = all[self.below(if scalar { all.len() } else { 3 })];
                Condition::Compare(here, comparator, Self::literal(value))
            }
        }
    }

    /// A condition that often asks for one key, so that not all are read by Scan.
    fn question(&mut self) -> Condition {
        let key = typed(&self.2[self.below(self.2.len())][self.3]).unwrap();
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
    );
    let answer = aws_sdk_dynamodb::Client::new(&config).scan().table_name(table).send().await.unwrap();
    assert!(answer.last_evaluated_key.is_none(), "a small table");
    answer.items.unwrap()
}

/// Every way to read an expression gives what an evaluation in memory gives.
fn agree(table: &str) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
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
    let name = |item: &Item| match &item[&id] {
        Raw::S(s) | Raw::N(s) => s.clone(),
        _ => panic!("another key"),
    };
    let read = |read: Read, index: Option<String>| -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut start = None;
        loop {
            let (table, index, read) = (table.clone(), index.clone(), read.clone());
            let request = PageRequest { table, index, read, limit: None, start };
            let page = runtime.block_on(live.page(request, &known));
            let page = page.unwrap_or_else(|gap| panic!("{gap:?}"));
            let key = |item: &dynaudit::domain::Screened| item.key(&description.key).unwrap();
            found.extend(page.items.iter().map(|item| match key(item).key().get(&id) {
                Some(AttributeValue::S(s) | AttributeValue::N(s)) => s.clone(),
                _ => panic!("another key"),
            }));
            start = page.next;
            if start.is_none() {
                return found;
            }
        }
    };
    let (mut asked, mut some, mut queried) = (0_u32, 0_u32, 0_u32);
    let mut runner = TestRunner::new(ProptestConfig {
        cases: 120,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let counts = std::cell::RefCell::new((&mut asked, &mut some, &mut queried));
    let tapes = prop::collection::vec(any::<u64>(), 4..60);
    let ended = runner.run(&tapes, |tape| {
        let expression =
            Expression { condition: Some(Tape(tape, 0, &items, &id).question()), descending: None };
        let text = print(&expression);
        let Ok(parsed) = parse(&text) else {
            return Err(TestCaseError::fail(format!("does not parse: {}", *text)));
        };
        prop_assert!(parsed == expression, "{}", *text);
        // A key compared with a value of another type is refused, and so it should be.
        let Ok(plan) = plan(&parsed, &description, &[]) else { return Ok(()) };
        let condition = parsed.condition.as_ref().unwrap();
        let wanted: BTreeSet<String> = items.iter().filter(|i| holds(i, condition)).map(name).collect();
        for way in plan.ways.iter().filter(|way| !way.partial) {
            let found = read(way.read.clone(), way.index.clone());
            prop_assert_eq!(&found, &wanted, "{} by {:?}", *text, way.operation);
            let mut counts = counts.borrow_mut();
            *counts.0 += 1;
            *counts.1 += u32::from(!wanted.is_empty() && wanted.len() < items.len());
            *counts.2 += u32::from(way.operation != dynaudit::query::Operation::Scan);
        }
        Ok(())
    });
    ended.unwrap();
    // The conditions say something, and not all of them are read by Scan.
    assert!(some * 3 > asked, "{some} of {asked}");
    assert!(queried > 0);
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
    terminal.wait_for("None kept so far");
    terminal.send(key::ESC);
    terminal.wait_until("stopped, or back at the box", |s| {
        s.contents().contains("Stopped reading") || s.contents().contains("because")
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
