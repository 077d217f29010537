"""What parameters and states start with: given numbers exactly, drawn ones in their range; and how they are distributed over all
networks of a run."""
import json
import math
import struct
from types import SimpleNamespace

import torch

from rows import INITIALIZERS
from spec import Layer, Value, nested, statements
from twin import BIAS, constant_of

FAR = 5.5     # standard deviations: once in 30 million
LIMIT = 2.8   # of the statistic of Kolmogorov and Smirnov, times the root of the count: exceeded by chance once in 3 million


# ---- files

def write_files(net, folder):
    """given.safetensors, with all tensors that the network takes from there."""
    given = [v.what for s in statements(net.body) if isinstance(s, Layer) for v in s.settings.values()
             if isinstance(v, Value) and v.kind == "file"]
    if given:
        write_safetensors(folder + "/given.safetensors", {name: torch.tensor(values) for name, values in given})


def write_safetensors(path, tensors):
    header, data = {}, b""
    for name, tensor in tensors.items():
        numbers = tensor.double().flatten().tolist()
        packed = struct.pack(f"<{len(numbers)}d", *numbers)
        header[name] = {"dtype": "F64", "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(packed)]}
        data += packed
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


# ---- one network

def fans(twin, label):
    """fan_in and fan_out of a parameter; a bias has those of its layer's weight."""
    shape = twin.whole[label]
    if BIAS.match(label) and len(shape) < 2:
        layer, _, name = label.rpartition(".")
        weight = twin.whole.get(f"{layer}.{name.replace('bias', 'weight')}", ())
        shape = weight if len(weight) >= 2 else shape
    field = math.prod(shape[2:])
    return (shape[1] if len(shape) > 1 else shape[0]) * field, shape[0] * field


def check(twin, model, result):
    """Adds to the result what starts otherwise than it should, and what was drawn."""
    params, states = model.get_params(), model.get_states()
    single = twin.net.form.real == "f32"
    for slot in [*twin.params.values(), *twin.states.values()]:
        got = (params if slot.label in params else states)[slot.label]
        problem = check_one(twin, slot, got, single, result)
        if problem:
            result.problems.append((f"start of {slot.label}", f"{problem}: {nested(got.tolist())}"))


def same(got, want, single):
    want = torch.as_tensor(want, dtype=torch.float64).expand(got.shape)
    return torch.equal(got, want.float().double() if single else want)


def check_one(twin, slot, got, single, result):
    value = slot.value
    if value is None:
        return None if slot.default is None or same(got, slot.default, single) else f"not {slot.default}"
    given = value.what if value.kind == "list" else value.what[1] if value.kind == "file" else constant_of(value)
    if given is not None:
        return None if same(got, given, single) else f"not {given}"
    row = INITIALIZERS[value.what.name]
    return check_drawn(row.twin(SimpleNamespace(**row.option_values(value.what.options)), *fans(twin, slot.label)), got,
                       result.drawn.setdefault(f"initializer {row.name}", []))


def check_drawn(distribution, got, drawn):
    kind, *numbers = distribution
    if kind == "constant":
        return None if same(got, numbers[0], True) or same(got, numbers[0], False) else f"not {numbers[0]}"
    if kind == "orthogonal":
        rows = got.reshape(len(got), -1)
        rows = rows if rows.shape[0] <= rows.shape[1] else rows.T
        off = (rows @ rows.T - numbers[0]**2 * torch.eye(len(rows))).abs().max().item()
        return None if off < 1e-5 * numbers[0]**2 else f"not orthogonal, by {off:.3g}"
    if kind == "uniform":
        drawn += [min(max(v, -1.0), 2.0) for v in ((got - numbers[0]) / (numbers[1] - numbers[0])).flatten().tolist()]
        outside = (got < numbers[0] - 1e-6) | (got > numbers[1] + 1e-6)
        return f"outside {numbers}" if outside.any() else None
    drawn += (0.5 * (1 + torch.erf((got - numbers[0]) / numbers[1] / math.sqrt(2)))).flatten().tolist()
    return None


# ---- what random layers draw

def noise(notes, found):
    """Adds {what: [count, sum]} of drawn numbers and of products of two: next to each other, in two samples, in two steps. All have mean
    0 and variance 1 if they are drawn as they should."""
    before = {}
    for kind, label, numbers in notes:
        pairs = {"": numbers, ", neighbours": numbers[:, 1:] * numbers[:, :-1]}
        if len(numbers) > 1:
            pairs[", samples"] = numbers[0] * numbers[1]
        if label in before:
            pairs[", steps"] = numbers[0] * before[label]
        before[label] = numbers[0]
        for what, values in pairs.items():
            values = values[values.isfinite()]
            entry = found.setdefault(kind + what, [0, 0.0])
            entry[0] += values.numel()
            entry[1] += values.sum().item()


# ---- all networks

def judge_uniform(numbers):
    """How far numbers that should be uniform in 0 ... 1 are from it; more than LIMIT is no accident."""
    n, numbers = len(numbers), sorted(numbers)
    return max(max((k + 1) / n - u, u - k / n) for k, u in enumerate(numbers)) * math.sqrt(n)
