# Makes the key usable again. The table comes back by itself some minutes later. A replica whose key was away for 20 hours has
# left the table for good by then: it is a table of its own, and is made a replica anew.
# A table that is already archived has to be restored from its archive backup instead.
# Changes: the state of the key.
# Costs: nothing.
# Can break: nothing; whoever disabled it may have had a reason, ask first.
# Verify: describe_key shows KeyState Enabled.
# Undo: disable_key.
import boto3

KEY = {{key_arn:py}}
kms = boto3.client("kms", region_name={{region:py}})
{{?switched_off}}
kms.enable_key(KeyId=KEY)
{{:}}
{{?no_material}}
# Its imported key material is gone: KMS waits for the very same material. get_parameters_for_import and
# import_key_material put it back; whoever keeps it outside of AWS has to do it.
{{:}}
# It is not switched off. A key of a custom key store waits for its store: describe_custom_key_stores tells its state,
# connect_custom_key_store connects it.
{{/}}
{{/}}
print(kms.describe_key(KeyId=KEY)["KeyMetadata"].get("KeyState"))
