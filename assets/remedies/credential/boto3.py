# Replaces a secret that stands in an item, and takes it out of there. The steps below are in the order that is safe.
# Run it with python -i to see that the value is there. Then call the functions, in the order of the steps.
{{?exposed}}
# Others can read it. The order is: the old one revoked, a new one, stored, its readers switched, then the item.
{{:}}
# The order is: a new one, stored, its readers switched, the old one revoked, then the item.
{{/}}
# Attribute: {{path:note}} in table {{table:note}}
# {{issuer:own}}
{{?inside}}
# {{inside_notes:note}}
{{/}}
# {{seen:note}}
{{?half}}
# Changes: one attribute of one item.
# Costs: one write.
{{:}}
# Changes: one new secret in Secrets Manager, and one attribute of one item.
# Costs: about 0.40 USD a month for the secret, and one write.
{{/}}
{{?exposed}}
# Can break: whatever uses the old value: it stops with step 1, until it reads the new secret.
{{:}}
# Can break: whatever uses the old value. Let it read the new secret first.
{{/}}
# Verify: scan the table again with dynaudit.
# Undo: write the attribute again from the file of keep(). A value that was revoked does not work again.
# {{path_notes:note}}
{{?local_key}}
# It is in the key of a local index: an item without it leaves that index, and is not found by it any more. A local index is
# made with its table only: where queries need it, make a second table whose index has a hash for its key.
{{/}}
# {{exposure:note}}
import base64
{{?whole_aws_key}}
import datetime
{{/}}
import functools
import getpass
import hashlib
{{?webhook}}
import hmac
{{/}}
import json
import os
{{?inside}}
import re
{{/}}
import time

import boto3

TABLE = {{table_id:py}}
STEPS = json.loads({{steps:py}})
{{>inside.py}}
PATH = {{document_path:py}}
NAMES = json.loads({{attribute_names:py}})
REFERENCE = {{reference_name:py}}
STORE_AS = {{secret_base:py}}
FOLDER = {{dir:py}}
session = boto3.Session(region_name={{region:py}})
client = session.client("dynamodb")


{{>keys.py}}


{{>name.py}}


def put_secret(name: str, value: str) -> None:
    """Once: where the secret is there already, it is compared and left as it is."""
    manager = session.client("secretsmanager")
    try:
        manager.create_secret(Name=name, SecretString=value)
    except manager.exceptions.ResourceExistsException:
        if manager.get_secret_value(SecretId=name)["SecretString"] != value:
            raise SystemExit(f"Another value is stored as {name}. Nothing was changed.") from None
    print("stored as", name)
{{?whole_aws_key}}
{{:}}


def store(key: dict) -> None:
    """The new value is typed, not written into this file. One of several lines is in a file: a prompt takes the first line alone."""
    path = f"{FOLDER}/new-{digest(key)}.txt"
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            value = file.read()
        # An editor ends a file with a line break, which belongs to a PEM text and to nothing else.
        value = value if "-----END" in value else value.rstrip("\r\n")
    else:
        value = getpass.getpass(f"New value, or nothing where it is in {path}: ")
    if not value or ("-----BEGIN" in value) != ("-----END" in value):
        raise SystemExit(f"Put the whole value into {path}, for you alone. Nothing was stored.")
    put_secret(name_of(key), value)
{{/}}


def demand(name: str) -> None:
    """What is taken out has to be stored first."""
    manager = session.client("secretsmanager")
    try:
        manager.describe_secret(SecretId=name)
    except manager.exceptions.ResourceNotFoundException:
        raise SystemExit(f"There is no secret {name} yet: store it first. Nothing was changed.") from None


@functools.lru_cache(maxsize=64)
def _fetched(name: str, minutes: int) -> str:
    return session.client("secretsmanager").get_secret_value(SecretId=name)["SecretString"]


def secret(name: str) -> str:
    """For the readers: the item names the secret; it is fetched once in five minutes, so that a rotation arrives."""
    return _fetched(name, int(time.time() // 300))
{{>@readers}}
{{>@before}}


{{>read.py}}


{{>take-out.py}}


# The steps, in their order:
{{?exposed}}
# 1. Others can read it: revoke the old one first, before all else. What uses it stops until step 4.
{{>@revoke}}
# 2. A new one.
{{>@new}}
{{?half}}
# 3. Nothing is stored twice.
{{:}}
{{?whole_aws_key}}
# 3. It is stored: step 2 did that. Again is no harm, the same key is stored.
{{:}}
# 3. {{?one_value}}store(key){{:}}each(store){{/}}
{{/}}
{{/}}
# 4. Switch the readers to secret().
{{:}}
# 1. A new one. The old one goes on working until step 4.
{{>@new}}
{{?half}}
# 2. Nothing is stored twice.
{{:}}
{{?whole_aws_key}}
# 2. It is stored: step 1 did that. Again is no harm, the same key is stored.
{{:}}
# 2. {{?one_value}}store(key){{:}}each(store){{/}}
{{/}}
{{/}}
# 3. Switch the readers to secret(). Watch that they work.
# 4. Revoke the old one.
{{>@revoke}}
{{/}}
# 5. {{?inside}}each(replace){{:}}each(remove){{/}}, once nothing reads the old value any more.
# 6. The copies are listed at the end. Delete the directory in FOLDER, its files hold secrets{{?whole_aws_key}}: but after step 7{{/}}.
{{>@end}}
if __name__ == "__main__":
    key = keys()[0]
    each(look)

{{>copies.txt}}
