"""forms: a network with numbers, made in one form after another (for a kind of machine, unrolled or not, in single or double, to the bit,
frozen) and asked for all that it can be asked. The results are tensors by name, as tests/torch/compare.py judges them."""
import collections
import functools
import hashlib
import itertools
import math
import os
import re
import shutil
import signal
import subprocess
import threading
from dataclasses import dataclass, field, replace

import numpy
import torch

from spec import Form
from starts import write_safetensors
from tap import BUILD, NNC, Failed
from vectors import machines

MACHINES = machines()
PLAIN = {real: Form(real, "none", True, "quick", "scalar") for real in ("f64", "f32")}   # what all are compared with
STRAIGHT = {"scalar": "10000"}     # --unroll: multiply-adds whose straight-line code compiles in some seconds; tcc, then gcc -O0
STRAIGHT_VECTORS = "500"
MANY = 11                          # samples of one call without batches: more than are looked ahead at once
FROZEN_MOST = 200000               # numbers inside a frozen function
SECONDS, ORACLE_SECONDS = 300, 40  # of one program, and of the processor for the interpreter, whatever else the machine does
NUMBERS = {"f32": "float", "f64": "double"}


def forms():
    """Every form but the plain one."""
    found = []
    for target, real in itertools.product(MACHINES, NUMBERS):
        for unroll in ("none", "auto", STRAIGHT.get(target, STRAIGHT_VECTORS)):
            found.append(Form(real, unroll, False, "quick", target))
        found += [Form(real, "none", True, "quick", target), Form(real, "none", False, "quick", target, frozen=True)]
    return [form for form in found if form not in PLAIN.values()]


def options(form):
    """Of nnc emit."""
    return ["--target", form.target, "--unroll", form.unroll, "--real", form.real, *(["--exact"] if form.exact else []),
            *(["--predict", "--raw"] if form.frozen else [])]


def name_of(form):
    return " ".join(options(form))


class Late(Failed):
    """A program does not end in time."""


# ---- a network with numbers

@dataclass
class Case:
    """text: of the .nn; files: the folder whose files it names. params, states: {name: tensor}; x, t: a row for each sample, MANY or more."""
    text: str
    files: str = None
    batch: int = 1
    rest: int = 0            # samples of a smaller batch
    params: dict = field(default_factory=dict)
    states: dict = field(default_factory=dict)
    x: torch.Tensor = None
    t: torch.Tensor = None

    def numbers(self):
        parts = [*self.params.values(), *self.states.values(), self.x, self.t]
        return torch.cat([v.reshape(-1) for v in parts]).double()

    def with_batch(self, batch):
        """The same, trained in batches of so many."""
        text, n = re.subn(r"\bbatch( *)= *\w+", rf"batch\1= {batch}", self.text)
        return replace(self, batch=batch, rest=0, text=text if n else re.sub(r"^train *\{", f"train {{ batch = {batch};", text, flags=re.M))

    def calls(self, target="scalar"):
        """What is asked for: with batches a whole one, a smaller one and more than one; without them many samples in one call, too. Of what
        an emulator runs, less."""
        b, rest = self.batch, self.rest
        if MACHINES[target][1]:
            return ["predict:1", "loss:1", f"gradient:{rest or 1}", f"train:{b if rest else MANY}"]
        if not rest:
            return ["predict:2", "loss:2", "gradient:1", "gradient:3", "train:1", f"train:{MANY}"]
        return ["predict:2", f"loss:{b + rest}", f"gradient:{b}", f"gradient:{b + rest}", f"gradient:{rest}", f"train:{b}", f"train:{rest}"]

    def few_calls(self):
        """What the interpreter is asked for."""
        n = min(self.batch, 2)
        return ["predict:1", "loss:1", f"gradient:{n}", f"train:{n}"]


def sections(data):
    """[(what, numbers)] of what calls.h writes."""
    found, at = [], 0
    while at < len(data):
        end = data.index(b"\n", at)
        what, _, count = data[at:end].decode().rpartition(" ")
        at = end + 1 + 8 * int(count)
        found.append((what, torch.from_numpy(numpy.frombuffer(data[end + 1:at]).copy())))
    return found


def split(shapes, vector):
    """{name: tensor} of one vector, in the order of the shapes."""
    found, at = {}, 0
    for name, shape in shapes.items():
        size = math.prod(shape)
        found[name] = vector[at:at + size].reshape(shape)
        at += size
    return found


def finite(v):
    """A schedule keeps an infinite loss as the best at first."""
    return torch.where(v == math.inf, torch.ones(()), v)


# ---- programs

def run(words, seconds=SECONDS, **more):
    """What a program writes; a signal, a status or silence is its failure."""
    try:
        done = subprocess.run(words, capture_output=True, timeout=seconds, check=False, **more)
    except subprocess.TimeoutExpired as late:
        raise Late(f"{words[0]} does not end in {seconds} s") from late
    if done.returncode == -signal.SIGXCPU:
        raise Late(f"{words[0]} takes the processor too long")
    if done.returncode:
        how = f"is killed by signal {-done.returncode}" if done.returncode < 0 else f"ends with {done.returncode}"
        raise Failed(f"{os.path.basename(words[0])} {how}\n{done.stderr.decode(errors='replace')[-1500:]}")
    return done.stdout


def compiler_of(form):
    words, optimized = MACHINES[form.target][0], "-O1"
    if form.unroll.isdigit():   # straight-line code
        optimized = "-O0"
        words = ["tcc"] if form.target == "scalar" and shutil.which("tcc") else words
    return [*words, "-std=gnu11", optimized, "-w"]


class Bench:
    """Makes a case's programs, each once, in a folder."""

    def __init__(self, folder, case):
        self.folder, self.known = folder, {}   # known: {name of a form: (folder of the C, its digest)}
        self.building = collections.defaultdict(threading.Lock)
        for name in os.listdir(case.files) if case.files else ():
            os.symlink(os.path.abspath(os.path.join(case.files, name)), os.path.join(folder, name))
        with open(self.path("net_.nn"), "w", encoding="utf-8") as file:
            file.write(case.text)
        self.case = case

    def path(self, name):
        return os.path.join(self.folder, name)

    @functools.cached_property
    def tables(self):
        """(inputs, outputs, batch), {parameters, states, optimizer: {name: shape}} and what it starts with."""
        shapes = {"parameters": {}, "states": {}, "optimizer": {}}
        head, _, data = run([self.program(PLAIN["f64"]), "tables"]).partition(b"\n\n")
        sizes, *rows = head.decode().splitlines()
        for row in rows:
            table, name, *dims = row.split()
            shapes[table][name] = tuple(map(int, dims))
        start = {what: split(shapes[what], v) for what, v in sections(data)}
        return tuple(map(int, sizes.split()[1:])), shapes, start

    def lowered(self, name):
        """The text of one of its programs."""
        programs = run([NNC, "check", self.path("net_.nn"), "-d", "lower"]).decode()
        return re.search(rf"^program {name} .*?(?=^program|\Z)", programs, re.M | re.S)[0]

    # ---- C and programs

    def emitted(self, form):
        """The folder of the C, and what tells it from others; made once."""
        if name_of(form) not in self.known:
            folder = self.path(f"form{len(self.known)}")
            run([NNC, "emit", self.path("net_.nn"), "-o", folder, "--prefix", "net", *options(form),
                 *(["--params", self.frozen_numbers()] if form.frozen else [])])
            digest = hashlib.sha256(repr((compiler_of(form), form.frozen, form.exact)).encode())
            for name in ("net.h", "net.c"):
                with open(os.path.join(folder, name), "rb") as file:
                    digest.update(file.read())
            self.known[name_of(form)] = folder, digest.hexdigest()
        return self.known[name_of(form)]

    def is_new(self, form):
        """Whether its C is none of what was made before."""
        before = [digest for other, (_, digest) in self.known.items() if other != name_of(form)]
        return self.emitted(form)[1] not in before

    def program(self, form):
        folder = self.emitted(form)[0]
        path, source = os.path.join(folder, "run"), os.path.join(folder, "net.c")
        with self.building[folder]:
            if not os.path.exists(path):
                sizes = [f"-DINPUTS={self.case.x.shape[1]}", f"-DOUTPUTS={self.case.t.shape[1]}"] if form.frozen else []
                run([*compiler_of(form), f"-DREAL={NUMBERS[form.real]}", *sizes, "-I" + folder, "-o", path,
                     "tests/sizes/frozen.c" if form.frozen else "tests/sizes/run.c", source, "-lm"])
                os.remove(source)
        return path

    def frozen_numbers(self):
        path = self.path("net_.safetensors")
        if not os.path.exists(path):
            write_safetensors(path, {**self.case.params, **self.case.states})
        return path

    # ---- answers

    def file_of(self, numbers, name):
        path = self.path(name)
        numbers.double().numpy().tofile(path)
        return path

    def answers(self, form, calls, case=None):
        """{name: tensor}: what the network of this form gives."""
        case, words = case or self.case, [*MACHINES[form.target][1], self.program(form)]
        name = f"{os.path.basename(self.emitted(form)[0])}.{threading.get_ident()}"
        if form.frozen:
            return {"prediction": sections(run([*words, self.file_of(case.x, name), calls[0].partition(":")[2]]))[0][1]}
        data = run([*words, self.file_of(case.numbers(), name), str(len(case.x)), *calls])
        os.remove(self.path(name))
        return self.named(calls, data)

    def named(self, calls, data):
        found, given, steps, tables = {}, (v for _, v in sections(data)), 0, self.tables[1]
        for call in calls:
            kind, _, n = call.partition(":")
            if kind == "train":
                steps += 1
                found[f"trained {steps}: loss"] = next(given)
                for table, shapes in tables.items():
                    found.update({f"trained {steps}: {table}: {k}": finite(v) for k, v in split(shapes, next(given)).items()})
            elif kind == "gradient":
                found[f"training loss of {n}"] = next(given)
                found.update({f"gradient of {n}: {k}": v for k, v in split(tables["parameters"], next(given)).items()})
            else:
                found["test loss" if kind == "loss" else "prediction"] = next(given)
        return found

    def interpreted(self, oracle, calls):
        """What the interpreter gives; None: it takes too long."""
        try:
            limited = ["sh", "-c", f'ulimit -S -t {ORACLE_SECONDS}; exec "$@"', "sh", os.path.abspath(oracle), "net_.nn"]
            data = run([*limited, self.file_of(self.case.numbers(), "interpreted"), str(len(self.case.x)), *calls], cwd=self.folder)
        except Late:
            return None
        return self.named(calls, data)


def make_oracle(folder):
    program = os.path.join(folder, "oracle")
    run(["cc", "-std=c11", "-D_POSIX_C_SOURCE=200809L", "-O2", "-Icompiler", "-Itests/c", "-I" + BUILD, "-o", program, "tests/c/oracle.c",
         os.path.join(BUILD, "libnnc.a"), "-lm"])
    return program
