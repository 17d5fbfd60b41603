# Takes a secret out of an item: rotate it first, then move it, then remove it.
# Paste it step by step, and read each step before.
# Attribute: {{path:note}} in table {{table:note}}
# {{seen:note}}
# Changes: one new secret in Secrets Manager, and one attribute of one item.
# Costs: about 0.40 USD a month for the secret, and one write.
# Can break: whatever reads the attribute. Let it read the secret first.
# Undo: write the attribute again with a reference to the secret, never with the value.
# {{path_notes:note}}
table={{table_id:sh}}
region={{region:sh}}

# 1. Rotate at the issuer. Until the old value is revoked there, all else is cosmetic.

# 2. Put the new value into new-secret.txt with an editor, without a line break at the end.
# Give the secret a name of its own: put something that tells the item into the name below.
(umask 077 && : > new-secret.txt)
aws secretsmanager create-secret --region="$region" \
  --name={{secret_name:sh}} \
  --secret-string=file://new-secret.txt && rm -f new-secret.txt

# 3. Put the key of the item into key.json with an editor. Keys stay out of the shell history that way.
(umask 077 && printf '%s\n' {{item_key:sh}} > key.json)

# 4. Remove the attribute. NONE: the answer must not echo the old value.
aws dynamodb update-item --region="$region" --table-name="$table" --key=file://key.json \
  --update-expression='REMOVE '{{document_path:sh}} \
  --condition-expression='attribute_exists('{{document_path:sh}}')' \
  --expression-attribute-names={{attribute_names:sh}} \
  --return-values=NONE && rm -f key.json

# 5. Copies that still hold the old value:
# {{copies:note}}
# All of them hold only the old value: rotation at the issuer makes it worthless.
# Verify: scan the table again with dynaudit.
