"""Layers of the prelude. twin(c, x) is the layer in PyTorch on a batch x [n, ...]: parameters, states and options are attributes
of the context c (twin.py); c.shape is the shape of one sample of x, c.sizes what stands in brackets."""
import math

import torch
from torch.nn import functional as F

import rounding
from rows import Default, layer, one_of, ones, real, units, whole, zeros


# ---- weights times inputs

layer("dense", lambda c, x: F.linear(x, c.weight, c.bias), sizes=units(5), weight=4,
      params=lambda c: {"weight": (c.sizes[0], c.shape[-1]), "bias": zeros(c.sizes[0])})


def filters():
    """The parameters of a convolution."""
    return lambda c: {"weight": (c.sizes[0], c.shape[0], *[c.kernel] * (len(c.shape) - 1)), "bias": zeros(c.sizes[0])}


CONV = {"kernel": (3, whole(1, 4)), "stride": (1, whole(2, 3)), "padding": (0, whole(1, 3)), "dilation": (1, whole(2, 3))}
layer("conv1d", lambda c, x: F.conv1d(x, c.weight, c.bias, c.stride, c.padding, c.dilation), ranks=(2,), sizes=units(5), params=filters(),
      options=CONV)
layer("conv2d", lambda c, x: F.conv2d(x, c.weight, c.bias, c.stride, c.padding, c.dilation), ranks=(3,), sizes=units(5), params=filters(),
      options=CONV)
layer("depthwise_conv2d", lambda c, x: F.conv2d(x, c.weight, c.bias, c.stride, c.padding, c.dilation, groups=c.shape[0]), ranks=(3,),
      params=lambda c: {"weight": (c.shape[0] * c.multiplier, 1, c.kernel, c.kernel), "bias": zeros(c.shape[0] * c.multiplier)},
      options={**CONV, "multiplier": (1, whole(2, 3))})
layer("transposed_conv2d", lambda c, x: F.conv_transpose2d(x, c.weight, c.bias, c.stride, c.padding, c.output_padding), ranks=(3,),
      sizes=units(5), params=lambda c: {"weight": (c.shape[0], c.sizes[0], c.kernel, c.kernel), "bias": zeros(c.sizes[0])},
      options={"kernel": CONV["kernel"], "stride": CONV["stride"], "padding": (0, whole(1, 2)), "output_padding": (0, whole(1, 2))})
layer("embedding", lambda c, x: F.embedding(x, c.weight), index=True, ranks=(1, 2), sizes=units(5),
      params=lambda c: {"weight": (c.below, c.sizes[0])})

# ---- pooling and resizing

POOL = {"window": (2, whole(1, 4)), "stride": ("window", whole(1, 3)), "padding": (0, whole(1, 2))}
layer("max_pool1d", lambda c, x: F.max_pool1d(x, c.window, c.stride, c.padding), ranks=(2,), options=POOL)
layer("max_pool2d", lambda c, x: F.max_pool2d(x, c.window, c.stride, c.padding), ranks=(3,), options=POOL)
layer("avg_pool1d", lambda c, x: F.avg_pool1d(x, c.window, c.stride, c.padding), ranks=(2,), options=POOL)
layer("avg_pool2d", lambda c, x: F.avg_pool2d(x, c.window, c.stride, c.padding), ranks=(3,), options=POOL)
layer("global_avg_pool", lambda c, x: x.flatten(2).mean(2) if x.dim() > 2 else x)
# adaptive_max_pool gives the first of equal elements the derivative; amax would share it.
layer("global_max_pool", lambda c, x: F.adaptive_max_pool1d(x.flatten(2), 1)[..., 0] if x.dim() > 2 else x)
layer("upsample2d", lambda c, x: F.interpolate(x, scale_factor=c.factor), ranks=(3,), options={"factor": (2, one_of(1, 3))})


# ---- shapes, several inputs

def factors(draw, shapes):
    """A shape of as many elements."""
    r = draw.r
    rest, found = math.prod(shapes[0]), []
    while rest > 1:
        found.append(r.choice([d for d in range(2, rest + 1) if rest % d == 0]))
        rest //= found[-1]
    found = found or [1]
    while len(found) > 3:
        found[-2:] = [found[-2] * found[-1]]
    if r.random() < 0.2:
        found.insert(r.randint(0, len(found)), 1)
    return found


def joined(draw, shape):
    """A shape that differs in the last dimension."""
    return [*shape[:-1], draw.scale.units(draw.r, len(shape), 4)]


layer("flatten", lambda c, x: x.flatten(1))
layer("reshape", lambda c, x: x.reshape(len(x), *c.sizes), sizes=factors)
layer("concat", lambda c, x, y: torch.cat((x, y), 1 + c.axis), inputs=2, partner=joined,
      options={"axis": (0, lambda r, shape: r.randint(0, len(shape) - 1))})


def of_one_shape(f):
    """PyTorch would spread a smaller one."""
    def run(c, x, y):
        if x.shape != y.shape:
            raise ValueError("two shapes")
        return f(x, y)
    return run


layer("add", of_one_shape(torch.add), inputs=2, partner=lambda draw, shape: shape)
layer("multiply", of_one_shape(torch.mul), inputs=2, partner=lambda draw, shape: shape)


# ---- normalisation, regularisation

def dropout(c, x):
    """The mask is the one that was drawn: elsewhere what came out is 0."""
    if not c.training or c.rate == 0:
        return x
    kept = (c.drawn != 0) | (x == 0)
    c.note((kept.double() - (1 - c.rate)) / math.sqrt(c.rate * (1 - c.rate)), x != 0)
    return torch.where(kept, x / (1 - c.rate), torch.zeros(()))


layer("dropout", dropout, options={"rate": (0.5, one_of(0, 0, 0, 0.2, 0.6))}, random="rate")


def batch_norm(c, x):
    """PyTorch refuses a single value; its variance is 0, and nothing is learned of it."""
    if c.training and x[:, 0].numel() == 1:
        for kept, seen in ((c.running_mean, x.detach().reshape(-1)), (c.running_var, 0)):
            kept.mul_(1 - c.momentum).add_(c.momentum * seen)
        return c.bias.reshape(-1, *[1] * (x.dim() - 2)).expand(x.shape) + 0 * x
    return F.batch_norm(x, c.running_mean, c.running_var, c.weight, c.bias, c.training, c.momentum, c.epsilon)


def gains(axis, bias=True):
    def params(c):
        return {"weight": ones(c.shape[axis]), **({"bias": zeros(c.shape[axis])} if bias else {})}
    return params


layer("batch_norm", batch_norm, params=gains(0), states=lambda c: {"running_mean": zeros(c.shape[0]), "running_var": ones(c.shape[0])},
      options={"momentum": (0.1, one_of(0.3, 1)), "epsilon": (1e-5, one_of(1e-3, 0.1))}, batched=True)
layer("layer_norm", lambda c, x: F.layer_norm(x, x.shape[-1:], c.weight, c.bias, c.epsilon), params=gains(-1),
      options={"epsilon": (1e-5, one_of(1e-3, 0.1))})
layer("rms_norm", lambda c, x: c.weight * x / torch.sqrt((x * x).mean(-1, keepdim=True) + c.epsilon), params=gains(-1, bias=False),
      options={"epsilon": (1.1920929e-7, one_of(1e-3, 0.1))})
layer("group_norm", lambda c, x: torch.group_norm(x, c.groups, c.weight, c.bias, c.epsilon), params=gains(0),
      options={"groups": (None, lambda r, shape: r.choice([g for g in range(1, shape[0] + 1) if shape[0] % g == 0])),
               "epsilon": (1e-5, one_of(1e-3, 0.1))})


# ---- elementwise, but over more than one element or with a parameter

def softmax(c, x):
    y = rounding.softmax(x, c.rounding)
    y.into_softmax = x
    return y


layer("softmax", softmax)
layer("log_softmax", lambda c, x: torch.log_softmax(x, -1))
layer("prelu", lambda c, x: F.prelu(x, c.weight), params=lambda c: {"weight": Default.of(0.25, 1)})


# ---- sequences

def positional(c, x):
    """Vaswani et al. 2017, section 3.5."""
    t, d = c.shape
    angle = torch.tensor([[p / 10000**((i - i % 2) / d) for i in range(d)] for p in range(t)])
    return x + torch.where(torch.arange(d) % 2 == 0, torch.sin(angle), torch.cos(angle))


def stacked(gates):
    """The parameters of a recurrent layer whose gates are stacked."""
    def params(c):
        j = c.sizes[0]
        return {"weight_ih": (gates * j, c.shape[1]), "weight_hh": (gates * j, j), "bias_ih": zeros(gates * j), "bias_hh": zeros(gates * j)}
    return params


def recurrent(run, gates, cell=False):
    def twin(c, x):
        h = torch.zeros(1, len(x), c.sizes[0])
        bias = c.bias_ih
        if cell:  # forget_bias is added to the second gate
            bias = bias + torch.zeros(gates, c.sizes[0]).index_fill(0, torch.tensor([1]), c.forget_bias).flatten()
        return run(x, (h, h) if cell else h, (c.weight_ih, c.weight_hh, bias, c.bias_hh), True, 1, 0.0, False, False, True)[0]
    return twin


def attention(c, x):
    rows, d = x.transpose(0, 1), c.shape[1]
    mask = torch.triu(torch.ones(len(rows), len(rows), dtype=torch.bool), 1) if c.causal else None
    return F.multi_head_attention_forward(rows, rows, rows, d, c.heads, c.in_proj_weight, c.in_proj_bias, None, None, False, 0.0,
                                          c.out_proj_weight, c.out_proj_bias, attn_mask=mask, need_weights=False)[0].transpose(0, 1)


def projections(c):
    d = c.shape[1]
    return {"in_proj_weight": (3 * d, d), "in_proj_bias": zeros(3 * d), "out_proj_weight": (d, d), "out_proj_bias": zeros(d)}


layer("positional", positional, ranks=(2,))
layer("learned_positional", lambda c, x: x + c.weight, ranks=(2,), params=lambda c: {"weight": tuple(c.shape)})
layer("simple_rnn", recurrent(torch.rnn_tanh, 1), ranks=(2,), sizes=units(5), params=stacked(1))
layer("gru", recurrent(torch.gru, 3), ranks=(2,), sizes=units(5), params=stacked(3))
layer("lstm", recurrent(torch.lstm, 4, cell=True), ranks=(2,), sizes=units(5), params=stacked(4), options={"forget_bias": (0, real(-1, 2))})
layer("last", lambda c, x: x[:, -1], ranks=(2, 3))
layer("reverse", lambda c, x: x.flip(1))
layer("attention", attention, ranks=(2,), params=projections,
      options={"heads": (1, lambda r, shape: r.choice([h for h in range(1, shape[1] + 1) if shape[1] % h == 0])),
               "causal": (False, one_of(True))})
