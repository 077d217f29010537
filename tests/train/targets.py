#!/usr/bin/python3
"""targets: the numbers of every kind of file are compared with what the loss takes or the output reaches; those at the ends are
right. The message names the place, the number and what to do."""
import os
import re
import struct
import subprocess
import sys

import numpy as np

sys.path.insert(0, os.path.dirname(__file__))
from common import NNC, check, finish, folder, run, write

at = folder()
OWN = """loss ranged(y[*s], t[*s] in [low, 3]; low = 0) = sum[*s]((y[*s] - t[*s])^2)
loss scale_likelihood(y[*s], t[*s]) = mean[*s](log(y[*s]) + t[*s]^2 / (2 * y[*s]^2))
"""


def build(name, output, loss, data='file = "d.csv"', inputs="input x[2]"):
    write(at, name + ".nn", f"{OWN}network {name} {{\n{inputs}\ndense y[{output}\n}}\ntrain {{ loss = {loss}; optimizer = sgd(rate = 0.01); epochs = 1 }}\n"
                            f"data {{\n{data}\n}}\n")
    result = subprocess.run([NNC, "build", name + ".nn"], cwd=at, capture_output=True, text=True, env={**os.environ, "CFLAGS": "-O0"})
    check(result.returncode == 0, f"{name}: compiles", result.stderr)
    return os.path.join(at, name)


def table(targets):
    """A file of two inputs and the targets, one or several columns of them."""
    rows = [t if isinstance(t, (list, tuple)) else [t] for t in targets]
    return "a,b," + ",".join(f"t{k}" for k in range(len(rows[0]))) + "\n" + "".join(f"1,{n}," + ",".join(map(str, row)) + "\n" for n, row in enumerate(rows))


def outcome(program, files):
    return run(program, "--save", "w.safetensors", *[word for file in files for word in ("--data", file)], at=at)


def refused(program, what, *expected, files=()):
    result = outcome(program, files)
    missing = [text for text in expected if text not in result.stderr]
    check(result.returncode == 1 and not missing, f"{os.path.basename(program)}: {what}", missing, result)


def taken(program, what, files=()):
    result = outcome(program, files)
    check(result.returncode == 0 and not result.stderr, f"{os.path.basename(program)}: {what}", result)


# ---- what each loss takes, what each output reaches: the ends and what lies between are right, beyond is not
FORMS = {  # name: (output, loss, right, wrong, the rule)
    "binary": ("1] sigmoid", "binary_cross_entropy", [0, 1, 0.5], 1.01, "is no target for 'binary_cross_entropy', which takes numbers from 0 to 1"),
    "hinge": ("1]", "hinge", [-1, 1], 0, "is no target for 'hinge', which takes -1 or 1"),
    "poisson": ("1] exp", "poisson", [0, 7], -1, "is no target for 'poisson', which takes numbers of at least 0"),
    "ranged": ("1]", "ranged(low = -1)", [-1, 3], 3.2, "is no target for 'ranged', which takes numbers from -1 to 3"),
    "sigmoid": ("1] sigmoid", "mse", [0, 1], 255, "is out of reach of the output 'y' (sigmoid), which is from 0 to 1"),
    "tanh": ("1] tanh", "mae", [-1, 1], 2, "is out of reach of the output 'y' (tanh), which is from -1 to 1"),
    "relu": ("1] relu", "huber", [0, 1e6], -0.5, "is out of reach of the output 'y' (relu), which is at least 0"),
    "elu": ("1] elu", "mse", [-1, 1e6], -1.5, "is out of reach of the output 'y' (elu), which is at least -1"),
    "softmax": ("2] softmax", "mse", [(0, 1), (1, 1)], (0.5, 2), "is out of reach of the output 'y' (softmax), which is from 0 to 1"),
    "classes": ("3] softmax", "cross_entropy", [(0, 0, 1), (0.33, 0.33, 0.33), (0.2, 0.3, 0.5)], (1, 0, 1), "what sums to 2 is no target for 'cross_entropy'"),
    "negative": ("3] softmax", "kl_divergence", [(0, 0, 1)], (-0.5, 0.5, 1), "-0.5 is no target for 'kl_divergence', which takes classes, or probabilities"),
}
for name, (output, loss, right, wrong, rule) in FORMS.items():
    program = build(name, output, loss, f'file = "d.csv"\ntarget = [{", ".join(f"t{k}" for k in range(len(right[0])))}]' if isinstance(right[0], tuple) else 'file = "d.csv"')
    write(at, "d.csv", table(right))
    taken(program, "ends and between")
    write(at, "d.csv", table([*right, wrong]))
    refused(program, "beyond", f"d.csv:{len(right) + 2}:", rule, "  hint: ")
for name, output, loss in ("free", "1]", "mse"), ("other", "1] softplus", "scale_likelihood"):
    program = build(name, output, loss)
    write(at, "d.csv", table([-1e6, 1e6]))
    taken(program, "any number")

# ---- two classes that are called otherwise
both = build("both", "1] sigmoid", "binary_cross_entropy")
for a, b in (1, 2), (-1, 1):
    for first, second in (a, b), (b, a):
        write(at, "d.csv", table([first, first, second, first]))
        refused(both, f"{first}, then {second}", f"hint: if {a} and {b} are two classes, name them in data: classes = [{a}, {b}]")
write(at, "d.csv", table([3, 4, 5, 6, 7]))
refused(both, "several whole numbers", "d.csv:2:5: error: 3 is no target", "hint: such numbers want an output without 'sigmoid', and a loss as 'mse'")
for what, bad in ("an unclosed quote", b'1,9,"1\n'), ("what is not UTF-8", b"1,9,\xff\n"), ("a zero byte", b"1,9,\0\n"), ("text behind a quote", b'1,9,"1"x\n'):
    write(at, "d.csv", table([1, 1, 2]).encode() + bad)
    result = outcome(both, ())
    said = result.stderr.splitlines()
    check(result.returncode == 1 and len(said) == 4 and said[0].startswith("d.csv:4:5: error: 2 is no target") and "classes = [1, 2]" in said[3],
          f"both: {what} further down is not spoken of", result.stderr)
named = build("named", "1] sigmoid", "binary_cross_entropy", 'file = "d.csv"\nclasses = [-1, 1]')
write(at, "d.csv", table([-1, 1, 1]))
taken(named, "classes = [-1, 1]")

# ---- every format, and test data
write(at, "d.csv", table([0, 1]))
np.save(os.path.join(at, "x.npy"), np.ones((4, 2)))
np.save(os.path.join(at, "t.npy"), np.array([0, 1, 2, 1]))
refused(both, "npy", "t.npy, row 3: error: 2 is no target", files=("x.npy", "t.npy"))
np.save(os.path.join(at, "t.npy"), np.array([1, 2, 2, 1]))
refused(both, "npy of two classes", "classes = [1, 2]", files=("x.npy", "t.npy"))
write(at, "x.idx", bytes([0, 0, 8, 2]) + struct.pack(">2I", 2, 2) + bytes(4))
write(at, "t.idx", bytes([0, 0, 8, 1]) + struct.pack(">I", 2) + bytes([1, 9]))
refused(both, "IDX", "t.idx, row 2: error: 9 is no target", files=("x.idx", "t.idx"))
write(at, "f.data", "2 2 1\n1 2\n1\n3 4\n-1\n")
refused(both, "FANN", "f.data:5:1: error: -1 is no target", files=("f.data",))
write(at, "test.csv", table([0, 7]))
result = run(both, "--test-data", "test.csv", "--save", "w.safetensors", at=at)
check(result.returncode == 1 and "test.csv:3:5: error: 7 is no target" in result.stderr, "both: test data", result.stderr)
taken(both, "what is to be tested is trained first")
result = run(both, "test", "--params", "w.safetensors", "--data", "test.csv", at=at)
check(result.returncode == 1 and "test.csv:3:5: error: 7 is no target" in result.stderr, "both: test", result.stderr)

# ---- the same words from nnc about samples in the .nn, and from the trainer about those of a file
SAME = {  # output, loss, targets
    "two classes": ("1] sigmoid", "binary_cross_entropy", [[1], [2], [2]]),
    "three numbers": ("1] sigmoid", "binary_cross_entropy", [[1], [2], [3]]),
    "a fraction": ("1] sigmoid", "binary_cross_entropy", [[1], [1.5]]),
    "what is out of reach": ("2] tanh", "mse", [[1, 0.5], [1, -1.25]]),
    "values": ("1]", "hinge", [[-1], [0]]),
    "a sum": ("3] softmax", "cross_entropy", [[1, 0, 0], [0.125, 0.25, 0.12345678]]),
    "a sum in a second distribution": ("2, 2] softmax", "cross_entropy", [[1, 0, 0, 1], [1, 0, 0.75, 0.5]]),
    "a negative probability": ("3] softmax", "cross_entropy", [[1, 0, 0], [2, -1, 0]]),
}
for what, (output, loss, targets) in SAME.items():
    names = ", ".join(f"t{k}" for k in range(len(targets[0])))
    samples = "".join(f"[1, 2] -> {t}\n" for t in targets)
    shape = "dense h[4]\nreshape y[" if output.startswith("2, 2") else "dense y["
    text = f"network same {{\ninput x[2]\n{shape}{output}\n}}\ntrain {{ loss = {loss}; optimizer = sgd(rate = 0.01); epochs = 1 }}\ndata {{\n%s\n}}\n"
    write(at, "samples.nn", text % samples)
    told = subprocess.run([NNC, "check", "samples.nn"], cwd=at, capture_output=True, text=True, check=False).stderr.splitlines()[0].split("error: ")[-1]
    write(at, "same.nn", text % f'file = "d.csv"\ntarget = [{names}]')
    write(at, "d.csv", table(targets))
    subprocess.run([NNC, "build", "same.nn"], cwd=at, check=True, env={**os.environ, "CFLAGS": "-O0"})
    said = run(os.path.join(at, "same"), at=at).stderr.splitlines()
    check(told == f"{said[0].split('error: ')[-1]}; {said[-1].split('hint: ')[-1]}", f"the same of {what}, in the .nn and in a file", told, *said)

# ---- and the same order of classes
ORDER = ["-1e39", "2", "9", "1e2", "1e39", "0x10", "a", "b"]  # numbers by value, whatever a real can hold, then text
text = "network %s { input x[1]; dense y[8] softmax }\ntrain { loss = cross_entropy; optimizer = sgd(rate = 0.01); epochs = 1 }\ndata { %s }\n"
mixed = ORDER[3:] + ORDER[:3]
for name, data in ("written", "\n".join(f'[1] -> "{c}"' for c in mixed)), ("read", 'file = "d.csv"'):
    write(at, name + ".nn", text % (name, data))
    write(at, "d.csv", "x,kind\n" + "".join(f"1,{c}\n" for c in mixed))
    subprocess.run([NNC, "build", name + ".nn"], cwd=at, check=True, env={**os.environ, "CFLAGS": "-O0"})
    run(os.path.join(at, name), at=at)
    header = run(os.path.join(at, name), "predict", at=at, stdin="1\n").stdout.splitlines()[0]
    check(header == "class," + ",".join("p_" + c for c in ORDER), f"the order of classes that are {name}", header)

# ---- classes that a loss has no use for
hinge = os.path.join(at, "hinge")
signs = build("signs", "2] softmax", "hinge")
write(at, "d.csv", "a,b,kind\n1,2,red\n2,1,blue\n")
refused(signs, "words", "classes are told by 0 and 1, and 0 is no target for 'hinge', which takes -1 or 1")

# ---- autoencoders: the scaled inputs, of the samples for training
auto = build("auto", "2] sigmoid", "mse", 'file = "d.csv"\ntarget = inputs\nscale = standard')
write(at, "d.csv", "a,b\n1,5\n2,7\n3,6\n")
refused(auto, "beyond the output", "d.csv:2: error: a, -1.22474 when it is scaled, is out of reach of the output 'y' (sigmoid)",
        "hint: scale = minmax in data")
small = build("small", "2] sigmoid", "binary_cross_entropy", 'file = "d.csv"\ntarget = inputs\nscale = minmax\nsplit = ordered(0.6)')
write(at, "d.csv", "a,b\n1,5\n2,7\n3,6\n9,9\n0,0\n")
taken(small, "what is held out may go beyond the scale")
plain = build("plain", "2] sigmoid", "binary_cross_entropy", 'file = "x.npy"\ntarget = inputs')
np.save(os.path.join(at, "x.npy"), np.array([[0, 255], [17, 3]]))
refused(plain, "pixels that are not scaled", "x.npy, row 1: error: x[1], 255, is no target", "scale = minmax")
drawn = build("drawn", "2] sigmoid", "mse", 'file = "x.npy"\ntarget = inputs\nsplit = 0.5')
np.save(os.path.join(at, "x.npy"), np.array([[300 + n, 0] for n in range(1, 9)]))
lines = build("lines", "2] sigmoid", "mse", 'file = "d.csv"\ntarget = inputs\nsplit = 0.5')
write(at, "d.csv", "a,b\n" + "".join(f"{300 + n},0\n" for n in range(1, 9)))
rows = set()
for seed in range(1, 6):
    said = run(drawn, "--seed", str(seed), at=at).stderr, run(lines, "--seed", str(seed), at=at).stderr
    found = [re.match(form, text) for form, text in zip((r"x\.npy, row (\d+): error: x\[0\], (\d+), is out", r"d\.csv:(\d+): error: a, (\d+), is out"), said)]
    right = all(found) and int(found[0][2]) == 300 + int(found[0][1]) and int(found[1][2]) == 299 + int(found[1][1])
    check(right, f"split = 0.5, seed {seed}: the row of the file is named", *said)
    rows.add(found[0][1] if right else None)
check(len(rows) > 1, "which is another one with another seed", rows)
finish()
