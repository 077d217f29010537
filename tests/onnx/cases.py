#!/usr/bin/python3
"""The ONNX project's node tests (Debian's libonnx-testdata, read with python3-onnx): every case whose operator can be said in a .nn
is run, many in one network; the others are listed with the reason. A case that is neither fails.  usage: cases.py [WORD ...]
(only those with one of the words in their name)

What a case gives may differ by 1e-5 of each number and 1e-6 of the largest; half-precision cases by 1e-3."""
import collections
import os
import sys
import tempfile

sys.path.insert(0, "tests")
from tap import check, finish, skip
from with_torch import torch
try:
    import onnx
except ImportError as error:
    skip("ONNX's node tests", error)

import numpy

import elementwise
import batch, shapes, training  # noqa: E401, F401  fill the table
from compiled import CompileError, Compiled
from graph import DATA, Absent, Value, Writer, all_cases, attributes
from reasons import REASONS
from spec import Form

RTOL, HALF, ATOL = 1e-5, 1e-3, 1e-6
TOGETHER = 30        # cases in one network
NUMBERS = 6000       # and numbers in their outputs, at most
OVER_A_BATCH = {name for name, f in elementwise.OPS.items() if f.__module__ == "batch"}
RECURRENT = {"RNN", "GRU", "LSTM"}


# ---- a case as statements

def translated(case, prefix):
    """The Writer of a case, or Absent."""
    g, (inputs, outputs) = Writer(prefix), case.data()
    known = {name: Value(array.shape, data=array) for name, array in inputs.items()}
    known.update({t.name: Value(tuple(t.dims), data=onnx.numpy_helper.to_array(t)) for t in case.graph.initializer})
    wanted = [o.name for o in case.graph.output]
    for node in case.graph.node:
        translate(g, node, known, wanted)
    for k, (name, array) in enumerate(outputs.items()):
        g.result(known[name], expected(case, k, array))
    if any(array.dtype == numpy.float16 for array in (*inputs.values(), *outputs.values())):
        g.tolerance = HALF
    return g


def expected(case, k, array):
    """[samples, ...]"""
    if case.op in RECURRENT:
        names = [name for name in case.graph.node[0].output]
        a = attributes(case.graph.node[0])
        return batch.sequence_result(a, [j for j, name in enumerate(names) if name][k], array)
    return array if case.op in OVER_A_BATCH else array[None]


def translate(g, node, known, wanted):
    values = [known[name] if name else None for name in node.input]
    a = attributes(node)
    folded = fold(node, a, values) if not any(name in wanted for name in node.output) or node.op_type == "Constant" else None
    if folded is not None:
        found = [Value(folded.shape, data=folded)]
    elif node.op_type in REASONS and node.op_type not in elementwise.OPS:
        raise Absent(REASONS[node.op_type])
    elif node.op_type not in elementwise.OPS:
        raise KeyError(node.op_type)
    else:
        found = elementwise.OPS[node.op_type](g, a, values, node)
    if node.op_type in RECURRENT:
        found = [v for v, name in zip(found, node.output) if name] if "" in node.output else found
        known.update(zip([name for name in node.output if name], found))
    else:
        known.update(zip(node.output, found))


FOLDED = {
    "Shape": lambda a, x: numpy.array(x.shape), "Neg": lambda a, x: -x, "Size": lambda a, x: numpy.array(x.size), "Identity": lambda a, x: x, "Cast": lambda a, x: x,
    "Sub": lambda a, x, y: x - y, "Add": lambda a, x, y: x + y, "Concat": lambda a, *x: numpy.concatenate(x, a["axis"]),
    "ConstantOfShape": lambda a, x: numpy.full(tuple(x), onnx.numpy_helper.to_array(a["value"])[0] if "value" in a else 0.0),
    "Unsqueeze": lambda a, x, axes: numpy.expand_dims(x, tuple(axes)), "Squeeze": lambda a, x, axes: numpy.squeeze(x, tuple(axes)),
    "Reshape": lambda a, x, shape: x.reshape(shape), "Equal": lambda a, x, y: x == y, "Where": lambda a, c, x, y: numpy.where(c, x, y),
    "Slice": lambda a, x, start, end, *more: x[tuple(slice(*p) for p in [(int(start[0]), int(end[0]))])],
}


def fold(node, a, values):
    """Constants, and what is made of whole numbers alone; None: it is to be computed."""
    if node.op_type == "Constant":
        value = a.get("value")
        return onnx.numpy_helper.to_array(value) if value is not None else numpy.array(next(iter(a.values())))
    if node.op_type not in FOLDED or any(v is None for v in values):
        return None
    shapes_alone = node.op_type in ("Shape", "Size")
    if shapes_alone or all(v.whole for v in values):
        return FOLDED[node.op_type](a, *(numpy.empty(v.shape) if shapes_alone else v.data for v in values))
    return None


# ---- many cases as one network

def network(writers):
    """The .nn of several cases: their outputs one after another."""
    lines = [line for g in writers for line, _ in g.declared] + [line for g in writers for line in g.lines]
    flat, sizes = [], []
    for g in writers:
        for v, array in g.results:
            flat.append(g.fresh("f"))
            lines.append(f"flatten {flat[-1]} from {v.name}")
            sizes.append(array.shape[1])
    if len(flat) > 1:
        lines.append("concat all_outputs from " + ", ".join(flat))
    definitions = dict.fromkeys(text for g in writers for text in g.definitions)
    return "\n".join([*definitions, "network net (real = f64) {", *("    " + line for line in lines), "}", ""])


def columns(writers, samples):
    """The inputs of all cases side by side; one that has fewer samples has zeros there."""
    parts = []
    for g in writers:
        for _, array in g.declared:
            rows = numpy.zeros((samples, array.shape[1]))
            rows[:len(array)] = array
            parts.append(rows)
    return numpy.concatenate(parts, 1)


def run(writers):
    """[(case's number, what differs)] of the cases of one network."""
    samples = max(g.samples for g in writers)
    with tempfile.TemporaryDirectory() as folder:
        model = Compiled(folder, network(writers), Form())
        given = {name: array for g in writers for name, array in g.tensors.items()}
        for kind in ("params", "state"):
            model.put(kind, {name: torch.tensor(numpy.array(v)) for name, v in given.items()})
        y = model.predict(torch.tensor(columns(writers, samples))).numpy()
    at, found = 0, []
    for g in writers:
        differs = []
        for v, array in g.results:
            ours = y[:len(array), at:at + array.shape[1]]
            differs += difference(v.name, ours, array, g.tolerance)
            at += array.shape[1]
        found.append(differs)
    return found


def difference(what, ours, theirs, rtol):
    """What is to be said of two arrays that differ."""
    ours, theirs = numpy.asarray(ours, dtype=float).reshape(theirs.shape), theirs.astype(float)
    finite = theirs[numpy.isfinite(theirs)]
    allowed = rtol * numpy.abs(theirs) + ATOL * (numpy.abs(finite).max() if finite.size else 1)
    with numpy.errstate(invalid="ignore"):
        wrong = ~((ours == theirs) | (numpy.abs(ours - theirs) <= allowed) | (numpy.isnan(ours) & numpy.isnan(theirs)))
    if not wrong.any():
        return []
    k = tuple(numpy.argwhere(wrong)[0])
    return [f"{what}: {wrong.sum()} of {wrong.size} differ, at {list(map(int, k))} {ours[k]!r}, not {theirs[k]!r}"]


def judge(cases):
    """{case: what differs} of translated cases; what doesn't compile together is halved."""
    try:
        return dict(zip((case.name for case, _ in cases), run([g for _, g in cases])))
    except CompileError as error:
        if len(cases) == 1:
            return {cases[0][0].name: [str(error), *network([cases[0][1]]).splitlines()[:40]]}
        half = len(cases) // 2
        return {**judge(cases[:half]), **judge(cases[half:])}


def batches(cases):
    """Some cases at a time, of not too many numbers."""
    found, numbers = [], 0
    for case, g in sorted(cases, key=lambda c: c[1].samples):
        size = sum(array.size for _, array in g.results) + sum(array.size for _, array in g.declared)
        if found and (len(found) == TOGETHER or numbers + size > NUMBERS):
            yield found
            found, numbers = [], 0
        found.append((case, g))
        numbers += size
    if found:
        yield found


# ---- cases of training

class Trained:
    """A network with its training functions, on numpy arrays."""

    def __init__(self, folder, text):
        self.model = Compiled(folder, text, Form())
        self.model.restart(1)

    def set(self, kind, given):
        self.model.put(kind, {name: torch.tensor(numpy.array(v)) for name, v in given.items()})

    def get(self, kind):
        return {name: v.numpy() for name, v in self.model.take(kind).items()}

    def train(self, x, t):
        n = len(x)
        return self.model.train(torch.tensor(x.reshape(n, -1).astype(float)), torch.tensor(t.reshape(n, -1).astype(float)))

    def trained_outputs(self, x):
        """The output in training: what the loss is where the target is 1 in one place."""
        n = len(x)
        flat, t, y = torch.tensor(x.reshape(n, -1).astype(float)), torch.zeros(n, self.model.outputs), numpy.zeros((n, self.model.outputs))
        t = t.double()
        for sample in range(n):
            for k in range(self.model.outputs):
                t[sample, k] = n
                y[sample, k] = self.model.gradient(flat, t)[0]
                t[sample, k] = 0
        return y


def train(case):
    """What differs."""
    inputs, outputs = case.data()

    def compile_text(text):
        return Trained(tempfile.mkdtemp(dir=folder), text)
    with tempfile.TemporaryDirectory() as folder:
        try:
            found = training.TRAINED[case.op](compile_text, case, list(inputs.values()), list(outputs.values()))
            return [d for what, ours, theirs in found for d in difference(what, ours, theirs, RTOL)]
        except CompileError as error:
            return [str(error)]


def is_training(case):
    return case.op in training.TRAINED and (case.op != "BatchNormalization" or attributes(case.graph.node[0]).get("training_mode"))


# ---- the report

def sort_out(cases):
    """Cases to be run, cases of training, and {reason: [names]} of those that can't be said."""
    ready, trained, absent = [], [], collections.defaultdict(list)
    for k, case in enumerate(cases):
        if is_training(case):
            trained.append(case)
            continue
        try:
            ready.append((case, translated(case, f"c{k}_")))
        except Absent as reason:
            absent[str(reason)].append(case.name)
        except KeyError as name:
            absent[f"? {name}"].append(case.name)
    return ready, trained, absent


def main(words):
    if not os.path.isdir(DATA):
        skip("ONNX's node tests", "there is no libonnx-testdata here")
    cases = [case for case in all_cases() if not words or any(w in case.name for w in words)]
    ready, trained, absent = sort_out(cases)
    found = {}
    for together in batches(ready):
        found.update(judge(together))
    for case in trained:
        found[case.name] = train(case)
    ran = collections.Counter(case.op or "several" for case in [c for c, _ in ready] + trained)
    for name, problems in found.items():
        check(not problems, f"onnx: {name}", *problems)
    print(f"# {len(found)} cases of {len(ran)} operators ran: " + ", ".join(f"{op} {n}" for op, n in sorted(ran.items())))
    for reason, names in sorted(absent.items()):
        print(f"# {len(names)} do not apply, {reason}: " + " ".join(names))
    unknown = [names for reason, names in absent.items() if reason.startswith("?")]
    check(not unknown, f"onnx: of {len(cases)} cases each is run or listed", *map(" ".join, unknown))


if __name__ == "__main__":
    main(sys.argv[1:])
    finish()
