"""A network (spec.py) run in PyTorch: its parameters and states by name and shape, output, loss, gradients, training.

The names, shapes and their order are worked out here on their own, so that they can be compared with the compiler's tables."""
import math
import re
from dataclasses import dataclass
from types import SimpleNamespace

import torch

from rows import ACTIVATIONS, LAYERS, LOSSES, OPTIMIZERS, SCHEDULES, Default
from spec import Call, Layer, Repeat, Value

SAMPLES = 11    # with which shapes are found out: no size of a network, so that nothing fits by accident
MOST = 1 << 24  # numbers
BIAS = re.compile(r"(.*\.)?(bias|bias_.*|.*_bias)$")


class Invalid(Exception):
    """The network has no twin: a reduction or a draw went too far."""


@dataclass
class Slot:
    """A tensor that the network keeps."""
    label: str
    shape: tuple
    value: Value = None      # what it starts with; None: what its layer chooses
    whole: tuple = ()        # of a shared one: the shape that it fills
    l1: float = 0
    l2: float = 0
    default: float = None    # the constant that it starts with if nothing is said

    @property
    def is_bias(self):
        return bool(BIAS.match(self.label)) and len(self.whole or self.shape) < 2


class Context:
    """What a layer's twin sees: options, parameters and states as attributes."""

    def __init__(self, run, row, options, sizes, shapes, label):
        self.names = row.option_values(options)
        self.training, self.sizes, self.shapes, self.label, self.kind, self.notes = run.training, sizes, shapes, label, row.name, run.twin.notes
        self.shape, self.rounding = shapes[0], run.twin.rounding

    def __getattr__(self, name):
        try:
            return self.names[name]
        except KeyError:
            raise AttributeError(name) from None

    def __getitem__(self, name):
        return self.names[name]

    def note(self, numbers, valid):
        """Drawn numbers, brought to mean 0 and variance 1; those that could be told."""
        self.notes.append((self.kind, self.label, torch.where(valid, numbers, torch.full((), math.nan)).detach().flatten(1)))


def constant_of(value):
    """The number that a Value gives every element, if it does so without drawing."""
    if value.kind == "number":
        return value.what
    if value.kind == "init":
        return {"zeros": 0.0, "ones": 1.0, "constant": value.what.options.get("value")}.get(value.what.name)
    return None


class Run:
    """One pass over the statements. params and states: {label: tensor}; missing ones are made, and noted in the twin."""

    def __init__(self, twin, params, states, training, drawn):
        self.twin, self.params, self.states, self.training, self.drawn = twin, params, states, training, drawn or {}
        self.env, self.bound, self.unnamed, self.suffix = {}, {}, [], ""

    # ---- statements

    def body(self, statements, above):
        for s in statements:
            if isinstance(s, Repeat):
                above = self.repeat(s, above)
            else:
                above = self.twin.rounded(self.layer(s, above) if isinstance(s, Layer) else self.equation(s, above))
                self.define(s.name, above)
        return above

    def define(self, name, value):
        if value[0].numel() > self.twin.numbers:
            raise Invalid("too large a value")
        self.env[name] = self.env[name + self.suffix] = value
        self.twin.shapes[name] = list(value.shape[1:])

    def repeat(self, s, above):
        outer, unnamed = self.suffix, len(self.unnamed)
        for k in range(1, self.twin.size(s.times) + 1):
            self.suffix = f"{outer}_{k}"
            del self.unnamed[unnamed:]
            above = self.body(s.body, above)
        self.suffix = outer
        return above

    def equation(self, s, above):
        env = dict(self.env, above=above)
        if any(name not in env for name in s.reads() if name != s.name):
            raise Invalid("a value that is not there")
        return s.evaluate(env, len(above))

    def label_of(self, s):
        if s.shown:
            return s.name + self.suffix
        self.unnamed.append(s.kind)
        return f"{s.kind}{self.unnamed.count(s.kind)}{self.suffix}"

    def layer(self, s, above):
        label = self.label_of(s)
        inputs = [self.value(name) for name in s.sources] or [above]
        if s.kind in ACTIVATIONS:
            x = self.activate(Call(s.kind, s.options), inputs[0])
        else:
            row = LAYERS[s.kind]
            x = self.instance(row, s, label, inputs[:row.inputs])
            for other in inputs[row.inputs:]:
                x = self.instance(row, s, label, [x, other])
        if not s.activation:
            return x
        if s.activation.name in ACTIVATIONS:
            return self.activate(s.activation, x)
        inner = Layer(s.activation.name, "", options=s.activation.options, settings=s.settings)
        return self.instance(LAYERS[inner.kind], inner, f"{label}.{inner.kind}", [x], inner.kind + ".")

    def value(self, name):
        if name not in self.env:
            raise Invalid(f"there is no value {name}")
        return self.env[name]

    def activate(self, call, x):
        if not x.is_floating_point():
            raise Invalid("whole numbers")
        row = ACTIVATIONS[call.name]
        y = row.twin(x, SimpleNamespace(rounding=self.twin.rounding, **row.option_values(call.options)))
        if call.name == "sigmoid":
            y.into_sigmoid = x
        return y

    def instance(self, row, s, label, inputs, prefix=""):
        if len(inputs) != row.inputs or row.index == inputs[0].is_floating_point():
            raise Invalid(f"the inputs of {row.name}")
        if len(inputs[0].shape) - 1 < min(row.ranks):   # PyTorch would take the samples for channels
            raise Invalid(f"{row.name} of a value with fewer dimensions")
        sizes = [self.twin.size(v) for v in s.sizes]
        c = Context(self, row, s.options, sizes, [list(x.shape[1:]) for x in inputs], label)
        if row.index:
            c.names["below"] = inputs[0].below
        if row.random and self.training:
            c.names["drawn"] = self.drawn.get(label)
            if c.drawn is None:
                c.names["drawn"] = torch.ones_like(inputs[0])
        for name, shape, keeps in self.tensors(row, c):
            if keeps:
                c.names[name] = self.kept(f"{label}.{name}", tuple(shape), Value("number", shape.start), self.states, self.twin.states)
            else:
                c.names[name] = self.parameter(f"{label}.{name}", shape, s.settings.get(prefix + name), s.settings)
        y = row.twin(c, *inputs)
        if 0 in y.shape:
            raise Invalid("nothing is left")
        if row.random and c[row.random]:
            self.twin.randoms[label] = s.name
        self.twin.batched |= row.batched
        return y

    # ---- parameters

    def tensors(self, row, c):
        """(name, shape, whether it is a state), in the order in which they are declared."""
        found = [(name, shape, False) for name, shape in (row.params(c) if row.params else {}).items()]
        found += [(name, shape, True) for name, shape in (row.states(c) if row.states else {}).items()]
        return sorted(found, key=lambda t: row.members.index(t[0].split(".")[0])) if row.members else found

    def parameter(self, label, shape, value, settings):
        default = shape.start if isinstance(shape, Default) else None
        shape = self.twin.whole[label] = tuple(shape)
        if value and value.kind == "tied":
            tensor = self.tied(value)
        elif value and value.kind == "none":
            tensor = torch.full(shape, default)
        else:
            tensor = self.own(label, shape, default, value, settings)
        if tensor.shape != shape:
            raise Invalid("another shape is needed")
        self.bound[label] = tensor
        return tensor

    def tied(self, value):
        label, transposed = value.what
        at = label.index(".")
        for name in (label[:at] + self.suffix + label[at:], label):
            if name in self.bound:
                return self.bound[name].T if transposed else self.bound[name]
        raise Invalid("there is no such parameter")

    def own(self, label, shape, default, value, settings):
        frozen = bool(settings.get("frozen")) or (value is not None and value.frozen)
        number = default if value is None else constant_of(value)
        given = value.what if value and value.kind == "list" else value.what[1] if value and value.kind == "file" else None
        if given is not None and torch.tensor(given).shape != shape:
            raise Invalid("a list of another shape")
        if frozen and given is not None:
            return torch.tensor(given, dtype=torch.get_default_dtype())
        if frozen and number is not None:
            return torch.full(shape, float(number))
        values, slots = (self.states, self.twin.states) if frozen else (self.params, self.twin.params)
        shared = value is not None and value.shared
        tensor = self.kept(label, () if shared else shape, value, values, slots)
        slot = slots[label]
        slot.l1, slot.l2, slot.default, slot.whole = settings.get("l1", 0), settings.get("l2", 0), default, shape
        return tensor.expand(shape) if shared else tensor

    def kept(self, label, shape, value, values, slots):
        if math.prod(shape) > self.twin.parameters:
            raise Invalid("too many parameters")
        if label not in values:
            values[label] = torch.ones(shape) if slots is self.twin.states else torch.zeros(shape)
        slots.setdefault(label, Slot(label, shape, value))
        return values[label]


class Twin:
    """numbers and parameters: so many may a value and a parameter have, or it is Invalid before they are worked out."""

    def __init__(self, net, numbers=MOST, parameters=MOST):
        self.numbers, self.parameters = numbers, parameters
        self.net, self.params, self.states, self.shapes, self.randoms = net, {}, {}, {}, {}
        self.notes = []          # what random layers drew, step by step
        self.batched, self.whole = False, {}   # whole: {parameter: its shape, also of those that are not kept}
        self.rounding = None     # what a statement's value is multiplied by, elementwise: its shape -> a tensor
        inputs = sum(math.prod(self.dims(i)) for i in net.inputs)
        y = self.forward({}, {}, torch.zeros(SAMPLES, inputs))
        self.output, self.ends_in_softmax = list(y.shape[1:]), hasattr(y, "into_softmax")

    def check(self):
        """What need not hold before the last statement."""
        if self.randoms and (set(self.randoms.values()) != set(self.net.probes) or self.penalized() or self.net.loss.name != "dot"):
            raise Invalid("nothing shows what a random layer has drawn")
        if LOSSES[self.net.loss.name].domain == "classes" and not self.ends_in_softmax:
            raise Invalid("no softmax")

    def penalized(self):
        return any(self.net.train.get(k) for k in ("l1", "l2")) or any(s.l1 or s.l2 for s in self.params.values())

    def size(self, value):
        return self.net.constants[value] if isinstance(value, str) else value

    def dims(self, declared):
        return [self.size(v) for v in declared.shape]

    def forward(self, params, states, x, training=False, drawn=None):
        """The output for samples x [n, all inputs]; with `training` the states are changed."""
        run, at = Run(self, params, states, training, drawn), 0
        for declared in self.net.inputs:
            dims = self.dims(declared)
            part = x[:, at:at + math.prod(dims)].reshape(-1, *dims)
            at += math.prod(dims)
            if declared.below:
                part = part.long()
                part.below = declared.below
            run.define(declared.name, part)
        y = run.body(self.net.body, part)
        if self.net.output:
            y = run.value(self.net.output)
        if not self.net.body or not y.is_floating_point():
            raise Invalid("no output")
        return y

    def rounded(self, y):
        """A statement's value as it may have been rounded."""
        if self.rounding is None or not y.is_floating_point():
            return y
        moved = y * self.rounding(y)
        for name in ("into_softmax", "into_sigmoid"):
            if hasattr(y, name):
                setattr(moved, name, getattr(y, name))
        return moved

    # ---- the loss

    def loss_of(self, y, t):
        row = LOSSES[self.net.loss.name]
        return row.twin(y, t.reshape(y.shape), SimpleNamespace(**row.option_values(self.net.loss.options)))

    def penalty(self, params):
        total = torch.zeros(())
        for slot in self.params.values():
            l1, l2 = slot.l1 + self.net.train.get("l1", 0), slot.l2 + self.net.train.get("l2", 0)
            if not slot.is_bias:
                total = total + l1 * params[slot.label].abs().sum() + l2 * (params[slot.label]**2).sum()
        return total

    def loss(self, params, states, x, t, training, drawn=None):
        """As in training with its penalties, or as in prediction without."""
        value = self.loss_of(self.forward(params, states, x, training, drawn), t)
        return value + self.penalty(params) if training else value

    def gradient(self, params, states, x, t, drawn=None):
        """The loss, and {label: gradient}; changes no state."""
        leaves = {k: v.detach().clone().requires_grad_() for k, v in params.items()}
        value = self.loss(leaves, {k: v.clone() for k, v in states.items()}, x, t, True, drawn)
        if not value.requires_grad:
            return value, {k: torch.zeros_like(v) for k, v in leaves.items()}
        found = torch.autograd.grad(value, list(leaves.values()), allow_unused=True)
        return value.detach(), {k: torch.zeros_like(v) if g is None else g for (k, v), g in zip(leaves.items(), found)}

    # ---- training

    def rates(self, validation):
        """The rate of every epoch, and the optimizer's options with the first of them."""
        row = OPTIMIZERS[self.net.optimizer.name]
        options = row.option_values(self.net.optimizer.options)
        rates = [options["rate"]] * self.net.epochs
        if isinstance(options["rate"], Call):
            call = options["rate"]
            first, *others = call.options.items()
            o = SimpleNamespace(**SCHEDULES[call.name].option_values(dict(others)))
            rates = SCHEDULES[call.name].twin(first[1], o, self.net.epochs, validation)
            options["rate"] = rates[0]
        return rates, SimpleNamespace(**options)

    def train(self, params, states, x, t, validation, drawn=None, epochs=None):
        """The mean loss of every epoch (or the first `epochs`); the parameters and states after the last. drawn: for each step."""
        leaves = {k: v.detach().clone().requires_grad_() for k, v in params.items()}
        states = {k: v.clone() for k, v in states.items()}
        rates, options = self.rates(validation)
        optimizer = OPTIMIZERS[self.net.optimizer.name].twin(list(leaves.values()), options)
        losses, steps = [], iter(drawn or [])
        self.notes.clear()
        for epoch, rate in enumerate(rates[:epochs]):
            optimizer.param_groups[0]["lr"] = rate
            optimizer.epoch = epoch
            total = 0.0
            for at in range(0, len(x), self.net.batch):
                part = slice(at, at + self.net.batch)
                optimizer.zero_grad()
                value = self.loss(leaves, states, x[part], t[part], True, next(steps, None))
                if value.requires_grad:
                    value.backward()
                self.clip(leaves)
                optimizer.step()
                total += value.item() * len(x[part])
            losses.append(total / len(x))
        return losses, {k: v.detach() for k, v in leaves.items()}, states

    def clip(self, leaves):
        for w in leaves.values():
            if w.grad is None:
                w.grad = torch.zeros_like(w)
        clip = self.net.train.get("clip")
        if clip and clip.name == "norm":
            torch.nn.utils.clip_grad_norm_(leaves.values(), clip.options["c"])
        elif clip:
            torch.nn.utils.clip_grad_value_(leaves.values(), clip.options["c"])
