# Make a new key. It goes into secret.txt, not on the screen.
test -s "$dir/secret.txt" || (umask 077 && \
  python3 -c 'import secrets; print(secrets.token_urlsafe(64), end="")' > "$dir/secret.txt")
