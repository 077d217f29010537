"""An ONNX graph on its way to a .nn: the statements of one case, its inputs, what its outputs are to be.

A value is a whole tensor, or, for what ONNX defines over a batch (convolutions, pools, recurrent networks), one sample of it.
Whole numbers are worked out here as long as nothing but whole numbers is made of them: they are shapes, axes and subscripts."""
import glob
import os

import numpy
import onnx
from onnx import numpy_helper

DATA = "/usr/share/libonnx-testdata/data/node"


class Absent(Exception):
    """The case cannot be said in a .nn; why."""


class Value:
    def __init__(self, shape, name=None, data=None):
        self.shape, self.name, self.data = tuple(shape), name, data

    @property
    def size(self):
        return int(numpy.prod(self.shape))

    @property
    def whole(self):
        """Known whole numbers: shapes, axes, subscripts; choices among them."""
        return self.data is not None and self.data.dtype.kind in "iub"


def array_of(value):
    """A tensor of the test data; sequences, optionals and strings have no place in a .nn."""
    if not isinstance(value, numpy.ndarray):
        raise Absent("sequences and optional values: a network has tensors alone")
    if value.dtype.kind not in "fiub":
        raise Absent("text and complex numbers: a network has real numbers alone")
    return value


def load(path, kind):
    with open(path, "rb") as file:
        data = file.read()
    if not kind.HasField("tensor_type"):
        raise Absent("sequences and optional values: a network has tensors alone")
    return array_of(numpy_helper.to_array(onnx.TensorProto.FromString(data)))


class Case:
    def __init__(self, folder):
        self.name = os.path.basename(folder).removeprefix("test_")
        self.folder = folder
        self.model = onnx.load(folder + "/model.onnx")
        self.graph = self.model.graph
        nodes = list(self.graph.node)
        self.op = nodes[0].op_type if len(nodes) == 1 else None

    def data(self):
        """Arrays by name: inputs, outputs."""
        found = []
        for kind, declared in (("input", self.graph.input), ("output", self.graph.output)):
            paths = [f"{self.folder}/test_data_set_0/{kind}_{k}.pb" for k in range(len(declared))]
            found.append({d.name: load(p, d.type) for d, p in zip(declared, paths) if os.path.exists(p)})
        return found


def all_cases():
    return [Case(folder) for folder in sorted(glob.glob(DATA + "/*"))]


def attributes(node):
    return {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}


def number(v):
    v = float(v)
    return "inf" if v == numpy.inf else "(-inf)" if v == -numpy.inf else f"({v!r})" if v < 0 else repr(v)


class Writer:
    """The statements of one case. prefix: its names begin with that."""

    def __init__(self, prefix):
        self.prefix, self.count = prefix, 0
        self.lines, self.declared = [], []   # declared: (line, array [samples, ...])
        self.tensors = {}                    # parameters and states: {name: array}
        self.results = []                    # (Value, array [samples, ...])
        self.definitions, self.samples, self.tolerance = [], 1, 1e-5

    def fresh(self, what="v"):
        self.count += 1
        return f"{self.prefix}{what}{self.count}"

    # ---- what comes in

    def declare(self, array, below=None):
        """An input; array [samples, ...]."""
        name, shape = self.fresh("x"), array.shape[1:] or (1,)
        if 0 in shape:
            raise Absent("a tensor without elements")
        suffix = f": index({below})" if below else ""
        self.declared.append((f"input {name}[{', '.join(map(str, shape))}]{suffix}", array.reshape(len(array), -1).astype(float)))
        self.samples = max(self.samples, len(array))
        return name

    def real(self, v):
        """The name of a value, which is an input if it is not computed."""
        if v.name is None:
            v.name = self.declare(v.data[None])
        return v.name

    def index(self, v, below):
        """The name of an input that holds these whole numbers; those from the end are counted from the start."""
        data = numpy.where(v.data < 0, v.data + below, v.data)
        return self.declare(data[None], below)

    def sampled(self, array):
        """An input with a slice for each sample."""
        return Value(array.shape[1:], self.declare(array))

    # ---- what is said

    def at(self, v, subs):
        return f"{self.real(v)}[{', '.join(map(str, subs)) or '0'}]"

    def spread(self, v, letters):
        """v at the last of these indices, as numpy spreads it."""
        return self.at(v, ["0" if e == 1 else i for i, e in zip(letters[len(letters) - len(v.shape):], v.shape)])

    def equation(self, shape, right, letter="i"):
        """name[i0: 2, i1: 3] = right([i0, i1])"""
        letters = [f"{letter}{k}" for k in range(len(shape))]
        text = right(letters)   # inputs are declared by now
        name = self.fresh()
        ranges = ", ".join(f"{i}: {e}" for i, e in zip(letters, shape)) or "o: 1"
        self.lines.append(f"{name}[{ranges}] = {text}")
        return Value(shape, name)

    def elementwise(self, text, *values):
        """text with {0}, {1} ... for the values, which are spread."""
        shape = numpy.broadcast_shapes(*(v.shape for v in values))
        return self.equation(shape, lambda i: text.format(*(self.spread(v, i) for v in values)))

    def layer(self, text, v, shape, sizes="", **tensors):
        """A layer of the prelude or of the case's own; tensors: what its parameters and states are."""
        source, name = self.real(v), self.fresh("l")
        kind, *options = text.split("(", 1)
        self.lines.append(f"{kind}{'(' + options[0] if options else ''} {name}{sizes} from {source}")
        self.tensors.update({f"{name}.{k}": numpy.asarray(a, dtype=float) for k, a in tensors.items()})
        return Value(shape, name)

    def reshape(self, v, shape):
        shape = tuple(int(e) for e in shape)
        if -1 in shape:
            at = shape.index(-1)
            shape = (*shape[:at], v.size // -int(numpy.prod(shape)), *shape[at + 1:])
        if v.name is None:
            return Value(shape, data=v.data.reshape(shape))
        name = self.fresh()
        self.lines.append(f"reshape {name}[{', '.join(map(str, shape or (1,)))}] from {v.name}")
        return Value(shape, name)

    def define(self, text):
        if text not in self.definitions:
            self.definitions.append(text)

    def result(self, v, array):
        """array [samples, ...]: what the value is to be."""
        self.real(v)
        self.results.append((v, array.reshape(len(array), -1).astype(float)))
