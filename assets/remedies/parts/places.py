{{>keys.py}}


def places(key: dict, steps: list) -> list[tuple[list, dict]]:
    """Where the value stands in the item, each place with what is there. None leads to each of a list or of a map."""
    found = [([], {"M": client.get_item(TableName=TABLE, Key=key, ConsistentRead=True).get("Item", {})})]
    for step in steps:
        inside = [(place, value.get("M") or dict(enumerate(value.get("L", [])))) for place, value in found]
        found = [
            ([*place, at], members[at])
            for place, members in inside
            for at in (members if step is None else [step])
            if at in members
        ]
    return found


def expression(place: list) -> tuple[str, dict[str, str]]:
    """The place as DynamoDB takes it, every name by an alias."""
    text, names = "", {}
    for step in place:
        if isinstance(step, int):
            text += f"[{step}]"
            continue
        names[f"#a{len(names)}"] = step
        text += ("." if text else "") + f"#a{len(names) - 1}"
    return text, names


def beside(path: str) -> str:
    """A place of another name in the same map."""
    return path[: path.rindex("#")] + "#beside" if "#" in path else path


def plain(value: dict) -> bytes:
    """A text or bytes as they are, all else as the JSON of DynamoDB."""
    kind, inner = next(iter(value.items()))
    return inner.encode() if kind == "S" else inner if kind == "B" else as_text(value).encode()
