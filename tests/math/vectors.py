#!/usr/bin/python3
"""vectors: how far functions are from the true value in code for vectors, of many numbers at once and of one alone, and that what
is not a number, or infinite, stays so. A layer that is nothing but the function is asked, for numbers that are drawn."""
import ctypes
import sys

import numpy as np

sys.path.append("tests")
from tap import NNC, Failed, check_each, must, take_seed

BIG = 88.3  # exp of more is infinite, of less than -87.3 it is 0
MANY = 1 << 14
SEED = take_seed(*sys.argv[1:2])
# name, reference in doubles, bound in units in the last place, range
FUNCTIONS = [
    ("exp", np.exp, 1.5, -87.3, BIG),
    ("expm1", np.expm1, 3, -BIG, BIG),
    ("tanh", np.tanh, 4, -100, 100),
    ("sigmoid", lambda x: 1 / (1 + np.exp(-x)), 4, -87, 100),
    ("softplus", lambda x: np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x))), 4, -87, 100),
    ("log", np.log, 1.5, 1e-30, 1e30),
    ("sqrt", np.sqrt, 0.85, 0, 3e38),
]
ENDS = np.array([np.inf, -np.inf, np.nan, 200, -200, 0, 1e-40], np.float32)


def compiled(folder, name, width):
    with open(f"{folder}/net.nn", "w", encoding="utf-8") as file:
        file.write(f"network net {{\ninput x[{width}]\n{name}\n}}\n")
    must(NNC, "emit", f"{folder}/net.nn", "-o", folder, "--target", "native")
    must("cc", "-std=c99", "-O2", "-march=native", "-ffp-contract=fast", "-shared", "-fPIC", "-o", f"{folder}/{width}.so",
         f"{folder}/net.c", "-lm")
    predict = ctypes.CDLL(f"{folder}/{width}.so").net_predict

    def run(x):
        y, memory = np.empty_like(x), (ctypes.c_double * 64)()
        for at in range(0, len(x), width):
            predict(memory, ctypes.c_void_p(x.ctypes.data + 4 * at), ctypes.c_void_p(y.ctypes.data + 4 * at))
        return y
    return run


def numbers(low, high):
    """Of every size, of both signs if there are."""
    r = np.random.default_rng(SEED)
    sizes = np.exp(r.uniform(np.log(1e-30), np.log(max(high, -low)), MANY)) * r.choice([-1, 1], MANY)
    x = np.concatenate([sizes, r.uniform(low, high, MANY), r.uniform(max(low, -2), min(high, 2), MANY)]).astype(np.float32)
    return np.resize(x[(x > low) & (x < high)], 2 * MANY)


def accurate(folder, name, reference, bound, low, high, width):
    run = compiled(folder, name, width)
    x = numbers(low, high)
    want = reference(x.astype(np.float64))
    off = np.abs(run(x) - want) / np.spacing(np.abs(want).astype(np.float32))
    if not np.max(off) <= bound:
        raise Failed(f"{name}({x[np.argmax(off)]!r}) is {np.max(off):.2f} units in the last place off")
    x = np.resize(ENDS, max(width, len(ENDS)) * 6)
    with np.errstate(all="ignore"):
        want = reference(x.astype(np.float64)).astype(np.float32)
    want[np.abs(want) < 1e-37] = 0
    got = run(x)
    if not np.allclose(got, want, rtol=1e-6, atol=1e-37, equal_nan=True):
        raise Failed(f"{name} of {ENDS} is {got[:len(ENDS)]}, not {want[:len(ENDS)]}")


check_each([(f"{row[0]} of {width} numbers", accurate, *row, width) for row in FUNCTIONS for width in (1, 2, 64)])
