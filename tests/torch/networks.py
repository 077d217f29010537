#!/usr/bin/python3
"""Random networks over the whole language, compiled and in PyTorch: forward values, loss, gradient of every parameter, and the
parameters after 20 steps.

    networks.py [NETS [SEED]]         NETS networks (60; 20 with sanitizers, 300 in tests/run --all) of a seed (a fresh one, which is printed)
    networks.py --one SEED K          network K of a seed: its text and what differs

Varied: every construct that has a row (layers, activations, losses, optimizers, schedules, initializers, with their options; what braces
say; structures, equations), several of them in a network; one input to three, of one to three dimensions, of numbers or of whole ones;
batches of 1 to 4 with a smaller last one; f32 and f64, --unroll, --exact, --target, four C compilers and flags. Sizes are small (draw.py,
Small): a value has up to 150 numbers, a network up to 500 parameters. Every LARGE_OF-th is large (draw.py, Large). Not varied: batches
beyond 4 of small ones, numbers beyond those that training meets (no infinities, none below 1e-38), threads.

What fails is reduced to the smallest network that still fails. How often every construct was covered is printed; each must be."""
import json
import os
import random
import re
import select
import signal
import sys
import tempfile
import time
import traceback
from dataclasses import replace

sys.path.insert(0, "tests")
import with_torch  # noqa: F401

import activations, initializers, layers, losses, optimizers, own  # noqa: E401, F401  fill the tables
import constructs
import starts
from compare import Wild, compare
from constructs import text_of
from draw import Draw, Large, Small, Wishes
from fixed import FIXED
from reduce import reduce
from rows import OPTIMIZERS
from structures import STRUCTURES
from tap import NNC, check, finish, must, take_seed
from values import VALUES

SECONDS = 200        # for one network, at most
REDUCED = 3          # so many failures are reduced
ATTEMPTS = 40
LARGE_OF = 60        # one network in so many is large
MULTIPLY_ADDS = 3_000_000   # of a sample of it
ENOUGH = 300         # so many networks cover everything
GIVEN_UP = ("value", "structure", "initializer", "schedule", "activation", "layer", "loss", "optimizer")   # wishes, after ATTEMPTS each


# ---- network K of a seed

class Decks:
    """What each network is to have, so that all constructs come up equally often."""

    def __init__(self, seed):
        r = random.Random(f"decks {seed}")
        self.decks = {kind: constructs.both(table) for kind, table in constructs.TABLES.items()}
        self.decks.update(value=list(VALUES), structure=list(STRUCTURES))
        for deck in self.decks.values():
            r.shuffle(deck)

    def wishes(self, k):
        card = {kind: deck[k % len(deck)] for kind, deck in self.decks.items()}
        form = constructs.FORMS[k % len(constructs.FORMS)]
        if k % constructs.FEW_OF == constructs.FEW_OF - 1:
            form = constructs.FEW
        wishes = Wishes(form=form, **card)
        for kind, every in (("value", 2), ("initializer", 2), ("schedule", 2)):
            index = k // every
            setattr(wishes, kind, self.decks[kind][index % len(self.decks[kind])] if k % every == (kind == "initializer") else None)
        return wishes


def draw(seed, k, decks, attempt=0, scale=Small):
    """The network, what was wished, and the next attempt. Wishes that do not go together are given up one by one."""
    wishes = decks.wishes(k)
    for again in range(attempt, ATTEMPTS * (1 + len(GIVEN_UP))):
        for name in GIVEN_UP[:again // ATTEMPTS]:
            setattr(wishes, name, None)
        net = Draw(random.Random(f"{seed} {k} {again}"), wishes, scale).network()
        if net and (scale is not Large or is_moderate(net)):
            return net, wishes, again + 1
    raise AssertionError(f"no network {k} of seed {seed} has {wishes}")


def scale_of(k):
    return Large if k % LARGE_OF == LARGE_OF - 1 else Small


def multiply_adds(net):
    """Of one sample forward, as nnc counts them."""
    with tempfile.TemporaryDirectory() as folder:
        starts.write_files(net, folder)
        with open(folder + "/net.nn", "w", encoding="utf-8") as file:
            file.write(text_of(net))
        return int(re.search(r"^multiply-adds +(\d+)", must(NNC, "show", folder + "/net.nn"), re.M)[1])


def is_moderate(net):
    """Whether a large network can be gone through in some seconds; it is compiled as loops, and takes few steps."""
    net.form = replace(net.form, unroll="none", compiler=net.form.compiler.replace("quick", "gcc -O1"))
    net.epochs = 1
    return multiply_adds(net) <= MULTIPLY_ADDS and not OPTIMIZERS[net.optimizer.name].signs


def run(seed, k, decks):
    """What is to be known of network K, as plain data."""
    attempt, started = 0, time.process_time()
    while True:
        net, wishes, attempt = draw(seed, k, decks, attempt, scale_of(k))
        try:
            result = compare(net)
        except Wild:
            continue
        return {"k": k, "used": constructs.used(net, wishes), "problems": result.problems, "loose": result.loose,
                "elsewhere": result.elsewhere, "compared": result.compared, "drawn": result.drawn, "noise": result.noise,
                "seconds": time.process_time() - started}, net


# ---- processes: a network that crashes takes its process with it

def work(seed, numbers, decks, out):
    """In the child: a line for each network before, and one after."""
    for k in numbers:
        os.write(out, (json.dumps({"begins": k}) + "\n").encode())
        try:
            found, _ = run(seed, k, decks)
        except Exception:  # a failure of this program is one of the network's, too: it has a number
            found = {"k": k, "problems": [("exception", traceback.format_exc())]}
        data = (json.dumps(found) + "\n").encode()
        while data:
            data = data[os.write(out, data):]


def start(task):
    """A child that runs task(pipe)."""
    into, out = os.pipe()
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        os.close(into)
        try:
            task(out)
        finally:
            os._exit(0)
    os.close(out)
    return child, into


def lines(child, into, seconds):
    """The child's lines; it is ended when it is silent for too long."""
    rest = b""
    while True:
        if not select.select([into], [], [], seconds)[0]:
            os.kill(child, signal.SIGKILL)
        data = os.read(into, 1 << 16)
        if not data:
            break
        *whole, rest = (rest + data).split(b"\n")
        yield from (json.loads(line) for line in whole)
    os.close(into)
    os.waitpid(child, 0)


def results(seed, nets, decks):
    """What is known of every network."""
    waiting = list(range(nets))
    while waiting:
        at = None
        for line in lines(*start(lambda out: work(seed, waiting, decks, out)), SECONDS):
            if "begins" in line:
                at = line["begins"]
            else:
                yield line
                waiting, at = waiting[waiting.index(line["k"]) + 1:], None
        if at is not None:
            yield {"k": at, "problems": [("crash", f"the process ended, or took more than {SECONDS} s")]}
            waiting = waiting[waiting.index(at) + 1:]


def apart(net):
    """The problems of a network, compared in a process of its own."""
    def task(out):
        os.write(out, (json.dumps(compare(net).problems) + "\n").encode())
    return next(iter(list(lines(*start(task), SECONDS))), [("crash", "")])


def check_fixed():
    """The networks that failed once."""
    for what, nets in FIXED.items():
        problems = [problem for net in nets for problem in apart(net)]
        check(not problems, what, *(f"{name}: {how}" for name, how in problems[:3]))


# ---- the report

def report_failure(seed, found, decks, reducing):
    k = found["k"]
    details = [f"alone: tests/torch/networks.py --one {seed} {k}", *(f"{what}: {how}" for what, how in found["problems"][:2])]
    try:
        net, _, _ = draw(seed, k, decks, scale=scale_of(k))
        if reducing:
            net = reduce(net, found["problems"], apart)
            details += ["reduced:", *(f"{what}: {how}" for what, how in apart(net)[:2])]
        details.append(text_of(net))
    except Exception:  # the failure is told all the same
        details.append(traceback.format_exc())
    check(False, f"network {k} of seed {seed}: {', '.join(what for what, _ in found['problems'][:4])}", *details)


def report(all_found, nets):
    """The counts; was all covered and drawn as it should?"""
    counts = {name: 0 for name in constructs.everything()}
    for found in all_found:
        for name in found.get("used", ()):
            counts[name] = counts.get(name, 0) + 1
    for name, count in counts.items():
        print(f"# {count:5} {name}")
    missing = [name for name, count in counts.items() if not count]
    unknown = [name for name in constructs.prelude() if name not in counts]
    check(not unknown, "all of the prelude has a row here, with its options", *unknown)
    check(not missing or nets < ENOUGH, f"{len(counts)} constructs are covered, {min(counts.values())} times or more", *missing)
    report_drawn(all_found)


def report_drawn(all_found):
    """Are start values and the numbers of random layers distributed as they should?"""
    drawn, noise = {}, {}
    for found in all_found:
        for name, numbers in found.get("drawn", {}).items():
            drawn.setdefault(name, []).extend(numbers)
        for name, (count, total) in found.get("noise", {}).items():
            noise[name] = (noise.get(name, (0, 0))[0] + count, noise.get(name, (0, 0))[1] + total)
    wrong = [f"{name}: {starts.judge_uniform(v):.2f} for {len(v)} numbers" for name, v in drawn.items() if v and
             starts.judge_uniform(v) > starts.LIMIT]
    wrong += [f"{name}: {total / count**0.5:.2f} standard deviations for {count} numbers" for name, (count, total) in noise.items()
              if count and abs(total) / count**0.5 > starts.FAR]
    check(not wrong, f"{sum(map(len, drawn.values()))} start values of {len(drawn)} initializers and "
          f"{sum(n for n, _ in noise.values())} numbers of random layers are distributed as they should", *wrong)


def main(arguments):
    if arguments[:1] == ["--one"]:
        sys.exit(one(*map(int, arguments[1:3])))
    usual = 20 if os.environ.get("SANITIZED") else ENOUGH if os.environ.get("THOROUGH") else 60
    nets = int(arguments[0]) if arguments else usual
    seed = take_seed(*arguments[1:2])
    decks, found, failed = Decks(seed), [], 0
    check_fixed()
    for line in results(seed, nets, decks):
        found.append(line)
        if len(found) % 100 == 0:
            print(f"# {len(found)} of {nets}", flush=True)
        if line["problems"]:
            failed += 1
            report_failure(seed, line, decks, failed <= REDUCED)
    loose = sum(f.get("loose", 0) for f in found)
    check(not failed, f"{nets - failed} of {nets} networks of seed {seed} agree with PyTorch")
    print(f"# {sum(f.get('compared', 0) for f in found)} values, losses, gradients and parameters; {loose} of them less well determined than "
         f"the tolerance, {sum(f.get('elsewhere', 0) for f in found)} elements not at all")
    report(found, nets)


def one(seed, k):
    found, net = run(seed, k, Decks(seed))
    print(text_of(net))
    print({key: v for key, v in found.items() if key not in ("problems", "drawn")})
    for what, how in found["problems"]:
        print(f"{what}: {how}")
    return 1 if found["problems"] else 0


if __name__ == "__main__":
    main(sys.argv[1:])
    finish()
