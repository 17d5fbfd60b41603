# Ends a session of AWS whose credentials stand in an item. They cannot be deleted: they end by themselves, up to
# 12 hours after a role was taken on, up to 36 hours for a user. Until then a Deny refuses them.
# Attribute: {{path:note}} in table {{table:note}}
# {{found:note}}
# Changes: with end_sessions(), one inline policy of the role: its sessions from before now are denied everything.
# Costs: nothing.
# Can break: every session of the role, until it is taken on anew. Applications do that by themselves.
# Verify: any call with the old credentials is refused.
# Undo: delete_role_policy with the name EndOldSessions, once those sessions have ended by themselves.
# {{exposure:note}}
import datetime
import json

import boto3

session = boto3.Session(region_name={{region:py}})


def end_sessions(role: str) -> None:
    """Call it with the name of the role. CloudTrail tells it by the id of the key that begins with ASIA."""
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    deny = {
        "Sid": "EndOldSessions",
        "Effect": "Deny",
        "Action": "*",
        "Resource": "*",
        "Condition": {"DateLessThan": {"aws:TokenIssueTime": now}},
    }
    session.client("iam").put_role_policy(
        RoleName=role,
        PolicyName="EndOldSessions",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [deny]}),
    )


# What needs AWS takes its credentials from the default provider chain, and stores none:
client = session.client("dynamodb")
print("signed in as", session.client("sts").get_caller_identity()["Arn"])
# Then take the attribute out of the items, as the AWS CLI snippet does.
{{>copies.txt}}
