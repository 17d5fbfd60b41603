//! What is not asked again for a while: facts of the Region and the account, of which one answer stands for all tables,
//! and services that are silent.
//!
//! A place with five hundred tables must neither ask five hundred times which trails there are nor wait five hundred
//! times for a service that does not answer. Failures are kept like answers; a person who asks again ([`AnswerCache::forget`])
//! is answered anew.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::PoisonError;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Mutex;

use crate::domain::{FactKind, FactValue, Failure, FailureKind, Gap, Permission};
use crate::source::live::Clock;

/// How long an answer, good or bad, stands for all tables.
const KEPT: SignedDuration = SignedDuration::from_secs(60);

/// How long a silent service is left alone, and what it did not answer stands. Well above the minute for which one call
/// waits: with several silent services, the first would be asked again before the last was given up.
const KEPT_SILENT: SignedDuration = SignedDuration::from_mins(10);

/// How long being throttled stands for all tables: it passes, and whoever comes back after a rest is to be answered.
const KEPT_THROTTLED: SignedDuration = SignedDuration::from_secs(2);

/// An answer and when it came. Whoever asks meanwhile waits for it.
type KeptSlot = Mutex<Option<(Timestamp, Result<FactValue, Gap>)>>;

/// What is kept of one time of signing in.
pub(super) struct AnswerCache {
    answers: BTreeMap<FactKind, KeptSlot>,
    silence: std::sync::Mutex<Silence>,
}

impl Default for AnswerCache {
    fn default() -> Self {
        let shared = FactKind::ALL.iter().filter(|kind| kind.level().is_shared());
        Self {
            answers: shared.map(|kind| (*kind, KeptSlot::default())).collect(),
            silence: Default::default(),
        }
    }
}

impl AnswerCache {
    /// The answer to a question about the Region or the account, asked once; a question about a table is asked.
    pub(super) async fn once(
        &self,
        clock: &Clock,
        kind: FactKind,
        ask: impl Future<Output = Result<FactValue, Gap>>,
    ) -> Result<FactValue, Gap> {
        let Some(slot) = self.answers.get(&kind) else { return ask.await };
        let mut slot = slot.lock().await;
        if let Some((at, answer)) = &*slot
            && clock().duration_since(*at) < lasts(answer)
        {
            return answer.clone();
        }
        let answer = ask.await;
        *slot = Some((clock(), answer.clone()));
        answer
    }

    /// Asks, unless the service, or this very operation of it, did not answer a moment ago.
    pub(super) async fn unless_silent<T>(
        &self,
        clock: &Clock,
        called: Called,
        ask: impl Future<Output = Result<T, Gap>>,
    ) -> Result<T, Gap> {
        let silence = || self.silence.lock().unwrap_or_else(PoisonError::into_inner);
        let began = clock();
        if let Some(gap) = silence().of(called, began) {
            return Err(gap);
        }
        let answer = ask.await;
        silence().ended(called, began, clock(), answer.as_ref().err());
        answer
    }

    /// Nothing is kept any more. What is on its way is new anyway.
    pub(super) fn forget(&self) {
        for slot in self.answers.values() {
            if let Ok(mut slot) = slot.try_lock() {
                *slot = None;
            }
        }
        *self.silence.lock().unwrap_or_else(PoisonError::into_inner) = Silence::default();
    }
}

fn lasts(answer: &Result<FactValue, Gap>) -> SignedDuration {
    match answer {
        Err(Gap::Failed(Failure { kind: FailureKind::Throttled, .. })) => KEPT_THROTTLED,
        Err(Gap::Failed(Failure { kind: FailureKind::Unreachable, .. })) => KEPT_SILENT,
        _ => KEPT,
    }
}

/// What is called, as far as silence is concerned: the service and the operation; or, in other Regions, an operation
/// there alone, as their silence says nothing of this one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Called {
    service: Option<&'static str>,
    operation: &'static str,
}

impl Called {
    /// What a permission is for.
    pub(super) fn by(permission: &'static Permission) -> Self {
        Self { service: Some(permission.service), operation: permission.action }
    }

    /// What is called for a fact.
    pub(super) fn for_fact(kind: FactKind) -> Self {
        match kind {
            FactKind::Replicas
            | FactKind::ReplicaKeys
            | FactKind::ReplicaBackups
            | FactKind::ReplicaPolicies => Self { service: None, operation: kind.word() },
            _ => Self::by(kind.permission()),
        }
    }

    fn names(self) -> impl Iterator<Item = &'static str> {
        self.service.into_iter().chain([self.operation])
    }
}

/// Who answered last, and who does not answer, by the names of services and of operations.
///
/// One call without an answer is no silence while others are answered: a single slow table must not have all others
/// given up.
#[derive(Debug, Default)]
struct Silence {
    answered: BTreeMap<&'static str, Timestamp>,
    silent: BTreeMap<&'static str, (Timestamp, Gap)>,
}

impl Silence {
    fn of(&mut self, called: Called, now: Timestamp) -> Option<Gap> {
        self.silent.retain(|_, (since, _)| now.duration_since(*since) < KEPT_SILENT);
        called.names().find_map(|name| self.silent.get(name)).map(|(_, gap)| gap.clone())
    }

    fn ended(&mut self, called: Called, began: Timestamp, now: Timestamp, gap: Option<&Gap>) {
        for name in called.names() {
            match gap {
                Some(gap @ Gap::Failed(Failure { kind: FailureKind::Unreachable, .. })) => {
                    if self.answered.get(name).is_none_or(|last| *last < began) {
                        self.silent.insert(name, (now, gap.clone()));
                    }
                }
                _ => {
                    self.answered.insert(name, now);
                    self.silent.remove(name);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::permission;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_000 + second).expect("a time")
    }

    fn failed(kind: FailureKind) -> Gap {
        Gap::Failed(Failure { kind, message: "no answer".into(), next: String::new() })
    }

    /// Calls as (operation, began, ended, how); then whether each of these is silent at a time.
    #[track_caller]
    fn check(calls: &[(&str, i64, i64, Option<FailureKind>)], asked: &[(&str, i64, bool)]) {
        let mut silence = Silence::default();
        for (action, began, ended, how) in calls {
            let gap = how.map(failed);
            silence.ended(Called::by(permission(action)), at(*began), at(*ended), gap.as_ref());
        }
        for (action, now, expect) in asked {
            let silent = silence.of(Called::by(permission(action)), at(*now)).is_some();
            assert_eq!(silent, *expect, "{action} at {now}");
        }
    }

    #[test]
    fn who_did_not_answer_is_left_alone_for_a_while() {
        const LOST: Option<FailureKind> = Some(FailureKind::Unreachable);
        const BROKEN: Option<FailureKind> = Some(FailureKind::Service);
        let (limits, tags, scan) =
            ("dynamodb:DescribeLimits", "dynamodb:ListTagsOfResource", "dynamodb:Scan");
        // The whole service.
        check(
            &[(limits, 0, 60, LOST)],
            &[(limits, 61, true), (tags, 61, true), ("kms:DescribeKey", 61, false)],
        );
        check(&[(limits, 0, 60, LOST)], &[(limits, 659, true), (limits, 660, false)]);
        // One operation of a service that answers others.
        check(&[(tags, 5, 6, None), (limits, 0, 60, LOST)], &[(limits, 61, true), (tags, 61, false)]);
        // One call among others of its operation that are answered, be it with an error.
        check(&[(tags, 5, 6, BROKEN), (tags, 0, 60, LOST)], &[(tags, 61, false), (scan, 61, false)]);
        // An answer from before the call says nothing of now.
        check(&[(tags, 0, 1, None), (tags, 2, 60, LOST)], &[(tags, 61, true)]);
        // It answers again.
        check(&[(tags, 0, 60, LOST), (scan, 1, 61, None)], &[(tags, 62, true), (scan, 62, false)]);
    }

    #[test]
    fn another_region_says_nothing_of_this_one() {
        let mut silence = Silence::default();
        let gap = failed(FailureKind::Unreachable);
        silence.ended(Called::for_fact(FactKind::Replicas), at(0), at(60), Some(&gap));
        assert!(silence.of(Called::for_fact(FactKind::Replicas), at(61)).is_some());
        assert!(silence.of(Called::for_fact(FactKind::Description), at(61)).is_none());
    }
}
