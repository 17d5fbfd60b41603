# Lets a trail record who reads and writes the items of the tables that it leaves out today.
# The selectors of a trail are one list: keep those that are there, or they are dropped.
# Trail: {{trail_arn:note}}
# Changes: what the trail selects, by one selector more.
# Costs: CloudTrail data events, about 0.10 USD for 100000 calls, and their storage.
# Reads of the stream are among them. The trail of an organization is changed by its management account or a delegated
# administrator.
# Can break: a trail of basic selectors loses those that are not written anew as advanced ones. One without selectors of
# its own records management events: the first block below keeps them. Leave it out where the trail records none today.
# Keys of items appear in the log, so let few read its bucket.
# Verify: get-event-selectors has what it had before, and the tables. The plan alone does not show what a trail has.
# Undo: take the block out again.
locals {
  bucket = {{trail_bucket:hcl}}
}

resource "aws_cloudtrail" "this" {
  name           = {{trail_name:hcl}}
  s3_bucket_name = local.bucket
  # ... what is there already ...

  advanced_event_selector {
    name = "Management events"

    field_selector {
      field  = "eventCategory"
      equals = ["Management"]
    }
  }

  advanced_event_selector {
    name = "Items of tables"

    field_selector {
      field  = "eventCategory"
      equals = ["Data"]
    }

    field_selector {
      field  = "resources.type"
      equals = ["AWS::DynamoDB::Table"]
    }

    field_selector {
      field  = "resources.ARN"
      equals = jsondecode({{table_arns:hcl}})
    }
  }

  lifecycle {
    precondition {
      condition     = !strcontains(local.bucket, "PUT-")
      error_message = "Put in what ends in HERE first."
    }
  }
}
