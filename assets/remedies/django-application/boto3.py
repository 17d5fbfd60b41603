# Application code. How Django reads this table without showing or keeping what is secret in it, and logs little of it.
# Take what is missing today. Each part stands by itself, and the settings are at the end. It takes the partition key for
# whom an item belongs to: where that is another attribute, a new table has it for its key.
# Table: {{table:note}}
# Changes: nothing by itself. Put the parts where the application reads and writes the table.
# Costs: nothing; asking for a few attributes by their key reads less than a Scan.
# Can break: pages that looked items up by an id alone, and whoever read all attributes.
# Verify: python manage.py check --deploy tells what is left; as one person, an item of another one answers 404.
# Undo: take the parts out again.
import logging
import os
import threading
import time
from collections.abc import ItemsView, Mapping, ValuesView
from typing import Any

import boto3
from boto3.dynamodb.conditions import Attr, Key
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

REGION = {{region:py}}
# No keys here and none in settings.py: the default provider chain finds the role of the service. An environment has an
# account of its own; where it has none, a role, a tag and a prefix of its own: name its table by a variable.
own = threading.local()


def table():
    """One for each thread: a resource of boto3 is not to be shared by them."""
    if not hasattr(own, "table"):
        session = boto3.Session(region_name=REGION)
        own.table = session.resource("dynamodb").Table(os.environ.get("TABLE", {{table_id:py}}))
    return own.table


PARTITION = {{partition_key:py}}
REFERENCE = {{reference_name:py}}

# 1. Only what a page shows. What is secret is not fetched, and so can be neither returned nor logged by mistake.
SHOWN = {"#owner": PARTITION, "#title": "title", "#version": "version"}


def owned(owner: str, rest_of_key: Mapping[str, Any]) -> dict[str, Any]:
    """An item of this owner, who is known from the session and never from the address; 404 for all else.

    The owner is in the key. No FilterExpression does that: it is applied after the read, to what everybody owns. No
    ConditionExpression either: GetItem has none.
    """
    answer = table().get_item(
        Key={**rest_of_key, PARTITION: owner},
        ProjectionExpression=", ".join(SHOWN),
        ExpressionAttributeNames=SHOWN,
    )
    if "Item" not in answer:
        raise Http404
    return answer["Item"]


def all_of(owner: str) -> list[dict[str, Any]]:
    """All pages of it. No Limit with a filter: it counts what is read and not what is left."""
    found: list[dict[str, Any]] = []
    more: dict[str, Any] = {}
    while True:
        answer = table().query(
            KeyConditionExpression=Key(PARTITION).eq(owner),
            Select="SPECIFIC_ATTRIBUTES",
            ProjectionExpression=", ".join(SHOWN),
            ExpressionAttributeNames=SHOWN,
            **more,
        )
        found += answer["Items"]
        if "LastEvaluatedKey" not in answer:
            return found
        more = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}


# 2. Writes that overwrite nobody.
def create(owner: str, item: Mapping[str, Any]) -> None:
    """Fails where there is such an item already, of whomever."""
    table().put_item(
        Item={**item, PARTITION: owner, "version": 1},
        ConditionExpression=Attr(PARTITION).not_exists(),
    )


def rename(owner: str, rest_of_key: Mapping[str, Any], title: str, seen: int) -> None:
    """Fails where somebody else changed it in between, and where there is none."""
    table().update_item(
        Key={**rest_of_key, PARTITION: owner},
        UpdateExpression="SET #title = :title, #version = :next",
        ConditionExpression="#version = :seen",
        ExpressionAttributeNames={"#title": "title", "#version": "version"},
        ExpressionAttributeValues={":title": title, ":seen": seen, ":next": seen + 1},
        ReturnValues="NONE",
    )


# 3. A secret lives in Secrets Manager, and the item has its name. It is asked for again after five minutes, so that a
# new value arrives without a deployment. Parameter Store does as well: get_parameter(Name=name, WithDecryption=True).
_kept: dict[str, tuple[float, str]] = {}


@sensitive_variables()
def secret(item: Mapping[str, Any], seconds: float = 300) -> str:
    name = item[REFERENCE]
    until, value = _kept.get(name, (0.0, ""))
    if time.monotonic() >= until:
        store = boto3.client("secretsmanager", region_name=REGION)
        value = store.get_secret_value(SecretId=name)["SecretString"]
        _kept[name] = (time.monotonic() + seconds, value)
    return value


@login_required
def mine(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"items": all_of(str(request.user.pk))})


# Parameters of a form that are secret: named, so that no error report has them.
@sensitive_post_parameters("password", "token", "api_key")
@login_required
def add(request: HttpRequest) -> JsonResponse:
    create(str(request.user.pk), {"title": request.POST["title"]})
    return JsonResponse({}, status=201)


# 4. What an error says: no item, no key, no trace. In urls.py: handler403 = "app.dynamo.not_allowed", handler500 the same.
def not_allowed(request: HttpRequest, exception: Exception | None = None) -> JsonResponse:
    return JsonResponse({"error": "Not allowed."}, status=403)


def failed(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"error": "Something went wrong."}, status=500)


# 5. Fewer items in logs: mappings and errors are logged by their names alone, and the SDK does not log what it sends and
# gets. What the code itself makes a text of, as in an f-string, goes through: log keys and counts, not items.
class NoItems(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.partition(".")[0] in ("boto3", "botocore", "urllib3") and record.levelno < logging.WARNING:
            return False
        if isinstance(record.args, Mapping) and "%(" in str(record.msg):
            record.args = {name: _named(value) for name, value in record.args.items()}
        elif isinstance(record.args, Mapping):
            # logging takes the one mapping of log.info("got %s", item) for the arguments.
            record.args = (_named(record.args),)
        elif record.args:
            record.args = tuple(_named(value) for value in record.args)
        record.msg = _named(record.msg)
        # A traceback repeats what was being done, values included.
        record.exc_info = record.exc_text = None
        return True


def _named(value: Any) -> Any:
    if isinstance(value, Mapping):
        return "{" + ", ".join(sorted(map(str, value))) + "}"
    if isinstance(value, Exception):
        return type(value).__name__
    if isinstance(value, (list, tuple, set, ItemsView, ValuesView)):
        return f"{len(value)} of them"
    return value


# settings.py:
#   DEBUG = False
#   ALLOWED_HOSTS = ["shop.example.com"]
#   SECRET_KEY = os.environ["DJANGO_SECRET_KEY"], out of Secrets Manager, another one for each environment
#   SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = True, behind a proxy with SECURE_PROXY_SSL_HEADER
#   SECURE_HSTS_SECONDS = 31536000, SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
#   LOGGING: the filter NoItems on every handler, and no handler below INFO
#   CORS_ALLOWED_ORIGINS = ["https://shop.example.com"], never CORS_ALLOW_ALL_ORIGINS
#   REST_FRAMEWORK = {"DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"]}
# The same in IAM, which does not forget: the role of the service, and dynamodb:LeadingKeys for tenants.
# Who reads items is in data events of CloudTrail, and what changes in the stream: send both to the SIEM by EventBridge.
