# Ends exposed sessions, and lets a session store forget old ones. Whoever read the table can use
# a session until it ends.
# Time to live deletes whole items. Step 2 is for a session store only, a table in which every
# item is a session.
# In a table that holds anything else, do steps 1 and 3 alone.
# Attribute: {{path:note}} in table {{table:note}}
# Changes: step 2: items whose time has passed are deleted whole, by the attribute below.
# Costs: nothing, deletions by time to live are free{{?global}} in the Region of the deletion.
# Each replica Region is charged a replicated write for each deleted item{{/}}.
# Can break: an item that is more than a session is lost with it. Items without the attribute stay.
# Undo: the same command with Enabled false, AWS allows one change an hour. Deleted items do not come back.
# The attribute has to be a number of seconds since 1970, not milliseconds and not a date as text.
table={{table_id:sh}}
region={{region:sh}}

# 1. End the sessions that were exposed, in the application: change the signing key, or delete those sessions.
# Django: python manage.py clearsessions removes expired ones only.

# 2. Only in a session store, and only where this says DISABLED: remove the leading colon and run, so that
# expired items are deleted.
# {{ttl_notes:note}}
aws dynamodb describe-time-to-live --region="$region" --table-name="$table"
: in_account aws dynamodb update-time-to-live --region="$region" --table-name="$table" \
  --time-to-live-specification={{ttl_on:sh}}

# 3. Store a hash of the token instead of the token: see the boto3 snippet.
# Taking an attribute away does not help where the token is the key of the item.
# Copies that still hold sessions:
# {{copies:own}}
# Verify: scan the table again with dynaudit.
