def put_hidden(key: dict, place: list, old: dict, name: str, new: dict) -> None:
    """new instead of old, under a name of its own: in a map beside it, in a list as a map in its place. Only if it is still old.

    ReturnValues NONE: the answer must not echo the old value.
    """
    path, names = expression(place)
    change, condition, values = f"SET {beside(path)} = :new REMOVE {path}", f" AND attribute_not_exists({beside(path)})", new
    names["#beside"] = name
    if isinstance(place[-1], int):
        if name in old.get("M", {}):
            return
        change, condition, values = f"SET {path} = :new", "", {"M": {name: new}}
        del names["#beside"]
    keep(key, old, place)
    try:
        client.update_item(
            TableName=TABLE,
            Key=key,
            UpdateExpression=change,
            ConditionExpression=f"{path} = :old{condition}",
            ExpressionAttributeNames=names,
            ExpressionAttributeValues={":old": old, ":new": values},
            ReturnValues="NONE",
        )
    except client.exceptions.ConditionalCheckFailedException:
        print("One value stays: it changed meanwhile, or a new one is beside it. Switch the writers first")
