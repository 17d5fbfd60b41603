# Leaves it to one role to delete tables, backups and recovery points, to shorten recovery, to change policies of tables, to copy tables
# out, and to disable or delete keys of KMS, those of other services too. A service control policy, SCP: it grants
# nothing, and holds for users and roles of the account.
# For the state of the management account.
# Changes: one new policy of the organization, attached to this account at first. Then to a unit.
# Costs: nothing.
# Can break: pipelines that do these things by another role, and AWS Backup by another than its default role, which is named:
# its backups, what it deletes when their time is over, and restores. Name theirs too, each with its path. Fix what the
# finding is about first: this denies that, too.
# It does not hold in the management account, nor for service-linked roles, nor for whom a policy lets in from outside.
# Verify: aws dynamodb delete-table of a test table, by another role, answers AccessDenied.
# Undo: remove the attachment.
locals {
  policy = jsonencode({{scp:doc}})
}

resource "aws_organizations_policy" "dynamodb_changes" {
  name    = "dynamodb-changes"
  type    = "SERVICE_CONTROL_POLICY"
  content = local.policy
{{>filled.tf}}
}

resource "aws_organizations_policy_attachment" "dynamodb_changes" {
  policy_id = aws_organizations_policy.dynamodb_changes.id
  target_id = {{account:hcl}}
}
