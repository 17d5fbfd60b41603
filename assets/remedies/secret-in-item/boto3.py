# Takes a secret out of an item: rotate it first, then move it, then remove it.
# Run it to see that the value is there. Then call store() and, once nothing reads it any more, remove().
# Attribute: {{path:note}} in table {{table:note}}
# {{seen:note}}
# Changes: one new secret in Secrets Manager, and one attribute of one item.
# Costs: about 0.40 USD a month for the secret, and one write.
# Can break: whatever reads the attribute. Let it read the secret first.
# Verify: scan the table again with dynaudit.
# Undo: write the attribute again with a reference to the secret. What was there is in the file of keep().
# {{path_notes:note}}
import base64
import getpass
import hashlib
import json
import os

import boto3

TABLE = {{table_id:py}}
STEPS = json.loads({{steps:py}})
PATH = {{document_path:py}}
NAMES = json.loads({{attribute_names:py}})
FOLDER = {{dir:py}}
session = boto3.Session(region_name={{region:py}})
client = session.client("dynamodb")

# 1. {{first_step:note}}


def store() -> None:
    """2. The new value is typed, not written into this file. Put something that identifies the item into the name."""
    session.client("secretsmanager").create_secret(
        Name={{secret_name:py}},
        SecretString=getpass.getpass("New value: "),
    )


def typed_key() -> dict:
    """3. The key of the item is typed too."""
    key = json.loads({{item_key:py}})
    for name, typed in key.items():
        kind = next(iter(typed))
        text = getpass.getpass(f"{name!a} ({kind}): ")
        key[name] = {kind: base64.b64decode(text) if kind == "B" else text}
    return key


def read(key: dict) -> dict:
    value = {"M": client.get_item(TableName=TABLE, Key=key, ConsistentRead=True).get("Item", {})}
    try:
        for step in STEPS:
            value = value["M" if isinstance(step, str) else "L"][step]
    except (KeyError, IndexError, TypeError):
        raise SystemExit("There is no such value in the item. Nothing was changed.") from None
    return value


def as_text(value: dict) -> str:
    return json.dumps(value, sort_keys=True, default=lambda b: base64.b64encode(b).decode())


def keep(key: dict, value: dict) -> str:
    """What was there, in a file for you alone, once: a second run leaves it as it is."""
    os.makedirs(FOLDER, mode=0o700, exist_ok=True)
    path = f"{FOLDER}/old-{hashlib.sha256(as_text(key).encode()).hexdigest()[:16]}.json"
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path
    with open(file, "w", encoding="utf-8") as out:
        out.write(as_text(value))
    return path


def remove(key: dict) -> None:
    """4. Only if it is still what was read. ReturnValues NONE: the answer must not echo the old value."""
    value = read(key)
    keep(key, value)
    client.update_item(
        TableName=TABLE,
        Key=key,
        UpdateExpression="REMOVE " + PATH,
        ConditionExpression=PATH + " = :old",
        ExpressionAttributeNames=NAMES,
        ExpressionAttributeValues={":old": value},
        ReturnValues="NONE",
    )


if __name__ == "__main__":
    key = typed_key()
    print("What is there now is in", keep(key, read(key)))

# 5. Copies that still hold the old value:
# {{copies:note}}
# All of them hold only the old value: rotation at the issuer makes it worthless.
