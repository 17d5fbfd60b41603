# A password hash is no session that ends and no key to rotate. Let few read it.
# This is a policy for readers that check no passwords: it names what they may read, so not the hash.
# Attribute: {{path:note}} in table {{table:note}}
# Changes: one new policy document; attach it to those readers in place of what lets them read all attributes.
# Costs: nothing.
# Can break: readers that ask for all attributes; they have to name the ones they need. Scan is left out.
# Verify: such a reader gets AccessDenied when it asks for the attribute; a login still works.
# Undo: attach the policy they had before.
# Never take the hash out of the items blindly: nobody could log in any more.
locals {
  # The key attributes and what else is needed, without the hash.
  may_be_read = ["PUT-THE-NAMES-HERE"]
}

data "aws_iam_policy_document" "no_password_hashes" {
  statement {
    actions   = ["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"]
    resources = [{{table_arn:hcl}}]

    condition {
      test     = "ForAllValues:StringEquals"
      variable = "dynamodb:Attributes"
      values   = local.may_be_read
    }

    # A request that names no attribute has none that is not in the list.
    condition {
      test     = "Null"
      variable = "dynamodb:Attributes"
      values   = ["false"]
    }

    condition {
      test     = "StringEqualsIfExists"
      variable = "dynamodb:Select"
      values   = ["SPECIFIC_ATTRIBUTES"]
    }
  }

  lifecycle {
    precondition {
      condition     = !strcontains(jsonencode(local.may_be_read), "PUT-")
      error_message = "Put in what ends in HERE first."
    }
  }
}

# An index is a copy with rights of its own. Replace each that carries the attribute by one that does not:
# {{carriers:note}}
{{?exposed}}
# Others can read them: they leaked. Close that way first, then force a reset for everybody.
{{:}}
# Where they leaked, force a reset.
{{/}}
# Copies that hold them too:
# {{copies:own}}
