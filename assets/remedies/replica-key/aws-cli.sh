# Encrypts the replica under a new customer managed key of its own Region. The key of the table itself stays.
# Replicas of one account must have the same type of key, so one update names all of them.
# Changes: with step 1 one new KMS key in each Region that lacks one, and with step 2 the replica there uses it.
# Costs: 1 USD a month for each key, and KMS requests, which DynamoDB caches.
# Can break: readers in that Region that the key policy does not let in: it lets in whoever of the account may read a table,
# through DynamoDB. Existing backups keep their old key.
# Undo: the same update with the key of before. Keep the new key as long as backups use it.
# Files are for you alone, in a directory of this finding.
dir={{dir:sh}}
table={{table_id:sh}}
region={{region:sh}}
{{>directory.sh}}

{{>rekey.sh}}
