#!/usr/bin/python3
"""Values that are read at a place that data decide, h[at[m], k]: in every form of the code, straight-line or loops, of numbers or of vectors,
of samples one after another or as lanes, the C compiles without a warning and agrees with the interpreter; so does a frozen prediction, and with
--exact all forms give the same bits. What is read so is what layers, recurrences, optimizers' parameters and other such reads have made,
and is written at such a place on the way back.

Varied: networks, batches, ways of emitting. All values are small but those of LARGE, which fill more than the first cache and are stored in panels,
longer rows or with their dimensions turned; those are loops only. Of each network's batches, and of the vector targets that are tried in every
form, one is drawn; --all takes all of them (half an hour of a processor).

    tests/c/gathers.py [--all] [--seed N] [NAME ...]      of the networks below"""
import argparse
import hashlib
import os
import random
import re
import shutil
import sys
import tempfile

sys.path.insert(0, "tests")
sys.path.insert(0, "tests/c")
from printed import numbers, parse, save, worst_difference
from tap import BUILD, NNC, Failed, check_each, finish, must, take_seed
from vectors import FLAGS, runnable

TOLERANCE = 1e-11
BATCHES = (1, 3, 16)
LARGE_BATCHES = (1, 5)
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"]
PLAIN = ["tcc"] if shutil.which("tcc") else ["gcc", "-O0"]
BELOW = "4"      # all index inputs have as many values

DEFINITIONS = """layer sums_so_far(x[t, k], at: index(k)) -> y[k] {
    a[s: t, k] = x[s, k] + pad(a[s - 1, k], 0)
    y[k] = a[t - 1, k] + x[0, at]
}
layer walk(x[t, k], at[t]: index(k)) -> h[t, k] {
    param w[k, k] = uniform(-0.5, 0.5)
    h[t, k] = tanh(x[t, at[t]] + sum[j: k](w[k, j] * pad(h[t - 1, j], 0)))
}
layer rows(x[t, k], at[t]: index(k)) -> h[t, k] {
    param w[k, k] = uniform(-0.5, 0.5)
    h[t, k] = tanh(x[t, k] + w[at[t], k] * pad(h[t - 1, k], 0))
}
layer pointers(x[t, k], at[t]: index(k)) -> h[t, k] {
    h[t, k] = tanh(x[t, k] + 0.5 * pad(h[t - 1, at[t]], 0.1))
}
layer back(x[t, k], at[t]: index(k)) -> h[t, k] {
    h[t, k] = tanh(x[t, at[t]] + 0.5 * pad(h[t + 2, at[t]], 0))
}
layer both_ways(x[t, k], at[m]: index(t)) -> y[m, k] {
    up[t, k] = tanh(x[t, k] + 0.5 * pad(up[t - 1, k], 0))
    down[t, k] = tanh(x[t, k] + 0.5 * pad(down[t + 1, k], 0))
    y[m, k] = up[at[m], k] * down[at[m], k] + up[t - 1, k]
}
layer weighted_rows(at[m]: index(v), x[k]) -> y[m] {
    param w[v, k] = uniform(-1, 1)
    made[v, k] = tanh(w[v, k]) * x[k]
    length[v] = sqrt(sum[k](w[v, k]^2) + 1)
    fixed[v, k] = w[v, k] / length[v]
    y[m] = sum[k](made[at[m], k] * fixed[at[m], k]) + length[at[m]]
}
layer where_it_lands(x[m], at[m]: index(4)) -> y[n] {
    where n = 4
    y[i] = sum[m](if at[m] == i then x[m] else 0)
}
layer statistics(x[k], at[m]: index(k)) -> y[m] {
    state center[k] = zeros
    middle[k] = mean[batch](x[k])
    center[k] <- 0.9 * center[k] + 0.1 * middle[k]
    y[m] = x[at[m]] - (if training then middle[at[m]] else center[at[m]])
}
layer largest(x[t, k], at[m]: index(k)) -> y[m] {
    top[k] = max[t](x[t, k])
    low[k] = min[t](x[t, k])
    y[m] = top[at[m]] * top[0] - low[at[m]]
}
layer factors(x[k], at[m]: index(k)) -> y[m] {
    y[m] = prod[j: 3](1 + x[at[m]] * (j + 1) / 4)
}
layer distances(x[t, k], at[m]: index(t)) -> y[m] {
    d[t, u: t] = sum[k]((x[t, k] - x[u, k])^2)
    y[m] = sum[u: t](exp(-d[at[m], u]))
}
"""
STEPS = "input p[4, 3]\ninput at[3]: index(4)\n"      # of a sequence of 4
PLACES = "input p[5]\ninput at[3]: index(4)\n"        # of 4 numbers
EACH = "input p[5, 3]\ninput at[5]: index(4)\n"       # one for each step
PICKED = "q[m, k] = h[at[m], k]\ndense y[2] from q"

# name: what stands in the network, or that and the training settings that are not the usual ones
NETWORKS = {
    "dense": STEPS + "dense h[3] tanh from p\ny[m, k] = h[at[m], k]",
    "dense, linear": PLACES + "dense h[4] from p\ny[m] = h[at[m]]",
    "relu": PLACES + "dense h[4] relu from p\ny[m] = h[at[m]]",
    "softmax": STEPS + "dense h[5] softmax from p\n" + PICKED,
    "layer_norm": STEPS + "dense h[4]  from p\nlayer_norm g\ny[m, k] = g[at[m], k]",
    "batch_norm": PLACES + "dense h[4] from p\nbatch_norm g\ny[m] = g[at[m]]",
    "dropout": STEPS + "dense h[4] tanh from p\ndropout(0.3) g\ny[m, k] = g[at[m], k]",
    "simple_rnn": STEPS + "simple_rnn h[4] from p\n" + PICKED,
    "gru": STEPS + "gru h[4] from p\n" + PICKED,
    "lstm": STEPS + "lstm h[3] from p\n" + PICKED,
    "last step": "input p[4, 3]\ninput at: index(4)\nsimple_rnn h[3] from p\ny[k] = h[at, k] + h[3, k]",
    "attention": STEPS + "dense e[4] from p\nattention h\n" + PICKED,
    "conv": "input p[2, 4, 4]\ninput at[2]: index(4)\nconv2d(padding = 1) c[3] relu from p\nq[f, m, w] = c[f, at[m], w]\nflatten\ndense y[2]",
    "pooled": "input p[3, 8]\ninput at[3]: index(4)\nconv1d(kernel = 1) c[2] from p\nmax_pool1d h\ny[f, m] = h[f, at[m]]",
    "sum": STEPS + "gru h[5] from p\nq[m] = sum[k](h[at[m], k]^2)\ndense y[2] from q",
    "twice": PLACES + "input to[2]: index(3)\ndense h[4] tanh from p\na[m] = h[at[m]]\nb[m] = a[to[m]] + a[0]\ndense y[2] from b",
    "place of a place": STEPS + "input to[2]: index(3)\ndense h[3] tanh from p\ny[q, k] = h[at[to[q]], k]",
    "two places": "input p[4, 4]\ninput at[3]: index(4)\ninput to[3]: index(4)\ngru h[4] from p\ny[m] = h[at[m], to[m]] + 0.5 * h[at[m], 3]",
    "of an input": STEPS + "dense h[3] tanh from p\nq[m, k] = p[at[m], k] * h[at[m], k]\ndense y[2] from q",
    "sums so far": "input p[6, 3]\ninput at: index(4)\ndense h[4] from p\nsums_so_far y from h, at",
    "walk": EACH + "dense h[4] tanh from p\nwalk g from h, at\ndense y[2]",
    "rows": EACH + "dense h[4] tanh from p\nrows g from h, at\ndense y[2]",
    "pointers": EACH + "dense h[4] from p\npointers g from h, at\ndense y[2]",
    "back": EACH + "dense h[4] from p\nback g from h, at\ndense y[2]",
    "both ways": STEPS + "dense h[3] from p\nboth_ways g from h, at\ndense y[2]",
    "weighted rows": "input p[5]\ninput at[3]: index(4)\ndense h[3] tanh from p\nweighted_rows g from at, h\ndense y[2] tanh",
    "where it lands": PLACES + "dense h[3] tanh from p\nwhere_it_lands g from h, at\ndense y[2] tanh",
    "statistics": PLACES + "dense h[4] tanh from p\nstatistics y from h, at",
    "largest": STEPS + "dense h[4] tanh from p\nlargest y from h, at",
    "factors": (PLACES + "dense h[4] tanh from p\nfactors y from h, at", "loss = squared_error; optimizer = sgd(0.01)"),
    "distances": STEPS + "dense h[3] from p\ndistances y from h, at",
    "embedding, tied": ("input at[4]: index(6)\nembedding e[4]\ngru h[4]\ndense y[6] softmax { weight = tied(e.weight) }",
                        "loss = cross_entropy; optimizer = adam(rate = 0.01, weight_decay = 0.1); clip = norm(1); l2 = 0.01"),
    "embedding, moments": ("input at[4]: index(40)\nembedding e[4]\nq[t, k] = e[t, k]^2\ndense y[2]",
                           "loss = squared_error; optimizer = nadam(rate = 0.01); clip = value(0.1)"),
    "crf, dense": ("input p[4, 3]\ninput gold[4]: index(4)\ndense e[4] from p\ncrf y from e, gold", "loss = itself; optimizer = sgd(0.02)"),
    "ctc, gru": ("input p[5, 3]\ninput label[2]: index(4)\ngru e[4] from p\nctc y from e, label", "loss = itself; optimizer = adam(0.02)"),
}

SMALL_STEPS = "loss = squared_error; optimizer = sgd(rate = 0.0001)"
LARGE = {
    "wide": "input p[4, 40]\ninput at[6]: index(4)\ninput to[6]: index(260)\ndense h[260] tanh from p\nq[m] = h[at[m], to[m]]\ndense y[3] from q",
    "long": "input p[60, 10]\ninput at[50]: index(60)\ngru h[24] from p\nq[m, k] = h[at[m], k]\ndense y[3] from q",
    "turned": "input p[3, 16, 16]\ninput at[6]: index(16)\nconv2d(padding = 1) c[16] relu from p\nq[m, h, w] = c[at[m], h, w]\nflatten\ndense y[3]",
    "long rows": "input p[60, 3]\ninput at[60]: index(40)\ndense e[40] tanh from p\nrows h from e, at\ndense y[2]",
}
NETWORKS.update((name, (body, SMALL_STEPS)) for name, body in LARGE.items())


def definitions():
    """By name; some stand in tests/c/nets."""
    texts = [DEFINITIONS]
    for name in ("crf", "ctc"):
        with open(f"tests/c/nets/{name}.nn", encoding="utf-8") as file:
            texts.append(file.read().split("network net")[0])
    parts = [part for text in texts for part in re.findall(r"^(?:layer|loss) .*?(?=\n(?:layer|loss) |\Z)", text, re.DOTALL | re.MULTILINE)]
    return {re.match(r"\w+ (\w+)", part).group(1): part.strip() for part in parts}


def text_of(name, batch):
    """The network, with the definitions that it uses."""
    found = NETWORKS[name]
    body, settings = found if isinstance(found, tuple) else (found, "loss = squared_error; optimizer = sgd(rate = 0.05, momentum = 0.5)")
    used = [text for word, text in definitions().items() if re.search(rf"\b{word}\b", body + settings)]
    return "\n".join(used) + f"\nnetwork net {{\n{body}\n}}\ntrain {{ {settings}; batch = {batch} }}\n"


def ways(name, targets):
    """(options, compiler and flags): in doubles, so that what differs by more than rounding is a fault. Those of `targets` in every form."""
    all_forms = ("none",) if name in LARGE else ("full", "none", "auto")
    found = [(["--unroll", unroll], PLAIN) for unroll in all_forms]
    for target in runnable():
        forms = all_forms if target in targets and name not in LARGE else ("auto",)
        found += [(["--unroll", unroll, "--target", target], ["gcc", "-O0", *FLAGS[target]]) for unroll in forms]
    return found


class Programs:
    """Each text of C is compiled once."""

    def __init__(self, work, path):
        self.work, self.path, self.seen = work, path, set()

    def emit(self, *options):
        folder = os.path.join(self.work, "".join(options))
        must(NNC, "emit", self.path, "-o", folder, *options)
        return folder

    def is_new(self, folder):
        with open(folder + "/net.c", "rb") as file:
            key = hashlib.sha256(file.read()).digest()
        before = len(self.seen)
        self.seen.add(key)
        return len(self.seen) > before

    def output(self, options, compiler, real, *arguments):
        """What the network prints, or None where the same C was run before."""
        folder = self.emit(*options)
        if not self.is_new(folder):
            return None
        must(*compiler, "-std=c99", *(WARNINGS if compiler is not PLAIN else []), f"-DREAL={real}", "-I" + folder, "-Itests/c", "-o",
             folder + "/run", "tests/c/run.c", folder + "/net.c", "-lm")
        return must(folder + "/run", *arguments)


def check_agreement(work, oracle, name, batch, targets):
    path = os.path.join(work, "net.nn")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text_of(name, batch))
    want, programs = numbers(must(oracle, path, BELOW)), Programs(work, path)
    if not all(value == value for _, value in want):
        raise Failed("the interpreter's numbers are none")
    for options, compiler in ways(name, targets):
        text = programs.output([*options, "--real", "f64"], compiler, "double", BELOW)
        difference, where = worst_difference(numbers(text), want) if text else (0, "")
        if not difference <= TOLERANCE:
            raise Failed(f"{' '.join(options)} and the interpreter differ by {difference:.3g} at {where}")
    check_single(programs, targets)
    if name not in LARGE:
        check_exact(programs)
    check_frozen(programs, name, targets)


def check_emission(work, name, batch, targets):
    """nnc with sanitizers: that it makes every form; what becomes of them is the same as without."""
    path = os.path.join(work, "net.nn")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text_of(name, batch))
    for options, _ in ways(name, targets):
        Programs(work, path).emit(*options)


def check_single(programs, targets):
    """In f32, where vectors have twice the lanes: as C."""
    for target in targets:
        folder = programs.emit("--unroll", "auto", "--target", target)
        must("gcc", "-std=c99", *FLAGS[target], *WARNINGS, "-fsyntax-only", folder + "/net.c")


def check_exact(programs):
    texts = [programs.output(["--exact", "--unroll", unroll], PLAIN, "float", BELOW) for unroll in ("full", "none")]
    if None not in texts and texts[0] != texts[1]:
        lines = [pair for pair in zip(texts[0].splitlines(), texts[1].splitlines()) if pair[0] != pair[1]]
        raise Failed(f"--exact: unrolled and loops differ in {len(lines)} numbers, first {lines[:1]}")


def check_frozen(programs, name, targets):
    """A prediction with its numbers inside: that of the library."""
    library = programs.emit("--real", "f64", "--unroll", "none")
    must(*PLAIN, "-std=c99", "-DREAL=double", "-I" + library, "-Itests/c", "-o", library + "/dump", "tests/c/dump.c", library + "/net.c", "-lm")
    tensors, want = parse(must(library + "/dump", BELOW))
    save(programs.work + "/w.safetensors", tensors, "d")
    with open(library + "/net.h", encoding="utf-8") as file:
        header = file.read()
    sizes = [f"-D{what}={re.search(f'NET_{what} +([0-9]+)', header).group(1)}" for what in ("INPUTS", "OUTPUTS")]
    for options, compiler in ways(name, targets):
        folder = programs.emit("--real", "f64", "--predict", "--params", programs.work + "/w.safetensors", *options)
        if programs.is_new(folder):
            must(*compiler, "-std=c99", *(WARNINGS if compiler is not PLAIN else []), "-DREAL=double", *sizes, "-I" + folder, "-Itests/c", "-o",
                 folder + "/run", "tests/c/frozen.c", folder + "/net.c", "-lm")
            difference, where = worst_difference(numbers(must(folder + "/run", BELOW)), numbers("\n".join(want)))
            if not difference <= TOLERANCE:
                raise Failed(f"frozen, {' '.join(options)}: the prediction differs by {difference:.3g} at {where}")


def drawn_cases(arguments):
    """(name, batch, targets in every form)"""
    draw = random.Random(take_seed(arguments.seed))
    cases = []
    for name in NETWORKS:
        batches, targets = LARGE_BATCHES if name in LARGE else BATCHES, runnable()
        if not arguments.all:
            batches, targets = [draw.choice(batches)], [draw.choice(targets)]
        if not arguments.names or any(word in name for word in arguments.names):
            cases += [(name, batch, targets) for batch in batches]
    return cases


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--seed")
    parser.add_argument("names", nargs="*")
    cases = drawn_cases(parser.parse_args())
    if os.environ.get("SANITIZED"):
        check_each([(f"{case[0]}, batch {case[1]}: is made in every form", check_emission, *case) for case in cases], at_once=2)
        return
    with tempfile.TemporaryDirectory() as folder:
        oracle = os.path.join(folder, "oracle")
        must("cc", "-std=c11", "-D_POSIX_C_SOURCE=200809L", "-O1", *os.environ.get("CFLAGS", "").split(), "-Icompiler", "-Itests/c", "-I" + BUILD,
             "-o", oracle, "tests/c/oracle.c", os.path.join(BUILD, "libnnc.a"), "-lm")
        check_each([(f"{case[0]}, batch {case[1]}: every form agrees with the interpreter", check_agreement, oracle, *case) for case in cases],
                   at_once=2)


main()
finish()
