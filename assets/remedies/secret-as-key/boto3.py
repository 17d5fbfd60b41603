# Copies items to a new table under a hash of the key. Make the table first: AWS CLI or Terraform snippet.
# A key attribute cannot be removed or changed in place.
# Key: {{secret_key:note}} of table {{table:note}}
# Changes: writes to the new table only.
# Costs: one full scan of the old table, one write an item.
# Can break: readers that ask by the key itself; from the switch on they hash it first. Run it twice,
# or more often: an item that is there already stays as it is, so what the
# application wrote into the new table since is not written over.
# {{first_step:own}}
# Verify: compare the number of items, then scan the new table with dynaudit.
# Undo: switch deletion protection of the new table off, then delete it.
import hashlib
import json
import os
{{?inside}}
import re
{{/}}

import boto3

session = boto3.Session(region_name={{region:py}})
client = session.client("dynamodb")
OLD_KEY = {{secret_key:py}}
NEW_KEY = {{secret_key_hashed:py}}
SORT_KEY = {{other_key:py}}
# Which items were copied, as hashes: a second run does not copy again what the application has deleted since.
DONE = {{dir:py}} + ".done"


{{?inside}}
def is_secret(text: str) -> bool:
    """Whether the end of a key is one: long, with letters and digits. See what it says of your keys before you call move()."""
    return len(text) >= 20 and any(c.isdigit() for c in text) and any(c.isalpha() for c in text)


{{/}}
def hashed(value: dict[str, object]) -> dict[str, str]:
    """A long random token needs no salt; a guessable value would need an HMAC under a secret key."""
{{?inside}}
    # Only what stands behind the last separator, and only where that is a secret: other kinds of items keep their keys, and
    # queries by a prefix go on to work.
    if "S" in value:
        prefix, end = re.fullmatch(r"(?s)(.*[#:/|])?(.*)", value["S"]).groups(default="")
        return {"S": prefix + hashlib.sha256(end.encode()).hexdigest() if is_secret(end) else value["S"]}
{{/}}
    raw = value.get("S") or value.get("N") or value.get("B")
    return {"S": hashlib.sha256(raw if isinstance(raw, bytes) else str(raw).encode()).hexdigest()}


def move() -> tuple[int, int]:
    """How many items were copied, and how many were there already."""
    moved = stayed = 0
    os.close(os.open(DONE, os.O_CREAT | os.O_WRONLY, 0o600))
    with open(DONE, encoding="utf-8") as file:
        done = set(file.read().split())
    for page in client.get_paginator("scan").paginate(TableName={{table_id:py}}):
        for item in page["Items"]:
            item[NEW_KEY] = hashed(item.pop(OLD_KEY))
            mark = item[NEW_KEY]["S"] + json.dumps(item.get(SORT_KEY), default=str)
            mark = hashlib.sha256(mark.encode()).hexdigest()
            # What was copied once and is gone since was deleted by the application: it stays gone.
            if mark in done:
                stayed += 1
                continue
            try:
                client.put_item(
                    TableName={{new_table:py}},
                    Item=item,
                    ConditionExpression="attribute_not_exists(#key)",
                    ExpressionAttributeNames={"#key": NEW_KEY},
                )
                moved += 1
            except client.exceptions.ConditionalCheckFailedException:
                stayed += 1
            with open(DONE, "a", encoding="utf-8") as out:
                out.write(mark + "\n")
            done.add(mark)
    return moved, stayed


if __name__ == "__main__":
    print("%d items copied, %d were there already" % move())
