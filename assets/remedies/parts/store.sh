{{?half}}
name={{secret_name:sh}}
{{:}}
# {{?exposed}}3{{:}}2{{/}}. Put the new value into secret.txt with an editor, without a line break at the end. Then remove the leading
# colon and run.
test -e "$dir/secret.txt" || (umask 077 && : > "$dir/secret.txt")
name={{secret_name:sh}}
: in_account aws secretsmanager create-secret --region="$region" --name="$name" \
  --secret-string=file://"$dir/secret.txt"
{{/}}
