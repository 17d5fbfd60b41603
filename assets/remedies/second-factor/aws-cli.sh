# The seed of one-time passwords, or a recovery code, is no key to rotate: without it its owner is locked out.
# Never take it out of the items. Let few read it, encrypt it, and have its owner enrol anew.
# Attribute: {{path:note}} in table {{table:note}}
# {{found:note}}
# Changes: nothing by itself, the commands only read. What to change is said beside them.
# Costs: nothing.
# Can break: once you narrow the access, whoever reads the attribute and should not.
# Undo: nothing to undo here.
table={{table_id:sh}}
region={{region:sh}}

# 1. Who is let in by the policy of the table. An error that there is no policy is good news.
aws dynamodb get-resource-policy --region="$region" \
  --resource-arn={{table_arn:sh}} \
  --query=Policy --output=text
# In IAM, allow only the login service to read the attribute: see the Terraform snippet.

# 2. Which indexes carry the attribute. Replace each by one that does not, nobody logs in by an index.
aws dynamodb describe-table --region="$region" --table-name="$table" \
  --query='Table.[GlobalSecondaryIndexes,LocalSecondaryIndexes][][].[IndexName,Projection]'
# {{carriers:note}}

# 3. Encrypt each seed with KMS before it is written, bound to the key of its item: see the boto3 snippet.
# Only the login service may decrypt. The seed in the clear stays until its owner has enrolled anew.

# 4. Whoever could read the seeds has them: have each owner enrol anew at the next login, and let the
# application then take the old seed away. Recovery codes: make new ones, and store a hash of each.
# {{copies:own}}
# Verify: count the items that still have the attribute, and scan the table again with dynaudit.
