# Takes the policy of the stream into Terraform as it is, to be edited there.
# The policy is one document: save all of it to policy.json first, with the read step of the AWS CLI snippet.
# A new stream, after the old one was switched off, has no policy: this one is for this stream alone.
# Changes: nothing on import; then what you edit in policy.json.
# Costs: nothing.
# Can break: whoever used what you take away. CloudTrail shows who did.
# Verify: terraform plan right after the import shows no change.
# Undo: the file as it was, from version control.
import {
  to = aws_dynamodb_resource_policy.this
  id = {{stream_arn:hcl}}
}

resource "aws_dynamodb_resource_policy" "this" {
  resource_arn = {{stream_arn:hcl}}
  policy       = file("${path.module}/policy.json")
}
