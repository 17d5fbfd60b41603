# Takes a secret out of a value that holds more, and leaves the rest of it as it is.
# Run it to see that the value is there. Then call store(), and replace() once the readers know the secret.
# Attribute: {{path:note}} in table {{table:note}}
# {{inside_notes:note}}
# {{seen:note}}
# Changes: one new secret in Secrets Manager, and those characters of one value.
# Costs: about 0.40 USD a month for the secret, and one write.
# Can break: whatever reads the secret from there. Let it read Secrets Manager first.
# Verify: scan the table again with dynaudit.
# Undo: set the value again that is in the file of keep().
# {{path_notes:note}}
import base64
import getpass
import hashlib
import json
import os

import boto3

TABLE = {{table_id:py}}
STEPS = json.loads({{steps:py}})
# What the value is encoded in, the way to the secret in a JSON text, and whether it is a part of what is there.
LAYERS = json.loads({{layers:py}})
INNER = json.loads({{inner:py}})
PART = json.loads({{part:py}})
PATH = {{document_path:py}}
NAMES = json.loads({{attribute_names:py}})
FOLDER = {{dir:py}}
session = boto3.Session(region_name={{region:py}})
client = session.client("dynamodb")

# 1. {{first_step:note}}


def store() -> None:
    """2. The value is typed, not written into this file. Put something that identifies the item into the name."""
    session.client("secretsmanager").create_secret(
        Name={{secret_name:py}},
        SecretString=getpass.getpass("Value: "),
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


def without(text: str, reference: str) -> str:
    """The text with a reference in the place of the secret, which is typed."""
    secret = getpass.getpass("The secret as it stands there: ")
    if not secret or secret not in text:
        raise SystemExit("That is not in the text. Nothing was changed.")
    return text.replace(secret, reference)


def edit(text: str, reference: str) -> str:
    if not LAYERS:
        return without(text, reference)
    if INNER is None:
        raise SystemExit(f"Decode {LAYERS}, change the secret, encode again: write that here. Nothing was changed.")
    document = holder = json.loads(text)
    for step in INNER[:-1]:
        holder = holder[step]
    old = holder[INNER[-1]]
    new = without(old, reference) if PART else reference
    holder[INNER[-1]] = new
    # Where the value stands there once, no other character changes.
    for literal in (json.dumps(old), json.dumps(old, ensure_ascii=False)):
        edited = text.replace(literal, json.dumps(new))
        if text.count(literal) == 1 and json.loads(edited) == document:
            return edited
    return json.dumps(document, ensure_ascii=False)


def replace(key: dict, reference: str) -> None:
    """4. Call this with the ARN of the secret. It is set only if the value is still what was read."""
    value = read(key)
    if "S" not in value:
        raise SystemExit("It is no text: edit it by hand. Nothing was changed.")
    keep(key, value)
    new = {"S": edit(value["S"], reference)}
    if new == value:
        return
    client.update_item(
        TableName=TABLE,
        Key=key,
        UpdateExpression=f"SET {PATH} = :new",
        ConditionExpression=f"{PATH} = :old",
        ExpressionAttributeNames=NAMES,
        ExpressionAttributeValues={":old": value, ":new": new},
        ReturnValues="NONE",
    )


if __name__ == "__main__":
    key = typed_key()
    print("What is there now is in", keep(key, read(key)))

# 5. Copies that still hold the old value:
# {{copies:note}}
