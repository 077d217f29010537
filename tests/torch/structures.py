"""What a network can be made of besides layers, and how it is drawn: STRUCTURES[kind](draw) adds one, and tells whether it could."""
from equations import EQUATIONS, whole
from index import Equation, Read
from rows import ACTIVATIONS, LAYERS
from spec import Call, Layer, Repeat


def alias(draw):
    """skip = above, used later on."""
    skip = Equation(draw.name(), Read("above"))
    return draw.add(skip) and draw.layer("dense", sizes=draw.shape()[-1:]) and draw.add(
        Equation(draw.name(), whole(draw, [skip.name, draw.show(draw.last())], 2)))


def above(draw):
    """An equation that reads the value above by that word."""
    return draw.add(Equation(draw.name(), whole(draw, ["above", draw.show(draw.last())], 2)))


def equation(draw):
    return draw.add(Equation(draw.name(), whole(draw, [draw.show(draw.last())], 3)))


def output(draw):
    """The output stands before the last value."""
    draw.early_output = True
    return True


def repeat(draw, residual=False):
    """A few layers, two or three times over."""
    outer, block = draw.body, Repeat(draw.r.randint(2, 3), [])
    before = draw.show(draw.last())
    outer.append(block)
    draw.body = block.body
    try:
        if residual:
            width = draw.shape(before)[-1:]
            skip = Equation(draw.name(), Read("above"))
            block.body.append(skip)
            good = draw.fits() and draw.layer("dense", sizes=width) and draw.add(
                Equation(draw.name(), whole(draw, [skip.name, draw.show(block.body[-1].name)], 2)))
        else:
            block.body.append(Layer("dense", draw.name(), sizes=draw.shape(before)[-1:], activation=draw.activation()))
            good = draw.fits()
            for _ in range(draw.r.randint(0, 2)):
                good = good and draw.any_layer()
    finally:
        draw.body = outer
    if not good:
        outer.remove(block)
    return good


def constant(draw):
    """A size that is a constant's name."""
    name = f"size{draw.r.randint(1, 99)}"
    draw.net.constants[name] = draw.r.randint(1, 4)
    if draw.r.random() < 0.4:
        block = Repeat(name, [Layer("dense", draw.name(), sizes=draw.shape()[-1:], activation=draw.activation())])
        draw.net.constants[name] = draw.r.randint(1, 3)
        return draw.add(block)
    return draw.layer("dense", sizes=[name])


def whole_shape(draw):
    """All sizes of an output, also those that follow."""
    rank = len(draw.shape())
    kind = {1: draw.r.choice(["layer_norm", "flatten"]), 2: "conv1d", 3: "conv2d"}.get(rank)
    if not kind or not draw.layer(kind):
        return False
    last = draw.body[-1]
    last.shown, last.sizes = True, draw.shape()
    return draw.fits()


def layer_as_activation(draw):
    return draw.layer("dense", activation=Call(draw.r.choice(["softmax", "layer_norm", "log_softmax", "rms_norm", "batch_norm"])))


def activation_as_layer(draw):
    row = draw.pick(ACTIVATIONS, lambda row: row.domain == "any")
    return draw.add(Layer(row.name, draw.name(), shown=draw.r.random() < 0.5, options=draw.options(row, None)))


def unnamed(draw):
    kinds = [row.name for row in LAYERS.values() if len(draw.shape()) in row.ranks and row.params and not row.sizes and not row.random]
    if not draw.layer(draw.r.choice(kinds)):
        return False
    draw.body[-1].shown = False
    return draw.fits()


def by_position(draw):
    """Options by position."""
    shape = draw.shape()
    row = draw.pick(LAYERS, lambda row: len(shape) in row.ranks and row.options and not row.index and not row.random and row.inputs == 1)
    if not draw.layer(row.name, wanted=next(iter(row.options))):
        return False
    draw.body[-1].positional = True
    return True


def fold(draw):
    """A layer of two inputs given three or four."""
    kind = draw.r.choice(["add", "multiply", "concat"])
    if not draw.layer(kind):
        return False
    last = draw.body[-1]
    last.sources = (last.sources + draw.r.choices(last.sources, k=2))[:draw.r.choice([3, 4])]
    return draw.fits()


def from_earlier(draw):
    """A layer that reads another value than the one above."""
    name = draw.show(draw.last())
    return draw.layer("dense") and draw.layer("dense", sources=[name])


def given(draw):
    """What the inputs are asked to be: draw.inputs has done it."""
    return True


def train_setting(name, make):
    def add(draw):
        draw.net.train[name] = make(draw)
        return True
    return add


STRUCTURES = {
    "above": above, "another name for a value": alias, "equation of whole values": equation, "output": output, "repeat": repeat,
    "repeat with a skip": lambda draw: repeat(draw, True), "constant as a size": constant, "whole shape in brackets": whole_shape,
    "layer as activation": layer_as_activation, "activation as layer": activation_as_layer, "unnamed layer with parameters": unnamed,
    "options by position": by_position, "two inputs given more": fold, "from an earlier value": from_earlier, "several inputs": given,
    "index input": given, "input of one number": given, "clip = norm": train_setting("clip", lambda draw: draw.clip("norm")),
    "clip = value": train_setting("clip", lambda draw: draw.clip("value")),
    "l1": train_setting("l1", lambda draw: draw.r.choice([0.001, 0.02])), "l2": train_setting("l2", lambda draw: draw.r.choice([0.001, 0.02])),
    **EQUATIONS,
}
