//! What names a value, where it is not only its own name: what stands beside it, the map it is in. And passwords, which their
//! names alone tell.

use std::sync::Arc;

use super::hits::{Hit, weighed};
use super::{Frame, Inspector, REMEMBERED};
use crate::detect::names::{self, Name};
use crate::detect::rule::{Found, Matcher};
use crate::detect::{composed_key, decode, labels, password_names, public_names};
use crate::domain::{Confidence, Layer, SecretClass, Severity};

/// Of an item with more sightings than this none is added that only deserves a look.
pub(super) const FEW_LOOKS: usize = 1024;
/// A shorter password needs a login beside it, in bytes.
pub(super) const SHORTEST_PASSWORD: usize = 4;

/// What a name tells of its value.
pub(super) struct NameFacts {
    /// The name; empty where it is not remembered.
    pub(super) name: Arc<str>,
    pub(super) kind: Name,
    /// `{"S": "..."}`: the type of a value, not its name.
    pub(super) type_name: bool,
    /// `sessionToken`: whatever it holds is the session.
    pub(super) session: bool,
    /// `d` or `k`, of a JSON Web Key.
    pub(super) secret_of_jwk: bool,
    /// Context rules with a keyword in the name.
    pub(super) rules: Vec<usize>,
    /// Nothing but the name of a provider: an id of something there is as likely as a key.
    pub(super) provider_alone: bool,
    /// It stands beside the value, as the value of another member.
    pub(super) beside: bool,
    /// Its value may be what another member names.
    pub(super) may_hold: bool,
    /// Its members may be secrets, each by its name.
    pub(super) is_holder: bool,
    /// Its members are told about, not given.
    pub(super) describes: bool,
    /// What its value is, where that is made to be seen.
    pub(super) public: Option<&'static str>,
    /// Its value is an id, a digest or a place: random, and not worth a look.
    pub(super) is_of_id: bool,
}

impl NameFacts {
    /// Whether a seed of one-time passwords may stand under it.
    pub(super) fn is_of_seed(&self) -> bool {
        const WORDS: &[&str] =
            &["otp", "mfa", "2fa", "tfa", "factor", "authenticator", "seed", "hotp", "totp"];
        let flat: String =
            self.name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        self.kind != Name::Plain || WORDS.iter().any(|word| flat.contains(word))
    }

    /// Of a name, and the context rules with a keyword in it; `known` is the name where it is remembered.
    pub(super) fn of(name: &str, rules: Vec<usize>, known: Arc<str>) -> Self {
        Self {
            name: known,
            kind: names::kind(name),
            type_name: matches!(name, "S" | "B" | "M" | "L" | "SS" | "BS"),
            session: matches!(name, "sessionToken" | "session_token"),
            secret_of_jwk: matches!(name, "d" | "k"),
            rules,
            provider_alone: names::is_provider(name),
            beside: false,
            may_hold: labels::holds(name),
            is_holder: labels::is_holder(name),
            describes: labels::describes(name),
            public: public_names::what(name),
            is_of_id: names::is_of_id(name),
        }
    }
}

impl Inspector<'_> {
    /// What is known of the innermost name.
    pub(super) fn name_facts(&self) -> Option<&NameFacts> {
        self.scratch.frames.iter().rev().find_map(|frame| match frame {
            Frame::Name { facts, .. } => Some(&self.scratch.facts[*facts]).filter(|facts| !facts.type_name),
            _ => None,
        })
    }

    /// The way to the present value, as a number.
    pub(super) fn way(&self) -> labels::Way {
        self.scratch.frames.iter().fold(labels::ROOT, |way, frame| match frame {
            Frame::Name { position, .. } => labels::further(way, 1, *position),
            Frame::Index(position) => labels::further(way, 2, *position),
            Frame::Layer(_) => labels::further(way, 3, 0),
        })
    }

    /// What names the member that is about to be entered, where it is not its own name: what stands beside it, the map it is
    /// in, or what that is a map of.
    pub(super) fn named_otherwise(&mut self, name: &str, own: usize) -> Option<usize> {
        let may_hold = self.scratch.facts[own].may_hold;
        let of_map = match self.scratch.frames.last() {
            Some(Frame::Name { from, facts, hidden: false, .. }) => Some((*from, *facts)),
            _ => None,
        };
        if may_hold
            && !self.scratch.labels.is_empty()
            && let Some(label) = self.scratch.labels.of(self.way()).map(str::to_owned)
        {
            return Some(self.facts_of(&label, true));
        }
        let (from, of_map) = of_map?;
        let its = &self.scratch.facts[of_map];
        if may_hold {
            // A name of its own that says what it is needs no other.
            let is_better =
                its.kind != Name::Plain && !its.type_name && self.scratch.facts[own].kind == Name::Plain;
            return is_better.then_some(of_map);
        }
        let label = its.is_holder.then(|| labels::of_holder(&self.scratch.way[from..], name))??;
        // `passwords: {admin: ...}`: each is one, as a setting is.
        let beside = names::kind(&label) == Name::Password;
        Some(self.facts_of(&label, beside))
    }

    /// What a name tells that is not a member's own.
    pub(super) fn facts_of(&mut self, label: &str, beside: bool) -> usize {
        let known = if beside { &self.scratch.beside } else { &self.scratch.names };
        if let Some(facts) = known.get(label) {
            return *facts;
        }
        let (fired, _) = self.fired(label);
        let mut rules: Vec<usize> =
            fired.iter().filter(|fired| self.detector.rules[fired.0].context).map(|fired| fired.0).collect();
        rules.dedup();
        self.scratch.fired.push(fired);
        let facts = self.scratch.facts.len();
        self.scratch.facts.push(NameFacts { beside, ..NameFacts::of(label, rules, label.into()) });
        let known = if beside { &mut self.scratch.beside } else { &mut self.scratch.names };
        if known.len() < REMEMBERED {
            known.insert(label.into(), facts);
        }
        facts
    }

    /// Finds the names that stand beside values in a text that is about to be told.
    pub(super) fn label(&mut self, layer: Layer, text: &str) {
        if labels::may_hold(text) {
            let way = self.way();
            self.scratch.labels.at(way);
            let _ = decode::walk(layer, text, &mut self.scratch.labels);
            self.scratch.labels.end();
        }
    }

    /// A token in the place of a name: `sessions: {<token>: ...}`, and composed keys as names.
    pub(super) fn token_for_a_name(&self, name: &str) -> Option<Hit> {
        let of_map = || {
            let class = self.map_name().and_then(composed_key::class_of_many)?;
            composed_key::whole(name, class)
        };
        let Some(token) = composed_key::token(name).or_else(of_map) else { return self.random_name(name) };
        let mut found = Found::at(token.span);
        found.class = Some(token.class);
        found.confidence = token.is_id.then_some(Confidence::Low);
        found.reasons.push("a token in the place of a name".into());
        let number = self.detector.token_in_key;
        weighed(&self.detector.rules[number], number, found, name)
    }

    /// A name as random as keys are: an id of something, as likely as a token. It is masked, and reported where somebody asks.
    fn random_name(&self, name: &str) -> Option<Hit> {
        if self.seen.len() >= FEW_LOOKS || !names::is_worth_a_look(name) {
            return None;
        }
        let mut found = Found::at(0..name.len());
        found.reasons.push("a random name".into());
        let number = self.detector.random_value;
        weighed(&self.detector.rules[number], number, found, name)
    }

    /// The name of the map that is being told.
    fn map_name(&self) -> Option<&str> {
        match self.scratch.frames.last() {
            Some(Frame::Name { from, hidden: false, .. }) => self.scratch.way.get(*from..),
            _ => None,
        }
    }

    /// Digits under the name of a password: a login beside them makes them one.
    pub(super) fn password_of_digits(&self, text: &str) -> Option<Hit> {
        let facts = self.name_facts().filter(|facts| facts.kind == Name::Password)?;
        let is_one = (4..=32).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        is_one.then(|| self.password(facts, SecretClass::Password, text)).flatten()
    }

    /// What only guesses at a value whose name says that it is made to be seen says so instead.
    pub(super) fn made_to_be_seen(&self, length: usize, hits: Vec<Hit>) -> Vec<Hit> {
        let Some(what) = self.name_facts().and_then(|facts| facts.public) else { return hits };
        let number = self.detector.public_by_design;
        let public = |hit: Hit| {
            // What is told by its form, or is a part of the value, is what it is under any name.
            let rule = &self.detector.rules[hit.rule];
            let guesses = rule.context || matches!(rule.matcher, Matcher::Walk) && rule.rank <= 2;
            if !guesses || hit.repeat || hit.found.span != (0..length) {
                return hit;
            }
            let found = Found {
                reasons: vec![what.into()],
                severity: None,
                confidence: None,
                class: None,
                ..hit.found
            };
            Hit {
                rule: number,
                confidence: Confidence::Medium,
                severity: Severity::Info,
                example: false,
                found,
                ..hit
            }
        };
        hits.into_iter().map(public).collect()
    }

    /// A password in clear. Of a name alone one is not sure; a login beside it makes one surer (see `neighbors`).
    pub(super) fn password(&self, facts: &NameFacts, class: SecretClass, text: &str) -> Option<Hit> {
        // The name says of what it is, or stands beside the value as that of a setting: nobody describes fields so.
        let is_told = facts.beside && !text.contains(' ')
            || class != SecretClass::Password
            || names::of_provider(&names::words(&facts.name));
        let is_perhaps = password_names::is_password_perhaps(&facts.name);
        let is_chosen = !is_perhaps && names::judge(Name::Password, text) >= Some(Confidence::Medium);
        let described = |frame: &Frame| match frame {
            Frame::Name { facts, .. } => self.scratch.facts[*facts].describes,
            _ => false,
        };
        if !is_chosen && self.scratch.frames.iter().any(described) {
            return None;
        }
        let sure = is_chosen || is_told && text.len() >= SHORTEST_PASSWORD;
        let mut found = Found::at(0..text.len());
        found.confidence = Some(if sure { Confidence::Medium } else { Confidence::Low });
        found.class = Some(class);
        found.reasons.push("the name of a password".into());
        if is_chosen {
            found.reasons.push("a random value".into());
        }
        let number = self.detector.plain_password;
        weighed(&self.detector.rules[number], number, found, text)
    }
}
