# A key of KMS for a Region, once: a second run finds it by its alias, from whatever directory. Its ARN goes into a file.
alias={{key_alias:sh}}
{{?table_key}}
# Whoever of the account may read the table may use the key through DynamoDB, as it is with the key that AWS manages.
test -s "$dir/key-policy.json" || (umask 077 && \
  printf '%s\n' {{table_key_policy:sh}} > "$dir/key-policy.json")
{{/}}
make_key() {
  for there in "$@"; do
    test ! -s "$dir/key-$there" || continue
    id=$(aws kms list-aliases --region="$there" --output=text \
      --query="Aliases[?AliasName=='$alias'].TargetKeyId") || return 1
    if [ -z "$id" ] || [ "$id" = None ]; then
{{?table_key}}
      (umask 077 && sed "s/REGION-OF-THE-KEY/$there/g" "$dir/key-policy.json" \
        > "$dir/key-policy-$there.json")
      test -s "$dir/id-$there" || { (umask 077 && aws kms create-key --region="$there" \
        --policy=file://"$dir/key-policy-$there.json" \
        --description="$alias" --query{{:}}
      test -s "$dir/id-$there" || { (umask 077 && aws kms create-key --region="$there" \
        --description="$alias" --query{{/}}=KeyMetadata.KeyId --output=text > "$dir/id.part") && \
        mv "$dir/id.part" "$dir/id-$there"; } || return 1
      id=$(cat "$dir/id-$there")
      aws kms create-alias --region="$there" --alias-name="$alias" \
        --target-key-id="$id" || return 1
    fi
    aws kms enable-key-rotation --region="$there" --key-id="$id" || return 1
    (umask 077 && aws kms describe-key --region="$there" --key-id="$id" \
      --query=KeyMetadata.Arn --output=text > "$dir/key.part") || return 1
    grep -q :key/ "$dir/key.part" && mv "$dir/key.part" "$dir/key-$there"
  done
}
