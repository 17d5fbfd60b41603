# Lets point-in-time recovery reach back further. It is on already, and stays on.
# The window grows from now on, day by day.
# What is older than {{window:note}} is already gone.
# Table: {{table_arn:note}}
# Changes: the table can be restored to any second of the last 35 days, always into a new table.
{{?global}}
# The table has replicas, and this is a setting of each Region by itself: do the same there, as the finding of each says.
{{/}}
# Costs: nothing more; recovery is charged by the size of the table and not by the window.
# Can break: nothing. A secret that is in the table today stays in the window for longer: rotate it.
# Verify: terraform plan shows an update in place of recovery_period_in_days alone.
# Undo: recovery_period_in_days = {{window_days:note}}
resource "aws_dynamodb_table" "this" {
  name = {{table:hcl}}
  # ... what is there already ...

  point_in_time_recovery {
    enabled                 = true
    recovery_period_in_days = 35
  }
}
