# Encrypts the replica under a new customer managed key of its own Region. The table's own key stays.
# Replicas of one account must have the same type of key, so one update names all of them.
# Run it to look. Then call make_keys(), look at what it prints, and give that to change_over().
# Changes: one new KMS key in each Region that lacks one, and with change_over() the replica there uses it.
# Costs: 1 USD a month for each key, and KMS requests, which DynamoDB caches.
# Can break: readers in that Region that the key policy does not let in. Existing backups keep their old key.
# Verify: describe_table shows the key of each replica.
# Undo: the same update with the key of before. Keep the new key as long as backups use it.
import json

import boto3

TABLE = {{table_id:py}}
# A text that ends in HERE stands for a key that is still to be made.
UPDATES = json.loads({{replica_updates:py}})
client = boto3.client("dynamodb", region_name={{region:py}})


def make_keys() -> list[dict]:
    """One key for each Region that lacks one. Call it once: each call makes new keys."""
    updates = json.loads(json.dumps(UPDATES))
    for update in (entry["Update"] for entry in updates):
        if update["KMSMasterKeyId"].endswith("-HERE"):
            kms = boto3.client("kms", region_name=update["RegionName"])
            update["KMSMasterKeyId"] = kms.create_key(Description="DynamoDB replica key")["KeyMetadata"]["Arn"]
            kms.enable_key_rotation(KeyId=update["KMSMasterKeyId"])
    print(json.dumps(updates))
    return updates


def change_over(updates: list[dict]) -> None:
    """Call this with what make_keys() gave."""
    if not updates or any(entry["Update"]["KMSMasterKeyId"].endswith("-HERE") for entry in updates):
        raise SystemExit("A key is still to be made. Nothing was changed.")
    client.update_table(TableName=TABLE, ReplicaUpdates=updates)


if __name__ == "__main__":
    for replica in client.describe_table(TableName=TABLE)["Table"].get("Replicas", []):
        print(replica["RegionName"], replica.get("KMSMasterKeyId", "a key that AWS owns"))
