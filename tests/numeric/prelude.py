#!/usr/bin/python3
"""The prelude against PyTorch, in f64: activations, losses, layers with their gradients, optimizers, schedules."""
import ctypes
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, "tests")
from tap import NNC, check, finish
from with_torch import torch

F = torch.nn.functional

CC = shutil.which("tcc") or os.environ.get("CC", "cc")
F64 = torch.float64
torch.manual_seed(3)


class Tensor(ctypes.Structure):
    _fields_ = [("name", ctypes.c_char_p), ("rank", ctypes.c_int), ("dims", ctypes.c_int * 8), ("offset", ctypes.c_size_t)]


def array(values):
    flat = [float(v) for v in torch.as_tensor(values, dtype=F64).flatten()]
    return (ctypes.c_double * max(1, len(flat)))(*flat)


class Net:
    """A network compiled from its text."""

    def __init__(self, folder, body, train="", above=""):
        text = f"{above}\nnetwork n (real = f64) {{\n{body}\n}}\n" + (f"train {{ {train} }}\n" if train else "")
        path = tempfile.mkdtemp(dir=folder)
        with open(path + "/n.nn", "w", encoding="utf-8") as file:
            file.write(text)
        subprocess.run([NNC, "emit", path + "/n.nn", "-o", path], check=True, capture_output=True, timeout=60)
        with open(path + "/size.c", "w", encoding="utf-8") as file:
            file.write('#include "n.h"\nsize_t n_size(void) { return sizeof(n); }\n')
        subprocess.run([CC, "-shared", "-fPIC", "-o", path + "/n.so", path + "/n.c", path + "/size.c", "-lm"], check=True,
                       capture_output=True, timeout=60)
        with open(path + "/n.h", encoding="utf-8") as file:
            sizes = dict(re.findall(r"#define N_(\w+) +(\d+)", file.read()))
        self.outputs, self.params, self.states = (int(sizes.get(k, 0)) for k in ("OUTPUTS", "PARAMS", "STATE"))
        self.c = ctypes.CDLL(path + "/n.so")
        self.c.n_size.restype = ctypes.c_size_t
        self.at = ctypes.create_string_buffer(self.c.n_size() + 64)
        for name in ("n_train", "n_gradient", "n_loss"):
            if train:
                getattr(self.c, name).restype = ctypes.c_double
        self.c.n_init(self.at, ctypes.c_uint64(1))

    def table(self, name):
        tensors, found = (Tensor * 64).in_dll(self.c, name), {}
        for t in tensors:
            if not t.name:
                break
            found[t.name.decode()] = (t.offset, list(t.dims[:t.rank]))
        return found

    def values(self, table, getter, count):
        flat = array([0.0] * count)
        getter(self.at, flat)
        whole = torch.tensor(list(flat), dtype=F64)
        return {name: whole[o:o + torch.Size(d).numel()].reshape(d).clone() for name, (o, d) in self.table(table).items()}

    def get_params(self):
        return self.values("n_tensors", self.c.n_get_params, self.params)

    def get_states(self):
        return self.values("n_states", self.c.n_get_state, self.states)

    def randomize(self):
        """Parameters that are all different from their start values."""
        self.c.n_set_params(self.at, array(torch.randn(self.params, dtype=F64) * 0.5))

    def predict(self, x):
        y = array([0.0] * self.outputs)
        self.c.n_predict(self.at, array(x), y)
        return torch.tensor(list(y), dtype=F64)

    def gradient(self, x, t, n):
        g = array([0.0] * self.params)
        loss = self.c.n_gradient(self.at, array(x), array(t), ctypes.c_size_t(n), g)
        whole = torch.tensor(list(g), dtype=F64)
        return loss, {name: whole[o:o + torch.Size(d).numel()].reshape(d) for name, (o, d) in self.table("n_tensors").items()}

    def train(self, x, t, n):
        return self.c.n_train(self.at, array(x), array(t), ctypes.c_size_t(n))

    def loss(self, x, t, n):
        return self.c.n_loss(self.at, array(x), array(t), ctypes.c_size_t(n))


def distance(a, b):
    a, b = torch.as_tensor(a, dtype=F64).flatten(), torch.as_tensor(b, dtype=F64).flatten()
    if a.shape != b.shape:
        return float("inf")
    return float(((a - b).abs() / (1 + b.abs())).max())


def attempt(what, test, *arguments):
    """Runs a comparison that gives a list of (name, ours, theirs)."""
    try:
        results = test(*arguments)
    except subprocess.CalledProcessError as error:
        check(False, what, error.stderr.decode("utf-8", "replace"))
        return
    wrong = [(name, ours, theirs) for name, ours, theirs in results if not distance(ours, theirs) < 1e-11]
    check(bool(results) and not wrong, what, *[f"{n}: {a}\nPyTorch: {b}" for n, a, b in wrong])


# ---- activations

ACTIVATIONS = {
    "linear": lambda x: x, "sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu, "relu6": F.relu6, "leaky_relu": F.leaky_relu,
    "leaky_relu(0.2)": lambda x: F.leaky_relu(x, 0.2), "elu": F.elu, "elu(alpha = 0.5)": lambda x: F.elu(x, 0.5), "selu": F.selu,
    "celu": F.celu, "celu(2)": lambda x: F.celu(x, 2.0), "gelu": F.gelu, "gelu_tanh": lambda x: F.gelu(x, approximate="tanh"),
    "silu": F.silu, "swish": F.silu, "swish(1.5)": lambda x: x * torch.sigmoid(1.5 * x), "mish": F.mish, "softplus": F.softplus,
    "softsign": F.softsign, "hard_sigmoid": F.hardsigmoid, "hard_tanh": F.hardtanh, "hard_tanh(-2, 0.5)": lambda x: F.hardtanh(x, -2.0, 0.5),
    "hard_swish": F.hardswish, "exponential": torch.exp, "gaussian": lambda x: torch.exp(-x * x), "sine": torch.sin, "erf": torch.erf,
}


def compare_activations(folder):
    """All in one network: each reads x, the output is all of them."""
    points = torch.tensor([-9.0, -3.0, -2.5, -1.0, -0.3, 0.0, 1e-3, 0.4, 1.0, 2.9, 3.0, 5.9, 7.0], dtype=F64)
    names = list(ACTIVATIONS)
    body = f"input x[1, {len(points)}]\n" + "".join(f"{a} a{k} from x\n" for k, a in enumerate(names))
    net = Net(folder, body + "concat from " + ", ".join(f"a{k}" for k in range(len(names))))
    got = net.predict(points).reshape(len(names), -1)
    for k, name in enumerate(names):
        attempt("activation " + name, lambda ours=got[k], f=ACTIVATIONS[name]: [("value", ours, f(points))])


# ---- losses: of y = x, or of softmax(x)

def smoothed(x, t):
    return F.cross_entropy(x.reshape(-1, 4), t.reshape(-1, 4), label_smoothing=0.1)


LOSSES = {  # network's end, the loss in PyTorch, what y and t are
    "squared_error": ("linear", lambda y, t: ((y - t)**2).sum(), "real"),
    "half_squared_error": ("linear", lambda y, t: ((y - t)**2).sum() / 2, "real"),
    "mean_squared_error": ("linear", F.mse_loss, "real"), "mse": ("linear", F.mse_loss, "real"),
    "mean_absolute_error": ("linear", F.l1_loss, "real"), "mae": ("linear", F.l1_loss, "real"),
    "huber": ("linear", F.huber_loss, "real"), "huber(delta = 0.3)": ("linear", lambda y, t: F.huber_loss(y, t, delta=0.3), "real"),
    "log_cosh": ("linear", lambda y, t: torch.log(torch.cosh(y - t)).mean(), "real"),
    "binary_cross_entropy": ("sigmoid", lambda y, t: F.binary_cross_entropy(torch.sigmoid(y), t), "share"),
    "cross_entropy": ("softmax", lambda y, t: F.cross_entropy(y.reshape(-1, 4), t.reshape(-1, 4)), "classes"),
    "cross_entropy(label_smoothing = 0.1)": ("softmax", smoothed, "classes"),
    "kl_divergence": ("softmax", lambda y, t: F.kl_div(torch.log_softmax(y, -1), t, reduction="sum") / 3, "classes"),
    "hinge": ("linear", lambda y, t: torch.relu(1 - t * y).mean(), "sign"),
    "poisson": ("exp", lambda y, t: F.poisson_nll_loss(torch.exp(y), t, log_input=False), "counts"),
}


def targets(kind, shape):
    real = torch.randn(shape, dtype=F64)
    classes = torch.softmax(real, -1)
    classes[..., 0, :] = torch.tensor([0.0, 1.0, 0.0, 0.0])
    return {"real": real, "share": torch.sigmoid(real), "classes": classes, "sign": torch.sign(real), "counts": (real * 2).abs().floor()}[kind]


def compare_loss(folder, loss):
    end, theirs, kind = LOSSES[loss]
    net = Net(folder, f"input x[3, 4]\ndense y[4] {end}", f"loss = {loss}; optimizer = sgd; batch = 2")
    net.randomize()
    x, t = torch.randn(2, 3, 4, dtype=F64), targets(kind, (2, 3, 4))
    params = {k: v.requires_grad_() for k, v in net.get_params().items()}
    y = F.linear(x, params["y.weight"], params["y.bias"])
    value = (theirs(y[0], t[0]) + theirs(y[1], t[1])) / 2
    value.backward()
    ours, g = net.gradient(x, t, 2)
    return [("loss", ours, value.item()), ("test loss", net.loss(x, t, 2), value.item())] + [(k, g[k], params[k].grad) for k in params]


# ---- layers: value, and gradient of all parameters in a batch of 3

def recurrent(kind):
    def run(x, p):
        module = kind(x.shape[-1], p["r.weight_hh"].shape[1], batch_first=True, dtype=F64)
        module._flat_weights = [p["r." + n.replace("_l0", "")] for n in ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")]
        return module(x)[0]
    return run


def attend(causal):
    def run(x, p):
        rows = x.transpose(0, 1)
        mask = torch.triu(torch.ones(len(rows), len(rows), dtype=torch.bool), 1) if causal else None
        return F.multi_head_attention_forward(rows, rows, rows, x.shape[2], 2, p["r.in_proj_weight"], p["r.in_proj_bias"], None, None, False,
                                              0.0, p["r.out_proj_weight"], p["r.out_proj_bias"], attn_mask=mask,
                                              need_weights=False)[0].transpose(0, 1)
    return run


def wavelengths(x, _):
    t, d = x.shape[1:]
    angle = torch.tensor([[p / 10000**((i - i % 2) / d) for i in range(d)] for p in range(t)], dtype=F64)
    return x + torch.where(torch.arange(d) % 2 == 0, torch.sin(angle), torch.cos(angle))


LAYERS = {  # input, layer called r, the same in PyTorch of the input (after a dense layer) and the parameters
    "dense": ("4", "dense r[3]", lambda x, p: F.linear(x, p["r.weight"], p["r.bias"])),
    "conv1d": ("2, 9", "conv1d(3, stride = 2, padding = 2, dilation = 2) r[3]",
               lambda x, p: F.conv1d(x, p["r.weight"], p["r.bias"], 2, 2, 2)),
    "conv2d": ("2, 6, 7", "conv2d r[3]", lambda x, p: F.conv2d(x, p["r.weight"], p["r.bias"])),
    "conv2d with options": ("2, 7, 8", "conv2d(kernel = 2, stride = 2, padding = 1, dilation = 3) r[3]",
                            lambda x, p: F.conv2d(x, p["r.weight"], p["r.bias"], 2, 1, 3)),
    "depthwise_conv2d": ("2, 5, 5", "depthwise_conv2d(stride = 2, padding = 1, multiplier = 2) r",
                         lambda x, p: F.conv2d(x, p["r.weight"], p["r.bias"], 2, 1, groups=2)),
    "transposed_conv2d": ("2, 3, 4", "transposed_conv2d(stride = 2, padding = 1, output_padding = 1) r[3]",
                          lambda x, p: F.conv_transpose2d(x, p["r.weight"], p["r.bias"], 2, 1, 1)),
    "max_pool1d": ("2, 9", "max_pool1d(3, 2, padding = 1) r", lambda x, p: F.max_pool1d(x, 3, 2, 1)),
    "max_pool2d": ("2, 6, 6", "max_pool2d r", lambda x, p: F.max_pool2d(x, 2)),
    "max_pool2d with options": ("2, 6, 7", "max_pool2d(3, stride = 2, padding = 1) r", lambda x, p: F.max_pool2d(x, 3, 2, 1)),
    "avg_pool1d": ("2, 9", "avg_pool1d(3, 2, padding = 1) r", lambda x, p: F.avg_pool1d(x, 3, 2, 1)),
    "avg_pool2d": ("2, 6, 7", "avg_pool2d(3, stride = 2, padding = 1) r", lambda x, p: F.avg_pool2d(x, 3, 2, 1)),
    "global_avg_pool": ("2, 3, 4", "global_avg_pool r", lambda x, p: x.mean((2, 3))),
    "global_max_pool": ("2, 3, 4", "global_max_pool r", lambda x, p: x.amax((2, 3))),
    "upsample2d": ("2, 3, 4", "upsample2d(3) r", lambda x, p: F.interpolate(x, scale_factor=3)),
    "flatten": ("2, 3, 4", "flatten r", lambda x, p: x.flatten(1)),
    "reshape": ("2, 3, 4", "reshape r[4, 6]", lambda x, p: x.reshape(-1, 4, 6)),
    "concat": ("2, 3", "concat(axis = 1) r from a, x, a", lambda x, p: torch.cat((x, p["x"], x), 2)),
    "add": ("2, 3", "add r from a, a, x", lambda x, p: x + x + p["x"]),
    "multiply": ("2, 3", "multiply r from a, x", lambda x, p: x * p["x"]),
    "batch_norm": ("2, 3", "batch_norm r", lambda x, p: F.batch_norm(x, None, None, p["r.weight"], p["r.bias"], True)),
    "layer_norm": ("2, 5", "layer_norm r", lambda x, p: F.layer_norm(x, [5], p["r.weight"], p["r.bias"])),
    "rms_norm": ("2, 5", "rms_norm r", lambda x, p: p["r.weight"] * x / torch.sqrt((x * x).mean(-1, keepdim=True) + 1.1920929e-7)),
    "group_norm": ("4, 3", "group_norm(2) r", lambda x, p: F.group_norm(x, 2, p["r.weight"], p["r.bias"])),
    "softmax": ("2, 5", "softmax r", lambda x, p: torch.softmax(x, -1)),
    "log_softmax": ("2, 5", "log_softmax r", lambda x, p: torch.log_softmax(x, -1)),
    "prelu": ("2, 5", "prelu r", lambda x, p: F.prelu(x, p["r.weight"])),
    "positional": ("5, 4", "positional r", wavelengths),
    "learned_positional": ("5, 4", "learned_positional r", lambda x, p: x + p["r.weight"]),
    "simple_rnn": ("5, 3", "simple_rnn r[4]", recurrent(torch.nn.RNN)),
    "gru": ("5, 3", "gru r[4]", recurrent(torch.nn.GRU)),
    "lstm": ("5, 3", "lstm r[4]", recurrent(torch.nn.LSTM)),
    "attention": ("5, 4", "attention(heads = 2) r", attend(False)),
    "attention, causal": ("5, 4", "attention(heads = 2, causal = yes) r", attend(True)),
    "last": ("5, 3", "last r", lambda x, p: x[:, -1]),
    "reverse": ("5, 3", "reverse r", lambda x, p: x.flip(1)),
}
BATCH_ONLY = ("batch_norm",)  # predicts with running statistics


def compare_layer(folder, name):
    shape, layer, theirs = LAYERS[name]
    dims = [int(d) for d in shape.split(",")]
    net = Net(folder, f"input x[{shape}]\ndense a[{dims[-1]}]\n{layer}", "loss = half_squared_error; optimizer = sgd; batch = 3")
    net.randomize()
    params = {k: v.requires_grad_() for k, v in net.get_params().items()}
    x = torch.randn(3, *dims, dtype=F64)
    y = theirs(F.linear(x, params["a.weight"], params["a.bias"]), dict(params, x=x))
    t = torch.randn(y.shape, dtype=F64)
    loss = ((y - t)**2).sum() / 6
    loss.backward()
    ours, g = net.gradient(x, t, 3)
    results = [("loss", ours, loss.item())] + [(k, g[k], params[k].grad) for k in params]
    return results + ([] if name in BATCH_ONLY else [("value", net.predict(x[0]), y[0].detach())])


def compare_embedding(folder):
    net = Net(folder, "input ids[4]: index(6)\nembedding r[3]", "loss = half_squared_error; optimizer = sgd; batch = 2")
    ids, t = torch.tensor([[0, 5, 2, 5], [1, 1, 1, 0]]), torch.randn(2, 4, 3, dtype=F64)
    weight = net.get_params()["r.weight"].requires_grad_()
    y = F.embedding(ids, weight)
    (((y - t)**2).sum() / 4).backward()
    return [("value", net.predict(ids[0]), y[0].detach()), ("gradient", net.gradient(ids, t, 2)[1]["r.weight"], weight.grad)]


def compare_running(folder):
    """batch_norm's statistics after two updates, and the prediction made with them."""
    net = Net(folder, "input x[2, 3]\nbatch_norm r", "loss = half_squared_error; optimizer = sgd(0); batch = 4")
    module = torch.nn.BatchNorm1d(2, dtype=F64)
    for _ in range(2):
        x = torch.randn(4, 2, 3, dtype=F64) * 3 + 1
        net.train(x, x, 4)
        module(x)
    states = net.get_states()
    module.eval()
    return [(n, states["r." + n], getattr(module, n)) for n in ("running_mean", "running_var")] + \
           [("value", net.predict(x[0]), module(x)[0].detach())]


# ---- optimizers: a dozen steps

class Lion(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-4, betas=(0.9, 0.99), weight_decay=0.0):
        super().__init__(params, {"lr": lr, "betas": betas, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            (b1, b2), rate = group["betas"], group["lr"]
            for w in group["params"]:
                m = self.state[w].setdefault("m", torch.zeros_like(w))
                w -= rate * (torch.sign(b1 * m + (1 - b1) * w.grad) + group["weight_decay"] * w)
                self.state[w]["m"] = b2 * m + (1 - b2) * w.grad


class NAdam(torch.optim.Optimizer):
    """As PyTorch documents it; versions up to 1.13 multiply one mu too many into the product."""

    def __init__(self, params, lr=0.002, weight_decay=0.0):
        super().__init__(params, {"lr": lr, "weight_decay": weight_decay})
        self.steps, self.product = 0, 1.0

    @torch.no_grad()
    def step(self):
        self.steps += 1
        mu, following = (0.9 * (1 - 0.5 * 0.96**(0.004 * (self.steps + k))) for k in (0, 1))
        self.product *= mu
        for group in self.param_groups:
            for w in group["params"]:
                g, state = w.grad + group["weight_decay"] * w, self.state[w]
                state["m"] = 0.9 * state.get("m", 0) + 0.1 * g
                state["v"] = 0.999 * state.get("v", 0) + 0.001 * g * g
                ahead = (1 - mu) * g / (1 - self.product) + following * state["m"] / (1 - self.product * following)
                w -= group["lr"] * ahead / ((state["v"] / (1 - 0.999**self.steps)).sqrt() + 1e-8)


O = torch.optim
OPTIMIZERS = {
    "sgd": lambda p: O.SGD(p, lr=0.001), "sgd(0.1)": lambda p: O.SGD(p, lr=0.1),
    "sgd(0.1, momentum = 0.9)": lambda p: O.SGD(p, lr=0.1, momentum=0.9),
    "sgd(0.1, momentum = 0.9, dampening = 0.3, weight_decay = 0.1)": lambda p: O.SGD(p, lr=0.1, momentum=0.9, dampening=0.3, weight_decay=0.1),
    "sgd(0.1, momentum = 0.8, nesterov = yes)": lambda p: O.SGD(p, lr=0.1, momentum=0.8, nesterov=True),
    "adam": O.Adam, "adam(0.05, beta1 = 0.8, beta2 = 0.9, weight_decay = 0.1)": lambda p: O.Adam(p, lr=0.05, betas=(0.8, 0.9), weight_decay=0.1),
    "adamw": O.AdamW, "adamw(0.05, weight_decay = 0.2)": lambda p: O.AdamW(p, lr=0.05, weight_decay=0.2),
    "nadam": NAdam, "nadam(0.05, weight_decay = 0.1)": lambda p: NAdam(p, lr=0.05, weight_decay=0.1),
    "radam": O.RAdam, "radam(0.05, beta2 = 0.9)": lambda p: O.RAdam(p, lr=0.05, betas=(0.9, 0.9)),
    "adamax": O.Adamax, "adagrad": O.Adagrad, "adagrad(0.1, rate_decay = 0.1, weight_decay = 0.1, start = 0.5)":
        lambda p: O.Adagrad(p, lr=0.1, lr_decay=0.1, weight_decay=0.1, initial_accumulator_value=0.5),
    "adadelta": O.Adadelta, "rmsprop": O.RMSprop,
    "rmsprop(0.05, decay = 0.9, momentum = 0.5, centered = yes)": lambda p: O.RMSprop(p, lr=0.05, alpha=0.9, momentum=0.5, centered=True),
    "rprop": O.Rprop, "lion(0.01, weight_decay = 0.1)": lambda p: Lion(p, lr=0.01, weight_decay=0.1),
}


def compare_optimizer(folder, name):
    net = Net(folder, "input x[3]\ndense y[2] tanh", f"loss = mse; optimizer = {name}; batch = 4")
    net.randomize()
    params = {k: v.requires_grad_() for k, v in net.get_params().items()}
    optimizer = OPTIMIZERS[name](list(params.values()))
    for _ in range(12):
        x, t = torch.randn(4, 3, dtype=F64), torch.randn(4, 2, dtype=F64)
        optimizer.zero_grad()
        F.mse_loss(torch.tanh(F.linear(x, params["y.weight"], params["y.bias"])), t).backward()
        optimizer.step()
        net.train(x, t, 4)
    ours = net.get_params()
    return [(k, ours[k], params[k].detach()) for k in params]


# ---- schedules: the rate of each epoch, seen in how far a step goes

EPOCHS = 24
LOSS_OF_EPOCH = [9.0, 8.0, 8.5, 8.1, 8.2, 7.0, 7.5, 7.5, 7.5, 7.5, 7.5, 6.0, 6.1, 6.1, 6.1, 6.1, 6.1, 6.1, 6.1, 6.1, 6.1, 6.1, 6.1, 6.1]
S = torch.optim.lr_scheduler
SCHEDULES = {
    "constant(0.1)": lambda o: S.LambdaLR(o, lambda e: 1.0),
    "step(0.1, every = 5, factor = 0.5)": lambda o: S.StepLR(o, 5, 0.5),
    "exponential(0.1, decay = 0.9)": lambda o: S.ExponentialLR(o, 0.9),
    "linear(0.1, to = 0.02)": lambda o: S.LambdaLR(o, lambda e: 1 - 0.8 * e / (EPOCHS - 1)),
    "cosine(0.1, to = 0.01)": lambda o: S.CosineAnnealingLR(o, EPOCHS, 0.01),
    "cosine(0.1, warmup = 4)": lambda o: S.LambdaLR(o, lambda e: (e + 1) / 4 if e < 4 else
                                                    (1 + torch.cos(torch.tensor(torch.pi * (e - 4) / (EPOCHS - 4), dtype=F64)).item()) / 2),
    "cyclic(0.01, high = 0.1, half = 5)": lambda o: S.CyclicLR(o, 0.01, 0.1, 5, cycle_momentum=False),
    "plateau(0.1, factor = 0.5, patience = 3)": lambda o: S.ReduceLROnPlateau(o, factor=0.5, patience=3),
    # better by less than a fifth is not better: 8 after 9 is not, 7 is
    "plateau(0.1, factor = 0.5, patience = 0, threshold = 0.2)": lambda o: S.ReduceLROnPlateau(o, factor=0.5, patience=0, threshold=0.2),
    # to 1.5e-8 and no further: changes of 1e-8 or less are not made
    "plateau(3e-8, factor = 0.5, patience = 0)": lambda o: S.ReduceLROnPlateau(o, factor=0.5, patience=0),
}


def compare_schedule(folder, name):
    net = Net(folder, "input x[1]\ndense y[1]", f"loss = mse; optimizer = sgd(rate = {name}); batch = 1; epochs = {EPOCHS}")
    optimizer = O.SGD([torch.zeros(1, requires_grad=True)], lr=float(re.search(r"\((.*?)[,)]", name)[1]))
    schedule = SCHEDULES[name](optimizer)
    ours, theirs = [], []
    for epoch in range(EPOCHS):
        net.c.n_epoch(net.at, epoch, EPOCHS, ctypes.c_double(LOSS_OF_EPOCH[epoch - 1] if epoch else float("nan")))
        before, g = net.get_params()["y.bias"], net.gradient([1.0], [5.0], 1)[1]["y.bias"]
        net.train([1.0], [5.0], 1)
        ours.append(((before - net.get_params()["y.bias"]) / g).item())
        theirs.append(optimizer.param_groups[0]["lr"])
        net.c.n_set_params(net.at, array([0.3, 0.1]))
        optimizer.step()
        schedule.step(*([LOSS_OF_EPOCH[epoch]] if "plateau" in name else []))
    return [("rates", ours, theirs)]


def main():
    with tempfile.TemporaryDirectory() as folder:
        compare_activations(folder)
        for what, table, compare in (("loss", LOSSES, compare_loss), ("layer", LAYERS, compare_layer), ("optimizer", OPTIMIZERS, compare_optimizer),
                                     ("schedule", SCHEDULES, compare_schedule)):
            for name in table:
                attempt(f"{what} {name}", compare, folder, name)
        attempt("layer embedding", compare_embedding, folder)
        attempt("layer batch_norm: running statistics", compare_running, folder)


main()
finish()
