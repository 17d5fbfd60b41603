//! Matches: how sure and how grave each is, which of overlapping ones counts, and how it is reported.

use std::collections::BTreeMap;
use std::ops::Range;

use jiff::Timestamp;

use super::Frame;
use super::Inspector;
use crate::detect::confirm::Check;
use crate::detect::rule::{Found, Matcher, Rule};
use crate::detect::{INSIDE_A_TEXT, decode, mask, names, signed_links};
use crate::domain::{AttributePath, Confidence, Layer, Safe, SecretClass, Severity, Sighting};

/// A match, before overlaps are settled.
pub(super) struct Hit {
    pub(super) rule: usize,
    pub(super) found: Found,
    /// What is masked: the span and every overlapping match that was dropped for this one.
    pub(super) mask: Range<usize>,
    pub(super) confidence: Confidence,
    pub(super) severity: Severity,
    pub(super) example: bool,
    /// A value recognised elsewhere in the item.
    pub(super) repeat: bool,
}

/// A match with its confidence and severity.
pub(super) fn weighed(rule: &Rule, number: usize, mut found: Found, text: &str) -> Option<Hit> {
    let secret = text.get(found.span.clone()).filter(|s| !s.is_empty())?;
    let mut confidence = found.confidence.unwrap_or(rule.info.confidence);
    let mut wrong = false;
    if found.reasons.is_empty() {
        found.reasons.push(
            if rule.context {
                "a nearby attribute name suggests a secret"
            } else {
                "matches the documented format"
            }
            .into(),
        );
    }
    match rule.confirm.map(|c| (c.check)(secret)) {
        Some(Check::Holds(sure, reason)) => {
            confidence = confidence.max(sure);
            found.reasons.push(reason);
        }
        Some(fails @ (Check::Fails(reason) | Check::Wrong(reason))) => {
            confidence = match confidence {
                Confidence::Confirmed => Confidence::High,
                Confidence::High => Confidence::Medium,
                _ => Confidence::Low,
            };
            wrong = matches!(fails, Check::Wrong(_));
            if wrong {
                found.severity = Some(found.severity.unwrap_or(rule.info.severity).min(Severity::Low));
            }
            found.reasons.push(reason.into());
        }
        None => {}
    }
    // What is public by design is none: an identifier.
    let is_public = found.class == Some(SecretClass::Identifier);
    let example = found.severity == Some(Severity::Info) && !is_public
        || ((found.severity.is_none() || wrong)
            // What a session says is a document, not a value.
            && !matches!(found.inside, Some((Layer::Django, _)))
            && names::is_example(secret, found.keep));
    if example {
        found.reasons.push("a placeholder or an example of documentation".into());
    }
    let severity = if example { Severity::Info } else { found.severity.unwrap_or(rule.info.severity) };
    let mask = found.mask.take().unwrap_or_else(|| found.span.clone());
    Some(Hit { rule: number, found, mask, confidence, severity, example, repeat: false })
}

impl Hit {
    /// A signed link with the time of its end: one that is over opens nothing.
    pub(super) fn dated(mut self, rule: &Rule, text: &str, now: Timestamp) -> Self {
        if rule.info.class != SecretClass::SignedLink || self.example {
            return self;
        }
        let Some(end) = signed_links::end(text, &self.found.span) else { return self };
        self.found.expires = Some(end);
        if end <= now {
            self.severity = Severity::Low;
            self.found.reasons.push("expired".into());
        } else {
            self.found.reasons.push(format!("live until {}", end.strftime("%Y-%m-%d %H:%M UTC")));
        }
        self
    }
}

impl Inspector<'_> {
    /// Of overlapping matches the most specific, in the order of the text.
    pub(super) fn winners(&self, mut hits: Vec<Hit>) -> Vec<Hit> {
        let (rules, random) = (&self.detector.rules, self.detector.random_value);
        hits.sort_by_key(|h| {
            std::cmp::Reverse((
                // What is known from elsewhere says more than that it is random.
                if h.rule == random { 0 } else { 2 - u8::from(h.repeat) },
                rules[h.rule].rank,
                h.confidence,
                h.found.span.len(),
                std::cmp::Reverse(h.rule),
            ))
        });
        // Where each kept match starts: where it ends, and which of the kept it is.
        let mut taken: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
        let mut kept: Vec<Hit> = Vec::new();
        for hit in hits {
            let span = &hit.found.span;
            match taken.range(..span.end).next_back() {
                Some((_, (end, winner))) if *end > span.start => {
                    // It names the value less well, but may reach further: all of it stays masked.
                    let mask = &mut kept[*winner].mask;
                    *mask = mask.start.min(hit.mask.start)..mask.end.max(hit.mask.end);
                }
                _ => {
                    taken.insert(span.start, (span.end, kept.len()));
                    kept.push(hit);
                }
            }
        }
        kept.sort_by_key(|h| h.found.span.start);
        kept
    }

    /// Of overlapping matches keeps the most specific, and reports them.
    pub(super) fn settle(&mut self, text: &str, hits: Vec<Hit>) {
        if hits.is_empty() {
            return;
        }
        // A dump is told besides what is in it.
        let is_dump = |hit: &Hit| self.detector.rules[hit.rule].info.class == SecretClass::Dump;
        let (dumps, hits): (Vec<Hit>, Vec<Hit>) = hits.into_iter().partition(is_dump);
        if let Some(dump) = dumps.into_iter().next() {
            let path = self.path();
            self.emit(text, dump, path, false);
        }
        let mut opened = 0;
        for mut hit in self.winners(hits) {
            let inside = hit.found.inside.take();
            let path = self.path();
            self.emit(text, hit, path, false);
            // What is too deep or too large here is masked with the whole session.
            if let Some((layer, json)) = inside.filter(|(_, json)| json.len() <= self.budget()) {
                self.spend(json.len());
                let quiet = std::mem::replace(&mut self.quiet, self.notes.is_none());
                self.inside(layer, |me| {
                    if opened > 0 {
                        me.scratch.frames.push(Frame::Index(opened));
                    }
                    let _ = decode::walk(Layer::Json, &json, me);
                });
                self.quiet = quiet;
                opened += 1;
            }
        }
    }

    pub(super) fn emit(&mut self, text: &str, mut hit: Hit, path: AttributePath, in_name: bool) {
        let rule = &self.detector.rules[hit.rule];
        let Some(secret) = text.get(hit.found.span.clone()) else { return };
        let shorter = secret.len() < text.trim().len();
        // A key with a prefix (`sess:...`) is still the session; a log line that holds a token is not.
        let walks = matches!(rule.matcher, Matcher::Walk);
        if rule.info.class.is_of_a_person() && !walks && shorter {
            hit.found.reasons.push(INSIDE_A_TEXT.into());
        }
        // A dump is no value that could stand elsewhere.
        let is_value = rule.info.class != SecretClass::Dump;
        let sure = is_value && hit.confidence >= Confidence::Medium && hit.severity > Severity::Info;
        let (number, keep) = (hit.rule, hit.found.keep);
        let sighting = Sighting {
            path: path.clone(),
            rule: rule.info.id.clone(),
            title: if hit.example {
                format!("{} (example)", rule.info.title).into()
            } else {
                rule.info.title.clone()
            },
            severity: hit.severity,
            confidence: hit.confidence,
            reasons: hit.found.reasons,
            // Of a dump nothing is shown: its end is no sign to know it by.
            masked: if is_value { mask::mask(secret, hit.found.keep) } else { Safe::from(mask::DOTS) },
            fingerprint: self.detector.key.fingerprint(secret),
            in_name,
            class: hit.found.class.unwrap_or(rule.info.class),
            // A name holds a value besides: to take the member away takes both.
            part: in_name || (shorter && !(walks && rule.info.class == SecretClass::Session)),
            expires: hit.found.expires,
            item: None,
            mask: hit.mask,
            span: hit.found.span.clone(),
        };
        let judged = self.detector.allow.judged(sighting, secret, self.table, self.now);
        // Of an item that is cut nothing is shown: what else of it may be a secret does not matter.
        if self.report(judged) && self.known.is_none() && sure && !self.cut {
            self.recognised.add(secret, number, keep, &path);
        }
    }
}

/// A name with every secret in it masked.
pub(super) fn masked_name(name: &str, secrets: &[Hit]) -> String {
    let mut spans: Vec<_> = secrets.iter().map(|hit| (hit.found.span.clone(), hit.found.keep)).collect();
    spans.sort_by_key(|(span, _)| (span.start, std::cmp::Reverse(span.end)));
    let (mut out, mut done) = (String::new(), 0);
    for (span, keep) in spans {
        if span.start >= done {
            out.push_str(name.get(done..span.start).unwrap_or_default());
            out.push_str(mask::mask(name.get(span.clone()).unwrap_or_default(), keep).as_str());
        }
        done = done.max(span.end);
    }
    out.push_str(name.get(done..).unwrap_or_default());
    out
}
