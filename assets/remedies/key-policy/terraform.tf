# Takes the policy of the key into Terraform as it is, to be edited there.
# The policy is one document: save all of it to key-policy.json first, with the read step of the AWS CLI snippet.
# Keep the statement of the account root, or nobody can change the key any more.
# Key: {{key_arn:note}}
# Changes: nothing on import; then what you edit in key-policy.json.
# Costs: nothing.
# Can break: whoever used what you take away, and with them the table. CloudTrail shows who did.
# Destroying this resource puts the default policy of KMS in its place.
# Verify: terraform plan right after the import shows no change.
# Undo: the file as it was, from version control.
import {
  to = aws_kms_key_policy.table
  id = {{key_id:hcl}}
}

resource "aws_kms_key_policy" "table" {
  key_id = {{key_id:hcl}}
  policy = file("${path.module}/key-policy.json")
}
