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
    document = holder = json.loads(text)
    for step in INNER[:-1]:
        holder = holder[step]
    old = holder[INNER[-1]]
    new = without(old, reference) if PART else reference
    holder[INNER[-1]] = new
    # Where the value stands there once, no other character changes.
    for literal in (json.dumps(old), json.dumps(old, ensure_ascii=False)):
        edited = text.replace(literal, json.dumps(new))
        if text.count(literal) == 1 and json.loads(edited) == document:
            return edited
    return json.dumps(document, ensure_ascii=False)


def replace(key: dict, reference: str = "") -> None:
    """The name of the secret in the place of the old value, only if that is still what was read."""
    reference = reference or name_of(key)
    value = read(key)
    if "S" not in value:
        raise SystemExit("It is no text: edit it by hand. Nothing was changed.")
    keep(key, value)
    new = {"S": edit(value["S"], reference)}
    if new == value:
        return
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
def remove(key: dict, reference: str = "") -> None:
    """Only if it is still what was read; the name of the secret is kept beside it, under a name of its own.

    ReturnValues NONE: the answer must not echo the old value.
    """
    value = read(key)
    keep(key, value)
    client.update_item(
        TableName=TABLE,
        Key=key,
{{?stored}}
        UpdateExpression="SET #name = :name REMOVE " + PATH,
        ConditionExpression=PATH + " = :old",
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
