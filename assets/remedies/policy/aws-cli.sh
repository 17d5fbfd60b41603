# Puts a policy in the place of the one that was read: the whole document, with the statements changed that are wrong.
# Putting a policy replaces all of it. The document below has all of it, changed in what is named.
{{?computed}}
# {{policy_changes:note}}
# Stops working once it is put:
# {{policy_ends:note}}
{{:}}
# There is no command to paste here: {{policy_why:note}}
# Edit the document by hand: narrow Principal, Action or Condition of the statement that the finding names, keep the
# others, and put it with the revision that was read.
{{/}}
# Changes: the policy of {{policy_of:note}}, in the statements that are named above.
# Costs: nothing.
# Can break: whoever used what is taken away. CloudTrail shows who did, ask them first.
{{?key_policy}}
# A statement by which the account can put another policy of the key is kept: without one nobody could ever again.
{{/}}
# Undo: put policy.before.json of the directory below by the command of step 3, over the revision of then.
{{?merged}}
{{:}}
# Other findings of this policy change the same document, each by itself: dynaudit fix with all their ids and --runbook puts
# them into one.
{{/}}
# Files are for you alone, in a directory of this finding. What was read first is never written over.
dir={{dir:sh}}
resource={{policy_resource:sh}}
region={{region:sh}}
{{>directory.sh}}

{{?revisioned}}
# 1. What is there now, in one answer: the revision and the policy.
test -s "$dir/answer" || (umask 077 && \
  aws dynamodb get-resource-policy --region="$region" --resource-arn="$resource" \
  --query='[RevisionId,Policy]' --output=text > "$dir/answer.part" && \
  grep -q Statement "$dir/answer.part" && mv "$dir/answer.part" "$dir/answer")
test ! -s "$dir/answer" || test -s "$dir/policy.before.json" || (umask 077 && \
  sed '1s/^[^[:space:]]*[[:space:]]//' "$dir/answer" > "$dir/policy.before.json")
{{?computed}}

# 2. What is proposed. It was made from the revision that was read, and is put over no other.
# What you write into policy.json stays until something else is proposed.
(umask 077 && printf '%s\n' {{policy_after:doc}} > "$dir/proposed.new" && \
  { cmp -s "$dir/proposed.new" "$dir/proposed.json" || \
  { cp "$dir/proposed.new" "$dir/policy.json" && mv "$dir/proposed.new" "$dir/proposed.json"; }; })
{{?has_policy}}
# Without what was there, nothing is put: there would be no way back.
{ test -s "$dir/policy.before.json" && cp "$dir/policy.json" "$dir/policy.put.json"; } || \
  rm -f "$dir/policy.put.json"
{{:}}
cp "$dir/policy.json" "$dir/policy.put.json"
{{/}}
{{?filled_revision}}
revision={{revision:sh}}
{{:}}
# The revision was not read, so the policy has to be the one that was audited.
revision=
test "$(printf %s "$(cat "$dir/policy.before.json" 2> /dev/null)" | openssl dgst -sha256 -r | \
  cut -c 1-64)" != {{policy_hash:sh}} || revision=$(sed -n '1s/[[:space:]].*//p' "$dir/answer")
{{/}}

# 3. Look at both files. Then remove the leading colon and run. Another revision is refused: then read anew.
: in_account aws dynamodb put-resource-policy --region="$region" --resource-arn="$resource" \
  --policy=file://"$dir/policy.put.json" --expected-revision-id="$revision"
{{/}}

# Verify: some seconds later this shows what was put.
aws dynamodb get-resource-policy --region="$region" --resource-arn="$resource" \
  --query=Policy --output=text | LC_ALL=C tr -cd '[:print:]\n'
{{/}}
{{?key_policy}}
# 1. What is there now, once. A key that is shared through AWS RAM has a second policy, AWS_RAM: what that lets in
# ends in RAM alone. aws kms list-key-policies shows whether there is one.
test -s "$dir/policy.before.json" || (umask 077 && \
  aws kms get-key-policy --region="$region" --key-id="$resource" --policy-name=default \
  --query=Policy --output=text > "$dir/policy.part" && \
  grep -q Statement "$dir/policy.part" && mv "$dir/policy.part" "$dir/policy.before.json")
{{?computed}}

# 2. What is proposed. KMS has no revision: it is put only while the policy still is the one that was audited.
# What you write into policy.json stays until something else is proposed.
(umask 077 && printf '%s\n' {{policy_after:doc}} > "$dir/proposed.new" && \
  { cmp -s "$dir/proposed.new" "$dir/proposed.json" || \
  { cp "$dir/proposed.new" "$dir/policy.json" && mv "$dir/proposed.new" "$dir/proposed.json"; }; })
test "$(printf %s "$(cat "$dir/policy.before.json" 2> /dev/null)" | openssl dgst -sha256 -r | \
  cut -c 1-64)" = {{policy_hash:sh}} && \
  test "$(aws kms get-key-policy --region="$region" \
  --key-id="$resource" --policy-name=default --query=Policy --output=text)" \
  = "$(cat "$dir/policy.before.json")" && \
  cp "$dir/policy.json" "$dir/policy.put.json" || rm -f "$dir/policy.put.json"

# 3. Look at both files. Then remove the leading colon and run. KMS refuses a policy under which you could
# not put another one.
: in_account aws kms put-key-policy --region="$region" --key-id="$resource" --policy-name=default \
  --policy=file://"$dir/policy.put.json"
{{/}}

# Verify:
aws kms get-key-policy --region="$region" --key-id="$resource" --policy-name=default \
  --query=Policy --output=text | LC_ALL=C tr -cd '[:print:]\n'
{{/}}
{{?vault_policy}}
# 1. What is there now, once. Recovery points of other tables and services may be in the same vault.
test -s "$dir/policy.before.json" || (umask 077 && \
  aws backup get-backup-vault-access-policy --region="$region" --backup-vault-name="$resource" \
  --query=Policy --output=text > "$dir/policy.part" && \
  grep -q Statement "$dir/policy.part" && mv "$dir/policy.part" "$dir/policy.before.json")
{{?computed}}

# 2. What is proposed. AWS Backup has no revision: it is put only while the policy still is the one audited.
# What you write into policy.json stays until something else is proposed.
(umask 077 && printf '%s\n' {{policy_after:doc}} > "$dir/proposed.new" && \
  { cmp -s "$dir/proposed.new" "$dir/proposed.json" || \
  { cp "$dir/proposed.new" "$dir/policy.json" && mv "$dir/proposed.new" "$dir/proposed.json"; }; })
test "$(printf %s "$(cat "$dir/policy.before.json" 2> /dev/null)" | openssl dgst -sha256 -r | \
  cut -c 1-64)" = {{policy_hash:sh}} && \
  test "$(aws backup get-backup-vault-access-policy \
  --region="$region" --backup-vault-name="$resource" --query=Policy --output=text)" \
  = "$(cat "$dir/policy.before.json")" && \
  cp "$dir/policy.json" "$dir/policy.put.json" || rm -f "$dir/policy.put.json"

# 3. Look at both files. Then remove the leading colon and run.
: in_account aws backup put-backup-vault-access-policy --region="$region" \
  --backup-vault-name="$resource" --policy=file://"$dir/policy.put.json"
{{/}}

# Verify:
aws backup get-backup-vault-access-policy --region="$region" --backup-vault-name="$resource" \
  --query=Policy --output=text | LC_ALL=C tr -cd '[:print:]\n'
{{/}}
