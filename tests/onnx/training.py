"""What is only seen in training: statistics of a batch, and optimizers. Run one by one on the compiled network's own functions."""
import numpy

from graph import attributes, number

# The sum of y t: its value shows y, its gradient by weights that are multiplied by x is x.
LOSS = "loss dot(y[*s], t[*s]) = sum[*s](y[*s] * t[*s])"

# As the prelude's, but the kept variance is that of the batch, where PyTorch keeps the unbiased one.
BATCH_NORM = """layer onnx_batch_norm(x[c, *s]; momentum = 0.9, epsilon = 1e-5) -> y[c, *s] {
    param weight[c] = ones
    param bias[c] = zeros
    state running_mean[c] = zeros
    state running_var[c] = ones
    m[c] = mean[batch, *s](x[c, *s])
    v[c] = mean[batch, *s]((x[c, *s] - m[c])^2)
    running_mean[c] <- momentum * running_mean[c] + (1 - momentum) * m[c]
    running_var[c] <- momentum * running_var[c] + (1 - momentum) * v[c]
    y[c, *s] = weight[c] * (x[c, *s] - m[c]) / sqrt(v[c] + epsilon) + bias[c]
}"""

# ONNX adds epsilon to the root of the moment that is not yet corrected, and has weight decay before and after the moments; the
# prelude's adam is PyTorch's.
ADAM = """optimizer onnx_adam(w, g; rate, alpha = 0.9, beta = 0.999, epsilon = 1e-6, decay = 0, after = 0, count = 0) {
    state v = 0
    state h = 0
    d = g + decay * w
    v <- alpha * v + (1 - alpha) * d
    h <- beta * h + (1 - beta) * d^2
    r = if count > 0 then rate * sqrt(1 - beta^count) / (1 - alpha^count) else rate
    w <- (1 - after) * (w - r * v / (sqrt(h) + epsilon))
}"""

# ONNX counts steps from 0 in the decay of the rate and lets it be given; the sum of squares is a state that is given, too.
ADAGRAD = """optimizer onnx_adagrad(w, g; rate, epsilon = 0, decay_factor = 0, decay = 0, count = 0) {
    state h = 0
    d = g + decay * w
    h <- h + d^2
    w <- w - rate / (1 + count * decay_factor) * d / (sqrt(h) + epsilon)
}"""

TRAINED = {}


def trained(name):
    def add(f):
        TRAINED[name] = f
        return f
    return add


def text(body, optimizer, definitions=()):
    return "\n".join([LOSS, *definitions, "network net (real = f64) {", *body, "}",
                      f"train {{ loss = dot; optimizer = {optimizer}; batch = 2 }}", ""])


@trained("BatchNormalization")
def batch_norm(compile_text, case, inputs, outputs):
    """(what, ours, theirs) of each output."""
    a, (x, scale, bias, mean, var) = attributes(case.graph.node[0]), inputs
    options = f"momentum = {number(a.get('momentum', 0.9))}, epsilon = {number(a.get('epsilon', 1e-5))}"
    model = compile_text(text([f"input x[{', '.join(map(str, x.shape[1:]))}]", f"onnx_batch_norm({options}) b"], "sgd(rate = 1)", [BATCH_NORM]))
    model.set("params", {"b.weight": scale, "b.bias": bias})
    model.set("state", {"b.running_mean": mean, "b.running_var": var})
    yield "y", model.trained_outputs(x), outputs[0]
    model.train(x, numpy.zeros_like(x))
    for name, expected in zip(("b.running_mean", "b.running_var"), outputs[1:]):
        yield name, model.get("state")[name], expected


def step(compile_text, optimizer, definition, w, g, states, counted):
    """One update of w with gradient g: (w, states). counted: updates before, which only move the count of steps on."""
    n = w.size
    body = [f"input x[{n}]", "weigh y"]
    layer = f"layer weigh(x[n]) -> y[o] {{\n    where o = 1\n    param w[n] = zeros\n    y[o] = sum[n](w[n] * x[n])\n}}"
    model = compile_text(text(body, optimizer, [layer, *definition]))
    x, t = g.reshape(1, -1), numpy.ones((1, 1))
    for _ in range(counted):
        model.train(x, t)
    model.set("params", {"y.w": w})
    model.set("optimizer", {f"y.w.{k}": v for k, v in states.items()})
    model.train(x, t)
    return model.get("params")["y.w"], {k: model.get("optimizer")[f"y.w.{k}"] for k in states}


def tensors(inputs, kinds):
    """ONNX's order: rate, count, all w, all g, all of the first state ..."""
    rate, count, rest = float(inputs[0]), int(inputs[1]), inputs[2:]
    n = len(rest) // kinds
    return rate, count, [rest[k::n] for k in range(n)]


def updates(run, outputs, kinds):
    """run(k) gives w and the states of tensor k."""
    n = len(outputs) // kinds
    for k in range(n):
        w, states = run(k)
        for j, found in enumerate([w, *states.values()]):
            yield f"tensor {k}: {['w', *states][j]}", found, outputs[k + j * n]


# What is expected of this case was worked out with an epsilon that its node does not say; ONNX's default is 1e-6.
EXPECTED_EPSILON = {"adam_multiple": 1e-2}


@trained("Adam")
def adam(compile_text, case, inputs, outputs):
    a, (rate, count, given) = attributes(case.graph.node[0]), tensors(inputs, 4)
    options = {"rate": rate, "alpha": a.get("alpha", 0.9), "beta": a.get("beta", 0.999), "epsilon": a.get("epsilon", EXPECTED_EPSILON.get(case.name, 1e-6)),
               "decay": a.get("norm_coefficient", 0), "after": a.get("norm_coefficient_post", 0), "count": count}
    call = f"onnx_adam({', '.join(f'{k} = {number(v)}' for k, v in options.items())})"

    def run(k):
        w, g, v, h = given[k]
        return step(compile_text, call, [ADAM], w, g, {"v": v, "h": h}, 0)
    return updates(run, outputs, 3)


@trained("Adagrad")
def adagrad(compile_text, case, inputs, outputs):
    a, (rate, count, given) = attributes(case.graph.node[0]), tensors(inputs, 3)
    options = {"rate": rate, "epsilon": a.get("epsilon", 0), "decay_factor": a.get("decay_factor", 0), "decay": a.get("norm_coefficient", 0),
               "count": count}
    call = f"onnx_adagrad({', '.join(f'{k} = {number(v)}' for k, v in options.items())})"

    def run(k):
        w, g, h = given[k]
        return step(compile_text, call, [ADAGRAD], w, g, {"h": h}, 0)
    return updates(run, outputs, 2)


@trained("Momentum")
def momentum(compile_text, case, inputs, outputs):
    """The prelude's sgd: ONNX's first update (count 0) has no dampening, as PyTorch's; a later one has 1 - beta."""
    a, (rate, count, given) = attributes(case.graph.node[0]), tensors(inputs, 3)
    options = {"rate": rate, "momentum": a["alpha"], "dampening": 0 if count == 0 else 1 - a["beta"], "weight_decay": a["norm_coefficient"]}
    nesterov = ", nesterov = yes" if a["mode"] == b"nesterov" else ""
    call = f"sgd({', '.join(f'{k} = {number(v)}' for k, v in options.items())}{nesterov})"

    def run(k):
        w, g, m = given[k]
        return step(compile_text, call, [], w, g, {"m": m}, 1)   # the momentum that is given is not the first one's
    return updates(run, outputs, 2)

