#!/usr/bin/python3
"""Networks in their unrolled form and in the form with loops, against PyTorch, in doubles: prediction, loss, gradient (also of a
smaller batch), states, and the parameters after steps of training. Every loss, layer and optimizer of the prelude, in odd
shapes; parameters that are tied, shared, frozen or none; penalties, clipping, definitions of the user's own."""
import ctypes, math, os, shutil, subprocess, sys, tempfile

sys.path.insert(0, "tests")
from tap import NNC, check, finish
from with_torch import torch

F = torch.nn.functional

CC = ["tcc"] if shutil.which("tcc") else [os.environ.get("CC", "cc"), "-O0"]

class Tensor(ctypes.Structure):
    _fields_ = [("name", ctypes.c_char_p), ("rank", ctypes.c_int), ("dims", ctypes.c_int * 8), ("offset", ctypes.c_size_t)]

class Net:
    """A compiled network: its functions on tensors of doubles."""

    def __init__(self, folder, text, options):
        with open(f"{folder}/net.nn", "w") as file: file.write(text)
        subprocess.run([NNC, "emit", f"{folder}/net.nn", "-o", folder, "--prefix", "net", "--real", "f64", *options],
                       check=True)
        self.size = {}
        with open(f"{folder}/net.h") as file:
            for line in file:
                word = line.split()
                if len(word) > 2 and word[0] == "#define" and word[1].startswith("NET_") and word[2].isdigit():
                    self.size[word[1][4:]] = int(word[2])
        with open(f"{folder}/net.c", "a") as file:
            file.write("\nextern const size_t net_bytes; const size_t net_bytes = sizeof(net);\n")
        shared = f"{folder}/net{len(os.listdir(folder))}.so"
        compiler = ["gcc", "-O0", "-march=native"] if "native" in options else CC
        subprocess.run([*compiler, "-w", "-shared", "-fPIC", "-o", shared, f"{folder}/net.c", "-lm"], check=True)
        self.c = ctypes.CDLL(shared)
        self.c.net_train.restype = self.c.net_gradient.restype = self.c.net_loss.restype = ctypes.c_double
        self.memory = ctypes.create_string_buffer(ctypes.c_size_t.in_dll(self.c, "net_bytes").value + 64)
        self.at = (ctypes.addressof(self.memory) + 63) // 64 * 64
        self.call("init", ctypes.c_uint64(3))

    def call(self, name, *arguments):
        given = [ctypes.c_void_p(a.data_ptr()) if isinstance(a, torch.Tensor) else a for a in arguments]
        return getattr(self.c, "net_" + name)(ctypes.c_void_p(self.at), *given)

    def table(self, name, numbers):
        """{tensor's name: its part of the vector}"""
        result, k = {}, 0
        rows = (Tensor * 1000).in_dll(self.c, name)
        while rows[k].name:
            dims = list(rows[k].dims[:rows[k].rank])
            result[rows[k].name.decode()] = numbers[rows[k].offset:rows[k].offset + math.prod(dims)].reshape(dims)
            k += 1
        return result

    def get(self, what):
        v = torch.zeros(self.size["PARAMS" if what == "params" else "STATE"] + 1)
        self.call("get_" + what, v)
        return v[:-1]

    def predict(self, x):
        y = torch.zeros(len(x), self.size["OUTPUTS"])
        for k in range(len(x)): self.call("predict", x[k], y[k])
        return y

    def gradient(self, x, t):
        g = torch.zeros(self.size["PARAMS"] + 1)
        loss = self.call("gradient", x, t, ctypes.c_size_t(len(x)), g)
        return loss, g[:-1]

    def train(self, x, t):
        return self.call("train", x, t, ctypes.c_size_t(len(x)))

def far(a, b):
    """Largest difference, in units of the largest number."""
    a, b = torch.as_tensor(a), torch.as_tensor(b)
    if a.shape != b.shape: return math.inf
    if a.numel() == 0: return 0.0
    d = ((a - b).abs().max() / b.abs().max().clamp(min=1e-30 if b.abs().max() > 0 else 1)).item()
    return math.inf if math.isnan(d) else d

def draw(name, shape):
    seed = sum((k + 1) * ord(c) for k, c in enumerate(name + "!"))
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))

def compare(what, holds):
    """holds: pairs of a name and a difference, or None."""
    wrong = [f"{name} differs by {d:.2g}" for name, d in holds if not d <= 2e-12]
    check(not wrong, what, ", ".join(wrong))

TRAIN = "train { loss = LOSS  optimizer = OPTIMIZER  batch = 3  MORE }\n"

def test(what, body, model, loss="mse", optimizer="sgd(rate = 0.1)", torch_optimizer=None, more="", ints=None, target=None,
         torch_loss=None, positive=False, regular=None, epochs=2, rate_of=None, definitions="", close=1.0):
    """model(p, x, training, s): PyTorch's output for parameters p, input x [n, numbers], and the states s, which it may change."""
    source = definitions + "network net {\n" + body + "\n}\n" + (TRAIN.replace("LOSS", loss).replace("OPTIMIZER", optimizer)
                                                                 .replace("MORE", more).replace("  ", "\n"))
    reference = None
    for options in (["--unroll", "none"], ["--unroll", "full"], ["--unroll", "none", "--target", "native"]):
        label = f"{what}, " + ("in vectors" if "native" in options else f"{options[1]} unrolled")
        with tempfile.TemporaryDirectory() as folder:
            try: net = Net(folder, source, options)
            except subprocess.CalledProcessError as error:
                check(False, label, f"{error} for\n# " + source.replace("\n", "\n# "))
                continue
            params = 0.3 * draw("params", (net.size["PARAMS"],))
            if positive: params = params.abs() + 0.1
            x = draw("x", (7, net.size["INPUTS"])) if ints is None else ints(draw("x", (7, net.size["INPUTS"])))
            x = x.contiguous()
            t = draw("t", (7, net.size["OUTPUTS"]))
            t = (target(t) if target else t).contiguous()
            if reference is None:
                reference = expect(net, params, x, t, model, torch_loss, torch_optimizer, regular, epochs, rate_of)
            net.call("set_params", params)
            results = [("prediction", far(net.predict(x), reference["y"]))]
            for n in (3, 2):
                value, g = net.gradient(x[:n], t[:n])
                results += [(f"loss of {n}", far(value, reference[f"loss{n}"])), (f"gradient of {n}", far(g, reference[f"g{n}"]))]
            for epoch in range(epochs):
                net.call("epoch", ctypes.c_int(epoch), ctypes.c_int(epochs), ctypes.c_double(reference["validation"][epoch]))
                value = net.train(x, t)
                results.append((f"training loss {epoch}", far(value, reference["losses"][epoch])))
            results.append(("trained parameters", far(net.get("params"), reference["params"])))
            if net.size["STATE"]: results.append(("states", far(net.get("state"), reference["states"])))
            results.append(("prediction after training", far(net.predict(x), reference["y_after"])))
            compare(label, [(name, d / close) for name, d in results])

def expect(net, params, x, t, model, torch_loss, torch_optimizer, regular, epochs, rate_of):
    """What PyTorch finds."""
    vector = params.clone().requires_grad_()
    states = {k: v.clone() for k, v in net.table("net_states", net.get("state")).items()}
    order = list(states)
    result = {"losses": [], "validation": [1.0, 0.5, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6][:epochs]}
    loss_of = torch_loss or (lambda y, t: ((y - t) ** 2).mean(1).mean())

    def evaluate(x, training, states):
        return model(net.table("net_tensors", vector), x, training, states)

    def total(x, t, states):
        value = loss_of(evaluate(x, True, states), t)
        return value + regular(net.table("net_tensors", vector)) if regular else value

    with torch.no_grad(): result["y"] = evaluate(x, False, states).reshape(len(x), -1)
    for n in (3, 2):
        value = total(x[:n], t[:n], {k: v.clone() for k, v in states.items()})
        result[f"loss{n}"] = value.item()
        result[f"g{n}"] = torch.autograd.grad(value, vector, allow_unused=True)[0] if len(vector) else torch.zeros(0)
    if len(vector):
        optimizer = (torch_optimizer or (lambda p: torch.optim.SGD(p, lr=0.1)))([vector])
        for epoch in range(epochs):
            if rate_of: optimizer.param_groups[0]["lr"] = rate_of(epoch)
            sum_of = 0
            for k in range(0, len(x), 3):
                optimizer.zero_grad()
                value = total(x[k:k + 3], t[k:k + 3], states)
                value.backward()
                if hasattr(optimizer, "clip"): optimizer.clip([vector])
                optimizer.step()
                sum_of += value.item() * len(x[k:k + 3])
            result["losses"].append(sum_of / len(x))
    else: result["losses"] = [total(x, t, states).item()] * epochs
    result["params"] = vector.detach()
    result["states"] = torch.cat([states[k].reshape(-1) for k in order]) if order else torch.zeros(0)
    with torch.no_grad(): result["y_after"] = evaluate(x, False, states).reshape(len(x), -1)
    return result

# ---- losses
def loss(what, f, output="", model=None, **more):
    test(f"loss {what}", f"input x[3]\n dense y[4] {output}",
         lambda p, x, training, s: (model or (lambda v: v))(F.linear(x, p["y.weight"], p["y.bias"])), loss=what, torch_loss=f, **more)

def shares(t): return torch.softmax(t, 1)
def one_hot(t): return F.one_hot(t.argmax(1), t.shape[1]).double()

loss("mse", lambda y, t: F.mse_loss(y, t))
loss("mean_squared_error", lambda y, t: F.mse_loss(y, t))
loss("squared_error", lambda y, t: F.mse_loss(y, t, reduction="sum") / len(y))
loss("half_squared_error", lambda y, t: F.mse_loss(y, t, reduction="sum") / len(y) / 2)
loss("mae", lambda y, t: F.l1_loss(y, t))
loss("mean_absolute_error", lambda y, t: F.l1_loss(y, t))
loss("huber", lambda y, t: F.huber_loss(y, t))
loss("huber(delta = 0.3)", lambda y, t: F.huber_loss(y, t, delta=0.3))
loss("log_cosh", lambda y, t: torch.log(torch.cosh(y - t)).mean())
loss("binary_cross_entropy", lambda y, t: F.binary_cross_entropy(y, t), "sigmoid", torch.sigmoid, target=torch.sigmoid)
loss("cross_entropy", lambda y, t: -(t * torch.log(y)).sum(1).mean(), "softmax", lambda v: torch.softmax(v, 1), target=shares)
loss("cross_entropy", lambda y, t: F.nll_loss(torch.log(y), t.argmax(1)), "softmax", lambda v: torch.softmax(v, 1), target=one_hot)
loss("cross_entropy(label_smoothing = 0.1)", lambda y, t: -((0.9 * t + 0.1 / 4) * torch.log(y)).sum(1).mean(), "softmax",
     lambda v: torch.softmax(v, 1), target=one_hot)
loss("kl_divergence", lambda y, t: F.kl_div(torch.log(y), t, reduction="batchmean"), "softmax", lambda v: torch.softmax(v, 1),
     target=shares)
loss("hinge", lambda y, t: torch.clamp(1 - t * y, min=0).mean(), target=lambda t: t.sign())
loss("poisson", lambda y, t: F.poisson_nll_loss(y, t, log_input=False), "softplus", F.softplus, target=lambda t: t.abs().round())

# ---- layers
def layer(what, body, model, **more): test(f"layer {what}", body, lambda p, x, training, s: model(p, x, training, s), **more)
def of(p, name): return p[name + ".weight"], p[name + ".bias"]

for shape, sizes in {"[1]": (1, 1), "[7] of 1": (1, 7)}.items():
    layer(f"dense {shape}", f"input x[{sizes[0]}]\n dense y[{sizes[1]}] tanh", lambda p, x, *_: torch.tanh(F.linear(x, *of(p, "y"))))
layer("dense on rows", "input x[3, 2]\n dense y[4]", lambda p, x, *_: F.linear(x.view(-1, 3, 2), *of(p, "y")).flatten(1))
for c, n, f, o in ((2, 7, 3, {}), (1, 5, 1, dict(kernel=5)), (2, 9, 2, dict(stride=3, kernel=2)), (3, 4, 2, dict(kernel=2, padding=3)),
                   (2, 11, 2, dict(kernel=3, dilation=2, padding=1, stride=2)), (1, 1, 1, dict(kernel=1)),
                   (1, 10, 2, dict(kernel=1, stride=4))):
    options = ", ".join(f"{k} = {v}" for k, v in o.items())
    torch_options = {k: v for k, v in o.items() if k != "kernel"}
    layer(f"conv1d({options})", f"input x[{c}, {n}]\n conv1d(kernel = {o.get('kernel', 3)}, " +
          ", ".join(f"{k} = {v}" for k, v in torch_options.items()) + f") a[{f}] tanh\n flatten\n dense y[2]",
          lambda p, x, *_: F.linear(torch.tanh(F.conv1d(x.view(-1, c, n), *of(p, "a"), **torch_options)).flatten(1), *of(p, "y")))
for c, h, w, f, o in ((2, 5, 4, 3, {}), (1, 3, 3, 1, dict(kernel=3)), (2, 6, 7, 2, dict(stride=3, kernel=2)),
                      (1, 3, 4, 2, dict(kernel=2, padding=2)), (2, 8, 7, 2, dict(kernel=3, dilation=2, padding=2, stride=2)),
                      (3, 1, 1, 2, dict(kernel=1)), (1, 1, 5, 1, dict(kernel=3, padding=1)), (2, 5, 6, 2, dict(kernel=1, stride=2))):
    torch_options = {k: v for k, v in o.items() if k != "kernel"}
    options = ", ".join(f"{k} = {v}" for k, v in dict({"kernel": 3}, **o).items())
    layer(f"conv2d({options})", f"input x[{c}, {h}, {w}]\n conv2d(kernel = 1) a[{c}] tanh\n conv2d({options}) b[{f}] tanh\n flatten\n dense y[2]",
          lambda p, x, *_: F.linear(torch.tanh(F.conv2d(torch.tanh(F.conv2d(x.view(-1, c, h, w), *of(p, "a"))), *of(p, "b"),
                                                        **torch_options)).flatten(1), *of(p, "y")))
for c, h, w, m, o in ((2, 5, 4, 1, {}), (3, 6, 5, 2, dict(kernel=2, stride=2, padding=1)), (1, 4, 4, 3, dict(kernel=2, dilation=3))):
    torch_options = {k: v for k, v in o.items() if k != "kernel"}
    options = ", ".join(f"{k} = {v}" for k, v in dict({"kernel": 3, "multiplier": m}, **o).items())
    layer(f"depthwise_conv2d({options})",
          f"input x[{c}, {h}, {w}]\n conv2d(kernel = 1) a[{c}] tanh\n depthwise_conv2d({options}) b tanh\n flatten\n dense y[2]",
          lambda p, x, *_: F.linear(torch.tanh(F.conv2d(torch.tanh(F.conv2d(x.view(-1, c, h, w), *of(p, "a"))), *of(p, "b"), groups=c,
                                                        **torch_options)).flatten(1), *of(p, "y")))
for c, h, w, f, o in ((2, 3, 2, 3, {}), (2, 3, 4, 2, dict(kernel=2, stride=3, padding=1)), (1, 2, 2, 2, dict(kernel=3, stride=2, padding=1)),
                      (2, 2, 3, 1, dict(kernel=3, stride=2, padding=1, output_padding=1)), (1, 1, 1, 1, dict(kernel=2))):
    torch_options = {k: v for k, v in o.items() if k != "kernel"}
    options = ", ".join(f"{k} = {v}" for k, v in dict({"kernel": 3}, **o).items())
    layer(f"transposed_conv2d({options})",
          f"input x[{c}, {h}, {w}]\n conv2d(kernel = 1) a[{c}] tanh\n transposed_conv2d({options}) b[{f}] tanh\n flatten\n dense y[2]",
          lambda p, x, *_: F.linear(torch.tanh(F.conv_transpose2d(torch.tanh(F.conv2d(x.view(-1, c, h, w), *of(p, "a"))), *of(p, "b"),
                                                                  **torch_options)).flatten(1), *of(p, "y")))

def pool(what, sizes, f):
    c, rest = sizes[0], sizes[1:]
    conv = (F.conv1d if len(rest) == 1 else F.conv2d)
    layer(what, f"input x[{', '.join(map(str, sizes))}]\n conv{len(rest)}d(kernel = 1) a[{c}]\n {what}\n flatten\n dense y[2]",
          lambda p, x, *_: F.linear(f(conv(x.view(-1, *sizes), *of(p, "a"))).flatten(1), *of(p, "y")))

pool("max_pool1d", (2, 6), lambda v: F.max_pool1d(v, 2))
pool("max_pool1d(window = 3, stride = 2, padding = 1)", (2, 7), lambda v: F.max_pool1d(v, 3, 2, 1))
pool("max_pool2d", (2, 4, 6), lambda v: F.max_pool2d(v, 2))
pool("max_pool2d(window = 3, stride = 1, padding = 1)", (1, 4, 3), lambda v: F.max_pool2d(v, 3, 1, 1))
pool("max_pool2d(window = 2, stride = 3)", (2, 8, 5), lambda v: F.max_pool2d(v, 2, 3))
pool("avg_pool1d", (2, 5), lambda v: F.avg_pool1d(v, 2))
pool("avg_pool1d(window = 3, stride = 2, padding = 1)", (1, 6), lambda v: F.avg_pool1d(v, 3, 2, 1))
pool("avg_pool2d", (2, 4, 5), lambda v: F.avg_pool2d(v, 2))
pool("avg_pool2d(window = 3, stride = 2, padding = 1)", (2, 5, 4), lambda v: F.avg_pool2d(v, 3, 2, 1))
pool("global_avg_pool", (2, 3, 4), lambda v: v.mean((2, 3)))
pool("global_max_pool", (3, 5), lambda v: v.amax(2))
pool("upsample2d", (2, 2, 3), lambda v: F.interpolate(v, scale_factor=2))
pool("upsample2d(factor = 3)", (1, 2, 1), lambda v: F.interpolate(v, scale_factor=3))

layer("reshape", "input x[6]\n dense h[6] tanh\n reshape g[2, 3]\n dense y[2]",
      lambda p, x, *_: F.linear(torch.tanh(F.linear(x, *of(p, "h"))).view(-1, 2, 3), *of(p, "y")).flatten(1))
layer("concat, several", "input x[4]\n dense a[3] tanh\n dense b[1] tanh from x\n dense c[2] from a\n concat from a, b, c, x\n dense y[2]",
      lambda p, x, *_: (lambda a: F.linear(torch.cat([a, torch.tanh(F.linear(x, *of(p, "b"))), F.linear(a, *of(p, "c")), x], 1),
                                           *of(p, "y")))(torch.tanh(F.linear(x, *of(p, "a")))))
layer("concat(axis = 1)", "input x[2, 3]\n dense a[4] tanh\n concat(axis = 1) from x, a\n dense y[1]",
      lambda p, x, *_: F.linear(torch.cat([x.view(-1, 2, 3), torch.tanh(F.linear(x.view(-1, 2, 3), *of(p, "a")))], 2),
                                *of(p, "y")).flatten(1))
layer("add, multiply", "input x[3]\n dense a[4] tanh\n dense b[4] sigmoid from x\n add s from a, b\n multiply m from s, a, b\n dense y[2]",
      lambda p, x, *_: (lambda a, b: F.linear((a + b) * a * b, *of(p, "y")))(torch.tanh(F.linear(x, *of(p, "a"))),
                                                                         torch.sigmoid(F.linear(x, *of(p, "b")))))

def batch_norm(v, p, s, name, training, **options):
    return F.batch_norm(v, s[name + ".running_mean"], s[name + ".running_var"], *of(p, name), training=training, **options)

layer("batch_norm of images", "input x[2, 3, 2]\n conv2d(kernel = 1) a[3]\n batch_norm(momentum = 0.3, epsilon = 1e-3) n\n flatten\n dense y[2]",
      lambda p, x, training, s: F.linear(batch_norm(F.conv2d(x.view(-1, 2, 3, 2), *of(p, "a")), p, s, "n", training, momentum=0.3,
                                                    eps=1e-3).flatten(1), *of(p, "y")))
layer("layer_norm", "input x[3]\n dense a[4]\n layer_norm n\n dense y[2]",
      lambda p, x, *_: F.linear(F.layer_norm(F.linear(x, *of(p, "a")), (4,), *of(p, "n")), *of(p, "y")))
layer("rms_norm", "input x[2, 3]\n dense a[4]\n rms_norm(epsilon = 1e-3) n\n dense y[2]",
      lambda p, x, *_: (lambda v: F.linear(p["n.weight"] * v / torch.sqrt((v * v).mean(-1, keepdim=True) + 1e-3), *of(p, "y"))
                        .flatten(1))(F.linear(x.view(-1, 2, 3), *of(p, "a"))))
layer("group_norm", "input x[4, 3]\n conv1d(kernel = 1) a[6]\n group_norm(groups = 2) n\n dense y[2]",
      lambda p, x, *_: F.linear(F.group_norm(F.conv1d(x.view(-1, 4, 3), *of(p, "a")), 2, *of(p, "n")), *of(p, "y")).flatten(1))
layer("softmax, log_softmax", "input x[3]\n dense a[4] softmax\n dense b[3] log_softmax\n dense y[2]",
      lambda p, x, *_: F.linear(F.log_softmax(F.linear(torch.softmax(F.linear(x, *of(p, "a")), 1), *of(p, "b")), 1), *of(p, "y")))
layer("prelu", "input x[3]\n dense a[4]\n prelu r\n dense y[2]",
      lambda p, x, *_: F.linear(F.prelu(F.linear(x, *of(p, "a")), p["r.weight"]), *of(p, "y")))

def ids(limit): return lambda x: (x.abs() * 7).floor() % limit
layer("embedding", "input x[5]: index(4)\n embedding e[3]\n dense y[2]",
      lambda p, x, *_: F.linear(F.embedding(x.long(), p["e.weight"]), *of(p, "y")).flatten(1), ints=ids(4))
layer("embedding, learned_positional, last", "input x[4]: index(6)\n embedding e[3]\n learned_positional q\n last\n dense y[2]",
      lambda p, x, *_: F.linear((F.embedding(x.long(), p["e.weight"]) + p["q.weight"])[:, -1], *of(p, "y")), ints=ids(6))

def given_net(name):
    """The definitions of a network of tests/c/nets, and what stands in it."""
    with open(f"tests/c/nets/{name}.nn") as file: definitions, rest = file.read().split("network net {\n")
    return definitions, rest.split("\n}")[0]

def places(at, lowest, limit):
    """The inputs from `at` on are whole numbers, lowest ... limit - 1."""
    return lambda x: torch.cat([x[:, :at], lowest + ids(limit - lowest)(x[:, at:])], 1)

def crf(e, gold, p):
    a = e[:, 0] + p["y.first"]
    path = p["y.first"][gold[:, 0]] + e.gather(2, gold[:, :, None]).sum((1, 2)) + p["y.move"][gold[:, :-1], gold[:, 1:]].sum(1)
    for k in range(1, e.shape[1]): a = e[:, k] + torch.logsumexp(a[:, :, None] + p["y.move"], 1)
    return (torch.logsumexp(a, 1) - path)[:, None]

def ctc(e, label):
    return F.ctc_loss(torch.log_softmax(e, 2).transpose(0, 1), label, [e.shape[1]] * len(e), [label.shape[1]] * len(e), reduction="none")[:, None]

def from_nets(name, model, **more):
    definitions, body = given_net(name)
    layer(f"{name} of tests/c/nets", body, model, definitions=definitions, loss="itself", torch_loss=lambda y, t: y.sum(1).mean(), **more)

def waves(t, d):
    return torch.tensor([[(math.sin if i % 2 == 0 else math.cos)(k / 10000 ** ((i - i % 2) / d)) for i in range(d)] for k in range(t)])

layer("positional, reverse", "input x[5, 3]\n positional\n dense a[2] tanh\n reverse\n last\n dense y[2]",
      lambda p, x, *_: F.linear(torch.tanh(F.linear(x.view(-1, 5, 3) + waves(5, 3), *of(p, "a")))[:, 0], *of(p, "y")))

def recurrent(kind, p, x, name):
    """All steps, by PyTorch's cells."""
    parts = [p[f"{name}.{k}"] for k in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
    h = c = torch.zeros(len(x), parts[1].shape[1])
    steps = []
    for t in range(x.shape[1]):
        if kind == "lstm": h, c = torch.lstm_cell(x[:, t], (h, c), *parts)
        else: h = (torch.rnn_tanh_cell if kind == "simple_rnn" else torch.gru_cell)(x[:, t], h, *parts)
        steps.append(h)
    return torch.stack(steps, 1)

from_nets("crf", lambda p, x, *_: crf(recurrent("gru", p, x[:, :12].view(-1, 4, 3), "e"), x[:, 12:].long(), p), ints=places(12, 0, 4))
from_nets("ctc", lambda p, x, *_: ctc(F.linear(x[:, :15].view(-1, 5, 3), *of(p, "e")), x[:, 15:].long()), ints=places(15, 1, 4))

for kind in ("simple_rnn", "gru", "lstm"):
    layer(f"{kind}, last step", f"input x[4, 3]\n dense a[2] tanh\n {kind} r[3]\n last\n dense y[2]",
          lambda p, x, *_: F.linear(recurrent(kind, p, torch.tanh(F.linear(x.view(-1, 4, 3), *of(p, "a"))), "r")[:, -1],
                                    *of(p, "y")))
    layer(f"{kind}, all steps, twice", f"input x[3, 2]\n {kind} a[2]\n {kind} b[1]\n dense y[2]",
          lambda p, x, *_: F.linear(recurrent(kind, p, recurrent(kind, p, x.view(-1, 3, 2), "a"), "b"),
                                    *of(p, "y")).flatten(1))
    layer(f"{kind}, one step, one unit", f"input x[1, 1]\n {kind} y[1]",
          lambda p, x, *_: recurrent(kind, p, x.view(-1, 1, 1), "y").flatten(1))

def attention(p, x, name, heads, causal):
    n, t, d = x.shape
    mask = torch.full((t, t), -math.inf).triu(1) if causal else None
    v = x.transpose(0, 1)
    y, _ = F.multi_head_attention_forward(v, v, v, d, heads, p[name + ".in_proj_weight"], p[name + ".in_proj_bias"], None, None, False,
                                          0.0, p[name + ".out_proj_weight"], p[name + ".out_proj_bias"], attn_mask=mask,
                                          need_weights=False)
    return y.transpose(0, 1)

for heads, causal in ((1, False), (2, True), (4, False)):
    layer(f"attention(heads = {heads}, causal = {causal})",
          f"input x[3, 2]\n dense a[4] tanh\n attention(heads = {heads}, causal = {'yes' if causal else 'no'}) m\n dense y[2]",
          lambda p, x, *_: F.linear(attention(p, torch.tanh(F.linear(x.view(-1, 3, 2), *of(p, "a"))), "m", heads, causal),
                                    *of(p, "y")).flatten(1))

# ---- parameters
layer("tied", "input x[3]\n dense a[2] tanh\n dense b[3] tanh { weight = tied(a.weight, transposed) }\n dense y[2] { weight = tied(a.weight) }",
      lambda p, x, *_: F.linear(torch.tanh(F.linear(torch.tanh(F.linear(x, *of(p, "a"))), p["a.weight"].T, p["b.bias"])), p["a.weight"],
                                p["y.bias"]))
layer("shared, none, frozen", "input x[3]\n dense a[2] tanh { bias = shared(0.5) }\n dense b[2] tanh { bias = none }\n"
      " dense y[2] { weight = frozen([[1, 2], [3, 4]])\n bias = 0.25 }",
      lambda p, x, *_: F.linear(torch.tanh(F.linear(torch.tanh(F.linear(x, p["a.weight"], p["a.bias"].expand(2))), p["b.weight"])),
                                torch.tensor([[1., 2.], [3., 4.]]), p["y.bias"]))
layer("repeat, skips", "input x[3]\n repeat 3 {\n skip = above\n dense d[3] tanh\n s = d + skip\n }\n dense y[2] from s",
      lambda p, x, *_: (lambda v: F.linear(v, *of(p, "y")))(
          [x := torch.tanh(F.linear(x, *of(p, f"d_{k}"))) + x for k in (1, 2, 3)][-1]))
layer("two inputs", "input a[2]\n input b[1, 3]\n flatten f from b\n concat from a, f\n dense y[2] tanh",
      lambda p, x, *_: torch.tanh(F.linear(x, *of(p, "y"))))
MINE = """
layer twice(x[n]; k = 2) -> y[n] {
    dense a[n] tanh from x
    inner b[n]
    y = b * k + x
}
layer inner(x[*s, i]) -> z[*s, o] {
    param weight[o, i] = he_normal
    scaled[*s, o] = sum[i](weight[o, i] * x[*s, i])
    z[*s, o] = scaled[*s, o] / (1 + abs(scaled[*s, o]))
}
activation logistic(x) -> y = 1 / (1 + exp(-x)) derivative y * (1 - y)
loss quartic(y[*s], t[*s]; scale = 1) = scale * mean[*s]((y[*s] - t[*s])^4)
optimizer heavy(w, g; rate = 0.1, beta = 0.5) {
    state v = 0
    v <- beta * v + g
    w <- w - rate * v
}
"""
layer("of layers; own activation, loss, optimizer", "input x[3]\n twice r\n twice(k = 0.5) q\n dense y[2] logistic",
      lambda p, x, *_: torch.sigmoid(F.linear([x := 1.0 * k * F.softsign(F.linear(torch.tanh(F.linear(x, *of(p, f"{r}.a"))),
                                                                              p[f"{r}.b.weight"])) + x for r, k in (("r", 2), ("q", 0.5))][-1],
                                              *of(p, "y"))),
      definitions=MINE, loss="quartic(scale = 2)", torch_loss=lambda y, t: 2 * ((y - t) ** 4).mean(), optimizer="heavy(0.2, beta = 0.7)",
      torch_optimizer=lambda p: torch.optim.SGD(p, lr=0.2, momentum=0.7))

# ---- optimizers, penalties, clipping, schedules
def mlp(p, x, *_): return F.linear(torch.tanh(F.linear(x, *of(p, "h"))), *of(p, "y"))
def step(what, make, **more):
    test(what, "input x[3]\n dense h[4] tanh\n dense y[2]", mlp, optimizer=more.pop("optimizer", what), torch_optimizer=make,
         epochs=more.pop("epochs", 3), **more)

O = torch.optim

class NAdam(O.Optimizer):
    """As in PyTorch 2: in 1.13 the next product has the momentum twice."""
    def __init__(self, params, rate, decay):
        super().__init__(params, dict(lr=rate))
        self.decay, self.m, self.v, self.product, self.steps = decay, 0, 0, 1, 0

    @torch.no_grad()
    def step(self):
        self.steps += 1
        for w in self.param_groups[0]["params"]:
            g = w.grad + self.decay * w
            now, later = (0.9 * (1 - 0.5 * 0.96 ** (k * 0.004)) for k in (self.steps, self.steps + 1))
            self.product *= now
            self.m, self.v = 0.9 * self.m + 0.1 * g, 0.999 * self.v + 0.001 * g * g
            root = torch.sqrt(self.v / (1 - 0.999 ** self.steps)) + 1e-8
            w -= self.param_groups[0]["lr"] * ((1 - now) / (1 - self.product) * g + later / (1 - self.product * later) * self.m) / root

class Lion(O.Optimizer):
    """Chen et al. 2023; PyTorch has none."""
    def __init__(self, params, rate, decay):
        super().__init__(params, dict(lr=rate))
        self.m, self.decay = 0, decay

    @torch.no_grad()
    def step(self):
        for w in self.param_groups[0]["params"]:
            w -= self.param_groups[0]["lr"] * (torch.sign(0.9 * self.m + 0.1 * w.grad) + self.decay * w)
            self.m = 0.99 * self.m + 0.01 * w.grad

for what, make in {
        "sgd(0.05)": lambda p: O.SGD(p, lr=0.05), "sgd(rate = 0.1, momentum = 0.9)": lambda p: O.SGD(p, lr=0.1, momentum=0.9),
        "sgd(rate = 0.1, momentum = 0.9, nesterov = yes)": lambda p: O.SGD(p, lr=0.1, momentum=0.9, nesterov=True),
        "sgd(rate = 0.1, momentum = 0.5, dampening = 0.3, weight_decay = 0.01)":
            lambda p: O.SGD(p, lr=0.1, momentum=0.5, dampening=0.3, weight_decay=0.01),
        "adam": lambda p: O.Adam(p), "adam(rate = 0.01, beta1 = 0.8, beta2 = 0.99, epsilon = 1e-6, weight_decay = 0.1)":
            lambda p: O.Adam(p, lr=0.01, betas=(0.8, 0.99), eps=1e-6, weight_decay=0.1),
        "adamw(rate = 0.01)": lambda p: O.AdamW(p, lr=0.01), "nadam": lambda p: NAdam(p, 0.002, 0),
        "nadam(rate = 0.01, weight_decay = 0.1)": lambda p: NAdam(p, 0.01, 0.1),
        "radam(rate = 0.01, weight_decay = 0.1)": lambda p: O.RAdam(p, lr=0.01, weight_decay=0.1),
        "adamax": lambda p: O.Adamax(p), "adamax(rate = 0.01, weight_decay = 0.1)": lambda p: O.Adamax(p, lr=0.01, weight_decay=0.1),
        "adagrad": lambda p: O.Adagrad(p), "adagrad(rate = 0.1, rate_decay = 0.1, weight_decay = 0.1, start = 0.5)":
            lambda p: O.Adagrad(p, lr=0.1, lr_decay=0.1, weight_decay=0.1, initial_accumulator_value=0.5),
        "adadelta": lambda p: O.Adadelta(p), "adadelta(rate = 0.5, weight_decay = 0.1)": lambda p: O.Adadelta(p, lr=0.5, weight_decay=0.1),
        "rmsprop": lambda p: O.RMSprop(p), "rmsprop(rate = 0.001, momentum = 0.9, centered = yes, weight_decay = 0.1)":
            lambda p: O.RMSprop(p, lr=0.001, momentum=0.9, centered=True, weight_decay=0.1),
        "rprop": lambda p: O.Rprop(p)}.items():
    # A centred second moment is the difference of almost equal numbers: its first digits cancel.
    step(what, make, close=1e4 if "centered" in what else 10)

step("lion(rate = 0.01, weight_decay = 0.1)", lambda p: Lion(p, 0.01, 0.1))

def clipped(clip):
    def make(p):
        optimizer = O.SGD(p, lr=0.1)
        optimizer.clip = clip
        return optimizer
    return make

step("clip = norm(0.2)", clipped(lambda p: torch.nn.utils.clip_grad_norm_(p, 0.2)), optimizer="sgd(rate = 0.1)", more="clip = norm(0.2)")
step("clip = norm(100)", clipped(lambda p: torch.nn.utils.clip_grad_norm_(p, 100)), optimizer="sgd(rate = 0.1)", more="clip = norm(100)")
step("clip = value(0.05)", clipped(lambda p: torch.nn.utils.clip_grad_value_(p, 0.05)), optimizer="sgd(rate = 0.1)",
     more="clip = value(0.05)")
weights = ("h.weight", "y.weight")
step("l1, l2", None, optimizer="sgd(rate = 0.1)", more="l1 = 0.01  l2 = 0.02",
     regular=lambda p: sum(0.01 * p[k].abs().sum() + 0.02 * (p[k] ** 2).sum() for k in weights))
test("a layer's l1 and l2", "input x[3]\n dense h[4] tanh { l2 = 0.1 }\n dense y[2] { l1 = 0.05 }", mlp,
     regular=lambda p: 0.1 * (p["h.weight"] ** 2).sum() + 0.05 * p["y.weight"].abs().sum())
step("a rate that falls with the validation loss", lambda p: O.SGD(p, lr=1), epochs=6,
     optimizer="sgd(rate = plateau(0.1, factor = 0.5, patience = 1))", rate_of=lambda e: [0.1, 0.1, 0.1, 0.05, 0.05, 0.025][e])
finish()
