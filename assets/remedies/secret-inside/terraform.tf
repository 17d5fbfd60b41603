# Keeps a secret in Secrets Manager instead of an item. Rotate it at the issuer first.
# Give the secret a name of its own: put something that identifies the item into the name below.
# The item itself is not Terraform's: edit the value with the AWS CLI or boto3 snippet.
# {{inside_notes:note}}
# Attribute: {{path:note}} in table {{table:note}}
# {{seen:note}}
# Changes: one new secret. The value is write-only: it is in neither plan nor state (Terraform
# 1.11, provider 5.93).
# Costs: about 0.40 USD a month.
# Can break: nothing by itself; readers have to move over.
# Verify: terraform state pull shows no value.
# Undo: terraform destroy of these two resources; AWS keeps the secret for 30 days.
variable "new_secret" {
  type      = string
  sensitive = true
  ephemeral = true
}

resource "aws_secretsmanager_secret" "moved" {
  name = {{secret_name:hcl}}
}

resource "aws_secretsmanager_secret_version" "moved" {
  secret_id                = aws_secretsmanager_secret.moved.id
  secret_string_wo         = var.new_secret
  secret_string_wo_version = 1
}

# Copies that still hold the old value:
# {{copies:note}}
# All of them hold only the old value: rotation at the issuer makes it worthless.
