//! The filters of betterleaks' rules: an expression that is true of what is no secret, `entropy(finding["secret"]) <= 3.5 ||
//! containsAny(finding["secret"], ["example"])`.
//!
//! Source: the embedded configuration of betterleaks 2.0. What is not known here (`tokenRatio`, which counts the tokens of a
//! language model) is an error: the rule that asks for it is left out, and never judged by half.

use std::iter::Peekable;
use std::str::Chars;

use regex::Regex;

/// How deep an expression may nest.
const DEPTH: usize = 32;

/// What an expression looks at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Part {
    Secret,
    Match,
    Line,
    /// Of a file: an item has none, and nothing is true of it.
    File,
}

/// A number of a text.
#[derive(Debug, Clone, Copy)]
pub(super) enum Number {
    Entropy,
    Length,
}

/// How two numbers compare.
#[derive(Debug, Clone, Copy)]
pub(super) enum Order {
    Less,
    AtMost,
    More,
    AtLeast,
    Same,
}

/// Where in a text one of some words stands.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place {
    Anywhere,
    First,
    Last,
}

/// An expression.
#[derive(Debug)]
pub(super) enum Expression {
    Any(Vec<Expression>),
    All(Vec<Expression>),
    Not(Box<Expression>),
    Compare(Number, Part, Order, f64),
    Matches(Part, Vec<Regex>),
    Holds(Part, Place, Vec<String>),
    Constant(bool),
}

impl Expression {
    /// Reads one; `pattern` makes a pattern of RE2 one that can be asked.
    ///
    /// # Errors
    /// What of it is not understood.
    pub(super) fn parse(text: &str, pattern: &dyn Fn(&str) -> Result<Regex, String>) -> Result<Self, String> {
        let mut reader = ExpressionReader { words: words(text)?.into_iter().peekable(), pattern, depth: 0 };
        let all = reader.any()?;
        match reader.words.next() {
            None => Ok(all),
            Some(word) => Err(format!("{} was not expected", word.said())),
        }
    }

    /// Whether it is true of a match.
    pub(super) fn is_true(&self, part: &dyn Fn(Part) -> Option<String>) -> bool {
        match self {
            Self::Any(all) => all.iter().any(|one| one.is_true(part)),
            Self::All(all) => all.iter().all(|one| one.is_true(part)),
            Self::Not(one) => !one.is_true(part),
            Self::Constant(is) => *is,
            Self::Compare(number, of, order, than) => part(*of).is_some_and(|text| {
                let value = match number {
                    Number::Entropy => super::gitleaks::entropy(&text),
                    Number::Length => text.len() as f64,
                };
                match order {
                    Order::Less => value < *than,
                    Order::AtMost => value <= *than,
                    Order::More => value > *than,
                    Order::AtLeast => value >= *than,
                    Order::Same => (value - *than).abs() < f64::EPSILON,
                }
            }),
            Self::Matches(of, patterns) => {
                part(*of).is_some_and(|text| patterns.iter().any(|p| p.is_match(&text)))
            }
            Self::Holds(of, place, words) => part(*of).is_some_and(|text| {
                let text = text.to_lowercase();
                words.iter().any(|word| match place {
                    Place::Anywhere => text.contains(word.as_str()),
                    Place::First => text.starts_with(word.as_str()),
                    Place::Last => text.ends_with(word.as_str()),
                })
            }),
        }
    }
}

/// A word of an expression.
#[derive(Debug, Clone, PartialEq)]
enum Word {
    Name(String),
    Text(String),
    Number(f64),
    Sign(&'static str),
}

impl Word {
    /// How an error names it.
    fn said(&self) -> String {
        match self {
            Self::Name(name) => format!("`{}`", name.chars().take(40).collect::<String>()),
            Self::Text(_) => String::from("a text"),
            Self::Number(number) => format!("`{number}`"),
            Self::Sign(sign) => format!("`{sign}`"),
        }
    }
}

const SIGNS: &[&str] = &["||", "&&", "<=", ">=", "==", "!=", "<", ">", "!", "(", ")", "[", "]", ",", "-"];

/// The words of an expression.
fn words(text: &str) -> Result<Vec<Word>, String> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if first.is_whitespace() {
            rest = rest.trim_start();
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            words.push(Word::Sign(sign));
            rest = &rest[sign.len()..];
        } else if first.is_ascii_digit() {
            let length = rest.bytes().take_while(|b| b.is_ascii_digit() || *b == b'.').count();
            let number = rest[..length].parse().map_err(|_| String::from("not a number"))?;
            words.push(Word::Number(number));
            rest = &rest[length..];
        } else if first.is_ascii_alphabetic() || first == '_' {
            let length =
                rest.bytes().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.')).count();
            words.push(Word::Name(rest[..length].to_owned()));
            rest = &rest[length..];
        } else if matches!(first, '"' | '\'' | '`') {
            let mut chars = rest[1..].chars();
            words.push(Word::Text(quoted(&mut chars, first)?));
            rest = chars.as_str();
        } else {
            return Err(format!("`{first}` is not understood"));
        }
    }
    Ok(words)
}

/// A text up to its quote; in backquotes a backslash is one.
fn quoted(chars: &mut Chars<'_>, quote: char) -> Result<String, String> {
    let mut out = String::new();
    while let Some(c) = chars.next() {
        match c {
            c if c == quote => return Ok(out),
            '\\' if quote != '`' => match chars.next() {
                Some('n') => out.push('\n'),
                Some('t') => out.push('\t'),
                Some('r') => out.push('\r'),
                Some(other) => out.push(other),
                None => break,
            },
            c => out.push(c),
        }
    }
    Err(String::from("a text without its end"))
}

struct ExpressionReader<'a> {
    words: Peekable<std::vec::IntoIter<Word>>,
    pattern: &'a dyn Fn(&str) -> Result<Regex, String>,
    depth: usize,
}

impl ExpressionReader<'_> {
    fn takes(&mut self, sign: &str) -> bool {
        self.words.next_if(|word| matches!(word, Word::Sign(own) if *own == sign)).is_some()
    }

    fn expects(&mut self, sign: &str) -> Result<(), String> {
        if self.takes(sign) {
            return Ok(());
        }
        let said = self.words.peek().map_or(String::from("the end"), Word::said);
        Err(format!("expected `{sign}`, found {said}"))
    }

    fn any(&mut self) -> Result<Expression, String> {
        let mut all = vec![self.all()?];
        while self.takes("||") {
            all.push(self.all()?);
        }
        Ok(if all.len() == 1 { all.remove(0) } else { Expression::Any(all) })
    }

    fn all(&mut self) -> Result<Expression, String> {
        let mut all = vec![self.one()?];
        while self.takes("&&") {
            all.push(self.one()?);
        }
        Ok(if all.len() == 1 { all.remove(0) } else { Expression::All(all) })
    }

    fn one(&mut self) -> Result<Expression, String> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(String::from("nested too deeply"));
        }
        let one = self.deeper();
        self.depth -= 1;
        one
    }

    fn deeper(&mut self) -> Result<Expression, String> {
        if self.takes("!") {
            return Ok(Expression::Not(Box::new(self.one()?)));
        }
        if self.takes("(") {
            let inside = self.any()?;
            self.expects(")")?;
            return Ok(inside);
        }
        let name = match self.words.next() {
            Some(Word::Name(name)) => name,
            Some(other) => return Err(format!("{} was not expected", other.said())),
            None => return Err(String::from("it ends early")),
        };
        match name.as_str() {
            "true" => Ok(Expression::Constant(true)),
            "false" => Ok(Expression::Constant(false)),
            "entropy" => self.compare(Number::Entropy),
            "len" => self.compare(Number::Length),
            "matchesAny" => {
                let (of, texts) = self.of_texts()?;
                let patterns: Result<Vec<Regex>, String> =
                    texts.iter().map(|text| (self.pattern)(text)).collect();
                Ok(Expression::Matches(of, patterns?))
            }
            "containsAny" => self.holds(Place::Anywhere),
            "startsWithAny" => self.holds(Place::First),
            "endsWithAny" => self.holds(Place::Last),
            _ => Err(format!("{} is not known here", Word::Name(name).said())),
        }
    }

    fn holds(&mut self, place: Place) -> Result<Expression, String> {
        let (of, texts) = self.of_texts()?;
        Ok(Expression::Holds(of, place, texts.iter().map(|text| text.to_lowercase()).collect()))
    }

    /// `(finding["secret"]) <= 3.5`
    fn compare(&mut self, number: Number) -> Result<Expression, String> {
        self.expects("(")?;
        let of = self.part()?;
        self.expects(")")?;
        let order = match self.words.next() {
            Some(Word::Sign("<")) => Order::Less,
            Some(Word::Sign("<=")) => Order::AtMost,
            Some(Word::Sign(">")) => Order::More,
            Some(Word::Sign(">=")) => Order::AtLeast,
            Some(Word::Sign("==")) => Order::Same,
            _ => return Err(String::from("expected a comparison")),
        };
        match self.words.next() {
            Some(Word::Number(than)) => Ok(Expression::Compare(number, of, order, than)),
            _ => Err(String::from("expected a number")),
        }
    }

    /// `(finding["secret"], ["a", "b"])`
    fn of_texts(&mut self) -> Result<(Part, Vec<String>), String> {
        self.expects("(")?;
        let of = self.part()?;
        self.expects(",")?;
        self.expects("[")?;
        let mut texts = Vec::new();
        while !self.takes("]") {
            match self.words.next() {
                Some(Word::Text(text)) => texts.push(text),
                Some(other) => return Err(format!("{} in a list of texts", other.said())),
                None => return Err(String::from("it ends early")),
            }
            if !self.takes(",") {
                self.expects("]")?;
                break;
            }
        }
        self.expects(")")?;
        Ok((of, texts))
    }

    /// `finding["secret"]`
    fn part(&mut self) -> Result<Part, String> {
        let Some(Word::Name(of)) = self.words.next() else { return Err(String::from("expected `finding`")) };
        self.expects("[")?;
        let Some(Word::Text(part)) = self.words.next() else { return Err(String::from("expected a text")) };
        self.expects("]")?;
        match (of.as_str(), part.as_str()) {
            ("finding", "secret") => Ok(Part::Secret),
            ("finding", "match") => Ok(Part::Match),
            ("finding", "line") => Ok(Part::Line),
            ("attributes", _) => Ok(Part::File),
            _ => Err(format!("`{}[...]` is not known here", of.chars().take(40).collect::<String>())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Expression, String> {
        Expression::parse(text, &|pattern| Regex::new(pattern).map_err(|_| String::from("not a pattern")))
    }

    fn check(text: &str, secret: &str, expect: bool) {
        let part = |of| match of {
            Part::Secret => Some(secret.to_owned()),
            Part::Match => Some(format!("key={secret};")),
            Part::Line => Some(format!("# key={secret}; of a test")),
            Part::File => None,
        };
        assert_eq!(read(text).expect("understood").is_true(&part), expect, "{text} of {secret}");
    }

    #[test]
    fn what_is_true_of_no_secret() {
        check("entropy(finding[\"secret\"]) <= 3.5", "aaaaaaab", true);
        check("\nentropy(finding[\"secret\"]) < 2.5\n", "q7w8e9r1", false);
        check(
            "entropy(finding['secret']) < 1.0 || containsAny(finding['secret'], ['Q7W'])",
            "q7w8e9r1",
            true,
        );
        check("matchesAny(finding[\"secret\"], [`.+EXAMPLE$`, `^\\d+$`,])", "12345", true);
        check(
            "matchesAny(finding[\"line\"], [`^#`]) && !startsWithAny(finding[\"match\"], [\"key\"])",
            "x",
            false,
        );
        check("(len(finding[\"secret\"]) >= 4 && endsWithAny(finding[\"secret\"], [\"yz\"]))", "wxyz", true);
        check("matchesAny(attributes[\"path\"], [`.*`])", "x", false);
        check("true && !false", "x", true);
    }

    #[test]
    fn what_is_not_understood_is_named() {
        for (text, told) in [
            ("tokenRatio(finding[\"secret\"]) >= 2.5", "`tokenRatio` is not known here"),
            ("entropy(finding[\"secret\"]) <= ", "expected a number"),
            ("entropy(finding[\"captures\"]) < 1", "`finding[...]` is not known here"),
            ("matchesAny(finding[\"secret\"], [`(`])", "not a pattern"),
            ("containsAny(finding[\"secret\"], [\"a", "a text without its end"),
            ("", "it ends early"),
            ("true true", "`true` was not expected"),
            ("§", "`§` is not understood"),
        ] {
            assert_eq!(read(text).err().as_deref(), Some(told), "{text}");
        }
        assert!(read(&"(".repeat(10_000)).is_err());
        assert!(read(&"!".repeat(10_000)).is_err());
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_survived(text in "[ -~é]{0,80}") {
            let _ = read(&text);
        }
    }
}
