#!/usr/bin/python3
"""units: each unit of runtime/model compiles with what it needs and nothing else, strictly, as C99 and C++17, by gcc and clang."""
import os
import subprocess
import sys

sys.path += ["tests", "tests/math"]
import splice
from tap import check, finish, installed

WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror"]
LANGUAGES = {"C99": (("gcc", "clang"), ["-x", "c", "-std=c99"]), "C++17": (("g++", "clang++"), ["-x", "c++", "-std=c++17"])}
FORBIDDEN = ("<math.h>", "<stdio.h>", "<stdlib.h>", "malloc", "__int128")


def program(unit):
    """The unit, and a table of its functions, so that all are used. Who draws random numbers also makes keys."""
    names = splice.functions(unit) + (["random_key"] if unit.startswith("random_") else [])
    table = ", ".join(f"(void (*)(void)){name}" for name in names)
    use = f"extern void (*const used[])(void);\nvoid (*const used[])(void) = {{{table}}};\n" if table else "int used(void);\nint used(void) { return 0; }\n"
    return splice.splice([unit], use)


def complaint(unit):
    text = program(unit)
    for compilers, flags in LANGUAGES.values():
        for compiler in installed(*compilers):
            run = subprocess.run([compiler, *flags, *WARNINGS, "-O2", "-S", "-o", os.devnull, "-"],
                                 input=text, capture_output=True, text=True, check=False)
            if run.returncode:
                return f"{compiler} {' '.join(flags)}: {run.stderr}"
    return next((f"it says {word}" for word in FORBIDDEN if word in splice.source(unit)), "")


for name in splice.units():
    if name != "exact_end":
        wrong = complaint(name)
        check(not wrong, f"unit {name} compiles with what it needs", wrong)
finish()
