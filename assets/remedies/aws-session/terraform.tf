# Ends sessions of AWS whose credentials stand in an item. They cannot be deleted: they end by themselves, up to
# 12 hours after a role was taken on, up to 36 hours for a user. Until then a Deny refuses them.
# Attribute: {{path:note}} in table {{table:note}}
# Changes: one inline policy of the role: all its sessions from before a moment are denied everything.
# Costs: nothing.
# Can break: every session of the role, until it is taken on anew. The SDKs do that by themselves, but
# on EC2 and in containers only minutes before the old credentials end: restart what cannot wait for that.
# Verify: any call with the old credentials is refused.
# Undo: remove this resource, once those sessions have ended by themselves.
# Then take the attribute out of the items: see the AWS CLI or boto3 snippet. A role of IAM Identity Center cannot be edited.
variable "role" {
  type        = string
  description = "whose session it is; CloudTrail tells it by the id that begins with ASIA"
}

variable "sessions_end_before" {
  type        = string
  description = "now, as 2026-01-31T12:00:00Z"
}

resource "aws_iam_role_policy" "end_old_sessions" {
  name = "EndOldSessions"
  role = var.role
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      Action    = "*"
      Resource  = "*"
      Condition = { DateLessThan = { "aws:TokenIssueTime" = var.sessions_end_before } }
    }]
  })
}
