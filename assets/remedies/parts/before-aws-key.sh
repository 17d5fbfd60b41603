
{{?half}}
# The id of this key stands beside it, as a finding of its own: aws-access-key-id. They are one pair. Replace the pair by
# the fix of that finding: a key is made, switched off and deleted there. Here only this attribute is taken out.
{{:}}
# Put the id of the old access key, the one that begins with AKIA, into key-id.txt with an editor.
# Whose it is and when it was used last is asked by that. Its account may be another than that of the table:
# then paste the steps of IAM with credentials of its account. A key of the root user has no user here: end it in the console.
test -e "$dir/key-id.txt" || (umask 077 && : > "$dir/key-id.txt")
id=$(cat "$dir/key-id.txt")
owner=$(test -z "$id" || aws sts get-access-key-info --access-key-id="$id" \
  --query=Account --output=text)
user=$(test -z "$id" || aws iam get-access-key-last-used --access-key-id="$id" \
  --query=UserName --output=text)
of_owner() {
  [ -n "$id" ] || {
    echo 'Put the id of the key into key-id.txt first. Nothing was run.' >&2; return 1; }
  [ -n "$owner" ] || {
    echo 'AWS did not say whose account the key is of. Nothing was run.' >&2; return 1; }
  [ -n "$user" ] && [ "$user" != None ] || {
    echo 'AWS names no user for this key: it may be of the root user, be deleted, or be of' \
      "account $owner, which these credentials are not of. Nothing was run." >&2; return 1; }
  [ "$(aws sts get-caller-identity --query Account --output text)" = "$owner" ] || {
    echo "The key is of account $owner, these credentials are not. Nothing was run." >&2
    return 1; }
  "$@"
}
{{/}}
