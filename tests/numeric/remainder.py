#!/usr/bin/python3
"""`%` against Python's fractions: exact, with the sign of the divisor, whatever the quotient.

Varied: the size of both numbers from 1e-30 to 1e30, their signs, single and double, the kind of machine. Not varied: infinities and
nans."""
import sys
from fractions import Fraction

import numpy as np

sys.path.insert(0, "tests")
from emitted import Net
from tap import Failed, check_each, finish, take_seed
from vectors import runnable

N = 400
TEXT = f"network net {{\ninput a[{N}]\ninput b[{N}]\ny[i] = a[i] % b[i]\n}}\n"
GIVEN = [(25196522, 3), (25171352, 3), (1e10, 3), (1e30, 3), (-1, 3), (1, -3), (-6, 3), (0, 3), (5.5, -2), (-7.25, -2)]


def drawn(r, real):
    numbers = r.choice([-1, 1], size=(N, 2)) * 10.0 ** r.uniform(-30, 30, size=(N, 2))
    near = r.random(N) < 0.5   # quotients of some thousand
    numbers[near, 0] = numbers[near, 1] * r.uniform(-5000, 5000, near.sum())
    numbers[:len(GIVEN)] = GIVEN
    return numbers.astype(real)


def wanted(a, b, real):
    return real(Fraction(float(a)) % Fraction(float(b)))


def check_remainders(folder, seed, target, real, unroll):
    net = Net(f"{folder}/net", TEXT, target, unroll, real)
    numbers = drawn(np.random.default_rng(seed), net.real)
    x, y = np.ascontiguousarray(numbers.T.reshape(-1)), np.full(N, np.nan, net.real)
    net.call("predict", x, y)
    for k, (a, b) in enumerate(numbers):
        want = wanted(a, b, net.real)
        tolerance = np.spacing(net.real(abs(b))) if (a < 0) != (b < 0) else 0   # b is added, and rounded
        if not abs(y[k] - want) <= tolerance:
            raise Failed(f"{a!r} % {b!r} gives {y[k]!r}, and is {want!r}")


def main():
    seed = take_seed(*sys.argv[1:2])
    check_each([(f"% for {target}, {real}, --unroll {unroll}", check_remainders, seed, target, real, unroll)
                for target in ["scalar", *runnable()] for real in ("f32", "f64") for unroll in ("none", "full")])


main()
finish()
