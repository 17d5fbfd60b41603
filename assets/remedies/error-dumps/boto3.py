# Keeps what programs tell of themselves out of the table: an error is stored by its kind, its place and a number that finds
# it again in the log, and what is there already is cut down to one line.
# First put store_error() where the application writes errors: what is cut down before that comes back. Then run it with
# python -i to see how many there are, and call each(cut).
# Attribute: {{path:note}} in table {{table:note}}
# {{found:note}}
# Changes: with cut(), one item keeps the first line of such a text. Nothing is removed but what was kept in a file first.
# Costs: one write an item.
# Can break: whoever looks for the cause of an old error in the table. The log has it, where it is kept.
# Verify: raise an error as a test, look at its item, and scan the table again with dynaudit.
# Undo: write the attribute again from the file of keep().
# {{exposure:note}}
# The secrets that such a text held were there for everybody who reads items: each is a finding of its own, to be replaced.
import base64
import functools
import getpass
import hashlib
import json
import logging
import os
import re
import traceback
import uuid

import boto3

TABLE = {{table_id:py}}
STEPS = json.loads({{all_steps:py}})
FOLDER = {{dir:py}}
session = boto3.Session(region_name={{region:py}})
client = session.client("dynamodb")
log = logging.getLogger("errors")


# 1. In the application.
def store_error(error: BaseException) -> str:
    """What an item may say of an error. The number is in the log beside the whole trace: people there may read it.

    No message of the error: it often repeats the value that was wrong.
    """
    number = uuid.uuid4().hex[:12]
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{os.path.basename(frames[-1].filename)}:{frames[-1].lineno}" if frames else "unknown"
    log.error("error %s", number, exc_info=error)
    return f"{type(error).__name__} at {place} [{number}]"


SECRET = re.compile(r"authorization|cookie|token|secret|passw|api.?key|session|signature", re.IGNORECASE)


def store_request(method: str, path: str, headers: dict) -> dict:
    """What an item may say of a request: no query, no body, and the names alone of headers that let somebody in."""
    shown = {name: "[removed]" if SECRET.search(name) else value for name, value in headers.items()}
    return {"method": method, "path": path.partition("?")[0], "headers": shown}


# settings.py of Django:
#   DEBUG = False
#   DEFAULT_EXCEPTION_REPORTER_FILTER stays SafeExceptionReporterFilter, and views with secrets have sensitive_variables()
#   and sensitive_post_parameters() of django.views.decorators.debug
# Sentry: sentry_sdk.init(..., send_default_pii=False, include_local_variables=False)


{{>places.py}}


# 2. What is in the table.
def first_line(text: str) -> str:
    """What went wrong, in one line: of a trace of Python the last one, which names the error, without its message."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        return "[removed]"
    line = lines[-1] if lines[0].startswith("Traceback") else lines[0]
    return re.split(r"[:=<{]", line)[0][:80].strip() + " [removed]"


def cut(key: dict) -> None:
    """In the place of the text its first line, where the text is still the same."""
    for place, value in places(key, STEPS):
        if "S" not in value or value["S"].endswith("[removed]"):
            continue
        keep(key, value, place)
        path, names = expression(place)
        try:
            client.update_item(
                TableName=TABLE,
                Key=key,
                UpdateExpression=f"SET {path} = :line",
                ConditionExpression=f"{path} = :old",
                ExpressionAttributeNames=names,
                ExpressionAttributeValues={":old": value, ":line": {"S": first_line(value["S"])}},
                ReturnValues="NONE",
            )
        except client.exceptions.ConditionalCheckFailedException:
            print("It changed meanwhile: run it again. Nothing was changed.")


def look(key: dict) -> None:
    """Only looks, and tells how many there are."""
    print(len(places(key, STEPS)), "there")


# 3. Delete the directory in FOLDER once nobody needs the old texts: its files hold what they held.
if __name__ == "__main__":
    key = keys()[0]
    each(look)
