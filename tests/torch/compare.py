"""One network compiled and in PyTorch: tables, start values, prediction, losses, gradients, training.

f64: relative 1e-12 for values and gradients, 1e-9 after the steps; f32: 1e-5, after one step; relative to the tensor's largest
number. Where that is missed, PyTorch itself is asked how well the number is determined: its result is worked out again for
parameters, samples and values of layers that differ in the last bit. What moves along is rounding, and is allowed for; so is,
after the steps, an element that such a change sends elsewhere (the sign of a gradient that is zero but for rounding), or whose gradient is rounding
alone. All are counted and printed."""
import math
import random
import tempfile
from dataclasses import dataclass, field

import torch

import probe
import starts
from compiled import CompileError, Compiled
from constructs import text_of
from rows import LOSSES, OPTIMIZERS
from twin import Twin

VALUES, TRAINED, SINGLE = 1e-12, 1e-9, 1e-5
NOISE = {"f64": 1e-12, "f32": 1e-4}   # times the largest gradient: smaller ones may be rounding alone
LARGE = 1e6              # networks whose numbers become larger are not compared
NUDGES = 6               # how often a reference that is in doubt is worked out anew
SIGN_NUDGES = 60         # ... and where an optimizer goes by signs: each that turns sends other elements elsewhere
ALLOWED = 20             # times what those differ
SENT_ELSEWHERE = {"f64": 1e-7, "f32": 2e-5}   # an element that moves so far by a change in the last bits


@dataclass
class Point:
    """Where a network is compared."""
    params: dict
    states: dict
    x: torch.Tensor
    t: torch.Tensor
    validation: list


class Wild(Exception):
    """The numbers grow beyond all bounds, or go by the sign of what is 0 but for rounding: nothing can be compared."""


@dataclass
class Result:
    problems: list = field(default_factory=list)   # (what, how)
    loose: int = 0                                 # numbers that needed the allowance
    elsewhere: int = 0
    drawn: dict = field(default_factory=dict)      # start values, to be judged all together
    noise: dict = field(default_factory=dict)      # what random layers drew, likewise
    compared: int = 0


# ---- the point

def draw_parameter(g, slot):
    shape = slot.shape or (1,)
    noise = torch.randn(shape, generator=g)
    if len(shape) >= 2:
        value = noise * 1.2 / math.sqrt(math.prod(shape[1:]))
    else:
        value = 0.3 * noise + (slot.default or 0)
    return value.reshape(slot.shape)


def draw_state(g, slot):
    """Not 0, since some are variances."""
    return 0.5 + torch.rand(slot.shape, generator=g)


def draw_samples(g, net, twin, n):
    parts = []
    for declared in net.inputs:
        shape = (n, math.prod(twin.dims(declared)))
        parts.append(torch.randint(declared.below, shape, generator=g).double() if declared.below else torch.randn(shape, generator=g))
    return torch.cat(parts, 1)


def draw_targets(g, domain, n, shape):
    real = torch.randn(n, *shape, generator=g)
    if domain == "classes":
        shares = torch.softmax(real, -1)
        hot = torch.nn.functional.one_hot(real.argmax(-1), shape[-1]).double()
        return torch.where(torch.rand(n, *shape[:-1], 1, generator=g) < 0.5, hot, shares)
    return {"real": lambda: real, "share": lambda: torch.sigmoid(2 * real), "sign": lambda: torch.sign(real),
            "counts": lambda: (2 * real).abs().floor()}[domain]()


def draw_point(net, twin, samples=None):
    g = torch.Generator().manual_seed(net.seed)
    n = samples or (net.batch if net.form.real == "f32" else net.samples)
    point = Point({k: draw_parameter(g, s) for k, s in twin.params.items()}, {k: draw_state(g, s) for k, s in twin.states.items()},
                  draw_samples(g, net, twin, n), draw_targets(g, LOSSES[net.loss.name].domain, n, twin.output).reshape(n, -1),
                  [round(random.Random(net.seed + e).uniform(0.5, 1), 3) for e in range(net.epochs)])
    return mapped(point, lambda v: v.float().double()) if net.form.real == "f32" else point


def mapped(point, f, samples=True):
    """The point with f of every tensor."""
    return Point({k: f(v) for k, v in point.params.items()}, {k: f(v) for k, v in point.states.items()},
                 f(point.x) if samples else point.x, f(point.t) if samples else point.t, point.validation)


def unit(real):
    """In the last place, of a number near 1."""
    return 2.0**-23 if real == "f32" else 2.0**-52


def nudged(point, real, seed):
    """Every number that is not a whole one changed by about its last bits."""
    factor = last_bits(real, seed)
    return mapped(point, lambda v: torch.where(v == v.round(), v, v * factor(v)))


def last_bits(real, seed, units=1):
    """A function: tensor -> factors of its shape that change about the last bits."""
    g = torch.Generator().manual_seed(seed)
    return lambda v: 1 + 2 * units * unit(real) * (2 * torch.rand(v.shape, generator=g) - 1)


# ---- what is compared, by name

def trained_epochs(net):
    """In single precision one step, of a whole batch."""
    return net.epochs if net.form.real == "f64" else 1


def parts_of(net):
    """Sizes of the batches whose gradient is taken: full, smaller, and more than one batch."""
    return sorted({net.batch, max(1, net.batch - 1), 1})


def groups_agree(twin):
    """Whether the mean over groups of a batch is that of all samples."""
    return not twin.randoms and not twin.batched


def reference(net, twin, point, drawn):
    """PyTorch's results; drawn: the masks of this network's gradients and steps."""
    x, t, found = point.x, point.t, {}
    with torch.no_grad():
        found["prediction"] = twin.forward(point.params, dict(point.states), x).reshape(len(x), -1)
        found["test loss"] = twin.loss(point.params, dict(point.states), x, t, False)
    whole = [len(x)] if groups_agree(twin) else []
    for n in parts_of(net) + whole:
        value, g = twin.gradient(point.params, point.states, x[:n], t[:n], drawn.get(n))
        found[f"training loss of {n}"] = value
        found.update({f"gradient of {n}: {k}": v for k, v in g.items()})
    if twin.params:
        losses, params, states = twin.train(point.params, point.states, x, t, point.validation, drawn.get("steps"), trained_epochs(net))
        found.update({f"trained: loss {k}": torch.tensor(v) for k, v in enumerate(losses)})
        found.update({f"trained: {k}": v for k, v in {**params, **states}.items()})
    return found


def measured(net, twin, model, point):
    """The compiled network's results, and the masks that it drew."""
    x, t, found, drawn = point.x, point.t, {}, {}
    model.set(point.params, point.states)
    found["prediction"] = model.predict(x)
    found["test loss"] = torch.tensor(model.loss(x, t))
    whole = [len(x)] if groups_agree(twin) else []
    for n in parts_of(net) + whole:
        drawn[n] = probe.masks(twin, model, x[:n])
        value, g = model.gradient(x[:n], t[:n])
        found[f"training loss of {n}"] = torch.tensor(value)
        found.update({f"gradient of {n}: {k}": v for k, v in g.items()})
    if twin.params:
        losses, drawn["steps"] = train(net, twin, model, point)
        found.update({f"trained: loss {k}": torch.tensor(v) for k, v in enumerate(losses)})
        found.update({f"trained: {k}": v for k, v in {**model.get_params(), **model.get_states()}.items()})
    return found, drawn


def train(net, twin, model, point):
    """The mean loss of each epoch; with random layers batch by batch, with the masks of each step."""
    model.restart(net.seed)
    model.set(point.params, point.states)
    losses, drawn = [], []
    for epoch in range(trained_epochs(net)):
        model.epoch(epoch, net.epochs, point.validation[epoch - 1] if epoch else math.nan)
        total = 0.0
        step = net.batch if twin.randoms else len(point.x)
        for at in range(0, len(point.x), step):
            x, t = point.x[at:at + step], point.t[at:at + step]
            drawn.append(probe.masks(twin, model, x))
            total += model.train(x, t) * len(x)
        losses.append(total / len(point.x))
    return losses, drawn


# ---- the comparison

def tolerance(real, what):
    return SINGLE if real == "f32" else TRAINED if what.startswith("trained") else VALUES


def distance(ours, theirs):
    """Elementwise; what is no number is infinitely far."""
    return torch.nan_to_num((ours.double() - theirs.double()).abs(), nan=math.inf)


def size_of(v):
    return v.abs().max().item() if v.numel() else 0.0


def misses(real, ours, theirs):
    """The names of what differs by more than its tolerance."""
    return [k for k, v in theirs.items()
            if ours[k].numel() != v.numel() or size_of(distance(ours[k].reshape(v.shape), v)) > tolerance(real, k) * size_of(v)]


def again(net, twin, point, drawn):
    """PyTorch's results once more, a little beside the point; for a network of single precision, in single precision."""
    torch.set_default_dtype(torch.float32 if net.form.real == "f32" else torch.float64)
    try:
        here = mapped(point, lambda v: v.to(torch.get_default_dtype()))
        times = SIGN_NUDGES if OPTIMIZERS[net.optimizer.name].signs else NUDGES
        found = []
        for k in range(times):
            twin.rounding = last_bits(net.form.real, times + k)
            found.append(reference(net, twin, nudged(here, net.form.real, k), in_default(drawn)))
        return found
    finally:
        twin.rounding = None
        torch.set_default_dtype(torch.float64)


def in_default(drawn):
    """Masks, as they stand in dicts and lists, in PyTorch's present precision."""
    if isinstance(drawn, dict):
        return {k: in_default(v) for k, v in drawn.items()}
    if isinstance(drawn, list):
        return [in_default(v) for v in drawn]
    return drawn if drawn is None else drawn.to(torch.get_default_dtype())


def floor(real, k, theirs):
    """A gradient that is 0 but for rounding has that of what it is made of: some units in the last place of the largest one."""
    group = k.split(":")[0]
    if not group.startswith("gradient"):
        return 0.0
    return 16 * unit(real) * max(size_of(v) for name, v in theirs.items() if name.startswith(group + ":"))


def judge(real, ours, theirs, nearby, result):
    """Adds what differs to the result. nearby() gives what theirs would be a little beside, several times."""
    missed = misses(real, ours, theirs)
    others = nearby() if missed else []
    for k in missed:
        if ours[k].numel() != theirs[k].numel():
            result.problems.append((k, f"{ours[k].numel()} numbers, not {theirs[k].numel()}"))
            continue
        judge_one(real, k, ours[k].reshape(theirs[k].shape), theirs, [o[k] for o in others], result)


def without_digits(real, k, theirs):
    """The elements of a trained parameter whose gradients are rounding alone: an optimizer that divides by them sends them anywhere."""
    name = k.rpartition(": ")[2] if k.startswith("trained") else ""
    gradients = {what: v.abs() for what, v in theirs.items() if what.startswith("gradient of ")}
    noise = NOISE[real] * max(map(size_of, gradients.values()), default=0)
    own = [v < noise for what, v in gradients.items() if what.endswith(": " + name)]
    return torch.stack(own).all(0) if own else torch.zeros_like(theirs[k], dtype=torch.bool)


def judge_one(real, k, got, theirs, others, result):
    want, scale = theirs[k], size_of(theirs[k])
    spread = torch.stack([distance(o, want) for o in others]).amax(0)
    elsewhere = (spread > SENT_ELSEWHERE[real] * scale) & k.startswith("trained") | without_digits(real, k, theirs)
    far = size_of(distance(got, want).masked_fill(elsewhere, 0))
    allowed = tolerance(real, k) * scale + ALLOWED * size_of(spread.masked_fill(elsewhere, 0)) + floor(real, k, theirs)
    result.elsewhere += int(elsewhere.sum())
    result.loose += 1
    if far > allowed:
        result.problems.append((k, f"differs by {far:.3g}, allowed {allowed:.3g}, largest {scale:.3g}\n"
                                   f"is     {shown(got)}\nwanted {shown(want)}"))


def shown(v):
    text = " ".join(f"{e:.17g}" for e in v.flatten()[:12].tolist())
    return text + (" ..." if v.numel() > 12 else "")


def tables(twin, model, result):
    """What is kept: names, shapes, order."""
    for what, name, slots in (("parameters", "net_tensors", twin.params), ("states", "net_states", twin.states)):
        got, want = [(k, s) for k, (s, _) in model.table(name).items()], [(k, s.shape) for k, s in slots.items()]
        if got != want:
            result.problems.append((what, f"nnc     {got}\nPyTorch {want}"))
    sizes = (math.prod(twin.output), sum(math.prod(twin.dims(i)) for i in twin.net.inputs))
    if (model.outputs, model.inputs) != sizes:
        result.problems.append(("sizes", f"{(model.outputs, model.inputs)}, not {sizes}"))


def tame(net, found):
    """The results, if they can be compared."""
    if not all(v.isfinite().all() and size_of(v) < LARGE for v in found.values()):
        raise Wild
    gradients = [v.abs() for k, v in found.items() if k.startswith("gradient")]
    noise = NOISE[net.form.real] * max(map(size_of, gradients), default=0)
    if OPTIMIZERS[net.optimizer.name].signs and any(((g > 0) & (g < noise)).any() for g in gradients):
        raise Wild
    return found


def compare(net):
    """The result for one network, in a folder of its own."""
    result = Result()
    twin = Twin(net)
    twin.check()
    point = draw_point(net, twin)
    theirs = None if twin.randoms else tame(net, reference(net, twin, point, {}))
    with tempfile.TemporaryDirectory() as folder:
        starts.write_files(net, folder)
        try:
            model = Compiled(folder, text_of(net), net.form)
        except CompileError as error:
            result.problems.append(("compiling", str(error)))
            return result
        tables(twin, model, result)
        if result.problems:
            return result
        model.restart(net.seed)
        starts.check(twin, model, result)
        ours, drawn = measured(net, twin, model, point)
        theirs = theirs or tame(net, reference(net, twin, point, drawn))
        starts.noise(twin.notes, result.noise)
        result.compared = len(theirs)
        judge(net.form.real, ours, theirs, lambda: again(net, twin, point, drawn), result)
    return result
