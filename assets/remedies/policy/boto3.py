# Puts a policy in the place of the one that was read: the whole document, with the statements changed that are wrong.
# Putting a policy replaces all of it. The one below has all of it, changed in what is named. Run it to look, then call put().
{{?computed}}
# {{policy_changes:note}}
# Stops working once it is put:
# {{policy_ends:note}}
{{:}}
# There is nothing to put here: {{policy_why:note}}
# Edit the document by hand: narrow Principal, Action or Condition of the statement that the finding names, keep the
# others, and write it into POLICY.
{{/}}
# Changes: the policy of {{policy_of:note}}, in the statements that are named above.
# Costs: nothing.
# Can break: whoever used what is taken away. CloudTrail shows who did, ask them first.
# Verify: run it again, it prints whether the policy is the proposed one.
# Undo: put the text of the file of keep() again.
{{?merged}}
{{:}}
# Other findings of this policy change the same document: dynaudit fix with all their ids and --runbook puts them into one.
{{/}}
import json
import os

import boto3

RESOURCE = {{policy_resource:py}}
BEFORE = {{dir:py}} + ".before.json"
{{?computed}}
POLICY = {{policy_after:doc}}
# What the proposal was made from. It is put over nothing else.
READ = json.dumps({{policy_before:doc}})
{{:}}
POLICY = None
READ = json.dumps(None)
{{/}}
{{?revisioned}}
client = boto3.client("dynamodb", region_name={{region:py}})


def today() -> tuple[str | None, str]:
    """The policy of now and its revision, of one answer."""
    try:
        answer = client.get_resource_policy(ResourceArn=RESOURCE)
    except client.exceptions.PolicyNotFoundException:
        return None, "NO_POLICY"
    return answer["Policy"], answer["RevisionId"]


def send(text: str, revision: str) -> None:
    client.put_resource_policy(ResourceArn=RESOURCE, Policy=text, ExpectedRevisionId=revision)
{{/}}
{{?key_policy}}
client = boto3.client("kms", region_name={{region:py}})


def today() -> tuple[str | None, str]:
    """KMS has no revision: what is put is put right after it was compared."""
    return client.get_key_policy(KeyId=RESOURCE, PolicyName="default")["Policy"], ""


def send(text: str, revision: str) -> None:
    """KMS refuses a policy under which the caller could not put another one."""
    client.put_key_policy(KeyId=RESOURCE, PolicyName="default", Policy=text)
{{/}}
{{?vault_policy}}
client = boto3.client("backup", region_name={{region:py}})


def today() -> tuple[str | None, str]:
    """AWS Backup has no revision: what is put is put right after it was compared."""
    return client.get_backup_vault_access_policy(BackupVaultName=RESOURCE)["Policy"], ""


def send(text: str, revision: str) -> None:
    client.put_backup_vault_access_policy(BackupVaultName=RESOURCE, Policy=text)
{{/}}


def keep(text: str) -> None:
    """What was there, in a file for you alone, once: a second run leaves it as it is."""
    try:
        file = os.open(BEFORE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with open(file, "w", encoding="utf-8") as out:
        out.write(text)


def same(one: str | None, other: str | None) -> bool:
    return (one and json.loads(one)) == (other and json.loads(other))


def put() -> None:
    """Only over the policy that was read, and only where nothing is left to be put in."""
    now, revision = today()
    if POLICY is None or "PUT-" in json.dumps(POLICY):
        raise SystemExit("Put in what ends in HERE first. Nothing was changed.")
    if same(now, json.dumps(POLICY)):
        return
    if not same(now, READ):
        raise SystemExit("Somebody changed the policy since it was read: read it again. Nothing was changed.")
    if now:
        keep(now)
    send(json.dumps(POLICY), revision)


if __name__ == "__main__":
    text, _ = today()
    if text:
        keep(text)
    print("It is the proposed one" if POLICY and same(text, json.dumps(POLICY)) else text)
