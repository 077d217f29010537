"""Operators over a batch: convolutions, pools, normalisations, recurrent networks. A value is one sample. The prelude's layer
stands wherever it says the same; what it has no option for is said in index notation."""
import math

import numpy

from elementwise import op
from graph import Absent, Value, number

YX = "dhw"


def spatial(g, a, array, kernel):
    """Sizes, strides, dilations, pads before and after, with auto_pad worked out."""
    sizes = list(array.shape[2:])
    rank = len(sizes)
    strides, dilations = a.get("strides", [1] * rank), a.get("dilations", [1] * rank)
    pads, reach = list(a.get("pads", [0] * (2 * rank))), [(k - 1) * d + 1 for k, d in zip(kernel, dilations)]
    auto = a.get("auto_pad", b"NOTSET").decode()
    if auto.startswith("SAME"):
        needed = [max(0, (math.ceil(e / s) - 1) * s + r - e) for e, s, r in zip(sizes, strides, reach)]
        low = [n // 2 if auto == "SAME_UPPER" else (n + 1) // 2 for n in needed]
        pads = low + [n - l for n, l in zip(needed, low)]
    up = math.ceil if a.get("ceil_mode") else math.floor
    out = [up((e + p + q - r) / s) + 1 for e, p, q, r, s in zip(sizes, pads[:rank], pads[rank:], reach, strides)]
    return rank, list(strides), list(dilations), pads, out


def alike(*lists):
    """Whether one number says it all, as the prelude's options do."""
    return all(len(set(values)) == 1 for values in lists)


def moved(i, strides, taps, dilations, pads):
    """Subscripts of what a tap reads."""
    return [f"{k}*{s} + {t}*{d} - {p}" for k, s, t, d, p in zip(i, strides, taps, dilations, pads)]


# ---- convolutions

@op("Conv")
def conv(g, a, values, node):
    x, w = values[0].data, values[1].data
    bias = values[2].data if len(values) > 2 else numpy.zeros(len(w))
    kernel = list(w.shape[2:])
    rank, strides, dilations, pads, out = spatial(g, a, x, kernel)
    v, groups = g.sampled(x), a.get("group", 1)
    if groups == 1 and rank in (1, 2) and alike(kernel, strides, dilations, pads):
        options = f"kernel = {kernel[0]}, stride = {strides[0]}, padding = {pads[0]}, dilation = {dilations[0]}"
        return [g.layer(f"conv{rank}d({options})", v, [len(w), *out], f"[{len(w)}]", weight=w, bias=bias)]
    weight, taps, per_group = Value(w.shape, data=w), [f"k{k}" for k in range(rank)], len(w) // groups

    def right(i):
        ranges = ", ".join(f"{t}: {e}" for t, e in zip(["c", *taps], [w.shape[1], *kernel]))
        channel = "c" if groups == 1 else f"{i[0]} / {per_group} * {w.shape[1]} + c"
        read = g.at(v, [channel, *moved(i[1:], strides, taps, dilations, pads)])
        return f"sum[{ranges}]({g.at(weight, [i[0], 'c', *taps])} * pad({read}, 0)) + {g.at(Value(bias.shape, data=bias), i[:1])}"
    return [constant_inputs(g, lambda: g.equation([len(w), *out], right))]


def constant_inputs(g, make):
    """Inputs that are made on the way have the same numbers for every sample."""
    before = len(g.declared)
    made = make()
    g.declared[before:] = [(line, numpy.repeat(array[:1], g.samples, 0)) for line, array in g.declared[before:]]
    return made


@op("ConvTranspose")
def conv_transpose(g, a, values, node):
    """Each element stamps the kernel onto the whole, of which a part is taken."""
    x, w = values[0].data, values[1].data
    bias = values[2].data if len(values) > 2 else numpy.zeros(w.shape[1])
    kernel, rank = list(w.shape[2:]), x.ndim - 2
    strides, dilations = a.get("strides", [1] * rank), a.get("dilations", [1] * rank)
    more = a.get("output_padding", [0] * rank)
    whole = [s * (e - 1) + o + (k - 1) * d + 1 for e, s, o, k, d in zip(x.shape[2:], strides, more, kernel, dilations)]
    pads = list(a.get("pads", [0] * (2 * rank)))
    wanted = list(a["output_shape"])[-rank:] if "output_shape" in a else None
    if a.get("auto_pad", b"NOTSET") != b"NOTSET":
        wanted = [e * s for e, s in zip(x.shape[2:], strides)]
    if wanted:
        cut = [max(0, n - e) for n, e in zip(whole, wanted)]
        low = [c // 2 if a.get("auto_pad") == b"SAME_UPPER" else (c + 1) // 2 for c in cut]
        if "auto_pad" not in a:
            low = [c // 2 for c in cut]
        pads, more = low + [c - l for c, l in zip(cut, low)], [0 if e <= n else e - n for n, e in zip(whole, wanted)]
        whole = [max(n, e) for n, e in zip(whole, wanted)]
    out = [n - p - q for n, p, q in zip(whole, pads[:rank], pads[rank:])]
    v, count = g.sampled(x), w.shape[1]
    if rank == 2 and alike(kernel, strides, pads, more) and set(dilations) == {1}:
        options = f"kernel = {kernel[0]}, stride = {strides[0]}, padding = {pads[0]}, output_padding = {more[0]}"
        return [g.layer(f"transposed_conv2d({options})", v, [count, *out], f"[{count}]", weight=w, bias=bias)]
    letters, taps = [f"i{k}" for k in range(rank)], [f"k{k}" for k in range(rank)]
    to = ", ".join(f"{i}*{s} + {t}*{d}" for i, s, t, d in zip(letters, strides, taps, dilations))
    sizes = [f"{c}{k}" for c in "nw" for k in range(rank)]
    name = g.fresh("stamp")
    g.define(f"""layer {name}(x[c, {', '.join(sizes[:rank])}]) -> full[f, {', '.join(f'm{k}' for k in range(rank))}] {{
    {chr(10).join(f'    where m{k} = {n}' for k, n in enumerate([s * (e - 1) + (k - 1) * d + 1 for e, s, k, d in
                  zip(x.shape[2:], strides, kernel, dilations)])).strip()}
    param weight[c, f, {', '.join(f'k{k}: {n}' for k, n in enumerate(kernel))}] = zeros
    full[f, {to}] += sum[c](weight[c, f, {', '.join(taps)}] * x[c, {', '.join(letters)}])
}}""")
    full = g.layer(name, v, [count, *whole], f"[{count}]", weight=w)
    return [g.equation([count, *out], lambda i: f"pad({g.at(full, [i[0], *(f'{k} + {p}' for k, p in zip(i[1:], pads))])}, 0)")]


# ---- pools

def pool(g, a, values, kind):
    x, kernel = values[0].data, list(a["kernel_shape"])
    rank, strides, dilations, pads, out = spatial(g, a, x, kernel)
    v = g.sampled(x)
    counts = kind == "max" or a.get("count_include_pad", 0) or not any(pads)
    if rank in (1, 2) and alike(kernel, strides, dilations, pads) and dilations[0] == 1 and counts and not a.get("ceil_mode"):
        name, options = f"{kind}_pool{rank}d", f"window = {kernel[0]}, stride = {strides[0]}, padding = {pads[0]}"
        return g.layer(f"{name}({options})", v, [x.shape[1], *out])
    taps = [f"k{k}" for k in range(rank)]
    ranges = ", ".join(f"{t}: {e}" for t, e in zip(taps, kernel))

    def read(i):
        return g.at(v, [i[0], *moved(i[1:], strides, taps, dilations, pads)])
    if kind == "max":
        return g.equation([x.shape[1], *out], lambda i: f"max[{ranges}](pad({read(i)}, -inf))")
    total = g.equation([x.shape[1], *out], lambda i: f"sum[{ranges}](pad({read(i)}, 0))")
    if counts and not a.get("ceil_mode"):
        return g.elementwise(f"{{0}} / {math.prod(kernel)}", total)

    def inside(i):
        places = moved(i[1:], strides, taps, dilations, pads)
        return " and ".join(f"{p} >= 0 and {p} < {e}" for p, e in zip(places, x.shape[2:]))
    return g.equation([x.shape[1], *out], lambda i: f"{g.at(total, i)} / sum[{ranges}](if {inside(i)} then 1 else 0)")


@op("MaxPool")
def max_pool(g, a, values, node):
    if len(node.output) > 1:
        raise Absent("which element was the largest: a reduction gives its value alone")
    return [pool(g, a, values, "max")]


@op("AveragePool")
def average_pool(g, a, values, node):
    return [pool(g, a, values, "avg")]


@op("GlobalAveragePool", "GlobalMaxPool")
def global_pool(g, a, values, node):
    x = values[0].data
    name = {"GlobalAveragePool": "global_avg_pool", "GlobalMaxPool": "global_max_pool"}[node.op_type]
    return [g.layer(name, g.sampled(x), [x.shape[1]])]


@op("Upsample", "Resize")
def upsample(g, a, values, node):
    """Whole factors, each element a block."""
    x, scales = values[0].data, values[-1].data if node.op_type == "Upsample" else None if values[2] is None else values[2].data
    nearest = a.get("mode", b"nearest") == b"nearest" and a.get("coordinate_transformation_mode", b"half_pixel") == b"half_pixel"
    if not nearest or scales is None or any(s != int(s) for s in scales) or "nearest_mode" in a:
        raise Absent("interpolation: the prelude's upsample2d repeats elements by whole factors")
    factors = [int(s) for s in scales[2:]]
    v = g.sampled(x)
    out = [x.shape[1], *(e * f for e, f in zip(x.shape[2:], factors))]
    if alike(factors):
        return [g.layer(f"upsample2d(factor = {factors[0]})", v, out)]
    return [g.equation(out, lambda i: g.at(v, [i[0], *(f"{k} / {f}" for k, f in zip(i[1:], factors))]))]


# ---- normalisation

@op("BatchNormalization")
def batch_norm(g, a, values, node):
    if a.get("training_mode"):
        raise Absent("statistics of the batch: training.py runs it")
    x, scale, bias, mean, var = (v.data for v in values)
    return [g.layer(f"batch_norm(epsilon = {number(a.get('epsilon', 1e-5))})", g.sampled(x), x.shape[1:], weight=scale, bias=bias,
                    running_mean=mean, running_var=var)]


@op("InstanceNormalization")
def instance_norm(g, a, values, node):
    x, scale, bias = (v.data for v in values)
    options = f"groups = {x.shape[1]}, epsilon = {number(a.get('epsilon', 1e-5))}"
    return [g.layer(f"group_norm({options})", g.sampled(x), x.shape[1:], weight=scale, bias=bias)]


# ---- recurrent networks: x [t, n, i], or [n, t, i] with layout = 1; one direction

def sequence(g, a, values, gates):
    """The input, and the weights and biases of the gates in this order; sizes."""
    if a.get("direction", b"forward") != b"forward" or any(k in a for k in ("activations", "clip")):
        raise Absent("other directions and activations than the usual")
    given = [None if v is None else v.data for v in values] + [None] * 8
    x, w, r, b, lengths = given[:5]
    if any(v is not None and v.any() for v in given[5:7]):
        raise Absent("a first state that is not 0")
    x = x if a.get("layout") else x.swapaxes(0, 1)
    if lengths is not None and (lengths != x.shape[1]).any():
        raise Absent("sequences of different lengths")
    n = a["hidden_size"]
    b = numpy.zeros((1, 2 * len(gates) * n)) if b is None else b
    order = numpy.concatenate([numpy.arange(k * n, k * n + n) for k in gates])
    return g.sampled(x), n, [w[0][order], r[0][order], b[0, :len(order)][order], b[0, len(order):][order]], given[7]


NAMES = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")


def recurrent(g, a, layer, v, n, tensors):
    """Y, and what it is at last."""
    h = g.layer(layer, v, [v.shape[0], n], f"[{n}]", **dict(zip(NAMES, tensors)))
    return [h, g.layer("last", h, [n])]


@op("RNN")
def rnn(g, a, values, node):
    v, n, tensors, _ = sequence(g, a, values, [0])
    return recurrent(g, a, "simple_rnn", v, n, tensors)


GRU = """layer onnx_gru(x[t, i]) -> h[t, j] {
    param weight_ih[3*j, i] = zeros
    param weight_hh[3*j, j] = zeros
    param bias_ih[3*j] = zeros
    param bias_hh[3*j] = zeros
    a[t, g: 3*j] = sum[i](weight_ih[g, i] * x[t, i]) + bias_ih[g] + bias_hh[g]
    r[t, j] = sigmoid(a[t, j] + sum[k: j](weight_hh[j, k] * pad(h[t - 1, k], 0)))
    z[t, j] = sigmoid(a[t, j + size(j)] + sum[k: j](weight_hh[j + size(j), k] * pad(h[t - 1, k], 0)))
    n[t, j] = tanh(a[t, j + 2*size(j)] + sum[k: j](weight_hh[j + 2*size(j), k] * r[t, k] * pad(h[t - 1, k], 0)))
    h[t, j] = (1 - z[t, j]) * n[t, j] + z[t, j] * pad(h[t - 1, j], 0)
}"""


@op("GRU")
def gru(g, a, values, node):
    """ONNX resets the state before the product unless it is told to do as the prelude's, and PyTorch's, does."""
    v, n, tensors, _ = sequence(g, a, values, [1, 0, 2])
    if a.get("linear_before_reset"):
        return recurrent(g, a, "gru", v, n, tensors)
    g.define(GRU)
    return recurrent(g, a, "onnx_gru", v, n, tensors)


PEEPHOLES = """layer peephole_lstm(x[t, i]) -> h[t, j] {
    param weight_ih[4*j, i] = zeros
    param weight_hh[4*j, j] = zeros
    param bias_ih[4*j] = zeros
    param bias_hh[4*j] = zeros
    param peephole[3*j] = zeros
    a[t, g: 4*j] = sum[i](weight_ih[g, i] * x[t, i]) + bias_ih[g] + sum[k: j](weight_hh[g, k] * pad(h[t - 1, k], 0)) + bias_hh[g]
    c[t, j] = sigmoid(a[t, j + size(j)] + peephole[j + 2*size(j)] * pad(c[t - 1, j], 0)) * pad(c[t - 1, j], 0)
            + sigmoid(a[t, j] + peephole[j] * pad(c[t - 1, j], 0)) * tanh(a[t, j + 2*size(j)])
    h[t, j] = sigmoid(a[t, j + 3*size(j)] + peephole[j + size(j)] * c[t, j]) * tanh(c[t, j])
}"""


@op("LSTM")
def lstm(g, a, values, node):
    v, n, tensors, peepholes = sequence(g, a, values, [0, 2, 3, 1])
    if peepholes is None:
        return recurrent(g, a, "lstm", v, n, tensors)
    g.define(PEEPHOLES)
    found = recurrent(g, a, "peephole_lstm", v, n, tensors)
    g.tensors[found[0].name + ".peephole"] = peepholes[0]
    return found


def sequence_result(a, name, array):
    """What ONNX gives for a sequence, a row for each sample."""
    if name == 0:   # Y: [t, directions, n, j] or [n, t, directions, j]
        return array.squeeze(2) if a.get("layout") else array.squeeze(1).swapaxes(0, 1)
    return array.squeeze(1) if a.get("layout") else array.squeeze(0)
