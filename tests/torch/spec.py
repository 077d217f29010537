"""A network as data: what is drawn, printed as .nn text, run in PyTorch and reduced. Nothing here knows what a layer does."""
import dataclasses
from dataclasses import dataclass, field


@dataclass
class Call:
    """A name with options: an activation, a loss, an optimizer, a schedule, an initializer."""
    name: str
    options: dict = field(default_factory=dict)

    def text(self, order=()):
        """As written; options that are the first in `order` go by position."""
        words, by_position = [], True
        for k, (name, value) in enumerate(self.options.items()):
            by_position = by_position and k < len(order) and order[k] == name
            words.append(number(value) if by_position else f"{name} = {number(value)}")
        return self.name + (f"({', '.join(words)})" if words else "")


@dataclass
class Value:
    """What braces say of a parameter. kind: number, list, init, file, tied, none."""
    kind: str
    what: object = None      # the number, the nested list, the Call, (tensor's name, nested list), (label, transposed)
    frozen: bool = False
    shared: bool = False

    def text(self):
        inner = {"number": lambda: number(self.what), "list": lambda: nested(self.what), "none": lambda: "none",
                 "init": lambda: positional(self.what), "file": lambda: f'file("given.safetensors", "{self.what[0]}")',
                 "tied": lambda: f"tied({self.what[0]}{', transposed' if self.what[1] else ''})"}[self.kind]()
        if self.shared:
            inner = f"shared({inner})"
        return f"frozen({inner})" if self.frozen else inner


@dataclass
class Input:
    name: str
    shape: list
    below: int = 0           # > 0: whole numbers 0 ... below - 1

    def text(self):
        return f"input {self.name}{sizes(self.shape)}" + (f": index({self.below})" if self.below else "")


@dataclass
class Layer:
    kind: str
    name: str
    shown: bool = True       # False: the .nn gives it no name
    options: dict = field(default_factory=dict)
    positional: bool = False
    sizes: list = field(default_factory=list)
    activation: Call = None
    sources: list = field(default_factory=list)    # empty: the value above
    settings: dict = field(default_factory=dict)   # parameter's name: Value; frozen, l1, l2: number

    def text(self, order):
        words = [Call(self.kind, self.options).text(order if self.positional else ())]
        if self.shown:
            words.append(self.name + (sizes(self.sizes) if self.sizes else ""))
        if self.activation:
            words.append(self.activation.text())
        if self.sources:
            words.append("from " + ", ".join(self.sources))
        if self.settings:
            words.append("{ " + "; ".join(f"{k} = {v.text() if isinstance(v, Value) else number(v)}" for k, v in self.settings.items())
                         + " }")
        return " ".join(words)


@dataclass
class Repeat:
    times: int
    body: list


@dataclass
class Form:
    """How it is compiled."""
    real: str = "f64"
    unroll: str = "none"
    exact: bool = False
    compiler: str = "quick"  # a key of compiled.COMPILERS
    target: str = "scalar"
    frozen: bool = False     # nnc emit --predict, with the numbers inside


@dataclass
class Net:
    inputs: list
    body: list
    loss: Call
    optimizer: Call
    output: str = None
    batch: int = 3
    epochs: int = 7
    samples: int = 8
    train: dict = field(default_factory=dict)      # clip, l1, l2: text or number
    constants: dict = field(default_factory=dict)
    probes: dict = field(default_factory=dict)     # {random layer: what of the output, a concat, shows what it gives in training}
    form: Form = field(default_factory=Form)
    seed: int = 1            # of the numbers: parameters, samples, targets

    def copy(self):
        return copied(self)


def copied(value):
    """A deep copy; numbers and texts are shared."""
    if dataclasses.is_dataclass(value):
        return type(value)(**{f.name: copied(getattr(value, f.name)) for f in dataclasses.fields(value)})
    if isinstance(value, (list, tuple)):
        return type(value)(copied(v) for v in value)
    return {k: copied(v) for k, v in value.items()} if isinstance(value, dict) else value


def statements(body):
    """All statements, those inside a repeat after it."""
    for s in body:
        yield s
        if isinstance(s, Repeat):
            yield from statements(s.body)


# ---- text

def number(value):
    if isinstance(value, Call):
        return positional(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else repr(value)


def positional(call):
    """The first argument by position, the others by name: cosine(0.1, to = 0.01)."""
    return call.text(list(call.options)[:1])


def sizes(values):
    return f"[{', '.join(map(str, values))}]" if values else ""


def nested(value):
    return "[" + ", ".join(map(nested, value)) + "]" if isinstance(value, list) else repr(value)


def body_text(body, order, indent):
    lines = []
    for s in body:
        if isinstance(s, Repeat):
            lines += [f"{indent}repeat {s.times} {{", *body_text(s.body, order, indent + "    "), indent + "}"]
        else:
            lines.append(indent + (s.text(order(s.kind)) if isinstance(s, Layer) else s.text()))
    return lines


def net_text(net, order, definitions):
    """The .nn file. order(kind): a layer's options as declared; definitions: text of the user's own."""
    settings = {"loss": net.loss.text(), "optimizer": net.optimizer.text(), "batch": net.batch, "epochs": net.epochs, **net.train}
    lines = [*(f"const {k} = {v}" for k, v in net.constants.items()), *definitions, f"network net (real = {net.form.real}) {{",
             *("    " + i.text() for i in net.inputs), *body_text(net.body, order, "    "),
             *([f"    output {net.output}"] if net.output else []), "}",
             "train {", *(f"    {k} = {number(v)}" for k, v in settings.items()), "}"]
    return "\n".join(lines) + "\n"
