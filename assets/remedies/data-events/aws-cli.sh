# Lets a trail record who reads and writes the items of the table.
# Putting selectors replaces all that the trail has, so they are read first.
# Changes: what the trail selects, by one selector more.
# Costs: CloudTrail data events, about 0.10 USD for 100000 calls, and their storage.
# Can break: a trail of basic selectors loses those that are not written anew as advanced ones.
# Keys of items appear in the log, so let few read its bucket.
# Undo: put the selectors of selectors.before.json again.
trail={{trail_arn:sh}}
region={{trail_region:sh}}

# 1. Read what the trail selects today, and write down what is to be added.
aws cloudtrail get-event-selectors --region="$region" --trail-name="$trail" \
  > selectors.before.json
aws cloudtrail get-event-selectors --region="$region" --trail-name="$trail" \
  --query=AdvancedEventSelectors --output=json > selectors.json
printf '%s\n' {{data_selector:sh}} > add.json

# 2. Put the text of add.json into the list of selectors.json. Where there is no list, the trail has
# basic selectors: write each of them as an advanced one first.

# 3. Then take the colon away.
: aws cloudtrail put-event-selectors --region="$region" --trail-name="$trail" \
  --advanced-event-selectors=file://selectors.json

# Verify:
aws cloudtrail get-event-selectors --region="$region" --trail-name="$trail"
