(umask 077 && mkdir -p "$dir")
test -n "$(find "$dir" -prune -user "$(id -u)")" && chmod 700 "$dir" || dir=/dev/null/is-not-yours
