{{?half}}
{{:}}

# 8. Confirm that it is Inactive and that nothing misses it for some days. Deleting is final, and comes last of all:
# remove the leading colon and run. A key that is Active stays.
test -z "$user" || aws iam list-access-keys --user-name="$user" \
  --query='AccessKeyMetadata[].[Status,CreateDate]'
delete_key() {
  test "$(aws iam list-access-keys --user-name="$user" --output=text \
    --query="AccessKeyMetadata[?AccessKeyId=='$id'].Status")" = Inactive || {
    echo 'It is not Inactive: switch it off first, and wait. Nothing was run.' >&2; return 1; }
  aws iam delete-access-key --user-name="$user" --access-key-id="$id"
}
: of_owner delete_key

{{/}}
