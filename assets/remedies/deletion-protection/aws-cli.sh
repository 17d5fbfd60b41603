# Switches deletion protection on: DeleteTable fails until it is switched off again.
# It does not protect items.
# Changes: one setting of the table.
{{?global}}
# The table has replicas, and this is a setting of each Region by itself: do the same there, as the finding of each says.
{{/}}
# Costs: nothing.
# Can break: tools that delete and make the table anew, such as test runs.
# Undo: update-table with --no-deletion-protection-enabled.
table={{table_id:sh}}
region={{region:sh}}

in_account aws dynamodb update-table --region="$region" --table-name="$table" \
  --deletion-protection-enabled

# Verify:
aws dynamodb describe-table --region="$region" --table-name="$table" \
  --query=Table.DeletionProtectionEnabled
