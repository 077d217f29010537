#!/usr/bin/python3
"""The user's compiler and its flags: predictions, loss and gradient of what is emitted are the same as without optimization, to rounding;
with --exact to the bit, or the C file says by #error what it cannot have.

    tests/c/compilers.py [SEED]                   what CI has time for: the combinations that were wrong once, others drawn
    tests/c/compilers.py --all [SEED [WORD ...]]  every network in plain C, with --exact and with one of the vectors, with all flags (make
                                                  check-compilers): hours of one processor; WORDs: only networks with one of them in
                                                  their name

What varies: the networks (every example, every layer, activation and loss of the prelude at a size beyond registers and the first
cache, networks that tests/torch draws), the form (plain C, every kind of vectors that this machine runs, --exact; f32 and f64; in loops or
straight-line), the compiler (gcc, clang), the level of optimization, the instruction set, -flto, and flags that permit algebra on
floats. What does not: the version of the compilers, the kind of processor, the language (C: warnings are tested as C++ too), the
numbers that go in, and training beyond the gradient.

Rounding: numbers may differ by TOLERANCE of the largest of their tensor, and by what single precision leaves of them: REST times
their distance from the same in doubles, both without optimization."""
import collections
import concurrent.futures
import functools
import glob
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

import numpy as np

sys.path[:0] = ["tests", "tests/c"]
from printed import below_of
from tap import NNC, Failed, attempt, check, finish, installed, must, skipped, take_seed
from vectors import FLAGS, runnable

LEVELS = ["-O0", "-O1", "-O2", "-O3", "-Os"]
MACHINES = ["", "-mavx", "-mavx2 -mfma", "-march=native", "-march=x86-64-v4"]
NEEDS = {"-mavx": ["avx"], "-mavx2 -mfma": ["avx2", "fma"], "-march=x86-64-v4": "avx512f avx512bw avx512cd avx512dq avx512vl".split()}
FAST = ["-O1 -ffast-math", "-O2 -ffast-math", "-O2 -funsafe-math-optimizations", "-O3 -fassociative-math -fno-signed-zeros -fno-trapping-math",
        "-O2 -ffinite-math-only"]
TOLERANCE = {"f32": 2e-5, "f64": 1e-11}
FAST_TOLERANCE = {"f32": 1e-4, "f64": 1e-9}
REST, LOST = 32, 0.05   # a tensor of which single precision loses more is compared in f64 alone
LEFT_OUT, ENOUGH = 0.02, 100   # such a part of them at most, of at least so many; 0 of 716 were
DRAWN = 50
TARGETS = runnable()

# ---- networks

# input's dimensions, and what its numbers are; layer called r, what follows it; None: an activation that is drawn
LAYERS = {
    "dense": ("300", "dense r[200]", None), "dense of rows": ("40, 24", "dense r[30]", None),
    "conv1d": ("4, 100", "conv1d(3, stride = 2, padding = 1) r[8]", "relu"), "conv1d dilated": ("3, 80", "conv1d(3, dilation = 2) r[6]", None),
    "conv2d": ("3, 20, 20", "conv2d(padding = 1) r[8]", "relu"), "conv2d strided": ("2, 21, 21", "conv2d(3, stride = 2) r[8]", "relu"),
    "conv2d strided, before pooling": ("1, 28, 28", "conv2d(3, stride = 2, padding = 1) r[12]", "relu\nmax_pool2d"),
    "conv2d and pooling twice": ("1, 20, 20", "conv2d(padding = 1) r[8] relu\nmax_pool2d\nconv2d(padding = 1) s[16]", "relu"),
    "conv2d and average": ("2, 16, 16", "conv2d(padding = 1) r[8] relu\navg_pool2d\nconv2d s[8]", "relu6"),
    "depthwise_conv2d": ("8, 16, 16", "depthwise_conv2d(stride = 2, padding = 1, multiplier = 2) r", "leaky_relu"),
    "transposed_conv2d": ("4, 8, 8", "transposed_conv2d(stride = 2, padding = 1, output_padding = 1) r[6]", "relu"),
    "embedding": ("40: index(50)", "embedding r[24]", None),
    "max_pool1d": ("8, 60", "dense a[60] relu\nmax_pool1d(3, 2, padding = 1) r", ""), "max_pool2d": ("6, 20, 20", "dense a[20] relu\nmax_pool2d r", ""),
    "avg_pool1d": ("8, 61", "dense a[61] relu\navg_pool1d(3, 2, padding = 1) r", ""),
    "avg_pool2d": ("4, 18, 18", "dense a[18] relu\navg_pool2d(3, stride = 2, padding = 1) r", ""),
    "global_avg_pool": ("12, 9, 9", "conv2d a[16] relu\nglobal_avg_pool r", ""), "global_max_pool": ("12, 9, 9", "conv2d a[16] relu\nglobal_max_pool r", ""),
    "upsample2d": ("3, 8, 8", "conv2d(padding = 1) a[4] relu\nupsample2d(3) r\nconv2d s[4]", None),
    "flatten": ("4, 9, 9", "conv2d a[5] relu\nflatten r", ""), "reshape": ("4, 8, 8", "dense a[8] relu\nreshape r[16, 16]\ndense s[20]", None),
    "concat": ("6, 40", "dense a[40] relu\ndense b[40] tanh from x\nconcat(axis = 1) r from a, x, b", ""),
    "add": ("6, 40", "dense a[40] relu\nadd r from a, a, x", ""), "multiply": ("6, 40", "dense a[40] relu\nmultiply r from a, x", ""),
    "dropout": ("200", "dense a[100] relu\ndropout(0.3) r", ""), "batch_norm": ("8, 12, 12", "conv2d a[8]\nbatch_norm r", "relu"),
    "layer_norm": ("12, 40", "dense a[40] tanh\nlayer_norm r", None), "rms_norm": ("12, 40", "dense a[40] tanh\nrms_norm r", None),
    "group_norm": ("8, 12, 12", "conv2d a[8] tanh\ngroup_norm(4) r", "relu"), "softmax": ("6, 50", "dense a[40]\nsoftmax r", ""),
    "log_softmax": ("6, 50", "dense a[40]\nlog_softmax r", ""), "prelu": ("8, 40", "dense a[30]\nprelu r", ""),
    "positional": ("30, 16", "dense a[16]\npositional r", ""), "learned_positional": ("30, 16", "learned_positional r", "relu"),
    "simple_rnn": ("30, 12", "simple_rnn r[40]", ""), "gru": ("30, 12", "gru r[24]\nlast", ""), "lstm": ("24, 12", "lstm r[24]\nlast", ""),
    "last": ("24, 12", "dense a[30] relu\nlast r", ""), "reverse": ("24, 12", "dense a[16] relu\nreverse r\ngru s[8]", ""),
    "attention": ("30, 32", "attention(heads = 4) r", None), "attention, causal": ("40, 16", "attention(heads = 2, causal = yes) r", None),
    "earlier": ("8, 8, 3", "dense a[3] tanh\nearlier r\ndense b[3] tanh\nearlier s", "relu"),
    "mixed": ("16, 4, 4", "dense a[4] tanh\nmixed r\nmixed s", "relu"),
}
# Values of other places that may lie outside, in shapes that the compiler unrolls.
ABOVE = """layer earlier(x[t, a, b]) -> y[t, a, b] {
    y[t, a, b] = pad(x[t - 2, 7 - a, b], 1)
}
layer mixed(x[t, a, b]) -> y[t, a, b] {
    y[t, a, b] = if x[t, a, b] > 0.1 then pad(x[2*t - 9, a, 3 - b], 0.5) else x[t, b, a]
}
"""
POSITIVE = ("log", "log1p", "sqrt")            # of what softplus gives
CLASSES = ("cross_entropy", "kl_divergence")   # of a softmax


class Network:
    """Its text; how it is emitted."""

    def __init__(self, name, text, folder, unroll="auto"):
        self.name, self.unroll = name, unroll
        self.path = os.path.join(folder, re.sub(r"\W+", "_", name) + ".nn")
        with open(self.path, "w", encoding="utf-8") as file:
            file.write(text)
        self.below = below_of(self.path)


def prelude(kind):
    return re.findall(r"^([a-z]\w*)", must(NNC, "list", kind), re.M)


def activation(name):
    return f"softplus\n{name}" if name in POSITIVE else name


def layers(folder):
    """Each layer, with activations and losses in turn; all activations side by side."""
    activations, losses = prelude("activations"), prelude("losses")
    for k, (name, (shape, layer, after)) in enumerate(LAYERS.items()):
        loss = losses[k % len(losses)]
        shape, colon, kind = shape.partition(":")
        yield Network(name, f"{ABOVE}network net {{\ninput x[{shape}]{colon}{kind}\n{layer} {activation(activations[k % len(activations)]) if after is None else after}\n"
                      f"flatten\ndense y[5] {'softmax' if loss in CLASSES else 'sigmoid'}\n}}\n"
                      f"train {{ loss = {loss}; optimizer = sgd(0.1); batch = {3 + k % 7} }}\n", folder, unroll="none")
    body = "".join(f"{a} a{k} from {'p' if a in POSITIVE else 'd'}\n" for k, a in enumerate(activations))
    yield Network("activations", f"network net {{\ninput x[20]\ndense d[150]\nsoftplus p from d\n{body}"
                  f"concat from {', '.join(f'a{k}' for k in range(len(activations)))}\ndense y[3] tanh\n}}\n"
                  "train { loss = mse; optimizer = sgd(0.1); batch = 5 }\n", folder, unroll="none")
    missing = [name for name in prelude("layers") if not any(re.search(rf"\b{name}\b", " ".join(map(str, row))) for row in LAYERS.values())]
    check(not missing, "every layer of the prelude is in a network", *missing)


def examples(folder):
    for path in sorted(glob.glob("examples/*/*.nn")):
        here = os.path.join(folder, os.path.basename(os.path.dirname(path)))
        if not os.path.isdir(here):
            shutil.copytree(os.path.dirname(path), here)
        with open(path, encoding="utf-8") as file:
            yield Network(os.path.basename(path)[:-3], file.read(), here)


def drawn(folder, seed, count):
    import with_torch   # noqa: F401
    import constructs
    from networks import Decks, draw
    from starts import write_files
    decks = Decks(seed)
    for k in range(count):
        here = os.path.join(folder, f"drawn{k}")
        os.makedirs(here)
        net, _, _ = draw(seed, k, decks)
        write_files(net, here)
        yield Network(f"drawn {k}", constructs.text_of(net), here, unroll=("auto", "none")[k % 2])


# ---- forms, and what they are compiled with

class Form:
    def __init__(self, name, options, real="f32", target=None, exact=False):
        self.name, self.options, self.real, self.target, self.exact = name, [*options, "--real", real], real, target, exact

    def machines(self):
        """Instruction sets that have what the form needs."""
        own = " ".join(FLAGS.get(self.target, []))
        return {"avx512": [own, "-march=native", "-march=x86-64-v4"], "avx2": [own, "-march=native", "-march=x86-64-v4"]}.get(self.target, MACHINES)

    def flags(self):
        """All combinations."""
        levels = LEVELS if self.real == "f32" else ["-O2", "-O3"]
        machines = self.machines()
        found = [f"{level} {machine}" for level in levels for machine in machines] + [f"-Ofast {machine}" for machine in machines]
        if self.real == "f32":
            found += [f"{level} {machines[0]} -flto" for level in levels] + [f"-O3 {machines[-2]} -flto"]
            found += [f"{fast} {machine}" for fast in FAST for machine in (machines[0], machines[-2])]
        return runnable_of(found)


def all_forms():
    plain = [Form("plain", ["--target", "scalar"]), Form("exact", ["--exact"], exact=True), Form("plain f64", ["--target", "scalar"], "f64")]
    vectors = [Form(target, ["--target", target], target=target) for target in TARGETS]
    return plain + vectors + [Form(f"{target} f64", ["--target", target], "f64", target) for target in TARGETS[:1]]


@functools.cache
def lacks(machine):
    """What this processor lacks of a machine's instructions; said once."""
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        known = set(file.read().split())
    missing = [word for word in NEEDS[machine] if word not in known]
    if missing:
        skipped(f"code that is compiled with {machine}", f"this processor has no {', '.join(missing)}")
    return missing


def runnable_of(some):
    return [flags for flags in some if not any(machine in flags and lacks(machine) for machine in NEEDS)]


def is_fast(flags):
    return "fast" in flags or "-math" in flags


def refused_flag(form, compiler, flags):
    """Which flag the reason names, or None. clang does not tell of the second one, and keeps the bits."""
    if form.exact and ("-Ofast" in flags or "-ffast-math" in flags):
        return "-ffast-math"
    return "-funsafe-math-optimizations" if form.exact and compiler == "gcc" and "-funsafe-math-optimizations" in flags else None


# ---- numbers

class Builder:
    """Emits and compiles in a folder of its own; what was emitted once is not again."""

    def __init__(self, folder):
        self.folder, self.lock, self.emitted, self.references = folder, threading.Lock(), {}, {}
        self.making = collections.defaultdict(threading.Lock)   # of references
        self.compared, self.left_out = [], []   # names of tensors

    def emit(self, network, form):
        """The folder, with the driver's object."""
        folder = os.path.join(self.folder, re.sub(r"\W+", "_", f"{network.name} {form.name}"))
        with self.lock:
            if folder in self.emitted:
                return folder
            must(NNC, "emit", network.path, "-o", folder, "--prefix", "net", "--unroll", network.unroll, *form.options)
            must("gcc", "-std=c99", "-w", "-O1", f"-DREAL={c_type(form)}", "-I" + folder, "-c", "-o", folder + "/driver.o", "tests/c/compilers.c")
            self.emitted[folder] = True
        return folder

    def numbers(self, network, form, compiler, flags):
        """What the program writes, as bytes. A fast processor mode, which linking with such flags starts in, is no part of --exact."""
        folder = self.emit(network, form)
        program = os.path.join(folder, re.sub(r"\W+", "_", f"{compiler} {flags} {threading.get_ident()}"))
        driver = "tests/c/compilers.c" if "-flto" in flags else folder + "/driver.o"
        common = [compiler, "-std=gnu11", "-w", f"-DREAL={c_type(form)}", "-I" + folder]
        must(*common, *flags.split(), "-c", "-o", program + ".o", folder + "/net.c")
        must(*common, *(flags.split() if not form.exact else ["-flto"] if "-flto" in flags else []), "-o", program, driver, program + ".o", "-lm")
        try:
            done = subprocess.run([program, network.below], capture_output=True, timeout=600, check=False)
        except subprocess.TimeoutExpired as late:
            raise Failed(f"{program} does not end") from late
        if done.returncode:
            raise Failed(f"{program} ends with {done.returncode}")
        os.remove(program)
        os.remove(program + ".o")
        return done.stdout

    def reference(self, network, form):
        """Without optimization."""
        key = network.name, form.name
        with self.lock:
            making = self.making[key]
        with making:
            if key not in self.references:
                self.references[key] = self.numbers(network, form, "gcc", f"-O0 {form.machines()[0]}")
            return self.references[key]


def c_type(form):
    return "float" if form.real == "f32" else "double"


def tensors(data):
    """{name: numbers}"""
    head, body = data.split(b"\n\n", 1)
    rows = [line.rsplit(" ", 1) for line in head.decode().splitlines()]
    values, at, found = np.frombuffer(body), 0, {}
    for name, count in rows:
        found[name] = values[at:at + int(count)]
        at += int(count)
    if at != len(values):
        raise Failed(f"{len(values)} numbers instead of {at}")
    return found


def largest(values):
    return float(np.abs(values).max()) if len(values) else 0.0


def compare(got, want, fine, tolerance, left_out):
    """want: plain C without optimization; fine: the same in doubles. Where and how far they differ too much, if they do."""
    got, want, fine = tensors(got), tensors(want), tensors(fine)
    gradient = max([largest(v) for name, v in want.items() if name not in ("output", "loss")], default=0.0)
    for name, values in want.items():
        lost = largest(values - fine[name])
        size = max(largest(values), gradient / 1000 if name not in ("output", "loss") else 0.0)
        if lost > LOST * size:
            left_out.append(name)
            continue
        difference = np.abs(got[name] - values)
        if not (difference <= tolerance * size + REST * lost).all():
            k = int(np.argmax(np.where(np.isnan(difference), np.inf, difference)))
            yield f"{name} [{k}]: {got[name][k]!r} for {values[k]!r}, of at most {size:.3g}"


def wild(builder, network):
    """Are there numbers that single precision does not hold?"""
    values = np.frombuffer(builder.reference(network, PLAIN).split(b"\n\n", 1)[1])
    return not np.isfinite(values).all() or largest(values) > 1e6


PLAIN, PLAIN_F64 = Form("plain", ["--target", "scalar"]), Form("plain f64", ["--target", "scalar"], "f64")


def must_refuse(builder, network, form, compiler, flags, flag):
    """By an #error of the file itself, not by anything else that a compiler may not like."""
    source = builder.emit(network, form) + "/net.c"
    done = subprocess.run([compiler, *flags.split(), "-fsyntax-only", source], capture_output=True, text=True, check=False)
    with open(source, encoding="utf-8") as file:
        reasons = re.findall(r'^#error (".*")$', file.read(), re.M)
    told = re.findall(r"\berror: (?:#error )?(.*)", done.stderr)
    if not done.returncode or not set(told) <= set(reasons) or not any(re.search(rf"{flag}\b", reason) for reason in told):
        raise Failed(f"{compiler} {flags}: it is not refused with a reason\n{done.stderr[:1000]}")


def check_one(builder, network, form, compiler, flags):
    flag = refused_flag(form, compiler, flags)
    if flag:
        must_refuse(builder, network, form, compiler, flags, flag)
        return
    got = builder.numbers(network, form, compiler, flags)
    if form.exact and got != builder.reference(network, form):
        raise Failed(f"{compiler} {flags}: other bits than gcc -O0")
    base = PLAIN_F64 if form.real == "f64" else PLAIN
    tolerance = (FAST_TOLERANCE if is_fast(flags) else TOLERANCE)[form.real]
    left_out, want = [], builder.reference(network, base)
    problems = list(compare(got, want, builder.reference(network, PLAIN_F64), tolerance, left_out))
    with builder.lock:
        builder.compared += [f"{network.name}: {name}" for name in tensors(want)]
        builder.left_out += [f"{network.name}: {name}" for name in left_out]
    if problems:
        raise Failed(f"{compiler} {flags}: {problems[0]}")


def check_flags(_, builder, network, form, compiler, some):
    """All of them; the first that fails of each kind is told."""
    failures = []
    for flags in some:
        try:
            check_one(builder, network, form, compiler, " ".join(flags.split()))
        except Failed as failure:
            failures.append(str(failure))
    if failures:
        with open(network.path, encoding="utf-8") as file:
            raise Failed("\n".join([f"{len(failures)} of {len(some)} ways to compile it fail", *failures[:20], file.read()]))


# ---- what is run

# Wrong once: reads behind a choice, of which gcc 12 makes masked loads; sums taken apart, infinities taken for impossible.
MASKED = ["-O3 -mavx", "-O3 -mavx2 -mfma", "-O3 -march=native"]
ALGEBRA = ["-Ofast", "-O2 -ffast-math", "-O3 -fassociative-math -fno-signed-zeros -fno-trapping-math"]
CERTAIN = [("digits_conv", "plain", "gcc", MASKED), ("conv2d strided, before pooling", "plain", "gcc", MASKED),
           ("conv2d strided, before pooling", "exact", "gcc", MASKED), ("dropout", "exact", "clang", ALGEBRA[2:]), ("earlier", "plain", "gcc", MASKED)]
CERTAIN += [(network, target, compiler, ALGEBRA) for network in ("activations", "lstm", "attention", "softmax") for target in TARGETS[:2]
            for compiler in ("gcc", "clang")]
CERTAIN += [(network, "plain", compiler, ALGEBRA[:2]) for network in ("global_max_pool", "activations") for compiler in ("gcc", "clang")]
OTHERS = 12   # are drawn


def compilers():
    return installed("gcc", "clang")


def with_machine(form, flags):
    """The flags, and what the form needs beside them."""
    return flags if not form.target or any(m and m in flags for m in form.machines()) else f"{flags} {form.machines()[0]}"


def some_jobs(networks, forms, seed):
    """What CI runs: (network, form, compiler, flags)."""
    r, by_name = random.Random(seed), {n.name: n for n in networks}
    for name, form, compiler, flags in CERTAIN:
        if form in forms and compiler in compilers():
            yield by_name[name], forms[form], compiler, [with_machine(forms[form], f) for f in runnable_of(flags)]
    small = [n for n in networks if not n.name.startswith("chargpt")]
    for _ in range(OTHERS):
        form = r.choice(list(forms.values()))
        yield r.choice(small), form, r.choice(compilers()), [r.choice(form.flags())]


def all_jobs(networks, forms):
    """Every network as plain C, with --exact and with vectors, one target after the other; in doubles every fourth."""
    vectors = [form for form in forms.values() if form.target and form.real == "f32"]
    doubles = [form for form in forms.values() if form.real == "f64"]
    for k, network in enumerate(networks):
        chosen = [forms["plain"], forms["exact"], *vectors[k % max(1, len(vectors)):][:1], *([doubles[k // 4 % len(doubles)]] if k % 4 == 0 else [])]
        for form in chosen:
            for compiler in compilers():
                yield network, form, compiler, form.flags()


class Progress:
    def __init__(self, jobs):
        self.done, self.of, self.ways, self.started = 0, len(jobs), 0, time.time()

    def after(self, ways):
        self.done += 1
        self.ways += ways
        minutes = (time.time() - self.started) / 60
        return f"{self.done} of {self.of}, {self.ways} ways to compile, {minutes:.0f} of about {minutes * self.of / self.done:.0f} min"


def run(builder, jobs, at_once, progress=None):
    """Each network, form and compiler is a line; those of one network by one thread, whose files then go."""
    def one(job):
        network, form, compiler, flags = job
        return attempt(f"{network.name}, {form.name}, {compiler}: {len(flags)} ways to compile it", check_flags, builder, network, form, compiler, flags), len(flags)

    for network, form, compiler, _ in (job for job in jobs if not job[3]):
        skipped(f"{network.name}, {form.name}, {compiler}", "this processor runs none of its flags' code")
    with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
        for (good, what, details), ways in pool.map(one, [job for job in jobs if job[3]]):
            check(good, what + (f"   ({progress.after(ways)})" if progress else ""), details)
    check_left_out(builder)


def check_left_out(builder):
    """Not everything may be what single precision has lost."""
    names, compared = sorted(set(builder.left_out)), len(builder.compared)
    print(f"# of {compared} tensors {len(builder.left_out)} are left out, of which single precision loses more than {LOST}: {', '.join(names)}")
    check(compared < ENOUGH or len(builder.left_out) <= LEFT_OUT * compared, f"most tensors are compared: all but {len(builder.left_out)} of {compared}")


def check_refusals(builder, network):
    """Neither code that compiles nor code that is wrong passes for refused."""
    for what, flags in ("compiles", "-O2 -ffast-math"), ("is wrong", "-O2 -include no-ffast-math.h"):
        try:
            must_refuse(builder, network, PLAIN, "gcc", flags, "-ffast-math")
        except Failed:
            continue
        check(False, f"code that {what} passes for refused")
        return
    check(True, "what compiles, or fails otherwise, is not refused with a reason")


def main(arguments):
    everything = arguments[:1] == ["--all"]
    seed, words = take_seed(*arguments[everything:][:1]), arguments[2:]
    forms = {form.name: form for form in all_forms()}
    with tempfile.TemporaryDirectory() as folder:
        builder = Builder(folder)
        networks = [*examples(folder), *layers(folder)]
        check_refusals(builder, networks[0])
        if not everything:
            run(builder, list(some_jobs(networks, forms, seed)), 2)
            return
        networks += [n for n in drawn(folder, seed, DRAWN)]
        networks = [n for n in networks if not words or any(w in n.name for w in words)]
        tame = [n for n in networks if not wild(builder, n)]
        print(f"# {len(tame)} networks, {len(networks) - len(tame)} more have numbers that single precision does not hold", flush=True)
        jobs = list(all_jobs(tame, forms))
        run(builder, jobs, len(os.sched_getaffinity(0)), Progress(jobs))


main(sys.argv[1:])
finish()
