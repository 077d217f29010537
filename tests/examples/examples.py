#!/usr/bin/python3
"""Every example is compiled, trained and tested as its README says, without a warning; what comes out is what the README promises.

A README has the row `| validation | samples | loss | ... |` for each network and says `at least` before the bar that counts.
With sanitizers two epochs are trained, and only what does not depend on the result is looked at."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, "tests")
from tap import NNC, check, finish

SANITIZED = bool(os.environ.get("SANITIZED"))
FEW = ["--epochs", "2"] if SANITIZED else []
# network, folder, rows that are held out, what is measured
MEASURED = [("iris", "iris", 30, "accuracy"), ("wine", "wine", 36, "accuracy"), ("breast_cancer", "breast_cancer", 114, "accuracy"),
            ("diabetes", "diabetes", 88, "r2"), ("digits_mlp", "digits", 359, "accuracy"), ("digits_conv", "digits", 359, "accuracy"),
            ("digits_autoencoder", "digits", 359, "r2"), ("sunspots", "sunspots", 57, "r2")]
# network, folder, loss after one epoch (None: not given in the README), loss at the end (None: below the `stop` of the file)
CALCULATED = [("backpropagation_step_by_step", "backpropagation_step_by_step", "0.276957171392919", "6.18572e-13"),
              ("forward_and_back_propagation", "forward_and_back_propagation", "0.29102777369359933", "3.510187782978859e-05"),
              ("shared_bias", "forward_and_back_propagation", None, "4.355321e-06")]


class Example:
    """A copy of the examples, so that nothing is written into the tree; networks are run from above them or from their own folder."""

    def __init__(self, top, name, folder, own=False):
        self.name = name
        self.path = name + ".nn" if own else f"examples/{folder}/{name}.nn"
        self.at = os.path.join(top, "examples", folder) if own else top
        with open(os.path.join(top, "examples", folder, "README.md"), encoding="utf-8") as file:
            self.readme = file.read()

    def run(self, *arguments, text=None):
        words = [NNC, "run", self.path] + (["--", *arguments] if arguments else [])
        return subprocess.run(words, cwd=self.at, input=text, capture_output=True, text=True, timeout=600, check=False)

    def trains(self, *arguments):
        result = self.run(*arguments)
        return check(result.returncode == 0 and not result.stderr and "saved " + self.name in result.stdout,
                     f"{self.path} trains without a warning", f"exit status {result.returncode}", result.stderr, result.stdout[-1000:])

    def test(self):
        result = self.run("test", "--json")
        try:
            return json.loads(result.stdout)
        except ValueError:
            check(False, f"{self.path} is tested", f"exit status {result.returncode}", result.stderr)
            return {}

    def numbers(self, row):
        """Those of the README's row for this network; a README with several networks names them in the row."""
        several = self.readme.count("| validation |") > 1
        found = re.search(rf"^\| {row} \|" + (rf" `{self.name}\.nn` \|" if several else "") + r"([-0-9.e |]+)$", self.readme, re.M)
        return [float(n) for n in found.group(1).split("|") if n.strip()] if found else []

    def bar(self):
        found = re.search(r"at least ([0-9.]+[0-9]) " + f"(?:\\(`{self.name}\\.nn`|on|for)", self.readme)
        return float(found.group(1)) if found else float("inf")


def check_measured(top, name, folder, held_out, measure):
    example = Example(top, name, folder)
    if not example.trains(*FEW):
        return
    result = example.test()
    check(result.get("samples") == held_out and sum(map(sum, result.get("confusion", [[held_out]]))) == held_out,
          f"{name}: {held_out} samples were held out", result)
    path = os.path.join(top, "examples", folder, folder + ".csv")
    if name == "sunspots":
        check_series(example, path)
    else:
        check_prediction(example, path)
    if SANITIZED:
        return
    value, stated, bar = result.get(measure, 0), example.numbers("validation"), example.bar()
    check(value >= bar, f"{name}: {measure} at least {bar}", result)
    check(len(stated) >= 3 and stated[0] == held_out and abs(stated[-1] - value) < 0.02, f"{name}: {measure} as in the README", stated, result)


def check_prediction(example, path):
    """With and without the target; a row of probabilities or of a number for each."""
    with open(path, encoding="utf-8") as file:
        rows = file.read().splitlines()[:6]
    whole = example.run("predict", text="\n".join(rows) + "\n")
    inputs = example.run("predict", "-", text="\n".join(row.rpartition(",")[0] for row in rows) + "\n")
    check(whole.returncode == 0 and len(whole.stdout.splitlines()) == 6 and whole.stdout == inputs.stdout and not whole.stderr,
          f"{example.name}: predicts rows with and without a target", whole.stderr, whole.stdout, inputs.stderr, inputs.stdout)


def check_series(example, path):
    result = example.run("predict", path)
    check(result.returncode == 0 and len(result.stdout.splitlines()) == 1 + 309 - 23 and not result.stderr,
          f"{example.name}: predicts a year after each 24", result.stderr)


def check_chargpt(top):
    """One epoch of three; chargpt.py compares more of it with PyTorch."""
    example = Example(top, "chargpt", "chargpt")
    if not example.trains(*(["--epochs", "0"] if SANITIZED else ["--epochs", "1"])):
        return
    result = example.run("generate", "The Rays ", "--length", "40")
    check(result.returncode == 0 and result.stdout.startswith("The Rays ") and len(result.stdout) == 50, "chargpt: goes on with a text", result)
    if not SANITIZED:
        check(example.test().get("accuracy", 0) > 0.3, "chargpt: the next character after one epoch")


def check_calculated(top, name, folder, first, last):
    example = Example(top, name, folder, own=True)
    for epochs, stated in (("1", first), (None, last)):
        if stated is None or not example.trains(*(["--epochs", epochs] if epochs else [])):
            continue
        loss = example.test().get("loss", 0)
        check(stated in example.readme, f"{name}: the README says {stated}")
        check(abs(loss / float(stated) - 1) < 1e-6, f"{name}: E is {stated} after {epochs or 'all'} epochs", loss)


def check_xor(top):
    example = Example(top, "xor", "xor")
    if not example.trains():
        return
    loss = example.test().get("loss", 1)
    check(loss < 0.001, "xor: the loss is below 0.001", loss)
    result = example.run("predict", text="0,0\n0,1\n1,0\n1,1\n")
    values = [float(v) for v in result.stdout.split()[1:]]
    check(len(values) == 4 and all(abs(v - t) < 0.003 for v, t in zip(values, (0, 1, 1, 0))), "xor: the outputs are 0, 1, 1, 0", values)


def main():
    with tempfile.TemporaryDirectory() as top:
        shutil.copytree("examples", os.path.join(top, "examples"))
        os.environ["XDG_CACHE_HOME"] = os.path.join(top, "cache")
        known = {f"{folder}/{name}.nn" for name, folder, *_ in MEASURED + CALCULATED} | {"xor/xor.nn", "chargpt/chargpt.nn"}
        there = {os.path.join(folder, name) for folder in os.listdir("examples") if os.path.isdir(os.path.join("examples", folder))
                 for name in os.listdir(os.path.join("examples", folder)) if name.endswith(".nn")}
        check(there == known, "all examples are tested", there ^ known)
        check_xor(top)
        check_chargpt(top)
        for row in CALCULATED:
            check_calculated(top, *row)
        for row in MEASURED:
            check_measured(top, *row)
        Example(top, "iris", "iris", own=True).trains("--epochs", "3")
        left = sorted(name for _, _, names in os.walk(top + "/examples") for name in names if name.endswith((".c", ".h", ".o", ".tmp")))
        check(not left, "no file is left that nobody asked for", left)


main()
finish()
