//! A vault with recovery points of the table takes copies from others.
//!
//! Nothing gets out by it: whatever a vault's policy says, other accounts can only copy into it.

use super::policy::LetIn;
use crate::domain::{FactKind, FactValue, Level, RecoveryPoint, Severity, Vault, Verdict};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{allow, facts, plain, points, policy};
use crate::posture::messages::{fail, list, name, not_applicable, pass};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "backup-vault-open",
    title: "A backup vault of the table takes copies from other accounts",
    why: "Whoever of your organization may copy into the vault fills it at your cost, and puts a copy of their own beside yours for the day on \
          which somebody restores in a hurry. Nobody gets a copy out by it: AWS Backup refuses every other request of \
          another account.",
    severity: Severity::Low,
    level: Level::Table,
    reads: &[FactKind::Description, FactKind::RecoveryPoints, FactKind::Vaults],
    reads_items: false,
    judge,
    topic: Fixed::By("backup-vault"),
    messages: &[],
    source: "https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html",
    refs: &[Reference::OwaspApi(8), Reference::Cwe(732)],
    field: "GetBackupVaultAccessPolicy Policy.Statement[].Principal and Condition",
    cases: &[
        Case::of("no recovery point", || facts([points(0)]), "not-applicable", "no recovery point"),
        Case::of("no policy", || facts([plain(), points(1), vault("")]), "pass", "vault-0 takes no copies"),
        Case::of(
            "everyone may copy into it",
            || facts([plain(), points(1), vault(&copies(r#""*""#))]),
            "fail",
            "low: The vault vault-0's policy takes copies from anyone",
        ),
        Case::of(
            "another account may copy into it",
            || facts([plain(), points(1), vault(&copies(r#"{"AWS":"444455556666"}"#))]),
            "fail",
            "info: The vault vault-0's policy takes copies from account 444455556666",
        ),
        Case::of(
            "another account may copy into one, and everyone into another",
            || facts([plain(), points(1), two(&copies(r#"{"AWS":"444455556666"}"#), &copies(r#""*""#))]),
            "fail",
            "low: The vault vault-0's policy takes copies from account 444455556666",
        ),
        Case::of(
            "another account may copy out of it",
            || {
                facts([
                    plain(),
                    points(1),
                    vault(&copies(r#"{"AWS":"444455556666"}"#).replace("CopyInto", "CopyFrom")),
                ])
            },
            "pass",
            "vault-0",
        ),
        Case::of("partly unread", || facts([plain(), points(1), vault("7")]), "unknown", "statement 1"),
        Case::of(
            "policy of one vault not read",
            || facts([plain(), points(1), FactValue::Vaults(Vec::new())]),
            "unknown",
            "the policy of vault-0 was not read",
        ),
        Case::of("policy not read", || facts([plain(), points(1)]), "unknown", "vaults: not asked"),
        Case::of("recovery points not read", || facts([plain()]), "unknown", "recovery_points: not asked"),
        Case::of(
            "description not read",
            || facts([points(1), vault("")]),
            "unknown",
            "description: not asked",
        ),
    ],
};

fn judge(subject: &Subject<'_>) -> Judged {
    if subject.facts.recovery_points.read()?.is_empty() {
        return Ok(not_applicable("There is no recovery point of the table in AWS Backup."));
    }
    let own = match super::own_account(subject)? {
        Ok(own) => own,
        Err(verdict) => return Ok(verdict),
    };
    let vaults = subject.facts.vaults.read()?;
    let (mut open, mut unclear) = (Vec::new(), Vec::new());
    for Vault { name, policy } in vaults {
        let Some(policy) = policy else { continue };
        match super::policy::let_in(policy, &own, LetIn::Vault(name), (Severity::Low, Severity::Info)) {
            Ok(Verdict::Fail(failed)) => open.push(failed),
            Ok(_) => {}
            Err(more) => unclear.extend(more),
        }
    }
    if let Some(severity) = open.iter().map(|failed| failed.severity).max() {
        return Ok(fail(severity, open.into_iter().flat_map(|failed| failed.evidence).collect::<Vec<_>>()));
    }
    let read = |point: &&RecoveryPoint| vaults.iter().any(|vault| vault.name == point.vault);
    let unread = subject.facts.recovery_points.read()?.iter().find(|point| !read(point));
    unclear.extend(unread.map(|point| format!("the policy of {} was not read", name(&point.vault))));
    let names: Vec<&str> = vaults.iter().map(|v| v.name.as_str()).collect();
    Ok(if unclear.is_empty() {
        pass(&format!("The policy of {} takes no copies from outside the account.", list(&names)))
    } else {
        super::policy::unread(FactKind::Vaults, &unclear)
    })
}

fn copies(principal: &str) -> String {
    allow(principal, "").replace("dynamodb:GetItem", "backup:CopyIntoBackupVault")
}

fn two(one: &str, other: &str) -> FactValue {
    let vaults = [one, other].map(vault).into_iter().flat_map(|vault| match vault {
        FactValue::Vaults(vaults) => vaults,
        _ => Vec::new(),
    });
    FactValue::Vaults(vaults.collect())
}

fn vault(statements: &str) -> FactValue {
    let policy = policy(statements).map(|p| p.policy).filter(|_| !statements.is_empty());
    FactValue::Vaults(vec![Vault { name: "vault-0".into(), policy }])
}
