# Makes the key usable again. The table comes back by itself some minutes later. A replica whose key was away for 20 hours has
# left the table for good by then: it is a table of its own, and is made a replica anew.
# A table that is already archived has to be restored from its archive backup instead.
# Changes: the state of the key.
# Costs: nothing.
# Can break: nothing; whoever disabled it may have had a reason, ask first.
# Verify: describe_key shows KeyState Enabled.
# Undo: disable_key.
import boto3

boto3.client("kms", region_name={{region:py}}).enable_key(KeyId={{key_arn:py}})
