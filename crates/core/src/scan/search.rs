//! Which part of CloudTrail's event history to ask for next, and when.
//!
//! LookupEvents takes one name at a time, and an account and Region may ask twice a second (CloudTrail API Reference,
//! LookupEvents). Other programs ask as well: who is throttled waits longer.

use jiff::{SignedDuration, Timestamp};

use crate::domain::{COPY_CALLS, CopyCall, CopyEvent, FailureKind, Gap, LookedUp, Lookup};

/// Between two questions.
const PAUSE: SignedDuration = SignedDuration::from_millis(600);

/// Pages of one kind of call, of 50 events each: who scales a table by its own timer fills the history with updates.
const MAX_PAGES: u32 = 10;

/// So often a throttled question is asked again, each time after twice the wait.
const PATIENCE: u32 = 5;

/// The wait after the first throttled question.
const BACK_OFF: SignedDuration = SignedDuration::from_secs(1);

/// What to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Turn {
    /// Ask this.
    Ask(Lookup),
    /// Wait for the answer under way.
    Wait,
    /// Nothing before then.
    Rest(Timestamp),
    /// It is over.
    Done,
}

/// A search of the history.
#[derive(Debug, Clone, PartialEq)]
pub struct Search {
    /// What is asked next; `None` at the end.
    next: Option<Lookup>,
    /// Kinds of calls asked about to their end, or as far as they are asked.
    done: usize,
    /// Pages of the kind under way.
    pages: u32,
    asked: bool,
    ready: Timestamp,
    throttled: u32,
    calls: u64,
    events: Vec<CopyEvent>,
    unread: u64,
    cut: Vec<&'static CopyCall>,
    ended: Option<Gap>,
}

impl Search {
    /// The fewest questions it takes.
    pub const LEAST: usize = COPY_CALLS.len();
    /// The most.
    pub const MOST: usize = COPY_CALLS.len() * MAX_PAGES as usize;

    /// From the beginning.
    pub fn new(now: Timestamp) -> Self {
        Self {
            next: COPY_CALLS.first().map(|call| Lookup { call, next: None }),
            done: 0,
            pages: 0,
            asked: false,
            ready: now,
            throttled: 0,
            calls: 0,
            events: Vec::new(),
            unread: 0,
            cut: Vec::new(),
            ended: None,
        }
    }

    /// What to do now. What is to be asked counts as asked.
    pub fn turn(&mut self, now: Timestamp) -> Turn {
        match &self.next {
            None => Turn::Done,
            Some(_) if self.asked => Turn::Wait,
            Some(_) if now < self.ready => Turn::Rest(self.ready),
            Some(lookup) => {
                self.asked = true;
                self.calls += 1;
                Turn::Ask(lookup.clone())
            }
        }
    }

    /// Takes in an answer.
    pub fn absorb(&mut self, now: Timestamp, answer: Result<LookedUp, Gap>) {
        if !std::mem::take(&mut self.asked) {
            return;
        }
        let after = |wait| now.checked_add(wait).unwrap_or(Timestamp::MAX);
        match answer {
            Ok(page) => {
                self.throttled = 0;
                self.ready = after(PAUSE);
                self.events.extend(page.events);
                self.events.sort_by_key(|event| std::cmp::Reverse(event.at));
                self.unread = self.unread.saturating_add(page.unread);
                self.pages += 1;
                self.go_on(page.next);
            }
            Err(Gap::Failed(failure))
                if failure.kind == FailureKind::Throttled && self.throttled < PATIENCE =>
            {
                self.ready = after(BACK_OFF * (1 << self.throttled));
                self.throttled += 1;
            }
            Err(gap) => self.stop(gap),
        }
    }

    /// To the next page, or to the next kind of call.
    fn go_on(&mut self, more: Option<String>) {
        let Some(now) = self.next.take() else { return };
        if more.is_some() && more != now.next && self.pages < MAX_PAGES {
            self.next = Some(Lookup { call: now.call, next: more });
            return;
        }
        if more.is_some() {
            self.cut.push(now.call);
        }
        self.pages = 0;
        self.done += 1;
        self.next = COPY_CALLS.get(self.done).map(|call| Lookup { call, next: None });
    }

    /// Ends it early; what was found by then stays.
    pub fn stop(&mut self, why: Gap) {
        if self.next.take().is_some() {
            self.asked = false;
            self.ended = Some(why);
        }
    }

    /// Whether it goes on.
    pub fn is_running(&self) -> bool {
        self.next.is_some()
    }

    /// Kinds of calls that are through, and all.
    pub fn progress(&self) -> (usize, usize) {
        (self.done, COPY_CALLS.len())
    }

    /// Questions sent so far.
    pub fn calls(&self) -> u64 {
        self.calls
    }

    /// Whether it waits because it was throttled.
    pub fn is_throttled(&self) -> bool {
        self.throttled > 0
    }

    /// What was found, the newest first.
    pub fn events(&self) -> &[CopyEvent] {
        &self.events
    }

    /// Names the tables of events that named a recovery point alone, as far as `of` knows them by now.
    pub fn name(&mut self, of: impl Fn(&str) -> Option<String>) {
        for event in self.events.iter_mut().filter(|event| event.table.is_none()) {
            event.table = event.point.as_deref().and_then(&of);
        }
    }

    /// Events that could not be read.
    pub fn unread(&self) -> u64 {
        self.unread
    }

    /// Kinds of calls of which only the newest were asked for.
    pub fn cut(&self) -> &[&'static CopyCall] {
        &self.cut
    }

    /// Why it ended early, if it did.
    pub fn ended(&self) -> Option<&Gap> {
        self.ended.as_ref()
    }

    /// Whether every kind of call was asked about to its end.
    pub fn is_whole(&self) -> bool {
        !self.is_running() && self.ended.is_none() && self.cut.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Failure, Safe, permission};

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millisecond(1_800_000_000_000 + millis).expect("a time")
    }

    fn page(next: Option<&str>) -> LookedUp {
        LookedUp { next: next.map(str::to_owned), ..LookedUp::default() }
    }

    fn throttled() -> Gap {
        Gap::Failed(Failure { kind: FailureKind::Throttled, message: "m".into(), next: "n".into() })
    }

    /// Goes on until it ends, each question answered at once; the questions, and the milliseconds it took.
    fn run(
        search: &mut Search,
        mut answer: impl FnMut(&Lookup) -> Result<LookedUp, Gap>,
    ) -> (Vec<String>, i64) {
        let mut now = at(0);
        let mut asked = Vec::new();
        for _ in 0..1_000 {
            match search.turn(now) {
                Turn::Ask(lookup) => {
                    asked.push(format!("{}{}", lookup.call.name, lookup.next.as_deref().unwrap_or("")));
                    assert_eq!(search.turn(now), Turn::Wait, "one question at a time");
                    let answer = answer(&lookup);
                    search.absorb(now, answer);
                }
                Turn::Rest(until) => {
                    assert!(until > now);
                    now = until;
                }
                Turn::Wait => panic!("nothing is under way"),
                Turn::Done => return (asked, now.as_millisecond() - at(0).as_millisecond()),
            }
        }
        panic!("it goes on for ever");
    }

    #[test]
    fn each_kind_is_asked_about_in_turn_and_slowly() {
        let mut search = Search::new(at(0));
        let (asked, took) = run(&mut search, |_| Ok(page(None)));
        let names: Vec<&str> = COPY_CALLS.iter().map(|c| c.name).collect();
        assert_eq!(asked, names);
        assert_eq!((search.calls(), search.progress()), (names.len() as u64, (names.len(), names.len())));
        assert!(took >= 500 * (names.len() as i64 - 1), "no more than two a second: {took} ms");
        assert!(search.is_whole() && !search.is_running());
    }

    #[test]
    fn pages_follow_each_other_and_end() {
        let mut search = Search::new(at(0));
        let mut n = 0;
        let (asked, _) = run(&mut search, |lookup| {
            n += 1;
            let token = n.to_string();
            Ok(page((lookup.call.name == "UpdateTable").then_some(token.as_str())))
        });
        let updates = asked.iter().filter(|a| a.starts_with("UpdateTable")).count();
        assert_eq!(updates, MAX_PAGES as usize);
        assert_eq!(search.cut().iter().map(|c| c.name).collect::<Vec<_>>(), ["UpdateTable"]);
        assert!(!search.is_whole() && asked.len() <= Search::MOST);
    }

    #[test]
    fn the_first_kind_has_as_many_pages_as_another() {
        let mut search = Search::new(at(0));
        let mut n = 0;
        let (asked, _) = run(&mut search, |lookup| {
            n += 1;
            let token = n.to_string();
            Ok(page((lookup.call.name == COPY_CALLS[0].name).then_some(token.as_str())))
        });
        assert_eq!(asked.len(), COPY_CALLS.len() - 1 + MAX_PAGES as usize);
        assert_eq!(search.cut().len(), 1);
    }

    #[test]
    fn an_answer_after_the_end_changes_nothing() {
        let event = |point: Option<&str>, table: Option<&str>| CopyEvent {
            at: at(0),
            call: &COPY_CALLS[0],
            who: Safe::from("a"),
            table: table.map(str::to_owned),
            point: point.map(str::to_owned),
            into: None,
            error: None,
        };
        let found = |events| Ok(LookedUp { events, ..page(Some("more")) });
        let mut search = Search::new(at(0));
        assert!(matches!(search.turn(at(0)), Turn::Ask(_)));
        search.absorb(at(0), found(vec![event(Some("p"), None), event(None, Some("t")), event(None, None)]));
        assert!(search.is_running());
        // An event that names a recovery point alone gets its table's name, and keeps one that it has.
        search.name(|point| Some(format!("table of {point}")));
        let names: Vec<_> = search.events().iter().map(|e| e.table.as_deref()).collect();
        assert_eq!(names, [Some("table of p"), Some("t"), None]);
        assert!(matches!(search.turn(at(1_000)), Turn::Ask(_)));
        search.stop(throttled());
        search.absorb(at(1_000), found(vec![event(None, None)]));
        assert_eq!((search.events().len(), search.unread(), search.calls()), (3, 0, 2));
        assert_eq!((search.is_running(), search.turn(at(9_000))), (false, Turn::Done));
    }

    #[test]
    fn an_answer_ends_the_waiting() {
        // Every second answer is that it was too much: never so often in a row that it is given up.
        let mut search = Search::new(at(0));
        assert!(!search.is_throttled());
        let mut times = 0;
        run(&mut search, |_| {
            times += 1;
            if times % 2 == 1 { Err(throttled()) } else { Ok(page(None)) }
        });
        assert!(search.is_whole() && !search.is_throttled(), "{:?}", search.ended());
        let mut search = Search::new(at(0));
        assert!(matches!(search.turn(at(0)), Turn::Ask(_)));
        search.absorb(at(0), Err(throttled()));
        assert!(search.is_throttled());
    }

    #[test]
    fn a_token_that_stands_still_ends_the_kind() {
        let mut search = Search::new(at(0));
        let (asked, _) = run(&mut search, |_| Ok(page(Some("same"))));
        assert_eq!(asked.len(), 2 * COPY_CALLS.len());
        assert_eq!(search.cut().len(), COPY_CALLS.len());
    }

    #[test]
    fn throttling_is_waited_out_and_given_up_in_the_end() {
        let mut search = Search::new(at(0));
        let mut times = 0;
        let (asked, took) = run(&mut search, |_| {
            times += 1;
            if times <= 3 { Err(throttled()) } else { Ok(page(None)) }
        });
        assert_eq!(asked.len(), COPY_CALLS.len() + 3);
        let pauses = 600 * (COPY_CALLS.len() as i64 - 1);
        assert_eq!(took, 7_000 + pauses, "one, two and four seconds");
        assert!(search.is_whole());
        let mut search = Search::new(at(0));
        let (asked, _) = run(&mut search, |_| Err(throttled()));
        assert_eq!(asked.len(), PATIENCE as usize + 1);
        assert_eq!(search.ended(), Some(&throttled()));
    }

    #[test]
    fn a_refusal_ends_it_and_what_was_found_stays() {
        let found = |seconds: i64| CopyEvent {
            at: at(seconds * 1_000),
            call: &COPY_CALLS[0],
            who: Safe::from("a"),
            table: None,
            point: None,
            into: None,
            error: None,
        };
        let denied = Gap::Denied(permission("cloudtrail:LookupEvents"), "no".into());
        let mut search = Search::new(at(0));
        let mut times = 0;
        run(&mut search, |_| {
            times += 1;
            match times {
                1 => Ok(LookedUp { events: vec![found(1), found(3), found(2)], unread: 1, next: None }),
                _ => Err(denied.clone()),
            }
        });
        let seconds = search.events().iter().map(|e| e.at.as_millisecond() - at(0).as_millisecond());
        assert_eq!(seconds.collect::<Vec<_>>(), [3_000, 2_000, 1_000], "newest first");
        assert_eq!((search.unread(), search.ended(), search.is_whole()), (1, Some(&denied), false));
        search.absorb(at(9), Ok(page(Some("late"))));
        assert!(!search.is_running(), "a late answer changes nothing");
    }
}
