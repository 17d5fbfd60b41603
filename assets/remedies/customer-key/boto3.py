# Encrypts the table under a new customer managed key of your own account.
# The table stays available while it changes over.
{{?global}}
# Run it with python -i to look. Then call make_keys(), look at what it prints, and give that to change_over().
{{:}}
# Run it with python -i to look. Then change_over(make_key(session.client("kms"))), when every reader may use the key.
{{/}}
# Changes: with make_key() one new KMS key; with change_over() the table, its indexes and its stream use it.
# Costs: 1 USD a month for the key, and KMS requests, which DynamoDB caches.
# Can break: readers of other accounts, whom the key policy does not let in: name them there. Those of the account may use
# the key through DynamoDB. Each replica gets a key of its own Region.
# Verify: describe_table shows SSEType KMS and the new key.
# Undo: update_table with Enabled True, SSEType KMS and no key for the AWS managed key, or Enabled False for
# the key that AWS owns, whichever it was before; keep the key as long as backups use it.
{{?global}}
import json

{{/}}
import boto3

TABLE = {{table_id:py}}
{{?global}}
{{>rekey.py}}
{{:}}
session = boto3.Session(region_name={{region:py}})
client = session.client("dynamodb")
ALIAS = {{key_alias:py}}


{{>make-key.py}}


def change_over(key: str) -> None:
    """Call this with the ARN of the key, when every reader may use it."""
    if ":key/" not in key:
        raise SystemExit("That is no ARN of a key. Nothing was changed.")
    client.update_table(
        TableName=TABLE,
        SSESpecification={"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key},
    )


if __name__ == "__main__":
    print(client.describe_table(TableName=TABLE)["Table"].get("SSEDescription", "a key that AWS owns"))
{{/}}
