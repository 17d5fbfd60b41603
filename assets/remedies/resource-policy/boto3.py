# Edits the policy of the table. Putting a policy replaces all of it, so it is read first.
# The revision guards against a change by somebody else in between.
# Changes: the statements that edit() changes, no others.
# Costs: nothing.
# Can break: whoever used what you take away. CloudTrail shows who did.
# Verify: get_resource_policy.
# Undo: put the file of keep() again.
import json
import os

import boto3

RESOURCE = {{table_arn:py}}
client = boto3.client("dynamodb", region_name={{region:py}})
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


answer = client.get_resource_policy(ResourceArn=RESOURCE)
keep(answer["Policy"])
client.put_resource_policy(
    ResourceArn=RESOURCE,
    Policy=json.dumps(edit(json.loads(answer["Policy"]))),
    ExpectedRevisionId=answer["RevisionId"],
)
