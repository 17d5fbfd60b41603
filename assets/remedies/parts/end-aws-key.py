{{?half}}
{{:}}
# 7. Confirm that nothing misses it, and only then delete_old(key_id()): deleting is final, and comes last of all.
{{/}}
