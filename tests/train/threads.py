#!/usr/bin/python3
"""threads: what a step of training takes is shared, every piece is done once, and the result is the same to the bit."""
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(__file__))
from common import HERE, NNC, SOURCES, check, compile_file, finish, folder, read, run, write

at = folder()

# ---- trainer_share() by itself, watched for races
RACES = ["-fsanitize=thread", "-DREAL=float", "-pthread"]
sources = [os.path.join(HERE, "share.c"), os.path.join(SOURCES, "trainer_all.c"), "-lm"]
share = compile_file("share_races", sources, RACES)
for threads in "1", "2", "3", "9", "64", "-1":
    done = subprocess.run([share, threads, "400"], capture_output=True, text=True, timeout=300, check=False)
    check(done.returncode == 0 and done.stdout == "0 wrong\n", f"{threads} threads: each point once, no races", done)

# ---- networks whose loops are shared: over samples, outputs, positions; with rests of the batch and of the data
rows = "".join(",".join(str((i * 31 + k * 17 + i * k) % 97 / 97) for k in range(257)) + "\n" for i in range(150))
write(at, "rows.csv", rows)


def build(name, network, train, **environment):
    text = f"network {name} {{\n{network}\n}}\ntrain {{ {train}; epochs = 2 }}\ndata {{ file = \"rows.csv\" }}\n"
    write(at, name + ".nn", text)
    result = subprocess.run([NNC, "build", name + ".nn"], cwd=at, capture_output=True, text=True, env={**os.environ, **environment}, check=False)
    check(result.returncode == 0, f"{name}: compiles", result.stderr)
    return os.path.join(at, name)


NETWORKS = {
    "wide": ("input x[256]\ndense h[384] tanh\nbatch_norm\ndense g[250] relu\ndense y[1]",
             "loss = half_squared_error; optimizer = adam(rate = 0.001); batch = 60"),
    "images": ("input x[1, 16, 16]\nconv2d(kernel = 3, padding = 1) c[16] relu\nmax_pool2d\nconv2d(kernel = 3) d[24] gelu\n"
               "flatten\ndropout(0.1)\ndense y[1]",
               "loss = half_squared_error; optimizer = sgd(rate = 0.01, momentum = 0.9); batch = 32; clip = norm(1.0)"),
    "words": ("input x[16, 16]\nlayer_norm\nattention(heads = 2, causal = yes)\ngru r[64]\nflatten\ndense y[1]",
              "loss = half_squared_error; optimizer = rmsprop; batch = 29"),
    "online": ("input x[256]\ndense h[512] relu\ndense y[1]", "loss = half_squared_error; optimizer = sgd(rate = 0.01); batch = 1"),
}

for name, (network, train) in NETWORKS.items():
    program = build(name, network, train)
    saved = []
    for threads in (["--threads", "1"], ["--threads", "2"], ["--threads", "5"], []):
        result = run(program, "train", "--quiet", *threads, at=at)
        check(result.returncode == 0 and not result.stderr, f"{name}: trains with {' '.join(threads) or 'as many as gain'}", result)
        saved.append((read(at, name + ".safetensors"), read(at, name + ".checkpoint")))
    check(all(s == saved[0] for s in saved), f"{name}: the same bytes for any number of threads")
    run(program, "train", "--quiet", "--threads", "3", "--time-limit", "0.0001", at=at)
    run(program, "train", "--quiet", "--threads", "2", "--resume", at=at)
    check((read(at, name + ".safetensors"), read(at, name + ".checkpoint")) == saved[0], f"{name}: also when it is resumed with another")

watched = build("wide", *NETWORKS["wide"], CFLAGS="-O1 -g -fsanitize=thread")
result = run(watched, "train", "--quiet", "--threads", "4", at=at)
check(result.returncode == 0 and not result.stderr, "no races in training", result)


# ---- they are there, and only then
def threads_of(*arguments):
    child = subprocess.Popen([os.path.join(at, "images"), "--quiet", "--epochs", "100000", *arguments], cwd=at, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(1)
    count = len(os.listdir(f"/proc/{child.pid}/task"))
    child.terminate()
    return count, child.wait(timeout=60)


check(threads_of("--threads", "3") == (3, 143), "--threads 3 runs three, and ends on a signal")
check(threads_of("--threads", "1") == (1, 143), "--threads 1 runs one")
build("small", "input x[256]\ndense y[1]", "loss = half_squared_error; optimizer = sgd")
symbols = [subprocess.run(["nm", name], cwd=at, capture_output=True, text=True, check=True).stdout for name in ("images", "small")]
check(["_share" in s.replace("trainer_share", "") for s in symbols] == [True, False], "a small network shares nothing")
finish()
