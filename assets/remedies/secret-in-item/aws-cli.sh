# Takes a secret out of an item: rotate it first, then move it, then remove it.
# Paste all of it again after each step that is yours: what is done already is not done twice.
# Attribute: {{path:note}} in table {{table:note}}
# {{seen:note}}
# Changes: one new secret in Secrets Manager, and one attribute of one item.
# Costs: about 0.40 USD a month for the secret, and one write.
# Can break: whatever reads the attribute. Let it read the secret first.
# Undo: write the attribute again with a reference to the secret. What was there is in old.json.
# {{path_notes:note}}
# Files are for you alone, in a directory of this finding. For another item use another directory name here.
dir={{dir:sh}}
table={{table_id:sh}}
region={{region:sh}}
(umask 077 && mkdir -p "$dir")

# 1. {{first_step:note}}

# 2. Put the new value into secret.txt with an editor, without a line break at the end.
# Give the secret a name of its own: put something that identifies the item into the name below.
test -e "$dir/secret.txt" || (umask 077 && : > "$dir/secret.txt")
name={{secret_name:sh}}
test ! -s "$dir/secret.txt" || test -e "$dir/secret.made" || case "$name" in
  *HERE) printf '%s\n' 'give the secret a name first' ;;
  *) aws secretsmanager create-secret --region="$region" --name="$name" \
    --secret-string=file://"$dir/secret.txt" && (umask 077 && : > "$dir/secret.made") ;;
esac

# 3. Put the key of the item into key.json with an editor. Keys stay out of the shell history that way.
test -e "$dir/key.json" || (umask 077 && printf '%s\n' {{item_key:sh}} > "$dir/key.json")

# 4. What is there now goes into old.json, once. Let the readers read the secret from here on.
test -s "$dir/old.json" || grep -q PUT-THE-KEY-HERE "$dir/key.json" || (umask 077 && \
  aws dynamodb get-item --region="$region" --table-name="$table" --key=file://"$dir/key.json" \
  --consistent-read --projection-expression='#a0' \
  --expression-attribute-names={{root_name:sh}} \
  --query={{leaf:sh}} --output=json > "$dir/old.part" && \
  grep -q : "$dir/old.part" && mv "$dir/old.part" "$dir/old.json")
test ! -s "$dir/old.json" || (umask 077 && \
  printf '{":old":%s}\n' "$(cat "$dir/old.json")" > "$dir/values.json")

# 5. When nothing reads the attribute any more, remove the leading colon and run. It is removed only if it
# still is what old.json says. NONE: the answer must not echo the old value.
: aws dynamodb update-item --region="$region" --table-name="$table" --key=file://"$dir/key.json" \
  --update-expression='REMOVE '{{document_path:sh}} \
  --condition-expression={{document_path:sh}}' = :old' \
  --expression-attribute-names={{attribute_names:sh}} \
  --expression-attribute-values=file://"$dir/values.json" --return-values=NONE

# 6. Delete the directory of this finding, its files hold secrets. Copies that still hold the old value:
# {{copies:note}}
# All of them hold only the old value: rotation at the issuer makes it worthless.
# Verify: scan the table again with dynaudit.
