# Edits the policy of the backup vault. Putting a policy replaces all of it, so it is read first.
# Recovery points of other tables and services may be in the same vault.
# Changes: the statements that you edit, no others.
# Costs: nothing.
# Can break: copies to and from other accounts that the policy let in.
# Undo: put vault-policy.before.json again.
vault={{vault:sh}}
region={{region:sh}}

# 1. Read.
aws backup get-backup-vault-access-policy --region="$region" --backup-vault-name="$vault" \
  --query=Policy --output=text > vault-policy.before.json
cp vault-policy.before.json vault-policy.json

# 2. Edit vault-policy.json: narrow Principal, Action or Condition of the statement that the finding
# names. Keep the others.

# 3. Put it.
aws backup put-backup-vault-access-policy --region="$region" --backup-vault-name="$vault" \
  --policy=file://vault-policy.json

# Verify:
aws backup get-backup-vault-access-policy --region="$region" --backup-vault-name="$vault"
