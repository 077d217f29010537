"""The tables of constructs: a row says how a construct is drawn and what it is in PyTorch. The tables are filled by
activations.py, layers.py, losses.py, optimizers.py, initializers.py; and by own.py with what a user would define."""
import dataclasses
from typing import Any, Callable


@dataclasses.dataclass
class Option:
    default: Any             # None: it must be given
    draw: Callable           # (random, shape of the first input) -> a value


@dataclasses.dataclass
class Row:
    name: str
    twin: Callable
    options: dict = dataclasses.field(default_factory=dict)
    definition: str = ""     # of the user's own: the text that the .nn begins with
    needs: tuple = ()        # ... and the definitions that this one uses
    # layers
    ranks: tuple = (1, 2, 3)
    inputs: int = 1
    index: bool = False      # its first input holds whole numbers
    sizes: Callable = None   # (draw, shapes) -> what stands in brackets
    params: Callable = None  # (context) -> {name: shape}, where a Default says how it starts
    states: Callable = None
    members: tuple = ()      # of a layer made of layers: these
    partner: Callable = None # (draw, shape) -> the shape of the second input
    random: str = ""         # the option without which it draws no numbers in training
    batched: bool = False    # reduces over the batch
    weight: float = 1        # how often it is drawn
    # activations, losses
    domain: str = "any"      # of an activation: any, positive; of a loss: see losses.py
    settle: Callable = None  # (options) -> options that go together
    signs: bool = False      # an optimizer that looks at signs alone: rounding of a gradient that is 0 would decide;
    flat: bool = False       # so it goes with no loss whose derivative takes few values, which cancel out

    def option_values(self, given):
        values = {name: option.default for name, option in self.options.items()}
        values.update(given)
        return {k: values[v] if isinstance(v, str) and v in values else v for k, v in values.items()}


class Default(tuple):
    """A parameter's shape together with the number that it starts with by default."""
    start = 0.0

    @classmethod
    def of(cls, start, *shape):
        made = cls(shape)
        made.start = start
        return made


def zeros(*shape):
    return Default.of(0.0, *shape)


def ones(*shape):
    return Default.of(1.0, *shape)


LAYERS, ACTIVATIONS, LOSSES, OPTIMIZERS, SCHEDULES, INITIALIZERS = ({} for _ in range(6))


def adder(table):
    def add(name, twin, **more):
        options = {k: v if isinstance(v, Option) else Option(*v) for k, v in more.pop("options", {}).items()}
        table[name] = Row(name, twin, options=options, **more)
    return add


layer, activation, loss, optimizer, schedule, initializer = map(adder, (LAYERS, ACTIVATIONS, LOSSES, OPTIMIZERS, SCHEDULES, INITIALIZERS))


# ---- how numbers are drawn

def units(most):
    """What stands in brackets, one number: how many numbers, rows or channels a layer makes of one; of small networks up to so many."""
    return lambda draw, shapes: [draw.scale.units(draw.r, len(shapes[0]), most)]


def whole(low, high):
    return lambda r, shape=None: r.randint(low, high)


def real(low, high):
    return lambda r, shape=None: round(r.uniform(low, high), 3)


def one_of(*values):
    return lambda r, shape=None: r.choice(values)
