# Hashes a password that stands in the clear, and makes its owner choose another one. Who could read it knows it, and
# people use one password in many places: tell them.
# Run it with python -i to see that the value is there. Then let logins check hashes, and call each(hash_now).
# Attribute: {{path:note}} in table {{table:note}}
# {{found:note}}
# Changes: with hash_now(), in one item the password goes and a slow hash of it comes beside it, under a name of its own.
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
import re

import boto3
from django.contrib.auth.hashers import check_password, make_password

TABLE = {{table_id:py}}
STEPS = json.loads({{all_steps:py}})
FOLDER = {{dir:py}}
session = boto3.Session(region_name={{region:py}})
client = session.client("dynamodb")


def may_log_in(holder: dict, name: str, password: str) -> bool:
    """1. For the login: holder is the item, or the map in it, that had the password under that name.

    The hash counts where there is one. must_reset sends its owner to a new password first.
    """
    return name + "_hash" in holder and check_password(password, holder[name + "_hash"]["S"])


{{>places.py}}


def is_hash(text: str) -> bool:
    """Whether it is hashed already: of a hash nobody would ever log in again."""
    return bool(re.match(r"[$\{]|[a-zA-Z0-9_.:+-]+\$|[0-9a-fA-F]{32,}$", text))


def hash_now(key: dict, is_plain: bool = False) -> None:
    """2. At once, not at the next login: whoever never comes back would keep theirs in the clear.

    What looks like a hash stays: each(hash_now, True) where you know that it is none.
    """
    for place, value in places(key, STEPS):
        if "S" not in value or isinstance(place[-1], int):
            print("It is no text under a name: look at it by hand. Nothing was changed.")
            continue
        if is_hash(value["S"]) and not is_plain:
            print("It looks like a hash: it stays. Nothing was changed.")
            continue
        keep(key, value, place)
        path, names = expression(place)
        hashed, reset = beside(path), beside(path).replace("#beside", "#reset")
        try:
            client.update_item(
                TableName=TABLE,
                Key=key,
                UpdateExpression=f"SET {hashed} = :hash, {reset} = :yes REMOVE {path}",
                # A hash that is there already is of another password, and somebody logs in by it.
                ConditionExpression=f"{path} = :old AND attribute_not_exists({hashed})",
                ExpressionAttributeNames={**names, "#beside": f"{place[-1]}_hash", "#reset": "must_reset"},
                ExpressionAttributeValues={
                    ":old": value,
                    ":hash": {"S": make_password(value["S"])},
                    ":yes": {"BOOL": True},
                },
                ReturnValues="NONE",
            )
        except client.exceptions.ConditionalCheckFailedException:
            print("It changed meanwhile, or a hash stands beside it already: look at it by hand. Nothing was changed.")


def look(key: dict) -> None:
    """Only looks, and tells how many there are."""
    print(len(places(key, STEPS)), "there")


# 2. each(hash_now).
# 3. Force the reset: who logs in with must_reset chooses a new password, and the old one ends.
# 4. Delete the directory in FOLDER once logins work, its files hold secrets.
if __name__ == "__main__":
    key = keys()[0]
    each(look)

{{>copies.txt}}
