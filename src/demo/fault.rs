//! Faults on demand, as data.

use std::time::Duration;

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// `ProvisionedThroughputExceededException`, or `ThrottlingException` where there is no such thing.
    Throttle,
    /// A 500 with `InternalServerError`.
    ServerError,
    /// The answer comes, but so much later.
    Slow(Duration),
    /// The answer stops in its middle, at a matching Content-Length: the SDK does not try again.
    Truncate,
    /// `AccessDeniedException`.
    Deny,
    /// `UnknownOperationException`: nothing of this name is offered.
    Unsupported,
    /// A 200 with no body, which the SDK takes for an answer with no items.
    EmptyBody,
    /// A 200 in which every member of the answer is `null`; what is not JSON has no body.
    NullMembers,
    /// `ExpiredTokenException`: the credentials ran out.
    ExpiredToken,
    /// The connection closes without an answer.
    HangUp,
    /// The answer is whole, and its `x-amz-crc32` is of another.
    WrongChecksum,
    /// A byte in the middle of the answer is another, and its `x-amz-crc32` is of that.
    Corrupt,
    /// A page without its items; where more follow, it says so.
    EmptyPage,
    /// A page that ends where it began.
    RepeatedKey,
    /// `ResourceNotFoundException`: the table is gone.
    Deleted,
}

/// The faults by their words on the command line, each with what it is.
pub const FAULTS: &[(&str, Fault, &str)] = &[
    ("throttle", Fault::Throttle, "too busy"),
    ("error", Fault::ServerError, "a 500"),
    ("slow", Fault::Slow(Duration::from_secs(1)), "an answer comes later: slow=2s"),
    ("truncate", Fault::Truncate, "an answer stops in its middle"),
    ("deny", Fault::Deny, "access denied"),
    ("unsupported", Fault::Unsupported, "an operation that is not offered"),
    ("empty-body", Fault::EmptyBody, "an answer without a body"),
    ("null-members", Fault::NullMembers, "an answer of nulls"),
    ("expired", Fault::ExpiredToken, "credentials that ran out"),
    ("hang-up", Fault::HangUp, "no answer at all"),
    ("wrong-checksum", Fault::WrongChecksum, "a checksum of other bytes"),
    ("corrupt", Fault::Corrupt, "a wrong byte"),
    ("empty-page", Fault::EmptyPage, "a page without its items"),
    ("repeated-key", Fault::RepeatedKey, "a page that ends where it began"),
    ("deleted", Fault::Deleted, "a table that is gone"),
];

/// To which of the matching requests it happens, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// To each.
    Always,
    /// To this many, from the first on.
    First(u32),
    /// To each n-th; 0 is never.
    Every(u32),
    /// To this many of a hundred, here and there, the same each time.
    Percent(u8),
}

/// One fault and where it happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultRule {
    /// Only requests for this table.
    pub table: Option<String>,
    /// Only this operation, for instance `Scan`.
    pub operation: Option<String>,
    /// What happens.
    pub fault: Fault,
    /// To which requests.
    pub when: When,
}

impl FaultRule {
    /// A fault of one operation on every table.
    pub fn on_operation(operation: &str, fault: Fault, when: When) -> Self {
        Self { table: None, operation: Some(operation.to_owned()), fault, when }
    }

    /// A fault of one operation on one table.
    pub fn on_table(table: &str, operation: &str, fault: Fault, when: When) -> Self {
        Self { table: Some(table.to_owned()), operation: Some(operation.to_owned()), fault, when }
    }

    /// A fault of everything.
    pub fn on_everything(fault: Fault, when: When) -> Self {
        Self { table: None, operation: None, fault, when }
    }

    /// Reads `KIND[=RATE][@OPERATION]`, for instance `throttle=0.2@Scan`; of `slow` the time instead of a rate, `slow=2s`.
    ///
    /// # Errors
    /// In words, what of it is not known.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (what, operation) = match text.split_once('@') {
            Some((what, operation)) => (what, Some(operation.to_owned())),
            None => (text, None),
        };
        let (word, value) = match what.split_once('=') {
            Some((word, value)) => (word, Some(value)),
            None => (what, None),
        };
        let words = || FAULTS.iter().map(|(word, ..)| *word).collect::<Vec<_>>().join(", ");
        let known = FAULTS.iter().find(|(known, ..)| *known == word);
        let (_, fault, _) =
            known.ok_or_else(|| format!("there is no fault of this name; there are {}", words()))?;
        let rule = |fault, when| Self { table: None, operation: operation.clone(), fault, when };
        match (fault, value) {
            (fault, None) => Ok(rule(*fault, When::Always)),
            (Fault::Slow(_), Some(value)) => {
                let time = time(value).ok_or("not a time such as 2s or 50ms")?;
                Ok(rule(Fault::Slow(time), When::Always))
            }
            (fault, Some(value)) => {
                let rate = value.parse::<f64>().ok().filter(|rate| (0.0..=1.0).contains(rate));
                let rate = rate.ok_or("not a rate from 0 to 1")?;
                Ok(rule(*fault, When::Percent((rate * 100.0).round() as u8)))
            }
        }
    }

    fn matches(&self, operation: &str, table: Option<&str>) -> bool {
        self.operation.as_deref().is_none_or(|o| o == operation)
            && self.table.as_deref().is_none_or(|t| Some(t) == table)
    }
}

/// The faults in force. The first rule that strikes decides; delays add up and do not end the search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faults {
    /// The rules, in order.
    pub rules: Vec<FaultRule>,
}

impl Faults {
    /// No fault at all.
    pub fn none() -> Self {
        Self { rules: Vec::new() }
    }

    /// With one more rule, ahead of the others.
    #[must_use]
    pub fn with(mut self, rule: FaultRule) -> Self {
        self.rules.insert(0, rule);
        self
    }
}

impl Default for Faults {
    /// The demo as it is meant to be seen: the table `webhooks` throttles every other read, so a retry of the
    /// SDK recovers.
    fn default() -> Self {
        let throttle =
            |operation| FaultRule::on_table("webhooks", operation, Fault::Throttle, When::Every(2));
        Self { rules: vec![throttle("Scan"), throttle("Query")] }
    }
}

/// `2s`, `50ms`.
fn time(text: &str) -> Option<Duration> {
    match text.strip_suffix("ms") {
        Some(number) => number.parse().ok().map(Duration::from_millis),
        None => text.strip_suffix('s')?.parse().ok().map(Duration::from_secs),
    }
}

/// The rules with what each has counted so far.
pub(super) struct Strikes(Vec<(FaultRule, u32)>);

impl Strikes {
    pub(super) fn new(faults: Faults) -> Self {
        Self(faults.rules.into_iter().map(|rule| (rule, 0)).collect())
    }

    /// The delay and the fault of the next request.
    pub(super) fn next(&mut self, operation: &str, table: Option<&str>) -> (Duration, Option<Fault>) {
        let mut delay = Duration::ZERO;
        for (rule, count) in self.0.iter_mut().filter(|(rule, _)| rule.matches(operation, table)) {
            *count = count.saturating_add(1);
            let strikes = match rule.when {
                When::Always => true,
                When::First(limit) => *count <= limit,
                When::Every(step) => step > 0 && count.is_multiple_of(step),
                // Multiplied by a prime, counts are spread over a hundred, and each of a hundred comes once.
                When::Percent(percent) => (count.wrapping_mul(37) % 100) < u32::from(percent),
            };
            match rule.fault {
                _ if !strikes => {}
                Fault::Slow(by) => delay += by,
                fault => return (delay, Some(fault)),
            }
        }
        (delay, None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The fault of each of the next requests for `orders`, as letters.
    #[track_caller]
    fn check(faults: Faults, operation: &str, expect: &str) {
        let mut strikes = Strikes::new(faults);
        let seen: String = expect
            .chars()
            .map(|_| match strikes.next(operation, Some("orders")) {
                (_, Some(Fault::Throttle)) => 't',
                (_, Some(Fault::Deny)) => 'd',
                (delay, None) if delay > Duration::ZERO => 's',
                (_, None) => '.',
                (_, Some(_)) => '?',
            })
            .collect();
        assert_eq!(seen, expect);
    }

    #[test]
    fn rules_strike_when_they_say() {
        let rule = |when| Faults::none().with(FaultRule::on_table("orders", "Scan", Fault::Throttle, when));
        check(rule(When::Always), "Scan", "ttt");
        check(rule(When::First(2)), "Scan", "tt..");
        check(rule(When::Every(2)), "Scan", ".t.t.");
        check(rule(When::Every(0)), "Scan", "...");
        check(rule(When::Always), "Query", "...");
    }

    #[test]
    fn faults_are_read_from_words() {
        let parsed = |text: &str| FaultRule::parse(text).map(|rule| (rule.fault, rule.when, rule.operation));
        assert_eq!(parsed("throttle"), Ok((Fault::Throttle, When::Always, None)));
        assert_eq!(
            parsed("error=0.25@Scan"),
            Ok((Fault::ServerError, When::Percent(25), Some("Scan".into())))
        );
        assert_eq!(parsed("slow=50ms"), Ok((Fault::Slow(Duration::from_millis(50)), When::Always, None)));
        assert_eq!(parsed("slow=2s").map(|f| f.0), Ok(Fault::Slow(Duration::from_secs(2))));
        for wrong in ["", "no-such", "throttle=2", "throttle=x", "slow=0.2", "slow=2"] {
            assert!(parsed(wrong).is_err(), "{wrong}");
        }
        for (word, fault, _) in FAULTS {
            assert_eq!(parsed(word).map(|f| f.0), Ok(*fault), "{word}");
        }
    }

    #[test]
    fn a_rate_is_that_of_a_hundred() {
        for percent in [0, 1, 20, 99, 100] {
            let rule = FaultRule::on_operation("Scan", Fault::Throttle, When::Percent(percent));
            let mut strikes = Strikes::new(Faults::none().with(rule));
            let struck = (0..100).filter(|_| strikes.next("Scan", None).1.is_some()).count();
            assert_eq!(struck, usize::from(percent));
        }
    }

    #[test]
    fn rules_match_where_they_say() {
        let other = Faults::none().with(FaultRule::on_table("carts", "Scan", Fault::Throttle, When::Always));
        check(other, "Scan", "..");
        check(Faults::none().with(FaultRule::on_everything(Fault::Deny, When::Always)), "Any", "dd");
        check(Faults::default(), "Scan", "....");
    }

    #[test]
    fn the_last_rule_added_comes_first_and_delays_do_not_end_the_search() {
        let slow = FaultRule::on_operation("Scan", Fault::Slow(Duration::from_millis(1)), When::Always);
        let deny = FaultRule::on_operation("Scan", Fault::Deny, When::Every(2));
        check(Faults::none().with(deny.clone()).with(slow.clone()), "Scan", "sdsd");
        check(Faults::none().with(slow).with(deny), "Scan", "sdsd");
    }
}
