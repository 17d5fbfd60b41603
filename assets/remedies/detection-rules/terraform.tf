# Tells when somebody changes the policy, the encryption or the recovery of the table, or copies it out.
# It needs a trail that records management events in this Region: without one nothing is told.
{{?of_all_tables}}
# A pattern has room for 2048 characters, and the names need more: the rule tells of all tables of the account.
{{/}}
# Nor does it tell of AWS Backup: its jobs, StartCopyJob and StartRestoreJob among them, are events of aws.backup.
# Changes: a rule of EventBridge with one target, another for the trail{{?own_key}}, a third for the key{{/}},
# one metric of the log of the trail, one alarm.
# Costs: nothing for rules, events of AWS are free within the account. 0.30 USD a month for the metric once it counts, 0.10 USD
# for the alarm, and what the target costs.
# Can break: nothing.
# Verify: tag the table and take the tag away again, and wait for two messages.
# Undo: remove the resources.
# Region: {{region:note}}
variable "target_arn" {
  type        = string
  description = "An SNS topic whose own policy lets events.amazonaws.com and cloudwatch.amazonaws.com publish."
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

{{?own_key}}
# That the key is disabled, is to be deleted, or is opened by its policy or a grant. A trail that leaves out the events of KMS tells
# nothing of it.
resource "aws_cloudwatch_event_rule" "key" {
  name = {{key_rule_name:hcl}}
  event_pattern = jsonencode({{key_pattern:doc}})
}

resource "aws_cloudwatch_event_target" "key" {
  rule = aws_cloudwatch_event_rule.key.name
  arn  = var.target_arn
}

{{/}}
# That the trail is stopped or records less: without it nothing else is told. Of trails whose home is this Region.
resource "aws_cloudwatch_event_rule" "trail" {
  name = {{trail_rule_name:hcl}}
  event_pattern = jsonencode({{trail_pattern:doc}})
}

resource "aws_cloudwatch_event_target" "trail" {
  rule = aws_cloudwatch_event_rule.trail.name
  arn  = var.target_arn
}

resource "aws_cloudwatch_log_metric_filter" "scans" {
  count          = var.log_group == null ? 0 : 1
  name           = {{scans_name:hcl}}
  log_group_name = var.log_group
  pattern        = {{scan_pattern:hcl}}

  metric_transformation {
    name      = {{scans_name:hcl}}
    namespace = "DynamoDBAudit"
    value     = "1"
  }
}

# It goes off with the first scan. Where scans are usual, their number in five minutes is the threshold.
resource "aws_cloudwatch_metric_alarm" "scans" {
  count               = var.log_group == null ? 0 : 1
  alarm_name          = {{scans_name:hcl}}
  namespace           = "DynamoDBAudit"
  metric_name         = {{scans_name:hcl}}
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [var.target_arn]
}
