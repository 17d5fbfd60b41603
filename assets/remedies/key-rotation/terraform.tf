# Rotates the key material every year. The key keeps its ARN, old data stays readable.
# Only symmetric keys with key material of KMS rotate.
# Key: {{key_arn:note}}
# Changes: the rotation of the key.
# Costs: 1 USD a month more after each of the first two rotations.
# Can break: nothing.
# Verify: terraform plan shows an update in place.
# Undo: enable_key_rotation = false.
import {
  to = aws_kms_key.table
  id = {{key_id:hcl}}
}

resource "aws_kms_key" "table" {
  enable_key_rotation     = true
  rotation_period_in_days = 365
}
