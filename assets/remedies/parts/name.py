def name_of(key: dict) -> str:
    """The name of the secret: one for each item, where each has its own value."""
{{?one_value}}
    return STORE_AS
{{:}}
    return f"{STORE_AS}/item-{digest(key)[:8]}"
{{/}}
