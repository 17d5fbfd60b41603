//! The table was exported to another account's bucket.

use crate::domain::{Evidence, Export, FactKind, FactValue, Level, Message, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{exports, facts, plain};
use crate::posture::messages::{cut, fail, list, not_applicable, pass};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "export-foreign-bucket",
    title: "The table was exported to another account",
    why: "An export is the whole table in a file, and stays where it is whatever happens to the table.",
    severity: Severity::Medium,
    level: Level::Table,
    reads: &[FactKind::Description, FactKind::Exports, FactKind::ExportDetails],
    reads_items: false,
    judge,
    topic: Fixed::Not("what was exported is out of reach"),
    messages: &[&ABROAD, &BUCKET],
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.HowItWorks.html",
    refs: &[Reference::OwaspApi(8), Reference::Cwe(200)],
    field: "DescribeExport ExportDescription.S3BucketOwner",
    cases: &[
        Case::of("no export", || facts([exports(0), exported(&[])]), "not-applicable", "no export"),
        Case::of(
            "to its own account",
            || facts([plain(), exports(2), exported(&[None, Some("111122223333")])]),
            "pass",
            "bucket-0 and bucket-1",
        ),
        Case::of(
            "to its own account, of those looked at",
            || facts([plain(), exports(3), exported(&[None, Some("111122223333")])]),
            "unknown",
            "only 2 of 3 exports were looked at",
        ),
        Case::of(
            "to another account, of those looked at",
            || facts([plain(), exports(3), exported(&[None, Some("444455556666")])]),
            "fail",
            "bucket-1 of account 444455556666",
        ),
        Case::of(
            "list not read, details are",
            || facts([plain(), exported(&[None])]),
            "unknown",
            "exports: not asked",
        ),
        Case::of(
            "to another account",
            || facts([plain(), exports(1), exported(&[Some("444455556666")])]),
            "fail",
            "medium: Exports went to bucket-0 of account 444455556666",
        ),
        Case::of("exports not read", || facts([plain(), exports(1)]), "unknown", "export_details: not asked"),
        Case::of(
            "description not read",
            || facts([exports(1), exported(&[Some("444455556666")])]),
            "unknown",
            "description: not asked",
        ),
    ],
};

static ABROAD: Message = Message::new("exports-to-other-accounts", "Exports went to {exports}.");

static BUCKET: Message =
    Message::new("export-bucket-of-account", "{bucket} of account {account}").carrying(&["export_arn"]);

fn judge(subject: &Subject<'_>) -> Judged {
    let exports = subject.facts.export_details.read()?;
    let unseen = super::exports_unseen(subject, exports)?;
    if exports.is_empty() && unseen == 0 {
        return Ok(not_applicable("There is no export of the last 90 days."));
    }
    let own = match super::own_account(subject)? {
        Ok(own) => own,
        Err(verdict) => return Ok(verdict),
    };
    // Without an owner in the request the bucket is the caller's (API Reference, ExportTableToPointInTime).
    let foreign: Vec<Evidence> = exports
        .iter()
        .filter_map(|e| Some((e, e.bucket_owner.as_ref().filter(|o| **o != own)?)))
        .map(|(e, owner)| BUCKET.with("bucket", &e.bucket).with("account", owner).with("export_arn", &e.arn))
        .collect();
    let buckets: Vec<&str> = exports.iter().map(|e| e.bucket.as_str()).collect();
    Ok(if foreign.is_empty() && unseen > 0 {
        cut(FactKind::ExportDetails, &super::exports_cut(exports, unseen))
    } else if foreign.is_empty() {
        pass(&format!("The exports went to buckets of the table's account: {}.", list(&buckets)))
    } else {
        fail(Severity::Medium, ABROAD.with("exports", foreign))
    })
}

fn exported(to: &[Option<&str>]) -> FactValue {
    let export = |(n, owner): (usize, &Option<&str>)| Export {
        arn: format!("arn:aws:dynamodb:eu-west-1:111122223333:table/sessions/export/{n}"),
        bucket: format!("bucket-{n}"),
        bucket_owner: owner.map(str::to_owned),
        of: None,
        key: None,
    };
    FactValue::ExportDetails(to.iter().enumerate().map(export).collect())
}
