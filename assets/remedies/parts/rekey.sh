test -s "$dir/replicas.json" || (umask 077 && \
  printf '%s\n' {{replica_updates:sh}} > "$dir/replicas.json")
{{>make-key.sh}}
# 1. Make a key in each Region that lacks one of its own: remove the leading colon and run. Each costs 1 USD a month.
: in_account make_key {{weak_regions:words}}
for there in {{weak_regions:words}}; do
  test ! -s "$dir/key-$there" || (umask 077 && \
    sed "s|KEY-OF-$there-HERE|$(cat "$dir/key-$there")|" "$dir/replicas.json" \
    > "$dir/replicas.part" && mv "$dir/replicas.part" "$dir/replicas.json")
done

# 2. Look at replicas.json: it has to name every Region. Then remove the leading colon and run. It changes over
# in the background. It is one update of all Regions, the own included: any other is refused.
: in_account aws dynamodb update-table --region="$region" --table-name="$table" \
  --replica-updates=file://"$dir/replicas.json"

# Verify:
aws dynamodb describe-table --region="$region" --table-name="$table" \
  --query='Table.[SSEDescription,Replicas[].[RegionName,ReplicaStatus,KMSMasterKeyId]]'
