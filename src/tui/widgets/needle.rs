//! What is searched for.

use zeroize::Zeroizing;

use super::Prompt;
use crate::detect::Redactor;
use crate::domain::Safe;

/// A text that is searched for in any case, and how a title repeats it. It was typed, so it may be a secret: no Display.
#[derive(Clone, Default)]
pub struct Needle {
    lower: Zeroizing<String>,
    told: Option<Safe>,
}

impl Needle {
    /// What stands in an input.
    pub fn of(prompt: &Prompt, redactor: &Redactor) -> Self {
        // In lower case a secret is not recognised.
        Self { lower: Zeroizing::new(prompt.text().trim().to_lowercase()), told: Some(prompt.told(redactor)) }
    }

    /// Whether nothing is searched for.
    pub fn is_empty(&self) -> bool {
        self.lower.is_empty()
    }

    /// What to look for, in texts in lower case.
    pub fn lower(&self) -> &str {
        &self.lower
    }

    /// How a title repeats it: `/acme`.
    pub fn told(&self) -> String {
        format!("/{}", self.told.as_deref().unwrap_or_default().trim())
    }

    /// Nothing is searched for any more.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}
