# Edits the policy of the stream. Putting a policy replaces all of it, so it is read first.
# The revision guards against a change by somebody else in between.
# A new stream, after the old one was switched off, has no policy: this one is for this stream alone.
# Changes: the statements that you edit, no others.
# Costs: nothing.
# Can break: whoever used what you take away. CloudTrail shows who did.
# Undo: put policy.before.json again.
# Files are for you alone, in a directory of this finding. What was read first is never written over: for
# another change, on another day, use another directory name here.
dir={{dir:sh}}
resource={{stream_arn:sh}}
region={{region:sh}}
(umask 077 && mkdir -p "$dir")

# 1. Read, once: the revision first, then the policy.
test -s "$dir/revision" || (umask 077 && \
  aws dynamodb get-resource-policy --region="$region" --resource-arn="$resource" \
  --query=RevisionId --output=text > "$dir/revision.part" && \
  test -s "$dir/revision.part" && mv "$dir/revision.part" "$dir/revision")
test ! -s "$dir/revision" || test -s "$dir/policy.before.json" || (umask 077 && \
  aws dynamodb get-resource-policy --region="$region" --resource-arn="$resource" \
  --query=Policy --output=text > "$dir/policy.part" && \
  grep -q Statement "$dir/policy.part" && mv "$dir/policy.part" "$dir/policy.before.json")
test ! -s "$dir/policy.before.json" || test -e "$dir/policy.json" || \
  cp "$dir/policy.before.json" "$dir/policy.json"
revision=$(test ! -s "$dir/revision" || cat "$dir/revision")

# 2. Edit policy.json: narrow Principal, Action or Condition of the statement that the finding
# names. Keep the others.

# 3. Remove the leading colon and run. It is put only if it is still the revision that was read.
: aws dynamodb put-resource-policy --region="$region" --resource-arn="$resource" \
  --policy=file://"$dir/policy.json" --expected-revision-id="${revision:?}"

# Verify:
aws dynamodb get-resource-policy --region="$region" --resource-arn="$resource"
