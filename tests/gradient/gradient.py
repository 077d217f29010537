#!/usr/bin/python3
"""Generated gradients against central differences, in f64: every layer, activation and loss of the prelude, and 30 random
networks, user-defined pieces among them, in every form of emission.  usage: gradient.py [SEED]

Varied: the kind of input (vector, image, series, indices), one to three layers, activations, losses, 1 to 5 samples, --unroll, --exact. Not
varied: sizes beyond 8 in any direction, f32, vectors of any machine, the optimizer, which has no part in it."""
import os, random, re, shutil, sys, tempfile

sys.path.insert(0, "tests")
from tap import NNC, Failed, check, finish, must, take_seed

HERE = os.path.dirname(os.path.abspath(__file__))
CC = [shutil.which("tcc") or "cc"]

LAYERS = {  # network statements, with parameters below so that gradients flow through the layer
    "dense": "input x[3]\ndense h[4]\ndense y[2]",
    "dense on rows": "input x[3, 4]\ndense h[2] tanh\ndense y[3]",
    "conv1d": "input x[2, 9]\ndense a[9]\nconv1d(kernel = 3, stride = 2, padding = 1, dilation = 2) c[3]",
    "conv2d": "input x[2, 6, 7]\ndense a[7]\nconv2d(kernel = 3, stride = 2, padding = 1) c[3]",
    "conv2d stride 3": "input x[1, 8, 8]\ndense a[8]\nconv2d(kernel = 2, stride = 3, padding = 1) c[2]",
    "conv2d dilation": "input x[1, 8, 8]\ndense a[8]\nconv2d(kernel = 3, dilation = 2, padding = 2) c[2]",
    "depthwise_conv2d": "input x[2, 6, 6]\ndense a[6]\ndepthwise_conv2d(stride = 2, padding = 1, multiplier = 2) c",
    "transposed_conv2d": "input x[2, 4, 5]\ndense a[5]\ntransposed_conv2d(stride = 2, padding = 1) c[3]",
    "max_pool1d": "input x[2, 8]\ndense a[8]\nmax_pool1d(window = 3, stride = 2, padding = 1)",
    "max_pool2d": "input x[2, 6, 8]\ndense a[8]\nmax_pool2d",
    "max_pool2d overlapping": "input x[2, 7, 7]\ndense a[7]\nmax_pool2d(window = 3, stride = 2)",
    "avg_pool1d": "input x[2, 8]\ndense a[8]\navg_pool1d",
    "avg_pool2d": "input x[2, 6, 6]\ndense a[6]\navg_pool2d(window = 3, stride = 2, padding = 1)",
    "global_avg_pool": "input x[3, 4, 4]\ndense a[4]\nglobal_avg_pool",
    "global_max_pool": "input x[3, 4, 4]\ndense a[4]\nglobal_max_pool",
    "upsample2d": "input x[2, 3, 3]\ndense a[3]\nupsample2d",
    "flatten": "input x[2, 3, 3]\ndense a[3]\nflatten\ndense y[2]",
    "reshape": "input x[2, 3, 4]\ndense a[4]\nreshape r[6, 4]\ndense y[2]",
    "concat": "input x[2, 3]\ninput z[2, 4]\ndense a[3] from x\ndense b[4] from z\nconcat(axis = 1) c from a, b, a",
    "add": "input x[6]\ndense a[5]\ndense b[5] from x\nadd from a, b",
    "multiply": "input x[6]\ndense a[5]\ndense b[5] from x\nmultiply from a, b",
    "dropout": "input x[6]\ndense a[5]\ndropout(0.4)\ndense y[2]",
    "batch_norm": "input x[3, 4]\ndense a[4]\nbatch_norm",
    "layer_norm": "input x[3, 4]\ndense a[4]\nlayer_norm",
    "rms_norm": "input x[3, 4]\ndense a[4]\nrms_norm",
    "group_norm": "input x[4, 3]\ndense a[3]\ngroup_norm(groups = 2)",
    "softmax": "input x[3, 4]\ndense a[4]\nsoftmax",
    "log_softmax": "input x[3, 4]\ndense a[4]\nlog_softmax",
    "embedding": "input x[5]: index(7)\nembedding e[3]\ndense y[2]",
    "positional": "input x[5, 4]\ndense a[4]\npositional",
    "learned_positional": "input x[5, 4]\nlearned_positional",
    "simple_rnn": "input x[5, 3]\nsimple_rnn r[4]",
    "simple_rnn, last": "input x[5, 3]\nsimple_rnn r[4]\nlast\ndense y[1]",
    "gru": "input x[5, 3]\ngru r[3]",
    "lstm": "input x[5, 3]\nlstm r[3]\nlast",
    "reverse": "input x[5, 3]\ndense a[3]\nreverse\nsimple_rnn r[2]",
    "attention": "input x[4, 4]\nattention(heads = 2)",
    "attention, causal": "input x[4, 4]\nattention(heads = 2, causal = yes)",
    "prelu": "input x[4]\ndense h[5] prelu\ndense y[2]",
    "tied": "input x[4]\ndense h[3]\ndense y[4] { weight = tied(h.weight, transposed) }",
    "shared, frozen": "input x[4]\ndense h[3] tanh { bias = shared(0.3) }\ndense y[2] { weight = frozen(glorot_uniform); bias = 0.1 }",
    "repeat": "input x[4]\nrepeat 3 {\n skip = above\n dense h[4] tanh\n m = h + skip\n}\ndense y[2] { l2 = 0.01; l1 = 0.02 }",
    "prod": "input x[3]\ndense a[3]\ny[i] = prod[k: 3](a[k]) * a[i]",
    "extremes of the batch": "input x[3]\ndense a[2]\nextremes\ndense y[2]",
    "extremes of the batch, cut": "input x[6]\ndense a[12] relu\nextremes\ndense b[10]\nextremes\ndense y[2]",
    "overlapping frames": "input x[2]\ndense a[220] tanh\nq[m: 3] = sum[j: 80](a[70*m + j]^2 * (j - 7))\ndense y[2]",
    "frames of every other": "input x[2]\ndense a[220] tanh\nq[m: 2, i: 2] = sum[j: 32](a[132*m + 2*j + 24*i]^2)\ndense y[2]",
    "flat image": "input x[2]\ndense a[45] tanh\nq[py: 3, px: 7] = sum[ky: 3, kx: 3](a[9*(py + ky) + px + kx]^2 * (ky - 2*kx))\nflatten\ndense y[2]",
    "strided read": "input x[6]\ndense a[6]\ny[i: 3] = a[2*i + 1] * a[i]",
}
CUT = {  # unrolled code of more than one function
    "pool and depthwise": "input x[2, 6, 8]\nconv2d(padding = 1) q[4] relu\nmax_pool2d\ndepthwise_conv2d c\nflatten\ndense y[2]",
    "pool and batch_norm": "input x[2, 5, 6]\nconv2d(padding = 1) q[4] relu\nmax_pool2d\nbatch_norm\nflatten\ndense y[2]",
    "embedding, attention, batch_norm": "input x[5]: index(7)\nembedding e[4]\nattention(heads = 2)\nbatch_norm\nflatten\ndense y[2]",
}
ACTIVATIONS = """linear sigmoid tanh relu relu6 leaky_relu elu selu celu gelu gelu_tanh silu swish mish softplus softsign
hard_sigmoid hard_tanh hard_swish exponential gaussian sine exp sin abs erf""".split()
LOSSES = """squared_error mean_squared_error mse half_squared_error mean_absolute_error mae huber(delta=0.3) log_cosh
binary_cross_entropy kl_divergence hinge poisson""".split()
DEFINITIONS = """
activation bent(x) = (sqrt(x^2 + 1) - 1) / 2 + x
activation squash(x) -> y = x / (1 + abs(x)) derivative (1 - abs(y))^2
activation logistic(x) -> y = 1 / (1 + exp(-x)) derivative y * (1 - y)
loss pinball(y[*s], t[*s]; q = 0.7) = mean[*s](max(q * (t[*s] - y[*s]), (q - 1) * (t[*s] - y[*s])))
layer bilinear(a[i], b[j]) -> z[o] {
    param weight[o, i, j] = uniform(-0.5, 0.5)
    z[o] = sum[i, j](weight[o, i, j] * a[i] * b[j])
}
layer extremes(x[i]) -> y[i] {
    top[i] = max[batch](x[i])
    y[i] = (x[i] - min[batch](x[i])) / (1 + top[i]) + max[j, batch](x[j]) * min[batch](x[0] * x[1])
}
layer gate(x[n]) -> y[n] {
    dense v[n] from x
    dense g[n] sigmoid from x
    y = v * g + x
}
"""

def text(network, loss="mse", batch=3, definitions=""):
    return (f"{definitions}\nnetwork net (real = f64) {{\n{network}\n}}\n"
            f"train {{\n loss = {loss}\n optimizer = sgd(0.1)\n batch = {batch}\n}}\n")

def random_network(r):
    kind = r.choice(["vector", "image", "series", "index"])
    layers, act = [], lambda: r.choice(ACTIVATIONS[:22] + ["bent", "squash", "logistic"])
    if kind == "vector":
        layers = [f"input x[{r.randint(2, 6)}]"]
        for k in range(r.randint(1, 3)):
            layers.append(f"dense v{k}_[{r.randint(2, 6)}] {act()}" + r.choice(["", " { bias = none }", " { l2 = 0.05 }"]))
            layers += r.choice([[], ["gate"], ["layer_norm"], ["dropout(0.3)"], [f"s{k}_ = above", f"bilinear q{k}_[3] from s{k}_, s{k}_"]])
    elif kind == "image":
        layers = [f"input x[{r.randint(1, 2)}, {r.randint(6, 8)}, {r.randint(6, 8)}]",
                  f"conv2d(kernel = {r.randint(1, 3)}, stride = {r.randint(1, 2)}, padding = {r.randint(0, 1)}) c[{r.randint(2, 3)}] {act()}"]
        layers += r.choice([[], ["max_pool2d"], ["avg_pool2d"], ["conv2d(kernel = 2) d[2] tanh"], ["layer_norm"]]) + ["flatten"]
    elif kind == "series":
        layers = [f"input x[{r.randint(2, 5)}, {r.randint(1, 4)}]",
                  r.choice(["simple_rnn", "gru", "lstm"]) + f" r[{r.randint(2, 4)}]"] + r.choice([["last"], ["flatten"], ["reverse", "flatten"]])
    else:
        layers = [f"input x[{r.randint(2, 5)}]: index(6)", f"embedding e[{r.randint(2, 4)}]", "layer_norm", "flatten"]
    end, loss = r.choice([("softmax", "cross_entropy"), ("sigmoid", "binary_cross_entropy"), ("", "mse"), ("", "half_squared_error"), ("", "pinball")])
    layers.append(f"dense y[{r.randint(1 if end != 'softmax' else 2, 4)}] {end}")
    return text("\n".join(layers), loss, r.randint(1, 5), DEFINITIONS), 6 if kind == "index" else 0

def compare(name, source, below, samples, options):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "net.nn")
        with open(path, "w") as f: f.write(source)
        try:
            must(NNC, "emit", path, "-o", folder, *options)
            program = os.path.join(folder, "check")
            must(*CC, "-I", folder, "-o", program, os.path.join(folder, "net.c"), os.path.join(HERE, "check.c"), "-lm")
            must(program, str(samples), str(below))
            wrong = ""
        except Failed as failure:
            wrong = str(failure)
    check(not wrong, f"{name} {' '.join(options)}".rstrip(), source, wrong)

def check_all_here():
    """Every layer, activation and loss of the prelude stands in a table above."""
    here = {"layer": " ".join(LAYERS.values()), "activation": " ".join(ACTIVATIONS), "loss": " ".join(LOSSES) + " cross_entropy"}
    with open(os.path.join(HERE, "..", "..", "grammar", "prelude.nn")) as f:
        defined = re.findall(r"^(layer|activation|loss) (\w+)", f.read(), re.M)
    missing = [f"{kind} {name}" for kind, name in defined if not re.search(rf"\b{name}\b", here[kind])]
    check(not missing, "every layer, activation and loss of the prelude is looked at", *missing)

def main():
    seed = take_seed(*sys.argv[1:2])
    r = random.Random(seed)
    forms = [[], ["--unroll", "none"], ["--unroll", "full"], ["--exact"]]
    check_all_here()
    for k, (name, network) in enumerate(LAYERS.items()):
        below = 7 if "index" in network else 0
        for form in (forms[1], forms[k % 4 if k % 4 != 1 else 2]):
            compare(f"layer {name}", text(network, definitions=DEFINITIONS), below, 3, form)
    for name, network in CUT.items():
        compare(f"functions, {name}", text(network), 7 if "index" in network else 0, 3, ["--unroll", "full"])
    for k, a in enumerate(ACTIVATIONS):
        compare(f"activation {a}", text(f"input x[3]\ndense h[4] {a}\ndense y[2]"), 0, 3, forms[k % 4])
    for k, loss in enumerate(LOSSES):
        end = "softmax" if loss == "kl_divergence" else "sigmoid"
        compare(f"loss {loss}", text(f"input x[3]\ndense h[4] tanh\ndense y[3] {end}", loss), 0, 3, forms[k % 4])
    compare("loss cross_entropy", text("input x[3]\ndense h[4] tanh\ndense y[3] softmax", "cross_entropy"), 0, 3, [])
    compare("loss cross_entropy, smoothed", text("input x[3]\ndense y[3] softmax", "cross_entropy(label_smoothing = 0.1)"), 0, 3, [])
    compare("loss binary_cross_entropy after tanh", text("input x[3]\ndense y[3] gaussian", "binary_cross_entropy"), 0, 3, [])
    for k in range(30):
        source, below = random_network(r)
        compare(f"random network {k} of seed {seed}", source, below, r.choice([1, 2, 5]), forms[k % 4])

main()
finish()
