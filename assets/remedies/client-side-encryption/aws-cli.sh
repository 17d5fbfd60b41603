# Makes the KMS key under which the application encrypts the values of many persons, each under its own data key.
# The values themselves are encrypted by the application: see the boto3 snippet, which has the whole of it.
# Attribute: {{path:note}} in table {{table:note}}
# {{found:note}}
# {{issuer:own}}
# Changes: one new KMS key, with an alias.
# Costs: 1 USD a month for the key, and a request to KMS for each value that is sealed or opened and not cached.
# Can break: nothing by itself.
# Undo: schedule-key-deletion, as long as nothing was encrypted under it.
# {{exposure:note}}
# Files are for you alone, in a directory of this finding. For another item use another directory name here.
dir={{dir:sh}}
region={{region:sh}}
(umask 077 && mkdir -p "$dir")

# 1. {{?exposed}}Others can read them: revoke each first, before all else.{{:}}Whoever could read them has them: replace and revoke each.
# What is encrypted is the replacement.{{/}}
{{>@revoke}}

# 2. Make the key, once: its ARN goes into a file, and a second run finds it there.
test -s "$dir/key" || { (umask 077 && in_account aws kms create-key --region="$region" \
  --description='Values of persons, encrypted by the application' \
  --query=KeyMetadata.Arn --output=text > "$dir/key.part") && \
  grep -q :key/ "$dir/key.part" && mv "$dir/key.part" "$dir/key"; }
test ! -s "$dir/key" || in_account aws kms enable-key-rotation --region="$region" \
  --key-id="$(cat "$dir/key")"

# 3. Let only the service that needs the values use the key, by its key policy: kms GenerateDataKey and Decrypt.

# 4. Let it encrypt what it writes, then what is there: see the boto3 snippet. In Java, .NET and Rust the
# AWS Database Encryption SDK does the same.

{{>copies.txt}}
# Verify: scan the table again with dynaudit.
