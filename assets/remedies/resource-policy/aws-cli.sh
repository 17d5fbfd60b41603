# Edits the policy of the table. Putting a policy replaces all of it, so it is read first.
# The revision guards against a change by somebody else in between.
# Changes: the statements that you edit, no others.
# Costs: nothing.
# Can break: whoever used what you take away. CloudTrail shows who did.
# Undo: put policy.before.json again.
resource={{table_arn:sh}}
region={{region:sh}}

# 1. Read: the revision first, then the policy.
revision=$(aws dynamodb get-resource-policy --region="$region" --resource-arn="$resource" \
  --query=RevisionId --output=text)
aws dynamodb get-resource-policy --region="$region" --resource-arn="$resource" --query=Policy \
  --output=text > policy.before.json
cp policy.before.json policy.json

# 2. Edit policy.json: narrow Principal, Action or Condition of the statement that the finding
# names. Keep the others.

# 3. Put it, if it is still the revision that was read.
aws dynamodb put-resource-policy --region="$region" --resource-arn="$resource" \
  --policy=file://policy.json --expected-revision-id="${revision:?}"

# Verify:
aws dynamodb get-resource-policy --region="$region" --resource-arn="$resource"
