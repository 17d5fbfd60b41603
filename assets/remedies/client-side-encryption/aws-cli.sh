# Makes the KMS key under which the application encrypts the values of many persons, each under its own data key.
# The values themselves are encrypted by the application: see the boto3 snippet, which has the whole of it.
# Attribute: {{path:note}} in table {{table:note}}
# {{found:note}}
# {{issuer:own}}
# Changes: with step 2, one new KMS key with an alias. By being pasted nothing is made.
# Costs: 1 USD a month for the key, and a request to KMS for each value that is sealed or opened and not cached.
# Can break: nothing by itself.
# Undo: schedule-key-deletion, as long as nothing was encrypted under it.
# {{exposure:note}}
# Files are for you alone, in a directory of this finding. For another item use another directory name here.
dir={{dir:sh}}
region={{region:sh}}
{{>directory.sh}}

# 1. {{?exposed}}Others can read them: revoke each first, before all else.{{:}}Whoever could read them has them: replace and revoke each.
# What is encrypted is the replacement.{{/}}
{{>@revoke}}

{{>make-key.sh}}
# 2. Make the key: remove the leading colon and run. It costs 1 USD a month from then on.
: in_account make_key "$region"

# 3. Let only the service that needs the values use the key, by its key policy: kms GenerateDataKey and Decrypt.

# 4. Let it encrypt what it writes, then what is there: see the boto3 snippet. In Java, .NET and Rust the
# AWS Database Encryption SDK does the same.

{{>copies.txt}}
# Verify: scan the table again with dynaudit.
