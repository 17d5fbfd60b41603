# Makes the key usable again, and keeps it so.
# A table that is already archived has to be restored from its archive backup instead.
# Key: {{key_arn:note}}
# Changes: the state of the key.
# Costs: nothing.
# Can break: nothing; whoever disabled it may have had a reason, ask first.
# Verify: terraform plan shows an update of is_enabled alone.
# Undo: is_enabled = false.
import {
  to = aws_kms_key.table
  id = {{key_id:hcl}}
}

resource "aws_kms_key" "table" {
  is_enabled = true
}
