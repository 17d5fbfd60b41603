# Takes a secret out of an item: rotate it first, then move it, then remove it.
# Step 1 is not here: revoke the old value at the issuer. Until then all else is cosmetic.
# Attribute: {{path:note}} in table {{table:note}}
# {{seen:note}}
# Changes: one new secret in Secrets Manager, and one attribute of one item.
# Costs: about 0.40 USD a month for the secret, and one write.
# Can break: whatever reads the attribute. Let it read the secret first.
# Verify: scan the table again with dynaudit.
# Undo: write the attribute again with a reference to the secret, never with the value.
# {{path_notes:note}}
import getpass
import json

import boto3

session = boto3.Session(region_name={{region:py}})

# 2. The new value goes to Secrets Manager; it is typed, not written into this file.
# Give the secret a name of its own: put something that tells the item into the name below.
session.client("secretsmanager").create_secret(
    Name={{secret_name:py}},
    SecretString=getpass.getpass("New value: "),
)

# 3. The key of the item is typed too. Its shape:
key = json.loads({{item_key:py}})
for name, typed in key.items():
    kind = next(iter(typed))
    key[name] = {kind: getpass.getpass(f"{name!a} ({kind}): ")}

# 4. ReturnValues NONE: the answer must not echo the old value.
session.client("dynamodb").update_item(
    TableName={{table_id:py}},
    Key=key,
    UpdateExpression="REMOVE " + {{document_path:py}},
    ConditionExpression="attribute_exists(" + {{document_path:py}} + ")",
    ExpressionAttributeNames=json.loads({{attribute_names:py}}),
    ReturnValues="NONE",
)

# 5. Copies that still hold the old value:
# {{copies:note}}
# All of them hold only the old value: rotation at the issuer makes it worthless.
