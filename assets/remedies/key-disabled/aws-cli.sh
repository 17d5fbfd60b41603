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

{{?switched_off}}
in_account aws kms enable-key --region="$region" --key-id="$key"
{{:}}
{{?no_material}}
# Its imported key material is gone: KMS waits for the very same material, and no other. Put it back with
# aws kms get-parameters-for-import and aws kms import-key-material. Whoever keeps that material outside of AWS has to do it.
{{:}}
# It is not switched off: the state below says what it lacks. A key of a custom key store waits for its store:
# aws kms describe-custom-key-stores tells its state, aws kms connect-custom-key-store connects it.
{{/}}
{{/}}

# Verify:
aws kms describe-key --region="$region" --key-id="$key" --query=KeyMetadata.KeyState
aws dynamodb describe-table --region="$region" --table-name="$table" --query=Table.TableStatus
