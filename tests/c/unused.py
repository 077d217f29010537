#!/usr/bin/python3
"""Parameters of generated functions are said to be unused, `(void)x;`, where they are, and only there."""
import glob
import os
import re
import sys
import tempfile

sys.path.insert(0, "tests")
from tap import NNC, Failed, check_each, finish, must

FUNCTION = re.compile(r"^[^\s#/][^\n;]*\) \{\n(.*?)^\}", re.M | re.S)
FORMS = [["--unroll", "full"], ["--unroll", "none"], ["--unroll", "none", "--target", "avx512"], ["--exact", "--unroll", "none", "--real", "f64"]]


def check_code(folder, path, options):
    must(NNC, "emit", path, "-o", folder, "--prefix", "net", *options)
    with open(os.path.join(folder, "net.c"), encoding="utf-8") as file:
        code = file.read()
    for function in FUNCTION.finditer(code):
        for name in re.findall(r"\(void\)(\w+);", function.group(1)):
            if len(re.findall(rf"\b{name}\b", function.group(1))) > 1:
                raise Failed(f"{name} is used in {function.group(0).splitlines()[0]}")


def main():
    check_each([(f"{os.path.basename(path)[:-3]} {' '.join(options)}", check_code, path, options)
                for path in sorted(glob.glob("tests/c/nets/*.nn")) for options in FORMS])


main()
finish()
