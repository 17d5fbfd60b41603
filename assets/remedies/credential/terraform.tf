# Keeps a secret in Secrets Manager instead of an item. The item itself is not Terraform's: take the value out with
# the AWS CLI or boto3 snippet, after the steps below.
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
# Changes: one new secret. The value is write-only: it is in neither plan nor state (Terraform
# 1.11, provider 5.93).
# Costs: about 0.40 USD a month.
# Can break: nothing by itself; readers have to move over.
# Verify: terraform state pull shows no value.
# Undo: terraform destroy of these two resources; AWS keeps the secret for 30 days.
# {{exposure:note}}
{{?exposed}}
# 1. Others can read it: revoke the old one first, before all else.
{{>@revoke}}
# 2. A new one.
{{>@new}}
{{:}}
# 1. A new one.
{{>@new}}
{{/}}

# {{?exposed}}3{{:}}2{{/}}. Store it.
variable "new_secret" {
  type      = string
  sensitive = true
  ephemeral = true
}

locals {
  secret_name = {{secret_name:hcl}}
}

resource "aws_secretsmanager_secret" "moved" {
  name = local.secret_name
  lifecycle {
    precondition {
      condition     = !strcontains(local.secret_name, "PUT-")
      error_message = "Give the secret a name of its own first."
    }
  }
}

resource "aws_secretsmanager_secret_version" "moved" {
  secret_id                = aws_secretsmanager_secret.moved.id
  secret_string_wo         = var.new_secret
  secret_string_wo_version = 1
}

# {{?exposed}}4{{:}}3{{/}}. Switch the readers to it.
{{?exposed}}
{{:}}
# 4. Revoke the old one.
{{>@revoke}}
{{/}}

{{>copies.txt}}
