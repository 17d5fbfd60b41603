# Encrypts the replica under a customer managed key of its own Region. The table's own key stays.
# Replicas of one account must have the same type of key, so give every replica block a key.
# Changes: one new KMS key in each Region that lacks one. What makes the replica use it is the AWS CLI or boto3 snippet.
# Costs: 1 USD a month for each key, and KMS requests, which DynamoDB caches.
# Can break: readers in that Region that the key policy does not let in. Existing backups keep their old key.
# The provider deletes a replica and makes it again when kms_key_arn changes, while its plan says in place. So
# change the key by the AWS CLI snippet or the boto3 snippet first, with the key made here, and ignore the blocks meanwhile.
# Verify: after that put the same ARN into the replica block, take ignore_changes out, and apply only where
# terraform plan says that there are no changes.
# Undo: the key of before. Keep the new key as long as backups use it.
# Regions whose replica lacks a customer key: {{weak_regions:note}}
# Each needs a provider of its own, with an alias. This is for the first of them.
locals {
  # Every replica with its key, the table's own Region too. A text that ends in HERE stands for a key to be made.
  replica_updates = jsondecode({{replica_updates:hcl}})
  first_weak      = [for r in local.replica_updates : r.Update.RegionName if startswith(r.Update.KMSMasterKeyId, "KEY-OF-")][0]
}

provider "aws" {
  alias  = "replica"
  region = local.first_weak
}

resource "aws_kms_key" "replica" {
  provider                = aws.replica
  description             = "DynamoDB replica key"
  enable_key_rotation     = true
  deletion_window_in_days = 30
  policy                  = replace({{table_key_policy:hcl}}, "REGION-OF-THE-KEY", local.first_weak)
}

resource "aws_dynamodb_table" "this" {
  name = {{table:hcl}}
  # ... what is there already, with its replica blocks as they are ...

  lifecycle {
    ignore_changes = [replica]
  }
}

output "key_for_the_replica" {
  value = aws_kms_key.replica.arn
}
