//! What a value's place says of it: the key of a session table, the form of the whole of it, its name, and how random it is.

use super::hits::{Hit, weighed};
use super::naming::{FEW_LOOKS, NameFacts, SHORTEST_PASSWORD};
use super::{Frame, Inspector};
use crate::detect::byte_classes::Signs;
use crate::detect::names::{self, Name};
use crate::detect::rule::Found;
use crate::detect::{composed_key, name_class, passwords, sessions, structures};
use crate::domain::{Confidence, SecretClass, Severity};

impl Inspector<'_> {
    /// What the attribute's own place says: the key of a session table, or a sensitive name.
    pub(super) fn by_place(&self, text: &str, signs: Signs) -> Option<Hit> {
        if let [Frame::Name { .. }] = self.scratch.frames.as_slice() {
            for key in self.keys.iter().filter(|k| *k.attribute == *self.scratch.way) {
                let Some(span) = (key.cookie)(text) else { continue };
                // Its name alone makes one surer than the shape does.
                let by_name = self.name_facts().and_then(|facts| names::judge(facts.kind, text));
                if key.is_unsure && by_name >= Some(Confidence::Medium) {
                    continue;
                }
                let over = key.expires.is_some_and(|end| end <= self.now);
                let mut found = Found::at(span);
                found.reasons.push(format!("{}: the key is the live cookie", key.store));
                if over {
                    found.reasons.push("expired".into());
                }
                found.expires = key.expires;
                found.severity = over.then_some(Severity::Low);
                found.confidence = key.is_unsure.then_some(Confidence::Low);
                return weighed(
                    &self.detector.rules[self.detector.session_key],
                    self.detector.session_key,
                    found,
                    text,
                );
            }
        }
        if let Some(token) = composed_key::token(text) {
            let mut found = Found::at(token.span);
            found.class = Some(token.class);
            // Talks, workouts and charges of a car are sessions, too.
            let is_other = token.class == SecretClass::Session && self.scratch.shape.is_elsewhere();
            found.confidence = (token.is_id || is_other).then_some(Confidence::Low);
            found.reasons.push("the part of the key before it names it".into());
            let number = self.detector.token_in_key;
            return weighed(&self.detector.rules[number], number, found, text);
        }
        if let Some((form, span)) = structures::whole(text, signs) {
            let number = self.detector.whole[form];
            let mut found = Found::at(span);
            // Base32 of that length is the form of many ids: only a name makes it a seed.
            if structures::WHOLE[form].needs_name && !self.name_facts().is_some_and(NameFacts::is_of_seed) {
                return self.look_at(self.name_facts(), text);
            }
            found
                .reasons
                .extend(structures::WHOLE[form].needs_name.then(|| "the name of a second factor".into()));
            return weighed(&self.detector.rules[number], number, found, text);
        }
        let Some(facts) = self.name_facts() else { return self.look_at(None, text) };
        if facts.session && sessions::is_token(text) {
            let mut found = Found::at(0..text.len());
            found.reasons.push("the name of a session's token".into());
            let number = self.detector.session_token;
            return weighed(&self.detector.rules[number], number, found, text);
        }
        if facts.secret_of_jwk && self.scratch.outline.jwk() && sessions::is_key(text) {
            let mut found = Found::at(0..text.len());
            found.reasons.push("the secret part of a JSON Web Key".into());
            let number = self.detector.jwk;
            return weighed(&self.detector.rules[number], number, found, text);
        }
        // Shown in the clear, a session's parts are judged more strictly than where the whole of it is masked.
        let part = self.notes.is_some() && structures::SECRETS.contains(&self.own_name());
        let name = if facts.name.is_empty() { self.own_name() } else { &facts.name };
        if facts.kind == Name::Password && !part {
            let class = name_class::of_value(name, text);
            // A longer text may be another secret, and is judged as one.
            if class != SecretClass::PasswordHash && text.len() <= passwords::LONGEST {
                // `PWD` of a shell is a folder.
                let is_folder = name.eq_ignore_ascii_case("pwd") && text.contains(['/', '\\']);
                let is_one = passwords::could_be(name, text) && !is_folder;
                return is_one.then(|| self.password(facts, class, text)).flatten();
            }
        }
        let judged = if part { Some(Confidence::Medium) } else { names::judge(facts.kind, text) };
        let Some(confidence) = judged else { return self.look_at(Some(facts), text) };
        let mut found = Found::at(0..text.len());
        found.confidence = Some(confidence);
        let class = name_class::of_value(name, text);
        found.class = Some(class);
        let is_address = self.scratch.shape.is_of_chain() && names::is_base58_address(text);
        if is_address || class == SecretClass::Session && self.scratch.shape.is_elsewhere() {
            found.confidence = Some(Confidence::Low);
        }
        // What guards a password is less than the password.
        found.severity = (class == SecretClass::PasswordHash).then_some(Severity::Medium);
        found.reasons.push("a sensitive name".into());
        if confidence >= Confidence::Medium {
            found.reasons.push("a random value".into());
        }
        let number = self.detector.sensitive_name;
        weighed(&self.detector.rules[number], number, found, text)
    }

    /// A value that is random, or has a telling name and is not: one that a careful person would look at.
    pub(super) fn look_at(&self, facts: Option<&NameFacts>, text: &str) -> Option<Hit> {
        let kind = facts.map_or(Name::Plain, |facts| facts.kind);
        let (number, reason) = match kind {
            Name::Plain => {
                let is_id = facts.is_some_and(|facts| facts.is_of_id || facts.public.is_some());
                let is_one = !is_id && self.seen.len() < FEW_LOOKS && names::is_worth_a_look(text);
                (is_one.then_some(self.detector.random_value)?, "a random value")
            }
            _ => {
                // No word of an interface, no path.
                let is_plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_!@#$%&*+=".contains(&b));
                let is_typed = text.bytes().any(|b| b.is_ascii_digit())
                    || text.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
                let is_one =
                    text.len() >= SHORTEST_PASSWORD && is_plain && is_typed && passwords::could_be("", text);
                (is_one.then_some(self.detector.sensitive_name)?, "a sensitive name")
            }
        };
        let mut found = Found::at(0..text.len());
        found.confidence = Some(Confidence::Low);
        found.severity = Some(Severity::Low);
        found.reasons.push(reason.into());
        weighed(&self.detector.rules[number], number, found, text)
    }
}
