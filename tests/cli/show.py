#!/usr/bin/python3
"""Are the figures of `nnc show` true? RAM is what the C compiler says it is; code is within the range that is said. And straight-line
code of large networks is warned of, then refused, before it costs anything."""
import glob
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, "tests")
from tap import NNC, check, finish

TARGETS = [["--target", "scalar"], ["--target", "scalar", "--unroll", "none"], ["--target", "sse2", "--real", "f64"], ["--target", "avx2"],
           ["--target", "avx512"], ["--exact"]]
LARGE = "network large {{\n input x[{}]\n dense h[64] tanh\n dense y[10] softmax\n}}\ntrain {{ loss = cross_entropy; optimizer = sgd(0.1) }}\n"
# No multiply-adds, but many terms: straight-line code is not made unasked.
MANY = "network many {\n input x[64]\n" + "".join(f" y{k} = sin({'x' if k == 0 else f'y{k - 1}'})\n" for k in range(40)) + "}\ntrain { loss = mse; optimizer = sgd }\n"


def run(*words, **more):
    return subprocess.run(words, capture_output=True, text=True, check=False, **more)


def figure(text, what):
    return int(re.search(rf"^{what} +(?:about )?(\d+)", text, re.M).group(1))


def sizes_in_c(folder, name):
    """sizeof the struct, and of prediction's workspace with one input and one output."""
    with open(f"{folder}/{name}.h", encoding="utf-8") as file:
        header = file.read()
    kind, real = re.search(r"^void \w+_init\((\w+) \*", header, re.M).group(1), re.search(rf"^void {name}_predict\(.*const (\w+) \*", header, re.M).group(1)
    work = f"sizeof(struct {name}_predict_work)" if f"struct {name}_predict_work {{" in header else "0"
    upper = name.upper()
    with open(f"{folder}/main.c", "w", encoding="utf-8") as file:
        file.write(f'#include "{name}.h"\n#include <stdio.h>\nint main(void) {{\n    printf("%zu %zu\\n", sizeof({kind}),\n'
                   f"           {work} + ({upper}_INPUTS + {upper}_OUTPUTS) * sizeof({real}));\n    return 0;\n}}\n")
    subprocess.run(["cc", "-o", f"{folder}/main", f"{folder}/main.c"], check=True)
    return [int(v) for v in run(f"{folder}/main").stdout.split()]


leans = 0


def check_ram(path, options):
    global leans
    with tempfile.TemporaryDirectory() as folder, open(path, encoding="utf-8") as file:
        name = re.search(r"^network (\w+)", file.read(), re.M).group(1)
        shown, made = run(NNC, "show", path, *options), run(NNC, "emit", path, "-o", folder, *options)
        what = f"RAM of {os.path.basename(path)} {' '.join(options)}"
        if shown.returncode or made.returncode:
            check(False, what, shown.stderr + made.stderr)
            return
        says = [figure(shown.stdout, "RAM, training"), figure(shown.stdout, "RAM, prediction")]
        check(says == sizes_in_c(folder, name), what, f"shown {says}, C has {sizes_in_c(folder, name)}\n{shown.stdout}")
        lean = re.search(r"^ +(\d+) bytes without (\w+) \(emit --no-gradient\)", shown.stdout, re.M)
        if lean:
            leans += 1
            run(NNC, "emit", path, "-o", folder, "--no-gradient", *options)
            with open(f"{folder}/{name}.h", encoding="utf-8") as file:
                left_out = lean.group(2) == f"{name}_gradient" and f"{name}_gradient" not in file.read()
            check(left_out and int(lean.group(1)) == sizes_in_c(folder, name)[0], what + ", no gradient", f"{lean.group()}, {sizes_in_c(folder, name)}")


def check_code(path):
    """Twice the range that is said, as compilers differ."""
    with tempfile.TemporaryDirectory() as folder, open(path, encoding="utf-8") as file:
        name = re.search(r"^network (\w+)", file.read(), re.M).group(1)
        for options in (["--target", "scalar"], ["--target", "scalar", "--unroll", "none"]):
            says = figure(run(NNC, "show", path, *options).stdout, "flash, training")
            run(NNC, "emit", path, "-o", folder, *options)
            subprocess.run(["cc", "-O2", "-c", "-o", f"{folder}/net.o", f"{folder}/{name}.c"], check=True)
            text = run("size", "-A", f"{folder}/net.o").stdout
            is_so = sum(int(row.split()[1]) for row in text.splitlines() if row.startswith(".text"))
            check(says / 4 < is_so < says * 5, f"code of {os.path.basename(path)} {' '.join(options)}", f"shown {says}, is {is_so}")


def check_many():
    """What takes the C compiler long is not made unasked, nor does nnc itself take long to make loops of it."""
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/many.nn"
        with open(path, "w", encoding="utf-8") as file:
            file.write(MANY)
        done, shown = run(NNC, "emit", path, "-o", folder), run(NNC, "show", path).stdout
        check(done.returncode == 0 and not done.stderr and "unrolled" not in shown, "many terms without multiply-adds become loops", done.stderr + shown)


def check_large():
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/large.nn"
        for inputs, status, word in ((16, 0, ""), (128, 0, "warning"), (4096, 1, "error")):
            with open(path, "w", encoding="utf-8") as file:
                file.write(LARGE.format(inputs))
            done = run(NNC, "emit", path, "-o", f"{folder}/made{inputs}", "--unroll", "full", timeout=60)
            says = (f" {word}: straight-line" in done.stderr and "--unroll none" in done.stderr) if word else not done.stderr
            check(done.returncode == status and says and os.path.exists(f"{folder}/made{inputs}") == (status == 0),
                   f"straight-line code, {inputs} inputs: {word or 'nothing is said'}", f"{done.returncode} {done.stderr}")


def check_limit():
    """Parameters that no output needs take terms but no multiply-adds."""
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/unread.nn"
        with open(path, "w", encoding="utf-8") as file:
            file.write("network n {\n input x[600]\n dense a[600]\n y[i: 3] = tanh(x[i])\n}\n"
                       "train { loss = mse; optimizer = adam(0.01); batch = 1 }\n")
        done = run(NNC, "show", path, "--unroll", "500")
        check(done.returncode == 0 and not done.stderr and "straight-line" not in done.stdout,
              "with a number, what is too long for straight-line code becomes loops", done.stderr + done.stdout)


def check_names():
    """No two layers have one name: those that nnc gives leave out what the file has."""
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/names.nn"
        with open(path, "w", encoding="utf-8") as file:
            file.write("network n {\n input x[4]\n layer_norm\n layer_norm layer_norm1\n layer_norm\n dense layer_norm4[4]\n}\n")
        names = re.findall(r"^(layer_norm\d)", run(NNC, "show", path).stdout, re.M)
        check(names == ["layer_norm2", "layer_norm1", "layer_norm3", "layer_norm4"], "layers without a name get one that is free", names)


files = sorted(glob.glob("examples/*/*.nn"))
for k, path in enumerate(files):
    for options in (TARGETS if k == 0 else [TARGETS[k % len(TARGETS)], TARGETS[(k + 3) % len(TARGETS)]]):
        check_ram(path, options)
check(leans > 3, "the size without a gradient is shown where the gradient needs memory", leans)
for path in files[:3]:
    check_code(path)
check_large()
check_many()
check_limit()
check_names()
finish()
