# Switches point-in-time recovery on, with the longest window.
# The window starts now: what was before cannot be restored.
# Table: {{table_arn:note}}
# Changes: the table can be restored to any second of the last 35 days, always into a new table.
{{?global}}
# The table has replicas, and this is a setting of each Region by itself: do the same there, as the finding of each says.
{{/}}
# Costs: about 0.20 USD a month for each GB of table and local indexes, in most Regions.
# Can break: nothing. A secret that is in the table today stays in the window: rotate it.
# Verify: terraform plan shows an update in place.
# Undo: enabled = false, which throws the whole window away.
resource "aws_dynamodb_table" "this" {
  name = {{table:hcl}}
  # ... what is there already ...

  point_in_time_recovery {
    enabled                 = true
    recovery_period_in_days = 35
  }
}
