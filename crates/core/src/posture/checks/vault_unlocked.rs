//! Recovery points can be deleted before their time.

use crate::domain::{FactKind, FactValue, Level, Message, Severity, VaultSettings};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{facts, points};
use crate::posture::messages::{fail, list, name, not_applicable, pass, unreadable};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "vault-unlocked",
    title: "A backup vault of the table is not locked",
    why: "Whoever deletes the table and may use AWS Backup can delete its recovery points as well. Vault Lock keeps them until \
          their time is over: in compliance mode from everybody, in governance mode from whoever may not take the lock away.",
    severity: Severity::Info,
    level: Level::Table,
    reads: &[FactKind::RecoveryPoints, FactKind::VaultSettings],
    reads_items: false,
    judge,
    topic: Fixed::Not(
        "a lock in compliance mode cannot be taken away again after its days of grace, and everything in the vault costs until \
         then: the owner of the vault decides",
    ),
    messages: &[&UNLOCKED],
    source: "https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html",
    refs: &[Reference::OwaspApi(8), Reference::Cwe(693)],
    field: "DescribeBackupVault Locked and MinRetentionDays",
    cases: &[
        Case::of("no recovery point", || facts([points(0)]), "not-applicable", "no recovery point"),
        Case::of(
            "locked",
            || facts([points(1), vaults(&[(true, Some(35))])]),
            "pass",
            "vault-0 (for at least 35 days)",
        ),
        Case::of(
            "not locked",
            || facts([points(1), vaults(&[(true, None), (false, None)])]),
            "fail",
            "info: Not locked are the vaults vault-1",
        ),
        Case::of(
            "of one of two not told",
            || facts([points(1), vaults(&[])]),
            "unknown",
            "whether vault-0 is locked",
        ),
        Case::of("not read", || facts([points(1)]), "unknown", "vault_settings: not asked"),
        Case::of("nothing read", || facts([]), "unknown", "recovery_points: not asked"),
    ],
};

static UNLOCKED: Message = Message::new("vaults-unlocked", "Not locked are the vaults {vaults}.");

fn judge(subject: &Subject<'_>) -> Judged {
    let points = subject.facts.recovery_points.read()?;
    if points.is_empty() {
        return Ok(not_applicable("There is no recovery point of the table in AWS Backup."));
    }
    let vaults = subject.facts.vault_settings.read()?;
    let open: Vec<&str> = vaults.iter().filter(|v| !v.locked).map(|v| v.name.as_str()).collect();
    let untold = points.iter().find(|point| !vaults.iter().any(|vault| vault.name == point.vault));
    if let Some(untold) = untold.filter(|_| open.is_empty()) {
        let text = format!("whether {} is locked was not read", name(&untold.vault));
        return Ok(unreadable(FactKind::VaultSettings, &text));
    }
    Ok(if open.is_empty() {
        let words = |v: &VaultSettings| match v.min_days {
            Some(days) => format!("{} (for at least {days} days)", v.name),
            None => v.name.clone(),
        };
        pass(&format!("Vault Lock is on: {}.", list(&vaults.iter().map(words).collect::<Vec<_>>())))
    } else {
        fail(Severity::Info, UNLOCKED.with("vaults", open))
    })
}

fn vaults(all: &[(bool, Option<u32>)]) -> FactValue {
    let vault = |(n, (locked, min_days)): (usize, &(bool, Option<u32>))| VaultSettings {
        name: format!("vault-{n}"),
        locked: *locked,
        min_days: *min_days,
    };
    FactValue::VaultSettings(all.iter().enumerate().map(vault).collect())
}
