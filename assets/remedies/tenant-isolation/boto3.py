# Application code. Asks for items of their owner only, and answers 404 for what is not theirs: whoever guesses a key
# learns not even that there is such an item.
# Changes: nothing by itself. Put it where the application reads the table.
# Costs: nothing; a Query by the owner reads less than a Scan.
# Can break: pages that looked items up by an id alone. They need the owner, who is known from the session.
# Verify: as one person, ask for an item of another one: 404.
# Undo: look items up by the id alone again.
from typing import Any

import boto3
from boto3.dynamodb.conditions import Key
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, JsonResponse

# Credentials come from the default provider chain: none in settings.py. One role for each service.
table = boto3.resource("dynamodb", region_name={{region:py}}).Table({{table_id:py}})
PARTITION = {{partition_key:py}}
# Only what the page shows: a secret in the item is not fetched, and cannot be returned by mistake.
SHOWN = {"#owner": PARTITION, "#title": "title"}


def key_of(tenant: str, kind: str, number: str) -> dict[str, str]:
    """For a new table: the tenant is the partition, as in the policy, and the kind of a thing begins its sort key."""
    return {PARTITION: tenant, "sk": f"{kind}#{number}"}


def owned(owner: str, item_key: dict[str, Any]) -> dict[str, Any]:
    """The owner is in the key, and comes from the session, never from the address.

    No FilterExpression instead: it is applied after the read and lets a missing one pass. No Limit=1 with a filter: it
    counts what was read, not what is left. No ConditionExpression: GetItem has none.
    """
    answer = table.get_item(
        Key={**item_key, PARTITION: owner},
        ProjectionExpression=", ".join(SHOWN),
        ExpressionAttributeNames=SHOWN,
    )
    if "Item" not in answer:
        raise Http404
    return answer["Item"]


def all_of(owner: str) -> list[dict[str, Any]]:
    return table.query(
        KeyConditionExpression=Key(PARTITION).eq(owner),
        Select="SPECIFIC_ATTRIBUTES",
        ProjectionExpression=", ".join(SHOWN),
        ExpressionAttributeNames=SHOWN,
    )["Items"]


@login_required
def mine(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"items": all_of(str(request.user.pk))})


# The role of the service holds the same in IAM: dynamodb:LeadingKeys, see the Policy snippet. Code forgets, IAM does not.
