#!/usr/bin/python3
"""time: what nnc makes compiles in time. Every example, as `nnc emit` and as `nnc build` make it, takes the C compiler at most 10 s at -O2; a network of
64-64-10, unrolled in full, at most 60 s; twice the code takes about twice the time; nnc itself takes a moment, whatever overlaps. CPU time, so that what
else runs counts little."""
import glob
import os
import resource
import subprocess
import sys
import tempfile

sys.path.insert(0, "tests")
from tap import NNC, check, finish


def cpu_seconds(*words):
    """Of a command, children included; it must succeed, and is ended after five minutes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(("timeout", "300", *words), capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        check(False, " ".join(os.path.basename(word) for word in words), done.stderr)
    return after.ru_utime - before.ru_utime


def compile_seconds(source):
    return cpu_seconds("gcc", "-std=c99", "-O2", "-march=native", "-c", "-o", source[:-2] + ".o", source)


def emitted(folder, path, *options):
    cpu_seconds(NNC, "emit", path, "-o", folder, *options)
    return max(glob.glob(folder + "/*.c"), key=os.path.getmtime)


# Places of a flat value that overlap and lie many apart: windows of a shape given anew, of frames, of an image.
OVERLAPS = {
    "reshape": "input x[2]\ndense a[20150]\nreshape r[31, 26, 25]\nreshape q[10, 65, 31] from r\nlowest(window = 1)\ndense y[2]",
    "frames": "input x[2]\ndense a[16000]\nq[m: 98] = sum[j: 400](a[160*m + j]^2)\ndense y[2]",
    "image": "input x[2]\ndense a[4096]\nq[py: 60, px: 60] = sum[ky: 5, kx: 5](a[64*(py + ky) + px + kx]^2)\ndense y[2]",
}
LOWEST = """layer lowest(x[c, h, w]; window = 2) -> y[c, oh, ow] {
where oh = h / window
where ow = w / window
y[c, py, px] = min[ky: window, kx: window](x[c, window*py + ky, window*px + kx])
}
"""


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def dense(folder, inputs, batch):
    return write(f"{folder}/net.nn", f"network net {{\ninput x[{inputs}]\ndense h[64] tanh\ndense y[10] softmax\n}}\n"
                                     f"train {{ loss = cross_entropy; optimizer = sgd(rate = 0.1); batch = {batch} }}\n")


with tempfile.TemporaryDirectory() as top:
    for path in sorted(glob.glob("examples/*/*.nn")):
        name = os.path.basename(path)[:-3]
        for target in ("scalar", "native"):
            seconds = compile_seconds(emitted(f"{top}/{name}-{target}", path, "--target", target))
            check(seconds <= 10, f"{name}: compiles within 10 s, {target}", f"{seconds:.1f} s")
    for batch in (1, 16):
        sizes, times = [], []
        for inputs in (16, 64) if batch == 1 else (64,):
            os.makedirs(f"{top}/d{inputs}_{batch}")
            source = emitted(f"{top}/d{inputs}_{batch}", dense(top, inputs, batch), "--unroll", "full")
            sizes.append(os.path.getsize(source))
            times.append(compile_seconds(source))
        check(times[-1] <= 60, f"64-64-10 unrolled in full, batch {batch}: compiles within 60 s", f"{times[-1]:.1f} s")
        if batch == 1:
            growth = (times[1] / times[0]) / (sizes[1] / sizes[0])
            check(growth < 2, "the time grows as the code does", f"{sizes}, {times}")
    deep = write(f"{top}/deep.nn", "network deep {\ninput x[4]\nrepeat 400 { dense h[4] relu }\n}\ntrain { loss = mse; optimizer = adam }\n")
    seconds = cpu_seconds(NNC, "emit", deep, "-o", f"{top}/deep", "--unroll", "none")
    check(seconds <= 3, "400 layers take nnc a moment", f"{seconds:.1f} s")
    lines = "".join(f"y{k} = sin({'x' if k == 0 else f'y{k - 1}'}) + x\n" for k in range(2000))
    chain = write(f"{top}/chain.nn", f"network chain {{\ninput x[4]\n{lines}}}\ntrain {{ loss = mse; optimizer = sgd }}\n")
    seconds = cpu_seconds(NNC, "emit", chain, "-o", f"{top}/chain", "--unroll", "none")
    check(seconds <= 3, "2000 equations of one shape take nnc a moment", f"{seconds:.1f} s")
    for name, body in OVERLAPS.items():
        path = write(f"{top}/{name}.nn", LOWEST + f"network {name} {{\n{body}\n}}\ntrain {{ loss = mse; optimizer = sgd }}\n")
        seconds = cpu_seconds(NNC, "emit", path, "-o", f"{top}/{name}", "--unroll", "none")
        check(seconds <= 1, f"gradients of overlapping places take nnc a moment: {name}", f"{seconds:.1f} s")
finish()
