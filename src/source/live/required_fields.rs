//! An answer without a list is no empty list.
//!
//! Of members that a service calls required, the SDK fills a missing list, or one that is `null`, with an empty one. A
//! check would take that for "nothing there".

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::AfterDeserializationInterceptorContextRef;
use aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use serde::de::IgnoredAny;
use std::collections::BTreeMap;

/// Refuses an answer in JSON or XML that has no member of this name.
#[derive(Debug)]
pub(super) struct Has(pub(super) &'static str);

/// A required member that an answer lacks.
#[derive(Debug, thiserror::Error)]
#[error("the answer has no {0}")]
pub(super) struct Lacks(pub(super) &'static str);

#[dyn_dispatch_hint]
impl Intercept for Has {
    fn name(&self) -> &'static str {
        "Has"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let answer = context.response();
        if !answer.status().is_success() || has(answer.body().bytes().unwrap_or_default(), self.0) {
            return Ok(());
        }
        Err(Lacks(self.0).into())
    }
}

fn has(body: &[u8], member: &str) -> bool {
    if let Some(xml) = std::str::from_utf8(body).ok().filter(|body| body.trim_start().starts_with('<')) {
        return [">", "/>", " "].iter().any(|end| xml.contains(&format!("<{member}{end}")));
    }
    // `null` is no list either.
    let all = serde_json::from_slice::<BTreeMap<String, Option<IgnoredAny>>>(body);
    all.is_ok_and(|all| all.get(member).is_some_and(Option::is_some))
}

#[cfg(test)]
mod tests {
    use super::has;

    #[test]
    fn a_member_is_there_or_not() {
        let check = |body: &str, expect: bool| assert_eq!(has(body.as_bytes(), "findings"), expect, "{body}");
        check(r#"{"findings":[]}"#, true);
        check(r#"{"nextToken":"a","findings":[{}]}"#, true);
        check(r#"{"findings":null}"#, false);
        check("{}", false);
        check("", false);
        check(r#"{"a":{"findings":[]}}"#, false);
        check("[]", false);
        check("<Result><findings><member/></findings></Result>", true);
        check("<Result><findings/></Result>", true);
        check("<Result><findingsOfAll/></Result>", false);
    }
}
