//! Looks at every name and leaf of an item, and into its encodings.

mod encoded_name;
mod hits;
mod naming;
mod place;

use std::cell::Cell;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use jiff::Timestamp;

use self::hits::{Hit, masked_name, weighed};
use self::naming::NameFacts;
use crate::detect::anchors::Fired;
use crate::detect::byte_classes::Signs;
use crate::detect::decode::Told;
use crate::detect::labels::{Labels, Pairs};
use crate::detect::names;
use crate::detect::repeats::{Known, Recognised};
use crate::detect::rule::{Found, Rule, Sight, Work};
use crate::detect::screening::Notes;
use crate::detect::session_shape::Shape;
use crate::detect::sessions::{self, SessionKey};
use crate::detect::structures;
use crate::detect::walk::{Both, ItemView, Visitor};
use crate::detect::{Detector, NOT_OPENED, TableContext, composed_key, decode, mask};
use crate::domain::{AttributePath, Confidence, Holds, Layer, Safe, SecretClass, Severity, Sighting, Step};

/// Maximum number of sightings kept of one item; of more, the gravest and surest. What is left out is said.
pub(super) const MOST: usize = 4096;
/// The paths of an item's sightings take at most this many bytes.
const PATHS: usize = 1024 * 1024;
/// How many bytes all rules together may look at in one item, beside what they may for what it decodes to.
const WORK: usize = 64 * 1024 * 1024;
/// A text with more keywords than this is searched again for each of its values, rather than its keywords for each.
const FEW: usize = 32;
/// Why an encoded value was not opened.
const TOO_DEEP: &str = "too deep or too large";
/// How much is opened of a stream for which there is no room, to tell whether it is one.
const PROBE: usize = 4 * 1024;
/// A long text is looked at in parts of this size,
const WINDOW: usize = 256 * 1024;
/// of which each begins this far before the one before ends: twice the longest secret that is sure to be seen whole, and
/// the context before it.
const OVERLAP: usize = 32 * 1024;
/// How often rules may look at each decoded byte, on average.
const LOOKS: usize = 8;
/// Names worth remembering from item to item.
const REMEMBERED: usize = 4096;
/// Shorter names are no secrets.
const SHORTEST_NAME: usize = 16;

/// One step of the way to the present value.
enum Frame {
    /// A member by name; the name, masked if it is `hidden`, begins at `from` in the names of the way.
    Name {
        position: usize,
        from: usize,
        hidden: bool,
        facts: usize,
    },
    Index(usize),
    Layer(Layer),
}

/// A text whose values are told: where it is in memory, and the keywords in it. Values are mostly parts of it, letter
/// by letter, and then need not be searched again.
struct Around {
    place: Range<usize>,
    fired: Vec<Fired>,
}

/// How many bytes a sighting takes of what the paths of all may.
fn size(sighting: &Sighting) -> usize {
    sighting.path.size() + sighting.reasons.iter().map(String::len).sum::<usize>()
}

/// Where a text is in memory.
fn place(text: &str) -> Range<usize> {
    let start = text.as_ptr().addr();
    start..start + text.len()
}

/// Buffers that are used again from item to item: an item without secrets takes no memory but these.
#[derive(Default)]
pub struct Scratch {
    frames: Vec<Frame>,
    /// The names of all frames, one after the other.
    way: String,
    pub(super) outline: sessions::Outline,
    /// The shape of the item, as far as session stores have one.
    shape: Shape,
    /// Whether names stand beside values, and which.
    pairs: Pairs,
    labels: Labels,
    /// What fired, in buffers that are not in use: one inside an encoding is asked while the outer waits.
    fired: Vec<Vec<Fired>>,
    places: Vec<Range<usize>>,
    /// What is known of names, and which of it belongs to names that were seen before.
    facts: Vec<NameFacts>,
    names: HashMap<Arc<str>, usize>,
    /// The same of what stands beside values, which says more than the same name of a member.
    beside: HashMap<Arc<str>, usize>,
    /// The facts of the names of the item before, in its order: most items of a table have the same.
    order: Vec<usize>,
    /// How often rules looked at a text since the scratch was made, at how many bytes, and how many bytes encodings
    /// took; tests count it.
    pub(super) looks: usize,
    pub(super) looked: usize,
    pub(super) opened: usize,
}

impl Scratch {
    /// Looks at an item as a whole, before its values are looked at: the session keys in it.
    pub(super) fn survey(&mut self, context: &TableContext, item: &impl ItemView) -> Vec<SessionKey> {
        self.outline.clear();
        self.shape.clear();
        self.pairs.clear(context.key.as_ref());
        self.labels.clear();
        item.walk(&mut Both(&mut self.outline, &mut Both(&mut self.shape, &mut self.pairs)));
        if self.shape.may_be_one() {
            self.shape.look();
            item.walk(&mut self.shape);
        }
        if self.pairs.found() {
            self.labels.of_item(context.key.as_ref());
            item.walk(&mut self.labels);
            self.labels.end();
        }
        sessions::keys(&self.outline, &self.shape, context)
    }

    /// Remembers which name came `nth`, for the next item.
    fn expect(&mut self, nth: usize, facts: usize) {
        if nth < REMEMBERED {
            // What is not filled in yet is no more than a wrong guess.
            self.order.resize(self.order.len().max(nth + 1), facts);
            self.order[nth] = facts;
        }
    }
}

/// Inspects one item.
pub(super) struct Inspector<'a> {
    detector: &'a Detector,
    /// The table the item is from; empty when not known.
    pub table: &'a str,
    now: Timestamp,
    scratch: &'a mut Scratch,
    keys: Vec<SessionKey>,
    /// On the second look: what the first recognised.
    known: Option<&'a Known>,
    /// On the first look: what a second would look for.
    pub recognised: Recognised,
    /// How many texts and names of the item itself were walked.
    nth: usize,
    /// How many names were entered.
    entered: usize,
    /// The text whose values are told.
    around: Option<Around>,
    /// What was seen.
    pub seen: Vec<Sighting>,
    /// Something was left out: the item is not shown.
    pub cut: bool,
    /// How many encoded values could not be opened to their end.
    pub not_opened: usize,
    /// Of full `seen`, where a sighting of the least weight may be, and that weight.
    weakest: (usize, Option<(Severity, Confidence)>),
    layers: usize,
    /// How many more bytes may be opened in this item, and in this attribute; and by how much the former may still grow.
    item: usize,
    attribute: usize,
    growth: usize,
    /// How many more bytes the paths of sightings may take.
    paths: usize,
    work: Work,
    /// Whether names are looked into, and how many were.
    opens_names: bool,
    names_opened: usize,
    /// Inside something already recognised: only documented forms count.
    quiet: bool,
    /// Where an item is opened to be shown: its decoded values. Then all that is seen counts, for masking.
    pub notes: Option<Notes>,
}

impl<'a> Inspector<'a> {
    pub(super) fn new(
        detector: &'a Detector,
        now: Timestamp,
        scratch: &'a mut Scratch,
        keys: Vec<SessionKey>,
        known: Option<&'a Known>,
    ) -> Self {
        scratch.frames.clear();
        scratch.way.clear();
        if scratch.facts.len() > 2 * REMEMBERED {
            scratch.facts.clear();
            scratch.names.clear();
            scratch.beside.clear();
            scratch.order.clear();
        }
        Self {
            detector,
            table: "",
            now,
            scratch,
            keys,
            known,
            recognised: Recognised::default(),
            nth: 0,
            entered: 0,
            around: None,
            seen: Vec::new(),
            cut: false,
            not_opened: 0,
            weakest: (0, None),
            layers: 0,
            item: decode::ITEM,
            attribute: decode::ATTRIBUTE,
            growth: decode::MOST - decode::ITEM,
            paths: PATHS,
            work: Work::new(WORK),
            opens_names: true,
            names_opened: 0,
            quiet: false,
            notes: None,
        }
    }

    /// What was recognised elsewhere and is in this text: masked, not counted again.
    fn repeats(&self, text: &str) -> Vec<Hit> {
        let Some(known) = self.known else { return Vec::new() };
        let repeats = known.repeats(text);
        let hit = |repeat: crate::detect::repeats::Repeat| Hit {
            rule: repeat.rule,
            mask: repeat.span.clone(),
            confidence: Confidence::Low,
            severity: self.detector.rules[repeat.rule].info.severity,
            example: false,
            repeat: true,
            found: Found { keep: repeat.keep, reasons: vec![repeat.reason], ..Found::at(repeat.span) },
        };
        repeats.into_iter().map(hit).collect()
    }

    /// How many more bytes may be opened here, to be held as one text.
    fn budget(&self) -> usize {
        self.room().min(decode::HELD)
    }

    /// How many more bytes may be opened here.
    fn room(&self) -> usize {
        if self.layers < decode::LAYERS { self.item.min(self.attribute) } else { 0 }
    }

    /// What may be opened grows with what is stored.
    fn stored(&mut self, bytes: usize) {
        if self.layers == 0 && self.notes.is_none() {
            let more = bytes.saturating_mul(decode::RATIO);
            self.attribute = self.attribute.saturating_add(more);
            let more = more.min(self.growth);
            self.growth -= more;
            self.item += more;
        }
    }

    /// Takes bytes off the budget.
    fn spend(&mut self, bytes: usize) {
        self.item -= bytes.min(self.item);
        self.attribute -= bytes.min(self.attribute);
        self.work.grow(bytes.saturating_mul(LOOKS));
        self.scratch.opened += bytes;
    }

    /// Something that may hold anything was not opened, or not wholly: it is masked, and said so. A person may allow it.
    fn not_opened(&mut self, length: usize, why: &str) {
        let path = self.path();
        let sighting = Sighting {
            path,
            span: 0..length,
            mask: 0..length,
            rule: NOT_OPENED.into(),
            title: "Encoded value not opened".into(),
            severity: Severity::Info,
            confidence: Confidence::Low,
            reasons: vec![format!("not opened: {why}")],
            masked: Safe::from(mask::DOTS),
            fingerprint: String::new(),
            in_name: false,
            class: SecretClass::Unclassified,
            part: false,
            expires: None,
            item: None,
        };
        let told = sighting.reasons.len();
        let judged = self.detector.allow.judged(sighting, "", self.table, self.now);
        self.not_opened += usize::from(judged.reasons.len() == told);
        self.report(judged);
    }

    /// Keeps a sighting; whether it did. Where there are too many, a graver or surer one takes the place of the weakest.
    fn report(&mut self, sighting: Sighting) -> bool {
        let size = size(&sighting);
        if self.seen.len() >= MOST || size > self.paths {
            self.cut = true;
            return self.replace(sighting, size);
        }
        self.paths -= size;
        // What only looks random may be known from elsewhere.
        let is_random = *sighting.rule == *self.detector.rules[self.detector.random_value].id;
        if self.known.is_none() && !is_random {
            // Where an encoding was opened, all of the stored text is masked.
            let part = if self.layers > 0 { 0..usize::MAX } else { sighting.mask.clone() };
            self.recognised.cover(self.nth, part);
        }
        self.seen.push(sighting);
        true
    }

    /// Puts a sighting in the place of one of the least weight, unless it weighs no more itself.
    fn replace(&mut self, sighting: Sighting, size: usize) -> bool {
        let weight = |s: &Sighting| (s.severity, s.confidence);
        loop {
            let (from, least) = self.weakest;
            // The least weight is looked up anew only when none of it is left: it rises, and there are few weights.
            let found = least.and_then(|least| {
                let rest = self.seen.iter().enumerate().skip(from);
                rest.clone().find(|(_, s)| weight(s) <= least).map(|(n, _)| n)
            });
            match (found, least) {
                (Some(_), Some(least)) if weight(&sighting) <= least => return false,
                (Some(n), _) => {
                    self.weakest.0 = n + 1;
                    let old = self::size(&self.seen[n]);
                    if size > self.paths + old {
                        return false;
                    }
                    self.paths = self.paths + old - size;
                    self.seen[n] = sighting;
                    return true;
                }
                (None, before) => match self.seen.iter().map(weight).min() {
                    Some(now) if before.is_none_or(|b| now > b) => self.weakest = (0, Some(now)),
                    _ => return false,
                },
            }
        }
    }

    /// The keywords in a text, in a buffer to be given back, and its signs.
    fn fired(&mut self, text: &str) -> (Vec<Fired>, Signs) {
        let mut fired = self.scratch.fired.pop().unwrap_or_default();
        let here = place(text);
        let part = |around: &&Around| around.place.start <= here.start && here.end <= around.place.end;
        let Some(around) = self.around.as_ref().filter(part) else {
            let signs = self.detector.anchors().fire(text, &mut fired);
            return (fired, signs);
        };
        let from = here.start - around.place.start;
        fired.clear();
        fired.extend(around.fired.iter().filter_map(|(rule, place)| {
            // A rule without a keyword looks at every text.
            if place.is_empty() {
                return Some((*rule, 0..0));
            }
            let start = place.start.checked_sub(from)?;
            let end = place.end - from;
            (end <= text.len()).then_some((*rule, start..end))
        }));
        (fired, Signs::of(text))
    }

    /// The matches of every rule whose keyword is in the text.
    fn hits(&mut self, text: &str, on: impl Fn(&Rule) -> bool) -> Vec<Hit> {
        let fired = self.fired(text);
        self.matches(text, fired, on)
    }

    /// The matches of the rules that fired; takes the buffer back.
    fn matches(
        &mut self,
        text: &str,
        (mut fired, signs): (Vec<Fired>, Signs),
        on: impl Fn(&Rule) -> bool,
    ) -> Vec<Hit> {
        let mut hits = Vec::new();
        // Context rules named above run without a keyword in the text.
        let named = self.named();
        if !named.is_empty() {
            fired.extend(named.iter().map(|rule| (*rule, 0..0)));
            fired.sort_unstable_by_key(|(rule, place)| (*rule, place.start, place.end));
        }
        if fired.is_empty() {
            self.scratch.fired.push(fired);
            return hits;
        }
        let before = self.item.min(self.attribute);
        let budget = Cell::new(before);
        let mut places = std::mem::take(&mut self.scratch.places);
        for group in fired.chunk_by(|a, b| a.0 == b.0) {
            let number = group[0].0;
            let rule = &self.detector.rules[number];
            if !on(rule) {
                continue;
            }
            places.clear();
            places.extend(
                group.iter().map(|(_, place)| place.clone()).filter(|p| !rule.context || !p.is_empty()),
            );
            let named = rule.context && self.named().contains(&number);
            let (keywords, now) = (places.as_slice(), self.now);
            let sight = Sight { text, signs, keywords, named, now, budget: &budget, work: &self.work };
            let unsure = named
                && names::is_plain_id(text)
                && self.name_facts().is_some_and(|facts| facts.provider_alone);
            for found in rule.matches(&sight) {
                let hit = weighed(rule, number, found, text).map(|hit| hit.dated(rule, text, now));
                hits.extend(hit.map(|hit| match unsure {
                    true => Hit { confidence: Confidence::Low, ..hit },
                    false => hit,
                }));
            }
            if self.work.spent.get() {
                self.cut = true;
                break;
            }
        }
        self.scratch.looks += self.work.looks.take();
        self.scratch.looked += self.work.done.take();
        self.scratch.places = places;
        self.scratch.fired.push(fired);
        self.spend(before - budget.get());
        hits
    }

    /// The name of the present value; empty for a member of a list.
    fn own_name(&self) -> &str {
        match self.scratch.frames.last() {
            Some(Frame::Name { from, .. }) => &self.scratch.way[*from..],
            _ => "",
        }
    }

    fn named(&self) -> &[usize] {
        self.name_facts().map_or(&[], |facts| &facts.rules)
    }

    /// The way to the present value.
    fn path(&self) -> AttributePath {
        let mut end = self.scratch.way.len();
        let mut steps: Vec<Step> = Vec::with_capacity(self.scratch.frames.len());
        for frame in self.scratch.frames.iter().rev() {
            steps.push(match frame {
                Frame::Name { position, from, hidden, .. } => {
                    let name = &self.scratch.way[*from..end];
                    end = *from;
                    if *hidden { Step::hidden(*position, name) } else { Step::member(*position, name) }
                }
                Frame::Index(n) => Step::Index(*n),
                Frame::Layer(layer) => Step::Layer(*layer),
            });
        }
        steps.reverse();
        AttributePath::new(steps)
    }

    /// What is known of a name, the `nth` of the item, that was seen before.
    fn remembered(&mut self, nth: usize, name: &str) -> Option<usize> {
        let scratch = &mut *self.scratch;
        let same = |facts: &usize| !name.is_empty() && *scratch.facts[*facts].name == *name;
        if let Some(facts) = scratch.order.get(nth).copied().filter(same) {
            return Some(facts);
        }
        let facts = scratch.names.get(name).copied()?;
        scratch.expect(nth, facts);
        Some(facts)
    }

    /// Goes down to a member.
    fn push(&mut self, position: usize, name: &str, hidden: bool, facts: usize) {
        let from = self.scratch.way.len();
        self.scratch.way.push_str(name);
        self.scratch.frames.push(Frame::Name { position, from, hidden, facts });
    }

    /// Goes into an encoding; whether anything was seen there.
    fn inside(&mut self, layer: Layer, look: impl FnOnce(&mut Self)) -> bool {
        let before = self.seen.len();
        let (depth, way) = (self.scratch.frames.len(), self.scratch.way.len());
        self.scratch.frames.push(Frame::Layer(layer));
        self.layers += 1;
        look(self);
        self.layers -= 1;
        // Text that turned out to be something else is left wherever one is in it.
        self.scratch.frames.truncate(depth);
        self.scratch.way.truncate(way);
        self.seen.len() > before
    }

    /// The same, within a smaller budget, to tell what is inside the encodings.
    pub(super) fn noting(mut self, budget: usize) -> Self {
        (self.item, self.notes) = (budget, Some(Notes::default()));
        self
    }

    /// Notes the present value, if it is a decoded one and such are noted.
    fn note(&mut self, holds: impl FnOnce() -> Holds) {
        if self.layers > 0 && self.notes.is_some() {
            let path = self.path();
            if let Some(notes) = &mut self.notes {
                notes.add(path, holds());
            }
        }
    }

    /// Decoded or stored bytes.
    fn bytes(&mut self, bytes: &[u8]) {
        self.note(|| match std::str::from_utf8(bytes) {
            Ok(text) => Holds::Text(zeroize::Zeroizing::new(text.to_owned())),
            Err(_) => Holds::Bytes(bytes.len()),
        });
        if self.stream(bytes) {
            return;
        }
        if decode::is_closed(bytes) {
            self.not_opened(bytes.len(), "an archive or compression that is not read here");
        }
        // What the rules know in base64: keys in DER, objects of languages.
        if structures::is_object(bytes) {
            let size = bytes.len().div_ceil(3) * 4;
            if size > self.budget() {
                return self.not_opened(bytes.len(), TOO_DEEP);
            }
            self.spend(size);
            let text = zeroize::Zeroizing::new(decode::to_base64(bytes));
            let hits = self.hits(&text, |rule| rule.rank > 2);
            self.settle(&text, hits);
        }
        match std::str::from_utf8(bytes) {
            Ok(text) => self.read(text),
            Err(_) => {
                // Pickles, marshalled objects and the like: never deserialised, but their strings are legible.
                let text = zeroize::Zeroizing::new(String::from_utf8_lossy(bytes).into_owned());
                let hits = self.hits(&text, |rule| rule.rank > 1);
                self.settle(&text, hits);
            }
        }
    }

    /// Opens bytes that are a compressed stream; whether anything was seen in it.
    fn stream(&mut self, bytes: &[u8]) -> bool {
        let Some(mut stream) = decode::of_bytes(bytes) else { return false };
        let mut held = zeroize::Zeroizing::new(Vec::new());
        let budget = self.budget();
        // Without room, a little of it still tells whether it is one.
        stream.fill(&mut held, budget.max(PROBE));
        if !stream.is_one(&held) {
            return false;
        }
        self.spend(held.len() + decode::STREAM);
        let layer = stream.layer();
        let shown = self.notes.is_some();
        let before = self.seen.len();
        match stream.end() {
            decode::End::Yes if held.len() <= budget => {
                self.inside(layer, |me| me.bytes(&held));
            }
            decode::End::No if budget == decode::HELD && !shown => {
                self.inside(layer, |me| me.windows(&mut stream, &held));
            }
            end => {
                let damaged = end == decode::End::Damaged;
                self.not_opened(bytes.len(), if damaged { "it is damaged or cut off" } else { TOO_DEEP });
                held.truncate(budget);
                self.inside(layer, |me| me.bytes(&held));
                return self.seen.len() > before + 1;
            }
        }
        match stream.end() {
            decode::End::Yes => {}
            decode::End::No => self.not_opened(bytes.len(), TOO_DEEP),
            decode::End::Damaged => self.not_opened(bytes.len(), "it is damaged or cut off"),
        }
        self.seen.len() > before
    }

    /// Looks at a long text part by part as it comes out of its stream, with the rules that need no names around it.
    /// Each part overlaps the one before by [`OVERLAP`]; what begins in the first half of that was seen there. `held` is
    /// what came out of the stream so far.
    fn windows(&mut self, stream: &mut decode::Stream<'_>, held: &[u8]) {
        let (first, mut held) = held.split_at(WINDOW.min(held.len()));
        let mut window = zeroize::Zeroizing::new(first.to_vec());
        let mut done = zeroize::Zeroizing::new(Vec::new());
        // Where the window begins, and from where on in it what begins there counts.
        let (mut base, mut from) = (0, 0);
        loop {
            let more = stream.end() == decode::End::No && self.room() >= WINDOW;
            let last = (held.is_empty() && !more) || self.work.spent.get();
            let until = if last { window.len() + 1 } else { window.len() - OVERLAP / 2 };
            // A bomb repeats itself: what is the same as before holds nothing new.
            if *window != *done {
                self.window(&window, from..until, base);
            }
            if last {
                return;
            }
            let overlap = window.len() - OVERLAP;
            let mut next = zeroize::Zeroizing::new(Vec::with_capacity(OVERLAP + WINDOW + 1));
            next.extend_from_slice(&window[overlap..]);
            (base, from) = (base + overlap, OVERLAP / 2);
            if held.is_empty() {
                stream.fill(&mut next, WINDOW);
                self.spend(next.len() - OVERLAP);
            } else {
                let part;
                (part, held) = held.split_at(WINDOW.min(held.len()));
                next.extend_from_slice(part);
            }
            done = std::mem::replace(&mut window, next);
        }
    }

    /// One part of a long text, which begins at `base` in it: what begins in that range counts.
    fn window(&mut self, bytes: &[u8], counts: Range<usize>, base: usize) {
        let text = String::from_utf8_lossy(bytes);
        let mut hits = self.hits(&text, |rule| rule.rank > 1);
        if self.known.is_some() {
            hits.extend(self.repeats(&text));
        }
        hits.retain(|hit| counts.contains(&hit.found.span.start));
        let before = self.seen.len();
        self.settle(&text, hits);
        for sighting in self.seen.iter_mut().skip(before) {
            for range in [&mut sighting.span, &mut sighting.mask] {
                *range = range.start.saturating_add(base)..range.end.saturating_add(base);
            }
        }
    }

    /// Text with names and values in it, told as such; how much of it was.
    fn told(&mut self, layer: Layer, text: &str, fired: &[Fired]) -> Told {
        if text.len() > self.budget() {
            return Told::Partly;
        }
        self.spend(text.len());
        let before = (self.seen.len(), self.paths, self.not_opened, self.recognised.mark());
        let noted = self.notes.as_ref().map_or(0, Notes::mark);
        let mut told = Told::Not;
        let mut known = self.scratch.fired.pop().unwrap_or_default();
        known.clear();
        let around = (fired.len() <= FEW).then(|| {
            known.extend_from_slice(fired);
            Around { place: place(text), fired: known }
        });
        let outer = std::mem::replace(&mut self.around, around);
        self.inside(layer, |me| {
            me.label(layer, text);
            told = decode::walk(layer, text, me);
        });
        let around = std::mem::replace(&mut self.around, outer);
        self.scratch.fired.extend(around.map(|around| around.fired));
        if told == Told::Not {
            self.seen.truncate(before.0);
            (self.paths, self.not_opened) = (before.1, before.2);
            self.recognised.rewind(before.3);
            if let Some(notes) = &mut self.notes {
                notes.rewind(noted);
            }
        }
        told
    }

    /// Text, stored or decoded.
    fn read(&mut self, text: &str) {
        // No rule would look.
        if self.work.spent.get() {
            return;
        }
        let before = self.seen.len();
        let (fired, signs) = self.fired(text);
        let form = decode::form_of(text, signs);
        if let Some(layer) = form {
            match self.told(layer, text, &fired) {
                Told::Whole => {
                    // A value recognised elsewhere may be in the text across what a form tells apart.
                    let across = self.seen.len() == before && !self.repeats(text).is_empty();
                    // Everything in JSON was told; around the values of other forms may be comments.
                    if layer == Layer::Json && !across {
                        // What only the whole of it is: a private JWK, a session.
                        let hits = self.matches(text, (fired, signs), |rule| rule.rank > 3);
                        self.settle(text, hits);
                        return;
                    }
                }
                // Too deep, too large, or not quite readable: what was left out is looked at as text, below.
                Told::Partly => self.not_opened(text.len(), TOO_DEEP),
                Told::Not => {}
            }
        }
        let told = self.seen.len() > before;
        let quiet = self.quiet;
        // Where values were seen by themselves, what only guesses at them in the text adds nothing.
        let mut hits =
            self.matches(text, (fired, signs), |rule| rule.rank > if told { 2 } else { u8::from(quiet) });
        if !told {
            hits.extend(
                self.by_place(text, signs).filter(|hit| !quiet || self.detector.rules[hit.rule].rank > 1),
            );
        }
        // A form's escapes were undone value by value; undone as a whole, the values could not be told apart.
        if !told
            && form != Some(Layer::Form)
            && !hits.iter().any(|hit| self.detector.rules[hit.rule].rank > 1)
            && let Some((layer, decoded)) = decode::of_text(text, signs)
        {
            // It is random because it is an encoding: what is inside says what it is.
            hits.retain(|hit| hit.rule != self.detector.random_value);
            if decoded.len() > self.budget() {
                self.not_opened(text.len(), TOO_DEEP);
            } else {
                self.spend(decoded.len());
                if self.inside(layer, |me| me.bytes(&decoded)) {
                    hits.clear();
                }
            }
        }
        if self.seen.len() > before && !hits.is_empty() {
            let known = &self.seen[before..];
            hits.retain(|hit| {
                let secret = text.get(hit.found.span.clone()).unwrap_or_default();
                let fingerprint = self.detector.key.fingerprint(secret);
                known.iter().all(|s| s.fingerprint != fingerprint)
            });
        }
        if !hits.is_empty() {
            hits = self.made_to_be_seen(text.len(), hits);
        }
        if self.known.is_some() {
            hits.extend(self.repeats(text));
        }
        self.settle(text, hits);
    }
}

impl Visitor for Inspector<'_> {
    fn enter_name(&mut self, position: usize, name: &str) {
        if self.scratch.frames.is_empty() {
            self.attribute = decode::ATTRIBUTE;
        }
        if self.layers == 0 {
            self.nth += 1;
        }
        let mut secrets = self.repeats(name);
        let nth = self.entered;
        self.entered += 1;
        if let Some(facts) = self.remembered(nth, name).filter(|_| secrets.is_empty()) {
            let facts = self.named_otherwise(name, facts).unwrap_or(facts);
            self.push(position, name, false, facts);
            return;
        }
        let (fired, signs) = self.fired(name);
        let context = |fired: &&Fired| self.detector.rules[fired.0].context;
        // `hubspotContactId` is about something of a provider; what ends with the keyword is what its rule looks for.
        let refers = fired.iter().any(|f| context(&f)) && names::refers(name);
        let meant = |fired: &&Fired| !refers || fired.1.end == name.len();
        let mut rules: Vec<usize> = fired.iter().filter(context).filter(meant).map(|f| f.0).collect();
        rules.dedup();
        if name.len() >= SHORTEST_NAME {
            // The frame of the name is not there yet, so no context of a parent applies.
            let hits = self.matches(name, (fired, signs), |rule| rule.rank > 1 && !rule.context);
            // The same match twice is one sighting.
            secrets.retain(|r| hits.iter().all(|h| h.found.span != r.found.span));
            secrets.extend(hits);
            secrets = self.winners(secrets);
        } else {
            self.scratch.fired.push(fired);
        }
        if secrets.is_empty() {
            secrets.extend(self.in_encoded_name(name));
        }
        if secrets.is_empty() {
            secrets.extend(self.token_for_a_name(name));
        }
        // Facts of names that are not remembered are kept until there are too many.
        let facts = self.scratch.facts.len();
        // Where a token stands for a name, the map around it decides: it is asked again.
        let is_random = name.len() >= SHORTEST_NAME
            && (composed_key::is_token(name.trim_end_matches('=')) || names::is_worth_a_look(name));
        let remembered =
            secrets.is_empty() && name.len() <= 64 && !is_random && self.scratch.names.len() < REMEMBERED;
        let known: Arc<str> = if remembered { name.into() } else { "".into() };
        self.scratch.facts.push(NameFacts::of(name, rules, Arc::clone(&known)));
        if remembered {
            self.scratch.names.insert(known, facts);
            self.scratch.expect(nth, facts);
        }
        if secrets.is_empty() {
            let facts = self.named_otherwise(name, facts).unwrap_or(facts);
            self.push(position, name, false, facts);
            return;
        }
        let hidden = masked_name(name, &secrets);
        let parent = self.path();
        for hit in secrets {
            self.emit(name, hit, parent.child(Step::hidden(position, &hidden)), true);
        }
        // The clear name goes no further: the frame keeps the masked one.
        self.push(position, &hidden, true, facts);
    }

    fn enter_index(&mut self, position: usize) {
        self.scratch.frames.push(Frame::Index(position));
    }

    fn leave(&mut self) {
        if let Some(Frame::Name { from, .. }) = self.scratch.frames.pop() {
            self.scratch.way.truncate(from);
        }
    }

    fn opens(&mut self, holds: Holds) {
        self.note(|| holds);
    }

    fn word(&mut self, word: &'static str) {
        self.note(|| Holds::Word(word));
    }

    fn text(&mut self, text: &str) {
        if self.layers == 0 {
            self.nth += 1;
        }
        self.stored(text.len());
        self.note(|| Holds::Text(zeroize::Zeroizing::new(text.to_owned())));
        self.read(text);
    }

    fn number(&mut self, text: &str) {
        if self.layers == 0 {
            self.nth += 1;
        }
        self.note(|| Holds::Number(zeroize::Zeroizing::new(text.to_owned())));
        let mut hits = self.repeats(text);
        hits.extend(self.password_of_digits(text));
        self.settle(text, hits);
    }

    fn binary(&mut self, bytes: &[u8]) {
        if self.layers == 0 {
            self.nth += 1;
        }
        self.stored(bytes.len());
        self.bytes(bytes);
    }
}
