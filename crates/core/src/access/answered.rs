//! What has been answered about a document, kept with it.
//!
//! A policy is judged by many checks, and again whenever something else is learnt of its table. What its statements come
//! to depends on the document alone, so that the work is done once, and bounded once.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::truth::Truth;

/// The answers, shared by all clones of a document. Two documents are equal whatever was asked of them.
#[derive(Clone, Default)]
pub(crate) struct Answered(Arc<Mutex<Answers>>);

#[derive(Default)]
struct Answers {
    known: HashMap<(String, String), Truth>,
    /// How much work it took.
    spent: usize,
}

impl Answered {
    fn answers(&self) -> MutexGuard<'_, Answers> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was answered to a question about a statement.
    pub(crate) fn known(&self, statement: &str, question: &str) -> Option<Truth> {
        self.answers().known.get(&(statement.to_owned(), question.to_owned())).copied()
    }

    /// Keeps an answer.
    pub(crate) fn learn(&self, statement: String, question: String, answer: Truth) {
        self.answers().known.insert((statement, question), answer);
    }

    /// Takes some work from what is left of `most`; no if too little is.
    pub(crate) fn spend(&self, work: usize, most: usize) -> bool {
        let mut answers = self.answers();
        let is_left = answers.spent.saturating_add(work) <= most;
        if is_left {
            answers.spent += work;
        }
        is_left
    }

    /// How much work it took so far.
    #[cfg(test)]
    pub(crate) fn spent(&self) -> usize {
        self.answers().spent
    }
}

impl PartialEq for Answered {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Answered {}

impl fmt::Debug for Answered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Answered")
    }
}
