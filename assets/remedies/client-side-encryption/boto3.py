# Encrypts the values of many persons on the client, each under its own data key: an envelope of KMS.
# Nearly every item has its own, and the application needs them as they are: Secrets Manager is not made for that many.
# Run it to look at one item. Then let readers use opened(), and call encrypt() for each item.
# Attribute: {{path:note}} in table {{table:note}}
# {{found:note}}
# {{issuer:own}}
# Changes: with encrypt(), in one item the value goes and its ciphertext comes, under a name of its own.
# Costs: a KMS key, 1 USD a month, and a request to KMS for each value that is sealed or opened and not cached.
# Can break: whatever reads the value. Queries and filters on it stop working: keep a keyed hash beside it for those.
# Verify: opened() gives the value again; scan the table again with dynaudit.
# Undo: write the attribute again from the file of keep().
# {{exposure:note}}
# pip install cryptography. In Java, .NET and Rust the AWS Database Encryption SDK does the same; it has no Python.
import base64
import getpass
import hashlib
import json
import os

import boto3
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

TABLE = {{table_id:py}}
STEPS = json.loads({{steps:py}})
PATH = {{document_path:py}}
NAMES = json.loads({{attribute_names:py}})
SEALED = {{encrypted_name:py}}
FOLDER = {{dir:py}}
session = boto3.Session(region_name={{region:py}})
client = session.client("dynamodb")
kms = session.client("kms")


{{>ask.py}}


def bound_to(key: dict) -> dict[str, str]:
    """KMS opens it with the same context only: a value that is copied to another item stays shut.

    CloudTrail shows the context, so it has a hash of the key and not the key.
    """
    return {"attribute": SEALED, "key": hashlib.sha256(as_text(key).encode()).hexdigest()}


def sealed(key: dict, plain: bytes, kms_key: str) -> bytes:
    """A data key for this value alone; what is stored is its encrypted form, a nonce and the ciphertext."""
    data_key = kms.generate_data_key(KeyId=kms_key, KeySpec="AES_256", EncryptionContext=bound_to(key))
    nonce, wrapped = os.urandom(12), data_key["CiphertextBlob"]
    text = AESGCM(data_key["Plaintext"]).encrypt(nonce, plain, json.dumps(bound_to(key)).encode())
    return len(wrapped).to_bytes(2, "big") + wrapped + nonce + text


def opened(key: dict, blob: bytes) -> bytes:
    """For the readers, which alone may use the key."""
    end = 2 + int.from_bytes(blob[:2], "big")
    data_key = kms.decrypt(CiphertextBlob=blob[2:end], EncryptionContext=bound_to(key))["Plaintext"]
    return AESGCM(data_key).decrypt(blob[end : end + 12], blob[end + 12 :], json.dumps(bound_to(key)).encode())


def encrypt(key: dict, kms_key: str) -> None:
    """Only if it is still what was read, and only once. ReturnValues NONE: the answer must not echo the old value."""
    value = read(key)
    if "S" not in value and "B" not in value:
        raise SystemExit("It is neither a text nor bytes: look at it by hand. Nothing was changed.")
    keep(key, value)
    blob = sealed(key, value["S"].encode() if "S" in value else value["B"], kms_key)
    client.update_item(
        TableName=TABLE,
        Key=key,
        UpdateExpression="SET #sealed = :blob REMOVE " + PATH,
        ConditionExpression=PATH + " = :old AND attribute_not_exists(#sealed)",
        ExpressionAttributeNames={**NAMES, "#sealed": SEALED},
        ExpressionAttributeValues={":old": value, ":blob": {"B": blob}},
        ReturnValues="NONE",
    )


# 1. {{?exposed}}Others can read them: revoke each first, before all else.{{:}}Whoever could read them has them: replace and revoke each.
# What is encrypted is the replacement.{{/}}
{{>@revoke}}
# 2. Let readers use opened(), and writers sealed().
# 3. encrypt(key, kms_key) for each item.
# 4. Delete the files of keep().
if __name__ == "__main__":
    key = typed_key()
    print("What is there now is in", keep(key, read(key)))

{{>copies.txt}}
