//! What must hold in every world, whatever stands in its policies.

use proptest::prelude::*;

use super::world::{Given, answered};
use crate::access::Answer;

/// Worlds that are tried; more by `PROPTEST_CASES`.
const WORLDS: u32 = 2_000;

const ACTIONS: [&str; 4] = ["dynamodb:GetItem", "dynamodb:*", "s3:*", "*"];
const RESOURCES: [&str; 4] = ["T", "*", "F", "arn:aws:dynamodb:*:*:table/${app:x}"];
const CONDITIONS: [&str; 8] = [
    "",
    "",
    " if StringEquals app:x a",
    " if StringNotEquals app:x a",
    " if StringLikeIfExists app:x *",
    " if Null app:x true",
    " if ForAllValues:StringEquals app:y a",
    " if StringEquals aws:PrincipalAccount 111122223333",
];
const PRINCIPALS: [&str; 6] = ["*", "app", "session", "root", "other", "!app,root"];
const CALLERS: [&str; 4] = ["app", "session", "ann", "root"];

fn statement(principals: bool) -> impl Strategy<Value = String> {
    let parts =
        (any::<bool>(), 0..ACTIONS.len(), 0..RESOURCES.len(), 0..CONDITIONS.len(), 0..PRINCIPALS.len());
    parts.prop_map(move |(deny, action, resource, condition, to)| {
        // Most statements allow, so that something is to be denied.
        let effect = if deny && condition > 0 { "deny" } else { "allow" };
        let to = if principals { format!(" to {}", PRINCIPALS[to]) } else { String::new() };
        format!("{effect} {} {}{}{to}", ACTIONS[action], RESOURCES[resource], CONDITIONS[condition])
    })
}

fn document(principals: bool) -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(statement(principals), 0..4)
}

#[derive(Debug, Clone)]
struct Made {
    identity: Vec<String>,
    boundary: Option<Vec<String>>,
    resource: Vec<String>,
    caller: usize,
}

fn made() -> impl Strategy<Value = Made> {
    (document(false), prop::option::of(document(false)), document(true), 0..CALLERS.len())
        .prop_map(|(identity, boundary, resource, caller)| Made { identity, boundary, resource, caller })
}

fn texts(all: &[String]) -> Vec<&str> {
    all.iter().map(String::as_str).collect()
}

impl Made {
    fn answer(&self, context: &[(&str, &str)]) -> Answer {
        let (identity, resource) = (texts(&self.identity), texts(&self.resource));
        let boundary = self.boundary.as_deref().map(texts);
        let given = Given {
            identity: &identity,
            boundary: boundary.as_deref(),
            resource: &resource,
            context,
            ..Given::default()
        };
        let found = answered("dynamodb:GetItem", "T", CALLERS[self.caller], &given);
        let explained = !found.conditions.is_empty() || !found.unread.is_empty();
        assert!(found.answer != Answer::AllowedIf || explained, "{self:?}: nothing says on what it depends");
        assert!(
            found.answer != Answer::Denied || found.conditions.is_empty(),
            "{self:?}: denied on conditions"
        );
        found.answer
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: WORLDS, ..ProptestConfig::default() })]

    #[test]
    fn a_deny_never_widens(world in made(), condition in 0..CONDITIONS.len()) {
        let before = world.answer(&[]);
        let mut more = world.clone();
        more.identity.push(format!("deny dynamodb:GetItem T{}", CONDITIONS[condition]));
        prop_assert!(more.answer(&[]) <= before, "{world:?}");
    }

    #[test]
    fn an_allow_that_goes_never_widens(world in made(), n in any::<prop::sample::Index>()) {
        let allows: Vec<usize> =
            (0..world.identity.len()).filter(|n| world.identity[*n].starts_with("allow")).collect();
        if !allows.is_empty() {
            let mut less = world.clone();
            less.identity.remove(allows[n.index(allows.len())]);
            prop_assert!(less.answer(&[]) <= world.answer(&[]), "{world:?}");
        }
    }

    #[test]
    fn order_never_matters(world in made()) {
        let mut turned = world.clone();
        turned.identity.reverse();
        turned.resource.reverse();
        prop_assert_eq!(turned.answer(&[]), world.answer(&[]));
    }

    #[test]
    fn what_is_learnt_never_turns_an_answer_that_was_certain(world in made(), value in prop::sample::select(vec!["a", "b", ""])) {
        let before = world.answer(&[]);
        let after = world.answer(&[("app:x", value)]);
        prop_assert!(before == Answer::AllowedIf || before == after, "{world:?}: {before:?} became {after:?}");
    }
}
