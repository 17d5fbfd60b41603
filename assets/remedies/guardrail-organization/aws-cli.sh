# Lets nobody from outside the organization reach a table of DynamoDB, whatever the policy of the table says, and no
# service of AWS that acts for an account outside.
# A resource control policy, RCP: it grants nothing, and holds for the accounts and units that it is attached to.
# Changes: one new policy of the organization, attached to this account at first. Then to a unit, then to the root.
# Costs: nothing.
# Can break: partners who are let in by the policy of a table. Name their accounts in the condition first, by
# aws:PrincipalAccount. It does not hold for tables of the management account, nor against accounts of the organization.
# Undo: detach-policy.
{{>organization.sh}}
dir={{dir:sh}}
{{>directory.sh}}

# 1. The policy, with the id of the organization. Without an id nothing is written.
org=$(aws organizations describe-organization --query=Organization.Id --output=text)
test -z "$org" || test -s "$dir/rcp.json" ||
  (umask 077 && printf '%s\n' {{rcp:doc}} |
    sed "s/ORGANIZATION-ID/$org/" > "$dir/rcp.json")

# 2. Which there are already, and the id of the root: where dynamodb-inside-the-organization is one of them, attach that by
# step 4. Whom this shuts out: see what CloudTrail has of other accounts.
aws organizations list-policies --filter=RESOURCE_CONTROL_POLICY --query='Policies[].[Id,Name]'
aws organizations list-roots --query='Roots[].[Id,PolicyTypes]'

# 3. Remove the leading colons and run. The first switches RCPs on for the organization, once.
: in_organization aws organizations enable-policy-type --policy-type=RESOURCE_CONTROL_POLICY \
  --root-id=PUT-THE-ROOT-ID-HERE
: in_organization aws organizations create-policy --type=RESOURCE_CONTROL_POLICY \
  --name=dynamodb-inside-the-organization --description=dynamodb \
  --content=file://"$dir/rcp.json"

# 4. Attach it to the account of the table, with the id that step 3 printed. Remove the leading colon and run.
: in_organization aws organizations attach-policy --target-id={{account:sh}} \
  --policy-id=PUT-THE-POLICY-ID-HERE

# Verify: from an account of another organization, GetItem answers AccessDenied. The application works as before.
