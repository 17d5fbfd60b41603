//! An expression as somebody typed it, screened before anything else is made of it.
//!
//! People paste tokens and forget the quotes. A word that is a secret is no name then but a literal: of the two, only
//! names are repeated by titles, errors and the shapes that are kept. Parsing takes nothing but a [`Typed`], so that no
//! tree, and no [`Shape`], is made of a text that was not screened.

use std::ops::Range;

use zeroize::Zeroizing;

use crate::detect::Redactor;
use crate::query::lexer::{Token, tokens};
use crate::query::print::Shape;
use crate::query::words::{COMPARATORS, is_keyword};

/// The text, and what of it is a literal whatever it looks like. May hold secrets: no Debug, Display or Serialize.
#[derive(Clone, PartialEq, Default)]
pub struct Typed {
    text: Zeroizing<String>,
    secrets: Vec<Range<usize>>,
}

impl Typed {
    /// Screens a text.
    pub fn new(text: &str, redactor: &Redactor) -> Self {
        let mut typed = Self { text: Zeroizing::new(text.to_owned()), secrets: redactor.secrets(text) };
        typed.secrets.extend(given_away(&typed, redactor));
        typed
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text before this byte.
    #[must_use]
    pub fn before(&self, end: usize) -> Self {
        let text = self.text.get(..end).unwrap_or(&self.text);
        Self { text: Zeroizing::new(text.to_owned()), secrets: self.secrets.clone() }
    }

    /// Whether something in it was recognised, in quotes or without.
    pub fn has_secret(&self) -> bool {
        !self.secrets.is_empty()
    }

    /// Where the secret ends that has some of these bytes.
    pub(super) fn secret_in(&self, bytes: Range<usize>) -> Option<usize> {
        let hit = |secret: &&Range<usize>| secret.start < bytes.end && bytes.start < secret.end;
        self.secrets.iter().filter(hit).map(|secret| secret.end.min(self.text.len())).max()
    }
}

impl From<&Shape> for Typed {
    /// A shape has no literal.
    fn from(shape: &Shape) -> Self {
        Self { text: Zeroizing::new(shape.as_str().to_owned()), secrets: Vec::new() }
    }
}

/// Words that are compared with an attribute whose name says that it holds a secret: `password = hunter2`. In backquotes
/// they are names.
fn given_away(typed: &Typed, redactor: &Redactor) -> Vec<Range<usize>> {
    let Ok(tokens) = tokens(typed) else { return Vec::new() };
    let compares = |sign: &str| sign == "!=" || COMPARATORS.iter().any(|(_, known)| *known == sign);
    let continues = |token: &Token| matches!(token, Token::Sign("(" | "." | "["));
    let found = tokens.windows(4).filter_map(|window| match window {
        [
            (Token::Word(name) | Token::Quoted(name), _),
            (Token::Sign(sign), _),
            (Token::Word(word), at),
            (next, _),
        ] if compares(sign) && !continues(next) && !is_keyword(word) => {
            redactor.is_secret_beside(name, word).then_some(at.start..at.end)
        }
        _ => None,
    });
    found.collect()
}
