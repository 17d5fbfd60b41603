{{?half}}
{{:}}


def key_id() -> str:
    """The id of the old access key, the one that begins with AKIA, is typed."""
    return getpass.getpass("Id of the old access key: ")


def whose(old: str) -> tuple[str, str]:
    """The user of the key, and when it was used last. Stops where these credentials are of another account."""
    sts = session.client("sts")
    owner = sts.get_access_key_info(AccessKeyId=old)["Account"]
    if sts.get_caller_identity()["Account"] != owner:
        raise SystemExit(f"The key is of account {owner}, these credentials are not. Nothing was changed.")
    answer = session.client("iam").get_access_key_last_used(AccessKeyId=old)
    return answer["UserName"], str(answer["AccessKeyLastUsed"].get("LastUsedDate", "never"))


def new_key(old: str) -> None:
    """A new key, straight into Secrets Manager, never on the screen. Better still is a role, which needs no key."""
    user, _ = whose(old)
    iam = session.client("iam")
    active = [k for k in iam.list_access_keys(UserName=user)["AccessKeyMetadata"] if k["AccessKeyId"] != old]
    if active:
        raise SystemExit("The user has a second key already. Nothing was changed.")
    key = iam.create_access_key(UserName=user)["AccessKey"]
    put_secret(json.dumps({name: key[name] for name in ("AccessKeyId", "SecretAccessKey")}))


def switch_off(old: str) -> None:
    """Inactive: it can be switched on again. Where others could read it, this comes first of all."""
    user, used = whose(old)
    print("used last:", used)
    session.client("iam").update_access_key(UserName=user, AccessKeyId=old, Status="Inactive")


def end_sessions(old: str) -> None:
    """Sessions that were made with the key live up to 36 hours: all of the user's from before now are denied."""
    user, _ = whose(old)
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    deny = {
        "Sid": "EndOldSessions",
        "Effect": "Deny",
        "Action": "*",
        "Resource": "*",
        "Condition": {"DateLessThan": {"aws:TokenIssueTime": now}},
    }
    session.client("iam").put_user_policy(
        UserName=user,
        PolicyName="EndOldSessions",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [deny]}),
    )


def delete_old(old: str) -> None:
    """Final, and last of all: only what was Inactive for some days and is missed by nobody."""
    user, _ = whose(old)
    iam = session.client("iam")
    keys = {k["AccessKeyId"]: k["Status"] for k in iam.list_access_keys(UserName=user)["AccessKeyMetadata"]}
    if keys.get(old) != "Inactive":
        raise SystemExit("Switch it off first. Nothing was changed.")
    iam.delete_access_key(UserName=user, AccessKeyId=old)
{{/}}
