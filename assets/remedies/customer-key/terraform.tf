# Encrypts the table under a new customer managed key of your own account.
# enabled = true without kms_key_arn would be the AWS managed key.
# Table: {{table_arn:note}}
# Changes: one new KMS key; the table, its indexes and its stream use it.
# Costs: 1 USD a month for the key, and KMS requests, which DynamoDB caches.
# Can break: readers of other accounts, whom the key policy does not let in: name them there. A table with replicas
# is not changed this way: the provider deletes a replica and makes it again when its kms_key_arn changes, while
# its plan says in place. Change the keys of all Regions at once by update-table with replica updates.
# Verify: terraform plan shows an update in place, never a replacement.
# Undo: server_side_encryption with enabled = false for the key that AWS owns; for the AWS managed key the command of
# the AWS CLI. To take the block or kms_key_arn out changes nothing. Keep the key as long as the table or a backup uses it.
resource "aws_kms_key" "table" {
  description             = "DynamoDB table key"
  enable_key_rotation     = true
  deletion_window_in_days = 30
  # Whoever of the account may read the table may use the key through DynamoDB, as it is with the key that AWS manages.
  policy = jsonencode({{own_key_policy:doc}})

  lifecycle {
    prevent_destroy = true
  }
}

{{?global}}
# The table has replicas: make a key of this kind in each Region, by a provider of its own, and change over with the AWS
# CLI or boto3 snippet. Then write the ARNs into server_side_encryption and into each replica block.
output "key_of_this_region" {
  value = aws_kms_key.table.arn
}
{{:}}
resource "aws_dynamodb_table" "this" {
  name = {{table:hcl}}
  # ... what is there already ...

  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.table.arn
  }
}
{{/}}
