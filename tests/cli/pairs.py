#!/usr/bin/python3
"""The two files of emit belong together: those of one run compile, those of two runs do not, whichever is the older, however alike
they are, also where the second could not be written."""
import os
import subprocess
import sys

sys.path.insert(0, "tests")
from tap import NNC, Failed, check_each, faults, finish, must

TEXT = """network net {
    input x[3]
    dense h[4] tanh
    dense y[2]
}
train {
    loss = mse
    optimizer = sgd(rate = 0.1)
}
data {
    [0, 1, 2] -> [1, 0]
    [1, 0, 1] -> [0, 1]
}
"""


def read(path):
    with open(path, "rb") as file:
        return file.read()


def emit(folder, into, *options, text=TEXT, **environment):
    with open(os.path.join(folder, "net.nn"), "w", encoding="utf-8") as file:
        file.write(text)
    done = subprocess.run([NNC, "emit", "net.nn", "-o", into, *options], cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True,
                          timeout=120, check=False)
    return done


def compiled(folder, c, h, *command):
    """The messages of the C compiler for these two files, side by side."""
    pair = os.path.join(folder, "pair")
    os.makedirs(pair, exist_ok=True)
    for path, name in ((c, "net.c"), (h, "net.h")):
        with open(os.path.join(pair, name), "wb") as file:
            file.write(read(os.path.join(folder, path)))
    flags = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"]
    done = subprocess.run([*(command or ("cc", "-std=c99")), *flags, "-c", "net.c", "-o", "net.o"], cwd=pair, capture_output=True, text=True, check=False)
    return done.stderr if done.returncode else ""


def belong_together(folder, first, second):
    """Each is (text, options). Mixed both ways they are refused, and as they are they compile."""
    for name, (text, *options) in (("a", first), ("b", second)):
        done = emit(folder, name, *options, text=text)
        if done.returncode:
            raise Failed(done.stderr)
        for command in (), ("cc", "-std=c11"), ("c++", "-x", "c++", "-std=c++17"):
            said = compiled(folder, f"{name}/net.c", f"{name}/net.h", *command)
            if said:
                raise Failed(f"of one run, by {command}: {said[:1000]}")
    for c, h in ("ab", "ba"):
        said = compiled(folder, f"{c}/net.c", f"{h}/net.h")
        if "net.h and net.c are of two runs of nnc: take both from one run" not in said:
            raise Failed(f"net.c of {c} and net.h of {h}: {said or 'compiles'}")


def frozen(folder):
    """Only numbers differ, which stand in the C file alone."""
    program = os.path.join(folder, "net")
    for seed in "12":
        emit(folder, "a")
        must(NNC, "build", "net.nn", "-o", program, cwd=folder)
        must(program, "train", "--quiet", "--epochs", "1", "--seed", seed, "--save", f"w{seed}.safetensors", cwd=folder)
    belong_together(folder, (TEXT, "--predict", "--params", "w1.safetensors"), (TEXT, "--predict", "--params", "w2.safetensors"))


def same_bytes(folder):
    for name in "ab":
        emit(folder, name)
    emit(folder, "a/deeper")
    for other in "b", "a/deeper":
        for name in "net.c", "net.h":
            if read(os.path.join(folder, "a", name)) != read(os.path.join(folder, other, name)):
                raise Failed(f"{name} differs in {other}")


def second_fails(folder):
    """The header is there already when the C file's turn comes."""
    emit(folder, "out")
    old = read(os.path.join(folder, "out", "net.c"))
    done = emit(folder, "out", text=TEXT.replace("tanh", "sigmoid"), **faults("fail", 2, "rename"))
    if done.returncode != 3 or "cannot write" not in done.stderr or read(os.path.join(folder, "out", "net.c")) != old:
        raise Failed(f"the second file could not be written: {done.returncode}, {done.stderr}")
    said = compiled(folder, "out/net.c", "out/net.h")
    if "are of two runs" not in said:
        raise Failed(said or "compiles")


def cut_header(folder):
    """However much of the header is there, it does not pass for all of it."""
    emit(folder, "out")
    lines = read(os.path.join(folder, "out", "net.h")).splitlines(True)
    for n in range(len(lines)):
        with open(os.path.join(folder, "out", "cut.h"), "wb") as file:
            file.write(b"".join(lines[:n]))
        if not compiled(folder, "out/net.c", "out/cut.h"):
            raise Failed(f"{n} lines of {len(lines)} compile")


check_each([("another function, the headers alike", belong_together, (TEXT,), (TEXT.replace("tanh", "sigmoid"),)),
            ("other sizes", belong_together, (TEXT,), (TEXT.replace("h[4]", "h[5]"),)),
            ("unrolled and not", belong_together, (TEXT, "--unroll", "full"), (TEXT, "--unroll", "none")),
            ("exact and not", belong_together, (TEXT,), (TEXT, "--exact")),
            ("another optimizer's rate", belong_together, (TEXT,), (TEXT.replace("0.1", "0.2"),)),
            ("frozen with other numbers", frozen),
            ("the same input gives the same bytes", same_bytes),
            ("the second file can't be written", second_fails),
            ("a header that was cut off", cut_header)])
finish()
