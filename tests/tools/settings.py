"""Runs fixes of settings, roles, guardrails and rules against moto, and looks at what became of the account.

settings.py ROOM   ROOM holds a directory for each case, with fix.sh and, where there is one, fix.py, as tests/it/fixes.rs
                   wrote them

Of each: with the credentials of another account nothing is changed; as it is pasted, what stands behind a guard is not
done; with what is to be put in put in and the guards taken away it is the wanted state, and nothing else changed; once
more, it is the same. AWS_ENDPOINT_URL names the moto server.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import boto3
import botocore.exceptions

ROOM = pathlib.Path(sys.argv[1])
REGION = "us-east-1"
ACCOUNT = "123456789012"


def client(service):
    return boto3.client(service, region_name=REGION)


def table(name):
    try:
        client("dynamodb").update_table(TableName=name, DeletionProtectionEnabled=False)
        client("dynamodb").delete_table(TableName=name)
    except botocore.exceptions.ClientError:
        pass
    client("dynamodb").create_table(
        TableName=name, BillingMode="PAY_PER_REQUEST", AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}], Tags=[{"Key": "kept", "Value": "as it is"}],
    )
    return f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{name}"


def setting(name):
    """What there is to change of a table."""
    dynamodb = client("dynamodb")
    backups = dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    described = dynamodb.describe_table(TableName=name)["Table"]
    tags = dynamodb.list_tags_of_resource(ResourceArn=described["TableArn"])["Tags"]
    return {
        "pitr": backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"],
        "protected": described.get("DeletionProtectionEnabled", False),
        "tags": {tag["Key"]: tag["Value"] for tag in tags},
    }


def of_table(**wanted):
    def case(name):
        table(f"fix-{name}")
        return lambda: setting(f"fix-{name}"), lambda before: {**before, **wanted}

    return case


def key_of(name):
    return (ROOM / name / "key").read_text().strip()


def of_key(prepare, **wanted):
    def case(name):
        kms, key = client("kms"), key_of(name).split("/")[1]
        # What an earlier case left.
        if kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "PendingDeletion":
            kms.cancel_key_deletion(KeyId=key)
        kms.enable_key(KeyId=key)
        kms.disable_key_rotation(KeyId=key)
        prepare(kms, key)

        def state():
            return {
                "state": kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"],
                "rotates": kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"] if "rotates" in wanted else None,
            }

        return state, lambda before: {**before, **wanted}

    return case


def trail(name):
    cloudtrail = client("cloudtrail")
    try:
        client("s3").create_bucket(Bucket="fix-trail-logs")
        # Of this Region alone: other tests ask the same server about theirs.
        cloudtrail.create_trail(Name="fix-trail", S3BucketName="fix-trail-logs")
    except botocore.exceptions.ClientError:
        pass
    cloudtrail.stop_logging(Name="fix-trail")
    return cloudtrail


def trail_logging(name):
    cloudtrail = trail(name)
    return lambda: cloudtrail.get_trail_status(Name="fix-trail")["IsLogging"], lambda before: True


MANAGEMENT = {"Name": "Management", "FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]}


def data_events(name):
    """What the trail selects already stays, and the items of the table come besides."""
    cloudtrail = trail(name)
    cloudtrail.put_event_selectors(TrailName="fix-trail", AdvancedEventSelectors=[MANAGEMENT])

    def state():
        found = cloudtrail.get_event_selectors(TrailName="fix-trail")["AdvancedEventSelectors"]
        fields = [{f["Field"]: f.get("Equals") for f in selector["FieldSelectors"]} for selector in found]
        return sorted((f.get("resources.ARN") or f["eventCategory"] for f in fields), key=str)

    return state, lambda before: sorted([*before, [f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/fix-{name}"]], key=str)


def with_what_is_added(room):
    """What step 2 of data-events asks for."""
    (made,) = room.glob("dynaudit-*")
    selectors, add = json.loads((made / "selectors.json").read_text()), json.loads((made / "add.json").read_text())
    if add not in selectors:
        (made / "selectors.json").write_text(json.dumps([*selectors, add]))


def policy_of(allows):
    """One managed policy more, which allows this and nothing else."""

    def case(name):
        iam = client("iam")

        def state():
            found = {}
            for policy in iam.list_policies(Scope="Local")["Policies"]:
                version = iam.get_policy_version(PolicyArn=policy["Arn"], VersionId=policy["DefaultVersionId"])
                statements = version["PolicyVersion"]["Document"]["Statement"]
                found[policy["PolicyName"]] = sorted(a for s in statements for a in s["Action"])
            return found

        return state, lambda before: {**before, f"fix-{name}-{REGION}-{allows[0]}": sorted(allows[1])}

    return case


ITEMS = ["BatchGetItem", "BatchWriteItem", "ConditionCheckItem", "DeleteItem", "GetItem", "PutItem", "Query", "UpdateItem"]
TENANT = ["BatchGetItem", "DeleteItem", "GetItem", "PutItem", "Query", "UpdateItem"]


def detection_rules(name):
    """A rule that an event of this table matches, and one of another does not."""
    events, logs = client("events"), client("logs")
    try:
        logs.create_log_group(logGroupName="put-in")
    except botocore.exceptions.ClientError:
        pass

    def state():
        rules = {}
        for rule in events.list_rules()["Rules"]:
            pattern = json.loads(rule["EventPattern"])
            targets = [t["Arn"] for t in events.list_targets_by_rule(Rule=rule["Name"])["Targets"]]
            rules[rule["Name"]] = ("PutResourcePolicy" in pattern["detail"]["eventName"], f"fix-{name}" in json.dumps(pattern), targets)
        # A filter of the same name takes the place of the one before; moto keeps both.
        found = logs.describe_metric_filters(logGroupName="put-in")["metricFilters"]
        filters = {f["filterName"]: f["filterPattern"] for f in found}.values()
        return rules, [f"fix-{name}" in pattern and '"Scan"' in pattern for pattern in filters]

    return state, lambda before: ({f"fix-{name}-{REGION}-is-changed": (True, True, [f"arn:aws:sns:{REGION}:{ACCOUNT}:put-in"])}, [True])


def service_control(name):
    """A policy of the organization that denies to all but one role, attached to the account of the table."""
    organizations = client("organizations")
    try:
        organizations.create_organization(FeatureSet="ALL")
    except botocore.exceptions.ClientError:
        pass
    root = organizations.list_roots()["Roots"][0]["Id"]
    try:
        organizations.enable_policy_type(RootId=root, PolicyType="SERVICE_CONTROL_POLICY")
    except botocore.exceptions.ClientError:
        pass

    def state():
        found = organizations.list_policies(Filter="SERVICE_CONTROL_POLICY")["Policies"]
        own = [p["Id"] for p in found if p["Name"] == "dynamodb-changes"]
        texts = [json.loads(organizations.describe_policy(PolicyId=p)["Policy"]["Content"]) for p in own]
        return [text["Statement"][0]["Condition"]["ArnNotLike"]["aws:PrincipalArn"] for text in texts]

    return state, lambda before: ["arn:aws:iam::*:role/put-in"]


# The case, what it starts from and is to come to, what is put in where, and what is called of the Python.
CASES = {
    "pitr": (of_table(pitr="ENABLED"), {}, None),
    "deletion-protection": (of_table(protected=True), {}, None),
    "tag": (of_table(tags={"kept": "as it is", "owner": "team-a"}), {"PUT-THE-VALUE-HERE": "team-a"}, ["tag('team-a')"]),
    "key-rotation": (of_key(lambda kms, key: None, rotates=True), {}, None),
    "key-disabled": (of_key(lambda kms, key: kms.disable_key(KeyId=key), state="Enabled"), {}, None),
    "key-pending-deletion": (of_key(lambda kms, key: kms.schedule_key_deletion(KeyId=key), state="Enabled"), {}, None),
    "trail-logging": (trail_logging, {}, None),
    "data-events": (data_events, {}, ["add()"]),
    "table-role": (policy_of(("one-service", ["dynamodb:" + a for a in ITEMS] + ["kms:Decrypt"])), {}, None),
    "tenant-isolation": (policy_of(("own-items-only", ["dynamodb:" + a for a in TENANT])), {}, None),
    "detection-rules": (detection_rules, {"PUT-THE-TARGET-ARN-HERE": f"arn:aws:sns:{REGION}:{ACCOUNT}:put-in", "PUT-THE-LOG-GROUP-HERE": "put-in", "PUT-THE-REGION-OF-THE-LOG-GROUP-HERE": REGION}, None),
    "guardrail-changes": (service_control, {"PUT-THE-NAME-OF-THE-ROLE-HERE": "put-in", "PUT-THE-ROOT-ID-HERE": "r-0000"}, None),
}
# What runs by being pasted: it takes nothing away, and can be undone.
AT_ONCE = ("pitr", "deletion-protection", "key-rotation", "key-disabled", "key-pending-deletion", "trail-logging")


def paste(room, text):
    ran = subprocess.run(["sh", "-c", text], cwd=room, capture_output=True, text=True)
    return ran.stdout + ran.stderr


def put_in(text, words, name=""):
    for word, known in words.items():
        text = text.replace(word, known)
    # moto knows keys by their ids alone where it changes them.
    return text.replace(f"arn:aws:kms:{REGION}:{ACCOUNT}:key/", "") if name.startswith("key-") else text


def guards_away(text):
    return re.sub(r"(?m)^: (in_account|of_owner|in_organization) ", r"\1 ", text)


def differs(what, found, expected):
    assert found == expected, f"{what}:\n  is       {found}\n  expected {expected}"


def in_shell(name, start, words):
    state, wanted = start(name)
    before, fix = state(), (ROOM / name / "fix.sh").read_text()
    elsewhere = guards_away(put_in(fix, words, name)).replace(f"= '{ACCOUNT}'", "= '999988887777'")
    if f"= '{ACCOUNT}'" in fix:
        paste(pathlib.Path(tempfile.mkdtemp()), elsewhere)
        differs(f"{name} with other credentials", state(), before)
    if words:
        paste(pathlib.Path(tempfile.mkdtemp()), guards_away(fix))
        differs(f"{name} with nothing put in", state(), before)
    room = pathlib.Path(tempfile.mkdtemp())
    paste(room, put_in(fix, words, name))
    if name not in AT_ONCE:
        differs(f"{name} by pasting alone", state(), before)
    if name == "data-events":
        with_what_is_added(room)
    said = []
    for run in ("", ", once more"):
        said.append(paste(room, guards_away(put_in(fix, words, name))))
        if state() != wanted(before):
            print("\n".join(said))
        differs(name + run, state(), wanted(before))


def in_python(name, start, calls):
    fix = ROOM / name / "fix.py"
    if not fix.exists():
        return
    state, wanted = start(name)
    before, room = state(), tempfile.mkdtemp()

    def run(text):
        space, failed = {"__name__": "__main__"}, None
        here = os.getcwd()
        os.chdir(room)
        try:
            exec(compile(text, str(fix), "exec"), space)
            for line in calls or []:
                exec(line, space)
        except (SystemExit, botocore.exceptions.ClientError) as error:
            failed = error
        finally:
            os.chdir(here)
        return failed

    text = put_in(fix.read_text(), {}, name)
    if f"ACCOUNT = '{ACCOUNT}'" in text:
        assert run(text.replace(f"ACCOUNT = '{ACCOUNT}'", "ACCOUNT = '999988887777'")) is not None
        differs(f"{name} py with other credentials", state(), before)
    for again in ("", ", once more"):
        failed = run(text)
        if failed:
            print(f"{name}: {failed}")
        differs(f"{name} py{again}", state(), wanted(before))


failed = 0
for name, (start, words, calls) in CASES.items():
    try:
        in_shell(name, start, words)
        in_python(name, start, calls)
        print(f"ok {name}")
    except Exception as error:
        failed += 1
        print(f"FAILED {name}: {type(error).__name__}: {error}")
sys.exit(bool(failed))
