#!/usr/bin/python3
"""NAME_gradient on n samples is the gradient of one batch of n, whatever NAME_BATCH: n samples are taken in groups, and every
draw belongs to its sample. Only what a layer reduces over the batch is the group's own, and the header says so."""
import os
import shutil
import sys

sys.path.insert(0, "tests")
from tap import NNC, Failed, check_each, finish, must

CC = shutil.which("tcc") or "cc"
TOLERANCE = 1e-12
BATCHES = (1, 3, 16)
DEFINITIONS = """
activation shaken(x) = x * (1 + random())
layer weights_dropped(x[i]; p = 0.4) -> y[o] {
    param weight[o, i] = glorot_uniform
    m[o, i] = if training and random() < p then 0 else weight[o, i]
    y[o] = sum[i](m[o, i] * x[i])
}
layer weights_dropped_by_layer(x[i]) -> y[i] {
    param weight[i] = ones
    twice[i] = 2 * weight[i]
    dropout(0.4) m from twice
    y[i] = m[i] * x[i]
}
layer noise_of_its_own(x[i]) -> y[i] {
    y[i] = r[i] * x[i]
    r[i] = q[i] + 1
    q[i] = random()
}
layer summed(x[i]) -> y[i] {
    param weight[i] = ones
    m[i] += weight[i]
    m[i] += random()
    y[i] = m[i] * x[i]
}
layer shaken_weights(x[i]) -> y[i] {
    param weight[i] = ones
    a[i] = weight[i] + 1
    dense h[i] from x
    b[i] = shaken(weight[i])
    y[i] = h[i] * a[i] * b[i]
}
layer shifting(x[i]) -> y[i] {
    state s[i] = 0.5
    y[i] = x[i] * s[i]
    s[i] <- 0.9 * pad(s[i - 1], 1)
}
layer largest_apart(x[i]) -> y[i] {
    y[i] = x[i] - max[batch](x[i])
}
layer shared_out(x[i]) -> y[i] {
    y[i] = x[i] / size(batch)
}
"""
# layers between a dense and a dense: seen by samples alone
ALONE = {
    "plain": "",
    "l2": "dense q[3] { l2 = 0.1 }",
    "dropout": "dropout(0.5)",
    "random weights": "weights_dropped d[5]",
    "random weights by dropout": "weights_dropped_by_layer",
    "equations in any order": "noise_of_its_own",
    "several +=": "summed",
    "drawn by an activation of a weight": "shaken_weights",
    "an activation": "dense h[4] shaken",
    "a state that is no update in place": "shifting",
    "cut into functions": "\n".join(f"dense q{k}[2] tanh" for k in range(16)),
    "recurrent": "reshape r[2, 2]\ngru g[3]\nflatten",
}
TOGETHER = {"batch_norm": "batch_norm", "max[batch]": "largest_apart", "size(batch)": "shared_out"}


def run(folder, middle, batch, form, counts):
    """The numbers for each count, and the header."""
    path = os.path.join(folder, "net.nn")
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"{DEFINITIONS}\nnetwork net (real = f64) {{\n input x[3]\n dense a[4] tanh\n {middle}\n dense y[2]\n}}\n"
                   f"train {{ loss = mse; optimizer = sgd(0.1); batch = {batch} }}\n")
    must(NNC, "emit", path, "-o", folder, "--unroll", form)
    program = os.path.join(folder, "batches")
    must(CC, "-I" + folder, "-o", program, "tests/c/batches.c", os.path.join(folder, "net.c"), "-lm")
    rows = must(program, "0", *map(str, counts)).splitlines()
    with open(os.path.join(folder, "net.h"), encoding="utf-8") as file:
        header = file.read()
    return [[float(v) for v in row.split()] for row in rows], header


def agree(rows, wanted, what):
    for n, row, other in zip(what[1], rows, wanted):
        size = max(map(abs, other))
        worst = max(abs(a - b) for a, b in zip(row, other))
        if not worst <= TOLERANCE * size:
            raise Failed(f"{what[0]}, {n} samples: {worst:.3g} of {size:.3g}")


def alone(folder, middle):
    counts = sorted({n for b in BATCHES for n in (1, b, b + 1, 3 * b - 1)})
    wanted, _ = run(folder, middle, 64, "none", counts)
    for batch in BATCHES:
        for form in ("none", "full"):
            rows, header = run(folder, middle, batch, form, counts)
            agree(rows, wanted, (f"batch {batch}, --unroll {form}", counts))
            if "group" in header:
                raise Failed("the header speaks of groups, but no layer sees the batch")


def together(folder, middle):
    wanted, header = run(folder, middle, 64, "none", range(1, 9))
    if "in groups of NET_BATCH" not in header:
        raise Failed("the header does not say that a layer sees the groups")
    if "in groups of NET_BATCH" not in run(folder, middle, 1, "none", [1])[1]:
        raise Failed("the header of a network with batch 1 does not say that a layer sees the groups")
    for batch in (8, 9):
        for form in ("none", "full"):
            rows, _ = run(folder, middle, batch, form, range(1, 9))
            agree(rows, wanted, (f"batch {batch}, --unroll {form}", range(1, 9)))


def main():
    check_each([(f"{name}: the gradient of n samples is that of one batch", alone, middle) for name, middle in ALONE.items()] +
               [(f"{name}: the same up to NET_BATCH samples, and said", together, middle) for name, middle in TOGETHER.items()])


main()
finish()
