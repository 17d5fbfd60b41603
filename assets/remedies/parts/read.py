def read(key: dict) -> dict:
    if "PUT-" in json.dumps(STEPS):
        raise SystemExit("Put the name or the position into STEPS and into PATH first. Nothing was changed.")
    value = {"M": client.get_item(TableName=TABLE, Key=key, ConsistentRead=True).get("Item", {})}
    try:
        for step in STEPS:
            value = value["M" if isinstance(step, str) else "L"][step]
    except (KeyError, IndexError, TypeError):
        raise SystemExit("There is no such value in the item. Nothing was changed.") from None
    return value


def look(key: dict) -> None:
    print("What is there now is in", keep(key, read(key)))
