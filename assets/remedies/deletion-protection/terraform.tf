# Switches deletion protection on: DeleteTable fails until it is switched off again.
# It does not protect items.
# Table: {{table_arn:note}}
# Changes: one setting of the table.
{{?global}}
# The table has replicas, and this is a setting of each Region by itself: do the same there, as the finding of each says.
{{/}}
# Costs: nothing.
# Can break: a plan that replaces the table stops with an error, which is the point.
# Verify: terraform plan shows an update in place.
# Undo: deletion_protection_enabled = false.
resource "aws_dynamodb_table" "this" {
  name                        = {{table:hcl}}
  deletion_protection_enabled = true
  # ... what is there already ...
}
