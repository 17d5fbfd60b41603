"""Runs fixes against moto, as a person pastes them, and looks at what became of the account.

meaning.py ROOM   ROOM holds a directory for each case, with fix.sh and fix.py, as tests/it/fixes.rs wrote them

Each case is run three times in each language: with reads denied (nothing may be written), as it is meant (the wanted
state and nothing else changed, and nothing at all before the guard is taken away), and once more (the same).
AWS_ENDPOINT_URL names the moto server.
"""

import base64
import getpass
import hashlib
import json
import os
import pathlib
import re
import shutil
import stat
import subprocess
import sys
import tempfile

import boto3
import botocore.client
import botocore.exceptions
import warm_cli

ROOM = pathlib.Path(sys.argv[1])
REGION = "us-east-1"
KEY = {"id": {"S": "one"}, "at": {"N": "1"}}
OLD = "old-" + "secret-value"

dynamodb = boto3.client("dynamodb", region_name=REGION)
kms = boto3.client("kms", region_name=REGION)
secrets = boto3.client("secretsmanager", region_name=REGION)
try:
    ARN = secrets.create_secret(Name="moved", SecretString="new")["ARN"]
except secrets.exceptions.ResourceExistsException:
    ARN = secrets.describe_secret(SecretId="moved")["ARN"]
real_call = botocore.client.BaseClient._make_api_call


def table(name, items, **more):
    try:
        dynamodb.delete_table(TableName=name)
    except botocore.exceptions.ClientError:
        pass
    dynamodb.create_table(
        TableName=name,
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}, {"AttributeName": "at", "AttributeType": "N"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}, {"AttributeName": "at", "KeyType": "RANGE"}],
        BillingMode="PAY_PER_REQUEST",
        **more,
    )
    for item in items:
        dynamodb.put_item(TableName=name, Item=item)


def items(name):
    found = dynamodb.scan(TableName=name)["Items"]
    return sorted(found, key=lambda item: (item.get("id", item.get("id_sha256"))["S"], item["at"]["N"]))


def two(attribute, value):
    """The item that the finding is about, and one that is none of its business."""
    return [
        {**KEY, attribute: value, "kept": {"S": "as it is"}},
        {"id": {"S": "two"}, "at": {"N": "1"}, attribute: value, "kept": {"S": "as it is"}},
    ]


# The shell.


def paste(cwd, text, deny=False):
    """Into a shell. With `deny`, every read fails and every write would work."""
    env = dict(os.environ)
    if deny:
        bin = cwd / "bin"
        bin.mkdir(exist_ok=True)
        aws = bin / "aws"
        aws.write_text(
            "#!/bin/sh\ncase \"$2\" in get-caller-identity) ;; get-*|describe-*|list-*) echo denied >&2; exit 254 ;; esac\n"
            f"exec {shutil.which('aws')} \"$@\"\n"
        )
        aws.chmod(0o755)
        env["PATH"] = f"{bin}:{env['PATH']}"
    return subprocess.run(["sh", "-c", text], cwd=cwd, env=env, capture_output=True, text=True)


def without_guards(text):
    return re.sub(r"(?m)^: (in_account|of_owner) ", r"\1 ", text)


def with_secret(text):
    """The guards in front of what makes a key or a secret are taken away, and no other."""
    return re.sub(r"(?m)^: (of_owner make_key|in_account aws secretsmanager create-secret)", r"\1", text)


def made(cwd):
    return next(path for path in cwd.iterdir() if path.name.startswith("dynaudit-"))


def fill(cwd, **files):
    for name, text in files.items():
        path = made(cwd) / (name + (".txt" if name == "secret" else ".json"))
        assert path.exists(), f"{path.name} is not there to be filled in"
        path.write_text(text)


def private(cwd):
    for path in [made(cwd), *made(cwd).iterdir()]:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, f"others can read {path.name}"


# Python.


class Denied(Exception):
    pass


def python(cwd, path, typed, calls, deny=False, fails=None):
    """Runs a file as a person does, then what they call in it. `typed` answers what it asks for, in order; one call fails."""
    answers = iter(typed)

    def call(client, operation, request):
        # Who one is can always be asked.
        if deny and operation != "GetCallerIdentity" and operation.startswith(("Get", "Describe", "List", "Scan", "Query")):
            raise botocore.exceptions.ClientError({"Error": {"Code": "AccessDenied", "Message": "denied"}}, operation)
        if operation == fails:
            raise botocore.exceptions.ClientError({"Error": {"Code": "AccessDenied", "Message": "denied"}}, operation)
        return real_call(client, operation, request)

    before = os.getcwd()
    os.chdir(cwd)
    botocore.client.BaseClient._make_api_call = call
    getpass.getpass = lambda prompt="": next(answers)
    space = {"__name__": "__main__", "KEY_OF_THE_ITEM": KEY}
    failed = None
    try:
        try:
            exec(compile(path.read_text(), str(path), "exec"), space)
        except (botocore.exceptions.ClientError, SystemExit, StopIteration) as error:
            failed = error
        for line in calls:
            try:
                exec(line, space)
            except (botocore.exceptions.ClientError, SystemExit, NameError) as error:
                failed = error
    finally:
        botocore.client.BaseClient._make_api_call = real_call
        os.chdir(before)
    return failed


def differs(what, found, expected):
    assert found == expected, f"{what}:\n  is       {found}\n  expected {expected}"


def edits(case, name, start, wanted, sh_edit, calls, typed, secret=OLD):
    """A fix that changes one value of one item."""
    fix = (ROOM / case / "fix.sh").read_text()
    for how in ("sh", "py"):
        room = pathlib.Path(tempfile.mkdtemp())

        table(name, start)
        before = items(name)
        if how == "sh":
            paste(room, fix, deny=True)
            fill(room, key=json.dumps(KEY))
            paste(room, without_guards(fix), deny=True)
        else:
            python(room, ROOM / case / "fix.py", [KEY["id"]["S"], KEY["at"]["N"], *typed], calls, deny=True)
        differs(f"{case} {how}, reads denied", items(name), before)

        room = pathlib.Path(tempfile.mkdtemp())
        if how == "sh":
            paste(room, fix)
            differs(f"{case} {how}, pasted", items(name), before)
            fill(room, key=json.dumps(KEY))
            paste(room, fix)
            differs(f"{case} {how}, pasted with a key", items(name), before)
            old = (made(room) / "old.json").read_bytes()
            sh_edit(made(room))
            paste(room, fix)
            differs(f"{case} {how}, pasted with an edit", items(name), before)
            if name_of_secret := re.search(r"(?m)^name='(.*)'$", fix):
                forget(name_of_secret[1])
                paste(room, without_guards(fix))
                differs(f"{case} {how}, not stored yet", items(name), before)
                # What another finding stored under that name is none of this one.
                secrets.create_secret(Name=name_of_secret[1], SecretString="new")
                paste(room, without_guards(fix))
                differs(f"{case} {how}, not typed yet", items(name), before)
                fill(room, secret="new\n")
            paste(room, without_guards(fix))
            differs(f"{case} {how}, run", items(name), wanted)
            paste(room, without_guards(fix))
            differs(f"{case} {how}, run again", items(name), wanted)
            differs(f"{case} {how}, the old value", (made(room) / "old.json").read_bytes(), old)
            private(room)
        else:
            run = lambda lines: python(room, ROOM / case / "fix.py", [KEY["id"]["S"], KEY["at"]["N"], *typed], lines)
            run([])
            differs(f"{case} {how}, run as it is", items(name), before)
            kept = {path: path.read_bytes() for path in made(room).iterdir()}
            assert kept and any(secret in text.decode() for text in kept.values()), "nothing was kept"
            run(calls)
            differs(f"{case} {how}, called", items(name), wanted)
            run(calls)
            differs(f"{case} {how}, called again", items(name), wanted)
            differs(f"{case} {how}, the old value", {path: path.read_bytes() for path in made(room).iterdir()}, kept)
            private(room)
        # Somebody else changed the value in between: it stays.
        table(name, start)
        if how == "sh":
            newer = [{**start[0], **{a: {"S": "newer"} for a in start[0] if a not in ("id", "at", "kept")}}, *start[1:]]
            table(name, newer)
            paste(room, without_guards(fix))
            differs(f"{case} {how}, changed in between", items(name), items_of(newer))


def items_of(all):
    return sorted(all, key=lambda item: (item["id"]["S"], item["at"]["N"]))


def replaced(room, old=OLD, new=ARN):
    path = room / "new.json"
    path.write_text(path.read_text().replace(old, new))


def inside_json():
    document = '{"retries":3, "billing":{"key":"%s","name":"Zo\u00eb"}}'
    start = two("doc", {"S": document % OLD})
    wanted = [{**start[0], "doc": {"S": document % ARN}}, start[1]]
    edits("inside-json", "fix-inside-json", start, wanted, replaced, [f"replace(KEY_OF_THE_ITEM, {ARN!r})"], [])


def exact():
    """Of a JSON text no other character changes: no digit, no space, not the same value under another name."""
    document = '{"n": 12345678901234567.12, "p":1.10,\n "u":"a\\/b", "billing" : {"key":"%s", "same":"OLD"} , "e":1E5}'.replace("OLD", OLD)
    start = two("doc", {"S": document % OLD})
    wanted = [{**start[0], "doc": {"S": document % ARN}}, start[1]]

    def first(room):
        path = room / "new.json"
        path.write_text(path.read_text().replace(OLD, ARN, 1))

    edits("exact", "fix-exact", start, wanted, first, [f"replace(KEY_OF_THE_ITEM, {ARN!r})"], [])


def set_element():
    """A set loses the one element, by the instruction that the text gives for sets."""
    start = two("tags", {"SS": ["alpha", OLD, "omega"]})
    wanted = [{**start[0], "tags": {"SS": ["alpha", "omega"]}}, start[1]]
    fix = (ROOM / "set-element/fix.sh").read_text()
    fix = fix.replace(".L[PUT-THE-POSITION-HERE]", "").replace("[PUT-THE-POSITION-HERE]", "")
    table("fix-set-element", start)
    forget("moved-set")
    room = pathlib.Path(tempfile.mkdtemp())
    paste(room, fix)
    fill(room, key=json.dumps(KEY), element=json.dumps({":element": {"SS": [OLD]}}))
    paste(room, fix)
    differs("set sh, pasted", sets(items("fix-set-element")), sets(start))
    stored = re.search(r"(?m)^name='(.*)'$", fix)[1]
    forget(stored)
    secrets.create_secret(Name=stored, SecretString="new")
    fill(room, secret="new\n")
    for _ in range(2):
        paste(room, without_guards(fix))
        differs("set sh", sets(items("fix-set-element")), sets(wanted))
    path = ROOM / "set-element/fix.py"
    path.write_text(path.read_text().replace(',"PUT-THE-POSITION-HERE"', "").replace("[PUT-THE-POSITION-HERE]", ""))
    table("fix-set-element", start)
    room = pathlib.Path(tempfile.mkdtemp())
    for _ in range(2):
        python(room, path, ["one", "1", OLD], [f"remove(KEY_OF_THE_ITEM, {ARN!r})"])
        differs("set py", sets(items("fix-set-element")), sets(wanted))


def sets(items):
    """Sets have no order."""
    return [{name: {k: sorted(v) if k == "SS" else v for k, v in value.items()} for name, value in item.items()} for item in items]


def inside_text():
    note = "2026-11-02 called: token is %s\n\ttold her 'never again' & $HOME"
    start = two("note", {"S": note % OLD})
    wanted = [{**start[0], "note": {"S": note % ARN}}, start[1]]
    edits("inside-text", "fix-inside-text", start, wanted, replaced, [f"replace(KEY_OF_THE_ITEM, {ARN!r})"], [OLD])


def inside_nested():
    cards = lambda text: {"M": {"cards": {"L": [{"S": "first"}, {"M": {"no te": {"S": text}}}]}, "rest": {"BOOL": True}}}
    start = two("profile", cards(f"see {OLD}."))
    wanted = [{**start[0], "profile": cards(f"see {ARN}.")}, start[1]]
    edits("inside-nested", "fix-inside-nested", start, wanted, replaced, [f"replace(KEY_OF_THE_ITEM, {ARN!r})"], [OLD])


def inside_encoded():
    """Nothing is done mechanically, and nothing is lost; a person who edits the shell's file gets it in."""
    text = lambda secret: base64.b64encode(f"key={secret}".encode()).decode()
    start = two("blob", {"S": text(OLD)})
    wanted = [{**start[0], "blob": {"S": text(ARN)}}, start[1]]
    fix = (ROOM / "inside-encoded/fix.sh").read_text()
    table("fix-inside-encoded", start)
    room = pathlib.Path(tempfile.mkdtemp())
    paste(room, fix)
    fill(room, key=json.dumps(KEY))
    paste(room, fix)
    replaced(made(room), text(OLD), text(ARN))
    name = re.search(r"(?m)^name='(.*)'$", fix)[1]
    forget(name)
    secrets.create_secret(Name=name, SecretString="new")
    fill(room, secret="new\n")
    paste(room, without_guards(fix))
    differs("encoded sh", items("fix-inside-encoded"), wanted)
    table("fix-inside-encoded", start)
    failed = python(room, ROOM / "inside-encoded/fix.py", ["one", "1"], [f"replace(KEY_OF_THE_ITEM, {ARN!r})"])
    assert isinstance(failed, SystemExit), failed
    differs("encoded py", items("fix-inside-encoded"), start)


def name_it(case):
    """The name of the secret, which only a person knows, in both languages."""
    for file in ("fix.sh", "fix.py"):
        path = ROOM / case / file
        path.write_text(path.read_text().replace("PUT-A-NAME-FOR-THE-ITEM-HERE", "one"))


def whole():
    start = two("api_key", {"S": OLD})
    # The first time nobody has named the secret: nothing may happen. The name is put in as a person does it.
    named = {**start[0], "api_key_secret_name": {"S": "fix-whole/example-rule/api_key/one"}}
    wanted = [{name: value for name, value in named.items() if name != "api_key"}, start[1]]
    name_it("whole")
    call = "remove(KEY_OF_THE_ITEM, 'fix-whole/example-rule/api_key/one')"
    edits("whole", "fix-whole", start, wanted, lambda room: None, [call], [])


def keep():
    """The item never changes, and Secrets Manager has the very value."""
    pem = "-----BEGIN MADE UP-----\nabc\n-----END MADE UP-----"
    start = two("pem", {"S": pem})
    table("fix-keep", start)
    fix = (ROOM / "keep/fix.sh").read_text()
    placeholder = name = re.search(r"(?m)^name='(.*)'$", fix)[1]
    for how in ("sh", "py"):
        forget(name)
        forget(name.replace("PUT-A-NAME-FOR-THE-ITEM-HERE", "one"))
        room = pathlib.Path(tempfile.mkdtemp())
        if how == "sh":
            assert "same" not in paste(room, fix).stdout
            fill(room, key=json.dumps(KEY), secret="")
            paste(room, fix)
            old = json.loads((made(room) / "old.json").read_text())
            fill(room, secret=old["S"])
            # A name that nobody chose is refused, and the secret is not made.
            assert "ends in HERE" in paste(room, with_secret(fix)).stderr and not exists(name)
            fix, name = fix.replace("PUT-A-NAME-FOR-THE-ITEM-HERE", "one"), name.replace("PUT-A-NAME-FOR-THE-ITEM-HERE", "one")
            assert "same" not in paste(room, fix).stdout and not exists(name), "made by pasting"
            assert "same" in paste(room, with_secret(fix)).stdout
            assert "same" in paste(room, fix).stdout
            private(room)
        else:
            name = f"fix-keep/example-rule/pem/item-{digest(KEY)}"
            forget(name)
            typed = ["one", "1"]
            python(room, ROOM / "keep/fix.py", typed, ["each(store)"], deny=True)
            assert not exists(name), "stored what was not read"
            assert python(room, ROOM / "keep/fix.py", typed, ["each(store)"]) is None
            assert python(room, ROOM / "keep/fix.py", typed, ["each(store)"]) is None
            private(room)
        differs(f"keep {how}", secrets.get_secret_value(SecretId=name)["SecretString"], pem)
        differs(f"keep {how}", items("fix-keep"), start)
        name = placeholder


def digest(key):
    """What makes the name of a secret one item's, in the shell, in Python and in dynaudit."""
    return hashlib.sha256(json.dumps(key, sort_keys=True, separators=(",", ":")).encode()).hexdigest()[:8]


def exists(name):
    try:
        secrets.get_secret_value(SecretId=name)
    except botocore.exceptions.ClientError:
        return False
    return True


def forget(name):
    if exists(name):
        secrets.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)


def second_factor():
    """The seed stays, and what is beside it opens to the seed again, for this item alone."""
    start = two("totp", {"S": "JBSWY3DP" + "EHPK3PXP"})
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    room = pathlib.Path(tempfile.mkdtemp())
    table("fix-second-factor", start)
    paste(room, without_guards((ROOM / "second-factor/fix.sh").read_text()))
    differs("second factor sh", items("fix-second-factor"), start)
    path = ROOM / "second-factor/fix.py"
    lines = [f"encrypt(KEY_OF_THE_ITEM, {key!r})"]
    python(room, path, ["one", "1"], lines, deny=True)
    differs("second factor py, reads denied", items("fix-second-factor"), start)
    python(room, path, ["one", "1"], lines)
    after = items("fix-second-factor")
    blob = after[0].pop("totp_encrypted")
    differs("second factor py", after, start)
    python(room, path, ["one", "1"], lines)
    differs("second factor py, again", items("fix-second-factor")[0]["totp_encrypted"], blob)
    check = "assert decrypt(KEY_OF_THE_ITEM)[0].decode() == %r" % start[0]["totp"]["S"]
    assert python(room, path, ["one", "1"], [check]) is None
    dynamodb.put_item(TableName="fix-second-factor", Item={**start[1], "totp_encrypted": blob})
    other = "decrypt({'id': {'S': 'two'}, 'at': {'N': '1'}})"
    assert python(room, path, ["one", "1"], [other]) is not None, "it opened for another item"


def in_lists():
    """Every seed of a list, in every item, beside the old one; a second run and one that was cut change nothing more."""
    seed = lambda n: {"M": {"seed": {"S": f"SEED{n}"}, "label": {"S": "kept"}}}
    codes = {"L": [seed(0), {"M": {"label": {"S": "none here"}}}, seed(2)]}
    start = [
        {**KEY, "codes": codes}, {"id": {"S": "two"}, "at": {"N": "1"}, "codes": {"L": [seed(3)]}},
        {"id": {"S": "three"}, "at": {"N": "1"}, "codes": {"L": [seed(4)]}},
    ]
    table("fix-in-lists", start)
    before = items("fix-in-lists")
    path, room = ROOM / "in-lists/fix.py", pathlib.Path(tempfile.mkdtemp())
    lines = ["kms_key = make_key(kms)", "each(encrypt, kms_key)"]
    python(room, path, [], lines, deny=True)
    differs("in lists, reads denied", items("fix-in-lists"), before)
    assert isinstance(python(room, path, [], lines, fails="UpdateItem"), botocore.exceptions.ClientError)
    differs("in lists, the first write failed", items("fix-in-lists"), before)
    made_keys = keys()
    assert python(room, path, [], lines) is None
    differs("in lists, keys made", keys(), made_keys)
    after = items("fix-in-lists")
    sealed = [e["M"].pop("seed_encrypted") for item in after for e in item["codes"]["L"] if "seed_encrypted" in e["M"]]
    differs("in lists, all else", after, before)
    differs("in lists, sealed", len(sealed), 3)
    assert python(room, path, [], lines) is None
    again = [e["M"].get("seed_encrypted") for item in items("fix-in-lists") for e in item["codes"]["L"]]
    differs("in lists, again", [blob for blob in again if blob], sealed)
    check = "assert [blob.decode() for blob in decrypt(KEY_OF_THE_ITEM)] == ['SEED0', 'SEED2']"
    assert python(room, path, [], [check]) is None
    private(room)


def client_side():
    """Every item's value goes, its ciphertext opens again for that item alone, and a second run changes nothing."""
    start = two("token", {"S": OLD})
    table("fix-client-side", start)
    path, room = ROOM / "client-side/fix.py", pathlib.Path(tempfile.mkdtemp())
    fix = (ROOM / "client-side/fix.sh").read_text()
    alias = re.search(r"(?m)^alias='(.*)'$", fix)[1]
    unaliased(alias, REGION)
    first = keys()
    paste(room, fix)
    differs("client side, pasted", keys(), first)
    lines = ["kms_key = make_key(kms)", "each(encrypt, kms_key)"]
    python(room, path, [], ["each(encrypt, 'no-key')"], deny=True)
    differs("client side, reads denied", items("fix-client-side"), items_of(start))
    assert python(room, path, [], lines) is None
    differs("client side, keys", len(keys()), len(first) + 1)
    # The shell finds the key that Python made.
    paste(pathlib.Path(tempfile.mkdtemp()), without_guards(fix))
    differs("client side, keys of the shell", len(keys()), len(first) + 1)
    after = items("fix-client-side")
    blobs = [item.pop("token_encrypted") for item in after]
    differs("client side", after, [{k: v for k, v in item.items() if k != "token"} for item in items_of(start)])
    assert python(room, path, [], lines) is None
    differs("client side, again", [item["token_encrypted"] for item in items("fix-client-side")], blobs)
    opens = f"assert opened(KEY_OF_THE_ITEM, {blobs[0]['B']!r}).decode() == {OLD!r}"
    assert python(room, path, [], [opens]) is None
    other = f"opened({{'id': {{'S': 'two'}}, 'at': {{'N': '1'}}}}, {blobs[0]['B']!r})"
    assert python(room, path, [], [other]) is not None, "it opened for another item"
    private(room)


def several():
    """Each item has its own new value, under a name of its own, and names it."""
    start = two("api_key", {"S": OLD})
    table("fix-several", start)
    path, room = ROOM / "several/fix.py", pathlib.Path(tempfile.mkdtemp())
    names = [f"fix-several/example-rule/api_key/item-{digest({'id': item['id'], 'at': item['at']})}" for item in start]
    for name in names:
        forget(name)
    assert python(room, path, ["new-1", "new-2"], ["each(store)"]) is None
    # Another value under a name that is there is refused, the same is no harm.
    assert python(room, path, ["new-1", "other"], ["each(store)"]) is None
    differs("several, stored", [secrets.get_secret_value(SecretId=n)["SecretString"] for n in names], ["new-1", "new-2"])
    differs("several, items", items("fix-several"), items_of(start))
    wanted = [{k: v for k, v in item.items() if k != "api_key"} | {"api_key_secret_name": {"S": n}} for item, n in zip(start, names)]
    for again in ("", ", again"):
        assert python(room, path, [], ["each(remove)"]) is None
        differs(f"several{again}", items("fix-several"), items_of(wanted))
    private(room)


def unaliased(alias, region):
    """What an earlier run left."""
    try:
        boto3.client("kms", region_name=region).delete_alias(AliasName=alias)
    except botocore.exceptions.ClientError:
        pass


def ttl_of(name):
    return dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]


def ttl_attribute():
    for how in ("sh", "py"):
        table("fix-ttl-attribute", two("expires", {"S": "tomorrow"}))
        on = {"Enabled": True, "AttributeName": "wrong"}
        dynamodb.update_time_to_live(TableName="fix-ttl-attribute", TimeToLiveSpecification=on)
        before = ttl_of("fix-ttl-attribute")
        room = pathlib.Path(tempfile.mkdtemp())
        if how == "sh":
            fix = (ROOM / "ttl-attribute/fix.sh").read_text()
            paste(room, fix)
            differs("ttl pasted", ttl_of("fix-ttl-attribute"), before)
            first = fix.replace("\n: in_account aws", "\nin_account aws", 1)
            paste(room, first)
            assert ttl_of("fix-ttl-attribute")["TimeToLiveStatus"] == "DISABLED"
            second = fix.replace("PUT-THE-ATTRIBUTE-HERE", "right")
            at = second.rindex("\n: in_account aws")
            paste(room, second[:at] + second[at:].replace("\n: in_account aws", "\nin_account aws", 1))
        else:
            path = ROOM / "ttl-attribute/fix.py"
            python(room, path, [], ["switch_off()", "RIGHT = 'right'", "switch_on()"], deny=True)
            differs("ttl py, reads denied", ttl_of("fix-ttl-attribute"), before)
            python(room, path, [], [])
            differs("ttl py, run", ttl_of("fix-ttl-attribute"), before)
            assert python(room, path, [], ["RIGHT = 'right'", "switch_on()"]) is not None
            python(room, path, [], ["RIGHT = WRONG", "switch_off()", "switch_on()"])
            assert ttl_of("fix-ttl-attribute")["TimeToLiveStatus"] == "DISABLED", "the wrong one is on again"
            fill_in = ["RIGHT = 'right'", "seconds = lambda item: 1900000000", "fill()", "fill()", "switch_on()"]
            assert python(room, path, [], fill_in) is None
            assert all(item["right"] == {"N": "1900000000"} for item in items("fix-ttl-attribute"))
        after = ttl_of("fix-ttl-attribute")
        assert (after["TimeToLiveStatus"], after["AttributeName"]) == ("ENABLED", "right"), after


def ttl():
    for how in ("sh", "py"):
        table("fix-ttl", two("expires", {"N": "1"}))
        room = pathlib.Path(tempfile.mkdtemp())
        fix = (ROOM / "ttl/fix.sh").read_text()
        if how == "sh":
            paste(room, fix)
        else:
            python(room, ROOM / "ttl/fix.py", [], [])
            python(room, ROOM / "ttl/fix.py", [], ["RIGHT = 'expires_at'", "let_expire()"], deny=True)
        assert ttl_of("fix-ttl")["TimeToLiveStatus"] == "DISABLED", f"{how}: on by pasting"
        # Which attribute it is, only a person knows: without its name nothing happens.
        if how == "sh":
            paste(room, without_guards(fix))
        else:
            assert python(room, ROOM / "ttl/fix.py", [], ["let_expire()"]) is not None
        assert ttl_of("fix-ttl")["TimeToLiveStatus"] == "DISABLED", f"{how}: on without a name"
        if how == "sh":
            paste(room, without_guards(fix.replace("PUT-THE-ATTRIBUTE-HERE", "expires_at")))
        else:
            named = ["RIGHT = 'expires_at'", "let_expire()"]
            # What is there already gets its time, where it has none, at a pace and within a number of items.
            dynamodb.put_item(TableName="fix-ttl", Item={"id": {"S": "has"}, "at": {"N": "1"}, "expires_at": {"N": "5"}})
            assert python(room, ROOM / "ttl/fix.py", [], [named[0], "fill()"]) is not None, "without seconds()"
            fill = [named[0], "seconds = lambda item: 1900000000", "start = fill(each_second=1000, at_most=1)"]
            python(room, ROOM / "ttl/fix.py", [], fill, deny=True)
            assert sum("expires_at" in item for item in items("fix-ttl")) == 1, "reads denied"
            for again in ("", ", again"):
                assert python(room, ROOM / "ttl/fix.py", [], [*fill, "fill(1000, start=start)"]) is None
                found = {item["id"]["S"]: item["expires_at"]["N"] for item in items("fix-ttl")}
                differs(f"ttl fill{again}", found, {"one": "1900000000", "two": "1900000000", "has": "5"})
            python(room, ROOM / "ttl/fix.py", [], named)
            assert python(room, ROOM / "ttl/fix.py", [], named) is not None, "called twice"
        assert ttl_of("fix-ttl")["AttributeName"] == "expires_at"


def secret_as_key():
    """A second run copies what came since, and keeps what the application wrote into the new table."""
    table("fix-secret-as-key", two("kept2", {"S": "x"}))
    try:
        dynamodb.update_table(TableName="fix-secret-as-key-v2", DeletionProtectionEnabled=False)
        dynamodb.delete_table(TableName="fix-secret-as-key-v2")
    except botocore.exceptions.ClientError:
        pass
    room = pathlib.Path(tempfile.mkdtemp())
    fix = (ROOM / "secret-as-key/fix.sh").read_text()
    paste(room, fix)
    assert "fix-secret-as-key-v2" not in dynamodb.list_tables()["TableNames"], "made by pasting"
    paste(room, without_guards(fix))
    path = ROOM / "secret-as-key/fix.py"
    python(room, path, [], [], deny=True)
    differs("as key, reads denied", items("fix-secret-as-key-v2"), [])
    python(room, path, [], [])
    copied = items("fix-secret-as-key-v2")
    assert len(copied) == 2 and not any("one" in json.dumps(item) for item in copied), copied
    newer = {**copied[0], "kept": {"S": "written by the application since"}}
    dynamodb.put_item(TableName="fix-secret-as-key-v2", Item=newer)
    python(room, path, [], [])
    differs("as key, again", items("fix-secret-as-key-v2"), [newer, copied[1]])
    differs("as key, the old table", items("fix-secret-as-key"), items_of(two("kept2", {"S": "x"})))


def keys():
    return {key["KeyId"] for key in kms.list_keys(Limit=1000)["Keys"]}


def customer_key():
    """None by being pasted, and one however often and from wherever it is run; it is used by a step of its own."""
    table("fix-customer-key", [])
    fix = (ROOM / "customer-key/fix.sh").read_text()
    room = pathlib.Path(tempfile.mkdtemp())
    log = watched(room)
    alias = re.search(r"(?m)^alias='(.*)'$", fix)[1]
    unaliased(alias, REGION)
    before = keys()
    # moto makes keys; that the table changes over is seen by what was asked.
    paste(room, fix)
    paste(room, fix)
    differs("customer key, pasted twice", keys(), before)
    make = re.sub(r"(?m)^: (in_account make_key)", r"\1", fix)
    paste(room, make)
    first = keys()
    differs("customer key, made", len(first), len(before) + 1)
    paste(room, make)
    paste(pathlib.Path(tempfile.mkdtemp()), make)
    differs("customer key, made again", keys(), first)
    assert python(pathlib.Path(tempfile.mkdtemp()), ROOM / "customer-key/fix.py", [], ["make_key(session.client('kms'))"]) is None
    differs("customer key, made by Python", keys(), first)
    assert not any(call[:2] == ["dynamodb", "update-table"] for call in log()), "it changed over by pasting"
    paste(room, without_guards(fix))
    update = next(call for call in log() if call[:2] == ["dynamodb", "update-table"])
    assert ":key/" in update[-1], update
    # A key that could not be made is not used, and none is made where it is not known whether there is one.
    unaliased(alias, REGION)
    before = keys()
    paste(pathlib.Path(tempfile.mkdtemp()), without_guards(fix), deny=True)
    differs("customer key, reads denied", keys(), before)
    room = pathlib.Path(tempfile.mkdtemp())
    log = watched(room, fails="create-key")
    paste(room, without_guards(fix))
    assert not any(call[:2] == ["dynamodb", "update-table"] for call in log()), "it went on without a key"
    before = keys()
    python(room, ROOM / "customer-key/fix.py", [], [])
    differs("customer key py, run", keys(), before)


def watched(room, fails="nothing"):
    """A directory in whose shell `aws` writes down what it was asked, fails at one command, and else is itself."""
    os.environ["PATH"] = f"{room}/watched:" + os.environ["PATH"]
    (room / "watched").mkdir()
    log = room / "log"
    real = shutil.which("aws", path=os.environ["PATH"].split(":", 1)[1])
    while "watched" in real:
        real = shutil.which("aws", path=":".join(p for p in os.environ["PATH"].split(":") if "watched" not in p))
    aws = room / "watched/aws"
    aws.write_text(
        f"#!{sys.executable}\nimport json, os, sys\n"
        f"open({str(log)!r}, 'a').write(json.dumps(sys.argv[1:]) + '\\n')\n"
        f"if sys.argv[2] == {fails!r}: sys.exit(254)\n"
        f"os.execv({real!r}, [{real!r}, *sys.argv[1:]])\n"
    )
    aws.chmod(0o755)
    return lambda: [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []


def replica_key():
    """A key in the replica's Region, once; an update that names it there and leaves the table's own key."""
    table("fix-replica-key", [])
    fix = (ROOM / "replica-key/fix.sh").read_text()
    room = pathlib.Path(tempfile.mkdtemp())
    log = watched(room)
    # A Region of its own: other tests make keys in theirs at the same time.
    there = boto3.client("kms", region_name="ap-south-1")
    unaliased(re.search(r"(?m)^alias='(.*)'$", fix)[1], "ap-south-1")
    before = len(there.list_keys(Limit=1000)["Keys"])
    paste(room, fix)
    differs("replica key, pasted", len(there.list_keys(Limit=1000)["Keys"]), before)
    make = re.sub(r"(?m)^: (in_account make_key)", r"\1", fix)
    paste(room, make)
    paste(room, make)
    paste(pathlib.Path(tempfile.mkdtemp()), make)
    differs("replica key, keys made", len(there.list_keys(Limit=1000)["Keys"]), before + 1)
    assert not any(call[:2] == ["dynamodb", "update-table"] for call in log()), "it changed over by pasting"
    updates = json.loads((made(room) / "replicas.json").read_text())
    by_region = {entry["Update"]["RegionName"]: entry["Update"]["KMSMasterKeyId"] for entry in updates}
    assert by_region["ap-south-1"].startswith("arn:aws:kms:ap-south-1:"), by_region
    differs("replica key, the table's own", by_region["us-east-1"], "arn:aws:kms:us-east-1:123456789012:key/own")
    assert set(by_region) == {"us-east-1", "ap-south-1"}
    private(room)
    room = pathlib.Path(tempfile.mkdtemp())
    log = watched(room, fails="create-key")
    paste(room, fix)
    assert "KEY-OF-ap-south-1-HERE" in (made(room) / "replicas.json").read_text()
    before = len(there.list_keys(Limit=1000)["Keys"])
    failed = python(room, ROOM / "replica-key/fix.py", [], ["change_over(UPDATES)"])
    assert isinstance(failed, SystemExit), failed
    differs("replica key py, run", len(there.list_keys(Limit=1000)["Keys"]), before)


def policies(case, read, put):
    """What was there is kept once; the proposed document is put by a person, and only over the one that was read."""
    text = (ROOM / case / "policy").read_text()
    start = json.loads(text)
    put_text = put
    put = lambda policy: put_text(text if policy == start else json.dumps(policy))
    wanted = {**start, "Statement": [one for one in start["Statement"] if one["Sid"] != "Guest"]}
    other = {**start, "Statement": [{**start["Statement"][0], "Sid": "Other"}, *start["Statement"][1:]]}
    fix = (ROOM / case / "fix.sh").read_text()
    path = ROOM / case / "fix.py"
    for how in ("sh", "py"):
        put(start)
        room = pathlib.Path(tempfile.mkdtemp())
        if how == "sh":
            paste(room, without_guards(fix), deny=True)
            differs(f"{case}, reads denied", read(), start)
            room = pathlib.Path(tempfile.mkdtemp())
            paste(room, fix)
            differs(f"{case}, pasted", read(), start)
            paste(room, without_guards(fix))
            differs(f"{case}, run", read(), wanted)
            paste(room, without_guards(fix))
            differs(f"{case}, run again", read(), wanted)
            kept = made(room) / "policy.before.json"
            differs(f"{case}, kept", json.loads(kept.read_text()), start)
            private(room)
            # Somebody edited it since the audit: that stays.
            room = pathlib.Path(tempfile.mkdtemp())
            put(other)
            paste(room, without_guards(fix))
            differs(f"{case}, changed since the audit", read(), other)
            # Or in between.
            room = pathlib.Path(tempfile.mkdtemp())
            put(start)
            paste(room, fix)
            put(other)
            paste(room, without_guards(fix))
            differs(f"{case}, changed in between", read(), other)
        else:
            python(room, path, [], ["put()"], deny=True)
            differs(f"{case} py, reads denied", read(), start)
            python(room, path, [], [])
            differs(f"{case} py, run", read(), start)
            assert python(room, path, [], ["put()"]) is None
            differs(f"{case} py, put", read(), wanted)
            assert python(room, path, [], ["put()"]) is None
            differs(f"{case} py, put again", read(), wanted)
            kept = next(room.glob("*.before.json"))
            differs(f"{case} py, kept", json.loads(kept.read_text()), start)
            assert stat.S_IMODE(kept.stat().st_mode) == 0o600
            put(other)
            assert isinstance(python(room, path, [], ["put()"]), SystemExit)
            differs(f"{case} py, changed in between", read(), other)


def key_policy():
    key = (ROOM / "key-policy/key").read_text().strip()
    policies(
        "key-policy",
        lambda: json.loads(kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"]),
        lambda policy: kms.put_key_policy(KeyId=key, PolicyName="default", Policy=policy),
    )


def table_policy():
    table("fix-table-policy", [])
    arn = dynamodb.describe_table(TableName="fix-table-policy")["Table"]["TableArn"]
    policies(
        "table-policy",
        lambda: json.loads(dynamodb.get_resource_policy(ResourceArn=arn)["Policy"]),
        lambda policy: dynamodb.put_resource_policy(ResourceArn=arn, Policy=policy),
    )


def wrong_account():
    """With credentials of another account nothing is made and nothing is changed."""
    start = two("api_key", {"S": OLD})
    table("fix-known-key", start)
    fix = (ROOM / "known-key/fix.sh").read_text().replace("123456789012", "999988887777")
    fix = fix.replace("arn:aws:dynamodb:us-east-1:999988887777", "arn:aws:dynamodb:us-east-1:123456789012")
    name = re.search(r"(?m)^name='(.*)'$", fix)[1]
    forget(name)
    room = pathlib.Path(tempfile.mkdtemp())
    paste(room, fix)
    fill(room, secret="new")
    said = paste(room, without_guards(fix)).stderr
    assert "not of account" in said, said
    differs("wrong account", items("fix-known-key"), start)
    assert not exists(name), "a secret was made in the wrong account"
    text = (ROOM / "known-key/fix.py").read_text().replace("ACCOUNT = '123456789012'", "ACCOUNT = '999988887777'")
    other = room / "other.py"
    other.write_text(text)
    assert isinstance(python(room, other, [], ["remove(KEY_OF_THE_ITEM)"]), (SystemExit, NameError))
    differs("wrong account py", items("fix-known-key"), start)


def known_key():
    """A key that was seen is used: nothing is to be put in but the new value."""
    start = two("api_key", {"S": OLD})
    fix = (ROOM / "known-key/fix.sh").read_text()
    name = re.search(r"(?m)^name='(.*)'$", fix)[1]
    assert "To be put in" not in fix, "something is to be put in"
    wanted = {**start[0], "api_key_secret_name": {"S": name}}
    del wanted["api_key"]
    forget(name)
    table("fix-known-key", start)
    room = pathlib.Path(tempfile.mkdtemp())
    paste(room, fix)
    fill(room, secret="new")
    paste(room, fix)
    assert not exists(name), "made by pasting"
    paste(room, with_secret(fix))
    differs("known key, the secret", secrets.get_secret_value(SecretId=name)["SecretString"], "new")
    differs("known key, pasted", items("fix-known-key"), start)
    paste(room, without_guards(fix))
    differs("known key, run", items("fix-known-key"), [wanted, start[1]])
    paste(room, without_guards(fix))
    differs("known key, run again", items("fix-known-key"), [wanted, start[1]])
    private(room)
    table("fix-known-key", start)
    assert python(pathlib.Path(tempfile.mkdtemp()), ROOM / "known-key/fix.py", [], ["remove(key)"]) is None
    differs("known key py", items("fix-known-key"), [wanted, start[1]])


def token():
    """The hash takes the token's place."""
    start = two("token", {"S": OLD})
    hashed = hashlib.sha256(OLD.encode()).hexdigest()
    wanted = {**start[0], "token_sha256": {"S": hashed}}
    del wanted["token"]
    edits("token", "fix-token", start, [wanted, start[1]], lambda room: None, ["hash_it(KEY_OF_THE_ITEM)"], [])


def wallet():
    start = two("seed", {"S": OLD})
    wanted = {name: value for name, value in start[0].items() if name != "seed"}
    edits("wallet", "fix-wallet", start, [wanted, start[1]], lambda room: None, ["remove(KEY_OF_THE_ITEM)"], [])


def aws_key():
    """A new key, then the old one Inactive and its sessions denied, then deleted; nothing of it by pasting."""
    iam = boto3.client("iam", region_name=REGION)
    for how in ("sh", "py"):
        user = f"ann-{how}"
        for old in iam.list_users()["Users"]:
            if old["UserName"] == user:
                for key in iam.list_access_keys(UserName=user)["AccessKeyMetadata"]:
                    iam.delete_access_key(UserName=user, AccessKeyId=key["AccessKeyId"])
                for name in iam.list_user_policies(UserName=user)["PolicyNames"]:
                    iam.delete_user_policy(UserName=user, PolicyName=name)
                iam.delete_user(UserName=user)
        iam.create_user(UserName=user)
        old = iam.create_access_key(UserName=user)["AccessKey"]["AccessKeyId"]
        state = lambda: {k["AccessKeyId"]: k["Status"] for k in iam.list_access_keys(UserName=user)["AccessKeyMetadata"]}
        start = two("aws", {"S": OLD})
        table("fix-aws-key", start)
        room = pathlib.Path(tempfile.mkdtemp())
        if how == "sh":
            fix = (ROOM / "aws-key/fix.sh").read_text()
            name = re.search(r"(?m)^name='(.*)'$", fix)[1].replace("PUT-A-NAME-FOR-THE-ITEM-HERE", "one")
            fix = fix.replace("PUT-A-NAME-FOR-THE-ITEM-HERE", "one")
            forget(name)
            paste(room, fix)
            differs("aws key, pasted", state(), {old: "Active"})
            (made(room) / "key-id.txt").write_text(old)
            paste(room, fix)
            differs("aws key, pasted with its id", state(), {old: "Active"})
            out = paste(room, with_secret(fix))
            assert set(state().values()) == {"Active"} and len(state()) == 2, (state(), out.stderr)
            new = json.loads((made(room) / "new-key.json").read_text())
            assert new["SecretAccessKey"] not in out.stdout, "the new key is on the screen"
            assert new["AccessKeyId"] in secrets.get_secret_value(SecretId=name)["SecretString"]
            paste(room, fix)
            differs("aws key, pasted again", len(state()), 2)
            off = re.sub(r"(?m)^: of_owner (aws iam (update-access-key|put-user-policy))", r"of_owner \1", fix)
            paste(room, off)
            differs("aws key, off", state()[old], "Inactive")
            policy = iam.get_user_policy(UserName=user, PolicyName="EndOldSessions")["PolicyDocument"]
            assert policy["Statement"][0]["Condition"]["DateLessThan"]["aws:TokenIssueTime"]
            differs("aws key, items", items("fix-aws-key"), start)
            fill(room, key=json.dumps(KEY))
            paste(room, fix)
            paste(room, without_guards(fix))
            differs("aws key, deleted", state(), {new["AccessKeyId"]: "Active"})
            assert "aws" not in items("fix-aws-key")[0], items("fix-aws-key")
            private(room)
        else:
            name_it("aws-key")
            path = ROOM / "aws-key/fix.py"
            typed = [KEY["id"]["S"], KEY["at"]["N"]]
            name = f"fix-aws-key/aws-access-key-id/item-{digest(KEY)}"
            forget(name)
            python(room, path, typed, [f"switch_off({old!r})"], deny=True)
            differs("aws key py, denied", state(), {old: "Active"})
            assert isinstance(python(room, path, typed, [f"delete_old({old!r})"]), SystemExit), "deleted while it is on"
            make = [f"new_key(KEY_OF_THE_ITEM, {old!r})"]
            python(room, path, typed, make, fails="CreateAccessKey")
            differs("aws key py, not made", state(), {old: "Active"})
            # It is made and cannot be stored: it is in the file, and the next run stores it and makes no other.
            assert python(room, path, typed, make, fails="CreateSecret") is not None and not exists(name)
            differs("aws key py, new", len(state()), 2)
            for _ in ("stored", "again"):
                assert python(room, path, typed, make) is None
                stored = json.loads(secrets.get_secret_value(SecretId=name)["SecretString"])
                assert set(state()) == {old, stored["AccessKeyId"]}, state()
            elsewhere = pathlib.Path(tempfile.mkdtemp())
            assert isinstance(python(elsewhere, path, typed, make), SystemExit), "a third key"
            assert python(room, path, typed, [f"switch_off({old!r})", f"end_sessions({old!r})"]) is None
            differs("aws key py, off", state()[old], "Inactive")
            denied = lambda: iam.get_user_policy(UserName=user, PolicyName="EndOldSessions")["PolicyDocument"]
            moment = denied()
            assert python(room, path, typed, [f"switch_off({old!r})", f"end_sessions({old!r})"]) is None
            differs("aws key py, the moment", denied(), moment)
            private(room)
            assert python(room, path, typed, [f"delete_old({old!r})", "remove(KEY_OF_THE_ITEM)"]) is None
            assert old not in state() and len(state()) == 1


def grant():
    """The grants that let others in end, and no other."""
    key = (ROOM / "grant/key").read_text().strip()
    for how in ("sh", "py"):
        foreign = kms.create_grant(KeyId=key, GranteePrincipal="arn:aws:iam::444455556666:role/guest", Operations=["Decrypt"])["GrantId"]
        own = kms.create_grant(KeyId=key, GranteePrincipal="arn:aws:iam::123456789012:role/app", Operations=["Decrypt"])["GrantId"]
        left = lambda: {g["GrantId"] for g in kms.list_grants(KeyId=key)["Grants"]}
        room = pathlib.Path(tempfile.mkdtemp())
        if how == "sh":
            fix = (ROOM / "grant/fix.sh").read_text().replace("a-grant", foreign)
            paste(room, fix)
            assert {foreign, own} <= left()
            paste(room, without_guards(fix))
            assert foreign not in left() and own in left()
            paste(room, without_guards(fix))
            assert own in left()
        else:
            text = (ROOM / "grant/fix.py").read_text().replace("a-grant", foreign)
            path = room / "grant.py"
            path.write_text(text)
            python(room, path, [], [])
            assert {foreign, own} <= left()
            assert python(room, path, [], ["revoke()"]) is None
            assert foreign not in left() and own in left()
            assert python(room, path, [], ["revoke()"]) is None


def application(case):
    """What application code makes of its file, with a table that has one key."""
    import importlib.util

    import django
    from django.conf import settings

    if not settings.configured:
        settings.configure(SECRET_KEY="not-" + "a-key", USE_TZ=True, ALLOWED_HOSTS=["*"])
        django.setup()
    try:
        dynamodb.delete_table(TableName=f"fix-{case}")
    except botocore.exceptions.ClientError:
        pass
    dynamodb.create_table(
        TableName=f"fix-{case}",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    spec = importlib.util.spec_from_file_location(case.replace("-", "_"), ROOM / case / "fix.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module, lambda: dynamodb.scan(TableName=f"fix-{case}")["Items"]


def django_sessions():
    """A session is there for who has the cookie, and not for who has read the table."""
    module, rows = application("django-sessions")
    from django.contrib.sessions.backends.base import UpdateError

    session = module.SessionStore()
    session["user"] = 7
    session.create()
    session["cart"] = [1]
    session.save()
    cookie = session.session_key
    assert cookie not in json.dumps(rows()), "the key of the session is in the table"
    differs("session", dict(module.SessionStore(cookie).items()), {"user": 7, "cart": [1]})
    stolen = rows()[0]["id"]["S"]
    differs("stolen", dict(module.SessionStore(stolen).items()), {})
    # A session that somebody else ended does not come back.
    late = module.SessionStore(cookie)
    assert late["user"] == 7
    module.SessionStore(cookie).delete()
    late["user"] = 8
    try:
        late.save()
        raise AssertionError("a deleted session came back")
    except UpdateError:
        pass
    differs("ended", rows(), [])
    # One whose time has passed is over before time to live comes by.
    old = module.SessionStore()
    old.set_expiry(-1)
    old["user"] = 9
    old.save(must_create=True) if old.session_key else old.create()
    old.save()
    assert module.SessionStore(old.session_key).get("user") is None, "an expired session"
    # A new key at login, and the old one is gone.
    fresh = module.SessionStore()
    fresh["user"] = 1
    fresh.create()
    before = fresh.session_key
    fresh.cycle_key()
    assert fresh.session_key != before and not module.SessionStore().exists(before)


def django_application():
    """One's own items only, without what is secret; writes overwrite nobody; no item in a log."""
    import logging

    from django.http import Http404

    module, rows = application("django-application")
    put = lambda owner, **more: dynamodb.put_item(TableName="fix-django-application", Item={"id": {"S": owner}, "title": {"S": "t"}, "api_key": {"S": OLD}, **more})
    put("ann")
    differs("owned", module.owned("ann", {}), {"id": "ann", "title": "t"})
    try:
        module.owned("bob", {})
        raise AssertionError("an item of somebody else")
    except Http404:
        pass
    differs("all", module.all_of("ann"), [{"id": "ann", "title": "t"}])
    try:
        module.create("ann", {"title": "other"})
        raise AssertionError("overwritten")
    except botocore.exceptions.ClientError as error:
        assert error.response["Error"]["Code"] == "ConditionalCheckFailedException"
    module.create("bob", {"title": "b"})
    module.rename("bob", {}, "c", 1)
    try:
        module.rename("bob", {}, "d", 1)
        raise AssertionError("changed over a change")
    except botocore.exceptions.ClientError:
        pass
    differs("renamed", module.owned("bob", {})["title"], "c")
    secrets.create_secret(Name="of-ann", SecretString="first")
    item = {module.REFERENCE: "of-ann"}
    differs("secret", module.secret(item), "first")
    secrets.put_secret_value(SecretId="of-ann", SecretString="second")
    differs("kept", module.secret(item), "first")
    module._kept.clear()
    differs("renewed", module.secret(item), "second")
    secrets.delete_secret(SecretId="of-ann", ForceDeleteWithoutRecovery=True)
    said = []
    handler = logging.Handler()
    handler.emit = lambda record: said.append(record.getMessage())
    handler.addFilter(module.NoItems())
    log = logging.getLogger("shop")
    log.addHandler(handler)
    log.warning("got %s", {"api_key": OLD})
    log.warning("got %(item)s", {"item": {"api_key": OLD}})
    log.warning({"api_key": OLD})
    log.warning("rows %s", [{"api_key": OLD}])
    assert OLD not in "".join(said) and len(said) == 4, said


CASES = [
    inside_json, inside_text, inside_nested, inside_encoded, whole, keep, second_factor, in_lists, client_side, several, ttl_attribute, ttl,
    exact, set_element, secret_as_key, customer_key, replica_key, key_policy, table_policy, wrong_account, known_key, token, wallet, aws_key,
    grant, django_sessions, django_application,
]

warm = warm_cli.started()
failed = 0
for case in CASES:
    path = os.environ["PATH"]
    try:
        case()
        print(f"ok {case.__name__}")
    except Exception as error:
        failed += 1
        print(f"FAILED {case.__name__}: {type(error).__name__}: {error}")
        if os.environ.get("TRACE"):
            import traceback

            traceback.print_exc()
    finally:
        os.environ["PATH"] = path
sys.exit(bool(failed))
