# Tags the table, so that its owner and its environment can be seen. Only you know the value.
# Changes: one tag of the table. Other tags stay.
# Costs: nothing.
# Can break: policies that allow or deny by tags: look for aws:ResourceTag first.
# Undo: untag-resource.
resource={{table_arn:sh}}
region={{region:sh}}

# Put the value in, and remove the colon.
: in_account aws dynamodb tag-resource --region="$region" --resource-arn="$resource" \
  --tags={{tags:sh}}

# Verify:
aws dynamodb list-tags-of-resource --region="$region" --resource-arn="$resource"
