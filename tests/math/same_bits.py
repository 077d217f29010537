#!/usr/bin/python3
"""same_bits: exact code gives the same bits whatever the compiler and its flags, and holds no fused instruction.

The expected hashes are those of gcc -O0 without fused instructions (-ffp-contract=off, plain x86-64 or what the machine is);
every other build must print the same lines, and aarch64, where a compiler for it is found, must show no fused instruction.
"""
import itertools
import os
import platform
import re
import shutil
import subprocess
import sys

sys.path += ["tests", "tests/math"]
import splice
from tap import BUILD, check, finish, skipped

FOLDER = os.path.join(BUILD, "math")
MODEL = os.path.join(FOLDER, "same_bits.c")
FUSED = re.compile(r"\b(vfn?m(add|sub|addsub|subadd)|fn?m(add|sub)\b|fml[as]\b|vfm[as]|vml[as])")
X86 = platform.machine() in ("x86_64", "AMD64")


def write_program():
    os.makedirs(FOLDER, exist_ok=True)
    with open("tests/math/same_bits.c", encoding="ascii") as file:
        body = file.read()
    text = splice.splice(["exact", *[u for u in splice.units() if u != "exact_end"]], body,
                         splice.HEAD + "#include <stdio.h>\n")
    for name in (MODEL, MODEL + "c"):
        with open(name, "w", encoding="ascii") as file:
            file.write(text)


def command(compiler, flags):
    name = MODEL + "c" if "++" in compiler else MODEL
    standard = "-std=c++17" if "++" in compiler else "-std=gnu11"
    return [compiler, standard, "-w", *flags, name]


def lines_of(compiler, flags):
    """What the program prints, or the compiler's complaint."""
    program = os.path.join(FOLDER, "same_bits")
    built = subprocess.run(command(compiler, flags) + ["-c", "-o", program + ".o"], capture_output=True, text=True, check=False)
    if built.returncode:
        return built.stderr
    subprocess.run([compiler, *[f for f in flags if f == "-flto"], program + ".o", "-o", program], check=True)
    return subprocess.run([program], capture_output=True, text=True, check=True).stdout


def combinations():
    machines = ["-march=native", "-march=x86-64"] if X86 else ["-mcpu=native"]
    for compiler, level, machine in itertools.product(("gcc", "clang"), ("-O0", "-O2", "-O3"), machines):
        for contract in ("fast", "off"):
            yield compiler, [level, machine, "-ffp-contract=" + contract]
    for compiler in ("g++", "clang++"):
        yield compiler, ["-O3", machines[0], "-ffp-contract=fast"]
    yield "tcc", []
    yield "gcc", ["-O3", machines[0], "-fassociative-math", "-fno-signed-zeros", "-fno-trapping-math", "-flto"]
    yield "clang", ["-O3", machines[0], "-funsafe-math-optimizations"]


def test_same_bits():
    want = lines_of("cc", ["-O0", "-ffp-contract=off"])
    runs = len(want.splitlines()) == 16
    check(runs, "the program runs", "" if runs else want)
    for compiler, flags in combinations():
        what = " ".join([compiler, *flags]) + ": the same bits"
        if not shutil.which(compiler):
            skipped(what, f"no {compiler}")
            continue
        got = lines_of(compiler, flags)
        check(got == want, what, "" if got == want else got)


def test_aarch64():
    headers = "/usr/include/" + subprocess.run(["cc", "-print-multiarch"], capture_output=True, text=True, check=False).stdout.strip()
    stubs = os.path.join(FOLDER, "include")  # this machine's headers serve, but for one that names its processor
    os.makedirs(os.path.join(stubs, "gnu"), exist_ok=True)
    with open(os.path.join(stubs, "gnu", "stubs.h"), "w", encoding="ascii"):
        pass
    for compiler, arguments in (("clang", ["--target=aarch64-linux-gnu", "-isystem", stubs, "-isystem", headers]),
                                ("aarch64-linux-gnu-gcc", [])):
        what = f"{compiler} for aarch64 emits no fused instruction"
        if not shutil.which(compiler):
            skipped(what, f"no {compiler}")
            continue
        flags = [*arguments, "-O3", "-ffp-contract=fast", "-S", "-o", "-"]
        built = subprocess.run(command(compiler, flags), capture_output=True, text=True, check=False)
        found = "\n".join(line for line in built.stdout.splitlines() if FUSED.search(line))
        check(built.returncode == 0 and "fmul" in built.stdout and not found, what, built.stderr + found)


def test_refusals():
    """With the reason. clang does not tell its code that -funsafe-math-optimizations is there."""
    refused = {"-ffast-math": "-ffast-math", "-Ofast": "-ffast-math", "-funsafe-math-optimizations": "-funsafe-math", "-fsingle-precision-constant": "single_precision"}
    for compiler in filter(shutil.which, ("gcc", "clang")):
        for flag, reason in list(refused.items())[:4 if compiler == "gcc" else 2]:
            built = subprocess.run(command(compiler, [flag, "-fsyntax-only"]), capture_output=True, text=True, check=False)
            check(built.returncode != 0 and reason in built.stderr, f"{compiler} {flag} is refused with a reason", built.stderr)


write_program()
test_same_bits()
test_aarch64()
test_refusals()
finish()
