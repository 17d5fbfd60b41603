# Switches deletion protection on: DeleteTable fails until it is switched off again.
# It does not protect items.
# Changes: one setting of the table.
{{?global}}
# The table has replicas, and this is a setting of each Region by itself: do the same there, as the finding of each says.
{{/}}
# Costs: nothing.
# Can break: tools that delete and make the table anew, such as test runs.
# Verify: describe_table shows DeletionProtectionEnabled True.
# Undo: DeletionProtectionEnabled=False.
import boto3

boto3.client("dynamodb", region_name={{region:py}}).update_table(
    TableName={{table_id:py}},
    DeletionProtectionEnabled=True,
)
