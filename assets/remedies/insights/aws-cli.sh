# Switches Contributor Insights off where it shows keys that are secrets. It keeps the most used keys in clear in CloudWatch,
# for whoever may read its rules and reports there.
# The keys were shown until now: what they open is to be ended or rotated besides, and the fix that follows moves them out of
# the key.
# Changes: Contributor Insights of the table, or of the indexes, is off. Its rules in CloudWatch go.
# Costs: nothing, and what its rules cost ends.
# Can break: dashboards and alarms that are made of its rules.
# Undo: update-contributor-insights with ENABLE.
table={{table_id:sh}}
region={{region:sh}}

# 1. Look whether somebody needs it. Then remove the leading colons and run.
{{?insights_of_table}}
: in_account aws dynamodb update-contributor-insights --region="$region" --table-name="$table" \
  --contributor-insights-action=DISABLE
{{/}}
for index in {{insights_indexes:words}}; do
: in_account aws dynamodb update-contributor-insights --region="$region" --table-name="$table" \
  --index-name="$index" --contributor-insights-action=DISABLE
done

# Verify: some minutes later it is DISABLED.
aws dynamodb list-contributor-insights --region="$region" --table-name="$table"
