# Takes a secret out of an item: a new one first, stored, its readers switched, the old one revoked, then the item.
# Run it to see that the value is there. Then call the functions, in the order of the steps below.
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
# Can break: whatever uses the old value. Let it read the new secret first.
# Verify: scan the table again with dynaudit.
# Undo: write the attribute again from the file of keep(). A value that was revoked does not work again.
# {{path_notes:note}}
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
import time

import boto3

TABLE = {{table_id:py}}
STEPS = json.loads({{steps:py}})
{{>inside.py}}
PATH = {{document_path:py}}
NAMES = json.loads({{attribute_names:py}})
REFERENCE = {{reference_name:py}}
STORED = {{secret_name:py}}
FOLDER = {{dir:py}}
session = boto3.Session(region_name={{region:py}})
client = session.client("dynamodb")


def put_secret(value: str) -> None:
    if "PUT-" in STORED:
        raise SystemExit("Name the secret first. Nothing was changed.")
    session.client("secretsmanager").create_secret(Name=STORED, SecretString=value)


def store() -> None:
    """The new value is typed, not written into this file."""
    put_secret(getpass.getpass("New value: "))


@functools.lru_cache(maxsize=64)
def _fetched(name: str, minutes: int) -> str:
    return session.client("secretsmanager").get_secret_value(SecretId=name)["SecretString"]


def secret(name: str = STORED) -> str:
    """For the readers: the item names the secret; it is fetched once in five minutes, so that a rotation arrives."""
    return _fetched(name, int(time.time() // 300))
{{>@readers}}
{{>@before}}


{{>ask.py}}


{{>take-out.py}}


# The steps, in their order:
{{?exposed}}
# 1. Others can read it: revoke the old one first, before all else. What uses it stops until step 4.
{{>@revoke}}
# 2. A new one.
{{>@new}}
# 3. {{?half}}Nothing is stored twice.{{:}}store(){{/}}
# 4. Switch the readers to secret().
{{:}}
# 1. A new one. The old one goes on working until step 4.
{{>@new}}
# 2. {{?half}}Nothing is stored twice.{{:}}store(){{/}}
# 3. Switch the readers to secret(). Watch that they work.
# 4. Revoke the old one.
{{>@revoke}}
{{/}}
# 5. {{?inside}}replace(key){{:}}remove(key){{/}}, once nothing reads the old value any more.
# 6. The copies are listed at the end.
{{>@end}}
if __name__ == "__main__":
    key = typed_key()
    print("What is there now is in", keep(key, read(key)))

{{>copies.txt}}
