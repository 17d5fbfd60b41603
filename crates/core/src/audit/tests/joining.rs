//! Secrets of other environments, told where they are held and nowhere else.

use super::*;
use crate::domain::Finding;

/// A secret of a table: where, how bad, which.
type Held = (&'static str, Severity, &'static str);

fn bleeds(tables: &[(&str, &[Held])]) -> Vec<Finding> {
    let events = tables.iter().map(|(name, held)| {
        let seen = |(path, severity, print): &Held| sighting(path, *severity, Confidence::High, print);
        items(&table(name), held.iter().map(seen).collect())
    });
    fold(events).findings(NOW).into_iter().filter(|f| f.rule() == "env-bleed").collect()
}

#[test]
fn a_secret_of_another_environment_is_told_where_it_is_guarded_less() {
    use Severity::{High, Info, Low};
    let check = |tables: &[(&str, &[Held])], expect: &[&str]| {
        let found = bleeds(tables);
        let told: Vec<_> = found.iter().map(|f| f.table.name.as_str()).collect();
        assert_eq!(told, expect, "{tables:?}");
    };
    check(&[("a-prod", &[("k", High, "1")]), ("b-dev", &[("k", High, "1")])], &["b-dev"]);
    check(&[("a-prod", &[("k", Low, "1")]), ("b-dev", &[("k", Low, "1")])], &["b-dev"]);
    // An example is no secret of anybody.
    check(&[("a-prod", &[("k", Info, "1")]), ("b-dev", &[("k", Info, "1")])], &[]);
    // Another secret, the same environment, and one that is not known.
    check(&[("a-prod", &[("k", High, "1")]), ("b-dev", &[("k", High, "2")])], &[]);
    check(&[("a-dev", &[("k", High, "1")]), ("b-dev", &[("k", High, "1")])], &[]);
    check(&[("a", &[("k", High, "1")]), ("b-dev", &[("k", High, "1")])], &[]);
    // Neither is production: each holds what is the other's.
    check(&[("a-test", &[("k", High, "1")]), ("b-dev", &[("k", High, "1")])], &["a-test", "b-dev"]);
}

#[test]
fn all_that_is_shared_is_counted_and_nothing_else() {
    use Severity::High;
    let check = |tables: &[(&str, &[Held])], words: &[&str]| {
        let found = bleeds(tables);
        let one = found.iter().find(|f| f.table == table("z-dev")).expect("it is told");
        let said: Vec<_> = one.evidence.iter().map(|e| e.sentence().to_string()).collect();
        assert_eq!(said, words, "{tables:?}");
    };
    check(
        &[
            ("a-prod", &[("k", High, "1"), ("l", High, "2")]),
            ("z-dev", &[("k", High, "1"), ("l", High, "2")]),
        ],
        &["The same secret is also in a-prod (production)", "2 shared secrets, in k and l"],
    );
    check(
        &[("a-prod", &[("k", High, "1")]), ("z-dev", &[("k", High, "1"), ("l", High, "2")])],
        &["The same secret is also in a-prod (production)", "1 shared secret, in k"],
    );
    // A table of the same environment that holds it too is no other environment's.
    check(
        &[("a-prod", &[("k", High, "1")]), ("b-dev", &[("k", High, "1")]), ("z-dev", &[("k", High, "1")])],
        &["The same secret is also in a-prod (production)", "1 shared secret, in k"],
    );
}

#[test]
fn only_its_own_source_makes_a_copy_one_of_another_environment() {
    let described = |name: &str, from: Option<&str>| {
        let FactValue::Description(plain) = description(Vec::new()) else { panic!("another fact") };
        let described = TableDescription {
            arn: table(name).arn(),
            restored_from: from.map(|from| table(from).arn()),
            ..plain
        };
        AuditEvent::Fact(table(name), FactValue::Description(described), NOW)
    };
    let check = |from: Option<&str>, expect: Option<&str>| {
        let audit = fold([
            described("a-dev", None),
            described("b-prod", None),
            described("c-staging", None),
            described("z-dev", from),
        ]);
        let found = audit.findings(NOW);
        let found = found.iter().find(|f| f.rule() == "env-bleed");
        let said = found.map(|f| f.evidence.iter().map(|e| e.sentence().to_string()).collect::<String>());
        assert_eq!(said.as_deref(), expect, "{from:?}");
    };
    check(Some("b-prod"), Some("It was restored from b-prod (production)"));
    check(Some("c-staging"), Some("It was restored from c-staging (staging)"));
    check(Some("a-dev"), None);
    check(Some("gone-prod"), None);
    check(None, None);
}
