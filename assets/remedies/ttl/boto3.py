# Deletes whole items some time after the moment that an attribute holds. For items that may be
# lost, as in a session store.
# The attribute has to be a number of seconds since 1970, not milliseconds and not a date as text.
# {{ttl_notes:note}}
# Changes: with let_expire(), items are deleted whole within a few days after that moment.
# Costs: nothing; deletions by time to live are free{{?global}} in the Region of the deletion.
# Each replica Region is charged a replicated write for each deleted item{{/}}.
# Can break: items whose time has passed already go too, within a few days. Items without the attribute stay.
# Verify: describe_time_to_live shows ENABLED.
# Undo: Enabled False. AWS allows one change an hour. Deleted items do not come back.
import time

import boto3

TABLE = {{table_id:py}}
TTL_ATTRIBUTE = {{ttl_new:py}}
client = boto3.client("dynamodb", region_name={{region:py}})


def expiry(seconds: int) -> dict[str, str]:
    """What the application writes into the attribute."""
    return {"N": str(int(time.time()) + seconds)}


def let_expire() -> None:
    """Call it yourself, once every item that has the attribute may be deleted at that time."""
    if TTL_ATTRIBUTE.startswith("PUT-"):
        raise SystemExit("Name the attribute first. Nothing was changed.")
    today = client.describe_time_to_live(TableName=TABLE)["TimeToLiveDescription"]
    if today.get("TimeToLiveStatus") != "DISABLED":
        raise SystemExit(f"Nothing was changed: {today}")
    client.update_time_to_live(
        TableName=TABLE,
        TimeToLiveSpecification={"Enabled": True, "AttributeName": TTL_ATTRIBUTE},
    )


if __name__ == "__main__":
    print(client.describe_time_to_live(TableName=TABLE))
