#!/usr/bin/python3
"""Generated code is as a person would write it: parameters are said to be unused, `(void)x;`, only where they are; what the caller gives
is called x and t, unless an index is called so, and loops are called as their indices; no sign stands before another; what is long is cut into functions, as planned."""
import glob
import json
import os
import re
import struct
import sys
import tempfile

sys.path.insert(0, "tests")
from tap import NNC, Failed, check_each, finish, must

FUNCTION = re.compile(r"^[^\s#/][^\n;]*\) \{\n(.*?)^\}", re.M | re.S)
FORMS = [["--unroll", "none"], ["--unroll", "none", "--target", "avx512"], ["--exact", "--unroll", "none", "--real", "f64"]]


def check_unused(folder, path, options):
    must(NNC, "emit", path, "-o", folder, "--prefix", "net", *options)
    with open(os.path.join(folder, "net.c"), encoding="utf-8") as file:
        code = file.read()
    for function in FUNCTION.finditer(code):
        for name in re.findall(r"\(void\)(\w+);", function.group(1)):
            if len(re.findall(rf"\b{name}\b", function.group(1))) > 1:
                raise Failed(f"{name} is used in {function.group(0).splitlines()[0]}")


def check_target(folder, layer, name):
    with open(folder + "/net.nn", "w", encoding="utf-8") as file:
        file.write(f"network net {{ input x[4, 3]\n{layer}\ndense y[2] }}\ntrain {{ loss = mse; optimizer = sgd(0.1) }}\n")
    must(NNC, "emit", "--unroll", "none", folder + "/net.nn", "-o", folder)
    with open(folder + "/net.c", encoding="utf-8") as file:
        found = set(re.findall(r"^static float net_loss_one\(.*, const float \*(\w+)\)", file.read(), re.M))
    if found != {name}:
        raise Failed(f"it is called {found}")


def check_signs(folder):
    """Of numbers that are known, of both signs."""
    header = json.dumps({"y.weight": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]},
                         "y.bias": {"dtype": "F32", "shape": [2], "data_offsets": [24, 32]}}).encode()
    with open(folder + "/w.safetensors", "wb") as file:
        file.write(struct.pack("<Q", len(header)) + header + struct.pack("<8f", 2, -3, 4, -5, 6, -7, 8, -9))
    with open(folder + "/net.nn", "w", encoding="utf-8") as file:
        file.write("network net { input x[3]\ndense y[2] }\n")
    must(NNC, "emit", "--unroll", "full", "--predict", "--params", folder + "/w.safetensors", folder + "/net.nn", "-o", folder)
    with open(folder + "/net.c", encoding="utf-8") as file:
        code = file.read()
    if "2.0f * x0 - 3.0f" not in code or re.search(r"[-+] -", code):
        raise Failed(code)


def check_loops(folder):
    """Of weights that are turned: two indices, two names."""
    with open(folder + "/net.nn", "w", encoding="utf-8") as file:
        file.write("network net { input x[5]\ndense h[20] relu\ndense y[16] }\ntrain { loss = mse; optimizer = sgd(0.1); batch = 64 }\n")
    must(NNC, "emit", "--target", "avx2", folder + "/net.nn", "-o", folder)
    with open(folder + "/net.c", encoding="utf-8") as file:
        found = set(re.findall(r"transpose_8\(p_\d+ \+ (\w+) \+ \d+ \* (\w+),", file.read()))
    if found != {("i", "j")}:
        raise Failed(f"they are called {found}")


def check_nesting(folder, body):
    """clang takes 256 brackets in each other, and no more."""
    with open(folder + "/net.nn", "w", encoding="utf-8") as file:
        file.write(f"network net {{ {body} }}\ntrain {{ loss = mse; optimizer = sgd(0.1) }}\n")
    must(NNC, "emit", folder + "/net.nn", "-o", folder)
    depth = deepest = 0
    with open(folder + "/net.c", encoding="utf-8") as file:
        for c in file.read():
            depth += (c in "({[") - (c in ")}]")
            deepest = max(deepest, depth)
    if deepest > 32:
        raise Failed(f"{deepest} brackets in each other")


CHOOSES = """optimizer chooses(w, g; rate = 0.01) {
    state m = 0
    state v = 0
    v <- 0.9 * v + g
    m <- if g > 0 then 0.9 * m else v
    w <- w - rate * m
}
network net { input x[3]: index(9)
embedding r[4]
flatten
dense y[2] sigmoid }
train { loss = mse; optimizer = chooses; batch = 1 }
"""


def check_choices(folder, unroll):
    """In a loop, what a choice reads is read before it (emit_choice.c)."""
    with open(folder + "/net.nn", "w", encoding="utf-8") as file:
        file.write(CHOOSES)
    must(NNC, "emit", "--unroll", unroll, folder + "/net.nn", "-o", folder)
    with open(folder + "/net.c", encoding="utf-8") as file:
        code = file.read()
    choices = re.findall(r"r_weight_m\[i\]\[j\] = [^;]* \? [^;]*;", code)
    if not choices or any("[" in choice.split("?")[1] for choice in choices):
        raise Failed("\n".join(choices) or code)


def check_cut(folder):
    layers = "\n".join(f"dense h{k}[3] tanh" for k in range(16))
    with open(folder + "/net.nn", "w", encoding="utf-8") as file:
        file.write(f"network net {{ input x[3]\n{layers}\n}}\ntrain {{ loss = mse; optimizer = sgd(0.1) }}\n")
    plan = must(NNC, "emit", "--unroll", "none", "-d", "plan", folder + "/net.nn", "-o", folder)
    with open(folder + "/net.c", encoding="utf-8") as file:
        code = file.read()
    planned = len(re.findall(r"^ *function \d", plan, re.M))
    made = len(re.findall(r"^static NET_APART void net_\w+_part\d+\(", code, re.M))
    if not planned or made != planned:
        raise Failed(f"{planned} functions are planned, {made} are made")


def main():
    check_each([(f"{os.path.basename(path)[:-3]} {' '.join(options)}: what is used is not said to be unused", check_unused, path, options)
                for path in sorted(glob.glob("tests/c/nets/*.nn")) for options in FORMS])
    check_each([("the targets are t", check_target, "flatten", "t"), ("where an index is t they are called otherwise", check_target, "gru m[3]", "target"),
                ("no sign before another", check_signs), ("loops are called as their indices", check_loops),
                ("a maximum of many", check_nesting, "input x[1, 20, 20]\nglobal_max_pool\ndense y[1]"),
                ("a minimum of many", check_nesting, "input x[300]\nm = min[j](x[j])\ny[i: 2] = m * x[i]"),
                ("functions as planned", check_cut)])
    check_each([(f"--unroll {unroll}: what a choice in a loop reads is read before it", check_choices, unroll) for unroll in ("none", "full")])


main()
finish()
