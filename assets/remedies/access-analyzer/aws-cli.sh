# Makes an analyzer that tells of access from outside the account, to tables, streams, keys and more. It only reads.
# Changes: one analyzer of the account in this Region. Ask first whether the organization has one already.
# Costs: nothing, an analyzer of external access is free.
# Can break: nothing.
# Undo: delete-analyzer.
region={{region:sh}}

# An analyzer of the whole organization is made the same way with the type ORGANIZATION, in its administrator account.
in_account aws accessanalyzer create-analyzer --region="$region" \
  --analyzer-name=external-access --type=ACCOUNT

# Verify: within half an hour its findings name what is shared.
aws accessanalyzer list-analyzers --region="$region"
