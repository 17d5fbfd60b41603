# Narrows who may take on roles that read the table. The edit is yours: only the owner of a role knows who is meant.
# Paste all of it again after the edit: what is done already is not done twice.
# {{trust_seen:note}}
# Changes: with step 3, the trust policies that you edited in step 2. By being pasted nothing is changed.
# Costs: nothing.
# Can break: whoever takes on such a role and is no longer among those that the policy lets in. Sessions that run live on until
# they end, up to 12 hours.
# Undo: update-assume-role-policy with the file NAME.before.json of the directory below.
# Files are for you alone, in a directory of this finding.
dir={{dir:sh}}
{{>directory.sh}}

# 1. The trust policies of today, each once.
for role in {{trust_roles:words}}; do
  test -s "$dir/$role.before.json" || (umask 077 && \
    aws iam get-role --role-name="$role" --query=Role.AssumeRolePolicyDocument --output=json \
    > "$dir/$role.part" && grep -q Statement "$dir/$role.part" && \
    mv "$dir/$role.part" "$dir/$role.before.json")
  test ! -s "$dir/$role.before.json" || test -e "$dir/$role.json" || \
    cp "$dir/$role.before.json" "$dir/$role.json"
done

# 2. Edit NAME.json of each role in that directory:
{{>trust-edit.txt}}

# 3. Remove the leading colon and run. A policy that somebody changed meanwhile stays.
put_trust() {
  for role in {{trust_roles:words}}; do
    cmp -s "$dir/$role.before.json" "$dir/$role.json" && {
      echo "$role: not edited yet."; continue; }
    now=$(aws iam get-role --role-name="$role" --query=Role.AssumeRolePolicyDocument \
      --output=json)
    if [ "$now" != "$(cat "$dir/$role.before.json")" ]; then
      echo "$role: it is another policy than in $role.before.json by now," \
        "or was put already. Left as it is." >&2
    else
      aws iam update-assume-role-policy --role-name="$role" \
        --policy-document=file://"$dir/$role.json" && echo "$role: put."
    fi
  done
}
: in_account put_trust

# Verify: audit the table again with dynaudit, and take the role on as one of those who are meant.
