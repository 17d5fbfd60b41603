{{?half}}
# No key is made here: it comes with the fix of its id, and is stored under the same name.
{{:}}
# Better than a new key is a role, which needs none. Where it has to be a key: a user has two at most.
# The new one goes into a file and from there into Secrets Manager, never on the screen.
make_key() {
  test ! -s "$dir/new-key.json" || return 0
  (umask 077 && aws iam create-access-key --user-name="$user" \
    --query=AccessKey --output=json > "$dir/new-key.part") && \
    grep -q SecretAccessKey "$dir/new-key.part" && mv "$dir/new-key.part" "$dir/new-key.json"
}
# Remove the leading colon and run. It is made once.
: of_owner make_key
test ! -s "$dir/new-key.json" || test -s "$dir/secret.txt" || (umask 077 && \
  cp "$dir/new-key.json" "$dir/secret.txt")
{{/}}
