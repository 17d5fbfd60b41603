//! Plans of AWS Backup of the Region, and what they are for.

use aws_sdk_backup::types::{ConditionParameter, Conditions};

use crate::domain::{BackupChoice, BackupPlan, BackupSelectionRef, FactKind, Gap, TagCondition};
use crate::source::live::Live;
use crate::source::live::errors::nonsense;
use crate::source::live::facts::{pages, those_that_told};

/// The plans.
pub(super) async fn plans(live: &Live) -> Result<Vec<BackupPlan>, Gap> {
    let permission = FactKind::BackupPlans.permission();
    pages(permission, |next| async {
        let sent = live.clients().backup().list_backup_plans().set_next_token(next).send().await;
        let answer = sent.map_err(|e| live.errors.gap(&e, permission))?;
        let page = answer.backup_plans_list.ok_or_else(|| nonsense(permission, "BackupPlansList"))?;
        let mut plans = Vec::new();
        for plan in page {
            let id = plan.backup_plan_id.ok_or_else(|| nonsense(permission, "BackupPlanId"))?;
            plans.push(BackupPlan { name: plan.backup_plan_name.unwrap_or_else(|| id.clone()), id });
        }
        Ok((plans, answer.next_token))
    })
    .await
}

/// The ids of what each plan is for.
pub(super) async fn selections(live: &Live, plans: &[BackupPlan]) -> Result<Vec<BackupSelectionRef>, Gap> {
    let permission = FactKind::BackupSelections.permission();
    let mut all = Vec::new();
    for BackupPlan { id: plan_id, name } in plans {
        let of_plan = pages(permission, |next| async {
            let ask = live.clients().backup().list_backup_selections().backup_plan_id(plan_id);
            let sent = ask.set_next_token(next).send().await;
            let answer = sent.map_err(|e| live.errors.gap(&e, permission))?;
            let page =
                answer.backup_selections_list.ok_or_else(|| nonsense(permission, "BackupSelectionsList"))?;
            let mut refs = Vec::new();
            for one in page {
                let id = one.selection_id.ok_or_else(|| nonsense(permission, "SelectionId"))?;
                refs.push(BackupSelectionRef { plan_id: plan_id.clone(), plan: name.clone(), id });
            }
            Ok((refs, answer.next_token))
        });
        all.extend(of_plan.await?);
    }
    Ok(all)
}

/// What each plan is for; what is not told is left out, unless nothing is.
pub(super) async fn choices(
    live: &Live,
    selections: &[BackupSelectionRef],
) -> Result<Vec<BackupChoice>, Gap> {
    let mut told = Vec::new();
    for selection in selections {
        told.push(choice(live, selection).await);
    }
    those_that_told(told)
}

async fn choice(live: &Live, of: &BackupSelectionRef) -> Result<BackupChoice, Gap> {
    let permission = FactKind::BackupChoices.permission();
    let ask = live.clients().backup().get_backup_selection().backup_plan_id(&of.plan_id);
    let answer = ask.selection_id(&of.id).send().await.map_err(|e| live.errors.gap(&e, permission))?;
    let from = answer.backup_selection.ok_or_else(|| nonsense(permission, "BackupSelection"))?;
    // `StringEquals` is the only type there is (AWS Backup Developer Guide, `Condition`).
    let any_tag = from.list_of_tags.unwrap_or_default();
    Ok(BackupChoice {
        plan: of.plan.clone(),
        resources: from.resources.unwrap_or_default(),
        not_resources: from.not_resources.unwrap_or_default(),
        any_tag: any_tag.into_iter().map(|tag| (tag.condition_key, tag.condition_value)).collect(),
        conditions: from.conditions.map(conditions).unwrap_or_default(),
    })
}

fn conditions(from: Conditions) -> Vec<TagCondition> {
    let of = |list: Option<Vec<ConditionParameter>>, like: bool, not: bool| {
        list.unwrap_or_default().into_iter().map(move |one| {
            let key = one.condition_key.unwrap_or_default();
            let tag = key.strip_prefix("aws:ResourceTag/").unwrap_or(&key).to_owned();
            TagCondition { tag, value: one.condition_value.unwrap_or_default(), like, not }
        })
    };
    of(from.string_equals, false, false)
        .chain(of(from.string_not_equals, false, true))
        .chain(of(from.string_like, true, false))
        .chain(of(from.string_not_like, true, true))
        .collect()
}
