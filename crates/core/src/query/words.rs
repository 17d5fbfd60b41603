//! Operators, functions and keywords: the parser, the printer, the compiler and the completion read these
//! tables (Developer Guide, "Condition and filter expressions, operators, and functions").

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparator {
    /// `=`
    Eq,
    /// `<>`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
}

/// Every comparison with its sign, here and in the service's expressions. `!=` is read as `<>`.
pub(super) const COMPARATORS: &[(Comparator, &str)] = &[
    (Comparator::Eq, "="),
    (Comparator::Ne, "<>"),
    (Comparator::Lt, "<"),
    (Comparator::Le, "<="),
    (Comparator::Gt, ">"),
    (Comparator::Ge, ">="),
];

impl Comparator {
    /// The sign.
    pub fn sign(self) -> &'static str {
        COMPARATORS.iter().find(|(c, _)| *c == self).map_or("", |(_, sign)| sign)
    }

    /// The comparison with its sides changed over.
    pub const fn flipped(self) -> Self {
        match self {
            Self::Lt => Self::Gt,
            Self::Le => Self::Ge,
            Self::Gt => Self::Lt,
            Self::Ge => Self::Le,
            same => same,
        }
    }
}

/// What a word in front of a parenthesis does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Function {
    /// `begins_with(path, text)`
    BeginsWith,
    /// `contains(path, value)`
    Contains,
    /// `attribute_exists(path)`
    Exists,
    /// `attribute_not_exists(path)`
    NotExists,
    /// `attribute_type(path, "S")`
    Type,
    /// `size(path)`, which is a number to compare
    Size,
}

/// Whether a function is a condition or a value to compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// True or false.
    Condition,
    /// A number.
    Operand,
}

/// Every function: its word here and in the service's expressions, what it is, and what it says.
pub const FUNCTIONS: &[(Function, &str, Role, &str)] = &[
    (Function::BeginsWith, "begins_with", Role::Condition, "text or binary that starts so"),
    (Function::Contains, "contains", Role::Condition, "part of a text, or member of a set or list"),
    (Function::Exists, "attribute_exists", Role::Condition, "the item has it"),
    (Function::NotExists, "attribute_not_exists", Role::Condition, "the item lacks it"),
    (Function::Type, "attribute_type", Role::Condition, "it is of this type"),
    (Function::Size, "size", Role::Operand, "its length in characters, bytes or members"),
];

impl Function {
    /// The function of a word, in any case.
    pub(super) fn of(word: &str) -> Option<Self> {
        FUNCTIONS.iter().find(|f| f.1.eq_ignore_ascii_case(word)).map(|f| f.0)
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        FUNCTIONS.iter().find(|f| f.0 == self).map_or("", |f| f.1)
    }
}

/// The types that `attribute_type` knows (API Reference, AttributeValue).
pub(super) const TYPES: &[&str] = &["S", "N", "B", "BOOL", "NULL", "SS", "NS", "BS", "M", "L"];

/// Words that are no attribute names unless they stand in backquotes.
pub(super) const KEYWORDS: &[&str] =
    &["and", "or", "not", "between", "in", "true", "false", "null", "asc", "desc"];

/// Whether a name can stand without backquotes.
pub(super) fn is_plain(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(starts_name) && chars.all(continues_name) && !is_keyword(name)
}

/// Whether a word is one of [`KEYWORDS`], in any case.
pub(super) fn is_keyword(word: &str) -> bool {
    KEYWORDS.iter().any(|k| k.eq_ignore_ascii_case(word))
}

/// Whether a name may start with this character.
pub(super) fn starts_name(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

/// Whether this character may be inside a name.
pub(super) fn continues_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | ':' | '#' | '@')
}
