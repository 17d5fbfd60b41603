# Keeps a copy of a value in Secrets Manager. It may be the only copy, so nothing is taken out of the item here.
# Run it to see that the value is there. Then call store().
# Attribute: {{path:note}} in table {{table:note}}
# {{seen:note}}
# Changes: with store(), one new secret in Secrets Manager. The item stays as it is.
# Costs: about 0.40 USD a month for the secret.
# Can break: nothing.
# Verify: store() reads it back, and says whether it is the same.
# Undo: delete_secret, AWS keeps it for 30 days.
# {{path_notes:note}}
import base64
import getpass
import json

import boto3

TABLE = {{table_id:py}}
STEPS = json.loads({{steps:py}})
STORED = {{secret_name:py}}
session = boto3.Session(region_name={{region:py}})

# 1. {{first_step:own}}


def typed_key() -> dict:
    """The key of the item is typed, not written into this file."""
    key = json.loads({{item_key:py}})
    for name, typed in key.items():
        kind, text = next(iter(typed.items()))
        if text.startswith("PUT-"):
            text = getpass.getpass(f"{name!a} ({kind}): ")
        key[name] = {kind: base64.b64decode(text) if kind == "B" else text}
    return key


def read(key: dict) -> dict:
    answer = session.client("dynamodb").get_item(TableName=TABLE, Key=key, ConsistentRead=True)
    value = {"M": answer.get("Item", {})}
    try:
        for step in STEPS:
            value = value["M" if isinstance(step, str) else "L"][step]
    except (KeyError, IndexError, TypeError):
        raise SystemExit("There is no such value in the item. Nothing was changed.") from None
    return value


def store(key: dict, name: str = STORED) -> None:
    """Call this with a name for the secret that identifies the item."""
    kind, value = next(iter(read(key).items()))
    member = {"S": "SecretString", "B": "SecretBinary"}.get(kind)
    if member is None:
        raise SystemExit("It is neither a text nor bytes: store it by hand.")
    secrets = session.client("secretsmanager")
    secrets.create_secret(Name=name, **{member: value})
    same = secrets.get_secret_value(SecretId=name)[member] == value
    print("Secrets Manager has the same" if same else "It is NOT the same: look at it")


if __name__ == "__main__":
    print("The value is there:", next(iter(read(typed_key()))))

# 2. Let few read the attribute, and let its readers read the secret.
# What becomes of the value in the item is for its owner to decide, once the copy was used and works.
# Copies that hold it too:
# {{copies:own}}
