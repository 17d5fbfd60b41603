//! Which operation reads what an expression asks for, why, and at what cost.
//!
//! The rules are those of the Developer Guide, "Query a table" (key conditions, filters) and of the API Reference:
//! a key condition has `=` on the partition key and at most one condition on the sort key, joined by `and`; a
//! filter of a Query cannot name the key that is queried. Where an index has several attributes in its key, each of
//! the partition key needs `=`, and those of the sort key are taken from the left: `=` on each but the last that is
//! asked for ("Global secondary indexes", multi-attribute keys).

use std::cmp::Reverse;
use std::sync::Arc;

use crate::domain::{AttributeValue, Held, Index, KeyAttribute, KeyType, Projection, Read, TableDescription};
use crate::query::compile::{self, Compiler, known};
use crate::query::estimate::Estimate;
use crate::query::expression::{Condition, Expression, Literal, Operand, Path, Span, Value};
use crate::query::parse::Error;
use crate::query::words::Comparator;

/// An operation that reads items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Operation {
    /// One item by its whole key.
    GetItem,
    /// The items of one partition key.
    Query,
    /// Everything.
    Scan,
}

impl Operation {
    /// AWS's name for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::GetItem => "GetItem",
            Self::Query => "Query",
            Self::Scan => "Scan",
        }
    }
}

/// One way to read it.
#[derive(Clone)]
pub struct Way {
    /// By which operation.
    pub operation: Operation,
    /// Through which index.
    pub index: Option<String>,
    /// Why it works, in a sentence.
    pub why: String,
    /// What to know before it runs, in sentences: what a filter costs, what an index lacks.
    pub notes: Vec<String>,
    /// What it costs.
    pub estimate: Estimate,
    /// The read itself.
    pub read: Read,
    /// Its answer may be another: the filter asks for what the index does not hold, or the index has not every item.
    pub partial: bool,
    /// Number of conditions that go into its key.
    keyed: usize,
    /// Every attribute of the items is there.
    whole: bool,
}

/// Every way to read what was asked, the best first; and why the others do not work.
pub struct Plan {
    /// At least one.
    pub ways: Vec<Way>,
    /// What cannot be queried, by its name, and why.
    pub refused: Vec<(String, String)>,
}

/// Plans an expression. `held` are the values of `$1`, `$2` …
///
/// # Errors
/// When the expression fits the table in no way: a key compared with another type, a literal that is missing.
pub fn plan(expression: &Expression, table: &TableDescription, held: &[Held]) -> Result<Plan, Error> {
    let conjuncts = expression.condition.as_ref().map_or(&[][..], Condition::conjuncts);
    if let Some(condition) = &expression.condition {
        check(condition, table, held)?;
    }
    let mut plan = Plan { ways: Vec::new(), refused: Vec::new() };
    let ask = PlanRequest { conjuncts, table, held, descending: expression.descending.is_some() };
    let targets = std::iter::once(None).chain(table.indexes.iter().map(Some));
    for target in targets {
        let name = target.map_or("the table", |index: &Index| &index.name);
        match ask.by_key(target) {
            Ok(way) => plan.ways.push(fits(way)?),
            Err(why) => plan.refused.push((name.to_owned(), why)),
        }
    }
    plan.ways.sort_by_key(Way::rank);
    if let Some(span) = expression.descending
        && plan.ways.iter().all(|way| way.operation != Operation::Query)
    {
        let why = "`desc` needs a Query: a condition `=` on a partition key";
        return Err(Error::new(span, why));
    }
    if !ask.descending {
        let why = plan.refused.first().map(|(_, why)| why.as_str());
        // A way that may miss items comes after the one that does not.
        let at = plan.ways.iter().position(|way| way.partial).unwrap_or(plan.ways.len());
        plan.ways.insert(at, fits(ask.scan(None, why))?);
        for index in &table.indexes {
            plan.ways.push(fits(ask.scan(Some(index), None))?);
        }
    }
    Ok(plan)
}

impl Way {
    /// Better ones are less: whether items may be missing, the operation, how many conditions go into its key, whether
    /// every attribute is there, and then the table before an index.
    fn rank(&self) -> impl Ord + use<> {
        (self.partial, self.operation, Reverse(self.keyed), !self.whole, self.index.is_some())
    }
}

/// Whether the service would take the expressions.
fn fits(way: Way) -> Result<Way, Error> {
    let long = match &way.read {
        Read::Query { key, filter, .. } => key.len().max(filter.as_ref().map_or(0, String::len)),
        Read::Filter { filter, .. } => filter.len(),
        _ => 0,
    };
    if long > compile::LONGEST {
        return Err(Error::new(Span::default(), "The expression is too long for the service: 4 KB at most"));
    }
    Ok(way)
}

struct PlanRequest<'a> {
    conjuncts: &'a [Condition],
    table: &'a TableDescription,
    held: &'a [Held],
    descending: bool,
}

impl PlanRequest<'_> {
    /// The attributes of the partition key and of the sort key, of an index or of the table.
    fn key<'k>(&'k self, target: Option<&'k Index>) -> [Vec<&'k KeyAttribute>; 2] {
        match target {
            Some(index) => [index.partition().collect(), index.sort().collect()],
            None => [vec![&self.table.key.partition], self.table.key.sort.iter().collect()],
        }
    }

    /// The bytes of an index, or of the table: an index is at most as large as its table.
    fn bytes(&self, target: Option<&Index>) -> u64 {
        target.and_then(|index| index.bytes).unwrap_or(self.table.bytes)
    }

    /// GetItem or Query on the table or an index; or why neither works.
    fn by_key(&self, target: Option<&Index>) -> Result<Way, String> {
        let [partition, sort] = self.key(target);
        let mut rest: Vec<&Condition> = self.conjuncts.iter().collect();
        let mut used = Vec::new();
        for attribute in &partition {
            let Some(pinned) = rest.iter().position(|c| is_pinned(c, &attribute.name)) else {
                return Err(self.no_partition(&attribute.name));
            };
            used.push(oriented(rest.remove(pinned)));
        }
        // From the left, as far as each is pinned and one further.
        let mut narrows: Vec<&str> = Vec::new();
        for attribute in &sort {
            let Some(condition) = sort_condition(&mut rest, &attribute.name) else { break };
            narrows.push(&attribute.name);
            let on = is_pinned(&condition, &attribute.name);
            used.push(condition);
            if !on {
                break;
            }
        }
        let in_key = |name: &&String| partition.iter().chain(&sort).any(|a| a.name == **name);
        if let Some(name) = rest.iter().flat_map(|c| c.paths()).map(|p| &p.root).find(in_key) {
            let sorted = sort.iter().position(|a| a.name == *name);
            if let Some(before) = sorted.and_then(|n| sort[..n].iter().find(|a| !pins(&used, &a.name))) {
                return Err(format!(
                    "its sort key is asked for from the left: `{name}` needs `=` on `{}` before it",
                    before.name
                ));
            }
            return Err(format!(
                "its key attribute `{name}` stands in a condition that is no key condition, and a filter of a Query cannot name it"
            ));
        }
        let told = |of: &[&str]| of.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        if target.is_none()
            && rest.is_empty()
            && !self.descending
            && used.len() == partition.len() + sort.len()
            && let Some(item) = self.whole_key(&used)
        {
            return Ok(Way {
                operation: Operation::GetItem,
                index: None,
                why: format!(
                    "the whole key is given ({})",
                    self.table.key.names().collect::<Vec<_>>().join(", ")
                ),
                notes: Vec::new(),
                estimate: Estimate::of(Operation::GetItem, self.table.bytes),
                read: Read::Key(item),
                partial: false,
                keyed: used.len(),
                whole: true,
            });
        }
        let mut compiler = Compiler::new(self.held);
        let key_text = compiler.all(&used.iter().collect::<Vec<_>>());
        let filter = Some(compiler.all(&rest)).filter(|f| !f.is_empty());
        let (mut notes, partial) = self.projection(target, &rest);
        if filter.is_some() {
            notes.push(filter_note(&rest, "The rest"));
        }
        let narrowed = match narrows.len() {
            0 => String::new(),
            1 => format!(" and {} narrows it", told(&narrows)),
            _ => format!(" and {} narrow it", told(&narrows)),
        };
        let whose =
            target.map_or_else(|| "the table".to_owned(), |index| format!("the index {}", index.name));
        let names: Vec<&str> = partition.iter().map(|a| a.name.as_str()).collect();
        let is = if names.len() == 1 { "is" } else { "are" };
        Ok(Way {
            operation: Operation::Query,
            index: target.map(|index| index.name.clone()),
            why: format!("{} {is} the partition key of {whose}{narrowed}", told(&names)),
            notes,
            estimate: Estimate::of(Operation::Query, self.bytes(target)),
            read: Read::Query {
                key: key_text,
                filter,
                aliases: Arc::new(compiler.finish()),
                descending: self.descending,
            },
            partial,
            keyed: used.len(),
            whole: target.is_none_or(|index| index.projection == Projection::All),
        })
    }

    /// Why the partition key is not pinned.
    fn no_partition(&self, partition: &str) -> String {
        let named = self.conjuncts.iter().flat_map(Condition::paths).any(|p| p.is(partition));
        if !named {
            return format!("no condition `=` on its partition key `{partition}`");
        }
        let inside = self.conjuncts.iter().find(|c| c.paths().iter().any(|p| p.is(partition)));
        match inside {
            Some(Condition::Or(_)) => {
                format!("`{partition}` stands in an `or`: only `and` joins key conditions")
            }
            Some(Condition::In(..)) => {
                format!("`in` is no key condition: ask for one value of `{partition}` at a time")
            }
            _ => format!("its partition key `{partition}` needs `=`"),
        }
    }

    /// The item's key, if all parts are pinned.
    fn whole_key(&self, used: &[Condition]) -> Option<crate::domain::Item> {
        let part = |condition: &Condition| match condition {
            Condition::Compare(Operand::Path(path), Comparator::Eq, Operand::Literal(literal)) => {
                Some((path.root.clone(), known(literal, self.held)?.clone()))
            }
            _ => None,
        };
        used.iter().map(part).collect::<Option<Vec<_>>>().map(crate::domain::Item::new)
    }

    /// Everything of the table, or of an index, which has only the items that have all of its key: never the best
    /// way, but it may be a cheaper one.
    fn scan(&self, target: Option<&Index>, why: Option<&str>) -> Way {
        let mut compiler = Compiler::new(self.held);
        let all: Vec<&Condition> = self.conjuncts.iter().collect();
        let filter = compiler.all(&all);
        let read = if filter.is_empty() {
            Read::Scan
        } else {
            Read::Filter { filter, aliases: Arc::new(compiler.finish()) }
        };
        let why = match (target, why) {
            (Some(index), _) => format!("it reads every item of the index {}", index.name),
            _ if self.conjuncts.is_empty() => "no condition: reads the whole table".into(),
            (None, Some(why)) => format!("no key fits; of the table: {why}"),
            (None, None) => "it reads every item".into(),
        };
        let mut notes = self.projection(target, &all).0;
        if let Some(index) = target {
            let key: Vec<String> = index.keys().map(|a| format!("`{}`", a.name)).collect();
            notes.insert(0, format!("Items without {} are not in the index", key.join(", ")));
        }
        if !all.is_empty() {
            notes.push(filter_note(&all, "Everything"));
        }
        Way {
            operation: Operation::Scan,
            index: target.map(|index| index.name.clone()),
            why,
            notes,
            estimate: Estimate::of(Operation::Scan, self.bytes(target)),
            read,
            partial: target.is_some(),
            keyed: 0,
            whole: target.is_none_or(|index| index.projection == Projection::All),
        }
    }

    /// What an index does not hold, and whether the filter asks for it.
    fn projection(&self, target: Option<&Index>, filter: &[&Condition]) -> (Vec<String>, bool) {
        let Some(index) = target else { return (Vec::new(), false) };
        if index.projection == Projection::All {
            return (Vec::new(), false);
        }
        let holds = |name: &str| {
            index.is_key(name) || self.table.key.contains(name) || index.projection.carries(name)
        };
        let more = match &index.projection {
            Projection::Include(names) => format!(" and {}", names.join(", ")),
            _ => String::new(),
        };
        let mut notes = vec![format!("The index holds only the keys{more}: other attributes are not shown")];
        let mut missing: Vec<&str> =
            filter.iter().flat_map(|c| c.paths()).map(|p| p.root.as_str()).filter(|n| !holds(n)).collect();
        missing.dedup();
        if !missing.is_empty() {
            notes.push(format!(
                "The filter asks for {}, which the index does not hold: it reads as if no item had it",
                missing.join(", ")
            ));
        }
        (notes, !missing.is_empty())
    }
}

fn filter_note(filter: &[&Condition], what: &str) -> String {
    let mut names: Vec<&str> = Vec::new();
    for path in filter.iter().flat_map(|c| c.paths()) {
        if !names.contains(&path.root.as_str()) {
            names.push(&path.root);
        }
    }
    format!("{what} ({}) is a filter: applied after the read, it saves nothing", names.join(", "))
}

/// Whether one of the conditions pins a name.
fn pins(conditions: &[Condition], name: &str) -> bool {
    conditions.iter().any(|c| is_pinned(c, name))
}

/// `name = literal`, either way round.
fn is_pinned(condition: &Condition, name: &str) -> bool {
    match condition {
        Condition::Compare(Operand::Path(p), Comparator::Eq, Operand::Literal(_))
        | Condition::Compare(Operand::Literal(_), Comparator::Eq, Operand::Path(p)) => p.is(name),
        _ => false,
    }
}

/// The comparison with its attribute on the left, as a key condition wants it.
fn oriented(condition: &Condition) -> Condition {
    match condition {
        Condition::Compare(a @ Operand::Literal(_), comparator, b) => {
            Condition::Compare(b.clone(), comparator.flipped(), a.clone())
        }
        other => other.clone(),
    }
}

/// Takes the condition on the sort key out of the rest. A `>=` and a `<=` make a `between`.
fn sort_condition(rest: &mut Vec<&Condition>, sort: &str) -> Option<Condition> {
    let fits = |condition: &Condition| match condition {
        Condition::Compare(Operand::Path(p), comparator, Operand::Literal(_))
        | Condition::Compare(Operand::Literal(_), comparator, Operand::Path(p)) => {
            p.is(sort) && *comparator != Comparator::Ne
        }
        Condition::Between(Operand::Path(p), Operand::Literal(_), Operand::Literal(_)) => p.is(sort),
        Condition::BeginsWith(p, _) => p.is(sort),
        _ => false,
    };
    let found: Vec<usize> = (0..rest.len()).filter(|n| fits(rest[*n])).collect();
    match found[..] {
        [n] => Some(oriented(rest.remove(n))),
        [m, n] => {
            let both = match (oriented(rest[m]), oriented(rest[n])) {
                (Condition::Compare(p, Comparator::Ge, low), Condition::Compare(_, Comparator::Le, high))
                | (Condition::Compare(_, Comparator::Le, high), Condition::Compare(p, Comparator::Ge, low)) => {
                    Condition::Between(p, low, high)
                }
                _ => return None,
            };
            rest.remove(n);
            rest.remove(m);
            Some(both)
        }
        _ => None,
    }
}

/// What the service would refuse, with its place: literals that are missing, keys compared with another type.
fn check(condition: &Condition, table: &TableDescription, held: &[Held]) -> Result<(), Error> {
    for literal in condition.literals() {
        match literal.value {
            Value::Hole => return Err(Error::new(literal.span, "Fill in a value for `?`")),
            Value::Held(n) if known(literal, held).is_none() => {
                return Err(Error::new(literal.span, format!("No value is held as ${n}")));
            }
            _ => {}
        }
    }
    keys(condition, table, held)
}

fn keys(condition: &Condition, table: &TableDescription, held: &[Held]) -> Result<(), Error> {
    let compared = |operands: &[&Operand]| {
        let paths = operands.iter().filter_map(|o| if let Operand::Path(p) = o { Some(p) } else { None });
        for path in paths {
            for operand in operands {
                if let Operand::Literal(literal) = operand {
                    of_type(path, literal, table, held)?;
                }
            }
        }
        Ok(())
    };
    match condition {
        Condition::Compare(a, _, b) => compared(&[a, b]),
        Condition::Between(a, b, c) => compared(&[a, b, c]),
        Condition::In(a, list) => compared(&std::iter::once(a).chain(list).collect::<Vec<_>>()),
        Condition::BeginsWith(path, literal) => match known(literal, held) {
            Some(AttributeValue::S(_) | AttributeValue::B(_)) => of_type(path, literal, table, held),
            _ => Err(Error::new(literal.span, "begins_with takes a string or binary")),
        },
        Condition::And(parts) | Condition::Or(parts) => parts.iter().try_for_each(|c| keys(c, table, held)),
        Condition::Not(inner) => keys(inner, table, held),
        Condition::Contains(..) | Condition::Exists(_) | Condition::NotExists(_) | Condition::Type(..) => {
            Ok(())
        }
    }
}

/// Whether a literal can be the value of a key attribute: no item has another type there, nor an empty value.
fn of_type(path: &Path, literal: &Literal, table: &TableDescription, held: &[Held]) -> Result<(), Error> {
    let own = std::iter::once(&table.key.partition).chain(&table.key.sort);
    let mut attributes = own.chain(table.indexes.iter().flat_map(Index::keys));
    let (Some(attribute), Some(value)) = (attributes.find(|a| path.is(&a.name)), known(literal, held)) else {
        return Ok(());
    };
    let wanted = match attribute.kind {
        KeyType::S => "a string: put it in quotes",
        KeyType::N => "a number: write it without quotes",
        KeyType::B => "binary: write it as b64\"…\"",
    };
    if value.kind() != attribute.kind.letter() {
        return Err(Error::new(literal.span, format!("The key attribute `{}` is {wanted}", attribute.name)));
    }
    if value.size() == 0 {
        return Err(Error::new(literal.span, "A key value is never empty"));
    }
    Ok(())
}
