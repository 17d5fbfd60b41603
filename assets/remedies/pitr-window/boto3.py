# Lets point-in-time recovery reach back further. It is on already, and stays on.
# The window grows from now on, day by day.
# What is older than {{window:note}} is already gone.
# Changes: the table can be restored to any second of the last 35 days, always into a new table.
{{?global}}
# The table has replicas, and this is a setting of each Region by itself: do the same there, as the finding of each says.
{{/}}
# Costs: nothing more; recovery is charged by the size of the table and not by the window.
# Can break: nothing. A secret that is in the table today stays in the window for longer: rotate it.
# Verify: describe_continuous_backups shows RecoveryPeriodInDays 35.
# Undo: RecoveryPeriodInDays {{window_days:note}}
import boto3

boto3.client("dynamodb", region_name={{region:py}}).update_continuous_backups(
    TableName={{table_id:py}},
    PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": 35},
)
