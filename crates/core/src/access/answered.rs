//! What has been answered about a document, kept with it.
//!
//! A policy is judged by many checks, and again whenever something else is learnt of its table. What its statements come
//! to depends on the document alone, so that the work is done once, and bounded once.

use std::collections::HashMap;
use std::fmt::{self, Write};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::truth::Truth;

/// How many answers are kept of a document: a few megabytes.
const MOST_KEPT: usize = 100_000;

/// The answers, shared by all clones of a document. Two documents are equal whatever was asked of them.
#[derive(Clone, Default)]
pub(crate) struct Answered(Arc<Mutex<Answers>>);

#[derive(Default)]
struct Answers {
    /// By what was asked. A question may name thousands of principals in a long statement: its hash is kept, twice under
    /// keys that nobody knows, so that no document makes two of them the same.
    known: HashMap<Asked, Truth>,
    keys: (RandomState, RandomState),
    /// How much work it took.
    spent: usize,
}

/// What was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Asked(u64, u64);

/// Takes a text in without keeping it.
struct Hashing<H: Hasher>(H);

impl<H: Hasher> Write for Hashing<H> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.write(text.as_bytes());
        Ok(())
    }
}

impl Answered {
    fn answers(&self) -> MutexGuard<'_, Answers> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A question, by all that its answer depends on.
    pub(crate) fn asked(&self, question: fmt::Arguments<'_>) -> Asked {
        let answers = self.answers();
        let of = |key: &RandomState| {
            let mut hashing = Hashing(key.build_hasher());
            // It takes in everything.
            let _ = hashing.write_fmt(question);
            hashing.0.finish()
        };
        Asked(of(&answers.keys.0), of(&answers.keys.1))
    }

    /// What was answered to a question.
    pub(crate) fn known(&self, asked: Asked) -> Option<Truth> {
        self.answers().known.get(&asked).copied()
    }

    /// Keeps an answer.
    pub(crate) fn learn(&self, asked: Asked, answer: Truth) {
        let mut answers = self.answers();
        if answers.known.len() < MOST_KEPT {
            answers.known.insert(asked, answer);
        }
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
