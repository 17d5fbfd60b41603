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
import shutil
import subprocess
import sys
import tempfile

import boto3
import botocore.client
import botocore.exceptions
import warm_cli

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
# A role that was found to read too much gets no right to write.
TENANT = ["BatchGetItem", "GetItem", "Query"]


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
            told = [call for call in ("PutResourcePolicy", "PutKeyPolicy", "StopLogging") if call in pattern["detail"]["eventName"]]
            own = [n for n in (f"table/fix-{name}", key_of(name)) if n in json.dumps(pattern)]
            rules[rule["Name"]] = (told, own, targets)
        found = client("cloudwatch").describe_alarms()["MetricAlarms"]
        alarms = [(a["MetricName"], a["Threshold"], a["AlarmActions"]) for a in found if a["AlarmName"].startswith("fix-")]
        # A filter of the same name takes the place of the one before; moto keeps both.
        found = logs.describe_metric_filters(logGroupName="put-in")["metricFilters"]
        filters = {f["filterName"]: f["filterPattern"] for f in found}.values()
        return rules, [f"fix-{name}" in pattern and '"Scan"' in pattern for pattern in filters], alarms

    topic = [f"arn:aws:sns:{REGION}:{ACCOUNT}:put-in"]
    wanted = {
        f"fix-{name}-{REGION}-is-changed": (["PutResourcePolicy"], [f"table/fix-{name}"], topic),
        f"fix-{name}-{REGION}-key-is-changed": (["PutKeyPolicy"], [key_of(name)], topic),
        f"fix-{name}-{REGION}-trail-is-changed": (["StopLogging"], [], topic),
    }
    return state, lambda before: (wanted, [True], [(f"fix-{name}-{REGION}-is-scanned", 0.0, topic)])


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

    backup = "arn:aws:iam::*:role/service-role/AWSBackupDefaultServiceRole"
    return state, lambda before: [["arn:aws:iam::*:role/put-in", backup]]


def guardrail_organization(name):
    """A policy of the organization with its id in it; step 4 attaches it, by the id that step 3 printed."""
    service_control(name)
    organizations = client("organizations")
    root = organizations.list_roots()["Roots"][0]["Id"]
    try:
        organizations.enable_policy_type(RootId=root, PolicyType="RESOURCE_CONTROL_POLICY")
    except botocore.exceptions.ClientError:
        pass
    own = organizations.describe_organization()["Organization"]["Id"]

    def state():
        found = organizations.list_policies(Filter="RESOURCE_CONTROL_POLICY")["Policies"]
        ids = [p["Id"] for p in found if p["Name"] == "dynamodb-inside-the-organization"]
        texts = [json.loads(organizations.describe_policy(PolicyId=p)["Policy"]["Content"]) for p in ids]
        return [
            (s["Effect"], s["Condition"]["StringNotEqualsIfExists"], s["Condition"].get("BoolIfExists", s["Condition"].get("Bool")))
            for text in texts
            for s in text["Statement"]
        ]

    return state, lambda before: [
        ("Deny", {"aws:PrincipalOrgID": own}, {"aws:PrincipalIsAWSService": "false"}),
        ("Deny", {"aws:SourceOrgID": own}, {"aws:PrincipalIsAWSService": "true"}),
    ]


def attached(room, fix):
    """The last step of guardrail-organization, with the id of the policy."""
    organizations = client("organizations")
    found = organizations.list_policies(Filter="RESOURCE_CONTROL_POLICY")["Policies"]
    own = next(p["Id"] for p in found if p["Name"] == "dynamodb-inside-the-organization")
    paste(room, guards_away(fix.replace("PUT-THE-POLICY-ID-HERE", own)))
    targets = [t["TargetId"] for t in organizations.list_targets_for_policy(PolicyId=own)["Targets"]]
    differs("guardrail-organization, attached to", targets, [ACCOUNT])


def index_projection(name):
    """The old index goes once the new one is there, which carries keys alone. moto makes an index at once."""
    dynamodb = client("dynamodb")
    try:
        dynamodb.delete_table(TableName=f"fix-{name}")
    except botocore.exceptions.ClientError:
        pass
    texts = [{"AttributeName": a, "AttributeType": "S"} for a in ("id", "day")]
    wide = {"IndexName": "wide", "KeySchema": [{"AttributeName": "day", "KeyType": "HASH"}], "Projection": {"ProjectionType": "ALL"}}
    dynamodb.create_table(
        TableName=f"fix-{name}", BillingMode="PAY_PER_REQUEST", AttributeDefinitions=texts,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}], GlobalSecondaryIndexes=[wide],
    )

    def state():
        indexes = dynamodb.describe_table(TableName=f"fix-{name}")["Table"].get("GlobalSecondaryIndexes", [])
        return {i["IndexName"]: (i["KeySchema"][0]["AttributeName"], i["Projection"]["ProjectionType"]) for i in indexes}

    return state, lambda before: {"wide_v2": ("day", "KEYS_ONLY")}


def changes_to_siem(name):
    """The table has no stream: it gets one of keys, and a pipe from that to the bus which hands on no image of an item."""
    pipes = client("pipes")
    # moto makes a pipe twice where AWS says that there is one.
    for pipe in pipes.list_pipes()["Pipes"]:
        pipes.delete_pipe(Name=pipe["Name"])
    arn = table(f"fix-{name}")

    def state():
        described = client("dynamodb").describe_table(TableName=f"fix-{name}")["Table"]
        found = {}
        for pipe in pipes.list_pipes()["Pipes"]:
            pipe = pipes.describe_pipe(Name=pipe["Name"])
            asked = json.dumps(pipe.get("TargetParameters", {}))
            found[pipe["Name"]] = (pipe["Source"].startswith(arn + "/stream/"), pipe["Target"], "Image" in asked)
        return described.get("StreamSpecification", {}).get("StreamViewType"), found

    bus = f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/put-in"
    return state, lambda before: ("KEYS_ONLY", {f"fix-{name}-{REGION}-is-changed": (True, bus, False)})


def dax_cluster(name):
    """A second cluster that encrypts at rest and in transit; the first one is as it was."""
    dax = client("dax")
    for old in dax.describe_clusters()["Clusters"]:
        dax.delete_cluster(ClusterName=old["ClusterName"])
    try:
        client("iam").create_role(RoleName="dax", AssumeRolePolicyDocument="{}")
    except botocore.exceptions.ClientError:
        pass
    dax.create_cluster(
        ClusterName="fix-cache", NodeType="dax.r5.large", ReplicationFactor=2, IamRoleArn=f"arn:aws:iam::{ACCOUNT}:role/dax",
    )

    def state():
        return {
            c["ClusterName"]: (c["NodeType"], c["TotalNodes"], c["SSEDescription"]["Status"], c["ClusterEndpointEncryptionType"])
            for c in dax.describe_clusters()["Clusters"]
            if c["Status"] != "deleting"
        }

    return state, lambda before: {**before, "fix-cache-tls": ("dax.r5.large", 2, "ENABLED", "TLS")}


class Played:
    """What moto cannot: it answers 404 to policies of vaults and 500 to Kinesis destinations. The calls are answered here,
    in the shell by a command that stands before the real one, and their state is a file."""

    def __init__(self, start, read, write):
        self.file = pathlib.Path(tempfile.mkdtemp()) / "state"
        self.file.write_text(start)
        self.read, self.write = read, write

    def state(self):
        return self.file.read_text()

    def shell(self):
        """A directory with an aws that answers these calls, and hands on all others."""
        bin = pathlib.Path(tempfile.mkdtemp())
        (bin / "aws").write_text(
            f"#!{sys.executable}\nimport os, sys\nverb, state = sys.argv[2], {str(self.file)!r}\n"
            "option = lambda name: next((a.split('=', 1)[1] for a in sys.argv if a.startswith(name + '=')), '')\n"
            f"if verb == {self.read[0]!r}: print(open(state).read())\n"
            f"elif verb == {self.write[0]!r}:\n"
            "    policy = option('--policy').removeprefix('file://') or option('--backup-vault-access-policy').removeprefix('file://')\n"
            "    text = open(policy).read().strip() if policy else 'off ' + option('--stream-arn')\n"
            "    open(state, 'w').write(text)\n"
            f"else: os.execv({shutil.which('aws')!r}, ['aws', *sys.argv[1:]])\n"
        )
        (bin / "aws").chmod(0o755)
        return bin

    def call(self, client, operation, request):
        if operation == self.read[1]:
            return {"Policy": self.state(), "KinesisDataStreamDestinations": [self.state()]}
        if operation == self.write[1]:
            self.file.write_text(request.get("Policy") or "off " + request["StreamArn"])
            return {}
        return real_call(client, operation, request)


real_call = botocore.client.BaseClient._make_api_call
PLAYED = {}


def backup_vault(name):
    """Who is from outside goes out of the policy of the vault, and nobody else."""
    start = (ROOM / name / "policy").read_text()
    PLAYED[name] = Played(
        start, ("get-backup-vault-access-policy", "GetBackupVaultAccessPolicy"),
        ("put-backup-vault-access-policy", "PutBackupVaultAccessPolicy"),
    )
    text = json.loads(start)
    wanted = {**text, "Statement": [s for s in text["Statement"] if s["Sid"] != "Guest"]}
    return lambda: json.loads(PLAYED[name].state()), lambda before: wanted


def kinesis_destination(name):
    table(f"fix-{name}")
    PLAYED[name] = Played(
        "on", ("describe-kinesis-streaming-destination", "DescribeKinesisStreamingDestination"),
        ("disable-kinesis-streaming-destination", "DisableKinesisStreamingDestination"),
    )
    return PLAYED[name].state, lambda before: "off arn:aws:kinesis:us-east-1:444455556666:stream/out"


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
    "detection-rules": (detection_rules, {"PUT-THE-TARGET-ARN-HERE": f"arn:aws:sns:{REGION}:{ACCOUNT}:put-in", "PUT-THE-LOG-GROUP-HERE": "put-in", "PUT-THE-REGION-OF-THE-LOG-GROUP-HERE": REGION, "PUT-THE-TOPIC-OF-THE-ALARM-HERE": f"arn:aws:sns:{REGION}:{ACCOUNT}:put-in"}, None),
    "guardrail-changes": (service_control, {"PUT-THE-NAME-OF-THE-ROLE-HERE": "put-in", "PUT-THE-ROOT-ID-HERE": "r-0000"}, None),
    "guardrail-organization": (guardrail_organization, {"PUT-THE-ROOT-ID-HERE": "r-0000"}, None),
    "index-projection": (index_projection, {}, ["make_new()", "delete_old()"]),
    "backup-vault": (backup_vault, {}, ["put()"]),
    "changes-to-siem": (changes_to_siem, {"PUT-THE-ROLE-ARN-HERE": f"arn:aws:iam::{ACCOUNT}:role/put-in", "PUT-THE-BUS-ARN-HERE": f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/put-in"}, None),
    "kinesis-destination": (kinesis_destination, {}, ["stop()"]),
    "dax-cluster": (dax_cluster, {}, ["replace()"]),
}
# What runs by being pasted: it takes nothing away, and can be undone.
AT_ONCE = ("pitr", "deletion-protection", "key-rotation", "key-disabled", "key-pending-deletion", "trail-logging")


def paste(room, text):
    ran = subprocess.run(["sh", "-c", text], cwd=room, capture_output=True, text=True, env=os.environ)
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
    if name in PLAYED:
        os.environ["PATH"] = f"{PLAYED[name].shell()}:{PATH}"
    before, fix = state(), (ROOM / name / "fix.sh").read_text()
    elsewhere = guards_away(put_in(fix, words, name)).replace(f"= '{ACCOUNT}'", "= '999988887777'")
    if f"= '{ACCOUNT}'" in fix:
        paste(pathlib.Path(tempfile.mkdtemp()), elsewhere)
        differs(f"{name} with other credentials", state(), before)
    # The first steps of some need nothing that is to be put in.
    if words and name not in ("guardrail-organization", "changes-to-siem"):
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
    if name == "guardrail-organization":
        attached(room, put_in(fix, words, name))


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
        if name in PLAYED:
            played = PLAYED[name]
            botocore.client.BaseClient._make_api_call = lambda client, what, asked: played.call(client, what, asked)
        try:
            exec(compile(text, str(fix), "exec"), space)
            for line in calls or []:
                exec(line, space)
        except (SystemExit, botocore.exceptions.ClientError) as error:
            failed = error
        finally:
            botocore.client.BaseClient._make_api_call = real_call
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


warm = warm_cli.started()
PATH = os.environ["PATH"]
failed = 0
for name, (start, words, calls) in CASES.items():
    try:
        in_shell(name, start, words)
        os.environ["PATH"] = PATH
        in_python(name, start, calls)
        print(f"ok {name}")
    except Exception as error:
        failed += 1
        print(f"FAILED {name}: {type(error).__name__}: {error}")
    finally:
        os.environ["PATH"] = PATH
sys.exit(bool(failed))
