# A password hash is no session that ends and no key to rotate. Let few read it, and make it slower to guess.
# Never take it out of the items blindly: nobody could log in any more.
# Attribute: {{path:note}} in table {{table:note}}
# Changes: with PASSWORD_HASHERS in settings.py, each hash is made anew at the next login of its owner.
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
# Can break: nothing, as long as the old schemes stay in the list. Argon2 needs pip install django[argon2].
# Verify: after some weeks, count the items whose hash still begins as the old scheme does.
# Undo: put the former scheme first again. Hashes that were made anew stay valid.
import secrets

import boto3

TABLE = {{table_id:py}}
client = boto3.client("dynamodb", region_name={{region:py}})

# 1. settings.py: the first one makes new hashes, all of them can check old ones that Django made.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2SHA1PasswordHasher",
    "django.contrib.auth.hashers.BCryptSHA256PasswordHasher",
    "django.contrib.auth.hashers.BCryptPasswordHasher",
]


# The class below has to be in that list, too, by the module that you save it in: without it nobody who was wrapped logs in.


# 2. Weak schemes, MD5 and SHA-1, are not left until the next login: whoever never comes back would keep theirs. Wrap
# the stored hash in a slow one now; the password itself is not needed. bcrypt, scrypt and Argon2 stay as they are.
WRAPPED = """
from django.contrib.auth.hashers import MD5PasswordHasher, PBKDF2PasswordHasher

class PBKDF2WrappedMD5PasswordHasher(PBKDF2PasswordHasher):
    algorithm = "pbkdf2_wrapped_md5"

    def encode_md5_hash(self, md5_hash, salt, iterations=None):
        return super().encode(md5_hash, salt, iterations)

    def encode(self, password, salt, iterations=None):
        _, _, md5_hash = MD5PasswordHasher().encode(password, salt).split("$", 2)
        return self.encode_md5_hash(md5_hash, salt, iterations)
"""


def force_reset(user) -> None:
    """Only if hashes leaked: the old password ends, and so do the sessions made with it.

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


# 4. Copies that hold the hashes too. Where one of them leaked, force a reset:
# {{copies:own}}
if __name__ == "__main__":
    for name, projection in projections():
        print(name, projection)
