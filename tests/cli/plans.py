#!/usr/bin/python3
"""What the planner chooses for some networks, as `-d plan` prints it: straight-line code or loops, what are lanes, how large tiles are, how
values are stored. No result depends on it and every speed does, so a change is to be seen: plans.txt holds what was chosen.

    tests/cli/plans.py           compares
    tests/cli/plans.py --write   writes plans.txt anew; read the difference, and measure"""
import difflib
import os
import sys
import tempfile

sys.path.insert(0, "tests")
from tap import NNC, Failed, check, finish, must

HERE = os.path.dirname(os.path.abspath(__file__))
CLASSES = "train {{ loss = cross_entropy; optimizer = {}; batch = {} }}"
CONV = """input x[1, 28, 28]
conv2d(kernel = 5) c1[8] relu
max_pool2d
conv2d(kernel = 5, padding = 2, stride = 2) c2[16] relu
flatten
dense y[10] softmax"""
GRU = """input x[12, 8]
gru m[24]
attention(heads = 2)
flatten
dense y[5] softmax"""
DEEP = """input x[6]: index(30)
embedding e[12]
""" + "".join(f"lstm m{k}[12]\nlayer_norm\ndropout(0.2)\n" for k in range(3)) + "dense y[7] softmax"
IMAGE = """input x[3, 9, 9]
conv2d(kernel = 3, stride = 2) c1[5] tanh
batch_norm
avg_pool2d(padding = 1)
flatten
dense y[4]"""
# The weights of the first are better turned, those of the others as they are.
DEFINITIONS = """layer pairs(x[i, o]) -> z[o] {
    param w[o, i] = glorot_uniform
    z[o] = sum[i](w[o, i] * x[i, o])
}
layer rows(x[o, i]) -> z[o] {
    param w[o, i] = glorot_uniform
    z[o] = sum[i](w[o, i] * x[o, i])
}
layer looked_up(x[t]: index(n)) -> z[t] {
    param w[t, i: 6] = glorot_uniform
    param table[n, i: 6] = normal(0, 1)
    z[t] = sum[i](w[t, i] * table[x[t], i])
}
"""
PAIRS = """input x[5, 4]: index(30)
embedding e[16]
reshape r[20, 16]
dense d[20, 24]
pairs p
reshape q[4, 6]
rows"""
NETWORKS = [
    ("a little one, sample by sample", "input x[2]\ndense h[4] tanh\ndense y[1] sigmoid",
     "train { loss = binary_cross_entropy; optimizer = sgd(rate = 0.1) }", ["avx512", "scalar"]),
    ("one that is wide enough for vectors, sample by sample", "input x[4]\ndense h[16] tanh\ndense y[3] softmax", CLASSES.format("adam(rate = 0.1)", 1),
     ["avx512", "sse2"]),
    ("a little one, in batches", "input x[4]\ndense h[16] tanh\ndense y[3] softmax", CLASSES.format("sgd(rate = 0.1)", 16), ["avx512", "avx2", "sse2"]),
    ("a little one of one output, in batches", "input x[10]\ndense h[10] tanh\ndense y[1] sigmoid",
     "train { loss = binary_cross_entropy; optimizer = sgd(rate = 0.1); batch = 16 }", ["avx2"]),
    ("a little one, in large batches", "input x[10]\ndense h[10] tanh\ndense y[1]", "train { loss = mse; optimizer = sgd(rate = 0.1); batch = 250 }", ["scalar"]),
    ("no product, but many values", "input x[30000]\ny = tanh(x)", "", ["scalar"]),
    ("a wide one", "input x[784]\ndense h[128] relu\ndense g[64] relu\ndense y[10] softmax", CLASSES.format("adam(rate = 0.001)", 64), ["avx512", "avx2", "neon"]),
    ("rows of 2 KB", "input x[784]\ndense h[512] relu\ndense g[520] relu\ndense y[10] softmax", CLASSES.format("sgd(rate = 0.1)", 128), ["avx512"]),
    ("a wide one, sample by sample", "input x[28, 28]\nflatten\ndense h[128] relu\ndense y[10] softmax", CLASSES.format("sgd(rate = 0.1)", 1), ["avx512"]),
    ("a short one, sample by sample", "input x[256]\ndense h[64] relu\ndense y[10] softmax", CLASSES.format("sgd(rate = 0.1)", 1), ["avx512", "sse2"]),
    ("convolutions", CONV, CLASSES.format("sgd(rate = 0.1)", 32), ["avx512", "avx2", "scalar"]),
    ("a recurrence and attention", GRU, CLASSES.format("sgd(rate = 0.1)", 20), ["avx512", "avx2"]),
    ("a deep one, cut into functions", DEEP, CLASSES.format("rmsprop(rate = 0.1)", 6), ["scalar"]),
    ("products in pairs, and in rows", PAIRS, "train { loss = mse; optimizer = sgd(rate = 0.1); batch = 5 }", ["avx2", "scalar"]),
    ("products with what is looked up", "input x[8]: index(30)\nlooked_up z\ndense y[3]", "train { loss = mse; optimizer = sgd(rate = 0.1); batch = 5 }", ["avx2"]),
    ("strides and padding", IMAGE, "train { loss = mae; optimizer = sgd(rate = 0.1, momentum = 0.9); batch = 5; clip = norm(1) }", ["avx2", "scalar"]),
]


def plan_of(folder, network, train, target):
    with open(f"{folder}/net.nn", "w", encoding="utf-8") as file:
        file.write(f"{DEFINITIONS}network net {{\n{network}\n}}\n{train}\n")
    try:
        return must(NNC, "emit", "--target", target, "-d", "plan", "-o", folder, f"{folder}/net.nn")
    except Failed as failure:
        return str(failure)


def main():
    found, path = [], os.path.join(HERE, "plans.txt")
    with tempfile.TemporaryDirectory() as folder:
        for what, network, train, targets in NETWORKS:
            found += [(f"{what}: {target}", plan_of(folder, network, train, target)) for target in targets]
    text = "".join(f"==== {what}\n{plan}" for what, plan in found)
    if sys.argv[1:] == ["--write"]:
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return
    with open(path, encoding="utf-8") as file:
        kept = dict(part.split("\n", 1) for part in file.read().split("==== ")[1:])
    for what, plan in found:
        difference = difflib.unified_diff(kept.get(what, "").splitlines(), plan.splitlines(), "as it was", "as it is", lineterm="", n=1)
        check(plan == kept.get(what), f"the plan of {what}", "\n".join(difference))
    finish()


if __name__ == "__main__":
    main()
