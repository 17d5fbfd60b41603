//! How a table was read, in counts that CloudWatch keeps of every table by itself.

use serde::{Deserialize, Serialize};

/// The days that are asked for, up to now. CloudWatch keeps hours for 455 days; two weeks show a weekly job twice.
pub const USAGE_DAYS: u16 = 14;

/// One metric that is asked for: of one operation, the number of requests or of items returned.
#[derive(Debug, PartialEq, Eq)]
pub struct Metric {
    /// The operation, as the dimension `Operation` names it.
    pub operation: &'static str,
    /// The metric's name.
    pub name: &'static str,
    /// Its statistic.
    pub statistic: &'static str,
}

const fn requests(operation: &'static str) -> Metric {
    Metric { operation, name: "SuccessfulRequestLatency", statistic: "SampleCount" }
}

const fn returned(operation: &'static str) -> Metric {
    Metric { operation, name: "ReturnedItemCount", statistic: "Sum" }
}

/// Every metric that is asked for, each billed once a question (DynamoDB Developer Guide, "DynamoDB metrics and
/// dimensions"). A latency has as many samples as there were requests that succeeded.
pub static USAGE_METRICS: &[Metric] = &[
    requests("GetItem"),
    requests("BatchGetItem"),
    requests("Query"),
    requests("Scan"),
    returned("Query"),
    returned("Scan"),
];

/// USD for each metric of a question to `GetMetricData`, as of 2026: 0.01 for a thousand
/// (<https://aws.amazon.com/cloudwatch/pricing/>).
pub const USD_A_METRIC: f64 = 0.01 / 1_000.0;

/// How a table was read in the last [`USAGE_DAYS`] days.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Usage {
    /// Of each of [`USAGE_METRICS`], in their order, the count of all days.
    counts: [u64; USAGE_METRICS.len()],
    /// Days with a scan.
    pub scan_days: u16,
}

impl Usage {
    /// With a count for each of [`USAGE_METRICS`], and the days with a scan.
    pub const fn new(counts: [u64; USAGE_METRICS.len()], scan_days: u16) -> Self {
        Self { counts, scan_days }
    }

    fn sum(&self, wanted: impl Fn(&Metric) -> bool) -> u64 {
        let counts = USAGE_METRICS.iter().zip(self.counts).filter(|(metric, _)| wanted(metric));
        counts.fold(0, |sum, (_, count)| sum.saturating_add(count))
    }

    /// Requests of one operation that succeeded.
    pub fn requests(&self, operation: &str) -> u64 {
        self.sum(|m| m.name == requests("").name && m.operation == operation)
    }

    /// Items that one operation returned; `None` for one of which that is not counted.
    pub fn returned(&self, operation: &str) -> Option<u64> {
        let is = |m: &Metric| m.name == returned("").name && m.operation == operation;
        USAGE_METRICS.iter().any(is).then(|| self.sum(is))
    }

    /// All requests that read.
    pub fn all_requests(&self) -> u64 {
        self.sum(|m| m.name == requests("").name)
    }

    /// The operations with their requests, in the order of [`USAGE_METRICS`].
    pub fn operations(&self) -> impl Iterator<Item = (&'static str, u64)> {
        let all = USAGE_METRICS.iter().filter(|m| m.name == requests("").name);
        all.map(|m| (m.operation, self.requests(m.operation)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_told_by_operation() {
        let usage = Usage::new([10, 20, 30, 4, 300, 4_000], 2);
        let all: Vec<_> = usage.operations().collect();
        assert_eq!(all, [("GetItem", 10), ("BatchGetItem", 20), ("Query", 30), ("Scan", 4)]);
        assert_eq!(usage.all_requests(), 64);
        assert_eq!((usage.returned("Scan"), usage.returned("GetItem")), (Some(4_000), None));
        assert_eq!(Usage::new([u64::MAX; USAGE_METRICS.len()], 14).all_requests(), u64::MAX);
    }
}
