"""What random layers have drawn. Nothing gives a value in training, but the loss does: with loss = dot, the sum of y t, and a
target that is 1 in one place, it is that number of the output; and the output of such a network is a concat that ends with what the
random layers give. Drawn are the same numbers by every call until the next update."""
import math

import torch


def masks(twin, model, x):
    """{random layer: its output [n, ...] in the next training step on x}; None if there is none."""
    if not twin.randoms:
        return None
    y, found = outputs(model, x), {}
    names = next(s.sources for s in twin.net.body if getattr(s, "name", None) == (twin.net.output or twin.net.body[-1].name))
    ends = torch.tensor([math.prod(twin.shapes[name]) for name in names]).cumsum(0).tolist()
    for label, name in twin.randoms.items():
        k = names.index(twin.net.probes[name])
        found[label] = y[:, ends[k] - math.prod(twin.shapes[name]):ends[k]].reshape(len(x), *twin.shapes[name])
    return found


def outputs(model, x):
    """The whole output in training."""
    n, y = len(x), torch.zeros(len(x), model.outputs)
    t = torch.zeros(n, model.outputs)
    for sample in range(n):
        for k in range(model.outputs):
            t[sample, k] = n
            y[sample, k] = model.gradient(x, t)[0]
            t[sample, k] = 0
    return y
