#!/usr/bin/python3
"""scaling: what is shown of an autoencoder (target = inputs), whose target is its scaled inputs, is in the units of the data: predictions
and RMSE, MAE and R2, in text, JSON and the log, from every format; the loss stays that of training. Against numpy."""
import json
import os
import struct
import subprocess
import sys

import numpy as np

sys.path.insert(0, os.path.dirname(__file__))
from common import NNC, check, finish, folder, run, safetensors, take_seed, write

at = folder()
rng = np.random.default_rng(take_seed(*sys.argv[1:2]))
ROWS = 60
# columns of very different size, one of them constant, one of whole numbers
table = np.column_stack([1000 + 50 * rng.normal(size=ROWS), 0.001 * rng.normal(size=ROWS), np.full(ROWS, 7.5), rng.integers(0, 4, ROWS)]).round(6)
for file, columns in ("t.csv", "a,b,c,k"), ("three.csv", "a,b,c"):
    write(at, file, columns + "\n" + "".join(",".join(repr(float(v)) for v in row[:(len(columns) + 1) // 2]) + "\n" for row in table))
write(at, "three.fann", f"{ROWS} 3 3\n" + "".join(" ".join(repr(float(v)) for v in row[:3]) + "\n9 9 9\n" for row in table))
np.save(os.path.join(at, "three.npy"), table[:, :3])
DENSE = "input x[3]\ndense code[2] tanh\ndense y[3]"


def build(name, network, data, real):
    write(at, name + ".nn", f"network {name} (real = {real}) {{ {network} }}\ntrain {{ loss = mse; optimizer = adam(0.02); batch = 8; epochs = 5; "
                            f"seed = 3; metric = rmse }}\ndata {{ {data}; target = inputs; split = 0.7 }}\n")
    result = subprocess.run([NNC, "build", name + ".nn"], cwd=at, capture_output=True, text=True)
    check(result.returncode == 0, f"{name}: compiles", result.stderr)
    return os.path.join(at, name)


def numbers(metadata, key, count):
    values = json.loads(metadata[key])
    return np.array(values * count if len(values) == 1 else values)


def dense(tensors, h, name):
    return h @ tensors[name + ".weight"].T + tensors[name + ".bias"]


def mlp(tensors, x):
    return dense(tensors, np.tanh(dense(tensors, x, "code")), "y")


def embedded(tensors, x):
    """An index among the inputs: it is never scaled."""
    return mlp(tensors, np.hstack([x[:, :2], tensors["e.weight"][x[:, 2].astype(int)]]))


def near(got, want, real):
    """To the precision of the numbers, relative to what stands in a column."""
    scale = np.maximum(np.abs(want).max(axis=0), 1e-30)
    return got.shape == want.shape and (np.abs(got - want) <= (1e-12 if real == "f64" else 2e-5) * scale).all()


def scores(y, t):
    error, spread = y - t, t - t.mean(axis=0)
    varied = (spread ** 2).sum(axis=0) > 0
    r2 = 1 - (error ** 2).sum(axis=0)[varied] / (spread ** 2).sum(axis=0)[varied]
    return {"rmse": np.sqrt((error ** 2).mean()), "mae": np.abs(error).mean(), "r2": r2.mean()}


def same_scores(name, measured, y, t, real, what):
    for key, value in scores(y, t).items():
        check(abs(measured[key] - value) <= (1e-9 if real == "f64" else 1e-3) * max(abs(value), 1e-3), f"{name}: {key} of {what} in the data's units",
              measured, value)


def predicted(name, program, real, header, want, rows):
    """As CSV and as JSON."""
    text = run(program, "predict", rows, at=at)
    lines = text.stdout.splitlines()
    got = np.array([[float(v) for v in line.split(",")] for line in lines[1:]])
    check(lines[:1] == [",".join(header)] and near(got, want, real), f"{name}: predictions are in the data's units", text.stderr, got[:2], want[:2])
    lines = run(program, "predict", "--json", rows, at=at).stdout.splitlines()
    got = np.array([[json.loads(line)[column] for column in header] for line in lines])
    check(near(got, want, real), f"{name}: in JSON too", got[:2], want[:2])


def logged_metric(program, file):
    run(program, "train", "--data", file, "--log", "log.csv", "--quiet", at=at)
    with open(os.path.join(at, "log.csv"), encoding="utf-8") as file:
        rows = [line.rstrip("\n").split(",") for line in file]
    return float(rows[-1][rows[0].index("rmse")])


def learned(name, program, real, forward=mlp, file="t.csv", header=("a", "b", "c"), columns=(0, 1, 2), window=1):
    """`window` rows are a sample; windows do not overlap, as each row is a target once."""
    metric = logged_metric(program, file)
    tensors, metadata = safetensors(at, program + ".safetensors")
    tensors = {key: value.astype(float) for key, value in tensors.items()}
    raw = table[:, list(columns)]
    shift, divisor, factor = (numbers(metadata, key, len(columns)) for key in ("shift", "divisor", "factor"))
    windows = np.array([raw[s:s + window].ravel() for s in range(len(raw) - window + 1)])
    shift, divisor, factor = (np.tile(v, window) for v in (shift, divisor, factor))
    x = (windows - shift) / divisor * factor
    y = forward(tensors, x)
    shown = y / factor * divisor + shift
    if file.endswith(".csv"):
        predicted(name, program, real, header, shown, file)
    tested = slice(0, None, window)
    measured = json.loads(run(program, "test", "--json", "--data", file, at=at).stdout)
    same_scores(name, measured, shown[tested], windows[tested], real, "all rows")
    loss = ((y - x)[tested] ** 2).mean()
    check(abs(measured["loss"] - loss) <= (1e-9 if real == "f64" else 1e-4) * loss, f"{name}: the loss is that of the scaled numbers", measured, loss)
    text = run(program, "test", "--data", file, at=at).stdout
    check(f"RMSE      {measured['rmse']:.6g}" in text and f"MAE       {measured['mae']:.6g}" in text, f"{name}: the report too", text, measured)
    if file.endswith(".csv"):
        held = json.loads(run(program, "test", "--json", at=at).stdout)
        check(abs(held["rmse"] / metric - 1) < (1e-9 if real == "f64" else 1e-5), f"{name}: the log has the RMSE of those held out", held, metric)


for real in "f32", "f64":
    plain = build("plain_" + real, DENSE, 'file = "three.csv"; scale = standard', real)
    for file in "three.csv", "three.fann", "three.npy":
        learned(f"{file}, {real}", plain, real, file=file)
learned("a number", build("number", DENSE, 'file = "t.csv"; inputs = [a, b, c]; scale = 1/16', "f64"), "f64")
learned("chosen columns", build("chosen", "input x[2]\ndense code[2] tanh\ndense y[2]", 'file = "t.csv"; inputs = [c, a]; scale = minmax', "f64"), "f64",
        header=("c", "a"), columns=(2, 0))
learned("an index", build("index", "input x[2]\ninput k: index(4)\nembedding e[3] from k\nconcat from x, e\ndense code[2] tanh\ndense y[3]",
                          'file = "t.csv"; inputs = [a, b, k]; scale = standard', "f64"), "f64", embedded, header=("a", "b", "k"), columns=(0, 1, 3))
learned("a series", build("series", "input x[4, 3]\nflatten\ndense code[2] tanh\ndense y[12]",
                          'file = "t.csv"; inputs = [a, b, c]; scale = standard; window = 4', "f64"), "f64", header=[f"y_{k}" for k in range(12)], window=4)

# ---- numbers that are to come out are not scaled, though a column of the same name goes in
write(at, "next.nn", 'network next (real = f64) { input x[3, 1]\nflatten\ndense y[1] }\ntrain { loss = mse; optimizer = sgd(0.01); epochs = 2 }\n'
                     'data { file = "t.csv"; inputs = a; target = a; window = 3; scale = standard }\n')
subprocess.run([NNC, "build", "next.nn"], cwd=at, check=True)
run("./next", "--quiet", at=at)
tensors, metadata = safetensors(at, "next.safetensors")
shift, divisor = json.loads(metadata["shift"])[0], json.loads(metadata["divisor"])[0]
windows = np.array([table[s:s + 3, 0] for s in range(ROWS - 2)])
want = dense(tensors, (windows - shift) / divisor, "y")
lines = run("./next", "predict", "t.csv", at=at).stdout.splitlines()
check(near(np.array([[float(v)] for v in lines[1:]]), want, "f64"), "a series' target is as it is in the data", lines[:3], want[:2])
measured = json.loads(run("./next", "test", "--json", at=at).stdout)
check(abs(measured["rmse"] ** 2 / measured["loss"] - 1) < 1e-9, "and so is its RMSE", measured)

# ---- inputs that are large because they were scaled so
write(at, "far.nn", 'network far { input x[1]\ndense y[1] }\ntrain { loss = mse; optimizer = sgd(1e6) }\n'
                    'data { file = "t.csv"; inputs = a; target = b; scale = 100 }\n')
subprocess.run([NNC, "build", "far.nn"], cwd=at, check=True)
result = run("./far", "--quiet", at=at)
largest = f"inputs, scaled, go up to {100 * table[:, 0].max():.3g}:"
check(result.returncode == 4 and largest in result.stderr, "a hint about scaled inputs says that they are scaled", result.stderr)

# ---- a file that no scale can be undone with
program = os.path.join(at, "number")
with open(program + ".safetensors", "rb") as file:
    (length,) = struct.unpack("<Q", file.read(8))
    head, rest = json.loads(file.read(length)), file.read()
head["__metadata__"]["factor"] = "[0]"
head["__metadata__"].pop("nnc.hash", None)
text = json.dumps(head).encode()
write(at, "zero.safetensors", struct.pack("<Q", len(text)) + text + rest)
result = run(program, "predict", "--params", "zero.safetensors", "t.csv", at=at)
check(result.returncode == 1 and '"factor" is malformed' in result.stderr, "a factor of 0 is refused", result.stderr)
finish()
