# Edits the policy of the key. Putting a policy replaces all of it, so it is read first.
# KMS has no revision to guard with: see that nobody else edits it at the same time.
# Keep the statement of the account root, or nobody can change the key any more.
# Changes: the statements that you edit, no others.
# Costs: nothing.
# Can break: whoever used what you take away, and with them the table. CloudTrail shows who did.
# Undo: put key-policy.before.json again.
key={{key_arn:sh}}
region={{region:sh}}

# 1. Read. Only the default policy exists.
aws kms get-key-policy --region="$region" --key-id="$key" --policy-name=default --query=Policy \
  --output=text > key-policy.before.json
cp key-policy.before.json key-policy.json

# 2. Edit key-policy.json: narrow Principal, Action or Condition of the statement that the finding
# names. Keep the others.

# 3. Put it. KMS refuses a policy under which you could not put another one.
aws kms put-key-policy --region="$region" --key-id="$key" --policy-name=default \
  --policy=file://key-policy.json

# Verify:
aws kms get-key-policy --region="$region" --key-id="$key" --policy-name=default
