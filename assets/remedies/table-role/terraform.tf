# Lets one service reach this table and its indexes, or its stream, by named actions. One role for each service.
# Changes: one new managed policy. Attach it to the role of the service in place of what allows it more.
# Costs: nothing.
# Can break: what the service does besides. Look its calls up in CloudTrail before the wider policy goes.
# Verify: the service works, and with its role a Scan of the table answers AccessDenied.
# Undo: attach the policy it had before.
# Take out what the service does not do. Scan and PartiQL are left out on purpose.
resource "aws_iam_policy" "service" {
  name = {{role_name:hcl}}
  policy = jsonencode({{role_policy:doc}})
}
