# Encrypts the replica under a customer managed key of its own Region. The table's own key stays.
# Replicas of one account must have the same type of key, so give every replica block a key.
# Changes: one new KMS key in each Region that lacks one, and the replica there uses it.
# Costs: 1 USD a month for each key, and KMS requests, which DynamoDB caches.
# Can break: readers in that Region that the key policy does not let in. Existing backups keep their old key.
# Verify: terraform plan shows the replica updated in place, never replaced. If it says replace, stop: the replica
# would be deleted and made anew.
# Undo: the key of before. Keep the new key as long as backups use it.
# Regions whose replica lacks a customer key: {{weak_regions:note}}
# Each needs a provider of its own, with an alias. This is for the first of them.
locals {
  # Every replica with its key, the table's own Region too. A text that ends in HERE stands for a key to be made.
  replica_updates = jsondecode({{replica_updates:hcl}})
  first_weak      = [for r in local.replica_updates : r.Update.RegionName if endswith(r.Update.KMSMasterKeyId, "-HERE")][0]
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
}

resource "aws_dynamodb_table" "this" {
  name = {{table:hcl}}
  # ... what is there already, with the other replica blocks ...

  replica {
    region_name = local.first_weak
    kms_key_arn = aws_kms_key.replica.arn
  }
}
