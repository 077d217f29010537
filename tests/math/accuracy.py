#!/usr/bin/python3
"""accuracy: how far the exact functions are from the true value, and that float versions round once (see accuracy.c)."""
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import splice

FOLDER = os.path.join(os.environ.get("BUILD", "build"), "math")
UNITS = [u for u in splice.units() if u.startswith("exact_") and u not in ("exact_end", "exact_pow_magnitude")] + ["random"]


def main():
    os.makedirs(FOLDER, exist_ok=True)
    with open(os.path.join(FOLDER, "accuracy_model.c"), "w", encoding="ascii") as file:
        file.write(splice.splice(UNITS))
    program = os.path.join(FOLDER, "accuracy")
    model = os.path.join(FOLDER, "accuracy_model.c")
    subprocess.run(["cc", "-std=gnu11", "-O2", "-w", "-include", model, "tests/math/accuracy.c", "-o", program, "-lm"], check=True)
    return subprocess.run([program], check=False).returncode


sys.exit(main())
