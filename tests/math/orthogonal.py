#!/usr/bin/python3
"""orthogonal: the initializer's units give uniformly distributed orthonormal vectors (see orthogonal.c)."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import splice

sys.exit(splice.run("orthogonal", ["random", "orthogonal_float", "orthogonal_double"], ["-O2"]))
