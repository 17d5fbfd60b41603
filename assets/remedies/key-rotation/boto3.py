# Rotates the key material every year. The key keeps its ARN, old data stays readable.
# Only keys that encrypt symmetrically, with key material of KMS, rotate by themselves. Of a
# multi-Region key the primary one does, and its replicas with it.
# Changes: the rotation of the key.
# Costs: 1 USD a month more after each of the first two rotations.
# Can break: nothing.
# Verify: get_key_rotation_status shows KeyRotationEnabled True.
# Undo: disable_key_rotation.
import boto3

kms = boto3.client("kms", region_name={{region:py}})
kms.enable_key_rotation(KeyId={{key_arn:py}}, RotationPeriodInDays=365)
