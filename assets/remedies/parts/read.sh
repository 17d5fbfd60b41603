test -s "$dir/old.json" || grep -q PUT-THE-KEY- "$dir/key.json" ||
  printf %s {{leaf:sh}} | grep -q PUT- || (umask 077 && \
  aws dynamodb get-item --region="$region" --table-name="$table" --key=file://"$dir/key.json" \
  --consistent-read --projection-expression='#a0' \
  --expression-attribute-names={{root_name:sh}} \
  --query={{leaf:sh}} --output=json > "$dir/old.part" && \
  grep -q : "$dir/old.part" && mv "$dir/old.part" "$dir/old.json")
