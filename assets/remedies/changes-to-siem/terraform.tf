# Tells a SIEM of each change of an item, by a pipe from the stream to a bus of EventBridge.
# The bus is of this account and Region. A rule of it sends on what is for a bus in the account of security.
# Only what kind of change it was{{?in_key}}{{:}} and the key of the item{{/}} go on: the items stay where they are.
{{?has_stream}}
# Changes: one pipe, which reads the stream by a role of its own.
{{:}}
# The table has no stream: this switches one on, which is a setting of the table and a copy of its keys for 24 hours.
# Changes: the stream of the table, and one pipe, which reads it by a role of its own.
{{/}}
# Costs: 0.40 USD for a million records, what the bus and the SIEM cost, and reads of the stream beyond 2.5 million a
# month. It is for this table: each other one needs a pipe of its own.
# Can break: a stream serves {{?global}}one reader{{:}}two readers{{/}} well. One more can slow the others down.{{?in_key}}{{:}}
# Where the key of an item is itself a secret, take it out of what goes on.{{/}}
# Verify: change a test item, and look for its event on the bus.
{{?has_stream}}
# Undo: remove the resources.
{{:}}
# Undo: remove the pipe, its role and its policy, then set stream_enabled = false. Never remove aws_dynamodb_table:
# that deletes the table.
{{/}}
variable "bus_arn" {
  type        = string
  description = "The bus that the SIEM listens to."
}

{{?has_stream}}
locals {
  stream_arn = {{stream_arn:hcl}}
}
{{:}}
resource "aws_dynamodb_table" "this" {
  name = {{table:hcl}}
  # ... what is there already ...

  stream_enabled   = true
  stream_view_type = "KEYS_ONLY"
}

locals {
  stream_arn = aws_dynamodb_table.this.stream_arn
}
{{/}}

resource "aws_iam_role" "pipe" {
  name = {{rule_name:hcl}}
  assume_role_policy = jsonencode({
    "Version" : "2012-10-17",
    "Statement" : [{
      "Effect" : "Allow",
      "Principal" : { "Service" : "pipes.amazonaws.com" },
      "Action" : "sts:AssumeRole",
      "Condition" : { "StringEquals" : { "aws:SourceAccount" : {{account:hcl}} } }
    }]
  })
}

resource "aws_iam_role_policy" "pipe" {
  name = "stream-to-bus"
  role = aws_iam_role.pipe.id
  policy = jsonencode({
    "Version" : "2012-10-17",
    "Statement" : [
      {
        "Effect" : "Allow",
        "Action" : ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"],
        "Resource" : local.stream_arn
      },
{{?customer_key}}
      { "Effect" : "Allow", "Action" : "kms:Decrypt", "Resource" : {{key_arn:hcl}} },
{{/}}
      { "Effect" : "Allow", "Action" : "events:PutEvents", "Resource" : var.bus_arn }
    ]
  })
}

resource "aws_pipes_pipe" "changes" {
  depends_on = [aws_iam_role_policy.pipe]

  name     = {{rule_name:hcl}}
  role_arn = aws_iam_role.pipe.arn
  source   = local.stream_arn
  target   = var.bus_arn

  source_parameters {
    dynamodb_stream_parameters {
      starting_position             = "LATEST"
      batch_size                    = 10
      maximum_retry_attempts        = 10
      maximum_record_age_in_seconds = 3600
    }
  }

  target_parameters {
    input_template = {{pipe_input:hcl}}

    eventbridge_event_bus_parameters {
      detail_type = "Item changed"
      source      = "dynamodb.changes"
    }
  }
}
