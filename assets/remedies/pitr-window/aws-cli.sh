# Lets point-in-time recovery reach back further. It is on already, and stays on.
# The window grows from now on, day by day.
# What is older than {{window:note}} is already gone.
# Changes: the table can be restored to any second of the last 35 days, always into a new table.
{{?global}}
# The table has replicas, and this is a setting of each Region by itself: do the same there, as the finding of each says.
{{/}}
# Costs: nothing more, recovery is charged by the size of the table and not by the window.
# Can break: nothing. A secret that is in the table today stays in the window for longer: rotate it.
# Undo: the same command with RecoveryPeriodInDays={{window_days:note}}
table={{table_id:sh}}
region={{region:sh}}

in_account aws dynamodb update-continuous-backups --region="$region" --table-name="$table" \
  --point-in-time-recovery-specification=PointInTimeRecoveryEnabled=true,RecoveryPeriodInDays=35

# Verify:
aws dynamodb describe-continuous-backups --region="$region" --table-name="$table"
