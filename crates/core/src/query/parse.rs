//! Tokens to a tree, by recursive descent. An error says where, what was found and what was expected.

use zeroize::Zeroizing;

use crate::domain::AttributeValue;
use crate::query::expression::{Condition, Expression, Literal, Member, Operand, Path, Span, Value};
use crate::query::lexer::{Token, tokens};
use crate::query::typed::Typed;
use crate::query::words::{COMPARATORS, Comparator, Function, TYPES, is_keyword};

/// Parentheses and `not` may be nested so deep.
const DEEPEST: usize = 32;
/// Operators and functions in one expression (Service quotas, "Expression parameters").
const OPERATORS: usize = 300;
/// Operands of one `in` (the same page).
const CHOICES: usize = 100;
/// Steps of a document path (Service quotas, "Nested attribute depth").
const STEPS: usize = 32;

/// What could have come where an expression broke off: the completion offers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// A condition: an attribute, a function, `not`.
    Condition,
    /// An attribute.
    Attribute,
    /// The member of a map.
    Member,
    /// A comparison.
    Comparison,
    /// A value to compare with.
    Value,
    /// A type's name.
    Type,
    /// `and`, `or`, `desc`, or the end.
    Connective,
    /// The rest of a string or a sign: nothing to choose from.
    Rest,
}

/// Why an expression cannot be used. It never repeats a literal.
#[derive(Debug, Clone, PartialEq)]
pub struct Error {
    /// Where, in bytes of the text.
    pub at: Span,
    /// What is wrong, in a sentence without its full stop.
    pub message: String,
    /// What could have come there.
    pub expected: Expected,
}

impl Error {
    pub(super) fn new(at: Span, message: impl Into<String>) -> Self {
        Self { at, message: message.into(), expected: Expected::Rest }
    }

    /// The position for a person: characters, from 1.
    pub fn column(&self, text: &str) -> usize {
        text.get(..self.at.start).map_or(0, |before| before.chars().count()) + 1
    }
}

/// Reads an expression; empty text asks for everything.
///
/// # Errors
/// What is wrong with it, and where.
pub fn parse(typed: &Typed) -> Result<Expression, Error> {
    let mut parser = Parser { tokens: tokens(typed)?, at: 0, operators: 0 };
    let mut expression = Expression::default();
    if !parser.is_end() && !parser.is_order() {
        expression.condition = Some(parser.any(0)?);
    }
    if parser.word("desc") {
        expression.descending = Some(parser.last());
    } else {
        parser.word("asc");
    }
    if !parser.is_end() {
        return Err(parser.unexpected("`and`, `or` or the end", Expected::Connective));
    }
    Ok(expression)
}

struct Parser {
    tokens: Vec<(Token, Span)>,
    at: usize,
    operators: usize,
}

impl Parser {
    fn peek(&self) -> &Token {
        &self.tokens[self.at].0
    }

    fn span(&self) -> Span {
        self.tokens[self.at].1
    }

    /// Where the token before stands.
    fn last(&self) -> Span {
        self.tokens[self.at.saturating_sub(1)].1
    }

    fn is_end(&self) -> bool {
        matches!(self.peek(), Token::End)
    }

    /// Whether the order comes: `desc` or `asc`, and then the end.
    fn is_order(&self) -> bool {
        matches!(self.peek(), Token::Word(w) if w.eq_ignore_ascii_case("desc") || w.eq_ignore_ascii_case("asc"))
    }

    fn next(&mut self) -> (Token, Span) {
        let token = self.tokens[self.at].clone();
        self.at = (self.at + 1).min(self.tokens.len() - 1);
        token
    }

    /// Takes a keyword, in any case.
    fn word(&mut self, keyword: &str) -> bool {
        let is = matches!(self.peek(), Token::Word(w) if w.eq_ignore_ascii_case(keyword));
        if is {
            self.next();
        }
        is
    }

    /// Takes a sign.
    fn sign(&mut self, wanted: &str) -> bool {
        let is = matches!(self.peek(), Token::Sign(sign) if *sign == wanted);
        if is {
            self.next();
        }
        is
    }

    fn expect(&mut self, wanted: &str) -> Result<(), Error> {
        if self.sign(wanted) { Ok(()) } else { Err(self.unexpected(&format!("`{wanted}`"), Expected::Rest)) }
    }

    fn unexpected(&self, wanted: &str, expected: Expected) -> Error {
        let message = format!("Expected {wanted}, found {}", self.peek().told());
        Error { expected, ..Error::new(self.span(), message) }
    }

    fn counts(&mut self) -> Result<(), Error> {
        self.operators += 1;
        if self.operators > OPERATORS {
            return Err(Error::new(self.last(), "An expression has at most 300 operators and functions"));
        }
        Ok(())
    }

    fn any(&mut self, depth: usize) -> Result<Condition, Error> {
        let mut parts = vec![self.all(depth)?];
        while self.word("or") {
            self.counts()?;
            parts.push(self.all(depth)?);
        }
        Condition::any(parts).ok_or_else(|| self.unexpected("a condition", Expected::Condition))
    }

    fn all(&mut self, depth: usize) -> Result<Condition, Error> {
        let mut parts = vec![self.one(depth)?];
        while self.word("and") {
            self.counts()?;
            parts.push(self.one(depth)?);
        }
        Condition::all(parts).ok_or_else(|| self.unexpected("a condition", Expected::Condition))
    }

    fn one(&mut self, depth: usize) -> Result<Condition, Error> {
        if depth > DEEPEST {
            return Err(Error::new(self.span(), "Conditions are nested at most 32 deep"));
        }
        if self.word("not") {
            self.counts()?;
            return Ok(Condition::Not(Box::new(self.one(depth + 1)?)));
        }
        if self.sign("(") {
            let inner = self.any(depth + 1)?;
            if !self.sign(")") {
                return Err(self.unexpected("`and`, `or` or `)`", Expected::Connective));
            }
            return Ok(inner);
        }
        match self.function() {
            None | Some(Function::Size) => self.comparison(),
            Some(function) => self.call(function),
        }
    }

    /// The function whose name and parenthesis come next.
    fn function(&self) -> Option<Function> {
        let Token::Word(word) = self.peek() else { return None };
        let opens = matches!(self.tokens.get(self.at + 1), Some((Token::Sign("("), _)));
        opens.then(|| Function::of(word)).flatten()
    }

    fn call(&mut self, function: Function) -> Result<Condition, Error> {
        self.counts()?;
        self.next();
        self.expect("(")?;
        let path = self.path()?;
        let condition = match function {
            Function::Exists => Condition::Exists(path),
            Function::NotExists => Condition::NotExists(path),
            Function::BeginsWith => {
                self.expect(",")?;
                let literal = self.literal()?;
                let fits = match &literal.value {
                    Value::Typed(v) => matches!(**v, AttributeValue::S(_) | AttributeValue::B(_)),
                    Value::Hole | Value::Held(_) => true,
                };
                if !fits {
                    return Err(Error::new(literal.span, "begins_with takes a string or binary"));
                }
                Condition::BeginsWith(path, literal)
            }
            Function::Contains => {
                self.expect(",")?;
                let operand = self.operand(Expected::Value)?;
                self.distinct(&Operand::Path(path.clone()), &operand)?;
                Condition::Contains(path, operand)
            }
            Function::Type => {
                self.expect(",")?;
                Condition::Type(path, self.type_name()?)
            }
            Function::Size => return Err(self.unexpected("a condition", Expected::Condition)),
        };
        self.expect(")")?;
        Ok(condition)
    }

    fn type_name(&mut self) -> Result<&'static str, Error> {
        let (token, span) = self.next();
        let name = match &token {
            Token::Text(name) => name.as_str(),
            Token::Word(name) => name.as_str(),
            _ => "",
        };
        TYPES.iter().find(|t| **t == name).copied().ok_or_else(|| {
            let message = format!("Expected a type: one of {}", TYPES.join(", "));
            Error { expected: Expected::Type, ..Error::new(span, message) }
        })
    }

    fn comparison(&mut self) -> Result<Condition, Error> {
        let left = self.operand(Expected::Condition)?;
        let not = self.word("not");
        if not {
            self.counts()?;
        }
        let condition = if self.word("between") {
            let low = self.operand(Expected::Value)?;
            if !self.word("and") {
                return Err(self.unexpected("`and`", Expected::Rest));
            }
            let high = self.operand(Expected::Value)?;
            Condition::Between(left, low, high)
        } else if self.word("in") {
            self.list(left)?
        } else if not {
            return Err(self.unexpected("`between` or `in`", Expected::Rest));
        } else {
            let Some(comparator) = self.comparator() else {
                return Err(self.unexpected("a comparison: = <> < <= > >= between in", Expected::Comparison));
            };
            Condition::Compare(left, comparator, self.operand(Expected::Value)?)
        };
        self.counts()?;
        match &condition {
            Condition::Compare(a, comparator, b) => {
                self.compared(&[a, b])?;
                if !matches!(comparator, Comparator::Eq | Comparator::Ne) {
                    ordered(&[a, b])?;
                }
            }
            Condition::Between(a, b, c) => {
                self.compared(&[a, b, c])?;
                ordered(&[a, b, c])?;
                bounds(b, c)?;
            }
            Condition::In(a, list) => {
                self.compared(&std::iter::once(a).chain(list).collect::<Vec<_>>())?;
            }
            _ => {}
        }
        Ok(if not { Condition::Not(Box::new(condition)) } else { condition })
    }

    fn list(&mut self, left: Operand) -> Result<Condition, Error> {
        self.expect("(")?;
        let mut list = vec![self.operand(Expected::Value)?];
        while self.sign(",") {
            list.push(self.operand(Expected::Value)?);
        }
        if list.len() > CHOICES {
            return Err(Error::new(self.last(), "`in` takes at most 100 values"));
        }
        self.expect(")")?;
        Ok(Condition::In(left, list))
    }

    /// Operands that are compared: one names an attribute, and the first is none of the others, which the service
    /// refuses.
    fn compared(&self, operands: &[&Operand]) -> Result<(), Error> {
        if operands.iter().all(|o| matches!(o, Operand::Literal(_))) {
            return Err(Error::new(self.last(), "One side must be an attribute"));
        }
        let (first, others) = operands.split_first().expect("two operands or more");
        others.iter().try_for_each(|other| self.distinct(first, other))
    }

    fn distinct(&self, a: &Operand, b: &Operand) -> Result<(), Error> {
        match (a, b) {
            (Operand::Path(p), Operand::Path(q)) | (Operand::Size(p), Operand::Size(q)) if p == q => {
                Err(Error::new(q.span, "An attribute cannot be compared with itself"))
            }
            _ => Ok(()),
        }
    }

    fn comparator(&mut self) -> Option<Comparator> {
        let Token::Sign(sign) = *self.peek() else { return None };
        let sign = if sign == "!=" { "<>" } else { sign };
        let found = COMPARATORS.iter().find(|(_, s)| *s == sign)?.0;
        self.next();
        Some(found)
    }

    fn operand(&mut self, expected: Expected) -> Result<Operand, Error> {
        if self.function() == Some(Function::Size) {
            self.counts()?;
            self.next();
            self.expect("(")?;
            let path = self.path()?;
            self.expect(")")?;
            return Ok(Operand::Size(path));
        }
        match self.peek() {
            Token::Word(word) if !is_keyword(word) => self.path().map(Operand::Path),
            Token::Quoted(_) => self.path().map(Operand::Path),
            _ => match self.try_literal(0)? {
                Some(literal) => Ok(Operand::Literal(literal)),
                None if expected == Expected::Condition => {
                    Err(self.unexpected("a condition, for instance name = \"value\"", expected))
                }
                None => Err(self.unexpected("a value or an attribute", expected)),
            },
        }
    }

    fn path(&mut self) -> Result<Path, Error> {
        let span = self.span();
        let root = self.name(Expected::Attribute)?;
        let mut rest = Vec::new();
        loop {
            if self.sign(".") {
                rest.push(Member::Name(self.name(Expected::Member)?));
            } else if self.sign("[") {
                let index = match self.peek() {
                    Token::Number(n) => n.parse().ok(),
                    _ => None,
                };
                let index =
                    index.ok_or_else(|| self.unexpected("the position of an element", Expected::Rest))?;
                self.next();
                self.expect("]")?;
                rest.push(Member::Index(index));
            } else {
                break;
            }
            if rest.len() >= STEPS {
                return Err(Error::new(self.last(), "A path has at most 32 steps"));
            }
        }
        Ok(Path { root, rest, span: Span { start: span.start, end: self.last().end } })
    }

    fn name(&mut self, expected: Expected) -> Result<String, Error> {
        match self.peek() {
            Token::Word(word) if is_keyword(word) => {
                let message = format!("`{word}` is a word of the language; as a name it goes in backquotes");
                Err(Error { expected, ..Error::new(self.span(), message) })
            }
            Token::Word(name) | Token::Quoted(name) => {
                let name = name.clone();
                self.next();
                Ok(name)
            }
            _ => Err(self.unexpected("an attribute", expected)),
        }
    }

    fn literal(&mut self) -> Result<Literal, Error> {
        self.try_literal(0)?.ok_or_else(|| self.unexpected("a value", Expected::Value))
    }

    /// A literal, if one comes.
    fn try_literal(&mut self, depth: usize) -> Result<Option<Literal>, Error> {
        let span = self.span();
        let value = match self.peek() {
            Token::Text(s) => AttributeValue::S(s.to_string()),
            Token::Number(n) => AttributeValue::N(n.to_string()),
            Token::Binary(b) => AttributeValue::B(b.to_vec()),
            Token::Word(w) if w.eq_ignore_ascii_case("true") => AttributeValue::Bool(true),
            Token::Word(w) if w.eq_ignore_ascii_case("false") => AttributeValue::Bool(false),
            Token::Word(w) if w.eq_ignore_ascii_case("null") => AttributeValue::Null,
            Token::Hole => {
                self.next();
                return Ok(Some(Literal { value: Value::Hole, span }));
            }
            Token::Held(n) => {
                let value = Value::Held(*n);
                self.next();
                return Ok(Some(Literal { value, span }));
            }
            Token::Sign(open @ ("[" | "{")) => {
                let open = *open;
                if depth >= DEEPEST {
                    return Err(Error::new(span, "Values are nested at most 32 deep"));
                }
                return self.members(open, depth).map(Some);
            }
            _ => return Ok(None),
        };
        self.next();
        Ok(Some(Literal { value: Value::Typed(Zeroizing::new(value)), span }))
    }

    /// The members of a list, of a set, or of a map: `{}` and `{"name": …}` are maps.
    fn members(&mut self, open: &str, depth: usize) -> Result<Literal, Error> {
        let start = self.span().start;
        let close = if open == "[" { "]" } else { "}" };
        self.next();
        let map = open == "{" && (self.names_a_member() || matches!(self.peek(), Token::Sign("}")));
        let (mut members, mut named) = (Vec::new(), Vec::new());
        if !self.sign(close) {
            loop {
                if map {
                    named.push((self.member_name(&named)?, self.member(depth)?));
                } else {
                    members.push(self.member(depth)?);
                }
                if !self.sign(",") {
                    break;
                }
            }
            if !self.sign(close) {
                return Err(self.unexpected(&format!("`,` or `{close}`"), Expected::Rest));
            }
        }
        let span = Span { start, end: self.last().end };
        let value = match open {
            "[" => AttributeValue::L(members),
            _ if map => AttributeValue::M(named),
            _ => set(members, span)?,
        };
        Ok(Literal { value: Value::Typed(Zeroizing::new(value)), span })
    }

    /// Whether the name of a map's member comes next.
    fn names_a_member(&self) -> bool {
        let colon = matches!(self.tokens.get(self.at + 1), Some((Token::Sign(":"), _)));
        colon && matches!(self.peek(), Token::Text(_))
    }

    /// The name of a map's member, and the colon.
    fn member_name(&mut self, known: &[(String, AttributeValue)]) -> Result<String, Error> {
        let (token, span) = self.next();
        let Token::Text(name) = token else {
            return Err(Error::new(span, "A member of a map is a name in quotes, a colon and a value"));
        };
        if known.iter().any(|(other, _)| *other == *name) {
            return Err(Error::new(span, "A map has no name twice"));
        }
        self.expect(":")?;
        Ok(name.to_string())
    }

    /// One value inside another.
    fn member(&mut self, depth: usize) -> Result<AttributeValue, Error> {
        let Some(literal) = self.try_literal(depth + 1)? else {
            return Err(self.unexpected("a value", Expected::Value));
        };
        match literal.value {
            Value::Typed(mut value) => Ok(std::mem::replace(&mut *value, AttributeValue::Null)),
            Value::Hole | Value::Held(_) => {
                Err(Error::new(literal.span, "This cannot stand in a list, a set or a map"))
            }
        }
    }
}

/// Only strings, numbers and binary have an order (Developer Guide, "Comparison operator and function reference").
fn ordered(operands: &[&Operand]) -> Result<(), Error> {
    for operand in operands {
        if let Operand::Literal(Literal { value: Value::Typed(value), span }) = operand
            && !matches!(**value, AttributeValue::S(_) | AttributeValue::N(_) | AttributeValue::B(_))
        {
            return Err(Error::new(*span, "Only strings, numbers and binary have an order: use = or <>"));
        }
    }
    Ok(())
}

/// The service takes bounds of one type only.
fn bounds(low: &Operand, high: &Operand) -> Result<(), Error> {
    match (low, high) {
        (
            Operand::Literal(Literal { value: Value::Typed(low), .. }),
            Operand::Literal(Literal { value: Value::Typed(high), span }),
        ) if low.kind() != high.kind() => {
            Err(Error::new(*span, "Both bounds of `between` must be of one type"))
        }
        _ => Ok(()),
    }
}

/// A set of strings, of numbers or of binaries, without a member twice.
fn set(members: Vec<AttributeValue>, span: Span) -> Result<AttributeValue, Error> {
    let mixed = || Error::new(span, "A set holds strings, or numbers, or binary: one of them, not empty");
    if members.iter().enumerate().any(|(n, m)| members[..n].contains(m)) {
        return Err(Error::new(span, "A set holds no member twice"));
    }
    macro_rules! all {
        ($kind:ident) => {
            members
                .into_iter()
                .map(|m| if let AttributeValue::$kind(v) = m { Ok(v) } else { Err(mixed()) })
                .collect::<Result<_, _>>()
        };
    }
    match members.first() {
        Some(AttributeValue::S(_)) => all!(S).map(AttributeValue::Ss),
        Some(AttributeValue::N(_)) => all!(N).map(AttributeValue::Ns),
        Some(AttributeValue::B(_)) => all!(B).map(AttributeValue::Bs),
        _ => Err(mixed()),
    }
}
