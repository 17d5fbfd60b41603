//! What may come at the cursor. The parser is the only grammar: what it expected where the text breaks off is
//! what is offered.

use crate::query::expression::{Member, Path};
use crate::query::lexer::{Token, tokens};
use crate::query::parse::{Expected, parse};
use crate::query::print::name;
use crate::query::typed::Typed;
use crate::query::words::{COMPARATORS, FUNCTIONS, Role, TYPES, continues_name};

/// Maximum number offered at once.
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

/// Offers what may come after the text before the cursor: `attributes` and ways into them, each with a note, and the
/// words of the language. Never a value. What is inside of an attribute is offered once one begins to type.
pub fn complete(typed: &Typed, attributes: &[(Path, String)]) -> Completion {
    let before = typed.text();
    // What is typed of the next word; a name in backquotes that is still open is one, too.
    let open = open_backquote(typed);
    let start = open.unwrap_or_else(|| before.trim_end_matches(continues_name).len());
    let begun = before[start..].trim_start_matches('`').to_lowercase();
    let head = &typed.before(start);
    if within_literal(head) || begun.starts_with(|c: char| c.is_ascii_digit()) {
        return Completion::default();
    }
    let expected = match parse(head) {
        Ok(expression) if expression.condition.is_none() => Expected::Condition,
        Ok(_) => Expected::Connective,
        Err(error) if error.at.start >= head.text().trim_end().len() => error.expected,
        Err(_) => return Completion::default(),
    };
    let (whole, inside): (Vec<_>, Vec<_>) = attributes.iter().partition(|(path, _)| path.rest.is_empty());
    let found = match expected {
        Expected::Member => members(head, attributes),
        _ => candidates(expected, &whole, if begun.is_empty() { &[] } else { &inside }),
    };
    let choices = found
        .into_iter()
        .filter(|c| c.text.trim_start_matches('`').to_lowercase().starts_with(&begun))
        .filter(|c| open.is_none() || c.text.starts_with('`'))
        .filter(|c| c.text.to_lowercase() != begun)
        .take(MOST)
        .collect();
    Completion { start, choices }
}

/// Where a backquote was opened and not closed.
fn open_backquote(before: &Typed) -> Option<usize> {
    let error = tokens(before).err()?;
    before.text()[error.at.start..].starts_with('`').then_some(error.at.start)
}

/// Whether the text ends inside a string or a number.
fn within_literal(head: &Typed) -> bool {
    match tokens(head) {
        Err(_) => true,
        Ok(tokens) => match &tokens[..] {
            [.., (Token::Number(_), span), _] => span.end == head.text().len(),
            _ => false,
        },
    }
}

/// The members of the map whose path ends the text, with a point after it.
fn members(head: &Typed, attributes: &[(Path, String)]) -> Vec<Choice> {
    let Some(above) = path_before(head) else { return Vec::new() };
    let same = |a: &Member, b: &Member| match (a, b) {
        (Member::Index(_), Member::Index(_)) => true,
        _ => a == b,
    };
    let mut out: Vec<Choice> = Vec::new();
    for (path, note) in attributes {
        let steps = std::iter::once(Member::Name(path.root.clone())).chain(path.rest.iter().cloned());
        let steps: Vec<Member> = steps.collect();
        let Some((Member::Name(last), start)) = steps.split_last() else { continue };
        if start.len() == above.len() && start.iter().zip(&above).all(|(a, b)| same(a, b)) {
            let mut text = String::new();
            name(&mut text, last);
            out.push(Choice { text, note: note.clone() });
        }
    }
    out
}

/// The steps of the path before a point at the end of the text.
fn path_before(head: &Typed) -> Option<Vec<Member>> {
    let tokens = tokens(head).ok()?;
    let (_, mut rest) = tokens.split_last()?;
    let mut steps = Vec::new();
    // A point, and before it a name with the positions that follow it.
    while let [start @ .., (Token::Sign("."), _)] = rest {
        rest = start;
        while let [start @ .., (Token::Sign("["), _), (Token::Number(n), _), (Token::Sign("]"), _)] = rest {
            steps.push(Member::Index(n.parse().ok()?));
            rest = start;
        }
        let [start @ .., (Token::Word(name) | Token::Quoted(name), _)] = rest else { return None };
        steps.push(Member::Name(name.clone()));
        rest = start;
    }
    steps.reverse();
    Some(steps)
}

fn candidates(expected: Expected, whole: &[&(Path, String)], inside: &[&(Path, String)]) -> Vec<Choice> {
    let choice = |text: &str, note: &str| Choice { text: text.to_owned(), note: note.to_owned() };
    let named = |(way, note): &&(Path, String)| Choice { text: way.to_string(), note: note.clone() };
    let names = || whole.iter().map(named);
    let functions = |roles: &'static [Role]| {
        FUNCTIONS.iter().filter(|f| roles.contains(&f.2)).map(|f| choice(&format!("{}(", f.1), f.3))
    };
    match expected {
        Expected::Condition => names()
            .chain(functions(&[Role::Condition, Role::Operand]))
            .chain([choice("not ", "the opposite of what follows")])
            .chain(inside.iter().map(named))
            .collect(),
        Expected::Attribute => names().chain(inside.iter().map(named)).collect(),
        Expected::Value => {
            names().chain(functions(&[Role::Operand])).chain(inside.iter().map(named)).collect()
        }
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
