# Lets a session store forget old sessions. End the exposed ones in the application first.
# Time to live deletes whole items. This is for a session store only, a table in which every item
# is a session.
# In a table that holds anything else, store a hash of the token instead: see the boto3 tab.
# Attribute: {{path:note}} in table {{table:note}}
# Changes: items whose time has passed are deleted whole, by the attribute below.
# Costs: nothing; deletions by time to live are free.
# Can break: an item that is more than a session is lost with it. Items without the attribute stay.
# Verify: terraform plan shows no change but ttl.
# Undo: enabled = false; AWS allows one change an hour. Deleted items do not come back.
resource "aws_dynamodb_table" "this" {
  name = {{table:hcl}}
  # ... what is there already ...

  ttl {
    enabled        = true
    attribute_name = {{ttl_attribute:hcl}} # a number: seconds since 1970
  }
}

# Copies that still hold sessions:
# {{copies:note}}
