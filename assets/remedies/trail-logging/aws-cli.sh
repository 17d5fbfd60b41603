# Lets a trail that was stopped record again. Find out first who stopped it, and why.
# Where the trail is on and cannot deliver, the policy of its bucket or key is the reason.
# A trail of an organization belongs to its management account: there it is started.
# Changes: the trail records from now on. What happened in between is not recorded.
# Costs: what the trail cost before.
# Can break: nothing.
# Undo: stop-logging.
trail={{trail_arn:sh}}
region={{trail_region:sh}}

# Who stopped it, within the last 90 days, and whether it could deliver:
aws cloudtrail lookup-events --region="$region" \
  --lookup-attributes='[{"AttributeKey":"EventName","AttributeValue":"StopLogging"}]'
aws cloudtrail get-trail-status --region="$region" --name="$trail"

# It is on again once the leading colon is removed: find out first who stopped it.
: in_account aws cloudtrail start-logging --region="$region" --name="$trail"

# Verify:
aws cloudtrail get-trail-status --region="$region" --name="$trail"
