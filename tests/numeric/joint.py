#!/usr/bin/python3
"""Joint losses at outputs that round to 0 and 1: loss and gradient are those of the formula, y - t, however sigmoid and softmax
are written and whatever copies stand between them and the loss. And what is told by equations: classes."""
import json
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, "tests")
from tap import NNC, check, finish

CC = [shutil.which("tcc")] if shutil.which("tcc") else ["cc", "-O0"]
DEFINITIONS = """
activation logistic(x) = 1 / (1 + exp(-x))
layer shares(x[*s, i]) -> y[*s, i] {
    y[*s, i] = exp(x[*s, i] - stop_gradient(max[k: i](x[*s, k]))) / sum[j: i](exp(x[*s, j] - stop_gradient(max[k: i](x[*s, k]))))
}
loss stopped(y[*s], t[*s]) = -mean[*s](t[*s] * max(-100, log(y[*s])) + (1 - t[*s]) * max(-100, log(1 - y[*s])))
"""
# Two rows of two inputs times one matrix: the logits are +-700 and 0.
HEAD = "input x[2, 2]\n dense z[2] { weight = [[700, 0], [0, -700]]; bias = zeros }\n"
C = """
#include "net.h"
#include <stdio.h>
static net model;
int main(void) {
    static const double x[4] = {1, 0, -1, 1}, t[4] = {%s};
    double g[NET_PARAMS], y[NET_OUTPUTS];
    net_init(&model, 1);
    net_predict(&model, x, y);
    printf("%%.17g\\n", net_gradient(&model, x, t, 1, g));
    for (int k = 0; k < 4; k++) printf("%%.17g\\n", g[k]);
    return 0;
}
"""
def loss_and_gradient(rest, loss, targets, unroll):
    with tempfile.TemporaryDirectory() as folder:
        with open(folder + "/net.nn", "w", encoding="utf-8") as file:
            file.write(f"{DEFINITIONS}\nnetwork net (real = f64) {{\n{HEAD}{rest}\n}}\ntrain {{ loss = {loss}; optimizer = sgd(0.1) }}\n")
        with open(folder + "/main.c", "w", encoding="utf-8") as file:
            file.write(C % ", ".join(map(str, targets)))
        done = subprocess.run([NNC, "emit", folder + "/net.nn", "-o", folder, "--unroll", unroll], capture_output=True, text=True)
        if done.returncode:
            return done.stderr
        subprocess.run([*CC, "-I" + folder, "-o", folder + "/main", folder + "/main.c", folder + "/net.c", "-lm"], check=True)
        return [float(v) for v in subprocess.run([folder + "/main"], capture_output=True, text=True, check=True).stdout.split()]


def compare(what, rest, loss, targets, wanted):
    for unroll in ("full", "none"):
        got = loss_and_gradient(rest, loss, targets, unroll)
        near = isinstance(got, list) and all(abs(a - b) <= 1e-12 * max(1, abs(b)) for a, b in zip(got, wanted))
        check(near, f"{what}, --unroll {unroll}", f"{got}\ninstead of {wanted}")


# logits 700 0 / -700 -700; d loss / d weight[o, i] = mean over elements of (y - t)[row, o] x[row, i]
SIGMOID = [(700 + 0.6931471805599453 + 700 + 0) / 4, (1 - 0 + (0 - 1) * -1) / 4, (0 - 1) / 4, (0.5 - 0.5) / 4, 0]
for name, rest in {"sigmoid": "sigmoid", "sigmoid, flatten": "sigmoid\n flatten", "sigmoid, flatten, reshape": "sigmoid\n flatten\n reshape r[1, 4]",
                   "sigmoid by hand": "logistic", "sigmoid by hand, flatten": "logistic\n flatten"}.items():
    compare(f"binary_cross_entropy after {name}", rest, "binary_cross_entropy", [0, 0.5, 1, 0], SIGMOID)
compare("a user's own bound is kept", "sigmoid\n flatten", "stopped", [0, 0.5, 1, 0],
        [(100 + 0.6931471805599453 + 100 + 0) / 4, 0, 0, 0, 0])
SOFTMAX = [(700 + 0.6931471805599453) / 2, (1 - 0) / 2 + -(0.5 - 1) / 2, (0.5 - 1) / 2, (0 - 1) / 2 + -(0.5 - 0) / 2, (0.5 - 0) / 2]
for name in ("softmax", "shares"):
    compare(f"cross_entropy after {name}", name, "cross_entropy", [0, 1, 1, 0], SOFTMAX)


def told(kind, outputs):
    """What the trainer says of a network that ends so, of samples in two classes."""
    with tempfile.TemporaryDirectory() as folder:
        with open(folder + "/net.nn", "w", encoding="utf-8") as file:
            file.write(f"{DEFINITIONS}\nnetwork net {{\n input x[2]\n dense y[{outputs}] {kind}\n}}\n"
                       "train { loss = mse; optimizer = sgd(0.1); epochs = 2 }\n"
                       "data {\n classes = [red, green]\n [1, 2] -> red\n [2, 1] -> green\n}\n")
        done = subprocess.run([NNC, "build", "net.nn"], cwd=folder, capture_output=True, text=True)
        if done.returncode:
            return done.stderr
        subprocess.run(["./net", "--quiet"], cwd=folder, check=True, capture_output=True)
        return json.loads(subprocess.run(["./net", "test", "--json"], cwd=folder, capture_output=True, text=True, check=True).stdout)


for kind, outputs in (("softmax", 2), ("shares", 2), ("logistic", 1)):
    said = told(kind, outputs)
    check(isinstance(said, dict) and said.get("classes") == ["red", "green"] and "accuracy" in said, f"the outputs of {kind} are classes", said)
finish()
