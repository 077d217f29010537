#!/usr/bin/python3
"""With batch 1, large weights of the caller's numbers are read and written once for a block of samples (compiler/plan_ahead.c): many
samples in one call, whole blocks and a rest, against the same samples one call each, which are worked out step by step. And where that
would not be the same mathematics, nothing is looked ahead. Nothing is drawn but numbers: the networks stand in a table.

    tests/numeric/ahead.py [SEED]"""
import ctypes
import re
import sys
import tempfile

import numpy as np

sys.path.insert(0, "tests")
from emitted import Net
from tap import check_each, finish, Failed, take_seed
from vectors import runnable

TOLERANCE = {"f64": 1e-12, "f32": 1e-5}  # of the largest parameter
SEED = take_seed(*sys.argv[1:2])
CALLS = [8, 3, 21, 1, 16, 40]            # samples in each call

HEAVY = "optimizer decaying(w, g; rate = 0.1) { w <- w - rate / sqrt(step) * g }\n"
DENSE = "input x[120]\ndense h[75] relu\ndense y[5] softmax"

# What it is, the network, how it is trained, of how many weights is looked ahead, definitions.
NETWORKS = [
    ("layers of odd widths", DENSE, "cross_entropy; optimizer = sgd(rate = 0.1)", 1),
    ("a rate of each step", DENSE, "cross_entropy; optimizer = decaying", 1, HEAVY),
    ("a rate of each epoch", DENSE, "cross_entropy; optimizer = sgd(rate = cosine(0.1))", 1),
    ("clipping by the norm", DENSE, "cross_entropy; optimizer = sgd(rate = 0.1); clip = norm(0.1)", 1),
    ("draws", "input x[120]\ndense h[75] relu\ndropout(0.3)\ndense y[5] softmax", "cross_entropy; optimizer = sgd(rate = 0.03)", 1),
    ("an image", "input x[3, 8, 13]\nflatten\ndense h[40] tanh\ndense y[3]", "mse; optimizer = sgd(rate = 0.01)", 1),
    ("one output", "input x[9000]\ndense y[1]", "mse; optimizer = sgd(rate = 1e-4)", 1),
    ("rows of 2 KB", "input x[60]\ndense h[512] relu\ndense y[5] softmax", "cross_entropy; optimizer = sgd(rate = 0.1)", 1),
    ("two inputs", "input a[100]\ninput b[90]\ndense p[90] relu from a\ndense q[100] tanh from b\nconcat from p, q\ndense y[4] softmax",
     "cross_entropy; optimizer = sgd(rate = 0.05)", 2),
    ("two layers of one input", "input x[100]\ndense p[90] relu from x\ndense q[90] tanh from x\nadd from p, q\ndense y[4] softmax",
     "cross_entropy; optimizer = sgd(rate = 0.05)", 2),
    ("a weight that is bound", "input x[100]\ndense h[100] tanh\ndense g[100] tanh { weight = tied(h.weight) }\ndense y[4] softmax",
     "cross_entropy; optimizer = sgd(rate = 0.05)", 0),
    ("a weight that is frozen", "input x[100]\ndense h[100] tanh { frozen = yes }\ndense y[4] softmax", "cross_entropy; optimizer = sgd(rate = 0.05)", 0),
    ("a penalty", "input x[100]\ndense h[100] tanh { l2 = 1e-3 }\ndense y[4] softmax", "cross_entropy; optimizer = sgd(rate = 0.05)", 0),
    ("momentum", DENSE, "cross_entropy; optimizer = sgd(rate = 0.05, momentum = 0.9)", 0),
    ("weight decay", DENSE, "cross_entropy; optimizer = sgd(rate = 0.05, weight_decay = 0.01)", 0),
    ("clipping by value", DENSE, "cross_entropy; optimizer = sgd(rate = 0.1); clip = value(0.01)", 0),
    ("a convolution", "input x[3, 12, 12]\nconv2d(kernel = 8) c[48] relu\nflatten\ndense y[4] softmax", "cross_entropy; optimizer = sgd(rate = 0.01)", 0),
    ("a series", "input x[6, 100]\ndense h[100] tanh\nflatten\ndense y[4] softmax", "cross_entropy; optimizer = sgd(rate = 0.05)", 0),
    ("indices", "input ids[4]: index(500)\nembedding e[20]\nflatten\ndense y[4] softmax", "cross_entropy; optimizer = sgd(rate = 0.05)", 0),
    ("a small weight", "input x[50]\ndense h[50] relu\ndense y[5] softmax", "cross_entropy; optimizer = sgd(rate = 0.1)", 0),
    ("batches", DENSE, "cross_entropy; optimizer = sgd(rate = 0.1); batch = 2", 0),
]
EVERYWHERE = ["layers of odd widths", "two inputs"]  # for all kinds of machines


def draw(net, text, samples):
    r = np.random.default_rng(SEED)
    below = re.search(r"index\((\d+)\)", text)
    x = r.integers(int(below[1]), size=(samples, net.size["INPUTS"])) if below else r.normal(size=(samples, net.size["INPUTS"]))
    t = np.eye(net.size["OUTPUTS"])[r.integers(net.size["OUTPUTS"], size=samples)]
    return np.ascontiguousarray(x, net.real), np.ascontiguousarray(t, net.real)


def train(net, x, t, calls):
    """The sum of losses."""
    at, losses = 0, 0
    for n in calls:
        losses += n * net.call("train", x[at:at + n], t[at:at + n], ctypes.c_size_t(n))
        at += n
    return losses


def differ(what, a, b, most):
    difference = np.max(np.abs(a - b)) / np.max(np.abs(b))
    if not difference <= most:
        raise Failed(f"{what} differ by {difference:.3g}")


def blocks(folder, text, target, real, ahead):
    together, single = (Net(f"{folder}/{k}", text, target, real=real) for k in ("together", "single"))
    with open(f"{folder}/together/net.h", encoding="utf-8") as file:
        found = len(re.findall(r"_products\w*\[(8|16)\]\[\1\];", file.read()))
    if found != ahead:
        raise Failed(f"of {found} weights is looked ahead, not of {ahead}")
    x, t = draw(single, text, sum(CALLS))
    losses = [train(net, x, t, calls) for net, calls in ((together, CALLS), (single, [1] * sum(CALLS)))]
    if single.size["BATCH"] == 1:
        differ("losses", *losses, TOLERANCE[real])
        differ("parameters", together.params(), single.params(), TOLERANCE[real])


def diverges(folder, text):
    """What grows without bound does so either way."""
    together, single = (Net(f"{folder}/{k}", text, runnable()[0], real="f32") for k in ("together", "single"))
    x, t = draw(single, text, 64)
    ends = [np.isfinite(train(net, x, t, calls)) for net, calls in ((together, [64]), (single, [1] * 64))]
    if any(ends) or np.all(np.isfinite(together.params())):
        raise Failed("infinite numbers are not seen")


def main():
    jobs = []
    for what, network, loss, ahead, *definitions in NETWORKS:
        text = f"{''.join(definitions)}network net {{\n{network}\n}}\ntrain {{ loss = {loss} }}\n"
        every = what in EVERYWHERE
        forms = [(target, "f64") for target in runnable()[:None if every else 1]] if ahead else [("sse2", "f32")]
        forms += [(runnable()[-1], "f32")] if ahead else []
        jobs += [(f"{what}, {target}, {real}", blocks, text, target, real, ahead) for target, real in forms]
    jobs.append(("a training that diverges", diverges, "network net {\ninput x[9000]\ndense y[1]\n}\ntrain { loss = mse; optimizer = sgd(rate = 1) }\n"))
    check_each(jobs, 2)


main()
finish()
