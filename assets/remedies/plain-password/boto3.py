# Hashes a password that stands in the clear, and makes its owner choose another one. Who could read it knows it, and
# people use one password in many places: tell them.
# Run it with python -i to see that the value is there. Then let logins check hashes, and call each(hash_now).
# Attribute: {{path:note}} in table {{table:note}}
# {{found:note}}
# Changes: with hash_now(), in one item the password goes and a slow hash of it comes, under a name of its own.
# Costs: one write; some milliseconds and some memory a login.
# Can break: what needs the password itself. A password of a service is a credential: rotate it, keep it in Secrets
# Manager, and do not hash it.
# Verify: log in once as a test account, and scan the table again with dynaudit.
# Undo: write the attribute again from the file of keep().
# {{exposure:note}}
import base64
import functools
import getpass
import hashlib
import json
import os

import boto3
from django.contrib.auth.hashers import check_password, make_password

TABLE = {{table_id:py}}
STEPS = json.loads({{steps:py}})
PATH = {{document_path:py}}
NAMES = json.loads({{attribute_names:py}})
HASH = {{password_hash_name:py}}
FOLDER = {{dir:py}}
session = boto3.Session(region_name={{region:py}})
client = session.client("dynamodb")


def may_log_in(item: dict, password: str) -> bool:
    """1. For the login: the hash where there is one. must_reset sends its owner to a new password first."""
    return HASH in item and check_password(password, item[HASH]["S"])


{{>ask.py}}


def hash_now(key: dict) -> None:
    """2. At once, not at the next login: whoever never comes back would keep theirs in the clear."""
    value = read(key)
    if "S" not in value:
        raise SystemExit("It is no text: look at it by hand. Nothing was changed.")
    keep(key, value)
    client.update_item(
        TableName=TABLE,
        Key=key,
        UpdateExpression="SET #hash = :hash, #reset = :yes REMOVE " + PATH,
        ConditionExpression=PATH + " = :old",
        ExpressionAttributeNames={**NAMES, "#hash": HASH, "#reset": "must_reset"},
        ExpressionAttributeValues={
            ":old": value,
            ":hash": {"S": make_password(value["S"])},
            ":yes": {"BOOL": True},
        },
        ReturnValues="NONE",
    )


# 2. each(hash_now).
# 3. Force the reset: who logs in with must_reset chooses a new password, and the old one ends.
# 4. Delete the directory in FOLDER once logins work, its files hold secrets.
if __name__ == "__main__":
    key = keys()[0]
    each(look)

{{>copies.txt}}
