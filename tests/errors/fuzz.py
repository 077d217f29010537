#!/usr/bin/python3
"""Garbled .nn files, thousands of them, crash neither parse nor check nor lower. A crash is narrowed down to one of them and shown.

    tests/errors/fuzz.py [SEED]      mutations number SEED and on; a fresh one, which is printed

Varied: the file that is garbled (every .nn of tests/errors and the examples, the prelude), where, how often, and by what: pieces of the
language, bytes, parts left out, doubled or moved. Not varied: sizes beyond what these files have, files that are imported, options of nnc."""
import glob
import os
import subprocess
import sys

sys.path.insert(0, "tests")
from tap import BUILD, check, finish, take_seed

FUZZ = os.path.join(BUILD, "fuzz")
COUNT, CHUNK, SECONDS = 4000, 500, 300


def compile_fuzz():
    flags = os.environ.get("CFLAGS", "-O1 -g").split()
    command = [os.environ.get("CC", "cc"), "-std=c11", "-D_POSIX_C_SOURCE=200809L", "-Wall", "-Wextra", "-Werror", "-Icompiler",
               "-I" + BUILD, *flags, "-o", FUZZ, "tests/errors/fuzz.c", BUILD + "/libnnc.a", "-lm"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def fails(first, count, files):
    try:
        run = subprocess.run([FUZZ, str(first), str(count), *files], capture_output=True, timeout=SECONDS, check=False)
        return None if run.returncode == 0 else f"exit status {run.returncode}: " + run.stderr.decode("utf-8", "replace")[-1500:]
    except subprocess.TimeoutExpired:
        return "it took too long"


def first_to_fail(first, count, files):
    """Of a chunk that fails: the mutation, how it fails, and its text."""
    while count > 1:
        half = count // 2
        if fails(first, half, files):
            count = half
        else:
            first, count = first + half, count - half
    text = subprocess.run([FUZZ, "--show", str(first), *files], capture_output=True, check=False).stdout
    return f"mutation {first}: {fails(first, 1, files)}", text.decode("utf-8", "replace")


def main():
    built = compile_fuzz()
    if built.returncode:
        check(False, "fuzz compiles", built.stderr)
        return
    right = glob.glob("tests/errors/valid/*.nn")
    files = sorted(glob.glob("tests/errors/*.nn") + right * 10 + glob.glob("examples/*/*.nn") * 3)
    files += ["grammar/prelude.nn+tests/errors/valid/uses.nn"] * 60
    count = COUNT // 4 if os.environ.get("SANITIZED") else COUNT
    begin = take_seed(*sys.argv[1:2])
    for first in range(begin, begin + count, CHUNK):
        bad = fails(first, CHUNK, files)
        check(not bad, f"mutations {first} to {first + CHUNK - 1} crash nothing", *(first_to_fail(first, CHUNK, files) if bad else ()))


main()
finish()
