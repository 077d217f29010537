#!/usr/bin/python3
"""data: the examples' CSV files are what tools/make_data.py makes of the scikit-learn package."""
import filecmp
import glob
import os
import subprocess
import sys

sys.path.insert(0, "tests")
from tap import BUILD, check, finish, skipped

FOLDER = os.path.join(BUILD, "math", "examples")
NAMES = ("iris", "wine", "breast_cancer", "digits", "diabetes")

made = subprocess.run([sys.executable, "tools/make_data.py", FOLDER], capture_output=True, text=True, check=False)
missing = "needs scikit-learn" in made.stderr
for name in NAMES:
    what = f"examples/{name}/{name}.csv is the package's data"
    if missing:
        skipped(what, "no scikit-learn")
        continue
    same = made.returncode == 0 and filecmp.cmp(f"examples/{name}/{name}.csv", f"{FOLDER}/{name}/{name}.csv", shallow=False)
    check(same, what, made.stderr)

found = sorted(glob.glob("examples/*/*.csv") + glob.glob("examples/*/*.txt"))
with open("examples/data/LICENSES.md", encoding="utf-8") as file:
    text = file.read()
unnamed = [path for path in found if os.path.relpath(path, "examples") not in text]
check(not unnamed and len(found) >= len(NAMES), "LICENSES.md names each data file", *unnamed)
finish()
