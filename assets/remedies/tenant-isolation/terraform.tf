# Lets a role read and write only items whose partition key is its own: those of its tenant, or of its person.
# A key that can be guessed is then of no use to anybody else. Scan has no partition key, so it is left out.
# Changes: one new managed policy. Attach it in place of what allows the role the whole table.
# Costs: nothing.
# Can break: whatever reads items of several tenants at once, and Scan. The partition key has to be the tag.
# Verify: with a session of one tenant an item of another one answers AccessDenied.
# Undo: attach the policy they had before.
# Null refuses a request without a partition key, for which ForAllValues alone would hold.
resource "aws_iam_policy" "own_items" {
  name = {{tenant_name:hcl}}
  policy = jsonencode({{tenant_policy:doc}})
}
