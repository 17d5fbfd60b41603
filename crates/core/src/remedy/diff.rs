//! What a fix changes, line by line: the policy of today against the one that is proposed, or a setting against what it
//! is to be.

use super::Options;
use super::policy::proposal;
use super::setting::setting;
use super::slots::Ask;
use super::topic_of;
use crate::access::Document;
use crate::domain::{Finding, TableFacts};

/// One line of the two documents, laid out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DiffLine {
    /// In both.
    Kept(String),
    /// Only in the one of today.
    Gone(String),
    /// Only in the proposed one.
    New(String),
}

/// What the fix of a finding changes in a policy or a setting; `None` where it changes none, the document cannot be edited,
/// or what it is today is not known.
pub fn diff(finding: &Finding, facts: &TableFacts) -> Option<Vec<DiffLine>> {
    let topic = topic_of(finding, facts)?;
    let options = Options::default();
    let ask = Ask { finding, facts, options: &options };
    let of_policy = topic.id.starts_with("policy-") || matches!(topic.id, "key-policy" | "backup-vault");
    if !of_policy {
        let of = setting(topic.id, &ask)?;
        return Some(vec![
            DiffLine::Gone(format!("{}: {}", of.name, of.today)),
            DiffLine::New(format!("{}: {}", of.name, of.then)),
        ]);
    }
    let proposal = proposal(&ask).ok()?;
    let lines = |d: &Document| d.indented(d.root()).lines().map(str::to_owned).collect::<Vec<_>>();
    Some(compare(&proposal.before.as_ref().map(lines).unwrap_or_default(), &lines(&proposal.after)))
}

/// The longest common lines stay, the rest went or came.
fn compare(before: &[String], after: &[String]) -> Vec<DiffLine> {
    // No policy of AWS is that long.
    if before.len().saturating_mul(after.len()) > 16 << 20 {
        let gone = before.iter().cloned().map(DiffLine::Gone);
        return gone.chain(after.iter().cloned().map(DiffLine::New)).collect();
    }
    // How many lines the rest of the one has in common with the rest of the other.
    let mut common = vec![vec![0_u16; after.len() + 1]; before.len() + 1];
    for (b, line) in before.iter().enumerate().rev() {
        for (a, other) in after.iter().enumerate().rev() {
            common[b][a] =
                if line == other { common[b + 1][a + 1] + 1 } else { common[b + 1][a].max(common[b][a + 1]) };
        }
    }
    let (mut b, mut a) = (0, 0);
    let mut lines = Vec::new();
    while b < before.len() || a < after.len() {
        if b < before.len() && a < after.len() && before[b] == after[a] {
            lines.push(DiffLine::Kept(before[b].clone()));
            (b, a) = (b + 1, a + 1);
        } else if a == after.len() || (b < before.len() && common[b + 1][a] >= common[b][a + 1]) {
            lines.push(DiffLine::Gone(before[b].clone()));
            b += 1;
        } else {
            lines.push(DiffLine::New(after[a].clone()));
            a += 1;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_both_stays() {
        let lines = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let told: String = compare(&lines("a b c d"), &lines("a x c d e"))
            .iter()
            .map(|line| match line {
                DiffLine::Kept(text) => text.clone(),
                DiffLine::Gone(text) => format!("-{text}"),
                DiffLine::New(text) => format!("+{text}"),
            })
            .collect();
        assert_eq!(told, "a-b+xcd+e");
    }
}
