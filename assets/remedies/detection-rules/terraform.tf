# Tells when somebody changes the policy, the encryption or the recovery of the table, or copies it out.
# It needs a trail that records management events in this Region: without one nothing is told.
# Changes: one rule of EventBridge with one target, and one metric of the log of the trail.
# Costs: nothing for the rule, events of AWS are free within the account. What the target and an alarm cost.
# Can break: nothing.
# Verify: tag the table and take the tag away again, and wait for two messages.
# Undo: remove the resources.
# Region: {{region:note}}
variable "target_arn" {
  type        = string
  description = "An SNS topic whose own policy lets events.amazonaws.com publish."
}

variable "log_group" {
  type        = string
  default     = null
  description = "The log group of the trail, where it has one in this Region and records data events."
}

resource "aws_cloudwatch_event_rule" "table" {
  name = {{rule_name:hcl}}
  event_pattern = jsonencode({{event_pattern:doc}})
}

resource "aws_cloudwatch_event_target" "table" {
  rule = aws_cloudwatch_event_rule.table.name
  arn  = var.target_arn
}

resource "aws_cloudwatch_log_metric_filter" "scans" {
  count          = var.log_group == null ? 0 : 1
  name           = {{rule_name:hcl}}
  log_group_name = var.log_group
  pattern        = {{scan_pattern:hcl}}

  metric_transformation {
    name      = "Scans"
    namespace = "DynamoDBAudit"
    value     = "1"
  }
}
