{{?half}}
{{:}}


# The session of the account of the access key. Where that is another account: boto3.Session with a profile of that.
owner = session


def key_id() -> str:
    """The id of the old access key, the one that begins with AKIA, is typed."""
    return getpass.getpass("Id of the old access key: ")


def whose(old: str) -> tuple[str, str]:
    """The user of the key, and when it was used last. Stops where these credentials are of another account."""
    sts = owner.client("sts")
    account = sts.get_access_key_info(AccessKeyId=old)["Account"]
    if sts.get_caller_identity()["Account"] != account:
        raise SystemExit(f"The key is of account {account}, these credentials are not. Nothing was changed.")
    iam = owner.client("iam")
    try:
        answer = iam.get_access_key_last_used(AccessKeyId=old)
        return answer["UserName"], str(answer["AccessKeyLastUsed"].get("LastUsedDate", "never"))
    except iam.exceptions.ClientError as error:
        code = error.response["Error"]["Code"]
        raise SystemExit(f"{code}: the key may be of the root user or deleted, or you may not ask.") from None
    except KeyError:
        raise SystemExit("AWS names no user for this key: it may be of the root user, or deleted.") from None


def new_key(key: dict, old: str) -> None:
    """A new key, by a file for you alone into Secrets Manager, never on the screen. A role is better, it needs no key.

    Where it is run again, it goes on with the key in that file: it makes one key, however often it is called.
    """
    path = f"{FOLDER}/new-key-{digest(key)}.json"
    if not os.path.exists(path):
        user, _ = whose(old)
        iam = owner.client("iam")
        if [k for k in iam.list_access_keys(UserName=user)["AccessKeyMetadata"] if k["AccessKeyId"] != old]:
            raise SystemExit("The user has a second key already: delete it if nobody knows it. Nothing was changed.")
        # The file is there before the key: a key that nobody could write down would be lost.
        file = os.open(path + ".part", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(file, "w", encoding="utf-8") as out:
            made = iam.create_access_key(UserName=user)["AccessKey"]
            out.write(json.dumps({name: made[name] for name in ("AccessKeyId", "SecretAccessKey")}))
        os.rename(path + ".part", path)
    with open(path, encoding="utf-8") as file:
        put_secret(name_of(key), file.read())


def switch_off(old: str) -> None:
    """Inactive: it can be switched on again. Where others could read it, this comes first of all."""
    user, used = whose(old)
    print("used last:", used)
    owner.client("iam").update_access_key(UserName=user, AccessKeyId=old, Status="Inactive")


def end_sessions(old: str) -> None:
    """Sessions that were made with the key live up to 36 hours: all of the user's from before now are denied.

    Where it is run again the first moment stays: a later one would end sessions of the new key, too. A role that was
    taken on with the key needs the same Deny, by put_role_policy.
    """
    user, _ = whose(old)
    iam = owner.client("iam")
    if "EndOldSessions" in iam.list_user_policies(UserName=user)["PolicyNames"]:
        print("They are denied already. For a later moment take the policy EndOldSessions away first.")
        return
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    deny = {
        "Sid": "EndOldSessions",
        "Effect": "Deny",
        "Action": "*",
        "Resource": "*",
        "Condition": {"DateLessThan": {"aws:TokenIssueTime": now}},
    }
    iam.put_user_policy(
        UserName=user,
        PolicyName="EndOldSessions",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [deny]}),
    )


def delete_old(old: str) -> None:
    """Final, and last of all: only what was Inactive for some days and is missed by nobody."""
    user, _ = whose(old)
    iam = owner.client("iam")
    keys = {k["AccessKeyId"]: k["Status"] for k in iam.list_access_keys(UserName=user)["AccessKeyMetadata"]}
    if keys.get(old) != "Inactive":
        raise SystemExit("Switch it off first. Nothing was changed.")
    iam.delete_access_key(UserName=user, AccessKeyId=old)
{{/}}
