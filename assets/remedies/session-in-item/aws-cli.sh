# Lets sessions expire. Whoever read the table can use a session until it ends.
# Taking an attribute away does not help where the token is the key of the item.
# Attribute: {{path:note}} in table {{table:note}}
# Changes: time to live looks at the attribute below and removes items after their time.
# Costs: nothing, deletions by time to live are free.
# Can break: sessions without the attribute stay, those with a past time go within days.
# Undo: the same command with Enabled false, AWS allows one change an hour.
# The attribute has to be a number of seconds since 1970, not milliseconds and not a date as text.
table={{table_arn:sh}}
region={{region:sh}}

# 1. End the sessions that were exposed, in the application. Django: python manage.py clearsessions removes expired ones only.

# 2. Let the rest expire.
aws dynamodb update-time-to-live --region="$region" --table-name="$table" --time-to-live-specification={{ttl_on:sh}}

# Verify:
aws dynamodb describe-time-to-live --region="$region" --table-name="$table"

# 3. Store a hash of the token instead of the token: see the boto3 tab.
# Copies that still hold sessions:
# {{copies:note}}
