"""What braces can say of a parameter, and how it is drawn: VALUES[kind](draw) adds one to the network, and tells whether it could."""
import math

from rows import ACTIVATIONS, INITIALIZERS, LAYERS
from spec import Call, Layer, Repeat, Value, statements


def parameters(draw, accept=lambda slot: True):
    """(layer, what its braces call it, slot) for what nothing is said of yet."""
    slots = draw.twin().params if draw.net.body else {}
    return [(s, name, slots[label]) for s in statements(draw.net.body) if isinstance(s, Layer) and s.shown
            for label in slots for name in [label[len(s.name) + 1:]]
            if label.startswith(s.name + ".") and name not in s.settings and not s.settings.get("frozen") and accept(slots[label])]


def choose(draw, accept=lambda slot: True):
    """A parameter to say something of; a new layer's if there is none."""
    found = parameters(draw, accept)
    if not found:
        draw.layer("dense")
        found = parameters(draw, accept)
    return draw.r.choice(found) if found else None


def numbers(draw, shape):
    """A nested list."""
    if not shape:
        return round(draw.r.uniform(-1, 1), 3)
    return [numbers(draw, shape[1:]) for _ in range(shape[0])]


MANY = 1000   # numbers to be written into a list or a file


def few(slot):
    return slot.shape and math.prod(slot.shape) <= MANY


def setting(make, accept=lambda slot: True):
    """make(draw, slot) is the Value that a parameter is set to."""
    def add(draw):
        at = choose(draw, accept)
        if not at:
            return False
        s, name, slot = at
        s.settings[name] = make(draw, slot)
        if draw.fits():
            return True
        del s.settings[name]
        return False
    return add


def initial(draw, name, wanted=None):
    """A parameter that starts by the wished initializer."""
    row = INITIALIZERS[name]

    def make(draw, slot):
        value = Value("init", Call(name, draw.options(row, None, wanted)))
        value.frozen = name != "orthogonal" and draw.r.random() < 0.15
        return value
    return setting(make, lambda slot: len(slot.shape) >= 2)(draw)


def any_initial(draw, **more):
    row = draw.r.choice([row for row in INITIALIZERS.values() if row.name != "orthogonal"])
    return Value("init", Call(row.name, draw.options(row, None)), **more)


def small(draw):
    return round(draw.r.uniform(-1, 1), 3)


def filed(draw, slot, **more):
    return Value("file", (f"{slot.label} {draw.r.randint(1, 99)}", numbers(draw, slot.shape)), **more)


def tied(transposed):
    """Two layers with one weight."""
    def add(draw):
        if not draw.layer("dense"):
            return False
        first = draw.body[-1]
        first.shown, first.activation = True, Call("tanh")
        width = first.sizes[0]
        if transposed:
            return draw.layer("dense", sizes=[before(draw)], settings={"weight": Value("tied", (f"{first.name}.weight", True))})
        first.sizes = [before(draw)]
        return draw.fits() and draw.layer("dense", sizes=list(first.sizes),
                                          settings={"weight": Value("tied", (f"{first.name}.weight", False))})

    def before(draw):
        """The inputs of the last layer."""
        return draw.twin().whole[f"{draw.body[-1].name}.weight"][1]
    return add


def layer_setting(name, make):
    """frozen, l1, l2: of a whole layer."""
    def add(draw):
        at = choose(draw)
        if not at or any(isinstance(v, Value) and v.kind == "tied" for v in at[0].settings.values()):
            return False
        if name != "frozen" and draw.twin().randoms:
            draw.layer("dense")
            return False
        at[0].settings[name] = make(draw)
        return draw.fits()
    return add


def inner(draw):
    """A parameter of a layer that stands as an activation."""
    if not draw.layer("dense", activation=Call("prelu")):
        return False
    draw.show(draw.last())
    draw.body[-1].settings["prelu.weight"] = Value("number", small(draw))
    return draw.fits()


VALUES = {
    "number": setting(lambda draw, slot: Value("number", small(draw))),
    "list": setting(lambda draw, slot: Value("list", numbers(draw, slot.shape)), few),
    "initializer": setting(lambda draw, slot: any_initial(draw)),
    "file": setting(filed, few),
    "none": setting(lambda draw, slot: Value("none"), lambda slot: slot.default is not None),
    "tied": tied(False),
    "tied, transposed": tied(True),
    "shared(number)": setting(lambda draw, slot: Value("number", small(draw), shared=True), lambda slot: slot.shape),
    "frozen(number)": setting(lambda draw, slot: Value("number", small(draw), frozen=True)),
    "frozen(list)": setting(lambda draw, slot: Value("list", numbers(draw, slot.shape), frozen=True), few),
    "frozen(file)": setting(lambda draw, slot: filed(draw, slot, frozen=True), few),
    "frozen(initializer)": setting(lambda draw, slot: any_initial(draw, frozen=True), lambda slot: len(slot.shape) > 1),
    "frozen = yes": layer_setting("frozen", lambda draw: True),
    "l1 of a layer": layer_setting("l1", lambda draw: draw.r.choice([0.01, 0.1])),
    "l2 of a layer": layer_setting("l2", lambda draw: draw.r.choice([0.01, 0.1])),
    "of a layer in an activation's place": inner,
}


def kind_of(name, value):
    """The row of VALUES that a setting belongs to."""
    if not isinstance(value, Value):
        return {"frozen": "frozen = yes", "l1": "l1 of a layer", "l2": "l2 of a layer"}[name]
    word = {"init": "initializer", "tied": "tied, transposed" if value.kind == "tied" and value.what[1] else "tied"}.get(value.kind, value.kind)
    word = f"shared({word})" if value.shared else word
    return f"frozen({word})" if value.frozen else word
