#!/usr/bin/python3
"""accuracy: how far the exact functions are from the true value, and that float versions round once (see accuracy.c)."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import splice

EXACT = [unit for unit in splice.units() if unit.startswith("exact_") and unit != "exact_end"]
sys.exit(splice.run("accuracy", [*EXACT, "random"], ["-O2"]))
