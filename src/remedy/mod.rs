//! What a fix looks like: snippets from `assets/remedies/<topic>/`, filled for one finding.

use crate::domain::{FactKind, Finding, TableFacts};

/// A language a fix is written in. A template's file name picks it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Flavour {
    /// AWS CLI, for a POSIX shell.
    AwsCli,
    /// Terraform, aws provider 5 and 6.
    Terraform,
    /// Python with boto3, and Django where that is the application.
    Boto3,
}

impl Flavour {
    /// Every flavour, in the order of the tabs.
    pub const ALL: &'static [Self] = &[Self::AwsCli, Self::Terraform, Self::Boto3];

    /// What the tab says.
    pub const fn title(self) -> &'static str {
        match self {
            Self::AwsCli => "AWS CLI",
            Self::Terraform => "Terraform",
            Self::Boto3 => "boto3 / Django",
        }
    }
}

/// A filled template. Holds no secret's value: only names, ARNs and settings go in, each quoted.
#[derive(Debug, Clone, PartialEq)]
pub struct Snippet {
    /// The text, several lines.
    pub text: String,
    /// A name to save it under.
    pub file_name: String,
}

/// Why there is no snippet.
#[derive(Debug, Clone, PartialEq)]
pub enum Needs {
    /// A fact has to be known first.
    Fact(FactKind),
    /// The topic has no template in this flavour.
    NoTemplate,
}

/// The fix of a finding in one flavour.
pub fn render(_finding: &Finding, _flavour: Flavour, _facts: &TableFacts) -> Result<Snippet, Needs> {
    Err(Needs::NoTemplate)
}
