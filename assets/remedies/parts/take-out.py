{{?in_key}}
def remove(key: dict) -> None:
    """It is in a key of the table, which cannot be taken out of an item: the fix of such a key makes another table."""
    raise SystemExit("A key cannot be taken out of an item. Nothing was changed.")
{{:}}
{{?inside}}
def without(text: str, reference: str) -> str:
    """The text with a reference in the place of the secret, which is typed."""
    secret = getpass.getpass("The secret as it stands there: ")
    if not secret or secret not in text:
        raise SystemExit("That is not in the text. Nothing was changed.")
    return text.replace(secret, reference)


def edit(text: str, reference: str) -> str:
    if not LAYERS:
        return without(text, reference)
    if INNER is None:
        raise SystemExit(f"Decode {LAYERS}, change the secret, encode again: write that here. Nothing was changed.")
    begin, end = place_of(text, INNER)
    new = without(json.loads(text[begin:end]), reference) if PART else reference
    return text[:begin] + json.dumps(new) + text[end:]


def place_of(text: str, steps: list) -> tuple[int, int]:
    """Where a value begins and ends in a JSON text. No other character of it is touched: not a digit, not a space."""
    decode = json.JSONDecoder().raw_decode

    def token(at: int) -> int:
        return re.compile(r"[ \t\n\r]*").match(text, at).end()

    at = token(0)
    for step in steps:
        is_map, found, number = text[at] == "{", [], 0
        at = token(at + 1)
        while text[at] not in "]}":
            name = number
            if is_map:
                name, at = decode(text, at)
                at = token(token(at) + 1)
            if name == step:
                found.append(at)
            at, number = token(decode(text, at)[1]), number + 1
            if text[at] == ",":
                at = token(at + 1)
        if len(found) != 1:
            raise SystemExit(f"The text has {len(found)} members of that name there: edit it by hand. Nothing was changed.")
        at = found[0]
    return at, decode(text, at)[1]


{{?stored}}
def replace(key: dict, reference: str = "") -> None:
    """The name of the secret in the place of the old value, only if that is still what was read."""
    reference = reference or name_of(key)
{{:}}
def replace(key: dict, reference: str = "moved") -> None:
    """A word in the place of the old value, only if that is still what was read."""
{{/}}
    value = read(key)
    if "S" not in value:
        raise SystemExit("It is no text: edit it by hand. Nothing was changed.")
    if reference in value["S"]:
        return
{{?stored}}
    demand(reference)
{{/}}
    keep(key, value)
    new = {"S": edit(value["S"], reference)}
    client.update_item(
        TableName=TABLE,
        Key=key,
        UpdateExpression=f"SET {PATH} = :new",
        ConditionExpression=f"{PATH} = :old",
        ExpressionAttributeNames=NAMES,
        ExpressionAttributeValues={":old": value, ":new": new},
        ReturnValues="NONE",
    )
{{:}}
{{?element}}
def remove(key: dict, reference: str = "") -> None:
    """Of a list a word takes the place of the element, so that the others keep theirs; a set loses the one element.

    Only if it is still what was read. ReturnValues NONE: the answer must not echo the old value.
    """
    value = read(key)
{{?stored}}
    demand(reference or name_of(key))
    word = reference or name_of(key)
{{:}}
    word = reference or "moved"
{{/}}
    if value == {"S": word}:
        return
    change, values = f"SET {PATH} = :new", {":old": value, ":new": {"S": word}}
    if kind := next((kind for kind in ("SS", "NS", "BS") if kind in value), None):
        typed = getpass.getpass("The element that is the secret: ")
        element = base64.b64decode(typed) if kind == "BS" else typed
        if element not in value[kind]:
            raise SystemExit("That is no element of the set. Nothing was changed.")
        change, values = f"DELETE {PATH} :new", {":old": value, ":new": {kind: [element]}}
    keep(key, value)
    client.update_item(
        TableName=TABLE,
        Key=key,
        UpdateExpression=change,
        ConditionExpression=PATH + " = :old",
        ExpressionAttributeNames=NAMES,
        ExpressionAttributeValues=values,
        ReturnValues="NONE",
    )
{{:}}
def remove(key: dict, reference: str = "") -> None:
    """Only if it is still what was read; the name of the secret is kept beside it, under a name of its own.

    ReturnValues NONE: the answer must not echo the old value.
    """
    value = read(key)
{{?stored}}
    demand(reference or name_of(key))
{{/}}
    keep(key, value)
    client.update_item(
        TableName=TABLE,
        Key=key,
{{?stored}}
        UpdateExpression="SET #name = :name REMOVE " + PATH,
        ConditionExpression=PATH + " = :old AND attribute_not_exists(#name)",
        ExpressionAttributeNames={**NAMES, "#name": REFERENCE},
        ExpressionAttributeValues={":old": value, ":name": {"S": reference or name_of(key)}},
{{:}}
        UpdateExpression="REMOVE " + PATH,
        ConditionExpression=PATH + " = :old",
        ExpressionAttributeNames=NAMES,
        ExpressionAttributeValues={":old": value},
{{/}}
        ReturnValues="NONE",
    )
{{/}}
{{/}}
{{/}}
