# Replaces an index by one that carries keys only. What an index carries cannot be changed in place.
# One index a call: make the new one, wait, move readers, and only then delete the old one.
# This is for the index {{index:note}}
# {{index_notes:note}}
# {{index_key_note:note}}
# Run it with python -i to look. Then call make_new(), and much later delete_old().
# Changes: one new index; later the old one goes.
# Costs: writes for every item while the new index fills, and its storage.
# Can break: queries that need an attribute which the new index lacks.
# Verify: status() says ACTIVE.
# Undo: before delete_old(), delete the new index.
import json

import boto3

TABLE = {{table_id:py}}
NEW_INDEX = {{index_v2:py}}
client = boto3.client("dynamodb", region_name={{region:py}})


def make_new() -> None:
    """Once: an index of that name that is there already stays."""
    if status():
        raise SystemExit(f"There is one already: {status()}. Nothing was changed.")
    client.update_table(
        TableName=TABLE,
        AttributeDefinitions=json.loads({{index_attributes:py}}),
        GlobalSecondaryIndexUpdates=json.loads({{index_create:py}}),
    )


def status() -> str:
    """Of the new one; empty where there is none."""
    indexes = client.describe_table(TableName=TABLE)["Table"].get("GlobalSecondaryIndexes", [])
    return next((i["IndexStatus"] for i in indexes if i["IndexName"] == NEW_INDEX), "")


def delete_old() -> None:
    """When nobody reads it any more."""
    if status() != "ACTIVE":
        raise SystemExit("The new one is not ACTIVE. Nothing was changed.")
    client.update_table(
        TableName=TABLE,
        GlobalSecondaryIndexUpdates=json.loads({{index_delete:py}}),
    )


if __name__ == "__main__":
    print("the new index:", status() or "not there")
