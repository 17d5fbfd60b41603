# Lets a trail that was stopped record again. Find out first who stopped it, and why.
# Where the trail is on and cannot deliver, the policy of its bucket or key is the reason.
# Changes: the trail records from now on. What happened in between is not recorded.
# Costs: what the trail cost before.
# Can break: nothing.
# Verify: get_trail_status shows IsLogging True and no LatestDeliveryError.
# Undo: stop_logging.
import boto3
from botocore.exceptions import ClientError

TRAIL = {{trail_arn:py}}
cloudtrail = boto3.client("cloudtrail", region_name={{trail_region:py}})
# Who stopped it, within the last 90 days, and whether it could deliver:
stopped = [{"AttributeKey": "EventName", "AttributeValue": "StopLogging"}]
try:
    print(cloudtrail.lookup_events(LookupAttributes=stopped))
except ClientError as denied:
    # Nobody may look, and it is switched on all the same.
    print(denied)
print(cloudtrail.get_trail_status(Name=TRAIL))
cloudtrail.start_logging(Name=TRAIL)
