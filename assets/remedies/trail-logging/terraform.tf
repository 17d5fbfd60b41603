# Lets a trail that was stopped record again. Find out first who stopped it, and why.
# Where the trail is on and cannot deliver, the policy of its bucket or key is the reason.
# Changes: the trail records from now on. What happened in between is not recorded.
# Costs: what the trail cost before.
# Can break: nothing.
# Trail: {{trail_arn:note}}
# Verify: terraform plan shows an update in place of enable_logging alone.
# Undo: enable_logging = false.
locals {
  bucket = {{trail_bucket:hcl}}
}

resource "aws_cloudtrail" "this" {
  name           = {{trail_name:hcl}}
  s3_bucket_name = local.bucket
  # ... what is there already ...

  enable_logging = true

  lifecycle {
    precondition {
      condition     = !strcontains(local.bucket, "PUT-")
      error_message = "Put in what ends in HERE first."
    }
  }
}
