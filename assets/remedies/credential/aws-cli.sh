# Replaces a secret that stands in an item, and takes it out of there. The steps below are in the order that is safe.
# Paste all of it again after each step that is yours: what is done already is not done twice.
{{?exposed}}
# Others can read it. The order is: the old one revoked, a new one, stored, its readers switched, then the item.
{{:}}
# The order is: a new one, stored, its readers switched, the old one revoked, then the item.
{{/}}
# Attribute: {{path:note}} in table {{table:note}}
# {{issuer:own}}
{{?inside}}
# {{inside_notes:note}}
{{/}}
# {{seen:note}}
{{?half}}
# Changes: one attribute of one item.
# Costs: one write.
{{:}}
# Changes: one new secret in Secrets Manager, and one attribute of one item.
# Costs: about 0.40 USD a month for the secret, and one write.
{{/}}
{{?exposed}}
# Can break: whatever uses the old value: it stops with step 1, until it reads the new secret.
{{:}}
# Can break: whatever uses the old value. Let it read the new secret first.
{{/}}
{{?inside}}
# Undo: the same command with old.json and new.json the other way round.
{{:}}
# Undo: update-item with SET of the value in old.json, before the directory is deleted. A value that was revoked does not
# work again.
{{/}}
# {{path_notes:note}}
{{?local_key}}
# It is in the key of a local index: an item without it leaves that index, and is not found by it any more. A local index is
# made with its table only: where queries need it, make a second table whose index has a hash for its key.
{{/}}
# {{exposure:note}}
{{>files.sh}}
{{>@before}}

{{?exposed}}
# 1. Others can read it: revoke the old one first, before all else. What uses it stops until step 4.
{{>@revoke}}

# 2. A new one.
{{>@new}}
{{:}}
# 1. A new one. The old one goes on working until step 4.
{{>@new}}
{{/}}

{{>store.sh}}

# {{?exposed}}4{{:}}3{{/}}. Switch the readers to the secret: the code for them is in the boto3 snippet. Watch that they work.

{{?exposed}}
{{:}}
# 4. Revoke the old one.
{{>@revoke}}

{{/}}
# 5. What is there now goes into old.json, once.
{{>item.sh}}
{{>read.sh}}
{{>take-out.sh}}

# 7. Delete the directory of this finding, its files hold secrets{{?whole_aws_key}}: but after step 8, which needs it{{/}}.
{{>@end}}
{{>copies.txt}}
# Verify: scan the table again with dynaudit.
