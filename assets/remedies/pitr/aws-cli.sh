# Switches point-in-time recovery on, with the longest window.
# The window starts now: what was before cannot be restored.
# Changes: the table can be restored to any second of the last 35 days, always into a new table.
{{?global}}
# The table has replicas, and this is a setting of each Region by itself: do the same there, as the finding of each says.
{{/}}
# Costs: about 0.20 USD a month for each GB of table and local indexes, in most Regions.
# Can break: nothing. A secret that is in the table today stays in the window: rotate it.
# Undo: PointInTimeRecoveryEnabled=false, which throws the whole window away.
table={{table_id:sh}}
region={{region:sh}}

in_account aws dynamodb update-continuous-backups --region="$region" --table-name="$table" \
  --point-in-time-recovery-specification=PointInTimeRecoveryEnabled=true,RecoveryPeriodInDays=35

# Verify:
aws dynamodb describe-continuous-backups --region="$region" --table-name="$table"
