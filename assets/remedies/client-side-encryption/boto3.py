# Encrypts the values of many persons on the client, each under its own data key: an envelope of KMS.
# Nearly every item has its own, and the application needs them as they are: Secrets Manager is not made for that many.
# Run it with python -i to see that the values are there. Then call the functions, in the order of the steps at the end.
# Attribute: {{path:note}} in table {{table:note}}
# {{found:note}}
# {{issuer:own}}
# Changes: with encrypt(), in each item the value goes and its ciphertext comes, under a name of its own beside it; in a
# list each element becomes a map with that name.
# Costs: a KMS key, 1 USD a month, and a request to KMS for each value that is sealed or opened and not cached.
# Can break: whatever reads the value. Queries and filters on it stop working: keep a keyed hash beside it for those.
# Verify: opened() gives the value again; scan the table again with dynaudit.
# Undo: write the attribute again from the file of keep().
# {{exposure:note}}
# pip install cryptography. In Java, .NET and Rust the AWS Database Encryption SDK does the same; it has no Python.
import base64
import functools
import getpass
import hashlib
import json
import os

import boto3
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

TABLE = {{table_id:py}}
STEPS = json.loads({{each_steps:py}})
SEALED = {{sealed_name:py}}
ALIAS = {{key_alias:py}}
FOLDER = {{dir:py}}
session = boto3.Session(region_name={{region:py}})
client = session.client("dynamodb")
kms = session.client("kms")


{{>places.py}}


{{>hidden.py}}


{{>make-key.py}}


def bound_to(key: dict) -> dict[str, str]:
    """KMS opens it with the same context only: a value that is copied to another item stays shut.

    CloudTrail shows the context, so it has a hash of the key and not the key.
    """
    return {"attribute": SEALED, "key": hashlib.sha256(as_text(key).encode()).hexdigest()}


def sealed(key: dict, value: bytes, kms_key: str = ALIAS) -> bytes:
    """A data key for this value alone; what is stored is its encrypted form, a nonce and the ciphertext."""
    data_key = kms.generate_data_key(KeyId=kms_key, KeySpec="AES_256", EncryptionContext=bound_to(key))
    nonce, wrapped = os.urandom(12), data_key["CiphertextBlob"]
    text = AESGCM(data_key["Plaintext"]).encrypt(nonce, value, json.dumps(bound_to(key)).encode())
    return len(wrapped).to_bytes(2, "big") + wrapped + nonce + text


def opened(key: dict, blob: bytes) -> bytes:
    """For the readers, which alone may use the key."""
    end = 2 + int.from_bytes(blob[:2], "big")
    data_key = kms.decrypt(CiphertextBlob=blob[2:end], EncryptionContext=bound_to(key))["Plaintext"]
    return AESGCM(data_key).decrypt(blob[end : end + 12], blob[end + 12 :], json.dumps(bound_to(key)).encode())


def encrypt(key: dict, kms_key: str = ALIAS) -> None:
    """Only what is still what was read, and only once; of a list each element, in its place."""
    for place, value in places(key, STEPS):
        if SEALED not in value.get("M", {}):
            put_hidden(key, place, value, SEALED, {"B": sealed(key, plain(value), kms_key)})


# 1. {{?exposed}}Others can read them: revoke each first, before all else.{{:}}Whoever could read them has them: replace and revoke each.
# What is encrypted is the replacement.{{/}}
{{>@revoke}}
# 2. make_key(kms), or give encrypt() and sealed() a key that you have.
# 3. Let readers use opened(), and writers sealed().
# 4. each(encrypt). An item that is done already has nothing left to encrypt, and stays as it is.
# 5. Delete the directory in FOLDER once readers work, its files hold secrets.
if __name__ == "__main__":
    for key in keys():
        print("values in the item:", len(places(key, STEPS)))

{{>copies.txt}}
