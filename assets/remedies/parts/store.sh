{{?half}}
name={{secret_name:sh}}
{{:}}
{{?whole_aws_key}}
# {{?exposed}}3{{:}}2{{/}}. The new pair is in secret.txt once it is made, and all was pasted again. Then remove the leading
{{:}}
# {{?exposed}}3{{:}}2{{/}}. Put the new value into secret.txt with an editor, and paste all of it again. Then remove the leading
{{/}}
# colon and run. A line break that the editor put at the end is left out, but of a PEM text, where it belongs.
test -e "$dir/secret.txt" || (umask 077 && : > "$dir/secret.txt")
name={{secret_name:sh}}
test ! -s "$dir/secret.txt" || (umask 077 && rm -f "$dir/secret.part" "$dir/secret.new" && \
  if grep -q -e -----BEGIN "$dir/secret.txt"; then
    tail -n 1 "$dir/secret.txt" | grep -q -e -----END && cp "$dir/secret.txt" "$dir/secret.new"
  else printf %s "$(cat "$dir/secret.txt")" > "$dir/secret.new"; fi && \
  mv "$dir/secret.new" "$dir/secret.part")
: in_account aws secretsmanager create-secret --region="$region" --name="$name" \
  --secret-string=file://"$dir/secret.part" --query=ARN
{{/}}
