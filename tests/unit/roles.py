#!/usr/bin/python3
"""No stage asks which program it has by comparing pointers: a plan's copy of the program would not be known as what it is, and its
result would go where the caller doesn't see it. Programs have a role, which copies carry."""
import glob
import re
import sys

sys.path.insert(0, "tests")
from tap import Failed, check_each, finish

PROGRAM = r"(?:init|predict|probe|loss|train|gradient|epoch|ahead|each|settle)"
COMPARED = re.compile(rf"(?:[=!]=\s*(?:\w+(?:->|\.))+{PROGRAM}\b(?!->|\.)|\b(?:\w+(?:->|\.))+{PROGRAM}\s*[=!]=(?!\s*NULL))")


def check_pattern(_folder):
    """That the pattern finds what it is for, and only that."""
    for line in ("if (p->program == p->plan->model->predict)", "return m->train != program;", "w.p == plan->init"):
        if not COMPARED.search(line):
            raise Failed(f"is not found: {line}")
    for line in ("if (p->program->role == PROGRAM_TRAIN)", "if (!m->train || m->batch != 1)", "k == plan->train->loops"):
        if COMPARED.search(line):
            raise Failed(f"is found: {line}")


def check_sources(_folder):
    found = []
    for path in sorted(glob.glob("compiler/*.[ch]")):
        with open(path, encoding="utf-8") as file:
            found += [f"{path}:{k}: {line.strip()}" for k, line in enumerate(file, 1) if COMPARED.search(line)]
    if found:
        raise Failed("\n".join(found))


check_each([("comparisons of programs are found", check_pattern), ("programs are told by their role", check_sources)])
finish()
