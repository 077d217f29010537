#!/usr/bin/python3
"""tests/run builds what tests need, whichever are asked for."""
import glob
import os
import shutil
import subprocess
import sys

sys.path.insert(0, "tests")
from tap import BUILD, check, finish

MADE = "nnc", "libnnc.a"
# All that they are made of, so that they only have to be linked.
folder = os.path.join(os.path.relpath(BUILD), "linked")
shutil.rmtree(folder, ignore_errors=True)
os.makedirs(folder)
for path in glob.glob(os.path.join(BUILD, "*")):
    if os.path.isfile(path) and os.path.basename(path) not in MADE and not path.endswith(".d"):
        shutil.copy2(path, folder)
done = subprocess.run(["tests/run", "docs/manual"], env={**os.environ, "BUILD": folder}, capture_output=True, text=True, check=False)
there = [name for name in MADE if os.path.exists(os.path.join(folder, name))]
check(done.returncode == 0 and len(there) == len(MADE), "tests/run of a single test in an empty folder", there, done.stdout, done.stderr)
shutil.rmtree(folder)
finish()
