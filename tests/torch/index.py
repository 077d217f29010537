"""Expressions and equations: their text, and what they mean, worked out in PyTorch in the plainest way: every index is an axis of
its own, a read takes elements by number, a reduction goes over the last axes. A recurrence is run step by step."""
import math
from dataclasses import dataclass, field

import torch

MOST = 1 << 24   # terms of all sums of an equation
STEPS = 500      # of a recurrence


def first_max(a, b):
    return torch.where(a >= b, a, b)


def first_min(a, b):
    return torch.where(a <= b, a, b)


def truth(f):
    return lambda *args: f(*args).to(torch.get_default_dtype())


# name or operator: what it is in PyTorch
FUNCTIONS = {
    "exp": torch.exp, "log": torch.log, "log1p": torch.log1p, "expm1": torch.expm1, "sqrt": torch.sqrt, "tanh": torch.tanh,
    "sigmoid": torch.sigmoid, "softplus": lambda x: torch.nn.functional.softplus(x, threshold=700), "erf": torch.erf, "sin": torch.sin,
    "cos": torch.cos, "abs": torch.abs, "sign": torch.sign, "floor": torch.floor, "min": first_min, "max": first_max,
    "stop_gradient": lambda x: x.detach(), "negative": torch.neg, "opposite": lambda x: (x == 0).to(torch.get_default_dtype()),
}
PREFIXES = {"negative": "-", "opposite": "not"}
OPERATORS = {
    "+": torch.add, "-": torch.sub, "*": torch.mul, "/": torch.div, "^": torch.pow, "%": torch.remainder,
    "<": truth(torch.lt), "<=": truth(torch.le), ">": truth(torch.gt), ">=": truth(torch.ge), "==": truth(torch.eq), "!=": truth(torch.ne),
    "and": truth(torch.logical_and), "or": truth(torch.logical_or),
}


def first_extreme(pick):
    """The first of the largest or smallest: it alone has a derivative."""
    def reduce(v):
        return v.gather(-1, pick(v, -1, keepdim=True)).squeeze(-1)
    return reduce


REDUCTIONS = {"sum": lambda v: v.sum(-1), "mean": lambda v: v.mean(-1), "prod": lambda v: v.prod(-1), "max": first_extreme(torch.argmax),
              "min": first_extreme(torch.argmin)}


class Space:
    """The indices of an equation, in the order of their axes; axis 0 is the batch. sizes: {index: extent or the one value}."""

    def __init__(self, env, n, ranges, fixed=None):
        self.env, self.n, self.ranges, self.fixed = env, n, dict(ranges), fixed or {}

    def within(self, ranges):
        return Space(self.env, self.n, {**self.ranges, **dict(ranges)}, self.fixed)

    def extents(self):
        return [1 if k in self.fixed else e for k, e in self.ranges.items()]

    def index(self, name):
        at = list(self.ranges).index(name)
        values = torch.tensor([self.fixed[name]]) if name in self.fixed else torch.arange(self.ranges[name])
        return values.reshape([-1 if k == at + 1 else 1 for k in range(len(self.ranges) + 1)])


@dataclass
class Number:
    value: object            # a number or pi

    def text(self):
        if isinstance(self.value, str):
            return self.value
        return f"({self.value!r})" if self.value < 0 else repr(self.value)

    def evaluate(self, space):
        return torch.tensor(math.pi if self.value == "pi" else float(self.value))


@dataclass
class Index:
    """An index as a number, or size(index)."""
    name: str
    size: bool = False

    def text(self):
        return f"size({self.name})" if self.size else self.name

    def evaluate(self, space):
        return torch.tensor(float(space.ranges[self.name])) if self.size else space.index(self.name).to(torch.get_default_dtype())


@dataclass
class Sub:
    """A subscript: (sum of factor * index + add) / divide % remain."""
    factors: dict
    add: int = 0
    divide: int = 1
    remain: int = 0

    def text(self):
        words = [f"{f} * {k}" if f not in (1, -1) else k if f == 1 else f"-{k}" for k, f in self.factors.items()]
        if self.add or not words:
            words.append(str(self.add))
        inner = " + ".join(words).replace("+ -", "- ")
        if self.divide > 1:
            inner = f"({inner}) / {self.divide}" if len(words) > 1 else f"{inner} / {self.divide}"
        return f"{inner} % {self.remain}" if self.remain else inner

    def evaluate(self, space):
        at = torch.tensor(self.add) + sum(f * space.index(k) for k, f in self.factors.items())
        at = torch.div(at, self.divide, rounding_mode="floor")
        return at % self.remain if self.remain else at


@dataclass
class Read:
    """A whole value (subs None), or an element of it; pad: what is read outside."""
    name: str
    subs: list = None
    pad: object = None

    def text(self):
        inner = self.name + ("" if self.subs is None else f"[{', '.join(s.text() for s in self.subs)}]" if self.subs else "")
        return inner if self.pad is None else f"pad({inner}, {self.pad})"

    def evaluate(self, space):
        whole = space.env[self.name]
        if self.subs is None:
            return whole
        at = [s.evaluate(space) for s in self.subs]
        axes = len(space.ranges) + 1
        at = [a.long().reshape([1] * (axes - a.dim()) + list(a.shape)) for a in at]
        inside = torch.tensor(True)
        for a, extent in zip(at, whole.shape[1:]):
            inside = inside & (a >= 0) & (a < extent)
        batch = torch.arange(space.n).reshape([-1] + [1] * (axes - 1))
        found = whole[(batch, *(a.clamp(0, extent - 1) for a, extent in zip(at, whole.shape[1:])))]
        if self.pad is None:
            assert inside.all()
            return found
        return torch.where(inside, found, torch.tensor(float(self.pad), dtype=found.dtype))


def aligned(*args):
    """A number for each sample goes with any shape."""
    axes = max(a.dim() for a in args)
    return [a.reshape(list(a.shape) + [1] * (axes - 1)) if a.dim() == 1 else a for a in args]


@dataclass
class Apply:
    name: str
    args: list

    def text(self):
        words = [a.text() for a in self.args]
        if self.name in PREFIXES:
            return f"({PREFIXES[self.name]} {words[0]})"
        return f"({words[0]} {self.name} {words[1]})" if self.name in OPERATORS else f"{self.name}({', '.join(words)})"

    def evaluate(self, space):
        return {**FUNCTIONS, **OPERATORS}[self.name](*aligned(*(a.evaluate(space) for a in self.args)))


@dataclass
class If:
    condition: object
    yes: object
    no: object

    def text(self):
        return f"(if {self.condition.text()} then {self.yes.text()} else {self.no.text()})"

    def evaluate(self, space):
        condition, yes, no = aligned(*(e.evaluate(space) for e in (self.condition, self.yes, self.no)))
        return torch.where(condition != 0, yes, no)


@dataclass
class Reduce:
    kind: str
    ranges: list             # [[index, extent, whether it is written]]
    inner: object

    def text(self):
        return f"{self.kind}[{ranges_text(self.ranges)}]({self.inner.text()})"

    def evaluate(self, space):
        within = space.within([r[:2] for r in self.ranges])
        if space.n * math.prod(within.extents()) > MOST:
            raise ValueError("too large a sum")
        value = self.inner.evaluate(within)
        return REDUCTIONS[self.kind](value.expand(space.n, *within.extents()).flatten(len(space.ranges) + 1))


def ranges_text(ranges):
    return ", ".join(f"{name}: {extent}" if written else name for name, extent, written in ranges)


@dataclass
class Equation:
    """name = value, on whole values (left is None), or name[left] = value in index notation."""
    name: str
    value: object
    left: list = None        # [[index, extent, whether it is written]]
    adds: list = field(default_factory=list)   # += : the subscripts on the left

    def text(self):
        if self.left is None:
            return f"{self.name} = {self.value.text()}"
        return f"{self.name}{'[' + ranges_text(self.left) + ']' if self.left else ''} = {self.value.text()}"

    def reads(self):
        return {node.name: node for node in nodes(self.value) if isinstance(node, Read)}

    def evaluate(self, env, n):
        if self.left is None:
            return self.value.evaluate(Space(env, n, {}))
        ranges = [r[:2] for r in self.left]
        if self.name in self.reads():
            return self.scan(env, n, ranges)
        return self.value.evaluate(Space(env, n, ranges)).expand(n, *(e for _, e in ranges))

    def scan(self, env, n, ranges):
        """h[t, ...] from h[t - k, ...]; the first index steps."""
        step = [node.subs[0].add for node in nodes(self.value) if isinstance(node, Read) and node.name == self.name][0]
        (index, length), extents = ranges[0], [e for _, e in ranges[1:]]
        if length > STEPS:
            raise ValueError("too long a recurrence")
        done = torch.zeros(n, length, *extents)
        for t in range(length) if step < 0 else reversed(range(length)):
            space = Space({**env, self.name: done}, n, ranges, {index: t})
            done[:, t] = self.value.evaluate(space).expand(n, 1, *extents)[:, 0]
        return done


def nodes(node):
    """All nodes of an expression."""
    yield node
    for child in children(node):
        yield from nodes(child)


def children(node):
    if isinstance(node, Apply):
        return node.args
    if isinstance(node, If):
        return [node.condition, node.yes, node.no]
    if isinstance(node, Read):
        return [s for s in node.subs or [] if isinstance(s, Read)]
    return [node.inner] if isinstance(node, Reduce) else []
