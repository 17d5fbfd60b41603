# Rotates the key material every year. The key keeps its ARN, old data stays readable.
# Only keys that encrypt symmetrically, with key material of KMS, rotate by themselves. Of a
# multi-Region key the primary one does, and its replicas with it.
# Key: {{key_arn:note}}
# A replica of a multi-Region key rotates with its primary key: do this in the primary key's Region.
# Changes: the rotation of the key. What is under ignore_changes stays as it is in AWS.
# Costs: 1 USD a month more after each of the first two rotations.
# Can break: nothing.
# Verify: terraform plan shows one import and a change of the two rotation settings alone, nothing
# to add or destroy.
# Undo: enable_key_rotation = false.
import {
  to = aws_kms_key.table
  id = {{key_id:hcl}}
}

resource "aws_kms_key" "table" {
  enable_key_rotation     = true
  rotation_period_in_days = 365

  lifecycle {
    prevent_destroy = true

    # Without this, what is not written here would go back to its default, or be seen as a change.
    ignore_changes = [
      bypass_policy_lockout_safety_check,
      custom_key_store_id,
      deletion_window_in_days,
      description,
      is_enabled,
      policy,
      tags,
      tags_all,
      xks_key_id,
    ]
  }
}
