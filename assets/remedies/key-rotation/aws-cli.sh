# Rotates the key material every year. The key keeps its ARN, old data stays readable.
# Only keys that encrypt symmetrically, with key material of KMS, rotate by themselves. Of a
# multi-Region key the primary one does, and its replicas with it.
# Changes: the rotation of the key.
# Costs: 1 USD a month more after each of the first two rotations.
# Can break: nothing.
# Undo: disable-key-rotation.
region={{region:sh}}
key={{key_arn:sh}}

in_account aws kms enable-key-rotation --region="$region" --key-id="$key" \
  --rotation-period-in-days=365

# Verify:
aws kms get-key-rotation-status --region="$region" --key-id="$key"
