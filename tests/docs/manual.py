#!/usr/bin/python3
"""docs/nnc.1 and `nnc --help` name all commands and options of nnc, with no others, and the page is clean to groff."""
import re
import shutil
import subprocess
import sys

sys.path.insert(0, "tests")
from tap import NNC, check, finish, skipped

page = open("docs/nnc.1", encoding="utf-8").read().replace("\\-", "-")
source = open("compiler/options.c", encoding="utf-8").read()


def compare(what, documented, known):
    check(len(known) > 4 and documented == known, what, f"only in the page: {documented - known}, only in nnc: {known - documented}")


commands = set(re.findall(r'\{"(\w+)", COMMAND_', source))
options = set(re.findall(r'^    \{"(--?[\w-]+)", VALUE_', source, re.M))
section = page.split(".SH COMMANDS")[1].split(".SH OPTIONS")
compare("commands", set(re.findall(r"^\.TP\n\.B (\w+)", section[0], re.M)), commands)
compare("commands in the synopsis", set(re.findall(r"^\.B nnc (\w+)", page.split(".SH SYNOPSIS")[1].split(".SH")[0], re.M)), commands)
heads = "\n".join(re.findall(r"^\.TP\n(\.B.*)", section[1].split(".SH")[0], re.M))  # what stands at the margin
compare("options", set(re.findall(r"--?[a-zA-Z][\w-]*", heads)), options)
shown = subprocess.run([NNC, "--help"], capture_output=True, text=True, check=False).stdout
compare("commands of --help", set(re.findall(r"^  ([a-z]+) (?:FILE|KIND)", shown, re.M)), commands)
compare("options of --help", set(re.findall(r"(?<![\w-])--?[a-zA-Z][\w-]*", shown)) | {"-h"}, options)
statuses = re.findall(r"^\.BR? (\d+)", page.split(".SH EXIT STATUS")[1].split(".SH")[0], re.M)
check(statuses == ["0", "1", "2", "3", "4", "130"], "exit statuses", str(statuses))
if shutil.which("groff"):
    run = subprocess.run(["groff", "-man", "-ww", "-z", "docs/nnc.1"], capture_output=True, text=True)
    check(run.returncode == 0 and not run.stderr, "groff has nothing to say", run.stderr.replace("\n", "\n# "))
else:
    skipped("groff has nothing to say", "there is no groff")
finish()
