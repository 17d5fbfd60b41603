# Lets a session store forget old sessions. End the exposed ones in the application first.
# Time to live deletes whole items. This is for a session store only, a table in which every item
# is a session.
# In a table that holds anything else, store a hash of the token instead: see the boto3 snippet.
# Attribute: {{path:note}} in table {{table:note}}
# {{ttl_notes:note}}
# Changes: nothing, until you say true below. Then items whose time has passed are deleted whole.
# Costs: nothing; deletions by time to live are free{{?global}} in the Region of the deletion.
# Each replica Region is charged a replicated write for each deleted item{{/}}.
# Can break: an item that is more than a session is lost with it. Items without the attribute stay.
# Verify: terraform plan shows no change but ttl.
# Undo: enabled = false; AWS allows one change an hour. Deleted items do not come back.
locals {
  ttl_attribute           = {{ttl_new:hcl}}
  every_item_is_a_session = false # true, once each has its time and may be deleted then
}

resource "aws_dynamodb_table" "this" {
  name = {{table:hcl}}
  # ... what is there already ...

  dynamic "ttl" {
    for_each = local.every_item_is_a_session ? [true] : []
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

# Copies that still hold sessions:
# {{copies:own}}
