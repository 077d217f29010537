#!/usr/bin/python3
"""Which definition a name means, as docs/language.md has it: the user's hide the prelude's and the built-in functions, in the
user's own text only; constants mean nothing to the prelude."""
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, "tests")
from tap import NNC, check, finish



def lowered(folder, text):
    with open(os.path.join(folder, "names.nn"), "w", encoding="utf-8") as file:
        file.write(text)
    run = subprocess.run([NNC, "check", "names.nn", "-d", "lower"], cwd=folder, capture_output=True, text=True, timeout=60)
    return run.stdout + run.stderr


def expect(folder, what, text, lines):
    out = lowered(folder, text)
    missing = [line for line in lines if line not in out]
    check(not missing, what, "missing:", *missing, "of:", out)


with tempfile.TemporaryDirectory() as directory:
    expect(directory, "an activation hides a built-in function",
           "activation tanh(x) = 5 * x\nnetwork n { input x[2]; tanh a; b = tanh(a) }\n", ["a[i] = 5 * x[i]", "b[i0] = 5 * a[i0]"])
    expect(directory, "... but not where the prelude uses it",
           "activation tanh(x) = 5 * x\nnetwork n { input x[3, 2]; simple_rnn h[2] }\n", ["h[t, j] = tanh("])
    expect(directory, "an activation of the prelude keeps its parts",
           "activation hard_sigmoid(x) = 7 * x\nnetwork n { input x[2]; hard_swish a; hard_sigmoid b }\n",
           ["a[i] = x[i] * min(1, max(0, (x[i] + 3) / 6))", "b[i] = 7 * a[i]"])
    expect(directory, "a layer hides an activation",
           "layer relu(x[n]) -> y[n] { y[i] = 3 * x[i] }\nnetwork n { input x[2]; relu a }\n", ["a[i] = 3 * x[i]"])
    expect(directory, "a layer hides a built-in function",
           "layer sin(x[n]) -> y[n] { y[i] = 3 * x[i] }\nnetwork n { input x[2]; sin a }\n", ["a[i] = 3 * x[i]"])
    expect(directory, "an initializer hides the prelude's",
           "initializer uniform(a, b) = 9\nnetwork n { input x[2]; dense y[1] { weight = uniform(0, 1); bias = he_uniform } }\n",
           ["y_weight_next[i0, i1] = 9", "random("])
    expect(directory, "constants called like the prelude's sizes and indices",
           "const i = 7\nconst o = 8\nconst s = 9\nnetwork n { input x[2]; dense y[3] }\n",
           ["y[o] = y_z_sum[o] + y_bias[o]", "y_z_sum[o] = sum[i:2](y_weight[o, i] * x[i])"])
finish()
