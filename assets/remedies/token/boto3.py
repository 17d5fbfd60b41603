# Puts the hash of a token in the place of the token: it only has to be known again, never to be read.
# Run it with python -i to see that the value is there. Once the application compares hashes, call each(hash_it).
# Attribute: {{path:note}} in table {{table:note}}
# {{found:note}}
# Changes: one attribute of one item: the token goes, its SHA-256 comes, under a name of its own.
# Costs: one write.
# Can break: whatever compares the token itself. Let it compare hashes first.
# Verify: scan the table again with dynaudit.
# Undo: write the attribute again from the file of keep().
# {{exposure:note}}
import base64
import functools
import getpass
import hashlib
import hmac
import json
import os
import secrets
import time

import boto3

TABLE = {{table_id:py}}
STEPS = json.loads({{steps:py}})
PATH = {{document_path:py}}
NAMES = json.loads({{attribute_names:py}})
HASH = {{hash_name:py}}
FOLDER = {{dir:py}}
session = boto3.Session(region_name={{region:py}})
client = session.client("dynamodb")


def stored(token: str) -> str:
    """What the table has of a token. One that is long and random needs no salt and no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def is_it(token: str, in_table: str) -> bool:
    """In constant time."""
    return hmac.compare_digest(stored(token), in_table)


def new_token(seconds: int) -> tuple[str, dict]:
    """For whoever gets the token, and for the item: its hash, and when it ends, as a number for time to live.

    The attribute is what time to live looks at today, or a proposal.
    """
    token = secrets.token_urlsafe(32)
    ends = {"N": str(int(time.time()) + seconds)}
    return token, {HASH: {"S": stored(token)}, {{expires_name:py}}: ends}


{{>ask.py}}


def hash_it(key: dict) -> None:
    """Only if it is still what was read. ReturnValues NONE: the answer must not echo the old value."""
    value = read(key)
    if "S" not in value:
        raise SystemExit("It is no text: hash it by hand. Nothing was changed.")
    keep(key, value)
    client.update_item(
        TableName=TABLE,
        Key=key,
        UpdateExpression="SET #hash = :hash REMOVE " + PATH,
        ConditionExpression=PATH + " = :old",
        ExpressionAttributeNames={**NAMES, "#hash": HASH},
        ExpressionAttributeValues={":old": value, ":hash": {"S": stored(value["S"])}},
        ReturnValues="NONE",
    )


{{>@ways}}
# 2. Let the application store new_token() and compare with is_it(), and both for as long as old tokens live.
# 3. each(hash_it). Delete the directory in FOLDER then, its files hold secrets.
if __name__ == "__main__":
    key = keys()[0]
    each(look)

{{>copies.txt}}
