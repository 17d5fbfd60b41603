"""Checks snippets without AWS. Each mode reads files that tests/it/remedies.rs wrote.

snippets.py modules              which optional modules can be imported, one a line
snippets.py hcl FILE...          each file parses as HCL
snippets.py python FILE...       each file parses as Python; prints every string literal of it as JSON
snippets.py python-run FILE...   runs each file with a boto3 that only checks requests
snippets.py aws LOG...           each recorded command line is one that the AWS CLI's own model accepts
"""

import ast
import importlib.util
import json
import re
import sys
import types


def modules():
    for name in ("botocore", "hcl2"):
        if importlib.util.find_spec(name):
            print(name)


def parse_hcl(paths):
    import hcl2

    for path in paths:
        with open(path, encoding="utf-8") as file:
            hcl2.load(file)


def parse_python(paths):
    for path in paths:
        tree = ast.parse(open(path, encoding="utf-8").read(), path)
        print(json.dumps([n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)]))


# What botocore's own validator leaves out: closed lists, upper bounds, patterns.
def beyond(shape, value, at):
    limits = shape.metadata
    if shape.type_name == "structure":
        for name, member in value.items():
            yield from beyond(shape.members[name], member, f"{at}.{name}")
    elif shape.type_name == "list":
        for n, member in enumerate(value):
            yield from beyond(shape.member, member, f"{at}[{n}]")
    elif shape.type_name == "map":
        for name, member in value.items():
            yield from beyond(shape.key, name, f"{at} key")
            yield from beyond(shape.value, member, f"{at}[{name!r}]")
    elif shape.type_name == "string":
        if limits.get("enum") and value not in limits["enum"]:
            yield f"{at}: {value!r} is not one of {limits['enum']}"
        if len(value) > limits.get("max", len(value)):
            yield f"{at}: longer than {limits['max']}"
        try:
            pattern = re.compile(limits.get("pattern", ""))
        except re.error:
            return
        if limits.get("pattern") and not pattern.fullmatch(value):
            yield f"{at}: {value!r} does not match {limits['pattern']}"
    elif isinstance(value, (int, float)) and value > limits.get("max", value):
        yield f"{at}: above {limits['max']}"


_session = None


def service(name):
    global _session
    import botocore.session

    _session = _session or botocore.session.get_session()
    return _session.get_service_model(name)


def validate(service_name, operation, request):
    import botocore.validate

    shape = service(service_name).operation_model(operation).input_shape
    report = botocore.validate.ParamValidator().validate(request, shape)
    if report.has_errors():
        return [report.generate_report()]
    return list(beyond(shape, request, operation))


def words(name):
    """UpdateItem -> update-item"""
    import botocore

    return botocore.xform_name(name, "-")


def value_of(shape, text):
    """One option of the command line as the request member it fills: JSON or shorthand, as far as we use it."""
    if text.startswith("file://"):
        text = {"structure": "{}", "map": "{}", "list": "[]"}.get(shape.type_name, "from-a-file")
    if shape.type_name in ("structure", "map", "list"):
        if text.startswith(("{", "[")):
            return json.loads(text)
        if shape.type_name == "list":
            return text.split(",")
        pairs = dict(pair.split("=", 1) for pair in text.split(","))
        return {k: value_of(shape.members[k], v) for k, v in pairs.items()}
    if shape.type_name == "boolean":
        return {"true": True, "false": False}[text]
    if shape.type_name in ("float", "double"):
        return float(text)
    return int(text) if shape.type_name in ("integer", "long") else text


def check_command(argv):
    name, command, options = argv[0], argv[1], []
    for word in argv[2:]:
        # An option and its value in two words.
        if not word.startswith("--") and options and "=" not in options[-1] and command != "wait":
            options[-1] += "=" + word
        else:
            options.append(word)
    if command == "wait":
        waiter = service(name).service_name
        names = [words(w) for w in _session.get_waiter_model(waiter).waiter_names]
        return [] if options[0] in names else [f"no waiter {options[0]}"]
    model = service(name)
    operation = next((o for o in model.operation_names if words(o) == command), None)
    if operation is None:
        return [f"{name} has no {command}"]
    takes = model.operation_model(operation).input_shape
    members = {words(m): m for m in takes.members} if takes else {}
    request, edited = {}, []
    for option in options:
        flag, _, text = option.partition("=")
        if not flag.startswith("--"):
            return [f"a stray word {option!r}"]
        flag = flag[2:]
        if flag in ("region", "query", "output"):
            continue
        member = members.get(flag)
        if member is None:
            return [f"{command} has no option --{flag}"]
        shape = takes.members[member]
        if text.startswith("file://") and shape.metadata.get("min") and shape.type_name == "list":
            # What a person edits; tests/tools/meaning.py and forms.py look into it.
            edited.append(f'Missing required parameter in input: "{member}"')
            continue
        request[member] = True if shape.type_name == "boolean" and not text else value_of(shape, text)
    return [p for p in validate(name, operation, request) if p not in edited] if takes else []


def check_log(paths):
    problems = []
    for path in paths:
        for line in open(path, encoding="utf-8"):
            argv = json.loads(line)
            problems += [f"{argv[:2]}: {p}" for p in check_command(argv)]
    for problem in problems:
        print(problem)
    sys.exit(bool(problems))


class Client:
    """Answers every call with a little, after checking it."""

    def __init__(self, name):
        self.name = name
        # Nothing of it is raised here.
        names = ("ConditionalCheckFailedException", "ResourceExistsException", "ClientError")
        self.exceptions = types.SimpleNamespace(**{name: type(name, (Exception,), {}) for name in names})

    def get_paginator(self, call):
        client = self

        class Paginator:
            def paginate(self, **request):
                getattr(client, call)(**request)
                return [{"Items": []}]

        return Paginator()

    def __getattr__(self, call):
        def send(**request):
            operation = next(o for o in service(self.name).operation_names if words(o).replace("-", "_") == call)
            problems = validate(self.name, operation, request)
            if problems:
                sys.exit(f"{call}: {problems}")
            value = {"M": {"stripe_key": {"S": "old"}}}
            item = {"config": {"M": {"PUT-THE-POSITION-HERE": value}}}
            return {"Account": "111122223333", "Arn": "arn:aws:iam::111122223333:user/ann", "Item": item, "KeyMetadata": {"Arn": "arn:aws:kms:eu-west-1:111122223333:key/new"}, "Policy": "{}", "Role": {"AssumeRolePolicyDocument": {"Statement": []}}, "RevisionId": "1", "Table": {}}

        return send


def run_python(paths):
    import getpass

    class Session:
        def __init__(self, region_name=None):
            self.region_name = region_name

        def client(self, name):
            return Client(name)

    boto3 = types.ModuleType("boto3")
    boto3.Session = Session
    boto3.client = lambda name, **_: Client(name)
    boto3.resource = lambda name, **_: types.SimpleNamespace(Table=lambda name: None)
    # What application code imports is not looked at here.
    for name in ("django.contrib.auth.hashers", "django.contrib.auth.decorators", "django.contrib.sessions.backends.base", "django.http", "django.views.decorators.debug", "boto3.dynamodb.conditions", "cryptography.hazmat.primitives.ciphers.aead"):
        parts = name.split(".")
        for n in range(2 if parts[0] == "boto3" else 1, len(parts) + 1):
            module = sys.modules.setdefault(".".join(parts[:n]), types.ModuleType(".".join(parts[:n])))
            # A class does for a function, a decorator and a base alike.
            nothing = lambda self, *a, **k: None  # noqa: E731
            module.__getattr__ = lambda attribute: type(attribute, (), {"__init__": nothing, "__call__": nothing})
    sys.modules["boto3"] = boto3
    # Base64, for a key that is binary.
    getpass.getpass = lambda prompt="": "dHlwZWQ="
    for path in paths:
        code = compile(open(path, encoding="utf-8").read(), path, "exec")
        try:
            exec(code, {"__name__": "__main__"})
        except SystemExit as ended:
            # The policy snippets end on purpose until edit() is written.
            if str(ended) != "Write edit() first.":
                sys.exit(f"{path}: {ended}")


MODES = {"hcl": parse_hcl, "python": parse_python, "python-run": run_python, "aws": check_log}
if __name__ == "__main__":
    if sys.argv[1] == "modules":
        modules()
    else:
        MODES[sys.argv[1]](sys.argv[2:])
