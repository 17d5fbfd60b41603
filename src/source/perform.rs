//! The engine's questions, answered by a source. The terminal interface and `scan` both ask through this.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;

use crate::domain::{Failure, FailureKind, Gap};
use crate::engine::{Answer, Question};
use crate::source::Source;

/// The answer to a question. A panic in it is an answer too.
pub async fn answer(source: &dyn Source, question: Question) -> Answer {
    let failed = question.failed(internal());
    AssertUnwindSafe(ask(source, question)).catch_unwind().await.unwrap_or(failed)
}

async fn ask(source: &dyn Source, question: Question) -> Answer {
    match question {
        Question::Identity => Answer::Identity(source.identity().await),
        Question::Tables(after) => Answer::Tables(source.tables(after).await),
        Question::Fact(table, kind, known) => Answer::Fact(source.fact(&table, kind, &known).await),
        Question::Page(request, known) => Answer::Page(source.fold(request, &known).await),
    }
}

/// Why there is no answer where the program itself failed.
pub fn internal() -> Gap {
    Gap::Failed(Failure {
        kind: FailureKind::Internal,
        message: "dynaudit failed inside while reading this.".into(),
        next: "Please report it; --log FILE records where it happened.".into(),
    })
}
