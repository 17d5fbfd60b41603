//! The language and the planner, case by case; and that what is printed parses to the same.

use proptest::prelude::*;

use super::*;
use crate::detect::Redactor;
use crate::domain::{
    Aliases, AttributeValue, Billing, Encryption, Held, Index, KeyAttribute, KeySchema, KeyType, Projection,
    Rcu, Read, TableDescription,
};

fn typed(text: &str) -> Typed {
    Typed::new(text, &Redactor::default())
}

fn parse(text: &str) -> Result<Expression, Error> {
    super::parse(&typed(text))
}

/// The text parses, and prints as `printed`, which prints the same again.
#[track_caller]
fn prints(text: &str, printed: &str) {
    let tree = parse(text).unwrap_or_else(|e| panic!("{text}: {e:?}"));
    assert_eq!(*print(&tree), printed);
    assert!(parse(printed).is_ok_and(|again| again == tree), "{printed}");
}

#[test]
fn text_to_tree_and_back() {
    prints("", "");
    prints("  ", "");
    prints("desc", "desc");
    prints("a = 1 desc", "a = 1 desc");
    prints("a = 1 asc", "a = 1");
    prints(
        r#"tenant_id = "acme" AND begins_with(sk,"S#") and total>100"#,
        r#"tenant_id = "acme" and begins_with(sk, "S#") and total > 100"#,
    );
    prints("a='x'", r#"a = "x""#);
    prints("a != 1", "a <> 1");
    prints("1 < a", "1 < a");
    prints("a between 1 and 2 and b = 3", "a between 1 and 2 and b = 3");
    prints("a not between 1 and 2", "not a between 1 and 2");
    prints("a in (1, \"x\", null, true)", "a in (1, \"x\", null, true)");
    prints("a not in (1)", "not a in (1)");
    prints("not a = 1 and b = 2", "not a = 1 and b = 2");
    prints("not (a = 1 and b = 2)", "not (a = 1 and b = 2)");
    prints("((a = 1)) or ((b = 2))", "a = 1 or b = 2");
    prints("a = 1 and (b = 2 or c = 3)", "a = 1 and (b = 2 or c = 3)");
    prints("a = 1 and (b = 2 and c = 3)", "a = 1 and b = 2 and c = 3");
    prints("a = 1 or b = 2 and c = 3", "a = 1 or b = 2 and c = 3");
    prints("size(a.b[0].c) >= 3", "size(a.b[0].c) >= 3");
    prints("size = 3", "size = 3");
    prints("contains(tags, \"x\")", "contains(tags, \"x\")");
    prints("contains(a, b)", "contains(a, b)");
    prints(
        "attribute_exists(a) and attribute_not_exists(b)",
        "attribute_exists(a) and attribute_not_exists(b)",
    );
    prints("attribute_type(a, 'SS')", "attribute_type(a, \"SS\")");
    prints("attribute_type(a, BOOL)", "attribute_type(a, \"BOOL\")");
    prints("`a.b` = 1", "`a.b` = 1");
}

#[test]
fn names_and_literals() {
    prints("`and` = 1", "`and` = 1");
    prints("`plain` = 1", "plain = 1");
    prints("`a\\`b`.c = 1", "`a\\`b`.c = 1");
    prints("user:id-x#1@y = 1", "user:id-x#1@y = 1");
    prints("größe = 1", "größe = 1");
    prints(r#"a = "say \"hi\"\n\t\\ \u{1f600}\u{7}""#, "a = \"say \\\"hi\\\"\\n\\t\\\\ 😀\\u{7}\"");
    prints("a = -12345678901234567890123456789012345678", "a = -12345678901234567890123456789012345678");
    prints("a = 1.50e-3", "a = 1.50e-3");
    prints("a = b64\"AAEC/w==\"", "a = b64\"AAEC/w==\"");
    prints("a = {\"x\", \"y\"}", "a = {\"x\", \"y\"}");
    prints("a = {1,2}", "a = {1, 2}");
    prints("a = {b64\"AA==\"}", "a = {b64\"AA==\"}");
    prints("a = [1, \"x\", [true], {2}]", "a = [1, \"x\", [true], {2}]");
    prints("a = []", "a = []");
    prints("a = {}", "a = {}");
    prints("a = {'b': 1,\"c d\":[{}]}", "a = {\"b\": 1, \"c d\": [{}]}");
    prints("a = ? and b = $1", "a = ? and b = $1");
}

/// The text is refused, at this character, with a message that holds `told`.
#[track_caller]
fn refused(text: &str, column: usize, told: &str) {
    let Err(error) = parse(text) else { panic!("{text} parses") };
    assert_eq!(
        (error.column(text), error.message.contains(told)),
        (column, true),
        "{text}: {}",
        error.message
    );
}

#[test]
fn errors_point_at_the_place() {
    refused("a", 2, "a comparison");
    refused("a =", 4, "a value or an attribute, found the end");
    refused("a = = 1", 5, "found `=`");
    refused("a = 1 b = 2", 7, "`and`, `or` or the end");
    refused("and = 1", 1, "a condition");
    refused("a.and = 1", 3, "backquotes");
    refused("(a = 1", 7, "`)`");
    refused("a = \"x", 5, "not closed");
    refused("`x = 1", 1, "not closed");
    refused("`` = 1", 1, "empty");
    refused("größe = ü!", 10, "no meaning");
    refused("a = 12x", 5, "no number");
    refused("a = -", 5, "no number");
    refused("a = 1e", 5, "no number");
    refused("a = 123456789012345678901234567890123456789", 5, "38 digits");
    refused("a = 1e126", 5, "between 1E-130");
    refused("a = 1e-131", 5, "between 1E-130");
    refused("a = b64\"?\"", 5, "base64");
    refused("a in ()", 7, "a value");
    refused("a between 1 or 2", 13, "`and`");
    refused("attribute_type(a, \"X\")", 19, "Expected a type");
    refused("begins_with(a, 1)", 16, "string or binary");
    refused("begins_with(a)", 14, "`,`");
    refused("attribute_exists(\"a\")", 18, "an attribute, found a string");
    refused("1 = 2", 5, "must be an attribute");
    refused("a = a", 5, "itself");
    refused("a = {1, \"x\"}", 5, "A set holds");
    refused("a = {true}", 5, "A set holds");
    refused("a = {\"b\": 1, 2}", 14, "A member of a map");
    refused("a = {\"b\": 1, \"c\"}", 17, "`:`");
    refused("a = {\"b\": 1, \"b\": 2}", 14, "no name twice");
    refused("a = {\"b\": ?}", 11, "cannot stand in");
    refused("a < {}", 5, "have an order");
    refused("a = {1, 1}", 5, "twice");
    refused("a < true", 5, "have an order");
    refused("a between 1 and null", 17, "have an order");
    refused("a between 1 and \"x\"", 17, "one type");
    refused("a[x] = 1", 3, "position");
    refused("size(a)", 8, "a comparison");
    refused("a = $x", 5, "$1");
    refused("a = \"\\q\"", 6, "backslash");
    refused("a = \"\\u{}\"", 6, "by its code");
}

#[test]
fn no_bound_is_passed() {
    refused(&format!("{}a = 1", "(".repeat(40)), 34, "32 deep");
    refused(&format!("{}a = 1", "not ".repeat(4000 / 4)), 33 * 4 + 1, "32 deep");
    refused(&format!("a = {}", "[".repeat(4000)), 37, "32 deep");
    refused(&format!("a = {}", "{\"b\":".repeat(800)), 165, "32 deep");
    refused(&vec!["a=1"; 400].join(" or "), 1053, "300 operators");
    refused(&format!("a in ({})", vec!["1"; 101].join(",")), 207, "100 values");
    refused(&format!("a{} = 1", ".b".repeat(40)), 65, "32 steps");
    refused(&"x".repeat(5000), 4097, "4,096 bytes");
}

#[test]
fn an_error_never_repeats_a_literal() {
    for text in
        ["a = \"hunter2\" \"hunter2\"", "\"hunter2\"", "a in (\"hunter2\" \"hunter2\")", "a = \"hunter2"]
    {
        assert!(!parse(text).err().expect("refused").message.contains("hunter2"), "{text}");
    }
}

#[test]
fn a_shape_holds_no_literal() {
    for (text, shape) in [
        ("a = \"hunter2\" and b in (1, 2) desc", "a = ? and b in (?, ?) desc"),
        ("begins_with(a, \"x\") or a = $1", "begins_with(a, ?) or a = ?"),
        ("a = [1, \"x\"] and attribute_type(b, S)", "a = ? and attribute_type(b, \"S\")"),
        ("a = {\"hunter2\": 1}", "a = ?"),
    ] {
        let made = Shape::of(&parse(text).expect("parses"));
        assert_eq!(made.as_str(), shape);
        assert!(parse(shape).is_ok());
    }
}

fn attribute(name: &str, kind: KeyType) -> KeyAttribute {
    KeyAttribute { name: name.into(), kind }
}

fn key(partition: &str, sort: Option<&str>) -> KeySchema {
    let sort = sort.map(|s| attribute(s, if s == "total" { KeyType::N } else { KeyType::S }));
    KeySchema { partition: attribute(partition, KeyType::S), sort }
}

fn index(name: &str, key: KeySchema, projection: Projection) -> Index {
    Index {
        name: name.into(),
        global: true,
        key,
        more_partition: Vec::new(),
        more_sort: Vec::new(),
        projection,
        items: None,
        bytes: None,
        capacity: None,
    }
}

/// Tenants' orders: `pk`, `sk`, and four indexes, the last of which has two attributes in its partition key and three in
/// its sort key.
fn table() -> TableDescription {
    let mut many = index("many", key("city", Some("year")), Projection::All);
    many.more_partition.push(attribute("street", KeyType::S));
    many.more_sort.extend([attribute("month", KeyType::S), attribute("day", KeyType::S)]);
    many.bytes = Some(4096);
    TableDescription {
        arn: String::new(),
        status: "ACTIVE".into(),
        key: key("pk", Some("sk")),
        indexes: vec![
            index("by-owner-keys", key("owner", None), Projection::KeysOnly),
            index("by-owner", key("owner", Some("total")), Projection::All),
            index("by-state", key("state", None), Projection::Include(vec!["note".into()])),
            many,
        ],
        items: 1000,
        bytes: 1 << 20,
        billing: Billing::OnDemand,
        encryption: Encryption::AwsOwned,
        stream: None,
        deletion_protection: Some(false),
        restored_from: None,
        vectors: Vec::new(),
        replicas: Vec::new(),
        class: "STANDARD".into(),
        created: None,
    }
}

fn shown(text: &str, aliases: &Aliases) -> String {
    let mut text = text.to_owned();
    let values: Vec<_> = aliases.values().collect();
    for (alias, value) in values.into_iter().rev() {
        let (AttributeValue::S(value) | AttributeValue::N(value)) = value else { continue };
        text = text.replace(&alias, value);
    }
    let names: Vec<_> = aliases.names().collect();
    names.into_iter().rev().fold(text, |text, (alias, name)| text.replace(&alias, name))
}

fn told(way: &Way) -> String {
    let through = way.index.as_ref().map_or(String::new(), |i| format!(" {i}"));
    let read = match &way.read {
        Read::Key(item) => item.attributes().iter().map(|(n, _)| n.as_str()).collect::<Vec<_>>().join(" "),
        Read::Query { key, filter, aliases, descending } => {
            let filter = filter.as_ref().map_or(String::new(), |f| format!(" | {}", shown(f, aliases)));
            format!("{}{filter}{}", shown(key, aliases), if *descending { " desc" } else { "" })
        }
        Read::Filter { filter, aliases } => format!("| {}", shown(filter, aliases)),
        _ => String::new(),
    };
    format!("{}{through}: {read}", way.operation.name()).trim_end().to_owned()
}

/// The best way for a text.
#[track_caller]
fn planned(text: &str, best: &str) {
    let plan = plan(&parse(text).expect("parses"), &table(), &[]).map_err(|e| e.message);
    let way = plan.as_ref().map(|p| told(&p.ways[0])).unwrap_or_else(|e| panic!("{text}: {e}"));
    assert_eq!(way, best, "{text}");
}

#[test]
fn the_planner_picks() {
    planned("", "Scan:");
    planned("pk = \"a\" and sk = \"b\"", "GetItem: pk sk");
    planned("\"b\" = sk and \"a\" = pk", "GetItem: pk sk");
    planned("pk = \"a\" and sk = \"b\" and x = 1", "Query: pk = a AND sk = b | x = 1");
    planned("pk = \"a\" and sk = \"b\" desc", "Query: pk = a AND sk = b desc");
    planned("pk = \"a\"", "Query: pk = a");
    planned("pk = \"a\" and sk > \"b\"", "Query: pk = a AND sk > b");
    planned("pk = \"a\" and \"b\" < sk", "Query: pk = a AND sk > b");
    planned("pk = \"a\" and sk >= \"b\" and sk <= \"c\"", "Query: pk = a AND sk BETWEEN b AND c");
    planned("sk <= \"c\" and pk = \"a\" and sk >= \"b\"", "Query: pk = a AND sk BETWEEN b AND c");
    planned("pk = \"a\" and sk between \"b\" and \"c\"", "Query: pk = a AND sk BETWEEN b AND c");
    planned("begins_with(sk, \"b\") and pk = \"a\"", "Query: pk = a AND begins_with(sk, b)");
    // What a Query refuses becomes a Scan.
    planned("pk = \"a\" and sk <> \"b\"", "Scan: | pk = a AND sk <> b");
    planned("pk = \"a\" and sk > \"b\" and sk < \"c\"", "Scan: | pk = a AND sk > b AND sk < c");
    planned("pk = \"a\" or pk = \"b\"", "Scan: | pk = a OR pk = b");
    planned("pk in (\"a\", \"b\")", "Scan: | pk IN (a, b)");
    planned("pk = \"a\" and contains(sk, \"b\")", "Scan: | pk = a AND contains(sk, b)");
    planned("pk = x", "Scan: | pk = x");
    // Indexes.
    planned("owner = \"a\"", "Query by-owner: owner = a");
    planned("owner = \"a\" and total > 5 and x = 1", "Query by-owner: owner = a AND total > 5 | x = 1");
    planned("pk = \"a\" and owner = \"b\" and total > 5", "Query by-owner: owner = b AND total > 5 | pk = a");
    planned("pk = \"a\" and owner = \"b\"", "Query: pk = a | owner = b");
    planned("state = \"a\"", "Query by-state: state = a");
    planned("state = \"a\" and note = \"x\"", "Query by-state: state = a | note = x");
    // An index that lacks what the filter asks for would lose items.
    planned("state = \"a\" and x = 1", "Scan: | state = a AND x = 1");
    // Several attributes of a kind in a key.
    planned("city = \"a\"", "Scan: | city = a");
    planned("street = \"b\" and city = \"a\"", "Query many: city = a AND street = b");
    let place = "city = \"a\" and street = \"b\"";
    planned(&format!("{place} and year = \"c\""), "Query many: city = a AND street = b AND year = c");
    planned(&format!("{place} and year > \"c\""), "Query many: city = a AND street = b AND year > c");
    planned(
        &format!("day >= \"e\" and {place} and month = \"d\" and year = \"c\""),
        "Query many: city = a AND street = b AND year = c AND month = d AND day >= e",
    );
    // From the left, without a gap, and an order only at the end.
    planned(&format!("{place} and month = \"d\""), "Scan: | city = a AND street = b AND month = d");
    planned(
        &format!("{place} and year > \"c\" and month = \"d\""),
        "Scan: | city = a AND street = b AND year > c AND month = d",
    );
    // The more of the conditions go into the key, the better.
    planned(&format!("pk = \"p\" and {place}"), "Query many: city = a AND street = b | pk = p");
    // Parentheses only where they are needed.
    planned("pk = \"a\" and (x = 1 or y = 2)", "Query: pk = a | x = 1 OR y = 2");
    planned("pk = \"a\" and z = 3 and (x = 1 or y = 2)", "Query: pk = a | z = 3 AND (x = 1 OR y = 2)");
    planned("not (x = 1 and size(a.b[2].c) > 2)", "Scan: | NOT (x = 1 AND size(a.b[2].c) > 2)");
}

#[test]
fn the_planner_says_why() {
    let check = |text: &str, said: &str| {
        let plan = plan(&parse(text).expect("parses"), &table(), &[]);
        let plan = plan.expect("planned");
        let all: Vec<String> = plan
            .ways
            .iter()
            .flat_map(|w| std::iter::once(&w.why).chain(&w.notes).cloned())
            .chain(plan.refused.iter().map(|(name, why)| format!("{name}: {why}")))
            .collect();
        assert!(all.iter().any(|s| s.contains(said)), "{text}: {all:#?}");
    };
    check("pk = \"a\" and x = 1", "The rest (x) is a filter: applied after the read, it saves nothing");
    check("x = 1", "Everything (x) is a filter");
    check("pk in (\"a\")", "the table: `in` is no key condition");
    check("pk = \"a\" or x = 1", "stands in an `or`");
    check("pk > \"a\"", "needs `=`");
    check("state = \"a\" and x = 1", "as if no item had it");
    check("state = \"a\"", "holds only the keys and note");
    check("city = \"a\"", "many: no condition `=` on its partition key `street`");
    check("city = \"a\" and street = \"b\"", "`city`, `street` are the partition key of the index many");
    check(
        "city = \"a\" and street = \"b\" and year = \"c\" and month > \"d\"",
        "and `year`, `month` narrow it",
    );
    check(
        "city = \"a\" and street = \"b\" and day = \"c\"",
        "from the left: `day` needs `=` on `year` before it",
    );
    check("pk = \"a\" and sk <> \"b\"", "a filter of a Query cannot name it");
    check("owner = \"a\"", "by-owner");
}

/// All ways of a text, in order.
#[track_caller]
fn ways(text: &str, expect: &[&str]) {
    let plan = plan(&parse(text).expect("parses"), &table(), &[]).map_err(|e| e.message).expect("planned");
    assert_eq!(plan.ways.iter().map(told).collect::<Vec<_>>(), expect, "{text}");
}

#[test]
fn any_other_way_can_be_taken_and_an_index_is_scanned_only_by_choice() {
    ways("", &["Scan:", "Scan by-owner-keys:", "Scan by-owner:", "Scan by-state:", "Scan many:"]);
    ways(
        "state = \"a\" and x = 1",
        &[
            "Scan: | state = a AND x = 1",
            "Query by-state: state = a | x = 1",
            "Scan by-owner-keys: | state = a AND x = 1",
            "Scan by-owner: | state = a AND x = 1",
            "Scan by-state: | state = a AND x = 1",
            "Scan many: | state = a AND x = 1",
        ],
    );
    // `desc` needs an order, which a Scan has not.
    ways("pk = \"a\" desc", &["Query: pk = a desc"]);
    let plan = plan(&parse("").expect("parses"), &table(), &[]).map_err(|e| e.message).expect("planned");
    let many = plan.ways.last().expect("a way");
    assert!(
        many.partial && many.notes[0].contains("Items without `city`, `street`, `year`"),
        "{:?}",
        many.notes
    );
    // By the size of the index, not of the table.
    assert_eq!(
        (many.estimate.most, plan.ways[0].estimate.most),
        (Rcu::eventual(4096), Rcu::eventual(1 << 20))
    );
    assert_eq!(plan.ways[0].index, None);
}

#[test]
fn what_the_service_would_refuse_is_said_with_its_place() {
    let check = |text: &str, column: usize, said: &str| {
        let error = plan(&parse(text).expect("parses"), &table(), &[]).err().expect(text);
        assert_eq!((error.column(text), error.message.contains(said)), (column, true), "{}", error.message);
    };
    check("pk = 5", 6, "`pk` is a string");
    check("x = 1 or pk = 5", 15, "a string");
    check("owner = \"a\" and total > \"5\"", 25, "a number");
    check("pk in (\"a\", 5)", 13, "a string");
    check("pk = \"\"", 6, "never empty");
    check("pk = ?", 6, "Fill in");
    check("pk = $1", 6, "No value is held");
    check("x = 1 desc", 7, "needs a Query");
}

#[test]
fn a_held_value_goes_where_its_sign_is() {
    let held = [Held::new(AttributeValue::S("a".into()))];
    let plan = plan(&parse("pk = $1").expect("parses"), &table(), &held).expect("planned");
    assert_eq!(told(&plan.ways[0]), "Query: pk = a");
}

/// What is offered after a text, in order.
#[track_caller]
fn offers(before: &str, wanted: &[&str]) {
    let mut names: Vec<(Path, String)> =
        ["pk", "sk", "total", "a.b"].map(|name| (Path::attribute(name), String::new())).to_vec();
    let inside = ["ship.to", "ship.`zip code`", "ship.lines", "ship.lines[0]", "ship.lines[0].sku"];
    for text in inside {
        let parsed = parse(&format!("attribute_exists({text})")).expect("a path");
        names.push((parsed.condition.expect("one").paths()[0].clone(), String::new()));
    }
    let offered = complete(&typed(before), &names);
    let texts: Vec<&str> = offered.choices.iter().map(|c| c.text.as_str()).collect();
    if wanted.is_empty() {
        assert_eq!(texts, Vec::<&str>::new(), "{before:?}");
    } else {
        assert!(texts.starts_with(wanted), "{before:?}: {texts:?}");
    }
}

#[test]
fn what_may_come_is_offered() {
    offers("", &["pk", "sk", "total", "`a.b`", "begins_with("]);
    offers("sh", &["ship.to", "ship.`zip code`", "ship.lines", "ship.lines[0]", "ship.lines[0].sku"]);
    offers("ship.", &["to", "`zip code`", "lines"]);
    offers("ship.l", &["lines"]);
    offers("pk = 1 and ship.`z", &["`zip code`"]);
    offers("size(ship.lines[7].", &["sku"]);
    offers("ship.lines.", &[]);
    offers("ship.to.", &[]);
    offers("nothing.", &[]);
    offers("p", &["pk"]);
    offers("`a", &["`a.b`"]);
    offers("PK", &[]);
    offers("beg", &["begins_with("]);
    offers("begins_with(s", &["sk"]);
    offers("pk ", &["= ", "<> "]);
    offers("pk = ", &["pk", "sk"]);
    offers("pk = \"a", &[]);
    offers("pk = \"a and p", &[]);
    offers("pk = 1", &[]);
    offers("pk = 12", &[]);
    offers("pk = \"a\" ", &["and ", "or ", "desc"]);
    offers("pk = \"a\" an", &["and "]);
    offers("pk = \"a\" and s", &["sk", "size("]);
    offers("attribute_type(pk, ", &["\"S\""]);
    offers("x = = ", &[]);
    offers("größe = 1 a", &["and "]);
}

/// Numbers that a tree is grown from. Trees have no Debug, so proptest cannot hold them itself.
struct Tape(Vec<u64>, usize);

impl Tape {
    fn below(&mut self, n: usize) -> usize {
        self.1 += 1;
        self.0.get(self.1 - 1).map_or(0, |v| (*v % n as u64) as usize)
    }

    fn one_of<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }

    fn name(&mut self) -> String {
        let names = [
            "a", "total", "and", "size", "DESC", "x y", "a.b", "`", "\\", "ü", "\u{7}", "1a", "a-b#c", "\"",
            "𝒳",
        ];
        self.one_of(&names).to_owned()
    }

    fn path(&mut self) -> Path {
        let mut path = Path::attribute(self.name());
        for _ in 0..self.below(3) {
            let n = self.below(9) as u32;
            let member = if self.below(2) == 0 { Member::Index(n) } else { Member::Name(self.name()) };
            path.rest.push(member);
        }
        path
    }

    fn text(&mut self) -> String {
        (0..self.below(4))
            .map(|_| self.one_of(&['a', '"', '\'', '`', '\\', '\n', '\0', 'é', '?', '\u{202e}']))
            .collect()
    }

    fn value(&mut self, depth: usize) -> AttributeValue {
        let numbers =
            ["0", "-1", "1.50", "1e-130", "9.9E+125", "-12345678901234567890123456789012345678", "007"];
        match self.below(if depth < 3 { 10 } else { 8 }) {
            0 | 1 => AttributeValue::S(self.text()),
            2 => AttributeValue::N(self.one_of(&numbers).to_owned()),
            3 => AttributeValue::B(self.text().into_bytes()),
            4 => AttributeValue::Bool(self.below(2) == 0),
            5 => AttributeValue::Null,
            6 => AttributeValue::Ss(vec![self.text(), "other".into()]),
            7 => AttributeValue::Ns(
                numbers[..=self.below(numbers.len())].iter().map(|n| (*n).to_owned()).collect(),
            ),
            8 => AttributeValue::L((0..self.below(3)).map(|_| self.value(depth + 1)).collect()),
            _ => {
                let name = |n: usize, t: &mut Self| format!("{n}{}", t.text());
                AttributeValue::M(
                    (0..self.below(3)).map(|n| (name(n, self), self.value(depth + 1))).collect(),
                )
            }
        }
    }

    fn literal(&mut self) -> Operand {
        Operand::Literal(Literal::typed(self.value(0)))
    }

    fn condition(&mut self, depth: usize) -> Condition {
        let left =
            |t: &mut Self| if t.below(3) == 0 { Operand::Size(t.path()) } else { Operand::Path(t.path()) };
        let inner = |t: &mut Self| (0..2 + t.below(2)).map(|_| t.condition(depth + 1)).collect();
        match self.below(if depth < 4 { 12 } else { 8 }) {
            0 => {
                Condition::Compare(left(self), self.one_of(&[Comparator::Eq, Comparator::Ne]), self.literal())
            }
            1 => {
                let number = |t: &mut Self| {
                    Operand::Literal(Literal::typed(AttributeValue::N(t.below(100).to_string())))
                };
                match self.below(2) {
                    0 => Condition::Between(left(self), number(self), number(self)),
                    _ => Condition::Compare(left(self), self.one_of(words::COMPARATORS).0, number(self)),
                }
            }
            2 => Condition::In(left(self), (0..=self.below(3)).map(|_| self.literal()).collect()),
            3 => Condition::BeginsWith(self.path(), Literal::typed(AttributeValue::S(self.text()))),
            4 => Condition::Contains(self.path(), self.literal()),
            5 => Condition::Exists(self.path()),
            6 => Condition::NotExists(self.path()),
            7 => Condition::Type(self.path(), self.one_of(words::TYPES)),
            8 | 9 => Condition::all(inner(self)).expect("not empty"),
            10 => Condition::any(inner(self)).expect("not empty"),
            _ => Condition::Not(Box::new(self.condition(depth + 1))),
        }
    }
}

proptest! {
    #[test]
    fn what_is_printed_parses_to_the_same(tape in prop::collection::vec(any::<u64>(), 1..120), desc: bool) {
        let descending = desc.then(Span::default);
        let condition = Tape(tape, 0).condition(0);
        let expression = Expression { condition: Some(condition), descending };
        let text = print(&expression);
        prop_assume!(text.len() <= 4096);
        let again = parse(&text);
        prop_assert!(again.is_ok_and(|again| again == expression), "{}", *text);
        // The shape parses, too, and has the same shape.
        let shape = Shape::of(&expression);
        let again = parse(shape.as_str());
        prop_assert!(again.is_ok_and(|again| Shape::of(&again) == shape), "{}", shape.as_str());
    }

    /// Any text ends in a tree or an error with its place inside the text; and completion does not fail.
    #[test]
    fn no_text_is_too_strange(text in "\\PC{0,40}|[a-c=<>()\"'` .,{}\\[\\]0-9$?-]{0,40}") {
        if let Err(error) = parse(&text) {
            prop_assert!(error.at.start <= text.len() && text.is_char_boundary(error.at.start));
            prop_assert!(error.column(&text) <= text.chars().count() + 1);
        }
        let offered = complete(&typed(&text), &[(Path::attribute("abc"), String::new())]);
        prop_assert!(text.get(offered.start..).is_some());
    }
}

/// A token as GitHub makes them, in two pieces.
fn token() -> String {
    ["gh", "p_16C7e42F292c6912E7710c838347Ae178B4a"].concat()
}

/// What any text of an expression makes public: its error, or its shape and what names are in it.
fn public(text: &str) -> String {
    match parse(text) {
        Ok(expression) => Shape::of(&expression).as_str().to_owned(),
        Err(error) => error.message,
    }
}

#[test]
fn a_secret_without_quotes_is_a_literal() {
    let jwt = [
        "eyJhbGciOiJIUzI1NiJ9",
        "eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvIn0",
        "dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
    ]
    .join(".");
    for secret in [token(), jwt] {
        let bare = parse(&format!("api_key = {secret}")).expect("it parses");
        assert!(bare == parse(&format!("api_key = \"{secret}\"")).expect("it parses"));
        let check = |text: &str, expect: &str| {
            let text = text.replace("SECRET", &secret);
            assert_eq!(public(&text), expect, "{text}");
        };
        check("api_key = SECRET", "api_key = ?");
        check("a = 1 and api_key=SECRET desc", "a = ? and api_key = ? desc");
        check("a in (SECRET, b)", "a in (?, b)");
        check("a between SECRET and b", "a between ? and b");
        check("begins_with(a, SECRET)", "begins_with(a, ?)");
        check("contains(a,SECRET)", "contains(a, ?)");
        check("a = `SECRET`", "a = ?");
        check("SECRET = 1", "One side must be an attribute");
        check("a = b SECRET", "Expected `and`, `or` or the end, found a string");
    }
}

#[test]
fn a_name_gives_away_what_it_is_compared_with() {
    let check = |text: &str, expect: &str| assert_eq!(public(text), expect, "{text}");
    check("password = hunter2xyz", "password = ?");
    check("id = 1 and api_key <> zzzz9281kk", "id = ? and api_key <> ?");
    // In backquotes it is a name; and so is what nothing says is a secret.
    check("password = `hunter2xyz`", "password = hunter2xyz");
    check("owner = payments", "owner = payments");
    check("password = size(other)", "password = size(other)");
}

#[test]
fn no_error_repeats_a_word() {
    for text in [
        "a hunter2xyz",
        "a = b hunter2xyz",
        "begins_with(a, hunter2xyz)",
        "(a = 1 hunter2xyz",
        "a = `hunter2xyz",
    ] {
        let error = parse(text).map(|_| ()).expect_err("it is wrong");
        assert!(!error.message.contains("hunter2"), "{text}: {}", error.message);
    }
}
