"""Draws a network: what is wished for, at a place where it fits, among other things. Whether something fits is tried with the
network's twin; one seed gives one network. How large things are is a scale's matter: Small or Large, which say what they vary.

Neither has more than three dimensions besides the samples, more than some ten statements, or a value that more than three others read."""
import dataclasses
import math

from equations import whole
from index import Equation
from rows import ACTIVATIONS, LAYERS, LOSSES, OPTIMIZERS, SCHEDULES
from spec import Call, Form, Input, Layer, Net, Repeat, statements
from structures import STRUCTURES
from twin import Invalid, Twin
from values import VALUES, initial

NAMES = ("a b c d e f g h p q r s u v z float int double work rate loss seed main stdin expf gradient params state train_ weight z1 "
         "data NULL total1 struct M_PI net_ first other hidden code").split()
TRIES = 25
MISFITS = (Invalid, RuntimeError, ValueError, IndexError, TypeError, AssertionError)   # what PyTorch says of wrong shapes


class Small:
    """Vectors of 1 to 7, rows of up to 5 x 7, images of up to 4 x 6 x 6, batches of 1 to 4: they compile fast in every form, and are seen
    through when they fail. No value is longer than a few vectors, or larger than a cache."""
    numbers, parameters = 150, 500   # in one value, and in all parameters, at most
    batches = (1, 2, 3, 3, 4)
    deep = 0.3                       # how often a layer with parameters stands before what is wished for
    more = (0, 0, 1, 1, 2)           # layers after it

    @staticmethod
    def dims(r, rank):
        """Of an input. Images are at least 3 by 3, so that something can be done with them."""
        return {1: lambda: [r.randint(1, 7)], 2: lambda: [r.randint(1, 5), r.randint(1, 7)],
                3: lambda: [r.randint(1, 4), r.randint(3, 6), r.randint(3, 6)]}[rank]()

    @staticmethod
    def below(r):
        """Of an index."""
        return r.randint(2, 6)

    @staticmethod
    def units(r, rank, most):
        """What a layer makes of an input of this rank: numbers, numbers of each row, channels."""
        return r.randint(1, most)


class Medium(Small):
    """One vector to three in each direction, and batches that are more samples than a vector has lanes, or one less: tiles with rows, lanes and what
    is left over, of values that an interpreter goes through in a moment."""
    numbers, parameters = 500, 1500
    batches = (5, 8, 9, 15, 16, 17, 24, 33)
    deep, more = 0.5, (0, 0, 1, 1, 2)

    @staticmethod
    def dims(r, rank):
        return {1: lambda: [r.randint(5, 36)], 2: lambda: [r.randint(2, 9), r.randint(4, 33)],
                3: lambda: [r.randint(1, 4), r.randint(4, 9), r.randint(4, 17)]}[rank]()

    @staticmethod
    def below(r):
        return r.randint(2, 40)

    @staticmethod
    def units(r, rank, most):
        return r.randint(1, 4 * most)


class Large:
    """As people have them: vectors of 200 to 2,000, sequences of 100 to 500, images of 20 to 96, layers as wide, or small as classes are;
    batches of 2 to 33. Values have up to 300,000 numbers, beyond the first and the second cache, and networks up to 1,200,000 parameters.
    Widths are whole vectors, or not. Nothing is larger, and no straight-line code comes of it."""
    numbers, parameters = 300000, 1200000
    batches = (2, 3, 5, 8, 9, 16, 16, 17, 24, 32, 33)
    deep, more = 0.7, (0, 1, 1, 2, 3)

    @classmethod
    def dims(cls, r, rank):
        if rank == 3:
            height = cls.width(r, 20, 96)
            return [r.choice([1, 3, r.randint(1, 8)]), height, r.choice([height, cls.width(r, 20, 96)])]
        if rank == 2 and r.random() < 0.5:   # channels first
            return [r.randint(1, 8), cls.width(r, 100, 500)]
        return [cls.width(r, 100, 500), cls.width(r, 1, 64)] if rank == 2 else [cls.width(r, 200, 2000)]

    @staticmethod
    def width(r, least, most):
        n = r.randint(least, most)
        return n // 16 * 16 if n >= max(least, 16) + 16 and r.random() < 0.4 else n

    @staticmethod
    def below(r):
        return r.choice([r.randint(2, 6), r.randint(100, 2000)])

    @classmethod
    def units(cls, r, rank, most):
        if r.random() < 0.4:
            return r.randint(1, 20)
        return cls.width(r, *{1: (200, 2000), 2: (8, 128), 3: (2, 32)}[rank])


@dataclasses.dataclass
class Wishes:
    """What a network is to have; None: no matter."""
    layer: tuple = None        # (kind, option)
    activation: tuple = None
    loss: tuple = None
    optimizer: tuple = None
    schedule: tuple = None
    initializer: tuple = None
    value: str = None          # one of VALUES
    structure: str = None      # one of STRUCTURES
    form: Form = None


class Draw:
    def __init__(self, r, wishes, scale=Small):
        self.r, self.wishes, self.scale = r, wishes, scale
        self.names = r.sample(NAMES, len(NAMES)) if r.random() < 0.3 else []
        self.count = 0
        self.net = Net([], [], Call("squared_error"), Call("sgd"), form=wishes.form or Form(), seed=r.randint(1, 10**6))
        self.body = self.net.body
        self.early_output = False
        self.known = None, None
        self.places = None   # an index input that equations gather by

    # ---- names, shapes

    def name(self):
        self.count += 1
        return self.names.pop() if self.names else f"v{self.count}"

    def shape(self, name=None):
        """Of a value; of the last one."""
        if not self.net.body:
            at = name or self.net.inputs[-1].name
            return [self.net.constants.get(v, v) for v in next(i.shape for i in self.net.inputs if i.name == at)]
        twin = self.twin()
        return twin.shapes[name or self.last()]

    def twin(self):
        """Of the network as it is now."""
        now = repr(self.net)
        if self.known[0] != now:
            self.known = now, Twin(self.net, self.scale.numbers, self.scale.parameters)
        return self.known[1]

    def last(self):
        """The name of the value above."""
        if self.body:
            last = self.body[-1]
            while isinstance(last, Repeat):
                last = last.body[-1]
            return last.name
        return self.net.body[-2].name if len(self.net.body) > 1 and self.body is not self.net.body else self.net.inputs[-1].name

    def show(self, name):
        """The name, which a statement is going to mention."""
        for s in statements(self.net.body):
            if isinstance(s, Layer) and s.name == name:
                s.shown = True
        return name

    def values(self, accept):
        """The names of values whose shape is accepted."""
        known = self.twin().shapes if self.net.body else {i.name: self.shape(i.name) for i in self.net.inputs}
        integers = {i.name for i in self.net.inputs if i.below}
        return [name for name, shape in known.items() if name not in integers and accept(shape)]

    # ---- adding what fits

    def add(self, statement):
        """Whether it fits where we are."""
        self.body.append(statement)
        if self.fits():
            return True
        self.body.pop()
        return False

    def fits(self):
        try:
            twin = self.twin()
        except MISFITS:
            return False
        return sum(math.prod(s.shape) for s in twin.params.values()) <= self.scale.parameters

    def options(self, row, shape, wanted=None, often=0.3):
        """Options that differ from their defaults: the wanted one, those that must be given, some others."""
        found = {}
        for name, option in row.options.items():
            if name == wanted or option.default is None or self.r.random() < often:
                value = option.draw(self.r, shape)
                for _ in range(4):
                    if value == option.default:
                        value = option.draw(self.r, shape)
                if value != option.default:
                    found[name] = value
        return row.settle(found) if row.settle else found

    def pick(self, table, accept=lambda row: True):
        rows = [row for row in table.values() if accept(row)]
        return self.r.choices(rows, [row.weight for row in rows])[0]

    def activation(self):
        """Mostly an activation that fits everywhere, sometimes a layer in its place."""
        if self.r.random() < 0.1:
            return Call(self.r.choice(["softmax", "layer_norm", "log_softmax", "prelu", "rms_norm"]))
        row = self.pick(ACTIVATIONS, lambda row: row.domain == "any")
        return Call(row.name, self.options(row, None))

    # ---- layers

    def layer(self, kind, wanted=None, activation=None, sources=None, **given):
        """Adds a layer of this kind; whether one fits."""
        row = LAYERS[kind]
        for _ in range(TRIES):
            depth = len(self.body)
            s = Layer(kind, self.name(), **given)
            s.sources = list(sources or [])
            if row.inputs == 2 and not self.partners(row, s):
                del self.body[depth:]
                continue
            shape = self.shape(s.sources[0] if s.sources else None)
            s.options = self.options(row, shape, wanted)
            s.positional = self.r.random() < 0.4
            s.sizes = s.sizes or (row.sizes(self, [shape]) if row.sizes else [])
            s.shown = bool(s.sizes) or self.r.random() < 0.6
            s.activation = None if row.random else activation or (self.activation() if self.r.random() < (0.5 if row.params else 0.1) else None)
            if (wanted is None or wanted in s.options) and self.add(s):
                return True
            del self.body[depth:]
        return False

    def partners(self, row, s):
        """The sources of a layer of two inputs: the value above, and another that goes with it."""
        first = self.show(self.last())
        shape = row.partner(self, self.shape(first))
        known = [v for v in self.values(lambda other: other == shape) if v != first]
        if known and self.r.random() < 0.5:
            second = self.show(self.r.choice(known))
        elif shape[:-1] == self.shape(first)[:-1] and self.layer("dense", sources=[first], sizes=[shape[-1]]):
            second = self.show(self.body[-1].name)
        elif self.layer("flatten", sources=[first]) and self.layer("dense", sizes=[math.prod(shape)]) and self.layer("reshape", sizes=shape):
            second = self.show(self.body[-1].name)
        else:
            return False
        s.sources = [first, second] if self.r.random() < 0.8 else [second, first]
        if s.kind in ("concat", "add", "multiply") and self.r.random() < 0.3:
            s.sources += self.r.choices(s.sources, k=self.r.randint(1, 2))
        return True

    def any_layer(self):
        """Some layer that fits."""
        shape = self.shape()
        for _ in range(TRIES):
            if self.r.random() < 0.15:
                row = self.pick(ACTIVATIONS, lambda row: row.domain == "any")
                s = Layer(row.name, self.name(), shown=False, options=self.options(row, shape))
                return self.add(s)
            if not any(len(shape) in row.ranks and not row.index for row in LAYERS.values()):
                return False
            row = self.pick(LAYERS, lambda row: len(shape) in row.ranks and not row.index)
            if row.random and (self.body is not self.net.body or self.wishes.layer is None or self.wishes.layer[0] != row.name):
                continue
            if self.layer(row.name):
                return True
        return False

    # ---- the whole

    def inputs(self):
        """An input that the wished layer takes, and now and then more of them."""
        rank, below = self.r.choice([1, 1, 1, 2, 2, 3]), 0
        if self.wishes.layer:
            row = LAYERS[self.wishes.layer[0]]
            rank, below = self.r.choice(row.ranks), self.scale.below(self.r) if row.index else 0
        several = self.wishes.structure == "several inputs" or self.r.random() < 0.1
        if several:
            self.net.inputs.append(Input(self.name(), self.scale.dims(self.r, self.r.choice([1, 2])), 0))
        if self.wishes.structure == "input of one number":
            self.net.inputs.append(Input(self.name(), [], 0))
        if self.wishes.structure == "index input":
            self.net.inputs.append(Input(self.name(), self.scale.dims(self.r, self.r.choice([1, 2])), self.r.choice([1, self.scale.below(self.r)])))
        if "gathered" in (self.wishes.structure or ""):
            self.places = Input(self.name(), self.r.choice([[], [1], [3], [5]]), 1)
            self.net.inputs.append(self.places)
        self.net.inputs.append(Input(self.name(), self.scale.dims(self.r, rank), below))

    def network(self):
        self.inputs()
        w = self.wishes
        if self.r.random() < self.scale.deep:
            self.before(w.layer)
        if w.layer and not self.layer(*w.layer):
            return None
        if self.net.inputs[-1].below and not self.body:
            self.layer("embedding")
        if w.activation and not self.wished_activation():
            return None
        for wish, table in ((w.structure, STRUCTURES), (w.value, VALUES)):
            if wish and not table[wish](self):
                return None
        if w.initializer and not initial(self, *w.initializer):
            return None
        for other in self.net.inputs[:-1]:
            if other is not self.places and not self.join(other):
                return None
        for _ in range(self.r.choice(self.scale.more)):
            self.any_layer()
        return self.net if self.end() and self.beyond() and self.several() and self.training() and self.final() else None

    def before(self, wished):
        """A layer with parameters, whose value what is wished for takes: so gradients go through it."""
        ranks = LAYERS[wished[0]].ranks if wished else (1, 2, 3)
        shape = self.shape()
        if self.net.inputs[-1].below:
            return
        row = self.pick(LAYERS, lambda row: len(shape) in row.ranks and row.params and row.inputs == 1 and not row.random and not row.index)
        if self.layer(row.name) and len(self.shape()) not in ranks:
            self.body.pop()

    def wished_activation(self):
        name, wanted = self.wishes.activation
        row = ACTIVATIONS[name]
        call = Call(name, self.options(row, None, wanted))
        if row.domain == "positive":
            return self.add(Layer("softplus", self.name(), shown=False)) and self.add(Layer(name, self.name(), shown=False))
        if self.r.random() < 0.3:
            return self.add(Layer(name, self.name(), shown=False, options=call.options))
        return self.layer("dense", activation=call)

    def join(self, other):
        """Makes something of an input that nothing has read."""
        if not other.shape:
            return self.add(Equation(self.name(), whole(self, [self.show(self.last()), other.name], 1)))
        last = self.show(self.last())
        if other.below and not self.layer("embedding", sources=[other.name]):
            return False
        if not self.layer("flatten", sources=[] if other.below else [other.name]):
            return False
        second = self.show(self.last())
        return self.layer("flatten", sources=[last]) and self.add(
            Layer("concat", self.name(), sources=[second, self.show(self.last())]))

    # ---- how it ends

    def end(self):
        """The loss, and an output that it takes."""
        name, wanted = self.wishes.loss or (self.pick(LOSSES).name, None)
        if LOSSES[name].flat and self.wishes.optimizer and OPTIMIZERS[self.wishes.optimizer[0]].signs:
            name, wanted = self.pick(LOSSES, lambda row: not row.flat).name, None
        if self.twin().randoms if self.net.body else False:
            name, wanted = "dot", None
        row = LOSSES[name]
        self.net.loss = Call(name, self.options(row, None, wanted))
        last = {"classes": ["softmax"], "share": ["sigmoid", "sigmoid", "sigmoid", "softmax"], "counts": ["softplus", "exp", "sigmoid"]}
        if row.domain in last:
            call = Call(self.r.choice(last[row.domain]))
            if self.r.random() < 0.3 and self.net.body:
                return self.add(Layer(call.name, self.name(), shown=False))
            return self.layer("dense", activation=call)
        if not self.net.body or self.r.random() < 0.6 or not self.twin().params:
            if not self.layer("dense"):
                return False
        return self.probes()

    def beyond(self):
        """A layer after the output."""
        if not self.early_output:
            return True
        self.net.output = self.show(self.last())
        return self.layer("dense")

    def several(self):
        """Not a softmax over one element as the output: nnc refuses it."""
        output = self.net.body[-2 if self.early_output else -1]
        while isinstance(output, Repeat):
            output = output.body[-1]
        is_softmax = isinstance(output, Layer) and "softmax" in (output.kind, output.activation and output.activation.name)
        return not is_softmax or self.shape(output.name)[-1] > 1

    def probes(self):
        """What shows the numbers that random layers draw, see probe.py."""
        randoms = self.twin().randoms
        if not randoms:
            return True
        ends = []
        for name in [self.last(), *randoms.values()]:
            flat = Layer("flatten", self.name(), sources=[self.show(name)])
            if not self.add(flat):
                return False
            ends.append(flat.name)
        self.net.probes = dict(zip(randoms.values(), ends[1:]))
        return self.add(Layer("concat", self.name(), sources=ends))

    def training(self):
        """Batches with a smaller last one, 20 steps."""
        r, net = self.r, self.net
        net.batch = r.choice(self.scale.batches)
        net.samples = net.batch * 2 + (r.randint(1, net.batch - 1) if net.batch > 1 else 1)
        net.epochs = math.ceil(20 / math.ceil(net.samples / net.batch))
        name, wanted = self.wishes.optimizer or (
            self.pick(OPTIMIZERS, lambda row: not (row.signs and LOSSES[net.loss.name].flat)).name, None)
        row = OPTIMIZERS[name]
        options = self.options(row, None, wanted)
        if self.wishes.schedule and "rate" in row.options and not row.signs:
            options["rate"] = self.schedule(*self.wishes.schedule)
        net.optimizer = Call(name, {k: options[k] for k in row.options if k in options})
        if not net.probes and r.random() < 0.2:
            net.train[r.choice(["l1", "l2"])] = r.choice([0.001, 0.02])
        if r.random() < 0.15:
            net.train["clip"] = self.clip(r.choice(["norm", "value"]))
        return True

    def clip(self, kind):
        return Call(kind, {"c": self.r.choice([0.05, 0.3, 2.0])})

    def schedule(self, name, wanted):
        row = SCHEDULES[name]
        return Call(name, {"start": round(self.r.uniform(0.002, 0.02), 3), **self.options(row, None, wanted)})

    def final(self):
        try:
            self.twin().check()
        except Invalid:
            return False
        return bool(self.twin().params)
