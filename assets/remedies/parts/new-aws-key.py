# new_key(key_id()) makes a new key of the same user and stores it. A role is better still, it needs no key.
