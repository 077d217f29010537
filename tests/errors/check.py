#!/usr/bin/python3
"""Every wrong file reports each expected message at its line, nothing else, and exits with 1."""
import glob
import os
import re
import subprocess
import sys

sys.path.insert(0, "tests")
from tap import NNC, check, finish

HERE = os.path.dirname(os.path.abspath(__file__))
EXPECTED = re.compile(r"^#! (\d+): (.*)$", re.M)
REPORTED = re.compile(r"^([^\s:][^:\n]*):(\d+):(\d+): error: (.*)$", re.M)


def problems(name):
    """What differs between the messages in the file's comments and those printed."""
    expected = [(int(line), text) for line, text in EXPECTED.findall(open(os.path.join(HERE, name), encoding="utf-8").read())]
    run = subprocess.run([NNC, "check", name], cwd=HERE, capture_output=True, timeout=60)
    text = run.stderr.decode("utf-8", "replace")
    reported = [(int(line), message) for file, line, _, message in REPORTED.findall(text) if file == name]
    found = []
    if run.returncode != 1:
        found.append(f"exit status {run.returncode}, not 1")
    if run.stdout:
        found.append("something on standard output")
    for line, message in expected:
        hit = next((r for r in reported if r[0] == line and message in r[1]), None)
        if hit:
            reported.remove(hit)
        else:
            found.append(f"missing at line {line}: {message}")
    found += [f"not expected, line {line}: {message}" for line, message in reported]
    found += [f"in another file: {m.group(0)}" for m in REPORTED.finditer(text) if m.group(1) != name]
    if not expected:
        found.append("the file expects nothing")
    return found


def main():
    for path in sorted(glob.glob(os.path.join(HERE, "*.nn"))):
        name = os.path.basename(path)
        found = problems(name)
        check(not found, "errors: " + name[:-3].replace("_", " "), *found)


main()
finish()
