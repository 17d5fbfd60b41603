# {{?exposed}}3{{:}}2{{/}}. Put the new value into secret.txt with an editor, without a line break at the end.
test -e "$dir/secret.txt" || (umask 077 && : > "$dir/secret.txt")
name={{secret_name:sh}}
test ! -s "$dir/secret.txt" || test -e "$dir/secret.made" || case "$name" in
  *PUT-*-HERE) echo 'Give the secret a name first.' ;;
  *) in_account aws secretsmanager create-secret --region="$region" --name="$name" \
    --secret-string=file://"$dir/secret.txt" && (umask 077 && : > "$dir/secret.made") ;;
esac
