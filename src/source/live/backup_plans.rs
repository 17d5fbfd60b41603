//! Plans of AWS Backup of the Region, and what they are for.

use aws_sdk_backup::types::{ConditionParameter, Conditions};

use crate::domain::{BackupChoice, BackupPlan, BackupSelectionRef, FactKind, Gap, TagCondition};
use crate::source::live::Live;
use crate::source::live::errors::nonsense;
use crate::source::live::facts::{of_each, pages};

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

/// The ids of what each plan is for; one without an id is a plan of which that is not told.
pub(super) async fn selections(live: &Live, plans: &[BackupPlan]) -> Result<Vec<BackupSelectionRef>, Gap> {
    let told = of_each(plans, |plan| selections_of(live, plan)).await?;
    let untold = plans.iter().filter(|plan| !told.iter().any(|(of, _)| of == &plan.id));
    let untold: Vec<BackupSelectionRef> = untold
        .map(|plan| BackupSelectionRef { plan_id: plan.id.clone(), plan: plan.name.clone(), id: None })
        .collect();
    Ok(told.into_iter().flat_map(|(_, selections)| selections).chain(untold).collect())
}

async fn selections_of(live: &Live, plan: &BackupPlan) -> Result<(String, Vec<BackupSelectionRef>), Gap> {
    let permission = FactKind::BackupSelections.permission();
    let all = pages(permission, |next| async {
        let ask = live.clients().backup().list_backup_selections().backup_plan_id(&plan.id);
        let sent = ask.set_next_token(next).send().await;
        let answer = sent.map_err(|e| live.errors.gap(&e, permission))?;
        let page =
            answer.backup_selections_list.ok_or_else(|| nonsense(permission, "BackupSelectionsList"))?;
        let mut refs = Vec::new();
        for one in page {
            let id = one.selection_id.ok_or_else(|| nonsense(permission, "SelectionId"))?;
            refs.push(BackupSelectionRef { plan_id: plan.id.clone(), plan: plan.name.clone(), id: Some(id) });
        }
        Ok((refs, answer.next_token))
    });
    Ok((plan.id.clone(), all.await?))
}

/// What each plan is for; what is not told is left out, unless nothing is.
pub(super) async fn choices(
    live: &Live,
    selections: &[BackupSelectionRef],
) -> Result<Vec<BackupChoice>, Gap> {
    let known = selections.iter().filter_map(|of| Some((of, of.id.as_deref()?)));
    let known: Vec<(&BackupSelectionRef, &str)> = known.collect();
    of_each(known, |(of, id)| choice(live, of, id)).await
}

async fn choice(live: &Live, of: &BackupSelectionRef, id: &str) -> Result<BackupChoice, Gap> {
    let permission = FactKind::BackupChoices.permission();
    let ask = live.clients().backup().get_backup_selection().backup_plan_id(&of.plan_id);
    let answer = ask.selection_id(id).send().await.map_err(|e| live.errors.gap(&e, permission))?;
    let from = answer.backup_selection.ok_or_else(|| nonsense(permission, "BackupSelection"))?;
    // `StringEquals` is the only type there is (AWS Backup Developer Guide, `Condition`).
    let any_tag = from.list_of_tags.unwrap_or_default();
    Ok(BackupChoice {
        plan: of.plan.clone(),
        resources: from.resources.unwrap_or_default(),
        not_resources: from.not_resources.unwrap_or_default(),
        any_tag: any_tag.into_iter().map(|tag| (plain(&tag.condition_key), tag.condition_value)).collect(),
        conditions: match from.conditions {
            Some(all) => {
                conditions(all).ok_or_else(|| nonsense(permission, "ConditionKey and ConditionValue"))?
            }
            None => Vec::new(),
        },
    })
}

/// `None` where a condition lacks its key or its value.
fn conditions(from: Conditions) -> Option<Vec<TagCondition>> {
    let of = |list: Option<Vec<ConditionParameter>>, like: bool, not: bool| {
        list.unwrap_or_default().into_iter().map(move |one| {
            Some(TagCondition { tag: plain(&one.condition_key?), value: one.condition_value?, like, not })
        })
    };
    of(from.string_equals, false, false)
        .chain(of(from.string_not_equals, false, true))
        .chain(of(from.string_like, true, false))
        .chain(of(from.string_not_like, true, true))
        .collect()
}

/// The name of a tag; AWS writes it with and without what stands before it.
fn plain(key: &str) -> String {
    key.strip_prefix("aws:ResourceTag/").unwrap_or(key).to_owned()
}
