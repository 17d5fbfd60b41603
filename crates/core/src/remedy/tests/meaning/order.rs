//! What comes first, what is done for several items, what is made once, and what stands beside another fix in one module.

use super::*;

/// What each text of the other order says.
const NEW_FIRST: &[&str] = &[
    "The order is: a new one",
    "beside the old one",
    "both work while",
    "dual signing",
    "Let it read the new secret first",
    "once the new one is in use",
    "while both are good",
    "-- first: the new user",
    "goes on working until",
    "Watch for some days when the old key",
];
const OLD_FIRST: &[&str] = &[
    "The order is: the old one revoked",
    "revoke the old one first, before all else. What",
    "it stops with step 1",
    "-- first, at once",
    "Others can read it: ",
];

/// Of everything that is replaced: the line on the screen, the head of each language and the steps say one order.
#[test]
fn the_first_line_the_head_and_the_steps_agree_on_what_comes_first() {
    let replaced = |id: &&str| TOPICS.iter().any(|t| t.id == *id && t.has(Boto3)) && is_credential(id);
    let mut seen = 0;
    for class in SecretClass::ALL {
        for stands in [Stands::Alone, Stands::Inside] {
            let Some(id) = topic_for(*class, stands).filter(|id| replaced(id)) else { continue };
            for open in [false, true] {
                let closed = secret(*class, stands, "secret");
                let given = if open { closed.exposed() } else { closed };
                let first = first_of(&given.finding, &given.facts);
                let leaked = first.starts_with("Others can read it: ");
                let is_credential = fit_of(*class).leaked.is_some();
                assert_eq!(leaked, open && is_credential, "{} {id}: {first}", class.word());
                for flavour in [AwsCli, Terraform, Boto3] {
                    let text = given.text(flavour);
                    let (order, never) = if open {
                        ("# Others can read it. The order is: the old one revoked", NEW_FIRST)
                    } else {
                        ("# The order is: a new one", OLD_FIRST)
                    };
                    assert!(text.contains(order), "{id} {flavour:?}: {text}");
                    for other in never {
                        assert!(!text.contains(other), "{id} {flavour:?}: {other:?} is in\n{text}");
                    }
                    let (revoked, new) = (text.find("evoke the old one"), text.find(". A new one"));
                    assert!(
                        open == (revoked.expect("there") < new.expect("there")),
                        "{id} {flavour:?}: the steps are the other way round:\n{text}"
                    );
                    seen += 1;
                }
            }
        }
    }
    assert!(seen > 50, "{seen}");
}

/// What the templates of `assets/remedies/credential` are for.
fn is_credential(id: &str) -> bool {
    let of = |id: &str| topic(id).and_then(|t| t.template(AwsCli));
    of(id) == of("secret-in-item")
}

#[test]
fn several_items_are_done_one_after_the_other_and_what_is_paid_for_is_made_once() {
    use SecretClass::*;
    let through = |class, id: &'static str| {
        let mut given = secret(class, Stands::Alone, "codes").of_topic(id).in_item("one").in_item("two");
        let steps = vec![Step::Name("codes".into()), Step::Any, Step::Name("seed".into())];
        given.flagged(|f| f.path = AttributePath::new(steps));
        given.with(|f| (f.count, f.distinct) = (5, 5))
    };
    let hidden = |class, id: &'static str| {
        let mut given = through(class, id);
        given.flagged(|f| {
            f.path = AttributePath::new(vec![Step::Name("m".into()), Step::AnyName, Step::Index(3)]);
        });
        given
    };
    const FIRST: &[&str] = &[
        "places hold one. Keys of it that are known here: 2",
        "/keys.json\"",
        r#"[{"id":{"S":"one"}},{"id":{"S":"two"}}]"#,
        "def each(change",
    ];
    let key = |given: Given| {
        let text = given.text(Boto3);
        for part in FIRST {
            assert!(text.contains(part), "{part} is not in\n{text}");
        }
        given
    };
    let owned = || failed("aws-owned-key").described(|d| d.replicas.clear());
    check_all(
        8,
        &[
            // Every place of a list, in every item that is known; nothing is left to be put in.
            (
                key(through(SecondFactor, "second-factor")),
                Boto3,
                &[r#"STEPS = json.loads('["codes",null,"seed"]')"#, "'seed_encrypted'", "# 3. each(encrypt)"],
                &["PUT-THE-", "KeyError", "\neach("],
            ),
            (
                key(through(RefreshToken, "client-side-encryption")),
                Boto3,
                &[r#"'["codes",null,"seed"]'"#, "beside(path)", "attribute_not_exists", "# 4. each(encrypt)"],
                &["PUT-THE-", "\neach("],
            ),
            (
                key(through(KeyMaterial, "secret-to-keep")),
                Boto3,
                &["/place-", "ResourceExistsException", "NOT the same", "# 2. each(store)"],
                &["PUT-THE-", "PUT-A-NAME", "\neach(", "taken out is"],
            ),
            // What is itself a member of a list or a map of ids is dealt with as a whole: its place does not stay.
            (hidden(SecondFactor, "second-factor"), Boto3, &[r#"'["m"]'"#, "'m_encrypted'"], &["PUT-THE-"]),
            // Each item has a secret of its own, by a name that shell and Python make alike; one value has one.
            (
                through(ApiKey, "secret-in-item"),
                Boto3,
                &["/item-{digest(key)[:8]}", "each(store)", "each(remove)"],
                &["PUT-A-NAME"],
            ),
            (
                through(ApiKey, "secret-in-item").with(|f| f.distinct = 1),
                Boto3,
                &["    return STORE_AS\n", "store(key)", "each(remove)"],
                &["/item-", "each(store)"],
            ),
            (
                secret(ApiKey, Stands::Alone, "a").in_item("one"),
                AwsCli,
                &["name='sessions/example-rule/a/item-6a072a01'"],
                &[],
            ),
            // A key of AWS is made and stored in one step, and both are done once.
            (
                secret(AwsKey, Stands::Alone, "aws").in_item("one"),
                Boto3,
                &[
                    "already: delete it",
                    "os.rename(path",
                    "the first moment stays",
                    "# 1. A new one",
                    "new_key(key, key_id())",
                    "# 2. It is stored",
                    "switch_off(key_id())",
                    "each(remove)",
                    "delete_old(key_id())",
                ],
                &["store(key)", "def store(", "\nnew_key(", "PUT-THE-"],
            ),
            (
                secret(AwsKey, Stands::Alone, "aws").in_item("one").exposed(),
                Boto3,
                &["switch_off(key_id())", "# 2. A new one", "new_key(key, key_id())", "# 3. It is stored"],
                &["store(key)"],
            ),
            // Keys of KMS: by an alias, and by no paste alone.
            (
                owned(),
                AwsCli,
                &[
                    "which costs 1 USD a month",
                    "alias='alias/dynaudit-sessions-",
                    "list-aliases",
                    "create-alias",
                    "\n: in_account make_key \"$region\"",
                ],
                &["\nin_account make_key", "&& in_account aws kms create-key"],
            ),
            (
                owned(),
                Boto3,
                &["change_over(make_key(", "list_aliases", "create_alias"],
                &["Call it once", "\nmake_key("],
            ),
            (
                through(RefreshToken, "client-side-encryption"),
                AwsCli,
                &["alias='alias/dynaudit-sessions-", "\n: in_account make_key"],
                &["\nin_account make_key"],
            ),
            (
                through(RefreshToken, "client-side-encryption"),
                Terraform,
                &["\"alias/dynaudit-sessions-"],
                &["dynaudit-values"],
            ),
            (
                failed("aws-owned-key"),
                AwsCli,
                &["\n: in_account make_key 'us-gov-east-1'", "replicas.json"],
                &["\nin_account make_key"],
            ),
            (
                secret(Session, Stands::InKey, "id"),
                AwsCli,
                &["By being pasted nothing is made", "\n: in_account aws dynamodb create-table"],
                &["wait table-exists", "\nin_account aws dynamodb create-table"],
            ),
            (
                secret(ApiKey, Stands::Alone, "size").about("index-projection"),
                AwsCli,
                &["By being pasted nothing is made", "\n: in_account aws dynamodb update-table"],
                &["\nin_account aws dynamodb update-table"],
            ),
            (
                secret(ApiKey, Stands::Alone, "size").about("index-projection"),
                Boto3,
                &["There is one already", "The new one is not ACTIVE"],
                &["\n    make_new()"],
            ),
            (
                secret(ApiKey, Stands::Alone, "size")
                    .described(|d| {
                        d.indexes[1].projection = Projection::Include(vec!["size".into(), "kept".into()])
                    })
                    .about("index-projection"),
                Terraform,
                &["Projection.ProjectionType", "NonKeyAttributes, null"],
                &["\"KEYS_ONLY\""],
            ),
            // What stays is not said to be taken out, and what the new table is called is what the sessions look for.
            (
                secret(Unclassified, Stands::Alone, "note"),
                AwsCli,
                &["The item stays as it is"],
                &["What is taken out is"],
            ),
            (
                secret(Session, Stands::InKey, "id").of_topic("django-sessions"),
                Boto3,
                &["TABLE = 'sessions-v2'", "PARTITION, SORT = 'id_sha256', ''", "EXPIRES = 'expire_at'"],
                &["'id',", "\"expires_at\""],
            ),
            // Items of before have no time: they are given one, at a pace, and only where it is missing.
            (
                failed("session-table-without-ttl"),
                Boto3,
                &[
                    "def fill(each_second",
                    "fill(start=start)",
                    "attribute_not_exists(#right)",
                    "time.sleep",
                    "# 2. Write seconds(), and call fill()",
                ],
                &["\nfill(", "\n    fill("],
            ),
            (failed("session-table-without-ttl"), AwsCli, &["fill of the boto3 snippet"], &[]),
            (failed("session-table-without-ttl"), Terraform, &["fill() of the boto3 snippet"], &[]),
            // The key of the table, and an alarm on the count.
            (
                failed("no-data-events").of_topic("detection-rules"),
                AwsCli,
                &[
                    "ScheduleKeyDeletion",
                    "us-gov-west-1:111122223333:key/k",
                    "sessions-us-gov-west-1-key-is-changed",
                    "put-metric-filter",
                    "\n: in_account aws cloudwatch put-metric-alarm",
                    "--treat-missing-data=notBreaching",
                ],
                &["\"Scans\"", "\nin_account aws cloudwatch"],
            ),
            (
                failed("no-data-events").of_topic("detection-rules").knows(FactValue::Key(None)),
                AwsCli,
                &["put-metric-alarm"],
                &["ScheduleKeyDeletion", "aws.kms"],
            ),
            (
                failed("no-data-events").of_topic("detection-rules"),
                CloudFormation,
                &["aws.kms", "AWS::Logs::MetricFilter", "AWS::CloudWatch::Alarm"],
                &["PUT-"],
            ),
            (
                failed("no-data-events").of_topic("detection-rules"),
                Terraform,
                &["aws.kms", "aws_cloudwatch_metric_alarm"],
                &["PUT-"],
            ),
            // A table without a stream gets one by a step of its own.
            (
                failed("no-data-events").of_topic("changes-to-siem").described(|d| d.stream = None),
                AwsCli,
                &[
                    "# 1. Switch the stream on",
                    "\n: in_account aws dynamodb update-table",
                    "StreamViewType=KEYS_ONLY",
                    "LatestStreamArn",
                    "# 2. What goes on",
                    "--source=\"$stream\"",
                ],
                &["\nin_account aws dynamodb update-table"],
            ),
            (
                failed("no-data-events").of_topic("changes-to-siem").described(|d| d.stream = None),
                Terraform,
                &["stream_enabled   = true", "stream_arn"],
                &["/stream/"],
            ),
            (
                failed("no-data-events").of_topic("changes-to-siem").described(|d| d.stream = None),
                CloudFormation,
                &["StreamArn", "!Ref StreamArn"],
                &["/stream/"],
            ),
            (
                failed("no-data-events").of_topic("changes-to-siem"),
                AwsCli,
                &["stream='arn:", "# 1. What goes on"],
                &["StreamEnabled=true"],
            ),
        ],
    );
}

/// A rule of EventBridge has room for 2048 characters: of names that need more it is of all tables.
#[test]
fn a_pattern_of_events_is_never_longer_than_a_rule_takes() {
    for (length, more, all) in [(3, 0, false), (60, 0, false), (3, 1, false), (255, 0, true), (60, 9, true)] {
        let mut given = failed("no-data-events").of_topic("detection-rules");
        let name = "t".repeat(length);
        let scope = given.finding.table.scope.clone();
        given.finding.table = TableRef::new(&scope, name.clone());
        given.finding.also = vec![given.finding.table.clone(); more];
        let arn = given.finding.table.arn();
        let given = given.described(|d| d.arn = arn);
        let ask = Ask { finding: &given.finding, facts: &given.facts, options: &given.options };
        let pattern = crate::remedy::events::pattern(&ask).expect("known");
        let written = crate::remedy::flavour::json(&pattern);
        assert!(written.len() <= 2_048, "{length} {more}: {}", written.len());
        let of_all = pattern["detail"].get("$or").is_none();
        assert_eq!(of_all, all, "{length} {more}");
        let said = given.text(AwsCli).contains("the rule tells of all tables of the account");
        assert_eq!(said, of_all, "{length} {more}");
    }
}

/// Names of blocks are of one topic and one finding: several fixes stand in one module.
#[test]
fn no_name_of_terraform_is_there_twice() {
    let mut seen = std::collections::BTreeSet::new();
    for table in ["sessions", "sessions-2", "sessions_2"] {
        for topic in TOPICS.iter().filter(|t| t.has(Terraform)) {
            let mut given = secret(class_of(topic.id), Stands::Alone, "size").of_topic(topic.id);
            if let Some(check) = CHECKS.iter().find(|c| c.topic.topic() == Some(topic.id)) {
                given.finding.origin = Origin::Posture(check.id);
            }
            let scope = given.finding.table.scope.clone();
            given.finding.table = TableRef::new(&scope, table);
            let subject = FindingSubject::Table(given.finding.table.clone());
            given.finding.id = FindingId::new(&subject, "example-rule", None);
            let Ok(snippet) = render_topic(topic, &given.finding, Terraform, &facts(), &Options::default())
            else {
                continue;
            };
            let mut in_locals = false;
            for line in snippet.text.lines() {
                let block =
                    ["resource ", "data ", "variable ", "output "].iter().any(|b| line.starts_with(b));
                let of_local = in_locals && line.starts_with("  ") && line.as_bytes()[2].is_ascii_lowercase();
                if block || of_local {
                    let name = line.split(['=', '{']).next().unwrap_or_default().trim();
                    assert!(seen.insert(name.to_owned()), "{table} {}: {name} again", topic.id);
                    assert!(name.contains(&table.replace('-', "_")), "{}: {name}", topic.id);
                }
                in_locals = if in_locals { line != "}" } else { line == "locals {" };
            }
        }
    }
    assert!(seen.len() > 150, "{}", seen.len());
}

/// What a person has to put in is a local that a precondition looks at: a plan with a word that is left in fails.
#[test]
fn terraform_with_something_left_to_put_in_has_no_plan() {
    let mut seen = 0;
    let bare = || {
        let mut facts = facts();
        if let Fact::Known { value, .. } = &mut facts.caches {
            value.iter_mut().for_each(|cache| cache.made = CacheMade::default());
        }
        if let Fact::Known { value, .. } = &mut facts.trails {
            value.iter_mut().for_each(|trail| trail.bucket = None);
        }
        facts
    };
    for topic in TOPICS.iter().filter(|t| t.has(Terraform)) {
        for facts in [facts(), bare()] {
            for check in CHECKS.iter().filter(|c| c.topic.topic() == Some(topic.id)).map(Some).chain([None]) {
                let mut given = secret(class_of(topic.id), Stands::Alone, "size").of_topic(topic.id);
                if let Some(check) = check {
                    given.finding.origin = Origin::Posture(check.id);
                }
                let Ok(snippet) = render_topic(topic, &given.finding, Terraform, &facts, &Options::default())
                else {
                    continue;
                };
                let text = snippet.text;
                let (mut in_locals, mut of) = (false, String::new());
                for line in text.lines() {
                    in_locals = if in_locals { line != "}" } else { line == "locals {" };
                    if in_locals && line.starts_with("  ") && line.as_bytes()[2].is_ascii_lowercase() {
                        of = line.split('=').next().unwrap_or_default().trim().to_owned();
                    }
                    if !line.contains("PUT-") || line.starts_with('#') || line.contains("strcontains(") {
                        continue;
                    }
                    seen += 1;
                    assert!(in_locals, "{}: in no local: {line}", topic.id);
                    let looks = |l: &str| {
                        l.trim_start().starts_with("condition")
                            && l.contains("!strcontains(")
                            && l.contains(&format!("local.{of}"))
                    };
                    assert!(text.lines().any(looks), "{}: nothing looks at {of}:\n{text}", topic.id);
                }
            }
        }
    }
    assert!(seen > 15, "{seen}");
}

/// A hand-over: numbered steps, and each thing in a section of its own.
#[test]
fn a_hand_over_has_a_section_for_each_thing_and_nothing_in_two() {
    for (class, stands) in [
        (SecretClass::ApiKey, Stands::Alone),
        (SecretClass::AwsKey, Stands::Alone),
        (SecretClass::Session, Stands::InSessionStore),
        (SecretClass::Session, Stands::InKey),
        (SecretClass::SecondFactor, Stands::Alone),
        (SecretClass::Wallet, Stands::Inside),
        (SecretClass::Unclassified, Stands::Alone),
    ] {
        let given = secret(class, stands, "id");
        let book = runbook([(&given.finding, &given.facts)], &Options::default());
        let (head, _) = book.split_once("<details>").expect("snippets");
        let section = |title: &str| {
            let (_, below) =
                head.split_once(&format!("\n### {title}")).unwrap_or_else(|| panic!("{title}: {head}"));
            below.split("\n### ").next().unwrap_or_default().to_owned()
        };
        let steps = section("Steps");
        assert!(steps.contains("\n1. [ ] ") && steps.contains("\n2. [ ] "), "{steps}");
        assert!(!steps.contains("\n- [ ]"), "{steps}");
        assert!(section("Ask first").contains("The owner of the table"), "{head}");
        assert!(section("Copies to purge").contains("20 days"), "{head}");
        assert!(!section("Verify").trim().is_empty(), "{head}");
        let undo = section("Undo");
        for other in ["Files are", "known of", "1. ", "What is taken out", "Take", "has to be a number"] {
            assert!(!undo.contains(other), "{}: {other} is in Undo: {undo}", class.word());
        }
        assert!(undo.trim().ends_with('.'), "{undo}");
    }
}
