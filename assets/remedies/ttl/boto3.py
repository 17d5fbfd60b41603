# Deletes whole items some time after the moment that an attribute holds. For items that may be
# lost, as in a session store.
# The attribute has to be a number of seconds since 1970, not milliseconds and not a date as text.
# {{ttl_notes:note}}
# Run it with python -i to look. Then call the functions, in the order of the steps at the end.
# Changes: with let_expire(), items are deleted whole within a few days after that moment.
# Costs: with fill(), a read of the table and a write for each item that lacks the attribute.
# Deletions by time to live are free{{?global}} in the Region of the deletion.
# Each replica Region is charged a replicated write for each deleted item{{/}}.
# Can break: items whose time has passed already go too, within a few days. Items without the attribute stay.
# Verify: describe_time_to_live shows ENABLED.
# Undo: Enabled False. AWS allows one change an hour. Deleted items do not come back.
import json
import time

import boto3

TABLE = {{table_id:py}}
RIGHT = {{ttl_new:py}}
KEYS = list(json.loads({{item_key:py}}))
client = boto3.client("dynamodb", region_name={{region:py}})


def expiry(seconds: int) -> dict[str, str]:
    """What the application writes into the attribute."""
    return {"N": str(int(time.time()) + seconds)}


{{>fill.py}}


def let_expire() -> None:
    """Call it yourself, once every item that has the attribute may be deleted at that time."""
    if RIGHT.startswith("PUT-"):
        raise SystemExit("Name the attribute first. Nothing was changed.")
    if state() != "DISABLED":
        raise SystemExit(f"Time to live is {state()}. Nothing was changed.")
    client.update_time_to_live(
        TableName=TABLE,
        TimeToLiveSpecification={"Enabled": True, "AttributeName": RIGHT},
    )


# 1. Let the application write expiry() into the attribute, with each item that it writes.
# 2. Write seconds(), and call fill(): items that are there already have no such attribute, and would stay for ever.
# 3. let_expire(), once every item that has the attribute may be deleted at that time.
if __name__ == "__main__":
    print(client.describe_time_to_live(TableName=TABLE))
