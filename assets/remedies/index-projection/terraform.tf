# Adds an index that carries keys only, beside the one that is there.
# What an index carries cannot be changed in place. Two applies: add the new one, later remove the old one.
# This is for the index {{index:note}}
# {{index_notes:note}}
# {{index_key_note:note}}
# Changes: one new index.
# A key of several attributes takes a key_schema block for each instead of hash_key and range_key.
# Costs: writes for every item while the new index fills, and its storage.
# Can break: queries that need an attribute which the new index lacks.
# Verify: terraform plan shows an update in place, with one index more.
# Undo: remove the new block.
locals {
  index_attributes = jsondecode({{index_attributes:hcl}})
  index_create     = jsondecode({{index_create:hcl}})[0].Create
}

resource "aws_dynamodb_table" "this" {
  name = {{table:hcl}}
  # ... what is there already, with the old index ...

  # Those of the keys. What is declared already and is the same counts once.
  dynamic "attribute" {
    for_each = local.index_attributes
    content {
      name = attribute.value.AttributeName
      type = attribute.value.AttributeType
    }
  }

  global_secondary_index {
    name            = {{index_v2:hcl}}
    hash_key        = [for key in local.index_create.KeySchema : key.AttributeName if key.KeyType == "HASH"][0]
    range_key       = try([for key in local.index_create.KeySchema : key.AttributeName if key.KeyType == "RANGE"][0], null)
    projection_type = local.index_create.Projection.ProjectionType
    # Of an index of keys alone there are none.
    non_key_attributes = try(local.index_create.Projection.NonKeyAttributes, null)
{{?provisioned}}

    read_capacity  = local.index_create.ProvisionedThroughput.ReadCapacityUnits
    write_capacity = local.index_create.ProvisionedThroughput.WriteCapacityUnits
{{/}}
  }
}
