# Makes a second table whose key is a hash, beside the one that is there.
# Do not change hash_key or range_key of the old resource: Terraform would replace the table, and
# its data would be gone.
# Key: {{secret_key:note}} of table {{table:note}}
# Changes: one new table.
# Costs: storage and writes of the new table.
# Can break: nothing until readers move over; they have to hash the token before they look it up.
# Verify: terraform plan shows one resource to add, none to change or destroy.
# Undo: switch deletion protection off, then remove this resource.
locals {
  new_attributes = jsondecode({{new_attributes:hcl}})
  new_keys       = jsondecode({{new_keys:hcl}})
}

resource "aws_dynamodb_table" "hashed" {
  name                        = {{new_table:hcl}}
  billing_mode                = "PAY_PER_REQUEST"
  deletion_protection_enabled = true
  hash_key                    = local.new_keys[0].AttributeName
  range_key                   = length(local.new_keys) > 1 ? local.new_keys[1].AttributeName : null

  dynamic "attribute" {
    for_each = local.new_attributes
    content {
      name = attribute.value.AttributeName
      type = attribute.value.AttributeType
    }
  }

{{?customer_key}}
  server_side_encryption {
    enabled     = true
    kms_key_arn = {{key_arn:hcl}}
  }

{{/}}
  point_in_time_recovery {
    enabled = true
  }

  lifecycle {
    prevent_destroy = true
  }
}
