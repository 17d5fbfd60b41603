# Moves to a new table whose key is a hash. A key attribute cannot be removed or changed in place.
# Taking the items out and putting them in again under a hash is in the boto3 snippet.
# Key: {{secret_key:note}} of table {{table:note}}
# Changes: one new table. The old one stays until you delete it.
# {{first_step:own}}
# Costs: storage and writes of the new table, on demand. By being pasted nothing is made.
# Can break: nothing until readers move over, they have to hash the token before they look it up.
# Undo: switch deletion protection of the new table off, then delete it.
region={{region:sh}}

# 1. Remove the leading colon and run. Run twice it makes no second table: DynamoDB refuses a name that is there.
: in_account aws dynamodb create-table --region="$region" \
  --table-name={{new_table:sh}} \
  --attribute-definitions={{new_attributes:sh}} \
  --key-schema={{new_keys:sh}} \
{{?customer_key}}
  --sse-specification={{sse:sh}} \
{{/}}
  --billing-mode=PAY_PER_REQUEST --deletion-protection-enabled

# 2. Wait until this says ACTIVE.
# Verify:
aws dynamodb describe-table --region="$region" --table-name={{new_table:sh}} \
  --query=Table.TableStatus

# 3. Give it the indexes,{{?customer_key}}{{:}} the encryption,{{/}} the recovery and the time to live of the old one before readers move.
# Delete the old table when nobody reads it. Copies that outlive it:
# {{copies:own}}
