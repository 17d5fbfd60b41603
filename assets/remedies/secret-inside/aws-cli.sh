# Takes a secret out of a value that holds more, and leaves the rest of it as it is.
# Paste all of it again after each step that is yours: what is done already is not done twice.
# Attribute: {{path:note}} in table {{table:note}}
# {{inside_notes:note}}
# {{seen:note}}
# Changes: one new secret in Secrets Manager, and those characters of one value.
# Costs: about 0.40 USD a month for the secret, and one write.
# Can break: whatever reads the secret from there. Let it read Secrets Manager first.
# Undo: the same command with old.json and new.json the other way round.
# {{path_notes:note}}
# Files are for you alone, in a directory of this finding. For another item use another directory name here.
dir={{dir:sh}}
table={{table_id:sh}}
region={{region:sh}}
(umask 077 && mkdir -p "$dir")

# 1. {{first_step:note}}

# 2. Put the value for Secrets Manager into secret.txt with an editor, without a line break at the end.
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

# 4. What is there now goes into old.json, once, and a copy of it into new.json.
test -s "$dir/old.json" || grep -q PUT-THE-KEY-HERE "$dir/key.json" || (umask 077 && \
  aws dynamodb get-item --region="$region" --table-name="$table" --key=file://"$dir/key.json" \
  --consistent-read --projection-expression='#a0' \
  --expression-attribute-names={{root_name:sh}} \
  --query={{leaf:sh}} --output=json > "$dir/old.part" && \
  grep -q : "$dir/old.part" && mv "$dir/old.part" "$dir/old.json")
test -e "$dir/new.json" || test ! -s "$dir/old.json" || (umask 077 && \
  cp "$dir/old.json" "$dir/new.json")

# 5. Edit new.json: put the ARN of the new secret in the place of the old value, and change nothing else.
test ! -s "$dir/old.json" || test ! -s "$dir/new.json" || (umask 077 && \
  printf '{":old":%s,":new":%s}\n' "$(cat "$dir/old.json")" "$(cat "$dir/new.json")" \
  > "$dir/values.json")

# 6. Remove the leading colon and run. It is set only if it still is what old.json says.
: aws dynamodb update-item --region="$region" --table-name="$table" --key=file://"$dir/key.json" \
  --update-expression='SET '{{document_path:sh}}' = :new' \
  --condition-expression={{document_path:sh}}' = :old' \
  --expression-attribute-names={{attribute_names:sh}} \
  --expression-attribute-values=file://"$dir/values.json" --return-values=NONE

# 7. Delete the directory of this finding, its files hold secrets. Copies that still hold the old value:
# {{copies:note}}
# Verify: scan the table again with dynaudit.
