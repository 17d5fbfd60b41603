# The seed of one-time passwords, or a recovery code, is no key to rotate: without it its owner is locked out.
# Never take it out of the items. Encrypt it, let the login service read that, and have its owner enrol anew.
# Attribute: {{path:note}} in table {{table:note}}
# {{found:note}}
# Run it with python -i to see that the seeds are there. Then call the functions, in the order of the steps at the end.
# Changes: with encrypt(), one more attribute in each item. The seed stays until its owner has enrolled anew.
# Costs: a KMS key, 1 USD a month, and a request to KMS for each login that is not cached.
# Can break: nothing. Logins read the old attribute until you switch them.
# Verify: decrypt() gives what the authenticator of that person knows: log in once as a test account.
# Undo: read the old attribute again.
import base64
import functools
import getpass
import hashlib
import json
import os

import boto3

TABLE = {{table_id:py}}
STEPS = json.loads({{all_steps:py}})
ENCRYPTED = {{sealed_name:py}}
ALIAS = {{key_alias:py}}
FOLDER = {{dir:py}}
session = boto3.Session(region_name={{region:py}})
client = session.client("dynamodb")
kms = session.client("kms")


{{>places.py}}


{{>make-key.py}}


def bound_to(key: dict) -> dict[str, str]:
    """KMS decrypts with the same context only: a seed that is copied to another person's item stays shut.

    CloudTrail shows the context, so it has a hash of the key and not the key. The table is not in it: a seed
    has to open in a restored table, too.
    """
    return {"purpose": "second-factor", "key": hashlib.sha256(as_text(key).encode()).hexdigest()}


def encrypt(key: dict, kms_key: str = ALIAS) -> None:
    """Writes each seed once more, encrypted, beside the old one. A second run changes nothing."""
    for place, seed in places(key, STEPS):
        path, names = expression(place)
        blob = kms.encrypt(KeyId=kms_key, Plaintext=plain(seed), EncryptionContext=bound_to(key))["CiphertextBlob"]
        try:
            client.update_item(
                TableName=TABLE,
                Key=key,
                UpdateExpression=f"SET {beside(path)} = :blob",
                ConditionExpression=f"{path} = :seed AND attribute_not_exists({beside(path)})",
                ExpressionAttributeNames={**names, "#beside": ENCRYPTED},
                ExpressionAttributeValues={":blob": {"B": blob}, ":seed": seed},
                ReturnValues="NONE",
            )
        except client.exceptions.ConditionalCheckFailedException:
            print("Encrypted already, or changed in between: nothing was written")


def decrypt(key: dict) -> list[bytes]:
    """For the login service, which alone may decrypt: every seed of the item."""
    blobs = [value["B"] for _, value in places(key, [*STEPS[:-1], ENCRYPTED])]
    return [kms.decrypt(CiphertextBlob=blob, EncryptionContext=bound_to(key))["Plaintext"] for blob in blobs]


# 1. {{first_step:own}}
# 2. make_key(kms), or give encrypt() a key that you have. KMS encrypts up to 4 KB at once.
# 3. each(encrypt), and let the login service use decrypt().
# 4. Whoever could read the seeds has them: have each owner enrol anew at the next login, store the new seed
# encrypted only, and let the application then take the old one away.
# Recovery codes: make new ones, and store a hash of each.
if __name__ == "__main__":
    for key in keys():
        print("seeds in the item:", len(places(key, STEPS)))

# {{carriers:note}}
# Copies that hold the seeds too:
# {{copies:own}}
