# Lets a trail record who reads and writes the items of the tables that it leaves out today.
# Putting selectors replaces all that the trail has, so they are read first.
# Changes: what the trail selects, by one selector more.
# Costs: CloudTrail data events, about 0.10 USD for 100000 calls, and their storage.
# Reads of the stream are among them. The trail of an organization is changed by its management account or a delegated
# administrator.
# Can break: a trail of basic selectors loses those that are not written anew as advanced ones.
# Keys of items appear in the log, so let few read its bucket.
# Verify: get_event_selectors.
# Undo: put the selectors of the file of keep() again.
import json
import os

import boto3

TRAIL = {{trail_arn:py}}
ADD = json.loads({{data_selector:py}})
cloudtrail = boto3.client("cloudtrail", region_name={{trail_region:py}})
# For another change, on another day, put another name here.
BEFORE = {{dir:py}} + ".before.json"


def keep(text: str) -> None:
    """What was there, in a file for you alone, once: a second run leaves it as it is."""
    try:
        file = os.open(BEFORE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with open(file, "w", encoding="utf-8") as out:
        out.write(text)


def add() -> None:
    """Call this once you looked at what the trail selects."""
    answer = cloudtrail.get_event_selectors(TrailName=TRAIL)
    selectors = answer.get("AdvancedEventSelectors")
    if not selectors:
        raise SystemExit("The trail has basic selectors: write them as advanced ones first.")
    if ADD in selectors:
        return
    keep(json.dumps(selectors))
    cloudtrail.put_event_selectors(TrailName=TRAIL, AdvancedEventSelectors=[*selectors, ADD])


if __name__ == "__main__":
    print(cloudtrail.get_event_selectors(TrailName=TRAIL))
