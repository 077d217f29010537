#!/usr/bin/python3
"""Random networks over the whole language (tests/torch draws them): every plan's nests, interpreted, against the program, interpreted.
tests/ir/nests.c says in which forms. No C is compiled, so there may be many. What varies is what tests/torch/draw.py varies, of small and
of medium size in turn; the interpreter is slow, so large networks are left to other tests; and optimizers that go by signs.

    tests/ir/drawn.py [NETS [SEED]]"""
import os
import re
import sys
import tempfile

sys.path[:0] = ["tests", "tests/torch"]
import with_torch  # noqa: F401

import constructs
from draw import Medium, Small
from networks import Decks, draw
from rows import OPTIMIZERS
from spec import Call
from starts import write_files
from tap import BUILD, Failed, check, check_each, finish, must, take_seed

SECONDS = 120   # for one network, at most
INFINITE = 0.05, 200   # such a part of the programs may give numbers that are not finite, of at least so many


def check_network(folder, program, seed, k, decks, counts):
    net, _, _ = draw(seed, k, decks, scale=Medium if k % 2 else Small)
    if OPTIMIZERS[net.optimizer.name].signs:   # of a gradient that is nothing but rounding, the order of loops decides
        net.optimizer = Call("adam", {"rate": 0.01})
    write_files(net, folder)
    path = folder + "/net.nn"
    with open(path, "w", encoding="utf-8") as file:
        file.write(constructs.text_of(net))
    try:
        told = must(program, path, timeout=SECONDS)
        counts.append([int(n) for n in re.search(r"^# (\d+) of (\d+) programs", told, re.M).groups()])
    except Failed as failure:
        lines = [line for line in str(failure).splitlines() if not line.startswith("ok ")]
        raise Failed("\n".join([*lines[:6], f"again: tests/ir/drawn.py {k + 1} {seed}", constructs.text_of(net)])) from failure


def check_finite(counts):
    """Numbers that are not finite prove nothing."""
    infinite, programs = (sum(column) for column in zip(*counts)) if counts else (0, 0)
    most, enough = INFINITE
    check(programs < enough or infinite <= most * programs, f"{infinite} of {programs} programs give numbers that are not finite: few")


def main():
    usual = 20 if os.environ.get("SANITIZED") else 90 if os.environ.get("THOROUGH") else 60
    nets = int(sys.argv[1]) if len(sys.argv) > 1 else usual
    seed = take_seed(*sys.argv[2:3])
    decks = Decks(seed)
    with tempfile.TemporaryDirectory() as folder:
        program = folder + "/nests"
        must("cc", "-std=c11", "-D_POSIX_C_SOURCE=200809L", "-O1", *os.environ.get("CFLAGS", "").split(), "-Icompiler", "-I" + BUILD, "-o", program,
             "tests/ir/nests.c", os.path.join(BUILD, "libnnc.a"), "-lm")
        counts = []
        check_each([(f"network {k} of seed {seed}: its plans' nests", check_network, program, seed, k, decks, counts) for k in range(nets)], at_once=2)
        check_finite(counts)


main()
finish()
