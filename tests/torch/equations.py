"""Random equations: expressions that are finite everywhere, and each thing that index notation can say of one or two values."""
from index import Apply, Equation, If, Index, Number, Read, Reduce, Sub

LETTERS = "ijkl"


def num(r):
    return Number(round(r.uniform(-2, 2), 2))


# ---- expressions

def apply(name, *args):
    return Apply(name, list(args))


def positive(e):
    return apply("+", apply("abs", e), Number(0.4))


UNARY = [lambda r, e: apply(r.choice(["tanh", "sigmoid", "softplus", "erf", "sin", "cos", "abs"]), e),
         lambda r, e: apply("exp", apply(r.choice(["tanh", "sin"]), e)), lambda r, e: apply("log", positive(e)),
         lambda r, e: apply("sqrt", positive(e)), lambda r, e: apply("log1p", apply("^", e, Number(2))),
         lambda r, e: apply("expm1", apply("sin", e)), lambda r, e: apply("negative", e), lambda r, e: apply("^", e, Number(r.choice([2, 3]))),
         lambda r, e: apply("stop_gradient", e), lambda r, e: apply("*", apply(r.choice(["sign", "floor"]), e), e),
         lambda r, e: apply("^", Number(1.5), apply("tanh", e)), lambda r, e: apply("/", e, Number("pi")),
         lambda r, e: apply("^", positive(e), Number(-0.5))]
BINARY = [lambda r, a, b: apply(r.choice("+-*"), a, b), lambda r, a, b: apply(r.choice(["min", "max"]), a, b),
          lambda r, a, b: apply("/", a, apply("+", Number(1), apply("^", b, Number(2)))),
          lambda r, a, b: apply("^", positive(a), apply("tanh", b)), lambda r, a, b: apply("*", apply("%", a, Number(round(r.uniform(0.5, 2), 2))), b),
          lambda r, a, b: apply("*", apply(r.choice(["<", "<=", ">", ">=", "==", "!="]), a, b), a)]


def condition(r, a, b):
    c = apply(r.choice(["<", "<=", ">", ">="]), a, b)
    if r.random() < 0.3:
        c = apply(r.choice(["and", "or"]), c, apply(">", b, num(r)))
    return apply("opposite", c) if r.random() < 0.2 else c


def expression(r, leaves, depth):
    """A tree that has all the leaves; some of them more than once."""
    if len(leaves) > 1:
        cut = r.randint(1, len(leaves) - 1)
        a, b = expression(r, leaves[:cut], depth - 1), expression(r, leaves[cut:], depth - 1)
        if depth > 0 and r.random() < 0.2:
            return If(condition(r, a, b), b, a)
        return r.choice(BINARY)(r, a, b)
    if depth <= 0:
        return leaves[0]
    kind = r.random()
    if kind < 0.5:
        return r.choice(UNARY)(r, expression(r, leaves, depth - 1))
    if kind < 0.8:
        return r.choice(BINARY)(r, expression(r, leaves, depth - 1), r.choice([num(r), leaves[0]]))
    return If(condition(r, leaves[0], num(r)), expression(r, leaves, depth - 1), expression(r, leaves, depth - 2))


def whole(draw, names, depth):
    return expression(draw.r, [Read(name) for name in names], depth)


# ---- index notation

def at(*subs):
    """Subscripts: names of indices, or what stands there itself."""
    return [Sub({s: 1}) if isinstance(s, str) else s for s in subs]


def letters(rank):
    return list(LETTERS[:rank])


def open_ranges(names, shape):
    """Indices whose extent follows from where they stand."""
    return [[name, extent, False] for name, extent in zip(names, shape)]


def mapped(draw, value, shape):
    """y[i, j] = f(a[i, j], numbers, indices as numbers)."""
    names = letters(len(shape))
    leaves = [Read(value, at(*names))]
    if draw.r.random() < 0.6:
        leaves.append(apply("*", Number(0.3), Index(draw.r.choice(names))))
    if draw.r.random() < 0.3:
        leaves.append(Index(draw.r.choice(names), size=True))
    return open_ranges(names, shape), expression(draw.r, leaves, 3)


def mixed(draw, value, shape):
    """Reads of other elements of the same value: mirrored, the first, the last."""
    r, names = draw.r, letters(len(shape))
    others = [r.choice([Sub({k: -1}, extent - 1), Sub({}, 0), Sub({}, extent - 1), Sub({k: 1})]) for k, extent in zip(names, shape)]
    return open_ranges(names, shape), expression(r, [Read(value, at(*names)), Read(value, others)], 2)


def transposed(draw, value, shape):
    names = letters(len(shape))
    order = draw.r.sample(range(len(shape)), len(shape))
    ranges = [[names[k], shape[k], False] for k in order]
    return ranges, expression(draw.r, [Read(value, at(*names))], 2)


def reduced(draw, value, shape):
    """Over some of the indices: y[i] = sum[j](f(a[i, j]))."""
    r, names = draw.r, letters(len(shape))
    kept = [k for k in range(len(shape)) if r.random() < 0.5]
    if len(kept) == len(shape):
        kept.pop()
    inner = expression(r, [Read(value, at(*names)), *([apply("*", Number(0.2), Index(r.choice(names)))] if r.random() < 0.4 else [])], 2)
    value = Reduce(r.choice(["sum", "mean", "max", "min", "prod"]),
                   [[names[k], shape[k], False] for k in range(len(shape)) if k not in kept], inner)
    if kept and r.random() < 0.5:
        value = expression(r, [value], 1)
    return [[names[k], shape[k], False] for k in kept], value


def strided(draw, value, shape):
    """y[i: n] = f(a[s*i + k])."""
    r, names = draw.r, letters(len(shape))
    stride = r.randint(1, 3)
    add = r.randint(0, shape[-1] - 1)
    extent = (shape[-1] - 1 - add) // stride + 1
    subs = at(*names[:-1], Sub({names[-1]: stride}, add))
    return [*open_ranges(names[:-1], shape), [names[-1], extent, True]], expression(r, [Read(value, subs)], 2)


def padded(draw, value, shape):
    """A window: y[.., i] = sum[k: 3](pad(a[.., i + k - 1], p) * f(k))."""
    r, names = draw.r, letters(len(shape))
    window, shift = r.randint(1, 3), r.randint(0, 2)
    read = Read(value, at(*names[:-1], Sub({names[-1]: 1, "w": 1}, -shift)), pad=r.choice([0, 0, 1, -0.5]))
    inner = expression(r, [read, apply("+", Number(0.5), Index("w"))], 1)
    extent = r.choice([shape[-1], max(1, shape[-1] - 1), shape[-1] + 1])
    return ([*open_ranges(names[:-1], shape), [names[-1], extent, True]],
            Reduce(r.choice(["sum", "mean", "max", "min", "prod"]), [["w", window, True]], inner))


def divided(draw, value, shape):
    """Elements several times over: a[i / 2], or in turns: a[i % n]."""
    r, names = draw.r, letters(len(shape))
    times = r.randint(2, 3)
    sub = Sub({names[0]: 1}, divide=times) if r.random() < 0.5 else Sub({names[0]: 1}, remain=shape[0])
    return ([[names[0], shape[0] * times, True], *open_ranges(names[1:], shape[1:])],
            expression(r, [Read(value, at(sub, *names[1:]))], 2))


def outer(draw, value, shape):
    """y[i, j] = f(a[.., i], a[.., j])."""
    r, names = draw.r, letters(len(shape) + 1)
    first, second = at(*names[:-1]), at(*names[:-2], names[-1])
    return ([*open_ranges(names[:-1], shape), [names[-1], shape[-1], False]],
            expression(r, [Read(value, first), Read(value, second)], 1))


def contracted(draw, value, shape):
    """y[.., i, j] = sum[k](a[.., k, i] a[.., k, j]): a product with itself."""
    r, names = draw.r, letters(len(shape) - 1)
    lead, rows = names[:-1], shape[:-2]
    ranges = [*open_ranges(lead, rows), ["i2", shape[-1], False], ["j2", shape[-1], False]]
    inner = apply("*", Read(value, at(*lead, "k2", "i2")), expression(r, [Read(value, at(*lead, "k2", "j2"))], 1))
    return ranges, Reduce("sum", [["k2", shape[-2], False]], inner)


def recurrence(step):
    """h[t, ...] = f(a[t, ...], h[t - k, ...]), or backwards from h[t + k, ...]."""
    def make(draw, value, shape):
        r, names = draw.r, letters(len(shape))
        before = Read(draw.own, at(Sub({names[0]: 1}, -step * r.choice([1, 1, 2])), *names[1:]), pad=r.choice([0, 0, 0.5]))
        if len(shape) > 1 and r.random() < 0.3:
            before = Reduce("mean", [["m", shape[-1], False]], Read(draw.own, [*before.subs[:-1], Sub({"m": 1})], before.pad))
        bounded = apply(r.choice(["tanh", "sin"]), expression(r, [Read(value, at(*names)), before], 1))
        ranges = open_ranges(names, shape)
        for given in ranges:
            given[2] = True
        return ranges, bounded
    return make


def place(draw, extent, *subs):
    """Which one of so many, as data say: at[m]; or at[at[m]]."""
    given = draw.places
    given.below = draw.r.randint(1, extent)
    read = Read(given.name, at(*subs))
    return Read(given.name, [read]) if subs and given.below <= given.shape[0] and draw.r.random() < 0.3 else read


def gathered(draw, value, shape):
    """y[m, ..] = f(a[at[m], ..], a[0, ..]), along any dimension."""
    r, names = draw.r, letters(len(shape))
    d, others = r.randrange(len(shape)), draw.r.random() < 0.5
    subs, index = at(*names), ["m"] if draw.places.shape else []
    leaves = [Read(value, [place(draw, shape[d], *index) if k == d else s for k, s in enumerate(subs)])]
    if others:
        leaves.append(Read(value, [Sub({}, r.randrange(shape[d])) if k == d else s for k, s in enumerate(subs)]))
    left = open_ranges(names, shape)
    left[d:d + 1] = [[name, draw.places.shape[0], False] for name in index]
    return left, expression(r, leaves, 2)


def gathered_steps(draw, value, shape):
    """h[t, k] = f(a[t, at[t]], h[t - 1, at[t]]), one of the two also at k."""
    r, (t, k) = draw.r, letters(2)
    draw.places.shape = shape[:1]
    where = place(draw, shape[1], t)
    which = r.choice([(where, k), (k, where), (where, where)])
    before = Read(draw.own, [Sub({t: 1}, -1), *at(*which[1:])], pad=r.choice([0, 0.5]))
    bounded = apply("tanh", expression(r, [Read(value, at(t, which[0])), before], 1))
    return [[t, shape[0], True], [k, shape[1], True]], bounded


def equation(make, ranks, recent=0):
    """Adds one, of a value of one of these ranks; of the last such one as often as `recent` says."""
    def add(draw):
        def found():
            return draw.values(lambda shape: len(shape) in ranks)
        for _ in range(8):
            if not found():
                draw.layer("reshape")
        for _ in range(8):
            if not found():
                return False
            value = found()[-1] if draw.r.random() < recent else draw.r.choice(found())
            draw.own = draw.name()
            left, right = make(draw, value, draw.shape(value))
            if draw.add(Equation(draw.own, right, left)):
                draw.show(value)
                return bool(left) or scale(draw, value, draw.own)
        return False
    return add


def of_steps(add):
    """The same, mostly with values around that a recurrence has made."""
    def make(draw):
        kind = draw.r.choice(["simple_rnn", "gru", "lstm", None])
        if kind and (len(draw.shape()) == 2 or draw.layer("reshape")):
            draw.layer(kind)
        return add(draw)
    return make


def scale(draw, value, scalar):
    """After an equation that gives one number: a value times it, so that layers can go on."""
    return draw.add(Equation(draw.name(), apply("*", Read(value), apply("tanh", Read(scalar)))))


EQUATIONS = {
    "equation: elementwise": equation(mapped, (1, 2, 3)), "equation: mirrored, first, last": equation(mixed, (1, 2, 3)),
    "equation: transposed": equation(transposed, (2, 3)), "equation: reduced": equation(reduced, (1, 2, 3)),
    "equation: strided": equation(strided, (1, 2, 3)), "equation: padded window": equation(padded, (1, 2, 3)),
    "equation: divided subscripts": equation(divided, (1, 2)), "equation: outer": equation(outer, (1, 2)),
    "equation: contracted": equation(contracted, (2, 3)), "equation: recurrence": equation(recurrence(1), (1, 2)),
    "equation: recurrence backwards": equation(recurrence(-1), (1, 2)),
    "equation: gathered": of_steps(equation(gathered, (1, 2, 3), 0.7)),
    "equation: gathered in a recurrence": of_steps(equation(gathered_steps, (2,), 0.7)),
}
