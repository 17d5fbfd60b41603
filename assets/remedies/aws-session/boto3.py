# Ends a session of AWS whose credentials stand in an item. They cannot be deleted: they end by themselves, up to
# 12 hours after a role was taken on, up to 36 hours for a user. Until then a Deny refuses them.
# Attribute: {{path:note}} in table {{table:note}}
# {{found:note}}
# Run it with python -i to see that the value is there. Then call the functions, in the order of the steps at the end.
# Changes: with end_sessions(), one inline policy of the role: its sessions from before now are denied everything. Then one
# attribute of one item.
# Costs: nothing.
# Can break: every session of the role, until it is taken on anew. The SDKs do that by themselves, but
# on EC2 and in containers only minutes before the old credentials end: restart what cannot wait for that.
# Verify: any call with the old credentials is refused.
# Undo: delete_role_policy with the name EndOldSessions, once those sessions have ended by themselves.
# {{exposure:note}}
import base64
import datetime
import functools
import getpass
import hashlib
import json
import os
{{?inside}}
import re
{{/}}

import boto3

TABLE = {{table_id:py}}
STEPS = json.loads({{steps:py}})
{{>inside.py}}
PATH = {{document_path:py}}
NAMES = json.loads({{attribute_names:py}})
FOLDER = {{dir:py}}
session = boto3.Session(region_name={{region:py}})
client = session.client("dynamodb")
# The session of the account of the role. Where that is another account: boto3.Session with a profile of that.
owner = session


def end_sessions(role: str) -> None:
    """Call it with the name of the role. CloudTrail tells it by the id of the key that begins with ASIA, which is typed.

    Where it is run again the first moment stays: a later one would end sessions of those who took the role on anew.
    """
    sts, iam = owner.client("sts"), owner.client("iam")
    account = sts.get_access_key_info(AccessKeyId=getpass.getpass("Id of the key, ASIA...: "))["Account"]
    if sts.get_caller_identity()["Account"] != account:
        raise SystemExit(f"The session is of account {account}, these credentials are not. Nothing was changed.")
    if "EndOldSessions" in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        print("They are denied already. For a later moment take the policy EndOldSessions away first.")
        return
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    deny = {
        "Sid": "EndOldSessions",
        "Effect": "Deny",
        "Action": "*",
        "Resource": "*",
        "Condition": {"DateLessThan": {"aws:TokenIssueTime": now}},
    }
    iam.put_role_policy(
        RoleName=role,
        PolicyName="EndOldSessions",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [deny]}),
    )


{{>keys.py}}


{{>read.py}}


{{>take-out.py}}


# 1. end_sessions(role).
# A session of a user, by GetSessionToken, is ended by the same Deny as a policy of that user. A role of IAM Identity Center
# cannot be edited: revoke its sessions there, by a Deny in the permission set.
# 2. Stop writing them: what needs AWS takes its credentials from the default provider chain, and stores none.
# 3. {{?inside}}each(replace){{:}}each(remove){{/}}, once nothing reads them. Delete the directory in FOLDER then, its files hold secrets.
if __name__ == "__main__":
    each(look)

{{>copies.txt}}