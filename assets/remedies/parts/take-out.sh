{{?stored}}
# What is taken out has to be stored first: until it is, values.json is not made, and step 6 does nothing.
{{?half}}
stored=$(aws secretsmanager describe-secret --region="$region" --secret-id="$name" \
  --query=Name --output=text 2> /dev/null)
{{:}}
stored=$(test ! -s "$dir/secret.part" || aws secretsmanager describe-secret --region="$region" \
  --secret-id="$name" --query=Name --output=text 2> /dev/null)
{{/}}
{{/}}
rm -f "$dir/values.json"
{{?in_key}}
# {{?token}}4{{:}}6{{/}}. It is in a key of the table, which cannot be taken out of an item: the fix of such a key makes another table.
{{:}}
{{?inside}}
test -e "$dir/new.json" || test ! -s "$dir/old.json" || (umask 077 && \
  cp "$dir/old.json" "$dir/new.json")

# Edit new.json: put {{?stored}}the name of the new secret{{:}}the word moved{{/}} in the place of the old value, and change
# nothing else.
test ! -s "$dir/old.json" || test ! -s "$dir/new.json" || \
  {{?stored}}test "$stored" != "$name" || {{/}}(umask 077 && \
  printf '{":old":%s,":new":%s}\n' "$(cat "$dir/old.json")" "$(cat "$dir/new.json")" \
  > "$dir/values.json")

# {{?token}}4{{:}}6{{/}}. Remove the leading colon and run. It is set only if it still is what old.json says.
: in_account aws dynamodb update-item --region="$region" --table-name="$table" \
  --key=file://"$dir/key.json" \
  --update-expression='SET '{{document_path:sh}}' = :new' \
  --condition-expression={{document_path:sh}}' = :old' \
  --expression-attribute-names={{attribute_names:sh}} \
  --expression-attribute-values=file://"$dir/values.json" --return-values=NONE
{{:}}
{{?element}}
word={{?stored}}$name{{:}}moved{{/}}
# Where old.json is a set, there is no values.json: the command for lists would put a word in the place of all of it.
test ! -s "$dir/old.json" || grep -q -e '"[SNB]S"' "$dir/old.json" || \
  {{?stored}}test "$stored" != "$name" || {{/}}(umask 077 && \
  printf '{":old":%s,":name":{"S":"%s"}}\n' "$(cat "$dir/old.json")" "$word" > "$dir/values.json")

# {{?token}}4{{:}}6{{/}}. When nothing reads it any more, remove the leading colon and run. Of a list
# {{?stored}}the name of the secret{{:}}the word moved{{/}} takes its place,
# so that the other elements keep theirs; only if it still is what old.json says. NONE: the answer must not echo it.
: in_account aws dynamodb update-item --region="$region" --table-name="$table" \
  --key=file://"$dir/key.json" \
  --update-expression='SET '{{document_path:sh}}' = :name' \
  --condition-expression={{document_path:sh}}' = :old' \
  --expression-attribute-names={{attribute_names:sh}} \
  --expression-attribute-values=file://"$dir/values.json" --return-values=NONE

# Of a set, not of a list: put the element into element.json with an editor, remove the leading colon and run. The
# other elements stay. SS is a set of texts, NS of numbers, BS of bytes.
test -e "$dir/element.json" || (umask 077 && \
  printf '%s\n' '{":element":{"SS":["PUT-THE-ELEMENT-HERE"]}}' > "$dir/element.json")
rm -f "$dir/element.put.json"
{{?stored}}
test "$stored" != "$name" || \
{{/}}
(umask 077 && cp "$dir/element.json" "$dir/element.put.json")
: in_account aws dynamodb update-item --region="$region" --table-name="$table" \
  --key=file://"$dir/key.json" \
  --update-expression='DELETE '{{set_path:sh}}' :element' \
  --expression-attribute-names={{attribute_names:sh}} \
  --expression-attribute-values=file://"$dir/element.put.json" --return-values=NONE
{{:}}
{{?stored}}
test ! -s "$dir/old.json" || test "$stored" != "$name" || (umask 077 && \
  printf '{":old":%s,":name":{"S":"%s"}}\n' "$(cat "$dir/old.json")" "$name" > "$dir/values.json")

# {{?token}}4{{:}}6{{/}}. When nothing reads the attribute any more, remove the leading colon and run. It is removed only if it
# still is what old.json says, and the name of the secret takes its place under a name of its own that is free.
# NONE: the answer must not echo the old value.
: in_account aws dynamodb update-item --region="$region" --table-name="$table" \
  --key=file://"$dir/key.json" \
  --update-expression='SET #name = :name REMOVE '{{document_path:sh}} \
  --condition-expression={{document_path:sh}}' = :old'' AND attribute_not_exists(#name)' \
  --expression-attribute-names={{attribute_names_and_reference:sh}} \
  --expression-attribute-values=file://"$dir/values.json" --return-values=NONE
{{:}}
test ! -s "$dir/old.json" || (umask 077 && \
  printf '{":old":%s}\n' "$(cat "$dir/old.json")" > "$dir/values.json")

# {{?token}}4{{:}}6{{/}}. When nothing reads the attribute any more, remove the leading colon and run. It is removed only if it
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
{{/}}
