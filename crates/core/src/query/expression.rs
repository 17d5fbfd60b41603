//! The tree of an expression. Literals may be secrets: nothing here that holds one can be printed, but
//! through [`print`](crate::query::print).

use zeroize::Zeroizing;

use crate::domain::AttributeValue;
use crate::query::words::Comparator;

/// Where something stands in the text, in bytes. Two are always equal, so that trees compare by meaning.
#[derive(Debug, Clone, Copy, Default)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

impl PartialEq for Span {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// All of what was asked.
#[derive(Clone, PartialEq, Default)]
pub struct Expression {
    /// What items are wanted; all of them without one.
    pub condition: Option<Condition>,
    /// From the last sort key to the first (`desc`), and where that stands.
    pub descending: Option<Span>,
}

/// What an item must be like.
#[derive(Clone, PartialEq)]
pub enum Condition {
    /// A comparison.
    Compare(Operand, Comparator, Operand),
    /// Not below the second, not above the third.
    Between(Operand, Operand, Operand),
    /// One of these.
    In(Operand, Vec<Operand>),
    /// Starts with this.
    BeginsWith(Path, Literal),
    /// Holds this.
    Contains(Path, Operand),
    /// Is there.
    Exists(Path),
    /// Is not there.
    NotExists(Path),
    /// Is of this type, for instance `S`.
    Type(Path, &'static str),
    /// All of these. Two or more, none of them an `And`.
    And(Vec<Condition>),
    /// One of these. Two or more, none of them an `Or`.
    Or(Vec<Condition>),
    /// Not this.
    Not(Box<Condition>),
}

/// Something to compare.
#[derive(Clone, PartialEq)]
pub enum Operand {
    /// An attribute, or a part of one.
    Path(Path),
    /// The size of one.
    Size(Path),
    /// A literal.
    Literal(Literal),
}

/// A document path: `shipping.lines[0].sku`.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    /// The attribute.
    pub root: String,
    /// The way down from there.
    pub rest: Vec<Member>,
    /// Where it stands.
    pub span: Span,
}

/// One step down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Member {
    /// To the member of a map.
    Name(String),
    /// To an element of a list.
    Index(u32),
}

/// A value in the text.
#[derive(Clone, PartialEq)]
pub struct Literal {
    /// What it is.
    pub value: Value,
    /// Where it stands.
    pub span: Span,
}

/// What a literal is.
#[derive(Clone, PartialEq)]
pub enum Value {
    /// Typed. Wiped when dropped.
    Typed(Zeroizing<AttributeValue>),
    /// `?`: to be filled in.
    Hole,
    /// `$1`: the value of an item that was followed, in the order they came; held elsewhere.
    Held(usize),
}

impl Condition {
    /// All of these; one alone is itself.
    pub fn all(parts: Vec<Self>) -> Option<Self> {
        Self::several(parts, Self::And, |part| match part {
            Self::And(parts) => parts,
            other => vec![other],
        })
    }

    /// One of these; one alone is itself.
    pub fn any(parts: Vec<Self>) -> Option<Self> {
        Self::several(parts, Self::Or, |part| match part {
            Self::Or(parts) => parts,
            other => vec![other],
        })
    }

    fn several(parts: Vec<Self>, join: fn(Vec<Self>) -> Self, open: fn(Self) -> Vec<Self>) -> Option<Self> {
        let mut flat: Vec<Self> = parts.into_iter().flat_map(open).collect();
        if flat.len() > 1 { Some(join(flat)) } else { flat.pop() }
    }

    /// The parts that must all hold.
    pub fn conjuncts(&self) -> &[Self] {
        match self {
            Self::And(parts) => parts,
            other => std::slice::from_ref(other),
        }
    }

    /// Every path in it, in the order of the text.
    pub fn paths(&self) -> Vec<&Path> {
        let mut out = Vec::new();
        self.visit(&mut |path| out.push(path), &mut |_| {});
        out
    }

    /// Every literal in it, in the order of the text.
    pub fn literals(&self) -> Vec<&Literal> {
        let mut out = Vec::new();
        self.visit(&mut |_| {}, &mut |literal| out.push(literal));
        out
    }

    fn visit<'a>(&'a self, path: &mut dyn FnMut(&'a Path), literal: &mut dyn FnMut(&'a Literal)) {
        let operand = |operand: &'a Operand| match operand {
            Operand::Path(p) | Operand::Size(p) => path(p),
            Operand::Literal(l) => literal(l),
        };
        match self {
            Self::Compare(a, _, b) => [a, b].into_iter().for_each(operand),
            Self::Between(a, b, c) => [a, b, c].into_iter().for_each(operand),
            Self::In(a, list) => std::iter::once(a).chain(list).for_each(operand),
            Self::Contains(p, value) => {
                path(p);
                match value {
                    Operand::Path(p) | Operand::Size(p) => path(p),
                    Operand::Literal(l) => literal(l),
                }
            }
            Self::BeginsWith(p, l) => {
                path(p);
                literal(l);
            }
            Self::Exists(p) | Self::NotExists(p) | Self::Type(p, _) => path(p),
            Self::And(parts) | Self::Or(parts) => parts.iter().for_each(|c| c.visit(path, literal)),
            Self::Not(inner) => inner.visit(path, literal),
        }
    }
}

impl Path {
    /// A top-level attribute.
    pub fn attribute(root: impl Into<String>) -> Self {
        Self { root: root.into(), rest: Vec::new(), span: Span::default() }
    }

    /// Whether it is this whole attribute.
    pub fn is(&self, name: &str) -> bool {
        self.rest.is_empty() && self.root == name
    }
}

impl Literal {
    /// A literal that stands nowhere.
    pub fn typed(value: AttributeValue) -> Self {
        Self { value: Value::Typed(Zeroizing::new(value)), span: Span::default() }
    }
}
