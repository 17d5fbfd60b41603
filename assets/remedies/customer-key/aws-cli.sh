# Encrypts the table under a new customer managed key of your own account, which costs 1 USD a month.
# The table stays available while it changes over. By being pasted nothing is made.
# Changes: with step 1 one new KMS key, and with step 2 the table, its indexes and its stream use it.
# Costs: 1 USD a month for the key, and KMS requests, which DynamoDB caches.
# Can break: readers of other accounts, whom the key policy does not let in: name them there. Those of the account may use
# the key through DynamoDB. Existing backups keep their old key.
{{?global}}
# The table has replicas: each Region gets a key of its own, and one update changes all of them over.
# Undo: the same update with the keys of before. Keep the new keys as long as backups use them.
{{:}}
# Undo: the same update-table with Enabled=true,SSEType=KMS goes back to the key that AWS manages, with
# Enabled=false to the key that AWS owns: whichever it was before. Keep the key
# as long as backups use it.
{{/}}
# Files are for you alone, in a directory of this finding.
dir={{dir:sh}}
table={{table_id:sh}}
region={{region:sh}}
{{>directory.sh}}

{{?global}}
{{>rekey.sh}}
{{:}}
{{>make-key.sh}}
# 1. Make the key: remove the leading colon and run. It costs 1 USD a month from then on.
: in_account make_key "$region"
key=$(cat "$dir/key-$region" 2> /dev/null || echo "KEY-OF-$region-HERE")

# 2. When every reader may use the key, remove the leading colon and run.
: in_account aws dynamodb update-table --region="$region" --table-name="$table" \
  --sse-specification="Enabled=true,SSEType=KMS,KMSMasterKeyId=$key"

# Verify:
aws dynamodb describe-table --region="$region" --table-name="$table" --query=Table.SSEDescription
{{/}}

# It does not hide a stored secret from anybody who may read items: rotate and move that all the same.
