# Edits the policy of the table. Putting a policy replaces all of it, so it is read first.
# The revision guards against a change by somebody else in between.
# Changes: the statements that edit() changes, no others.
# Costs: nothing.
# Can break: whoever used what you take away. CloudTrail shows who did.
# Verify: get_resource_policy.
# Undo: put policy.before.json again.
import json
from pathlib import Path

import boto3

RESOURCE = {{table_arn:py}}
client = boto3.client("dynamodb", region_name={{region:py}})


def edit(policy: dict) -> dict:
    """Narrow Principal, Action or Condition of the statement that the finding names. Keep the others."""
    raise SystemExit("Write edit() first.")


answer = client.get_resource_policy(ResourceArn=RESOURCE)
Path("policy.before.json").write_text(answer["Policy"], encoding="utf-8")
client.put_resource_policy(
    ResourceArn=RESOURCE,
    Policy=json.dumps(edit(json.loads(answer["Policy"]))),
    ExpectedRevisionId=answer["RevisionId"],
)
