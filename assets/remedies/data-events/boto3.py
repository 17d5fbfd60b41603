# Lets a trail record who reads and writes the items of the table.
# Putting selectors replaces all that the trail has, so they are read first.
# Changes: what the trail selects, by one selector more.
# Costs: CloudTrail data events, about 0.10 USD for 100000 calls, and their storage.
# Can break: a trail of basic selectors loses those that are not written anew as advanced ones.
# Keys of items appear in the log, so let few read its bucket.
# Verify: get_event_selectors.
# Undo: put the selectors of selectors.before.json again.
import json
from pathlib import Path

import boto3

TRAIL = {{trail_arn:py}}
ADD = json.loads({{data_selector:py}})
cloudtrail = boto3.client("cloudtrail", region_name={{trail_region:py}})


def add() -> None:
    """Call this once you looked at what the trail selects."""
    answer = cloudtrail.get_event_selectors(TrailName=TRAIL)
    selectors = answer.get("AdvancedEventSelectors")
    if not selectors:
        raise SystemExit("The trail has basic selectors: write them as advanced ones first.")
    with Path("selectors.before.json").open("x", encoding="utf-8") as file:
        json.dump(selectors, file)
    cloudtrail.put_event_selectors(TrailName=TRAIL, AdvancedEventSelectors=[*selectors, ADD])


if __name__ == "__main__":
    print(cloudtrail.get_event_selectors(TrailName=TRAIL))
