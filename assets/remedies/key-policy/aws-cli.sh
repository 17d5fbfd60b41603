# Edits the policy of the key. Putting a policy replaces all of it, so it is read first.
# KMS has no revision to guard with: see that nobody else edits it at the same time.
# Keep the statement of the account root, or nobody can change the key any more.
# Changes: the statements that you edit, no others.
# Costs: nothing.
# Can break: whoever used what you take away, and with them the table. CloudTrail shows who did.
# Undo: put key-policy.before.json again.
# Files are for you alone, in a directory of this finding. What was read first is never written over: for
# another change, on another day, use another directory name here.
dir={{dir:sh}}
key={{key_arn:sh}}
region={{region:sh}}
(umask 077 && mkdir -p "$dir")

# 1. Read, once. Only the default policy exists.
test -s "$dir/key-policy.before.json" || (umask 077 && \
  aws kms get-key-policy --region="$region" --key-id="$key" --policy-name=default --query=Policy \
  --output=text > "$dir/key-policy.part" && \
  grep -q Statement "$dir/key-policy.part" && \
  mv "$dir/key-policy.part" "$dir/key-policy.before.json")
test ! -s "$dir/key-policy.before.json" || test -e "$dir/key-policy.json" || \
  cp "$dir/key-policy.before.json" "$dir/key-policy.json"

# 2. Edit key-policy.json: narrow Principal, Action or Condition of the statement that the finding
# names. Keep the others.

# 3. Remove the leading colon and run. There is a file to put only while the policy of the key still is
# the one of key-policy.before.json. KMS refuses a policy under which you could not put another one.
test -s "$dir/key-policy.before.json" && test "$(aws kms get-key-policy --region="$region" \
  --key-id="$key" --policy-name=default --query=Policy --output=text)" \
  = "$(cat "$dir/key-policy.before.json")" && \
  cp "$dir/key-policy.json" "$dir/key-policy.put.json" || rm -f "$dir/key-policy.put.json"
: aws kms put-key-policy --region="$region" --key-id="$key" --policy-name=default \
  --policy=file://"$dir/key-policy.put.json"

# Verify:
aws kms get-key-policy --region="$region" --key-id="$key" --policy-name=default
