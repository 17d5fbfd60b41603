# Deletes whole items some time after the moment that an attribute holds. For items that may be
# lost, as in a session store.
# The attribute has to be a number of seconds since 1970, not milliseconds and not a date as text.
# Changes: items are deleted whole after that moment, usually within days.
# Costs: nothing, deletions by time to live are free.
# Can break: items whose time has passed go at once. Items without the attribute stay.
# Undo: the same command with Enabled false. AWS allows one change an hour, and no two attributes
# at a time. Deleted items do not come back.
table={{table_id:sh}}
region={{region:sh}}

# Have the application write the attribute first. The name below is a proposal where the table has none.
aws dynamodb update-time-to-live --region="$region" --table-name="$table" \
  --time-to-live-specification={{ttl_on:sh}}

# Verify:
aws dynamodb describe-time-to-live --region="$region" --table-name="$table"
