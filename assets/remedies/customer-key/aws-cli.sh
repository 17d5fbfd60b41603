# Encrypts the table under a new customer managed key of your own account.
# The table stays available while it changes over.
# Changes: one new KMS key, and with step 2 the table, its indexes and its stream use it.
# Costs: 1 USD a month for the key, and KMS requests, which DynamoDB caches.
# Can break: readers that the key policy does not let in. The default key policy lets IAM of the
# account decide. Existing backups keep their old key.
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
(umask 077 && mkdir -p "$dir")

{{?global}}
{{>rekey.sh}}
{{:}}
# 1. Make the key, once: its ARN goes into a file, and a second run finds it there.
test -s "$dir/key" || { (umask 077 && \
  in_account aws kms create-key --region="$region" --description='DynamoDB table key' \
  --query=KeyMetadata.Arn --output=text > "$dir/key.part") && \
  grep -q :key/ "$dir/key.part" && mv "$dir/key.part" "$dir/key"; }
key=$(test ! -s "$dir/key" || cat "$dir/key")
test -z "$key" || in_account aws kms enable-key-rotation --region="$region" --key-id="$key"

# 2. When every reader may use the key, remove the leading colon and run.
: in_account aws dynamodb update-table --region="$region" --table-name="$table" \
  --sse-specification="Enabled=true,SSEType=KMS,KMSMasterKeyId=${key:?}"

# Verify:
aws dynamodb describe-table --region="$region" --table-name="$table" --query=Table.SSEDescription
{{/}}

# It does not hide a stored secret from anybody who may read items: rotate and move that all the same.
