# Lets time to live look at another attribute than the one of today, which is wrong.
# Time to live deletes whole items, so the new one is switched on by you, after a look at what it holds.
# It looks at {{ttl_wrong:note}}
{{?global}}
# The table has replicas: time to live is one setting for all of them, and deletes in all Regions. With strong consistency
# between Regions, MRSC, there is no time to live.
{{/}}
# The attribute has to be a number of seconds since 1970, not milliseconds and not a date as text.
# Changes: nothing, until you say another step below. One change an hour, so two applies.
# Costs: nothing; deletions by time to live are free{{?global}} in the Region of the deletion.
# Each replica Region is charged a replicated write for each deleted item{{/}}.
# Can break: items whose time has passed already go too, within a few days. Items without the attribute stay.
# Verify: terraform plan shows an update in place.
# Undo: the step off again. Deleted items do not come back.
locals {
  # "as it is", then "off", and an hour later "on". Write the right attribute into the items before that.
  time_to_live = "as it is"
  right        = "PUT-THE-ATTRIBUTE-HERE"
}

resource "aws_dynamodb_table" "this" {
  name = {{table:hcl}}
  # ... what is there already, without its ttl block ...

  dynamic "ttl" {
    for_each = local.time_to_live == "as it is" ? [] : [local.time_to_live]
    content {
      enabled        = ttl.value == "on"
      attribute_name = ttl.value == "on" ? local.right : {{ttl_wrong:hcl}}
    }
  }

  lifecycle {
    precondition {
      condition     = local.time_to_live != "on" || !strcontains(local.right, "PUT-")
      error_message = "Put the name of the attribute in first."
    }
  }
}
