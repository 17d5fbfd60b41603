# Encrypts the table under a new customer managed key of your own account.
# The table stays available while it changes over.
# Changes: one new KMS key; the table, its indexes and its stream use it.
# Costs: 1 USD a month for the key, and KMS requests, which DynamoDB caches.
# Can break: readers that the key policy does not let in. Replicas need a key in their own Region.
# Verify: describe_table shows SSEType KMS and the new key.
# Undo: update_table with Enabled False; keep the key as long as backups use it.
import boto3

session = boto3.Session(region_name={{region:py}})
kms = session.client("kms")
key = kms.create_key(Description="DynamoDB table key")["KeyMetadata"]["Arn"]
kms.enable_key_rotation(KeyId=key)
session.client("dynamodb").update_table(
    TableName={{table_id:py}},
    SSESpecification={"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key},
)
