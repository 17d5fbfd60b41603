# In the management account of the organization only, and with nothing left to put in.
in_organization() {
  for word in "$@"; do
    case "$word" in
      *PUT-*-HERE*) echo 'Put in what ends in HERE first. Nothing was run.' >&2; return 1 ;;
      *file://*) if ! test -s "${word#*file://}" ||
        grep -q -e 'PUT-.*-HERE' -e ORGANIZATION-ID "${word#*file://}"; then
        echo "Look at ${word#*file://} first. Nothing was run." >&2
        return 1; fi ;;
    esac
  done
  own=$(aws sts get-caller-identity --query=Account --output=text) || return 1
  of=$(aws organizations describe-organization --query=Organization.MasterAccountId \
    --output=text) || return 1
  test "$own" = "$of" || { echo 'Not the management account. Nothing was run.' >&2; return 1; }
  "$@"
}
