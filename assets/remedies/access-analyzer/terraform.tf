# Makes an analyzer that tells of access from outside the account, to tables, streams, keys and more. It only reads.
# Changes: one analyzer of the account in this Region. Ask first whether the organization has one already.
# Costs: nothing; an analyzer of external access is free.
# Can break: nothing.
# Verify: within half an hour its findings name what is shared.
# Undo: remove the resource.
# Region: {{region:note}}
resource "aws_accessanalyzer_analyzer" "external_access" {
  analyzer_name = "external-access"
  type          = "ACCOUNT"
}
