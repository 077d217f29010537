#!/usr/bin/python3
"""orthogonal: the initializer's units give uniformly distributed orthonormal vectors (see orthogonal.c)."""
import sys

sys.path.append("tests/math")
import splice

sys.exit(splice.run("orthogonal", ["random", "orthogonal_float", "orthogonal_double"], ["-O2"]))
