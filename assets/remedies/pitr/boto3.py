# Switches point-in-time recovery on, with the longest window.
# The window starts now: what was before cannot be restored.
# Changes: the table can be restored to any second of the last 35 days, always into a new table.
{{?global}}
# The table has replicas, and this is a setting of each Region by itself: do the same there, as the finding of each says.
{{/}}
# Costs: about 0.20 USD a month for each GB of table and local indexes, in most Regions.
# Can break: nothing. A secret that is in the table today stays in the window: rotate it.
# Verify: describe_continuous_backups shows PointInTimeRecoveryStatus ENABLED.
# Undo: PointInTimeRecoveryEnabled False, which throws the whole window away.
import boto3

boto3.client("dynamodb", region_name={{region:py}}).update_continuous_backups(
    TableName={{table_id:py}},
    PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": 35},
)
