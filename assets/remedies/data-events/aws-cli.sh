# Lets a trail record who reads and writes the items of the tables that it leaves out today.
# Putting selectors replaces all that the trail has, so they are read first.
# Changes: what the trail selects, by one selector more.
# Costs: CloudTrail data events, about 0.10 USD for 100000 calls, and their storage.
# Reads of the stream are among them. The trail of an organization is changed by its management account or a delegated
# administrator.
# Can break: a trail of basic selectors loses those that are not written anew as advanced ones.
# Keys of items appear in the log, so let few read its bucket.
# Undo: put the selectors again that are in selectors.before.json, which is the whole answer.
# Files are for you alone, in a directory of this finding. What was read first is never written over: for
# another change, on another day, use another directory name here.
dir={{dir:sh}}
trail={{trail_arn:sh}}
region={{trail_region:sh}}
{{>directory.sh}}

# 1. Read what the trail selects today, once, and write down what is to be added.
test -s "$dir/selectors.before.json" || (umask 077 && \
  aws cloudtrail get-event-selectors --region="$region" --trail-name="$trail" \
  --output=json > "$dir/selectors.part" && \
  test -s "$dir/selectors.part" && mv "$dir/selectors.part" "$dir/selectors.before.json")
test ! -s "$dir/selectors.before.json" || test -e "$dir/selectors.json" || (umask 077 && \
  aws cloudtrail get-event-selectors --region="$region" --trail-name="$trail" \
  --query=AdvancedEventSelectors --output=json > "$dir/selectors.part" && \
  grep -q FieldSelectors "$dir/selectors.part" && mv "$dir/selectors.part" "$dir/selectors.json")
test -e "$dir/add.json" || (umask 077 && printf '%s\n' {{data_selector:sh}} > "$dir/add.json")

# 2. Put the text of add.json into the list of selectors.json. Where there is no such file, the trail has
# basic selectors: write each of them as an advanced one first.

# 3. Then remove the colon. Where somebody changed the selectors meanwhile, or they are put already, there is no
# selectors.put.json and nothing is put: delete the directory, and start again.
test "$(aws cloudtrail get-event-selectors --region="$region" --trail-name="$trail" \
  --output=json)" = "$(cat "$dir/selectors.before.json" 2> /dev/null)" && \
  test -s "$dir/selectors.json" && \
  cp "$dir/selectors.json" "$dir/selectors.put.json" || rm -f "$dir/selectors.put.json"
: in_account aws cloudtrail put-event-selectors --region="$region" --trail-name="$trail" \
  --advanced-event-selectors=file://"$dir/selectors.put.json"

# Verify:
aws cloudtrail get-event-selectors --region="$region" --trail-name="$trail"
