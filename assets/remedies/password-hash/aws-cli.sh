# A password hash is no session that ends and no key to rotate. Let few read it, and make it slower to guess.
# Never take it out of the items blindly: nobody could log in any more.
# Attribute: {{path:note}} in table {{table:note}}
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

# 3. Rehash at the next login of each person, with a scheme that is slow to guess: see the Django snippet.

# 4. If hashes leaked, force a reset: see the Django snippet. A scheme for new hashes does not help old copies.
# {{copies:own}}
# Verify: after some weeks, count the items whose hash still begins as the old scheme does.
