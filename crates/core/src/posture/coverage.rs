//! What other tools check of DynamoDB, and where it is settled here.

/// One check of another tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Elsewhere {
    /// The tool.
    pub tool: &'static str,
    /// Its id there.
    pub id: &'static str,
    /// What it tests, in a few words.
    pub tests: &'static str,
    /// The ids of the checks that settle it; none if it is not settled.
    pub ours: Vec<&'static str>,
    /// What differs, or why it is not settled; empty where nothing differs.
    pub remark: &'static str,
}

/// The table, which `docs/coverage.md` is made of.
const TABLE: &str = include_str!("../../assets/coverage.tsv");

/// Every check of DynamoDB and DAX that the tools of the field have, and those of AWS Backup and KMS that judge the key or
/// the recovery points of a table.
pub fn elsewhere() -> impl Iterator<Item = Elsewhere> {
    TABLE.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut cells = line.split('\t');
        let mut next = || cells.next();
        let (tool, id, tests, ours) = (next()?, next()?, next()?, next()?);
        let ours = ours.split(',').filter(|id| *id != "-").collect();
        Some(Elsewhere { tool, id, tests, ours, remark: next().unwrap_or_default() })
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::posture::{CHECKS, Reference, check};

    #[test]
    fn every_check_of_others_is_settled_by_one_that_exists_or_has_a_reason() {
        let mut seen = BTreeSet::new();
        for Elsewhere { tool, id, tests, ours, remark } in elsewhere() {
            ours.iter().for_each(|ours| assert!(check(ours).is_some(), "{tool} {id}: no check {ours}"));
            assert!(!ours.is_empty() || !remark.is_empty(), "{tool} {id} is neither settled nor explained");
            assert!(!tests.is_empty() && !remark.ends_with('.'), "{tool} {id}");
            assert!(seen.insert((tool, id)), "{tool} {id} is there twice");
        }
        let lines = TABLE.lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(seen.len(), lines, "a line is not understood");
        let tools: BTreeSet<&str> = seen.iter().map(|(tool, _)| *tool).collect();
        let expected = [
            "AWS Config",
            "Checkov",
            "CloudSploit",
            "KICS",
            "Prowler",
            "ScoutSuite",
            "Security Hub",
            "Steampipe",
            "Trivy",
            "cfn-nag",
            "tfsec",
        ];
        assert_eq!(tools.into_iter().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_remark_names_checks_that_exist() {
        for Elsewhere { tool, id, remark, .. } in elsewhere() {
            let Some((_, named)) = remark.split_once("settled by ") else { continue };
            let named: String = named.chars().take_while(|c| c.is_ascii_lowercase() || *c == '-').collect();
            assert!(check(&named).is_some(), "{tool} {id}: no check {named}");
        }
    }

    #[test]
    fn references_to_security_hub_are_the_ones_of_this_table() {
        for ours in CHECKS {
            for reference in ours.refs {
                let Reference::Fsbp(id) = reference else { continue };
                let of_this = |e: &Elsewhere| e.tool == "Security Hub" && e.id == *id;
                // Of users and roles only one control is about what Access Analyzer is for.
                let known = elsewhere().any(|e| of_this(&e) && e.ours.contains(&ours.id)) || *id == "IAM.28";
                assert!(known, "{}: {id}", ours.id);
            }
        }
    }
}
