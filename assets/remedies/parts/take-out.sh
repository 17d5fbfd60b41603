{{?in_key}}
# 6. It is in a key of the table, which cannot be taken out of an item: the fix of such a key makes another table.
{{:}}
{{?inside}}
test -e "$dir/new.json" || test ! -s "$dir/old.json" || (umask 077 && \
  cp "$dir/old.json" "$dir/new.json")

# Edit new.json: put {{?stored}}the name of the new secret{{:}}the word moved{{/}} in the place of the old value, and change
# nothing else.
test ! -s "$dir/old.json" || test ! -s "$dir/new.json" || (umask 077 && \
  printf '{":old":%s,":new":%s}\n' "$(cat "$dir/old.json")" "$(cat "$dir/new.json")" \
  > "$dir/values.json")

# 6. Remove the leading colon and run. It is set only if it still is what old.json says.
: in_account aws dynamodb update-item --region="$region" --table-name="$table" \
  --key=file://"$dir/key.json" \
  --update-expression='SET '{{document_path:sh}}' = :new' \
  --condition-expression={{document_path:sh}}' = :old' \
  --expression-attribute-names={{attribute_names:sh}} \
  --expression-attribute-values=file://"$dir/values.json" --return-values=NONE
{{:}}
{{?stored}}
test ! -s "$dir/old.json" || (umask 077 && \
  printf '{":old":%s,":name":{"S":"%s"}}\n' "$(cat "$dir/old.json")" "$name" > "$dir/values.json")

# 6. When nothing reads the attribute any more, remove the leading colon and run. It is removed only if it
# still is what old.json says, and the name of the secret takes its place under a name of its own.
# NONE: the answer must not echo the old value.
: in_account aws dynamodb update-item --region="$region" --table-name="$table" \
  --key=file://"$dir/key.json" \
  --update-expression='SET #name = :name REMOVE '{{document_path:sh}} \
  --condition-expression={{document_path:sh}}' = :old' \
  --expression-attribute-names={{attribute_names_and_reference:sh}} \
  --expression-attribute-values=file://"$dir/values.json" --return-values=NONE
{{:}}
test ! -s "$dir/old.json" || (umask 077 && \
  printf '{":old":%s}\n' "$(cat "$dir/old.json")" > "$dir/values.json")

# 6. When nothing reads the attribute any more, remove the leading colon and run. It is removed only if it
# still is what old.json says. NONE: the answer must not echo the old value.
: in_account aws dynamodb update-item --region="$region" --table-name="$table" \
  --key=file://"$dir/key.json" \
  --update-expression='REMOVE '{{document_path:sh}} \
  --condition-expression={{document_path:sh}}' = :old' \
  --expression-attribute-names={{attribute_names:sh}} \
  --expression-attribute-values=file://"$dir/values.json" --return-values=NONE
{{/}}
{{/}}
{{/}}
