# Revokes a grant on the key. Ask its holder first: a grant is how others were let in on purpose.
# Changes: one grant ends, and some minutes later its holder can no longer use the key by it.
# Costs: nothing.
# Can break: whoever works by the grant. CloudTrail shows who used the key.
# Undo: create-grant with what list-grants showed, so keep grants.before.json. The grant has another id then.
# Files are for you alone, in a directory of this finding. What was read first is never written over: for
# another change, on another day, use another directory name here.
dir={{dir:sh}}
key={{key_arn:sh}}
region={{region:sh}}
{{>directory.sh}}

# 1. Read the grants.
test -s "$dir/grants.before.json" || (umask 077 && \
  aws kms list-grants --region="$region" --key-id="$key" --output=json > "$dir/grants.part" && \
  test -s "$dir/grants.part" && mv "$dir/grants.part" "$dir/grants.before.json")

# 2. Revoke those that let others in. Remove the leading colon and run. Where they could not be read, nothing is revoked:
# nobody could make them again.
# {{grants:note}}
for grant in {{grant_ids:words}}; do
grep -qsF -e "$grant" "$dir/grants.before.json" || grant=PUT-IT-THERE-BY-STEP-1-HERE
: in_account aws kms revoke-grant --region="$region" --key-id="$key" --grant-id="$grant"
done

# Verify:
aws kms list-grants --region="$region" --key-id="$key"
