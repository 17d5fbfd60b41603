# Lets a role read and write only items whose partition key is its own: those of its tenant, or of its person.
# A key that can be guessed is then of no use to anybody else. Scan has no partition key, so it is left out.
# Changes: one new managed policy. Attach it in place of what allows the role the whole table.
# Costs: nothing.
# Can break: whatever reads items of several tenants at once, and Scan. The partition key has to be the
# tag, the whole of it. Of keys that go on behind the tenant, the operator is ForAllValues:StringLike, and
# what they go on with stands behind the variable, ended by a star. The trust policy of the role has to allow sts:TagSession besides.
# Undo: detach the policy, and attach the one of before.
# Files are for you alone, in a directory of this finding.
dir={{dir:sh}}
{{>directory.sh}}

# 1. The policy. Null refuses a request without a partition key, for which ForAllValues alone would hold.
test -s "$dir/tenant.json" ||
  (umask 077 && printf '%s\n' {{tenant_policy:doc}} > "$dir/tenant.json")

# 2. Tag the sessions: sts assume-role with the tag tenant, by the service that knows who asks. Never by the caller.

# 3. Remove the leading colon and run. Then attach it to the role, and detach what allows the whole table.
: in_account aws iam create-policy --policy-name={{tenant_name:sh}} \
  --policy-document=file://"$dir/tenant.json"

# Verify: with a session of one tenant an item of another one answers AccessDenied.
