# Keeps the key: cancels its deletion. Do this before anything else, it cannot be undone later.
# Find out who scheduled it, in CloudTrail, before you schedule it again.
# Changes: the state of the key, a key whose deletion was cancelled is disabled until it is enabled.
# Costs: 1 USD a month for the key, as before.
# Can break: nothing.
# Undo: schedule-key-deletion, once no table and no backup uses the key.
region={{region:sh}}
key={{key_arn:sh}}

in_account aws kms cancel-key-deletion --region="$region" --key-id="$key"
in_account aws kms enable-key --region="$region" --key-id="$key"

# Verify:
aws kms describe-key --region="$region" --key-id="$key" --query=KeyMetadata.KeyState
