"""What users would define themselves: the text in the .nn, and the same by hand in PyTorch. Made of all that index notation has:
recurrences in both directions, sums that meet, gathers, statistics of the batch, states, random numbers, layers of layers."""
import math

import torch
from torch.nn import functional as F

import rounding
from optimizers import Formula
from rows import activation, initializer, layer, loss, one_of, ones, optimizer, real, schedule, units, whole, zeros


# ---- losses

def weighted(y, t, o):
    weights = torch.arange(1, y.shape[-1] + 1) / y.shape[-1]
    return (weights * (y - t)**2).sum(-1).mean()


loss("dot", lambda y, t, o: (y * t).sum() / len(y), domain="real", weight=0.2, flat=True, definition="""
loss dot(y[*s], t[*s]) = sum[*s](y[*s] * t[*s])
""")
loss("pinball", lambda y, t, o: torch.maximum(o.q * (t - y), (o.q - 1) * (t - y)).mean(), domain="real", flat=True,
     options={"q": (0.5, one_of(0.1, 0.9))}, definition="""
loss pinball(y[*s], t[*s]; q = 0.5) = mean[*s](max(q * (t[*s] - y[*s]), (q - 1) * (t[*s] - y[*s])))
""")
loss("weighted", weighted, domain="real", definition="""
loss weighted(y[*s, i], t[*s, i]) = mean[*s](sum[i]((i + 1) / size(i) * (y[*s, i] - t[*s, i])^2))
""")
loss("surprise", lambda y, t, o: -(t * torch.log_softmax(y.into_softmax, -1)).sum() / len(y), domain="classes", definition="""
loss surprise(y[*s, i] from softmax, t[*s, i]) = -sum[*s, i](t[*s, i] * log(y[*s, i]))
""")

# ---- activations

activation("snake", lambda x, o: x + torch.sin(o.a * x)**2 / o.a, options={"a": (1, real(0.5, 2))}, definition="""
activation snake(x; a = 1) = x + sin(a * x)^2 / a
""")
activation("logistic", lambda x, o: rounding.sigmoid(x, o.rounding), definition="""
activation logistic(x) -> y = 1 / (1 + exp(-x)) derivative y * (1 - y)
""")
activation("squash", lambda x, o: F.softsign(x), definition="""
activation squash(x) = x / (1 + abs(x)) derivative 1 / (1 + abs(x))^2
""")
activation("pieces", lambda x, o: torch.where(x > 1, x, torch.where(x < -1, o.slope * x, x**3)), options={"slope": (0.5, real(-1, 1))},
           definition="""
activation pieces(x; slope = 0.5) = if x > 1 then x else if x < -1 then slope * x else x^3
""")
activation("bumpy", lambda x, o: torch.tanh(x + torch.sin(x)**2) + torch.where(x > 0, x, 0.1 * x), needs=("snake",), definition="""
activation bumpy(x) = tanh(snake(x)) + leaky_relu(x, slope = 0.1)
""")

# ---- layers of equations

layer("bilinear", lambda c, a, b: torch.einsum("oij,ni,nj->no", c.weight, a, b), ranks=(1,), inputs=2, sizes=units(4),
      partner=lambda draw, shape: [draw.scale.units(draw.r, 1, 4)], params=lambda c: {"weight": (c.sizes[0], c.shapes[0][0], c.shapes[1][0])}, definition="""
layer bilinear(a[i], b[j]) -> z[o] {
    param weight[o, i, j] = uniform(-1 / sqrt(size(i)), 1 / sqrt(size(i)))
    z[o] = sum[i, j](weight[o, i, j] * a[i] * b[j])
}
""")
layer("gated", lambda c, x: F.linear(x, c["v.weight"], c["v.bias"]) * torch.sigmoid(F.linear(x, c["g.weight"], c["g.bias"])), ranks=(1,),
      sizes=units(4),
      params=lambda c: {"v.weight": (c.sizes[0], c.shape[0]), "v.bias": zeros(c.sizes[0]), "g.weight": (c.sizes[0], c.shape[0]),
                        "g.bias": zeros(c.sizes[0])}, definition="""
layer gated(x[i]) -> y[o] {
    dense v[o] from x
    dense g[o] sigmoid from x
    y = v * g
}
""")


def nested(c, x):
    """A layer of layers that are layers of layers; the gates, a normalisation of running statistics, a residual."""
    gates = F.linear(x, c["gates.v.weight"], c["gates.v.bias"]) * torch.sigmoid(F.linear(x, c["gates.g.weight"], c["gates.g.bias"]))
    normal = batch_norm(c, "norm", gates, 0.1, 1e-3)
    return torch.tanh(F.linear(normal, c["out.weight"], c["out.bias"]) * c.scale + x)


def batch_norm(c, name, x, momentum, epsilon):
    if c.training and len(x) == 1:
        c[name + ".running_mean"].mul_(1 - momentum).add_(momentum * x.detach()[0])
        c[name + ".running_var"].mul_(1 - momentum)
        return c[name + ".bias"] + 0 * x
    return F.batch_norm(x, c[name + ".running_mean"], c[name + ".running_var"], c[name + ".weight"], c[name + ".bias"], c.training, momentum,
                        epsilon)


def nested_params(c):
    n = c.shape[0]
    return {"gates.v.weight": (n, n), "gates.v.bias": zeros(n), "gates.g.weight": (n, n), "gates.g.bias": zeros(n), "norm.weight": ones(n),
            "norm.bias": zeros(n), "out.weight": (n, n), "out.bias": zeros(n)}


layer("nested", nested, ranks=(1,), params=nested_params, batched=True, needs=("gated",), members=("gates", "norm", "out"),
      options={"scale": (0.5, real(0.2, 2))},
      states=lambda c: {"norm.running_mean": zeros(*c.shape), "norm.running_var": ones(*c.shape)}, definition="""
layer nested(x[n]; scale = 0.5) -> y[n] {
    gated gates[n] from x
    batch_norm(epsilon = 1e-3) norm
    dense out[n]
    y = tanh(out * scale + x)
}
""")


def whitened(c, x):
    if not c.training:
        return (x - c.center) / (1 + c.spread)
    m = x.mean(0)
    low = x.min(0).values if len(x) > 1 else x[0]
    spread = x.max(0).values - low
    c.center.mul_(0.9).add_(0.1 * m.detach())
    c.spread.copy_(spread.detach())
    return (x - m) / (1 + spread)


layer("whitened", whitened, ranks=(1, 2), batched=True, states=lambda c: {"center": zeros(*c.shape), "spread": ones(*c.shape)}, definition="""
layer whitened(x[*s]) -> y[*s] {
    state center[*s] = zeros
    state spread[*s] = ones
    m[*s] = mean[batch](x[*s])
    d[*s] = max[batch](x[*s]) - min[batch](x[*s])
    center[*s] <- 0.9 * center[*s] + 0.1 * m[*s]
    spread[*s] <- d[*s]
    y[*s] = (x[*s] - (if training then m[*s] else center[*s])) / (1 + (if training then d[*s] else spread[*s]))
}
""")


def followed(c, x):
    """A state that a sum over the batch reads while it replaces it; one that nobody reads."""
    y = x / (1 + c.most**2)
    if c.training:
        c.most.copy_((torch.sin(x.detach()) + c.most / 2).max(0).values)
        c.drift.copy_(x.detach().mean(0))
    return y


layer("followed", followed, ranks=(1, 2), batched=True, states=lambda c: {"most": ones(*c.shape), "drift": zeros(*c.shape)}, definition="""
layer followed(x[*s]) -> y[*s] {
    state most[*s] = ones
    state drift[*s] = zeros
    most[*s] <- max[batch](sin(x[*s]) + most[*s] / 2)
    drift[*s] <- mean[batch](x[*s])
    y[*s] = x[*s] / (1 + most[*s]^2)
}
""")


def stepped(step):
    """step(before, the one before that, element t of x) over the second axis of x."""
    def run(c, x):
        h, g, found = torch.zeros(len(x), c.sizes[0]), torch.zeros(len(x), c.sizes[0]), []
        for t in range(x.shape[1]):
            h, g = step(c, h, g, x[:, t]), h
            found.append(h)
        return torch.stack(found, 1)
    return run


def backwards(c, x):
    return stepped(lambda c, h, g, x: torch.tanh(F.linear(x, c.weight) + c.keep * h))(c, x.flip(1)).flip(1)


KEEP = {"keep": (0.9, real(0.2, 0.8))}
WEIGHT = {"params": lambda c: {"weight": (c.sizes[0], c.shape[1])}, "ranks": (2,), "sizes": units(4)}
layer("leaky", stepped(lambda c, h, g, x: c.keep * h + torch.tanh(F.linear(x, c.weight))), options=KEEP, **WEIGHT, definition="""
layer leaky(x[t, i]; keep = 0.9) -> h[t, o] {
    param weight[o, i] = glorot_uniform
    h[t, o] = keep * pad(h[t - 1, o], 0) + tanh(sum[i](weight[o, i] * x[t, i]))
}
""")
layer("backwards", backwards, options=KEEP, **WEIGHT, definition="""
layer backwards(x[t, i]; keep = 0.9) -> h[t, o] {
    param weight[o, i] = glorot_uniform
    h[t, o] = tanh(sum[i](weight[o, i] * x[t, i]) + keep * pad(h[t + 1, o], 0))
}
""")
layer("two_back", stepped(lambda c, h, g, x: torch.sin(F.linear(x, c.weight) + 0.5 * h - 0.3 * g * h)), **WEIGHT, definition="""
layer two_back(x[t, i]) -> h[t, o] {
    param weight[o, i] = glorot_uniform
    h[t, o] = sin(sum[i](weight[o, i] * x[t, i]) + 0.5 * pad(h[t - 1, o], 0) - 0.3 * pad(h[t - 2, o], 0) * pad(h[t - 1, o], 0))
}
""")


def coupled(c, x):
    """Two values that read each other, a step back; one of them mixes its elements."""
    a = b = torch.zeros(len(x), c.sizes[0])
    found = []
    for t in range(x.shape[1]):
        a, b = torch.tanh(F.linear(x[:, t], c.weight) + b), F.linear(a, c.mix) * 0.5 - b
        found.append(a + b)
    return torch.stack(found, 1)


layer("coupled", coupled, ranks=(2,), sizes=WEIGHT["sizes"],
      params=lambda c: {"weight": (c.sizes[0], c.shape[1]), "mix": (c.sizes[0], c.sizes[0])}, definition="""
layer coupled(x[t, i]) -> y[t, o] {
    param weight[o, i] = glorot_uniform
    param mix[o, p: o] = orthogonal
    a[t, o] = tanh(sum[i](weight[o, i] * x[t, i]) + pad(b[t - 1, o], 0))
    b[t, o] = 0.5 * sum[p](mix[o, p] * pad(a[t - 1, p], 0)) - pad(b[t - 1, o], 0)
    y = a + b
}
""")
layer("product", lambda c, x: torch.prod(1 + c.weight * x[..., None, :] / 4, -1), ranks=(1, 2), sizes=units(3),
      params=lambda c: {"weight": ones(c.sizes[0], c.shape[-1])}, definition="""
layer product(x[*s, i]) -> y[*s, o] {
    param weight[o, i] = ones
    y[*s, o] = prod[i](1 + weight[o, i] * x[*s, i] / 4)
}
""")


def stamp(c, x):
    """A transposed convolution of one channel."""
    return F.conv_transpose1d(x[:, None], c.mark[None, None], stride=c.stride)[:, 0]


layer("stamp", stamp, ranks=(1,), params=lambda c: {"mark": ones(3)}, options={"stride": (2, one_of(1, 3, 4))}, definition="""
layer stamp(x[n]; stride = 2) -> y[m] {
    where m = (n - 1) * stride + 3
    param mark[3] = ones
    y[i*stride + k] += x[i] * mark[k]
}
""")
layer("triangle", lambda c, x: x @ torch.triu(c.weight + torch.arange(x.shape[-1])[:, None]), ranks=(1, 2),
      params=lambda c: {"weight": (c.shape[-1], c.shape[-1])}, definition="""
layer triangle(x[*s, n]) -> y[*s, n] {
    param weight[m: n, n] = normal(0, 0.5)
    y[*s, i] = sum[j](if j <= i then x[*s, j] * (weight[j, i] + j) else 0)
}
""")


def half(n):
    if n % 2:
        raise ValueError("an odd number")
    return n // 2


layer("pairs", lambda c, x: F.linear(x.reshape(*x.shape[:-1], -1, 2), c.weight)[..., 0] + c.bias, ranks=(1, 2), sizes=None,
      params=lambda c: {"weight": (1, 2), "bias": zeros(half(c.shape[-1]))}, definition="""
layer pairs(x[*s, n]) -> y[*s, m] {
    require n % 2 == 0, "pairs needs an even number of inputs"
    where m = n / 2
    param weight[1, 2] = he_normal
    param bias[m] = zeros
    y[*s, p] = sum[k: 2](weight[0, k] * x[*s, 2*p + k]) + bias[p]
}
""")


layer("lowest", lambda c, x: -F.max_pool2d(-x, c.window), ranks=(3,), options={"window": (2, whole(1, 3))}, definition="""
layer lowest(x[c, h, w]; window = 2) -> y[c, oh, ow] {
    where oh = h / window
    where ow = w / window
    y[c, py, px] = min[ky: window, kx: window](x[c, window*py + ky, window*px + kx])
}
""")
layer("maxout", lambda c, x: (torch.einsum("oki,n...i->n...ok", c.weight, x) + c.bias).amax(-1), ranks=(1, 2), sizes=units(4),
      params=lambda c: {"weight": (c.sizes[0], c.pieces, c.shape[-1]), "bias": zeros(c.sizes[0], c.pieces)}, options={"pieces": (2, whole(3, 5))},
      definition="""
layer maxout(x[*s, i]; pieces = 2) -> y[*s, o] {
    param weight[o, k: pieces, i] = glorot_uniform
    param bias[o, k: pieces] = zeros
    z[*s, o, k] = sum[i](weight[o, k, i] * x[*s, i]) + bias[o, k]
    y[*s, o] = max[k: pieces](z[*s, o, k])
}
""")
layer("local", lambda c, x: (c.weight * x.unfold(2, 3, 1)).sum(-1), ranks=(2,), params=lambda c: {"weight": (c.shape[0], c.shape[1] - 2, 3)},
      definition="""
layer local(x[c, n]) -> y[c, m] {
    where m = n - 2
    param weight[c, m, 3] = uniform(-0.6, 0.6)
    y[c, p] = sum[k: 3](weight[c, p, k] * x[c, p + k])
}
""")
layer("causal", lambda c, x: torch.tanh(F.conv1d(F.pad(x, (c.gap, 0)), c.weight, dilation=c.gap)), ranks=(2,), sizes=units(4),
      params=lambda c: {"weight": (c.sizes[0], c.shape[0], 2)}, options={"gap": (1, one_of(2, 3, 8))}, definition="""
layer causal(x[c, t]; gap = 1) -> y[o, t] {
    param weight[o, c, 2] = glorot_uniform
    y[o, t] = tanh(sum[c, k: 2](weight[o, c, k] * pad(x[c, t + gap * k - gap], 0)))
}
""")


def grid(c, x):
    """Rows and columns in blocks of two: quotients and remainders on the right, and gathers by them."""
    wide = x.repeat_interleave(2, 1) * c.gain.repeat(x.shape[1])[:, None]
    return wide + x[:, torch.arange(2 * x.shape[1]) % x.shape[1]]


layer("grid", grid, ranks=(2,), params=lambda c: {"gain": ones(2)}, definition="""
layer grid(x[n, d]) -> y[m, d] {
    where m = 2 * n
    param gain[2] = ones
    wide[i: m, d] = x[i / 2, d] * gain[i % 2]
    y[i, d] = wide[i, d] + x[i % n, d]
}
""")


def tokens(c, x):
    """A table read by an index, and by another one; numbers of each row of it."""
    return F.embedding(x, c.weight) * F.embedding(x.flip(1), c.weight) + c.bias[x][..., None]


layer("tokens", tokens, ranks=(1,), index=True, sizes=units(4),
      params=lambda c: {"weight": (c.below, c.sizes[0]), "bias": zeros(c.below)}, definition="""
layer tokens(ids[t]: index(v)) -> y[t, d] {
    param weight[v, d] = normal(0, 1)
    param bias[v] = zeros
    y[t, d] = weight[ids[t], d] * weight[ids[size(t) - 1 - t], d] + bias[ids[t]]
}
""")
layer("distances", lambda c, x: ((x[:, :, None] - c.center[None, None])**2).sum(-1), ranks=(2,), sizes=units(4),
      params=lambda c: {"center": (c.sizes[0], c.shape[1])}, definition="""
layer distances(x[t, d]) -> y[t, k] {
    param center[k, d] = normal(0, 1)
    y[t, k] = sum[d]((x[t, d] - center[k, d])^2)
}
""")


def noisy(c, x):
    """The factor is the one that was drawn."""
    if not c.training or c.amount == 0:
        return x * c.weight
    factor = torch.where(x == 0, torch.ones(()), (c.drawn / (x * c.weight)).detach())
    c.note((factor - 1) / c.amount * math.sqrt(3), x != 0)
    return x * factor * c.weight


layer("noisy", noisy, ranks=(1, 2), params=lambda c: {"weight": ones(c.shape[-1])}, random="amount", options={"amount": (0.5, one_of(0, 0.3, 0.8))},
      definition="""
layer noisy(x[*s, i]; amount = 0.5) -> y[*s, i] {
    param weight[i] = ones
    y[*s, i] = weight[i] * (if training then x[*s, i] * (1 + amount * (2 * random() - 1)) else x[*s, i])
}
""")

# ---- optimizers, schedules, initializers


def heavy_ball(params, o):
    def rule(w, g, state, _, rate):
        state["v"] = o.friction * state.get("v", 0) - rate * g
        w += state["v"]
    return Formula(params, o.rate, rule)


def wary(params, o):
    """Slower with every step; the first one is plain."""
    def rule(w, g, state, k, rate):
        largest = torch.maximum(state.get("largest", torch.zeros_like(w)), g.abs())
        w -= rate * g / (1 if k == 1 else k**0.5) / (1 + largest)
        state["largest"] = largest
    return Formula(params, o.rate, rule)


optimizer("heavy_ball", heavy_ball, options={"rate": (None, real(0.01, 0.1)), "friction": (0.9, one_of(0.5, 0.7))}, definition="""
optimizer heavy_ball(w, g; rate, friction = 0.9) {
    state v = 0
    v <- friction * v - rate * g
    w <- w + v
}
""")
optimizer("wary", wary, options={"rate": (0.05, real(0.01, 0.1))}, definition="""
optimizer wary(w, g; rate = 0.05) {
    state largest = 0
    largest <- max(largest, abs(g))
    w <- w - rate * g / (if step == 1 then 1 else sqrt(step)) / (1 + largest)
}
""")


def patient(first, o, epochs, validation):
    rate, best, found = first, float("inf"), []
    for e in range(epochs):
        if e > 0:
            rate = rate * o.factor if validation[e - 1] >= best else rate
            best = min(best, validation[e - 1])
        found.append(rate)
    return found


schedule("halving", lambda first, o, epochs, validation: [first * 0.5**(e // o.every) for e in range(epochs)], options={"every": (10, whole(1, 4))},
         definition="""
schedule halving(start; every = 10) = start * 0.5^floor(epoch / every)
""")
schedule("patient", patient, options={"factor": (0.5, one_of(0.3, 0.8))}, definition="""
schedule patient(start; factor = 0.5) -> rate {
    state rate = start
    state best = inf
    rate <- if epoch > 0 and validation_loss >= best then rate * factor else rate
    best <- if epoch > 0 then min(best, validation_loss) else best
}
""")

initializer("small", lambda o, i, n: ("normal", 0, 0.01), definition="""
initializer small() = normal(0, 0.01)
""")
initializer("around", lambda o, i, n: ("uniform", o.c - o.spread, o.c + o.spread), options={"c": (None, real(-1, 1)), "spread": (0.1, real(0.2, 1))},
            definition="""
initializer around(c; spread = 0.1) = c + spread * (2 * random() - 1)
""")
initializer("fan_scaled", lambda o, i, n: ("uniform", -1 / i, 2 / n), definition="""
initializer fan_scaled() = uniform(-1 / fan_in, 2 / fan_out)
""")
