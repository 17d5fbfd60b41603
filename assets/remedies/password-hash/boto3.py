# A password hash is no session that ends and no key to rotate. Let few read it, and make it slower to guess.
# Never take it out of the items blindly: nobody could log in any more.
# Attribute: {{path:note}} in table {{table:note}}
# Run it with python -i to see that the hashes are there. Then call the functions, in the order of the steps.
# Changes: with PASSWORD_HASHERS in settings.py, each hash is made anew at the next login of its owner. With each(wrap), the
# weak ones are wrapped in a slow one now.
# Costs: some milliseconds of CPU and some memory a login.
{{?database_hash}}
# It is a salted digest or the password of a user of a database, and Django does not check it. Of a database: set a new one
# there, by ALTER USER. Of another application: let that make a new hash at the next login.
{{:}}
{{?identity_hash}}
# It is of ASP.NET Core Identity, and Django does not check it: raise PasswordHasherOptions.IterationCount there, and each
# hash is made anew at the next login.
{{:}}
# This fits hashes that Django made. Those of another framework are checked by its own code: let that make a new hash at
# the next login, and leave the stored one until then.
{{/}}
{{/}}
# Can break: nothing, as long as the old schemes stay in the list and the list is deployed before wrap(). Argon2 needs pip install django[argon2].
# Verify: after some weeks, count the items whose hash still begins as the old scheme does.
# Undo: put the former scheme first again. Hashes that were made anew or wrapped stay valid, as long as their class is there.
import base64
import functools
import getpass
import hashlib
import json
import os
import re
import secrets

import boto3

TABLE = {{table_id:py}}
STEPS = json.loads({{all_steps:py}})
FOLDER = {{dir:py}}
session = boto3.Session(region_name={{region:py}})
client = session.client("dynamodb")


{{>places.py}}


# 1. settings.py: the first one makes new hashes, all of them can check old ones that Django made. Save WRAPPED below as
# yourproject/hashers.py first: it checks what was wrapped in step 2, and what Django itself checks no more.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2SHA1PasswordHasher",
    "django.contrib.auth.hashers.BCryptSHA256PasswordHasher",
    "django.contrib.auth.hashers.BCryptPasswordHasher",
    "yourproject.hashers.PBKDF2WrappedMD5PasswordHasher",
    "yourproject.hashers.PBKDF2WrappedSHA1PasswordHasher",
    "yourproject.hashers.PBKDF2WrappedPlainMD5PasswordHasher",
    "yourproject.hashers.PBKDF2WrappedPlainSHA1PasswordHasher",
    "yourproject.hashers.PBKDF2WrappedPlainSHA256PasswordHasher",
    # Until all are wrapped; take it out then. Django 5.1 has none for sha1 any more: those log in once they are wrapped.
    "django.contrib.auth.hashers.MD5PasswordHasher",
]


# 2. Weak schemes, MD5 and SHA-1, are not left until the next login: whoever never comes back would keep theirs. Wrap
# the stored hash in a slow one now; the password itself is not needed. bcrypt, scrypt and Argon2 stay as they are.
WRAPPED = """
import hashlib

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class PBKDF2WrappedMD5PasswordHasher(PBKDF2PasswordHasher):
    algorithm, digest_of = "pbkdf2_wrapped_md5", "md5"

    def wrap(self, stored):
        _, salt, digest = stored.split("$", 2)
        return super().encode(digest, salt)

    def encode(self, password, salt, iterations=None):
        return super().encode(hashlib.new(self.digest_of, (salt + password).encode()).hexdigest(), salt, iterations)


class PBKDF2WrappedSHA1PasswordHasher(PBKDF2WrappedMD5PasswordHasher):
    algorithm, digest_of = "pbkdf2_wrapped_sha1", "sha1"


# Of a digest without a salt: one comes with what is wrapped around it.
class PBKDF2WrappedPlainMD5PasswordHasher(PBKDF2PasswordHasher):
    algorithm, digest_of = "pbkdf2_wrapped_plain_md5", "md5"

    def wrap(self, stored):
        return super().encode(stored.rsplit("$", 1)[-1].lower(), self.salt())

    def encode(self, password, salt, iterations=None):
        return super().encode(hashlib.new(self.digest_of, password.encode()).hexdigest(), salt, iterations)


class PBKDF2WrappedPlainSHA1PasswordHasher(PBKDF2WrappedPlainMD5PasswordHasher):
    algorithm, digest_of = "pbkdf2_wrapped_plain_sha1", "sha1"


class PBKDF2WrappedPlainSHA256PasswordHasher(PBKDF2WrappedPlainMD5PasswordHasher):
    algorithm, digest_of = "pbkdf2_wrapped_plain_sha256", "sha256"
"""


def wrapped(stored: str) -> str | None:
    """The stored hash in a slow one, or None where it is slow already, or of another framework."""
    from yourproject import hashers

    parts = stored.split("$")
    if len(parts) == 3 and parts[1]:
        made = {"md5": hashers.PBKDF2WrappedMD5PasswordHasher, "sha1": hashers.PBKDF2WrappedSHA1PasswordHasher}.get(parts[0])
        return made().wrap(stored) if made else None
    # Without a salt: as a bare digest, or as Django once wrote it, sha1$$ or md5$$ before it.
    if len(parts) not in (1, 3) or not re.fullmatch("[0-9a-fA-F]+", parts[-1]):
        return None
    plain = {
        32: hashers.PBKDF2WrappedPlainMD5PasswordHasher,
        40: hashers.PBKDF2WrappedPlainSHA1PasswordHasher,
        64: hashers.PBKDF2WrappedPlainSHA256PasswordHasher,
    }.get(len(parts[-1]))
    return plain().wrap(stored) if plain else None


def wrap(key: dict) -> None:
    """Only what is still what was read, and only once. Logins check it by the settings above: deploy those first."""
    for place, value in places(key, STEPS):
        new = wrapped(value.get("S", ""))
        if not new:
            print("It is slow already, or no md5 or sha1 of Django and no bare digest: it stays")
            continue
        keep(key, value, place)
        path, names = expression(place)
        client.update_item(
            TableName=TABLE,
            Key=key,
            UpdateExpression=f"SET {path} = :new",
            ConditionExpression=f"{path} = :old",
            ExpressionAttributeNames=names,
            ExpressionAttributeValues={":old": value, ":new": {"S": new}},
            ReturnValues="NONE",
        )


def force_reset(user) -> None:
    """Where hashes leaked: the old password ends, and so do the sessions made with it.

    Not set_unusable_password(): Django sends no reset mail to an account that has none.
    """
    user.set_password(secrets.token_urlsafe(32))
    user.save(update_fields=["password"])


# 3. Which indexes carry the attribute: replace each by one that does not. A login needs the key alone from an index.
# {{carriers:note}}
def projections() -> list[tuple[str, dict]]:
    table = client.describe_table(TableName=TABLE)["Table"]
    indexes = table.get("GlobalSecondaryIndexes", []) + table.get("LocalSecondaryIndexes", [])
    return [(index["IndexName"], index["Projection"]) for index in indexes]


{{?exposed}}
# 4. Others can read them: they leaked. Close that way first, then force_reset() for everybody.
{{:}}
# 4. Where they leaked, force a reset.
{{/}}
# Copies that hold the hashes too:
# {{copies:own}}
if __name__ == "__main__":
    for name, projection in projections():
        print(name, projection)
