# Deletes whole items some time after the moment that an attribute holds. For items that may be
# lost, as in a session store.
# The attribute has to be a number of seconds since 1970, not milliseconds and not a date as text.
# {{ttl_notes:note}}
# Table: {{table_arn:note}}
# Changes: nothing, until you say true below. Then items are deleted whole after that moment.
# Costs: nothing; deletions by time to live are free{{?global}} in the Region of the deletion.
# Each replica Region is charged a replicated write for each deleted item{{/}}.
# Items that are there already lack the attribute: fill() of the boto3 snippet gives them their time, before you say true.
# Can break: items whose time has passed already go too, within a few days. Items without the attribute stay.
# Verify: terraform plan shows an update in place.
# Undo: enabled = false. AWS allows one change an hour. Deleted items do not come back.
locals {
  ttl_attribute        = {{ttl_new:hcl}}
  items_may_be_deleted = false # true, once every item that has the attribute may go at that time
}

resource "aws_dynamodb_table" "this" {
  name = {{table:hcl}}
  # ... what is there already ...

  dynamic "ttl" {
    for_each = local.items_may_be_deleted ? [true] : []
    content {
      enabled        = true
      attribute_name = local.ttl_attribute
    }
  }

  lifecycle {
    precondition {
      condition     = !strcontains(local.ttl_attribute, "PUT-")
      error_message = "Put the name of the attribute in first."
    }
  }
}
