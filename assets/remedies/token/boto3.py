# Ends a token or link that only has to be known again, never to be read, and takes it out of the item.
# Run it with python -i to see that the value is there. Then call the functions, in the order of the steps.
{{?inside}}
# A word comes in its place: it is a part of a longer text or document.
{{:}}
# Its hash comes in its place.
{{/}}
# Attribute: {{path:note}} in table {{table:note}}
# {{found:note}}
{{?inside}}
# {{inside_notes:note}}
# Changes: one attribute of one item: the word moved comes in the place of the token.
# Costs: one write.
# Can break: whoever still wants to use it from there.
{{:}}
# Changes: one attribute of one item: the token goes, its SHA-256 comes, under a name of its own.
# Costs: one write.
# Can break: whatever compares the token itself. Let it compare hashes first.
{{/}}
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
{{?inside}}
import re
{{/}}
import secrets
import time

import boto3

TABLE = {{table_id:py}}
{{?inside}}
STEPS = json.loads({{steps:py}})
{{>inside.py}}
PATH = {{document_path:py}}
NAMES = json.loads({{attribute_names:py}})
{{:}}
STEPS = json.loads({{each_steps:py}})
{{/}}
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


{{?inside}}
{{>ask.py}}
{{:}}
{{>places.py}}


{{>hidden.py}}
{{/}}


{{?inside}}
{{>take-out.py}}
{{:}}
def look(key: dict) -> None:
    for place, value in places(key, STEPS):
        print("What is there now is in", keep(key, value, place))


def hash_it(key: dict) -> None:
    """Only what is still what was read, and only once; of a list each element, in its place."""
    for place, value in places(key, STEPS):
        if "S" in value:
            put_hidden(key, place, value, HASH, {"S": stored(value["S"])})
        elif HASH not in value.get("M", {}):
            print("One value is no text: hash it by hand")
{{/}}


{{>@ways}}
{{?inside}}
# 2. Let the application write no more of them into texts.
# 3. each(replace). Delete{{:}}
# 2. Let the application store new_token() and compare with is_it(), and both for as long as old tokens live.
# 3. each(hash_it). Delete{{/}} the directory in FOLDER then, its files hold secrets.
if __name__ == "__main__":
    each(look)

{{>copies.txt}}
