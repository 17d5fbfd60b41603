# Stores a hash of a session token instead of the token. End the exposed sessions in the application first.
# Time to live deletes whole items. let_expire() is for a session store only, a table in which
# every item is a session.
# Attribute: {{path:note}} in table {{table:note}}
# Changes: the name under which your session store keeps a session; with let_expire(), expired
# items are deleted.
# Costs: nothing; deletions by time to live are free{{?global}} in the Region of the deletion.
# Each replica Region is charged a replicated write for each deleted item{{/}}.
# Can break: everybody is logged out once, when the names change. In a table that is no session store,
# let_expire() would delete items that are more than a session.
# Verify: scan the table again with dynaudit.
# Undo: look sessions up by the token again. Deleted items do not come back.
import hashlib
import time

import boto3

TABLE = {{table_id:py}}
TTL_ATTRIBUTE = {{ttl_new:py}}
# {{ttl_notes:note}}


def stored_name(token: str) -> str:
    """The cookie holds the token, the table only this. A long random token needs no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def expiry(seconds: int) -> dict[str, str]:
    """For the time to live attribute: a number of seconds since 1970, not milliseconds."""
    return {"N": str(int(time.time()) + seconds)}


def let_expire() -> None:
    """In a session store only. Call it yourself once every item has its expiry."""
    if TTL_ATTRIBUTE.startswith("PUT-"):
        raise SystemExit("Name the attribute first. Nothing was changed.")
    client = boto3.client("dynamodb", region_name={{region:py}})
    today = client.describe_time_to_live(TableName=TABLE)["TimeToLiveDescription"]
    if today.get("TimeToLiveStatus") != "DISABLED":
        raise SystemExit(f"Nothing was changed: {today}")
    client.update_time_to_live(
        TableName=TABLE,
        TimeToLiveSpecification={"Enabled": True, "AttributeName": TTL_ATTRIBUTE},
    )


# Django, settings.py:
#   SESSION_COOKIE_AGE = 8 * 60 * 60
#   SESSION_COOKIE_SECURE = True
#   SESSION_COOKIE_HTTPONLY = True
#   SESSION_COOKIE_SAMESITE = "Lax"
# In your session store, call stored_name() on session_key wherever the table is read or written.
# python manage.py clearsessions removes expired sessions only.
# Copies that still hold sessions:
# {{copies:own}}
