# Lets nobody from outside the organization reach a table of DynamoDB, whatever the policy of the table says, and no
# service of AWS that acts for an account outside.
# A resource control policy, RCP: it grants nothing, and holds for the accounts and units that it is attached to.
# For the state of the management account. RCPs have to be switched on for the organization once.
# Changes: one new policy of the organization, attached to this account at first. Then to a unit, then to the root.
# Costs: nothing.
# Can break: partners who are let in by the policy of a table. Name their accounts in the condition first, by
# aws:PrincipalAccount. It does not hold for tables of the management account, nor against accounts of the organization.
# Verify: from an account of another organization, GetItem answers AccessDenied. The application works as before.
# Undo: remove the attachment.
data "aws_organizations_organization" "this" {}

resource "aws_organizations_policy" "dynamodb_inside" {
  name = "dynamodb-inside-the-organization"
  type = "RESOURCE_CONTROL_POLICY"
  content = replace(jsonencode({{rcp:doc}}), "ORGANIZATION-ID", data.aws_organizations_organization.this.id)
}

resource "aws_organizations_policy_attachment" "dynamodb_inside" {
  policy_id = aws_organizations_policy.dynamodb_inside.id
  target_id = {{account:hcl}}
}
