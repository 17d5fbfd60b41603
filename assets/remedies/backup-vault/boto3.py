# Edits the policy of the backup vault. Putting a policy replaces all of it, so it is read first.
# Recovery points of other tables and services may be in the same vault.
# Changes: the statements that edit() changes, no others.
# Costs: nothing.
# Can break: copies to and from other accounts that the policy let in.
# Verify: get_backup_vault_access_policy.
# Undo: put the file of keep() again.
import json
import os

import boto3

VAULT = {{vault:py}}
backup = boto3.client("backup", region_name={{region:py}})
# For another change, on another day, put another name here.
BEFORE = {{dir:py}} + ".before.json"


def keep(text: str) -> None:
    """What was there, in a file for you alone, once: a second run leaves it as it is."""
    try:
        file = os.open(BEFORE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with open(file, "w", encoding="utf-8") as out:
        out.write(text)


def edit(policy: dict) -> dict:
    """Narrow Principal, Action or Condition of the statement that the finding names. Keep the others."""
    raise SystemExit("Write edit() first.")


policy = backup.get_backup_vault_access_policy(BackupVaultName=VAULT)["Policy"]
keep(policy)
backup.put_backup_vault_access_policy(BackupVaultName=VAULT, Policy=json.dumps(edit(json.loads(policy))))
