#!/usr/bin/python3
"""100 random small networks of the user's own layers, activations, losses and optimizers, which no other library has, in f64: the
gradient by every parameter against central differences, and every step of the optimizer against the same formula in numpy.
usage: own.py [NETS [SEED]]   a fresh seed is printed.

Varied: one to three layers, each of a kind below with its own formulas, extents, windows and strides; the input's rank, 1 or 2; the
activation, the loss, the optimizer; loops, straight-line code, --exact, two lanes. Not varied: sizes beyond 5 in any direction, batches
other than 5, images, f32, wider vectors."""
import os
import random
import sys
import tempfile

sys.path.insert(0, "tests")
from with_torch import torch

import numpy

from compiled import CompileError, Compiled
from constructs import target
from formulas import formula, number
from spec import Form
from tap import check, finish, take_seed

FORMS = [Form(), Form(unroll="full"), Form(unroll="auto"), Form(exact=True),
         Form(target=target("sse2"), compiler="gcc -O1")]   # two lanes, as widths are small
GRADIENT, STEP, LARGE, STEPS = 1e-6, 1e-11, 1e4, 3
SAMPLES = 5


# ---- layers: (text of the definition, how it is called, the shape it gives) for an input of this shape; f: formulas

class Layers:
    def __init__(self, r):
        self.r, self.count, self.definitions = r, 0, []

    def f(self, *names, depth=2):
        return formula(self.r, list(names), depth)[0]

    def define(self, header, lines, sizes="", options=""):
        self.count += 1
        name = f"own{self.count}"
        self.definitions.append("\n".join([f"layer {name}{header} {{", *("    " + line for line in lines), "}"]))
        return f"{name}{options} v{self.count}{sizes}"

    def product(self, shape):
        n = self.r.randint(1, 4)
        inner = self.f("x[*s, i]", depth=1)
        return self.define("(x[*s, i]) -> z[*s, o]", ["param w[o, i] = glorot_uniform", "param b[o] = zeros",
                           f"a[*s, o] = sum[i](w[o, i] * {inner}) + b[o]", f"z[*s, o] = {self.f('a[*s, o]', 'w[o, 0]')}"], f"[{n}]"), [*shape[:-1], n]

    def pairs(self, shape):
        n = self.r.randint(1, 3)
        return self.define("(x[*s, i]) -> z[*s, o]", ["param w[o, i, j: i] = normal(0, 0.5)",
                           f"z[*s, o] = sum[i, j](w[o, i, j] * {self.f('x[*s, i]', 'x[*s, j]')})"], f"[{n}]"), [*shape[:-1], n]

    def window(self, shape):
        kernel, stride, edge = self.r.randint(2, 3), self.r.randint(1, 2), self.r.randint(0, 1)
        n = (shape[-1] + 2 * edge - kernel) // stride + 1
        reduction = self.r.choice(["sum", "mean", "max", "min"])
        read = f"pad(x[*s, p*{stride} + k - {edge}], {number(self.r)})"
        return self.define("(x[*s, n]) -> z[*s, m]", [f"where m = (n + {2 * edge} - {kernel}) / {stride} + 1", f"param w[{kernel}] = uniform(-1, 1)",
                           f"z[*s, p] = {reduction}[k: {kernel}]({self.f(read, 'w[k]')})"]), [*shape[:-1], n]

    def stamp(self, shape):
        kernel, stride = self.r.randint(1, 3), self.r.randint(1, 3)
        m = (shape[-1] - 1) * stride + kernel
        return self.define("(x[*s, n]) -> z[*s, m]", [f"where m = (n - 1) * {stride} + {kernel}", f"param w[{kernel}] = uniform(-1, 1)",
                           f"z[*s, i*{stride} + k] += {self.f('x[*s, i]', 'w[k]')}"]), [*shape[:-1], m]

    def summed(self, shape):
        """Two equations for one value."""
        return self.define("(x[*s, i]) -> z[*s, i]", ["param w[i] = uniform(-1, 1)", f"z[*s, i] += tanh({self.f('x[*s, i]', 'w[i]', depth=1)})",
                           f"z[*s, i] += {self.r.choice(['exp', 'sin', 'sigmoid'])}({self.f('x[*s, i]', depth=0)} * w[i])"]), shape

    def normal(self, shape):
        return self.define("(x[*s, i]) -> z[*s, i]", ["param gain[i] = ones", f"q[*s] = sum[j: i]({self.f('x[*s, j]', depth=1)}^2)",
                           f"z[*s, i] = gain[i] * {self.f('x[*s, i]')} / sqrt(q[*s] + {number(self.r)})"]), shape

    def moved(self, shape):
        size = shape[-1]
        a, b = self.r.sample([f"{size} - 1 - i", "i", *(["i / 2", "i % 2", f"i / 2 + {size // 2}"] if size % 2 == 0 else [])], 2)
        return self.define("(x[*s, n]) -> z[*s, n]", ["param w[n] = uniform(0.5, 1.5)",
                           f"z[*s, i] = {self.f(f'x[*s, {a}]', f'x[*s, {b}]', 'w[i]')}"]), shape

    def factors(self, shape):
        return self.define("(x[*s, i]) -> z[*s, o]", ["param w[o, i] = uniform(-0.5, 0.5)",
                           f"z[*s, o] = prod[i](1 + {self.f('w[o, i]', 'x[*s, i]', depth=1)} / 4)"], "[2]"), [*shape[:-1], 2]

    def positions(self, shape):
        return self.define("(x[*s, i]) -> z[*s, i]", ["param w[i] = uniform(-1, 1)", "param c[1] = 0.7",
                           f"z[*s, i] = if i % 2 == 0 then {self.f('x[*s, i]', 'w[i]')} else {self.f('x[*s, i]', 'c[0]')} + i / size(i)"]), shape

    def of_batch(self, shape):
        return self.define("(x[*s]) -> z[*s]", ["param gain[*s] = ones", f"m[*s] = mean[batch]({self.f('x[*s]', depth=1)})",
                           f"z[*s] = {self.f('x[*s]', 'm[*s]', 'gain[*s]')}"]), shape

    def of_batch_and_row(self, shape):
        return self.define("(x[*s, n]) -> z[*s, n]", ["param gain[n] = ones", f"m[*s] = mean[i: {shape[-1]}, batch]({self.f('x[*s, i]', depth=1)})",
                           f"z[*s, i] = {self.f('x[*s, i]', 'm[*s]', 'gain[i]')}"]), shape

    def added_up(self, shape):
        """Running sums along the first index, of which each is a result; forwards and backwards."""
        step = self.r.choice(["- 1", "+ 1"])
        return self.define("(x[t, i]) -> z[t, i]", ["param w[i] = uniform(0.5, 1.5)", f"h[t, i] = pad(h[t {step}, i], 0) + {self.f('x[t, i]', 'w[i]')}",
                           f"g[t, i] = pad(g[t {step}, i], {number(self.r)}) - h[t, i]", "z[t, i] = g[t, i] * h[t, i]"]), shape

    def recurrence(self, shape):
        step, n = self.r.choice(["t - 1", "t + 1", "t - 2"]), self.r.randint(1, 3)
        return self.define("(x[t, i]) -> h[t, o]", ["param w[o, i] = glorot_uniform", "param u[o, k: o] = orthogonal",
                           f"a[t, o] = sum[k](u[o, k] * pad(h[{step}, k], 0))",
                           f"h[t, o] = tanh({self.f('a[t, o]', 'sum[i](w[o, i] * x[t, i])', depth=1)})"], f"[{n}]"), [shape[0], n]

    def mixing(self, shape):
        return self.define("(x[t, d]) -> z[t, d]", ["param w[d] = uniform(0.5, 1.5)", f"s[t, u: t] = sum[d](w[d] * {self.f('x[t, d]', 'x[u, d]', depth=1)})",
                           "softmax p from s", f"z[t, d] = sum[u: t](p[t, u] * {self.f('x[u, d]', depth=1)})"]), shape

    def made_of_layers(self, shape):
        return self.define("(x[*s, i]) -> y[*s, i]", [f"dense a[{shape[-1]}] tanh from x", f"dense b[{shape[-1]}]",
                           f"y[*s, i] = {self.f('x[*s, i]', 'b[*s, i]')}"]), shape


ANY = ["product", "pairs", "window", "stamp", "summed", "normal", "moved", "factors", "positions", "of_batch", "of_batch_and_row", "made_of_layers"]
ROWS = ["recurrence", "mixing", "added_up"]


# ---- optimizers

def optimizer(r):
    """(text, numpy's step: (w, g, states, step) -> w). States are changed. No jumps: a gradient that is 0 but for rounding
    would decide."""
    d, pace, second = formula(r, ["g", "w"], 1, False), formula(r, ["d"], 1, False), formula(r, ["d"], 2, False)
    move = formula(r, ["m", "v", "d"], 2, False)
    a, b, rate = round(r.uniform(0.3, 0.95), 2), round(r.uniform(0.3, 0.95), 2), round(r.uniform(0.01, 0.1), 3)
    early = r.randint(0, 2)
    text = f"""optimizer walk(w, g; rate = {rate}) {{
    state m = 0
    state v = 0.5
    d = {d[0]}
    m <- {a} * m + (1 - {a}) * {pace[0]}
    v <- {b} * v + (1 - {b}) * {second[0]}
    u = if step <= {early} then d else {move[0]} / (1 - {a}^step)
    w <- w - rate * u
}}"""

    def step(w, g, states, k):
        env = {"g": g, "w": w}
        env["d"] = d[1](env)
        states["m"] = a * states["m"] + (1 - a) * pace[1](env)
        states["v"] = b * states["v"] + (1 - b) * second[1](env)
        env.update(states)
        return w - rate * (env["d"] if k <= early else move[1](env) / (1 - a**k))
    return text, step


# ---- a network

class Drawn:
    def __init__(self, seed, k, again):
        r = random.Random(f"{seed} {k} {again}")
        layers = Layers(r)
        shape = [r.randint(2, 5)] if r.random() < 0.5 else [r.randint(2, 4), r.randint(2, 4)]
        body, kinds = [f"input x[{', '.join(map(str, shape))}]"], [self.kind(r, shape, k)]
        kinds += [None] * r.randint(0, 2)
        self.kinds = []
        for kind in kinds:
            kind = kind or self.kind(r, shape, r.randrange(100))
            self.kinds.append(kind)
            line, shape = getattr(layers, kind)(shape)
            body.append(line + (" bent(lean = 0.4)" if r.random() < 0.4 else ""))
        body.append(f"dense y[{r.randint(1, 3)}] {r.choice(['', 'tanh', 'bent'])}")
        bent = formula(r, ["x", "lean"], 2)[0]
        loss = formula(r, ["y[*s]", "t[*s]", "y[*s]"], 2)[0]
        walk, self.step = optimizer(r)
        self.form = FORMS[k % len(FORMS)]
        self.text = "\n".join([*layers.definitions, f"activation bent(x; lean = 0.7) = {bent}",
                               f"loss missed(y[*s], t[*s]) = {r.choice(['mean', 'sum'])}[*s]({loss})", walk, "network net (real = f64) {",
                               *("    " + line for line in body), "}", "train { loss = missed; optimizer = walk; batch = 5 }", ""])

    @staticmethod
    def kind(r, shape, k):
        kinds = ANY + (ROWS if len(shape) == 2 else [])
        return kinds[k % len(kinds)] if shape[-1] > 2 else "product"


# ---- what is compared

def differences(model, x, t):
    """What the gradient misses by central differences, [(name, how)]; None: nothing can be compared."""
    params = {k: v.clone() for k, v in model.take("params").items()}
    loss, gradient = model.gradient(x, t)
    gradient = {k: v.clone() for k, v in gradient.items()}
    largest = max(v.abs().max().item() for v in gradient.values())
    if not 1e-6 < largest < LARGE or not abs(loss) < LARGE:
        return None
    scale = 1e-2 * largest + 1e-6 * abs(loss)

    def at(name, k, value):
        moved = {**params, name: params[name].clone()}
        moved[name].view(-1)[k] = value
        model.put("params", moved)
        return model.gradient(x, t)[0]

    def central(name, k, h):
        v = params[name].view(-1)[k].item()
        return (at(name, k, v + h) - at(name, k, v - h)) / (2 * h)

    def miss(name, k):
        """The least of several: a step may straddle a kink, and what curves needs a small one."""
        got = gradient[name].reshape(-1)[k].item()
        for h in (1e-5, 1e-3, 1e-7):
            d = central(name, k, h) if h != 1e-3 else (4 * central(name, k, h / 2) - central(name, k, h)) / 3
            found = abs(d - got) / max(abs(d), scale)
            if found <= GRADIENT:
                return None
        return f"{name}[{k}]: {got:.10g}, by differences {d:.10g}"
    found = [miss(name, k) for name, v in gradient.items() for k in range(v.numel())]
    model.put("params", params)
    return [("gradient", how) for how in found if how]


def steps(model, drawn, x, t):
    """What the optimizer's steps miss by numpy's, until the numbers grow beyond all bounds."""
    params = {k: v.numpy().copy() for k, v in model.take("params").items()}
    states = {k: {"m": numpy.zeros_like(v), "v": numpy.full_like(v, 0.5)} for k, v in params.items()}
    found = []
    for k in range(1, STEPS + 1):
        gradient = {name: v.numpy().copy() for name, v in model.gradient(x, t)[1].items()}
        if not all((numpy.abs(v) < LARGE).all() for v in gradient.values()):
            break
        model.train(x, t)
        ours = model.take("params")
        for name in params:
            params[name] = drawn.step(params[name], gradient[name], states[name], k)
            far = numpy.abs(ours[name].numpy() - params[name]).max()
            if not far <= STEP * (1 + numpy.abs(params[name]).max()):
                found.append((f"step {k}", f"{name} differs by {far:.3g}"))
            params[name] = ours[name].numpy().copy()
    return found


def compare(drawn, seed):
    """[(what, how)]; None: it is to be drawn again."""
    g = torch.Generator().manual_seed(seed)
    with tempfile.TemporaryDirectory() as folder:
        try:
            model = Compiled(folder, drawn.text, drawn.form)
        except CompileError as error:
            return [("compiling", str(error))]
        model.restart(seed)
        model.put("params", {k: v + 0.2 * torch.rand(v.shape, generator=g) - 0.1 for k, v in model.take("params").items()})
        x, t = torch.randn(SAMPLES, model.inputs, generator=g), torch.rand(SAMPLES, model.outputs, generator=g)
        found = differences(model, x, t)
        return None if found is None else found + steps(model, drawn, x, t)


def main(arguments):
    nets = int(arguments[0]) if arguments else 20 if os.environ.get("SANITIZED") else 100
    seed = take_seed(*arguments[1:2])
    kinds = {}
    for k in range(nets):
        for again in range(20):
            drawn = Drawn(seed, k, again)
            problems = compare(drawn, k + 1)
            if problems is not None:
                break
        for kind in drawn.kinds:
            kinds[kind] = kinds.get(kind, 0) + 1
        if problems is None:
            problems = [("nothing", "to compare")]
        check(not problems, f"network {k} of seed {seed}, {', '.join(drawn.kinds)}", *(": ".join(p) for p in problems[:6]), drawn.text)
    print("# " + ", ".join(f"{kind} {n}" for kind, n in sorted(kinds.items())))


main(sys.argv[1:])
finish()
