# Deletes whole items some time after the moment that an attribute holds. For items that may be
# lost, as in a session store.
# The attribute has to be a number of seconds since 1970, not milliseconds and not a date as text.
# {{ttl_notes:note}}
# Changes: items are deleted whole within a few days after that moment.
# Costs: nothing, deletions by time to live are free{{?global}} in the Region of the deletion.
# Each replica Region is charged a replicated write for each deleted item{{/}}.
# Can break: items whose time has passed already go too, within a few days. Items without the attribute stay.
# Undo: the same command with Enabled false. AWS allows one change an hour, and deletions go on for
# about half an hour. Deleted items do not come back.
table={{table_id:sh}}
region={{region:sh}}

# 1. Look first: this has to say DISABLED. Where it is on, a change is refused until it is switched off.
aws dynamodb describe-time-to-live --region="$region" --table-name="$table"

# 2. Have the application write the attribute, and look at what it wrote. Items that are there already lack it, and would
# stay for ever: fill of the boto3 snippet gives them their time, at a pace that you choose, only where it is missing.
# 3. Put the name of the attribute into the command. When every item that has it may be deleted at that time, remove the leading colon and run.
: in_account aws dynamodb update-time-to-live --region="$region" --table-name="$table" \
  --time-to-live-specification={{ttl_on:sh}}

# Verify:
aws dynamodb describe-time-to-live --region="$region" --table-name="$table"
