//! Every fix, of tables of every shape, with each fact denied in turn: it is whole and of this table, or says what it needs.

use super::*;

/// A name, and what makes a table of that shape.
type Shape = (&'static str, fn(&mut TableDescription));

/// What tables are like.
const SHAPES: &[Shape] = &[
    ("as it is", |_| {}),
    ("on demand", |d| d.billing = Billing::OnDemand),
    ("without a sort key", |d| d.key.sort = None),
    ("with numbers for keys", |d| d.key.partition.kind = KeyType::N),
    ("without indexes", |d| d.indexes.clear()),
    ("with an index of several attributes", |d| {
        for index in &mut d.indexes {
            index.more_partition = vec![KeyAttribute { name: "tenant".into(), kind: KeyType::S }];
            index.more_sort = vec![KeyAttribute { name: "day".into(), kind: KeyType::N }];
        }
    }),
    ("with a few attributes in an index", |d| {
        for index in &mut d.indexes {
            index.projection = Projection::Include(vec!["config".into(), "title".into()]);
        }
    }),
    ("without replicas", |d| d.replicas.clear()),
    ("without a stream", |d| d.stream = None),
    ("under a key of AWS", |d| d.encryption = Encryption::AwsOwned),
];

/// Where tables are.
const PLACES: &[(&str, &str, Option<&str>)] = &[
    ("aws-us-gov", "us-gov-west-1", None),
    ("aws-cn", "cn-north-1", None),
    ("aws", "eu-west-1", None),
    ("aws", "eu-west-1", Some("http://127.0.0.1:8000")),
];

/// The finding and the facts of every other test, elsewhere.
fn elsewhere(
    topic: &'static str,
    (partition, region, endpoint): (&str, &str, Option<&str>),
) -> (Finding, TableFacts) {
    let path =
        AttributePath::new(vec![Step::Name("config".into()), Step::Index(2), Step::Name("token".into())]);
    let mut finding = super::finding(topic, path);
    let mut scope = (*finding.table.scope).clone();
    scope.partition = partition.into();
    scope.region = region.into();
    scope.endpoint = endpoint.map(Into::into);
    finding.table.scope = Arc::new(scope);
    if let Some(check) = CHECKS.iter().find(|c| c.topic.topic() == Some(topic)) {
        finding.origin = Origin::Posture(check.id);
    }
    let mut facts = facts();
    let mut description = facts.description.known().expect("known").clone();
    description.arn = finding.table.arn();
    if let Some(stream) = &mut description.stream {
        stream.arn = format!("{}/stream/now", finding.table.arn());
    }
    facts.learn(FactValue::Description(description), jiff::Timestamp::UNIX_EPOCH);
    (finding, facts)
}

/// What must be so of every text.
fn holds(
    topic: &Topic,
    flavour: Flavour,
    finding: &Finding,
    facts: &TableFacts,
    of: &str,
) -> Result<Snippet, Needs> {
    let said = render_topic(topic, finding, flavour, facts, &Options::default())?;
    let about = format!("{} {flavour:?}, {of}", topic.id);
    let text = &said.text;
    assert!(!text.contains("{{") && !text.contains("}}}}"), "{about}: {text}");
    assert!(text.chars().all(|c| matches!(c, ' '..='~' | '\n')), "{about}");
    for line in text.lines().filter(|l| !l.starts_with('#')) {
        // What is not known is no empty name.
        let empty = ["name=''", "arn=''", "-id=''", "name = \"\"", "arn = \"\"", "Name: \"\""];
        assert!(!empty.iter().any(|e| line.contains(e)), "{about}: {line}");
        // A command that reaches DynamoDB reaches the one that was read.
        let reaches = line.contains("aws dynamodb ") && finding.table.scope.endpoint.is_some();
        assert!(!reaches || line.contains("--endpoint-url="), "{about}: {line}");
    }
    if facts.description.known().is_some_and(|d| d.billing == Billing::OnDemand) {
        let capacity = ["ReadCapacityUnits", "ProvisionedThroughput", "read_capacity"];
        assert!(!capacity.iter().any(|word| text.contains(word)), "{about}: {text}");
    }
    match flavour {
        Flavour::Policy => drop(serde_json::from_str::<serde_json::Value>(text).expect(&about)),
        _ => assert!(text.contains("# Changes:"), "{about}: {text}"),
    }
    Ok(said)
}

#[test]
fn of_every_shape_in_every_place() {
    let shapes = SHAPES.iter().map(|shape| (PLACES[0], shape));
    let places = PLACES.iter().map(|place| (*place, &SHAPES[0]));
    for (place, (shape, change)) in shapes.chain(places) {
        for topic in TOPICS {
            let (finding, mut facts) = elsewhere(topic.id, place);
            let mut description = facts.description.known().expect("known").clone();
            change(&mut description);
            facts.learn(FactValue::Description(description), jiff::Timestamp::UNIX_EPOCH);
            for flavour in topic.flavours() {
                let of = format!("{shape}, {}", place.0);
                let Ok(said) = holds(topic, flavour, &finding, &facts, &of) else { continue };
                // The table is named, and by its own partition.
                let named = said.text.matches(":table/sessions").count();
                let as_own = said.text.matches(&finding.table.arn()).count();
                let below = said.text.matches("table/sessions/").count();
                assert!(named == 0 || as_own + below > 0, "{} {flavour:?}: {}", topic.id, said.text);
            }
        }
    }
}

#[test]
fn with_each_fact_denied_in_turn() {
    let known: Vec<FactKind> =
        FactKind::ALL.iter().copied().filter(|kind| facts().gap(*kind).is_none()).collect();
    assert!(known.len() > 10, "{known:?}");
    for kind in known {
        for topic in TOPICS {
            let (finding, mut facts) = elsewhere(topic.id, PLACES[0]);
            facts.miss(kind, Gap::Denied(kind.permission(), String::new()));
            for flavour in topic.flavours() {
                let of = format!("without {}", kind.word());
                // What is asked for is what is missing.
                if let Err(Needs::Fact(asked)) = holds(topic, flavour, &finding, &facts, &of) {
                    assert_eq!(asked, kind, "{} {flavour:?}", topic.id);
                }
            }
        }
    }
}
