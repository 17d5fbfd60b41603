# Keeps a copy of a value in Secrets Manager. It may be the only copy, so nothing is taken out of the item here.
# Paste all of it again after each step that is yours: what is done already is not done twice.
# Attribute: {{path:note}} in table {{table:note}}
# {{seen:note}}
# Changes: one new secret in Secrets Manager. The item stays as it is.
# Costs: about 0.40 USD a month for the secret.
# Can break: nothing.
# Undo: delete-secret, AWS keeps it for 30 days.
{{?path_hints}}
# {{path_hints:note}}
{{/}}
# Files are for you alone, in a directory of this finding. For another item use another directory name here.
dir={{dir:sh}}
table={{table_id:sh}}
region={{region:sh}}
name={{secret_name:sh}}
{{>directory.sh}}

# 1. {{first_step:own}}

# 2. The key of the item.
{{>item.sh}}

# 3. The value goes into old.json, once.
{{>read.sh}}

# 4. Put the value itself into secret.txt with an editor, without a line break at the end.
# Give the secret a name of its own: put something that identifies the item into the name above. Then remove the
# leading colon and run.
test -e "$dir/secret.txt" || (umask 077 && : > "$dir/secret.txt")
: in_account aws secretsmanager create-secret --region="$region" --name="$name" \
  --secret-string=file://"$dir/secret.txt"

# Verify: this says same where Secrets Manager has what is in secret.txt. Compare that with old.json
# yourself, and look for a line break at its end.
test ! -s "$dir/secret.txt" || test "$(cat "$dir/secret.txt")" != "$(aws secretsmanager \
  get-secret-value --region="$region" --secret-id="$name" --query=SecretString --output=text)" || \
  echo same

# 5. Let few read the attribute, and let its readers read the secret. Delete the directory, its files hold secrets.
# What becomes of the value in the item is for its owner to decide, once the copy was used and works.
# Copies that hold it too:
# {{copies:own}}
