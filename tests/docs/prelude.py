#!/usr/bin/python3
"""docs/prelude.md is what tools/prelude makes of the prelude; every definition of the prelude is in it, and in `nnc list`."""
import re
import subprocess
import sys

sys.path.insert(0, "tests")
from tap import NNC, check, finish



with open("docs/prelude.md", encoding="utf-8") as file:
    there = file.read()
made = subprocess.run(["tools/prelude"], capture_output=True, text=True, check=False)
check(made.returncode == 0 and made.stdout == there, "docs/prelude.md is up to date", "run: tools/prelude > docs/prelude.md\n" + made.stderr)
with open("grammar/prelude.nn", encoding="utf-8") as file:
    definitions = re.findall(r"^(activation|loss|layer|optimizer|schedule|initializer) (\w+)", file.read(), re.M)
PLURAL = {"loss": "losses"}
for kind in dict.fromkeys(kind for kind, _ in definitions):
    plural = PLURAL.get(kind, kind + "s")
    listed = subprocess.run([NNC, "list", plural], capture_output=True, text=True, check=False).stdout
    names = re.findall(r"^(\w+)", listed, re.M)
    wanted = [name for k, name in definitions if k == kind]
    check(names == wanted, f"nnc list {plural}: all {len(wanted)} of them, in order", set(names) ^ set(wanted))
    check(len(re.findall(r"^    \S", listed, re.M)) >= len(wanted), f"nnc list {plural}: a formula for each")
finish()
