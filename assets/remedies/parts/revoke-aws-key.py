{{?half}}
# It ends with the key id, in the fix of that.
{{:}}
# switch_off(key_id()), then end_sessions(key_id()). Watch for days that its last use stands still.
{{/}}
