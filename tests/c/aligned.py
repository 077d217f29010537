#!/usr/bin/python3
"""In code for vectors every array that holds one begins with a whole one, counted from the beginning of the struct: the C compiler
is asked where the fields lie. Plain C99 has no gaps."""
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, "tests")
from tap import NNC, check, finish, must

# Sizes of which none fills vectors; loops, with states, moments and a workspace.
NETWORK = """network net {{
input x[37]
dense h[29] relu
batch_norm
dense y[11] softmax
}}
train {{ loss = cross_entropy; optimizer = adam; batch = {batch} }}
"""
SIZES = {"float": 4, "double": 8, "int": 4, "uint64_t": 8}


def fields(header, struct):
    body = re.search(rf"^struct {struct} \{{$(.*?)^\}};$", header, re.M | re.S).group(1)
    for kind, name, dims in re.findall(r"^    (\w+) (\w+)((?:\[\d+\])*);", body, re.M):
        size = SIZES.get(kind, 0)
        for dim in re.findall(r"\d+", dims):
            size *= int(dim)
        yield name, size


def offsets(folder, wanted):
    """of fields (struct, name)"""
    with open(f"{folder}/main.c", "w", encoding="utf-8") as file:
        rows = "".join(f'    printf("%zu\\n", offsetof({struct}, {name}));\n' for struct, name in wanted)
        file.write(f'#include "net.h"\n#include <stdio.h>\nint main(void) {{\n{rows}    return 0;\n}}\n')
    must("cc", "-o", f"{folder}/main", f"{folder}/main.c")
    return [int(line) for line in subprocess.run(f"{folder}/main", capture_output=True, text=True, check=True).stdout.split()]


def check_target(target, vector, real, batch):
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/net.nn", "w", encoding="utf-8") as file:
            file.write(NETWORK.format(batch=batch))
        must(NNC, "emit", f"{folder}/net.nn", "-o", folder, "--target", target, "--real", real, "--unroll", "none")
        with open(f"{folder}/net.h", encoding="utf-8") as file:
            header = file.read()
        structs = ["net", *re.findall(r"^struct (net_\w+_work) \{", header, re.M)]
        arrays = [(f"struct {s}", name) for s in structs for name, size in fields(header, s) if vector and size >= vector]
        where = [("struct net", f"work.{s[4:-5]}") for s in structs[1:]]
        off = [f"{s}.{name} at {at}" for (s, name), at in zip(arrays + where, offsets(folder, arrays + where)) if vector and at % vector]
        what = f"--target {target} --real {real}, batch {batch}"
        if vector:
            check(arrays and not off, f"{what}: arrays begin with whole vectors", off)
        else:
            check("char" not in "".join(re.findall(r"^    char p_.*", header, re.M)), f"{what}: no gaps", header)


for batch in (1, 16):
    for target, vector, real in (("avx512", 64, "f32"), ("avx512", 64, "f64"), ("avx2", 32, "f32"), ("neon", 16, "f32"), ("scalar", 0, "f32")):
        check_target(target, vector, real, batch)
finish()
