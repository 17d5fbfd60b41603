{{?half}}
{{:}}

# 8. Confirm that it is Inactive and that nothing misses it for some days. Deleting is final, and comes last of all:
# remove the leading colon and run. A key that is Active stays.
test -z "$user" || aws iam list-access-keys --user-name="$user" \
  --query='AccessKeyMetadata[].[Status,CreateDate]'
gone=$(test -z "$user" || aws iam list-access-keys --user-name="$user" --output=text \
  --query="AccessKeyMetadata[?AccessKeyId=='$id' && Status=='Inactive'].AccessKeyId")
: of_owner aws iam delete-access-key --user-name="$user" --access-key-id="$gone"

{{/}}
