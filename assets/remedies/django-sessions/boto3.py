# Application code. A session engine for Django that keeps hashes of session keys: who reads the table has no session.
# The data of a session is signed, and can be read: nothing secret belongs into it.
# Table: {{table:note}}
# Changes: where Django keeps sessions. Save it as dynamo_sessions.py, and name it in settings.py.
# Costs: one read of an item for each request that uses its session.
# Can break: everybody is logged out once, when the engine changes.
# Verify: log in, and look for the value of the cookie in the table: it is not there.
# Undo: name the former engine again. Whoever logged in since then does so again.
# Sessions of before are still in the table, by their keys in clear: delete them, once the engine has changed.
import hashlib
import threading
import time

import boto3
from boto3.dynamodb.conditions import Attr
from botocore.exceptions import ClientError
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError

{{?in_key}}
# The table that the fix secret-as-key makes: its key is the hash of the key of a session. Time to live looks at EXPIRES.
TABLE = {{new_table:py}}
{{:}}
# A table of its own for sessions, with time to live on EXPIRES. The table of before can stay the one.
TABLE = {{table_id:py}}
{{/}}
own = threading.local()


def table():
    """One for each thread: a resource of boto3 is not to be shared by them."""
    if not hasattr(own, "table"):
        session = boto3.Session(region_name={{region:py}})
        own.table = session.resource("dynamodb").Table(TABLE)
    return own.table


# The key of that table. All of it is text here: a sort key has the word session in each item.
PARTITION, SORT = {{session_partition:py}}, {{session_sort:py}}
EXPIRES = {{expires_name:py}}


def stored(session_key: str) -> dict[str, str]:
    """A long random key needs no salt; the hash of it leads nowhere."""
    key = {PARTITION: hashlib.sha256(session_key.encode()).hexdigest()}
    return {**key, SORT: "session"} if SORT else key


class SessionStore(SessionBase):
    """SESSION_ENGINE = "dynamo_sessions"."""

    @property
    def key_salt(self) -> str:
        """The signature is of this session alone: the data of one is worth nothing under the key of another."""
        return "dynamo_sessions." + hashlib.sha256((self.session_key or "").encode()).hexdigest()

    def load(self) -> dict:
        if self.session_key:
            item = table().get_item(Key=stored(self.session_key), ConsistentRead=True).get("Item")
            # Time to live deletes within days, not at once.
            if item and item[EXPIRES] > time.time():
                return self.decode(item["data"])
        self._session_key = None
        return {}

    def exists(self, session_key: str | None = None) -> bool:
        if not session_key:
            return False
        answer = table().get_item(Key=stored(session_key), ProjectionExpression="#e", ExpressionAttributeNames={"#e": EXPIRES})
        return "Item" in answer

    def create(self) -> None:
        while True:
            self._session_key = self._get_new_session_key()
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        if self.session_key is None:
            return self.create()
        item = {
            **stored(self.session_key),
            "data": self.encode(self._get_session(no_load=must_create)),
            EXPIRES: int(time.time()) + self.get_expiry_age(),
        }
        there = Attr(PARTITION)
        try:
            table().put_item(
                Item=item,
                ConditionExpression=there.not_exists() if must_create else there.exists(),
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            raise CreateError if must_create else UpdateError from None

    def delete(self, session_key: str | None = None) -> None:
        session_key = session_key or self.session_key
        if session_key:
            table().delete_item(Key=stored(session_key))

    @classmethod
    def clear_expired(cls) -> None:
        """Time to live does it."""


# settings.py:
#   SESSION_ENGINE = "dynamo_sessions"
#   SESSION_SERIALIZER = "django.contrib.sessions.serializers.JSONSerializer"
#   SESSION_COOKIE_SECURE = SESSION_COOKIE_HTTPONLY = True
#   SESSION_COOKIE_AGE = 8 * 60 * 60
