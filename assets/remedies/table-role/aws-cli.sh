# Lets one service reach this table and its indexes, or its stream, by named actions. One role for each service.
# Changes: one new managed policy. Attach it to the role of the service in place of what allows it more.
# Costs: nothing.
# Can break: what the service does besides. Look its calls up in CloudTrail before the wider policy goes.
# Undo: detach the policy, and attach the one of before.
# Files are for you alone, in a directory of this finding. What you edited stays.
dir={{dir:sh}}
{{>directory.sh}}

# 1. The policy. Take out what the service does not do. Scan and PartiQL are left out on purpose.
test -s "$dir/role.json" ||
  (umask 077 && printf '%s\n' {{role_policy:doc}} > "$dir/role.json")

# 2. Remove the leading colon and run. Then attach it to the role, and detach what allows more.
: in_account aws iam create-policy --policy-name={{role_name:sh}} \
  --policy-document=file://"$dir/role.json"

# 3. The application takes its credentials from the default provider chain: no keys in its settings.
# Environments stay apart by account. Within one, by a role each and a prefix of the names of tables.

# Verify: the service works, and with its role a Scan of the table answers AccessDenied.
