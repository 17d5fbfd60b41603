# switch_off(key_id()), then end_sessions(key_id()). Watch for days that its last use stands still, confirm that nothing
# misses it, and only then delete_old(key_id()): deleting is final, and comes last of all.
