#!/usr/bin/python3
"""Code for other machines' vectors: NEON, run by an emulator, and of every kind that this machine can run; in f32, which is what vectors are
for. It agrees with plain C within what single precision allows, and with --exact to the bit.

    tests/c/targets.py [NET ...]      of tests/c/nets"""
import os
import sys

sys.path.insert(0, "tests")
sys.path.insert(0, "tests/c")
from printed import below_of, numbers, worst_difference
from tap import NNC, Failed, check_each, finish, must
from vectors import machines

NETS = ["conv", "rnn", "norms", "pools", "tokens", "wide", "often"]
HERE = ["norms", "wide", "often"]   # for this machine: tests/numeric/plans.py has the others
WIDE = """network net {
    input x[9]
    dense h[530] tanh
    dense g[515] relu
    dense y[4] softmax
}
train { loss = cross_entropy; optimizer = adam(rate = 0.001); batch = 10 }
"""
# Rows of 400 and 528 bytes, of which some panels are not full, read by 40 samples.
OFTEN = """network net {
    input x[96]
    dense h[132] tanh
    dense g[100] relu
    dense y[4] softmax
}
train { loss = cross_entropy; optimizer = sgd(rate = 0.01, momentum = 0.9); batch = 40 }
"""
TEXTS = {"wide": WIDE, "often": OFTEN}
TOLERANCE = 2e-3   # after some steps in single precision, of the largest number of a kind


def programs():
    """(target, compiler and flags, what runs the program)"""
    return [(target, *how) for target, how in machines().items() if target != "scalar"]


def run(work, path, target, compiler, runner, *options):
    folder = os.path.join(work, "-".join([target, *options]))
    must(NNC, "emit", path, "-o", folder, "--real", "f32", "--target", target, *options)
    must(*compiler, "-std=gnu11", "-O1", "-ffp-contract=fast", "-DREAL=float", "-I" + folder, "-Itests/c", "-o", folder + "/run", "tests/c/run.c",
         folder + "/net.c", "-lm")
    return must(*runner, folder + "/run", below_of(path))


def check_target(work, name, target, compiler, runner):
    path = f"tests/c/nets/{name}.nn"
    if name in TEXTS:
        path = os.path.join(work, "net.nn")
        with open(path, "w", encoding="utf-8") as file:
            file.write(TEXTS[name])
    difference, where = worst_difference(numbers(run(work, path, target, compiler, runner)), numbers(run(work, path, "scalar", ["gcc"], [])))
    if not difference <= TOLERANCE:
        raise Failed(f"{target} and plain C differ by {difference:.3g} at {where}")
    exact, plain = run(work, path, target, compiler, runner, "--exact"), run(work, path, "scalar", ["gcc"], [], "--exact")
    if exact != plain:
        lines = [(a, b) for a, b in zip(exact.splitlines(), plain.splitlines()) if a != b]
        raise Failed(f"--exact: {target} and plain C differ in {len(lines)} numbers, first {lines[:1]}")


def main():
    check_each([(f"{name} for {target}: as in plain C, and with --exact to the bit", check_target, name, target, compiler, runner)
                for target, compiler, runner in programs() for name in sys.argv[1:] or (NETS if runner else HERE)], at_once=2)


main()
finish()
