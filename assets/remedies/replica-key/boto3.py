# Encrypts the replica under a new customer managed key of its own Region. The table's own key stays.
# Replicas of one account must have the same type of key, so one update names all of them.
# Run it with python -i to look. Then call make_keys(), look at what it prints, and give that to change_over().
# Changes: one new KMS key in each Region that lacks one, and with change_over() the replica there uses it.
# Costs: 1 USD a month for each key, and KMS requests, which DynamoDB caches.
# Can break: readers in that Region that the key policy does not let in. Existing backups keep their old key.
# Verify: describe_table shows the key of each replica.
# Undo: the same update with the key of before. Keep the new key as long as backups use it.
import json

import boto3

TABLE = {{table_id:py}}
{{>rekey.py}}
