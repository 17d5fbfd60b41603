//! How a table was read, from CloudWatch. AWS bills this question: it is sent only when a person asks.

use aws_sdk_cloudwatch::types as sdk;
use aws_smithy_types::DateTime;

use crate::domain::{
    FactKind, FailureKind, Gap, Metric, Permission, TableRef, USAGE_DAYS, USAGE_METRICS, Usage,
};
use crate::source::live::Live;
use crate::source::live::errors::{failed, nonsense};

/// Seconds.
const DAY: i32 = 86_400;

/// Two pages would do: six metrics of fourteen days are less than the 100,800 numbers of one.
const MAX_PAGES: usize = 5;

/// The last days of one table.
pub(super) async fn usage(live: &Live, table: &TableRef) -> Result<Usage, Gap> {
    let permission = FactKind::Usage.permission();
    let queries: Vec<sdk::MetricDataQuery> =
        USAGE_METRICS.iter().enumerate().map(|(n, metric)| query(n, metric, &table.name)).collect();
    let now = (live.clock)().as_second();
    let (from, to) = (now - i64::from(USAGE_DAYS) * i64::from(DAY), now);
    let mut counts = [0_u64; USAGE_METRICS.len()];
    let mut told = [false; USAGE_METRICS.len()];
    let mut scan_days = 0;
    let mut next = None;
    for _ in 0..MAX_PAGES {
        let ask =
            live.clients().cloudwatch().get_metric_data().set_metric_data_queries(Some(queries.clone()));
        let ask = ask.start_time(DateTime::from_secs(from)).end_time(DateTime::from_secs(to));
        let sent = ask.set_next_token(next).send().await;
        let answer = sent.map_err(|e| live.errors.gap(&e, permission))?;
        for result in answer.metric_data_results.ok_or_else(|| nonsense(permission, "MetricDataResults"))? {
            let n = position(&result, permission)?;
            match result.status_code.ok_or_else(|| nonsense(permission, "StatusCode"))? {
                sdk::StatusCode::Complete => told[n] = true,
                // The rest comes with the next page.
                sdk::StatusCode::PartialData => {}
                other => return Err(no_data(other.as_str())),
            }
            // A metric without data has an empty list: nobody asked for that operation.
            let values = result.values.unwrap_or_default();
            if USAGE_METRICS[n].operation == "Scan" && USAGE_METRICS[n].statistic == "SampleCount" {
                let days = values.iter().filter(|v| **v > 0.0).count();
                scan_days += u16::try_from(days).unwrap_or(u16::MAX).min(USAGE_DAYS - scan_days);
            }
            // A cast of what is negative, or no number, is 0.
            counts[n] = counts[n].saturating_add(values.iter().sum::<f64>() as u64);
        }
        next = answer.next_token.filter(|token| !token.is_empty());
        if next.is_none() {
            return match told.iter().all(|told| *told) {
                true => Ok(Usage::new(counts, scan_days)),
                false => Err(nonsense(permission, "all of every metric that was asked for")),
            };
        }
    }
    Err(nonsense(permission, "end"))
}

/// One metric of the table, by day.
fn query(n: usize, metric: &Metric, table: &str) -> sdk::MetricDataQuery {
    let dimension = |name: &str, value: &str| sdk::Dimension::builder().name(name).value(value).build();
    let of = sdk::Metric::builder()
        .namespace("AWS/DynamoDB")
        .metric_name(metric.name)
        .dimensions(dimension("TableName", table))
        .dimensions(dimension("Operation", metric.operation))
        .build();
    let stat = sdk::MetricStat::builder().metric(of).period(DAY).stat(metric.statistic).build();
    sdk::MetricDataQuery::builder().id(format!("m{n}")).metric_stat(stat).build()
}

/// Which of the metrics a result is of.
fn position(result: &sdk::MetricDataResult, permission: &'static Permission) -> Result<usize, Gap> {
    let id = result.id.as_deref().and_then(|id| id.strip_prefix('m'));
    let n = id.and_then(|n| n.parse().ok()).filter(|n| *n < USAGE_METRICS.len());
    n.ok_or_else(|| nonsense(permission, "Id"))
}

/// The answer came, and says that it has no data: `InternalError`, `Forbidden`.
fn no_data(status: &str) -> Gap {
    failed(
        FailureKind::Service,
        format!("CloudWatch did not give the metrics ({status})"),
        "wait a moment, then ask again",
    )
}
