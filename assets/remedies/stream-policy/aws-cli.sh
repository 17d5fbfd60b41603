# Edits the policy of the stream. Putting a policy replaces all of it, so it is read first.
# The revision guards against a change by somebody else in between.
# A new stream, after the old one was switched off, has no policy: this one is for this stream alone.
# Changes: the statements that you edit, no others.
# Costs: nothing.
# Can break: whoever used what you take away. CloudTrail shows who did.
# Undo: put policy.before.json again.
resource={{stream_arn:sh}}
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
