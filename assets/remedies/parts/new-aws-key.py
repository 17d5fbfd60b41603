{{?half}}
# No key is made here. The id of this key stands beside it, as a finding of its own: aws-access-key-id. They are one pair:
# replace it by the fix of that finding, which stores the new pair under the name that name_of() gives.
{{:}}
# new_key(key, key_id()) makes a new key of the same user and stores it. A role is better still, it needs no key.
{{/}}
