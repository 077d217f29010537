#!/usr/bin/python3
"""Networks of realistic size in every form. What predict, loss, gradient and training steps give, and predict with the numbers inside
(`emit --predict`), is compared with plain C in doubles, and that with the interpreter; and the loss of what predict gives is what loss
gives. Arrays that are written hold what is no number before, end where memory ends, and are watched in front (guard.h).

Varied: what tests/torch/draw.py draws, at its large scale; the kind of machine (every one that can be run here, NEON by an emulator), loops
or straight-line code where that is possible, single or double, exact or not, batches of 1 and of 2 to 33 with a smaller one after it. Not
varied: the C compiler and its flags (tests/compilers), the number of threads.

    sizes.py [NETS [SEED]]               NETS networks (6; 12 in tests/run --all) of a seed (a fresh one, which is printed), some forms of each
    sizes.py --every [NETS [SEED]]       every form of NETS networks (200), and of those of tests and examples
    sizes.py --one SEED K [WORD ...]     network K of a seed: its text and what differs, in forms that have these words among their options
    sizes.py --file FILE.nn [WORD ...]   the same of a file

Where the interpreter takes too long, or rounding leaves nothing of the loss, nothing is compared: over a run these must be few.
What fails is reduced to the smallest network that still fails in that form."""
import collections
import concurrent.futures
import glob
import math
import os
import random
import re
import sys
import tempfile
from dataclasses import replace

sys.path.insert(0, "tests")
from with_torch import torch

import networks
from compare import LARGE, Result, draw_point, judge, last_bits, mapped, size_of
from constructs import text_of
from draw import Draw, Large
from forms import FROZEN_MOST, MANY, PLAIN, Bench, Case, Failed, forms, make_oracle, name_of
from reduce import reduce
from starts import write_files
from tap import check, finish, take_seed
from twin import Twin

DOUBLE = PLAIN["f64"]
FEW = 7                # forms of each network in a short run
NUDGES = 3, 20        # so many times the last bits are changed to see how well a number is determined
MOST = 8_000_000       # multiply-adds of one sample forward
WORK = 40_000_000      # ... of a batch
UNITS = 8              # ... by so much: sums in another order, or fused, differ by more than one rounding
ALONE, ROUNDED = 32, 1e-14   # the loss of what predict gives: times what it moves by with last bits, and of itself
CERTAIN = 1e-6         # ... relative to the loss and the outputs: what moves further says nothing
ANSWERED, ENOUGH = 0.8, 20   # such a part of what is asked is to be answered, of at least so many; usually all is
REDUCED, SECONDS = 2, 400
ATTEMPTS = 60
FILES = ("tests/c/nets/*.nn", "examples/*/*.nn")


# ---- a case: a drawn network, or a file, with numbers

def single(v):
    """As a number of 32 bits has it: every form can be given the same."""
    return v.float().double()


def case_of(net, folder):
    """Of a drawn network. The folder is for the files that it names."""
    twin = Twin(net)
    twin.check()
    write_files(net, folder)
    rest = random.Random(net.seed).randint(1, net.batch - 1) if net.batch > 1 else 0
    point = mapped(draw_point(net, twin, max(net.batch + rest, MANY)), single)
    return Case(text_of(net), folder, net.batch, rest, point.params, point.states, point.x, point.t)


def case_of_file(path, folder):
    """Of a .nn file: the values that it starts with, moved a little."""
    with open(path, encoding="utf-8") as file:
        bare = Case(file.read(), os.path.dirname(path))
    bench, g = Bench(folder, bare), torch.Generator().manual_seed(3)
    (_, outputs, batch), _, start = bench.tables
    rest = (batch + 2) // 3 if batch > 1 else 0
    rows = max(batch + rest, MANY)
    x = []
    for dims, below in re.findall(r"^input \w+(?:\[(.*?)\])?(?:: index\((\d+)\))?$", bench.lowered("predict"), re.M):
        shape = (rows, eval(dims.replace(", ", "*") or "1"))
        x.append(torch.randint(int(below), shape, generator=g).double() if below else torch.randn(shape, generator=g))
    params = {k: single(v + 0.2 * torch.randn(v.shape, generator=g) / v.numel()**0.25) for k, v in start["parameters"].items()}
    return Case(bare.text, bare.files, batch, rest, params, start["states"], single(torch.cat(x, 1)),
                single(torch.rand(rows, outputs, generator=g)))


# ---- one network in one form after another

class Wild(Exception):
    """The numbers grow beyond all bounds."""


class Compared:
    """A case with what plain C gives; in a folder of its own."""

    def __init__(self, folder, case):
        self.bench, self.case, self.plain, self.beside = Bench(folder, case), case, {}, {}
        names = list(self.bench.tables[1]["parameters"])
        if names != list(case.params):
            raise Failed(f"parameters {names}, not {list(case.params)}")
        if not all(size_of(v) < LARGE for v in self.theirs("f64", case.calls()).values()):
            raise Wild

    def theirs(self, real, calls):
        """What plain C gives."""
        key = real, tuple(calls)
        if key not in self.plain:
            self.plain[key] = self.bench.answers(PLAIN[real], calls)
        return self.plain[key]

    def nearby(self, real, calls, nudges):
        """What plain C gives in this precision, also for numbers that differ in their last bits."""
        found = self.beside.setdefault((real, tuple(calls)), [self.theirs(real, calls)])
        while len(found) <= nudges:
            found.append(self.bench.answers(PLAIN[real], calls, self.nudged(last_bits(real, len(found), UNITS))))
        return found

    def nudged(self, factor):
        def moved(v):
            return torch.where(v == v.round(), v, v * factor(v))
        case = self.case
        return replace(case, params={k: moved(v) for k, v in case.params.items()}, states={k: moved(v) for k, v in case.states.items()},
                       x=moved(case.x), t=moved(case.t))

    def judged(self, real, ours, calls):
        """[(what, how)] in which an answer to the calls differs from what plain C gives. What turns with the last bits (the sign of a weight that
        is 0 but for rounding) may not turn in a few tries."""
        for nudges in NUDGES:
            result = Result()
            judge(real, ours, {k: v for k, v in self.theirs("f64", calls).items() if k in ours}, lambda: self.nearby(real, calls, nudges), result)
            if not result.problems:
                break
        return result.problems

    def problems(self, form):
        """[(what, how)] in which a form differs."""
        calls = self.case.calls(form.target)
        try:
            ours = self.bench.answers(form, calls)
        except Failed as error:
            return [("compiling" if "error:" in str(error) else "crash", str(error))]
        if form.exact:
            return [(k, f"{(ours[k] != v).sum()} of {v.numel()} numbers have other bits")
                    for k, v in self.theirs(form.real, calls).items() if not torch.equal(ours[k], v)]
        return self.judged(form.real, ours, calls)

    def interpreted(self, oracle):
        """[(what, how)] in which the interpreter differs; None: it takes too long."""
        calls = self.case.few_calls()
        try:
            theirs = self.bench.interpreted(oracle, calls)
        except Failed as error:
            return [("crash", str(error))]
        return theirs and self.judged("f64", theirs, calls)

    def loss_alone(self, folder):
        """[(what, how)] in which the loss of what predict gives is not what loss gives, as exactly as the last bits of all numbers, and those
        of the outputs, tell it. None: they tell nothing, as where an output that rounds to 0 or 1 has a logarithm."""
        calls = [f"predict:{MANY}", f"loss:{MANY}"]
        near = self.nearby("f64", calls, NUDGES[0])
        y, loss = near[0]["prediction"].reshape(MANY, -1), near[0]["test loss"].item()
        bench = Bench(folder, replace(self.case, text=only_loss(self.case.text, self.bench.lowered("loss")), params={}, states={}, x=y))
        alone = [bench.answers(DOUBLE, calls[1:], replace(bench.case, x=beside(y, k)))["test loss"].item() for k in range(NUDGES[0] + 1)]
        moves = sum(max(abs(v - some[0]) for v in some) for some in (alone, [answer["test loss"].item() for answer in near]))
        bound = ALONE * moves + ROUNDED * abs(loss)
        if abs(alone[0] - loss) <= bound <= CERTAIN * (abs(loss) + size_of(y)):
            return []
        if not bound <= CERTAIN * (abs(loss) + size_of(y)) and bool((y == 0).any() or (y == 1).any() or math.isfinite(alone[0])):
            return None
        return [("loss of the prediction", f"{alone[0]!r}, loss gives {loss!r}, which may differ by {bound:.3g}")]


def beside(y, k):
    """Outputs that differ in their last bits, for k = 0 themselves. 0 may be a number that is too small."""
    return torch.where(y == 0, torch.full((), 1e-300), y * last_bits("f64", k, UNITS)(y)) if k else y


def only_loss(text, program):
    """The .nn of a network that gives back its input, with the loss of another one. A softmax at the end is needed where there was one."""
    head = re.search(r"^network .*?\{", text, re.M)
    depth, end = 1, head.end()
    while depth:
        depth += {"{": 1, "}": -1}.get(text[end], 0)
        end += 1
    shape = re.search(r"^target \w+(.*)", program, re.M)[1]
    same = "linear" if not re.search(r"loss *= *(cross_entropy|kl_divergence|surprise)", text) else "logs = log(given)\n softmax"
    rest = re.sub(r"^data *\{.*?\}$", "", text[end:], flags=re.M | re.S)
    return f"{text[:head.start()]}network net {{\n input given{shape}\n {same}\n}}{rest}"


# ---- which networks, which forms

class Decks(networks.Decks):
    """What each network is to have, and the forms that it is made in when not all of them are."""

    def __init__(self, seed):
        super().__init__(seed)
        self.forms = [(form, batched) for form in forms() for batched in (True, False)]
        random.Random(f"forms {seed}").shuffle(self.forms)

    def few(self, k):
        return [self.forms[(k * FEW + i) % len(self.forms)] for i in range(FEW)]


def candidates(seed, k, decks):
    """Network K of a seed, and what is drawn in its place where that can't be compared."""
    wishes = decks.wishes(k)
    for again in range(ATTEMPTS):
        if again == ATTEMPTS // 2:
            wishes.structure = wishes.value = None
        net = Draw(random.Random(f"{seed} {k} {again}"), wishes, Large).network()
        work = networks.multiply_adds(net) if net else MOST + 1
        if work <= MOST:
            net.form, net.epochs, net.samples = DOUBLE, 1, 1
            net.batch = max(2, min(net.batch, WORK // max(work, 1)))
            yield net
    raise AssertionError(f"no network {k} of seed {seed} has {wishes}")


def problems_alone(net):
    """[(what, how)] in which a network differs in its own form: for one that is reduced."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as files:
        try:
            return Compared(folder, case_of(net, files)).problems(net.form)
        except Wild:
            return []
        except Failed as error:
            return [("crash", str(error))]


class Tester:
    """Takes networks through forms, and adds up what is found."""

    def __init__(self, oracle, every):
        self.oracle, self.every, self.pool = oracle, every, concurrent.futures.ThreadPoolExecutor(2 if every else 1)
        self.made, self.networks, self.reduced = collections.Counter(), 0, 0
        self.asked, self.answered = 0, {"the interpreter": 0, "the loss alone": 0}

    def network(self, case, wanted):
        """[(form, batch, what, how)] for one network; wanted: [(form, batched)]."""
        found = []
        for batched in (True, False) if case.batch > 1 else (False,):
            chosen = list({name_of(form): form for form, with_batch in wanted if with_batch == batched or case.batch == 1}.values())
            if chosen or batched:
                with tempfile.TemporaryDirectory() as folder:
                    found += self.in_batches(Compared(folder, case if batched else case.with_batch(1)), chosen)
        self.networks += 1
        return found

    def in_batches(self, compared, chosen):
        batch = compared.case.batch
        found = [(DOUBLE, batch, *problem) for problem in self.meaning(compared)]
        chosen = [form for form in chosen if fits(form, compared.case) and is_new(compared.bench, form)]
        for form, problems in zip(chosen, self.pool.map(compared.problems, chosen)):
            self.made[name_of(form)] += 1
            found += [(form, batch, *problem) for problem in problems]
        return found

    def meaning(self, compared):
        """[(what, how)]: does plain C do what the interpreter does, and are predict and loss of one network?"""
        interpreted = compared.interpreted(self.oracle)
        with tempfile.TemporaryDirectory() as folder:
            alone = compared.loss_alone(folder)
        self.asked += 1
        self.answered["the interpreter"] += interpreted is not None
        self.answered["the loss alone"] += alone is not None
        return (interpreted or []) + (alone or [])

    def drawn(self, seed, k, decks, wanted=None):
        """The network."""
        for net in candidates(seed, k, decks):
            with tempfile.TemporaryDirectory() as files:
                try:
                    problems = self.network(case_of(net, files), wanted or (decks.forms if self.every else decks.few(k)))
                except Wild:
                    continue
                except Failed as error:   # it isn't even made
                    problems = [(DOUBLE, net.batch, "crash", str(error))]
            self.report(f"network {k} of seed {seed}", f"--one {seed} {k}", problems, net)
            return net

    def file(self, path, wanted):
        with tempfile.TemporaryDirectory() as folder:
            try:
                problems = self.network(case_of_file(path, folder), wanted)
            except (Failed, Wild) as error:
                problems = [(DOUBLE, 0, "crash", repr(error))]
            self.report(path, f"--file {path}", problems)

    def report(self, name, again, problems, net=None):
        forms_ = list(dict.fromkeys((name_of(form), batch) for form, batch, *_ in problems))
        details = [f"nnc emit {name_of(form)}, batch {batch}: {what}: {how}" for form, batch, what, how in problems[:6]]
        details += [f"again: tests/sizes/sizes.py {again} '{form}'" for form, _ in forms_[:1]]
        if net and problems:
            self.reduced += 1
            details += self.smallest(net, problems) if self.reduced <= REDUCED else [text_of(net)]
        check(not problems, f"{name}: {f'fails in {len(forms_)} forms' if problems else 'every form gives the same'}", *details)

    @staticmethod
    def smallest(net, problems):
        form, batch, *_ = problems[0]
        net.form, net.batch = form, batch
        net = reduce(net, [problem[2:] for problem in problems if problem[:2] == (form, batch)], problems_alone, SECONDS)
        return [f"reduced, nnc emit {name_of(net.form)}:", *(f"{what}: {how}" for what, how in problems_alone(net)[:2]), text_of(net)]

    def summary(self):
        for name, count in sorted(self.made.items()):
            print(f"# {count:5} {name}")
        print(f"# {sum(self.made.values())} forms of {self.networks} networks")
        for who, answers in self.answered.items():
            check(self.asked < ENOUGH or answers >= ANSWERED * self.asked, f"{who} answers often enough: {answers} of {self.asked} times")


def fits(form, case):
    return not form.frozen or sum(v.numel() for v in case.params.values()) <= FROZEN_MOST


def is_new(bench, form):
    """What can't be made is told by who makes it."""
    try:
        return bench.is_new(form)
    except Failed:
        return True


# ---- with sanitizers: nnc makes every form; what becomes of them is the same as without

def check_emission(seed, k, decks):
    net, wrong = next(candidates(seed, k, decks)), []
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as files:
        bench = Bench(folder, case_of(net, files))
        for form in forms():
            try:
                bench.emitted(form)
            except Failed as error:
                wrong.append(f"nnc emit {name_of(form)}: {error}")
    check(not wrong, f"network {k} of seed {seed} is made in every form", *wrong[:2], *([text_of(net)] if wrong else []))


def main(arguments):
    every = arguments[:1] == ["--every"]
    numbers = [int(a) for a in arguments[every:]]
    usual = 200 if every else 9 if os.environ.get("THOROUGH") else 6
    nets, seed = numbers[0] if numbers else usual, take_seed(*numbers[1:2])
    decks = Decks(seed)
    if os.environ.get("SANITIZED"):
        for k in range(nets):
            check_emission(seed, k, decks)
        return
    with tempfile.TemporaryDirectory() as folder:
        tester = Tester(make_oracle(folder), every)
        for path in sorted(path for pattern in FILES for path in glob.glob(pattern)) if every else ():
            tester.file(path, decks.forms)
        for k in range(nets):
            tester.drawn(seed, k, decks)
        tester.summary()


def one(arguments):
    """A network of a seed or a file, in forms that have a word among their options."""
    kind, *words = arguments
    words, at = (words[2:], list(map(int, words[:2]))) if kind == "--one" else (words[1:], words[0])
    wanted = [(form, batched) for form in forms() for batched in (True, False) if not words or any(w in name_of(form) for w in words)]
    with tempfile.TemporaryDirectory() as folder:
        tester = Tester(make_oracle(folder), True)
        if kind == "--one":
            print(text_of(tester.drawn(*at, Decks(at[0]), wanted)))
        else:
            tester.file(at, wanted)
        tester.summary()


if __name__ == "__main__":
    (one if sys.argv[1:2] in (["--one"], ["--file"]) else main)(sys.argv[1:])
    finish()
