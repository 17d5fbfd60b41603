# Keeps a copy of a value in Secrets Manager. It may be the only copy, so nothing is taken out of the item here.
# Run it with python -i to see that the values are there. Then call each(store).
# Attribute: {{path:note}} in table {{table:note}}
# {{seen:note}}
# Changes: with store(), one new secret in Secrets Manager for each value. The items stay as they are.
# Costs: about 0.40 USD a month for each secret.
# Can break: nothing.
# Verify: store() reads it back, and says whether it is the same.
# Undo: delete_secret, AWS keeps it for 30 days.
import base64
import functools
import getpass
import hashlib
import json
import os

import boto3

TABLE = {{table_id:py}}
STEPS = json.loads({{all_steps:py}})
STORE_AS = {{secret_base:py}}
FOLDER = {{dir:py}}
session = boto3.Session(region_name={{region:py}})
client = session.client("dynamodb")

# 1. {{first_step:own}}


{{>places.py}}


{{>name.py}}


def store(key: dict) -> None:
    """Once: a secret that is there already is compared, and left as it is."""
    manager = session.client("secretsmanager")
    for place, value in places(key, STEPS):
        name = name_of(key) + (f"/place-{digest(place)[:8]}" if None in STEPS else "")
        member = "SecretBinary" if "B" in value else "SecretString"
        wanted = plain(value) if "B" in value else plain(value).decode()
        try:
            manager.create_secret(Name=name, **{member: wanted})
        except manager.exceptions.ResourceExistsException:
            print("There is a secret of that name already")
        same = manager.get_secret_value(SecretId=name).get(member) == wanted
        print(name, "has the same" if same else "has NOT the same: look at it")


# 2. each(store).
# 3. Let few read the attribute, and let its readers read the secret.
# What becomes of the value in the item is for its owner to decide, once the copy was used and works.
if __name__ == "__main__":
    for key in keys():
        print("values in the item:", len(places(key, STEPS)))

# Copies that hold it too:
# {{copies:own}}
