def seconds(item: dict) -> int | None:
    """When the item may be deleted, in seconds since 1970, or None to keep it for ever. Write this before fill()."""
    raise SystemExit("Write seconds() first: it tells the time of an item. Nothing was changed.")


def fill(each_second: int = 20, at_most: int = 100_000, start: dict | None = None) -> dict | None:
    """Gives items that are there already their time, at a pace, while time to live is off.

    It reads the table, which costs half a read unit for 4 KB, and writes each item that lacks the attribute: an item
    that has it stays as it is. A write costs a unit for each KB, again in each index with the attribute and in each
    replica, and is a change in the stream: what reads that runs. It ends after at_most items, and gives where to go on: start=fill(), then fill(start=start).
    """
    if RIGHT.startswith("PUT-"):
        raise SystemExit("Name the attribute first. Nothing was changed.")
    if state() != "DISABLED":
        raise SystemExit("Switch time to live off first. Nothing was changed.")
    read = written = 0
    while True:
        began = time.monotonic()
        page = client.scan(
            TableName=TABLE,
            Limit=max(1, min(each_second * 5, at_most - read)),
            FilterExpression="attribute_not_exists(#right)",
            ExpressionAttributeNames={"#right": RIGHT},
            **({"ExclusiveStartKey": start} if start else {}),
        )
        for item in page["Items"]:
            at = seconds(item)
            if at is None:
                continue
            try:
                client.update_item(
                    TableName=TABLE,
                    Key={name: item[name] for name in KEYS},
                    UpdateExpression="SET #right = :at",
                    # Neither an item that went in between nor a newer value.
                    ConditionExpression="attribute_exists(#key) AND attribute_not_exists(#right)",
                    ExpressionAttributeNames={"#right": RIGHT, "#key": KEYS[0]},
                    ExpressionAttributeValues={":at": {"N": str(at)}},
                )
                written += 1
                time.sleep(1 / each_second)
            except client.exceptions.ConditionalCheckFailedException:
                continue
            except client.exceptions.ClientError as error:
                print(error.response["Error"]["Code"] + ": go on from what this gives, if throttled with fewer each_second")
                return start
        read += page["ScannedCount"]
        start = page.get("LastEvaluatedKey")
        if not start or read >= at_most:
            break
        time.sleep(max(0.0, page["ScannedCount"] / each_second - (time.monotonic() - began)))
    print(read, "items read,", written, "written;", "there are more" if start else "that was all of them")
    return start


def state() -> str:
    return client.describe_time_to_live(TableName=TABLE)["TimeToLiveDescription"]["TimeToLiveStatus"]
