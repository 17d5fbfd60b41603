# Lets sessions expire. Add the ttl block to the resource that manages this table.
# Taking an attribute away does not help where the token is the key of the item.
# Attribute: {{path:note}} in table {{table:note}}
# Changes: time to live looks at the attribute and removes items after their time.
# Costs: nothing; deletions by time to live are free.
# Can break: sessions without the attribute stay, those with a past time go within days.
# Verify: terraform plan shows no change but ttl.
# Undo: enabled = false; AWS allows one change an hour.
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
