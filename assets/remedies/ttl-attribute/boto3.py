# Lets time to live look at another attribute than the one of today, which is wrong.
# Time to live deletes whole items, so the new one is switched on by you, after a look at what it holds.
# It looks at {{ttl_wrong:note}}
{{?global}}
# The table has replicas: time to live is one setting for all of them, and deletes in all Regions. With strong consistency
# between Regions, MRSC, there is no time to live.
{{/}}
# The attribute has to be a number of seconds since 1970, not milliseconds and not a date as text.
# Changes: nothing by itself. switch_off() ends deletions, switch_on() starts them by the other attribute.
# Costs: with fill(), a read of the table and a write for each item that lacks the attribute.
# Deletions by time to live are free{{?global}} in the Region of the deletion.
# Each replica Region is charged a replicated write for each deleted item{{/}}.
# Can break: items whose time has passed already go too, within a few days. Items without the attribute stay.
# Verify: describe_time_to_live shows ENABLED and the new attribute.
# Undo: switch_off() again. Deletions go on for about half an hour; deleted items do not come back.
import json
import time

import boto3

TABLE = {{table_id:py}}
WRONG = {{ttl_wrong:py}}
RIGHT = "PUT-THE-ATTRIBUTE-HERE"
KEYS = list(json.loads({{item_key:py}}))
client = boto3.client("dynamodb", region_name={{region:py}})


{{>fill.py}}


def switch_off() -> None:
    """Then wait an hour: AWS refuses another change until then."""
    if state() == "ENABLED":
        off = {"Enabled": False, "AttributeName": WRONG}
        client.update_time_to_live(TableName=TABLE, TimeToLiveSpecification=off)


def switch_on() -> None:
    """When every item that has the attribute may be deleted at that time."""
    if state() != "DISABLED" or RIGHT == WRONG or RIGHT.startswith("PUT-"):
        raise SystemExit("Switch time to live off first, and name another attribute. Nothing was changed.")
    on = {"Enabled": True, "AttributeName": RIGHT}
    client.update_time_to_live(TableName=TABLE, TimeToLiveSpecification=on)


if __name__ == "__main__":
    print(client.describe_time_to_live(TableName=TABLE))
