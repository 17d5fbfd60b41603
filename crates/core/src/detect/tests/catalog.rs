//! The rules that are shipped, and those of a user: every one sees its hits and none of its misses.

use super::*;
use crate::detect::catalog;
use crate::domain::SecretClass;

/// The item of a rule's case: `name => value`, `name + other => value`, or a value alone.
fn case(text: &str) -> Item {
    let (names, value) = text.split_once(" => ").unwrap_or(("value", text));
    let mut names = names.split(" + ");
    let mut attributes = vec![(names.next().unwrap_or_default(), value)];
    attributes.extend(names.map(|n| (n, "plain")));
    item(&attributes)
}

#[test]
fn every_rule_sees_its_hits_and_not_its_misses() {
    let detector = detector();
    let mut wrong = Vec::new();
    for rule in detector.rules.iter() {
        let saw = |text: &str| {
            detector
                .inspect(&TableContext::default(), &case(text), now(), &mut Scratch::default())
                .iter()
                // What is good news is told, and reported by nobody.
                .any(|s| {
                    let good = rule.info.severity == Severity::Info;
                    let asked = s.is_reported() || rule.info.confidence == Confidence::Low;
                    s.rule == rule.info.id && (good || s.severity > Severity::Info && asked)
                })
        };
        wrong.extend(rule.hits.iter().filter(|h| !saw(h)).map(|h| format!("{} misses {h}", rule.info.id)));
        wrong.extend(rule.misses.iter().filter(|m| saw(m)).map(|m| format!("{} sees {m}", rule.info.id)));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_catalogue_is_as_large_as_it_says() {
    let rules: Vec<_> = detector().rules().collect();
    let mut providers: Vec<_> = rules.iter().map(|r| r.provider.as_str()).filter(|p| !p.is_empty()).collect();
    providers.sort_unstable();
    providers.dedup();
    let own = rules.iter().filter(|r| r.owns_prefix).count();
    assert!(
        rules.len() >= 300 && providers.len() >= 150 && own >= 200,
        "{} {} {own}",
        rules.len(),
        providers.len()
    );
    let lumped: Vec<_> = providers.iter().filter(|p| p.contains(", ") || p.contains(" or ")).collect();
    assert!(lumped.is_empty(), "a rule is of one provider: {lumped:?}");
}

#[test]
fn a_prefix_has_one_owner() {
    let owners: Vec<_> = detector().rules.iter().filter(|r| r.info.owns_prefix).collect();
    let mut shared = Vec::new();
    for rule in &owners {
        for prefix in &rule.info.prefixes {
            if prefix.len() < 3
                || !rule.hits.iter().any(|hit| rule.info.prefixes.iter().any(|p| hit.contains(p)))
            {
                shared.push(format!("{}: {prefix} is not its beginning", rule.info.id));
            }
            let others = owners.iter().filter(|o| o.info.provider != rule.info.provider);
            for other in others {
                if other.info.prefixes.iter().any(|theirs| theirs.starts_with(prefix.as_str())) {
                    shared.push(format!("{} and {} share {prefix}", rule.info.id, other.info.id));
                }
            }
        }
    }
    assert!(shared.is_empty(), "{shared:#?}");
}

#[test]
fn the_catalogue_can_be_asked() {
    let detector = detector();
    for id in [super::NOT_OPENED, super::NOT_INSPECTED, super::CUT] {
        assert!(detector.rule(id).is_some() && super::about(id).is_some(), "{id}");
    }
    let rule = detector.rule("stripe-secret-key").expect("embedded");
    assert_eq!((&*rule.title, rule.provider.as_str()), ("Stripe secret key", "Stripe"));
    assert!(detector.rule("nope").is_none());
}

#[test]
fn a_users_rule_is_read_like_ours() {
    let mine = "[[rule]]\nid = \"mine\"\ntitle = \"Mine\"\nseverity = \"high\"\nconfidence = \"high\"\nwhy = \"w\"\nkeywords = [\"acme_\"]\npattern = 'acme_[0-9]{20}'\n";
    let (detector, remarks) = Detector::with_rules(FingerprintKey::new(b"k"), &[("mine.toml", mine)]);
    assert!(remarks.errors.is_empty());
    assert_eq!(remarks.notes[0].message, "of 1 rules, 1 without cases");
    let item = item(&[("v", "acme_01234567890123456789")]);
    let seen = detector.inspect(&TableContext::default(), &item, now(), &mut Scratch::default());
    assert_eq!(&*seen[0].rule, "mine:mine");
}

#[test]
fn a_users_rule_adds_to_an_embedded_one_of_the_same_id() {
    let rule = |id: &str, pattern: &str| {
        format!("[[rules]]\nid = '{id}'\nregex = '{pattern}'\nkeywords = ['acme']\n")
    };
    let check = |files: &[(&str, &str)], rules: &[&str], told: &[&str]| {
        let (detector, remarks) = Detector::with_rules(FingerprintKey::new(b"k"), files);
        let item = item(&[("a", &stripe()), ("b", "acme_01234567890123456789")]);
        let seen = detector.inspect(&TableContext::default(), &item, now(), &mut Scratch::default());
        assert_eq!(seen.iter().map(|s| &*s.rule).collect::<Vec<_>>(), rules);
        assert_eq!(remarks.errors.iter().map(ToString::to_string).collect::<Vec<_>>(), told);
    };
    let one = rule("stripe-secret-key", "acme_[0-9]{20}");
    check(&[("some/gitleaks.toml", &one)], &["stripe-secret-key", "gitleaks:stripe-secret-key"], &[]);
    check(&[(".gitleaks.toml", &one)], &["stripe-secret-key", "gitleaks:stripe-secret-key"], &[]);
    check(&[("Meine Regeln.toml", &one)], &["stripe-secret-key", "meine-regeln:stripe-secret-key"], &[]);
    // One name for two files: the first.
    let other = rule("other", "acme_[0-9]{20}");
    check(
        &[("a/mine.toml", &one), ("b/mine.toml", &other)],
        &["stripe-secret-key", "mine:stripe-secret-key"],
        &["b/mine.toml:1:1: ids of another file begin with `mine:`, too: rename this one"],
    );
    // One id for two rules of a file: the first.
    let twice = format!("{one}{}", rule("stripe-secret-key", "zzz"));
    check(
        &[("mine.toml", &twice)],
        &["stripe-secret-key", "mine:stripe-secret-key"],
        &["mine.toml:5:1: a rule before it has the id `stripe-secret-key`, too: rename one"],
    );
}

/// What kind of thing a secret is decides what fixes it: no embedded rule goes without, and what a user's rule finds
/// gets a fix that keeps the value.
#[test]
fn every_rule_has_a_class_and_a_users_has_one_that_keeps_the_value() {
    let rule = |more: &str| {
        format!(
            "\n[[rule]]\nid = \"mine\"\ntitle = \"Mine\"\n{more}severity = \"high\"\nconfidence = \"high\"\nwhy = \"w\"\nkeywords = [\"acme_\"]\npattern = 'acme_[0-9]{{20}}'\n"
        )
    };
    for (more, expect) in [
        ("", SecretClass::Unclassified),
        ("session = true\n", SecretClass::Session),
        ("class = \"second-factor\"\n", SecretClass::SecondFactor),
    ] {
        let (detector, remarks) =
            Detector::with_rules(FingerprintKey::new(b"k"), &[("mine.toml", &rule(more))]);
        assert!(remarks.errors.is_empty(), "{more}: {:?}", remarks.errors);
        let item = item(&[("v", "acme_01234567890123456789")]);
        let seen = detector.inspect(&TableContext::default(), &item, now(), &mut Scratch::default());
        assert_eq!(seen[0].class, expect, "{more}");
    }
    let (_, remarks) =
        Detector::with_rules(FingerprintKey::new(b"k"), &[("mine.toml", &rule("class = \"nonsense\"\n"))]);
    assert!(remarks.errors[0].message.contains("no class \"nonsense\""), "{:?}", remarks.errors);
    let text = rule("");
    let embedded = catalog::read(catalog::Source { file: "f", text: &text, ours: true });
    assert_eq!(embedded.errors[0].message, "a rule has a class");
}

/// The classes that a hand that is not careful would get wrong: their values cannot be made again.
#[test]
fn what_cannot_be_made_again_has_its_class() {
    for (rule, class) in [
        ("password-hash", SecretClass::PasswordHash),
        ("identity-password-hash", SecretClass::PasswordHash),
        ("database-password-hash", SecretClass::PasswordHash),
        ("password-hash-by-name", SecretClass::PasswordHash),
        ("key-hash-by-name", SecretClass::KeyHash),
        ("otp-seed", SecretClass::SecondFactor),
        ("otp-seed-alone", SecretClass::SecondFactor),
        ("otp-migration", SecretClass::SecondFactor),
        ("recovery-codes", SecretClass::SecondFactor),
        ("private-key", SecretClass::PrivateKey),
        ("fernet-key", SecretClass::KeyMaterial),
        ("recovery-phrase", SecretClass::Wallet),
        ("kms-ciphertext", SecretClass::Ciphertext),
        ("sensitive-name", SecretClass::Unclassified),
    ] {
        assert_eq!(crate::detect::about(rule).expect(rule).class, class, "{rule}");
    }
    // A title that says so is of such a class, whatever is added later.
    for rule in crate::detect::embedded().iter() {
        let title = rule.info.title.to_lowercase();
        let kept = match () {
            () if title.contains("password hash") => SecretClass::PasswordHash,
            () if title.contains("one-time password") || title.contains("second factor") => {
                SecretClass::SecondFactor
            }
            () => continue,
        };
        assert_eq!(rule.info.class, kept, "{}", rule.info.id);
    }
}

#[test]
fn a_secret_that_is_a_part_of_its_text_says_so() {
    let key = stripe();
    for (text, part) in
        [(key.clone(), false), (format!(" {key}\n"), false), (format!("the key is {key}, keep it"), true)]
    {
        let seen = look(&item(&[("note", &text)]));
        assert_eq!(seen[0].part, part, "{:?}", text.len());
    }
}
