# Edits the policy of the key. Putting a policy replaces all of it, so it is read first.
# KMS has no revision to guard with: see that nobody else edits it at the same time.
# Keep the statement of the account root, or nobody can change the key any more.
# Changes: the statements that edit() changes, no others.
# Costs: nothing.
# Can break: whoever used what you take away, and with them the table. CloudTrail shows who did.
# Verify: get_key_policy.
# Undo: put the file of keep() again.
import json
import os

import boto3

KEY = {{key_arn:py}}
kms = boto3.client("kms", region_name={{region:py}})
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


policy = kms.get_key_policy(KeyId=KEY, PolicyName="default")["Policy"]
keep(policy)
# KMS refuses a policy under which you could not put another one.
kms.put_key_policy(KeyId=KEY, PolicyName="default", Policy=json.dumps(edit(json.loads(policy))))
