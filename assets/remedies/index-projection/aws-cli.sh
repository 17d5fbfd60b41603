# Replaces an index by one that carries keys only. What an index carries cannot be changed in place.
# One create or delete a call: make the new one, wait, move readers, and only then delete the old one.
# This is for the index {{index:note}}
# {{index_notes:note}}
# {{index_key_note:note}}
# Changes: one new index, later the old one goes. One of them a call.
# Costs: writes for every item while the new index fills, and its storage. By being pasted nothing is made.
# Can break: queries that need an attribute which the new index lacks. If they need some, use
# ProjectionType INCLUDE with NonKeyAttributes, and leave the secret out.
# Undo: before step 3, delete the new index.
table={{table_id:sh}}
region={{region:sh}}

# 1. Make the new one: remove the leading colon and run. A second one of the name is refused.
: in_account aws dynamodb update-table --region="$region" --table-name="$table" \
  --attribute-definitions={{index_attributes:sh}} \
  --global-secondary-index-updates={{index_create:sh}}

# 2. Wait until the status is ACTIVE, then let readers use {{index_v2:note}}
# Verify:
aws dynamodb describe-table --region="$region" --table-name="$table" \
  --query='Table.GlobalSecondaryIndexes[].[IndexName,IndexStatus]'

# 3. When nobody reads the old one any more, remove the leading colon and run:
: in_account aws dynamodb update-table --region="$region" --table-name="$table" \
  --global-secondary-index-updates={{index_delete:sh}}
