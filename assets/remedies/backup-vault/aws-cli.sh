# Edits the policy of the backup vault. Putting a policy replaces all of it, so it is read first.
# Recovery points of other tables and services may be in the same vault.
# Changes: the statements that you edit, no others.
# Costs: nothing.
# Can break: copies to and from other accounts that the policy let in.
# Undo: put vault-policy.before.json again.
# Files are for you alone, in a directory of this finding. What was read first is never written over: for
# another change, on another day, use another directory name here.
dir={{dir:sh}}
vault={{vault:sh}}
region={{region:sh}}
(umask 077 && mkdir -p "$dir")

# 1. Read, once.
test -s "$dir/vault-policy.before.json" || (umask 077 && \
  aws backup get-backup-vault-access-policy --region="$region" --backup-vault-name="$vault" \
  --query=Policy --output=text > "$dir/vault-policy.part" && \
  grep -q Statement "$dir/vault-policy.part" && \
  mv "$dir/vault-policy.part" "$dir/vault-policy.before.json")
test ! -s "$dir/vault-policy.before.json" || test -e "$dir/vault-policy.json" || \
  cp "$dir/vault-policy.before.json" "$dir/vault-policy.json"

# 2. Edit vault-policy.json: narrow Principal, Action or Condition of the statement that the finding
# names. Keep the others.

# 3. Remove the leading colon and run. There is a file to put only while the policy of the vault still is
# the one of vault-policy.before.json.
test -s "$dir/vault-policy.before.json" && test "$(aws backup get-backup-vault-access-policy \
  --region="$region" --backup-vault-name="$vault" --query=Policy --output=text)" \
  = "$(cat "$dir/vault-policy.before.json")" && \
  cp "$dir/vault-policy.json" "$dir/vault-policy.put.json" || rm -f "$dir/vault-policy.put.json"
: aws backup put-backup-vault-access-policy --region="$region" --backup-vault-name="$vault" \
  --policy=file://"$dir/vault-policy.put.json"

# Verify:
aws backup get-backup-vault-access-policy --region="$region" --backup-vault-name="$vault"
