//! Texts of a policy that stand for others: `*`, `?`, and policy variables.
//!
//! A wildcard that comes from the value of a variable is text (IAM User Guide, "IAM policy elements: Variables and
//! tags"), so that what is compared is a row of tokens and not a string.

use super::context::Values;
use super::truth::Truth;

/// One token of what a text is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Token {
    /// This character.
    Char(char),
    /// Any text.
    Any,
    /// Any text without a colon.
    AnyInPart,
    /// One character.
    One,
    /// The value of a variable that is not known: any text, perhaps.
    Hole,
}

/// Whether a `*` and a `?` stand for others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wildcards {
    /// They are text.
    No,
    /// They stand for any text and for one character.
    Yes,
    /// As in `Resource`: a `*` in one of the first five parts of an ARN goes over a colon only where it ends its
    /// part (IAM User Guide, "IAM JSON policy elements: Resource"); variables stand behind the fifth colon only.
    InArn,
}

/// A text as it stands in a policy, read once.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct TextPattern {
    parts: Vec<Part>,
    /// Its tokens, if it has no variable: most have none, and are compared with thousands of requests.
    plain: Option<Vec<Token>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Part {
    Token(Token),
    Variable { key: String, default: Option<String> },
}

impl TextPattern {
    /// Reads a text. Variables are read in version 2012-10-17 of the language only.
    pub fn read(text: &str, wildcards: Wildcards, variables: bool) -> Self {
        let mut parts = Vec::new();
        let mut colons = 0;
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let here = variables && (wildcards != Wildcards::InArn || colons >= 5);
            if here && let Some((part, behind)) = variable(rest) {
                parts.push(part);
                rest = behind;
                continue;
            }
            rest = &rest[c.len_utf8()..];
            colons += usize::from(c == ':');
            let ends_part = rest.is_empty() || rest.starts_with(':');
            parts.push(Part::Token(match (c, wildcards) {
                ('*', Wildcards::InArn) if colons < 5 && !ends_part => Token::AnyInPart,
                ('*', Wildcards::Yes | Wildcards::InArn) => Token::Any,
                ('?', Wildcards::Yes | Wildcards::InArn) => Token::One,
                (c, _) => Token::Char(c),
            }));
        }
        let token = |part: &Part| if let Part::Token(token) = part { Some(*token) } else { None };
        let plain = parts.iter().map(token).collect();
        Self { parts, plain }
    }

    /// The tokens, with the values of the variables in; `None` if a variable has no value.
    pub fn filled(&self, value: &mut dyn FnMut(&str) -> Values) -> Option<Vec<Token>> {
        if let Some(plain) = &self.plain {
            return Some(plain.clone());
        }
        let mut tokens = Vec::with_capacity(self.parts.len());
        for part in &self.parts {
            match part {
                Part::Token(token) => tokens.push(*token),
                Part::Variable { key, default } => match value(key) {
                    // A key with several values is no variable.
                    Values::Known(values) if values.len() == 1 => {
                        tokens.extend(values[0].chars().map(Token::Char));
                    }
                    Values::Known(_) => return None,
                    Values::Absent => tokens.extend(default.as_ref()?.chars().map(Token::Char)),
                    Values::Open { .. } => tokens.push(Token::Hole),
                },
            }
        }
        Some(tokens)
    }

    /// The tokens of a text without variables.
    pub fn plain(&self) -> Option<&[Token]> {
        self.plain.as_deref()
    }
}

/// `${key}`, `${key, 'default'}`, and the three that stand for a character. What is not closed is text.
fn variable(text: &str) -> Option<(Part, &str)> {
    let (inner, behind) = text.strip_prefix("${")?.split_once('}')?;
    if let "*" | "?" | "$" = inner {
        return Some((Part::Token(Token::Char(inner.chars().next()?)), behind));
    }
    let (key, default) = match inner.split_once(',') {
        None => (inner, None),
        Some((key, default)) => {
            (key, Some(default.trim().strip_prefix('\'')?.strip_suffix('\'')?.to_owned()))
        }
    };
    let key = key.trim().to_ascii_lowercase();
    (!key.is_empty()).then_some((Part::Variable { key, default }, behind))
}

/// Whether a text matches. With a hole in it, it is not known, unless nothing in the hole could make it match.
pub(super) fn matches(tokens: &[Token], text: &str) -> Truth {
    if !run(tokens, text) {
        Truth::No
    } else if tokens.contains(&Token::Hole) {
        Truth::Unknown
    } else {
        Truth::Yes
    }
}

/// Whether all texts match that begin so.
pub(super) fn covers_all_that_begin(tokens: &[Token], with: &str) -> bool {
    tokens.last() == Some(&Token::Any) && matches(tokens, with) == Truth::Yes
}

/// Whether one text matches that begins so: what is left of the pattern can always be made up.
pub(super) fn one_could_begin(tokens: &[Token], with: &str) -> bool {
    (0..=tokens.len()).any(|n| run(&tokens[..n], with))
}

/// Whether every text matches.
pub(super) fn covers_everything(tokens: &[Token]) -> bool {
    !tokens.is_empty() && tokens.iter().all(|t| *t == Token::Any)
}

/// Two pointers and the last star; a star that may not go over a colon gives way to the star before it.
/// Quadratic at worst, never more.
fn run(tokens: &[Token], text: &str) -> bool {
    // Most patterns have no star, or one at their end.
    let fixed = tokens.iter().take_while(|t| matches!(t, Token::Char(_))).count();
    let mut rest = text.chars();
    for token in &tokens[..fixed] {
        match (token, rest.next()) {
            (Token::Char(c), Some(d)) if *c == d => {}
            _ => return false,
        }
    }
    let tokens = &tokens[fixed..];
    match tokens {
        [] => return rest.next().is_none(),
        [Token::Any] => return true,
        _ => {}
    }
    let text: Vec<char> = rest.collect();
    if tokens.contains(&Token::AnyInPart) { by_states(tokens, &text) } else { by_last_star(tokens, &text) }
}

fn by_last_star(tokens: &[Token], text: &[char]) -> bool {
    let (mut t, mut n) = (0, 0);
    // Where the last star was, and how much of the text it stands for so far.
    let mut star = None;
    while n < text.len() {
        match tokens.get(t) {
            Some(Token::Any | Token::Hole) => {
                star = Some((t, n));
                t += 1;
            }
            Some(token) if *token == Token::One || *token == Token::Char(text[n]) => {
                t += 1;
                n += 1;
            }
            _ => {
                let Some((at, taken)) = star else { return false };
                star = Some((at, taken + 1));
                t = at + 1;
                n = taken + 1;
            }
        }
    }
    tokens[t..].iter().all(|token| matches!(token, Token::Any | Token::Hole))
}

/// All places in the pattern that the text could stand at, character by character.
fn by_states(tokens: &[Token], text: &[char]) -> bool {
    let star = |t: &Token| matches!(t, Token::Any | Token::AnyInPart | Token::Hole);
    let mut at = vec![false; tokens.len() + 1];
    at[0] = true;
    let through = |at: &mut Vec<bool>| {
        for n in 0..tokens.len() {
            at[n + 1] |= at[n] && star(&tokens[n]);
        }
    };
    through(&mut at);
    for c in text {
        let mut next = vec![false; tokens.len() + 1];
        for (n, token) in tokens.iter().enumerate().filter(|(n, _)| at[*n]) {
            match token {
                Token::Any | Token::Hole => next[n] = true,
                Token::AnyInPart => next[n] |= *c != ':',
                Token::One => next[n + 1] = true,
                Token::Char(d) => next[n + 1] |= c == d,
            }
        }
        at = next;
        through(&mut at);
    }
    at[tokens.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, wildcards: Wildcards, text: &str, expect: Truth) {
        let mut known = |key: &str| match key {
            "known" => Values::one("a*b"),
            "several" => Values::Known(vec!["a".into(), "b".into()]),
            "absent" => Values::Absent,
            _ => Values::UNKNOWN,
        };
        let got = TextPattern::read(pattern, wildcards, true)
            .filled(&mut known)
            .map_or(Truth::No, |tokens| matches(&tokens, text));
        assert_eq!(got, expect, "{pattern} {text}");
    }

    #[test]
    fn wildcards_and_variables() {
        use Truth::{No, Unknown};
        use Wildcards::InArn;
        let yes = Truth::Yes;
        check("a*", Wildcards::No, "a*", yes);
        check("a*", Wildcards::No, "ab", No);
        check("a?c*", Wildcards::Yes, "abcd", yes);
        check("${known}", Wildcards::Yes, "a*b", yes);
        check("${known}", Wildcards::Yes, "axb", No);
        check("${several}", Wildcards::Yes, "a", No);
        check("${absent}", Wildcards::Yes, "", No);
        check("${absent, 'x'}", Wildcards::Yes, "x", yes);
        check("${known, 'x'}", Wildcards::Yes, "x", No);
        check("a-${other}", Wildcards::No, "a-b", Unknown);
        check("a-${other}", Wildcards::No, "b-b", No);
        check("${*}${?}${$}", Wildcards::Yes, "*?$", yes);
        check("${*}", Wildcards::Yes, "x", No);
        check("${open", Wildcards::Yes, "${open", yes);
        check("arn:aws:dynamodb:eu-*:1:table/t", InArn, "arn:aws:dynamodb:eu-west-1:1:table/t", yes);
        check("arn:aws:dynamodb:*:table/t", InArn, "arn:aws:dynamodb:eu-west-1:1:table/t", yes);
        check("arn:aws:dynamodb:e*1:table/t", InArn, "arn:aws:dynamodb:eu-west-1:1:table/t", No);
        check("arn:aws:dynamodb:*", InArn, "arn:aws:dynamodb:eu-west-1:1:table/t", yes);
        check("arn:aws:${known}:r:1:t", InArn, "arn:aws:a*b:r:1:t", No);
        check("arn:aws:s:r:1:t/${known}", InArn, "arn:aws:s:r:1:t/a*b", yes);
        check("arn:aws:s:r:1:t*/x", InArn, "arn:aws:s:r:1:table/y:z/x", yes);
    }

    #[test]
    fn in_the_older_language_variables_are_text() {
        let pattern = TextPattern::read("${aws:username}", Wildcards::Yes, false);
        let tokens = pattern.plain().expect("no variable");
        assert_eq!(matches(tokens, "${aws:username}"), Truth::Yes);
    }

    #[test]
    fn what_begins_so() {
        let tokens =
            |p: &str| TextPattern::read(p, Wildcards::Yes, true).plain().expect("no variable").to_vec();
        for (pattern, all, one) in [
            ("AROA:*", true, true),
            ("AROA*", true, true),
            ("*", true, true),
            ("AROA:alice", false, true),
            ("AROX:*", false, false),
            ("A*:alice", false, true),
            ("AR", false, false),
            ("?ROA:b", false, true),
            ("AROA:", false, true),
        ] {
            assert_eq!(covers_all_that_begin(&tokens(pattern), "AROA:"), all, "{pattern}");
            let could = one_could_begin(&tokens(pattern), "AROA:");
            assert_eq!(could, one, "{pattern}");
        }
    }

    proptest::proptest! {
        #[test]
        fn both_ways_to_match_agree(pattern in "[ab*?]{0,8}", text in "[ab]{0,8}") {
            let read = TextPattern::read(&pattern, Wildcards::Yes, false);
            let tokens = read.plain().expect("no variable");
            let chars: Vec<char> = text.chars().collect();
            proptest::prop_assert_eq!(by_last_star(tokens, &chars), by_states(tokens, &chars));
            proptest::prop_assert_eq!(matches(tokens, &text) == Truth::Yes, super::super::glob::matches(&pattern, &text));
        }
    }
}
