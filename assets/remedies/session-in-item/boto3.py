# Stores a hash of a session token instead of the token, and lets sessions expire.
# Whoever read the table can use a session until it ends, so end the exposed ones first.
# Attribute: {{path:note}} in table {{table:note}}
# Changes: time to live of the table, and the name under which your session store keeps a session.
# Costs: nothing; deletions by time to live are free.
# Can break: everybody is logged out once, when the names change.
# Verify: scan the table again with dynaudit.
# Undo: look sessions up by the token again.
import hashlib
import time

import boto3

client = boto3.client("dynamodb", region_name={{region:py}})
TTL_ATTRIBUTE = {{ttl_attribute:py}}


def let_expire() -> None:
    client.update_time_to_live(
        TableName={{table_arn:py}},
        TimeToLiveSpecification={"Enabled": True, "AttributeName": TTL_ATTRIBUTE},
    )


def stored_name(token: str) -> str:
    """The cookie holds the token, the table only this. A long random token needs no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def expiry(seconds: int) -> dict[str, str]:
    """For the time to live attribute: a number of seconds since 1970, not milliseconds."""
    return {"N": str(int(time.time()) + seconds)}


# Django, settings.py:
#   SESSION_COOKIE_AGE = 8 * 60 * 60
#   SESSION_COOKIE_SECURE = True
#   SESSION_COOKIE_HTTPONLY = True
#   SESSION_COOKIE_SAMESITE = "Lax"
# In your session store, call stored_name() on session_key wherever the table is read or written.
# python manage.py clearsessions removes expired sessions only.
# Copies that still hold sessions:
# {{copies:note}}
if __name__ == "__main__":
    let_expire()
