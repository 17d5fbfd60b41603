# Takes the policy of a resource into Terraform, as it should be.
# Putting a policy replaces all of it. The document below has all of it, changed in what is named here.
{{?merged}}
{{:}}
# Other findings of this policy change the same document: dynaudit fix with all their ids and --runbook puts them into one.
{{/}}
{{?computed}}
# {{policy_changes:note}}
# Stops working once it is put:
# {{policy_ends:note}}
{{:}}
# There is no document to put here: {{policy_why:note}}
# Save the policy of today to policy.json, and edit it by hand: narrow the statement that the finding names.
{{/}}
# Changes: the policy of {{policy_of:note}}, in the statements that are named above.
# Costs: nothing.
# Can break: whoever used what is taken away. CloudTrail shows who did, ask them first.
# Verify: terraform plan shows the statements that are named above, and no other.
# Undo: the document as it was, from version control.
# Other findings of this policy change the same document: dynaudit fix with all their ids and --runbook puts them into one.
locals {
{{?computed}}
  policy = jsonencode({{policy_after:doc}})
{{:}}
  policy = file("${path.module}/policy.json")
{{/}}
}

{{?revisioned}}
{{?has_policy}}
import {
  to = aws_dynamodb_resource_policy.this
  id = {{policy_resource:hcl}}
}

{{/}}
resource "aws_dynamodb_resource_policy" "this" {
  resource_arn = {{policy_resource:hcl}}
  policy       = local.policy
{{>filled.tf}}
}
{{/}}
{{?key_policy}}
# Destroying this resource puts the default policy of KMS in its place.
import {
  to = aws_kms_key_policy.table
  id = {{key_id:hcl}}
}

resource "aws_kms_key_policy" "table" {
  key_id = {{key_id:hcl}}
  policy = local.policy
{{>filled.tf}}
}
{{/}}
{{?vault_policy}}
import {
  to = aws_backup_vault_policy.this
  id = {{policy_resource:hcl}}
}

resource "aws_backup_vault_policy" "this" {
  backup_vault_name = {{policy_resource:hcl}}
  policy            = local.policy
{{>filled.tf}}
}
{{/}}
