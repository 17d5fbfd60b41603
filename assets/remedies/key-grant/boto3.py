# Revokes a grant on the key. Ask its holder first: a grant is how others were let in on purpose.
# Changes: one grant ends, and its holder can no longer use the key by it.
# Costs: nothing.
# Can break: whoever works by the grant. CloudTrail shows who used the key.
# Verify: list_grants no longer shows it.
# Undo: create_grant with what list_grants showed.
import boto3

KEY = {{key_arn:py}}
kms = boto3.client("kms", region_name={{region:py}})


def revoke(grant_id: str) -> None:
    """Call this with the GrantId of the principal that the finding names."""
    kms.revoke_grant(KeyId=KEY, GrantId=grant_id)


for page in kms.get_paginator("list_grants").paginate(KeyId=KEY):
    for grant in page.get("Grants", []):
        print(grant["GrantId"], grant["GranteePrincipal"], grant["Operations"])
