# Makes the KMS key under which the application encrypts the values of many persons, each under its own data key.
# The values themselves are encrypted by the application: see the boto3 snippet, which has the whole of it.
# Attribute: {{path:note}} in table {{table:note}}
# {{found:note}}
# {{issuer:own}}
# Changes: one new KMS key, with an alias.
# Costs: 1 USD a month for the key, and a request to KMS for each value that is sealed or opened and not cached.
# Can break: nothing by itself.
# Verify: terraform plan shows two resources to add.
# Undo: remove the resources, as long as nothing was encrypted under the key.
# {{exposure:note}}
# 1. {{?exposed}}Others can read them: revoke each first, before all else.{{:}}Whoever could read them has them: replace and revoke each.
# What is encrypted is the replacement.{{/}}
{{>@revoke}}
# 2. The key.
resource "aws_kms_key" "values" {
  description             = "Values of persons, encrypted by the application"
  enable_key_rotation     = true
  deletion_window_in_days = 30
  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_kms_alias" "values" {
  name          = {{key_alias:hcl}}
  target_key_id = aws_kms_key.values.key_id
}

{{>copies.txt}}
