"""Checks the dependency tree without cargo-deny: where crates come from, how they are licensed, which are barred.

The lists are those of deny.toml; cargo-deny checks more, where it is installed.
"""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

root = Path(__file__).resolve().parents[2]
rules = tomllib.loads((root / "deny.toml").read_text())
allowed = set(rules["licenses"]["allow"])
barred = {entry["name"] for entry in rules["bans"]["deny"]}
sources = {f"registry+{url}" for url in rules["sources"]["allow-registry"]}
exceptions = {entry["name"]: set(entry["allow"]) for entry in rules["licenses"].get("exceptions", [])}


def permitted(expression, allow):
    """Whether a licence expression can be met: AND and OR over names, with brackets."""
    tokens = re.findall(r"[()]|[^\s()]+", expression.replace("/", " OR "))
    words = []
    for token in tokens:
        if token == "WITH":
            words[-1] += " WITH"
        elif words and words[-1].endswith(" WITH"):
            words[-1] += f" {token}"
        else:
            words.append(token)
    python = " ".join(
        w if w in "()" else w.lower() if w in ("AND", "OR") else str(w in allow) for w in words
    )
    return eval(python, {"__builtins__": {}})  # Only True, False, and, or and brackets are left.


def main():
    command = ["cargo", "metadata", "--format-version", "1", "--locked", "--all-features"]
    found = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    packages = json.loads(found.stdout)["packages"]
    wrong = []
    for package in packages:
        name = f"{package['name']} {package['version']}"
        if package["source"] is None:
            continue
        if package["source"] not in sources:
            wrong.append(f"{name} comes from {package['source']}")
        licence = package["license"]
        if not licence or not permitted(licence, allowed | exceptions.get(package["name"], set())):
            wrong.append(f"{name} is licensed under {licence}")
        if package["name"] in barred:
            wrong.append(f"{name} is barred")
    print("\n".join(wrong) if wrong else f"{len(packages)} packages are from crates.io and freely licensed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
