#!/usr/bin/python3
"""What data did is in frozen prediction: for every example, rows as they are in the data give what the trainer's `predict` gives for them,
with plain C and vectors, gcc and clang, to the bit where both are --exact; and the names of the classes. Then odd names, columns that are the same
everywhere, an autoencoder's output, files that tell less, --raw. Drawn from the seed: which real --exact has, with sanitizers
which examples; which rows, how they are moved, in which order columns
stand, the numbers of the odd file. Networks and data are the examples'.

    tests/c/frozen_data.py [SEED]"""
import csv
import io
import json
import os
import random
import re
import struct
import subprocess
import sys

sys.path.insert(0, "tests")
from tap import NNC, Failed, check_each, finish, installed, is_installed, must, take_seed
from vectors import FLAGS, runnable

STRICT = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror"]
COMPILERS = installed("gcc", "clang")
# network, folder, numbers in a sample, in its output
EXAMPLES = [("iris", "iris", 4, 3), ("wine", "wine", 13, 3), ("breast_cancer", "breast_cancer", 30, 2), ("diabetes", "diabetes", 10, 1),
            ("digits_mlp", "digits", 64, 10), ("digits_conv", "digits", 64, 10), ("digits_autoencoder", "digits", 64, 64),
            ("sunspots", "sunspots", 24, 1), ("xor", "xor", 2, 1)]
ROWS = 8
SEED = take_seed(*sys.argv[1:2])


def metadata(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        return json.loads(file.read(length))["__metadata__"]


def single(number):
    return struct.unpack("f", struct.pack("f", number))[0]


class Trained:
    """A network trained a little, and the rows that it is asked about: numbers of single precision, so that C gets what the trainer reads."""

    def __init__(self, work, path, name, inputs, outputs, *options):
        self.work, self.path, self.inputs, self.outputs = work, path, inputs, outputs
        self.real, self.exact = "f64" if "f64" in options else "f32", "--exact" in options
        self.program, self.params = os.path.join(work, "trainer"), os.path.join(work, "net.safetensors")
        must(NNC, "build", path, "-o", self.program, *options)
        must(self.program, "train", "--epochs", "3", "--quiet", "--save", self.params)
        self.told = metadata(self.params)
        self.random = random.Random(f"{SEED} {name}")

    def list_of(self, key):
        return json.loads(self.told[key]) if key in self.told else None

    def rows_like(self, path, count):
        """Rows that the training has not seen, near those of a file; an index is whole."""
        with open(path, encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))[1:]
        picked = [[float(row[c]) for c in self.list_of("inputs")] for row in self.random.sample(rows, count)]
        return [[v if v == int(v) and v < 4 else single(v * self.random.uniform(0.9, 1.1)) for v in row] for row in picked]

    def as_csv(self, rows):
        """Under a header, in another order, beside columns that nothing asks for; without names the numbers alone."""
        text, columns = io.StringIO(), self.list_of("columns")
        order = self.random.sample(range(len(rows[0])), len(rows[0])) if columns else range(len(rows[0]))
        if columns:
            csv.writer(text, lineterminator="\n").writerow(["what"] + [columns[self.list_of("inputs")[i]] for i in order] + ["more"])
        for k, row in enumerate(rows):
            cells = [repr(row[i]) for i in order]
            text.write(",".join([f"row {k}", *cells, "-"] if columns else cells) + "\n")
        return text.getvalue()

    def predicted(self, rows):
        """By the trainer: the outputs, the class of each, all classes."""
        head, *lines = csv.reader(io.StringIO(must(self.program, "predict", "--params", self.params, input=self.as_csv(rows))))
        if head[0] != "class":
            return [[float(v) for v in line] for line in lines], None, None
        skip = 2 if self.outputs == 1 else 1  # of two classes told by one number that of the second
        return [[float(v) for v in line[skip:]] for line in lines], [line[0] for line in lines], [name[2:] for name in head[1:]]

    def frozen(self, samples, target, compiler, exact=False, raw=False):
        """By C: the outputs, all classes."""
        folder = os.path.join(self.work, "frozen")
        must(NNC, "emit", self.path, "--predict", "--params", self.params, "-o", folder, "--prefix", "net", "--real", self.real,
             "--target", target, *["--exact"] * exact, *["--raw"] * raw)
        flags = ["-march=native"] if target == "native" else FLAGS.get(target, [])
        strict = ["-std=c99", *STRICT] if target == "scalar" else ["-std=gnu11"]
        must(compiler, *strict, "-O1", *flags, "-c", "-o", folder + "/net.o", folder + "/net.c")
        must("gcc", "-std=c99", f"-DREAL={'double' if self.real == 'f64' else 'float'}", f"-DINPUTS={self.inputs}", f"-DOUTPUTS={self.outputs}",
             "-I" + folder, "-o", folder + "/run", "tests/c/frozen_rows.c", folder + "/net.o", "-lm")
        lines = must(folder + "/run", input="\n".join(" ".join(map(repr, sample)) for sample in samples)).splitlines()
        classes = [bytes.fromhex(line[6:]).decode() for line in lines if line.startswith("class ")]
        return [[float.fromhex(word) for word in line.split()[1:]] for line in lines if line.startswith("output")], classes or None

    def compare(self, rows, samples, target, compiler, exact=False):
        want, picked, names = self.predicted(rows)
        got, classes = self.frozen(samples, target, compiler, exact)
        what = f"{target}, {compiler}{', exact' * exact}"
        if classes != names:
            raise Failed(f"{what}: the classes are {classes}, not {names}")
        if len(got) != len(want) or any(len(g) != len(w) for g, w in zip(got, want)):
            raise Failed(f"{what}: {len(got)} samples, {len(want)} predictions")
        top = max(abs(v) for row in want for v in row)
        bound = 0 if exact and self.exact else top * (1e-12 if self.real == "f64" else 1e-5)
        numbers = [(g, w) for row, other in zip(got, want) for g, w in zip(row, other)]
        wrong = [(g, w) for g, w in numbers if not min(abs(g - v) for v in self.meant(w)) <= bound]
        if wrong:
            raise Failed(f"{what}: {len(wrong)} of {len(numbers)} numbers differ: {wrong[:3]}")
        chosen = [(y[0] >= 0.5) if self.outputs == 1 else y.index(max(y)) for y in got]
        if picked and any(classes[k] != name for k, name, y in zip(chosen, picked, got) if self.is_clear(y, bound)):
            raise Failed(f"{what}: other classes: {chosen}, {picked}")

    def meant(self, printed):
        """What a printed number may be: single precision is told by nine digits, which may lie on the other side of halfway."""
        return [printed] if self.real == "f64" else [single(printed * (1 + k * 5e-9)) for k in (-1, 0, 1)]

    def is_clear(self, y, bound):
        """Numbers that differ by so much tell the same class."""
        first, second = sorted([*y, 0.5] if self.outputs == 1 else y)[:-3:-1]
        return first - second >= 2 * bound


def asked(trained, path, window):
    """Rows, and the samples that they make."""
    if not path:
        rows = [[trained.random.uniform(-1, 2) for _ in range(trained.inputs)] for _ in range(ROWS)]
        rows = [[single(v) for v in row] for row in rows]
    else:
        rows = trained.rows_like(path, ROWS + window - 1)
    return rows, [sum(rows[k:k + window], []) for k in range(len(rows) - window + 1)]


def check_example(work, name, folder, inputs, outputs, *options):
    trained = Trained(work, f"examples/{folder}/{name}.nn", name, inputs, outputs, *options)
    path = None if name == "xor" else f"examples/{folder}/{folder}.csv"
    rows, samples = asked(trained, path, 24 if name == "sunspots" else 1)
    for compiler in COMPILERS:
        trained.compare(rows, samples, "scalar", compiler, trained.exact)
    for target in [] if trained.exact else ["native", *runnable()[1:]]:
        trained.compare(rows, samples, target, COMPILERS[-1] if target == "native" else "gcc")
    if not trained.exact:
        trained.compare(rows, samples, "scalar", "gcc", True)


# ---- networks of the test's own

ODD = ["a\"b", "tab\there", "back\\slash", "what??/", "größe, µ", "%s $N */", "日本"]


def write_odd(work, real):
    """Classes of every kind, a column that is the same everywhere, one near 1e6, an index."""
    rng = random.Random(f"{SEED} odd")
    with open(work + "/odd.csv", "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["same", "far ??/", "k", "near */", "kind"])
        for n in range(70):
            out.writerow([7.25, 1e6 + rng.gauss(0, 5), n % 4, rng.gauss(0, 1e-3), ODD[n % 7]])
    with open(work + "/odd.nn", "w", encoding="utf-8") as file:
        file.write(f"network odd (real = {real}) {{ input x[2]\ninput k: index(4)\ninput z[1]\nembedding e[2] from k\nconcat from x, e, z\ndense y[7] softmax }}\n"
                   "train { loss = cross_entropy; optimizer = sgd(0.1) }\n"
                   'data { file = "odd.csv"; scale = standard }\n')
    return work + "/odd.nn"


def check_odd(work, real):
    trained = Trained(work, write_odd(work, real), "odd", 4, 7, "--exact", "--real", real)
    rows, samples = asked(trained, work + "/odd.csv", 1)
    for compiler in COMPILERS:
        trained.compare(rows, samples, "scalar", compiler, True)
    if sorted(trained.frozen(samples, "scalar", "gcc")[1]) != sorted(ODD):
        raise Failed("these are not the classes of the file")
    if is_installed("clang++"):
        must("clang++", "-x", "c++", "-std=c++17", "-fsyntax-only", *STRICT, work + "/frozen/net.c")


def check_binary(work):
    """Two classes told by one number."""
    with open(work + "/two.csv", "w", encoding="utf-8") as file:
        file.write("a,b,kind\n" + "".join(f"{n % 7 + 100},{n * n % 11},{'yes' if n % 7 > 3 else 'no'}\n" for n in range(60)))
    with open(work + "/two.nn", "w", encoding="utf-8") as file:
        file.write("network two { input x[2]\ndense y[1] sigmoid }\ntrain { loss = binary_cross_entropy; optimizer = sgd(0.5) }\n"
                   'data { file = "two.csv"; scale = minmax }\n')
    trained = Trained(work, work + "/two.nn", "two", 2, 1, "--exact")
    rows, samples = asked(trained, work + "/two.csv", 1)
    trained.compare(rows, samples, "scalar", "gcc", True)
    if trained.frozen(samples, "scalar", "gcc")[1] != ["no", "yes"]:
        raise Failed("the classes are not no and yes")


def check_autoencoder(work, real, scale):
    """Its output is brought back; the rows of a series are all scaled alike."""
    write_odd(work, real)
    with open(work + "/net.nn", "w", encoding="utf-8") as file:
        file.write(f"network net (real = {real}) {{ input x[3, 3]\nflatten\ndense h[4] tanh\ndense y[9] }}\n"
                   "train { loss = mse; optimizer = adam(0.01) }\n"
                   f'data {{ file = "odd.csv"; inputs = [same, "far ??/", "near */"]; target = inputs; window = 3; scale = {scale} }}\n')
    trained = Trained(work, work + "/net.nn", "auto", 9, 9, "--exact", "--real", real)
    rows, samples = asked(trained, work + "/odd.csv", 3)
    for compiler in COMPILERS:
        trained.compare(rows, samples, "scalar", compiler, True)
    # --raw: the network alone. Scaled here, undone here, it gives the same.
    shift, divisor, factor = ([v[0]] * 9 if len(v) == 1 else v * 3 for v in map(trained.list_of, ("shift", "divisor", "factor")))
    scaled = [[(v - s) / d * f for v, s, d, f in zip(sample, shift, divisor, factor)] for sample in samples]
    if real == "f32":
        scaled = [[single(v) for v in sample] for sample in scaled]
    raw, _ = trained.frozen(scaled, "scalar", "gcc", True, True)
    undone = [[v / f * d + s for v, s, d, f in zip(y, shift, divisor, factor)] for y in raw]
    want, _ = trained.frozen(samples, "scalar", "gcc", True)
    if (undone if real == "f64" else [[single(v) for v in y] for y in undone]) != want:
        raise Failed("--raw and scaling outside is not what scaling inside is")


def refused(message, *words):
    done = subprocess.run([NNC, "emit", *words, "-o", "-"], capture_output=True, text=True, check=False)
    if done.returncode == 0 or done.stdout or message not in done.stderr:
        raise Failed(f"{' '.join(words)}: not refused with: {message}\n{done.stderr}")


def strip(path, to, **changed):
    """A copy whose metadata say something else; None: without the key."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        head, data = json.loads(file.read(length)), file.read()
    for key, value in {**changed, "nnc.hash": None}.items():
        head["__metadata__"].pop(key, None)
        if value is not None:
            head["__metadata__"][key] = value
    text = json.dumps(head).encode()
    with open(to, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def check_files(work):
    """A file that does not tell the scale is refused, but with --raw or where the .nn tells it; one that tells nonsense always."""
    trained = Trained(work, "examples/iris/iris.nn", "iris", 4, 3)
    frozen = ["examples/iris/iris.nn", "--predict", "--params"]
    other = work + "/other.safetensors"
    strip(trained.params, other, shift=None, divisor=None, factor=None)
    refused("doesn't tell how the inputs are scaled", *frozen, other)
    refused("--raw", *frozen, other)
    text = must(NNC, "emit", *frozen, other, "--raw", "-o", "-")
    if "x is scaled as in training" not in text or "iris_network" in text or '"setosa"' not in text:
        raise Failed("--raw: " + text[:1500])
    strip(trained.params, other, shift="[1,2,3]")
    refused('"shift" is malformed', *frozen, other)
    refused("--raw goes with --predict", "examples/iris/iris.nn", "--raw")
    must(NNC, "emit", *frozen, trained.params, "-o", work, "-MD")
    with open(work + "/iris.c.d", encoding="utf-8") as file:
        rule = file.read()
    if rule != f"{work}/iris.c: examples/iris/iris.nn {trained.params}\n":
        raise Failed("-MD: " + rule)
    with open("examples/iris/iris.nn", encoding="utf-8") as file:
        source = file.read()
    with open(work + "/tenth.nn", "w", encoding="utf-8") as file:
        file.write(re.sub(r"scale *= standard", "scale = 1/8", source))
    strip(trained.params, other, shift=None, divisor=None, factor=None, classes=None)
    text = must(NNC, "emit", work + "/tenth.nn", "--predict", "--params", other, "-o", "-")
    if "x[i] * 0.125" not in text:
        raise Failed("the scale of the .nn: " + text[-1500:])


def check_names(work):
    """Whatever the network is called, C and C++ take it."""
    trained = Trained(work, "examples/iris/iris.nn", "iris", 4, 3)
    for name, *options in (["x"], ["y"], ["i"], ["scaled"], ["shift", "--exact"], ["network"], ["x_network"], ["v8", "--target", "avx2", "--unroll", "none"]):
        must(NNC, "emit", trained.path, "--predict", "--params", trained.params, "-o", work, "--prefix", name, *options)
        for cc in ["gcc", "-std=gnu11"], ["g++", "-x", "c++", "-std=c++17"]:
            must(*cc, "-fsyntax-only", "-Wall", "-Wextra", "-Wshadow", "-Werror", *(FLAGS["avx2"] if name == "v8" else STRICT), f"{work}/{name}.c")


def main():
    draw = random.Random(SEED)
    examples = draw.sample(EXAMPLES, 3) if os.environ.get("SANITIZED") else EXAMPLES
    exact = [(row, draw.choice(("f32", "f64"))) for row in EXAMPLES if row[0] in ("iris", "digits_autoencoder", "sunspots")]
    check_each([(f"{row[0]}: frozen rows are predicted rows", check_example, *row) for row in examples] +
               [(f"{row[0]}, {real}: to the bit with --exact", check_example, *row, "--real", real, "--exact") for row, real in exact] +
               [(f"odd classes and columns, {real}", check_odd, real) for real in ("f32", "f64")] +
               [("two classes told by one number", check_binary)] +
               [(f"an autoencoder of windows, {real}, {scale}", check_autoencoder, real, scale) for real in ("f32", "f64") for scale in ("standard", "minmax")] +
               [("files that tell less", check_files), ("networks of any name", check_names)])


main()
finish()
