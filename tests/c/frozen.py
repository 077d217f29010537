#!/usr/bin/python3
"""Frozen prediction, and several networks in one program.

`nnc emit --predict` gives one visible function with the numbers inside, which predicts what the library predicts, to the bit with
--exact, unrolled and in loops."""
import os
import re
import subprocess
import sys

sys.path.insert(0, "tests")
sys.path.insert(0, "tests/c")
from printed import parse, save
from tap import NNC, Failed, check_each, finish, is_installed, must
from vectors import FLAGS, runnable

STRICT = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror"]
NETS = ["classes", "conv", "tokens", "rnn", "ids", "shared", "norms", "tiny"]
CUT = """network net {
    input x[12]
    dense h[40] tanh
    dense g[30] sigmoid
    dense work[2]
}
train { loss = mse; optimizer = sgd(0.1) }
"""  # straight-line code of several functions

WIDE = """network net {
    input x[9]
    dense h[530] tanh
    dense g[515] relu
    dense y[4] softmax
}
train { loss = mse; optimizer = sgd(0.1) }
"""  # rows of 2 KB, stored in panels where there are vectors


def visible(path):
    return [line.split()[2] for line in must("nm", "-g", "--defined-only", path).splitlines()]


def check_frozen(work, name, real):
    path = f"tests/c/nets/{name}.nn"
    if name == "cut":
        path = os.path.join(work, "net.nn")
        with open(path, "w", encoding="utf-8") as file:
            file.write(CUT)
    source = open(path, encoding="utf-8").read()
    index = re.search(r"index\((\d+)\)", source)
    below, kind, code = index.group(1) if index else "0", {"f32": "float", "f64": "double"}[real], {"f32": "f", "f64": "d"}[real]
    folder = os.path.join(work, "library")
    must(NNC, "emit", path, "-o", folder, "--exact", "--real", real, "--unroll", "none")
    must("cc", "-std=c99", "-O1", f"-DREAL={kind}", "-I" + folder, "-Itests/c", "-o", folder + "/dump", "tests/c/dump.c", folder + "/net.c", "-lm")
    tensors, want = parse(must(folder + "/dump", below))
    save(work + "/net.safetensors", tensors, code)
    header = open(folder + "/net.h", encoding="utf-8").read()
    sizes = [f"-D{what}={re.search(f'NET_{what} +([0-9]+)', header).group(1)}" for what in ("INPUTS", "OUTPUTS")]
    for unroll in ("full", "none"):
        frozen = os.path.join(work, "frozen-" + unroll)
        must(NNC, "emit", path, "-o", frozen, "--exact", "--real", real, "--unroll", unroll, "--predict", "--params", work + "/net.safetensors")
        must("gcc", "-std=c99", "-O1", *STRICT, "-c", "-o", frozen + "/net.o", frozen + "/net.c")
        if is_installed("clang++"):
            must("clang++", "-x", "c++", "-std=c++17", "-fsyntax-only", *STRICT, frozen + "/net.c")
        if visible(frozen + "/net.o") != ["net_predict"]:
            raise Failed(f"visible: {visible(frozen + '/net.o')}")
        must("cc", "-std=c99", "-O1", f"-DREAL={kind}", *sizes, "-I" + frozen, "-Itests/c", "-o", frozen + "/run", "tests/c/frozen.c",
             frozen + "/net.o", "-lm")
        got = must(frozen + "/run", below).splitlines()
        if got != want:
            raise Failed(f"{unroll}: {sum(a != b for a, b in zip(got, want))} of {len(want)} outputs differ: {[p for p in zip(got, want) if p[0] != p[1]][:2]}")


def check_vectors(work, target):
    with open(work + "/net.nn", "w", encoding="utf-8") as file:
        file.write(WIDE)
    build = ["cc", "-std=gnu11", "-O1", *FLAGS[target], "-DREAL=float", "-Itests/c"]
    must(NNC, "emit", work + "/net.nn", "-o", work + "/library", "--target", target)
    must(*build, "-I" + work + "/library", "-o", work + "/dump", "tests/c/dump.c", work + "/library/net.c", "-lm")
    tensors, want = parse(must(work + "/dump", "0"))
    save(work + "/net.safetensors", tensors, "f")
    must(NNC, "emit", work + "/net.nn", "-o", work + "/frozen", "--target", target, "--predict", "--params", work + "/net.safetensors")
    must(*build, "-DINPUTS=9", "-DOUTPUTS=4", "-I" + work + "/frozen", "-o", work + "/run", "tests/c/frozen.c", work + "/frozen/net.c", "-lm")
    got = must(work + "/run", "0").splitlines()
    number = [(float.fromhex(a.split()[-1]), float.fromhex(b.split()[-1])) for a, b in zip(got, want)]
    if len(got) != len(want) or not all(abs(a - b) <= 1e-5 for a, b in number):
        raise Failed(f"{sum(not abs(a - b) <= 1e-5 for a, b in number)} of {len(want)} outputs differ")


def refused(work, path, *words):
    done = subprocess.run([NNC, "emit", work + "/net.nn", "-o", work + "/frozen", "--predict", "--params", path], capture_output=True, text=True, check=False)
    if done.returncode != 1 or done.stderr.count("error:") != 1 or not all(w in done.stderr for w in words) or "prelude" in done.stderr:
        raise Failed(f"{done.returncode}: {done.stderr}")


def check_params(work):
    """What a trainer would not take; once, and nowhere in the prelude."""
    with open(work + "/net.nn", "w", encoding="utf-8") as file:
        file.write("network net { input x[2]\ndense y[3] softmax }\ntrain { loss = cross_entropy; optimizer = adam(0.1); epochs = 2 }\n"
                   "data { [1, 2] -> 0; [2, 3] -> 1; [0, 1] -> 2 }\n")
    must(NNC, "build", "net.nn", "-o", "net", cwd=work)
    must("./net", "train", cwd=work)
    refused(work, work + "/net.checkpoint", "does not have: ", "`optimizer/y.bias.m` [3]", " more")
    with open(work + "/net.safetensors", "rb") as whole, open(work + "/half.safetensors", "wb") as half:
        half.write(whole.read()[:200])
    refused(work, work + "/half.safetensors", "not a usable safetensors file")
    refused(work, work + "/none.safetensors", "cannot read")
    must(NNC, "emit", work + "/net.nn", "-o", work + "/frozen", "--predict", "--params", work + "/net.safetensors")


def check_two(work):
    with open(work + "/one.nn", "w", encoding="utf-8") as file:
        file.write("network one { input x[2]\n dense h[2] sigmoid\n dense y[3] softmax }\ntrain { loss = cross_entropy; optimizer = sgd(0.1) }\n")
    must(NNC, "emit", work + "/one.nn", "-o", work)
    must(NNC, "emit", "tests/c/nets/classes.nn", "-o", work)
    must(NNC, "emit", "tests/c/nets/classes.nn", "-o", work, "--prefix", "other", "--unroll", "none")
    must("cc", "-std=c99", "-O1", *STRICT, "-I" + work, "-o", work + "/two", "tests/c/two.c", work + "/one.c", work + "/net.c", work + "/other.c", "-lm")
    first, *rest = must(work + "/two").splitlines()
    if first != "2 3 3":
        raise Failed(first)
    for line in rest:
        a, b = (float.fromhex(w) for w in line.split())
        if not abs(a - b) < 1e-6:
            raise Failed(f"one network under two prefixes: {a} {b}")
    for name in ("one", "net", "other"):
        must("cc", "-c", "-o", work + "/o.o", f"{work}/{name}.c")
        strange = [s for s in visible(work + "/o.o") if not s.startswith(name + "_")]
        if strange:
            raise Failed(f"{name}: visible {strange}")


def main():
    names = sys.argv[1:] or NETS + ["cut"]
    check_each([(f"{name}, {real}: frozen prediction is the library's, to the bit", check_frozen, name, real) for name in names
                for real in ("f32", "f64") if real == "f32" or name in ("classes", "conv")] +
               [(f"wide rows, {target}: frozen prediction is the library's", check_vectors, target) for target in runnable()] +
               [("parameters of other files are refused", check_params), ("networks and prefixes live in one program", check_two)])


main()
finish()
