# Guards the key against deletion. Terraform cannot cancel one that is under way.
# Cancel it first with the AWS CLI or boto3 snippet.
# Key: {{key_arn:note}}
# Changes: Terraform refuses to destroy the key, and a deletion waits the longest time.
# Costs: nothing.
# Can break: a plan that meant to remove the key stops with an error.
# Verify: terraform plan -destroy fails.
# Undo: remove the lifecycle block.
import {
  to = aws_kms_key.table
  id = {{key_id:hcl}}
}

resource "aws_kms_key" "table" {
  deletion_window_in_days = 30

  lifecycle {
    prevent_destroy = true
  }
}
