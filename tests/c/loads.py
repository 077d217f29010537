#!/usr/bin/python3
"""What the sums of a tile share is loaded once: no loop over multiply-adds has more loads in gcc's assembly than in C, whatever processor gcc
tunes for. Tuned for Zen it would read the weights again in every multiply-add, at half the speed."""
import platform
import re
import sys

sys.path.insert(0, "tests")
from tap import NNC, Failed, check_each, finish, must, skip, skipped

CONV = """conv2d(kernel = 5) c1[8] relu
max_pool2d
conv2d(kernel = 5) c2[16] relu
max_pool2d
flatten
dense h[64] relu"""
NETS = {"784-128-64-10, batch 64": ("x[784]", "dense h[128] relu\ndense g[64] relu", 64),
        "784-128-64-10, batch 1": ("x[784]", "dense h[128] relu\ndense g[64] relu", 1),
        "784-512-512-10, batch 128": ("x[784]", "dense h[512] relu\ndense g[512] relu", 128),
        "64-64-32-10, batch 32": ("x[64]", "dense h[64] relu\ndense g[32] relu", 32),
        "convolutions, batch 32": ("x[1, 28, 28]", CONV, 32)}
# for each target the machines that gcc tunes for, and how many of the networks are looked at there
LOOKED_AT = {"avx2": {"znver3": 5, "znver2": 2, "haswell": 2, "skylake-avx512": 2, "native": 2}, "avx512": {"skylake-avx512": 5}, "sse2": {"znver3": 1}}
FUNCTION = re.compile(r"^static .*?(\w+_tile\d+)\(.*?\) \{\n(.*?)^\}", re.M | re.S)
LOOP = re.compile(r"^ *for \([^\n]*\{\n((?:(?! *for )[^\n}]*\n)*?) *\}", re.M)
ASSEMBLY = re.compile(r"^(\w+_tile\d+):\n(.*?)^\t\.size", re.M | re.S)
FEWEST = 4   # sums of a tile that is looked at


def loops_of_c(code):
    """{function: {sums: loads}} of innermost loops that add once to each of their sums."""
    found = {}
    for name, body in FUNCTION.findall(code):
        for lines in LOOP.findall(body):
            sums = re.findall(r"(\w+) \+= .* \* ", lines)
            if len(sums) >= FEWEST and len(set(sums)) == len(sums):
                loads = len(re.findall(r"load_(?:once_)?\d+\(p_|= p_\d+\[", lines))
                of = found.setdefault(name, {})
                of[len(sums)] = max(loads, of.get(len(sums), 0))
    return found


def innermost(lines):
    """Ranges of lines from a label to a jump back to it."""
    labels = {line.split(":")[0]: k for k, line in enumerate(lines) if line.startswith(".L")}
    spans = []
    for k, line in enumerate(lines):
        jump = re.match(r"\tj\w+\t(\.L\w+)", line)
        if jump and labels.get(jump.group(1), k) < k:
            spans.append((labels[jump.group(1)], k))
    return [lines[a:b] for a, b in spans if not any((c, d) != (a, b) and c >= a and d <= b for c, d in spans)]


def is_load(line):
    """An operand in memory that is not the last, which is where it is stored."""
    return "(" in line and not re.match(r"\t(\.|lea|prefetch|nop)", line) and not re.search(r",\s*-?\w*\([^)]*\)$", line)


def check_loads(folder, net, target, machine):
    given, layers, batch = NETS[net]
    with open(folder + "/net.nn", "w", encoding="utf-8") as file:
        file.write(f"network net {{\ninput {given}\n{layers}\ndense y[10] softmax\n}}\n"
                   f"train {{ loss = cross_entropy; optimizer = sgd(0.1); batch = {batch} }}\n")
    must(NNC, "emit", folder + "/net.nn", "-o", folder, "--target", target, "--no-gradient")
    must("gcc", "-std=c99", "-O3", "-march=" + machine, "-fno-math-errno", "-ffp-contract=fast", "-S", "-o", folder + "/net.s", folder + "/net.c")
    with open(folder + "/net.c", encoding="utf-8") as file:
        wanted = loops_of_c(file.read())
    with open(folder + "/net.s", encoding="utf-8") as file:
        functions = ASSEMBLY.findall(file.read())
    looked_at = 0
    for name, body in functions:
        for lines in innermost(body.splitlines()):
            sums = sum(bool(re.match(r"\tvf\w*(add|sub)\d+[ps]s", line)) for line in lines)
            loads = sum(is_load(line) for line in lines)
            if sums in wanted.get(name, {}):
                looked_at += 1
                if loads > wanted[name][sums]:
                    raise Failed(f"{name}: {loads} loads for {sums} multiply-adds, not {wanted[name][sums]}")
    if 2 * looked_at < len(wanted) or looked_at < 3:
        raise Failed(f"of {len(wanted)} functions with tiles {looked_at} loops are found")


if platform.machine() != "x86_64":
    skip("loads of tiles", "gcc is not for x86-64")
if "__AVX2__" not in must("gcc", "-march=native", "-dM", "-E", "-x", "c", "/dev/null"):
    skipped("loads of tiles, gcc -march=native", "this processor has no AVX2")
    LOOKED_AT = {target: {m: nets for m, nets in machines.items() if m != "native"} for target, machines in LOOKED_AT.items()}
check_each([(f"{net}, {target}, gcc -march={machine}: no load more than in C", check_loads, net, target, machine)
            for target, machines in LOOKED_AT.items() for machine, nets in machines.items() for net in list(NETS)[:nets]], at_once=2)
finish()
