//! What may come at the cursor. The parser is the only grammar: what it expected where the text breaks off is
//! what is offered.

use crate::query::lexer::{Token, tokens};
use crate::query::parse::{Expected, parse};
use crate::query::print::name;
use crate::query::words::{COMPARATORS, FUNCTIONS, Role, TYPES, continues_name};

/// So many are offered at once.
const MOST: usize = 50;

/// Something to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is put in. Names of attributes come from whoever writes to the table: neutralise it.
    pub text: String,
    /// What it is.
    pub note: String,
}

/// What may come at the cursor.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Completion {
    /// From here to the cursor, in bytes, a choice replaces the text.
    pub start: usize,
    /// The choices, those that begin like what was typed.
    pub choices: Vec<Choice>,
}

/// Offers what may come after the text before the cursor: `attributes`, each with a note, and the words of the
/// language. Never a value.
pub fn complete(before: &str, attributes: &[(String, String)]) -> Completion {
    // What is typed of the next word; a name in backquotes that is still open is one, too.
    let open = open_backquote(before);
    let start = open.unwrap_or_else(|| before.trim_end_matches(continues_name).len());
    let typed = before[start..].trim_start_matches('`').to_lowercase();
    let head = &before[..start];
    if within_literal(head) || typed.starts_with(|c: char| c.is_ascii_digit()) {
        return Completion::default();
    }
    let expected = match parse(head) {
        Ok(expression) if expression.condition.is_none() => Expected::Condition,
        Ok(_) => Expected::Connective,
        Err(error) if error.at.start >= head.trim_end().len() => error.expected,
        Err(_) => return Completion::default(),
    };
    let choices = candidates(expected, attributes)
        .into_iter()
        .filter(|c| c.text.trim_start_matches('`').to_lowercase().starts_with(&typed))
        .filter(|c| open.is_none() || c.text.starts_with('`'))
        .filter(|c| c.text.to_lowercase() != typed)
        .take(MOST)
        .collect();
    Completion { start, choices }
}

/// Where a backquote was opened and not closed.
fn open_backquote(before: &str) -> Option<usize> {
    let error = tokens(before).err()?;
    before[error.at.start..].starts_with('`').then_some(error.at.start)
}

/// Whether the text ends inside a string or a number.
fn within_literal(head: &str) -> bool {
    match tokens(head) {
        Err(_) => true,
        Ok(tokens) => match &tokens[..] {
            [.., (Token::Number(_), span), _] => span.end == head.len(),
            _ => false,
        },
    }
}

fn candidates(expected: Expected, attributes: &[(String, String)]) -> Vec<Choice> {
    let choice = |text: &str, note: &str| Choice { text: text.to_owned(), note: note.to_owned() };
    let names = || {
        attributes.iter().map(|(attribute, note)| {
            let mut text = String::new();
            name(&mut text, attribute);
            Choice { text, note: note.clone() }
        })
    };
    let functions = |roles: &'static [Role]| {
        FUNCTIONS.iter().filter(|f| roles.contains(&f.2)).map(|f| choice(&format!("{}(", f.1), f.3))
    };
    match expected {
        Expected::Condition => names()
            .chain(functions(&[Role::Condition, Role::Operand]))
            .chain([choice("not ", "the opposite of what follows")])
            .collect(),
        Expected::Attribute => names().collect(),
        Expected::Value => names().chain(functions(&[Role::Operand])).collect(),
        Expected::Comparison => COMPARATORS
            .iter()
            .map(|(_, sign)| choice(&format!("{sign} "), "compare"))
            .chain([choice("between ", "from one value to another"), choice("in (", "one of these values")])
            .collect(),
        Expected::Connective => vec![
            choice("and ", "both"),
            choice("or ", "one of them"),
            choice("desc", "from the last sort key to the first"),
        ],
        Expected::Type => TYPES.iter().map(|t| choice(&format!("\"{t}\""), "type")).collect(),
        Expected::Member | Expected::Rest => Vec::new(),
    }
}
