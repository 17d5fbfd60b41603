# Encrypts the table under a new customer managed key of your own account.
# The table stays available while it changes over.
# Changes: one new KMS key, the table, its indexes and its stream use it.
# Costs: 1 USD a month for the key, and KMS requests, which DynamoDB caches.
# Can break: readers that the key policy does not let in. The default key policy lets IAM of the
# account decide. Replicas need a key in their own Region. Existing backups keep their old key.
# Undo: the same update-table with Enabled=false goes back to the key that AWS owns. Keep the key
# as long as backups use it.
table={{table_id:sh}}
region={{region:sh}}

key=$(aws kms create-key --region="$region" --description='DynamoDB table key' \
  --query=KeyMetadata.Arn --output=text)
aws kms enable-key-rotation --region="$region" --key-id="$key"
aws dynamodb update-table --region="$region" --table-name="$table" \
  --sse-specification="Enabled=true,SSEType=KMS,KMSMasterKeyId=$key"

# Verify:
aws dynamodb describe-table --region="$region" --table-name="$table" --query=Table.SSEDescription

# It does not hide a stored secret from anybody who may read items: rotate and move that all the same.
