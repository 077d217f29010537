#!/usr/bin/python3
"""docs/prelude.md is what tools/prelude makes of the prelude; every definition of the prelude is in it, and in `nnc list`,
and before the activations the functions that are activations as they stand."""
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
with open("docs/language.md", encoding="utf-8") as file:
    functions = re.search(r"\*\*Functions\*\* of one number: `([^`]*)`", file.read()).group(1).split()
PLURAL = {"loss": "losses"}
for kind in dict.fromkeys(kind for kind, _ in definitions):
    plural = PLURAL.get(kind, kind + "s")
    listed = subprocess.run([NNC, "list", plural], capture_output=True, text=True, check=False).stdout
    names = re.findall(r"^(\w+)", listed, re.M)
    built_in = len(functions) if kind == "activation" else 0
    check(set(names[:built_in]) == set(functions[:built_in]), f"nnc list {plural}: what is built in", names[:built_in])
    wanted = [name for k, name in definitions if k == kind]
    check(names[built_in:] == wanted, f"nnc list {plural}: all {len(wanted)} of them, in order", set(names) ^ set(wanted))
    check(len(re.findall(r"^    \S", listed, re.M)) >= len(wanted), f"nnc list {plural}: a formula for each")

# A line of its own shows how each is called: the arguments that stand before the options are part of that.
SHOWN = {"schedules": "cyclic(low, high, half = 10)", "initializers": "normal(mean, std)", "activations": "sigmoid   [PyTorch: nn.Sigmoid]",
         "losses": "huber(delta = 1)   y[*s], t[*s]"}
for kind, line in SHOWN.items():
    listed = subprocess.run([NNC, "list", kind], capture_output=True, text=True, check=False).stdout
    check(line in listed, f"nnc list {kind}: {line}")
check("  then" not in made.stdout, "a comment within a formula leaves no gap")
finish()
