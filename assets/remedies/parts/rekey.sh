# 1. Make a key in each Region that lacks one of its own, once, and write down the update.
test -s "$dir/replicas.json" || (umask 077 && \
  printf '%s\n' {{replica_updates:sh}} > "$dir/replicas.json")
for there in {{weak_regions:words}}; do
  test -s "$dir/key-$there" || { (umask 077 && \
    in_account aws kms create-key --region="$there" --description='DynamoDB table key' \
    --query=KeyMetadata.Arn --output=text > "$dir/key.part") && \
    grep -q :key/ "$dir/key.part" && mv "$dir/key.part" "$dir/key-$there"; }
  test ! -s "$dir/key-$there" || (umask 077 && \
    sed "s|KEY-OF-$there-HERE|$(cat "$dir/key-$there")|" "$dir/replicas.json" \
    > "$dir/replicas.part" && mv "$dir/replicas.part" "$dir/replicas.json")
  test ! -s "$dir/key-$there" || in_account aws kms enable-key-rotation --region="$there" \
    --key-id="$(cat "$dir/key-$there")"
done

# 2. Look at replicas.json: it has to name every Region. Then remove the leading colon and run. It changes over
# in the background. It is one update of all Regions, the own included: any other is refused.
: in_account aws dynamodb update-table --region="$region" --table-name="$table" \
  --replica-updates=file://"$dir/replicas.json"

# Verify:
aws dynamodb describe-table --region="$region" --table-name="$table" \
  --query='Table.[SSEDescription,Replicas[].[RegionName,ReplicaStatus,KMSMasterKeyId]]'
