//! IAM Access Analyzer: whether it watches, and what it found of tables and streams.

use aws_sdk_accessanalyzer::types as sdk;

use crate::domain::{AccessFinding, Analyzer, Arn, FactKind, Gap};
use crate::source::live::Live;
use crate::source::live::errors::nonsense;
use crate::source::live::facts::pages;
use crate::source::live::required_fields::Has;

/// What an analyzer can find of a table (IAM User Guide, "Resource types for external access").
const OF_TABLES: [&str; 2] = ["AWS::DynamoDB::Table", "AWS::DynamoDB::Stream"];

/// The analyzers that look for access from outside and are at work. Those of unused and of internal access are
/// other kinds.
pub(super) async fn analyzers(live: &Live) -> Result<Vec<Analyzer>, Gap> {
    let permission = FactKind::Analyzers.permission();
    pages(permission, |next| async {
        let ask = live.clients().analyzer().list_analyzers().set_next_token(next);
        let sent = ask.customize().interceptor(Has("analyzers")).send().await;
        let answer = sent.map_err(|e| live.errors.gap(&e, permission))?;
        let at_work = |a: &sdk::AnalyzerSummary| a.status == sdk::AnalyzerStatus::Active;
        let one = |a: sdk::AnalyzerSummary| {
            let organization = match a.r#type {
                sdk::Type::Account => false,
                sdk::Type::Organization => true,
                _ => return None,
            };
            Some(Analyzer { arn: a.arn, name: a.name, organization })
        };
        Ok((answer.analyzers.into_iter().filter(at_work).filter_map(one).collect(), answer.next_token))
    })
    .await
}

/// What they found of all tables and streams of the Region and nobody has archived.
pub(super) async fn findings(live: &Live, by: &[Analyzer]) -> Result<Vec<AccessFinding>, Gap> {
    let permission = FactKind::AccessFindings.permission();
    let any_of = |values: &[&str]| {
        sdk::Criterion::builder().set_eq(Some(values.iter().map(|v| (*v).to_owned()).collect())).build()
    };
    let mut all = Vec::new();
    for analyzer in by {
        let found = pages(permission, |next| async {
            let ask = live.clients().analyzer().list_findings_v2().analyzer_arn(&analyzer.arn);
            let ask = ask.filter("resourceType", any_of(&OF_TABLES)).filter("status", any_of(&["ACTIVE"]));
            let ask = ask.set_next_token(next).customize().interceptor(Has("findings"));
            let sent = ask.send().await;
            let answer = sent.map_err(|e| live.errors.gap(&e, permission))?;
            let mut page = Vec::new();
            for finding in answer.findings {
                page.push(AccessFinding {
                    resource: finding.resource.ok_or_else(|| nonsense(permission, "resource"))?,
                    id: finding.id,
                    analyzer: analyzer.name.clone(),
                    error: finding.error,
                });
            }
            Ok((page, answer.next_token))
        });
        all.extend(found.await?);
    }
    Ok(all)
}

/// Those of one table and its streams. An analyzer of an organization knows tables of the same name elsewhere.
pub(super) fn of_table(all: Vec<AccessFinding>, table_arn: &str) -> Vec<AccessFinding> {
    let is_of = |arn: &str| {
        arn == table_arn || arn.strip_prefix(table_arn).is_some_and(|rest| rest.starts_with("/stream/"))
    };
    all.into_iter().filter(|f| Arn::parse(&f.resource).is_some() && is_of(&f.resource)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_are_of_the_table_and_its_streams() {
        let table = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders";
        let check = |resource: &str, expect: bool| {
            let finding = AccessFinding {
                id: "1".into(),
                analyzer: "a".into(),
                resource: resource.into(),
                error: None,
            };
            assert_eq!(of_table(vec![finding], table).len(), usize::from(expect), "{resource}");
        };
        check(table, true);
        check(&format!("{table}/stream/2026-01-01T00:00:00.000"), true);
        check(&format!("{table}-old"), false);
        check(&format!("{table}/index/by-day"), false);
        check("arn:aws:dynamodb:eu-west-1:444455556666:table/orders", false);
        check("orders", false);
    }
}
