#!/usr/bin/python3
"""Code in vectors, of every kind that this machine can run, against plain loops: loss, gradient, states, parameters after steps of
training, prediction and the loss of prediction, in shapes that fill no tile (widths, channels, batches of any size; the last batch
smaller). In doubles, so that what differs by more than rounding is a fault.

Varied: the kind of network (dense, convolutions and pools, sequences; small ones as straight-line code), widths of 3 to 40, images of 6 to
12, sequences of 3 to 9, batches of 1 to 33, four optimizers, three losses, the kind of machine. Not varied: f32; values beyond the first
cache, which are among the given networks only. tests/sizes varies these.

    tests/numeric/plans.py [NETS [SEED]]"""
import concurrent.futures
import ctypes
import os
import random
import sys
import tempfile

import numpy as np

sys.path.insert(0, "tests")
from emitted import Net
from tap import Failed, check, finish, take_seed
from vectors import runnable

TOLERANCE = 1e-11  # of a tensor's largest number
AFTER_STEPS = 1e-9  # optimizers divide by what may be rounding alone
SIZES = [3, 4, 5, 7, 8, 9, 10, 12, 15, 16, 17, 20, 31, 32, 33, 40]

# Channels that lie 8192 bytes apart, which are moved apart by a row.
LAYERS = """network net {
input x[3, 8, 8]
conv2d(kernel = 3, padding = 1) c1[8] relu
conv2d(kernel = 3, padding = 1) c2[9] tanh
max_pool2d
flatten
dense y[4] softmax
}
train { loss = cross_entropy; optimizer = sgd(rate = 0.05); batch = 16 }
"""

# What flows back through the padding is asked for at every point.
PADDED = """network net {
input x[1, 3, 2]
dense h[2] tanh
avg_pool2d(padding = 1)
dense y[3] softmax
}
train { loss = cross_entropy; optimizer = sgd(rate = 0.05); batch = 9 }
"""

# Rows of more than 2 KB, which are stored in panels, the last of them not full.
WIDE = """network net {
input x[9]
dense h[530] tanh
dense g[515] relu
dense y[4] softmax
}
train { loss = cross_entropy; optimizer = adam(rate = 0.001); batch = 10 }
"""

WIDE_STEPS = """network net {
input x[3, 5]
gru m[260]
dense y[4] softmax
}
train { loss = cross_entropy; optimizer = sgd(rate = 0.01, momentum = 0.9); batch = 5 }
"""
# Small ones: sums of which nothing is left at the first step.
STEPS = """network net {{
input x[3, 2]
simple_rnn m[4]
dense y[2] softmax
}}
train {{ loss = cross_entropy; optimizer = sgd(rate = 0.05, momentum = 0.9); batch = {batch} }}
"""

# Samples are lanes, of which some are missing: no factor of what flows back may bring them in.
MISSING = """activation bell(x) = 1 / (1 + x^2)
loss strange(y[*s], t[*s]) = mean[*s]((y[*s] - t[*s])^2 / (0.5 + t[*s]^2)) + sum[*s](if y[*s] > t[*s] then y[*s] else 0)
network net {
input x[3]
dense h[6] bell
dense y[2] tanh
}
train { loss = strange; optimizer = sgd(rate = 0.05); batch = 16 }
"""
SMALL = [STEPS.format(batch=1), STEPS.format(batch=5), MISSING]

# Gradients of which parts are set apart, in loops from 0 on each, some of them in panels that the parts begin within.
PARTS = """layer parts(x[n]) -> y[m] {
    where m = 3 * n
    y[i] = pad(x[i], 0) * 2 + tanh(pad(x[i - n], 0)) + sin(pad(x[i - 2 * n], 0))^2
}
network net {
input x[9]
dense h[130] tanh
parts
dense g[36] sigmoid
parts
dense y[4] softmax
}
train { loss = cross_entropy; optimizer = sgd(rate = 0.05); batch = 10 }
"""

# A weight in panels, of which windows read at 3 p + k.
PANELS = """network net {
input x[2, 256]
dense h[260]
max_pool1d(3, 3)
dense y[3] softmax
}
train { loss = cross_entropy; optimizer = sgd(rate = 0.05); batch = 24 }
"""

# What flows back through windows that lie apart and are padded: places of some of them are outside of the value.
OUTSIDE = """network net {
input x[20, 17]
dense h[17] tanh
conv1d(2, 2, 1) c[24] sigmoid
dense d[9]
conv1d(kernel = 2, stride = 3, padding = 1) e[18]
dense y[2]
}
train { loss = squared_error; optimizer = sgd(rate = 0.0005); batch = 5 }
"""

# Positions of the largest of a batch, whose lanes lie apart as steps of a recurrence do.
APART = """layer spread(x[*s]) -> y[*s] {
    d[*s] = max[batch](x[*s]) - min[batch](x[*s])
    y[*s] = x[*s] / (1 + d[*s])
}
network net {
input d[5, 6]
simple_rnn r[2] relu
spread
softmax
}
train { loss = cross_entropy(label_smoothing = 0.5); optimizer = sgd(rate = 0.01); batch = 2 }
"""

# What averages are taken over is joined from two values: the gradient of the first is half of that.
JOINED = """network net {
input x[4, 19]
dense a[19] tanh
max_pool1d(4, 2) m from a
dense d[8] from m
concat(1) j from m, d
avg_pool1d(window = 4)
dense y[3]
}
train { loss = squared_error; optimizer = sgd(rate = 0.05); batch = 33 }
"""

# Values of a recurrence, stored step by step; two steps back, padded with what is not 0, of parts of other values.
BACK = """layer back(x[t, i]) -> h[t, j] {
    param w[2*j, i] = uniform(-0.4, 0.4)
    param u[2*j, j] = uniform(-0.4, 0.4)
    a[t, g: 2*j] = sum[k](w[g, k] * x[t, k]) + sum[k](u[g, k] * pad(h[t - 1, k], 0.3))
    h[t, j] = tanh(a[t, j]) * sigmoid(a[t, j + size(j)]) + 0.5 * pad(h[t - 2, j], 0.1)
}
network net {
input x[6, 7]
back b[16]
lstm m[24]
dense y[4] softmax
}
train { loss = cross_entropy; optimizer = sgd(rate = 0.05, momentum = 0.9); batch = 9 }
"""

# What flows back through a maximum, summed window by window: of windows of any size, also where they do not fill the image or overlap;
# of a minimum. The last
# are large, and worked out window by window.
WINDOWS = """layer min_pool(x[c, h, w]) -> y[c, oh, ow] {{
    where oh = h / 2
    where ow = w / 3
    y[c, py, px] = min[ky: 2, kx: 3](x[c, 2*py + ky, 3*px + kx])
}}
network net {{
input x[{channels}, {size}, {size}]
conv2d(kernel = {kernel}) c1[{width}] {activation}
{pool}
flatten
dense y[4] softmax
}}
train {{ loss = cross_entropy; optimizer = sgd(rate = 0.05); batch = {batch} }}
"""
POOLED = [WINDOWS.format(channels=c, size=size, kernel=kernel, width=width, activation=activation, pool=pool, batch=batch)
          for c, size, kernel, width, activation, pool, batch in [
              (1, 12, 5, 4, "relu", "max_pool2d", 16), (1, 13, 4, 3, "tanh", "max_pool2d", 9), (2, 10, 2, 8, "relu", "max_pool2d(window = 3)", 16),
              (1, 11, 4, 5, "sigmoid", "max_pool2d(window = 3, stride = 2)", 16), (1, 16, 5, 4, "tanh", "min_pool", 33),
              (1, 24, 3, 8, "relu", "max_pool2d", 33), (2, 24, 3, 3, "sigmoid", "max_pool2d", 16),
              (1, 26, 3, 16, "relu", "max_pool2d", 4), (3, 40, 3, 12, "tanh", "max_pool2d", 2), (1, 34, 3, 9, "sigmoid", "min_pool", 1)]]

# Sums with lanes of their own, of which several are added up together, of what another statement of the nest works out.
SHIFTED = """layer shifted(x[t, i]) -> y[t] {
    param b[t] = uniform(-1, 1)
    s[t] = exp(b[t])
    y[t] = sum[i](max(0, x[t, i] - s[t]))
}
network net {
input x[16, 128]
shifted
dense y[4] softmax
}
train { loss = cross_entropy; optimizer = sgd(rate = 0.01); batch = 3 }
"""

# One nest with sums in parts and sums whose terms are the lanes.
MIXED = """network net {
input x[64, 64]
attention a
s = a + x
layer_norm n from s
dense y[64] from n
}
train { loss = mse; optimizer = sgd(rate = 0.01); batch = 1 }
"""

# Without samples to be lanes; channels last, and sums over channels in parts.
ONE = LAYERS.replace("batch = 16", "batch = 1")
GIVEN = [*POOLED, LAYERS, PADDED, WIDE, WIDE_STEPS, *SMALL, PARTS, PANELS, OUTSIDE, APART, JOINED, BACK, SHIFTED, MIXED, ONE]


def dense(r):
    layers = [f"dense h{k}[{r.choice(SIZES)}] {r.choice(['relu', 'tanh', 'sigmoid', 'gelu'])}" for k in range(r.randint(1, 3))]
    return f"input x[{r.choice(SIZES)}]", layers


def conv(r):
    c, size, kernel = r.choice([1, 2, 3, 8]), r.randint(6, 12), r.randint(1, 4)
    layers = [f"conv2d(kernel = {kernel}, padding = {r.randint(0, kernel - 1)}, stride = {r.randint(1, 2)}) c1[{r.choice(SIZES)}] relu"]
    if r.random() < 0.7:
        layers.append(r.choice(["max_pool2d", "avg_pool2d"]))
    if r.random() < 0.6:
        layers.append(f"conv2d(kernel = 2, padding = 1) c2[{r.choice(SIZES)}] tanh")
    return f"input x[{c}, {size}, {size}]", layers + [r.choice(["flatten", "batch_norm\nflatten"])]


def sequence(r):
    steps, width = r.randint(3, 9), r.choice([4, 8, 12, 16])
    middle = r.choice([f"gru m[{r.choice(SIZES)}]", f"lstm m[{r.choice(SIZES)}]", f"simple_rnn m[{r.choice(SIZES)}]",
                       "attention(heads = 2)", f"dense m[{width}] gelu\nlayer_norm", f"conv1d(kernel = 2) m[{r.choice(SIZES)}] relu"])
    layers = [f"dense e[{width}]", middle]
    return f"input x[{steps}, {r.choice(SIZES)}]", layers + r.choice([["flatten"], []])   # or an output for each step


def small(r):
    """Few enough multiply-adds to be straight-line code, whose variables may be vectors."""
    size, out = r.choice([1, 2, 3, 4, 5, 9, 16, 17]), r.choice([1, 2, 3, 4, 5, 9])
    some = lambda: r.choice(["relu", "tanh", "sigmoid", "gelu", "elu", "softplus", "linear"])
    return r.choice([
        (f"input x[{size}]", [f"dense h[{out}] {some()}", f"dense g[{r.choice([2, 3, 8, 16])}] {some()}"]),
        (f"input x[{r.randint(1, 5)}]", [f"dense h[{r.choice([3, 8, 15, 16, 20])}] {some()}", r.choice(["layer_norm", "batch_norm"])]),
        (f"input x[{r.randint(2, 4)}, {r.randint(1, 3)}]", [f"{r.choice(['simple_rnn', 'gru'])} m[{r.choice([2, 3, 4])}]"]),
        (f"input x[{r.randint(1, 2)}, {r.randint(6, 9)}]", [f"conv1d(kernel = 3, padding = 1) c[{r.choice([2, 3, 4])}] {some()}", "flatten"]),
    ])


def network(number, seed):
    """Large ones and small ones in turn."""
    if number < len(GIVEN):
        return GIVEN[number]
    r = random.Random(f"{seed} {number}")
    head, layers = small(r) if number % 2 else r.choice([dense, dense, conv, sequence])(r)
    middle = "\n".join(layers)
    if r.random() < 0.3:
        middle += "\ndropout(0.3)"
    loss, last = r.choice([("cross_entropy", "softmax"), ("mse", "linear"), ("binary_cross_entropy", "sigmoid")])
    optimizer = r.choice(["sgd(rate = 0.05)", "sgd(rate = 0.05, momentum = 0.9)", "adam(rate = 0.01)", "rmsprop(rate = 0.01)"])
    width, batch = r.choice(SIZES), r.choice([1, 2, 3, 8, 9, 16, 19, 33])
    if number % 2:
        width, batch = r.randint(1 if last == "sigmoid" else 3, 5), r.choice([1, 1, 1, 5, 16])
    return (f"network net {{\n{head}\n{middle}\ndense y[{width}] {last}\n}}\n"
            f"train {{ loss = {loss}; optimizer = {optimizer}; batch = {batch} }}\n")


def numbers(net, x, t):
    """Everything that can be asked of a network."""
    found, batch, many = {}, net.size["BATCH"], len(x)
    for n in (batch, max(1, batch - 2)):
        g = np.zeros(net.size["PARAMS"], net.real)
        found[f"loss of {n}"] = np.array([net.call("gradient", x, t, ctypes.c_size_t(n), g)])
        found[f"gradient of {n}"] = g
    for n in (batch, max(1, batch - 1), 1, many):
        found[f"loss of step on {n}"] = np.array([net.call("train", x, t, ctypes.c_size_t(n))])
    found["parameters"] = net.params()
    y = np.full(net.size["OUTPUTS"], np.nan, net.real)
    net.call("predict", x, y)
    found["prediction"] = y
    found["loss"] = np.array([net.call("loss", x, t, ctypes.c_size_t(many))])
    return found


def draw(r, size, loss):
    rows = 2 * size["BATCH"] + 1
    x = r.normal(size=(rows, size["INPUTS"]))
    t = r.uniform(size=(rows, size["OUTPUTS"]))
    if "cross_entropy" in loss:
        t = np.eye(size["OUTPUTS"])[r.integers(size["OUTPUTS"], size=rows)]
    return np.ascontiguousarray(x), np.ascontiguousarray(t)


def faults_of(number, seed, folder):
    """The faults of one network."""
    text = network(number, seed)
    plain = Net(f"{folder}/scalar", text, "scalar", "none")
    x, t = draw(np.random.default_rng(number), plain.size, text)
    want, faults = numbers(plain, x, t), []
    for target in runnable():
        unroll = "auto" if text in SMALL or (number >= len(GIVEN) and number % 2) else "none"
        got = numbers(Net(f"{folder}/{target}", text, target, unroll), x, t)
        for name, a in want.items():
            difference = np.max(np.abs(a - got[name])) / max(1e-3, np.max(np.abs(a)))
            if not difference <= (TOLERANCE if name.endswith(f"of {plain.size['BATCH']}") else AFTER_STEPS):
                faults.append(f"{target}: {name} differs by {difference:.3g}")
    return text, faults


def guarded(number, seed, folder):
    try:
        return faults_of(number, seed, folder)
    except Failed as error:
        return network(number, seed), [str(error)]


def main():
    nets = int(sys.argv[1]) if len(sys.argv) > 1 else len(GIVEN) + (13 if os.environ.get("THOROUGH") else 4)
    seed = take_seed(*sys.argv[2:3])
    chosen = range(seed % 3, nets, 3) if os.environ.get("SANITIZED") else range(nets)   # of nnc's work there is enough in a third
    print(f"# {', '.join(runnable())}")
    with tempfile.TemporaryDirectory() as top, concurrent.futures.ThreadPoolExecutor(2) as pool:
        for number, (text, faults) in zip(chosen, pool.map(lambda k: guarded(k, seed, f"{top}/{k}"), chosen)):
            check(not faults, f"network {number}: in vectors as in plain loops", *faults, text)


main()
finish()
