# A text that ends in HERE stands for a key that is still to be made.
UPDATES = json.loads({{replica_updates:py}})
ALIAS = {{key_alias:py}}
client = boto3.client("dynamodb", region_name={{region:py}})


{{>make-key.py}}


def make_keys() -> list[dict]:
    """One key for each Region that lacks one. A second run finds them, and makes none."""
    updates = json.loads(json.dumps(UPDATES))
    for update in (entry["Update"] for entry in updates):
        if update["KMSMasterKeyId"].startswith("KEY-OF-"):
            update["KMSMasterKeyId"] = make_key(boto3.client("kms", region_name=update["RegionName"]))
    print(json.dumps(updates))
    return updates


def change_over(updates: list[dict]) -> None:
    """Call this with what make_keys() gave: one update of all Regions, the own included."""
    if not updates or any(entry["Update"]["KMSMasterKeyId"].startswith("KEY-OF-") for entry in updates):
        raise SystemExit("A key is still to be made. Nothing was changed.")
    client.update_table(TableName=TABLE, ReplicaUpdates=updates)


if __name__ == "__main__":
    for replica in client.describe_table(TableName=TABLE)["Table"].get("Replicas", []):
        print(replica["RegionName"], replica.get("KMSMasterKeyId", "a key that AWS owns"))
