# Tags the table, so that its owner and its environment can be seen. Only you know the value.
# Keep the tags that are there already: Terraform removes those that are not written down.
# Table: {{table_arn:note}}
# Changes: one tag of the table.
# Costs: nothing.
# Can break: policies that allow or deny by tags: look for aws:ResourceTag first.
# Verify: terraform plan shows an update in place of tags alone.
# Undo: take the tag out again.
locals {
  value = "PUT-THE-VALUE-HERE"
}

resource "aws_dynamodb_table" "this" {
  name = {{table:hcl}}
  # ... what is there already ...

  tags = {
    # ... the tags that are there already ...
    {{tag_key:hcl}} = local.value
  }

  lifecycle {
    precondition {
      condition     = !strcontains(local.value, "PUT-")
      error_message = "Put the value in first."
    }
  }
}
