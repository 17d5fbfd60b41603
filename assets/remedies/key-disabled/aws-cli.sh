# Makes the key usable again. The table comes back by itself some minutes later. A replica whose key was away for 20 hours has
# left the table for good by then: it is a table of its own, and is made a replica anew.
# A table that is already archived has to be restored from its archive backup instead.
# Changes: the state of the key.
# Costs: nothing.
# Can break: nothing, whoever disabled it may have had a reason, ask first.
# Undo: disable-key.
table={{table_id:sh}}
region={{region:sh}}
key={{key_arn:sh}}

in_account aws kms enable-key --region="$region" --key-id="$key"

# Verify:
aws kms describe-key --region="$region" --key-id="$key" --query=KeyMetadata.KeyState
aws dynamodb describe-table --region="$region" --table-name="$table" --query=Table.TableStatus
