# Edits the policy of the key. Putting a policy replaces all of it, so it is read first.
# KMS has no revision to guard with: see that nobody else edits it at the same time.
# Keep the statement of the account root, or nobody can change the key any more.
# Changes: the statements that edit() changes, no others.
# Costs: nothing.
# Can break: whoever used what you take away, and with them the table. CloudTrail shows who did.
# Verify: get_key_policy.
# Undo: put key-policy.before.json again.
import json
from pathlib import Path

import boto3

KEY = {{key_arn:py}}
kms = boto3.client("kms", region_name={{region:py}})


def edit(policy: dict) -> dict:
    """Narrow Principal, Action or Condition of the statement that the finding names. Keep the others."""
    raise SystemExit("Write edit() first.")


policy = kms.get_key_policy(KeyId=KEY, PolicyName="default")["Policy"]
Path("key-policy.before.json").write_text(policy, encoding="utf-8")
# KMS refuses a policy under which you could not put another one.
kms.put_key_policy(KeyId=KEY, PolicyName="default", Policy=json.dumps(edit(json.loads(policy))))
