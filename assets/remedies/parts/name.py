def name_of(key: dict) -> str:
    """The name of the secret: one for each item, where each has its own value."""
{{?one_value}}
    return STORE_AS
{{:}}
{{?unplaced}}
    return f"{STORE_AS}/item-{digest(key)[:8]}" + "".join(f"/{step}" for step in STEPS if isinstance(step, int))
{{:}}
    return f"{STORE_AS}/item-{digest(key)[:8]}"
{{/}}
{{/}}
