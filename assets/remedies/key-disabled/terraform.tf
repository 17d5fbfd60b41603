# Makes the key usable again, and keeps it so.
# A table that is already archived has to be restored from its archive backup instead.
# Key: {{key_arn:note}}
# A replica of a multi-Region key is an aws_kms_replica_key, and the primary key is in another Region.
# Changes: the state of the key. What is under ignore_changes stays as it is in AWS.
# Costs: nothing.
# Can break: nothing; whoever disabled it may have had a reason, ask first.
# Verify: terraform plan shows one import and a change of is_enabled alone, nothing to add or destroy.
# Undo: is_enabled = false.
import {
  to = aws_kms_key.table
  id = {{key_id:hcl}}
}

resource "aws_kms_key" "table" {
  is_enabled = true

  lifecycle {
    prevent_destroy = true

    # Without this, what is not written here would go back to its default: rotation would be switched off.
    ignore_changes = [
      bypass_policy_lockout_safety_check,
      custom_key_store_id,
      deletion_window_in_days,
      description,
      enable_key_rotation,
      policy,
      rotation_period_in_days,
      tags,
      tags_all,
      xks_key_id,
    ]
  }
}
