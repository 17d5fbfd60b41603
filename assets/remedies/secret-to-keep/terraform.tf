# Keeps a secret in Secrets Manager. Nothing is taken out of the item here: this may be the only copy.
# Give the secret a name of its own: put something that identifies the item into the name below.
# {{first_step:own}}
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

# Copies that hold it too:
# {{copies:own}}
