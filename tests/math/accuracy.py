#!/usr/bin/python3
"""accuracy: how far the exact functions are from the true value, and that float versions round once (see accuracy.c)."""
import sys

sys.path.append("tests/math")
import splice

EXACT = [unit for unit in splice.units() if unit.startswith("exact_") and unit != "exact_end"]
sys.exit(splice.run("accuracy", [*EXACT, "random"], ["-O2"]))
