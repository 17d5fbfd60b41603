{{?half}}
# It ends with the key id, in the fix of that.
{{:}}
{{?exposed}}
# Switch it off at once. It can be switched on again, so nothing is lost: remove the leading colon and run.
{{:}}
# Watch for some days when the old key was used last. Once that stands still, switch it off: remove the leading
# colon and run. It can be switched on again, so nothing is lost.
test -z "$id" || aws iam get-access-key-last-used --access-key-id="$id" --query=AccessKeyLastUsed
{{/}}
: of_owner aws iam update-access-key --user-name="$user" --access-key-id="$id" --status=Inactive

# Sessions that were made with the key live on, up to 36 hours. This denies the user all sessions from before the moment
# that is in the file: for a later one remove the file. A role that was taken on with it is denied the same way, by
# put-role-policy. Undo: delete-user-policy with the name EndOldSessions, once those have ended by themselves.
test -s "$dir/end-sessions.json" || (umask 077 && printf '%s%s%s\n' \
  '{"Version":"2012-10-17","Statement":[{"Sid":"EndOldSessions",' \
  '"Effect":"Deny","Action":"*","Resource":"*","Condition":{"DateLessThan":{"aws:TokenIssueTime":' \
  "\"$(date -u +%Y-%m-%dT%H:%M:%SZ)\"}}}]}" > "$dir/end-sessions.json")
: of_owner aws iam put-user-policy --user-name="$user" --policy-name=EndOldSessions \
  --policy-document=file://"$dir/end-sessions.json"
{{/}}
