{{?item_known}}
# The key of the item is the one that was seen. It stands in key.json, which is for you alone.
{{:}}
# Put the key of the item into key.json with an editor. Keys stay out of the shell history that way.
{{/}}
test -e "$dir/key.json" || (umask 077 && printf '%s\n' {{item_key:sh}} > "$dir/key.json")
{{?more_items}}
# Further items hold one too: do the same for each, in a directory of its own. Keys that are known are in more-keys.json.
test -e "$dir/more-keys.json" || (umask 077 && \
  printf '%s\n' {{more_keys:sh}} > "$dir/more-keys.json")
{{/}}
{{?unlisted}}
# {{unlisted:note}}
{{/}}
