#!/usr/bin/python3
"""series: windows over the rows of a file and over a text: which rows are a sample and which its target, against numpy; going on
with a text; what is refused."""
import json
import os
import subprocess
import sys

import numpy as np

sys.path.insert(0, os.path.dirname(__file__))
from common import NNC, check, finish, folder, run, safetensors, take_seed, write

at = folder()
rng = np.random.default_rng(take_seed(*sys.argv[1:2]))
ROWS = 83
table = np.round(np.cumsum(rng.normal(size=(ROWS, 3)), axis=0), 3)
kinds = [("low", "mid", "high")[int(k)] for k in np.digitize(table[:, 2], np.quantile(table[:, 2], [1 / 3, 2 / 3]))]
write(at, "walk.csv", "a,b,c,kind\n" + "".join(f"{r[0]},{r[1]},{r[2]},{k}\n" for r, k in zip(table, kinds)))


def compile_network(name, network, data, loss="mse"):
    write(at, name + ".nn", f"network {name} (real = f64) {{ {network} }}\n"
                            f"train {{ loss = {loss}; optimizer = sgd(rate = 0.01); batch = 8; epochs = 2; seed = 3 }}\ndata {{ {data} }}\n")
    return subprocess.run([NNC, "build", name + ".nn"], cwd=at, capture_output=True, text=True)


def build(name, *rest, **more):
    result = compile_network(name, *rest, **more)
    check(result.returncode == 0, f"{name}: compiles", result.stderr)
    return os.path.join(at, name)


def refused(name, message, *rest, **more):
    result = compile_network(name, *rest, **more)
    check(result.returncode == 1 and message in result.stderr, f"{name}: is refused: {message}", result.stderr)


def predictions(program, windows):
    """One line for each row that ends a window."""
    result = run(program, "predict", "walk.csv", at=at)
    rows = [[float(v) for v in line.split(",")] for line in result.stdout.splitlines()[1:]]
    check(result.returncode == 0 and len(rows) == windows, f"{os.path.basename(program)}: a prediction for each of {windows} windows",
          (len(rows), result.stderr))
    return np.array(rows)


def measured(program, *arguments):
    result = run(program, "test", "--json", *arguments, at=at)
    check(result.returncode == 0, f"{os.path.basename(program)}: tests", result.stderr)
    return json.loads(result.stdout)


def series(name, network, inputs, target, window, ahead, rows_out):
    """Windows follow one another by the rows of a target; a target's last row is `ahead` rows after the window's last."""
    columns = "abc"
    program = build(name, network, f'file = "walk.csv"; inputs = [{", ".join(inputs)}]; target = [{", ".join(target)}]; '
                                   f"window = {window}; ahead = {ahead}; split = ordered(0.7); scale = standard")
    trained = run(program, at=at)
    check(trained.returncode == 0, f"{name}: trains", trained.stderr)
    y = predictions(program, ROWS - window + 1)
    t = table[:, [columns.index(c) for c in target]]
    starts = range(0, ROWS - window - ahead + 1, rows_out)
    wanted = np.array([t[s + window + ahead - rows_out:s + window + ahead].ravel() for s in starts])
    errors = (y[list(starts)] - wanted) ** 2
    kept = round(len(starts) * 0.7 + 1e-9)
    check(f"{kept} samples for training, {len(starts) - kept} for validation" in trained.stdout, f"{name}: the number of windows",
          trained.stdout)
    every, held = measured(program, "--data", "walk.csv"), measured(program)
    check(abs(every["loss"] - errors.mean()) < 1e-9 * errors.mean(), f"{name}: the loss of all windows", (every, errors.mean()))
    check(abs(held["loss"] - errors[kept:].mean()) < 1e-9 * errors.mean(), f"{name}: the loss of those held out", held)
    return program, y, kept * rows_out - rows_out + window


# ---- what a network sees, and how it is scaled
program, y, fitted = series("next", "input x[5, 2]\nflatten\ndense y[1]", "ab", "c", 5, 1, 1)
x = table[:, :2]
scaled = (x - x[:fitted].mean(axis=0)) / x[:fitted].std(axis=0)
tensors = safetensors(at, "next.safetensors")[0]
expected = [np.ravel(tensors["y.weight"]) @ scaled[s:s + 5].ravel() + tensors["y.bias"][0] for s in range(ROWS - 4)]
check(np.allclose(y[:, 0], expected, rtol=1e-12), "next: a window is its rows one after another, scaled as the training rows are")

series("later", "input x[5, 2]\nflatten\ndense y[2]", "ab", "ac", 5, 3, 1)
series("several", "input x[6, 1]\nflatten\ndense y[4]", "b", "b", 6, 4, 4)
series("shifted", "input x[6, 3]\nsimple_rnn h[4]\ndense y[2]", "abc", "ca", 6, 1, 6)
series("one_row", "input x[1, 2]\nflatten\ndense y[1]", "ab", "c", 1, 1, 1)

# ---- classes, for each position
program = build("classes", "input x[4, 2]\nsimple_rnn h[5]\ndense y[3] softmax",
                'file = "walk.csv"; inputs = [a, b]; target = kind; window = 4; ahead = 1', loss="cross_entropy")
run(program, at=at)
result = run(program, "predict", "walk.csv", at=at)
header, *lines = [line.split(",") for line in result.stdout.splitlines()]
check(header[:4] == ["class_0", "p_0_high", "p_0_low", "p_0_mid"], "classes: columns for each position", header)
right = sum(lines[s][4 * p] == kinds[s + 1 + p] for s in range(0, ROWS - 4, 4) for p in range(4))
total = len(range(0, ROWS - 4, 4)) * 4
check(abs(measured(program)["accuracy"] - right / total) < 1e-12, "classes: the accuracy over all positions", (right, total))

# ---- an autoencoder of windows
program = build("windows", "input x[4, 3]\nflatten\ndense h[5] tanh\ndense y[12]",
                'file = "walk.csv"; inputs = [a, b, c]; target = inputs; window = 4; scale = minmax')
check(run(program, at=at).returncode == 0, "windows: trains")
y = predictions(program, ROWS - 3)
errors = [((y[s] - table[s:s + 4].ravel()) / np.tile(np.ptp(table[:80], axis=0), 4)) ** 2 for s in range(0, ROWS - 3, 4)]
check(abs(measured(program)["loss"] - np.mean(errors)) < 1e-9, "windows: the target is the window itself, scaled")

# ---- text
text = "the cat sat on the mat, the rat sat on the cat. " * 12
write(at, "cats.txt", text)
READS = "input ids[8]: index(128)\nembedding e[6]\nsimple_rnn h[12]\n"
program = build("reader", READS + "dense y[128] softmax", 'text = "cats.txt"', loss="cross_entropy")
trained = run(program, "--epochs", "150", "--rate", "0.5", at=at)
windows = (len(text.encode()) - 9) // 8 + 1
check(f"{windows} samples for training" in trained.stdout, "reader: each byte is a target once", trained.stdout)
accuracy = measured(program)["accuracy"]
check(accuracy > 0.6, "reader: learns its text", accuracy)


def generated(program, *arguments, stdin=None):
    return run(program, "generate", *arguments, at=at, stdin=stdin)


first = generated(program, "the c", "--length", "40", "--seed", "5")
again = generated(program, "the c", "--length", "40", "--seed", "5")
other = generated(program, "the c", "--length", "40", "--seed", "6")
check(first.returncode == 0 and first.stdout.startswith("the c") and len(first.stdout) == 46, "generate: goes on with the text", first)
check(first.stdout == again.stdout and first.stdout != other.stdout, "generate: drawn by the seed")
piped = generated(program, "-", "--length", "40", "--seed", "5", stdin="the c\n")
check(piped.stdout == first.stdout, "generate: the text from standard input", piped)
check(generated(program, "x\u00e9", at).returncode == 2, "generate: takes one text")
beyond = generated(program, "x\u00e9")
check(beyond.returncode == 1 and "byte 2" in beyond.stderr, "generate: a byte that the network doesn't know", beyond.stderr)
check(generated(program, "the c", "--length", "0").stdout == "the c\n", "generate: nothing more")
check(run(program, "predict", "cats.txt", at=at).returncode == 2, "a network for text predicts no rows")
cold = generated(program, "the cat sat on ", "--length", "12", "--temperature", "0.02")
likely = generated(program, "the cat sat on ", "--length", "12", "--temperature", "0.01", "--seed", "99")
coldest = generated(program, "the cat sat on ", "--length", "12", "--temperature", "1e-9")
check(cold.stdout == likely.stdout == coldest.stdout, "generate: cold draws the most probable bytes", (cold.stdout, likely.stdout, coldest.stdout))

program = build("last_only", READS + "last\ndense y[128] softmax", 'text = "cats.txt"; window = 8', loss="cross_entropy")
trained = run(program, at=at)
check(f"{len(text.encode()) - 8} samples" in trained.stdout, "last_only: a window for each byte", trained.stdout)
short = generated(program, "the c")
check(short.returncode == 1 and "8 bytes" in short.stderr, "last_only: a beginning that is too short", short.stderr)
check(generated(program, "the cat s", "--length", "3").returncode == 0, "last_only: a long enough one")

# ---- data that don't do
write(at, "short.csv", "a,b,c,kind\n1,2,3,low\n2,3,4,low\n")
result = run(os.path.join(at, "next"), "--data", "short.csv", at=at)
check(result.returncode == 1 and "only 2 rows" in result.stderr, "a series shorter than a window", result.stderr)
result = run(os.path.join(at, "next"), "predict", "short.csv", at=at)
check(result.returncode == 1 and "needs 5 rows" in result.stderr, "a prediction from too few rows", result.stderr)
write(at, "fann.data", "1 10 1\n1 2 3 4 5 6 7 8 9 10\n1\n")
result = run(os.path.join(at, "next"), "--data", "fann.data", at=at)
check(result.returncode == 1 and "series" in result.stderr, "a file of samples is no series", result.stderr)
write(at, "bytes.txt", b"plain\nbut not \xe9 here, in the second line\n")
result = run(os.path.join(at, "reader"), "--data", "bytes.txt", at=at)
check(result.returncode == 1 and "bytes.txt:2:9" in result.stderr, "a byte that the input doesn't take, at its place", result.stderr)
check(generated(os.path.join(at, "next"), "text").returncode == 2, "a network for numbers generates no text")

refused("r1", "its first size is that of the window", "input x[5, 2]\nflatten\ndense y[1]", 'file = "walk.csv"; window = 6')
refused("r2", "goes into one input", "input x[5]\ninput z[5]\nadd from x, z\ndense y[1]", 'file = "walk.csv"; window = 5')
refused("r3", "2 columns are named here, but a row", "input x[5]\ndense y[1]", 'file = "walk.csv"; window = 5; inputs = [a, b]')
refused("r4", "the network has 4 outputs", "input x[5]\ndense y[4]", 'file = "walk.csv"; window = 5; inputs = a; target = b; ahead = 2')
refused("r5", "whole numbers", "input x[5]\ndense y[4]", 'text = "cats.txt"')
refused("r6", "softmax over the bytes", "input x[5]: index(256)\nembedding e[4]\ndense y[4]", 'text = "cats.txt"')
refused("r7", "a text has none", READS + "dense y[128] softmax", 'text = "cats.txt"; scale = standard', loss="cross_entropy")
refused("r8", "is one already", "input x[2]\ndense y[1]", "window = 2; [1, 2] -> [3]")
finish()
