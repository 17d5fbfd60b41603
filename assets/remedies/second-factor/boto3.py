# The seed of one-time passwords, or a recovery code, is no key to rotate: without it its owner is locked out.
# Never take it out of the items. Encrypt it, let the login service read that, and have its owner enrol anew.
# Attribute: {{path:note}} in table {{table:note}}
# {{found:note}}
# Changes: with encrypt(), one more attribute in one item. The seed stays until its owner has enrolled anew.
# Costs: a KMS key, 1 USD a month, and a request to KMS for each login that is not cached.
# Can break: nothing. Logins read the old attribute until you switch them.
# Verify: decrypt() gives what the authenticator of that person knows: log in once as a test account.
# Undo: read the old attribute again.
import base64
import getpass
import hashlib
import json

import boto3

TABLE = {{table_id:py}}
STEPS = json.loads({{steps:py}})
PATH = {{document_path:py}}
NAMES = json.loads({{attribute_names:py}})
ENCRYPTED = {{encrypted_name:py}}
session = boto3.Session(region_name={{region:py}})
client = session.client("dynamodb")
kms = session.client("kms")

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


def bound_to(key: dict) -> dict[str, str]:
    """KMS decrypts with the same context only: a seed that is copied to another person's item stays shut.

    CloudTrail shows the context, so it has a hash of the key and not the key. The table is not in it: a seed
    has to open in a restored table, too.
    """
    as_text = json.dumps(key, sort_keys=True, default=lambda b: base64.b64encode(b).decode())
    return {"purpose": "second-factor", "key": hashlib.sha256(as_text.encode()).hexdigest()}


def read(key: dict) -> dict:
    value = {"M": client.get_item(TableName=TABLE, Key=key, ConsistentRead=True).get("Item", {})}
    try:
        for step in STEPS:
            value = value["M" if isinstance(step, str) else "L"][step]
    except (KeyError, IndexError, TypeError):
        raise SystemExit("There is no such value in the item. Nothing was changed.") from None
    return value


def encrypt(key: dict, kms_key: str) -> None:
    """2. Writes the seed once more, encrypted, beside the old one. A second run changes nothing."""
    seed = read(key)
    plain = seed["S"].encode() if "S" in seed else seed["B"]
    blob = kms.encrypt(KeyId=kms_key, Plaintext=plain, EncryptionContext=bound_to(key))["CiphertextBlob"]
    try:
        client.update_item(
            TableName=TABLE,
            Key=key,
            UpdateExpression="SET #encrypted = :blob",
            ConditionExpression=f"{PATH} = :seed AND attribute_not_exists(#encrypted)",
            ExpressionAttributeNames={**NAMES, "#encrypted": ENCRYPTED},
            ExpressionAttributeValues={":blob": {"B": blob}, ":seed": seed},
            ReturnValues="NONE",
        )
    except client.exceptions.ConditionalCheckFailedException:
        print("Encrypted already, or changed in between: nothing was written")


def decrypt(key: dict) -> bytes:
    """3. For the login service, which alone may decrypt."""
    item = client.get_item(TableName=TABLE, Key=key, ConsistentRead=True)["Item"]
    blob = item[ENCRYPTED]["B"]
    return kms.decrypt(CiphertextBlob=blob, EncryptionContext=bound_to(key))["Plaintext"]


if __name__ == "__main__":
    print("The value is there:", next(iter(read(typed_key()))))

# 4. Whoever could read the seeds has them: have each owner enrol anew at the next login, store the new seed
# encrypted only, and let the application then take the old one away.
# Recovery codes: make new ones, and store a hash of each.
# {{carriers:note}}
# Copies that hold the seeds too:
# {{copies:own}}
