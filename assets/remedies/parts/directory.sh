(umask 077 && mkdir -p "$dir")
test -O "$dir" && chmod 700 "$dir" || dir=/dev/null/is-not-yours
