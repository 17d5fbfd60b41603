# Lets a reader see some attributes of the items and not the secret one. For whoever does not need it.
# Changes: one new managed policy. Attach it in place of what lets the reader see all attributes.
# Costs: nothing.
# Can break: readers that ask for all attributes. They have to name those they need, by a projection.
# Undo: detach the policy, and attach the one of before.
# The secret is still in the table: this comes besides taking it out, and not in its place.
# Files are for you alone, in a directory of this finding. What you edited stays.
dir={{dir:sh}}
{{>directory.sh}}

# 1. The policy. Put the names of the other attributes into it that the reader needs. An index is read by
# its own rights: those that carry the secret are left out.
test -s "$dir/attributes.json" ||
  (umask 077 && printf '%s\n' {{reader_policy:doc}} > "$dir/attributes.json")

# 2. Remove the leading colon and run. Then attach it to the reader, and detach what allows more.
: in_account aws iam create-policy --policy-name={{reader_name:sh}} \
  --policy-document=file://"$dir/attributes.json"

# Verify: with it, GetItem with a projection works. Without one, and with the secret in it, AccessDenied.
