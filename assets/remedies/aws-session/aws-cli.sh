# Ends a session of AWS whose credentials stand in an item. They cannot be deleted: they end by themselves, up to
# 12 hours after a role was taken on, up to 36 hours for a user. Until then a Deny refuses them.
# Attribute: {{path:note}} in table {{table:note}}
# {{found:note}}
# Changes: one inline policy of the role: all its sessions from before now are denied everything.
# Costs: nothing.
# Can break: every session of the role, until it is taken on anew. The SDKs do that by themselves, but
# on EC2 and in containers only minutes before the old credentials end: restart what cannot wait for that.
# Undo: delete-role-policy with the name EndOldSessions, once those sessions have ended by themselves.
# {{exposure:note}}
{{>files.sh}}

# 1. Put the name of the role into role.txt with an editor. CloudTrail tells it by the id of the key, the one that
# begins with ASIA: look it up with lookup-events, AttributeKey AccessKeyId.
# Its account may be another than that of the table: get-access-key-info tells. Then paste step 2 with credentials of that.
# A session of a user, by GetSessionToken, is ended by put-user-policy with the same document. A role of IAM Identity Center
# cannot be edited: revoke its sessions there, by a Deny in the permission set.
test -e "$dir/key-id.txt" || (umask 077 && : > "$dir/key-id.txt")
of_session() {
  test -s "$dir/key-id.txt" || {
    echo 'Put the id of the key, ASIA..., into key-id.txt first. Nothing was run.' >&2; return 1; }
  owner=$(aws sts get-access-key-info --access-key-id="$(cat "$dir/key-id.txt")" \
    --query=Account --output=text)
  [ -n "$owner" ] && \
    [ "$(aws sts get-caller-identity --query Account --output text)" = "$owner" ] || {
    echo "The session is of account $owner, these credentials are not. Nothing was run." >&2
    return 1; }
  case "$role" in *PUT-*)
    echo 'Put the name of the role into role.txt first. Nothing was run.' >&2; return 1 ;;
  esac
  "$@"
}
test -e "$dir/role.txt" || (umask 077 && printf '%s\n' PUT-THE-ROLE-NAME-HERE > "$dir/role.txt")
role=$(cat "$dir/role.txt")

# 2. Deny what was issued before now. Remove the leading colon and run. New sessions work at once.
test -s "$dir/end-sessions.json" || (umask 077 && printf '%s%s%s\n' \
  '{"Version":"2012-10-17","Statement":[{"Sid":"EndOldSessions",' \
  '"Effect":"Deny","Action":"*","Resource":"*","Condition":{"DateLessThan":{"aws:TokenIssueTime":' \
  "\"$(date -u +%Y-%m-%dT%H:%M:%SZ)\"}}}]}" > "$dir/end-sessions.json")
: of_session aws iam put-role-policy --role-name="$role" --policy-name=EndOldSessions \
  --policy-document=file://"$dir/end-sessions.json"

# 3. Stop writing them. What needs AWS takes its credentials from the default provider chain: a role of the task, of the
# instance or of the function. Nothing of them belongs into a table.

# 4. Watch that nothing fails which needs AWS.

# 5. Take them out of the item. What is there now goes into old.json, once.
{{>item.sh}}
{{>read.sh}}
{{>take-out.sh}}

{{>copies.txt}}
# Verify: aws sts get-caller-identity with the old credentials still answers, any other call is refused.
