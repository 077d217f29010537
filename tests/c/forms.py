#!/usr/bin/python3
"""All forms of a network agree: unrolled, loops, exact; gcc, clang, tcc; and with the interpreter.

For each file of tests/c/nets: the generated C compiles without a warning as C99 and as C++17; runs clean under the sanitizers;
in f64 it agrees with the interpreter to rounding; with --exact all forms and compilers give the same bits, in f32 and f64.
With SANITIZED only that nnc makes every form: what becomes of them is the same as without. Of each network --exact is looked at in f32 or in f64,
and all else in two networks of three, which are drawn; where networks are named nothing is left out.

    tests/c/forms.py [--seed N] [NAME ...]      of tests/c/nets

Varied: --unroll full or none, scalar or native, --exact, f32 and f64, C compilers and flags that would change bits. Not varied: the networks,
all of them small; batches of 1 to 9; kinds of machines, which tests/c/targets.py and tests/sizes have."""
import argparse
import glob
import os
import random
import sys
import tempfile

sys.path.insert(0, "tests")
sys.path.insert(0, "tests/c")
from printed import below_of, numbers, worst_difference
from tap import BUILD, NNC, Failed, check_each, finish, installed, is_installed, must, take_seed

STRICT = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror"]
TOLERANCE = 1e-11
C_COMPILERS, CPP_COMPILERS = installed("gcc", "clang"), installed("g++", "clang++")
# Whether pointers are null or aligned is left to the address sanitizer: half of the time to compile straight-line code.
SANITIZE = ["-O0", "-g", "-fsanitize=address,undefined", "-fno-sanitize=null,alignment,object-size", "-fno-sanitize-recover=all"]


# form, compiler, flags that would change bits if they could
EXACT_BUILDS = {
    "f32": [("full", "gcc", ["-O1", "-march=native", "-ffp-contract=fast", *STRICT]), ("full", "tcc", []),
            ("none", "gcc", ["-O3", "-march=native", "-ffp-contract=fast"])],
    "f64": [("full", "tcc", []), ("none", "gcc", ["-O1"]), ("none", "clang", ["-O2", "-ffp-contract=fast", "-march=native"])],
}


def emit(path, folder, *options):
    must(NNC, "emit", path, "-o", folder, *options)
    return folder


def build(folder, name, real, compiler, *flags):
    program = os.path.join(folder, name)
    must(compiler, "-std=c99", *flags, f"-DREAL={real}", "-I" + folder, "-Itests/c", "-o", program, "tests/c/run.c",
         os.path.join(folder, "net.c"), "-lm")
    return program


def check_warnings(folder):
    source = os.path.join(folder, "net.c")
    for compiler in C_COMPILERS:
        must(compiler, "-std=c99", "-march=native", "-fsyntax-only", *STRICT, source)
    for compiler in CPP_COMPILERS:
        must(compiler, "-x", "c++", "-std=c++17", "-march=native", "-fsyntax-only", *STRICT, source)


def check_against_interpreter(work, path, oracle):
    below = below_of(path)
    want = numbers(must(oracle, path, below))
    seen = []
    for unroll, target in (("full", "scalar"), ("none", "scalar"), ("none", "native")):
        folder = emit(path, os.path.join(work, f"f64-{unroll}-{target}"), "--real", "f64", "--unroll", unroll, "--target", target)
        check_warnings(folder)
        program = build(folder, "clean", "double", C_COMPILERS[0], *SANITIZE, *(["-march=native"] if target == "native" else []))
        many = numbers(must(program, below, "many"))
        if ("changed", 0.0) not in many:
            raise Failed(f"{unroll} {target}: the gradient changed the network's state")
        difference, where = worst_difference(many[:len(want)], want)
        if not difference <= TOLERANCE:
            raise Failed(f"{unroll} {target} and the interpreter differ by {difference:.3g} at {where}")
        seen.append(many)
    for loops in seen[1:]:
        difference, where = worst_difference(seen[0], loops)
        if not difference <= TOLERANCE:
            raise Failed(f"unrolled and loops differ by {difference:.3g} at {where}")


def check_exact(work, path, real):
    """The same bits whatever the form, the compiler and its flags."""
    name = {"f32": "float", "f64": "double"}[real]
    builds = EXACT_BUILDS[real]
    bits = {}
    for unroll, compiler, flags in builds:
        if not is_installed(compiler):
            continue
        folder = emit(path, os.path.join(work, f"exact-{real}-{unroll}"), "--exact", "--real", real, "--unroll", unroll)
        if unroll == "none":
            check_warnings(folder)
        text = must(build(folder, "exact-" + compiler, name, compiler, *flags), below_of(path), "many")
        bits.setdefault(text, []).append(f"{unroll} {compiler} {' '.join(flags)}")
    if len(bits) > 1:
        texts = list(bits)
        lines = [(a, b) for a, b in zip(texts[0].splitlines(), texts[1].splitlines()) if a != b]
        raise Failed(f"{real}: {' | '.join('; '.join(v) for v in bits.values())} differ in {len(lines)} numbers, first {lines[:1]}")


def check_emission(work, path):
    """nnc with sanitizers: that it makes every form; what becomes of them is the same as without."""
    for k, options in enumerate((["--unroll", "full"], ["--unroll", "none"], ["--unroll", "none", "--target", "native"],
                                 ["--exact", "--unroll", "full"], ["--exact", "--unroll", "none"])):
        emit(path, os.path.join(work, str(k)), *options)


def jobs(path, oracle, reals, compared):
    name = os.path.basename(path)[:-3]
    if os.environ.get("SANITIZED"):
        return [(f"{name}: is made in every form", check_emission, path)]
    jobs_of_all = [(f"{name}: agrees with the interpreter in every form, without a warning or a sanitizer's", check_against_interpreter, path, oracle)]
    return [*(jobs_of_all if compared else []), *((f"{name}: exact: the same bits in every form, {real}", check_exact, path, real) for real in reals)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed")
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    draw = random.Random(take_seed(arguments.seed))
    nets = [(p, list(EXACT_BUILDS), True) if arguments.names else (p, [draw.choice(list(EXACT_BUILDS))], draw.random() < 0.67)
            for p in sorted(glob.glob("tests/c/nets/*.nn"))]
    with tempfile.TemporaryDirectory() as folder:
        oracle = os.path.join(folder, "oracle")
        must("cc", "-std=c11", "-D_POSIX_C_SOURCE=200809L", "-O1", *os.environ.get("CFLAGS", "").split(), "-Icompiler", "-Itests/c", "-I" + BUILD,
             "-o", oracle, "tests/c/oracle.c", os.path.join(BUILD, "libnnc.a"), "-lm")
        check_each([job for path, reals, compared in nets for job in jobs(path, oracle, reals, compared)
                    if not arguments.names or any(n in path for n in arguments.names)], at_once=2)


main()
finish()
