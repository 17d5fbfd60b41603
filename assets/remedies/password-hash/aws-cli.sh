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

# 2. Which indexes carry the attribute. Replace each by one that does not. Where a login looks people up by an index, it
# needs the key alone from there, and reads the item by it.
aws dynamodb describe-table --region="$region" --table-name="$table" \
  --query='Table.[GlobalSecondaryIndexes,LocalSecondaryIndexes][][].[IndexName,Projection]'
# {{carriers:note}}

{{?database_hash}}
# 3. It is a salted digest or the password of a user of a database. Of a database: set a new one there, by ALTER USER, and
# give it to who logs in with it. PostgreSQL stores it by scram-sha-256, MySQL by caching_sha2_password. Of another
# application: let that make a new hash, with a scheme of today, at the next login.
{{:}}
# 3. Rehash at the next login of each person, with a scheme that is slow to guess. By scheme:
# Argon2id from 19 MiB and 2 passes, scrypt from N 131072 with p 1, bcrypt from cost 10 and yescrypt stay as they are.
# PBKDF2 stays from 600000 rounds with SHA-256, 220000 with SHA-512, 1400000 with SHA-1. Fewer, and crypt with SHA-2, are
# made anew at the next login.
# bcrypt below cost 10, and scrypt and Argon2 below the figures above, are made anew at the next login, too.
# MD5, SHA-1, NTLM, LDAP SSHA and all without salt: wrap each in a slow hash now, or force a reset. NTLM needs no guess.
{{?identity_hash}}
# ASP.NET Core Identity does it by itself once PasswordHasherOptions.IterationCount is raised.
{{:}}
# See the Django snippet.
{{/}}
{{/}}

{{?exposed}}
# 4. Others can read them: they leaked. Close that way first, then force a reset for everybody.
{{:}}
# 4. If hashes leaked, force a reset.
{{/}}
# A scheme for new hashes does not help old copies.
# {{copies:own}}
# Verify: after some weeks, count the items whose hash still begins as the old scheme does.
