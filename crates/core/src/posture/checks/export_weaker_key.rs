//! Exports are encrypted under a weaker key than the table.

use crate::domain::{Export, FactKind, FactValue, Level, Message, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{exports, facts, key, managed_by_aws, plain, under_a_key};
use crate::posture::messages::{cut, fail, not_applicable, pass};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "export-weaker-key",
    title: "An export is under a weaker key than the table",
    why: "Whoever may read the bucket reads the export without any permission for the table's key.",
    severity: Severity::Low,
    level: Level::Table,
    reads: &[FactKind::Description, FactKind::Key, FactKind::Exports, FactKind::ExportDetails],
    reads_items: false,
    judge,
    topic: Fixed::Not("what was exported is encrypted anew by copying it, in its bucket"),
    messages: &[&WEAKER],
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport_Requesting.html",
    refs: &[Reference::OwaspApi(8), Reference::Cwe(320)],
    field: "DescribeExport ExportDescription.S3SseKmsKeyId",
    cases: &[
        Case::of("no KMS key", || facts([plain()]), "not-applicable", "AWS owns"),
        Case::of(
            "AWS managed key",
            || facts([under_a_key(), managed_by_aws()]),
            "not-applicable",
            "AWS manages",
        ),
        Case::of(
            "no export",
            || facts([under_a_key(), key(|_| ()), exports(0), exported(&[])]),
            "not-applicable",
            "no export",
        ),
        Case::of(
            "under a KMS key",
            || facts([under_a_key(), key(|_| ()), exports(1), exported(&[Some("k")])]),
            "pass",
            "under KMS keys",
        ),
        Case::of(
            "under a KMS key, of those looked at",
            || facts([under_a_key(), key(|_| ()), exports(2), exported(&[Some("k")])]),
            "unknown",
            "only 1 of 2 exports was looked at",
        ),
        Case::of(
            "list not read, details are",
            || facts([under_a_key(), key(|_| ()), exported(&[Some("k")])]),
            "unknown",
            "exports: not asked",
        ),
        Case::of(
            "under a key of S3",
            || facts([under_a_key(), key(|_| ()), exports(1), exported(&[None])]),
            "fail",
            "low: Exports in bucket-0 are under a key of S3",
        ),
        Case::of(
            "exports not read",
            || facts([under_a_key(), key(|_| ()), exports(1)]),
            "unknown",
            "export_details: not asked",
        ),
        Case::of("nothing read", || facts([]), "unknown", "description: not asked"),
    ],
};

static WEAKER: Message = Message::new(
    "exports-under-weaker-key",
    "Exports in {buckets} are under a key of S3, the table under a customer managed key.",
)
.carrying(&["export_arns"]);

fn judge(subject: &Subject<'_>) -> Judged {
    if let Err(verdict) = super::customer_key(subject)? {
        return Ok(verdict);
    }
    let exports = subject.facts.export_details.read()?;
    let unseen = super::exports_unseen(subject, exports)?;
    if exports.is_empty() && unseen == 0 {
        return Ok(not_applicable("There is no export of the last 90 days."));
    }
    let weaker: Vec<&Export> = exports.iter().filter(|e| e.key.is_none()).collect();
    Ok(if weaker.is_empty() && unseen > 0 {
        cut(FactKind::ExportDetails, &super::exports_cut(exports, unseen))
    } else if weaker.is_empty() {
        pass("The exports are under KMS keys.")
    } else {
        let buckets: Vec<&str> = weaker.iter().map(|e| e.bucket.as_str()).collect();
        let arns: Vec<&str> = weaker.iter().map(|e| e.arn.as_str()).collect();
        fail(Severity::Low, WEAKER.with("buckets", buckets).with("export_arns", arns))
    })
}

fn exported(keys: &[Option<&str>]) -> FactValue {
    let export = |(n, key): (usize, &Option<&str>)| Export {
        arn: format!("arn:aws:dynamodb:eu-west-1:111122223333:table/sessions/export/{n}"),
        bucket: format!("bucket-{n}"),
        bucket_owner: None,
        of: None,
        key: key.map(str::to_owned),
    };
    FactValue::ExportDetails(keys.iter().enumerate().map(export).collect())
}
