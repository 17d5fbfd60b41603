# Leaves it to one role to delete tables, backups and recovery points, to shorten recovery, to change policies of tables, to copy tables
# out, and to disable or delete keys of KMS, those of other services too. A service control policy, SCP: it grants
# nothing, and holds for users and roles of the account.
# Changes: one new policy of the organization, attached to this account at first. Then to a unit.
# Costs: nothing.
# Can break: pipelines that do these things by another role, and AWS Backup by another than its default role, which is named:
# its backups, what it deletes when their time is over, and restores. Name theirs too, each with its path. Fix what the
# finding is about first: this denies that, too.
# It does not hold in the management account, nor for service-linked roles, nor for whom a policy lets in from outside.
# Undo: detach-policy.
{{>organization.sh}}
dir={{dir:sh}}
{{>directory.sh}}

# 1. The policy. Put the name of the role that may into the file, with its path if it has one.
test -s "$dir/scp.json" ||
  (umask 077 && printf '%s\n' {{scp:doc}} > "$dir/scp.json")

# 2. Which there are already: where dynamodb-changes is one of them, made for another account, attach that by step 4.
aws organizations list-policies --filter=SERVICE_CONTROL_POLICY --query='Policies[].[Id,Name]'
aws organizations list-roots --query='Roots[].[Id,PolicyTypes]'

# 3. Remove the leading colons and run. The first switches SCPs on for the organization, once.
: in_organization aws organizations enable-policy-type --policy-type=SERVICE_CONTROL_POLICY \
  --root-id=PUT-THE-ROOT-ID-HERE
: in_organization aws organizations create-policy --type=SERVICE_CONTROL_POLICY \
  --name=dynamodb-changes --description=dynamodb --content=file://"$dir/scp.json"

# 4. Attach it to the account of the table, with the id that step 3 or 2 printed. Remove the leading colon and run.
: in_organization aws organizations attach-policy --target-id={{account:sh}} \
  --policy-id=PUT-THE-POLICY-ID-HERE

# Verify: aws dynamodb delete-table of a test table, by another role, answers AccessDenied.
