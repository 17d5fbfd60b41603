# Keeps the key: cancels its deletion. Do this before anything else, it cannot be undone later.
# Find out who scheduled it, in CloudTrail, before you schedule it again.
# Changes: the state of the key; a key whose deletion was cancelled is disabled until it is enabled.
# Costs: 1 USD a month for the key, as before.
# Can break: nothing.
# Verify: describe_key shows KeyState Enabled.
# Undo: schedule_key_deletion, once no table and no backup uses the key.
import boto3

kms = boto3.client("kms", region_name={{region:py}})
try:
    kms.cancel_key_deletion(KeyId={{key_arn:py}})
except kms.exceptions.KMSInvalidStateException:
    # It was cancelled before, or by somebody else. Where it is something else, the next call says so.
    print("Its deletion is not pending any more.")
kms.enable_key(KeyId={{key_arn:py}})
