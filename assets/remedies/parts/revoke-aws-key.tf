# Inactive, watched for days, deleted last: aws iam update-access-key, see the AWS CLI snippet. Sessions that were made
# with the key live up to 36 hours: this denies the user all sessions from before a moment.
variable "user_of_the_key" {
  type        = string
  description = "aws iam get-access-key-last-used tells it"
}

variable "sessions_end_before" {
  type        = string
  description = "now, as 2026-01-31T12:00:00Z"
}

resource "aws_iam_user_policy" "end_old_sessions" {
  name = "EndOldSessions"
  user = var.user_of_the_key
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
