{{?table_key}}
# Whoever of the account may read the table may use the key through DynamoDB, as it is with the key that AWS manages.
KEY_POLICY = {{table_key_policy:py}}


{{/}}
def make_key(kms) -> str:
    """A key of KMS, once: it is found by its alias in a second run. It costs 1 USD a month from then on."""
    for page in kms.get_paginator("list_aliases").paginate():
        for alias in page["Aliases"]:
            if alias["AliasName"] == ALIAS and "TargetKeyId" in alias:
                found = kms.describe_key(KeyId=alias["TargetKeyId"])["KeyMetadata"]
                if found["KeyState"] != "Enabled":
                    raise SystemExit(f"The key of {ALIAS} is {found['KeyState']}. Nothing was changed.")
                kms.enable_key_rotation(KeyId=found["KeyId"])
                return found["Arn"]
{{?table_key}}
    policy = KEY_POLICY.replace("REGION-OF-THE-KEY", kms.meta.region_name)
    made = kms.create_key(Description=ALIAS, Policy=policy)["KeyMetadata"]
{{:}}
    made = kms.create_key(Description=ALIAS)["KeyMetadata"]
{{/}}
    try:
        kms.create_alias(AliasName=ALIAS, TargetKeyId=made["KeyId"])
    except kms.exceptions.ClientError as error:
        code = error.response["Error"]["Code"]
        raise SystemExit(f"{code}: give the key {made['KeyId']}, which was made, the alias {ALIAS}, and run again.") from None
    kms.enable_key_rotation(KeyId=made["KeyId"])
    return made["Arn"]
