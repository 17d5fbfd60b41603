# Encrypts the replica under a new customer managed key of its own Region. The key of the table itself stays.
# Replicas of one account must have the same type of key, so one update names all of them.
# Changes: one new KMS key in each Region that lacks one, and with step 2 the replica there uses it.
# Costs: 1 USD a month for each key, and KMS requests, which DynamoDB caches.
# Can break: readers in that Region that the key policy does not let in. The default key policy lets IAM of
# the account decide. Existing backups keep their old key.
# Undo: the same update with the key of before. Keep the new key as long as backups use it.
# Files are for you alone, in a directory of this finding.
dir={{dir:sh}}
table={{table_id:sh}}
region={{region:sh}}
(umask 077 && mkdir -p "$dir")

# 1. Make a key in each of those Regions, once, and write down the update.
test -s "$dir/replicas.json" || (umask 077 && \
  printf '%s\n' {{replica_updates:sh}} > "$dir/replicas.json")
for there in {{weak_regions:words}}; do
  test -s "$dir/key-$there" || (umask 077 && \
    aws kms create-key --region="$there" --description='DynamoDB replica key' \
    --query=KeyMetadata.Arn --output=text > "$dir/key.part" && \
    grep -q :key/ "$dir/key.part" && mv "$dir/key.part" "$dir/key-$there")
  test ! -s "$dir/key-$there" || (umask 077 && \
    sed "s|KEY-OF-$there-HERE|$(cat "$dir/key-$there")|" "$dir/replicas.json" \
    > "$dir/replicas.part" && mv "$dir/replicas.part" "$dir/replicas.json")
  test ! -s "$dir/key-$there" || aws kms enable-key-rotation --region="$there" \
    --key-id="$(cat "$dir/key-$there")"
done

# 2. Look at replicas.json: it has to name every Region, and no word that ends in HERE may be left.
# Then remove the leading colon and run. It changes over in the background.
: aws dynamodb update-table --region="$region" --table-name="$table" \
  --replica-updates=file://"$dir/replicas.json"

# Verify:
aws dynamodb describe-table --region="$region" --table-name="$table" \
  --query='Table.Replicas[].[RegionName,ReplicaStatus,KMSMasterKeyId]'
