in_account() {
  for word in "$@"; do
    case "$word" in
      *PUT-*-HERE*|*KEY-OF-*-HERE*) echo 'Put in what ends in HERE first. Nothing was run.' >&2; return 1 ;;
      *file://*) if grep -qs -e 'PUT-.*-HERE' -e 'KEY-OF-.*-HERE' "${word#*file://}"; then
        echo "Put in what ends in HERE in ${word#*file://} first. Nothing was run." >&2
        return 1; fi ;;
    esac
  done
{{?guarded}}
  [ "$(aws sts get-caller-identity --query Account --output text)" = {{account:sh}} ] || {
    echo 'These credentials are not of account '{{account:sh}}'. Nothing was run.' >&2; return 1; }
{{/}}
  "$@"
}
