#!/usr/bin/python3
"""What holds for every network, whatever its numbers: laws that need no reference.

Hidden units in another order give the same results in that order; a layer that changes nothing changes nothing; twice the loss at
half the rate is the same descent; other names give the same code with other names; the gradient of a batch is the mean of its
samples' gradients; what is frozen is a parameter that is never changed. Over unlike networks, unrolled, in loops and in vectors.
usage: laws.py [SEED]

Varied by the seed: numbers, and what the laws choose (which units, which names, which samples). Not varied: the networks, which stand in a
table and are small but for two that fill vectors, f64, batches of 8 of which one sample is missing."""
import os
import random
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, "tests")
from with_torch import torch

from compiled import CompileError, Compiled
from constructs import target
from spec import Form
from tap import NNC, check, finish, take_seed

FORMS = {"unrolled": Form(unroll="full"), "in loops": Form(), "in vectors": Form(target=target("native"), compiler="gcc -O1")}
SAMPLES, BATCH, STEPS, NEAR = 7, 8, 3, 1e-11


# ---- the networks: statements, the loss, whole-number inputs below

class Net:
    def __init__(self, body, loss, below=0, hidden=None, shape="", permute=None, twice=None, wide=False):
        self.body, self.loss, self.below = body.strip().split("\n"), loss, below
        self.hidden, self.shape = hidden, shape        # a value after which something can be inserted, and its shape
        self.permute = permute                         # {tensor's name: [(axis, order of its places)]} of a random generator
        self.twice = twice                             # the loss times 2
        self.wide = wide                               # tried in vectors, too, which take long to compile


def order(r, n):
    found = list(range(n))
    r.shuffle(found)
    return found


def blocks(places, count, size):
    """The places of `count` stacked blocks of this size, each in the same order."""
    return [k * size + p for k in range(count) for p in places]


def wide(places, size):
    """Each place stands for so many neighbours."""
    return [p * size + k for p in places for k in range(size)]


def permute_dense(r):
    p, q = order(r, 6), order(r, 5)
    return {"a.weight": [(0, p)], "a.bias": [(0, p)], "b.weight": [(1, p), (0, q)], "b.bias": [(0, q)], "y.weight": [(1, q)]}


def permute_conv(r):
    p, q = order(r, 3), order(r, 4)
    return {"c.weight": [(0, p)], "c.bias": [(0, p)], "d.weight": [(1, p), (0, q)], "d.bias": [(0, q)], "y.weight": [(1, wide(q, 4))]}


def permute_gru(r):
    p = order(r, 4)
    stacked = blocks(p, 3, 4)
    return {"g.weight_ih": [(0, stacked)], "g.weight_hh": [(0, stacked), (1, p)], "g.bias_ih": [(0, stacked)], "g.bias_hh": [(0, stacked)],
            "y.weight": [(1, p)]}


def permute_lstm(r):
    p = order(r, 3)
    stacked = blocks(p, 4, 3)
    return {"g.weight_ih": [(0, stacked)], "g.weight_hh": [(0, stacked), (1, p)], "g.bias_ih": [(0, stacked)], "g.bias_hh": [(0, stacked)],
            "y.weight": [(1, blocks(p, 4, 3))]}


def permute_attention(r):
    """Within a head queries and keys alike, values with what reads them; the heads themselves."""
    n, heads = 3, order(r, 2)
    keys, values = [order(r, n) for _ in heads], [order(r, n) for _ in heads]
    k = [h * n + i for h in heads for i in keys[h]]
    v = [h * n + i for h in heads for i in values[h]]
    rows = [*k, *(6 + i for i in k), *(12 + i for i in v)]
    return {"t.in_proj_weight": [(0, rows)], "t.in_proj_bias": [(0, rows)], "t.out_proj_weight": [(1, v)]}


CLASSES = "-2 * mean[*s](sum[i](t[*s, i] * log(y[*s, i])))"
NETS = {
    "dense": Net("input x[5]\ndense a[6] tanh\ndense b[5] relu\ndense y[3] softmax", "cross_entropy", hidden="a", shape="6",
                 permute=permute_dense, twice="loss twice(y[*s, i], t[*s, i]) = " + CLASSES),
    "wide": Net("input x[20]\ndense a[24] relu\ndense b[16] silu\ndense y[4] sigmoid", "binary_cross_entropy", hidden="b", shape="16",
                twice="loss twice(y[*s], t[*s]) = -2 * mean[*s](t[*s] * max(-100, log(y[*s])) + (1 - t[*s]) * max(-100, log(1 - y[*s])))", wide=True),
    "conv": Net("input x[2, 6, 6]\nconv2d(kernel = 3, padding = 1) c[3] relu\nconv2d(kernel = 3) d[4] tanh\nmax_pool2d p\nflatten f\n"
                "dense y[2]", "mse", hidden="c", shape="3, 6, 6", permute=permute_conv, wide=True,
                twice="loss twice(y[*s], t[*s]) = 2 * mean[*s]((y[*s] - t[*s])^2)"),
    "strided": Net("input x[1, 7, 8]\nconv2d(kernel = 3, stride = 2, padding = 1) c[3] elu\ntransposed_conv2d(kernel = 2, stride = 2) u[2]\n"
                   "avg_pool2d p\nflatten f\ndense y[2]", "huber", hidden="u", shape="2, 8, 8",
                   twice="loss twice(y[*s], t[*s]) = 2 * mean[*s](if abs(y[*s] - t[*s]) <= 1 then (y[*s] - t[*s])^2 / 2\n"
                         "    else abs(y[*s] - t[*s]) - 1 / 2)"),
    "gru": Net("input x[5, 3]\ngru g[4]\nlast l\ndense y[2]", "mse", hidden="g", shape="5, 4", permute=permute_gru, wide=True,
               twice="loss twice(y[*s], t[*s]) = 2 * mean[*s]((y[*s] - t[*s])^2)"),
    "lstm": Net("input x[4, 2]\nlstm g[3]\nflatten f\ndense y[2]", "mae", hidden="g", shape="4, 3", permute=permute_lstm,
                twice="loss twice(y[*s], t[*s]) = 2 * mean[*s](abs(y[*s] - t[*s]))"),
    "attention": Net("input x[4]: index(7)\nembedding e[6]\nattention(heads = 2, causal = yes) t\nm = t + e\nlayer_norm n\ndense y[3] softmax",
                     "cross_entropy", below=7, hidden="m", shape="4, 6", permute=permute_attention, wide=True,
                     twice="loss twice(y[*s, i], t[*s, i]) = " + CLASSES),
    "repeated": Net("input x[4]\ndense h[4] tanh\nrepeat 3 {\n    skip = above\n    dense a[4] gelu\n    b = a + skip\n}\nrms_norm n\n"
                    "dense y[2] { l2 = 0.01 }", "half_squared_error", hidden="h", shape="4",
                    twice="loss twice(y[*s], t[*s]) = sum[*s]((y[*s] - t[*s])^2)"),
}


def text(net, body=None, loss=None, optimizer="adam(rate = 0.05, epsilon = 0.01)", definitions=""):
    return "\n".join([definitions, "network net (real = f64) {", *("    " + line for line in body or net.body), "}",
                      f"train {{ loss = {loss or net.loss}; optimizer = {optimizer}; batch = {BATCH} }}", ""])


# ---- what a compiled network gives

class Bench:
    """Compiles, with the samples and parameters of one network."""

    def __init__(self, folder, net, form, seed):
        self.folder, self.net, self.form = folder, net, form
        self.g = torch.Generator().manual_seed(seed)
        self.model = self.compile(text(net))
        shape = (SAMPLES, self.model.inputs)
        self.x = torch.randint(net.below, shape, generator=self.g).double() if net.below else torch.randn(shape, generator=self.g)
        t = torch.rand(SAMPLES, self.model.outputs, generator=self.g)
        self.t = t.reshape(SAMPLES, -1, 3).softmax(-1).reshape(SAMPLES, -1) if net.loss == "cross_entropy" else t
        self.params = {name: torch.randn(shape, generator=self.g) * 0.5 for name, (shape, _) in self.model.table("net_tensors").items()}

    def compile(self, source):
        return Compiled(tempfile.mkdtemp(dir=self.folder), source, self.form)

    def results(self, model, params=None, keep=(), x=None):
        """{what: tensor}: prediction, losses, gradients, parameters after some steps. keep: tensors that are put back after each."""
        params, x = params or self.params, self.x if x is None else x
        model.restart(1)
        model.put("params", params)
        found = {"prediction": model.predict(x), "test loss": torch.tensor(model.loss(x, self.t))}
        value, gradient = model.gradient(x, self.t)
        found["loss"] = torch.tensor(value)
        found.update({f"gradient {k}": v for k, v in gradient.items()})
        for step in range(STEPS):
            found[f"loss {step}"] = torch.tensor(model.train(x, self.t))
            if keep:
                model.put("params", {**model.take("params"), **{k: params[k] for k in keep}})
        found.update({f"trained {k}": v.clone() for k, v in model.take("params").items()})
        return found


def differences(ours, theirs):
    """What differs by more than rounding."""
    found = []
    for name, want in theirs.items():
        if name not in ours:
            found.append(f"{name} is missing")
            continue
        far, scale = (ours[name] - want).abs().max().item(), want.abs().max().item()
        if not far <= NEAR * max(scale, 1e-3):
            found.append(f"{name} differs by {far:.3g}, the largest number is {scale:.3g}")
    return found


# ---- the laws: each gives what is wrong

def permuted(tensors, moves):
    """{name: tensor} with their places in another order."""
    found = {}
    for name, v in tensors.items():
        for axis, places in moves.get(name.split(" ")[-1], ()):
            v = v.index_select(axis, torch.tensor(places))
        found[name] = v
    return found


def hidden_units(bench, r):
    """In another order: the same results, those of the units in that order."""
    moves = bench.net.permute(r)
    return differences(bench.results(bench.model, permuted(bench.params, moves)), permuted(bench.results(bench.model), moves))


IDENTITIES = ["linear {i} from {h}", "dropout(0) {i} from {h}", "reshape {i}[{shape}] from {h}", "{i} = {h} * 1", "{i} = {h} - 0",
              "{i} = if {h} == {h} then {h} else 2 * {h}", "leaky_relu(1) {i} from {h}", "nothing {i} from {h}"]
NOTHING = "layer nothing(x[*s]) -> y[*s] {\n    a[*s] = 2 * x[*s]\n    b = x + a\n    y = b - a\n}\n"


def identity_layers(bench, r):
    """One after the other, before what reads the value."""
    net, body, inserted = bench.net, [], False
    for line in net.body:
        body.append(re.sub(rf"\b{net.hidden}\b", "i8", line) if inserted else line)
        if not inserted and re.search(rf"(^| ){net.hidden}(\[| |$)", line.split(" from ")[0]) and not line.startswith("input"):
            inserted = True
            for k, layer in enumerate(r.sample(IDENTITIES, len(IDENTITIES)), 1):
                body.append(layer.format(i=f"i{k}", h=net.hidden if k == 1 else f"i{k - 1}", shape=net.shape))
    assert inserted
    return differences(bench.results(bench.compile(text(net, body, definitions=NOTHING))), bench.results(bench.model))


def twice_the_loss(bench, r):
    net, options = bench.net, r.choice(["", ", momentum = 0.5, nesterov = yes", ", momentum = 0.8"])
    body = [re.sub(r"l2 = ([\d.]+)", lambda m: f"l2 = {2 * float(m[1])}", line) for line in net.body]   # penalties belong to the loss
    once = bench.results(bench.compile(text(net, optimizer=f"sgd(rate = 0.1{options})")))
    twice = bench.results(bench.compile(text(net, body, "twice", f"sgd(rate = 0.05{options})", net.twice)))
    return differences({k: v / 2 if k.startswith(("loss", "gradient", "test")) else v for k, v in twice.items()}, once)


def one_by_one(bench, r):
    """The gradient and the loss of a batch are the means of its samples'."""
    model, x, t = bench.model, bench.x, bench.t
    model.put("params", bench.params)
    whole, gradient = model.gradient(x, t)
    gradient = {k: v.clone() for k, v in gradient.items()}
    single = []
    for k in range(SAMPLES):
        value, g = model.gradient(x[k:k + 1], t[k:k + 1])
        single.append((value, {name: v.clone() for name, v in g.items()}))
    mean = {name: sum(g[name] for _, g in single) / SAMPLES for name in gradient}
    return differences({"loss": torch.tensor(whole), **gradient}, {"loss": torch.tensor(sum(v for v, _ in single) / SAMPLES), **mean})


def frozen_layers(bench, r):
    """Each layer with parameters in turn: the others are trained as if its parameters were put back after every step."""
    found, layers = [], list(dict.fromkeys(name.split(".")[0] for name in bench.params))
    for layer in r.sample(layers, min(2, len(layers))):
        body, hits = [], 0
        for line in bench.net.body:
            stem = re.sub(r"_\d+$", "", layer)
            if re.search(rf"\b{stem}(\[|$| )", line) and not re.match(r" *(input|\w+ =)", line):
                line, hits = (line.replace("{ ", "{ frozen = yes; ") if "{" in line else line + " { frozen = yes }"), hits + 1
            body.append(line)
        model = bench.compile(text(bench.net, body))
        kept = set(bench.params) - set(model.table("net_tensors"))
        if not kept or not hits:
            return [f"nothing of {layer} is frozen"]
        start = dict(bench.params, **constants(bench, kept - set(model.table("net_states"))))
        want = bench.results(bench.model, start, keep=kept)
        ours = kept_results(bench, model, start, kept)
        if "l2" in "".join(body):   # the penalty of what is frozen is none of the loss
            want = {k: v for k, v in want.items() if not k.startswith("loss")}
        found += [f"{layer}: {d}" for d in differences(ours, {k: v for k, v in want.items() if k.split(" ")[-1] not in kept})]
    return found


def constants(bench, names):
    """Frozen parameters that start with a number for all elements are folded away: as they start."""
    bench.model.restart(1)
    return {name: v for name, v in bench.model.take("params").items() if name in names}


def kept_results(bench, model, start, kept):
    """With the frozen values set as the state, which `restart` takes back."""
    restart = model.restart
    model.restart = lambda seed: (restart(seed), model.put("state", {k: start[k] for k in kept}))
    return bench.results(model, start)


LAWS = {
    "hidden units in another order give the same in that order": hidden_units,
    "layers that change nothing change nothing": identity_layers,
    "twice the loss at half the rate is the same descent": twice_the_loss,
    "the gradient of a batch is the mean of its samples' gradients": one_by_one,
    "what is frozen is a parameter that is put back after every step": frozen_layers,
}


# ---- names: the code is the same but for them

NAMED = """
const WIDTHq = 4
activation bendq(argq; leanq = 0.3) = if argq > 0 then argq else leanq * argq
loss missq(outq[*s], aimq[*s]; weighq = 2) = weighq * mean[*s]((outq[*s] - aimq[*s])^2)
optimizer walkq(partq, slopeq; rate = 0.1, dragq = 0.5) {
    state paceq = 0
    paceq <- dragq * paceq + slopeq
    partq <- partq - rate * paceq
}
layer mixq(inq[*s, iq]; gainq = 2) -> resq[*s, oq] {
    param matq[oq, iq] = glorot_uniform
    param addq[oq] = zeros
    sumq[*s, oq] = sum[iq](matq[oq, iq] * inq[*s, iq]) + addq[oq]
    resq[*s, oq] = gainq * sumq[*s, oq]
}
network nameq (real = f64) {
    input leftq[5]
    input sideq[3, 4]
    mixq(gainq = 1.5) firstq[WIDTHq] bendq(leanq = 0.2) from leftq
    mixq secondq[WIDTHq] from sideq
    gru loopq[WIDTHq]
    last endq
    add joinq from firstq, endq
    batch_norm normq
    dense lastq[2] tanh { weight = frozen(glorot_uniform) }
    dropout(0.2) dropq
    dense tailq[2]
}
train { loss = missq(weighq = 1.5); optimizer = walkq(rate = cosine(0.1), dragq = 0.6); batch = 4; epochs = 5; clip = norm(1) }
"""


def renamed(source, r):
    """The text with every name in other letters, of the same length and in another order; and how to get back."""
    names = sorted(set(re.findall(r"\b(\w+q)\b", source)), key=lambda n: (-len(n), n))
    letters, back = r.sample("abcdefghijklmnoprstuvw", 22), {}
    for old in names:   # no other word has jz or zz in it
        new = None
        while not new or any(new in other or other in new for other in back):
            new = "".join(r.choice(letters) for _ in old[2:]) + ("jz" if len(old) > 2 else r.choice(["zz", "zj", "jj"]))
        back[new] = old
    for new, old in back.items():
        source = re.sub(rf"\b{old}\b", new.upper() if old.isupper() else new, source)
    return source, back


def emitted(folder, source, form, network):
    path = os.path.join(folder, network + ".nn")
    with open(path, "w", encoding="utf-8") as file:
        file.write(source)
    done = subprocess.run([NNC, "emit", path, "-o", folder, "--unroll", form.unroll, "--target", form.target], capture_output=True, text=True,
                          timeout=60, check=False)
    if done.returncode:
        raise CompileError(done.stderr)
    texts = []
    for kind in "ch":
        with open(os.path.join(folder, f"{network}.{kind}"), encoding="utf-8") as file:
            texts.append(file.read())
    return "\n".join(texts)


def other_names(form, r):
    """Line by line the code with the names mapped back. Names stand in longer ones: d_h_z0, NAME_INPUTS. Only the hash by which the two
    files know each other is another: it is that of their texts, names included."""
    source, back = renamed(NAMED, r)
    with tempfile.TemporaryDirectory() as folder:
        want = emitted(folder, NAMED, form, "nameq")
        ours = emitted(folder, source, form, next(new for new, old in back.items() if old == "nameq"))
    for new, old in back.items():
        ours = ours.replace(new, old).replace(new.upper(), old.upper())
    want, ours = (re.sub(r"\bNAMEQ_[0-9A-F]{16}\b", "NAMEQ_HASH", code) for code in (want, ours))
    wrong = [f"{a}\n{b}" for a, b in zip(ours.splitlines(), want.splitlines()) if a != b]
    return wrong[:2] + ([] if ours.count("\n") == want.count("\n") else ["more or fewer lines"])


# ---- all of it

def check_net(name, net, how, form, seed):
    r = random.Random(f"{seed} {name} {how}")
    with tempfile.TemporaryDirectory() as folder:
        try:
            bench = Bench(folder, net, form, seed)
            for what, law in LAWS.items():
                if law is not hidden_units or net.permute:
                    found = law(bench, r)
                    check(not found, f"{name} {how}: {what}", *found[:5])
        except CompileError as error:
            check(False, f"{name} {how} compiles", error)


def main(arguments):
    seed = take_seed(*arguments[:1])
    for how, form in FORMS.items():
        for name, net in NETS.items():
            if how != "in vectors" or net.wide:
                check_net(name, net, how, form, seed)
        found = other_names(form, random.Random(seed))
        check(not found, f"{how}: other names give the same code with other names", *found)


main(sys.argv[1:])
finish()
