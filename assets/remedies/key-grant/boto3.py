# Revokes a grant on the key. Ask its holder first: a grant is how others were let in on purpose.
# Changes: one grant ends, and some minutes later its holder can no longer use the key by it.
# Costs: nothing.
# Can break: whoever works by the grant. CloudTrail shows who used the key.
# Verify: list_grants no longer shows it.
# Undo: create_grant with what list_grants showed.
import json

import boto3

KEY = {{key_arn:py}}
kms = boto3.client("kms", region_name={{region:py}})


# Those that let others in:
# {{grants:note}}
GRANTS = json.loads({{grant_list:py}})


def revoke() -> None:
    """Call this when their holders agree. One that is gone already is no failure."""
    if any("PUT-" in grant for grant in GRANTS):
        raise SystemExit("Put in what ends in HERE first. Nothing was changed.")
    for grant in GRANTS:
        try:
            kms.revoke_grant(KeyId=KEY, GrantId=grant)
        except kms.exceptions.NotFoundException:
            continue


for page in kms.get_paginator("list_grants").paginate(KeyId=KEY):
    for grant in page.get("Grants", []):
        print(grant["GrantId"], grant["GranteePrincipal"], grant["Operations"])
