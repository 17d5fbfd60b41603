def name_of(key: dict) -> str:
    """The name of the secret: one for each item, where each has its own value."""
{{?one_value}}
    return SECRET
{{:}}
    return f"{SECRET}/item-{digest(key)[:8]}"
{{/}}
