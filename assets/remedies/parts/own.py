
{{?guarded}}
ACCOUNT = {{account:py}}
if boto3.client("sts", region_name={{region:py}}).get_caller_identity()["Account"] != ACCOUNT:
    raise SystemExit(f"These credentials are not of account {ACCOUNT}. Nothing was changed.")
{{:}}
{{?emulated}}
# An emulator has no account to check.
{{:}}
# The account is not known: see yourself that the credentials are of the right one.
{{/}}
{{/}}
