# Lets a reader see some attributes of the items and not the secret one. For whoever does not need it.
# Changes: one new managed policy. Attach it in place of what lets the reader see all attributes.
# Costs: nothing.
# Can break: readers that ask for all attributes. They have to name those they need, by a projection.
# Verify: with it, GetItem with a projection works. Without one, and with the secret in it, AccessDenied.
# Undo: attach the policy they had before.
# The secret is still in the table: this comes besides taking it out, and not in its place.
locals {
  policy = jsonencode({{reader_policy:doc}})
}

resource "aws_iam_policy" "some_attributes" {
  name   = {{reader_name:hcl}}
  policy = local.policy
{{>filled.tf}}
}
