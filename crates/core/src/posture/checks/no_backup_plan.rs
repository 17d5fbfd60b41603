//! No plan of AWS Backup is for the table.

use crate::domain::{
    BackupChoice, BackupPlan, BackupSelectionRef, FactKind, FactValue, Level, Message, Severity,
};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Subject};
use crate::posture::examples::{facts, plain};
use crate::posture::messages::{fail, name, pass, unreadable};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "no-backup-plan",
    title: "No plan of AWS Backup is for the table",
    why: "Point-in-time recovery reaches at most 35 days back and goes with the account; a plan keeps recovery points for as \
          long as it says, in vaults that can be locked and copied elsewhere.",
    severity: Severity::Info,
    level: Level::Table,
    reads: &[FactKind::Description, FactKind::Tags, FactKind::BackupSelections, FactKind::BackupChoices],
    reads_items: false,
    judge,
    topic: Fixed::Not(
        "which plan, how often and for how long is the owner's to say; many plans choose by tags, which takes effect where AWS \
         Backup is opted in to DynamoDB in the Region",
    ),
    messages: &[&NONE],
    source: "https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources-json.html",
    refs: &[],
    field: "GetBackupSelection BackupSelection.Resources, NotResources, ListOfTags and Conditions",
    cases: &[
        Case::of(
            "there is no plan",
            || facts([plain(), selected(0), chosen(&[])]),
            "fail",
            "info: None of the 0 selections of backup plans",
        ),
        Case::of(
            "of every table",
            || facts([plain(), selected(1), chosen(&["arn:aws:dynamodb:*:*:table/*"])]),
            "pass",
            "The plan nightly",
        ),
        Case::of(
            "of another table",
            || facts([plain(), selected(1), chosen(&["arn:aws:dynamodb:*:*:table/other"])]),
            "fail",
            "info: None of the 1 selection of backup plans",
        ),
        Case::of(
            "by a tag that the table has",
            || facts([plain(), selected(1), tagged(), tags(&[("backup", "daily")])]),
            "pass",
            "The plan nightly",
        ),
        Case::of(
            "by a tag; tags not read",
            || facts([plain(), selected(1), tagged()]),
            "unknown",
            "tags: not asked",
        ),
        Case::of(
            "of one of two nothing is told",
            || facts([plain(), selected(2), chosen(&["arn:aws:dynamodb:*:*:table/other"])]),
            "unknown",
            "1 of 2 selections",
        ),
        Case::of(
            "what one plan is for is not told",
            || facts([plain(), unlisted(), chosen(&[])]),
            "unknown",
            "what the plan nightly is for was not read",
        ),
        Case::of("selections not read", || facts([plain()]), "unknown", "backup_selections: not asked"),
        Case::of(
            "choices not read",
            || facts([plain(), selected(1)]),
            "unknown",
            "backup_choices: not asked",
        ),
        Case::of("nothing read", || facts([]), "unknown", "description: not asked"),
    ],
};

static NONE: Message = Message::new(
    "in-no-backup-plan",
    "None of the {selections:selection|selections} of backup plans in this Region is for the table.",
);

fn judge(subject: &Subject<'_>) -> Judged {
    let arn = &subject.facts.description.read()?.arn;
    let selections = subject.facts.backup_selections.read()?;
    let choices = subject.facts.backup_choices.read()?;
    let tags = subject.facts.tags.known().map(Vec::as_slice);
    let covers: Vec<(&BackupChoice, Option<bool>)> =
        choices.iter().map(|choice| (choice, choice.covers(arn, tags))).collect();
    if let Some((choice, _)) = covers.iter().find(|(_, covers)| *covers == Some(true)) {
        return Ok(pass(&format!("The plan {} is for the table.", name(&choice.plan))));
    }
    if covers.iter().any(|(_, covers)| covers.is_none()) {
        subject.facts.tags.read()?;
    }
    let untold = selections.iter().find(|selection| selection.id.is_none());
    if let Some(untold) = untold {
        let text = format!("what the plan {} is for was not read", name(&untold.plan));
        return Ok(unreadable(FactKind::BackupSelections, &text));
    }
    Ok(if choices.len() < selections.len() {
        let text =
            format!("only {} of {} selections of backup plans was read", choices.len(), selections.len());
        unreadable(FactKind::BackupChoices, &text)
    } else {
        fail(Severity::Info, NONE.with("selections", selections.len()))
    })
}

fn selected(n: usize) -> FactValue {
    let plan = || BackupPlan { id: "p".into(), name: "nightly".into() };
    let of = |n| BackupSelectionRef { plan_id: plan().id, plan: plan().name, id: Some(format!("s{n}")) };
    FactValue::BackupSelections((0..n).map(of).collect())
}

fn unlisted() -> FactValue {
    match selected(1) {
        FactValue::BackupSelections(mut all) => {
            all[0].id = None;
            FactValue::BackupSelections(all)
        }
        other => other,
    }
}

fn chosen(resources: &[&str]) -> FactValue {
    let resources: Vec<String> = resources.iter().map(|r| (*r).to_owned()).collect();
    let choice = BackupChoice { plan: "nightly".into(), resources, ..BackupChoice::default() };
    FactValue::BackupChoices(if choice.resources.is_empty() { Vec::new() } else { vec![choice] })
}

fn tagged() -> FactValue {
    let any_tag = vec![("backup".into(), "daily".into())];
    FactValue::BackupChoices(vec![BackupChoice {
        plan: "nightly".into(),
        any_tag,
        ..BackupChoice::default()
    }])
}

fn tags(of: &[(&str, &str)]) -> FactValue {
    FactValue::Tags(of.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect())
}
