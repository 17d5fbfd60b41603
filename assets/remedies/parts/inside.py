{{?inside}}
# What the value is encoded in, the way to the secret in a JSON text, and whether it is a part of what is there.
LAYERS = json.loads({{layers:py}})
INNER = json.loads({{inner:py}})
PART = json.loads({{part:py}})
{{/}}
