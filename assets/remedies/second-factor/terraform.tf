# The seed of one-time passwords is no key to rotate: without it its owner is locked out. Let few read it.
# This is a policy for readers that check no second factor: it names what they may read, so not the seed.
# Attribute: {{path:note}} in table {{table:note}}
# Changes: one new policy document; attach it to those readers in place of what lets them read all attributes.
# Costs: nothing.
# Can break: readers that ask for all attributes; they have to name the ones they need. Scan is left out.
# Verify: such a reader gets AccessDenied when it asks for the attribute; a login still works.
# Undo: attach the policy they had before.
# {{first_step:own}}
locals {
  # The key attributes and what else is needed, without the seed.
  may_be_read = ["PUT-THE-NAMES-HERE"]
}

data "aws_iam_policy_document" "no_seeds" {
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
# Copies that hold the seeds too. Where one of them leaked, have each owner enrol anew:
# {{copies:own}}
