# Deletes whole items some time after the moment that an attribute holds. For items that may be
# lost, as in a session store.
# The attribute has to be a number of seconds since 1970, not milliseconds and not a date as text.
# Changes: items are deleted whole after that moment, usually within days.
# Costs: nothing; deletions by time to live are free.
# Can break: items whose time has passed go at once. Items without the attribute stay.
# Verify: terraform plan shows an update in place.
# Undo: enabled = false. AWS allows one change an hour. Deleted items do not come back.
resource "aws_dynamodb_table" "this" {
  name = {{table:hcl}}
  # ... what is there already ...

  ttl {
    enabled        = true
    attribute_name = {{ttl_attribute:hcl}}
  }
}
