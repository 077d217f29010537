"""From a network that fails to the smallest that still fails alike: one thing is left out or made smaller at a time, as long as any
of that leaves a failure."""
import re
import time

from compare import draw_point
from index import Apply, Equation, If, Number, Read, Reduce, children
from rows import ACTIVATIONS, LAYERS, LOSSES
from spec import Call, Input, Layer, Repeat, Value, statements
from twin import Twin

SECONDS = 90


def reduce(net, problems, apart, seconds=SECONDS):
    """apart(net) gives the problems of a network; those wanted are of the kind that the first has."""
    end, kind = time.monotonic() + seconds, kind_of(problems)
    smaller = True
    while smaller and time.monotonic() < end:
        smaller = False
        for candidate in candidates(net):
            if time.monotonic() > end:
                break
            if valid(candidate) and kind_of(apart(candidate)) == kind:
                net, smaller = candidate, True
                break
    return net


def kind_of(problems):
    """Numbers that differ are one kind, before and after training; what does not compile is of one kind with the same complaint."""
    if not problems:
        return None
    what, how = problems[0]
    if what == "compiling":
        return what, how.split()[0], re.findall(r"error:.*", how)[:1]
    return what.split(" ")[0] if what.split(" ")[0] in ("crash", "exception", "start", "sizes", "parameters", "states") else "numbers"


def valid(net):
    try:
        twin = Twin(net)
        twin.check()
        return bool(twin.params) and in_domain(net, twin)
    except Exception:  # whatever PyTorch says of shapes that don't fit
        return False


def in_domain(net, twin):
    """Whether the output is what the loss needs."""
    point = draw_point(net, twin)
    y = twin.forward(point.params, dict(point.states), point.x)
    domain = LOSSES[net.loss.name].domain
    return bool((y >= 0).all() and (y <= 1).all()) if domain == "share" else domain != "counts" or bool((y > 0).all())


# ---- what can be changed: functions that make a copy and change one thing in it

def candidates(net):
    """Copies with one thing less, the largest steps first."""
    for path in list(bodies(net)):
        yield from shorter(net, path)
    yield from later(net)
    for change in (*forms(net), *training(net), *inputs(net)):
        yield changed(net, change)
    for path, s in list(places(net)):
        for change in statement(s):
            yield changed(net, lambda copy, path=path, change=change: change(at(copy, path)))


def changed(net, change):
    copy = net.copy()
    change(copy)
    return copy


def bodies(net, path=()):
    """Paths to the lists of statements: numbers of the repeats around."""
    yield path
    body = body_at(net, path)
    for k, s in enumerate(body):
        if isinstance(s, Repeat):
            yield from bodies(net, (*path, k))


def body_at(net, path):
    body = net.body
    for k in path:
        body = body[k].body
    return body


def places(net):
    """(path, statement)."""
    for path in bodies(net):
        for k, s in enumerate(body_at(net, path)):
            yield (*path, k), s


def at(net, path):
    return body_at(net, path[:-1])[path[-1]]


def shorter(net, path):
    """Without some statements: the second half, pairs, one; what read them reads what they read. A repeat as its body."""
    body = body_at(net, path)
    for length in sorted({len(body) // 2, 3, 2, 1}, reverse=True):
        for k in range(len(body) - length, -1, -1):
            if 0 < length < len(body) + (not path):
                yield changed(net, lambda copy, k=k, length=length: [remove(copy, body_at(copy, path), k) for _ in range(length)])
    for k, s in enumerate(body):
        if isinstance(s, Repeat):
            yield changed(net, lambda copy, k=k: unfold(body_at(copy, path), k))


def later(net):
    """What a statement gives comes in as the only input: all before is gone, what reshapes too. The last statements first."""
    shapes = Twin(net).shapes
    for k in range(len(net.body) - 2, -1, -1):
        last = [net.body[k]]
        while isinstance(last[-1], Repeat):
            last.append(last[-1].body[-1])
        if shapes[last[-1].name]:
            yield changed(net, lambda copy, k=k, shape=shapes[last[-1].name]: start_after(copy, k, shape))


def start_after(net, k, shape):
    gone, x = [s for s in statements(net.body[:k + 1]) if not isinstance(s, Repeat)], Input(net.inputs[-1].name, list(shape))
    del net.body[:k + 1]
    for name in [s.name for s in gone] + [i.name for i in net.inputs]:
        rename(net, name, x.name)
    net.inputs = [x]


def unfold(body, k):
    body[k:k + 1] = body[k].body


def remove(net, body, k):
    s = body.pop(k)
    source = first_source(net, s, body, k)
    for name in ([s.name] if not isinstance(s, Repeat) else [inner.name for inner in s.body]):
        rename(net, name, source)


def first_source(net, s, body, k):
    """The name of what a removed statement read."""
    if isinstance(s, Layer) and s.sources:
        return s.sources[0]
    if isinstance(s, Equation):
        read = [name for name in s.reads() if name not in (s.name, "above")]
        if read:
            return read[0]
    before = body[k - 1] if k else net.inputs[-1]
    while isinstance(before, Repeat):
        before = before.body[-1]
    return before.name


def rename(net, old, new):
    for _, s in places(net):
        if isinstance(s, Layer):
            s.sources = [new if name == old else name for name in s.sources]
            for key in [k for k, v in s.settings.items() if isinstance(v, Value) and v.kind == "tied" and v.what[0].startswith(old + ".")]:
                del s.settings[key]
        if isinstance(s, (Layer, Equation)) and s.name == new and isinstance(s, Layer):
            s.shown = True
        if isinstance(s, Equation):
            for node in reads(s.value):
                node.name = new if node.name == old else node.name
    net.output = new if net.output == old else net.output
    net.probes = {k: v for k, v in net.probes.items() if old not in (k, v)}


def reads(node):
    if isinstance(node, Read):
        yield node
    for child in children(node):
        yield from reads(child)


# ---- settings

def setter(name, value):
    return lambda net: setattr(net, name, value)


def forms(net):
    form = net.form
    for name, value in (("real", "f64"), ("exact", False), ("compiler", "quick"), ("unroll", "none"), ("target", "scalar")):
        if getattr(form, name) != value:
            yield lambda net, name=name, value=value: setattr(net.form, name, value)


def training(net):
    for name in net.train:
        yield lambda net, name=name: net.train.pop(name)
    if net.output:
        yield setter("output", None)
    for call in ("half_squared_error", "mse"):
        if net.loss.name not in ("half_squared_error", call, "dot"):
            yield setter("loss", Call(call))
    if net.optimizer.name != "sgd":
        yield setter("optimizer", Call("sgd", {"rate": 0.1}))
    for name in ("optimizer", "loss"):
        for option in getattr(net, name).options:
            yield lambda net, name=name, option=option: getattr(net, name).options.pop(option)
    if isinstance(net.optimizer.options.get("rate"), Call):
        yield lambda net: net.optimizer.options.update(rate=0.1)
    for name, small in (("samples", 1), ("samples", net.batch), ("epochs", 1), ("epochs", 2), ("batch", 1), ("batch", 2)):
        if getattr(net, name) > small:
            yield setter(name, small)
    for name, value in net.constants.items():
        yield lambda net, name=name, value=value: inline_constant(net, name, value)


def inline_constant(net, name, value):
    del net.constants[name]
    for _, s in places(net):
        if isinstance(s, Layer):
            s.sizes = [value if v == name else v for v in s.sizes]
        if isinstance(s, Repeat) and s.times == name:
            s.times = value


def smaller_numbers(v):
    return [] if isinstance(v, str) else sorted({1, v // 2, v - 1} - {0, v})


def inputs(net):
    for k, declared in enumerate(net.inputs):
        if len(net.inputs) > 1:
            yield lambda net, k=k: net.inputs.pop(k)
        if len(declared.shape) > 1:
            yield lambda net, k=k: net.inputs[k].shape.pop()
        for d, v in enumerate(declared.shape):
            for small in smaller_numbers(v):
                yield lambda net, k=k, d=d, small=small: resize(net.inputs[k].shape, d, small)


def resize(values, k, v):
    values[k] = v


# ---- one statement

def statement(s):
    if isinstance(s, Layer):
        yield from layer_changes(s)
    if isinstance(s, Repeat):
        for small in smaller_numbers(s.times):
            yield setter("times", small)
    if isinstance(s, Equation):
        yield from equation_changes(s)


def layer_changes(s):
    if s.activation:
        yield setter("activation", None)
        for option in s.activation.options:
            yield lambda s, option=option: s.activation.options.pop(option)
        if s.activation.name != "tanh":
            yield setter("activation", Call("tanh"))
    for name in ("options", "settings"):
        for key in getattr(s, name):
            yield lambda s, name=name, key=key: getattr(s, name).pop(key)
    for key, value in s.settings.items():
        if isinstance(value, Value) and value.kind in ("file", "init", "list"):
            yield lambda s, key=key, value=value: s.settings.update({key: Value("number", 0.5, frozen=value.frozen)})
    for k, v in enumerate(s.sizes):
        for small in smaller_numbers(v):
            yield lambda s, k=k, small=small: resize(s.sizes, k, small)
    for key, v in s.options.items():
        for small in smaller_numbers(v) if isinstance(v, int) and not isinstance(v, bool) else []:
            yield lambda s, key=key, small=small: s.options.update({key: small})
    if len(s.sources) > (LAYERS[s.kind].inputs if s.kind in LAYERS else 1):
        yield lambda s: s.sources.pop()
    if s.sources and (s.kind in ACTIVATIONS or LAYERS[s.kind].inputs == 1):
        yield setter("sources", [])


def equation_changes(s):
    for path, node in expressions(s.value):
        for replacement in simpler(node):
            yield lambda s, path=path, replacement=replacement: put(s, path, replacement)


def expressions(node, path=()):
    yield path, node
    for k, child in enumerate(children(node)):
        yield from expressions(child, (*path, k))


def simpler(node):
    """A part in place of the whole; a number."""
    if isinstance(node, (Apply, If)):
        yield from children(node)
    if isinstance(node, Reduce) and node.kind != "sum":
        yield Reduce("sum", node.ranges, node.inner)
    if not isinstance(node, (Read, Number, Reduce)):
        yield Number(0.5)


def put(s, path, replacement):
    if not path:
        s.value = replacement
        return
    node = s.value
    for k in path[:-1]:
        node = children(node)[k]
    if isinstance(node, Apply):
        node.args[path[-1]] = replacement
    elif isinstance(node, If):
        setattr(node, ("condition", "yes", "no")[path[-1]], replacement)
    elif isinstance(node, Reduce):
        node.inner = replacement
