# Ends a token or link that only has to be known again, never to be read, and takes it out of the item.
# Paste all of it again after each step that is yours: what is done already is not done twice.
{{?inside}}
# A word comes in its place: it is a part of a longer text or document.
{{:}}
# Its hash comes in its place.
{{/}}
# Attribute: {{path:note}} in table {{table:note}}
# {{found:note}}
{{?inside}}
# {{inside_notes:note}}
# Changes: one attribute of one item: the word moved comes in the place of the token.
# Costs: one write.
# Can break: whoever still wants to use it from there.
# Undo: the same command with old.json and new.json the other way round.
{{:}}
# Changes: one attribute of one item: the token goes, its SHA-256 comes, under a name of its own.
# Costs: one write.
# Can break: whatever compares the token itself. Let it compare hashes first: the code is in the boto3 snippet.
# Undo: write the attribute again from old.json.
{{/}}
# {{exposure:note}}
{{>files.sh}}
{{>@ways}}

{{?inside}}
# 2. Let the application write no more of them into texts.
{{:}}
# 2. Let the application store and compare the hash, and both for as long as old tokens live.
{{/}}

# 3. What is there now goes into old.json, once.
{{>item.sh}}
{{>read.sh}}
{{?inside}}
{{>take-out.sh}}
{{:}}
token=$(test ! -s "$dir/old.json" || sed -n 's/.*"S": *"\(.*\)".*/\1/p' "$dir/old.json")
test -z "$token" || (umask 077 && printf '{":old":%s,":hash":{"S":"%s"}}\n' \
  "$(cat "$dir/old.json")" \
  "$(printf %s "$token" | openssl dgst -sha256 -r | cut -d ' ' -f 1)" > "$dir/values.json")
unset token

# 4. Remove the leading colon and run. It is changed only if it still is what old.json says, and only if the hash of no
# other token is there already.
# NONE: the answer must not echo the old value.
: in_account aws dynamodb update-item --region="$region" --table-name="$table" \
  --key=file://"$dir/key.json" \
  --update-expression='SET #hash = :hash REMOVE '{{document_path:sh}} \
  --condition-expression={{document_path:sh}}' = :old'' AND attribute_not_exists(#hash)' \
  --expression-attribute-names={{attribute_names_and_hash:sh}} \
  --expression-attribute-values=file://"$dir/values.json" --return-values=NONE
{{/}}

# 5. Delete the directory of this finding, its files hold secrets.
{{>copies.txt}}
# Verify: scan the table again with dynaudit.
