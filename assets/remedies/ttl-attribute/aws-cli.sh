# Lets time to live look at another attribute than the one of today, which is wrong.
# Time to live deletes whole items, so the new one is switched on by you, after a look at what it holds.
# It looks at {{ttl_wrong:note}}
{{?global}}
# The table has replicas: time to live is one setting for all of them, and deletes in all Regions. With strong consistency
# between Regions, MRSC, there is no time to live.
{{/}}
# The attribute has to be a number of seconds since 1970, not milliseconds and not a date as text.
# Changes: nothing by itself. Step 3 ends deletions, step 4 starts them again by the other attribute.
# Costs: nothing, deletions by time to live are free{{?global}} in the Region of the deletion.
# Each replica Region is charged a replicated write for each deleted item{{/}}.
# Can break: items whose time has passed already go too, within a few days. Items without the attribute stay.
# Undo: step 3 again. AWS allows one change an hour, and deletions go on for about half an hour.
# Deleted items do not come back.
table={{table_id:sh}}
region={{region:sh}}

# 1. Look first, each time: another change within an hour is refused.
aws dynamodb describe-time-to-live --region="$region" --table-name="$table"

# 2. Have the application write the right time into an attribute that holds nothing else, and fill it into
# the items that are there: see the boto3 snippet. Never turn the values of the old attribute into seconds
# while time to live looks at it, items would be deleted at once.

# 3. Switch it off: remove the leading colon and run. Then wait an hour.
: in_account aws dynamodb update-time-to-live --region="$region" --table-name="$table" \
  --time-to-live-specification={{ttl_off:sh}}

# 4. Put the name of the right attribute in. When every item that has it may be deleted at that time, remove
# the leading colon and run.
: in_account aws dynamodb update-time-to-live --region="$region" --table-name="$table" \
  --time-to-live-specification='{"AttributeName":"PUT-THE-ATTRIBUTE-HERE","Enabled":true}'

# Verify:
aws dynamodb describe-time-to-live --region="$region" --table-name="$table"
