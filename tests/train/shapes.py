#!/usr/bin/python3
"""shapes: a class wants an output that is one number for each class, and arrays want the shape that the network has: by the
count of numbers alone nothing is taken. What is right is read in the right order."""
import os
import struct
import subprocess
import sys

import numpy as np

sys.path.insert(0, os.path.dirname(__file__))
from common import NNC, check, finish, folder, run, take_seed, write

at = folder()
TRAINS = {"cross_entropy": "loss = cross_entropy", "mse": "loss = mse", "binary": "loss = binary_cross_entropy"}


def build(name, network, data, loss="cross_entropy"):
    write(at, name + ".nn", f"network {name} {{\n{network}\n}}\ntrain {{ {TRAINS[loss]}; optimizer = sgd(rate = 0.01); epochs = 1 }}\n"
                            f"data {{\n{data}\n}}\n")
    result = subprocess.run([NNC, "build", name + ".nn"], cwd=at, capture_output=True, text=True, env={**os.environ, "CFLAGS": "-O0"})
    check(result.returncode == 0, f"{name}: compiles", result.stderr)
    return os.path.join(at, name)


def save(name, array):
    np.save(os.path.join(at, name), array)


def idx(name, array):
    array = array.astype(np.uint8)
    write(at, name, bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes())


def refused(program, what, *expected, files=()):
    result = run(program, *[word for file in files for word in ("--data", file)], at=at)
    missing = [text for text in expected if text not in result.stderr]
    check(result.returncode == 1 and not missing, f"{os.path.basename(program)}: {what}", missing, result)
    return result


def taken(program, what, files=()):
    result = run(program, *[word for file in files for word in ("--data", file)], at=at)
    check(result.returncode == 0, f"{os.path.basename(program)}: {what}", result)


rng = np.random.default_rng(take_seed(*sys.argv[1:2]))
FILES = ("x.npy", "t.npy")
labels = np.array([0, 1, 2, 1, 0, 2])

# ---- one class, and an output with several class axes
spread = build("spread", "input x[1, 2, 2]\nconv2d(1) c[2] relu\ndense y[2] softmax", 'file = ["x.npy", "t.npy"]')
save("x.npy", rng.normal(size=(6, 4)))
save("t.npy", labels % 2)
refused(spread, "one class for an output of [2, 2, 2]", "t.npy", "the target is one class", "[2, 2, 2]", "'flatten'")
write(at, "x.csv", "a,b,c,d,kind\n1,2,3,4,red\n4,3,2,1,blue\n")
refused(spread, "one column of text", "x.csv:1:9", "the target is one class", "put 'flatten'", files=("x.csv",))
write(at, "f.data", "2 4 1\n1 2 3 4\n0\n4 3 2 1\n1\n")
refused(spread, "one class in FANN's format", "f.data:1", "the target is one class", files=("f.data",))
save("t.npy", rng.integers(0, 2, size=(6, 2, 2)))
taken(spread, "a class at each position is right")
save("t.npy", rng.integers(0, 2, size=(6, 4)))
taken(spread, "... in a row, too")
tags = build("tags", "input x[2, 2]\nsimple_rnn g[3]\ndense y[2] softmax", 'file = "tags.csv"\ntarget = [4, 5]\nclasses = [noun, verb]')
write(at, "tags.csv", "1,2,3,4,noun,verb\n4,3,2,1,verb,noun\n")
taken(tags, "a column for each position, with the classes named")
several = build("several", "input x[4]\ndense y[3] sigmoid", 'file = "x.csv"', "binary")
refused(several, "a class for several sigmoids", "x.csv:1:9", "the target has 1 column, but the network several has 3 outputs", "'softmax'")

# ---- classes with names for one number, whatever the format
binary = build("binary", "input x[4]\ndense y[1] sigmoid", 'file = ["x.npy", "t.npy"]\nclasses = [1, 2]', "binary")
save("t.npy", labels % 2 + 1)
taken(binary, "classes = [1, 2] in .npy")
save("t.npy", labels + 1)
refused(binary, "a class that there is not", "t.npy, row 3: error: unknown class \"3\"; known: 1, 2")
idx("x.idx", np.arange(24).reshape(6, 4))
idx("t.idx", labels % 2 + 1)
taken(binary, "... in IDX", files=("x.idx", "t.idx"))
write(at, "f.data", "2 4 1\n1 2 3 4\n1\n4 3 2 1\n2\n")
taken(binary, "... in FANN's format", files=("f.data",))
write(at, "f.data", "2 4 1\n1 2 3 4\n1\n4 3 2 1\n3\n")
refused(binary, "a class that there is not", "f.data:5:1", "unknown class", files=("f.data",))
minus = build("minus", "input x[4]\ndense y[1] sigmoid", "classes = [-1, 1]\n[1, 2, 3, 4] -> -1\n[4, 3, 2, 1] -> 1", "binary")
result = run(minus, "test", at=at) if run(minus, at=at).returncode == 0 else None
check(result and "-1" in result.stdout, "minus: classes are called -1 and 1", result)

# ---- the shape of inputs
picture = build("picture", "input x[3, 8, 6]\nconv2d c[2]\nflatten\ndense y[3] softmax", 'file = ["x.npy", "t.npy"]')
save("t.npy", labels)
pictures = rng.normal(size=(6, 3, 8, 6))
for what, array in {"as it is": pictures, "flat": pictures.reshape(6, -1), "column by column": np.asfortranarray(pictures)}.items():
    save("x.npy", array)
    run(picture, "--save", what.replace(" ", "_") + ".safetensors", at=at)
saved = [open(os.path.join(at, name + ".safetensors"), "rb").read() for name in ("as_it_is", "flat", "column_by_column")]
check(len(set(saved)) == 1, "picture: in its shape, flat or in Fortran's order: the same")
save("x.npy", pictures.transpose(0, 2, 3, 1))
result = refused(picture, "channels last", "x.npy", "[8, 6, 3]", "the input x has [3, 8, 6]",
                 'numpy.save("turned.npy", numpy.load("x.npy").transpose(0, 3, 1, 2))')
exec(result.stderr.split("in Python: ")[1].replace("numpy.", "np.").replace('"turned', f'"{at}/turned').replace('("x.npy', f'("{at}/x.npy'))
taken(picture, "turned as the hint says", files=("turned.npy", "t.npy"))
check((np.load(os.path.join(at, "turned.npy")) == pictures).all(), "picture: the hint turns it right")
save("x.npy", rng.normal(size=(6, 12, 12)))
refused(picture, "another shape of as many numbers", "[12, 12]", "[3, 8, 6]", "declare input x[12, 12]")
grey = build("grey", "input x[14, 56]\nflatten\ndense y[3] softmax", 'file = ["x.idx", "t.idx"]')
idx("x.idx", rng.integers(0, 256, size=(6, 28, 28)))
idx("t.idx", labels)
refused(grey, "28 x 28 into [14, 56]", "x.idx", "[28, 28]", "[14, 56]")
idx("x.idx", rng.integers(0, 256, size=(6, 56, 14)))
refused(grey, "turned, in a format that is not numpy's", "declare input x[56, 14]", "turned[i, j] = x[j, i]")
plain = build("plain", "input x[1, 28, 28]\nflatten\ndense y[3] softmax", 'file = ["x.idx", "t.idx"]')
idx("x.idx", rng.integers(0, 256, size=(6, 28, 28)))
taken(plain, "dimensions of 1 do not count")
flat = build("flat", "input x[784]\ndense y[3] softmax", 'file = ["x.idx", "t.idx"]')
taken(flat, "a flat input takes any shape")
two = build("two", "input a[3]\ninput b[3]\nadd from a, b\ndense y[3] softmax", 'file = ["x.npy", "t.npy"]')
save("x.npy", rng.normal(size=(6, 2, 3)))
refused(two, "several inputs in a shape", "several inputs", "a row of 6 numbers")
save("x.npy", rng.normal(size=(6, 6)))
taken(two, "several inputs in a row")

# ---- the shape of targets
map_ = build("map", "input x[2, 3]\ndense y[4]", 'file = ["x.npy", "t.npy"]', "mse")
save("x.npy", rng.normal(size=(6, 2, 3)))
save("t.npy", rng.normal(size=(6, 4, 2)))
refused(map_, "targets in another order", "t.npy", "[4, 2]", "the output y has [2, 4]", "transpose(0, 2, 1)")
save("t.npy", rng.normal(size=(6, 8)))
taken(map_, "targets in a row")
save("t.npy", rng.normal(size=(6, 2, 4)))
taken(map_, "targets in the output's shape")

# ---- series and autoencoders
walk = build("walk", "input x[4, 2, 3]\nflatten\ndense h[24]\nreshape y[4, 2, 3]", 'file = ["x.npy", "t.npy"]\nwindow = 4', "mse")
save("x.npy", rng.normal(size=(20, 2, 3)))
save("t.npy", rng.normal(size=(20, 2, 3)))
taken(walk, "a series of arrays")
save("x.npy", rng.normal(size=(20, 3, 2)))
refused(walk, "a series of turned arrays", "[3, 2]", "the input x has [2, 3]", "transpose(0, 2, 1)")
save("x.npy", rng.normal(size=(20, 2, 3)))
save("t.npy", rng.normal(size=(20, 3, 2)))
refused(walk, "... of turned targets", "t.npy", "the output y has the shape [4, 2, 3]")
auto = build("auto", "input x[3, 4, 4]\nflatten\ndense h[8] tanh\ndense y[48]", 'file = "x.npy"\ntarget = inputs', "mse")
save("x.npy", rng.normal(size=(6, 3, 4, 4)))
taken(auto, "an autoencoder of arrays")
save("x.npy", rng.normal(size=(6, 4, 4, 3)))
refused(auto, "an autoencoder of turned arrays", "[4, 4, 3]", "[3, 4, 4]", "transpose(0, 3, 1, 2)")
finish()
