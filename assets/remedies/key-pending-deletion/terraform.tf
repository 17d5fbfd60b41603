# Guards the key against deletion. Terraform cannot cancel one that is under way.
# Cancel it and enable the key first, with the AWS CLI or boto3 snippet.
# Key: {{key_arn:note}}
# A replica of a multi-Region key is an aws_kms_replica_key, and the primary key is in another Region.
# Changes: nothing in AWS. Terraform refuses to destroy the key from then on.
# Costs: nothing.
# Can break: a plan that meant to remove the key stops with an error.
# Verify: terraform plan shows one import, nothing to add, change or destroy. After apply,
# terraform plan -destroy fails.
# Undo: terraform state rm aws_kms_key.table, then remove both blocks.
import {
  to = aws_kms_key.table
  id = {{key_id:hcl}}
}

resource "aws_kms_key" "table" {
  lifecycle {
    prevent_destroy = true

    # Without this, what is not written here would go back to its default: rotation would be switched off.
    ignore_changes = all
  }
}
