"""Which constructs of the language a network uses, by name, and which there are."""
import re

from rows import ACTIVATIONS, INITIALIZERS, LAYERS, LOSSES, OPTIMIZERS, SCHEDULES
from spec import Call, Form, Layer, Value, net_text, statements
from structures import STRUCTURES
from twin import Twin
from values import VALUES, kind_of

TABLES = {"layer": LAYERS, "activation": ACTIVATIONS, "loss": LOSSES, "optimizer": OPTIMIZERS, "schedule": SCHEDULES,
          "initializer": INITIALIZERS}


def calls(net):
    """(table's name, Call) for everything that has a row."""
    for s in statements(net.body):
        if isinstance(s, Layer):
            yield ("activation" if s.kind in ACTIVATIONS else "layer"), Call(s.kind, s.options)
            if s.activation:
                yield ("activation" if s.activation.name in ACTIVATIONS else "layer"), s.activation
            yield from (("initializer", v.what) for v in s.settings.values() if isinstance(v, Value) and v.kind == "init")
    yield "loss", net.loss
    yield "optimizer", net.optimizer
    for value in net.optimizer.options.values():
        if isinstance(value, Call):
            first, *others = value.options.items()
            yield "schedule", Call(value.name, dict(others))


# ---- text

def definitions(net):
    """The user's own that the network uses, each once, those it needs before it."""
    found = {}

    def add(row):
        for needed in row.needs:
            add(next(table[needed] for table in TABLES.values() if needed in table))
        if row.definition:
            found[row.name] = row.definition.strip("\n")
    for table, call in calls(net):
        add(TABLES[table][call.name])
    return list(found.values())


def text_of(net):
    return net_text(net, lambda kind: list((ACTIVATIONS if kind in ACTIVATIONS else LAYERS)[kind].options), definitions(net))


# ---- what there is, and what a network uses

def target(wanted):
    """A target that this machine has, as near as possible."""
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        text = file.read()
    return wanted if wanted in ("scalar", "native") or f" {wanted} " in text else "native"


FORMS = [Form(*words) for words in (
    ("f64", "none"), ("f64", "full"), ("f64", "none", False, "gcc -O1", "native"), ("f64", "auto"), ("f32", "none"), ("f64", "none", True),
    ("f64", "none", False, "gcc -O1"), ("f64", "full"), ("f32", "none", False, "gcc -O2", "native"), ("f64", "300"),
    ("f64", "none", False, "clang -O2", "avx2"), ("f32", "full"), ("f64", "none"), ("f64", "full", True),
    ("f64", "none", False, "gcc -O1", "sse2"), ("f32", "auto", True), ("f64", "none", True, "gcc -O1", "native"), ("f64", "none"),
    ("f32", "none", False, "gcc -O1", "avx2"), ("f64", "auto", False, "gcc -O1", "native"), ("f64", "auto", False, "gcc -O1", "sse2"),
    ("f32", "auto", False, "gcc -O1", "native"), ("f64", "auto", False, "gcc -O1", "avx2"))]
for form in FORMS:
    form.target = target(form.target)
FEW = Form("f64", "full", False, "gcc -O1")   # long to compile: one in FEW_OF
FEW_OF = 60


def both(table):
    """(name, None), and (name, option) for every option but those that must be given."""
    return [(row.name, option) for row in table.values() for option in (None, *(k for k, o in row.options.items() if o.default is not None))]


def label(kind, name, option=None):
    return f"{kind} {name}" + (f": {option}" if option else "")


def form_names(form):
    return [f"form: {form.real}", f"form: --unroll {'N' if form.unroll.isdigit() else form.unroll}", f"form: {form.compiler}",
            f"form: --target {form.target}", *(["form: --exact"] if form.exact else [])]


def everything():
    """The names of all constructs."""
    found = [label(kind, *entry) for kind, table in TABLES.items() for entry in both(table)]
    found += [f"parameter: {k}" for k in VALUES] + [f"structure: {k}" for k in STRUCTURES]
    found += [name for form in FORMS for name in form_names(form)]
    found += ["training: batch of 1", "training: smaller last batch", "loss cross_entropy: over positions", "loss kl_divergence: over positions"]
    return list(dict.fromkeys(found))


def prelude():
    """The names of all that grammar/prelude.nn defines, options included, as `everything` has them."""
    with open("grammar/prelude.nn", encoding="utf-8") as file:
        for line in file:
            definition = re.match(r"(layer|activation|loss|optimizer|schedule|initializer) (\w+)\(([^;=]*)(?:;\s*(.*?))?\)\s*(->|=|\{)", line)
            if definition:
                kind, name, _, options, _ = definition.groups()
                yield label(kind, name)
                for option in re.split(r",\s*(?=\w+ =|\w+$|\w+,)", options or ""):
                    if "=" in option:
                        yield label(kind, name, option.split()[0])


def used(net, wishes):
    """The names of the constructs that a network uses; a structure counts where it was wished for."""
    found = set(form_names(net.form))
    for kind, call in calls(net):
        found.add(label(kind, call.name))
        found.update(label(kind, call.name, option) for option in call.options if TABLES[kind][call.name].options[option].default is not None)
    for s in statements(net.body):
        if isinstance(s, Layer):
            found.update(f"parameter: {kind_of(k, v)}" for k, v in s.settings.items())
            if s.activation and any(k.startswith(s.activation.name + ".") for k in s.settings):
                found.add("parameter: of a layer in an activation's place")
    if wishes.structure:
        found.add(f"structure: {wishes.structure}")
    found.add("training: batch of 1" if net.batch == 1 else "training: smaller last batch")
    if net.loss.name in ("cross_entropy", "kl_divergence") and len(Twin(net).output) > 1:
        found.add(label("loss", net.loss.name, "over positions"))
    return sorted(found)
