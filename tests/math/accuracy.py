#!/usr/bin/python3
"""accuracy: how far the exact functions are from the true value, and that float versions round once (see accuracy.c)."""
import os
import sys

sys.path += ["tests", "tests/math"]
import splice
from tap import take_seed

EXACT = [unit for unit in splice.units() if unit.startswith("exact_") and unit != "exact_end"]
os.environ["SEED"] = str(take_seed(*sys.argv[1:2]))
sys.exit(splice.run("accuracy", [*EXACT, "random"], ["-O2"]))
