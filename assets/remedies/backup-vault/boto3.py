# Edits the policy of the backup vault. Putting a policy replaces all of it, so it is read first.
# Recovery points of other tables and services may be in the same vault.
# Changes: the statements that edit() changes, no others.
# Costs: nothing.
# Can break: copies to and from other accounts that the policy let in.
# Verify: get_backup_vault_access_policy.
# Undo: put vault-policy.before.json again.
import json
from pathlib import Path

import boto3

VAULT = {{vault:py}}
backup = boto3.client("backup", region_name={{region:py}})


def edit(policy: dict) -> dict:
    """Narrow Principal, Action or Condition of the statement that the finding names. Keep the others."""
    raise SystemExit("Write edit() first.")


policy = backup.get_backup_vault_access_policy(BackupVaultName=VAULT)["Policy"]
Path("vault-policy.before.json").write_text(policy, encoding="utf-8")
backup.put_backup_vault_access_policy(BackupVaultName=VAULT, Policy=json.dumps(edit(json.loads(policy))))
