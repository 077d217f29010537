"""Operators that work on each element, or reduce over some axes."""
import numpy

from graph import Absent, Value, number

OPS = {}   # {operator: f(writer, attributes, values, node) -> list of values}


def op(*names):
    def add(f):
        OPS.update({name: f for name in names})
        return f
    return add


# ---- one element

FUNCTIONS = {   # operator: the .nn for {0}, and attributes
    "Abs": "abs({0})", "Neg": "-{0}", "Floor": "floor({0})", "Ceil": "-floor(-{0})", "Exp": "exp({0})", "Log": "log({0})", "Sqrt": "sqrt({0})",
    "Sin": "sin({0})", "Cos": "cos({0})", "Tan": "sin({0}) / cos({0})", "Sinh": "(exp({0}) - exp(-{0})) / 2", "Cosh": "(exp({0}) + exp(-{0})) / 2",
    "Asinh": "sign({0}) * log(abs({0}) + sqrt({0}^2 + 1))", "Acosh": "log({0} + sqrt({0}^2 - 1))",
    "Atanh": "(log1p({0}) - log1p(-{0})) / 2", "Reciprocal": "1 / {0}", "Sign": "sign({0})", "Not": "not {0}", "Erf": "erf({0})",
    "Round": "if ({0} + 0.5) % 2 == 1 then floor({0} + 0.5) - 1 else floor({0} + 0.5)",   # a half goes to the even number
    "ThresholdedRelu": "if {0} > {alpha} then {0} else 0", "HardSigmoid": "max(0, min(1, {alpha} * {0} + {beta}))",
    "Identity": "{0}",
}
DEFAULTS = {"ThresholdedRelu": {"alpha": 1}, "HardSigmoid": {"alpha": 0.2, "beta": 0.5}}


@op(*FUNCTIONS)
def function(g, a, values, node):
    numbers = {k: number(a.get(k, v)) for k, v in DEFAULTS.get(node.op_type, {}).items()}
    text = FUNCTIONS[node.op_type].replace("{0}", "\0")
    for k, v in numbers.items():
        text = text.replace("{" + k + "}", v)
    return [g.elementwise(text.replace("\0", "{0}"), values[0])]


PRELUDE = {   # operator: activation of the prelude, its option, the attribute, ONNX's default
    "Relu": ("relu", None, None, None), "Sigmoid": ("sigmoid", None, None, None), "Tanh": ("tanh", None, None, None),
    "Softplus": ("softplus", None, None, None), "Softsign": ("softsign", None, None, None), "HardSwish": ("hard_swish", None, None, None),
    "Elu": ("elu", "alpha", "alpha", 1.0), "Celu": ("celu", "alpha", "alpha", 1.0), "LeakyRelu": ("leaky_relu", "slope", "alpha", 0.01),
}


@op(*PRELUDE)
def activation(g, a, values, node):
    name, option, attribute, default = PRELUDE[node.op_type]
    given = f"({option} = {number(a.get(attribute, default))})" if option else ""
    g.real(values[0])
    return [g.layer(name + given, values[0], values[0].shape)]


@op("Selu")
def selu(g, a, values, node):
    """With ONNX's constants, which are an option there, it is the prelude's up to their digits."""
    if not a:
        return [g.layer("selu", values[0], values[0].shape)]
    return [g.elementwise(f"{number(a['gamma'])} * (if {{0}} > 0 then {{0}} else {number(a['alpha'])} * expm1({{0}}))", values[0])]


@op("Shrink")
def shrink(g, a, values, node):
    bias, limit = number(a.get("bias", 0)), number(a.get("lambd", 0.5))
    return [g.elementwise(f"if {{0}} < -{limit} then {{0}} + {bias} else if {{0}} > {limit} then {{0}} - {bias} else 0", values[0])]


@op("PRelu")
def prelu(g, a, values, node):
    return [g.elementwise("if {0} > 0 then {0} else {1} * {0}", *values)]


@op("Clip")
def clip(g, a, values, node):
    text, given = "{0}", [values[0]]
    for f, v in zip(("max", "min"), values[1:]):
        if v is not None:
            text = f"{f}({text}, {{{len(given)}}})"
            given.append(v)
    return [g.elementwise(text, *given)]


@op("IsInf")
def is_inf(g, a, values, node):
    up, down = a.get("detect_positive", 1), a.get("detect_negative", 1)
    return [g.elementwise("abs({0}) == inf" if up and down else "{0} == inf" if up else "-{0} == inf", values[0])]


@op("Cast", "CastLike")
def cast(g, a, values, node):
    if values[0].whole or node.op_type == "CastLike" or a["to"] not in (1, 11):
        raise Absent("conversions between kinds of numbers: a network has one kind")
    return [values[0]]


@op("Dropout")
def dropout(g, a, values, node):
    """Outside of training the prelude's changes nothing, and nothing is masked."""
    training = len(values) > 2 and values[2] is not None and values[2].data
    rate = values[1].data if len(values) > 1 and values[1] is not None else a.get("ratio", 0.5)
    if training and rate > 0:
        raise Absent("another draw from another generator")
    y = g.layer(f"dropout(rate = {number(rate)})", values[0], values[0].shape)
    return [y, g.elementwise("if {0} == {1} then 1 else 0", y, values[0])]


# ---- two elements and more

BINARY = {
    "Add": "{0} + {1}", "Sub": "{0} - {1}", "Mul": "{0} * {1}", "Div": "{0} / {1}", "Pow": "{0} ^ {1}", "And": "{0} and {1}", "Or": "{0} or {1}",
    "Xor": "{0} != {1}", "Equal": "{0} == {1}", "Greater": "{0} > {1}", "Less": "{0} < {1}", "GreaterOrEqual": "{0} >= {1}",
    "LessOrEqual": "{0} <= {1}", "PRelu": None, "Where": "if {0} then {1} else {2}",
}


@op(*(name for name, text in BINARY.items() if text))
def binary(g, a, values, node):
    text = BINARY[node.op_type]
    whole = all(v.data is not None and v.data.dtype.kind in "iu" for v in values[:2])
    if node.op_type == "Div" and whole:
        text = "floor({0} / {1})"   # none of them is negative
    found = g.elementwise(text, *values)
    if node.op_type == "Pow" and values[0].whole:
        return [g.elementwise("floor({0} + 0.5)", found)]
    return [found]


@op("Mod")
def mod(g, a, values, node):
    return [g.elementwise("sign({0}) * (abs({0}) % abs({1}))" if a.get("fmod") else "{0} % {1}", *values)]


@op("Max", "Min", "Sum", "Mean")
def several(g, a, values, node):
    found = values[0]
    for v in values[1:]:
        found = g.elementwise({"Max": "max({0}, {1})", "Min": "min({0}, {1})"}.get(node.op_type, "{0} + {1}"), found, v)
    if node.op_type == "Mean" or len(values) == 1:
        return [g.elementwise(f"{{0}} / {len(values)}", found)]
    return [found]


# ---- over axes

REDUCED = {"ReduceSum": ("sum", "{}"), "ReduceMean": ("mean", "{}"), "ReduceMax": ("max", "{}"), "ReduceMin": ("min", "{}"),
           "ReduceProd": ("prod", "{}"), "ReduceL1": ("sum", "abs({})"), "ReduceL2": ("sum", "({})^2"), "ReduceSumSquare": ("sum", "({})^2"),
           "ReduceLogSum": ("sum", "{}"), "ReduceLogSumExp": ("sum", "exp({})")}
AFTER = {"ReduceL2": "sqrt({})", "ReduceLogSum": "log({})", "ReduceLogSumExp": "log({})"}


def over(g, v, axes, right, keep):
    """right(subscripts of v, ranges): a reduction over these axes."""
    shape = [1 if k in axes else e for k, e in enumerate(v.shape)]
    ranges = ", ".join(f"r{k}: {v.shape[k]}" for k in axes)
    found = g.equation(shape, lambda i: right([f"r{k}" if k in axes else i[k] for k in range(len(shape))], ranges))
    return found if keep else g.reshape(found, [e for k, e in enumerate(shape) if k not in axes])


def axes_of(a, values, rank):
    given = values[1].data if len(values) > 1 and values[1] is not None else a.get("axes")
    if given is None or len(given) == 0:
        return [] if a.get("noop_with_empty_axes") else list(range(rank))
    return sorted(int(k) % rank for k in numpy.atleast_1d(given))


@op(*REDUCED)
def reduce(g, a, values, node):
    v, (kind, inner), outer = values[0], REDUCED[node.op_type], AFTER.get(node.op_type, "{}")
    axes = axes_of(a, values, len(v.shape))
    if not axes:
        return [g.elementwise("{0}", v)]
    return [over(g, v, axes, lambda subs, ranges: outer.format(f"{kind}[{ranges}]({inner.format(g.at(v, subs))})"), a.get("keepdims", 1))]


def position(g, v, axis, kind, last):
    """The first or last index along the axis where the extreme is reached."""
    top = over(g, v, [axis], lambda subs, ranges: f"{kind}[{ranges}]({g.at(v, subs)})", True)
    pick, none = ("max", "-1") if last else ("min", "inf")

    def right(subs, ranges):
        there = g.at(top, ["0" if k == axis else s for k, s in enumerate(subs)])
        return f"{pick}[{ranges}](if {g.at(v, subs)} == {there} then r{axis} else {none})"
    return over(g, v, [axis], right, True)


@op("ArgMax", "ArgMin")
def arg(g, a, values, node):
    v = values[0]
    axis = a.get("axis", 0) % len(v.shape)
    found = position(g, v, axis, node.op_type[3:].lower(), a.get("select_last_index", 0))
    return [found if a.get("keepdims", 1) else g.reshape(found, [e for k, e in enumerate(v.shape) if k != axis])]


@op("Hardmax")
def hardmax(g, a, values, node):
    v = values[0]
    axis = a.get("axis", -1) % len(v.shape)
    first = position(g, v, axis, "max", False)
    return [g.equation(v.shape, lambda i: f"if {g.spread(first, i)} == {i[axis]} then 1 else 0")]


@op("CumSum")
def cumulative(g, a, values, node):
    v = values[0]
    axis = int(values[1].data) % len(v.shape)
    sign = (">" if a.get("reverse") else "<") + ("" if a.get("exclusive") else "=")
    return [g.equation(v.shape, lambda i: f"sum[r: {v.shape[axis]}](if r {sign} {i[axis]} then "
                       f"{g.at(v, ['r' if k == axis else s for k, s in enumerate(i)])} else 0)")]


@op("Softmax", "LogSoftmax")
def softmax(g, a, values, node):
    """The prelude's goes over the last index: the axis is brought there."""
    v, name = values[0], {"Softmax": "softmax", "LogSoftmax": "log_softmax"}[node.op_type]
    axis = a.get("axis", -1) % len(v.shape)
    moved = moved_axis(g, v, axis, len(v.shape) - 1)
    return [moved_axis(g, g.layer(name, moved, moved.shape), len(v.shape) - 1, axis)]


def moved_axis(g, v, source, to):
    order = [k for k in range(len(v.shape)) if k != source]
    order.insert(to, source)
    return transposed(g, v, order)


def transposed(g, v, order):
    if order == list(range(len(v.shape))):
        return v
    return g.equation([v.shape[k] for k in order], lambda i: g.at(v, [i[order.index(k)] for k in range(len(order))]))


@op("MeanVarianceNormalization")
def normalized(g, a, values, node):
    v, axes = values[0], list(a.get("axes", [0, 2, 3]))
    mean = over(g, v, axes, lambda subs, ranges: f"mean[{ranges}]({g.at(v, subs)})", True)
    centered = g.elementwise("{0} - {1}", v, mean)
    spread = over(g, v, axes, lambda subs, ranges: f"sqrt(mean[{ranges}]({g.at(centered, subs)}^2))", True)
    return [g.elementwise("{0} / ({1} + 1e-9)", centered, spread)]


@op("LayerNormalization")
def layer_norm(g, a, values, node):
    """The prelude's, over the last index: the axes are joined. The mean and the deviation are results, too."""
    v = values[0]
    axis, epsilon = a.get("axis", -1) % len(v.shape), a.get("epsilon", 1e-5)
    n = int(numpy.prod(v.shape[axis:]))
    rows = g.reshape(v, [-1, n])
    y = g.layer(f"layer_norm(epsilon = {number(epsilon)})", rows, rows.shape, weight=values[1].data.reshape(-1),
                bias=values[2].data.reshape(-1) if len(values) > 2 else numpy.zeros(n))
    mean = over(g, rows, [1], lambda subs, ranges: f"mean[{ranges}]({g.at(rows, subs)})", True)
    inverse = over(g, rows, [1], lambda subs, ranges: f"1 / sqrt(mean[{ranges}](({g.at(rows, subs)} - {g.at(mean, [subs[0], '0'])})^2) + "
                   f"{number(epsilon)})", True)
    shape = [*v.shape[:axis], *[1] * (len(v.shape) - axis)]
    return [g.reshape(y, v.shape), g.reshape(mean, shape), g.reshape(inverse, shape)]


@op("LRN")
def lrn(g, a, values, node):
    v, size = values[0], a["size"]
    alpha, beta, bias = number(a.get("alpha", 1e-4)), number(a.get("beta", 0.75)), number(a.get("bias", 1))

    def right(i):
        near = f"pad({g.at(v, [i[0], f'{i[1]} + r - {(size - 1) // 2}', *i[2:]])}, 0)"
        return f"{g.at(v, i)} / ({bias} + {alpha} / {size} * sum[r: {size}]({near}^2)) ^ {beta}"
    return [g.equation(v.shape, right)]


# ---- products

@op("MatMul")
def matmul(g, a, values, node):
    x, y = values
    shape = [*numpy.broadcast_shapes(x.shape[:-2], y.shape[:-2]), x.shape[-2], y.shape[-1]]
    return [g.equation(shape, lambda i: f"sum[r: {x.shape[-1]}]({g.spread(x, [*i[:-1], 'r'])} * {g.spread(y, [*i[:-2], 'r', i[-1]])})")]


@op("Gemm")
def gemm(g, a, values, node):
    x, y = values[:2]
    m, n = x.shape[::-1] if a.get("transA") else x.shape, y.shape[::-1] if a.get("transB") else y.shape

    def right(i):
        first = g.at(x, ["r", i[0]] if a.get("transA") else [i[0], "r"])
        second = g.at(y, [i[1], "r"] if a.get("transB") else ["r", i[1]])
        product = f"{number(a.get('alpha', 1))} * sum[r: {m[1]}]({first} * {second})"
        return product + (f" + {number(a.get('beta', 1))} * {g.spread(values[2], i)}" if len(values) > 2 else "")
    return [g.equation([m[0], n[1]], right)]


@op("Einsum")
def einsum(g, a, values, node):
    left, right = a["equation"].decode().replace(" ", "").split("->") if b"->" in a["equation"] else (a["equation"].decode(), None)
    terms, lead = left.split(","), "ABC"
    terms = [t.replace("...", lead[:len(v.shape) - len(t) + 3]) for t, v in zip(terms, values)]
    extents = {c: e for t, v in zip(terms, values) for c, e in zip(t, v.shape)}
    letters = "".join(terms)
    right = "".join(sorted(c for c in extents if letters.count(c) == 1)) if right is None else right.replace("...", "".join(
        c for c in lead if c in extents))
    summed = ", ".join(f"{c}: {e}" for c, e in extents.items() if c not in right)

    def formula(i):
        names = dict(zip(right, i))
        product = " * ".join(g.at(v, [names.get(c, c) for c in t]) for t, v in zip(terms, values))
        return f"sum[{summed}]({product})" if summed else product
    return [g.equation([extents[c] for c in right], formula)]


# ---- losses

@op("NegativeLogLikelihoodLoss")
def nll(g, a, values, node):
    """A sum over the classes of which the target's alone counts; what is to be ignored is no class."""
    return [likelihood(g, a, *values)]


@op("SoftmaxCrossEntropyLoss")
def cross_entropy(g, a, values, node):
    logs = softmax(g, {"axis": 1}, values[:1], type(node)(op_type="LogSoftmax"))[0]
    return [likelihood(g, a, logs, *values[1:]), logs]


def likelihood(g, a, logs, target, weight=None):
    ignored = a.get("ignore_index")
    target = Value(target.shape, data=numpy.where(target.data == ignored, -1, target.data).astype(float))
    classes, shape = logs.shape[1], target.shape

    def picked(what):
        return lambda i: f"sum[c: {classes}](if {g.at(target, i)} == c then {what(i)} else 0)"

    def weight_at(i):
        return f"{g.at(weight, ['c'])}" if weight else "1"
    losses = g.equation(shape, picked(lambda i: f"-{weight_at(i)} * {g.at(logs, [i[0], 'c', *i[1:]])}"))
    kind, axes = a.get("reduction", b"mean").decode(), list(range(len(shape)))
    if kind == "none":
        return losses

    def total(v):
        return over(g, v, axes, lambda subs, ranges: f"sum[{ranges}]({g.at(v, subs)})", False)
    if kind == "sum":
        return total(losses)
    return g.elementwise("{0} / {1}", total(losses), total(g.equation(shape, picked(weight_at))))
