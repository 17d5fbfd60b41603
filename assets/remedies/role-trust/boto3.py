# Narrows who may take on roles that read the table. The edit is yours: only the owner of a role knows who is meant.
# Run it with python -i: it writes the trust policies of today into files. Edit those, then call put_trust().
# {{trust_seen:note}}
# Changes: with put_trust(), the trust policies that you edited.
# Costs: nothing.
# Can break: whoever takes on such a role and is no longer among those that the policy lets in. Sessions that run live on until
# they end, up to 12 hours.
# Verify: audit the table again with dynaudit, and take the role on as one of those who are meant.
# Undo: update_assume_role_policy with the file NAME.before.json in FOLDER.
import json
import os

import boto3

ROLES = {{trust_roles:py}}.split("\n")
FOLDER = {{dir:py}}
iam = boto3.Session(region_name={{region:py}}).client("iam")


def today(role: str) -> str:
    return json.dumps(iam.get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"], indent=2)


def write(path: str, text: str) -> None:
    """Once, for you alone."""
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with open(file, "w", encoding="utf-8") as out:
        out.write(text)


def read(path: str) -> str:
    with open(path, encoding="utf-8") as file:
        return file.read()


# Edit NAME.json of each role in FOLDER:
{{>trust-edit.txt}}
def put_trust() -> None:
    """A policy that was not edited, or that somebody changed meanwhile, stays."""
    for role in ROLES:
        before, after = read(f"{FOLDER}/{role}.before.json"), read(f"{FOLDER}/{role}.json")
        if json.loads(before) == json.loads(after):
            print(role, "is not edited yet")
        elif json.loads(today(role)) == json.loads(after):
            print(role, "has it already")
        elif today(role) != before:
            print(role, "has another policy than before by now: left as it is")
        else:
            iam.update_assume_role_policy(RoleName=role, PolicyDocument=after)
            print(role, "put")


if __name__ == "__main__":
    os.makedirs(FOLDER, mode=0o700, exist_ok=True)
    if os.lstat(FOLDER).st_uid != os.getuid():
        raise SystemExit(f"{FOLDER} belongs to somebody else. Nothing was changed.")
    for role in ROLES:
        write(f"{FOLDER}/{role}.before.json", today(role))
        write(f"{FOLDER}/{role}.json", read(f"{FOLDER}/{role}.before.json"))
        print(f"{FOLDER}/{role}.json")
