# A key or seed phrase of a wallet has no issuer who could revoke it: whoever has read it can spend. Move the funds.
# Never take it out of the item before they have arrived: they would be lost with it.
# Attribute: {{path:note}} in table {{table:note}}
{{?inside}}
# {{inside_notes:note}}
{{/}}
# {{found:note}}
# Changes: nothing but the item, and that only with the last step.
# Costs: the fees of the transfer, and one write.
# Can break: whatever pays from the old wallet. Give it the new address, and a key in KMS or in a hardware module.
# Verify: the old address is empty, and scan the table again with dynaudit.
# Undo: write the attribute again from the file of keep().
# {{exposure:note}}
import base64
import functools
import getpass
import hashlib
import json
import os

import boto3

TABLE = {{table_id:py}}
STEPS = json.loads({{steps:py}})
{{>inside.py}}
PATH = {{document_path:py}}
NAMES = json.loads({{attribute_names:py}})
REFERENCE = {{reference_name:py}}
FOLDER = {{dir:py}}
session = boto3.Session(region_name={{region:py}})
client = session.client("dynamodb")


{{>ask.py}}
{{?inside}}


def name_of(key: dict) -> str:
    return "moved"
{{/}}


{{>take-out.py}}


# 1. Make a new wallet whose key was never here: in a hardware module, in KMS with ECC_SECG_P256K1, or offline.
# 2. Move all funds, tokens and roles of contracts to it. At once: others may be faster.
# 3. Wait until the transfers are final, and look at the old address once more.
# 4. Keep a copy of the old key for 30 days in Secrets Manager, for what still arrives.
# 5. {{?inside}}each(replace){{:}}each(remove){{/}}, last of all.
if __name__ == "__main__":
    key = keys()[0]
    each(look)

{{>copies.txt}}
